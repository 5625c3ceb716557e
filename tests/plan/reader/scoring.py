"""How far a reading agrees with a structure written by hand: what was missed, what was read that is not there."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import yaml

PAGES = Path(__file__).with_name("pages")
_LISTS = ("missions", "goals")


@dataclass
class Agreement:
    """Counts over all sections, and each disagreement in words."""

    found: int = 0
    wanted: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        return 2 * self.found / (self.wanted + self.read) if self.wanted + self.read else 1.0

    def add(self, section: str, wanted: list[str], read: list[str]) -> list[tuple[str, int]]:
        """Pair each wanted beginning with the first free text that starts so; returns (words, place in read)."""
        free, pairs = list(range(len(read))), []
        for words in wanted:
            place = next((p for p in free if squeezed(read[p]).startswith(squeezed(words))), None)
            if place is None:
                self.faults.append(f"{section}: missed {words!r}")
            else:
                free.remove(place)
                pairs.append((words, place))
        self.faults += [f"{section}: not there {read[place]!r}" for place in free]
        self.found, self.wanted, self.read = self.found + len(pairs), self.wanted + len(wanted), self.read + len(read)
        return pairs


def squeezed(text: str) -> str:
    """The text without spaces and quotation marks."""
    return re.sub("[\\s\u200b\"'“”‘’]+", "", unicodedata.normalize("NFC", text or ""))


def agreement(expected: dict, plan: dict) -> Agreement:
    """The agreement of a plan read with the structure expected."""
    result = Agreement()
    result.add("vision", expected.get("vision", {}).get("first_words", []), [plan["vision"]] if plan["vision"] else [])
    values = [value["key"] for value in expected.get("values", {}).get("items", [])]
    result.add("values", values, [f"{value['name']} {value['text']}" for value in plan["values"]])
    for name in _LISTS:
        result.add(name, expected.get(name, {}).get("first_words", []), plan[name])
    strategies = expected.get("strategies", {}).get("items", [])
    pairs = result.add("strategies", [s["first_words"] for s in strategies], [s["title"] for s in plan["strategies"]])
    for wanted, (_, place) in zip(strategies, pairs, strict=False):
        read = plan["strategies"][place]
        for name in ("goals", "tactics"):
            if name in wanted or name == "tactics":
                result.add(f"{name} of {read['title']!r}", wanted.get(name, {}).get("first_words", []), read[name])
        if read["number"] != wanted["number"]:
            result.faults.append(f"number of {read['title']!r}: {read['number']}, not {wanted['number']}")
    _indicators(result, expected.get("indicators", []), plan)
    return result


def _indicators(result: Agreement, expected: list[dict], plan: dict) -> None:
    owned = [(strategy["number"], indicator) for strategy in plan["strategies"] for indicator in strategy["indicators"]]
    read = owned + [(None, indicator) for indicator in plan["indicators"]]
    pairs = result.add("indicators", [i["first_words"] for i in expected], [i["text"] for _, i in read])
    by_words = {indicator["first_words"]: indicator for indicator in expected}
    for words, place in pairs:
        owner, indicator = read[place]
        wanted = by_words[words]
        result.wanted, result.read = result.wanted + 1, result.read + 1
        if all(_printed(target, indicator["targets"]) for target in wanted.get("targets", [])):
            result.found += 1
        else:
            result.faults.append(f"targets of {indicator['text']!r}: {indicator['targets']}")
        if "strategy" in wanted and wanted["strategy"] != owner:
            result.faults.append(f"{indicator['text']!r} stands under {owner}, not {wanted['strategy']}")


def _printed(wanted: dict, targets: list[dict]) -> bool:
    if wanted["direction"] == "none_printed":
        return all(target["value"] is None for target in targets)
    allowed = {"exactly": {"exactly", "zero"}, "all": {"at_least"}}.get(wanted["direction"], {wanted["direction"]})
    years = {wanted["year"]} if "year" in wanted else None
    return any(
        t["value"] == wanted["value"] and t["direction"] in allowed and (years is None or t["year"] in years)
        for t in targets
    )


def expected_of(page: Path) -> dict:
    """The structure written by hand for a page."""
    name = f"{page.stem}.expected.yaml"
    return yaml.safe_load(page.with_name(name).read_text(encoding="utf-8"))
