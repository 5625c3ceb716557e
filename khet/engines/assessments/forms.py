"""What the pages of this room ask for. Rules live in the services; here only shapes."""

from datetime import date

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.core.catalogue import catalogue
from khet.core.ui.formats import period as period_words
from khet.core.ui.forms import BuddhistDateField
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.models.ratings import Layer
from khet.kit.periods import Period, period_of


def group_choices() -> list[tuple[str, str]]:
    """(code, name) of the office's working groups."""
    found = catalogue().find("codes", "working_groups")
    return [(value.code, str(value.title)) for value in found.values] if found else []


def periods_for(framework, today: date | None = None) -> list[Period]:
    """Periods a round of the framework may be of: from the next back over five years, as far as the edition holds."""
    now = period_of(today or timezone.localdate(), framework.period)
    found, one = [], now.next()
    for _step in range(6 if framework.period != "semester" else 11):
        if framework.in_force(one.end) or framework.in_force(one.start):
            found.append(one)
        one = one.previous()
    return found


def season(framework, period: Period) -> dict[str, date | None]:
    """The usual days of a round of a period."""
    usual = framework.season

    def day(text):
        if not text:
            return None
        month, number = (int(part) for part in text.split("-"))
        year = period.start.year + usual.years_later
        for candidate in (year, year + 1):
            found = date(candidate, month, min(number, 28) if month == 2 else number)
            if found >= period.start:
                return found
        return found

    days = {name: day(getattr(usual, name)) for name in ("opens", "due", "closes")}
    known = [found for found in days.values() if found]
    return days if known == sorted(known) else dict.fromkeys(days)


class CalendarForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    opens = BuddhistDateField(label=_("Opens on"), required=False)
    due = BuddhistDateField(label=_("To be handed over by"), required=False)
    closes = BuddhistDateField(label=_("Closes on"), required=False)
    layers = forms.MultipleChoiceField(
        label=_("Who judges"), choices=Layer.choices, widget=forms.CheckboxSelectMultiple()
    )

    def days(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("opens", "due", "closes")}


class RoundForm(CalendarForm):
    """A new round of one framework: its period, calendar, who judges, and which schools."""

    ALL, SOME = "all", "some"
    period = forms.ChoiceField(label=_("Period"))
    whole = forms.ChoiceField(
        label=_("Schools"), choices=[(ALL, _("all open schools")), (SOME, _("those I choose on the next page"))],
        widget=forms.RadioSelect(), initial=ALL,
    )  # fmt: skip
    field_order = ["period", "title", "opens", "due", "closes", "layers", "whole"]

    def __init__(self, *args, framework, **kwargs):
        found = periods_for(framework)
        now = period_of(timezone.localdate(), framework.period)
        first = now if now in found else (found[0] if found else now)
        kwargs.setdefault("initial", {
            "period": first.code, "title": f"{framework.title} {first.label('th')}"[:200],
            "layers": list(framework.layers), **season(framework, first),
        })  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = [(one.code, period_words(one)) for one in found]
        if framework.target != "school":
            del self.fields["whole"]


class OverviewFilter(forms.Form):
    words = forms.CharField(label=_("School"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    late = forms.BooleanField(label=_("late only"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("all")), *Assessment.State.choices]


class LinkForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    url = forms.URLField(label=_("Web address"), max_length=1000, assume_scheme="https")


class ImprovementForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=500, widget=forms.Textarea({"rows": 2}))
    owner_group = forms.ChoiceField(label=_("Working group"), required=False)
    owner = forms.CharField(
        label=_("Person (user name)"), required=False, max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )
    due = BuddhistDateField(label=_("Until"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner_group"].choices = [("", "–"), *group_choices()]


class FollowUpForm(forms.Form):
    done = forms.IntegerField(label=_("Done (percent)"), min_value=0, max_value=100)
    words = forms.CharField(label=_("How it went"), max_length=500, required=False)


class SheetForm(forms.Form):
    """A spreadsheet of results."""

    file = forms.FileField(label=_("Spreadsheet"))
    layer = forms.ChoiceField(label=_("Whose ratings these are"))

    def __init__(self, *args, layers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["layer"].choices = [(one.value, one.label) for one in Layer if one.value in layers]


class JudgesForm(forms.Form):
    """Who judges at many places at once."""

    users = forms.CharField(
        label=_("People (user names)"), help_text=_("Several with commas between them"), max_length=400,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    layer = forms.ChoiceField(label=_("Part"))

    def __init__(self, *args, layers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["layer"].choices = [(one.value, one.label) for one in Layer if one.value in layers]
        if "reviewer" in layers:
            self.fields["layer"].initial = "reviewer"


class TargetForm(forms.Form):
    """A classroom, a teacher or a pupil to be judged at a school."""

    person = forms.ModelChoiceField(None, label=_("Person"), to_field_name="ref", empty_label="–")
    label = forms.CharField(label=_("Classroom or lesson"), max_length=80)
    judged_on = BuddhistDateField(label=_("Day"), required=False)

    def __init__(self, *args, target, people, **kwargs):
        kwargs.setdefault("initial", {"judged_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        self.fields["label"].required = target == "classroom"
        if target == "classroom":
            del self.fields["person"]
