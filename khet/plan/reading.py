"""A document's text and structure, from its bytes: what the reader finds, in the form in which it is kept."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from khet.plan.reader import PlanReading, load_bytes, read_document

LARGEST_UNPACKED = 200_000_000  # a docx is a zip; one that unpacks to more than this is refused unread


class TooMuchInside(ValueError):
    """A packed file that unpacks to an unlikely size."""


@dataclass(frozen=True)
class Read:
    """What was read.

    text       the lines, joined by line ends
    kind       txt | html | docx | pdf | sql
    structure  as `khet plan read --json`, with `notices_en` (the notices in English) and `lines`: the structure again,
               each text replaced by the [first, last] line it was read from, counted from 1 ([] when unknown)
    """

    text: str
    kind: str
    structure: dict


def read(content: bytes, name: str, *, suggest=None, lang: str = "th") -> Read:
    """The plan in a file's bytes.

    raises  UnreadableDocument, naming the file and the mend; TooMuchInside
    """
    _refuse_bombs(content)
    document = load_bytes(content, name, lang=lang)
    found = read_document(document, suggest=suggest)
    place = {line.number: index for index, line in enumerate(document.lines, start=1)}
    structure = found.as_dict("th") | {
        "notices_en": found.as_dict("en")["notices"],
        "lines": _lines(found, place),
    }
    return Read("\n".join(line.text for line in document.lines), document.kind, structure)


def _refuse_bombs(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile:
        return  # the reader says what is wrong with it
    if size > LARGEST_UNPACKED:
        raise TooMuchInside


def _lines(found: PlanReading, place: dict[int, int]) -> dict:
    def span(item) -> list[int]:
        known = sorted(place[number] for number in getattr(item, "lines", ()) if number in place)
        return [known[0], known[-1]] if known else []

    def spans(items) -> list[list[int]]:
        return [span(item) for item in items]

    return {
        "vision": span(found.vision),
        "values": spans(found.values),
        "missions": spans(found.missions),
        "goals": spans(found.goals),
        "strategies": [
            {
                "title": span(strategy),
                "goals": spans(strategy.goals),
                "tactics": spans(strategy.tactics),
                "indicators": spans(strategy.indicators),
            }
            for strategy in found.strategies
        ],
        "indicators": spans(found.indicators),
    }
