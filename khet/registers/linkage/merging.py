"""Two records of one pupil into one, and back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.changes.services import touch
from khet.registers.linkage.models import Kind, Merge, Pair
from khet.registers.people.models import Address, Enrolment, Guardian, Identifier, Person, StaffPost
from khet.registers.residents.models import KnownAs

# What belongs to a person, and by which fields two rows would stand for the same thing.
_MOVES = [
    (Identifier, ()),
    (Enrolment, ("school_id", "year")),
    (StaffPost, ("school_id", "year")),
    (Guardian, ("role",)),
    (Address, ("kind",)),
    (KnownAs, ("identifier_hash",)),
    (Pair, ("resident_hash",)),  # of the registration list: its decision can be taken back from the record that is kept
]
_subjects: set[str] = set()


def follows(model, same: tuple[str, ...] = (), *, subject: str = "") -> None:
    """Have the rows of another room go with the person they name (from an AppConfig.ready).

    subject  of core.changes, whose facts count by person
    """
    if not any(known is model for known, _same in _MOVES):
        _MOVES.append((model, same))
    _subjects.update(filter(None, [subject]))


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
        taken = set(_of(model, keep).values_list(*same)) if same else set()
        rows = [row for row in _of(model, other) if not same or _value(row, same) not in taken]
        moved[model._meta.model_name] = [row.pk for row in rows]
        model.objects.filter(pk__in=[row.pk for row in rows]).update(person=keep)
    Person.objects.filter(pk=other.pk).update(org=None)  # out of every list; the record stays, to go back to
    if keep.org_id is None or _is_newer(other, keep, moved):
        moved["kept_org"] = keep.org_id
        Person.objects.filter(pk=keep.pk).update(org=other.org_id)
    done = Merge.objects.create(pair=pair, by=by, moved=moved)
    _touch()
    record("linkage.merged", keep, by=by, org=pair.org, after={"from": str(other.ref)})
    return done


def _of(model, person: Person):
    rows = model.objects.filter(person=person)
    return rows.filter(kind=Kind.REGISTER) if model is Pair else rows


def _touch() -> None:
    for subject in ("residents", *sorted(_subjects)):
        touch(subject)


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
        moved = done.moved.get(model._meta.model_name, [])  # a merge of an earlier Khet knew fewer kinds of rows
        model.objects.filter(pk__in=moved, person=pair.person).update(person=pair.other)
    Person.objects.filter(pk=pair.other_id).update(org=done.moved["org"])
    if "kept_org" in done.moved:
        Person.objects.filter(pk=pair.person_id).update(org=done.moved["kept_org"])
    done.undone_at, done.undone_by = timezone.now(), by
    done.save(update_fields=["undone_at", "undone_by"])
    _touch()
    record("linkage.unmerged", pair.person, by=by, org=pair.org, after={"from": str(pair.other.ref)})
