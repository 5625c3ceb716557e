"""Small made-up files of every kind, as the systems that export them would write them."""

import csv
import io
from dataclasses import dataclass, field, replace

DMC_HEADERS = [
    "รหัสโรงเรียน", "ชื่อโรงเรียน", "เลขประจำตัวประชาชน", "ชั้น", "ห้อง", "เลขประจำตัวนักเรียน", "เพศ", "คำนำหน้าชื่อ",
    "ชื่อ", "นามสกุล", "วันเกิด", "อายุ(ปี)", "น้ำหนัก", "ส่วนสูง", "กลุ่มเลือด", "ศาสนา", "เชื้อชาติ", "สัญชาติ",
    "บ้านเลขที่", "หมู่", "ถนน/ซอย", "ตำบล", "อำเภอ", "จังหวัด", "ชื่อผู้ปกครอง", "นามสกุลผู้ปกครอง", "อาชีพของผู้ปกครอง",
    "ความเกี่ยวข้องของผู้ปกครองกับนักเรียน", "ชื่อบิดา", "นามสกุลบิดา", "อาชีพของบิดา", "ชื่อมารดา", "นามสกุลมารดา",
    "อาชีพของมารดา", "ความด้อยโอกาส", "ยังไม่สามารถจำหน่ายได้ (3.1.8)",
]  # fmt: skip


def person_id(number: int) -> str:
    """A made-up 13-digit ID whose last digit checks."""
    digits = f"{1 + number % 5}{number:011d}"
    total = sum(int(digit) * (13 - place) for place, digit in enumerate(digits))
    return digits + str((11 - total % 11) % 10)


@dataclass(frozen=True)
class Pupil:
    """A row of a DMC export; what is not named has a plain made-up value."""

    number: int
    school: str = "90010001"
    school_name: str = "บ้านริมธาร"
    id: str | None = None
    grade: str = "ป.1"
    sex: str = "ช"
    first: str = "ปลาทอง"
    last: str = "ริมธาร"
    born: str = "13/05/2560"
    extra: dict = field(default_factory=dict)

    def but(self, **changes) -> "Pupil":
        return replace(self, **changes)

    def row(self) -> list[str]:
        id = person_id(self.number) if self.id is None else self.id
        prefix = "เด็กชาย" if self.sex == "ช" else "เด็กหญิง"
        cells = [
            self.school, self.school_name, id, self.grade, "1", f"{1000 + self.number}", self.sex, prefix, self.first,
            self.last, self.born, "7", "22", "118", "O", "พุทธ", "ไทย", "ไทย", "9/1", "4", "-", "ต้นน้ำ", "เมืองสมมติ",
            "สมมติ", "ปลาเงิน", self.last, "เกษตรกร", "บิดา", "ปลาเงิน", self.last, "เกษตรกร", "ปลาแก้ว", self.last,
            "รับจ้าง", "-", "-",
        ]  # fmt: skip
        for header, value in self.extra.items():
            cells[DMC_HEADERS.index(header)] = value
        return cells


def pupils(count: int, school: str = "90010001", name: str = "บ้านริมธาร", start: int = 1) -> list[Pupil]:
    """Pupils of one school, each with a name of their own."""
    letters = "กขคงจฉชซฌญดตถทธนบปผฝพฟภมยรลวศสหอ"
    return [
        Pupil(n, school, name, first=f"ปลา{letters[n % 32]}{letters[n // 32 % 32]}ดี", sex="ชญ"[n % 2])
        for n in range(start, start + count)
    ]  # fmt: skip


def table(rows: list[list], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Rows as the bytes of a csv."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(sheets: dict[str, list[list]]) -> bytes:
    """Rows as the bytes of an xlsx; text stays text."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, cell) if isinstance(cell, str) else sheet.write(
                        number, place, cell
                    )
    return out.getvalue()


def dmc(rows: list[Pupil], day: str = "10/06/2567", encoding: str = "cp874", headers: list[str] | None = None) -> bytes:
    """A DMC export: title line, headers, pupils."""
    title = f"รายงานข้อมูลนักเรียนรายคน ข้อมูล ณ วันที่ {day} เวลา 16:30:00 น."
    return table([[title], headers or DMC_HEADERS, *(pupil.row() for pupil in rows)], encoding)


def register(*schools: tuple[str, str], office: tuple[str, str] | None = None) -> bytes:
    """A school register of codes and names."""
    rows = [list(office)] if office else []
    return table([["schoolid", "schoolname"], *rows, *map(list, schools)])


def head_counts(*rows: tuple) -> bytes:
    """Pupils by grade: school, grade, boys, girls, rooms."""
    return table([["schoolid", "grade", "male", "female", "room"], *(list(map(str, row)) for row in rows)])


def values(*rows: tuple) -> bytes:
    """Figures: measure, org, period, grade, sex, group, value, note."""
    head = ["ตัวชี้วัด/ข้อมูล", "หน่วยงาน", "ปี", "ชั้น", "เพศ", "กลุ่ม", "ค่า", "หมายเหตุ"]
    return table([head, *([str(cell) for cell in row] for row in rows)])


def absences(*rows: tuple) -> bytes:
    """Absences: school, ID, date, part, kind."""
    head = ["รหัสโรงเรียน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ชั้น", "วันที่", "ช่วง", "ประเภท", "หมายเหตุ"]
    return table(
        [head, *([school, id, "ก", "ข", "ป.1", day, part, kind, "ไม่สบาย"] for school, id, day, part, kind in rows)]
    )


def marks(*rows: tuple) -> bytes:
    """Results: school, ID, semester, subject code, result."""
    head = ["รหัสโรงเรียน", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "ชั้น", "ภาคเรียน", "รหัสวิชา", "รายวิชา", "กลุ่มสาระ",
            "หน่วยกิต", "ผลการเรียน"]  # fmt: skip
    return table([
        head, *([school, id, "ก", "ข", "ป.1", semester, code, "ภาษาไทย", "ภาษาไทย", "5.0", result]
                for school, id, semester, code, result in rows)
    ])  # fmt: skip


def staff(*rows: tuple) -> bytes:
    """Personnel: school, ID, first name, position, PA result, budget year."""
    head = ["รหัสโรงเรียน", "เลขประจำตัวประชาชน", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด", "ตำแหน่ง", "วิทยฐานะ",
            "ประเภทบุคลากร", "เลขที่ตำแหน่ง", "วันบรรจุ", "วิชาเอก", "เลขที่ใบอนุญาต", "วันหมดอายุใบอนุญาต", "ผลการประเมิน PA",
            "ปีงบประมาณ"]  # fmt: skip
    return table([
        head, *([school, id, "นางสาว", first, "ริมธาร", "หญิง", "09/09/2530", position, "ชำนาญการ", "ข้าราชการครู", "12",
                 "16/05/2555", "คณิตศาสตร์", "63000000000000", "15/05/2572", passed, year]
                for school, id, first, position, passed, year in rows)
    ])  # fmt: skip


def residents(*rows: tuple) -> bytes:
    """Civil registration: ID, first name, birth date, status."""
    head = ["เลขประจำตัวประชาชน", "คำนำหน้าชื่อ", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด", "บ้านเลขที่", "หมู่", "ตำบล", "อำเภอ", "จังหวัด",
            "ชื่อบิดา", "ชื่อมารดา", "สถานะ"]  # fmt: skip
    home = ["9", "4", "ต้นน้ำ", "เมืองสมมติ", "สมมติ"]
    return table([
        head, *([id, "เด็กชาย", first, "ริมธาร", "ชาย", born, *home, "ปลาเงิน", "ปลาแก้ว", status]
                for id, first, born, status in rows)
    ])  # fmt: skip
