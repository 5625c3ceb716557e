"""Thai letters as damaged pages carry them: what is seen, what is compared, what was probably meant."""

import re
from dataclasses import dataclass
from functools import lru_cache

# Invisible: zero-width characters, direction marks, soft hyphen, byte-order mark, object replacement.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufffc\x00-\x08\x0e-\x1f\x7f]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x0b\x0c\x85\u2028\u2029]")
# Thai fonts of Windows and Macintosh keep lowered and shifted marks in the private area; PDFs hand them out as such.
_PRIVATE = dict(zip(range(0xF700, 0xF71B), "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", strict=True))
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")
_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_DROPPED = frozenset(
    "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e\u0e2f"
)
# "หน้า" before a page number, its tone mark lost or its sara a typed as sara am.
PAGE = "(?:หน[\u0e48-\u0e4b]?[าำ]|page|p\\.)"
# A line that is only a page's number, its digits Arabic: "- 3 -", "หน้าที่ 3", "3 จาก 12".
PAGE_MARK = re.compile(rf"[-–—\s]*{PAGE}?(?:ที่)?\s*\d{{1,3}}\s*(?:(?:จ[าำ]ก|/|of)\s*\d{{1,3}})?[-–—\s]*", re.IGNORECASE)
_SPACE_RUN = re.compile(r"\s+")


def visible(line: str) -> str:
    """The line as a person sees it: nothing invisible, every space a plain one (tabs stay), no private glyphs."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", line)).translate(_PRIVATE).rstrip("\r\n")


def arabic(text: str) -> str:
    """The text with Thai digits written as 0–9."""
    return text.translate(_DIGITS)


def thai_number(number: int) -> str:
    """The number in Thai digits."""
    return str(number).translate(_THAI_DIGITS)


def tidy(text: str) -> str:
    """The text with single spaces and none at its ends; its letters as written."""
    return _SPACE_RUN.sub(" ", text).strip()


def is_thai(char: str) -> bool:
    """True for a Thai letter, vowel or mark (not a digit)."""
    return bool(_THAI.match(char))


def width(text: str) -> int:
    """How many columns the text takes: marks above and below take none."""
    return len(text) - len(_MARK.findall(text))


def has_letters(text: str, least: int = 1) -> bool:
    """True when at least so many letters, Thai or other, stand in the text."""
    return sum(1 for char in text if char.isalpha()) >= least


@dataclass(frozen=True, slots=True)
class Bones:
    """A text reduced to what survives bad fonts: consonants, leading vowels, a, Latin letters and digits.

    Marks above and below, spaces and punctuation are gone; sara am is sara a, so the split, decomposed and mistyped
    forms of it all meet. `ends[i]` is the place in the text just behind the i-th kept letter and its marks.
    """

    text: str
    letters: str
    ends: tuple[int, ...]

    def rest(self, count: int) -> str:
        """The text behind its first `count` kept letters."""
        return self.text[self.ends[count - 1] :] if count else self.text


@lru_cache(maxsize=20_000)
def bones(text: str) -> Bones:
    """The text's Bones; two sara e typed for sara ae are one letter."""
    letters: list[str] = []
    ends: list[int] = []
    for place, char in enumerate(text):
        kept = _kept(char)
        if kept == "เ" and text[place - 1 : place] == "เ" and letters[-1] == "เ":
            letters[-1], ends[-1] = "แ", place + 1
        elif kept:
            letters.append(kept)
            ends.append(place + 1)
        elif ends and char in _DROPPED:
            # A mark belongs to the letter before it, even behind a stray space.
            ends[-1] = place + 1
    return Bones(text, "".join(letters), tuple(ends))


def _kept(char: str) -> str:
    if "\u0e01" <= char <= "\u0e2e" or "\u0e40" <= char <= "\u0e44" or char in "ะา":
        return char
    if char in "ำๅ":
        return "า"
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    return char.translate(_DIGITS) if "๐" <= char <= "๙" else ""


def skeleton(text: str) -> str:
    """Only the letters of the text's Bones: the key under which damaged spellings meet."""
    return bones(text).letters


_TONES = str.maketrans(dict.fromkeys("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e") | {"ำ": "า", "ๅ": "า"})


@lru_cache(maxsize=20_000)
def toneless(text: str) -> str:
    """The text's letters and vowels without tone marks, silencers, spaces between Thai letters and case.

    Short words are compared so: by their Bones too many would meet (สู่ and ส).
    """
    plain = arabic(text).translate(_TONES).replace("เเ", "แ").lower()
    return re.sub("(?<=[\u0e01-\u0e4e])\\s+(?=[\u0e01-\u0e4e])", "", plain).strip()


def one_apart(left: str, right: str) -> bool:
    """True when one letter put in, left out, changed or swapped makes the two equal, and they are not equal."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    a, b = left[start:], right[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def loosely(phrase: str) -> str:
    """A pattern for the phrase that forgives lost, added or swapped marks and sara am for sara a."""
    marks = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"
    return "".join(("[าำ]" if char == "า" else re.escape(char)) + marks for char in skeleton(phrase))


_EDGES = " \t\"'“”‘’„‟«»`´＂"


def unquoted(text: str) -> str:
    """The text without quotation marks around it."""
    return text.strip(_EDGES)


_AM_FOR_AA = re.compile("[ก-ฮ]ำ[ก-ฮเ-ไ]")
# Signs that a whole document writes sara am where sara a belongs: words no one spells so (การ ความ ศึกษา สถาน งาน ทาง).
_AM_SIGNS = re.compile("กำร|ควำม|ศึกษำ|สถำ|งำน|ทำง|พัฒนำ|ประสงค์ำ|ชำติ|ภำพ|ด้ำน|ตำม")


def mended(text: str) -> str:
    """The text as its writer meant it, where the damage is of a known kind.

    Composes sara am, closes it up when split from its letter, puts a mark typed before its vowel behind it, drops
    doubled marks, and (word by word, by the dictionary) undoes sara am typed for sara a. Lost tone marks stay lost:
    guessing them would change words.
    """
    text = tidy(visible(text)).replace("เเ", "แ")
    text = re.sub("([ก-ฮ][\u0e48-\u0e4b]?) ?\u0e4d ?\u0e32", "\\1\u0e33", text)
    text = re.sub("([ก-ฮ][\u0e48-\u0e4b]?) (\u0e33)", r"\1\2", text)
    text = re.sub("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a])", r"\2\1", text)
    text = re.sub("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+", r"\1", text)
    text = re.sub(r"(?<=[ก-ฮ]) (?=[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])", "", text)
    text = _with_am_where_split(text)
    return _without_false_am(text) if _AM_SIGNS.search(text) else text


_SPLIT_AM = re.compile("([ก-ฮ][\u0e48-\u0e4b]?) า(?=[ก-ฮเ-ไ\\s]|$)")


def _with_am_where_split(text: str) -> str:
    """'ส า' is what some PDFs make of 'สำ': no Thai word begins with sara a, so a lone one always was sara am."""
    return _SPLIT_AM.sub("\\1\u0e33", text)


def _without_false_am(text: str) -> str:
    words = dictionary()
    if not words:
        return text
    return re.sub("[\u0e01-\u0e3a\u0e40-\u0e4e]+", lambda run: _best_reading(run[0], words), text)


def _best_reading(run: str, words: frozenset[str]) -> str:
    """The run of Thai letters cut into dictionary words, reading sara am as sara a where only that gives a word.

    The cheapest cut wins: a word costs 1, a word reached by changing sara am 1.1, a letter in no word 3.
    """
    best: list[tuple[float, str]] = [(0.0, "")] + [(float("inf"), "")] * len(run)
    for start in range(len(run)):
        cost, done = best[start]
        if cost == float("inf"):
            continue
        for end in range(start + 1, min(len(run), start + 20) + 1):
            piece = run[start:end]
            for reading, price in ((piece, 1.0), (piece.replace("ำ", "า"), 1.1)):
                price = price if reading in words else 3.0 * (end - start) if end == start + 1 else None
                if price is not None and cost + price < best[end][0]:
                    best[end] = (cost + price, done + reading)
    return best[-1][1]


@lru_cache(maxsize=1)
def dictionary() -> frozenset[str]:
    """The Thai words PyThaiNLP knows; empty when it is not installed."""
    try:
        from pythainlp.corpus import thai_words
    except ImportError:
        return frozenset()
    return frozenset(thai_words())
