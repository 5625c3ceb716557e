"""What one engine lends another through the roof: they are strangers to each other."""

from django.db.models import Q
from django.urls import reverse

from khet.core.orgs.models import Org
from khet.engines.assessments.offers import Offer
from khet.engines.programmes import queries
from khet.engines.programmes.models import Run

MOST = 300


def programmes(viewer, org: Org) -> list[Offer]:
    """Programmes the org runs or takes part in, running ones first; those in preparation prove nothing yet."""
    seen = queries.runs(viewer).exclude(state=Run.State.DRAFT)
    theirs = seen.filter(Q(org=org) | Q(pk__in=queries.places_of(viewer, org)))
    rows = sorted(theirs, key=lambda run: (run.state != Run.State.RUNNING, -run.pk))
    return [
        Offer(str(run.pk), run.title, f"{run.rules.edition} · {run.org}", reverse("programmes:run", args=[run.pk]))
        for run in rows[:MOST]
    ]
