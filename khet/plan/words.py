"""Targets and owners in words, in the active language."""

from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.ui.formats import number, with_unit
from khet.kit.periods import to_be


def target_words(targets, definition=None) -> str:
    """A year's targets in one phrase: "≥ 95%", "none", "80–90%", "lower than the year before"; '' without any."""
    targets = list(targets)
    if len(targets) == 2 and {t.direction for t in targets} == {"at_least", "at_most"}:
        low = next(t for t in targets if t.direction == "at_least")
        high = next(t for t in targets if t.direction == "at_most")
        if low.value is not None and high.value is not None:
            return f"{number(low.value)}–{_amount(high, definition)}"
    return ", ".join(_one(target, definition) for target in targets)


def _one(target, definition) -> str:
    match target.direction:
        case "zero":
            return _("none (0)")
        case "decrease":
            return _("lower than the year before")
        case "increase":
            return _("higher than the year before")
    sign = {"at_least": "≥", "at_most": "≤", "exactly": "="}[target.direction]
    return f"{sign} {_amount(target, definition)}" if target.value is not None else target.reference


def _amount(target, definition) -> str:
    """The number with its unit; a level by its name."""
    if definition is not None and definition.unit == "level" and (name := level_name(definition, target.value)):
        return name
    unit = definition.unit if definition is not None else target.unit
    if unit == "percent":
        return f"{number(target.value)}%"
    word = str(definition.unit_word) if definition is not None and definition.unit_word else ""
    return f"{number(target.value)} {word}".strip()


def value_words(value: float | None, definition) -> str:
    """A value of an indicator with its unit: "22 เหตุ", "1.45 เหตุต่อ 1,000 คน", "92%", a level by its name."""
    if definition.unit == "level":
        return level_name(definition, value) or number(None)
    unit = "%" if definition.unit == "percent" else str(definition.unit_word or "")
    return with_unit(value, unit, definition.decimals)


def level_name(definition, value: float | None) -> str:
    """The title of a level by its place on the scale; '' when it has none."""
    scale = catalogue().find("codes", definition.scale) if definition and definition.scale else None
    if scale is None or value is None:
        return ""
    return next((str(entry.title) for entry in scale.values if entry.order == round(value)), "")


def year_words(year: int | None) -> str:
    """2568; "every year" for None. Takes a C.E. year."""
    return _("every year") if year is None else str(to_be(year))
