"""A draft of the plan from what was read, or from the plan in force."""

from itertools import zip_longest

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.kit.periods import from_be, to_be
from khet.plan.models import PlanDocument, PlanEdition, PlanIndicator, PlanItem, PlanTarget, TacticSystem
from khet.plan.services.editing import PlanError, must_be_draft, renumber
from khet.plan.suggestions import suggest
from khet.plan.targets import level_of

Kind = PlanItem.Kind
LONGEST = 20  # years; the national strategy, the longest plan there is, spans as many


@transaction.atomic
def draft_edition(document: PlanDocument, from_year: int, to_year: int, *, by) -> PlanEdition:
    """A draft with every item that was read, each indicator bound to the catalogue where a suggestion is found.

    from_year, to_year   fiscal years, C.E.
    raises               PlanError for years that cannot be
    """
    check_years(from_year, to_year)
    edition = PlanEdition.objects.create(
        org=document.org, document=document, from_year=from_year, to_year=to_year, drafted_by=by
    )
    _Draft(edition, document).write()
    renumber(edition)
    record("plan.drafted", edition, by=by, org=edition.org, count=edition.items.count(),
           after={"document": document.name, "years": str(edition)})  # fmt: skip
    return edition


def check_years(from_year: int, to_year: int) -> None:
    if not from_year <= to_year < from_year + LONGEST:
        raise PlanError(
            _("A plan of the years %(first)s to %(last)s cannot be. Give the first year, then the last.")
            % {"first": to_be(from_year), "last": to_be(to_year)}
        )


class _Draft:
    """Writes the items of a reading in the order in which the plan gives them."""

    def __init__(self, edition: PlanEdition, document: PlanDocument):
        self.edition, self.reading = edition, document.reading
        self.lines = document.reading.get("lines", {})
        self.order = 0

    def write(self) -> None:
        read, lines = self.reading, self.lines
        if read.get("vision"):
            self._item(Kind.VISION, read["vision"], lines.get("vision"))
        for value, place in _beside(read, lines, "values"):
            self._item(Kind.VALUE, value.get("text", ""), place, title=value.get("name", ""))
        for kind, name in ((Kind.MISSION, "missions"), (Kind.GOAL, "goals")):
            for text, place in _beside(read, lines, name):
                self._item(kind, text, place)
        for strategy, places in _beside(read, lines, "strategies"):
            self._strategy(strategy, places or {})
        for indicator, place in _beside(read, lines, "indicators"):
            self._indicator(indicator, place, None)

    def _strategy(self, strategy: dict, lines: dict) -> None:
        item = self._item(Kind.STRATEGY, strategy["title"], lines.get("title"))
        for kind, name in ((Kind.GOAL, "goals"), (Kind.TACTIC, "tactics")):
            for text, place in _beside(strategy, lines, name):
                self._item(kind, text, place, parent=item)
        for indicator, place in _beside(strategy, lines, "indicators"):
            self._indicator(indicator, place, item)

    def _item(self, kind, text: str, lines, *, title: str = "", parent=None) -> PlanItem:
        self.order += 10
        return PlanItem.objects.create(
            edition=self.edition,
            kind=kind,
            text=text or "",
            title=title[:200],
            parent=parent,
            order=self.order,
            lines=lines or [],
        )

    def _indicator(self, read: dict, lines, parent) -> None:
        item = self._item(Kind.INDICATOR, read["text"], lines, parent=parent)
        found = suggest(read["text"], read.get("measure"), read.get("targets", ()))
        definition = catalogue().find("indicator", found.indicator) if found else None
        binding = PlanIndicator.objects.create(
            item=item,
            indicator=found.indicator if found else "",
            suggested_because=found.reason[:300] if found else "",
            owner_group=definition.owner if definition else "",
        )
        self._targets(binding, read.get("targets", []))

    def _targets(self, binding: PlanIndicator, targets: list[dict]) -> None:
        definition, seen = binding.definition, set()
        for read in targets:
            direction = read.get("direction") or _usual_direction(definition)
            year = from_be(int(read["year"])) if read.get("year") else None
            if (year, direction) in seen or (year is not None and year not in self.edition.years):
                continue
            seen.add((year, direction))
            value, reference = read.get("value"), (read.get("reference") or "")[:200]
            if value is None and reference and definition:
                value = level_of(definition, reference)
            PlanTarget.objects.create(
                plan_indicator=binding, year=year, value=value, unit=read.get("unit") or "", direction=direction,
                reference=reference,
            )  # fmt: skip


def _beside(read: dict, lines: dict, name: str):
    """Each part of a reading with the lines it was read from."""
    return zip_longest(read.get(name, []), lines.get(name, [])[: len(read.get(name, []))])


def _usual_direction(definition) -> str:
    lower = definition is not None and definition.better == "lower"
    return PlanTarget.Direction.AT_MOST if lower else PlanTarget.Direction.AT_LEAST


@transaction.atomic
def revise(edition: PlanEdition, *, by, from_year: int | None = None, to_year: int | None = None) -> PlanEdition:
    """A draft that begins as a copy of an edition, bindings and targets included. Adopting it supersedes the other."""
    first, last = from_year or edition.from_year, to_year or edition.to_year
    check_years(first, last)
    draft = PlanEdition.objects.create(
        org=edition.org, document=edition.document, revises=edition, from_year=first, to_year=last, drafted_by=by
    )
    copies: dict[int, PlanItem] = {}
    for item in edition.items.select_related("binding").order_by("order"):
        copies[item.pk] = copy = PlanItem.objects.create(
            edition=draft, kind=item.kind, number=item.number, title=item.title, text=item.text, lines=item.lines,
            order=item.order, parent=copies.get(item.parent_id),
        )  # fmt: skip
        if hasattr(item, "binding"):
            _copy_binding(item.binding, copy, draft)
    decided = TacticSystem.objects.filter(item__edition=edition)
    TacticSystem.objects.bulk_create(
        TacticSystem(item=copies[one.item_id], system=one.system, carries=one.carries, by=one.by) for one in decided
    )
    record("plan.revision_started", draft, by=by, org=draft.org, count=len(copies), after={"revises": str(edition)})
    return draft


def _copy_binding(old: PlanIndicator, item: PlanItem, draft: PlanEdition) -> None:
    targets = list(old.targets.all())
    new = PlanIndicator.objects.get(pk=old.pk)
    new.pk, new.item, new._state.adding = None, item, True
    new.save()
    kept = [target for target in targets if target.year is None or target.year in draft.years]
    PlanTarget.objects.bulk_create(
        PlanTarget(
            plan_indicator=new, year=t.year, value=t.value, unit=t.unit, direction=t.direction, reference=t.reference
        )
        for t in kept
    )


@transaction.atomic
def discard_draft(edition: PlanEdition, *, by) -> None:
    """Throw a draft away, items and all; the document it was read from stays. Raises PlanError for anything else."""
    must_be_draft(edition)
    record(
        "plan.draft_discarded",
        edition,
        by=by,
        org=edition.org,
        count=edition.items.count(),
        before={"years": str(edition)},
    )
    edition.delete()
