"""The sections of a report: each kind put together from the year's data, for one viewer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.core.orgs.models import Org
from khet.core.ui.formats import be_date, number
from khet.core.ui.formats import period as period_words
from khet.engines.assessments import queries, simulation
from khet.engines.assessments.figures import Lent, Numbers
from khet.engines.assessments.forms import group_choices
from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.models import Assessment
from khet.engines.assessments.results import by_layer, of_layer
from khet.engines.assessments.schema import ROOT, Calculated, Criterion, Framework, Section
from khet.engines.assessments.scoring import Outcome, outcome
from khet.kit.expressions import evaluate
from khet.kit.paper import Block, Bullets, Facts, Table, Words
from khet.kit.periods import Period
from khet.registers.schools.models import School

State = Assessment.State
OTHERS_SHOWN = 12  # results by other frameworks


@dataclass(frozen=True)
class Piece:
    """A run of blocks of a section, with the branch of the framework it tells of, where it tells of one."""

    blocks: Sequence[Block]
    node: Criterion | None = None


class Maker:
    """Puts sections together; what several of them speak of is read once."""

    def __init__(self, viewer, assessment: Assessment):
        self.viewer, self.assessment = viewer, assessment
        self.framework: Framework = assessment.framework
        self.found: Outcome | None = assessment.outcome
        self.numbers = Numbers(viewer, assessment.org, assessment.round.period)
        self._ratings = list(assessment.ratings.order_by("layer", "seat"))
        self._goals = self._set_goals()

    def pieces(self, section: Section) -> list[Piece]:
        """What stands in a section; [] while there is nothing."""
        made = _KINDS[section.kind](self, section)
        pieces = made if made and isinstance(made[0], Piece) else ([Piece(made)] if made else [])
        return [Piece([Words(str(section.intro))]), *pieces] if section.intro and pieces else pieces

    def _set_goals(self) -> Outcome | None:
        """What the assessed set out to reach, as scores of every node; None where no goal was set."""
        layers = by_layer(self._ratings)
        if not layers.get("goal"):
            return None
        return outcome(self.framework, of_layer(self.framework, layers["goal"]))

    def scores_table(self, ids: Sequence[str]) -> list[Block]:
        """Score and level of some nodes, beside the goal where one was set."""
        return scores_table(self.framework, self.found, ids, self._goals)

    def texts(self) -> dict[str, list[tuple[str, str]]]:
        """{criterion: [(heading, text)]} of the self-assessment, and of the review once it is done."""
        done = self.assessment.state in (State.REVIEWED, State.SIGNED, State.LOCKED)
        layers = ("self", "reviewer", "moderated") if done else ("self",)
        found: dict[str, list[tuple[str, str]]] = {}
        for rating in self._ratings:
            node = self.framework.by_id.get(rating.criterion)
            if node is None or rating.layer not in layers:
                continue
            notes, told = rating.notes or {}, found.setdefault(node.id, [])
            told += [(str(note.title), notes[note.id]) for note in node.notes if notes.get(note.id)]
            if rating.comment:
                told.append((str(rating.get_layer_display()), rating.comment))
        return found

    def lent_table(self, which: Sequence[Calculated]) -> list[Block]:
        """Numbers of Khet, this period's and the last one's, so that a reader sees which way they go."""
        here = Period.parse(self.assessment.round.period)
        rows = []
        for one in which:
            lent, before = self.numbers.of(one), self.numbers.of(one, here.previous().code)
            if lent is None or lent.value is None:
                continue
            same = before is None or before.value is None or before.period == lent.period
            rows.append((lent.words, period_words(lent.period), _value(lent), "–" if same else _value(before)))
        heads = (_("Number in Khet"), _("Period"), _("Value"), _("The period before"))
        return [Table(heads, rows, wide=0, numbers=(2, 3))] if rows else []


def _value(lent: Lent) -> str:
    return lent.text or number(lent.value)


def scores_table(
    framework: Framework, found: Outcome | None, ids: Sequence[str], goals: Outcome | None = None
) -> list[Block]:
    """A table of nodes with their scores; columns that would stand empty are left out."""
    rows = []
    for id in ids if found else ():
        node, score = framework.by_id[id], found.scores[id]
        if not score.applies and node.gather == "none":
            continue
        value = number(rounded(score.value, framework.decimals)) if score.applies else _("n/a")
        goal = level_words(framework, id, goals) if goals else ""
        most = number(rounded(score.top, framework.decimals))
        rows.append((framework.name(id), goal, value, most, level_words(framework, id, found)))
    heads = (_("Criterion"), _("Own goal"), _("Score"), _("Of"), _("Level"))
    kept = [place for place in range(5) if place in (0, 2, 3) or any(row[place] for row in rows)]
    if not rows:
        return []
    rows = [tuple(row[place] for place in kept) for row in rows]
    numbers = tuple(kept.index(place) for place in (2, 3))
    return [Table([heads[place] for place in kept], rows, wide=0, numbers=numbers)]


def level_words(framework: Framework, id: str, found: Outcome) -> str:
    """The level of a node in words; of one that has none, the answer of its scale that its score stands for."""
    score = found.scores[id]
    if score.level and (level := framework.level(score.level, id)):
        return str(level.title)
    scale = framework.scale_of(id) if id in framework.rated_ids else None
    if scale is None or score.value is None or not score.applies:
        return ""
    chosen = (one for one in scale.options if abs(one.points * score.top / (scale.top or 1) - score.value) < 1e-9)
    return next((str(one.title) for one in chosen), "")


def gaps(assessment: Assessment) -> list[str]:
    """What is not fully there, the weakest first; below a gate that holds back, what holds it."""
    found, framework = assessment.outcome, assessment.framework
    if found is None:
        return []
    short = [
        (score.part, node) for node in framework.rated
        if (score := found.scores[node.id]).applies and score.part is not None and score.part < 1
    ]  # fmt: skip
    level, lacks = simulation.shortfalls(framework, found)
    first = [framework.name(lack.node) for lack in lacks if lack.node != ROOT] if level else []
    rest = [framework.name(node.id) for _part, node in sorted(short, key=lambda pair: pair[0])]
    return list(dict.fromkeys([*first, *rest]))[:40]


def _summary(maker: Maker, section: Section) -> list[Block]:
    framework, found = maker.framework, maker.found
    if found is None:
        return [Words(_("Nothing has been assessed yet."))]
    level = framework.level(found.level) if found.level else None
    unit = str(framework.unit or "") if found.score is not None else ""
    pairs = [(_("Score"), f"{number(found.score, framework.decimals)} {unit}".strip())]
    if framework.levels:
        pairs.append((_("Level"), str(level.title) if level else "–"))
    if framework.index and found.score is not None:
        value = rounded(evaluate(framework.index.value, {"score": found.score}), framework.index.decimals)
        pairs.append((str(framework.index.title), number(value)))
    pairs += [
        (_("State"), str(maker.assessment.get_state_display())),
        (_("Criteria answered"), f"{found.answered} / {found.rated}"),
    ]
    return [Facts(pairs), *maker.scores_table([node.id for node in framework.criteria])]


def _org(maker: Maker, section: Section) -> list[Block]:
    """What the school register holds of the place."""
    org: Org = maker.assessment.org
    pairs = [(_("Name"), str(org.full_name)), (_("Code"), org.code)]
    school = School.objects.filter(org=org).first()
    if school:
        address = " ".join(part for part in (school.subdistrict, school.district, school.province) if part)
        pairs += [(_("Grades"), ", ".join(school.grades or [])), (_("Subdistrict, district, province"), address)]
    told = [Facts([(name, value) for name, value in pairs if value])]
    return told + maker.lent_table([Calculated(measure=id) for id in section.measures])


def _questions(maker: Maker, section: Section) -> list[Block]:
    blocks: list[Block] = []
    group, answers = None, maker.assessment.answers
    for question in maker.framework.questions:
        if section.questions and question.id not in section.questions:
            continue
        if question.group and str(question.group) != group:
            group = str(question.group)
            blocks.append(Words(group, strong=True))
        answer = answers.get(question.id, "")
        chosen = next((choice for choice in question.options if choice.code == answer), None)
        blocks += [Facts([(str(question.title), str(chosen.title) if chosen else answer or "–")])]
    return blocks


def _results(maker: Maker, section: Section) -> list[Piece]:
    """Each branch with scores, goals, numbers of Khet, the texts written beside it, and what proves it."""
    framework = maker.framework
    proofs, texts = queries.proofs(maker.viewer, maker.assessment), maker.texts()
    pieces = []
    for top in [framework.by_id[id] for id in section.criteria] or list(framework.criteria):
        inside = list(top.walk())
        blocks: list[Block] = [Words(framework.name(top.id), strong=True)]
        blocks += maker.scores_table([node.id for node in inside])
        blocks += maker.lent_table(list(dict.fromkeys(which for node in inside for which in node.figures)))
        for node in inside:
            code = "" if node is top else f"{node.printed} "
            blocks += [Facts([(f"{code}{title}", text)]) for title, text in texts.get(node.id, [])]
        if titles := [use.evidence.title for node in inside for use in proofs.get(node.id, [])]:
            blocks += [Words(_("Evidence")), Bullets(list(dict.fromkeys(titles)))]
        pieces.append(Piece(blocks, top))
    return pieces


def _figures(maker: Maker, section: Section) -> list[Block]:
    """Numbers of Khet for the place and period."""
    asked = [Calculated(indicator=id) for id in section.indicators]
    return maker.lent_table(asked + [Calculated(measure=id) for id in section.measures])


def _others(maker: Maker, section: Section) -> list[Block]:
    """The newest final result of the place by each of some other frameworks, up to the period of the report."""
    rows = []
    for one in queries.final_results(maker.viewer, maker.assessment, section.families)[:OTHERS_SHOWN]:
        framework, found = one.framework, one.outcome
        level = framework.level(found.level) if found and found.level else None
        score = number(one.score, framework.decimals) if one.score is not None else "–"
        named = f"{framework.title} ({framework.edition})"
        rows.append((named, period_words(one.round.period), score, str(level.title) if level else "–"))
    return [Table((_("Assessed by"), _("Period"), _("Score"), _("Level")), rows, wide=0, numbers=(2,))] if rows else []


def _gaps(maker: Maker, section: Section) -> list[Block]:
    found = gaps(maker.assessment)
    return [Bullets(found)] if found else []


def _improvements(maker: Maker, section: Section) -> list[Block]:
    groups = dict(group_choices())
    rows = []
    for one in queries.improvements(maker.viewer).filter(assessment=maker.assessment):
        after = "; ".join(f"{step.month}: {step.done}%" for step in one.followups.all())
        who = str(one.owner) if one.owner_id else groups.get(one.owner_group, one.owner_group)
        code = maker.framework.codes.get(one.criterion, "")
        rows.append((code, one.text, who, be_date(one.due), after or str(one.get_state_display())))
    heads = (_("Criterion"), _("What is to be done"), _("Who"), _("Until"), _("State"))
    return [Table(heads, rows, wide=1)] if rows else []


def _evidence(maker: Maker, section: Section) -> list[Block]:
    rows = [
        (maker.framework.codes.get(id, id), item.title, item.url or str(item.get_kind_display()))
        for id, uses in queries.proofs(maker.viewer, maker.assessment).items()
        for item in (use.evidence for use in uses)
    ]
    return [Table((_("Criterion"), _("Item"), _("Where")), rows, wide=2)] if rows else []


def _text(maker: Maker, section: Section) -> list[Block]:
    text = maker.assessment.notes.get(section.note or "", "")
    return [Words(text)] if text else []


_KINDS: dict[str, Callable[[Maker, Section], list]] = {
    "summary": _summary, "org": _org, "questions": _questions, "results": _results, "figures": _figures,
    "others": _others, "gaps": _gaps, "improvements": _improvements, "evidence": _evidence, "text": _text,
}  # fmt: skip
