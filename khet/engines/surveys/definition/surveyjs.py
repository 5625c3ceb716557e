"""SurveyJS JSON as our form.

Elements: radiogroup, dropdown, checkbox, tagbox, rating, boolean, text, comment, html, matrix (each row a question),
panel; paneldynamic as a repeated page. Own properties beside SurveyJS's: `list` of a question, `points` of a choice.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from khet.core.catalogue import Text
from khet.engines.surveys.definition.building import Building, points_of, text_of
from khet.engines.surveys.definition.conditions import Condition, Logic
from khet.engines.surveys.definition.form import Form, FormFault, Kind, Option, Question, Section

_KINDS: dict[str, Kind] = {
    "radiogroup": "choice", "dropdown": "choice", "rating": "choice", "boolean": "choice", "checkbox": "choices",
    "tagbox": "choices", "text": "text", "comment": "long_text", "html": "note", "matrix": "choice",
}  # fmt: skip
_INPUTS: dict[str, Kind] = {"number": "number", "range": "number", "date": "date", "text": "text"}
_YES_NO = (Option("true", Text(th="ใช่", en="Yes")), Option("false", Text(th="ไม่ใช่", en="No")))


def read(path: Path) -> Form:
    """The form a file holds. Raises FormFault with all faults."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise FormFault([f"{path.name}: is no readable JSON: {error}"]) from None
    if not isinstance(content, dict):
        raise FormFault([f"{path.name}: must be an object with 'pages'."])
    building = Building(path.name)
    pages = content.get("pages") or [{"name": "page_1", "elements": content.get("elements", [])}]
    for number, page in enumerate(pages, start=1):
        _page(page, number, building)
    return building.finish(text_of(content.get("title")) or text_of(path.stem))


def _page(page: dict, number: int, building: Building) -> None:
    """A page is a section; a paneldynamic on it is a section of its own, after what stands before it."""
    name, shown = str(page.get("name") or f"page_{number}"), building.condition(page.get("visibleIf"), f"page {number}")
    gathered: list[Question] = []
    parts = 0

    def flush():
        nonlocal parts
        if gathered:
            parts += 1
            called = building.identifier(name if parts == 1 else f"{name}_{parts}", name)
            title = text_of(page.get("title")) if parts == 1 else None
            building.sections.append(Section(called, tuple(gathered), title, shown))
            gathered.clear()

    for element in page.get("elements", ()):
        if element.get("type") == "paneldynamic":
            flush()
            building.sections.append(_repeated(element, shown, building))
        else:
            gathered.extend(_questions(element, building, None))
    flush()


def _repeated(element: dict, outer: Condition | None, building: Building) -> Section:
    name = building.identifier(element.get("name"), "paneldynamic")
    inside = tuple(
        question for part in element.get("templateElements", ()) for question in _questions(part, building, None)
    )
    shown = _both(outer, building.condition(element.get("visibleIf"), name))
    return Section(name, inside, text_of(element.get("title")), shown, True, int(element.get("maxPanelCount", 10)))


def _both(one: Condition | None, other: Condition | None) -> Condition | None:
    return Logic("and", (one, other)) if one and other else one or other


def _questions(element: dict, building: Building, outer: Condition | None) -> Iterator[Question]:
    sort, name = str(element.get("type", "")), building.identifier(element.get("name"), str(element.get("name")))
    shown = _both(outer, building.condition(element.get("visibleIf"), name))
    if sort == "panel":
        if title := text_of(element.get("title")):
            yield Question(f"{name}_title", "note", title, show_if=shown)
        for part in element.get("elements", ()):
            yield from _questions(part, building, shown)
    elif sort not in _KINDS:
        building.fault(name, f"an element of type '{sort}' cannot be asked here. Use {', '.join(sorted(_KINDS))}.")
    elif element.get("showOtherItem") or element.get("hasOther") or element.get("choicesByUrl"):
        building.fault(name, "write the option 'other' and a text question with visibleIf; no choices from elsewhere.")
    elif sort == "matrix":
        yield from _rows(element, name, shown, building)
    else:
        yield _question(element, name, sort, shown, building)


def _rows(element: dict, name: str, shown, building: Building) -> Iterator[Question]:
    """A matrix asks one question a row, on one scale."""
    options = tuple(_option(choice, building, name) for choice in element.get("columns", ()))
    if title := text_of(element.get("title")):
        yield Question(f"{name}_title", "note", title, show_if=shown)
    for row in element.get("rows", ()):
        code, words = (row, row) if isinstance(row, str) else (row.get("value"), row.get("text"))
        yield Question(
            building.identifier(f"{name}_{code}", name),
            "choice",
            text_of(words) or text_of(code),
            required=bool(element.get("isAllRowRequired") or element.get("eachRowRequired")),
            options=options,
            list=str(element.get("list", "")),
            in_line=True,
            show_if=shown,
        )


def _question(element: dict, name: str, sort: str, shown, building: Building) -> Question:
    kind = _KINDS[sort]
    if sort == "text":
        kind = _INPUTS.get(str(element.get("inputType", "text")), "")
        if not kind:
            building.fault(name, f"inputType '{element.get('inputType')}' is not asked here. Use text, number or date.")
            kind = "text"
    check, words = _check(element, name, building)
    return Question(
        name,
        kind,
        text_of(element.get("html") if sort == "html" else element.get("title")) or text_of(name),
        text_of(element.get("description")),
        required=element.get("isRequired") is True,
        options=_options(element, sort, building, name),
        list=str(element.get("list", "")),
        in_line=sort == "rating" or element.get("colCount") == 0,
        show_if=shown,
        check=check,
        check_words=words,
        minimum=points_of(element.get("min")),
        maximum=points_of(element.get("max")),
    )


def _check(element: dict, name: str, building: Building):
    """The first validator that is an expression; the number of options chosen is one too."""
    for validator in element.get("validators", ()):
        if validator.get("type") == "expression":
            return building.condition(validator.get("expression"), name), text_of(validator.get("text"))
        building.fault(name, f"validator '{validator.get('type')}' is not known here. Use 'expression', min and max.")
    return None, None


def _options(element: dict, sort: str, building: Building, name: str) -> tuple[Option, ...]:
    if sort == "boolean":
        return _YES_NO
    if sort == "rating":
        if values := element.get("rateValues"):
            return tuple(_option(value, building, name) for value in values)
        low, high = int(element.get("rateMin", 1)), int(element.get("rateMax", 5))
        return tuple(Option(str(n), text_of(str(n)), float(n)) for n in range(low, high + 1))
    return tuple(_option(choice, building, name) for choice in element.get("choices", ()))


def _option(choice, building: Building, name: str) -> Option:
    if not isinstance(choice, dict):
        return Option(str(choice), text_of(str(choice)), points_of(choice) if isinstance(choice, int | float) else None)
    if choice.get("visibleIf"):
        building.fault(name, "an option with a condition cannot be offered; ask two questions.")
    code = str(choice.get("value"))
    return Option(code, text_of(choice.get("text")) or text_of(code), points_of(choice.get("points")))
