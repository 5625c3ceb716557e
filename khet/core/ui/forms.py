"""Forms as our pages show them, and dates typed in Buddhist years."""

import re
from datetime import date

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

from khet.kit.periods import parse_date, to_be

_ISO = re.compile(r"(19|20)\d\d-\d\d-\d\d")


class Renderer(TemplatesSetting):
    """{{ form }} and {{ form.name.as_field_group }} through our partials (setting FORM_RENDERER)."""

    form_template_name = "_form.html"
    field_template_name = "_field.html"


class BuddhistDateWidget(forms.DateInput):
    """A text field that shows 16/05/2567; screen keyboards show digits."""

    def __init__(self, attrs=None):
        super().__init__(
            {"inputmode": "numeric", "autocomplete": "off", "placeholder": _("dd/mm/yyyy (B.E.)"), **(attrs or {})}
        )

    def format_value(self, value):
        if isinstance(value, str) and _ISO.fullmatch(value):  # an answer as it is kept
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return value  # typed so, and no day: the field says what is wrong with it
        if isinstance(value, date):
            return f"{value.day:02}/{value.month:02}/{to_be(value.year)}"
        return value


class BuddhistDateField(forms.DateField):
    """A date typed as 16/5/2567, 16 พ.ค. 2567, 2024-05-16 or with Thai digits; gives a date."""

    widget = BuddhistDateWidget
    default_error_messages = {
        "invalid": _("“%(value)s” is not a date. Write day/month/year in Buddhist years, for example 16/05/2567."),
    }

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return super().to_python(value)
        try:
            return parse_date(value)
        except ValueError:
            raise forms.ValidationError(
                self.error_messages["invalid"], code="invalid", params={"value": value}
            ) from None


def bootstrap_class(field) -> str:
    """Class of a bound field's widget in the markup of Tabler and Bootstrap 5."""
    widget = field.field.widget
    match widget:
        case forms.CheckboxInput() | forms.CheckboxSelectMultiple() | forms.RadioSelect():
            name = "form-check-input"
        case forms.Select() | forms.SelectMultiple():
            name = "form-select"
        case _:
            name = "form-control"
    return f"{name} is-invalid" if field.errors else name
