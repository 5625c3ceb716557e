"""Opening and closing accounts, granting and ending roles, invitations and lost second factors.

Who manages users does so at the orgs where the right was given and below, and never above himself: an account that may
do more than its manager somewhere is not his to change, or he could make it his own.
"""

import secrets

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.accounts.models import RoleGrant, User
from khet.core.audit.services import record
from khet.core.catalogue import catalogue

MANAGE = "users.manage"
# Without letters and digits that are mistaken for each other when read out or copied from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountError(ValueError):
    """A change of accounts that is not allowed; says why."""


@transaction.atomic
def create_user(username, *, full_name, org, by, email="", password=None, language="th") -> User:
    """A new account, without any role.

    raises  AccountError when the name or e-mail is taken, or the org is not one where the giver manages users
    """
    _check_right(by, org)
    _check_free(username, email)
    user = User.objects.create_user(username, email, password, full_name=full_name, org=org, language=language)
    record("user.created", user, by=by, org=org, after={"username": username})
    return user


@transaction.atomic
def open_account(username, *, full_name, org, by, email="", language="th", role="") -> User:
    """A new account with its first role at the org where the person works; both or neither. Raises AccountError."""
    user = create_user(username, full_name=full_name, org=org, by=by, email=email, language=language)
    if role:
        grant_role(user, role, org, by=by)
    return user


def choose_language(user: User, language: str) -> None:
    """The language of the pages for the account's owner."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def edit_user(user: User, *, by, full_name, org, email, language) -> User:
    """Change what an account says of a person. Raises AccountError when the e-mail is taken or the account not his."""
    check_manages(by, user)
    _check_right(by, org)
    _check_free(None, email, but=user)
    before = {"full_name": user.full_name, "org": user.org.code if user.org else None, "email": user.email}
    user.full_name, user.org, user.email, user.language = full_name, org, email, language
    user.save(update_fields=["full_name", "org", "email", "language"])
    after = {"full_name": full_name, "org": org.code, "email": email}
    changed = [key for key in after if after[key] != before[key]]
    if changed:
        record("user.changed", user, by=by, org=org, before=_only(before, changed), after=_only(after, changed))
    return user


@transaction.atomic
def grant_role(user: User, role: str, org, *, by, since=None, until=None) -> RoleGrant:
    """Give a role at an org. One can give only what one holds oneself at that org.

    raises AccountError when the role cannot be granted at this kind of org, or exceeds the giver's own rights
    """
    _check_right(by, org)
    if user.org:
        check_manages(by, user)
    definition = catalogue().get("role", role)
    if org.kind not in definition.at:
        raise AccountError(
            _("The role “%(role)s” cannot be granted at %(org)s.") % {"role": definition.title, "org": org}
        )
    missing = [word for word in definition.permissions if not can(by, word, org)]
    if missing:
        raise AccountError(
            _("You can give only rights that you hold at %(org)s yourself; missing: %(words)s.")
            % {"org": org, "words": ", ".join(missing)}
        )
    if until and until <= (since or timezone.localdate()):
        raise AccountError(_("The role would end before it begins. Give a later last day."))
    grant, created = RoleGrant.objects.get_or_create(
        user=user, role=role, org=org, until=until, defaults={"since": since or timezone.localdate()}
    )
    if created:
        after = {"role": role, "org": org.code, "since": grant.since, "until": until}
        record("role.granted", user, by=by, org=org, after=after)
    user.forget_grants()
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by) -> None:
    """End a role today. The last administrator of an office cannot be ended."""
    _check_right(by, grant.org)
    if MANAGE in grant.permissions and not _managed_without([grant]):
        raise AccountError(_last_one(grant.org))
    grant.until = timezone.localdate()
    grant.save(update_fields=["until"])
    record("role.ended", grant.user, by=by, org=grant.org, before={"role": grant.role, "org": grant.org.code})
    grant.user.forget_grants()


@transaction.atomic
def set_active(user: User, active: bool, *, by) -> None:
    """Open or close an account; a closed one is signed out everywhere at once."""
    if user.pk == by.pk and not active:
        raise AccountError(_("You cannot close your own account."))
    check_manages(by, user)
    managing = [grant for grant in user.grants if MANAGE in grant.permissions]
    if not active and managing and not _managed_without(managing):
        raise AccountError(_last_one(managing[0].org))
    user.is_active = active
    user.save(update_fields=["is_active"])
    if not active:
        end_sessions(user)
    record("user.opened" if active else "user.closed", user, by=by, org=user.org)


@transaction.atomic
def give_temporary_password(user: User, *, by) -> str:
    """A password to be told to the person, good for one sign-in, at which it must be changed."""
    check_manages(by, user)
    password = "-".join("".join(secrets.choice(_LETTERS) for _i in range(4)) for _j in range(3))
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    end_sessions(user)
    record("user.password_given", user, by=by, org=user.org)
    return password


@transaction.atomic
def invite(user: User, *, by) -> None:
    """Note that a one-time link was made for the person, after taking away the password there was."""
    check_manages(by, user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user)
    record("user.invited", user, by=by, org=user.org)


@transaction.atomic
def accept_invitation(user: User, password: str) -> None:
    """Set the password of an invited person. Raises ValidationError when it is weak."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("user.invitation_accepted", user, by=user, org=user.org)


@transaction.atomic
def reset_second_factor(user: User, *, by, reason: str) -> int:
    """Take away apps, keys and recovery codes of somebody who has lost them; returns how many there were."""
    check_manages(by, user)
    if user.pk == by.pk:
        raise AccountError(_("Your own second factor you change on your own page, or another administrator resets it."))
    count, _rows = Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    record("user.second_factor_reset", user, by=by, org=user.org, reason=reason, count=count)
    return count


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign a person out everywhere, except in the session with the given key."""
    ended = 0
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()
        ended += 1
    return ended


def manages(by, user: User) -> bool:
    """True when `by` may change the account: it is at an org of his and holds nothing that he does not hold there."""
    if user.is_system or user.org is None or not can(by, MANAGE, user.org):
        return False
    return all(can(by, word, grant.org) for grant in user.grants for word in grant.permissions)


def check_manages(by, user: User) -> None:
    if not manages(by, user):
        raise AccountError(_("This account holds rights that you do not hold, so it is not yours to change."))


def _check_right(by, org) -> None:
    if not can(by, MANAGE, org):
        raise AccountError(_("You manage no users at %(org)s.") % {"org": org})


def _check_free(username: str | None, email: str, *, but: User | None = None) -> None:
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    if username and others.filter(username__iexact=username).exists():
        raise AccountError(_("The user name “%(name)s” is taken. Choose another.") % {"name": username})
    if email and others.filter(email__iexact=email).exists():
        raise AccountError(_("The e-mail “%(email)s” belongs to another account.") % {"email": email})


def _managed_without(grants: list[RoleGrant]) -> bool:
    """True when somebody else still manages users at the org of each of the grants."""
    ids = {grant.pk for grant in grants}
    others = RoleGrant.objects.in_force().filter(user__is_active=True).exclude(pk__in=ids).select_related("org")
    paths = [other.org.path for other in others if MANAGE in other.permissions]
    return all(any(grant.org.path.startswith(path) for path in paths) for grant in grants)


def _last_one(org) -> str:
    return _("This is the last administrator of %(org)s. Grant the role to another first.") % {"org": org}


def _only(values: dict, keys) -> dict:
    return {key: values[key] for key in keys}
