"""What an entry keeps of before and after is read in words, in both languages."""

import ast
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override

import khet
from khet.core.audit.details import WORDS, in_words
from khet.core.audit.services import record

HOME = Path(khet.__file__).parent


def keys_recorded():
    """(key, file:line) of every dict written out as `before` or `after` of an entry."""
    for path in sorted(HOME.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "record":
                for part in call.keywords:
                    if part.arg in ("before", "after") and isinstance(part.value, ast.Dict):
                        for key in part.value.keys:
                            if isinstance(key, ast.Constant):
                                yield key.value, f"{path.relative_to(HOME)}:{call.lineno}"


def test_every_key_that_is_written_has_words():
    written = list(keys_recorded())
    assert len(written) > 100
    assert [(key, where) for key, where in written if key not in WORDS] == []


@pytest.fixture
def kept(planner, school):
    def keep(before, after):
        return record("plan.adopted", school, by=planner, org=school, before=before, after=after)

    return keep


def test_codes_days_and_periods_are_read_as_people_write_them(kept):
    entry = kept({"since": "2025-05-16"}, {"since": None, "role": "planner", "period": "AY2568", "whole": True})
    with override("en"):
        assert in_words(entry) == [
            ("since", "16 May 2025 (2568)", "–"),
            ("role", "", "Policy and planning"),
            ("period", "", "academic year 2568"),
            ("whole file", "", "yes"),
        ]
    with override("th"):
        assert in_words(entry)[0] == ("ตั้งแต่", "16 พ.ค. 2568", "–")
        assert in_words(entry)[3] == ("ไฟล์ทั้งชุด", "", "ใช่")


def test_lists_and_what_lies_within_are_read_too(kept):
    entry = kept({}, {"targets": [{"value": 95, "unit": "percent"}, {"value": 1200, "year": 2568}], "odd": "คงเดิม"})
    with override("en"):
        assert in_words(entry) == [
            ("targets", "", "value 95; unit percent, value 1,200; year 2568"),
            ("odd", "", "คงเดิม"),
        ]


def test_the_page_shows_what_changed_in_words(kept, administrator, client_for):
    kept({"owner": "somsri"}, {"owner": "malee"})
    page = client_for(administrator).get(reverse("audit:list"), {"who": "planner"}).text
    assert "somsri → malee" in page
