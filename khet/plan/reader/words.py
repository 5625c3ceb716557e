"""The reader's vocabulary, read once from words.yaml and laid out for matching by letters."""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from khet.plan.reader.letters import skeleton, toneless

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A heading's words: their letters, the section they open and how freely they may be followed."""

    letters: str
    kind: str
    rank: int
    strong: bool
    numbered: bool
    written: str = ""


@dataclass(frozen=True)
class Words:
    """Word lists by name (as letters, longest first) beside the phrases of headings."""

    phrases: tuple[Phrase, ...]
    pictures: dict[str, str]
    raw: dict

    def letters(self, name: str) -> tuple[str, ...]:
        """The list called `name` as letters, longest first."""
        return _letters(name)

    def starts(self, name: str, letters: str) -> str:
        """The longest entry of the list that the letters begin with, else ''."""
        return next((entry for entry in _letters(name) if letters.startswith(entry)), "")

    def begins(self, name: str, text: str) -> str:
        """The longest entry of the list of short words that the text begins with, else ''."""
        spoken = toneless(text)
        return next((entry for entry in _toneless(name) if spoken.startswith(entry)), "")

    def ends(self, name: str, text: str) -> str:
        """The longest entry of the list of short words that the text ends with, else ''."""
        spoken = toneless(text)
        return next((entry for entry in _toneless(name) if spoken.endswith(entry)), "")

    def holds(self, name: str, text: str, start: int = 0) -> str:
        """An entry of the list that stands in the text from `start` on, else ''."""
        spoken = toneless(text)[start:]
        return next((entry for entry in _toneless(name) if entry in spoken), "")

    def short(self, name: str) -> tuple[str, ...]:
        """The list as toneless words, longest first."""
        return _toneless(name)


@lru_cache(maxsize=1)
def words() -> Words:
    """The vocabulary."""
    raw = yaml.load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    phrases = [
        Phrase(
            skeleton(phrase),
            entry["kind"],
            entry.get("rank", 0),
            entry.get("strong", False),
            entry.get("numbered", False),
            phrase,
        )
        for entry in raw["headings"]
        for phrase in entry["phrases"]
    ]
    pictures = {name: kind for kind, names in raw["picture_headings"].items() for name in names}
    return Words(tuple(sorted(phrases, key=lambda p: -len(p.letters))), pictures, raw)


@cache
def _toneless(name: str) -> tuple[str, ...]:
    return tuple(sorted({toneless(str(entry)) for entry in _list(name)} - {""}, key=lambda s: (-len(s), s)))


def _list(name: str):
    entries = words().raw
    for part in name.split("."):
        entries = entries[part]
    return entries


@cache
def _letters(name: str) -> tuple[str, ...]:
    entries = _list(name)
    return tuple(sorted({skeleton(str(entry)) for entry in entries} - {""}, key=lambda s: (-len(s), s)))
