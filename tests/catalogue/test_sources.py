"""Where an entry comes from is read in Thai: every `source` of the shipped files, those of nested items too."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from khet.core.catalogue import Text
from khet.core.catalogue.loader import shipped

FILES = sorted(shipped().rglob("*.yaml"))
NAMES = [str(file.relative_to(shipped())) for file in FILES]
THAI, LATIN = re.compile("[\u0e00-\u0e7f]"), re.compile("[A-Za-z]")


def sources_in(node, path=""):
    """(where, what is written) of every `source` key, however deep."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "source":
                yield f"{path}.source", value
            else:
                yield from sources_in(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from sources_in(value, f"{path}[{index}]")


def lacks(written) -> str:
    """What a source lacks to be read in Thai and in English; "" when it lacks nothing. One string must be Thai."""
    if isinstance(written, str):
        return "" if _is_thai(written) else "Thai"
    if not _is_thai(written.get("th", "")):
        return "Thai"
    return "" if LATIN.search(written.get("en", "")) else "English"


def _is_thai(words: str) -> bool:
    """True when most of its letters are Thai: an English text that names a Thai column is not."""
    return len(THAI.findall(words)) > len(LATIN.findall(words))


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_source_has_thai(file: Path):
    found = list(sources_in(yaml.safe_load(file.read_text(encoding="utf-8"))))
    assert found
    assert [f"{where}: {written}: no {what}" for where, written in found if (what := lacks(written))] == []


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("a law", "Thai"),
        ("school registers (ปพ.5) and OBEC practice", "Thai"),
        ({"th": "a law", "en": "a law"}, "Thai"),
        ({"th": "", "en": "a law"}, "Thai"),
        ({"en": "a law"}, "Thai"),
        ({"th": "กฎหมาย"}, "English"),
        ({"th": "กฎหมาย", "en": "กฎหมาย"}, "English"),
        ({"th": "กฎหมาย", "en": "a law"}, ""),
        ("กฎหมาย", ""),
    ],
)
def test_a_source_that_lacks_a_language_is_seen(written, what):
    deep = {"items": [{"source": {"th": "กฎหมาย", "en": "a law"}, "readings": [{"source": written}]}]}
    assert [lacks(found) for _where, found in sources_in(deep)] == ["", what]


def models_in(value):
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models_in(getattr(value, name))
    elif isinstance(value, dict):
        yield from models_in(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from models_in(one)


def test_a_source_is_words_in_two_languages_wherever_an_object_has_one(catalogue):
    """No model of its own keeps `source` as one string."""
    every = (item for kind in catalogue.objects for item in catalogue.all(kind))
    cited = [(model, model.source) for item in every for model in models_in(item) if hasattr(model, "source")]
    assert len(cited) > 700
    assert {type(model).__name__ for model, words in cited if not isinstance(words, Text | None)} == set()
