"""What is typed on the pages of cases, beside the forms of the catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.ui.forms import BuddhistDateField
from khet.engines.cases import seats
from khet.engines.cases.models import Case, Link, Referral
from khet.engines.cases.queries.inbox import Asked


class InboxFilter(forms.Form):
    words = forms.CharField(label=_("Number or name"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind of case"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    level = forms.ChoiceField(label=_("Level"), required=False)
    org = forms.ChoiceField(label=_("Handled at"), required=False)
    mine = forms.BooleanField(required=False, widget=forms.HiddenInput)  # these three stand above the filter, as counts
    overdue = forms.BooleanField(required=False, widget=forms.HiddenInput)
    unassigned = forms.BooleanField(required=False, widget=forms.HiddenInput)
    closed = forms.BooleanField(label=_("Closed ones"), required=False)

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        rows = Case.objects.visible_to(viewer)
        kinds = {edition.family: edition.rules for edition in _editions(rows)}
        self.fields["kind"].choices = [("", _("all")), *((f, str(r.kind.title)) for f, r in sorted(kinds.items()))]
        chosen = kinds.get(self.data.get("kind") or "")
        if chosen is None and len(kinds) == 1:
            chosen = next(iter(kinds.values()))
        states = chosen.workflow.states.items() if chosen else ()
        self.fields["state"].choices = [("", _("all")), *((id, str(state.title)) for id, state in states)]
        levels = chosen.kind.levels if chosen else ()
        self.fields["level"].choices = [("", _("all")), *((one.code, str(one.title)) for one in levels)]
        places = Org.objects.filter(pk__in=rows.order_by().values("org").distinct())
        self.fields["org"].choices = [("", _("all")), *((org.code, str(org)) for org in places)]
        for name in ("state", "level"):
            if len(self.fields[name].choices) == 1:
                del self.fields[name]
        for name in ("kind", "org"):
            if len(self.fields[name].choices) <= 2:
                del self.fields[name]

    def asked(self) -> Asked:
        """What was chosen; nothing for choices that do not exist."""
        if not self.is_bound:
            return Asked()
        self.is_valid()
        known = {name: value for name, value in self.cleaned_data.items() if name in Asked.__dataclass_fields__}
        return Asked(**known)


def _editions(rows):
    from khet.engines.cases.models import Edition

    return Edition.objects.filter(pk__in=rows.order_by().values("edition").distinct()).order_by("pk")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("What do you need it for?"), max_length=300, min_length=4)


class WhyForm(forms.Form):
    """The reason of a step."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args, required: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = required


class DayForm(forms.Form):
    on = BuddhistDateField(label=_("Day it took place"))


class NoteForm(forms.Form):
    text = forms.CharField(label=_("What to note"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class TaskForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=500)
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Who does it"), required=False, empty_label=_("nobody yet")
    )
    due = BuddhistDateField(label=_("By when"), required=False)

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = users


class AssignForm(forms.Form):
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Who handles it"), required=False, empty_label=_("nobody yet")
    )

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users


class HandOverForm(forms.Form):
    org = forms.ModelChoiceField(Org.objects.none(), label=_("Place that handles it"), empty_label="–")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        places = Org.objects.open().filter(path__startswith=case.office.path, kind__in=("office", "school"))
        self.fields["org"].queryset = places.exclude(pk=case.org_id).order_by("kind", "name")


class LevelForm(forms.Form):
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False, help_text=_("Needed to lower it."))

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(one.code, str(one.title)) for one in kind.levels]


class MemberForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), empty_label="–")

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users


class PartyForm(forms.Form):
    role = forms.ChoiceField(label=_("Role in the case"))
    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("Account, if the person has one here"), required=False, empty_label="–",
        help_text=_("Who is named as the one complained of never sees the case."),
    )  # fmt: skip

    def __init__(self, *args, kind, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(one.code, str(one.title)) for one in kind.parties]
        self.fields["user"].queryset = users


class ReferForm(forms.Form):
    to = forms.ModelChoiceField(Org.objects.none(), label=_("School or office"), required=False, empty_label="–")
    agency = forms.ChoiceField(label=_("Or an agency outside"), required=False)
    aim = forms.ChoiceField(label=_("What for"), choices=Referral.Aim.choices, widget=forms.RadioSelect, initial="help")
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))
    consent = forms.CharField(
        label=_("On what ground data are passed on"), max_length=300, required=False,
        help_text=_("Consent of the guardian, or the law that asks for it."),
    )  # fmt: skip

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        places = Org.objects.open().filter(kind__in=("office", "school")).exclude(pk=case.org_id)
        if case.passed_by:
            places = places.exclude(path__startswith=case.about.path)
        self.fields["to"].queryset = places.order_by("kind", "name")
        codes = catalogue().find("codes", case.kind.agencies or "")
        values = [(str(v.title.th), str(v.title)) for v in (codes.values if codes else ())]
        self.fields["agency"].choices = [("", "–"), *values]
        if not values:
            del self.fields["agency"]


class NumberForm(forms.Form):
    number = forms.CharField(label=_("Number of the case"), max_length=24)


class LinkForm(NumberForm):
    kind = forms.ChoiceField(label=_("How they belong together"), choices=Link.Kind.choices)


class MergeForm(NumberForm):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class EnterForm(NumberForm):
    reason = forms.CharField(label=_("What do you need it for?"), max_length=300, min_length=4)


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Your words"), max_length=4000, widget=forms.Textarea({"rows": 3}))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Your code"), max_length=30,
        help_text=_("Twelve letters and digits, shown once when the report was made."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


def users_near(case: Case):
    """Accounts that could take part in a case: of its place and above it; none whom it names as barred."""
    above = [int(id) for id in case.org.path.strip("/").split("/")]
    rows = User.objects.people().filter(is_active=True, roles__org__in=above).distinct()
    barred = case.parties.filter(barred=True, user__isnull=False).values("user")
    return rows.exclude(pk__in=barred).order_by("full_name")


def users_to_name(case: Case):
    """Accounts a case may name: those near it and those of the place it is about, who then never see it."""
    below = User.objects.people().filter(is_active=True, roles__org__path__startswith=case.about.path)
    return (users_near(case) | below.distinct()).distinct().order_by("full_name")


def users_who_see(case: Case):
    """Accounts that see a case: those it may be given to."""
    near = users_near(case)
    if case.kind.circle:
        return User.objects.filter(pk__in=case.members.filter(until__isnull=True).values("user"))
    readers = [user.pk for user in near if seats.roles_at(user, case.org) & set(case.kind.read_by)]
    inside = case.members.filter(until__isnull=True).values_list("user", flat=True)
    return User.objects.filter(pk__in=[*readers, *inside]).order_by("full_name")
