"""The library of evidence: adding, using, taking away. Files lie in `core.files`, links are looked at by `links.py`."""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.files.services import FileRefused, keep
from khet.engines.assessments import figures, offers, rights
from khet.engines.assessments.models import Assessment, Evidence, EvidenceUse
from khet.engines.assessments.schema import Calculated
from khet.engines.assessments.services import AssessmentError
from khet.engines.assessments.services.rating import work_out

Kind = Evidence.Kind


@transaction.atomic
def add_file(assessment: Assessment, criterion: str, upload, *, by, title: str = "") -> Evidence:
    """Keep a document or photo in the library and let it prove a criterion. Raises AssessmentError.

    The same content twice is one item: a photo whose reply got lost on the way is sent again.
    """
    _may(assessment, criterion, by)
    try:
        with transaction.atomic():
            file = keep(upload, by=by, org=assessment.org)
            if same := _same_content(assessment, file):
                raise _Known(same)
    except _Known as known:
        return use(known.evidence, assessment, criterion, by=by).evidence
    except FileRefused as error:
        raise AssessmentError(str(error)) from None
    return _added(assessment, criterion, by, kind=Kind.FILE, file=file, title=title.strip() or file.name)


class _Known(Exception):
    """What is to be kept lies in the library already; raised so that the second copy is let go."""

    def __init__(self, evidence: Evidence):
        super().__init__()
        self.evidence = evidence


def _same_content(assessment: Assessment, file) -> Evidence | None:
    same = Evidence.objects.filter(
        org=assessment.org, kind=Kind.FILE, file__sha256=file.sha256, removed_at=None,
        confidential=assessment.confidential,
    )  # fmt: skip
    if assessment.confidential:  # what proves something of one person stays with that person's assessment
        same = same.filter(uses__assessment=assessment)
    return same.first()


@transaction.atomic
def add_link(assessment: Assessment, criterion: str, url: str, *, by, title: str = "") -> Evidence:
    """Keep an address in the library; the same address twice is one item. Raises AssessmentError."""
    _may(assessment, criterion, by)
    url = url.strip()
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or len(url) > 1000:
        raise AssessmentError(_("Give a public web address that begins with https:// or http://."))
    same = Evidence.objects.filter(
        org=assessment.org, kind=Kind.LINK, url=url, removed_at=None, confidential=assessment.confidential
    ).first()
    if same:
        return use(same, assessment, criterion, by=by).evidence
    return _added(assessment, criterion, by, kind=Kind.LINK, url=url, title=title.strip() or parts.hostname)


@transaction.atomic
def add_figure(assessment: Assessment, criterion: str, which: Calculated, *, by) -> Evidence:
    """Keep a number of Khet as it stands today as evidence. Raises AssessmentError where there is none."""
    _may(assessment, criterion, by)
    lent = figures.read(by, assessment.org, which, assessment.round.period)
    if lent is None or lent.value is None:
        raise AssessmentError(_("Khet has no such number for this place and period yet."))
    told = {
        "indicator": which.indicator, "measure": which.measure, "period": lent.period, "value": lent.value,
        "text": lent.text, "url": lent.url, "as_of": lent.as_of.isoformat() if lent.as_of else None,
    }  # fmt: skip
    return _added(assessment, criterion, by, kind=Kind.FIGURE, figure=told, title=lent.words)


@transaction.atomic
def add_programme(assessment: Assessment, criterion: str, reference: str, *, by) -> Evidence:
    """Refer to a programme of the place, one item however often it proves something. Raises AssessmentError."""
    _may(assessment, criterion, by)
    offer = offers.programme(by, assessment.org, reference)
    if offer is None:
        raise AssessmentError(_("Choose one of the programmes of this place."))
    same = Evidence.objects.filter(
        org=assessment.org, kind=Kind.PROGRAMME, programme=reference, removed_at=None,
        confidential=assessment.confidential,
    ).first()  # fmt: skip
    if same:
        return use(same, assessment, criterion, by=by).evidence
    return _added(assessment, criterion, by, kind=Kind.PROGRAMME, programme=reference, title=offer.title)


@transaction.atomic
def use(evidence: Evidence, assessment: Assessment, criterion: str, *, by) -> EvidenceUse:
    """Let an item of the library prove one criterion more, in any framework. Raises AssessmentError."""
    _may(assessment, criterion, by)
    if evidence.removed_at or evidence.org_id not in _orgs_of(assessment):
        raise AssessmentError(_("That item is not in the library of this place."))
    if evidence.confidential and not assessment.confidential:
        raise AssessmentError(_("That item is of a person; it stays with the assessment of that person."))
    made, new = EvidenceUse.objects.get_or_create(
        evidence=evidence, assessment=assessment, criterion=criterion, defaults={"by": by}
    )
    if new:
        record("evidence.used", evidence, by=by, org=assessment.org, after={"criterion": criterion})
        work_out(assessment)
    return made


@transaction.atomic
def unuse(made: EvidenceUse, *, by) -> None:
    """An item no longer proves a criterion; it stays in the library."""
    _may(made.assessment, made.criterion, by)
    record("evidence.unused", made.evidence, by=by, org=made.assessment.org, before={"criterion": made.criterion})
    assessment = made.assessment
    made.delete()
    work_out(assessment)


@transaction.atomic
def remove(evidence: Evidence, *, by) -> Evidence:
    """Take an item out of the library; refused while a signed or locked result rests on it."""
    uses = list(evidence.uses.select_related("assessment__round__edition", "assessment__org"))
    fixed = (Assessment.State.SIGNED, Assessment.State.LOCKED)
    if any(one.assessment.state in fixed for one in uses):
        raise AssessmentError(_("A signed or locked result rests on it, so it stays."))
    if evidence.by_id != by.pk and not rights._works_at(by, evidence.org, "assess.fill"):
        raise AssessmentError(_("Only those who fill in for this place can take it away."))
    evidence.removed_at = timezone.now()
    evidence.save(update_fields=["removed_at"])
    record("evidence.removed", evidence, by=by, org=evidence.org)
    for assessment in {one.assessment for one in uses}:
        work_out(assessment)
    return evidence


def _orgs_of(assessment: Assessment) -> set[int]:
    """Whose library may be drawn from: the place judged, and for the office's own rounds its own."""
    return {assessment.org_id}


def _may(assessment: Assessment, criterion: str, by) -> None:
    if criterion not in assessment.framework.by_id:
        raise AssessmentError(_("That criterion is not in this framework."))
    if not rights.layers_to_write(by, assessment):
        raise AssessmentError(
            _("Nothing can be changed now: %(state)s. Ask for it to be returned to you.")
            % {"state": assessment.get_state_display()}
        )


def _added(assessment: Assessment, criterion: str, by, **content) -> Evidence:
    content["title"] = content["title"][:200]
    made = Evidence.objects.create(org=assessment.org, confidential=assessment.confidential, by=by, **content)
    EvidenceUse.objects.create(evidence=made, assessment=assessment, criterion=criterion, by=by)
    record("evidence.added", made, by=by, org=assessment.org, after={"kind": str(made.kind), "criterion": criterion})
    work_out(assessment)
    return made
