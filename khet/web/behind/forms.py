"""What the pages of this room ask for."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you open the list for?"), max_length=300,
        help_text=_("For example: forming catch-up groups of this term. The reason is kept with your name."),
    )  # fmt: skip
