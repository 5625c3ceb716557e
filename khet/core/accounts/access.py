"""What a viewer may do where, and why; the decorators that hold views to it."""

import re
from dataclasses import dataclass, field
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.db import connections
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.ui.formats import be_date

_OF_PERSONS = ("people.", "cases.")  # words that open records of persons


@dataclass(frozen=True)
class Decision:
    """Whether something is allowed, and each ground for it in words."""

    allowed: bool
    because: list[str] = field(default_factory=list)

    def __bool__(self):
        return self.allowed


def can(viewer, permission: str, org=None) -> bool:
    """True when a role gives the viewer the permission at the org (anywhere, when no org is named)."""
    if not getattr(viewer, "is_authenticated", False):
        return False
    paths = viewer.paths(permission)
    return bool(paths) if org is None else any(org.path.startswith(path) for path in paths)


def scopes(viewer, permission: str) -> list[str]:
    """Paths of the orgs where the viewer holds the permission."""
    return viewer.paths(permission) if getattr(viewer, "is_authenticated", False) else []


def why(viewer, permission: str, org) -> Decision:
    """The decision with its grounds: which grant opens it, or what each grant lacks and which roles would open it."""
    if viewer.is_system:
        return Decision(True, [_("It is the system itself, which acts for the command line and may do everything.")])
    if not viewer.is_active:
        return Decision(False, [_("The account is closed: nobody can sign in with it.")])
    opens = [_ground(grant, org, permission) for grant in viewer.grants if _opens(grant, permission, org)]
    if opens:
        return Decision(True, [*opens, *_second_factor_ground(viewer, permission)])
    lacks = [_ground(grant, org, permission) for grant in viewer.grants] or [_("The user holds no role.")]
    for grant in viewer.roles.select_related("org"):
        if grant.state != "in_force" and _opens(grant, permission, org):
            day = grant.until if grant.state == "ended" else grant.since
            words = {"role": grant.title, "org": grant.org, "day": be_date(day)}
            if grant.state == "ended":
                lacks.append(_("The role “%(role)s” at %(org)s would open it, but ended on %(day)s.") % words)
            else:
                lacks.append(_("The role “%(role)s” at %(org)s will open it from %(day)s on.") % words)
    giving = [
        str(role.title) for role in catalogue().all("role") if permission in role.permissions and org.kind in role.at
    ]
    if giving:
        lacks.append(_("Roles at this place that would open it: %(roles)s.") % {"roles": ", ".join(giving)})
    return Decision(False, lacks)


def _opens(grant, permission: str, org) -> bool:
    return permission in grant.permissions and org.path.startswith(grant.org.path)


def _ground(grant, org, permission: str) -> str:
    """One sentence on what a grant in force does or lacks here."""
    words = {"role": grant.title, "org": grant.org}
    reaches = org.path.startswith(grant.org.path)
    if permission in grant.permissions:
        if reaches:
            return _("The role “%(role)s” at %(org)s includes it and reaches this place.") % words
        return _("The role “%(role)s” includes it, but only at %(org)s and below.") % words
    if reaches:
        return _("The role “%(role)s” at %(org)s reaches this place, but does not include it.") % words
    return _("The role “%(role)s” at %(org)s neither includes it nor reaches this place.") % words


def _second_factor_ground(viewer, permission: str) -> list[str]:
    if permission.startswith(_OF_PERSONS) and _second_factor_missing(viewer):
        return [_("Records of persons open only after a second factor has been set up, and this account has none yet.")]
    return []


def requires(permission: str):
    """Open a view only to those who hold the permission somewhere; to others the page does not exist (404).

    Records of persons ask for a second factor where the viewer's role does.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not can(request.user, permission):
                raise Http404
            if permission.startswith(_OF_PERSONS) and _second_factor_missing(request.user):
                messages.info(request, _("Set up a second factor first: records of persons open only then."), "", True)
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def _second_factor_missing(user) -> bool:
    if not settings.KHET_SECOND_FACTOR or not user.needs_second_factor:
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return not is_mfa_enabled(user)


class WriteInReading(RuntimeError):
    """A page that only reads tried to write."""


_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.I)
# Django keeps sessions itself: a message shown or a language chosen is no record of the office.
_OWN_TABLES = re.compile(r'"?django_session"?', re.I)


def reads(view):
    """A view that answers GET and cannot write: the connection refuses it."""

    @wraps(view)
    def reading(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return HttpResponseNotAllowed(["GET", "HEAD", "OPTIONS"])
        with connections["default"].execute_wrapper(_refuse_writes):
            return view(request, *args, **kwargs)

    reading.reads_only = True
    return reading


def _refuse_writes(execute, sql, params, many, context):
    if _WRITES.match(sql) and not _OWN_TABLES.search(sql[:80]):
        raise WriteInReading(f"a reading page tried: {sql[:60]}…")
    return execute(sql, params, many, context)
