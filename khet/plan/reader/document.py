"""A plan document as numbered lines, whatever kind of file it came in."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from khet.plan.reader.letters import PAGE_MARK, arabic, visible, width
from khet.plan.reader.messages import message

# A plan of an office is some dozen pages; a file beyond this is something else, or meant to harm.
LARGEST_FILE = 60 * 1024 * 1024


class UnreadableDocument(ValueError):
    """A file that cannot be read as a plan; its text names the file and the mend."""

    def __init__(self, id: str, name: str, *, lang: str = "th", **facts):
        self.id, self.name, self.facts = id, name, facts
        super().__init__(message(id, lang, name=name, **facts))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document.

    number  its place, from 1; in a text file the line number an editor shows
    text    as seen, gaps kept
    cells   of a table row, else ()
    origin  "text", or "alt" for the alternative text of a picture
    page    in a PDF
    reach   in a PDF: how near the line comes to the right margin, in hundredths of the text's breadth
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()
    origin: str = "text"
    page: int = 0
    is_running_head: bool = False
    reach: int = 0

    @property
    def extent(self) -> int:
        """How far the line runs: its reach where the page tells, else its columns."""
        return self.reach or width(self.text.rstrip())


@dataclass(frozen=True, slots=True)
class Document:
    """Numbered lines of a file.

    kind                "txt", "html", "docx", "pdf" or "sql"
    is_broken_at_width  True where a line break may only mean that the line was full (txt, pdf)
    """

    name: str
    kind: str
    lines: tuple[Line, ...] = field(default=())
    is_broken_at_width: bool = True

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)


def load(path: str | Path, *, lang: str = "th") -> Document:
    """The file as a Document. Raises UnreadableDocument, naming the file and the mend."""
    path = Path(path)
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise UnreadableDocument("is_a_folder", path.name, lang=lang)
        if size > LARGEST_FILE:
            raise UnreadableDocument("too_large", path.name, lang=lang, size=size // 2**20, most=LARGEST_FILE // 2**20)
        data = path.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument("no_such_file", str(path), lang=lang) from None
    except OSError as error:
        raise UnreadableDocument("cannot_open", path.name, lang=lang, reason=error.strerror or str(error)) from None
    return load_bytes(data, path.name, lang=lang)


def load_bytes(data: bytes, name: str, *, lang: str = "th") -> Document:
    """The content of a file as a Document; its kind is told by the content, and by the name where that is silent."""
    kind = kind_of(data, name)
    if kind == "pdf":
        from khet.plan.reader.formats.pdf import read_pdf

        return _without_remains(read_pdf(data, name, lang=lang))
    if kind == "docx":
        from khet.plan.reader.formats.docx import read_docx

        return _without_remains(read_docx(data, name, lang=lang))
    if kind in _REFUSED:
        raise UnreadableDocument(f"refused_{kind}", name, lang=lang)
    return from_text(decoded(data), name, html=kind == "html")


def _without_remains(document: Document) -> Document:
    """The document, read again where its text is itself a page's source, and with the cells of tables drawn in it."""
    if len(_BLOCK.findall(document.text)) >= _SOURCE:
        return from_text(document.text, document.name)
    return replace(document, lines=tuple(line if line.cells else _row(line) for line in document.lines))


_REFUSED = ("doc", "xlsx", "zip", "rtf", "picture", "binary")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_HTML_HEAD = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def kind_of(data: bytes, name: str) -> str:
    """The kind of file the bytes are."""
    suffix = Path(name).suffix.lower()
    if data[:1024].lstrip()[:5] == b"%PDF-":
        return "pdf"
    if data[:4] == b"PK\x03\x04":
        return "docx" if b"word/document" in data else "xlsx" if b"xl/work" in data or b"xl/sheet" in data else "zip"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return "doc"
    if data[:5] == b"{\\rtf":
        return "rtf"
    if data.startswith(_PICTURES):
        return "picture"
    if suffix in (".html", ".htm", ".xhtml"):
        return "html"
    text = decoded(data[:4000])
    if _HTML_HEAD.match(text):
        return "html"
    odd = sum(1 for char in text if ord(char) < 9 or 13 < ord(char) < 32 or char == "\ufffd")
    return "binary" if odd > max(8, len(text) * 0.1) else "txt"


def decoded(data: bytes) -> str:
    """The bytes as text: by the mark at their head, else as UTF-16, UTF-8 or windows-874, whichever makes sense."""
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        # the high bytes of Thai and Latin letters in UTF-16 are 0x0E and 0x00
        high = data[:2000][first::2]
        if len(high) > 8 and high.count(0) + high.count(14) > len(high) * 0.9:
            return data.decode(codec, errors="replace")
    text = data.decode("utf-8", errors="replace")
    faults = text.count("\ufffd")
    if faults and faults * 10 > sum(1 for char in text if "\u0e00" <= char <= "\u0e7f"):
        return data.decode("cp874", errors="replace")
    return text.replace("\ufffd", "")


_TAG = re.compile(r"</?(?:br|b|i|u|p|div|span|strong|em|font|center|a|img|li|ul|ol|h[1-6])\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|table|tr|td|th|h[1-6]|body|html|tbody|section|article)\b[^<>]*>", re.IGNORECASE
)
# So many tags make a text a page's source.
_SOURCE = 4
_BREAK = re.compile(r"<\s*br\s*/?>", re.IGNORECASE)
_SQL = re.compile(
    r"^\s*(?:insert\s+(?:ignore\s+)?into|update\s+[`\"\[\w.\]]+\s+set|replace\s+into)\b", re.IGNORECASE | re.MULTILINE
)


def from_text(text: str, name: str = "", *, html: bool = False) -> Document:
    """A text, or a page's source, as a Document."""
    if not html and _SQL.search(text):
        return Document(name, "sql", numbered(text), is_broken_at_width=False)
    blocks = len(_BLOCK.findall(text))
    if html or blocks >= max(_SOURCE, text.count("\n") // 4) or _HTML_HEAD.match(text):
        from khet.plan.reader.formats.html import read_html

        page = read_html(text, name)
        return _without_remains(page) if html else page
    if _TAG.search(text) or "&nbsp;" in text or "&#36" in text:
        return Document(name, "txt", with_columns(_untagged(text)))
    return Document(name, "txt", with_columns(without_running_heads(numbered(text))))


def _untagged(text: str) -> tuple[Line, ...]:
    """The lines of a text in which a page left some tags; what a <br> parts keeps the number of its line."""
    from khet.plan.reader.formats.html import without_tags

    lines: list[Line] = []
    for number, source in enumerate(_LINE_END.split(text), 1):
        parts = [without_tags(part) for part in _BREAK.split(source)]
        parts = [part for part in parts if part.strip()] or [""]
        lines += [Line(number, part) for part in parts]
    return tuple(lines)


_LINE_END = re.compile("\r\n|\r|\n|\x0c|\u2028|\u2029|\x0b")
_HEAD_MARKS = re.compile(r"^\s{0,3}#{1,6}\s+")
_STARS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def numbered(text: str) -> tuple[Line, ...]:
    """The text's lines, numbered as an editor does; marks of Markdown taken off."""
    lines = (visible(line) for line in _LINE_END.split(text))
    return tuple(Line(number, _STARS.sub(r"\2", _HEAD_MARKS.sub("", line))) for number, line in enumerate(lines, 1))


def without_running_heads(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, those marked that stand unchanged beside several page numbers."""
    filled = [line for line in lines if line.text.strip()]
    beside: dict[str, set[int]] = {}  # a line's text -> where it stands beside a page number
    for place, line in enumerate(filled):
        if PAGE_MARK.fullmatch(arabic(line.text)):
            for neighbour in filled[max(0, place - 1) : place] + filled[place + 1 : place + 2]:
                text = neighbour.text.strip()
                if len(text) > 15:
                    beside.setdefault(text, set()).add(neighbour.number)
    heads = {text for text, numbers in beside.items() if len(numbers) > 1}
    return (
        tuple(replace(line, is_running_head=True) if line.text.strip() in heads else line for line in lines)
        if heads
        else lines
    )


def with_columns(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines, those drawn as rows of a table ("a | b", tabs) given their cells."""
    return tuple(_row(line) for line in lines)


def _row(line: Line) -> Line:
    text = line.text.strip()
    if text.count("|") >= 2 or (text.startswith("|") and text.endswith("|")):
        inner = text[1:-1] if text.startswith("|") and text.endswith("|") else text
        cells = [cell.strip() for cell in inner.split("|")]
        if re.fullmatch(r"[\s|:\-+]+", text):
            return replace(line, text="")
        if len(cells) == 1:
            return replace(line, text=cells[0])
        return replace(line, cells=tuple(cells))
    if "\t" in text:
        cells = [cell.strip() for cell in re.split(r"\t+", text)]
        return replace(line, cells=tuple(cells)) if len(cells) > 1 else line
    return line


def usual_gap(document: Document) -> int:
    """The blank lines that stand between any two lines of a double-spaced document; 0 in any other."""
    gaps, blanks = [], 0
    for line in document.lines:
        if line.text.strip():
            gaps.append(blanks)
            blanks = 0
        else:
            blanks += 1
    gaps = sorted(gaps[1:])
    return gaps[len(gaps) // 20] if len(gaps) > 8 else 0
