"""From the ratings of an assessment to what they come to. Pure but for the models it is given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median

from khet.engines.assessments.schema import Framework
from khet.engines.assessments.scoring import NA, Answer, Outcome, Points, outcome, points_of
from khet.kit import expressions

PANEL = {"mean": lambda values: sum(values) / len(values), "median": median, "lowest": min}
Seats = Mapping[int, Mapping[str, Answer]]  # {seat: {criterion: answer}}


def by_layer(ratings: Iterable) -> dict[str, dict[int, dict[str, Answer]]]:
    """{layer: {seat: {criterion: answer}}} of what was answered."""
    found: dict[str, dict[int, dict[str, Answer]]] = defaultdict(lambda: defaultdict(dict))
    for rating in ratings:
        if (answer := rating.answer) is not None:
            found[rating.layer][rating.seat][rating.criterion] = answer
    return found


def answers_that_count(framework: Framework, layers: Mapping[str, Seats]) -> dict[str, Answer]:
    """{criterion: the answer that makes its score}: of the first layer of `counts` that gives one."""
    found: dict[str, Answer] = {}
    for layer in reversed(framework.counts):
        found |= of_layer(framework, layers.get(layer, {}))
    return found


def of_layer(framework: Framework, seats: Seats) -> dict[str, Answer]:
    """The answers of a layer as one; several reviewers are joined as the framework's `panel` says."""
    given = [answers for seat, answers in sorted(seats.items()) if answers]
    if len(given) <= 1:
        return dict(given[0]) if given else {}
    if framework.panel == "each":
        return dict(min(given, key=lambda answers: _total(framework, answers)))
    ids = dict.fromkeys(id for answers in given for id in answers)
    return {id: _joined(framework, id, [answers[id] for answers in given if id in answers]) for id in ids}


def result(framework: Framework, layers: Mapping[str, Seats]) -> Outcome:
    """What the answers that count come to."""
    return outcome(framework, answers_that_count(framework, layers))


def _total(framework: Framework, answers: Mapping[str, Answer]) -> float:
    score = outcome(framework, answers).score
    return float("inf") if score is None else score


def _joined(framework: Framework, id: str, answers: list[Answer]) -> Answer:
    """Several answers to one criterion as one; it does not apply only when all say so."""
    told = [answer for answer in answers if answer != NA]
    if not told:
        return NA
    if all(answer == told[0] for answer in told):
        return told[0]
    values = [value for answer in told if (value := _points(framework, id, answer)) is not None]
    return Points(PANEL[framework.panel](values)) if values else told[0]


def _points(framework: Framework, id: str, answer: Answer) -> float | None:
    node = framework.by_id[id]
    if node.asks:
        return expressions.evaluate(node.points, answer) if isinstance(answer, Mapping) else None
    scale = framework.scale_of(id)
    return points_of(scale, answer) if scale else None
