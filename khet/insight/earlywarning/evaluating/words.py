"""What the names of columns and of outcomes say, in English and Thai: `words.yaml`."""

import re
from functools import cache
from importlib.resources import files

import yaml

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_SPLIT = re.compile(r"[^\w\u0e00-\u0e7f]+|_")


@cache
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters: "nationalID_2" → national, id, 2."""
    return tuple(word for word in _SPLIT.split(_CAMEL.sub(" ", name).lower()) if word)


@cache
def vocabulary() -> dict:
    """The file as it stands."""
    return yaml.safe_load(files(__package__).joinpath("words.yaml").read_text(encoding="utf-8"))


def says(words: tuple[str, ...], kind: str) -> str | None:
    """The entry of a list of the vocabulary that the words of a name say; None when they say none.

    An entry of one Latin word is met as a whole word, of several as words in a row; Thai, which has no spaces, inside.
    An entry that ends in * is met at the beginning of a word.
    """
    joined = f" {' '.join(words)} "
    for entry in vocabulary()[kind]:
        if _is_thai(entry):
            if entry in joined.replace(" ", ""):
                return entry
        elif (f" {entry[:-1]}" if entry.endswith("*") else f" {entry} ") in joined:
            return entry
    return None


def means(text: str, kind: str) -> bool:
    """True when a cell's whole text is an entry of a list."""
    plain = " ".join(words_of(text))
    return plain in vocabulary()[kind] or plain.replace(" ", "") in vocabulary()[kind]


def _is_thai(text: str) -> bool:
    return "\u0e00" <= text[0] <= "\u0e7f"
