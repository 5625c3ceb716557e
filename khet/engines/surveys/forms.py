"""Forms of the office's pages; what may be is decided by the services."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.ui.forms import BuddhistDateField
from khet.engines.surveys.models import Access
from khet.engines.surveys.schema import Survey

SIZE = "size-"  # before the code of a group, in the name of its field


class OpenForm(forms.Form):
    """Opening a round of one edition."""

    org = forms.ModelChoiceField(None, label=_("For"), empty_label=None)
    title = forms.CharField(
        label=_("Title of the survey"), max_length=160, required=False,
        help_text=_("Respondents read it first. Left empty, it is the title above, in Thai or English."),
    )  # fmt: skip
    target_kind = forms.ChoiceField(label=_("What it is about"), required=False)
    target_label = forms.CharField(
        label=_("Name of the service, programme or round"), max_length=160, required=False,
        help_text=_("Leave it empty when the survey is about the office or school itself."),
    )  # fmt: skip
    target_id = forms.CharField(
        label=_("Its number or code"), max_length=80, required=False,
        help_text=_("So that rounds of the same thing are compared."),
    )  # fmt: skip
    access = forms.ChoiceField(label=_("Who answers, and how"), widget=forms.RadioSelect)
    opens = BuddhistDateField(label=_("First day"))
    closes = BuddhistDateField(label=_("Last day"))
    formula = forms.ChoiceField(label=_("Formula of the score"), required=False)
    once_a_device = forms.BooleanField(
        label=_("Ask a device that has answered whether another person is using it"), required=False, initial=True,
        help_text=_("Switch it off for a tablet at the counter."),
    )  # fmt: skip

    def __init__(self, *args, survey: Survey, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.survey = survey
        self.fields["org"].queryset = orgs
        self.fields["access"].choices = [(one, Access(one).label) for one in survey.access]
        self.fields["access"].initial = survey.access[0]
        self.fields["opens"].initial = timezone.localdate()
        self._targets()
        self._formulas()
        self._sizes()
        if survey.access != ("open",) and "open" not in survey.access:
            del self.fields["once_a_device"]

    def _targets(self):
        kinds = [(kind, TARGETS.get(kind, kind)) for kind in self.survey.targets if kind not in ("office", "school")]
        if not kinds:
            for name in ("target_kind", "target_label", "target_id"):
                del self.fields[name]
            return
        own = [("", _("The office or school itself"))] if {"office", "school"} & set(self.survey.targets) else []
        self.fields["target_kind"].choices = [*own, *kinds]

    def _formulas(self):
        if not self.survey.formulas:
            del self.fields["formula"]
            return
        self.fields["formula"].choices = [(formula.id, str(formula.title)) for formula in self.survey.formulas]
        self.fields["formula"].initial = self.survey.formula

    def _sizes(self):
        groups = [group for group in self.survey.groups.of if not group.named] if self.survey.groups else []
        for code, title in [(group.code, group.title) for group in groups] or [("", _("Everybody asked"))]:
            self.fields[SIZE + code] = forms.IntegerField(
                label=_("How many people: %(group)s") % {"group": title}, required=False, min_value=0
            )

    @property
    def sizes(self) -> dict[str, int]:
        return {
            name.removeprefix(SIZE): value
            for name, value in self.cleaned_data.items()
            if name.startswith(SIZE) and value is not None
        }

    @property
    def target(self) -> tuple[str, str, str]:
        return tuple(self.cleaned_data.get(name, "") for name in ("target_kind", "target_id", "target_label"))


TARGETS = {
    "office": _("Office"), "school": _("School"), "service": _("A service"), "programme": _("A programme"),
    "round": _("An assessment round"), "person": _("A person"),
}  # fmt: skip


class EndForm(forms.Form):
    """More or less time."""

    closes = BuddhistDateField(label=_("Last day"))


class CodesForm(forms.Form):
    """How many codes, for whom."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=500, initial=30)
    group = forms.ChoiceField(label=_("For the group"), required=False)

    def __init__(self, *args, survey: Survey, **kwargs):
        super().__init__(*args, **kwargs)
        if survey.groups and not survey.groups.question:
            self.fields["group"].choices = [(group.code, str(group.title)) for group in survey.groups.of]
            self.fields["group"].required = True
        else:
            del self.fields["group"]
