"""Tables whose columns are sections of a plan, row by row; and the sections themselves, which rows and lines make."""

import re
from dataclasses import dataclass, field, replace

from khet.plan.reader.document import Line
from khet.plan.reader.flow import Text
from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import arabic, has_letters, skeleton, tidy, width
from khet.plan.reader.marks import Marker, split_marker
from khet.plan.reader.measure import Measure
from khet.plan.reader.offices import is_other_office
from khet.plan.reader.words import words


@dataclass(slots=True)
class Section:
    """A heading and the texts under it.

    kind     as Heading.kind, and "strategy" for a numbered head of the plan's levels
    number   of a numbered heading, else ""
    rank     1 ยุทธศาสตร์, 2 กลยุทธ์, 3 แนวทาง; 0 elsewhere
    columns  sections named by the table head or title above, when the texts are a table run together
    is_quoted  the plan of another office, quoted
    mark     what stands before the heading: "4." or a bullet
    """

    kind: str
    line: int
    rank: int = 0
    number: str = ""
    word: str = ""
    texts: list[Text] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    typo: str = ""
    continues: bool = False
    years: tuple[int, ...] = ()
    unit: str = ""
    in_table: bool = False
    owner: str = ""
    is_quoted: bool = False
    mark: Marker | None = None

    def last_marker(self) -> Marker | None:
        """The last sure number in the section."""
        return next(
            (t.marker for t in reversed(self.texts) if t.marker and t.marker.is_number and t.marker.is_sure), None
        )


_TREE = ("strategies", "goals", "tactics", "indicators", "targets")
_YEAR = re.compile(r"(?<!\d)(2[45]\d\d|20[1-6]\d)(?!\d)")


def _without_year_words(text: str) -> str:
    return re.sub(r"ปี(?:งบประมาณ|การศึกษา)?|พ\.?\s?ศ\.?|ค\.?\s?ศ\.?", "", text)


def years_of(text: str) -> tuple[int, ...]:
    """The years in the text, as Buddhist years."""
    return tuple(year if year > 2400 else year + 543 for year in map(int, _YEAR.findall(arabic(text))))


@dataclass(slots=True)
class Column:
    """What a column holds: a section's kind, "order", "unit", "meaning", "other", or "targets" of one year or more."""

    kind: str
    rank: int = 0
    years: tuple[int, ...] = ()
    word: str = ""
    is_numbered: bool = False

    @property
    def year(self) -> str:
        """The one year of the column's targets, else ''."""
        return str(self.years[0]) if len(self.years) == 1 else ""


class Table:
    """A table under a head that names sections; it turns each row into sections."""

    def __init__(self, columns: list[Column]):
        self.columns = columns
        self.strategy = ""
        self.number = 0

    @classmethod
    def of(cls, cells: tuple[str, ...]) -> "Table | None":
        """The table that a row of column names opens; None for any other row."""
        columns = [_column(cell) for cell in cells]
        known = [column for column in columns if column is not None]
        named = [cell for cell in cells if cell.strip()]
        sections = [c for c in known if c.kind in (*_TREE, "missions", "values", "vision") and not c.year]
        if len(named) < 2 or len(known) < len(named) - (len(named) > 3) or not sections:
            return None
        if any(has_letters(heading.rest) for cell in named if (heading := heading_of(cell))):
            return None
        columns = [column or Column("other") for column in columns]
        has_indicators = any(column.kind == "indicators" for column in columns)
        ranks = sorted({column.rank for column in columns if column.kind == "strategies"})
        for column in columns:
            if (
                column.kind == "goals"
                and has_indicators
                and skeleton(column.word).startswith(words().letters("weak_goals"))
            ):
                column.kind = "targets"
            if column.kind == "strategies" and len(ranks) > 1 and column.rank == ranks[-1]:
                column.kind = "tactics"
        return cls(columns)

    def takes_years(self, cells: tuple[str, ...]) -> bool:
        """Take a second head row that holds years under "ค่าเป้าหมาย"."""
        filled = [cell for cell in cells if cell.strip()]
        if not filled or not all(years_of(cell) and not has_letters(_without_year_words(cell)) for cell in filled):
            return False
        places = [place for place, column in enumerate(self.columns) if column.kind == "targets"]
        first = places[0] if places else len(self.columns) - len(filled)
        if len(cells) == len(self.columns):
            for place, cell in enumerate(cells):
                if cell.strip():
                    self.columns[place] = Column("targets", years=years_of(cell))
        else:
            self.columns[first : first + 1] = [Column("targets", years=years_of(cell)) for cell in filled]
        return True

    def read(self, line: Line, measure: Measure) -> list[Section] | None:
        """The sections that a row makes; None when the row is no row of this table (a line across it)."""
        cells = line.cells
        filled = [cell for cell in cells if cell.strip()]
        if len(cells) > len(self.columns) or len(filled) == 0:
            return None
        if len(filled) == 1 and len(self.columns) > 2 and heading_of(filled[0]):
            return None
        if len(cells) < len(self.columns):
            # a row short at its head goes on below cells that span rows
            cells = ("",) * (len(self.columns) - len(cells)) + tuple(cells)
        made: list[Section] = []
        unit = next(
            (tidy(c) for c, col in zip(cells, self.columns, strict=True) if col.kind == "unit" and c.strip()), ""
        )
        for kind in ("vision", "missions", "values", *_TREE):
            for cell, column in zip(cells, self.columns, strict=True):
                if column.kind == kind and cell.strip():
                    made += self._cell(kind, column, cell, line, unit, cells)
        return made

    def _cell(
        self, kind: str, column: Column, cell: str, line: Line, unit: str, cells: tuple[str, ...]
    ) -> list[Section]:
        if kind == "strategies":
            return self._strategy(column, cell, line)
        section = Section(kind, line.number, column.rank, column.year, column.word, in_table=True)
        if kind == "targets":
            section.unit, section.years = unit, column.years if len(column.years) > 1 else ()
        if kind == "values":
            meanings = [
                c for c, col in zip(cells, self.columns, strict=True) if col.kind in ("meaning", "other") and c.strip()
            ]
            section.texts = [Text(tidy(cell), tidy(cell), (line.number,), cells=(tidy(cell), *map(tidy, meanings[:1])))]
            return [section]
        section.texts = texts_of(split_marker(cell)[1] if column.is_numbered else cell, line)
        return [section] if section.texts else []

    def _strategy(self, column: Column, cell: str, line: Line) -> list[Section]:
        if skeleton(cell) == self.strategy:
            return []
        self.strategy = skeleton(cell)
        first, *more = [part for part in cell.split("\n") if part.strip()]
        heading = heading_of(first)
        marker, body = split_marker(first)
        if heading and heading.is_numbered:
            number, title = heading.number, heading.rest
        elif marker and marker.is_number:
            number, title = str(marker.number[0]), body
        else:
            number, title = str(self.number + 1), first
        self.number = int(number.split(".")[0])
        title = tidy(" ".join([title, *more]))
        section = Section(
            "strategy",
            line.number,
            heading.rank if heading and heading.rank else column.rank,
            number,
            column.word,
            in_table=True,
        )
        section.texts = [Text(title, title, (line.number,), inline=True)] if title else []
        return [section]


def texts_of(cell: str, line: Line) -> list[Text]:
    """A cell's lines as texts."""
    texts = []
    for part in cell.split("\n"):
        if part.strip():
            marker, body = split_marker(part)
            texts.append(Text(body, part.strip(), (line.number,), marker, 0, width(part)))
    return texts


def _column(cell: str) -> Column | None:
    """What a head's cell announces; None when nothing we know."""
    text = tidy(cell)
    if not text:
        return Column("other")
    letters = skeleton(text)
    heading = heading_of(text)
    if heading and heading.kind != "title" and not has_letters(heading.rest) and not heading.is_numbered:
        return Column(heading.kind, heading.rank, years_of(text) if heading.kind == "targets" else (), heading.word)
    if years_of(text) and not has_letters(_without_year_words(text)):
        return Column("targets", years=years_of(text))
    for kind in ("order", "unit", "meaning", "baseline", "year"):
        if letters in words().letters(f"column_{kind}"):
            return Column(kind if kind in ("order", "unit", "meaning") else "other", word=text)
    if letters in words().letters("stops") or words().starts("column_baseline", letters):
        return Column("other", word=text)
    order, _, rest = text.partition(" ")
    if rest and skeleton(order) in words().letters("column_order") and (behind := _column(rest)):
        return replace(behind, is_numbered=True)  # "ที่ ตัวชี้วัด": the numbers stand in the same column
    return None


def mark_quoted(found: list[Section]) -> None:
    """Mark the sections that quote another office's plan: from a title naming it up to a vision without an owner."""
    quoted = False
    for section in found:
        if section.owner or section.kind == "vision":
            quoted = is_other_office(section.owner)
        quoted = quoted or section.kind == "quoted"
        section.is_quoted = quoted
