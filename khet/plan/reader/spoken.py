"""An indicator's text as it is spoken: without tone marks and needless spaces, and the words looked for in it."""

import re
from functools import cache, lru_cache

from khet.plan.reader.letters import arabic, is_thai, toneless
from khet.plan.reader.words import words


@lru_cache(maxsize=4000)
def flat_of(text: str) -> tuple[str, tuple[int, ...]]:
    """The text toneless, spaces single and none between Thai letters; with the place of each character in it."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(arabic(text)):
        kept = " " if char.isspace() else toneless(char)
        if kept and not (kept == " " and out[-1:] == [" "]):
            out.append(kept)
            places.append(place)
    joined = "".join(out)
    keep = [i for i, char in enumerate(joined) if char != " " or not _between_thai(joined, i)]
    return "".join(joined[i] for i in keep), tuple(places[i] for i in keep)


def _between_thai(text: str, place: int) -> bool:
    return 0 < place < len(text) - 1 and is_thai(text[place - 1]) and is_thai(text[place + 1])


@cache
def vocabulary(name: str) -> tuple[str, ...]:
    """A word list of targets as patterns on flat text, longest first."""
    return tuple(re.escape(word) for word in words().short(f"targets.{name}"))


@cache
def pattern(name: str, where: str) -> re.Pattern:
    """The word list as a pattern, at the 'end', the 'start' or 'anywhere' in a text."""
    thai = [w for w in vocabulary(name) if not w.replace("\\ ", "").isascii()]
    latin = [rf"\b{w}\b" for w in vocabulary(name) if w.replace("\\ ", "").isascii()]
    shape = "(?:" + "|".join(thai + latin) + ")"
    return re.compile({"end": rf"({shape})\s*[(:=]*\s*$", "start": rf"\s*({shape})", "anywhere": f"({shape})"}[where])


def spoken_in(name: str, flat: str) -> re.Match | None:
    return pattern(name, "anywhere").search(flat)
