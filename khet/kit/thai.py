"""Thai text: digits, invisible characters, folding for comparison and search, names, sort order."""

import re
import unicodedata
from functools import lru_cache

_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# Zero-width characters and the byte-order mark; soft hyphen. Spreadsheets and web pages carry them along unseen.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_TONES_AND_SILENCERS = re.compile("[\u0e47-\u0e4e]")
# What is stacked on a consonant: vowels first, then tone mark or silencer, whatever order they were typed in (ท่ี → ที่)
_STACK = re.compile("[\u0e31\u0e34-\u0e3a\u0e48-\u0e4c]{2,}")
_STACKED_VOWEL = re.compile("[\u0e31\u0e34-\u0e3a]")
_REPEATED_MARK = re.compile("([\u0e48-\u0e4e])\\1+")
# nikhahit and sara aa, with the tone mark before, between or absent: one sara am
_SPLIT_SARA_AM = re.compile("([\u0e48-\u0e4b]?)\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_PUNCTUATION = re.compile(r"[^\w\u0e00-\u0e7f]+")
# Signs and orders of signs that tidying may have to mend. Most cells of a file hold none of them, and looking for them
# takes a quarter of the time of mending.
_TO_MEND = re.compile("[^ -~\u0e01-\u0e39\u0e3f-\u0e4c\u0e4f-\u0e5b]")
_MARKS_TO_MEND = re.compile("[\u0e48-\u0e4c][\u0e31\u0e34-\u0e39\u0e48-\u0e4c]")

_PREFIXES = [
    "เด็กชาย", "เด็กหญิง", "นางสาว", "นาย", "นาง", "ด.ช.", "ด.ญ.", "น.ส.", "สามเณร", "พระ",
    "ว่าที่ร้อยตรีหญิง", "ว่าที่ร้อยตรี", "ว่าที่ ร.ต.หญิง", "ว่าที่ ร.ต.", "ดร.", "ผศ.", "รศ.",
]  # fmt: skip
# A prefix is followed by a letter that can begin a name: "นายิกา" and "นาง" alone are names.
_PREFIX = re.compile(
    "^(?:"
    + "|".join(re.escape(prefix) for prefix in sorted(_PREFIXES, key=len, reverse=True))
    + r")\s*(?=[\u0e01-\u0e2e\u0e40-\u0e44a-zA-Z])"
)


def arabic_digits(text: str) -> str:
    """The text with Thai digits written as 0–9."""
    return text.translate(_DIGITS)


def thai_digits(text: str) -> str:
    """The text with 0–9 written as Thai digits (official letters only)."""
    return str(text).translate(_THAI_DIGITS)


def tidy(text: str) -> str:
    """The text as a person sees it: composed, without invisible characters, single spaces, no space at the ends.

    Sara am typed as two characters becomes one; a doubled tone mark becomes single; vowel before tone mark, as typed.
    """
    if _TO_MEND.search(text) or _MARKS_TO_MEND.search(text) or "เเ" in text or "  " in text:
        return _mended(text)
    return text.strip(" ")


def _mended(text: str) -> str:
    text = _INVISIBLE.sub("", text).replace("เเ", "แ")
    text = _SPLIT_SARA_AM.sub(lambda found: f"{found[1]}{found[2]}\u0e33", text)
    text = _STACK.sub(lambda found: _in_order(found[0]), text)
    text = unicodedata.normalize("NFC", _REPEATED_MARK.sub(r"\1", text))
    return _SPACES.sub(" ", text).strip()


def _in_order(stack: str) -> str:
    return "".join(_STACKED_VOWEL.findall(stack)) + _STACKED_VOWEL.sub("", stack)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """A key under which spellings of one text meet: no spaces, punctuation, case, invisible characters; digits 0–9."""
    return _PUNCTUATION.sub("", arabic_digits(tidy(text))).casefold()


@lru_cache(maxsize=200_000)
def fold_loosely(text: str) -> str:
    """`fold` that also drops tone marks and silenced letters' marks: what a damaged page or a hurried typist loses."""
    return _TONES_AND_SILENCERS.sub("", fold(text))


@lru_cache(maxsize=200_000)
def without_prefix(name: str) -> str:
    """A person's name without เด็กชาย, ด.ญ., นาง …"""
    return _PREFIX.sub("", tidy(name))


def name_words(text: str) -> list[str]:
    """The words of a name that is searched for, without its title and folded: each is a part of a `name_key`."""
    return [folded for word in without_prefix(text).split() if (folded := fold_loosely(word))]


def name_key(first_name: str, last_name: str = "") -> str:
    """Search key of a person: both names folded loosely, a bar between."""
    return f"{fold_loosely(without_prefix(first_name))}|{fold_loosely(last_name)}"


# Letters heard alike, as one of them; a name is often written with the other. The steps are few and plain, so that a
# database can take the same ones (registers/linkage/engine/thai_names).
SILENCED = "[ก-ฮ][\u0e34\u0e35\u0e38\u0e39]?\u0e4c"
DOUBLE_RO = "([ก-ฮ])รร([ก-ฮ])"
WRITTEN_OTHERWISE = (("รร", "ัน"), ("ทร", "ซ"), ("ฏฐ", "ฐ"))
HEARD_AS = dict(zip("ฆฅฃฌฎฏฐฑฒณภศษฬญใีืู", "คคขชดตถททนพสสลยไิึุ", strict=True))
UNHEARD = "็่้๊๋์ํ๎"
DOUBLED = "กขคงจชซดตถทนบปผพฟมยรลวสหอ"
_SILENCED, _DOUBLE_RO = re.compile(SILENCED), re.compile(DOUBLE_RO)
_HEARD = str.maketrans(HEARD_AS | dict.fromkeys(UNHEARD))
_DOUBLED = re.compile(f"([{DOUBLED}a-z])\\1")


@lru_cache(maxsize=200_000)
def sound(text: str) -> str:
    """A spelling under which writings of one name meet: ณ as น, ศ ษ as ส, รร as ั, no silenced letters, no tone marks.

    For a text that is not Thai: the text without doubled letters.
    """
    return heard(fold(text))


def heard(folded: str) -> str:
    """`sound` of a text that is folded already."""
    key = _DOUBLE_RO.sub(r"\1ั\2", _SILENCED.sub("", folded))
    for written, otherwise in WRITTEN_OTHERWISE:
        key = key.replace(written, otherwise)
    return _DOUBLED.sub(r"\1", key.translate(_HEARD))


# Classes of letters that a listener takes for each other; the vowels of short and long a are left out.
SOUND_CLASSES = dict(zip("กขคงจฉชซสดตถทนบปผพฝฟมยรลวหฮอิึุเแโไำ", "kkkgcccssttttnppppppmyrrwhhaiiueeoym", strict=True))
UNCLASSED = "ัะาฤฦๅ"
_CLASSES = str.maketrans(SOUND_CLASSES | dict.fromkeys(UNCLASSED))


def sound_class(loose: str) -> str:
    """A coarse key of how a Thai name is heard, from its `sound`."""
    return loose.translate(_CLASSES)


_SOUNDS = [
    (re.compile(pattern), by)
    for pattern, by in (
        ("ph", "f"), ("gh", "g"), ("^kn", "n"), ("^wr", "r"), ("^ps", "s"), ("ck|q|c(?=[^eihy]|$)", "k"),
        ("ch|sh|sch|tsch", "x"),
        ("c(?=[eiy])|z", "s"), ("th", "t"), ("dg|j", "g"), ("w", "v"), ("mac", "mk"), ("(?<!^)h", ""), ("x$|ks", "x"),
    )
]  # fmt: skip
_VOWELS = re.compile("(?<!^)[aeiouy]+")


@lru_cache(maxsize=200_000)
def latin_sound(name: str) -> str:
    """A key of how a name in Latin letters is heard: consonants alone after the first letter, like ones as one."""
    key = fold(name)
    for pattern, by in _SOUNDS:
        key = pattern.sub(by, key)
    return re.sub(r"(.)\1+", r"\1", _VOWELS.sub("", key))[:8]


_LATIN_OF = {
    **dict.fromkeys("กขคฆฃฅ", "K"), **dict.fromkeys("จฉชฌ", "C"), **dict.fromkeys("ดตถทธฎฏฐฑฒ", "T"),
    **dict.fromkeys("บปผพภ", "P"),
    **dict.fromkeys("ฝฟ", "F"), **dict.fromkeys("นณ", "N"), **dict.fromkeys("รลฬฤ", "R"), **dict.fromkeys("ศษสซ", "S"),
    "ง": "G", "ม": "M", "ย": "Y", "ญ": "Y", "ว": "W", "ห": "H", "ฮ": "H", "ำ": "M", "ไ": "Y", "ใ": "Y",
}  # fmt: skip
_LATIN_LETTERS = [
    ("ng", "G"), ("kh", "K"), ("ch", "C"), ("th", "T"), ("ph", "P"), ("sh", "C"), ("ck", "K"), ("ai", "Y"),
    ("ay", "Y"), ("oi", "Y"),
    ("k", "K"), ("g", "K"), ("c", "K"), ("q", "K"), ("j", "C"), ("d", "T"), ("t", "T"), ("b", "P"), ("p", "P"),
    ("f", "F"), ("n", "N"),
    ("r", "R"), ("l", "R"), ("s", "S"), ("z", "S"), ("x", "S"), ("m", "M"), ("y", "Y"), ("w", "W"), ("v", "W"),
    ("h", "H"),
]  # fmt: skip
_LATIN_TOKEN = re.compile("|".join(letters for letters, _sign in _LATIN_LETTERS))


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """The consonants of a name in eleven Latin classes: much the same for สมชาย and for Somchai."""
    if any("\u0e01" <= letter <= "\u0e2e" for letter in name):
        plain = _SILENCED.sub("", fold(name)).replace("ทร", "ซ").replace("ไย", "ไ").replace("รร", "น")
        key = "".join(_LATIN_OF.get(letter, "") for letter in plain)
    else:
        signs = dict(_LATIN_LETTERS)
        key = "".join(signs[token] for token in _LATIN_TOKEN.findall(fold(name)))
    return re.sub(r"(.)\1+", r"\1", key)


def sort_key(text: str) -> str:
    """A key that sorts Thai as a dictionary does: a leading vowel after its consonant, tone marks last."""
    text = tidy(text)
    swapped = re.sub("([\u0e40-\u0e44])([\u0e01-\u0e2e])", r"\2\1", text)
    tones = "".join(_TONES_AND_SILENCERS.findall(swapped))
    return _TONES_AND_SILENCERS.sub("", swapped) + "\u0000" + tones
