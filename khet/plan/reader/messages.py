"""What the reader says to people, in Thai and English, from messages.yaml."""

from functools import lru_cache
from pathlib import Path

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@lru_cache(maxsize=1)
def _messages() -> dict:
    path = Path(__file__).with_name("messages.yaml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506


def message(id: str, lang: str = "th", **facts) -> str:
    """The message of that id with its facts put in; Thai when the language is unknown."""
    texts = _messages()[id]
    return texts.get(lang, texts["th"]).format(**facts)
