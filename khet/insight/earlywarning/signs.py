"""The plain rules: which signs a pupil shows, and what they add up to. No model, no history."""

from collections.abc import Mapping
from typing import Literal

from khet.insight.earlywarning.schema import Sign, WarningRules

Level = Literal["none", "watch", "act"]


def signs_of(rules: WarningRules, pupil: Mapping[str, float | None]) -> list[Sign]:
    """The signs a pupil shows, in the order of the rules; a feature that is not known shows none."""
    return [sign for sign in rules.signs if sign.shown_by(pupil.get(sign.feature))]


def points(signs: list[Sign]) -> int:
    """The sum of weights; of several signs of one feature only the heaviest counts."""
    heaviest: dict[str, int] = {}
    for sign in signs:
        heaviest[sign.feature] = max(sign.weight, heaviest.get(sign.feature, 0))
    return sum(heaviest.values())


def level_of(rules: WarningRules, total: int) -> Level:
    """What a sum of weights asks for."""
    if total >= rules.levels.act:
        return "act"
    return "watch" if total >= rules.levels.watch else "none"
