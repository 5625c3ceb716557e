"""Which number of the catalogue a sentence of a plan speaks of, and why we think so."""

from rapidfuzz import fuzz

from khet.core.catalogue import catalogue
from khet.insight.indicators.binding import Suggestion, suggest_indicator
from khet.kit.thai import fold_loosely

ENOUGH = 8  # of the choices offered when no words decide


def indicators() -> list:
    """The catalogue's indicators, of each the newest edition."""
    known = catalogue()
    return [known.find("indicator", id) for id in known.ids("indicator")]


def suggest(text: str, known: str | None = None) -> Suggestion | None:
    """The indicator a sentence means and the reason, or None; `known` is what the reader already took it for."""
    if known and catalogue().find("indicator", known):
        return suggest_indicator(text, indicators()) or Suggestion(known, "")
    return suggest_indicator(text, indicators())


def ranked(text: str) -> list[tuple]:
    """(indicator, why) of those nearest to a sentence: the suggestion first, then by likeness of the words."""
    first = suggest(text)
    wanted = fold_loosely(text)
    by_likeness = sorted(indicators(), key=lambda one: -fuzz.partial_ratio(fold_loosely(one.title.th), wanted))
    chosen = [(one, first.reason) for one in by_likeness if first and one.id == first.indicator]
    others = [(one, str(one.words)) for one in by_likeness if not first or one.id != first.indicator]
    return (chosen + others)[:ENOUGH]
