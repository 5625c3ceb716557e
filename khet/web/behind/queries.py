"""The list as far as the viewer may open records: only schools, results and groups that are the viewer's to see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.forms.answers import readable
from khet.core.orgs.models import Org
from khet.engines.programmes.models import Participant, Run
from khet.engines.programmes.queries import participants_of_pupils
from khet.engines.programmes.rights import may_enter_for
from khet.kit.periods import academic_year
from khet.kit.thai import sort_key
from khet.registers.people.models import Enrolment
from khet.registers.progress.models import Mark
from khet.web.behind.schema import Behind
from khet.web.behind.signs import Gain, Reason, Result, gain, reasons

OPENS = "people.open"


@dataclass(frozen=True)
class Group:
    """A group a pupil is in or was in this year, what is learnt there, and the averages around joining."""

    participant: Participant
    words: str
    gain: Gain | None


@dataclass
class Row:
    enrolment: Enrolment
    reasons: list[Reason] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def person(self):
        return self.enrolment.person

    @property
    def room(self) -> str:
        return f"{self.enrolment.grade}/{self.enrolment.room}" if self.enrolment.room else self.enrolment.grade

    @property
    def helped(self) -> bool:
        return any(one.participant.left_on is None for one in self.groups)

    @property
    def weight(self) -> int:
        return sum(len(one.subjects) or 1 for one in self.reasons)


@dataclass(frozen=True)
class Place:
    """A school with how many of its pupils have a result that was not passed, and how many are in a group."""

    code: str
    name: str
    pupils: int
    failing: int
    helped: int


def definition(day: date) -> Behind | None:
    """The rules of the list that hold on a day; None where the catalogue has none."""
    return next((one for one in catalogue().all("behind") if one.in_force(day)), None)


def schools(viewer):
    """Schools whose pupils' records the viewer may open."""
    return Org.objects.visible_to(viewer, OPENS).schools().open()


def places(viewer, rules: Behind, day: date) -> list[Place]:
    """Every such school that has pupils, most results not passed first. Two queries.

    `failing` counts every such result of the years that are read; which of them were mended since, a list says.
    """
    rolls = _on_roll(viewer, day).filter(school__in=schools(viewer).values("pk"))
    codes = [code for sign in rules.signs for code in sign.results]
    marks = Mark.objects.visible_to(viewer, OPENS).filter(
        enrolment__person=OuterRef("person"), enrolment__year__gte=OuterRef("year") - rules.years, result__in=codes
    )
    helped = _groups(viewer, rules).filter(person=OuterRef("person"), org=OuterRef("school"), left_on__isnull=True)
    counted = (
        rolls.filter(_newest_years(rolls))
        .order_by()
        .values_list("school__code", "school__name")
        .annotate(
            pupils=Count("person", distinct=True),
            failing=Count("person", distinct=True, filter=Exists(marks)),
            helped=Count("person", distinct=True, filter=Exists(helped)),
        )
    )
    return sorted((Place(*row) for row in counted), key=lambda one: (-one.failing, sort_key(one.name)))


def _newest_years(rolls) -> Q:
    """Each school's newest roll: a school whose roll of this year has not come yet stands by that of last year."""
    years = defaultdict(list)
    for school, year in rolls.order_by().values_list("school").annotate(Max("year")):
        years[year].append(school)
    newest = Q(pk__in=[])
    for year, here in years.items():
        newest |= Q(year=year, school__in=here)
    return newest


def rows(viewer, rules: Behind, school: Org, day: date) -> list[Row]:
    """Pupils of a school who are behind or in a group: those without help first, then by what there is to mend."""
    rolls = _on_roll(viewer, day).filter(school=school)
    year = rolls.aggregate(newest=Max("year"))["newest"]
    enrolments = {one.person_id: one for one in rolls.filter(year=year).select_related("person").order_by("pk")}
    results, helped = _results(viewer, rules, school, year), defaultdict(list)
    for one in _groups(viewer, rules).filter(org=school).order_by("-joined_on", "-pk"):
        if one.left_on is None or academic_year(one.left_on).year >= (year or day.year):
            helped[one.person_id].append(_group(rules, one, results.get(one.person_id, [])))
    found = [
        Row(enrolment, reasons(results.get(person, ()), rules.signs), helped.get(person, []))
        for person, enrolment in enrolments.items()
    ]
    return sorted(
        (row for row in found if row.reasons or row.groups),
        key=lambda row: (row.helped, -row.weight, sort_key(f"{row.person.first_name} {row.person.last_name}")),
    )


def runs(viewer, rules: Behind, school: Org) -> list[Run]:
    """Groups that are open and into which the viewer may put pupils of a school, the school's own first."""
    found = Run.objects.visible_to(viewer).filter(edition__family=rules.family, state=Run.State.RUNNING)
    found = [one for one in found.select_related("edition", "org") if school.is_under(one.org)]
    fitting = [one for one in found if "pupil" in one.rules.who and may_enter_for(viewer, one, school)]
    return sorted(fitting, key=lambda one: (one.org_id != school.pk, -one.starts.toordinal(), one.pk))


def may_open_group(viewer, school: Org) -> bool:
    """True for who may begin a group at the school."""
    return can(viewer, "programmes.run", school)


def _on_roll(viewer, day: date):
    on_it = (Q(entered__isnull=True) | Q(entered__lte=day)) & (Q(left__isnull=True) | Q(left__gt=day))
    return Enrolment.objects.visible_to(viewer, OPENS).filter(on_it, year__lte=academic_year(day).year)


def _marks(viewer, rules: Behind, year: int):
    return Mark.objects.visible_to(viewer, OPENS).filter(enrolment__year__range=(year - rules.years, year))


def _groups(viewer, rules: Behind):
    return participants_of_pupils(viewer).filter(run__edition__family=rules.family)


def _results(viewer, rules: Behind, school: Org, year: int | None) -> dict[int, list[Result]]:
    """{person: results} of who is on the school's roll of a year, as far as the viewer may open them."""
    if year is None:
        return {}
    here = Enrolment.objects.filter(school=school, year=year).values("person")
    points = {value.code: value.points for value in catalogue().get("codes", "mark_results").values}
    marks = _marks(viewer, rules, year).filter(enrolment__person__in=here).order_by("pk")
    names = ("enrolment__year", "semester", "subject_code", "subject", "learning_area", "result", "credits")
    found = defaultdict(list)
    for person, *said, result, credits in marks.values_list("enrolment__person", *names):
        weight = 1 if credits is None else credits
        found[person].append(Result(*said, result, points.get(result), weight))
    return dict(found)


def _group(rules: Behind, one: Participant, results: Iterable[Result]) -> Group:
    answer = str(one.answers.get(rules.field, "")) if rules.field else ""
    asked = [question for question in one.run.rules.fields if question.id == rules.field and not question.sensitive]
    words = readable(asked, one.answers)
    return Group(one, words[0][1] if words else "", gain(results, one.joined_on, rules.areas.get(answer, "")))
