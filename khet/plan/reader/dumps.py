"""The rows that the INSERT and UPDATE statements of a database dump write."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_STATEMENT = re.compile(
    r"\b(?:(?P<insert>(?:insert(?:\s+ignore)?|replace)\s+into)\s+(?P<table>[`\"\[\w.\]]+)\s*(?P<columns>\([^()]*\))?\s*(?P<verb>values|select)"
    r"|update\s+(?P<updated>[`\"\[\w.\]]+)\s+set)\b",
    re.IGNORECASE,
)


_NAMES = re.compile(r"[`\"\[]?(\w+)[`\"\]]?")


_WHERE = re.compile(r"[`\"]?(\w+)[`\"]?\s*=\s*(?:'((?:[^'\\]|\\.|'')*)'|(-?\d+(?:\.\d+)?))")


@dataclass(slots=True)
class Row:
    """A row written by the dump: its table, its values by column and the line each stands on."""

    table: str
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def first_line(self) -> int:
        return min(self.lines.values(), default=1)


def rows_of(text: str) -> Iterator[Row]:
    """The rows that the dump's INSERT and UPDATE statements write."""
    places = _LineNumbers(text)
    for found in _STATEMENT.finditer(text):
        table = (found["table"] or found["updated"]).strip('`"[]').split(".")[-1].strip('`"[]')
        if found["insert"]:
            columns = _NAMES.findall(found["columns"] or "")
            yield from _inserted(text, found, table, columns, places)
        else:
            end = _end_of_statement(text, found.end())
            yield _updated(text[found.end() : end], found.end(), table, places)


class _LineNumbers:
    def __init__(self, text: str):
        self.starts = [match.end() for match in re.finditer("\n", text)]

    def of(self, place: int) -> int:
        """The line a character stands on."""
        return bisect_right(self.starts, place) + 1


def _inserted(text: str, found: re.Match, table: str, columns: list[str], places: _LineNumbers) -> Iterator[Row]:
    place = found.end()
    if found["verb"].lower() == "select":
        values, place = _values(text, place, stop=re.compile(r"\bfrom\b|;", re.IGNORECASE))
        end = _end_of_statement(text, place)
        keys = {
            name: quoted or number for name, quoted, number in _WHERE.findall(text[place:end].split("ON DUPLICATE")[0])
        }
        yield _row(table, columns, values, places, keys)
        return
    while True:
        opening = re.compile(r"(?:\s|,|--[^\n]*\n|/\*.*?\*/)*\(", re.DOTALL).match(text, place)
        if not opening:
            return
        values, place = _values(text, opening.end(), stop=re.compile(r"\)"))
        place += 1
        yield _row(table, columns, values, places, {})


def _row(table: str, columns: list[str], values: list[tuple[str, int]], places: _LineNumbers, keys: dict) -> Row:
    names = columns if len(columns) == len(values) else [f"column{i}" for i in range(len(values))]
    row = Row(table, keys=keys)
    for name, (value, place) in zip(names, values, strict=True):
        row.values[name] = value
        row.lines[name] = places.of(place)
    return row


def _updated(clause: str, start: int, table: str, places: _LineNumbers) -> Row:
    row = Row(table)
    assigned, _, where = (
        re.split(r"\b(where)\b", clause, maxsplit=1, flags=re.IGNORECASE)
        if re.search(r"\bwhere\b", clause, re.I)
        else (clause, "", "")
    )
    for match in _WHERE.finditer(assigned):
        row.values[match[1]] = _unescaped(match[2]) if match[2] is not None else match[3]
        row.lines[match[1]] = places.of(start + match.start())
    row.keys = {name: quoted or number for name, quoted, number in _WHERE.findall(where)}
    return row


def _values(text: str, place: int, *, stop: re.Pattern) -> tuple[list[tuple[str, int]], int]:
    """The values from a place on, each with where it begins, up to the stop; and where that is."""
    values: list[tuple[str, int]] = []
    while place < len(text):
        space = re.compile(r"[\s,]*").match(text, place)
        place = space.end()
        if stop.match(text, place) or place >= len(text):
            break
        quoted = re.compile(r"N?'((?:[^'\\]|\\.|'')*)'", re.DOTALL).match(text, place)
        if quoted:
            values.append((_unescaped(quoted[1]), place))
            place = quoted.end()
            continue
        bare = re.compile(r"[^,;()']+(?:\([^()]*\))?|.", re.DOTALL).match(text, place)
        values.append((bare[0].strip(), place))
        place = bare.end()
    return values, place


def _end_of_statement(text: str, place: int) -> int:
    end = text.find(";", place)
    return end if end >= 0 else len(text)


def _unescaped(text: str) -> str:
    return text.replace("''", "'").replace("\\'", "'").replace('\\"', '"')
