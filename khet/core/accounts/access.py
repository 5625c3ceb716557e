"""What a viewer may do where, and why; the decorators that hold views to it."""

import re
from dataclasses import dataclass, field
from functools import wraps

from django.conf import settings
from django.db import connections
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue


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
    if not viewer.is_active:
        return Decision(False, [_("The account is closed: nobody can sign in with it.")])
    opens, lacks = [], []
    for grant in viewer.grants:
        title = grant.definition.title if grant.definition else grant.role
        place = {"role": title, "org": grant.org}
        reaches = org.path.startswith(grant.org.path)
        if permission in grant.permissions and reaches:
            opens.append(_("The role “%(role)s” at %(org)s includes it and reaches this place.") % place)
        elif permission in grant.permissions:
            lacks.append(_("The role “%(role)s” includes it, but only at %(org)s and below.") % place)
        elif reaches:
            lacks.append(_("The role “%(role)s” at %(org)s reaches this place, but does not include it.") % place)
        else:
            lacks.append(_("The role “%(role)s” at %(org)s neither includes it nor reaches this place.") % place)
    if opens:
        return Decision(True, opens)
    if not viewer.grants:
        lacks.append(_("The user holds no role."))
    giving = [
        str(role.title) for role in catalogue().all("role") if permission in role.permissions and org.kind in role.at
    ]
    if giving:
        lacks.append(_("Roles at this place that would open it: %(roles)s.") % {"roles": ", ".join(giving)})
    return Decision(False, lacks)


def requires(permission: str):
    """Open a view only to those who hold the permission somewhere; to others the page does not exist (404).

    Records of persons ask for a second factor where the viewer's role does.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not can(request.user, permission):
                raise Http404
            if permission.startswith("people.") and _second_factor_missing(request.user):
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
        with connections["default"].execute_wrapper(_refuse_writes):
            return view(request, *args, **kwargs)

    reading.reads_only = True
    return reading


def _refuse_writes(execute, sql, params, many, context):
    if _WRITES.match(sql) and not _OWN_TABLES.search(sql[:80]):
        raise WriteInReading(f"a reading page tried: {sql[:60]}…")
    return execute(sql, params, many, context)
