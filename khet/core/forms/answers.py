"""Answers of a form in words."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import pgettext

from khet.core.forms.build import options_of
from khet.core.forms.schema import CHOOSING, UPLOADS, Field, Form
from khet.core.ui.formats import be_date


def readable(form: Form | Iterable[Field], answers: dict, *, sensitive: bool = False) -> list[tuple[str, str]]:
    """(question, answer) of what was filled in, in the active language; sensitive answers only where asked for."""
    fields = getattr(form, "fields", form)
    return [
        (str(field.label), _words(field, answers[field.id]))
        for field in fields
        if field.id in answers and field.kind not in UPLOADS and (sensitive or not field.sensitive)
    ]


def parted(form: Form | Iterable[Field], answers: dict) -> tuple[dict, dict]:
    """The answers in two: those that may lie open, and the sensitive ones, which the storing room encrypts."""
    secret = {field.id for field in getattr(form, "fields", form) if field.sensitive}
    return (
        {id: value for id, value in answers.items() if id not in secret},
        {id: value for id, value in answers.items() if id in secret},
    )


def _words(field: Field, value) -> str:
    if field.kind in CHOOSING:
        known = dict(options_of(field))
        return ", ".join(known.get(code, str(code)) for code in (value if isinstance(value, list) else [value]))
    if field.kind == "yes_no":
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if field.kind == "date":
        return be_date(date.fromisoformat(value))
    return str(value)
