"""What is written into a case along the way: contacts, notes, tasks, files, parties."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.files.services import keep as keep_file
from khet.core.files.services import remove as remove_stored
from khet.core.files.services import restore as restore_stored
from khet.core.forms.answers import parted
from khet.engines.cases.clocks import due
from khet.engines.cases.errors import CaseError
from khet.engines.cases.levelling import proposed
from khet.engines.cases.models import Attachment, Case, Contact, Member, Note, Party, Task
from khet.engines.cases.seats import MANAGER, WORKER
from khet.engines.cases.services.base import (
    NOT_SEEN,
    demand,
    demand_open,
    demand_worker,
    locked,
    mark,
    tell,
    tell_of_level,
    untell_kept,
)
from khet.engines.cases.services.beginning import Named
from khet.engines.cases.services.passing import account_of, keep_somebody, pass_by_when_it_must

DIGITS = 3  # of a place: about a hundred metres


@dataclass(frozen=True)
class Contacted:
    """A contact that was had. `key` is made where it was written: the same key again is the same contact."""

    kind: str
    on: date
    answers: Mapping = field(default_factory=dict)
    uploads: Mapping = field(default_factory=dict)
    place: tuple[float, float] | None = None
    key: uuid.UUID | None = None


@transaction.atomic
def record_contact(case: Case, contact: Contacted, *, by) -> Contact:
    """Keep a contact; what it says becomes what the case knows. Sent twice, it is kept once. Raises CaseError."""
    case = locked(case)
    if contact.key and (known := Contact.objects.filter(key=contact.key).first()):
        if known.case_id != case.pk or known.by_id != by.pk:
            raise CaseError(_("This entry belongs to another case. Open the page again."))
        return known
    definition = case.kind.contact(contact.kind)
    if definition is None:
        raise CaseError(_("There is no such kind of contact."))
    if not definition.afterwards:
        demand_open(case)
    demand(case, by, *(definition.by or (WORKER,)), MANAGER)
    if contact.on > timezone.localdate():
        raise CaseError(_("The day lies in the future. Correct it."))
    open_answers, secret = parted(case.rules.form(definition.form).fields, dict(contact.answers))
    made = Contact.objects.create(
        case=case, kind=contact.kind, key=contact.key or uuid.uuid4(), on=contact.on, answers=open_answers,
        secret=secret, place=_rounded(contact.place) if definition.place else {}, by=by,
    )  # fmt: skip
    for name, upload in contact.uploads.items():
        file = keep_file(upload, by=by, org=case.org)
        Attachment.objects.create(case=case, contact=made, field=name, file=file)
    before = case.level_of
    _learn(case, open_answers, secret)
    pass_by_when_it_must(case)
    tell_of_level(case, before, by)
    mark(case)
    record("case.contacted", case, by=by, org=case.org, after={"kind": contact.kind})
    return made


def _rounded(place) -> dict:
    """A place as it is kept; nothing for one that is none on earth, which some phone made up."""
    if not place or not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        return {}
    return {"lat": round(place[0], DIGITS), "lon": round(place[1], DIGITS)}


def _learn(case: Case, open_answers: dict, secret: dict) -> None:
    """What was learnt is what the case knows now, and may raise its level."""
    case.answers, case.secret = case.answers | open_answers, case.secret | secret
    found, level = proposed(case.kind, case.known), case.level_of
    if found and level and found.rank > level.rank:
        case.level, case.rank = found.code, found.rank
        case.due_at = due(case.rules, case.state, case.level, case.state_since, case.received_at)
    case.save(update_fields=["answers", "secret", "level", "rank", "due_at"])


@transaction.atomic
def withdraw_contact(contact: Contact, *, by) -> Contact:
    """Take a contact back: for who wrote it, and who manages the case. What the case knows is worked out anew."""
    case = locked(contact.case)
    if contact.by_id != by.pk:
        demand(case, by, MANAGER)
    demand_worker(case, by)
    if contact.withdrawn_at is None:
        contact.withdrawn_at, contact.withdrawn_by = timezone.now(), by
        contact.save(update_fields=["withdrawn_at", "withdrawn_by"])
        _know_anew(case)
        mark(case)
        record("case.contact_withdrawn", case, by=by, org=case.org, after={"kind": contact.kind})
    return contact


def _know_anew(case: Case) -> None:
    said = [(step.at, step.answers, step.secret) for step in case.steps.all()]
    said += [(one.at, one.answers, one.secret) for one in case.contacts.filter(withdrawn_at__isnull=True)]
    case.answers, case.secret = {}, {}
    for _at, open_answers, secret in sorted(said, key=lambda one: one[0]):
        case.answers, case.secret = case.answers | open_answers, case.secret | secret
    case.save(update_fields=["answers", "secret"])


@transaction.atomic
def add_note(case: Case, text: str, *, by) -> Note:
    """Words on a case. Raises CaseError when there are none."""
    demand_worker(case, by)
    if not text.strip():
        raise CaseError(_("Write something first."))
    note = Note.objects.create(case=case, text=text.strip()[:4000], by=by)
    record("case.noted", case, by=by, org=case.org)
    return note


@transaction.atomic
def add_task(case: Case, text: str, *, by, owner=None, due: date | None = None) -> Task:
    """Something to be done. Raises CaseError."""
    demand_worker(case, by)
    demand_open(case)
    if not text.strip():
        raise CaseError(_("Say what is to be done."))
    if owner is not None and not Case.objects.visible_to(owner).filter(pk=case.pk).exists():
        raise CaseError(NOT_SEEN % {"user": owner})
    task = Task.objects.create(case=case, text=text.strip()[:500], owner=owner, due=due, by=by)
    record("case.task_added", case, by=by, org=case.org, after={"due": due})
    if owner is not None:
        words = format_lazy(gettext_lazy("{number}: there is something for you to do."), number=case.number)
        tell([owner], case, words, key=f"task-{task.pk}", but=by)
    return task


@transaction.atomic
def finish_task(task: Task, *, by) -> Task:
    """A task is done."""
    demand_worker(task.case, by)
    if task.done_at is None:
        task.done_at, task.done_by = timezone.now(), by
        task.save(update_fields=["done_at", "done_by"])
        record("case.task_done", task.case, by=by, org=task.case.org)
    return task


@transaction.atomic
def reopen_task(task: Task, *, by) -> Task:
    """A task is not done after all."""
    demand_worker(task.case, by)
    task.done_at = task.done_by = None
    task.save(update_fields=["done_at", "done_by"])
    record("case.task_reopened", task.case, by=by, org=task.case.org)
    return task


@transaction.atomic
def add_file(case: Case, upload, *, by) -> Attachment:
    """A file of the case. Raises FileRefused, CaseError."""
    demand_worker(case, by)
    return Attachment.objects.create(case=case, file=keep_file(upload, by=by, org=case.org))


@transaction.atomic
def remove_file(attachment: Attachment, *, by) -> Attachment:
    """Take a file away; it can be put back for a while."""
    demand_worker(attachment.case, by)
    remove_stored(attachment.file, by=by)
    return attachment


@transaction.atomic
def restore_file(attachment: Attachment, *, by) -> Attachment:
    """Put back a file that was taken away. Raises FileRefused when it has been erased since."""
    demand_worker(attachment.case, by)
    restore_stored(attachment.file, by=by)
    return attachment


@transaction.atomic
def add_party(case: Case, named: Named, *, by) -> Party:
    """Somebody the case names. Who is barred by that leaves the circle at once, found by the name alone, too.

    Raises CaseError.
    """
    case = locked(case)
    demand_worker(case, by)
    role = next((one for one in case.kind.parties if one.code == named.role), None)
    if role is None or not (named.name.strip() or named.person or named.user or named.org):
        raise CaseError(_("Choose a role and say who it is."))
    if role.barred and named.user is None and named.name.strip():
        named = replace(named, user=account_of(named.name, case))
    party = Party.objects.create(
        case=case, role=role.code, name=named.name.strip()[:200] or str(named.person or named.user or named.org),
        person=named.person, user=named.user, org=named.org, details=dict(named.details), barred=role.barred,
    )  # fmt: skip
    if role.barred:
        _put_out(case, named.user)
    if role.counts and named.person is not None and case.person is None:
        case.person, case.sex = named.person, named.person.sex
        case.save(update_fields=["person", "sex"])
        mark(case)
    record("case.party_named", case, by=by, org=case.org, after={"role": role.code})
    return party


def _put_out(case: Case, accused) -> None:
    """Whom a case accuses is out of it and hears no more of it; one of the school takes it past the school."""
    if accused is not None:
        Member.objects.filter(case=case, user=accused, until__isnull=True).update(until=timezone.now())
        if case.owner_id == accused.pk:
            Case.objects.filter(pk=case.pk).update(owner=None)
            case.owner = None
    if not pass_by_when_it_must(case):
        keep_somebody(case)
        untell_kept(case)


@transaction.atomic
def remove_party(party: Party, *, by) -> Party:
    """A party no longer counts; who was barred stays so: only a new case clears a name."""
    demand_worker(party.case, by)
    party.left_at = timezone.now()
    party.save(update_fields=["left_at"])
    record("case.party_removed", party.case, by=by, org=party.case.org, after={"role": party.role})
    return party
