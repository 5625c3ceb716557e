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


def taken(survey: Survey, form: Form, cast: Sequence[Ballot], sizes: dict, *, small: int | None = None) -> list[Taken]:
    """The values of all measures a survey gives; none when fewer people answered than may be shown."""
    small = survey.small if small is None else small
    named = {group.code for group in survey.groups.of if group.named} if survey.groups else set()
    ballots = [ballot for ballot in cast if ballot.group not in named]
    if len(ballots) < max(small, 1):
        return []
    found = []
    for one in survey.gives:
        for group, inside in _groups(one, ballots, small):
            page = points(survey, form, inside, fewest=small)
            found.append(Taken(one, group, _value(one, survey, inside, page, sizes)))
    return found


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
