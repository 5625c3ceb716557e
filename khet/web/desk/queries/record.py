"""What the pages of one person show, in two parts: the plain record, and what only few may open."""

from django.db.models import Count, F, Q

from khet.core.audit.models import AuditEntry
from khet.kit.identifiers import mask
from khet.kit.periods import Period
from khet.registers.people.models import Enrolment, Person, StaffPost
from khet.web.desk.details import ROLES, code_words, in_words


def plain(viewer, person: Person) -> dict:
    """Schooling, absences, where the person lives (no house), and masked numbers."""
    enrolments = list(
        Enrolment.objects.filter(person=person)
        .visible_to(viewer, "people.open")
        .select_related("school")
        .annotate(days_absent=Count("absences", filter=Q(absences__kind="absent"), distinct=True))
        .order_by("-year", F("entered").desc(nulls_last=True))
    )
    for enrolment in enrolments:
        enrolment.period = Period("academic_year", enrolment.year)
        enrolment.reason_words = code_words("leave_reasons", enrolment.leave_reason)
    return {
        "enrolments": enrolments,
        "posts": _posts(viewer, person),
        "guardian_roles": list(person.guardians.values_list("role", flat=True)),
        "addresses": list(person.addresses.only("kind", "subdistrict", "district", "province")),
        "identifiers": [
            (one.get_kind_display(), mask(one.value), one.until)
            for one in person.identifiers.order_by(F("until").asc(nulls_first=True), "pk")
        ],
    }


def _posts(viewer, person) -> list[StaffPost]:
    posts = list(
        StaffPost.objects.filter(person=person)
        .visible_to(viewer, "people.open")
        .select_related("school")
        .order_by("-year")
    )
    for post in posts:
        post.period = Period("academic_year", post.year)
        post.position_words = code_words("positions", post.position)
        post.standing_words = code_words("standings", post.standing)
    return posts


def sensitive(viewer, person: Person) -> dict:
    """Health, need, belief, family and house: decrypted only for this page."""
    latest = Enrolment.objects.filter(person=person).visible_to(viewer, "people.sensitive").order_by("-year").first()
    return {
        "details": in_words(person.sensitive),
        "latest": latest,
        "guardians": [(ROLES.get(g.role, g.role), g.relation, in_words(g.details)) for g in person.guardians.all()],
        "houses": [(address.kind, in_words(address.details)) for address in person.addresses.all()],
    }


def seen_by(person: Person):
    """Every opening of the record and change of it, newest first."""
    entries = AuditEntry.objects.filter(object_type=person._meta.label_lower, object_id=str(person.pk))
    return entries.select_related("actor", "org").order_by("-at")
