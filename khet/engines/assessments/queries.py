"""Reading: rounds, what is judged in them, what waits for whom."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from khet.core.orgs.models import Org
from khet.engines.assessments import rights
from khet.engines.assessments.models import Assessment, Assignment, Evidence, EvidenceUse, Improvement, Load, Round
from khet.engines.assessments.scoring import level_of
from khet.kit.periods import Period
from khet.registers.people.models import Enrolment, Person, StaffPost

State = Assessment.State
_HEAVY = ("result", "answers", "notes")
# Order of the states on the way from begun to final.
ON_THE_WAY = [State.RETURNED, State.RATING, State.SENT, State.APPEALED, State.REVIEWED, State.SIGNED, State.LOCKED]


def rounds(viewer, *, permission=None):
    """Rounds the viewer may see, the newest period first."""
    return Round.objects.visible_to(viewer, permission).select_related("edition", "org")


def rounds_with_progress(viewer):
    """The same with how many things are judged and how many are handed over and signed, of those the viewer may see."""
    mine = Q(assessments__in=Assessment.objects.visible_to(viewer).values("pk"))
    done = mine & Q(assessments__state__in=(State.SIGNED, State.LOCKED))
    handed = mine & ~Q(assessments__state__in=(State.RATING, State.RETURNED))
    counted = rounds(viewer).annotate(
        targets=Count("assessments", filter=mine, distinct=True),
        handed_over=Count("assessments", filter=handed, distinct=True),
        finished=Count("assessments", filter=done, distinct=True),
    )
    return counted.order_by("-period", "-pk")


def assessments(viewer, *, permission=None):
    """What the viewer may see, with what a page of it needs."""
    named = Prefetch("assignments", Assignment.objects.select_related("user"))
    rows = Assessment.objects.visible_to(viewer, permission)
    return rows.select_related("round__edition", "round__org", "org", "person").prefetch_related(named)


def waiting_for(viewer, *, limit: int = 50) -> list[tuple[Assessment, list[str]]]:
    """(what waits for the viewer, the layers to write): in rounds that are open, soonest due first."""
    rows = assessments(viewer).filter(round__state__in=(Round.State.OPEN, Round.State.CLOSED)).defer(*_HEAVY)
    mine = Q(assignments__user=viewer)
    places = [grant.org_id for grant in viewer.grants if "assess.fill" in grant.permissions]
    own = Q(org__in=places, state__in=(State.RATING, State.RETURNED))
    review = Q(pk__in=Assessment.objects.under(viewer.paths("assess.review")).filter(state=State.SENT).values("pk"))
    found = []
    for one in rows.filter(mine | own | review).distinct().order_by("round__due", "org__code", "pk")[:limit]:
        if layers := rights.layers_to_write(viewer, one):
            found.append((one, layers))
    return found


@dataclass(frozen=True)
class Row:
    """One thing judged, as the round's page shows it."""

    assessment: Assessment
    shown: bool  # whether the viewer may see its result

    @property
    def framework(self):
        return self.assessment.framework

    @property
    def target(self) -> str:
        """What is judged, in words."""
        one = self.assessment
        named = str(one.person) if one.person_id else one.label
        return f"{named} · {one.org}" if named else str(one.org)

    @cached_property
    def late(self) -> bool:
        return self.assessment.is_late

    @property
    def score(self) -> float | None:
        return self.assessment.score if self.shown else None

    @cached_property
    def level(self):
        return self.framework.level(self.assessment.level) if self.shown and self.assessment.level else None

    @property
    def answered(self) -> int:
        """Answers of the layer that is being written or was written first."""
        return max((self.assessment.progress or {}).values(), default=0)

    def done(self, layer: str) -> float:
        """Percent of the criteria answered in a layer."""
        return 100 * self.assessment.progress.get(layer, 0) / max(self.assessment.rated, 1)

    @cached_property
    def own(self) -> float:
        return self.done("self")

    @cached_property
    def reviewed(self) -> float:
        return self.done("reviewer")

    @cached_property
    def reviewers(self) -> list[Assignment]:
        return [one for one in rights.named(self.assessment) if one.layer == "reviewer"]

    @property
    def reviewers_done(self) -> int:
        return sum(one.finished_at is not None for one in self.reviewers)


def overview(viewer, round: Round, *, state: str = "", late: bool = False, words: str = "") -> list[Row]:
    """Everything judged in a round that the viewer may see, by org."""
    rows = Assessment.objects.visible_to(viewer).filter(round=round).select_related("org", "person").defer(*_HEAVY)
    rows = rows.prefetch_related("assignments")
    if state:
        rows = rows.filter(state=state)
    if words:
        rows = rows.filter(Q(org__name__icontains=words) | Q(org__code__icontains=words) | Q(label__icontains=words))
    manages, found = rights.may_manage(viewer, round), []
    for one in rows.order_by("org__code", "label", "occasion", "pk"):
        one.round = round
        row = Row(one, manages or rights.sees_result(viewer, one))
        if not late or row.late:
            found.append(row)
    return found


def counts(rows: list[Row]) -> dict[str, int]:
    """{state: how many}, in the order of the way, and "late"."""
    found = {state.value: 0 for state in ON_THE_WAY}
    for row in rows:
        found[row.assessment.state] += 1
    return {**{k: v for k, v in found.items() if v}, "late": sum(row.late for row in rows)}


def levels_reached(framework, rows: list[Row]) -> list[tuple[object, int]]:
    """[(level, how many reached it)], best first, of the results the viewer may see."""
    told = [row.assessment.level for row in rows if row.shown and row.assessment.level]
    return [(level, told.count(level.code)) for level in framework.levels]


def earlier(viewer, assessment: Assessment):
    """Assessments of the same target in earlier rounds of the family, newest first."""
    same = assessments(viewer).filter(
        round__edition__family=assessment.round.edition.family, org=assessment.org, person=assessment.person,
        label=assessment.label, state__in=(State.SIGNED, State.LOCKED),
    )  # fmt: skip
    return same.exclude(pk=assessment.pk).order_by("-round__period", "-pk")


def final_results(viewer, assessment: Assessment, families) -> list[Assessment]:
    """The newest final result of the same place in each of some families, of the same time or before; by framework."""
    same = assessments(viewer).filter(
        round__edition__family__in=families, org=assessment.org, person=None, label="",
        state__in=(State.SIGNED, State.LOCKED),
    )  # fmt: skip
    until = Period.parse(assessment.round.period).end
    newest: dict[str, Assessment] = {}
    for one in same:
        begins, family = Period.parse(one.round.period).start, one.round.edition.family
        before = newest.get(family)
        if begins <= until and (before is None or begins > Period.parse(before.round.period).start):
            newest[family] = one
    return [newest[family] for family in families if family in newest]


def scores_before(viewer, round: Round) -> dict[int, float]:
    """{org: final score} in the round of the family before this one."""
    same = rounds(viewer).filter(edition__family=round.edition.family, org=round.org, period__lt=round.period)
    last = same.order_by("-period", "-pk").first()
    if last is None:
        return {}
    final = Assessment.objects.visible_to(viewer).filter(round=last, person=None, score__isnull=False)
    return dict(final.filter(state__in=(State.SIGNED, State.LOCKED)).values_list("org", "score"))


def level_words(assessment: Assessment) -> str:
    """The level in words, or ''."""
    found = level_of(assessment.framework, assessment.outcome) if assessment.outcome else None
    return str(found.title) if found else ""


def evidence(viewer, *, permission=None):
    """Items of the library the viewer may see, those that were taken away left out."""
    uses = Prefetch(
        "uses", EvidenceUse.objects.filter(assessment__in=Assessment.objects.visible_to(viewer)).select_related(
            "assessment__round__edition", "assessment__org"
        )
    )  # fmt: skip
    return (
        Evidence.objects.visible_to(viewer, permission)
        .there()
        .select_related("org", "file", "by")
        .prefetch_related(uses)
    )


def proofs(viewer, assessment: Assessment) -> dict[str, list[EvidenceUse]]:
    """{criterion: what proves it} for an assessment the viewer sees."""
    found: dict[str, list[EvidenceUse]] = {}
    uses = assessment.evidence.filter(evidence__removed_at=None).select_related("evidence__file")
    for use in uses:
        found.setdefault(use.criterion, []).append(use)
    return found


def improvements(viewer, *, permission=None):
    rows = Improvement.objects.visible_to(viewer, permission).select_related(
        "assessment__round__edition", "assessment__round__org", "assessment__org", "org", "owner"
    )
    return rows.prefetch_related("followups")


def loads(viewer):
    """Spreadsheets of ratings the viewer may see."""
    return Load.objects.visible_to(viewer).select_related("round__edition", "round__org", "by")


def due_soon(within: int = 7):
    """Rounds that are open and due within so many days, or late."""
    day = timezone.localdate() + timezone.timedelta(days=within)
    return Round.objects.filter(state=Round.State.OPEN, due__lte=day).select_related("edition", "org")


def uses(viewer):
    """What items prove, in assessments the viewer may see."""
    seen = Assessment.objects.visible_to(viewer)
    return EvidenceUse.objects.of(seen).select_related("evidence", "assessment__round__edition", "assessment__org")


def assignments(viewer):
    """Who judges, of assessments the viewer may see."""
    seen = Assessment.objects.visible_to(viewer).values("pk")
    return Assignment.objects.filter(assessment__in=seen).select_related("assessment__round__edition", "user")


def schools_for(viewer, round: Round):
    """Schools of the round's office where the viewer may add what is judged."""
    places = [grant.org.path for grant in viewer.grants if "assess.fill" in grant.permissions]
    paths = [*viewer.paths("assess.review"), *viewer.paths("assess.manage"), *places]
    return Org.objects.schools().open().filter(path__startswith=round.org.path).under(paths).order_by("code")


def people_to_judge(viewer, round: Round, school: Org, words: str = ""):
    """Teachers or pupils of a school whom a round of persons may judge; only for those who may see such results."""
    if round.framework.target not in ("teacher", "pupil") or not any(
        school.path.startswith(path) for path in viewer.paths("assess.persons")
    ):
        return Person.objects.none()
    register = StaffPost if round.framework.target == "teacher" else Enrolment
    there = register.objects.filter(school=school).order_by().values("person")
    rows = Person.objects.filter(pk__in=there, org=school)
    for word in words.split():
        rows = rows.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
    return rows.order_by("name_key", "pk")
