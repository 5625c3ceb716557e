"""Opening accounts, granting and ending roles."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.accounts.models import RoleGrant, User
from khet.core.audit.services import record
from khet.core.catalogue import catalogue


class AccountError(ValueError):
    """A change of accounts that is not allowed; says why."""


@transaction.atomic
def create_user(username, *, full_name, org, by, email="", password=None, language="th") -> User:
    """A new account, without any role. Raises AccountError when the name is taken."""
    if User.objects.filter(username__iexact=username).exists():
        raise AccountError(_("The user name “%(name)s” is taken. Choose another.") % {"name": username})
    user = User.objects.create_user(username, email, password, full_name=full_name, org=org, language=language)
    record("user.created", user, by=by, org=org, after={"username": username})
    return user


@transaction.atomic
def grant_role(user: User, role: str, org, *, by, since=None, until=None) -> RoleGrant:
    """Give a role at an org. One can give only what one holds oneself at that org.

    raises AccountError when the role cannot be granted at this kind of org, or exceeds the giver's own rights
    """
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
    grant, created = RoleGrant.objects.get_or_create(
        user=user, role=role, org=org, until=until, defaults={"since": since or timezone.localdate()}
    )
    if created:
        record("role.granted", user, by=by, org=org, after={"role": role, "org": org.code, "until": until})
    user.__dict__.pop("grants", None)
    return grant


@transaction.atomic
def end_role(grant: RoleGrant, *, by) -> None:
    """End a role today. The last administrator of an office cannot be ended."""
    if "users.manage" in grant.permissions and not _another_administrator(grant):
        raise AccountError(
            _("This is the last administrator of %(org)s. Grant the role to another first.") % {"org": grant.org}
        )
    grant.until = timezone.localdate()
    grant.save(update_fields=["until"])
    record("role.ended", grant.user, by=by, org=grant.org, before={"role": grant.role, "org": grant.org.code})
    grant.user.__dict__.pop("grants", None)


def _another_administrator(grant: RoleGrant) -> bool:
    others = (
        RoleGrant.objects.filter(until__isnull=True, user__is_active=True).exclude(pk=grant.pk).select_related("org")
    )
    return any("users.manage" in other.permissions and grant.org.path.startswith(other.org.path) for other in others)


@transaction.atomic
def set_active(user: User, active: bool, *, by) -> None:
    """Open or close an account; a closed one is signed out everywhere at its next step."""
    if user.pk == by.pk and not active:
        raise AccountError(_("You cannot close your own account."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    record("user.opened" if active else "user.closed", user, by=by, org=user.org)
