"""What source files say of the rest of the catalogue: do the lists and measures they name exist, does the file fit?"""

import difflib
from collections.abc import Iterator

from khet.core.catalogue import Catalogue, Fault
from khet.registers.intake.schema import Source


def problems(catalogue: Catalogue) -> list[Fault]:
    """Every fault between sources, code lists and measures; [] when all is well."""
    return [
        Fault(catalogue.origin.get(("source", source.id), source.id), source.id, text)
        for source in catalogue.all("source")
        for text in _of(source, catalogue)
    ]


def _of(source: Source, catalogue: Catalogue) -> Iterator[str]:
    for column in source.columns:
        yield from _unknown(f"columns.{column.field}", "codes", column.codes, catalogue)
    yield from _grades(source, catalogue)
    for check in source.checks:
        yield from _unknown(f"checks.{check.code}", "codes", check.parameters.get("codes"), catalogue)
    yield from _melt(source, catalogue)
    lacking = {"measure", "value"} - set(source.by_field)
    if source.target == "figures" and not source.melt and not source.wide_measures and lacking:
        yield f"columns: figures need 'melt' rules, or columns that fill {', '.join(sorted(lacking))}"


def _grades(source: Source, catalogue: Catalogue) -> Iterator[str]:
    known = catalogue.find("codes", "grades")
    for grade in source.grades if known else ():
        if known.value(grade) is None:
            yield f"grades: '{grade}' is no code of grades. Use one of: {', '.join(v.code for v in known.values)}."


def _melt(source: Source, catalogue: Catalogue) -> Iterator[str]:
    for rule in source.melt:
        measure = catalogue.find("measure", rule.measure)
        if measure is None:
            yield from _unknown("melt", "measure", rule.measure, catalogue)
            continue
        if measure.period != source.period.kind:
            yield f"melt: '{rule.measure}' is entered for a {measure.period}, the file gives a {source.period.kind}"
        for dim, word in (("grade", rule.grade), ("sex", rule.sex), ("group", rule.group)):
            if word and dim not in measure.dims:
                yield f"melt: '{rule.measure}' is not broken down by {dim}"
            if word.startswith("{") and word[1:-1] not in source.by_field:
                yield f"melt: no column fills '{word[1:-1]}'"
        known = catalogue.find("codes", measure.groups) if measure.groups else None
        if known and rule.group and not rule.group.startswith("{") and known.value(rule.group) is None:
            yield f"melt: '{rule.group}' is no code of {measure.groups}"


def _unknown(place: str, kind: str, id: str | None, catalogue: Catalogue) -> Iterator[str]:
    if id and catalogue.find(kind, id) is None:
        near = difflib.get_close_matches(id, catalogue.ids(kind), n=3)
        hint = f" Use one of: {', '.join(near)}." if near else ""
        yield f"{place}: '{id}' is no known {kind}.{hint}"
