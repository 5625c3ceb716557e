"""Which office the viewer is looking at. Most have one; who serves several chooses, and the session remembers."""

from django.db.models import Q

from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office

SESSION_KEY = "office"


def offices(request) -> list[Org]:
    """The offices on the viewer's paths: those above, at or below an org where the viewer holds a role."""
    if not hasattr(request, "_offices"):
        request._offices = _offices(request.user)
    return request._offices


def _offices(viewer) -> list[Org]:
    if not viewer.is_authenticated or not viewer.grants:
        return []
    reach = Q()
    for grant in viewer.grants:
        above = [int(id) for id in grant.org.path.strip("/").split("/")]
        reach |= Q(pk__in=above) | Q(path__startswith=grant.org.path)
    return list(Org.objects.filter(reach, kind=Kind.OFFICE).order_by("name"))


def current_office(request) -> Org | None:
    """The chosen office, else that of the viewer's own org, else the first; None before there is any."""
    reachable = offices(request)
    if not reachable:
        return default_office() if request.user.is_authenticated else None
    if len(reachable) == 1:
        return reachable[0]
    chosen = request.session.get(SESSION_KEY)
    own = request.user.org.path if request.user.org else ""
    for fits in (lambda o: o.code == chosen, lambda o: own.startswith(o.path)):
        for office in reachable:
            if fits(office):
                return office
    return reachable[0]


def choose_office(request, code: str) -> bool:
    """Look at another office from now on; False when the viewer holds no role there."""
    if all(office.code != code for office in offices(request)):
        return False
    request.session[SESSION_KEY] = code
    return True
