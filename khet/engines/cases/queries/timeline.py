"""Everything that happened in a case, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khet.core.forms.answers import readable
from khet.engines.cases.models import Case
from khet.engines.cases.models.case import PHONE


@dataclass(frozen=True)
class Event:
    """One thing that happened: `kind` is step | contact | note | referral | member | file."""

    kind: str
    at: datetime
    title: str
    by: object = None
    text: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    late: bool = False
    withdrawn: bool = False
    record: object = None

    @property
    def earlier(self) -> bool:
        """Whether a contact took place on a day before it was written down."""
        return self.kind == "contact" and self.record.on < timezone.localdate(self.at)


def timeline(case: Case) -> list[Event]:
    """The events of an opened case, newest first; sensitive answers are among them."""
    found = [*_steps(case), *_contacts(case), *_notes(case), *_referrals(case)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _steps(case: Case):
    rules = case.rules
    for step in case.steps.select_related("by"):
        move = rules.workflow.moves.get(step.move)
        form = rules.form(move.form if move else rules.kind.form)
        asked = {field.id: field for field in form.fields} if form else {}
        if not step.move and rules.kind.public and (step.by_id is None or case.cause.get("kind") == PHONE):
            asked = {field.id: field for field in rules.form(rules.kind.public.form).fields} | asked
        answers = readable(asked.values(), step.answers | step.secret, sensitive=True)
        title = move.title if move else _("The case began")
        state = rules.workflow.states[step.after]
        reason = _(step.reason) if step.reason and step.by and step.by.is_system else step.reason
        yield Event("step", step.at, f"{title} → {state.title}", step.by, reason, tuple(answers), "arrow-right",
                    late=step.late, record=step)  # fmt: skip


def _contacts(case: Case):
    for one in case.contacts.select_related("by").prefetch_related("files__file"):
        kind = case.kind.contact(one.kind)
        form = case.rules.form(kind.form) if kind else None
        answers = readable(form, one.answers | one.secret, sensitive=True) if form else []
        yield Event("contact", one.at, str(kind.title) if kind else one.kind, one.by, "", tuple(answers),
                    kind.drawing if kind else "phone", withdrawn=one.withdrawn_at is not None, record=one)  # fmt: skip


def _notes(case: Case):
    for note in case.notes.select_related("by"):
        yield Event("note", note.at, pgettext("case", "Note"), note.by, note.text, icon="note", record=note)


def _referrals(case: Case):
    for one in case.referrals.select_related("by", "to", "answered_by"):
        title = _("Referred to %(place)s: %(aim)s") % {"place": one.to or one.agency, "aim": one.get_aim_display()}
        yield Event("referral", one.at, title, one.by, one.reason, icon="send", record=one)
