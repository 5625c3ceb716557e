"""What the wizard asks."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.forms import NewPasswordForm, user_name
from khet.core.accounts.models import User

PRIMARY, SECONDARY, OTHER = "primary", "secondary", "other"
# What stands before the area's own name, by the kind of office.
PREFIXES = {PRIMARY: "สพป.", SECONDARY: "สพม."}


class OfficeForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of office"), widget=forms.RadioSelect, initial=PRIMARY,
        choices=[
            (PRIMARY, _("Primary education service area office")),
            (SECONDARY, _("Secondary education service area office")),
            (OTHER, _("Another office")),
        ],
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=180, help_text=_("As the office writes it, for example “เชียงดาว เขต 9”.")
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    code = forms.CharField(
        label=_("Code of the office"), max_length=32,
        validators=[RegexValidator(r"^[\w-]+$", _("Digits, letters and hyphens only."))],
        help_text=_("The code by which the ministry knows the office; it never changes."),
    )  # fmt: skip
    ministry = forms.CharField(
        label=_("Ministry or agency above it"), max_length=200, required=False,
        help_text=_("Only when this installation will hold several offices."),
    )  # fmt: skip

    @staticmethod
    def as_typed(office) -> dict[str, str]:
        """What was typed for an office that is there already, so that whoever goes back finds it as it was."""
        kind = next((kind for kind, prefix in PREFIXES.items() if office.name.startswith(prefix)), OTHER)
        above = office.parent.name if office.parent else ""
        name = office.name.removeprefix(PREFIXES.get(kind, ""))
        return {"kind": kind, "name": name, "name_en": office.name_en, "code": office.code, "ministry": above}

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean(self):
        """The name with its kind before it, unless it was typed with one."""
        cleaned = super().clean()
        name, prefix = cleaned.get("name", ""), PREFIXES.get(cleaned.get("kind", ""), "")
        if name and prefix and not name.startswith(("สพ", "สำนักงาน")):
            cleaned["name"] = prefix + name
        return cleaned


class AdministratorForm(NewPasswordForm):
    field_order = ["full_name", "username", "email", "password", "again"]

    full_name = forms.CharField(
        label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[user_name], help_text=_("Typed when signing in."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean(self):
        typed = {name: self.data.get(name, "") for name in ("username", "full_name", "email")}
        self.user = User(**typed)  # a password must not resemble what else was typed
        return super().clean()
