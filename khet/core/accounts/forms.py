"""What is typed on the pages of accounts. Rules live in services; a form only reads."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.accounts.words import PERMISSIONS
from khet.core.catalogue import catalogue
from khet.core.orgs.forms import OrgField
from khet.core.ui.forms import BuddhistDateField

user_name = RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . _ - @ + only, without spaces."))


class PersonForm(forms.Form):
    """What an account says of a person. `viewer` limits the orgs to those where he manages users."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("For signing in by the office's e-mail."))
    org = OrgField(label=_("Works at"))
    language = forms.ChoiceField(label=_("Language"), choices=User._meta.get_field("language").choices)

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org"].limit_to(viewer, "users.manage")

    def clean_email(self):
        return self.cleaned_data["email"] or ""


class NewUserForm(PersonForm):
    field_order = ["full_name", "username", "org", "role", "email", "language", "entry"]

    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[user_name], help_text=_("Typed when signing in."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role there"), required=False)
    entry = forms.ChoiceField(
        label=_("How does the person sign in first?"), widget=forms.RadioSelect, initial="link",
        choices=[
            ("link", _("With a link that works once: send it, or show it as a QR code")),
            ("password", _("With a temporary password that must be changed: tell it in person")),
        ],
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("none yet")), *role_choices()]


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    org = OrgField(label=_("At"))
    since = BuddhistDateField(label=_("From"), required=False, help_text=_("Empty: from today."))
    until = BuddhistDateField(label=_("Until before"), required=False, help_text=_("Empty: until it is ended."))

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices()
        self.fields["org"].limit_to(viewer, "users.manage")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("How did you make sure that it is this person who asks?")
    )


class WhyForm(forms.Form):
    """The question: may this person do this there?"""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    permission = forms.ChoiceField(label=_("Wants to"), choices=list(PERMISSIONS.items()))
    org = OrgField(label=_("At"))

    def __init__(self, *args, viewer, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users
        self.fields["org"].limit_to(viewer, "users.manage")


class UserFilter(forms.Form):
    q = forms.CharField(label=_("Name"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    org = OrgField(label=_("Works at or below"), required=False)
    state = forms.ChoiceField(
        label=_("Account"), required=False,
        choices=[("", _("all")), ("active", _("open")), ("waiting", _("never signed in")), ("closed", _("closed"))],
    )  # fmt: skip

    def __init__(self, *args, viewer, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("all")), *role_choices()]
        self.fields["org"].limit_to(viewer, "users.manage")


class NewPasswordForm(forms.Form):
    """A password typed twice."""

    password = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label=_("The same again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self):
        cleaned = super().clean()
        password = cleaned.get("password")
        if password and "again" in cleaned and cleaned["again"] != password:
            self.add_error("again", _("The two passwords differ."))
        if password:
            try:
                validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ProfileForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), choices=User._meta.get_field("language").choices, widget=forms.RadioSelect
    )


def role_choices() -> list[tuple[str, str]]:
    return [(role.id, str(role.title)) for role in catalogue().all("role")]
