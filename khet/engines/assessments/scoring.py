"""From answers to scores and levels, by the framework's data. Pure: no records, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from khet.engines.assessments import rules
from khet.engines.assessments.gathering import GATHER, Part, rounded
from khet.engines.assessments.schema import ROOT, Criterion, Framework, Level, Scale
from khet.kit import expressions

NA = "na"  # the answer "does not apply"


class Points(float):
    """What an answer counts, worked out already: the mean of three reviewers need not be an option of the scale."""


Answer = str | float | Mapping[str, float | None]  # option code, number, numbers asked for, or NA
Answers = Mapping[str, Answer | None]
Unrated = Literal["worst", "best"] | None


class AnswerError(ValueError):
    """An answer that its criterion cannot have; says what it can."""


@dataclass(frozen=True)
class Score:
    """What a node has. `value` None: not known yet; `applies` False: left out; `top`: the most it can have."""

    value: float | None
    top: float
    applies: bool = True
    level: str | None = None

    @property
    def full(self) -> bool:
        return self.value is not None and self.value >= self.top - 1e-9

    @property
    def part(self) -> float | None:
        """The score as a part of its most, 0 to 1."""
        return None if self.value is None or not self.top else self.value / self.top


@dataclass(frozen=True)
class Outcome:
    """The scores of every node and of the whole. `answered` of `rated` criteria have an answer."""

    scores: Mapping[str, Score]
    answered: int
    rated: int

    @property
    def score(self) -> float | None:
        return self.scores[ROOT].value

    @property
    def level(self) -> str | None:
        return self.scores[ROOT].level


def outcome(framework: Framework, answers: Answers, *, unrated: Unrated = None) -> Outcome:
    """Scores and levels of a framework for some answers.

    unrated   how criteria without an answer count: not at all (their branches stay unknown), as the worst
              or as the best they could have, so that a page can say "between 212 and 431"
    """
    scores: dict[str, Score] = {}
    for node in reversed(framework.nodes):  # what is below a node stands after it
        scores[node.id] = _levelled(framework, node, scores, _score(framework, node, scores, answers, unrated))
    return _whole(framework, scores, answers)


def changed(framework: Framework, before: Outcome, answers: Answers, ids, *, unrated: Unrated = None) -> Outcome:
    """The outcome when only the answers of some criteria changed: these and what stands above them are worked out.

    before    the outcome of the answers as they were, with the same `unrated`
    answers   all answers as they are now
    """
    scores = dict(before.scores)
    above: dict[str, int] = {}
    for id in ids:
        node = framework.by_id[id]
        scores[id] = _levelled(framework, node, scores, _score(framework, node, scores, answers, unrated))
        while (id := framework.parents[id]) != ROOT and id not in above:
            above[id] = framework.depths[id]
    for id in sorted(above, key=above.__getitem__, reverse=True):  # the deepest first
        node = framework.by_id[id]
        scores[id] = _levelled(framework, node, scores, _score(framework, node, scores, answers, unrated))
    return _whole(framework, scores, answers)


def _whole(framework: Framework, scores: dict[str, Score], answers: Answers) -> Outcome:
    """The scores with that of the whole, rounded as it is published, and its level."""
    whole = _gathered(framework.gather, framework.maximum, framework.criteria, scores)
    whole = Score(rounded(whole.value, framework.decimals), whole.top, whole.applies)
    scores[ROOT] = whole
    scores[ROOT] = Score(whole.value, whole.top, whole.applies, _level(framework, framework, scores))
    answered = sum(answers.get(node.id) is not None for node in framework.rated)
    return Outcome(scores, answered, len(framework.rated))


def best_answer(framework: Framework, id: str) -> Answer | None:
    """The answer of a criterion that counts most; None where numbers are asked for, which have no best."""
    scale = framework.scale_of(id)
    if scale is None:
        return None
    if scale.options:
        return max(scale.options, key=lambda option: option.points).code
    return None if scale.points else scale.maximum


def next_answer(framework: Framework, id: str, answer: Answer | None) -> Answer | None:
    """The next better option of a criterion; None at the best, and where there are no options."""
    scale = framework.scale_of(id)
    if scale is None or not scale.options or answer == NA:
        return None
    now = points_of(scale, answer)
    better = [option for option in scale.options if now is None or option.points > now]
    return min(better, key=lambda option: option.points).code if better else None


def points_of(scale: Scale, answer: Answer | None) -> float | None:
    """What an answer counts on a scale; None where it is none."""
    if answer is None or answer == NA or isinstance(answer, Mapping):
        return None
    if scale.options:
        option = scale.option(as_code(answer))
        return option.points if option else None
    number = float(answer)
    return expressions.evaluate(scale.points, {"x": number}) if scale.points else number


def as_code(answer: str | float) -> str:
    """An option's code as text: 3.0 is "3"."""
    return f"{answer:g}" if isinstance(answer, int | float) else answer


def checked(framework: Framework, id: str, answer: Answer | None) -> Answer | None:
    """The answer in its plain form: an option's code, a float or the numbers asked for. Raises AnswerError."""
    node = framework.by_id.get(id)
    if node is None or id not in framework.rated_ids:
        raise AnswerError(f"'{id}' is not a criterion that is answered.")
    if answer is None or answer == "":
        return None
    if answer == NA:
        if node.not_applicable == "refused":
            raise AnswerError(f"{node.printed}: “not applicable” is not offered here.")
        return NA
    if node.asks:
        return _asked(node, answer)
    scale = framework.scale_of(id)
    if scale is None:
        raise AnswerError(f"{node.printed}: no scale holds for it.")
    return _on_scale(node, scale, answer)


def _on_scale(node: Criterion, scale: Scale, answer) -> Answer:
    if isinstance(answer, Mapping):
        raise AnswerError(f"{node.printed}: takes one answer, not several numbers.")
    if scale.options:
        code = as_code(answer).strip()
        if scale.option(code) is None:
            raise AnswerError(f"{node.printed}: “{code}” is no answer. Use one of: {_codes(scale)}.")
        return code
    number = _number(node, answer)
    if (scale.minimum is not None and number < scale.minimum) or (scale.maximum is not None and number > scale.maximum):
        raise AnswerError(f"{node.printed}: {number:g} lies outside {_bounds(scale)}.")
    return number


def _asked(node: Criterion, answer) -> dict[str, float | None]:
    if not isinstance(answer, Mapping):
        raise AnswerError(f"{node.printed}: give {', '.join(ask.id for ask in node.asks)}.")
    known = {ask.id: ask for ask in node.asks}
    if strange := sorted(set(answer) - set(known)):
        raise AnswerError(f"{node.printed}: {', '.join(strange)} is not asked for.")
    found = {}
    for id, value in answer.items():
        number = None if value in (None, "") else _number(node, value)
        ask = known[id]
        below = number is not None and ask.minimum is not None and number < ask.minimum
        if below or (number is not None and ask.maximum is not None and number > ask.maximum):
            raise AnswerError(f"{node.printed}: {id} {number:g} lies outside {_bounds(ask)}.")
        found[id] = number
    return found if any(value is not None for value in found.values()) else None


def _number(node: Criterion, answer) -> float:
    try:
        number = float(answer)
    except (TypeError, ValueError):
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        raise AnswerError(f"{node.printed}: “{answer}” is no number.")
    return number


def _bounds(thing) -> str:
    low = "…" if thing.minimum is None else f"{thing.minimum:g}"
    return f"{low} to {'…' if thing.maximum is None else f'{thing.maximum:g}'}"


def _codes(scale: Scale) -> str:
    return ", ".join(option.code for option in scale.options)


def _score(framework: Framework, node: Criterion, scores, answers: Answers, unrated: Unrated) -> Score:
    if node.criteria and node.gather != "judged":
        return _gathered(node.gather or "mean", node.maximum, node.criteria, scores)
    if node.gather == "none":
        return Score(None, 0.0, applies=False)
    return _rated(framework, node, answers.get(node.id), unrated)


def _rated(framework: Framework, node: Criterion, answer: Answer | None, unrated: Unrated) -> Score:
    """The score of what is answered itself."""
    scale = framework.scale_of(node.id)
    natural = node.maximum if node.asks else scale.top if scale else None
    top = node.maximum or natural or 1.0
    if answer == NA:
        return Score(top, top) if node.not_applicable == "full" else Score(None, top, applies=False)
    if answer is None and unrated:
        return Score(top if unrated == "best" else _least(scale, top), top)
    if isinstance(answer, Points):
        value = float(answer)
    elif node.asks:
        value = expressions.evaluate(node.points, answer) if isinstance(answer, Mapping) else None
    else:
        value = points_of(scale, answer) if scale else None
    if value is None:
        return Score(None, top)
    value = min(max(value, 0.0), top) if node.asks else value
    return Score(value * top / natural if natural else value, top)


def _least(scale: Scale | None, top: float) -> float:
    return scale.bottom * top / scale.top if scale and scale.top else 0.0


def _gathered(gather: str, maximum: float | None, children, scores: Mapping[str, Score]) -> Score:
    if gather == "none":
        return Score(None, 0.0, applies=False)
    live = [(child, scores[child.id]) for child in children if scores[child.id].applies]
    whole = [Part(None, scores[child.id].top, child.weight) for child in children if scores[child.id].top]
    function, most = GATHER[gather]
    if not live:
        return Score(None, maximum or (most(whole) if whole else 0.0), applies=False)
    parts = [Part(score.value, score.top, child.weight) for child, score in live]
    value, natural = function(parts), most(parts)
    top = maximum or natural
    return Score(None if value is None else value * top / natural if natural else value, top)


def _levelled(framework: Framework, node: Criterion, scores, score: Score) -> Score:
    if not node.levels or not score.applies:
        return score
    scores[node.id] = score
    return Score(score.value, score.top, score.applies, _level(framework, node, scores))


def _level(framework: Framework, owner, scores: Mapping[str, Score]) -> str | None:
    """The code of the first level whose condition holds; None while one before it cannot be told."""
    id = owner.id if isinstance(owner, Criterion) else ROOT
    for level in owner.levels:
        verdict = rules.holds(framework, level.when, id, scores)
        if verdict:
            return level.code
        if verdict is None:
            return None
    return None


def level_of(framework: Framework, result: Outcome, id: str = ROOT) -> Level | None:
    """The level a node reached, with its words."""
    code = result.scores[id].level
    return framework.level(code, id) if code else None
