"""Which government systems carry a tactic: by the catalogue's words, and as the office has decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.catalogue.schema import System
from khet.insight.indicators.binding import matching_words
from khet.plan.models import PlanItem, TacticSystem


@dataclass(frozen=True)
class Carrier:
    """A system that carries a tactic, and why we say so."""

    system: System
    reason: str
    chosen: bool = False


def suggested(text: str) -> list[Carrier]:
    """The systems a sentence speaks of, in the order of the catalogue's strategies."""
    found = []
    for system in systems():
        words = next((hit for rule in system.plan_words if (hit := matching_words(text, rule))), None)
        if words:
            named = " + ".join(f"“{word}”" for word in words)
            found.append(Carrier(system, _("The text says: %(words)s") % {"words": named}))
    return found


def systems() -> list[System]:
    """Every system but the plan itself, by strategy."""
    return sorted((s for s in catalogue().all("system") if s.strategy != "0"), key=lambda s: (s.strategy, s.id))


def carriers(tactics: Iterable[PlanItem]) -> dict[int, list[Carrier]]:
    """{tactic: its systems}: what the words say, less what the office took away, and what it added. One query."""
    tactics = list(tactics)
    decided: dict[int, dict[str, TacticSystem]] = {}
    for row in TacticSystem.objects.filter(item__in=tactics).order_by("pk"):
        decided.setdefault(row.item_id, {})[row.system] = row
    return {tactic.pk: _of(tactic, decided.get(tactic.pk, {})) for tactic in tactics}


def _of(tactic: PlanItem, decided: dict[str, TacticSystem]) -> list[Carrier]:
    by_words = {carrier.system.id: carrier for carrier in suggested(tactic.wording)}
    kept = [carrier for id, carrier in by_words.items() if id not in decided or decided[id].carries]
    known = {system.id: system for system in systems()}
    added = [
        Carrier(known[id], _("Chosen by the office"), chosen=True)
        for id, row in decided.items()
        if row.carries and id not in by_words and id in known
    ]
    return kept + added
