"""Tables as csv that Excel opens in Thai and in which no cell runs."""

import csv
from collections.abc import Iterable
from io import StringIO

_RUNS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula


def harmless(cell):
    """A cell that no spreadsheet takes for a formula: numbers stay numbers, nothing is '', the rest is text."""
    if cell is None:
        return ""
    if isinstance(cell, int | float):
        return cell
    text = str(cell)
    return f"'{text}" if text.startswith(_RUNS) else text


def csv_text(rows: Iterable[Iterable]) -> str:
    """The rows as csv, every cell harmless, with the mark by which Excel knows that it is UTF-8."""
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()
