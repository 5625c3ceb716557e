"""Reading rounds: the viewer comes first. Respondents reach a round by its token only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.surveys.models import Access, Round, Taken
from khet.engines.surveys.sampling import required
from khet.engines.surveys.schema import Survey
from khet.engines.surveys.scoring import Ballot
from khet.engines.surveys.services.casting import inside

READ, RUN = "surveys.read", "surveys.run"
OWN = "person"  # kind of target of a review; its id is the number of the user


def rounds(viewer):
    """The rounds whose results or progress the viewer may see, newest first."""
    seen = Round.objects.visible_to(viewer, READ) | Round.objects.visible_to(viewer, RUN)
    return seen.select_related("org").distinct()


def round_of(viewer, ref) -> Round | None:
    """A round the viewer may see by its ref; who is reviewed sees the own one."""
    own = Q(target_kind=OWN, target_id=str(viewer.pk), ref=ref)
    found = rounds(viewer).filter(ref=ref).first() or Round.objects.filter(own).select_related("org").first()
    return found if found and found.edition else None


def may_run(viewer, round: Round) -> bool:
    return can(viewer, RUN, round.org)


def may_see_results(viewer, round: Round) -> bool:
    """Results of a review are the reviewed person's, and of those who may open records of persons there."""
    if not (can(viewer, READ, round.org) or _is_own(viewer, round)):
        return False
    return not round.edition.about_person or _is_own(viewer, round) or can(viewer, "people.open", round.org)


def may_read_words(viewer, round: Round) -> bool:
    """What people wrote is read by those who run surveys there, of a review also by the person it is about."""
    return may_see_results(viewer, round) and (may_run(viewer, round) or _is_own(viewer, round))


def _is_own(viewer, round: Round) -> bool:
    return round.target_kind == OWN and round.target_id == str(viewer.pk)


def by_token(token: str) -> Round | None:
    """The round a respondent comes to."""
    found = Round.objects.filter(token=token, discarded=False).select_related("org").first()
    return found if found and found.edition else None


def waiting_for(user) -> list[Round]:
    """Open rounds for staff that wait for this user's answer, the first to end first."""
    if not user.org_id:
        return []
    today = timezone.localdate()
    above = [int(id) for id in user.org.path.strip("/").split("/")]
    found = Round.objects.filter(
        access=Access.STAFF, closed_at__isnull=True, opens__lte=today, closes__gte=today, org__in=above
    ).exclude(takers__user=user)
    return [one for one in found.select_related("org").order_by("closes") if one.edition]


def has_taken(round: Round, user) -> bool:
    return Taken.objects.filter(round=round, user=user).exists()


def editions(on: date | None = None) -> list[Survey]:
    """The editions that can be opened on a day, by system and title."""
    day = on or timezone.localdate()
    found = [survey for survey in catalogue().all("survey") if survey.in_force(day)]
    return sorted(found, key=lambda survey: (survey.system, str(survey.title)))


def orgs_to_run(viewer):
    """Open orgs for which the viewer may run surveys."""
    return Org.objects.visible_to(viewer, RUN).open().order_by("path")


def ballots(found: Iterable[Round]) -> list[Ballot]:
    """All answers of some rounds, in no order."""
    return [Ballot(one["a"], one["g"]) for round in found for urn in round.urns.all() for one in inside(urn)]


def sizes(round: Round) -> dict[str, int]:
    return dict(round.sizes.values_list("group", "size"))


@dataclass(frozen=True)
class GroupCount:
    """How far a group has come. `answered` is None where it is fewer than may be told."""

    code: str
    title: str
    answered: int | None
    size: int | None
    wanted: int | None

    @property
    def share(self) -> float | None:
        return 100 * self.answered / self.size if self.size and self.answered is not None else None

    @property
    def is_enough(self) -> bool | None:
        return None if self.wanted is None else (self.answered or 0) >= self.wanted


def progress(round: Round) -> list[GroupCount]:
    """Answers against the sample wanted: in all, then by group. No score stands in it."""
    survey, known = round.edition, sizes(round)
    groups = [group for group in survey.groups.of if not group.named] if survey.groups else []
    whole = known.get("") or (sum(known.get(group.code, 0) for group in groups) or None)
    parts = [required(survey.sample, known.get(group.code)) for group in groups]
    wanted = sum(parts) if parts and all(part is not None for part in parts) else required(survey.sample, whole)
    counts = [GroupCount("", "", round.answered, whole, wanted)]
    if not groups:
        return counts
    by_group = Counter(ballot.group for ballot in ballots([round]))
    for group, part in zip(groups, parts, strict=True):
        answered = by_group[group.code]
        told = answered if answered == 0 or answered >= survey.small else None
        counts.append(GroupCount(group.code, str(group.title), told, known.get(group.code), part))
    return counts
