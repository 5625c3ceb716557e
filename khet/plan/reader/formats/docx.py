"""Word files: paragraphs with the numbers Word draws before them, tables with their cells, text boxes."""

import io
import zipfile
from collections import defaultdict

from khet.plan.reader.document import Document, Line, UnreadableDocument
from khet.plan.reader.letters import thai_number, tidy, visible

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What a file may unpack to: beyond it, it was made to fill memory.
_LARGEST_UNPACKED = 300 * 1024 * 1024


def read_docx(data: bytes, name: str, *, lang: str = "th") -> Document:
    """The file as a Document, a line for each paragraph and each row of a table."""
    body, numbering = _opened(data, name, lang)
    writer = _Writer(numbering)
    writer.blocks(body)
    lines = tuple(Line(number, text, cells) for number, (text, cells) in enumerate(writer.lines, 1))
    return Document(name, "docx", lines, is_broken_at_width=False)


def _opened(data: bytes, name: str, lang: str):
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise UnreadableDocument(
                "too_large", name, lang=lang, size=unpacked // 2**20, most=_LARGEST_UNPACKED // 2**20
            )
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
    except UnreadableDocument:
        raise
    except Exception as error:  # zip, XML and Word's own rules fail in a dozen ways, and all mean the same
        raise UnreadableDocument("damaged", name, lang=lang, reason=type(error).__name__) from None
    return body, _Numbering(document)


class _Numbering:
    """Word's automatic numbers: which list a paragraph is in, and what is drawn before it."""

    def __init__(self, document):
        self.levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self.counters: dict[str, dict[int, int]] = defaultdict(dict)
        self.abstract: dict[str, str] = {}
        self.styles = {style.get(f"{_W}styleId"): style for style in document.styles.element.iter(f"{_W}style")}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.iter(f"{_W}abstractNum"):
            self.levels[abstract.get(f"{_W}abstractNumId")] = {
                int(level.get(f"{_W}ilvl") or 0): _level(level) for level in abstract.iter(f"{_W}lvl")
            }
        for number in root.findall(f"{_W}num"):
            abstract = number.find(f"{_W}abstractNumId")
            if abstract is not None:
                self.abstract[number.get(f"{_W}numId")] = abstract.get(f"{_W}val")

    def mark(self, paragraph) -> str:
        """The number or bullet drawn before the paragraph, with a space; '' when there is none."""
        list_id, level = self._place(paragraph)
        abstract = self.abstract.get(list_id or "")
        shape = self.levels.get(abstract or "", {}).get(level)
        if shape is None:
            return ""
        kind, text, start = shape
        if kind == "bullet":
            return "• "
        if kind == "none":
            return ""
        counts = self.counters[list_id]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        for place in range(level + 1):
            kind_there, _text, start_there = self.levels[abstract].get(place, ("decimal", "", 1))
            text = text.replace(f"%{place + 1}", _drawn(counts.get(place, start_there), kind_there))
        return f"{text} "

    def _place(self, paragraph) -> tuple[str | None, int]:
        properties = paragraph.find(f"{_W}pPr")
        found = _num(properties)
        if found[0] is not None:
            return found
        style = properties.find(f"{_W}pStyle") if properties is not None else None
        name = style.get(f"{_W}val") if style is not None else None
        for _ in range(12):  # styles are based on styles; a file may even make them a circle
            definition = self.styles.get(name)
            if definition is None:
                return None, 0
            found = _num(definition.find(f"{_W}pPr"))
            if found[0] is not None:
                return found
            base = definition.find(f"{_W}basedOn")
            name = base.get(f"{_W}val") if base is not None else None
        return None, 0


def _num(properties) -> tuple[str | None, int]:
    number = properties.find(f"{_W}numPr") if properties is not None else None
    if number is None:
        return None, 0
    list_id, level = number.find(f"{_W}numId"), number.find(f"{_W}ilvl")
    value = level.get(f"{_W}val") if level is not None else "0"
    return (list_id.get(f"{_W}val") if list_id is not None else None), int(value) if str(value).isdigit() else 0


def _level(level) -> tuple[str, str, int]:
    def value(tag: str, default: str) -> str:
        found = level.find(f"{_W}{tag}")
        return found.get(f"{_W}val") or default if found is not None else default

    start = value("start", "1")
    return value("numFmt", "decimal"), value("lvlText", "%1."), int(start) if start.isdigit() else 1


def _drawn(number: int, kind: str) -> str:
    if kind in ("thaiNumbers", "thaiCounting"):
        return thai_number(number)
    if kind == "thaiLetters":
        return "กขคงจฉชซฌญฎฏฐฑฒณดตถทธน"[(number - 1) % 22]
    if kind in ("lowerLetter", "upperLetter"):
        letter = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26]
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman"):
        romans = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
        roman = romans[number - 1] if 0 < number <= 10 else str(number)
        return roman.upper() if kind == "upperRoman" else roman
    return str(number)


class _Writer:
    def __init__(self, numbering: _Numbering):
        self.numbering = numbering
        self.lines: list[tuple[str, tuple[str, ...]]] = []

    def blocks(self, parent) -> None:
        """Write the paragraphs and tables under an element, in order."""
        for child in parent:
            if child.tag == f"{_W}p":
                for line in self.paragraph(child):
                    self.lines.append((line, _tabbed(line)))
            elif child.tag == f"{_W}tbl":
                self.table(child)
            elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
                self.blocks(child)

    def paragraph(self, paragraph) -> list[str]:
        """The paragraph's lines; text boxes anchored in it follow."""
        text, boxes = _text_of(paragraph)
        lines = [visible(line) for line in text.split("\n")]
        if lines and lines[0].strip():
            lines[0] = self._marked(paragraph, lines[0])
        for box in boxes:
            for inner in box.iter(f"{_W}p"):
                lines += [visible(line) for line in _text_of(inner)[0].split("\n") if line.strip()]
        return lines

    def _marked(self, paragraph, line: str) -> str:
        return f"{self.numbering.mark(paragraph)}{line.strip()}"

    def table(self, table) -> None:
        """Write the table's rows; cells that go on from the row above stay empty."""
        for row in table.iter(f"{_W}tr"):
            if row.getparent() is not table and row.getparent().getparent() is not table:
                continue  # a table inside a cell is read with its cell
            cells: list[str] = []
            for cell in row.iter(f"{_W}tc"):
                if cell.getparent() is not row and cell.getparent().getparent() is not row:
                    continue
                cells.append("" if _goes_on_from_above(cell) else self._cell(cell))
                cells += [""] * (_across(cell) - 1)
            if sum(1 for cell in cells if cell.strip()) == 1 and len(cells) == 1:
                self.lines += [(part, ()) for part in cells[0].split("\n") if part.strip()]
            elif any(cell.strip() for cell in cells):
                self.lines.append((" | ".join(tidy(cell) for cell in cells), tuple(cells)))
        self.lines.append(("", ()))

    def _cell(self, cell) -> str:
        lines = [line for paragraph in cell.iter(f"{_W}p") for line in self.paragraph(paragraph)]
        return "\n".join(line.strip() for line in lines if line.strip())


def _tabbed(line: str) -> tuple[str, ...]:
    cells = tuple(cell.strip() for cell in line.split("\t") if cell.strip())
    return cells if len(cells) > 1 else ()


def _text_of(paragraph) -> tuple[str, list]:
    """The paragraph's text with breaks and tabs, and the text boxes in it; deleted text is gone."""
    parts: list[str] = []
    boxes: list = []
    _collect(paragraph, parts, boxes)
    return "".join(parts), boxes


def _collect(element, parts: list[str], boxes: list) -> None:
    for child in element:
        if child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}tab":
            parts.append("\t")
        elif child.tag in (f"{_W}noBreakHyphen", f"{_W}softHyphen"):
            parts.append("-")
        elif child.tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr") or str(child.tag).endswith("}Fallback"):
            continue
        else:
            _collect(child, parts, boxes)


def _goes_on_from_above(cell) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val") in (None, "continue")


def _across(cell) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val") if span is not None else "1"
    return max(1, min(int(value), 100)) if str(value).isdigit() else 1
