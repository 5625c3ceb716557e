"""The official report of an assessment, put together section by section from the year's data, and the result letter."""

from collections.abc import Callable, Sequence

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khet.core.orgs.queries import office_of
from khet.core.ui.formats import be_date, number
from khet.core.ui.formats import period as period_words
from khet.engines.assessments import figures, queries, simulation
from khet.engines.assessments.forms import group_choices
from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.schema import ROOT, Calculated, Section
from khet.engines.assessments.scoring import Outcome
from khet.kit.expressions import evaluate
from khet.kit.paper import Block, Bullets, Facts, Paper, Part, Table, Words
from khet.registers.schools.models import School

# What a report holds when its framework names no sections.
USUAL = tuple(
    Section.model_validate({"id": kind, "title": {"th": "", "en": ""}, "kind": kind})
    for kind in ("summary", "questions", "results", "gaps", "improvements", "evidence")
)


def report(viewer, assessment: Assessment) -> Paper:
    """The whole report as the viewer may see it."""
    framework = assessment.framework
    parts = [part for section in framework.report or USUAL if (part := _part(viewer, assessment, section))]
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
        *_scores_table(framework, found, [node.id for node in framework.criteria]),
    ]
    why = _gaps(assessment, found)
    if why:
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


def _part(viewer, assessment: Assessment, section: Section) -> Part | None:
    blocks = _KINDS[section.kind](viewer, assessment, section)
    if section.intro and blocks:
        blocks = [Words(str(section.intro)), *blocks]
    return Part(str(section.title) or _USUAL_TITLES[section.kind](), blocks) if blocks else None


def _summary(viewer, assessment: Assessment, section: Section) -> list[Block]:
    framework, found = assessment.framework, assessment.outcome
    if found is None:
        return [Words(_("Nothing has been assessed yet."))]
    level = framework.level(found.level) if found.level else None
    pairs = [(_("Score"), f"{number(found.score, framework.decimals)} {framework.unit or ''}".strip())]
    if framework.levels:
        pairs.append((_("Level"), str(level.title) if level else "–"))
    if framework.index and found.score is not None:
        value = rounded(evaluate(framework.index.value, {"score": found.score}), framework.index.decimals)
        pairs.append((str(framework.index.title), number(value)))
    pairs += [
        (_("State"), str(assessment.get_state_display())),
        (_("Criteria answered"), f"{found.answered} / {found.rated}"),
    ]
    tops = [node.id for node in framework.criteria]
    return [Facts(pairs), *_scores_table(framework, found, tops)]


def _scores_table(framework, found: Outcome | None, ids: Sequence[str]) -> list[Block]:
    if found is None:
        return []
    rows = []
    for id in ids:
        node, score = framework.by_id[id], found.scores[id]
        if not score.applies and node.gather == "none":
            continue
        level = framework.level(score.level, id) if score.level else None
        value = number(rounded(score.value, framework.decimals)) if score.applies else _("n/a")
        most = number(rounded(score.top, framework.decimals))
        rows.append((framework.name(node.id), value, most, str(level.title) if level else ""))
    if not rows:
        return []
    heads = (_("Criterion"), _("Score"), _("Of"), _("Level"))
    if not any(row[3] for row in rows):
        heads, rows = heads[:3], [row[:3] for row in rows]
    return [Table(heads, rows, wide=0, numbers=(1, 2))]


def _org(viewer, assessment: Assessment, section: Section) -> list[Block]:
    """What the school register holds of the place."""
    org = assessment.org
    pairs = [(_("Name"), str(org.full_name)), (_("Code"), org.code)]
    school = School.objects.filter(org=org).first()
    if school:
        address = " ".join(part for part in (school.subdistrict, school.district, school.province) if part)
        pairs += [(_("Grades"), ", ".join(school.grades or [])), (_("Address"), address)]
    return [Facts([(name, value) for name, value in pairs if value])]


def _questions(viewer, assessment: Assessment, section: Section) -> list[Block]:
    blocks: list[Block] = []
    group = None
    for question in assessment.framework.questions:
        if question.group and str(question.group) != group:
            group = str(question.group)
            blocks.append(Words(group, strong=True))
        answer = assessment.answers.get(question.id, "")
        chosen = next((choice for choice in question.options if choice.code == answer), None)
        blocks += [Facts([(str(question.title), str(chosen.title) if chosen else answer or "–")])]
    return blocks


def _results(viewer, assessment: Assessment, section: Section) -> list[Block]:
    """Each branch with its scores, the texts written beside it, and what proves it."""
    framework, found = assessment.framework, assessment.outcome
    tops = [framework.by_id[id] for id in section.criteria] or list(framework.criteria)
    proofs = queries.proofs(viewer, assessment)
    texts = _texts(assessment)
    blocks: list[Block] = []
    for top in tops:
        blocks.append(Words(framework.name(top.id), strong=True))
        blocks += _scores_table(framework, found, [node.id for node in top.walk() if node is not top] or [top.id])
        for node in top.walk():
            blocks += [Facts([(f"{node.printed} {title}", text)]) for title, text in texts.get(node.id, [])]
        titles = [use.evidence.title for node in top.walk() for use in proofs.get(node.id, [])]
        if titles:
            blocks += [Words(_("Evidence")), Bullets(list(dict.fromkeys(titles)))]
    return blocks


def _texts(assessment: Assessment) -> dict[str, list[tuple[str, str]]]:
    """{criterion: [(heading, text)]} of the self-assessment, and of the review once it is done."""
    done = (Assessment.State.REVIEWED, Assessment.State.SIGNED, Assessment.State.LOCKED)
    layers = ["self", *(["reviewer", "moderated"] if assessment.state in done else [])]
    found: dict[str, list[tuple[str, str]]] = {}
    for rating in assessment.ratings.filter(layer__in=layers).order_by("layer", "seat"):
        node = assessment.framework.by_id.get(rating.criterion)
        if node is None:
            continue
        told = found.setdefault(node.id, [])
        told += [(str(note.title), rating.notes[note.id]) for note in node.notes if (rating.notes or {}).get(note.id)]
        if rating.comment:
            told.append((str(rating.get_layer_display()), rating.comment))
    return found


def _figures(viewer, assessment: Assessment, section: Section) -> list[Block]:
    """Numbers of Khet for the place and period."""
    rows = []
    for id in section.indicators:
        lent = figures.read(viewer, assessment.org, Calculated(indicator=id), assessment.round.period)
        if lent is not None:
            rows.append((lent.words, lent.text or number(lent.value), period_words(lent.period)))
    return [Table((_("Indicator"), _("Value"), _("Period")), rows, wide=0, numbers=(1,))] if rows else []


def _gaps_part(viewer, assessment: Assessment, section: Section) -> list[Block]:
    gaps = _gaps(assessment, assessment.outcome)
    return [Bullets(gaps)] if gaps else []


def _gaps(assessment: Assessment, found: Outcome | None) -> list[str]:
    """What is not fully there, the weakest first; below a gate that holds back, what holds it."""
    if found is None:
        return []
    framework = assessment.framework
    short = [
        (score.part, node) for node in framework.rated
        if (score := found.scores[node.id]).applies and score.part is not None and score.part < 1
    ]  # fmt: skip
    level, lacks = simulation.shortfalls(framework, found)
    first = [framework.name(lack.node) for lack in lacks if lack.node != ROOT] if level else []
    rest = [framework.name(node.id) for _part, node in sorted(short, key=lambda pair: pair[0])]
    return list(dict.fromkeys([*first, *rest]))[:40]


def _improvements(viewer, assessment: Assessment, section: Section) -> list[Block]:
    groups = dict(group_choices())
    rows = []
    for one in queries.improvements(viewer).filter(assessment=assessment):
        after = "; ".join(f"{step.month}: {step.done}%" for step in one.followups.all())
        who = str(one.owner) if one.owner_id else groups.get(one.owner_group, one.owner_group)
        code = assessment.framework.codes.get(one.criterion, "")
        rows.append((code, one.text, who, be_date(one.due), after or str(one.get_state_display())))
    heads = (_("Criterion"), _("What is to be done"), _("Who"), _("Until"), _("State"))
    return [Table(heads, rows, wide=1)] if rows else []


def _evidence(viewer, assessment: Assessment, section: Section) -> list[Block]:
    rows = [
        (
            assessment.framework.codes.get(id, id),
            use.evidence.title,
            use.evidence.url or str(use.evidence.get_kind_display()),
        )
        for id, uses in queries.proofs(viewer, assessment).items()
        for use in uses
    ]
    return [Table((_("Criterion"), _("Item"), _("Where")), rows, wide=2)] if rows else []


def _text(viewer, assessment: Assessment, section: Section) -> list[Block]:
    text = assessment.notes.get(section.note or "", "")
    return [Words(text)] if text else []


_KINDS: dict[str, Callable[..., list[Block]]] = {
    "summary": _summary, "org": _org, "questions": _questions, "results": _results, "figures": _figures,
    "gaps": _gaps_part, "improvements": _improvements, "evidence": _evidence, "text": _text,
}  # fmt: skip
_USUAL_TITLES = {
    "summary": lambda: _("Summary"), "org": lambda: _("The place"), "questions": lambda: _("About this assessment"),
    "results": lambda: _("Results of the assessment"), "figures": lambda: _("Figures"),
    "gaps": lambda: _("What should be improved"), "improvements": lambda: _("Improvements"),
    "evidence": lambda: _("Evidence"), "text": lambda: "",
}  # fmt: skip


def _target(assessment: Assessment) -> str:
    named = str(assessment.person) if assessment.person_id else assessment.label
    return f"{named} · {assessment.org.full_name}" if named else str(assessment.org.full_name)


def _language() -> str:
    return "en" if (get_language() or "th").startswith("en") else "th"
