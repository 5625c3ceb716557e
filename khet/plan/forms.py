"""What the pages of the plan room ask for. Rules live in the services; here only shapes."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.kit.periods import fiscal_year, from_be, to_be
from khet.plan.groups import group_choices
from khet.plan.models import PlanItem, PlanTarget


class UploadForm(forms.Form):
    file = forms.FileField(label=_("Plan document"), help_text=_("PDF, Word (.docx), web page or text, at most 25 MB"))


class YearsForm(forms.Form):
    """First and last fiscal year, typed in B.E.; gives C.E."""

    from_year = forms.IntegerField(label=_("First fiscal year (B.E.)"), min_value=2500, max_value=2700)
    to_year = forms.IntegerField(label=_("Last fiscal year (B.E.)"), min_value=2500, max_value=2700)

    def __init__(self, *args, document=None, **kwargs):
        this_year = to_be(fiscal_year(timezone.localdate()).year)
        first, last = (document.printed_years if document else None) or (this_year, this_year + 4)
        kwargs.setdefault("initial", {"from_year": first, "to_year": last})
        super().__init__(*args, **kwargs)

    def clean(self):
        found = super().clean()
        first, last = found.get("from_year"), found.get("to_year")
        if first and last and last < first:
            self.add_error("to_year", _("The last year comes before the first."))
        return {name: from_be(year) for name, year in found.items()}


class ItemForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=PlanItem.Kind.choices)
    title = forms.CharField(label=_("Short name"), max_length=200, required=False)
    text = forms.CharField(label=_("Text"), required=False, widget=forms.Textarea({"rows": 3}))
    parent = forms.ModelChoiceField(
        PlanItem.objects.none(), label=_("Stands under"), required=False, empty_label=_("no strategy")
    )

    def __init__(self, *args, edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = edition.items.filter(kind=PlanItem.Kind.STRATEGY)
        self.fields["parent"].label_from_instance = lambda item: f"{item.number}. {str(item)[:80]}"


class SplitForm(forms.Form):
    """Where a text is cut, written as the words with which the second item begins."""

    second = forms.CharField(label=_("The second item begins with"), max_length=300)


class OwnerForm(forms.Form):
    group = forms.ChoiceField(label=_("Working group"), required=False)
    owner = forms.CharField(
        label=_("Person (user name)"), required=False, max_length=60, widget=forms.TextInput({"autocomplete": "off"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("nobody yet")), *group_choices()]


class TargetForm(forms.Form):
    """One year's target; an empty one takes the target away."""

    direction = forms.ChoiceField(label=_("Meant as"), choices=PlanTarget.Direction.choices)
    value = forms.FloatField(label=_("Target"), required=False, localize=False)
    reference = forms.CharField(label=_("Level in the plan's words"), required=False, max_length=200)
