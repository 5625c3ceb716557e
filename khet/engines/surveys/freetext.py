"""Words people wrote: what could name somebody is taken out for good, what is left can be searched by words."""

import re
from collections.abc import Iterable

from khet.kit.thai import arabic_digits, fold, tidy

GONE = "▮▮▮"
# Four digits or more, also with blanks, dots or strokes between: telephone numbers, IDs, accounts, plates, amounts
_DIGITS = re.compile(r"[0-9๐-๙](?:[ .\-/–]?[0-9๐-๙]){3,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+|(?<!\w)@[\w.]{3,}", re.I)
_LINE_ID = re.compile(r"((?:ไลน์|line|facebook|เฟซบุ๊ก|เฟสบุ๊ค|ig|tiktok)\s*(?:id|ไอดี)?\s*[:=]\s*)\S+", re.I)
# What stands after a title is a name, up to the second blank: นายสมมติ ใจดี
_TITLES = r"(?:นางสาว|น\.ส\.|นาย|นาง|เด็กชาย|เด็กหญิง|ด\.ช\.|ด\.ญ\.|ผอ\.|Mr\.?|Mrs\.?|Ms\.?|Miss)"
_NAMED = re.compile(rf"({_TITLES})\s*([ก-ฮเ-ไA-Z][\u0e00-\u0e7fA-Za-z.]+)(\s+[ก-ฮเ-ไA-Z][\u0e00-\u0e7fA-Za-z]+)?")
# Words that begin like a title and are none
_NO_TITLE = re.compile(r"นายก|นายจ้าง|นายทะเบียน|นายแพทย์|นายอำเภอ|นายหน้า|นางฟ้า|นางเอก|นางแบบ")


def redact(text: str) -> str:
    """The text without numbers of four digits or more, addresses, accounts and names that follow a title."""
    text = _LINE_ID.sub(rf"\1{GONE}", _ADDRESS.sub(GONE, text))
    text = _DIGITS.sub(lambda found: found[0] if _is_year(found[0]) else GONE, text)
    return _NAMED.sub(_without_name, text)


def _is_year(digits: str) -> bool:
    """A Buddhist or Christian year says nothing of a person."""
    plain = arabic_digits(digits)
    return plain.isdigit() and len(plain) == 4 and (2490 <= int(plain) <= 2600 or 1950 <= int(plain) <= 2060)


def _without_name(found: re.Match) -> str:
    return found[0] if _NO_TITLE.match(found[0]) else f"{found[1]}{GONE}"


def words(text: str) -> list[str]:
    """The words of a text, Thai cut by the dictionary, folded for comparison."""
    from pythainlp.tokenize import word_tokenize

    return [key for token in word_tokenize(tidy(text), keep_whitespace=False) if (key := fold(token))]


def search(texts: Iterable[str], asked: str) -> list[str]:
    """The texts that hold all the words asked for, those in a row side by side: ช้า finds ช้า and never ช้าง."""
    phrases = [words(part) for part in asked.split()]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return list(texts)
    return [text for text in texts if all(_holds(words(text), phrase) for phrase in phrases)]


def _holds(there: list[str], phrase: list[str]) -> bool:
    n = len(phrase)
    return any(there[at : at + n] == phrase for at in range(len(there) - n + 1))


def frequent(texts: Iterable[str], *, least: int, most: int = 20) -> list[tuple[str, int]]:
    """(word, in how many texts it stands) for words that carry meaning and stand in `least` texts or more."""
    from collections import Counter

    from pythainlp.corpus import thai_stopwords

    empty = thai_stopwords() | {"the", "and", "to", "of", "a", "is", "in", "it", "for"}
    counted: Counter = Counter()
    for text in texts:
        counted.update({word for word in words(text) if len(word) > 1 and word not in empty and not word.isdigit()})
    return [(word, count) for word, count in counted.most_common() if count >= least][:most]
