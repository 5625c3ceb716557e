"""What differs between two editions of a plan: items added, removed and reworded; bindings and targets that changed."""

from dataclasses import dataclass, field

from rapidfuzz import fuzz

from khet.kit.thai import fold_loosely
from khet.plan.models import PlanEdition, PlanItem

Kind = PlanItem.Kind
# Below this likeness two sentences are two items, not one reworded: half of the letters differ.
ALIKE = 62.0


@dataclass(frozen=True)
class Pair:
    """An item in both editions, or in one (the other side is None)."""

    old: PlanItem | None
    new: PlanItem | None
    targets: list[tuple[str, str]] = field(default_factory=list)  # (before, after) of each year that differs
    binding: tuple[str, str] | None = None

    @property
    def kind(self) -> str:
        return (self.new or self.old).kind

    @property
    def change(self) -> str:
        """added | removed | changed | moved | same"""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        if self.old.wording != self.new.wording or self.targets or self.binding:
            return "changed"
        return "moved" if self._place(self.old) != self._place(self.new) else "same"

    @staticmethod
    def _place(item: PlanItem):
        return item.number, item.parent.number if item.parent else None


def compare(old: PlanEdition, new: PlanEdition) -> list[Pair]:
    """Every item of both editions, paired, in the order of the new one with what was removed behind its kind."""
    before, after = _items(old), _items(new)
    pairs = []
    for kind in Kind.values:
        pairs += _pairs([i for i in before if i.kind == kind], [i for i in after if i.kind == kind])
    return pairs


def _items(edition: PlanEdition) -> list[PlanItem]:
    found = edition.items.select_related("binding", "parent").prefetch_related("binding__targets")
    return list(found)


def _pairs(before: list[PlanItem], after: list[PlanItem]) -> list[Pair]:
    partner = _partners(before, after)
    taken = {old.pk for old in partner.values()}
    pairs = [_pair(partner.get(item.pk), item) for item in after]
    return pairs + [Pair(item, None) for item in before if item.pk not in taken]


def _partners(before: list[PlanItem], after: list[PlanItem]) -> dict[int, PlanItem]:
    """{id of a new item: its old one}: the same number of the catalogue first, then the likeliest wording."""
    scored = sorted(
        (
            (_likeness(old, new), -abs((old.number or 0) - (new.number or 0)), old, new)
            for old in before
            for new in after
        ),
        key=lambda four: four[:2],
        reverse=True,
    )
    partner: dict[int, PlanItem] = {}
    used: set[int] = set()
    for score, _distance, old, new in scored:
        if score < ALIKE or new.pk in partner or old.pk in used:
            continue
        partner[new.pk] = old
        used.add(old.pk)
    return partner


def _likeness(old: PlanItem, new: PlanItem) -> float:
    words = fuzz.ratio(fold_loosely(old.wording), fold_loosely(new.wording))
    same_number = (
        old.kind == Kind.INDICATOR and old.binding.indicator and old.binding.indicator == new.binding.indicator
    )
    return max(words, 90.0) if same_number else words


def _pair(old: PlanItem | None, new: PlanItem) -> Pair:
    if old is None or new.kind != Kind.INDICATOR:
        return Pair(old, new)
    was, now = old.binding, new.binding
    changed = (was.indicator, was.reading) != (now.indicator, now.reading)
    names = (_name(was), _name(now)) if changed else None
    return Pair(old, new, _targets_changed(was, now), names)


def _name(binding) -> str:
    return str(binding.definition.title) if binding.definition else ""


def _targets_changed(was, now) -> list[tuple[str, str]]:
    from khet.plan.words import target_words, year_words

    def by_year(binding):
        years: dict[int | None, list] = {}
        for target in binding.targets.all():
            years.setdefault(target.year, []).append(target)
        return {year: target_words(targets, binding.definition) for year, targets in years.items()}

    before, after = by_year(was), by_year(now)
    years = sorted(set(before) | set(after), key=lambda year: year or 0)
    return [
        (f"{year_words(y)} {before.get(y, '–')}".strip(), f"{year_words(y)} {after.get(y, '–')}".strip())
        for y in years
        if before.get(y) != after.get(y)
    ]
