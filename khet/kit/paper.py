"""Official papers: one description of a document, written as PDF (Typst) or as DOCX."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from khet.kit.thai import thai_digits

TEMPLATE = Path(__file__).with_name("paper.typ")


@dataclass(frozen=True)
class Words:
    """A paragraph; with `strong` a line that stands out."""

    text: str
    strong: bool = False
    align: str = "left"
    kind: str = "words"


@dataclass(frozen=True)
class Facts:
    """Pairs of a name and what it is."""

    pairs: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Table:
    """A table; `wide` is the column that takes the room that is left, `numbers` those set to the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    wide: int = 0
    numbers: Sequence[int] = ()
    kind: str = "table"


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]
    kind: str = "bullets"


Block = Words | Facts | Table | Bullets


@dataclass(frozen=True)
class Part:
    """A section with its heading ('' for none)."""

    title: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Paper:
    """A document: title, lines below it, sections, and the line at the foot of each page.

    thai_digits   figures as official papers in Thai write them
    """

    title: str
    lines: Sequence[str] = ()
    parts: Sequence[Part] = ()
    foot: str = ""
    language: str = "th"
    thai_digits: bool = False
    extra: dict = field(default_factory=dict)

    def plain(self) -> dict:
        """The document as plain data, its digits as they are to be printed."""
        return _digits(asdict(self)) if self.thai_digits else asdict(self)


def pdf(paper: Paper, *, fonts: Path) -> bytes:
    """The PDF. Its text travels as data, so nothing in it is read as markup.

    fonts   folder that holds the font files
    """
    import typst

    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper.plain(), ensure_ascii=False)},
    )


def docx(paper: Paper) -> bytes:
    """The document for a word processor, in the font Thai offices write in."""
    import docx as library
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    content, book = paper.plain(), library.Document()
    _in_sarabun(book.styles["Normal"], Pt(16))
    heading = book.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(heading, content["title"], size=Pt(20), bold=True)
    for line in content["lines"]:
        below = book.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(below, line)
    for part in content["parts"]:
        if part["title"]:
            _run(book.add_paragraph(), part["title"], size=Pt(18), bold=True)
        for block in part["blocks"]:
            _BLOCKS[block["kind"]](book, block)
    if content["foot"]:
        _run(book.sections[0].footer.paragraphs[0], content["foot"], size=Pt(12))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _words(book, block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = book.add_paragraph()
    paragraph.alignment = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}.get(block["align"])
    _run(paragraph, block["text"], bold=block["strong"])


def _facts(book, block) -> None:
    for name, value in block["pairs"]:
        paragraph = book.add_paragraph()
        _run(paragraph, f"{name}  ", bold=True)
        _run(paragraph, value)


def _table(book, block) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    table = book.add_table(rows=1, cols=len(block["heads"]))
    table.style = "Table Grid"
    for cell, head in zip(table.rows[0].cells, block["heads"], strict=True):
        _run(cell.paragraphs[0], head, bold=True)
    for row in block["rows"]:
        cells = table.add_row().cells
        for index, text in enumerate(row):
            _run(cells[index].paragraphs[0], text)
            if index in block["numbers"]:
                cells[index].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    book.add_paragraph()


def _bullets(book, block) -> None:
    for item in block["items"]:
        _run(book.add_paragraph(style="List Bullet"), item)


_BLOCKS = {"words": _words, "facts": _facts, "table": _table, "bullets": _bullets}


def _run(paragraph, text: str, *, size=None, bold=False):
    run = paragraph.add_run(text)
    run.bold = bold
    _in_sarabun(run, size)
    return run


def _in_sarabun(thing, size) -> None:
    """The font for Thai letters too, which a word processor keeps apart from the others."""
    from docx.oxml.ns import qn

    thing.font.name = "TH SarabunPSK"
    if size is not None:
        thing.font.size = size
    fonts = thing.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:cs"), "TH SarabunPSK")


def _digits(value):
    if isinstance(value, str):
        return thai_digits(value)
    if isinstance(value, list | tuple):
        return [_digits(one) for one in value]
    if isinstance(value, dict):
        fixed = ("kind", "align", "language")
        return {key: one if key in fixed else _digits(one) for key, one in value.items()}
    return value


@lru_cache(maxsize=1)
def has_typst() -> bool:
    """Whether PDFs can be written here."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True
