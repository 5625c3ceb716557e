"""Which indicator of the catalogue a plan's sentence means.

Plans name one thing in many words, and damaged pages lose tone marks. Each indicator carries `plan_words`; the sentence
that holds one word of every group, and none of the words that would make it something else, is suggested for it.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from khet.core.catalogue.schema import PlanWords
from khet.insight.indicators.schema import Indicator
from khet.kit.thai import arabic_digits, fold, fold_loosely, tidy

# Without tone marks short words fall together (ขั้น, ขัน); from this length on they hardly do.
_LONG_ENOUGH = 6


class Suggestion(NamedTuple):
    """An indicator and why the text seems to mean it."""

    indicator: str
    reason: str


def suggest_indicator(text: str, indicators: Iterable[Indicator]) -> Suggestion | None:
    """The indicator a plan's sentence means, with the words that say so; None when it is not clear.

    The rule with the longest matching words wins. Two indicators that match equally well are not decided between.
    """
    found: dict[str, list[str]] = {}
    for indicator in indicators:
        for rule in indicator.plan_words:
            words = matching_words(text, rule)
            if words and _weight(words) > _weight(found.get(indicator.id, [])):
                found[indicator.id] = words
    ranked = sorted(found.items(), key=lambda item: _weight(item[1]), reverse=True)
    if not ranked or (len(ranked) > 1 and _weight(ranked[0][1]) == _weight(ranked[1][1])):
        return None
    id, words = ranked[0]
    return Suggestion(id, _("The text says: %(words)s") % {"words": " + ".join(f"“{word}”" for word in words)})


def matching_words(text: str, rule: PlanWords) -> list[str]:
    """The longest word of every group that stands in the text; [] when a group is missing or a barred word is there."""
    if any(says(text, word) for word in rule.none):
        return []
    found = [[word for word in group if says(text, word)] for group in rule.all]
    return [max(words, key=len) for words in found] if all(found) else []


def says(text: str, word: str) -> bool:
    """True when the text holds the word: Thai anywhere in it, Latin as a whole word (ITA is not in "digital")."""
    if word.isascii():
        return bool(_latin(word).search(_latin_text(text)))
    if fold(word) in fold(text):
        return True
    loose = fold_loosely(word)
    return len(loose) >= _LONG_ENOUGH and loose in fold_loosely(text)


def _weight(words: list[str]) -> int:
    return sum(len(fold(word)) for word in words)


@lru_cache(maxsize=1024)
def _latin(word: str) -> re.Pattern:
    """O-NET also finds ONET and O NET, but no longer word that holds it."""
    pieces = [re.escape(piece) for piece in re.findall(r"[a-z0-9]+", word.casefold())]
    return re.compile(r"(?<![a-z0-9])" + r"[\s\-_.,/]*".join(pieces) + r"(?![a-z0-9])")


@lru_cache(maxsize=4096)
def _latin_text(text: str) -> str:
    return arabic_digits(tidy(text)).casefold()
