"""Forms of a written value under which spellings meet: names, dates, numbers, places.

Each works on one value and is called once for each distinct one. Thai letters are recoded to one byte each, for DuckDB
compares strings byte by byte and the three bytes of a Thai letter would make any two Thai names look alike.
"""

import re
import unicodedata
from functools import cache

from khet.kit.thai import (
    arabic_digits,
    fold,
    fold_loosely,
    heard,
    latin_sound,
    skeleton,
    sound_class,
    tidy,
    without_prefix,
)

# Each letter that is left after `heard` or a loose folding gets a sign or a capital.
_LETTERS = [*(chr(n) for n in range(0xE01, 0xE2F) if n not in (0xE03, 0xE05)), *"ะัาำิีึืุูเแโไ"]
_SIGNS = [chr(n) for n in range(33, 127) if not chr(n).islower() and not chr(n).isdigit()]
CODE = dict(zip(_LETTERS, _SIGNS, strict=True))
_CODE = str.maketrans(CODE)
_NO_LETTER = re.compile(r"[^\w\u0e00-\u0e7f]+|[\d_]+")
_TITLES = re.compile(
    r"^(?:mr|mrs|ms|miss|master|dr|sir|lady|lord|rev|prof|herr|frau)\b\.?\s+(?=\S)", re.I
)  # fmt: skip
# What is written where a name is not known; found in lists of every kind.
_NOTHING = frozenset(
    fold(word)
    for word in (
        "-",
        "ไม่ทราบ",
        "ไม่มี",
        "ไม่มีข้อมูล",
        "ไม่ระบุ",
        "unknown",
        "n/a",
        "na",
        "nan",
        "null",
        "nil",
        "none",
        "not known",
    )
)
PLACEHOLDERS = _NOTHING | frozenset(
    fold(word) for word in (
        "-", "--", "ไม่ทราบ", "ไม่ทราบชื่อ", "ไม่ปรากฏ", "ไม่ปรากฏชื่อ", "ไม่ปรากฏนามสกุล", "ไม่มี", "ไม่มีชื่อ",
        "ไม่มีนามสกุล", "ไม่มีชื่อสกุล",
        "ไม่ระบุ", "ไม่ระบุชื่อ", "นามสมมุติ", "นามสมมติ", "ทารก", "เด็กชาย", "เด็กหญิง", "ด.ช.", "ด.ญ.", "บุตร",
        "ยังไม่ตั้งชื่อ", "ไร้นาม", "ไร้ชื่อ",
        "unknown", "n/a", "na", "nan", "none", "null", "nil", "no name", "noname", "not known", "not stated",
        "baby", "infant",
        "test", "missing", "unnamed", "?", "x", "xx", "xxx", "no last name", "no surname", "fnu", "lnu",
    )
)  # fmt: skip


def coded(text: str) -> str:
    """The text with each Thai letter as one byte."""
    return text.translate(_CODE)


def is_empty(text: str) -> bool:
    """Whether the cell only says that nothing is known."""
    return fold(text) in _NOTHING or not fold(text)


def name_forms(text: str, both_scripts: bool = True) -> tuple[str, str, str, str] | None:
    """(plain, loose, sound, skeleton) of one name, None when it is missing or a placeholder.

    plain     folded, prefix off
    loose     also without tone marks, silenced letters and accents, like-sounding letters as one; one byte a letter
    sound     a coarse key of how it is heard
    skeleton  its consonants in Latin letters, the same for a Thai name and for its transliteration; if `both_scripts`
    """
    bare = without_prefix(text)
    if not bare.isalpha() or bare.isascii():
        bare = _TITLES.sub("", _unaccented(bare))
    plain = _NO_LETTER.sub("", bare.casefold())
    if not plain or plain in PLACEHOLDERS or fold(text) in PLACEHOLDERS:
        return None
    loose = heard(plain)
    is_thai = "\u0e01" <= plain[0] <= "\u0e4e"
    key = sound_class(loose) if is_thai else latin_sound(plain)
    return plain, coded(loose), key, skeleton(plain) if both_scripts else None


def _unaccented(text: str) -> str:
    if not text or text.isascii() or "\u0e00" <= text[0] <= "\u0e7f":
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_PLACE_WORD = re.compile(
    r"^(?:ตำบล|แขวง|อำเภอ|กิ่งอำเภอ|เขต|จังหวัด|หมู่ที่|หมู่|ถนน|ซอย|บ้านเลขที่|ต\.|อ\.|จ\.|ม\.|ถ\.|ซ\.|"
    r"street|road|moo|tambon|amphoe|changwat)\s*(?=\S)",
    re.I,
)


def text_form(text: str) -> str | None:
    """The key of a place, an occupation or any other words: folded loosely, ตำบล, อ. and the like off."""
    bare = _PLACE_WORD.sub("", tidy(text))
    key = fold_loosely(_unaccented(bare)) if bare else ""
    return coded(key.replace("ใ", "ไ")) if key and key not in _NOTHING else None


def number_form(text: str) -> str | None:
    """The letters and digits of an identifier or a telephone number; None where there is none."""
    key = re.sub(r"[\W_]+", "", arabic_digits(tidy(text))).upper().removesuffix(".0")
    if re.fullmatch(r"\d+\.0", text.strip()):
        key = text.strip()[:-2]
    return key if key and len(set(key)) > 1 else None


def id_form(text: str) -> str | None:
    """A personal number; None for one that only fills the field: too short, or one digit all along."""
    key = number_form(text)
    return key if key and len(key) >= 5 and len(set(key[:-1])) > 1 else None


def phone_form(text: str) -> str | None:
    """The last nine digits of a telephone number, the same with 0, 66 or +66 before them."""
    digits = re.sub(r"\D", "", arabic_digits(text))
    return digits[-9:] if len(digits) >= 6 and len(set(digits[-8:])) > 1 else None


def email_form(text: str) -> str | None:
    key = tidy(text).casefold().replace(" ", "")
    return key if "@" in key[1:] else None


def sex_of_name(text: str) -> str | None:
    """m or f by the prefix that stands before a full name."""
    bare = tidy(text)
    prefix = bare.removesuffix(without_prefix(bare)).strip() or (bare.split(" ")[0] if _TITLES.match(bare) else "")
    return sex_form(prefix) if prefix else None


def sex_form(text: str) -> str | None:
    """m or f of a word in Thai or English; None for anything else."""
    return _SEXES.get(fold(text))


_SEXES = {
    fold(word): sex
    for sex, words in {
        "m": ("m", "male", "man", "boy", "ช", "ชาย", "ด.ช.", "เด็กชาย", "นาย", "mr", "mr.", "master", "สามเณร",
        "พระ", "1"),
        "f": ("f", "female", "woman", "girl", "ญ", "หญิง", "ด.ญ.", "เด็กหญิง", "นาง", "นางสาว", "น.ส.", "mrs",
        "mrs.", "ms", "miss", "w", "2"),
    }.items()
    for word in words
}  # fmt: skip


@cache
def _months() -> dict[str, int]:
    from khet.kit.periods import MONTHS_EN, MONTHS_EN_SHORT, MONTHS_TH, MONTHS_TH_SHORT

    lists = (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, MONTHS_EN_SHORT)
    return {fold(name): number for names in lists for number, name in enumerate(names, start=1)}


_PARTS = re.compile(r"\d+|[^\d\s/,-]+")


def date_form(text: str, month_first: bool = False) -> tuple[int | None, int | None, int | None] | None:
    """(year C.E., month, day) of a written date, each None where it is not given; None where there is no year.

    month_first  12/31/2010 instead of 31/12/2010, as the column as a whole shows
    """
    plain = re.sub(r"[T ]\d{1,2}:\d\d.*$", "", arabic_digits(tidy(text)))
    if len(plain) == 8 and plain.isdecimal():
        return _from_eight(plain)
    parts = [_part(part) for part in _PARTS.findall(plain)]
    numbers = [part for part in parts if part is not None]
    if not numbers or len(numbers) > 3:
        return None
    at = next((i for i, n in enumerate(numbers) if n > 31), len(numbers) - 1 if len(numbers) == 3 else None)
    if at is None:
        return None
    year = common_year(numbers.pop(at))
    if at == 0:  # 2010-12-31
        numbers = numbers[::-1]
    day, month = numbers if len(numbers) == 2 else [None, *numbers] if numbers else (None, None)
    if len(numbers) == 2 and at != 0 and month_first and not _month_in_words(plain):
        day, month = month, day
    return _checked(year, month, day)


def writes_month_first(values: list[str]) -> bool:
    """Whether a column writes 12/31/2010: whether its second number goes beyond twelve more often than its first."""
    pairs = [found.groups() for value in values if (found := re.match(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ]\d", value))]
    return sum(int(b) > 12 for _a, b in pairs) > sum(int(a) > 12 for a, _b in pairs)


def _month_in_words(text: str) -> bool:
    return any(not part[0].isdigit() and part.rstrip(".") and fold(part) in _months() for part in _PARTS.findall(text))


def _part(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 5 else _months().get(fold(text))


def _from_eight(digits: str):
    first, last = int(digits[:4]), int(digits[4:])
    if 1200 <= first <= 2700 and (int(digits[4:6]) <= 12 or not 1200 <= last <= 2700):
        return _checked(common_year(first), int(digits[4:6]), int(digits[6:]))
    return _checked(common_year(last), int(digits[2:4]), int(digits[:2])) if 1200 <= last <= 2700 else None


def common_year(year: int) -> int:
    """A year of either era as C.E.; two digits are the end of a Buddhist year up to now, else of a Christian one."""
    if year >= 2300:
        return year - 543
    return year + 1900 if year < 100 else year


def _checked(year, month, day):
    if year is None or not 1000 <= year <= 2200:
        return None
    month, day = month or None, day or None  # 00/00/2555: only the year is known
    if month and month > 12 and day and day <= 12:
        month, day = day, month
    return year, month, day  # a thirteenth month stays: its digits still tell whose birth date was mistyped
