"""What frameworks say of the rest of the catalogue: do scales, measures and names exist, do the examples hold."""

import difflib
from collections.abc import Iterator
from math import isclose

from khet.core.catalogue import Catalogue, Fault
from khet.engines.assessments.editions import resolved
from khet.engines.assessments.giving import Given, value_of
from khet.engines.assessments.schema import ROOT, Example, Framework
from khet.engines.assessments.scoring import AnswerError, Outcome, checked, outcome

# Periods whose facts a result of such a round may feed.
_FEEDS = {
    "fiscal_year": ("fiscal_year",),
    "academic_year": ("academic_year",),
    "semester": ("semester", "academic_year"),
}


def problems(catalogue: Catalogue) -> list[Fault]:
    """Every fault between frameworks, scales, measures and examples; [] when all is well."""
    checks = {"framework": _framework, "framework_example": _example}
    return [
        Fault(catalogue.origin.get((kind, item.id), kind), item.id, text)
        for kind, check in checks.items()
        for item in catalogue.all(kind)
        for text in check(item, catalogue)
    ]


def without_example(catalogue: Catalogue) -> list[str]:
    """Ids of frameworks that no worked example covers."""
    shown = {example.framework for example in catalogue.all("framework_example")}
    return [id for id in catalogue.ids("framework") if id not in shown]


def _framework(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    yield from _known(framework.system, "system", catalogue)
    scales = {*framework.own_scales, *catalogue.ids("scale")}
    for node in framework.nodes:
        if node.scale and node.scale not in scales:
            yield f"{node.id}: '{node.scale}' is no scale.{_near(node.scale, scales)}"
    if framework.scale and framework.scale not in scales:
        yield f"'{framework.scale}' is no scale.{_near(framework.scale, scales)}"
    whole = resolved(framework, catalogue)
    yield from _answers(whole)
    for node in framework.nodes:
        for which in (*((node.calculated,) if node.calculated else ()), *node.figures):
            kind = "measure" if which.measure else "indicator"
            yield from _known(which.measure or which.indicator, kind, catalogue)
    yield from _report(framework, catalogue)
    yield from _gifts(framework, catalogue)
    yield from _same_family(framework, catalogue)


def _report(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    """The indicators, measures and families that the report speaks of exist."""
    families = {one.family for one in catalogue.all("framework")}
    for section in framework.report:
        for kind, ids in (("indicator", section.indicators), ("measure", section.measures)):
            for id in ids:
                yield from (f"report {section.id}: {text}" for text in _known(id, kind, catalogue))
        for family in set(section.families) - families:
            yield f"report {section.id}: '{family}' is no family of frameworks.{_near(family, families)}"


def _answers(framework: Framework) -> Iterator[str]:
    """Every criterion that is answered has a way to be, and speaks of options that exist."""
    for node in framework.rated:
        scale = framework.scale_of(node.id)
        if scale is None and not node.asks:
            yield f"{node.id}: has no scale; name one here, above it or for the whole framework"
        if scale and (strange := sorted(set(node.rubric) - {option.code for option in scale.options})):
            yield f"{node.id}: rubric speaks of {', '.join(strange)}, which is no option of '{scale.id}'"


def _gifts(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    for gift in framework.gives:
        unknown = list(_known(gift.measure, "measure", catalogue))
        yield from unknown
        if unknown:
            continue
        measure = catalogue.get("measure", gift.measure)
        if measure.feed != "assessments":
            yield f"gives {gift.measure}: write 'feed: assessments' at that measure, or its facts never see it"
        if measure.period not in _FEEDS[framework.period]:
            yield f"gives {gift.measure}: it is kept by {measure.period}, but rounds are of a {framework.period}"
        levels = framework.levels if gift.of == ROOT else framework.by_id[gift.of].levels
        if gift.level and gift.level not in {level.code for level in levels}:
            yield f"gives {gift.measure}: '{gift.level}' is no level of {gift.of}"
        if gift.pool is None and framework.target not in ("office", "school"):
            yield f"gives {gift.measure}: results of {framework.target}s need 'pool' to make one number of a school"


def _same_family(framework: Framework, catalogue: Catalogue) -> Iterator[str]:
    """Editions of a family judge the same kind of thing, else their rounds cannot be compared."""
    others = {other.target for other in catalogue.all("framework") if other.family == framework.family}
    if len(others) > 1:
        yield f"family '{framework.family}' judges {' and '.join(sorted(others))}; give each its own family"


def _example(example: Example, catalogue: Catalogue) -> Iterator[str]:
    found = catalogue.find("framework", example.framework)
    if found is None:
        yield from _known(example.framework, "framework", catalogue)
        return
    framework = resolved(found, catalogue)
    try:
        result = worked_out(example, framework)
    except AnswerError as error:
        yield str(error)
        return
    yield from _differs(example, framework, result)


def worked_out(example: Example, framework: Framework) -> Outcome:
    """What the framework makes of the ratings given. Raises AnswerError for one that cannot be."""
    if strange := sorted(set(example.given) - set(framework.by_id)):
        raise AnswerError(f"{', '.join(strange)} is no criterion of {framework.id}.")
    answers = {}
    for node in framework.rated:
        given = _given(example, framework, node.id)
        answers[node.id] = checked(framework, node.id, given) if given is not None else None
    return outcome(framework, answers)


def _given(example: Example, framework: Framework, id: str):
    """The answer given to a criterion, else to the nearest branch above it, else to all."""
    while id != ROOT:
        if id in example.given:
            return example.given[id]
        id = framework.parents[id]
    return example.all


def _differs(example: Example, framework: Framework, result: Outcome) -> Iterator[str]:
    """Each figure that is not as expected."""
    told = example.model_fields_set
    expected = dict(example.scores) | ({ROOT: example.score} if "score" in told else {})
    for id, value in expected.items():
        if id not in result.scores:
            yield f"'{id}' is no criterion of {framework.id}"
        elif not _same(got := result.scores[id].value, value):
            yield f"{id}: expected {_show(value)}, worked out {_show(got)}"
    for id, code in (dict(example.levels) | ({ROOT: example.level} if "level" in told else {})).items():
        if id not in result.scores:
            yield f"'{id}' is no criterion of {framework.id}"
        elif result.scores[id].level != code:
            yield f"level of {id}: expected {code or 'none'}, worked out {result.scores[id].level or 'none'}"
    for measure, value in example.gives.items():
        gift = next((gift for gift in framework.gives if gift.measure == measure), None)
        got = value_of(framework, gift, [Given(result)]) if gift else None
        if not _same(got, value):
            yield f"gives {measure}: expected {_show(value)}, worked out {_show(got)}"


def _same(got: float | None, expected: float | None) -> bool:
    if got is None or expected is None:
        return got is expected
    return isclose(got, expected, abs_tol=0.0051)


def _known(id: str, kind: str, catalogue: Catalogue) -> Iterator[str]:
    if catalogue.find(kind, id) is None:
        yield f"'{id}' is no known {kind}.{_near(id, catalogue.ids(kind))}"


def _near(id: str, known) -> str:
    near = difflib.get_close_matches(id, list(known), n=4)
    return f" Use one of: {', '.join(near)}." if near else ""


def _show(value: float | None) -> str:
    return "no value" if value is None else f"{value:g}"
