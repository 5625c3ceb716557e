"""Which source a sheet is, where its headers stand, and which column fills which field."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from khet.kit.thai import fold, tidy
from khet.registers.intake.cleaning import BLANKS, cleaner_of, measures_by_name
from khet.registers.intake.faults import Bad
from khet.registers.intake.reading import Row, Sheet
from khet.registers.intake.schema import Cleaner, Column, Source

SAMPLE = 60  # rows below the headers on which contents are tested
_NOTES = re.compile(r"[*＊]|\(?\s*(?:ต้องกรอก|จำเป็นต้องกรอก|บังคับ|required)\s*\)?", re.I)


@dataclass(frozen=True)
class Place:
    """Where a field's cells are: index of the column from 0, its header, and how it was found."""

    index: int
    header: str
    by: str  # header | drift | position | mapping

    @property
    def letter(self) -> str:
        """The column as a spreadsheet names it: A, B, …, AA."""
        letters, n = "", self.index + 1
        while n:
            n, rest = divmod(n - 1, 26)
            letters = chr(65 + rest) + letters
        return letters


@dataclass
class Found:
    """A sheet recognised as a source (`source` None: it is none of those known)."""

    source: Source | None
    sheet: Sheet
    header_row: int = 0
    places: dict[str, Place] = field(default_factory=dict)
    score: float = 0.0
    title: str = ""
    header: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    measures: dict[int, str] = field(default_factory=dict)  # column index → measure, for wide tables
    assumed: bool = False  # nothing but its being the usual one tells it from a source with the same headers


@lru_cache(maxsize=10_000)
def header_key(text: str) -> str:
    """A header under which its spellings meet: without stars, "ต้องกรอก", spaces, brackets and case."""
    return fold(_NOTES.sub("", tidy(text)))


def recognise(sheet: Sheet, sources: Iterable[Source], *, name: str = "", wanted: Source | None = None) -> Found:
    """The best reading of a sheet.

    name    of the file; tells sources apart that share their headers
    wanted  the source the user named; its required columns must still be there
    """
    candidates = [wanted] if wanted else list(sources)
    deepest = max((s.header_rows for s in candidates), default=12)
    head = list(itertools.islice(sheet.rows(), deepest + SAMPLE))
    best = Found(None, sheet, header_row=_likely_header(head), header=[])
    for position, (number, cells) in enumerate(head[:deepest]):
        keys = [header_key(cell) for cell in cells]
        if sum(map(bool, keys)) < 2:
            continue
        title = " ".join(cell for _row, above in head[:position] for cell in above if cell.strip())
        for source in candidates:
            found = _try(source, sheet, number, cells, keys, head[position + 1 :], title)
            if found and not wanted:
                found = _hinted(found, f"{name} {sheet.name} {title}")
            if found and (wanted or found.score >= source.recognise.minimum) and found.score > best.score:
                best = found
    if best.source is None:
        best.header = next((cells for number, cells in head if number == best.header_row), [])
    return best


def _hinted(found: Found, words: str) -> Found | None:
    """The reading with what the file's name and title say for it; None when they had to and do not."""
    rule = found.source.recognise
    said = any(re.search(pattern, words) for pattern in found.source.files.names)
    if said:
        found.score = round(found.score + 0.05, 4)
    elif rule.hint == "required":
        return None
    found.assumed = rule.hint == "optional" and not said
    return found


def _likely_header(head: list[Row]) -> int:
    """The first row that has as many filled cells as most rows: where an unknown file's headers probably are."""
    if not head:
        return 1
    filled = [sum(1 for cell in cells if cell.strip()) for _number, cells in head]
    usual = sorted(filled)[len(filled) // 2]
    return next(
        (number for (number, _cells), count in zip(head, filled, strict=True) if count >= max(usual, 2)), head[0][0]
    )


def _try(source: Source, sheet: Sheet, number: int, cells, keys, below: list[Row], title: str) -> Found | None:
    rule = source.recognise
    if source.files.sheets and not re.search(source.files.sheets, sheet.name):
        return None
    present = set(keys)
    if any(header_key(word) in present for word in rule.without):
        return None
    places = match_columns(source.columns, cells, keys, below)
    if any(name not in places for name in rule.fields):
        return None
    if any(not any(name in places for name in group) for group in rule.any_of):
        return None
    used = {place.index for place in places.values()}
    measures = _wide_measures(cells, used) if source.wide_measures else {}
    if source.wide_measures and not measures:
        return None
    unread = [cells[i] for i, key in enumerate(keys) if key and i not in used and i not in measures]
    named = sum(1 for key in keys if key) or 1
    explained = (len(used) + len(measures)) / named
    score = 0.4 * len(places) / len(source.columns) + 0.6 * min(explained, 1)
    if rule.title_words and any(fold(word) in fold(title) for word in rule.title_words):
        score += 0.1
    score += 0.001 * len(places)  # between equals the one that explains more
    return Found(source, sheet, number, places, round(score, 4), title, list(cells), unread, measures)


def match_columns(columns: Iterable[Column], cells, keys, below: list[Row]) -> dict[str, Place]:
    """{field: where it is}: by header, the first of equal ones; a drifted header or bare place must fit its content."""
    at: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        if key:
            at.setdefault(key, []).append(index)
    places: dict[str, Place] = {}
    used: set[int] = set()
    columns = list(columns)
    for column in columns:
        for rank, header in enumerate(column.headers):
            index = next((i for i in at.get(header_key(header), ()) if i not in used), None)
            if index is None or (rank and column.content and not _fits(column.content, column, index, below)):
                continue
            places[column.field] = Place(index, tidy(cells[index]), "drift" if rank else "header")
            used.add(index)
            break
    if len(places) < len(columns) / 2:
        return places  # too little in common for a place to mean anything
    for column in columns:
        index = (column.position or 0) - 1
        if column.field in places or index < 0 or not column.content or index in used or index >= len(cells):
            continue
        if _fits(column.content, column, index, below, least=3):
            places[column.field] = Place(index, tidy(cells[index]), "position")
            used.add(index)
    return places


def _fits(content: Cleaner, column: Column, index: int, below: list[Row], least: int = 0) -> bool:
    """True when nine in ten of the filled cells pass the cleaner (and, for identifiers, look like one)."""
    clean = cleaner_of(
        column.model_copy(update={"clean": content, "codes": column.codes if content == "code" else None})
    )
    good = filled = 0
    for _number, cells in below:
        cell = cells[index].strip() if index < len(cells) else ""
        if cell in BLANKS:
            continue
        filled += 1
        try:
            value = clean(cell)
        except Bad as bad:
            # A damaged number still shows what the column was meant to hold.
            good += bad.code in ("scientific", "id_check")
            continue
        good += not (content == "person_id" and value and value[0] == "other")
    return filled >= least and good >= 0.9 * filled


def _wide_measures(cells, used: set[int]) -> dict[int, str]:
    known = measures_by_name()
    return {i: known[fold(cell)] for i, cell in enumerate(cells) if i not in used and fold(cell) in known}
