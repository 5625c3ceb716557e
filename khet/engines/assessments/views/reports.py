"""The report on a page: each section as it stands, where it is written, and handing it on."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render

from khet.core.accounts.access import reads, requires
from khet.engines.assessments import queries, report, rights
from khet.engines.assessments.completeness import lacks
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.report import Chapter
from khet.engines.assessments.views import sheet
from khet.engines.assessments.views.filling import handing
from khet.engines.assessments.views.getting import get_assessment


@dataclass(frozen=True)
class Entry:
    """A chapter on the page, with what of it is written by hand."""

    chapter: Chapter
    questions: list[tuple]  # (question, answer)
    notes: list
    done: int
    of: int

    @property
    def count(self) -> str:
        return f"{self.done}/{self.of}"

    @property
    def state(self) -> str:
        """done | open: written by hand, all of it or not yet; khet: filled by Khet; empty: nothing to fill it yet"""
        if self.of:
            return "done" if self.done >= self.of else "open"
        return "khet" if self.chapter.pieces else "empty"


@requires("plan.read")
@reads
def page(request, pk):
    """The report as it stands today; whoever writes it writes here, whoever reads it hands it on here."""
    assessment = get_assessment(request, pk)
    if not rights.sees_result(request.user, assessment):
        raise Http404
    writable = rights.layers_to_write(request.user, assessment)
    layer = request.GET.get("layer", "")
    entries = [_entry(assessment, chapter) for chapter in report.chapters(request.user, assessment)]
    return render(request, "assessments/report.html", {
        "assessment": assessment, "round": assessment.round, "framework": assessment.framework, "entries": entries,
        "row": queries.Row(assessment, True), "writable": writable, "in_report": True,
        "writes": "self" if "self" in writable else "", "may_answer": rights.may_answer(request.user, assessment),
        "part_of": _parts_of(assessment), "open": sum(entry.state == "open" for entry in entries),
        "lacks": lacks(assessment, layer) if layer in ("self", "reviewer") and "check" in request.GET else None,
        **handing(request.user, assessment),
    })  # fmt: skip


def _entry(assessment: Assessment, chapter: Chapter) -> Entry:
    section, framework = chapter.section, assessment.framework
    if section.kind == "questions":
        asked = [one for one in framework.questions if not section.questions or one.id in section.questions]
        told = [(one, assessment.answers.get(one.id, "")) for one in asked]
        return Entry(chapter, told, [], sum(bool(answer) for _one, answer in told), len(told))
    if section.kind == "text":
        notes = [note for note in framework.notes if note.id == section.note]
        return Entry(chapter, [], notes, int(bool(chapter.pieces)), 1)
    if section.kind == "results":
        found = assessment.outcome
        return Entry(chapter, [], [], found.answered if found else 0, len(framework.rated))
    return Entry(chapter, [], [], 0, 0)


def _parts_of(assessment: Assessment) -> dict[str, str]:
    """{branch of a chapter: the part of the sheet on which it is written}."""
    framework = assessment.framework
    return {node.id: part.id for part in sheet.parts(framework) for node in part.walk()}
