"""Ratings from a spreadsheet: looked at, written in one transaction, undone as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.engines.assessments import rights, spreadsheet
from khet.engines.assessments.models import Assessment, EvidenceUse, Load, Rating, Round
from khet.engines.assessments.results import by_layer, result
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.stored import kept
from khet.kit.faults import Fault

State = Load.State
LARGEST = 20_000_000  # bytes


@dataclass(frozen=True)
class Change:
    """One answer that a load would write."""

    assessment: int
    criterion: str
    before: object
    after: object


@transaction.atomic
def check_load(round: Round, upload, *, layer: str, by, seat: int = 1) -> Load:
    """Read a spreadsheet and keep what it says, with all its faults; nothing is written yet. Raises AssessmentError."""
    if not rights.may_manage(by, round):
        raise AssessmentError(_("You may not run rounds of %(org)s.") % {"org": round.org})
    if layer not in round.layers:
        raise AssessmentError(_("Nobody judges in that part in this round."))
    if upload.size > LARGEST:
        raise AssessmentError(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST // 1_000_000})
    rows = {
        one.org.code: one
        for one in round.assessments.filter(person=None, label="").select_related("org").defer("result")
    }
    found = spreadsheet.read(b"".join(upload.chunks()), upload.name, round, rows)
    by_pk = {one.pk: one for one in rows.values()}
    for pk in list(found.answers):
        one = by_pk[pk]
        one.round = round
        if not rights.is_writable(one, layer):
            what = _("%(org)s: %(state)s, so nothing can be written.") % {
                "org": one.org, "state": one.get_state_display()}  # fmt: skip
            found.faults.append(Fault(upload.name, what, _("Have it returned first, or leave it out of the file.")))
    load = Load(round=round, layer=layer, seat=seat, name=upload.name[:200], by=by)
    load.content = {
        "answers": [[pk, id, answer] for pk, answers in found.answers.items() for id, answer in answers.items()],
        "faults": [[fault.where, fault.what, fault.mend] for fault in found.faults],
    }
    changes, same = difference(load)
    load.counts = {
        "new": sum(change.before is None for change in changes),
        "changed": sum(change.before is not None for change in changes),
        "same": same,
        "faults": len(found.faults),
    }
    load.save()
    record("round.load_checked", load, by=by, org=round.org, count=len(load.content["answers"]))
    return load


def difference(load: Load) -> tuple[list[Change], int]:
    """(what the load would change as things stand now, how many answers stand already)."""
    stands = {(one.assessment_id, one.criterion): one.answer for one in _ratings(load)}
    changes, same = [], 0
    for pk, id, answer in load.content.get("answers", []):
        before = stands.get((pk, id))
        if before == answer:
            same += 1
        else:
            changes.append(Change(pk, id, before, answer))
    return changes, same


@transaction.atomic
def write_load(load: Load, *, by) -> Load:
    """Write the answers of a load; all or nothing. Raises AssessmentError when it has faults or things have changed."""
    load = Load.objects.select_for_update().select_related("round__edition", "round__org").get(pk=load.pk)
    _manage(load, by)
    if load.state != State.CHECKED:
        raise AssessmentError(_("It was written already."))
    if load.counts.get("faults"):
        raise AssessmentError(_("The file has faults. Mend them and give it again."))
    changes, same = difference(load)
    if (len(changes), same) != (load.counts["new"] + load.counts["changed"], load.counts["same"]):
        raise AssessmentError(_("Somebody has changed answers since this was checked. Check the file again."))
    assessments = _held(load.round, {change.assessment for change in changes})
    if any(not rights.is_writable(one, load.layer) for one in assessments.values()):
        raise AssessmentError(_("Something was handed over since this was checked. Check the file again."))
    load.content = {"before": _write(load, changes, by)}
    load.state, load.written_at = State.WRITTEN, timezone.now()
    load.save(update_fields=["content", "state", "written_at"])
    work_out_many(assessments.values())
    record("round.load_written", load, by=by, org=load.round.org, count=len(changes))
    return load


@transaction.atomic
def undo_load(load: Load, *, by) -> int:
    """Put back what stood before a load; answers changed since then stay. How many were put back."""
    load = Load.objects.select_for_update().select_related("round__edition", "round__org").get(pk=load.pk)
    _manage(load, by)
    if load.state != State.WRITTEN:
        raise AssessmentError(_("It is not written, so there is nothing to undo."))
    if load.round.state == Round.State.LOCKED:
        raise AssessmentError(_("The round is locked. Unlock it first, with a reason."))
    ratings = {(one.assessment_id, one.criterion): one for one in _ratings(load)}
    back, gone, touched = [], [], set()
    for pk, id, before, version in load.content["before"]:
        rating = ratings.get((pk, id))
        if rating is None or rating.version != version:
            continue
        touched.add(pk)
        if before is None:
            gone.append(rating.pk)
        else:
            rating.answer, rating.version, rating.by, rating.at = before, version + 1, by, timezone.now()
            back.append(rating)
    assessments = _held(load.round, touched)
    fixed = (Assessment.State.SIGNED, Assessment.State.LOCKED)
    if any(one.state in fixed for one in assessments.values()):
        raise AssessmentError(_("Some of these results are signed off, so the load stays."))
    Rating.objects.bulk_update(back, ["code", "number", "asked", "version", "by", "at"], batch_size=500)
    for start in range(0, len(gone), 500):
        Rating.objects.filter(pk__in=gone[start : start + 500]).delete()
    load.state, load.content = State.UNDONE, {}
    load.save(update_fields=["state", "content"])
    work_out_many(assessments.values())
    record("round.load_undone", load, by=by, org=load.round.org, count=len(back) + len(gone))
    return len(back) + len(gone)


def work_out_many(assessments: Iterable[Assessment]) -> None:
    """Work out anew what many assessments of one round come to, in few queries."""
    assessments = list(assessments)
    if not assessments:
        return
    framework = assessments[0].round.framework
    pks = [one.pk for one in assessments]
    ratings: dict[int, list[Rating]] = {pk: [] for pk in pks}
    for rating in Rating.objects.filter(assessment__in=pks).defer("comment", "reason", "notes"):
        ratings[rating.assessment_id].append(rating)
    proven: dict[int, set[str]] = {pk: set() for pk in pks}
    uses = EvidenceUse.objects.filter(assessment__in=pks, evidence__removed_at=None)
    for pk, criterion in uses.values_list("assessment", "criterion"):
        proven[pk].add(criterion)
    from khet.engines.assessments.services.rating import unproven

    now = timezone.now()
    for one in assessments:
        layers = by_layer(ratings[one.pk])
        found = result(framework, layers)
        one.result, one.score, one.level, one.changed_at = kept(found), found.score, found.level or "", now
        one.progress = {
            layer: max(len(answers) for answers in seats.values()) for layer, seats in layers.items() if seats
        }
        one.missing_evidence = len(unproven(framework, found, proven[one.pk]))
    fields = ["result", "score", "level", "changed_at", "progress", "missing_evidence"]
    Assessment.objects.bulk_update(assessments, fields, batch_size=100)


def _write(load: Load, changes: list[Change], by) -> list[list]:
    """Write the changes; [[assessment, criterion, answer before, version after]] for undoing."""
    now, before = timezone.now(), []
    stands = {(one.assessment_id, one.criterion): one for one in _ratings(load)}
    new, old = [], []
    for change in changes:
        rating = stands.get((change.assessment, change.criterion))
        if rating is None:
            rating = Rating(
                assessment_id=change.assessment, criterion=change.criterion, layer=load.layer, seat=load.seat, version=0
            )
            new.append(rating)
        else:
            old.append(rating)
        rating.answer, rating.version, rating.by, rating.at = change.after, rating.version + 1, by, now
        before.append([change.assessment, change.criterion, change.before, rating.version])
    Rating.objects.bulk_create(new, batch_size=1000)
    Rating.objects.bulk_update(old, ["code", "number", "asked", "version", "by", "at"], batch_size=500)
    return before


def _ratings(load: Load):
    same = Rating.objects.filter(assessment__round=load.round_id, layer=load.layer, seat=load.seat)
    return same.defer("comment", "reason", "notes")


def _held(round: Round, pks: set[int]) -> dict[int, Assessment]:
    """The assessments, held until the end of the transaction."""
    rows = Assessment.objects.select_for_update().filter(round=round, pk__in=pks).select_related("org")
    found = {one.pk: one for one in rows}
    for one in found.values():
        one.round = round
    return found


def _manage(load: Load, by) -> None:
    if not rights.may_manage(by, load.round):
        raise AssessmentError(_("You may not run rounds of %(org)s.") % {"org": load.round.org})
