"""The official report of an assessment, put together section by section from the year's data, and the result letter."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.core.orgs.queries import office_of
from khet.core.ui.formats import be_date, number
from khet.core.ui.formats import period as period_words
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.schema import Section
from khet.engines.assessments.sections import Maker, Piece, gaps, scores_table
from khet.kit.paper import Bullets, Facts, Paper, Part, Words

# What a report holds when its framework names no sections.
USUAL = tuple(
    Section.model_validate({"id": kind, "title": {"th": "", "en": ""}, "kind": kind})
    for kind in ("summary", "questions", "results", "gaps", "improvements", "evidence")
)


@dataclass(frozen=True)
class Chapter:
    """A section with its heading and what stands in it today; `pieces` is empty while there is nothing."""

    section: Section
    title: str
    pieces: Sequence[Piece]


def chapters(viewer, assessment: Assessment) -> list[Chapter]:
    """Every section of the report as the viewer may see it, those still empty too."""
    maker = Maker(viewer, assessment)
    return [
        Chapter(section, str(section.title) or _USUAL_TITLES[section.kind](), maker.pieces(section))
        for section in assessment.framework.report or USUAL
    ]


def report(viewer, assessment: Assessment) -> Paper:
    """The whole report as a paper; sections without anything are left out."""
    framework = assessment.framework
    parts = [
        Part(chapter.title, [block for piece in chapter.pieces for block in piece.blocks])
        for chapter in chapters(viewer, assessment)
        if chapter.pieces
    ]
    return Paper(
        str(framework.title),
        (str(framework.edition), _target(assessment), period_words(assessment.round.period)),
        parts,
        foot=f"{_target(assessment)} · {be_date(timezone.localdate())}",
        language=_language(),
        thai_digits=_language() == "th",
    )


def letter(viewer, assessment: Assessment) -> Paper:
    """The letter that tells the assessed the result; the office adds its number and signs."""
    framework, found, office = assessment.framework, assessment.outcome, office_of(assessment.round.org)
    level = framework.level(found.level) if found and found.level else None
    words = {
        "framework": framework.title, "edition": framework.edition, "period": period_words(assessment.round.period),
        "target": _target(assessment), "score": number(found.score, framework.decimals) if found else "–",
        "unit": framework.unit or "", "level": level.title if level else "–",
    }  # fmt: skip
    told = [
        Words(_("Subject: result of %(framework)s, %(period)s") % words),
        Words(_("To: %(target)s") % words),
        Words(_("The result by %(framework)s (%(edition)s) for %(period)s is as follows.") % words),
        Facts([(_("Score"), f"{words['score']} {words['unit']}".strip()), (_("Level"), str(words["level"]))]),
        *scores_table(framework, found, [node.id for node in framework.criteria]),
    ]
    if why := gaps(assessment):
        told += [Words(_("What should be improved first:")), Bullets(why[:8])]
    closing = [
        Words(_("For your information and further action."), align="left"),
        Words(_("Yours respectfully"), align="center"),
        Words("\n\n" + _("(                                        )"), align="center"),
        Words(str(office or ""), align="center"),
    ]
    return Paper(
        str(office or ""), (_("No. ……………………"), be_date(assessment.judged_on or timezone.localdate(), "long")),
        [Part("", told), Part("", closing)], language=_language(), thai_digits=_language() == "th",
    )  # fmt: skip


_USUAL_TITLES = {
    "summary": lambda: _("Summary"), "org": lambda: _("The place"), "questions": lambda: _("About this assessment"),
    "results": lambda: _("Results of the assessment"), "figures": lambda: _("Figures"),
    "others": lambda: _("Results of other assessments"), "gaps": lambda: _("What should be improved"),
    "improvements": lambda: _("Improvements"), "evidence": lambda: _("Evidence"), "text": lambda: "",
}  # fmt: skip


def _target(assessment: Assessment) -> str:
    named = str(assessment.person) if assessment.person_id else assessment.label
    return f"{named} · {assessment.org.full_name}" if named else str(assessment.org.full_name)


def _language() -> str:
    return "en" if (get_language() or "th").startswith("en") else "th"
