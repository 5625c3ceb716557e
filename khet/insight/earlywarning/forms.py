"""What the pages of the early warning ask for. Rules live in the services; here only shapes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.ui.forms import BuddhistDateField
from khet.insight.earlywarning.services.following import LONGEST_NOTE


class RunForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("How many pupils can the office and its schools help at a time?"),
        min_value=1, max_value=20_000, required=False,
        help_text=_("The list stops there. Left empty: as many as last time, at first three in a hundred."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you open this pupil for?"), max_length=300,
        help_text=_("For example: a home visit this week. The reason is kept with your name."),
    )  # fmt: skip


class ExportForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need the file for?"), max_length=300,
        help_text=_("The file holds classes and school numbers, no names and no reasons. Your reason is kept."),
    )  # fmt: skip


class _Choosing(forms.Form):
    """A choice of the edition, the day it happened, and room for words."""

    choice = forms.ChoiceField()
    on = BuddhistDateField(label=_("Day"), required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 2}),
        help_text=_("Only what the next person needs to know."),
    )  # fmt: skip

    def __init__(self, entries, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [("", "—"), *((entry.id, str(entry.title)) for entry in entries)]
        self.fields["on"].initial = timezone.localdate()


class ActionForm(_Choosing):
    choice = forms.ChoiceField(label=_("What was done"))


class EndingForm(_Choosing):
    choice = forms.ChoiceField(label=_("How it went"))


class OverruleForm(_Choosing):
    choice = forms.ChoiceField(label=_("Why the warning does not hold"))
    on = None
    note = forms.CharField(
        label=_("In your words"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 2}),
        help_text=_("Who comes after you has to understand it."),
    )  # fmt: skip

    def __init__(self, entries, *args, **kwargs):
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["choice"].choices = [("", "—"), *((entry.id, str(entry.title)) for entry in entries)]
