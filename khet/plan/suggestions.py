"""Which number of the catalogue a sentence of a plan speaks of, and why we think so."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from khet.core.catalogue import catalogue
from khet.insight.indicators.binding import Suggestion, suggest_indicator
from khet.kit.thai import fold_loosely
from khet.plan.reader.letters import mended

ENOUGH = 8  # of the choices offered when no words decide
# Changes by so much say nothing of the unit: "ลดลงร้อยละ 10" fits a count.
_CHANGES = ("decrease", "increase")
_COMPATIBLE = {
    "percent": ("percent",),
    "count": ("count", "ratio"),
    "level": ("level",),
}


def indicators() -> list:
    """The catalogue's indicators, of each the newest edition."""
    known = catalogue()
    return [known.find("indicator", id) for id in known.ids("indicator")]


def suggest(text: str, known: str | None = None, targets: Iterable[Mapping] = ()) -> Suggestion | None:
    """The indicator a sentence means and the reason, or None.

    known     what the reader already took it for
    targets   as `khet plan read --json` gives them: an indicator counted in another unit than they are is not meant,
              for 60 schools are not 60 percent
    """
    suggestion = suggest_indicator(mended(text), indicators())
    if suggestion is None and known and catalogue().find("indicator", known):
        suggestion = Suggestion(known, "")
    definition = catalogue().find("indicator", suggestion.indicator) if suggestion else None
    return suggestion if definition and _fits(definition.unit, targets) else None


def _fits(unit: str, targets: Iterable[Mapping]) -> bool:
    """True unless a target's number is in a unit that the indicator's numbers are not in; zero is zero in any."""
    return all(
        unit in _COMPATIBLE.get(target["unit"], (unit,))
        or (unit == "score" and target["unit"] == "percent")
        or not target["value"]
        or target["direction"] in _CHANGES
        for target in targets
    )


def ranked(text: str) -> list[tuple]:
    """(indicator, why) of those nearest to a sentence: the suggestion first, then by likeness of the words."""
    first = suggest(text)
    wanted = fold_loosely(text)
    by_likeness = sorted(indicators(), key=lambda one: -fuzz.partial_ratio(fold_loosely(one.title.th), wanted))
    chosen = [(one, first.reason) for one in by_likeness if first and one.id == first.indicator]
    others = [(one, str(one.words)) for one in by_likeness if not first or one.id != first.indicator]
    return (chosen + others)[:ENOUGH]
