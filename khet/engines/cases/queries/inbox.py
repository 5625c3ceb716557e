"""The inbox: which cases the viewer sees, most pressing first."""

from dataclasses import dataclass

from django.db.models import Case as When
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models import When as If
from django.utils import timezone

from khet.core.forms.answers import readable
from khet.core.orgs.models import Org
from khet.engines.cases import editions
from khet.engines.cases.models import Case, Party, Referral
from khet.engines.cases.schema import CaseKind
from khet.kit.thai import name_words
from khet.registers.residents.models import Resident


@dataclass(frozen=True)
class Asked:
    """What an inbox is narrowed to. `words` find a number, or the name where the kind's lists show names."""

    kind: str = ""
    system: str = ""
    state: str = ""
    level: str = ""
    org: str = ""
    words: str = ""
    mine: bool = False
    overdue: bool = False
    unassigned: bool = False
    closed: bool = False


def cases(viewer, asked: Asked | None = None) -> QuerySet[Case]:
    """Cases the viewer may see: overdue ones first, then by level, then by the clock that runs out next."""
    asked = asked or Asked()
    rows = Case.objects.visible_to(viewer).select_related("edition", "org", "about", "owner", "person")
    rows = rows.filter(closed_at__isnull=not asked.closed)
    exact = {"edition__family": asked.kind, "edition__system": asked.system, "state": asked.state,
             "level": asked.level, "org__code": asked.org}  # fmt: skip
    rows = rows.filter(**{path: value for path, value in exact.items() if value})
    if asked.mine:
        rows = rows.filter(owner=viewer)
    if asked.unassigned:
        rows = rows.filter(owner__isnull=True)
    if asked.overdue:
        rows = rows.overdue()
    if asked.words:
        rows = rows.filter(_found(asked.words))
    return _ordered(rows)


def _found(words: str) -> Q:
    """Cases by a part of their number, or by the child's name where the kind's lists show names."""
    named = [kind.id for kind in editions.on_offer(timezone.localdate()) if kind.named]
    name, listed = Q(edition__kind__in=named), Q()
    for part in name_words(words):
        name &= Q(person__name_key__contains=part)
        listed &= Q(name_key__contains=part)
    if listed:
        hashes = Resident.objects.filter(listed).values("identifier_hash")
        name |= Q(edition__kind__in=named, listed__in=hashes)
    return Q(number__icontains=words.strip()) | name if listed else Q(number__icontains=words.strip())


def names(rows) -> dict[int, str]:
    """{case: name of the child} of the cases whose kind shows names in lists; the caller's rows are those seen."""
    named = [case.pk for case in rows if case.kind.named and not case.kind.circle]
    children = Party.objects.filter(case__in=named, role="child", left_at__isnull=True).order_by("pk")
    return {party.case_id: party.name for party in children}


def shown(case: Case) -> list[str]:
    """What the answers say that the kind shows in lists, in the active language."""
    fields = [case.rules.fields[name] for name in case.kind.shown if name in case.answers]
    return [words for _label, words in readable(fields, case.answers)]


def _ordered(rows: QuerySet[Case]) -> QuerySet[Case]:
    late = When(If(closed_at__isnull=True, due_at__lt=timezone.now(), then=Value(0)), default=Value(1),
                output_field=IntegerField())  # fmt: skip
    return rows.annotate(late=late).order_by("late", "-rank", F("due_at").asc(nulls_last=True), "-received_at", "pk")


def counts(viewer) -> dict[str, int]:
    """{open, mine, overdue, unassigned} over all that the viewer may see."""
    rows = Case.objects.visible_to(viewer).open()
    return rows.aggregate(
        open=Count("pk"), mine=Count("pk", filter=Q(owner=viewer)),
        overdue=Count("pk", filter=Q(due_at__lt=timezone.now())), unassigned=Count("pk", filter=Q(owner__isnull=True)),
    )  # fmt: skip


def kinds_to_begin(viewer) -> list[tuple[CaseKind, list[Org]]]:
    """[(kind, orgs at which the viewer may begin one)], without kinds the viewer may not begin at all."""
    found = []
    for kind in editions.on_offer(timezone.localdate()):
        places = [grant.org for grant in viewer.grants if grant.role in kind.open_by]
        if places:
            found.append((kind, list({org.pk: org for org in places}.values())))
    return found


def referrals_here(viewer) -> list[Referral]:
    """Referrals that wait for a place where the viewer manages such cases; none of a case that is kept from them."""
    rows = Referral.objects.filter(state=Referral.State.WAITING, to__isnull=False)
    rows = rows.filter(case__in=Case.objects.fit_for(viewer).order_by())
    rows = rows.select_related("case__edition", "case__org", "to", "by").order_by("at")
    here = Q(pk__in=[])
    for grant in viewer.grants:
        here |= Q(to__path__startswith=grant.org.path)
    return [
        one for one in rows.filter(here)
        if any(g.role in one.case.kind.manage_by and one.to.path.startswith(g.org.path) for g in viewer.grants)
    ]  # fmt: skip
