"""Two records of one pupil into one, and back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.registers.linkage.models import Merge, Pair
from khet.registers.people.models import Address, Enrolment, Guardian, Identifier, Person, StaffPost

# What belongs to a person, and by which fields two rows would stand for the same thing.
_MOVES = (
    (Identifier, ()),
    (Enrolment, ("school_id", "year")),
    (StaffPost, ("school_id", "year")),
    (Guardian, ("role",)),
    (Address, ("kind",)),
)


class NotMerged(ValueError):
    """Two records that cannot be made one; says what stands against it."""


@transaction.atomic
def merge(pair: Pair, *, by) -> Merge:
    """Move what the second record has to the first. What the first has already stays with the second, which is kept.

    raises  NotMerged where both stand on one roll in one year: which of the two rows is right a person must say first
    """
    keep, other = pair.person, pair.other
    if clash := _both_enrolled(keep, other):
        words = {"school": clash.school, "year": clash.year + 543}
        raise NotMerged(
            _("Both stand on the roll of %(school)s in %(year)s. Have the school correct its roll first.") % words
        )
    moved: dict = {"org": other.org_id}
    for model, same in _MOVES:
        taken = set(model.objects.filter(person=keep).values_list(*same)) if same else set()
        rows = [row for row in model.objects.filter(person=other) if not same or _value(row, same) not in taken]
        moved[model._meta.model_name] = [row.pk for row in rows]
        model.objects.filter(pk__in=[row.pk for row in rows]).update(person=keep)
    Person.objects.filter(pk=other.pk).update(org=None)  # out of every list; the record stays, to go back to
    if keep.org_id is None or _is_newer(other, keep, moved):
        moved["kept_org"] = keep.org_id
        Person.objects.filter(pk=keep.pk).update(org=other.org_id)
    done = Merge.objects.create(pair=pair, by=by, moved=moved)
    record("linkage.merged", keep, by=by, org=pair.org, after={"from": str(other.ref)})
    return done


def _both_enrolled(keep: Person, other: Person) -> Enrolment | None:
    places = set(Enrolment.objects.filter(person=keep).values_list("school_id", "year"))
    rows = Enrolment.objects.filter(person=other).select_related("school")
    return next((row for row in rows if (row.school_id, row.year) in places), None)


def _value(row, names: tuple[str, ...]) -> tuple:
    return tuple(getattr(row, name) for name in names)


def _is_newer(other: Person, keep: Person, moved: dict) -> bool:
    """Whether the pupil's newest enrolment came with the second record."""
    newest = Enrolment.objects.filter(person=keep).order_by("-year", "-entered", "-pk").first()
    return newest is not None and newest.pk in moved["enrolment"] and other.org_id is not None


@transaction.atomic
def unmerge(pair: Pair, *, by) -> None:
    """Put back what a merge moved; what came to the record since then stays where it is."""
    done = pair.merges.filter(undone_at__isnull=True).select_for_update().first()
    if done is None:
        return
    for model, _same in _MOVES:
        model.objects.filter(pk__in=done.moved[model._meta.model_name], person=pair.person).update(person=pair.other)
    Person.objects.filter(pk=pair.other_id).update(org=done.moved["org"])
    if "kept_org" in done.moved:
        Person.objects.filter(pk=pair.person_id).update(org=done.moved["kept_org"])
    done.undone_at, done.undone_by = timezone.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    record("linkage.unmerged", pair.person, by=by, org=pair.org, after={"from": str(pair.other.ref)})
