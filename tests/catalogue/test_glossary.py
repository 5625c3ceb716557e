"""The glossary pairs words once and knows the models and periods it names."""

import re
from pathlib import Path

from django.apps import apps

from khet.core.catalogue import Dated, Sourced
from khet.insight.indicators.schema import Reading
from khet.kit.periods import Period

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def rows():
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and not line.startswith(("|---", "| Thai")):
            yield cells


def test_every_row_has_a_thai_and_an_english_word():
    table = list(rows())
    assert len(table) > 60
    for thai, english, *_meaning in table:
        assert re.search("[\u0e00-\u0e7f]", thai) and re.search("[A-Za-z]", english), thai


def test_no_thai_word_is_paired_twice():
    words = [thai for thai, *_rest in rows()]
    assert sorted(words) == sorted(set(words))


def test_names_of_classes_in_it_exist():
    kinds_of_entries = Sourced.__subclasses__() + Dated.__subclasses__()
    known = {model.__name__ for model in [*apps.get_models(), *kinds_of_entries, Reading]}
    named = {name for name in re.findall(r"`([A-Z][a-z]\w+)`", GLOSSARY.read_text(encoding="utf-8"))}
    assert named <= known


def test_period_codes_in_it_can_be_read():
    codes = re.findall(r"`((?:AY|FY|C)\d[\dTQ-]+)`", GLOSSARY.read_text(encoding="utf-8"))
    assert len(codes) >= 5
    assert [Period.parse(code).code for code in codes] == codes
