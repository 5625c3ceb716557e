"""Identifiers of persons and schools: 13-digit ID, G-code, school codes.

Source: the Department of Provincial Administration's check-digit rule; G-code: 'G' and 12 digits, issued to pupils
without civil registration (no check rule is known, so none is applied).
"""

import re
from operator import mul

from khet.kit.thai import arabic_digits, tidy

NATIONAL_ID = re.compile(r"[0-9]{13}")
GCODE = re.compile(r"G[0-9]{12}")
SCHOOL_CODE = re.compile(r"[0-9]{8}")
_WEIGHTS = range(13, 1, -1)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.I)


def check_digit(first_twelve: str) -> int:
    """The thirteenth digit of a national ID: (11 − Σ dᵢ·(14 − i) mod 11) mod 10."""
    return (11 - sum(map(mul, map(int, first_twelve), _WEIGHTS)) % 11) % 10


def is_national_id(text: str) -> bool:
    """Thirteen digits whose last one checks."""
    return bool(NATIONAL_ID.fullmatch(text)) and check_digit(text[:12]) == int(text[12])


def clean_person_id(text: str) -> tuple[str, str]:
    """(kind, identifier) of a cell: kind is national_id, gcode, passport-like 'other', or '' when empty.

    raises ValueError for what a spreadsheet has damaged (1.23457E+12) and for thirteen digits that fail the check:
           such a number must be mended at its source, never guessed.
    """
    if is_national_id(text):  # nearly every cell of an export
        return "national_id", text
    plain = re.sub(r"[\s\-']", "", arabic_digits(tidy(text))).upper()
    if not plain:
        return "", ""
    if SCIENTIFIC.fullmatch(plain):
        raise ValueError(
            "the number was shortened by the spreadsheet; format the column as text and paste the 13 digits again"
        )
    if plain.endswith(".0") and plain[:-2].isdecimal():
        plain = plain[:-2]
    if GCODE.fullmatch(plain):
        return "gcode", plain
    if plain.isdecimal():
        # A leading 0 (persons without status) is lost where the column is numeric.
        if len(plain) == 12 and is_national_id("0" + plain):
            plain = "0" + plain
        if len(plain) != 13:
            raise ValueError(f"an ID has 13 digits, this one {len(plain)}; correct it at its source")
        if not is_national_id(plain):
            raise ValueError("the last digit does not fit the others; check the ID against the house registration")
        return "national_id", plain
    return "other", plain


def mask(identifier: str) -> str:
    """An identifier that may be shown in a list: 1-xxxx-xxxxx-12-3, Gxxxxxxxxx123."""
    if NATIONAL_ID.fullmatch(identifier):
        return f"{identifier[0]}-xxxx-xxxxx-{identifier[10:12]}-{identifier[12]}"
    return identifier[:1] + "x" * max(len(identifier) - 4, 0) + identifier[-3:] if len(identifier) > 4 else "xxxx"


def clean_school_code(text: str) -> str:
    """The 8-digit code of a cell ('' when empty). Raises ValueError when it is something else."""
    plain = re.sub(r"[\s'\-]", "", arabic_digits(tidy(text)))
    plain = plain.removesuffix(".0")
    if plain and not SCHOOL_CODE.fullmatch(plain):
        raise ValueError(f"a school code has 8 digits, this is '{plain}'")
    return plain
