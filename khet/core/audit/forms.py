"""The filter of the trail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.core.audit.words import known_verbs
from khet.core.orgs.forms import OrgField
from khet.core.ui.forms import BuddhistDateField


class TrailFilter(forms.Form):
    who = forms.CharField(label=_("Who"), required=False)
    verb = forms.ChoiceField(label=_("Did what"), required=False)
    about = forms.CharField(label=_("With what"), required=False)
    org = OrgField(label=_("At or below"), required=False)
    since = BuddhistDateField(label=_("From"), required=False)
    until = BuddhistDateField(label=_("Up to"), required=False)

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        groups = [
            ("person.", _("anything with a person's record")), ("user.", _("anything with accounts")),
            ("plan.", _("anything with the plan")), ("intake.", _("anything with loads")),
        ]  # fmt: skip
        one_by_one = sorted(((verb, str(words)) for verb, words in known_verbs().items()), key=lambda pair: pair[0])
        self.fields["verb"].choices = [("", _("all")), *groups, *one_by_one]
        self.fields["org"].limit_to(viewer, "audit.read", closed=True)
