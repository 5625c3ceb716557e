"""What is typed on the pages of a class."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.forms.build import DataForm, form_class
from khet.core.forms.schema import Form
from khet.core.ui.forms import BuddhistDateField
from khet.registers.progress.models import Absence

PRESENT = ""
KINDS = [(PRESENT, pgettext_lazy("roll", "here")), *((code, words) for code, words in Absence.Kind.choices)]
HALVES = [("", _("all day")), ("1", _("morning")), ("2", _("afternoon"))]


class DayForm(forms.Form):
    day = BuddhistDateField(label=_("Day"))


class PastDayForm(DayForm):
    """A day that is not ahead."""

    def clean_day(self):
        if self.cleaned_data["day"] > timezone.localdate():
            raise forms.ValidationError(_("The day lies in the future. Correct it."))
        return self.cleaned_data["day"]


def exceptions(posted: Mapping, enrolments) -> dict[int, tuple[str, int]]:
    """{enrolment: (kind, part)} of those marked as not there; whoever carries no mark was there."""
    kinds, found = dict(Absence.Kind.choices), {}
    for one in enrolments:
        kind, half = posted.get(f"kind-{one.pk}", ""), posted.get(f"part-{one.pk}", "")
        if kind in kinds:
            found[one.pk] = kind, int(half) if half in ("1", "2") else Absence.Part.WHOLE.value
    return found


def screening_form(form: Form, prefix: str, calm: str, *, data=None) -> DataForm:
    """The screening's form for one pupil, everything calm until changed; the day is asked once for the class."""
    fields = [field for field in form.fields if field.kind != "date"]
    initial = {field.id: calm for field in fields if field.kind == "choice"}
    made = form_class(fields, upload=False)(data, prefix=prefix, initial=initial)
    for field in fields:
        # a list takes one line where buttons would take a screen for a whole class
        if field.kind == "choice":
            made.fields[field.id].widget = forms.Select(choices=made.fields[field.id].choices)
        elif field.kind == "yes_no":
            made.fields[field.id].widget = forms.Select(choices=[("", "–"), *made.fields[field.id].choices])
    return made


def day_fields(form: Form) -> list[str]:
    return [field.id for field in form.fields if field.kind == "date"]
