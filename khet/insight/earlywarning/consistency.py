"""Whether the examples of the early warning hold; run by `khet check` and as a test."""

from khet.core.catalogue import Catalogue, Fault
from khet.insight.earlywarning.schema import Case, WarningRules
from khet.insight.earlywarning.signs import level_of, points, signs_of
from khet.insight.earlywarning.vocabulary import FEATURES


def problems(content: Catalogue) -> list[Fault]:
    """Every example that does not hold, and every edition or sign that no example shows."""
    found = []
    for examples in content.all("warning_example"):
        rules = content.find("warning", examples.id)
        if rules is None:
            found.append(Fault("examples/warnings.yaml", examples.id, "is no edition of the early warning"))
            continue
        words = [(case.name, word) for case in examples.cases if (word := fault_of(case, rules))]
        found += [Fault("examples/warnings.yaml", f"{examples.id}, {name}", word) for name, word in words]
    return found + [Fault("warning-*.yaml", id, word) for id, word in _without_example(content)]


def fault_of(case: Case, rules: WarningRules) -> str:
    """What the rules make of a made-up pupil that the example does not say; "" where it holds."""
    if unknown := sorted(set(case.pupil) - set(FEATURES)):
        return f"'{unknown[0]}' is no feature of a pupil"
    signs = signs_of(rules, case.pupil)
    if {sign.id for sign in signs} != set(case.signs):
        return f"shows {', '.join(sign.id for sign in signs) or 'no sign'}, not {', '.join(case.signs) or 'none'}"
    level = level_of(rules, points(signs))
    return "" if level == case.level else f"comes to '{level}', not to '{case.level}'"


def _without_example(content: Catalogue) -> list[tuple[str, str]]:
    shown = {
        examples.id: {sign for case in examples.cases for sign in case.signs}
        for examples in content.all("warning_example")
    }
    found = []
    for rules in content.all("warning"):
        missing = [sign.id for sign in rules.signs if sign.id not in shown.get(rules.id, set())]
        found += [(rules.id, f"no example shows the sign '{id}'; add one to examples/warnings.yaml") for id in missing]
    return found
