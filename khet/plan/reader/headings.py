"""Headings of a plan: which section a line opens, or that it closes the one before."""

import re
from dataclasses import dataclass
from functools import lru_cache

from khet.plan.reader.letters import arabic, bones, has_letters, is_thai, one_apart, skeleton, tidy
from khet.plan.reader.marks import split_marker
from khet.plan.reader.offices import is_area_office, is_office_name, is_other_office
from khet.plan.reader.words import Phrase, words

_SEPARATOR = re.compile(r"\s*(?:[:：=>/|,&+•·»-]|–|—|~|\.{2,})+\s*")
BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]{0,70}(?:[)\]）]|$)")
_YEARS = re.compile(
    r"\s*(?:ของแผน\S*\s*)?(?:ประจำ|ภายใน|ใน|สำหรับ)?\s*(?:ปี)?\s*"
    r"(?:ปี|ปีงบประมาณ|ปีการศึกษา|fiscal year|year)?\s*(?:พ\.?\s?ศ\.?)?\s*"
    r"(?:2[45]\d\d|20\d\d)(?:\s*[-–—/]\s*(?:พ\.?\s?ศ\.?\s*)?\d{2,4})?(?!\d)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s*(?:ระยะ\s*)?(?:[1-9]|[12]\d)\s*(?:ปี|years?)(?![\u0e31-\u0e4e])")
_SECTION_NUMBER = re.compile(
    r"\s*(?:ส่วนที่|บทที่|ตอนที่|หัวข้อที่|section|part|chapter)\s*\d{1,2}(?:\.\d+)*\s*[:.\-–]?\s*", re.IGNORECASE
)
_HEAD_NUMBER = re.compile(r"\s*[#(]?\s*(\d{1,2}(?:\.\d{1,2})*)\s*(?:\)|\.(?!\d)|[:：]|[-–—])?\s*")
_ROMAN_NUMBER = re.compile(r"\s*(IX|IV|V?I{1,3}|V|X)\s*(?:\)|\.|[:：]|[-–—]|\s|$)\s*")
_JOINERS = re.compile(r"\s*(?:และ|กับ|หรือ|and\b|or\b|&|[/,+|:\-–—]|\s)*\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that opens a section, or the title of several.

    kind    vision, missions, values, goals, strategies, tactics, indicators, targets; "title" when several are named
    number  the printed number of a numbered heading ("1", "1.3"), else ""
    rest    content on the heading's own line
    word    the heading as written, without number and content
    columns the sections a title names, in order
    typo    the spelling meant, when the line's own differs by a letter
    """

    kind: str
    rank: int = 0
    number: str = ""
    rest: str = ""
    word: str = ""
    columns: tuple[str, ...] = ()
    typo: str = ""
    strong: bool = False
    sure: bool = True
    owner: str = ""

    @property
    def is_numbered(self) -> bool:
        return bool(self.number)


@lru_cache(maxsize=20_000)
def heading_of(line: str) -> Heading | None:
    """The heading a line is, or None. The line carries no list mark.

    A heading followed, after a space only, by content is `sure` only when its word is strong; the caller weighs it.
    """
    text = tidy(line).strip("*_#| ")
    text = _SECTION_NUMBER.sub("", text, count=1) or text
    if not has_letters(text, 2):
        return None
    picture = words().pictures.get(text.lower())
    if picture:
        return Heading(picture, _rank_of(picture), word=text)
    return _title(text) or _single(text) or _behind_acronym(text) or _misspelt(text)


_ACRONYM = re.compile(r"[A-Z]{2,8}(?:[-. ]\d+)?\s+(?=[A-Za-z])")


def _behind_acronym(text: str) -> Heading | None:
    """ "OBEC Core Values": an office's acronym before a heading that is alone on its line."""
    found = _ACRONYM.match(text)
    heading = _single(text[found.end() :]) if found else None
    return heading if heading and not heading.rest and not heading.is_numbered else None


def _rank_of(kind: str) -> int:
    return {"strategies": 1, "tactics": 3}.get(kind, 0)


def _phrase_at(text: str) -> tuple[Phrase, str] | None:
    """The longest heading phrase the text begins with, and the text behind it."""
    inner = bones(text)
    for phrase in words().phrases:
        if inner.letters.startswith(phrase.letters):
            rest = inner.rest(len(phrase.letters))
            if phrase.letters[-1].isascii() and rest[:1].isascii() and rest[:1].isalpha():
                continue  # "goal" in "goalkeeper"
            return phrase, rest
    return None


def _single(text: str) -> Heading | None:
    found = _phrase_at(text.lstrip("\"'“”‘’"))
    if not found:
        return None
    phrase, rest = found
    numbered = _numbered(text, phrase, rest)
    if numbered:
        return numbered
    if phrase.numbered:
        return None
    word_end = rest
    rest = _without_tails(rest, phrase)
    word = tidy(text[: len(text) - len(word_end)])
    if not has_letters(rest):
        if re.search(r"\d", rest) and not _is_page_number(rest):
            return Heading(phrase.kind, phrase.rank, "", tidy(rest), word, strong=phrase.strong)
        return Heading(phrase.kind, phrase.rank, word=word, strong=phrase.strong)
    if is_area_office(rest) or (phrase.kind in ("vision", "missions", "values", "goals") and is_office_name(rest)):
        return Heading(phrase.kind, phrase.rank, word=word, strong=phrase.strong, owner=tidy(rest))
    owner, rest = _without_owner(rest)
    separator = _SEPARATOR.match(rest)
    if separator and separator[0].strip():
        content = tidy(rest[separator.end() :])
        return Heading(phrase.kind, phrase.rank, "", content, word, strong=phrase.strong, owner=owner)
    if rest[:1].isspace() or rest[:1] in "“\"‘'”«":
        content = rest.strip()
        if phrase.letters.isascii() and content[:1].isascii() and content[:1].isalpha() and not _begins_list(content):
            return None  # "Goal oriented" is a value, not a heading
        sure = phrase.strong or content[:1] in '“"‘«' or _begins_list(content)
        return Heading(phrase.kind, phrase.rank, "", tidy(content), word, strong=phrase.strong, sure=sure)
    if rest[:1].isdigit() and phrase.strong and _begins_list(rest):
        return Heading(phrase.kind, phrase.rank, "", tidy(rest), word, strong=True)
    return None


def _without_owner(rest: str) -> tuple[str, str]:
    """The office named between a heading's word and its colon ("วิสัยทัศน์ สพฐ. : …"), and the text behind it."""
    head, colon, _ = rest.partition(":")
    if colon and head.strip() and (is_area_office(head) or is_other_office(head)):
        return tidy(head), rest[len(head) :]
    return "", rest


def _is_page_number(rest: str) -> bool:
    return bool(re.fullmatch(r"[\s.…\-–_]*\d{1,3}\s*", rest))


def _begins_list(content: str) -> bool:
    marker, body = split_marker(content)
    return bool(marker and marker.is_sure and body)


def _numbered(text: str, phrase: Phrase, rest: str) -> Heading | None:
    """A heading with its own number: "กลยุทธ์ที่ 1 …", "Strategy 2: …"."""
    number, behind, led = _number_behind(rest)
    if not number:
        return None
    if not led:
        # "ตัวชี้วัด 1) …" opens a list; only levels of the plan are numbered without "ที่", and never as a list is
        marker, _ = split_marker(rest)
        run_on = re.search(r"(?:^|\s)2[.)]\s*\S", arabic(behind))
        if phrase.rank == 0 and not (
            phrase.letters.isascii() and re.match(r"\s*#?\d+(?:\.\d+)*\s*[:：]", arabic(rest))
        ):
            return None
        if marker and marker.style in ("1)", "(1)", "1.") and "." not in number and run_on:
            return None
        if words().starts("counted_tails", skeleton(behind)) and not has_letters(_without_counted(rest)[:1]):
            return None  # "กลยุทธ์ 4 ข้อ"
        if _SPAN.match(arabic(rest)):
            return None
    behind = re.sub(r"^\s*[:：.\-–—)]\s*", "", behind)
    word = tidy(text[: len(text) - len(rest)]) if len(rest) <= len(text) else text
    return Heading(phrase.kind, phrase.rank, number, tidy(behind), word, strong=phrase.strong)


def _number_behind(rest: str) -> tuple[str, str, bool]:
    """The number right behind a heading's word, the text behind that, and whether a word such as 'ที่' led to it."""
    plain = arabic(rest)
    lead = _lead(plain)
    inner, behind_lead = (plain[lead:], rest[lead:]) if lead else (plain, rest)
    found = _HEAD_NUMBER.match(inner)
    if found and not re.match(r"\d|\s*%|\s*[-–]\s*\d", inner[found.end(1) :]):
        if not lead and inner[found.end(1) : found.end(1) + 1].isalpha() and not is_thai(inner[found.end(1)]):
            return "", rest, False
        return found[1], behind_lead[found.end() :], bool(lead)
    roman = _ROMAN_NUMBER.match(inner)
    if roman and (lead or inner[:1].isspace()):
        values = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
        return str(values.index(roman[1]) + 1), behind_lead[roman.end() :], bool(lead)
    if lead:
        letters = bones(behind_lead)
        for name, value in words().raw["number_words"].items():
            if letters.letters.startswith(skeleton(name)):
                return str(value), letters.rest(len(skeleton(name))), True
    return "", rest, False


def _lead(plain: str) -> int:
    """How many characters of 'ที่', 'ข้อที่', 'No.' stand first."""
    inner = bones(plain)
    for lead in words().letters("number_leads"):
        if inner.letters.startswith(lead):
            end = inner.ends[len(lead) - 1]
            following = plain[end:].lstrip(" .:")
            if following[:1].isdigit() or (
                lead not in ("no", "number") and following[:1] and not following[:1].isspace()
            ):
                return end + (len(plain[end:]) - len(plain[end:].lstrip(" ."))) if following[:1].isdigit() else end
    return 0


def _without_tails(rest: str, phrase: Phrase) -> str:
    """The rest without words that belong to the heading: glosses, 'ขององค์กร', years, '4 ประการ', its English name."""
    while True:
        before = rest
        for shape in (BRACKETS, _YEARS, _SPAN):
            found = shape.match(arabic(rest))
            if found and found[0].strip() and not (shape is BRACKETS and _begins_list(rest)):
                rest = rest[found.end() :]
        rest = _without_counted(rest)
        inner = bones(rest)
        tail = words().starts("tails", inner.letters)
        if tail:
            behind = inner.rest(len(tail))
            if not has_letters(behind[:1]) or words().starts("tails", skeleton(behind)) or _phrase_at(behind) is None:
                glued = behind[:1] and (is_thai(behind[:1]) or (behind[:1].isascii() and behind[:1].isalnum()))
                if not glued or words().starts("tails", skeleton(behind)) or _YEARS.match(arabic(behind)):
                    rest = behind
        twin = None if rest.lstrip().startswith("(") else _phrase_at(rest.lstrip(" :/-–|"))
        if twin and twin[0].kind == phrase.kind and twin[0].letters.isascii() != phrase.letters.isascii():
            rest = twin[1]
        if rest == before:
            return rest


def _without_counted(rest: str) -> str:
    found = re.match(r"\s*(?:จำนวน|มี)?\s*\d{1,2}\s*", arabic(rest))
    if not found:
        return rest
    inner = bones(rest[found.end() :])
    tail = words().starts("counted_tails", inner.letters)
    behind = inner.rest(len(tail)) if tail else ""
    return behind if tail and not has_letters(behind[:1]) else rest


def _title(text: str) -> Heading | None:
    """A line that names several sections: a page title, or the head of a table."""
    rest, columns, found_words = text, [], 0
    first: Phrase | None = None
    while True:
        found = _phrase_at(rest)
        if not found or found[0].numbered:
            break
        if columns and _number_behind(found[1])[0]:
            break  # "… ยุทธศาสตร์ที่ 1": the table's first row begins
        phrase, rest = found
        first = first or phrase
        rest = _without_tails(rest, phrase)
        kind = "targets" if phrase.kind == "goals" and not phrase.strong and "indicators" in columns else phrase.kind
        if not columns or columns[-1] != kind:
            columns.append(kind)
        found_words += 1
        rest = rest[_JOINERS.match(rest).end() :]
        skipped = _other_column(rest)
        if skipped is not None:
            name, rest = skipped
            columns.append(name)
    kinds = set(columns) - {"other", "baseline"}
    others = columns.count("other") + columns.count("baseline")
    if first is None or found_words + others < 2:
        return None
    if kinds <= {"indicators", "targets"}:
        if has_letters(rest) or re.search(r"\d", rest):
            return None if len(kinds) == 1 else _table_head(columns, rest, text)
        return Heading("indicators", word=text, columns=tuple(columns), strong=True)
    if not others and (len(kinds) == 1 or kinds <= {"strategies", "tactics"}):
        return None if has_letters(rest) else Heading(first.kind, first.rank, word=text, strong=first.strong)
    return _table_head(columns, rest, text)


def _table_head(columns: list[str], rest: str, text: str) -> Heading:
    return Heading("title", rest=tidy(rest), word=tidy(text[: len(text) - len(rest)]), columns=tuple(columns))


def _other_column(rest: str) -> tuple[str, str] | None:
    """What a column is that is no part of the tree ("baseline", else "other": projects, budget, unit), and the rest."""
    inner = bones(rest)
    for name in ("column_baseline", "stops", "column_unit", "column_year"):
        word = words().starts(name, inner.letters)
        if word:
            behind = inner.rest(len(word))
            if not behind or not (is_thai(behind[:1]) or behind[:1].isalnum()):
                kind = "baseline" if name == "column_baseline" else "other"
                return kind, behind[_JOINERS.match(behind).end() :]
    return None


def _misspelt(text: str) -> Heading | None:
    """A heading one letter off, alone on its line or with a number behind it."""
    inner = bones(text)
    for phrase in words().phrases:
        size = len(phrase.letters)
        if size < 5 or phrase.letters.isascii() or phrase.numbered:
            continue
        for length in (size, size + 1, size - 1):
            head = inner.letters[:length]
            if len(head) == length and head[:1] == phrase.letters[:1] and one_apart(head, phrase.letters):
                rest = inner.rest(length)
                numbered = _numbered(text, phrase, rest)
                if numbered or not has_letters(_without_tails(rest, phrase)):
                    word = tidy(text[: len(text) - len(rest)])
                    base = numbered or Heading(phrase.kind, phrase.rank, word=word, strong=phrase.strong)
                    return Heading(**{**_fields(base), "typo": phrase.written})
    return None


def _fields(heading: Heading) -> dict:
    return {name: getattr(heading, name) for name in Heading.__dataclass_fields__}
