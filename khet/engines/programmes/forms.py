"""What is typed on the pages of programmes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.ui.forms import BuddhistDateField
from khet.engines.programmes.models import Output, Review, Run
from khet.kit.periods import academic_year, fiscal_year, from_be, to_be


class ListFilter(forms.Form):
    system = forms.ChoiceField(label=_("System"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args, systems, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = [("", _("all")), *((s.id, f"{s.strategy} {s.title}") for s in systems)]
        self.fields["state"].choices = [("", _("all")), *Run.State.choices]


class RunForm(forms.Form):
    """What is said of a run."""

    title = forms.CharField(label=_("Title"), max_length=200)
    starts = BuddhistDateField(label=_("Starts"))
    ends = BuddhistDateField(label=_("Last day"), required=False, help_text=_("Empty: until it is closed."))
    lead = forms.CharField(label=_("Responsible"), max_length=120, required=False)
    budget = forms.DecimalField(label=_("Budget (baht)"), max_digits=12, decimal_places=2, min_value=0, required=False)
    links = forms.MultipleChoiceField(
        label=_("Serves in the plan"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tactics and indicators of the plan in force."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, plan=(), links=(), **kwargs):
        """plan: PlanItems to pick from; links: [{kind, id, label}] that stand, kept on offer though not in the plan."""
        super().__init__(*args, **kwargs)
        standing = [self._key(link) for link in links]
        offered = {one.key: {"kind": one.kind, "id": one.id, "label": one.label} for one in plan}
        self._links = dict(zip(standing, links, strict=True)) | offered
        self.fields["links"].choices = [(key, self._words(link)) for key, link in self._links.items()]
        self.fields["links"].initial = standing
        if not self._links:
            del self.fields["links"]  # no plan is in force, so there is nothing to serve yet

    @staticmethod
    def _words(link: dict) -> str:
        return f"{gettext('Indicator')} · {link['label']}" if link["kind"] == "indicator" else link["label"]

    @staticmethod
    def _key(link: dict) -> str:
        return f"{link['kind']}:{link['id'] or link['label']}"

    def clean_links(self):
        """[{kind, id, label}] of what was picked."""
        return [self._links[key] for key in self.cleaned_data["links"]]


class StatusForm(forms.Form):
    """A rung recorded for one or for several participants."""

    level = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    judged_on = BuddhistDateField(label=_("Judged on"))
    judged_by = forms.CharField(
        label=_("Judged by"), max_length=200, required=False, help_text=_("Empty: whom the programme names.")
    )
    valid_until = BuddhistDateField(
        label=_("Valid until"), required=False, help_text=_("Empty: as long as the programme says.")
    )
    link = forms.URLField(label=_("Link to the evidence"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(label=_("Evidence"), required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.code, str(level.title)) for level in rules.ladder.levels]
        self.fields["judged_on"].initial = timezone.localdate()


class NameForm(forms.Form):
    """A classroom or a partner."""

    kind = forms.ChoiceField(label=_("Kind"))
    org = forms.ChoiceField(label=_("At"))
    name = forms.CharField(label=_("Name"), max_length=200)
    joined_on = BuddhistDateField(label=_("Takes part since"))

    def __init__(self, *args, kinds, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        self.fields["org"].choices = [(org.code, str(org)) for org in orgs]
        self.fields["joined_on"].initial = timezone.localdate()


class LeaveForm(forms.Form):
    on = BuddhistDateField(label=_("First day without it"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class SessionForm(forms.Form):
    org = forms.ChoiceField(label=_("Held by"))
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(label=_("About"), max_length=200)
    held_on = BuddhistDateField(label=_("Day"))
    hours = forms.DecimalField(label=_("Hours"), max_digits=4, decimal_places=1, min_value=0.1, max_value=24)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    others = forms.IntegerField(
        label=_("People who came and are not named"), min_value=0, required=False, initial=0,
        help_text=_("Parents, guests, staff of a confidential programme: their number only."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(self, *args, rules, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [(org.code, str(org)) for org in orgs]
        self.fields["kind"].choices = [(kind.code, str(kind.title)) for kind in rules.sessions.kinds]
        self.fields["hours"].initial = rules.sessions.hours
        self.fields["held_on"].initial = timezone.localdate()

    def clean_others(self):
        return self.cleaned_data["others"] or 0


class OutputForm(forms.Form):
    org = forms.ChoiceField(label=_("Comes from"))
    title = forms.CharField(label=_("Title"), max_length=300)
    summary = forms.CharField(label=_("Abstract"), required=False, widget=forms.Textarea({"rows": 5}), max_length=4000)
    made_on = BuddhistDateField(label=_("Finished or awarded on"))
    authors = forms.CharField(label=_("Authors"), widget=forms.Textarea({"rows": 2}), help_text=_("One a line."))
    link = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(label=_("File"), required=False)

    def __init__(self, *args, kind, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [(org.code, str(org)) for org in orgs]
        self.fields["authors"].required = kind.authors
        self.fields["made_on"].initial = timezone.localdate()

    def clean_authors(self):
        return [line.strip() for line in self.cleaned_data["authors"].splitlines() if line.strip()]


class ReviewForm(forms.Form):
    advice = forms.ChoiceField(label=_("Advice"), choices=Review.Advice.choices, widget=forms.RadioSelect)
    score = forms.FloatField(label=_("Score out of 100"), min_value=0, max_value=100, required=False)
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea({"rows": 4}), max_length=4000)


class UseForm(forms.Form):
    org = forms.ChoiceField(label=_("Used at"))
    used_on = BuddhistDateField(label=_("Since"))
    note = forms.CharField(label=_("How it is used"), max_length=300, required=False)

    def __init__(self, *args, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [(org.code, str(org)) for org in orgs]
        self.fields["used_on"].initial = timezone.localdate()


class RegisterFilter(forms.Form):
    """Of the register of outputs."""

    q = forms.CharField(label=_("Search words"), required=False, widget=forms.TextInput({"type": "search"}))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    level = forms.ChoiceField(label=_("Quality"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    run = forms.ModelChoiceField(
        label=_("Programme"), queryset=Run.objects.none(), required=False, empty_label=_("all")
    )

    def __init__(self, *args, runs, **kwargs):
        super().__init__(*args, **kwargs)
        runs = [run for run in runs if run.rules.outputs]
        kinds = {kind.code: str(kind.title) for run in runs for kind in run.rules.outputs}
        levels = {one.code: str(one.title) for run in runs for kind in run.rules.outputs for one in kind.levels}
        states = [(value, label) for value, label in Output.State.choices]
        for name, choices in {"kind": kinds.items(), "level": levels.items(), "state": states}.items():
            self.fields[name].choices = [("", _("all")), *choices]
        self.fields["run"].queryset = Run.objects.filter(pk__in=[run.pk for run in runs])


class CostForm(forms.Form):
    org = forms.ChoiceField(label=_("Whose money"))
    what = forms.CharField(label=_("For what"), max_length=200)
    source = forms.CharField(label=_("Source of the money"), max_length=120, required=False)
    year_be = forms.IntegerField(label=_("Fiscal year (B.E.)"), min_value=2540, max_value=2640)
    planned = forms.DecimalField(
        label=_("Planned (baht)"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    paid = forms.DecimalField(label=_("Paid (baht)"), max_digits=12, decimal_places=2, min_value=0, required=False)

    def __init__(self, *args, orgs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].choices = [(org.code, str(org)) for org in orgs]
        self.fields["year_be"].initial = to_be(fiscal_year(timezone.localdate()).year)

    @property
    def year(self) -> int:
        return from_be(self.cleaned_data["year_be"])


class TargetForm(forms.Form):
    measure = forms.ChoiceField(label=_("Number"))
    year_be = forms.IntegerField(label=_("Year (B.E.)"), min_value=2540, max_value=2640)
    value = forms.FloatField(label=_("Target"), required=False, help_text=_("Empty: takes the target away."))

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        known = [(gift.measure, catalogue().find("measure", gift.measure)) for gift in rules.gives]
        self.fields["measure"].choices = [(id, str(measure.title)) for id, measure in known if measure]
        self.fields["year_be"].initial = to_be(academic_year(timezone.localdate()).year)


class SheetForm(forms.Form):
    file = forms.FileField(label=_("Spreadsheet"), help_text=_("xlsx or csv, at most 5 MB."))
