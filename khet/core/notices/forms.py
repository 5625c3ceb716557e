"""How one wants to hear of notices."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.core.notices.models import Channel
from khet.core.notices.services import ways
from khet.core.notices.topics import topics

LINE_ID = re.compile(r"^U[0-9a-f]{32}$")


class ChannelForm(forms.Form):
    by = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    line_id = forms.CharField(
        label=_("LINE user ID"), required=False, max_length=40,
        help_text=_("The office's LINE account tells it when you write “ID” to it; it begins with U."),
    )  # fmt: skip
    when = forms.ChoiceField(label=pgettext_lazy("hours", "When"), choices=Channel.When, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(label=_("Nothing from"), required=False, widget=forms.TimeInput({"type": "time"}))
    quiet_until = forms.TimeField(
        label=pgettext_lazy("hours", "Until"), required=False, widget=forms.TimeInput({"type": "time"})
    )
    muted = forms.MultipleChoiceField(label=_("Do not send"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        possible = {Channel.By.NONE, *ways()}
        self.fields["by"].choices = [choice for choice in Channel.By.choices if choice[0] in possible]
        self.fields["muted"].choices = topics()
        if not topics():
            del self.fields["muted"]
        if "line" not in possible:
            del self.fields["line_id"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("by") == Channel.By.EMAIL and not self.user.email:
            self.add_error("by", _("Your account has no e-mail address. Ask the administrator to enter one."))
        if cleaned.get("by") == Channel.By.LINE and not LINE_ID.match(cleaned.get("line_id") or ""):
            self.add_error("line_id", _("This is no LINE user ID: U and 32 letters or digits."))
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both hours, or none."))
        return cleaned
