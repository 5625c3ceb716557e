"""Reading accounts."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Exists, OuterRef
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from khet.core.accounts.access import can
from khet.core.accounts.models import RoleGrant, User
from khet.core.catalogue import catalogue


def nobody_works_here() -> bool:
    """True for an installation in which no person has an account yet."""
    return not User.objects.people().exists()


def managed_users(viewer):
    """Accounts at the orgs where the viewer manages users, by name; each knows whether it has a second factor."""
    factor = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    rows = User.objects.people().visible_to(viewer).annotate(has_second_factor=Exists(factor))
    return rows.select_related("org").prefetch_related("roles__org").order_by("full_name", "pk")


def colleague(username: str, org, permission: str) -> User | None:
    """The open account with a user name that holds a permission at an org.

    None for a name that is used elsewhere too: who asks does not learn which names other offices use.
    """
    user = User.objects.people().filter(username__iexact=username.strip(), is_active=True).first()
    return user if user and can(user, permission, org) else None


def users_with(rows, *, words="", role="", state="", org=None):
    """Narrowed by words of the name, a role in force, a state (active | closed | waiting), an org and what is below."""
    rows = rows.matching(words)
    if role:
        rows = rows.filter(pk__in=RoleGrant.objects.in_force().filter(role=role).values("user"))
    if state:
        rows = rows.filter(is_active=state != "closed")
    if state == "waiting":
        rows = rows.filter(last_login__isnull=True)
    return rows.under([org.path]) if org else rows


def grants_of(user: User) -> list[RoleGrant]:
    """Every grant the user has or had: those in force first, then coming, then ended."""
    order = ["in_force", "coming", "ended"]
    return sorted(user.roles.select_related("org"), key=lambda grant: (order.index(grant.state), grant.title))


def roles_to_give(viewer, org) -> list:
    """Roles of the catalogue that fit an org and exceed nothing the viewer holds there."""
    return [
        role
        for role in catalogue().all("role")
        if org.kind in role.at and all(can(viewer, word, org) for word in role.permissions)
    ]


def second_factors(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user).order_by("type", "created_at"))


def sessions_of(user: User) -> list[UserSession]:
    """Where the user is signed in now."""
    return UserSession.objects.purge_and_list(user)


class _InvitationTokens(PasswordResetTokenGenerator):
    """Links that hold until a password is set or three days have passed, and only for invitations."""

    key_salt = "khet.invitation"


invitation_tokens = _InvitationTokens()


def invitation(user: User) -> tuple[str, str]:
    """(who, token) for the address of a one-time link."""
    return urlsafe_base64_encode(str(user.pk).encode()), invitation_tokens.make_token(user)


def invited(who: str, token: str) -> User | None:
    """The open account a one-time link is for, or None when it holds no more."""
    try:
        user = User.objects.people().filter(pk=int(urlsafe_base64_decode(who)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user and invitation_tokens.check_token(user, token) else None
