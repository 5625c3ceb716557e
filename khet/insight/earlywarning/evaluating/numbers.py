"""Cells as numbers: Thai digits, thousands, decimal commas, percent signs, days in Buddhist or Christian years."""

import re
from datetime import date

import numpy as np

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙−", "0123456789-")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?%?$")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?$")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+$")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})([ T].*)?$")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
# Of a hundred cells so many must be numbers; the others are then taken as empty (typing errors, "n/k").
MOSTLY = 0.98
BUDDHIST = 543
LARGEST = 1e15  # beyond it a cell holds no measurement (an identifier, a broken export), and sums would overflow


def arabic(text: str) -> str:
    """The text with Thai digits written as 0–9."""
    return text.translate(_DIGITS)


def number(text: str) -> float | None:
    """The number a cell holds, or None: "๑,๒๓๔" → 1234, "12,5" → 12.5, "45%" → 45."""
    text = arabic(text).strip()
    if _NUMBER.match(text):
        value = float(text.rstrip("%"))
        return value if abs(value) < LARGEST else None
    if _THOUSANDS.match(text):
        return float(text.replace(",", ""))
    if _DECIMAL_COMMA.match(text):
        return float(text.replace(",", "."))
    return None


def day(text: str) -> float | None:
    """A day as a number that grows with time, or None."""
    text = arabic(text).strip()
    if found := _ISO_DAY.match(text):
        year, month, day_ = int(found[1]), int(found[2]), int(found[3])
    elif found := _DAY.match(text):
        year, month, day_ = int(found[3]), int(found[2]), int(found[1])
    else:
        return None
    try:
        return float(date(year - BUDDHIST * (year > 2400), month, day_).toordinal())
    except ValueError:
        return None


def as_numbers(levels: list[str], counts: np.ndarray) -> np.ndarray | None:
    """Each level as a number (nan where it is none); None when too few rows hold one."""
    for read in (number, day):
        found = np.array([np.nan if (value := read(level)) is None else value for level in levels], dtype=float)
        known = counts[~np.isnan(found)].sum()
        if known and known >= MOSTLY * counts.sum():
            return found
    return None
