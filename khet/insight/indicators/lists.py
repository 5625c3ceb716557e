"""The work-lists that registers can fill today; a list of a later engine registers itself."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from khet.core.orgs.models import Org
from khet.insight.indicators.worklists import Row, WorkList, register
from khet.kit.periods import Period


def _unmatched(viewer, org: Org, period: Period) -> Sequence[Row]:
    """Children on the list and on no roll, by subdistrict, as visits are planned: the name, no identifier."""
    from khet.core.orgs.models import Kind
    from khet.registers.residents import queries

    offices = Org.objects.filter(kind=Kind.OFFICE, path__startswith=org.path) if org.kind == Kind.MINISTRY else [org]
    rows = []
    for office in offices:
        if not queries.has_rolls(office, period.academic_year):
            continue
        children = queries.unmatched(office, period.academic_year).visible_to(viewer)
        for child in children.order_by("subdistrict", "name_key", "pk"):
            rows.append(Row(str(child), office.code, child.subdistrict, str(child.ref)))
    return rows


def _gone(viewer, org: Org, period: Period) -> Sequence[Row]:
    """Pupils who were on a roll and are on none, by the school that had them: the name and why, no identifier."""
    from khet.registers.residents.gone import HANGING, LEFT, NOT_SEEN, gone

    words = {
        HANGING: _("Stays away, still on the roll"), LEFT: _("Left early"), NOT_SEEN: _("On no roll of this year"),
    }  # fmt: skip
    found = gone(org, period.academic_year, viewer)
    return [
        Row(str(one.enrolment.person), one.enrolment.school.code, ref=str(one.enrolment.person.ref),
            note=f"{one.enrolment.grade} · {words[one.why]}")
        for one in found
    ]  # fmt: skip


def _schools_without(indicator: str) -> Callable[[object, Org, Period], Sequence[Row]]:
    """Schools that have not reached what an indicator counts schools by; those without a figure stand last."""

    def rows(viewer, org: Org, period: Period) -> Sequence[Row]:
        from khet.insight.indicators import queries

        found = queries.values(viewer, org=org, indicators=[indicator], period=period, by="school")
        behind = [value for value in found if value.value is None or value.value < 100]
        behind.sort(key=lambda value: (value.value is None, value.value or 0, value.org))
        note = {True: "missing", False: ""}
        return [Row(v.org_name, v.org, note=note[v.value is None], figures=dict(v.parts)) for v in behind]

    return rows


def _staff_behind(viewer, org: Org, period: Period) -> Sequence[Row]:
    """Teachers in scope who do not meet both standards, or of whom it is not known."""
    from django.db.models import Q

    from khet.registers.people.facts import teachers
    from khet.registers.people.models import StaffPost

    which = teachers(period.year)
    posts = (
        StaffPost.objects.visible_to(viewer)
        .filter(which["teachers"], year=period.year)
        .exclude(Q(pk__in=StaffPost.objects.filter(which["teachers_competent"], year=period.year).values("pk")))
    )
    unknown = set(posts.filter(which["teachers_unknown"]).values_list("pk", flat=True))
    posts = posts.filter(school__path__startswith=org.path).select_related("person", "school")
    notes = {True: "unknown", False: ""}
    return [
        Row(str(post.person), post.school.code, str(post.school), str(post.person.ref), notes[post.pk in unknown])
        for post in posts.order_by("school__code", "person__name_key", "pk")
    ]


_SCHOOLS = {
    "schools_not_good": ("external_assessment_good", _("Schools not yet good or better")),
    "schools_not_active": ("active_learning_schools_rate", _("Schools without active learning yet")),
    "schools_not_sufficient": ("sufficiency_schools_rate", _("Schools not yet in the sufficiency programme")),
}
_VISIT = _("Agree a visit and the next step with the school")


def register_all() -> None:
    """Make the lists known; called once when the application starts."""
    for id, (indicator, title) in _SCHOOLS.items():
        register(WorkList(id, title, _VISIT, "plan.read", _schools_without(indicator)))
    register(
        WorkList(
            "residents_unmatched",
            _("Children of compulsory age in no known school"),
            _("Hand each child to a school of the subdistrict to follow"),
            "people.list",
            _unmatched,
        )
    )
    register(
        WorkList(
            "pupils_gone",
            _("Pupils lost from the rolls, or staying away"),
            _("Hand each pupil to the school that had them last to follow"),
            "people.list",
            _gone,
        )
    )
    register(
        WorkList(
            "staff_not_competent",
            _("Teachers not yet at both standards"),
            _("Plan each teacher's development and renew the licence"),
            "people.list",
            _staff_behind,
        )
    )
