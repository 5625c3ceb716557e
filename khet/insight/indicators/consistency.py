"""What catalogue files say of each other: do names exist, do periods fit, do editions overlap, do examples hold."""

import difflib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from khet.core.catalogue import Catalogue, Fault
from khet.facts.schema import Measure
from khet.insight.indicators.schema import Example, Indicator, Reading
from khet.kit import expressions

# Kinds of period whose figures make up a longer one.
MADE_OF = {
    "academic_year": {"academic_year", "semester", "month", "census"},
    "semester": {"semester", "month", "census"},
    "fiscal_year": {"fiscal_year", "quarter", "month"},
    "quarter": {"quarter", "month"},
    "month": {"month"},
    "census": {"census"},
}
ALWAYS = (date.min, date.max)


def problems(catalogue: Catalogue) -> list[Fault]:
    """Every fault between measures, indicators and examples; [] when all is well."""
    checks = {"measure": _measure, "indicator": _indicator, "example": _example}
    found = [
        (kind, item.id, text)
        for kind, check in checks.items()
        for item in catalogue.all(kind)
        for text in check(item, catalogue)
    ]
    found += [("indicator", id, text) for id in catalogue.ids("indicator") for text in _editions(id, catalogue)]
    return [Fault(catalogue.origin.get((kind, id), kind), id, text) for kind, id, text in found]


def without_example(catalogue: Catalogue) -> list[str]:
    """Editions and readings of indicators that no worked example covers."""
    shown = set()
    for example in catalogue.all("example"):
        if edition := edition_of(example, catalogue):
            shown.add((edition.id, edition.since, example.reading or edition.reading))
    return [
        " ".join(["of", indicator.id, f"since {indicator.since}", f"reading {reading}"])
        for indicator in catalogue.all("indicator")
        for reading in [r.id for r in indicator.readings] or [None]
        if (indicator.id, indicator.since, reading) not in shown
    ]


def edition_of(example: Example, catalogue: Catalogue) -> Indicator | None:
    """The edition of the indicator that an example speaks of: the newest, unless it names one by a day in it."""
    editions = catalogue.editions("indicator", example.indicator)
    if example.edition is None:
        return editions[-1] if editions else None
    return next((edition for edition in editions if edition.in_force(example.edition)), None)


def _unknown(name: str, kind: str, catalogue: Catalogue) -> Iterator[str]:
    known = catalogue.ids(kind)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=4) or sorted(known)[:8]
        yield f"'{name}' is not a known {kind}. Use one of: {', '.join(near)}."


def _measure(measure: Measure, catalogue: Catalogue) -> Iterator[str]:
    if measure.groups:
        yield from _unknown(measure.groups, "codes", catalogue)
    if measure.part_of:
        yield from _unknown(measure.part_of, "measure", catalogue)
    if (derived := measure.derived) is None:
        return
    for name in [derived.of] if derived.of else sorted(expressions.names(derived.where)):
        yield from _unknown(name, "measure", catalogue)
        if (base := catalogue.find("measure", name)) and base.derived:
            yield f"is derived from {name}, which is derived itself; derive it from what is fed."
    base = catalogue.find("measure", derived.of) if derived.of else None
    codes = catalogue.find("codes", base.groups) if base and base.groups else None
    for group in derived.groups if codes else ():
        if codes.value(group) is None:
            yield f"'{group}' is not a code of {codes.id}. Use: {', '.join(v.code for v in codes.values)}."


def _indicator(indicator: Indicator, catalogue: Catalogue) -> Iterator[str]:
    yield from _unknown(indicator.system, "system", catalogue)
    if indicator.scale:
        yield from _unknown(indicator.scale, "codes", catalogue)
    groups = catalogue.find("codes", "working_groups")
    if groups and groups.value(indicator.owner) is None:
        yield f"owner: '{indicator.owner}' is no working group. Use: {', '.join(v.code for v in groups.values)}."
    formulas = [part for formula in indicator.readings or [indicator] for part in _expressions(formula)]
    names = sorted(frozenset().union(*(expressions.names(formula) for formula in formulas)))
    measures = [measure for name in names if (measure := catalogue.find("measure", name))]
    for name in names:
        yield from _unknown(name, "measure", catalogue)
    for measure in measures:
        if measure.period not in MADE_OF[indicator.period]:
            yield f"{measure.id} is kept by {measure.period}, which makes no {indicator.period}."
    if indicator.renewed:
        yield from _unknown(indicator.renewed.measure, "measure", catalogue)
    for dim in indicator.by:
        if measures and not any(dim in measure.dims for measure in measures):
            yield f"by: none of its measures is kept by {dim}."


def _expressions(formula: Reading | Indicator) -> list[str]:
    return [part for part in (formula.value, formula.numerator, formula.denominator) if part]


def _editions(id: str, catalogue: Catalogue) -> Iterator[str]:
    """Editions follow each other and offer the same readings, so that a plan's choice holds in old periods too."""
    editions = sorted(catalogue.editions("indicator", id), key=lambda e: e.since or ALWAYS[0])
    for older, newer in pairwise(editions):
        if (older.until or ALWAYS[1]) >= (newer.since or ALWAYS[0]):
            yield f"the edition until {older.until or 'today'} overlaps the one since {newer.since}."
        if {r.id for r in older.readings} != {r.id for r in newer.readings}:
            yield f"the editions until {older.until} and since {newer.since} offer different readings."


def _example(example: Example, catalogue: Catalogue) -> Iterator[str]:
    yield from (unknown := list(_unknown(example.indicator, "indicator", catalogue)))
    for name in sorted({name for org in example.given for name in org}):
        yield from _unknown(name, "measure", catalogue)
    edition = edition_of(example, catalogue)
    if edition is None:
        if not unknown:
            yield f"{example.indicator} has no edition in force on {example.edition}."
    elif example.reading and example.reading not in [r.id for r in edition.readings]:
        yield f"'{example.reading}' is no reading of {edition.id}. Use: {', '.join(r.id for r in edition.readings)}."
    elif fault := example.fault(edition):
        yield fault
