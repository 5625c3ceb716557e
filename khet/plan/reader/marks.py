"""List marks: numbers, letters and bullets before an item, alone on a line or run together on one."""

import re
import unicodedata
from dataclasses import dataclass

from khet.plan.reader.letters import arabic, is_thai
from khet.plan.reader.words import words

# Glyphs that only ever stand before an item; the weak ones are also punctuation inside a text.
_BULLETS = "•●○◦▪▫■□◆◇❖➢➤►▶▸‣⁃·∙✓✔✦✧★☆→⇒§Ø\u00fc\u27a2"
_WEAK_BULLETS = "-–—*+~»›"
_NUMBER = re.compile(
    r"(?P<word>ข้?อ(?:ที่?)?\s*)?(?P<open>[(\[])?\s*(?P<number>[1-9]\d?(?:\.\d{1,2})*)"
    r"(?:\s*(?P<close>\.\)|[.)\]:](?!\d)|[-–—](?=\s|[ก-๙])|[/,](?=\s)))?(?P<space>\s*)"
)
_LETTER = re.compile(r"[(\[]?(?P<letter>[A-Ha-hก-ฮ])[.)\]]\s*(?=\S)")
_CODE = re.compile(r"[A-Z]{1,3}\.?\s?(?P<number>[1-9]\d?)\s*(?:[:.)]|[-–—](?=\s))\s*(?=\S)")
_ROMAN = re.compile(r"[(\[]?(?P<roman>(?:x{0,1}(?:ix|iv|v?i{0,3}))|(?:X{0,1}(?:IX|IV|V?I{0,3})))[.)\]]\s+(?=\S)")
_MISTAKEN_ONE = re.compile(r"[l|](?P<close>[.)])\s*(?=[ก-๙])")  # what a scanner makes of "1."
_THAI_WORD = re.compile("[ก-ฮเ-ไ][\u0e01-\u0e4e]{3,}")
_THAI_ORDER = "กขคงจฉชซฌญ"
_ROMANS = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"]
# A number behind one of these belongs to the text: ศตวรรษที่ 21, เขต 2, ม. 3, ร้อยละ 80 ...
_NUMBER_TAKERS = re.compile(
    "(?:" + "|".join(re.escape(word) for word in words().raw["number_takers"]) + r"|[=:<>≥≤])\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Marker:
    """What stands before an item.

    style    its shape: "1.", "1)", "(1)", "1:", "1", "ข้อ1", "a", "i", or the bullet itself
    number   its number, () for a bullet; (1, 2) for 1.2
    """

    style: str
    number: tuple[int, ...] = ()
    written: str = ""

    @property
    def is_number(self) -> bool:
        return bool(self.number) and self.style not in ("a", "i")

    @property
    def is_sure(self) -> bool:
        """False for marks that may be text: a number without punctuation, a lone letter."""
        return self.style not in ("1", "a", "i")

    @property
    def depth(self) -> int:
        return len(self.number)

    def follows(self, other: "Marker") -> bool:
        """True when this mark is the next number after the other, whatever its shape."""
        return (
            bool(self.number)
            and self.number[:-1] == other.number[:-1]
            and self.number[-1] == (other.number or (0,))[-1] + 1
        )


def split_marker(text: str) -> tuple[Marker | None, str]:
    """The mark the text begins with, and the text behind it. (None, text) when there is none."""
    text = text.lstrip()
    if not text:
        return None, text
    plain = arabic(text).replace("\ufe0f", " ").replace("\u20e3", ".")
    readers = (_number, _coded, _circled, _bullet, _letter)
    return next((found for read in readers if (found := read(plain, text))), (None, text))


def _number(plain: str, text: str):
    found = _NUMBER.match(plain)
    if not found:
        return None
    number = tuple(int(part) for part in found["number"].split("."))
    body = text[found.end() :]
    close = found["close"] or ""
    if found["open"] and not close:
        return None
    after = body[:1]
    if not close and not found["space"] and after and not (found["word"] or len(number) > 1):
        # 3R8C, 5ส, 21st are words; "2พัฒนา…" may have lost its full stop
        return (Marker("1", number, plain[: found.end()].strip()), body.strip()) if _THAI_WORD.match(body) else None
    if not close and not found["space"] and after and not is_thai(after):
        return None
    if any(part > 60 for part in number) or (len(number) > 1 and number[-1] == 0):
        return None
    if after == "%" or (not close and after and after in "+-–/="):
        return None  # 80%, 6-15 years
    style = _style(found, close, number)
    return Marker(style, number, plain[: found.end()].strip()), body.strip()


def _style(found, close: str, number: tuple) -> str:
    if found["word"]:
        return "ข้อ1"
    if found["open"]:
        return "(1)"
    if close in (".)", ")", "]"):
        return "1)"
    if close == ".":
        return "1."
    if close in (":", "-", "–", "—", "/", ","):
        return "1:"
    return "1." if len(number) > 1 else "1"


def _coded(plain: str, text: str):
    """ "M1 : …", "SO2. …": a letter or three and a number."""
    found = _CODE.match(plain)
    return (Marker("A1", (int(found["number"]),), found[0].strip()), text[found.end() :].strip()) if found else None


def _circled(_plain: str, text: str):
    kind = unicodedata.category(text[0])
    if kind in ("No",):
        value = unicodedata.numeric(text[0], 0)
        if value and value == int(value) and unicodedata.normalize("NFKC", text[0]) not in "²³¹":
            return Marker("①", (int(value),), text[0]), text[1:].strip(" .:)-\t")
    return None


def _bullet(_plain: str, text: str):
    char, rest = text[0], text[1:]
    if char in _BULLETS or (unicodedata.category(char) in ("So", "Co") and char not in "©®℗"):
        return Marker(char, (), char), _behind_bullets(rest)
    if char in _WEAK_BULLETS and rest.strip() and not rest.startswith(char):
        return Marker("-" if char in "-–—" else char, (), char), rest.strip()
    if char == "." and re.match(r"\s*[\u0e01-\u0e4e]", rest):
        return Marker(".", (), char), rest.strip()  # a list whose numbers were lost
    if char in "ov" and re.match(r"\s+[\u0e01-\u0e4e\"“]", rest):
        return Marker(char, (), char), rest.strip()
    return None


def _behind_bullets(rest: str) -> str:
    return rest.lstrip(" \t\ufe0f" + _BULLETS).strip()


def _letter(plain: str, text: str):
    mistaken = _MISTAKEN_ONE.match(plain)
    if mistaken:
        return Marker(f"1{mistaken['close']}", (1,), mistaken[0].strip()), text[mistaken.end() :].strip()
    roman = _ROMAN.match(plain)
    if roman and roman["roman"]:
        value = roman["roman"].lower()
        if value in _ROMANS:
            return Marker("i", (_ROMANS.index(value) + 1,), roman[0].strip()), text[roman.end() :].strip()
    found = _LETTER.match(plain)
    if not found:
        return None
    letter = found["letter"].lower()
    place = _THAI_ORDER.find(letter) if is_thai(letter) else "abcdefgh".find(letter)
    if place < 0:
        return None
    return Marker("a", (place + 1,), found[0].strip()), text[found.end() :].strip()


def takes_number(text: str) -> bool:
    """True when a number behind the text would belong to it: "… ร้อยละ", "… ศตวรรษที่"."""
    return bool(_NUMBER_TAKERS.search(text))


def split_run(marker: Marker, body: str, *, before: tuple[int, ...] | None = None) -> list[tuple[Marker, str]]:
    """The items of "1) … 2) … 3) …" written on one line, of which `marker` and `body` are the first.

    before   the number of the item that follows below: a run reaching it was an enumeration inside this item.
    """
    if marker.style in _BULLETS:
        parts = [part.strip() for part in body.split(marker.style)]
        return [(marker, part) for part in parts if part] or [(marker, body)]
    if not marker.is_number:
        return [(marker, body)]
    parts, plain, start, current = [], arabic(body), 0, marker
    while place := _next_mark(current, plain, start):
        parts.append((current, body[start : place.start()].strip()))
        current = Marker(current.style, (*current.number[:-1], current.number[-1] + 1), place[0].strip())
        start = place.end()
    parts.append((current, body[start:].strip()))
    if before and len(parts) > 1 and any(number == before for number in (m.number for m, _ in parts[1:])):
        return [(marker, body)]
    return parts


def _next_mark(current: Marker, plain: str, start: int):
    number = re.escape(".".join(map(str, (*current.number[:-1], current.number[-1] + 1))))
    shape = {
        "1)": rf"(?<![\d.])\(?{number}\s*\.?\)\s*(?=\S)",
        "(1)": rf"(?<![\d.])\(?\s*{number}\s*\)\s*(?=\S)",
        "1.": rf"(?<=[\s\"”)]){number}\.(?!\d)\s*(?=\S)"
        if current.depth == 1
        else rf"(?<=[\s\"”)]){number}\.?\s+(?=\S)",
        "1:": rf"(?<=\s){number}\s*[:\-–—]\s*(?=\S)",
        "ข้อ1": rf"ข้อ(?:ที่)?\s*{number}\s*[.:)\-]?\s*(?=\S)",
        "①": rf"{chr(0x2460 + current.number[-1])}\s*",
    }.get(current.style)
    if not shape:
        return None
    places = re.compile(shape).finditer(plain, start)
    return next((place for place in places if not _NUMBER_TAKERS.search(plain[start : place.start()])), None)
