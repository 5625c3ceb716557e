"""Choosing an org, and what is typed on the pages of orgs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import tree
from khet.core.ui.forms import BuddhistDateField

# Beyond this a list is no help: the code is typed instead.
LONGEST_LIST = 600


class OrgField(forms.ModelChoiceField):
    """An org among those where the viewer holds a permission: a list indented like the tree, or its code."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Org.objects.none(), to_field_name="code", **kwargs)

    def limit_to(self, viewer, permission: str, *, kinds=(), closed: bool = False) -> None:
        rows = Org.objects.visible_to(viewer, permission)
        rows = rows.filter(kind__in=kinds) if kinds else rows
        self.queryset = rows if closed else rows.open()
        if self.queryset.count() > LONGEST_LIST:
            self.widget = forms.TextInput(attrs={"inputmode": "numeric"})
            self.help_text = _("The org's code.")
            return
        wanted = set(self.queryset.values_list("pk", flat=True))
        self.choices = [
            ("", "–"),
            *((org.code, "\u2003" * org.depth + str(org)) for org in tree(viewer, permission) if org.pk in wanted),
        ]


class NewOrgForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, kind.label) for kind in (Kind.SCHOOL, Kind.CLUSTER)]
    )
    code = forms.CharField(label=_("Code"), max_length=32, help_text=_("A school's 8-digit code; it never changes."))
    name = forms.CharField(label=_("Name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    parent = OrgField(label=_("Stands under"))
    since = BuddhistDateField(label=_("Since"), required=False, help_text=_("Empty: from the beginning."))
    split_from = OrgField(label=_("Came out of"), required=False, help_text=_("Only for a school that was split off."))

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].limit_to(viewer, "orgs.manage", kinds=[Kind.OFFICE, Kind.CLUSTER])
        self.fields["split_from"].limit_to(viewer, "orgs.manage", kinds=[Kind.SCHOOL])


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=200)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    on = BuddhistDateField(label=_("From"))


class MoveForm(forms.Form):
    parent = OrgField(label=_("New place"))
    on = BuddhistDateField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, viewer, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].limit_to(viewer, "orgs.manage", kinds=kinds)


class CloseForm(forms.Form):
    on = BuddhistDateField(label=_("First day without it"))
    into = OrgField(
        label=_("Merged into"), required=False, help_text=_("Empty: it closes and nothing takes its place.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args, viewer, org, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].limit_to(viewer, "orgs.manage", kinds=[org.kind])


class ReopenForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
