"""XLSForm (xlsx, csv or md), read with pyxform, as our form.

Questions: select_one, select_multiple, text, integer, decimal, date, range, note, acknowledge. Groups are pages,
repeats are repeated pages. A column `points` of the choices says what an option counts.
"""

from pathlib import Path

from pyxform.errors import PyXFormError
from pyxform.xls2json import parse_file_to_json

from khet.engines.surveys.definition.building import Building, points_of, text_of
from khet.engines.surveys.definition.conditions import Condition, Logic
from khet.engines.surveys.definition.form import Form, FormFault, Kind, Option, Question, Section

_KINDS: dict[str, Kind] = {
    "select one": "choice", "select all that apply": "choices", "text": "text", "string": "text", "integer": "integer",
    "int": "integer", "decimal": "number", "date": "date", "note": "note", "range": "integer",
}  # fmt: skip
# What a form collects about the device or the moment would tell who answered: it is refused, not dropped in silence.
_TELLING = {
    "start", "end", "today", "deviceid", "device id", "subscriberid", "simserial", "phonenumber", "phone number",
    "username", "email", "audit", "geopoint", "geotrace", "geoshape", "location", "image", "photo", "audio", "video",
    "file", "barcode", "background-audio", "start-geopoint",
}  # fmt: skip
_BARS = {"likert", "horizontal", "horizontal-compact", "columns-pack", "label", "list-nolabel"}


def read(path: Path) -> Form:
    """The form a file holds. Raises FormFault with all faults."""
    building = Building(path.name)
    try:
        sheet = parse_file_to_json(str(path), default_name="data")
    except (PyXFormError, KeyError, ValueError, OSError) as error:
        raise FormFault([f"{path.name}: is no XLSForm: {' '.join(str(error).split())}"]) from None
    loose: list[Question] = []
    for child in sheet["children"]:
        _place(child, building, loose)
    _flush(building, loose)
    return building.finish(text_of(sheet.get("title") or path.stem))


def _place(child: dict, building: Building, loose: list[Question]) -> None:
    """Put a top-level row where it belongs: a group or repeat is a section, other rows gather into one."""
    if child["name"] == "meta":
        return
    if child["type"] in ("group", "repeat"):
        _flush(building, loose)
        name = building.identifier(child["name"], child["name"])
        building.sections.append(
            Section(
                name,
                tuple(_inside(child, building, None)),
                text_of(child.get("label")) if child.get("label") != child["name"] else None,
                building.condition(child.get("bind", {}).get("relevant"), name),
                repeats=child["type"] == "repeat",
                most=_most(child, building),
            )
        )
    elif question := _question(child, building, None):
        loose.append(question)


def _flush(building: Building, loose: list[Question]) -> None:
    if loose:
        building.sections.append(Section(f"page_{len(building.sections) + 1}", tuple(loose)))
        loose.clear()


def _most(child: dict, building: Building) -> int:
    written = child.get("control", {}).get("jr:count")
    if not written:
        return 10
    if not str(written).isdigit() or not 0 < int(written) <= 50:
        building.fault(child["name"], f"repeat_count '{written}' must be a number from 1 to 50.")
        return 10
    return int(written)


def _inside(group: dict, building: Building, outer: Condition | None):
    """The questions of a group; a group within it adds its condition to each of its questions."""
    for child in group["children"]:
        if child["type"] == "repeat":
            building.fault(child["name"], "a repeat within a group cannot be shown; move it to the top.")
        elif child["type"] == "group":
            relevant = building.condition(child.get("bind", {}).get("relevant"), child["name"])
            if label := text_of(child.get("label")):
                yield Question(f"{child['name']}_title", "note", label, show_if=_both(outer, relevant))
            yield from _inside(child, building, _both(outer, relevant))
        elif question := _question(child, building, outer):
            yield question


def _both(one: Condition | None, other: Condition | None) -> Condition | None:
    return Logic("and", (one, other)) if one and other else one or other


def _question(row: dict, building: Building, outer: Condition | None) -> Question | None:
    name, sort = building.identifier(row["name"], row["name"]), row["type"].casefold()
    if sort in _TELLING:
        building.fault(name, f"'{sort}' would tell who answered; remove it.")
        return None
    if sort not in _KINDS or row.get("choice_filter"):
        building.fault(name, f"a question of type '{sort}' cannot be asked here. Use {', '.join(sorted(_KINDS))}.")
        return None
    bind, looks = row.get("bind", {}), set(str(row.get("control", {}).get("appearance", "")).split())
    kind = "long_text" if _KINDS[sort] == "text" and "multiline" in looks else _KINDS[sort]
    low, high = _range(row)
    return Question(
        name,
        kind,
        text_of(row.get("label")) or text_of(name),
        text_of(row.get("hint")),
        required=str(bind.get("required", "")).casefold() in ("yes", "true", "true()"),
        options=tuple(_option(choice) for choice in row.get("choices", ())),
        list=str(row.get("list_name", "")),
        in_line=bool(looks & _BARS),
        show_if=_both(outer, building.condition(bind.get("relevant"), name)),
        check=building.condition(bind.get("constraint"), name),
        check_words=text_of(bind.get("jr:constraintMsg")),
        minimum=low,
        maximum=high,
    )


def _range(row: dict) -> tuple[float | None, float | None]:
    parameters = row.get("parameters") or {}
    return points_of(parameters.get("start")), points_of(parameters.get("end"))


def _option(choice: dict) -> Option:
    code = str(choice["name"])
    return Option(code, text_of(choice.get("label")) or text_of(code), points_of(choice.get("points")))
