"""What is read of the cases to count them: as much as counting asks for, of all cases of an edition at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import F
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.engines.cases.counting import Known, with_groups
from khet.engines.cases.models import Case, Contact, Edition, Step
from khet.engines.cases.schema import Gift, Prompt
from khet.kit.periods import Period

# what counting reads of a case
_COUNTS = (
    "edition", "office", "about", "passed_by", "person", "listed", "state", "level", "missed", "received_at",
    "closed_at", "answers", "secret",
)  # fmt: skip
Path = tuple[tuple[date, str], ...]


def known(case: Case) -> Known:
    """A case as counting knows it; what is sensitive takes part in conditions and never leaves as a group."""
    place = case.office if case.passed_by else case.about
    return _known(case, place.code, tuple((day_of(step.at), step.after) for step in case.steps.all()), {})


def _known(case: Case, org: str, path: Path, done: dict[str, date]) -> Known:
    who = ("person", case.person_id) if case.person_id else ("listed", case.listed) if case.listed else None
    closed = day_of(case.closed_at) if case.closed_at else None
    return Known(
        case.pk, org, case.state, day_of(case.received_at), who, closed, case.level, case.missed, case.known, path, done
    )


def _place(case: Case) -> int:
    """Where a case is counted: the place it is about, but the office when that place may know nothing of it."""
    return case.office_id if case.passed_by else case.about_id


def day_of(moment) -> date:
    return timezone.localtime(moment).date()


@dataclass(frozen=True)
class Kept:
    """The cases of one edition as counting knows them, worked out once for all that counts them.

    listed   (case, hash of the child's identifier, state) of those about children of the registration list
    prompts  {code: what the edition asks for}
    telling  {code of a school: the day on which its own people first began one}: it tells since then what befalls it
    """

    offices: list[Org]
    known: list[Known]
    listed: list[tuple[int, str, str]]
    prompts: dict[str | None, Prompt]
    telling: dict[str, date]

    def known_of(self, period: Period, found: Collection[tuple[str, str]]) -> list[str]:
        """Codes of the schools of which is known in a period that what was not told did not befall them.

        found   (place, group) of what was told: who began to tell in the midst of a period and told of one kind told of
                every kind, as its count says too; of who told of none, nobody knows what was before
        """
        there = {code for code, _group in found}
        return [
            code for code, day in self.telling.items()
            if day <= period.start or (day <= period.end and code in there)
        ]  # fmt: skip

    @cached_property
    def since(self) -> date:
        """The day on which the first of them came in."""
        return min(one.received for one in self.known)


Giving = list[tuple[Gift, Kept]]


def giving_of(only: str | None = None) -> dict[str, Giving]:
    """{measure: [(gift, the cases of the editions that give it)]}, of measures that take what cases give; or of one."""
    found = defaultdict(list)
    for edition, kept in _kept(only):
        for gift in edition.rules.kind.gives:
            measure = catalogue().find("measure", gift.measure)
            if measure is not None and measure.feed == "cases" and only in (None, gift.measure):
                found[gift.measure].append((with_groups(gift, catalogue()), kept))
    return dict(found)


def _kept(only: str | None = None) -> Iterator[tuple[Edition, Kept]]:
    """Every edition with its cases, or those that give one measure.

    There are as many cases as pupils, so no more is read of them than counts.
    """
    steps, read = Step.objects.all(), Case.objects.all()
    if only:
        giving = [e.pk for e in Edition.objects.all() if any(gift.measure == only for gift in e.rules.kind.gives)]
        steps, read = steps.filter(case__edition__in=giving), read.filter(edition__in=giving)
    paths: dict[int, list[tuple[date, str]]] = defaultdict(list)
    for case, at, after in steps.order_by("at", "pk").values_list("case", "at", "after"):
        paths[case].append((day_of(at), after))
    rows: dict[int, list[Case]] = defaultdict(list)
    for case in read.only(*_COUNTS).order_by("pk"):
        rows[case.edition_id].append(case)
    done, telling = _done(rows), _telling(rows)
    orgs = Org.objects.in_bulk(
        {id for cases in rows.values() for case in cases for id in (_place(case), case.office_id)}
    )
    for edition in Edition.objects.filter(pk__in=rows).order_by("pk"):
        cases = rows[edition.pk]
        yield (
            edition,
            Kept(
                [orgs[id] for id in dict.fromkeys(case.office_id for case in cases)],
                [_known(case, orgs[_place(case)].code, tuple(paths[case.pk]), done.get(case.pk, {})) for case in cases],
                [(case.pk, case.listed, case.state) for case in cases if case.listed],
                {prompt.code: prompt for prompt in edition.rules.kind.prompts},
                telling[edition.pk],
            ),
        )


def _done(editions: Iterable[int]) -> dict[int, dict[str, date]]:
    """{case: {kind of contact: the first day it was recorded for}}, of the contacts by which something is counted."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for edition in Edition.objects.filter(pk__in=list(editions)):
        kind = edition.rules.kind
        named = {kind.prompt(gift.asked).done_by for gift in kind.gives if gift.within_days is not None}
        rows = Contact.objects.filter(case__edition=edition, kind__in=named, withdrawn_at__isnull=True) if named else ()
        for contact in rows.order_by("-on").only("case", "kind", "on") if named else ():
            found[contact.case_id][contact.kind] = contact.on  # the earliest comes last
    return found


def _telling(editions: Iterable[int]) -> dict[int, dict[str, date]]:
    """{edition: {code of a school: the first day on which one of its own people began a case about it}}

    What somebody else tells of a school (a pupil on the public page, an officer of the office) does not say that the
    school tells what befalls it.
    """
    found: dict[int, dict[str, date]] = defaultdict(dict)
    begun = Step.objects.filter(case__edition__in=list(editions), before="", by__org=F("case__about"))
    for edition, code, at in begun.order_by("-at").values_list("case__edition", "case__about__code", "at"):
        found[edition][code] = day_of(at)  # the earliest comes last
    return found
