"""A form as SurveyJS shows it, in Thai and English."""

from khet.core.catalogue import Text
from khet.engines.surveys.definition.conditions import in_surveyjs
from khet.engines.surveys.definition.form import LONGEST, Form, Option, Question, Section

_TYPES = {
    "choice": "radiogroup", "choices": "checkbox", "text": "text", "long_text": "comment", "integer": "text",
    "number": "text", "date": "text", "note": "html",
}  # fmt: skip
MANY = 12  # more options than this open as a list to choose from


def surveyjs(form: Form) -> dict:
    """The JSON of a form: a page a section, skip logic and checks with it."""
    return {
        "title": _words(form.title),
        "showTitle": False,
        "pages": [_page(section) for section in form.sections],
        "showQuestionNumbers": "off",
        "questionErrorLocation": "top",
        "clearInvisibleValues": "onHidden",
        "showProgressBar": len(form.sections) > 1,
        "progressBarType": "pages",
        "checkErrorsMode": "onNextPage",
        "widthMode": "responsive",
        "maxTextLength": LONGEST["long_text"],
    }


def _words(text: Text) -> dict:
    return {"default": text.th, "th": text.th, "en": text.en}


def _page(section: Section) -> dict:
    inside = frozenset(question.id for question in section.questions) if section.repeats else frozenset()
    elements = [_element(question, inside) for question in section.questions]
    if section.repeats:
        elements = [
            {
                "type": "paneldynamic",
                "name": section.id,
                "titleLocation": "hidden",
                "templateElements": elements,
                "panelCount": 1,
                "maxPanelCount": section.most,
            }
        ]
    page = {"name": f"{section.id}_page" if section.repeats else section.id, "elements": elements}
    if section.title:
        page["title"] = _words(section.title)
    if section.show_if:
        page["visibleIf"] = in_surveyjs(section.show_if)
    return page


def _element(question: Question, inside: frozenset[str]) -> dict:
    element = {"type": _TYPES[question.kind], "name": question.id}
    if question.kind == "note":
        element["html"] = {name: _escaped(text) for name, text in _words(question.title).items()}
    else:
        element |= {"title": _words(question.title), "isRequired": question.required}
    if question.hint:
        element["description"] = _words(question.hint)
    if question.show_if:
        element["visibleIf"] = in_surveyjs(question.show_if, inside=inside)
    if question.options:
        element |= _choices(question)
    if question.kind in ("integer", "number"):
        element |= {"inputType": "number", "step": 1 if question.kind == "integer" else "any"}
        element |= {name: limit for name, limit in _limits(question) if limit is not None}
    if question.kind == "date":
        element["inputType"] = "date"
    if question.kind in LONGEST:
        element["maxLength"] = LONGEST[question.kind]
    if question.check:
        rule = {"type": "expression", "expression": in_surveyjs(question.check, own=question.id, inside=inside)}
        if question.check_words:
            rule["text"] = _words(question.check_words)
        element["validators"] = [rule]
    return element


def _limits(question: Question):
    return ("min", question.minimum), ("max", question.maximum)


def _choices(question: Question) -> dict:
    shown: dict = {"choices": [_choice(option) for option in question.options]}
    if question.kind == "choice" and len(question.options) > MANY:
        shown["type"] = "dropdown"
    elif question.in_line:
        shown["colCount"] = 0
    return shown


def _choice(option: Option) -> dict:
    return {"value": option.code, "text": _words(option.title)}


def _escaped(text: str) -> str:
    from django.utils.html import escape

    return f"<p>{escape(text)}</p>"
