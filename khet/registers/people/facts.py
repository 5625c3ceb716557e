"""Outlets of persons: pupils on the roll, those who left and came back; staff."""

from collections import Counter
from datetime import date

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from khet.core.catalogue import catalogue
from khet.kit.feeds import Feed, Line, Question, empty, long
from khet.kit.periods import Period
from khet.kit.tables import read_sql
from khet.registers.people.models import Enrolment, StaffPost

# Moving, completing and dying are no early leaving; everything else is, an unknown reason too unless another school
# has taken the pupil in.
_NOT_EARLY = ("transferred", "completed", "deceased")
# Parts of section 38 whose posts need a licence: teaching (ก), administration (ข), supervision (ค 1).
_IN_SCOPE = ("38k", "38kh", "38kho1")
_BY = {"org": "org", "grade": "grade", "sex": "sex"}


def _years(model):
    return lambda: sorted(model.objects.order_by().values_list("year", flat=True).distinct())


def head_count_day(year: int) -> date:
    """The day of the academic year on which pupils are counted (10 June)."""
    month, day = catalogue().get("calendar", "calendar").census[0].day.split("-")
    return date(year, int(month), int(day))


def on_roll(day: date) -> Q:
    """Enrolments that stand on a day."""
    return (Q(entered__isnull=True) | Q(entered__lte=day)) & (Q(left__isnull=True) | Q(left__gt=day))


def early_leavers() -> Q:
    """Enrolments that ended before their time."""
    elsewhere = Enrolment.objects.filter(person=OuterRef("person"), year=OuterRef("year"), left__isnull=True)
    known = Q(left__isnull=False) & ~Q(leave_reason__in=(*_NOT_EARLY, ""))
    return known | (Q(left__isnull=False, leave_reason="") & ~Exists(elsewhere))


def returned_spells(year: int):
    """Enrolments of a year by which a pupil whose spell before had ended early is on a roll again."""
    earlier = Enrolment.objects.filter(year__lte=year)
    left_on = dict(earlier.filter(early_leavers()).values_list("pk", "left"))
    spells = earlier.filter(person__in=earlier.filter(early_leavers()).values("person"))
    back, before = [], None
    in_time = spells.order_by("person", "year", F("entered").asc(nulls_first=True), "pk")
    for spell in in_time.values_list("person", "year", "entered", "pk"):
        person, in_year, entered, pk = spell
        if in_year == year and before and before[0] == person and before[3] in left_on:
            left = left_on[before[3]]
            if before[1] < year or (entered and entered >= left):
                back.append(pk)
        before = spell
    return Enrolment.objects.filter(pk__in=back)


def _enrolments(year: int):
    counts = {
        "enrolled": Count("pk", filter=on_roll(head_count_day(year))),
        "enrolled_hanging": Count("pk", filter=Q(hanging=True, left__isnull=True)),
        "left_early": Count("pk", filter=early_leavers()),
    }
    places = ("school__code", "grade", "person__sex")
    rows = Enrolment.objects.filter(year=year).order_by().values_list(*places).annotate(**counts)
    wide = read_sql(rows, {"org": "str", "grade": "str", "sex": "str"} | dict.fromkeys(counts, "int"))
    if not wide.num_rows:
        return empty()
    returned = Counter(returned_spells(year).values_list(*places))
    keys = zip(*(wide.column(name).to_pylist() for name in _BY), strict=True)
    wide = wide.append_column("returned", [[returned[key] for key in keys]])
    measures = {"pupils": "enrolled"} | {name: name for name in (*counts, "returned")}
    return long(wide, measures, period=f"=AY{year}", **_BY)


def _enrolments_of(question: Question):
    """The enrolments a measure counts at some schools in a year."""
    year = Period.parse(question.period).academic_year
    spells = Enrolment.objects.filter(year=year, school__code__in=question.orgs)
    match question.measure:
        case "pupils" | "enrolled":
            return spells.filter(on_roll(head_count_day(year)))
        case "enrolled_hanging":
            return spells.filter(hanging=True, left__isnull=True)
        case "left_early":
            return spells.filter(early_leavers())
        case "returned":
            return spells.filter(pk__in=returned_spells(year).values("pk"))
    return spells.none()


def _pupil_lines(question: Question):
    rows = _enrolments_of(question).select_related("person", "school").order_by("school__code", "grade", "room", "pk")
    for spell in rows[: question.limit]:
        place = f"{spell.grade}/{spell.room}" if spell.room else spell.grade
        yield _line(spell, spell.person, note=place)


def _line(record, person, note: str) -> Line:
    source = {name: getattr(record, name) for name in ("batch_id", "file_id", "sheet", "row")}
    return Line(str(person), record.school.code, 1.0, note, person=str(person.ref), **source)


def _by_batch(rows):
    return dict(rows.order_by().values_list("batch_id").annotate(Count("pk")))


def _in_scope() -> list[str]:
    """Codes of the positions that need a licence."""
    return [value.code for value in catalogue().get("codes", "positions").values if value.group in _IN_SCOPE]


def teachers(year: int) -> dict[str, Q]:
    """What counts as which measure, on 30 September of the fiscal year that ends in the academic year."""
    scope, day = Q(position__in=_in_scope()), Period("fiscal_year", year).end
    licensed, passed = Q(licence_expires__gte=day), Q(pa_passed=True)
    return {
        "teachers": scope,
        "teachers_position_standard": scope & passed,
        "teachers_licensed": scope & licensed,
        "teachers_professional_standard": scope & licensed,
        "teachers_competent": scope & licensed & passed,
        "teachers_unknown": scope & (Q(pa_passed__isnull=True) | Q(licence_expires__isnull=True)),
    }


def _staff(year: int):
    counts = {name: Count("pk", filter=part) for name, part in teachers(year).items()}
    places = {"org": "str", "sex": "str", "grp": "str"}
    posts = StaffPost.objects.filter(year=year).order_by()
    by_type = read_sql(
        posts.values_list("school__code", "person__sex", "staff_type").annotate(staff=Count("pk")),
        places | {"staff": "int"},
    )
    in_scope = read_sql(
        posts.values_list("school__code", "person__sex").annotate(**counts),
        {"org": "str", "sex": "str"} | dict.fromkeys(counts, "int"),
    )
    if not by_type.num_rows:
        return empty()
    import pyarrow as pa

    return pa.concat_tables(
        [
            long(by_type, ["staff"], period=f"=AY{year}", org="org", sex="sex", grp="grp"),
            long(in_scope, list(counts), period=f"=FY{year}", org="org", sex="sex"),
        ]
    )


def _posts_of(question: Question):
    year = Period.parse(question.period).year
    posts = StaffPost.objects.filter(year=year, school__code__in=question.orgs)
    if question.measure == "staff":
        return posts
    part = teachers(year).get(question.measure)
    return posts.filter(part) if part else posts.none()


def _staff_lines(question: Question):
    rows = _posts_of(question).select_related("person", "school").order_by("school__code", "pk")
    for post in rows[: question.limit]:
        yield _line(post, post.person, note=post.position)


def _newest(model):
    return lambda year: (
        {"": newest} if (newest := model.objects.filter(year=year).aggregate(m=Max("batch_id"))["m"]) else {}
    )


FEEDS = [
    Feed(
        id="enrolments",
        reads=("enrolments",),
        years=_years(Enrolment),
        rows=_enrolments,
        later=True,
        origins=lambda question: _by_batch(_enrolments_of(question)),
        behind=_pupil_lines,
        persons=True,
        newest=_newest(Enrolment),
    ),
    Feed(
        id="staff",
        reads=("staff",),
        years=_years(StaffPost),
        rows=_staff,
        origins=lambda question: _by_batch(_posts_of(question)),
        behind=_staff_lines,
        persons=True,
        newest=_newest(StaffPost),
    ),
]
