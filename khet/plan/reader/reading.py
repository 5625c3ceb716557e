"""What comes of reading a plan: its structure, each part knowing the lines it was read from."""

from dataclasses import dataclass, field

from khet.plan.reader.document import Line
from khet.plan.reader.letters import mended
from khet.plan.reader.messages import message


@dataclass(slots=True)
class Item:
    """A text of the plan as written, the number printed before it and the lines it stands on."""

    text: str
    number: str = ""
    lines: tuple[int, ...] = ()

    @property
    def mended(self) -> str:
        """The text with damage of known kinds repaired (split or false sara am, swapped marks)."""
        return mended(self.text)


@dataclass(slots=True)
class Value:
    """A core value: its name, and what it stands for ('' when only a name is printed)."""

    name: str
    text: str = ""
    lines: tuple[int, ...] = ()

    def as_dict(self) -> dict:
        return {"name": self.name, "text": self.text}


@dataclass(frozen=True, slots=True)
class Target:
    """A printed target.

    value      a number, or None for a relative or worded target
    unit       percent | count | level | None
    direction  at_least | at_most | zero | exactly | decrease | increase | None
    year       Buddhist year, or None
    reference  the words that carry what the other fields cannot ("ระดับขั้นสูง", "จากปีที่ผ่านมา"), or None
    """

    value: float | int | None = None
    unit: str | None = None
    direction: str | None = None
    year: int | None = None
    reference: str | None = None

    def as_dict(self) -> dict:
        return {
            "value": self.value,
            "unit": self.unit,
            "direction": self.direction,
            "year": self.year,
            "reference": self.reference,
        }


@dataclass(slots=True)
class Indicator(Item):
    """An indicator with its targets; `measure` is a catalogue id when a binder suggested one."""

    targets: list[Target] = field(default_factory=list)
    measure: str | None = None

    def as_dict(self) -> dict:
        return {"text": self.text, "targets": [t.as_dict() for t in self.targets], "measure": self.measure}


@dataclass(slots=True)
class Strategy:
    """A top level of the plan (ยุทธศาสตร์ or กลยุทธ์, as the document calls it) and what stands under it."""

    number: int
    title: str
    goals: list[Item] = field(default_factory=list)
    tactics: list[Item] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    lines: tuple[int, ...] = ()
    printed_number: str = ""

    @property
    def is_bare(self) -> bool:
        """True while nothing stands under it."""
        return not (self.goals or self.tactics or self.indicators)

    def as_dict(self) -> dict:
        return {
            "number": self.number,
            "title": self.title,
            "goals": [item.text for item in self.goals],
            "tactics": [item.text for item in self.tactics],
            "indicators": [indicator.as_dict() for indicator in self.indicators],
        }


@dataclass(frozen=True)
class Notice:
    """Something a person should look at: where, and what (an id of messages.yaml with its facts)."""

    line: int
    id: str
    facts: dict = field(default_factory=dict)

    def message(self, lang: str = "th") -> str:
        facts = {
            name: message(f"word_{value[1]}", lang) if isinstance(value, tuple) else value
            for name, value in self.facts.items()
        }
        return message(self.id, lang, **facts)

    def as_dict(self, lang: str = "th") -> dict:
        return {"line": self.line, "message": self.message(lang)}


@dataclass(slots=True)
class PlanReading:
    """A document's plan. `as_dict` is the contract of `khet plan read --json`; the rest serves the review page."""

    vision: Item | None = None
    values: list[Value] = field(default_factory=list)
    missions: list[Item] = field(default_factory=list)
    goals: list[Item] = field(default_factory=list)
    strategies: list[Strategy] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    complete: bool = True
    level_word: str = ""
    document_lines: tuple[Line, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when no part of a plan was found."""
        return not (self.vision or self.values or self.missions or self.goals or self.strategies or self.indicators)

    def all_indicators(self) -> list[Indicator]:
        """Every indicator, those of the strategies first."""
        return [i for strategy in self.strategies for i in strategy.indicators] + self.indicators

    def as_dict(self, lang: str = "th") -> dict:
        """The JSON of the command line's contract; notices in the given language."""
        return {
            "vision": self.vision.text if self.vision else None,
            "values": [value.as_dict() for value in self.values],
            "missions": [item.text for item in self.missions],
            "goals": [item.text for item in self.goals],
            "strategies": [strategy.as_dict() for strategy in self.strategies],
            "indicators": [indicator.as_dict() for indicator in self.indicators],
            "notices": [notice.as_dict(lang) for notice in self.notices],
            "complete": self.complete,
        }
