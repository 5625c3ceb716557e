"""Taking a step of the workflow."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.files.services import keep as keep_file
from khet.core.forms.answers import parted
from khet.core.workflow.machine import next_state
from khet.engines.cases.clocks import due
from khet.engines.cases.errors import CaseError
from khet.engines.cases.levelling import proposed
from khet.engines.cases.models import Attachment, Case, Step, Task
from khet.engines.cases.queries.prompts import waiting_prompts
from khet.engines.cases.seats import roles_in
from khet.engines.cases.services.base import locked, mark, members, tell, tell_of_level
from khet.engines.cases.services.passing import pass_by_when_it_must


@transaction.atomic
def move(
    case: Case, move: str, *, by, answers: Mapping | None = None, reason: str = "", uploads: Mapping | None = None
) -> Step:
    """Take one step and leave a trace.

    answers  of the move's form, cleaned; what is sensitive among them is encrypted
    raises   MoveNotAllowed when it cannot be made from here or not by this person; CaseError when something is missing
    """
    case = locked(case)
    rules, before = case.rules, case.state
    after = next_state(rules.workflow, before, move, roles_in(by, case))
    definition = rules.workflow.moves[move]
    reason = " ".join(reason.split())
    _demand(case, move, definition, after, by, reason)
    form = rules.form(definition.form)
    open_answers, secret = parted(form.fields if form else (), dict(answers or {}))
    now = timezone.now()
    step = Step.objects.create(
        case=case, move=move, before=before, after=after, at=now, by=by, reason=reason, answers=open_answers,
        secret=secret, late=case.due_at is not None and case.due_at < now,
    )  # fmt: skip
    level = case.level_of
    _stand(case, after, open_answers, secret, step, by)
    for name, upload in (uploads or {}).items():
        Attachment.objects.create(case=case, field=name, file=keep_file(upload, by=by, org=case.org))
    _routines(case)
    pass_by_when_it_must(case)
    mark(case)
    record("case.moved", case, by=by, org=case.org, before={"state": before}, after={"state": after, "move": move})
    _tell_of(case, by)
    tell_of_level(case, level, by)
    return step


def move_many(cases: Iterable[Case], name: str, *, by, reason: str = "") -> tuple[list[Case], list[tuple[Case, str]]]:
    """(cases that took the step, [(case, why not)]): each by itself, so that one that cannot stops no other."""
    done, refused = [], []
    for case in cases:
        try:
            move(case, name, by=by, reason=reason)
            done.append(case)
        except ValueError as error:
            refused.append((case, str(error)))
    return done, refused


def _demand(case: Case, move: str, definition, after: str, by, reason: str) -> None:
    """Raises CaseError while something that must come before a step is missing."""
    if definition.reason and len(reason) < 4:
        raise CaseError(_("Say in a few words why."))
    for prompt in waiting_prompts(case):
        if move in prompt.blocks:
            raise CaseError(_("Before this: %(words)s") % {"words": prompt.words})
    level = case.level_of
    if level and level.second and case.rules.is_final(after):
        last = case.steps.exclude(move="").order_by("-at", "-pk").first()
        if last is not None and last.by_id == by.pk and not by.is_system:
            raise CaseError(_("At this level a second person closes the case, not the one who took the last step."))


def _stand(case: Case, after: str, open_answers: dict, secret: dict, step: Step, by) -> None:
    """Bring the case to where the step leads."""
    rules = case.rules
    final = rules.is_final(after)
    case.missed = case.missed or step.late
    case.state, case.state_since, case.escalated_at = after, step.at, None
    case.answers, case.secret = case.answers | open_answers, case.secret | secret
    _raise_level(case)
    case.due_at = due(rules, after, case.level, step.at, case.received_at)
    case.closed_at, case.closed_by = (step.at, by) if final else (None, None)
    case.save()


def _raise_level(case: Case) -> None:
    """What was learnt may raise the level; it lowers none."""
    found, level = proposed(case.kind, case.known), case.level_of
    if found and (level is None or found.rank > level.rank):
        case.level, case.rank = found.code, found.rank


def _routines(case: Case) -> None:
    """The tasks that a state brings with it."""
    day = timezone.localdate()
    for routine in case.kind.routines:
        if routine.state == case.state:
            words = routine.words.model_dump()
            for days in routine.after_days:
                due_on = day + timezone.timedelta(days=days)
                Task.objects.create(case=case, text="", words=words, owner=case.owner, due=due_on)


def _tell_of(case: Case, by) -> None:
    words = format_lazy(gettext_lazy("{number} is now: {state}."), number=case.number, state=case.stands.title)
    tell([case.owner, *(members(case) if case.kind.circle else [])], case, words, key="moved", but=by)
