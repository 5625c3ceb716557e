"""Forms written as catalogue data."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from pydantic import ValidationError

from khet.core.forms.answers import parted, readable
from khet.core.forms.build import form_class
from khet.core.forms.schema import Form
from khet.kit.periods import to_be


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def text(en):
    return {"th": f"ก {en}", "en": en}


VISIT = Form.model_validate(
    {
        "id": "visit",
        "source": "a test",
        "title": text("Visit"),
        "fields": [
            {"id": "met", "label": text("Met"), "kind": "yes_no", "required": True},
            {"id": "whom", "label": text("Whom"), "kind": "choices", "required": True, "show_if": {"met": ["yes"]},
             "options": [{"code": "mother", "title": text("Mother")}, {"code": "other", "title": text("Other")}]},
            {"id": "who_else", "label": text("Who else"), "required": True, "show_if": {"whom": ["other"]}},
            {"id": "on", "label": text("Day"), "kind": "date", "maximum": 0},
            {"id": "people", "label": text("People"), "kind": "integer", "minimum": 1, "maximum": 30},
            {"id": "health", "label": text("Health"), "kind": "long_text", "sensitive": True},
            {"id": "house", "label": text("House"), "kind": "photo"},
        ],
    }
)  # fmt: skip


def filled(data, files=None):
    return form_class(VISIT)(data, files)


def test_answers_come_out_as_json_and_read_in_words():
    form = filled({"met": "yes", "whom": ["mother", "other"], "who_else": "ยาย", "on": "1/6/2567", "people": "4"})
    assert form.is_valid(), form.errors
    answers = form.answers()
    assert answers == {"met": True, "whom": ["mother", "other"], "who_else": "ยาย", "on": "2024-06-01", "people": 4}
    assert readable(VISIT, answers)[:3] == [("Met", "Yes"), ("Whom", "Mother, Other"), ("Who else", "ยาย")]


def test_a_question_that_is_not_asked_is_neither_missed_nor_kept():
    form = filled({"met": "no", "whom": ["mother"], "who_else": "x"})
    assert form.is_valid(), form.errors
    assert form.answers() == {"met": False}


def test_a_question_that_is_asked_must_be_answered():
    form = filled({"met": "yes"})
    assert not form.is_valid()
    assert list(form.errors) == ["whom"]


def test_bounds_hold():
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = filled(
        {"met": "no", "people": "31", "on": f"{tomorrow.day}/{tomorrow.month}/{to_be(tomorrow.year)}"},
    )
    assert set(form.errors) == {"people", "on"}
    assert form.errors["on"] == ["The day lies in the future. Correct it."]


def test_an_answer_that_is_no_option_is_refused():
    assert "whom" in filled({"met": "yes", "whom": ["dragon"]}).errors


def test_sensitive_answers_stand_apart():
    form = filled({"met": "no", "health": "หอบหืด"})
    assert form.is_valid()
    assert parted(VISIT, form.answers()) == ({"met": False}, {"health": "หอบหืด"})
    assert readable(VISIT, form.answers()) == [("Met", "No")]
    assert ("Health", "หอบหืด") in readable(VISIT, form.answers(), sensitive=True)


def test_uploads_stand_apart():
    form = filled({"met": "no"}, {"house": SimpleUploadedFile("x.jpg", b"x")})
    assert form.is_valid()
    assert list(form.uploads()) == ["house"]
    assert "house" not in form_class(VISIT, upload=False).base_fields


def test_a_condition_must_look_back():
    later = {"id": "a", "label": text("A"), "show_if": {"b": ["x"]}}
    with pytest.raises(ValidationError, match="depends on b, which is not asked before it"):
        Form.model_validate(
            {"id": "f", "source": "t", "title": text("F"), "fields": [later, {"id": "b", "label": text("B")}]}
        )


def test_a_choice_without_answers_is_refused():
    with pytest.raises(ValidationError, match="give it 'options' or 'codes'"):
        Form.model_validate(
            {
                "id": "f",
                "source": "t",
                "title": text("F"),
                "fields": [{"id": "a", "label": text("A"), "kind": "choice"}],
            }
        )


def test_the_page_carries_conditions_for_the_script():
    page = str(filled({}))
    assert 'data-show-if="{&quot;met&quot;: [&quot;yes&quot;]}"' in page
