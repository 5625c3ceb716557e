"""XLSForm and SurveyJS JSON become one form; what cannot be asked, or would tell who answers, is refused by name."""

import json

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khet.core.catalogue import catalogue
from khet.engines.surveys.definition import surveyjs, xlsform
from khet.engines.surveys.definition.answers import Refused, clean, shown
from khet.engines.surveys.definition.conditions import ConditionError, holds, in_surveyjs, read
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import FormFault
from khet.engines.surveys.definition.posting import as_fields, sent
from khet.engines.surveys.definition.rendering import surveyjs as drawn

HEAD = "| | type | name | label::Thai (th) | label::English (en) | relevant | required | constraint | appearance |"


def sheet(tmp_path, *rows, choices=()):
    lines = ["| survey |", HEAD, *(f"| | {row} |" for row in rows)]
    lines += ["| choices |", "| | list_name | name | label::Thai (th) | label::English (en) | points |"]
    lines += [f"| | {row} |" for row in ("yn | yes | ใช่ | Yes | 1", "yn | no | ไม่ใช่ | No | 0", *choices)]
    path = tmp_path / "form.md"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_groups_are_pages_loose_questions_gather_and_repeats_repeat(tmp_path):
    form = xlsform.read(
        sheet(
            tmp_path,
            "text | free | เขียน | Write | | | | multiline",
            "begin_group | one | หนึ่ง | One | | | |",
            "select_one yn | a | ก | A | | yes | | likert",
            "begin_group | inner | ใน | Inner | ${a} = 'yes' | | |",
            "integer | b | ข | B | ${a} != 'no' | | . >= 1 and . <= 3 |",
            "end_group | | | | | | |",
            "end_group | | | | | | |",
            "begin_repeat | debts | หนี้ | Debts | | | |",
            "select_multiple yn | c | ค | C | | | |",
            "end_repeat | | | | | | |",
        )
    )
    assert [(section.id, section.repeats) for section in form.sections] == [
        ("page_1", False), ("one", False), ("debts", True),
    ]  # fmt: skip
    assert form.questions["free"].kind == "long_text"
    assert form.questions["a"].in_line and form.questions["a"].options[0].points == 1
    assert holds(form.questions["b"].show_if, {"a": "yes"})
    assert not holds(form.questions["b"].show_if, {"a": "no"})
    assert form.sections[1].title.th == "หนึ่ง"
    with translation.override("en"):
        assert str(form.questions["c"].title) == "C"


@pytest.mark.parametrize("kind", ["geopoint", "image", "deviceid", "phonenumber", "start", "username"])
def test_a_question_that_would_tell_who_answers_is_refused(tmp_path, kind):
    with pytest.raises(FormFault, match="would tell who answered"):
        xlsform.read(sheet(tmp_path, f"{kind} | x | ก | A | | | |", "text | y | ข | B | | | |"))


def test_all_faults_of_a_form_are_told_at_once(tmp_path):
    rows = ("text | a | ก | A | ${c} ~ 1 | | |", "time | c | ค | C | | | |", "image | d | ง | D | | | |")
    with pytest.raises(FormFault) as told:
        xlsform.read(sheet(tmp_path, *rows))
    words = " ".join(told.value.faults)
    assert len(told.value.faults) >= 3
    assert "form.md: a: " in words and "type 'time'" in words and "'photo' would tell" in words


def test_a_broken_workbook_says_so(tmp_path):
    path = tmp_path / "form.xlsx"
    path.write_bytes(b"PK not really")
    with pytest.raises(FormFault, match=r"form\.xlsx: is no XLSForm"):
        xlsform.read(path)


def test_surveyjs_is_read_with_its_matrices_panels_and_skip_logic(tmp_path):
    path = tmp_path / "form.json"
    path.write_text(
        json.dumps(
            {
                "title": {"default": "ชื่อ", "en": "Title"},
                "pages": [
                    {
                        "name": "p",
                        "elements": [
                            {"type": "boolean", "name": "ok", "title": "ได้"},
                            {
                                "type": "panel", "name": "pan", "visibleIf": "{ok} = true",
                                "elements": [{"type": "rating", "name": "r", "title": "คะแนน", "rateMax": 4}],
                            },
                            {
                                "type": "matrix", "name": "m", "list": "five", "isAllRowRequired": True,
                                "columns": [{"value": 5, "points": 5}, {"value": 1, "points": 1}],
                                "rows": [{"value": "x", "text": "หนึ่ง"}, "y"],
                            },
                            {"type": "paneldynamic", "name": "rows", "maxPanelCount": 2,
                             "templateElements": [{"type": "text", "name": "n", "inputType": "number", "min": 1}]},
                        ],
                    }
                ],
            }
        ),
        encoding="utf-8",
    )  # fmt: skip
    form = surveyjs.read(path)
    assert set(form.questions) == {"ok", "r", "m_x", "m_y", "n"}
    assert form.questions["m_x"].list == "five" and form.questions["m_x"].required
    assert form.questions["r"].codes["4"].points == 4
    given_answers = {"ok": True, "r": 3, "m_x": 5, "m_y": "1", "rows": [{"n": 2}, {}]}
    assert clean(form, given_answers) == {"ok": "true", "r": "3", "m_x": "5", "m_y": "1", "rows": [{"n": 2}]}
    assert "r" not in clean(form, given_answers | {"ok": False})
    with pytest.raises(Refused):
        clean(form, given_answers | {"rows": [{"n": 1}, {"n": 2}, {"n": 3}]})


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ({"type": "file", "name": "f"}, "type 'file'"),
        ({"type": "radiogroup", "name": "f", "choicesByUrl": {"url": "https://x"}}, "no choices from elsewhere"),
        ({"type": "text", "name": "f", "inputType": "password"}, "inputType 'password'"),
        ({"type": "radiogroup", "name": "f", "choices": ["a"]}, "fewer than two options"),
        ({"type": "text", "name": "f", "validators": [{"type": "regex", "regex": ".*"}]}, "validator 'regex'"),
    ],
)
def test_what_surveyjs_can_and_we_cannot_is_refused_by_name(tmp_path, element, said):
    path = tmp_path / "form.json"
    path.write_text(json.dumps({"elements": [element]}), encoding="utf-8")
    with pytest.raises(FormFault, match=said):
        surveyjs.read(path)


def test_markup_in_a_form_is_taken_out(tmp_path):
    form = xlsform.read(
        sheet(tmp_path, "note | n | <b>อ่าน</b> <script>x()</script> | Read | | | |", "text | y | ข | B | | | |")
    )
    assert form.questions["n"].title.th == "อ่าน x()"
    assert "<script" not in json.dumps(drawn(form))


# --- conditions


@pytest.mark.parametrize(
    ("text", "answers", "held"),
    [
        ("${a} = 'x'", {"a": "x"}, True),
        ("{a} = 'x'", {}, False),
        ("${a} != 'x'", {}, True),
        ("${a} = ''", {}, True),
        ("${n} > 3 and ${n} <= 5", {"n": 5}, True),
        ("${n} > 3", {}, False),
        ("${n} > '3'", {"n": "10"}, True),
        ("selected(${m}, 'b')", {"m": ["a", "b"]}, True),
        ("{m} contains 'b' or {m} empty", {"m": []}, True),
        ("{m} notcontains 'b'", {"m": ["a"]}, True),
        ("count-selected(${m}) >= 2", {"m": ["a"]}, False),
        ("not(selected(${m}, 'a')) and true()", {"m": ["b"]}, True),
        ("${a} = 'x' or ${b} = 'y' and ${c} = 'z'", {"a": "x"}, True),
        ("(${a} = 'x' or ${b} = 'y') and ${c} = 'z'", {"a": "x"}, False),
        ("{panel.a} notempty", {"a": "1"}, True),
    ],
)
def test_conditions_are_decided_as_both_languages_mean_them(text, answers, held):
    assert holds(read(text), answers) is held


@pytest.mark.parametrize(
    "text", ["${a}", "${a} = ", "pulldata('x')", "${a} = 'x' and", "a = 1", "${a} ~ 1", "today() > 1", "("]
)
def test_a_condition_we_do_not_know_is_refused(text):
    with pytest.raises(ConditionError):
        read(text)


names = st.sampled_from(["a", "b", "c"])
signs = st.sampled_from(["=", "!=", "<", ">="])
values = st.one_of(st.integers(0, 3), st.sampled_from(["x", "y"]), st.just(["x", "y"]))
atoms = st.one_of(
    st.builds("${{{}}} {} {}".format, names, signs, st.integers(0, 3)),
    st.builds("selected(${{{}}}, '{}')".format, names, st.sampled_from("xy")),
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(conditions, st.dictionaries(names, values))
def test_a_condition_written_for_surveyjs_and_read_again_decides_the_same(text, answers):
    condition = read(text)
    again = read(in_surveyjs(condition).replace("!(", "not("))
    assert holds(again, answers) == holds(condition, answers)


# --- shipped forms, in both renderings


SHIPPED = [survey.id for survey in catalogue().all("survey")]


@pytest.mark.parametrize("id", SHIPPED)
def test_a_shipped_form_is_complete_in_both_languages(id):
    form = form_of(catalogue().get("survey", id))
    for question in form.questions.values():
        for text in (question.title, *(option.title for option in question.options)):
            assert text.th and text.en and (text.th != text.en or text.th.isascii()), question.id


@pytest.mark.parametrize("id", SHIPPED)
def test_what_a_plain_page_carries_along_comes_back_the_same(id):
    from django.http import QueryDict

    form = form_of(catalogue().get("survey", id))
    answers = _full(form)
    data = QueryDict(mutable=True)
    for name, value in as_fields(form, answers):
        data.appendlist(name, value)
    assert clean(form, sent(form, data)) == clean(form, answers)
    assert len(shown(form, answers)) > 1


def _full(form) -> dict:
    """An answer to everything."""

    def value(question):
        match question.kind:
            case "choice":
                return question.options[-1].code
            case "choices":
                return [option.code for option in question.options[:2]]
            case "integer" | "number":
                return 3
            case "date":
                return "2025-01-01"
        return "ดี"

    found = {}
    for section in form.sections:
        row = {q.id: value(q) for q in section.questions if q.asks}
        found |= {section.id: [row, row]} if section.repeats else row
    return found
