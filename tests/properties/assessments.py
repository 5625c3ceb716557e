"""A round of assessments over every school of an office, begun and written in, and its addresses."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from khet.engines.assessments.services import evidence, improving, loading, moving, rounds
from khet.engines.assessments.services.rating import rate
from khet.engines.programmes import exporting

FRAMEWORK = "iqa_basic_2561"
OF_ROUND = "round round_edit targets judges begin compare bulk bulk_template export"
OF_ONE = "assessment report save rate answers calculate assign readiness result improvement_add"


def pages(names: str) -> str:
    return " ".join(f"assessments:{name}" for name in names.split())


def run_assessments(office, schools, *, name_of, by):
    """Make it all, and note each thing at the place it belongs to.

    office, schools   Places
    name_of           org → the token that only it bears
    """
    round = rounds.prepare_round(office.org, FRAMEWORK, "AY2024", by=by, title=f"ประเมิน{name_of(office.org)}")
    rounds.add_targets(round, [place.org for place in schools], by=by)
    rounds.open_round(round, by=by)
    office.add(pages(OF_ROUND), round.pk)
    for act in ("open", "close", "lock", "remind"):
        office.add("assessments:round_act", round.pk, act)
    _load(office, round, schools, by)
    for place in schools:
        one = round.assessments.select_related("round__edition", "round__org", "org").get(org=place.org)
        _school(place, one, name_of(place.org), by)


def _load(office, round, schools, by):
    head, rows = ["รหัสโรงเรียน", round.framework.rated[0].id], [[place.org.code, "4"] for place in schools]
    sheet = SimpleUploadedFile(f"{office.org.code}.xlsx", exporting.xlsx(head, rows))
    load = loading.check_load(round, sheet, layer="self", by=by)
    office.add("assessments:load", load.pk)
    for act in ("write", "undo", "discard"):
        office.add("assessments:load_act", load.pk, act)


def _school(place, one, name, by):
    place.add(pages(OF_ONE), one.pk)
    for act in ("send", "sign", "lock"):
        place.add("assessments:act", one.pk, act)
    for which in ("report", "letter"):
        place.add("assessments:document", one.pk, which, "docx")
    criterion = one.framework.rated[0].id
    rate(one, criterion, "4", layer="self", by=by, comment=f"เห็นว่า{name}")
    item = evidence.add_link(one, criterion, "https://school.example.org/", by=by, title=f"หลักฐาน{name}")
    place.add(pages("evidence_item evidence_remove"), item.pk)
    place.add("assessments:unuse", item.uses.get().pk)
    place.add(pages("criterion evidence_add"), one.pk, criterion)
    due = timezone.localdate() + timedelta(days=9)
    improvement = improving.add_improvement(one, f"ปรับปรุง{name}", due, by=by, owner=by)
    for act in ("done", "drop", "reopen", "follow"):
        place.add("assessments:improvement_act", improvement.pk, act)
    place.add("assessments:unassign", moving.assign(one, by, "reviewer", by=by).pk)
