"""What answers feed to measures, group by group, with small groups put together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from khet.engines.surveys.definition.form import Form
from khet.engines.surveys.disclosure import pooled
from khet.engines.surveys.schema import Gives, Survey
from khet.engines.surveys.scoring import Ballot, Points, estimate, points


@dataclass(frozen=True)
class Taken:
    """One value for a measure. `group` is "" for the whole, None for small groups put together."""

    gives: Gives
    group: str | None
    value: float | None


def taken(
    survey: Survey, form: Form, rounds: Sequence[Sequence[Ballot]], sizes: dict, *, small: int | None = None
) -> list[Taken]:
    """The values of all measures a survey gives.

    rounds   the answers of each round. What is few in a round is put together or left out in that round: were it
             judged over all of them, a later round of one person would stand in the difference of two totals.
    """
    small = max(1, survey.small if small is None else small)
    told = [kept for cast in rounds if len(kept := _told(survey, cast, small)) >= small]
    if not told:
        return []
    found: dict[tuple[int, str | None], float | None] = {}
    for number, one in enumerate(survey.gives):
        if one.take == "score":
            together = [ballot for ballots in told for ballot in ballots]
            found[number, ""] = _value(one, survey, together, points(survey, form, together), sizes)
            continue
        for ballots in told:
            for group, inside in _groups(one, ballots, small):
                value = _value(one, survey, inside, points(survey, form, inside), sizes)
                found[number, group] = value + (found.get((number, group)) or 0)
    return [Taken(survey.gives[number], group, value) for (number, group), value in found.items()]


def _told(survey: Survey, cast: Sequence[Ballot], small: int) -> list[Ballot]:
    """The ballots that count, without own views and without answers to scored questions that few were asked."""
    named = {group.code for group in survey.groups.of if group.named} if survey.groups else set()
    ballots = [ballot for ballot in cast if ballot.group not in named]
    scored = {question for part in survey.dimensions for question in part.questions}
    answered = Counter(name for ballot in ballots for name in ballot.answers if name in scored)
    rare = {name for name, count in answered.items() if count < small}
    if not rare:
        return ballots
    return [Ballot({k: v for k, v in one.answers.items() if k not in rare}, one.group) for one in ballots]


def _groups(one: Gives, ballots: list[Ballot], small: int) -> list[tuple[str | None, list[Ballot]]]:
    if not one.group:
        return [("", ballots)]
    shown, together = pooled(Counter(ballot.group for ballot in ballots), small)
    apart = [(group or None, [b for b in ballots if b.group == group]) for group in shown]
    rest = [ballot for ballot in ballots if ballot.group in together]
    return [*apart, *([(None, rest)] if rest else [])]


def _value(one: Gives, survey: Survey, ballots: list[Ballot], page: Points, sizes: dict) -> float | None:
    match one.take:
        case "respondents":
            return float(len(ballots))
        case "answers":
            return float(page.known.sum())
        case "points":
            return float(np.nansum(page.values))
        case "answers_at":
            return float(np.isin(page.values, one.points).sum())
        case "asked":
            return float(sum(one.question in ballot.answers for ballot in ballots))
        case "respondents_with":
            return float(sum(_has(ballot.answers.get(one.question), one.codes) for ballot in ballots))
    formula = next(formula for formula in survey.formulas if formula.id == one.formula)
    return estimate(formula, page, sizes).score


def _has(answer, codes: tuple[str, ...]) -> bool:
    return bool(set(answer if isinstance(answer, list) else [answer]) & set(codes))
