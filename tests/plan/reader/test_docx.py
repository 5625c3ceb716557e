"""Word files: automatic numbers, lists, tables with merged cells, text boxes, faults."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from khet.plan.reader import UnreadableDocument, load_bytes, read_document


def numbering(document, kind: str, shape: str) -> int:
    """A list of the given kind (decimal, thaiNumbers, bullet) added to the document; returns its id."""
    root = document.part.numbering_part.element
    number = 900 + len(root)
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{shape}"/></w:lvl>'
    deeper = f'<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{level}{deeper}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'))
    return number


def listed(document, text: str, list_id: int, level: int = 0) -> None:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


def bytes_of(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def plan_of(document) -> dict:
    return read_document(load_bytes(bytes_of(document), "plan.docx")).as_dict()


def test_numbers_that_word_draws_are_read():
    document = docx.Document()
    document.add_heading("วิสัยทัศน์", 1)
    document.add_paragraph("เกาะแห่งการเรียนรู้ ทะเลแห่งโอกาส")
    document.add_heading("พันธกิจ", 1)
    thai = numbering(document, "thaiNumbers", "%1.")
    for text in ("เดินเรือรับส่งนักเรียนทุกวัน", "สอนการอนุรักษ์ปะการัง"):
        listed(document, text, thai)
    document.add_heading("เป้าประสงค์", 1)
    bullets = numbering(document, "bullet", "\uf0b7")
    for text in ("นักเรียนเดินทางปลอดภัย", "ปะการังฟื้นตัว"):
        listed(document, text, bullets)
    plan = plan_of(document)
    assert plan["vision"] == "เกาะแห่งการเรียนรู้ ทะเลแห่งโอกาส"
    assert plan["missions"] == ["เดินเรือรับส่งนักเรียนทุกวัน", "สอนการอนุรักษ์ปะการัง"]
    assert plan["goals"] == ["นักเรียนเดินทางปลอดภัย", "ปะการังฟื้นตัว"]


def test_deeper_numbers_become_tactics_of_their_strategy():
    document = docx.Document()
    document.add_paragraph("ประเด็นยุทธศาสตร์")
    decimal = numbering(document, "decimal", "%1.")
    for level, text in ((0, "เรือโรงเรียน"), (1, "ต่อเรือสองลำ"), (1, "ฝึกคนขับ"), (0, "ห้องทดลองทะเล"), (1, "ตู้ปลาเรียนรู้")):
        listed(document, text, decimal, level)
    strategies = plan_of(document)["strategies"]
    assert [s["title"] for s in strategies] == ["เรือโรงเรียน", "ห้องทดลองทะเล"]
    assert [s["tactics"] for s in strategies] == [["ต่อเรือสองลำ", "ฝึกคนขับ"], ["ตู้ปลาเรียนรู้"]]


def test_table_with_merged_cells_keeps_rows_with_their_strategy():
    document = docx.Document()
    table = document.add_table(rows=1, cols=4)
    for cell, text in zip(table.rows[0].cells, ("ยุทธศาสตร์", "ตัวชี้วัด", "ค่าเป้าหมาย", "ผู้รับผิดชอบ"), strict=True):
        cell.text = text
    rows = [
        ("1. เรือปลอดภัย", "ร้อยละของเรือที่ผ่านการตรวจ", "100", "กลุ่มก"),
        ("", "อุบัติเหตุทางน้ำลดลง", "ร้อยละ 50", "กลุ่มข"),
        ("2. ทะเลสอนเรา", "โรงเรียนมีหลักสูตรทะเล", "12 โรงเรียน", "กลุ่มค"),
    ]
    for texts in rows:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    plan = plan_of(document)
    first, second = plan["strategies"]
    assert (first["number"], first["title"]) == (1, "เรือปลอดภัย")
    assert [(i["text"], i["targets"][0]["value"]) for i in first["indicators"]] == [
        ("ร้อยละของเรือที่ผ่านการตรวจ", 100),
        ("อุบัติเหตุทางน้ำลดลง", 50),
    ]
    assert first["indicators"][1]["targets"][0]["direction"] == "decrease"
    assert second["indicators"][0]["targets"][0] == {
        "value": 12, "unit": "count", "direction": "at_least", "year": None, "reference": None,
    }  # fmt: skip


def test_deleted_text_is_gone_and_inserted_text_stays():
    document = docx.Document()
    document.add_paragraph("วิสัยทัศน์")
    paragraph = document.add_paragraph("เกาะของเรา ")
    run = "<w:r><w:{tag}>{text}</w:{tag}></w:r>"
    paragraph._p.append(parse_xml(f"<w:del {nsdecls('w')}>{run.format(tag='delText', text='เก่า')}</w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}>{run.format(tag='t', text='ใหม่เสมอ')}</w:ins>"))
    assert plan_of(document)["vision"] == "เกาะของเรา ใหม่เสมอ"


def test_text_box_is_read():
    document = docx.Document()
    paragraph = document.add_paragraph()
    box = (
        f'<w:r {nsdecls("w")}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>วิสัยทัศน์</w:t></w:r></w:p><w:p><w:r><w:t>หมู่เกาะสีเขียวที่ทุกคนเรียนรู้</w:t></w:r></w:p>"
        "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    paragraph._p.append(parse_xml(box))
    assert plan_of(document)["vision"] == "หมู่เกาะสีเขียวที่ทุกคนเรียนรู้"


@pytest.mark.parametrize("content", [b"PK\x03\x04word/document.xml", b"PK\x03\x04" + b"\0" * 50 + b"word/document"])
def test_damaged_file_is_named_with_its_mend(content):
    with pytest.raises(UnreadableDocument, match=r"plan\.docx.*บันทึกใหม่"):
        load_bytes(content, "plan.docx")


def test_file_that_unpacks_to_too_much_is_refused(monkeypatch):
    from khet.plan.reader.formats import docx as reader

    monkeypatch.setattr(reader, "_LARGEST_UNPACKED", 1000)
    with pytest.raises(UnreadableDocument, match="MB"):
        load_bytes(bytes_of(docx.Document()), "bomb.docx")


def test_package_without_a_document_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<not-a-document/>")
    with pytest.raises(UnreadableDocument):
        load_bytes(buffer.getvalue(), "plan.docx")
