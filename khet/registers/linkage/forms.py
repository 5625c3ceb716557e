"""What is chosen on the page of the matching."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.registers.linkage.models import Kind, State


class QueueFilter(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=Kind.choices, widget=forms.Select({"data-wide": ""}))
    state = forms.ChoiceField(label=_("State"), choices=State.choices)
    org = forms.ChoiceField(label=_("Office"))

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [(one.code, str(one)) for one in offices]
        if len(self.fields["org"].choices) < 2:
            del self.fields["org"]
