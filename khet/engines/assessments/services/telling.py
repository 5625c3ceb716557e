"""Notices of this room. Their words name rounds and numbers, never a person."""

from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.notices.services import notify
from khet.engines.assessments.models import Assessment, Round

TOPIC = "assessments"


def tell_of_opening(round: Round) -> int:
    """Tell those who begin that the round is open; how many were told."""
    words = format_lazy(_("A round of assessment is open: {title}"), title=lazystr(round.title))
    return notify(who_begins(round), topic=TOPIC, words=words, url=round_url(round), key=f"round-{round.pk}-open")


def who_begins(round: Round) -> list[User]:
    """Those named for the first layer, and the people of the places judged whose role it is."""
    layer = "self" if "self" in round.layers else "reviewer"
    named = User.objects.filter(pk__in=_assigned(round, layer))
    if layer != "self":
        return list(named)
    orgs = round.assessments.filter(confidential=False).values_list("org", flat=True)
    near = User.objects.people().filter(is_active=True, roles__org__in=orgs).distinct().prefetch_related("roles__org")
    return [*named, *(user for user in near if any("assess.fill" in grant.permissions for grant in user.grants))]


def tell(assessment: Assessment, users, words, *, key: str, urgent=False) -> int:
    """Tell users of something about one assessment."""
    url = reverse("assessments:assessment", args=[assessment.pk])
    return notify(users, topic=TOPIC, words=words, url=url, key=f"assessment-{assessment.pk}-{key}", urgent=urgent)


def _assigned(round: Round, layer: str):
    from khet.engines.assessments.models import Assignment

    return Assignment.objects.filter(assessment__round=round, layer=layer).values("user")


def round_url(round: Round) -> str:
    return reverse("assessments:round", args=[round.pk])
