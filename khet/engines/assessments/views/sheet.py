"""The sheet on which an assessment is filled in or reviewed, put together for one viewer."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from khet.core.ui.formats import number
from khet.engines.assessments import figures, queries, rights
from khet.engines.assessments.models import Assessment, EvidenceUse, Rating
from khet.engines.assessments.models.ratings import Layer
from khet.engines.assessments.schema import Criterion, Framework, Scale
from khet.engines.assessments.scoring import NA, Answer, Score


@dataclass
class Other:
    """What another layer or seat says of a criterion."""

    layer: str
    words: str
    comment: str
    reason: str


@dataclass
class Item:
    """A criterion on the page: how it is answered, what stands, what the others say, what proves it."""

    node: Criterion
    depth: int
    rated: bool
    scale: Scale | None
    score: Score | None
    rating: Rating | None = None
    others: list[Other] = field(default_factory=list)
    proofs: list[EvidenceUse] = field(default_factory=list)
    lent: figures.Lent | None = None
    numbers: list[figures.Lent] = field(default_factory=list)
    level: str = ""

    @property
    def options(self) -> list[tuple[str, str, str, bool]]:
        """(code, title, rubric, chosen) of the scale's answers, "does not apply" last where it is offered."""
        if self.scale is None or not self.scale.options:
            return []
        chosen = self.rating.code if self.rating else ""
        found = [
            (option.code, str(option.title), str(self.node.rubric.get(option.code) or option.rubric or ""),
             option.code == chosen)
            for option in self.scale.options
        ]  # fmt: skip
        return found

    @property
    def offers_na(self) -> bool:
        return self.node.not_applicable != "refused"

    @property
    def is_na(self) -> bool:
        return bool(self.rating and self.rating.code == NA)

    @property
    def has_rubric(self) -> bool:
        return any(rubric for _code, _title, rubric, _chosen in self.options)

    @property
    def value(self) -> str:
        """The number typed, as it stands."""
        return "" if not self.rating or self.rating.number is None else f"{self.rating.number:g}"

    @property
    def asks(self) -> list[tuple]:
        """(ask, value) of the numbers asked for."""
        told = (self.rating.asked if self.rating else None) or {}
        return [(ask, "" if told.get(ask.id) is None else f"{told[ask.id]:g}") for ask in self.node.asks]

    @property
    def version(self) -> int:
        return self.rating.version if self.rating else 0

    @property
    def notes(self) -> list[tuple]:
        told = (self.rating.notes if self.rating else None) or {}
        return [(note, told.get(note.id, "")) for note in self.node.notes]

    @property
    def answered(self) -> bool:
        return bool(self.rating and self.rating.answer is not None)


def answer_words(framework: Framework, id: str, answer: Answer | None, na_word: str) -> str:
    """An answer in the words of its scale."""
    if answer is None:
        return "–"
    if answer == NA:
        return na_word
    if isinstance(answer, dict):
        titles = {ask.id: str(ask.title) for ask in framework.by_id[id].asks}
        return " · ".join(f"{titles.get(key, key)} {number(value)}" for key, value in answer.items())
    scale = framework.scale_of(id)
    if scale and scale.options and (option := scale.option(str(answer))):
        return str(option.title)
    unit = f" {scale.unit}" if scale and scale.unit else ""
    return f"{number(float(answer))}{unit}" if not isinstance(answer, str) else answer


def parts(framework: Framework) -> list[Criterion]:
    """The branches that are pages of their own: the top ones, and one level deeper where a top one is very long."""
    found: list[Criterion] = []
    for top in framework.criteria:
        long = sum(not node.criteria for node in top.walk()) > 45 and all(child.criteria for child in top.criteria)
        found += top.criteria if long else [top]
    if all(not top.criteria for top in framework.criteria):
        return []  # a flat list is one page
    return found


def items(viewer, assessment: Assessment, nodes, *, layer: str, na_word: str) -> list[Item]:
    """The criteria of some branches with everything the viewer may see beside them."""
    framework = assessment.framework
    wanted = [(node, depth) for top in nodes for node, depth in _walk(top, 0)]
    ids = [node.id for node, _depth in wanted]
    ratings = list(assessment.ratings.filter(criterion__in=ids))
    seat = rights.seat_of(viewer, assessment, layer) if layer else 0
    mine = {one.criterion: one for one in ratings if one.layer == layer and one.seat == seat}
    shown = [one for one in Layer.values if rights.sees_layer(viewer, assessment, one)]
    proofs = queries.proofs(viewer, assessment)
    numbers = figures.Numbers(viewer, assessment.org, assessment.round.period)
    outcome = assessment.outcome if rights.sees_result(viewer, assessment) else None
    found = []
    for node, depth in wanted:
        rated = node.id in framework.rated_ids
        item = Item(node, depth, rated, framework.scale_of(node.id) if rated else None,
                    outcome.scores.get(node.id) if outcome else None, mine.get(node.id),
                    proofs=proofs.get(node.id, []))  # fmt: skip
        item.others = [
            Other(_name(one), answer_words(framework, node.id, one.answer, na_word), one.comment, one.reason)
            for one in sorted(ratings, key=lambda one: (Layer.values.index(one.layer), one.seat))
            if one.criterion == node.id and one.layer in shown and (one.layer, one.seat) != (layer, seat)
            and (one.answer is not None or one.comment)
        ]  # fmt: skip
        if node.calculated:
            item.lent = numbers.of(node.calculated)
        item.numbers = [one for which in node.figures if (one := numbers.of(which)) and one.value is not None]
        if item.score and item.score.level and (level := framework.level(item.score.level, node.id)):
            item.level = str(level.title)
        found.append(item)
    return found


def _name(rating: Rating) -> str:
    words = str(Layer(rating.layer).label)
    return f"{words} {rating.seat}" if rating.layer == "reviewer" and rating.seat > 1 else words


def _walk(node: Criterion, depth: int) -> Iterator[tuple[Criterion, int]]:
    yield node, depth
    for child in node.criteria:
        yield from _walk(child, depth + 1)
