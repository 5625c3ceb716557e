"""What programme files say of the rest of the catalogue: do measures and code lists exist, do examples hold."""

import difflib
from collections.abc import Iterator

from khet.core.catalogue import Catalogue, Fault
from khet.engines.programmes import worked
from khet.engines.programmes.schema import Gift, Programme

PER_YEAR = ("academic_year", "fiscal_year", "semester", "quarter", "month")


def problems(content: Catalogue) -> list[Fault]:
    """Every fault between programmes, measures, code lists and examples; [] when all is well."""
    found = []
    for rules in content.all("programme"):
        place = content.origin.get(("programme", rules.id), "programme")
        found += [Fault(place, rules.id, words) for words in _programme(rules, content)]
    for id, words in worked.faults(content):
        found.append(Fault(content.origin.get(("programme_example", id), "programme_example"), id, words))
    return found


def without_example(content: Catalogue) -> list[str]:
    """Programmes and what they give that no worked example shows."""
    shown = {(example.programme, measure) for example in content.all("programme_example") for measure in example.gives}
    return [
        f"{rules.id}: {gift.measure}"
        for rules in content.all("programme")
        for gift in rules.gives
        if (rules.id, gift.measure) not in shown
    ]


def _programme(rules: Programme, content: Catalogue) -> Iterator[str]:
    if content.find("system", rules.system) is None:
        yield f"system: '{rules.system}' is no system of the catalogue"
    for question in [*rules.fields, *(f for kind in rules.outputs for f in kind.fields)]:
        if question.codes and content.find("codes", question.codes) is None:
            yield f"fields.{question.id}: there is no code list '{question.codes}'"
    for gift in rules.gives:
        yield from _gift(gift, content)


def _gift(gift: Gift, content: Catalogue) -> Iterator[str]:
    measure = content.find("measure", gift.measure)
    if measure is None:
        near = difflib.get_close_matches(gift.measure, content.ids("measure"), n=3)
        yield f"gives: '{gift.measure}' is no known measure. Use one of: {', '.join(near) or 'those in measures.yaml'}"
        return
    if measure.feed != "programmes":
        yield f"gives: the measure '{gift.measure}' must say 'feed: programmes'"
    if measure.period not in PER_YEAR:
        yield f"gives: '{gift.measure}' is a measure of a day; programmes count by year, semester, quarter or month"
    if gift.by and "group" not in measure.dims:
        yield f"gives: '{gift.measure}' is broken down by {gift.by}, so the measure needs 'group' in its dims"
    if gift.take in ("planned", "paid") and measure.period not in ("fiscal_year", "quarter"):
        yield f"gives: money is counted by fiscal year, and '{gift.measure}' is not"
