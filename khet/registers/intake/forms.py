"""What the pages of the intake ask for. Rules live in the services; here only shapes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.ui.forms import BuddhistDateField, BuddhistDateWidget
from khet.registers.intake.models import State
from khet.registers.intake.period import parse_as_of


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; gives a list."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class AsOfField(BuddhistDateField):
    """The day data speak of: a date as elsewhere, or only a year (2567), which stands for its June count."""

    widget = BuddhistDateWidget({"placeholder": _("10/06/2567 or 2567")})

    def to_python(self, value):
        try:
            return super().to_python(value)
        except forms.ValidationError as fault:
            try:
                return parse_as_of(value)
            except ValueError:
                raise fault from None

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come. Write the day the file was exported."))


def source_choices(first: str) -> list[tuple[str, str]]:
    known = sorted(catalogue().all("source"), key=lambda source: (source.order, source.id))
    return [("", first), *((source.id, str(source.title)) for source in known)]


class UploadForm(forms.Form):
    files = FilesField(label=_("Files"))
    as_of = AsOfField(
        label=_("The day the data speak of"), required=False,
        help_text=_("Only needed when neither the file nor its name says it."),
    )  # fmt: skip


class AgainForm(forms.Form):
    """Another reading of a load: as which source, and of which day."""

    source = forms.ChoiceField(label=_("Kind of file"), required=False)
    as_of = AsOfField(
        label=_("The day the data speak of"), required=False, help_text=_("Empty: as the file says.")
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = source_choices(_("recognise by itself"))


class FilterForm(forms.Form):
    source = forms.ChoiceField(label=_("Kind of file"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = source_choices(_("All kinds"))
        self.fields["state"].choices = [("", _("All states")), *State.choices]


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is undone"), max_length=300, min_length=4, help_text=_("Kept in the audit trail.")
    )


class ReasonForm(forms.Form):
    """Why a record of a person is opened."""

    reason = forms.CharField(
        label=_("What do you need it for?"), max_length=300, min_length=4,
        help_text=_("Your reason goes to the audit trail. Do not write names or numbers of persons in it."),
    )  # fmt: skip


class SaveSourceForm(forms.Form):
    """The name under which the office's own kind of file is kept."""

    title = forms.CharField(label=_("What your office calls this kind of file"), max_length=80, min_length=3)
