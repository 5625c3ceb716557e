"""Academic and fiscal years, terms, quarters, months and census days, with Buddhist years at the edge only.

Source: regulation of the Ministry of Education on the opening of schools, B.E. 2549 (academic year from 16 May);
the budget procedure law (fiscal year from 1 October, named after the year in which it ends).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache, total_ordering

from khet.kit.thai import arabic_digits

BE_OFFSET = 543
# Any year above this is Buddhist: nothing in a school's files lies before B.E. 2400 or after C.E. 2400.
FIRST_BE_YEAR = 2400

MONTHS_TH = [
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
]  # fmt: skip
MONTHS_TH_SHORT = [
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
]  # fmt: skip
MONTHS_EN_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MONTHS_EN = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip

KINDS = {"academic_year": "AY", "semester": "AY", "fiscal_year": "FY", "quarter": "FY", "month": "M", "census": "C"}


# kind: Thai long, Thai short, English long, English short
_LABELS = {
    "academic_year": ("ปีการศึกษา {be}", "{be}", "academic year {be}", "{be}"),
    "semester": ("ภาคเรียนที่ {part}/{be}", "{part}/{be}", "semester {part}/{be}", "{part}/{be}"),
    "fiscal_year": ("ปีงบประมาณ {be}", "ปีงบ {be}", "fiscal year {be}", "FY {be}"),
    "quarter": (
        "ไตรมาสที่ {part} ปีงบประมาณ {be}",
        "ไตรมาส {part}/{be}",
        "quarter {part}, fiscal year {be}",
        "Q{part}/{be}",
    ),
    "month": ("{month} {be}", "{mon} {be2}", "{month} {be}", "{mon} {be}"),
    "census": ("{day} {month} {be}", "{day} {mon} {be}", "{day} {month} {be}", "{day} {mon} {be}"),
}


class PeriodError(ValueError):
    """A text that names no period we know; says what would."""


def to_be(year: int) -> int:
    """The Buddhist year of a Christian year."""
    return year + BE_OFFSET


def from_be(year: int) -> int:
    """The Christian year of a Buddhist year; a year that is Christian already stays."""
    return year - BE_OFFSET if year >= FIRST_BE_YEAR else year


@total_ordering
@dataclass(frozen=True)
class Period:
    """A stretch of time with a code that sorts and is unique.

    kind   academic_year | semester | fiscal_year | quarter | month | census
    year   Christian year: of the start (academic), of the end (fiscal), of the day (month, census)
    part   semester 1–2, quarter 1–4, month 1–12; for census month * 100 + day; 0 for whole years
    """

    kind: str
    year: int
    part: int = 0

    @property
    def code(self) -> str:
        match self.kind:
            case "academic_year":
                return f"AY{self.year}"
            case "semester":
                return f"AY{self.year}T{self.part}"
            case "fiscal_year":
                return f"FY{self.year}"
            case "quarter":
                return f"FY{self.year}Q{self.part}"
            case "month":
                return f"M{self.year}-{self.part:02}"
        return f"C{self.year}-{self.part // 100:02}-{self.part % 100:02}"

    @cached_property
    def start(self) -> date:
        match self.kind:
            case "academic_year":
                return date(self.year, 5, 16)
            case "semester":
                return date(self.year, 5, 16) if self.part == 1 else date(self.year, 11, 1)
            case "fiscal_year":
                return date(self.year - 1, 10, 1)
            case "quarter":
                month = 10 + (self.part - 1) * 3
                return date(self.year - (month <= 12), (month - 1) % 12 + 1, 1)
            case "month":
                return date(self.year, self.part, 1)
        return date(self.year, self.part // 100, self.part % 100)

    @cached_property
    def end(self) -> date:
        """The last day that belongs to the period."""
        match self.kind:
            case "academic_year":
                return date(self.year + 1, 5, 15)
            case "semester":
                return date(self.year, 10, 31) if self.part == 1 else date(self.year + 1, 5, 15)
            case "fiscal_year":
                return date(self.year, 9, 30)
            case "quarter":
                return self.next().start - timedelta(days=1)
            case "month":
                return date(self.year, self.part, calendar.monthrange(self.year, self.part)[1])
        return self.start

    @property
    def exists(self) -> bool:
        """False for a day that no calendar has, and for years outside of it."""
        try:
            return self.start <= self.end
        except ValueError:
            return False

    @property
    def year_be(self) -> int:
        return to_be(self.year)

    @property
    def academic_year(self) -> int:
        """The academic year (Christian start year) in which the period begins."""
        return academic_year(self.start).year

    def next(self) -> "Period":
        return self._shift(1)

    def previous(self) -> "Period":
        return self._shift(-1)

    def _shift(self, step: int) -> "Period":
        parts = {"semester": 2, "quarter": 4, "month": 12}.get(self.kind)
        if not parts:
            return Period(self.kind, self.year + step, self.part)
        index = self.year * parts + self.part - 1 + step
        return Period(self.kind, index // parts, index % parts + 1)

    def parent(self) -> "Period":
        """The year that holds this period; a year is its own parent, a month's is its academic year."""
        match self.kind:
            case "semester" | "month" | "census":
                return academic_year(self.start)
            case "quarter":
                return Period("fiscal_year", self.year)
        return self

    def label(self, lang: str = "th", short: bool = False) -> str:
        """The period as an office writes it: ปีการศึกษา 2567, ภาคเรียนที่ 1/2567, ปีงบประมาณ 2568 …"""
        long_th, short_th, long_en, short_en = _LABELS[self.kind]
        form = (short_th if short else long_th) if lang == "th" else (short_en if short else long_en)
        index = (self.start.month if self.kind == "census" else self.part or 1) - 1
        return form.format(
            be=self.year_be,
            part=self.part,
            month=(MONTHS_TH if lang == "th" else MONTHS_EN)[index],
            mon=(MONTHS_TH_SHORT if lang == "th" else MONTHS_EN_SHORT)[index],
            day=self.start.day,
            be2=self.year_be % 100,
        )

    def __str__(self):
        return self.code

    def __hash__(self):
        return self._hash  # periods are looked up by the thousand

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.year, self.part))

    def __lt__(self, other):
        return (self.start, self.end, self.code) < (other.start, other.end, other.code)

    @classmethod
    def parse(cls, text: str, kind: str | None = None) -> "Period":
        """The period a code or an office's own words name.

        kind    what a bare year means; without it an academic year
        raises  PeriodError naming the forms that are understood
        """
        return _parsed(str(text), kind)


@lru_cache(maxsize=4096)
def _parsed(text: str, kind: str | None) -> Period:
    plain = arabic_digits(text).strip()
    for pattern, build in _FORMS:
        if found := pattern.fullmatch(plain):
            period = build(found, kind)
            if period is not None and period.exists:
                return period
    raise PeriodError(
        f"'{text}' names no period. Write a year (2567), a semester (1/2567), a quarter (ไตรมาส 1/2568), "
        "a fiscal year (ปีงบ 2568), a month (มิ.ย. 2567), a day (10 มิ.ย. 2567), "
        "or a code such as AY2024, AY2024T1, FY2025, FY2025Q1, M2024-06, C2024-06-10."
    )


def _semester(part, year):
    return Period("semester", from_be(int(year)), int(part))


def _part_of_year(found, kind):
    """1/2567 is a semester; when quarters are asked for, a quarter of the fiscal year."""
    if kind == "quarter":
        return _quarter(found[1], found[2])
    return _semester(found[1], found[2]) if found[1] in "12" else None


def _quarter(part, year):
    return Period("quarter", from_be(int(year)), int(part))


def _bare_year(found, kind):
    year = from_be(int(found[1]))
    return Period("fiscal_year", year) if kind in ("fiscal_year", "quarter") else Period("academic_year", year)


def _month_in_words(found, kind):
    number = _MONTH_NUMBER.get(found[1].rstrip(".").casefold())
    # Two digits are the end of a Buddhist year, as on forms: มิ.ย. 67
    year = from_be(int(found[2]) if len(found[2]) == 4 else 2500 + int(found[2]))
    return Period("month", year, number) if number else None


def _day_in_words(found, kind):
    try:
        day = parse_date(found[0])
    except ValueError:
        return None
    return Period("census", day.year, day.month * 100 + day.day)


_FORMS = [
    (re.compile(r"AY(\d{4})"), lambda m, k: Period("academic_year", from_be(int(m[1])))),
    (re.compile(r"AY(\d{4})T([12])"), lambda m, k: _semester(m[2], m[1])),
    (re.compile(r"FY ?(\d{4})"), lambda m, k: Period("fiscal_year", from_be(int(m[1])))),
    (re.compile(r"FY(\d{4})Q([1-4])"), lambda m, k: Period("quarter", from_be(int(m[1])), int(m[2]))),
    (re.compile(r"M(\d{4})-(0[1-9]|1[0-2])"), lambda m, k: Period("month", from_be(int(m[1])), int(m[2]))),
    (
        re.compile(r"C(\d{4})-(0[1-9]|1[0-2])-([0-3]\d)"),
        lambda m, k: Period("census", from_be(int(m[1])), int(m[2]) * 100 + int(m[3])),
    ),
    (re.compile(r"(?:ภาคเรียนที่|ภาคเรียน|เทอม|semester) *([12]) */ *(\d{4})", re.I), lambda m, k: _semester(m[1], m[2])),
    (re.compile(r"([1-4]) */ *(\d{4})"), _part_of_year),
    (re.compile(r"(2[45]\d\d|2[67]\d\d|20\d\d|19\d\d) */ *([12])"), lambda m, k: _semester(m[2], m[1])),
    (
        re.compile(r"(?:ปีงบประมาณ|ปีงบ|fiscal year)(?: *พ\.?ศ\.?)? *(\d{4})", re.I),
        lambda m, k: Period("fiscal_year", from_be(int(m[1]))),
    ),
    (re.compile(r"(?:ปีการศึกษา|academic year)(?: *พ\.?ศ\.?)? *(\d{4})", re.I), lambda m, k: _bare_year(m, None)),
    (re.compile(r"(?:ปี)? *(?:พ\.?ศ\.?)? *((?:19|20|2[4-7])\d\d)"), _bare_year),
    (
        re.compile(r"(?:ไตรมาสที่|ไตรมาส|quarter|Q) *([1-4])(?: */ *|,? *(?:ปีงบประมาณ|ปีงบ|fiscal year) *)(\d{4})", re.I),
        lambda m, k: _quarter(m[1], m[2]),
    ),
    (re.compile(r"([^\d\s/]+) *(?:พ\.?ศ\.?)? *(\d{4}|\d\d)"), _month_in_words),
    (re.compile(r"\d.*\d"), _day_in_words),
]


def academic_year(day: date) -> Period:
    return Period("academic_year", day.year - ((day.month, day.day) < (5, 16)))


def semester(day: date) -> Period:
    year = academic_year(day).year
    return Period("semester", year, 1 if day < date(year, 11, 1) else 2)


def fiscal_year(day: date) -> Period:
    return Period("fiscal_year", day.year + (day.month >= 10))


def quarter(day: date) -> Period:
    return Period("quarter", fiscal_year(day).year, (day.month - 10) % 12 // 3 + 1)


def month(day: date) -> Period:
    return Period("month", day.year, day.month)


def period_of(day: date, kind: str) -> Period:
    """The period of a kind that a day lies in."""
    if kind == "census":
        return Period("census", day.year, day.month * 100 + day.day)
    return _MAKERS[kind](day)


_MAKERS = {maker.__name__: maker for maker in (academic_year, semester, fiscal_year, quarter, month)}


def thai_date(day: date, short: bool = False) -> str:
    """16 พฤษภาคม 2567, or 16 พ.ค. 2567 when short."""
    names = MONTHS_TH_SHORT if short else MONTHS_TH
    return f"{day.day} {names[day.month - 1]} {to_be(day.year)}"


def english_date(day: date) -> str:
    """16 May 2024 (2567): officers know the Buddhist year, readers from abroad the other."""
    return f"{day.day} {MONTHS_EN_SHORT[day.month - 1]} {day.year} ({to_be(day.year)})"


_MONTH_NUMBER = {
    name.rstrip(".").casefold(): number
    for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, MONTHS_EN_SHORT)
    for number, name in enumerate(names, start=1)
}
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})(?: .*)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_WORD_DATE = re.compile(r"(\d{1,2})\s*([^\d\s]+)\s*(?:พ\.?ศ\.?\s*)?(\d{4})")


def parse_date(text: str) -> date:
    """The day a text names: 16/5/2567, 2024-05-16, 16 พ.ค. 2567, ๑๖ พฤษภาคม ๒๕๖๗; B.E. is told from C.E. by size.

    raises  ValueError when the text is no day of the calendar (29 February is checked in the Christian year)
    """
    plain = arabic_digits(str(text)).strip()
    if found := _NUMERIC_DATE.fullmatch(plain):
        day, number, year = int(found[1]), int(found[2]), int(found[3])
    elif found := _ISO_DATE.fullmatch(plain):
        day, number, year = int(found[3]), int(found[2]), int(found[1])
    elif (found := _WORD_DATE.fullmatch(plain)) and found[2].rstrip(".").casefold() in _MONTH_NUMBER:
        day, number, year = int(found[1]), _MONTH_NUMBER[found[2].rstrip(".").casefold()], int(found[3])
    else:
        raise ValueError(f"'{text}' is no date. Write day/month/year, for example 16/05/2567.")
    try:
        return date(from_be(year), number, day)
    except ValueError:
        raise ValueError(f"'{text}' is no day of the calendar. Write day/month/year, for example 16/05/2567.") from None
