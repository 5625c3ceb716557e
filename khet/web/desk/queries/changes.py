"""What happened since a moment: loads, notes and actions, plans; from the trail, as far as the viewer may see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.ui.formats import number
from khet.plan import queries as plans
from khet.plan.models import IndicatorMove, PlanEdition
from khet.registers.intake.models import Batch
from khet.web.desk.queries.followup import named, titled

FIRST_VISIT = timedelta(days=30)  # what somebody sees who has never been here


@dataclass(frozen=True)
class News:
    """One thing that happened."""

    at: datetime
    kind: str  # load | undo | note | action | done | plan
    text: str
    org: Org | None = None
    by: object = None
    url: str = ""
    detail: str = ""


def since(viewer) -> datetime:
    """When the viewer's visit before this one ended."""
    return viewer.last_visit or timezone.now() - FIRST_VISIT


def loads(viewer, moment: datetime):
    """Loads committed or undone since a moment. Who may read the plan may know that data came; not what is in it."""
    reach = [path for path in viewer.paths("plan.read")]
    found = Batch.objects.under(reach).select_related("org", "committed_by", "undone_by")
    return found.filter(committed_at__gte=moment), found.filter(undone_at__gte=moment)


def news(viewer, moment: datetime, limit: int = 100) -> list[News]:
    """Everything since a moment, the newest first."""
    committed, undone = (list(found[:limit]) for found in loads(viewer, moment))
    opens = set(
        Batch.objects.visible_to(viewer).filter(pk__in=[b.pk for b in committed + undone]).values_list("pk", flat=True)
    )
    found = [
        News(one.committed_at, "load", one.title, one.org, one.committed_by, _load_url(one, opens), _counts(one))
        for one in committed
    ]
    found += [
        News(one.undone_at, "undo", one.title, one.org, one.undone_by, _load_url(one, opens), one.undo_reason)
        for one in undone
    ]
    notes = titled(plans.notes(viewer).filter(at__gte=moment)[:limit])
    found += [News(n.at, "note", n.indicator_title, n.org, n.by, _indicator_url(n), n.text[:160]) for n in notes]
    actions = named(plans.actions(viewer).filter(at__gte=moment)[:limit])
    found += [News(a.at, "action", a.indicator_title, a.org, a.by, _indicator_url(a), a.text) for a in actions]
    done = named(plans.actions(viewer).filter(done_at__gte=moment)[:limit])
    found += [
        News(a.done_at, "done", a.indicator_title, a.org, a.done_by, _indicator_url(a), a.outcome or a.text)
        for a in done
    ]
    adopted = PlanEdition.objects.visible_to(viewer).filter(adopted_at__gte=moment).select_related("org", "adopted_by")
    found += [News(e.adopted_at, "plan", str(e), e.org, e.adopted_by) for e in adopted]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _indicator_url(one) -> str:
    return f"{reverse('desk:indicator', args=[one.indicator])}?org={one.org.code}"


def _load_url(batch, opens: set[int]) -> str:
    return reverse("intake:load", args=[batch.pk]) if batch.pk in opens else ""


def _counts(batch) -> str:
    """What a load brought, in words."""
    words = {
        "new": _("%(count)s new"), "changed": _("%(count)s changed"), "gone": _("%(count)s gone"),
        "rejected": _("%(count)s refused"), "held": _("%(count)s to confirm"),
    }  # fmt: skip
    return " · ".join(words[name] % {"count": number(batch.counts[name])} for name in words if batch.counts.get(name))


@dataclass(frozen=True)
class Moved:
    """An indicator whose value is another one than at a moment."""

    id: str
    title: str
    before: float | None
    value: float | None
    period: str
    at: datetime
    edition: object

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.value is None else self.value - self.before


def moves(viewer, org: Org | None, moment: datetime) -> list[Moved]:
    """The indicators of an org that moved since a moment: what they were then and are now."""
    first, last = {}, {}
    for move in IndicatorMove.objects.visible_to(viewer).filter(org=org, at__gt=moment).order_by("at", "pk"):
        first.setdefault(move.indicator, move)
        last[move.indicator] = move
    found = []
    for id, move in last.items():
        definition = catalogue().find("indicator", id)
        if definition and (first[id].before, first[id].before_period) != (move.value, move.period):
            found.append(
                Moved(id, str(definition.title), first[id].before, move.value, move.period, move.at, definition)
            )
    return found
