"""Outputs: entering, submitting, reviewing, publishing, taking up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.programmes.marking import touch_from
from khet.engines.programmes.models import Author, Output, Review, Run, Use
from khet.engines.programmes.rights import (
    ProgrammeError,
    demand,
    demand_open,
    is_own,
    may_change_output,
    may_enter_for,
    may_run,
    may_write_for,
)
from khet.engines.programmes.searching import words_of
from khet.registers.people.models import Person

State = Output.State
CHANGEABLE = ("kind", "title", "summary", "made_on", "link", "file", "answers")


@dataclass(frozen=True)
class By:
    """An author as entered: a name, where known the person of the register or the account."""

    name: str
    person: Person | None = None
    user: object | None = None


@transaction.atomic
def enter_output(run: Run, org: Org, *, by, kind: str, title: str, made_on: date, authors: Iterable[By] = (), **fields):
    """A draft. Whoever takes part at the org enters their own works.

    fields   summary, link, file, answers
    raises   ProgrammeError
    """
    demand(may_write_for(by, run, org))
    demand_open(run)
    output = Output(run=run, org=org, kind=kind, title=title.strip(), made_on=made_on, by=by, **fields)
    _save(output, list(authors))
    record("programme.output_entered", output, by=by, org=org, after={"kind": kind})
    return output


@transaction.atomic
def change_output(output: Output, *, by, authors: Iterable[By] | None = None, **fields) -> Output:
    """Correct an output. Raises ProgrammeError."""
    demand(may_change_output(by, output))
    demand_open(output.run)
    before = output.made_on
    for name in CHANGEABLE:
        if name in fields:
            setattr(output, name, fields[name])
    _save(output, None if authors is None else list(authors))
    if output.state == State.PUBLISHED:
        touch_from(before, output.made_on)
    record("programme.output_changed", output, by=by, org=output.org)
    return output


def _save(output: Output, authors: list[By] | None) -> None:
    kind = output.run.rules.output(output.kind)
    if kind is None:
        raise ProgrammeError(_("The programme has no outputs of this kind."))
    if not output.title:
        raise ProgrammeError(_("Give it a title."))
    if output.made_on > timezone.localdate():
        raise ProgrammeError(_("The day has not come yet."))
    names = [one.name for one in authors] if authors is not None else [one.name for one in output.authors.all()]
    if kind.authors and not names:
        raise ProgrammeError(_("Name at least one author."))
    output.search = words_of(output.title, output.summary, str(output.org), *names)
    output.save()
    if authors is not None:
        output.authors.all().delete()
        Author.objects.bulk_create(
            Author(output=output, name=one.name[:120], person=one.person, user=one.user, place=place)
            for place, one in enumerate(authors, start=1)
        )


@transaction.atomic
def submit(output: Output, *, by) -> Output:
    """Hand it in for review. Raises ProgrammeError."""
    demand(is_own(by, output) or may_enter_for(by, output.run, output.org))
    demand_open(output.run)
    output.submissions += 1
    _step(output, State.SUBMITTED, (State.DRAFT, State.RETURNED))
    record("programme.output_submitted", output, by=by, org=output.org)
    return output


@transaction.atomic
def review(output: Output, advice: str, *, by, score: float | None = None, comment: str = "") -> Review:
    """A reviewer's word. With enough words that say accept, it is reviewed. Raises ProgrammeError.

    Reviewers run the programme; nobody reviews their own work, and none of the author's school does unless the
    kind allows it.
    """
    demand(may_review(by, output))
    demand_open(output.run)
    if output.state != State.SUBMITTED:
        raise ProgrammeError(_("Only what was submitted is reviewed."))
    if advice not in Review.Advice.values:
        raise ProgrammeError(_("Advice is: accept, mend, or refuse."))
    if score is not None and not 0 <= score <= 100:
        raise ProgrammeError(_("A score lies between 0 and 100."))
    if advice != Review.Advice.ACCEPT and not comment.strip():
        raise ProgrammeError(_("Say what is to be mended."))
    row, _new = Review.objects.update_or_create(
        output=output,
        by=by,
        round=output.submissions,
        defaults={"advice": advice, "score": score, "comment": comment.strip()},
    )
    accepted = output.reviews.filter(round=output.submissions, advice=Review.Advice.ACCEPT)
    if accepted.count() >= max(output.run.rules.output(output.kind).reviewers, 1):
        scores = [one.score for one in accepted if one.score is not None]
        output.score = sum(scores) / len(scores) if scores else None
        reached = output.run.rules.output(output.kind).reached(output.score) if output.score is not None else None
        output.level = reached.code if reached else output.level
        _step(output, State.REVIEWED, (State.SUBMITTED,))
    record("programme.output_reviewed", output, by=by, org=output.org, after={"advice": advice})
    return row


def may_review(viewer, output: Output) -> bool:
    """True for those who run the programme, and not for the author."""
    if not may_run(viewer, output.run) or is_own(viewer, output):
        return False
    kind = output.run.rules.output(output.kind)
    return bool(kind) and (kind.own_school or viewer.org_id != output.org_id or not output.org.is_school)


@transaction.atomic
def return_output(output: Output, *, by, reason: str) -> Output:
    """Give it back to the author with the reason; what was said of it stays. Raises ProgrammeError."""
    demand(may_run(by, output.run))
    demand_open(output.run)
    if not reason.strip():
        raise ProgrammeError(_("Say what is to be mended."))
    _step(output, State.RETURNED, (State.SUBMITTED, State.REVIEWED))
    record("programme.output_returned", output, by=by, org=output.org, reason=reason)
    return output


@transaction.atomic
def publish(output: Output, *, by, level: str = "") -> Output:
    """From now on it counts and every place below sees it. Raises ProgrammeError."""
    demand(may_run(by, output.run))
    demand_open(output.run)
    kind = output.run.rules.output(output.kind)
    if level and kind.level(level) is None:
        raise ProgrammeError(_("The kind has no such level."))
    ready = (State.REVIEWED,) if kind.reviewers else (State.SUBMITTED, State.DRAFT, State.REVIEWED)
    output.level, output.published_on = level or output.level, timezone.localdate()
    _step(output, State.PUBLISHED, ready)
    touch_from(output.made_on)
    record("programme.output_published", output, by=by, org=output.org, after={"level": output.level})
    return output


@transaction.atomic
def withdraw_output(output: Output, *, by, reason: str = "") -> Output:
    """Take it out of the register; it is kept. Raises ProgrammeError."""
    demand(may_run(by, output.run) or (output.state != State.PUBLISHED and is_own(by, output)))
    _step(output, State.WITHDRAWN, [state for state in State if state != State.WITHDRAWN])
    touch_from(output.made_on)
    record("programme.output_withdrawn", output, by=by, org=output.org, reason=reason)
    return output


def _step(output: Output, to: str, start: Iterable[str]) -> None:
    if output.state not in start:
        raise ProgrammeError(_("That is not possible while it is “%(state)s”.") % {"state": output.get_state_display()})
    output.state = to
    output.save()


@transaction.atomic
def take_up(output: Output, org: Org, *, by, used_on: date, note: str = "") -> Use:
    """Another place uses it from a day on. Raises ProgrammeError."""
    demand(may_write_for(by, output.run, org))
    if output.state != State.PUBLISHED:
        raise ProgrammeError(_("Only what is published can be taken up."))
    if org.pk == output.org_id:
        raise ProgrammeError(_("It comes from there; a use elsewhere is what counts."))
    if not output.made_on <= used_on <= timezone.localdate():
        raise ProgrammeError(_("The day must lie between its making and today."))
    use, made = Use.objects.get_or_create(
        output=output, org=org, defaults={"used_on": used_on, "note": note[:300], "by": by}
    )
    if made:
        touch_from(used_on)
        record("programme.output_taken_up", output, by=by, org=org)
    return use
