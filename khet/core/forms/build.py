"""A catalogue form as a Django form."""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.core.catalogue import catalogue
from khet.core.forms.schema import CHOOSING, UPLOADS, Field, Form
from khet.core.ui.forms import BuddhistDateField


class DataForm(forms.Form):
    """A form made from catalogue data; `answers()` gives what was filled in, ready to be kept as JSON."""

    definition: tuple[Field, ...] = ()
    template_name = "forms/_fields.html"  # {{ form }} hides what is not asked

    def clean(self):
        cleaned = super().clean()
        for field in self.definition:
            if field.kind == "heading":
                continue
            if not is_asked(field, cleaned):
                self.errors.pop(field.id, None)  # what is not asked cannot be answered wrongly
                cleaned[field.id] = None
            elif field.required and _is_blank(cleaned.get(field.id)) and field.id not in self.errors:
                self.add_error(field.id, _("Please fill this in."))
        return cleaned

    def answers(self) -> dict:
        """{field: answer} without blanks and uploads; dates as ISO text."""
        kept = {}
        for field in self.definition:
            value = self.cleaned_data.get(field.id)
            if field.kind not in (*UPLOADS, "heading") and not _is_blank(value):
                kept[field.id] = value.isoformat() if hasattr(value, "isoformat") else value
        return kept

    def uploads(self) -> dict:
        """{field: uploaded file} of what was attached."""
        return {
            f.id: self.cleaned_data[f.id] for f in self.definition if f.kind in UPLOADS and self.cleaned_data.get(f.id)
        }

    def rows(self):
        """(definition, bound field or None for a heading) in order, for templates."""
        return [(field, None if field.kind == "heading" else self[field.id]) for field in self.definition]


def form_class(form: Form | Iterable[Field], *, upload: bool = True) -> type[DataForm]:
    """The Django form of a catalogue form (or of its fields). `upload=False` leaves out photos and files."""
    fields = tuple(f for f in getattr(form, "fields", form) if upload or f.kind not in UPLOADS)
    made = {field.id: _field(field) for field in fields if field.kind != "heading"}
    return type("CatalogueForm", (DataForm,), {**made, "definition": fields})


def is_asked(field: Field, answers: dict) -> bool:
    """False when the answers so far make a question pointless."""
    return all(_holds(answers.get(other), wanted) for other, wanted in field.show_if.items())


def options_of(field: Field) -> list[tuple[str, str]]:
    """(code, words) of a choice, in the active language."""
    if field.codes:
        return [(value.code, str(value.title)) for value in catalogue().get("codes", field.codes).values]
    return [(option.code, str(option.title)) for option in field.options]


def _holds(value, wanted: tuple[str, ...]) -> bool:
    given = value if isinstance(value, list) else [value]
    return any(
        str({True: "yes", False: "no"}.get(one, one) if isinstance(one, bool) else one) in wanted for one in given
    )


def _is_blank(value) -> bool:
    return value is None or value == "" or value == []


class _Choices(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class _YesNo(forms.TypedChoiceField):
    """Yes, no or not answered: three things that a single box cannot tell apart."""

    def __init__(self, **options):
        super().__init__(
            choices=[("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))],
            coerce=lambda text: text == "yes", empty_value=None,
            widget=forms.RadioSelect, **options,
        )  # fmt: skip


def _field(field: Field) -> forms.Field:
    shared = {
        "label": str(field.label),
        "help_text": str(field.help or ""),
        "required": field.required and not field.show_if,
    }
    match field.kind:
        case "text":
            return forms.CharField(max_length=field.max_length or 200, **shared)
        case "long_text":
            return forms.CharField(max_length=field.max_length or 4000, widget=forms.Textarea({"rows": 4}), **shared)
        case "integer":
            return forms.IntegerField(min_value=_whole(field.minimum), max_value=_whole(field.maximum), **shared)
        case "number":
            return forms.FloatField(min_value=field.minimum, max_value=field.maximum, **shared)
        case "date":
            return _Day(field, **shared)
        case "time":
            return forms.TimeField(widget=forms.TimeInput({"type": "time"}), **shared)
        case "yes_no":
            return _YesNo(**shared)
        case "choices":
            return _Choices(choices=options_of(field), **shared)
        case kind if kind in CHOOSING:
            few = len(options_of(field)) <= 6
            blank = [] if few else [("", "–")]
            widget = forms.RadioSelect if few else forms.Select
            return forms.ChoiceField(choices=[*blank, *options_of(field)], widget=widget, **shared)
        case "photo":
            return forms.FileField(widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}), **shared)
        case _:
            return forms.FileField(**shared)


class _Day(BuddhistDateField):
    """A day within the bounds of its field, which count from today."""

    def __init__(self, field: Field, **options):
        self.bounds = field.minimum, field.maximum
        super().__init__(**options)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        today, (first, last) = timezone.localdate(), self.bounds
        if last is not None and value > today + timedelta(days=last):
            raise forms.ValidationError(
                _("The day lies in the future. Correct it.")
                if last == 0
                else _("The day lies too far ahead. Correct it.")
            )
        if first is not None and value < today + timedelta(days=first):
            raise forms.ValidationError(_("The day lies too far back. Correct it."))


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
