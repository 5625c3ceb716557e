"""The fields of two records beside each other, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date


@dataclass(frozen=True)
class Field:
    """One line of the comparison: what it is, the two values, whether they agree (None: one is missing)."""

    label: str
    left: str
    right: str
    agree: bool | None


def fields(left, right) -> list[Field]:
    """The lines of two sides (see queries.Side)."""
    labels = {
        "name": _("Name"), "sex": _("Sex"), "birth_date": _("Born"), "number": _("ID, partly hidden"),
        "house": _("House no."), "village": _("Village no."), "subdistrict": _("Subdistrict"),
        "district": _("District"), "province": _("Province"), "parents": _("Father and mother"),
        "rolls": _("On the roll of"),
    }  # fmt: skip
    return [_line(label, key, left.fields.get(key), right.fields.get(key)) for key, label in labels.items()]


def _line(label: str, key: str, left, right) -> Field:
    agree = None if not left or not right else left == right
    return Field(label, _text(key, left), _text(key, right), agree)


def _text(key: str, value) -> str:
    if not value:
        return ""
    if key == "birth_date":
        return be_date(value, "long")
    if key == "sex":
        return {"m": _("male"), "f": _("female")}.get(value, "")
    if key == "rolls":
        return "; ".join(f"{school} {grade} ({year + 543})" for school, grade, year in value)
    return str(value)
