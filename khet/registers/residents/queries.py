"""Children of the civil-registration list and whether a roll knows them."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.kit.periods import Period, academic_year
from khet.registers.people.models import Enrolment, Identifier, Person
from khet.registers.residents.models import KnownAs, Resident

# A list drawn before the schools open serves the year to come.
_BEFORE = timedelta(days=365)


def list_day(org: Org, year: int) -> date | None:
    """The day of the list that speaks for an academic year: the newest of the year, else the last one before it."""
    span = Period("academic_year", year)
    days = Resident.objects.filter(org=org).order_by("-list_date").values_list("list_date", flat=True)
    within = days.filter(list_date__range=(span.start, span.end)).first()
    return within or days.filter(list_date__range=(span.start - _BEFORE, span.start)).first()


def offices() -> list[Org]:
    """The orgs that have a list."""
    return list(Org.objects.filter(pk__in=Resident.objects.order_by().values("org").distinct()))


def list_years() -> list[int]:
    """The academic years for which some org has a list."""
    days = set(Resident.objects.order_by().values_list("org", "list_date").distinct())
    own = {academic_year(day).year for _org, day in days}
    return sorted(own | {year + 1 for year in own})


def compulsory(org: Org, year: int) -> QuerySet[Resident]:
    """The children on an org's list who are of compulsory age in a year and have not passed its last grade."""
    rule = catalogue().get("calendar", "calendar").compulsory_age
    living = [v.code for v in catalogue().get("codes", "resident_statuses").values if v.outcome == "pass"]
    born = (date(year - rule.oldest, 1, 1), date(year - rule.youngest, 12, 31))
    children = Resident.objects.filter(
        org=org, list_date=list_day(org, year), status__in=living, birth_date__range=born
    )
    return children.exclude(_has_spell(_passed(year, rule.last_grade)))


def unmatched(org: Org, year: int) -> QuerySet[Resident]:
    """Those of compulsory age whom no roll of the year knows."""
    return compulsory(org, year).exclude(_has_spell(in_school(year)))


def entry_of(org: Org, person: Person) -> Resident | None:
    """The newest entry on an org's lists of a child who bears a person's identifiers, or is known as the person."""
    bears = Q(identifier_hash__in=person.identifiers.values("value_hash"))
    known = Q(identifier_hash__in=person.registered_as.values("identifier_hash"))
    return Resident.objects.filter(bears | known, org=org).order_by("-list_date", "pk").first()


def in_school(year: int) -> Q:
    """Enrolments of a year that stand, or ended only because the pupil completed."""
    return Q(year=year) & (Q(left__isnull=True) | Q(leave_reason="completed"))


def has_rolls(org: Org, year: int) -> bool:
    """Whether any school of the org has its pupils on record for a year; without them nobody can be missing."""
    return Enrolment.objects.filter(year=year, school__path__startswith=org.path).exists()


def _has_spell(which: Q) -> Q:
    """Whether a person who bears a resident's identifier, now or before, or is known as the child, is so enrolled."""
    persons = Enrolment.objects.filter(which).values("person")
    bears = Exists(Identifier.objects.filter(value_hash=OuterRef("identifier_hash"), person__in=persons))
    return bears | Exists(KnownAs.objects.filter(identifier_hash=OuterRef("identifier_hash"), person__in=persons))


def _passed(year: int, last_grade: str) -> Q:
    grades = catalogue().get("codes", "grades")
    last = grades.value(last_grade)
    above = [value.code for value in grades.values if value.order > last.order]
    return Q(year__lte=year, grade__in=above) | Q(year__lt=year, grade=last_grade, leave_reason="completed")
