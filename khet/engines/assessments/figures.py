"""Numbers Khet already knows, lent from the floors above: they register the reader, this room only asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from khet.engines.assessments.schema import Calculated


@dataclass(frozen=True)
class Lent:
    """A number as it stands: its value, its words, its age, where it is explained."""

    value: float | None
    words: str
    period: str
    as_of: date | None = None
    url: str = ""
    text: str = ""  # the value with its unit


Reader = Callable[[object, object, Calculated, str], "Lent | None"]
_reader: list[Reader] = []


def register(reader: Reader) -> None:
    """Have a function asked for numbers: (viewer, org, which, period code) → Lent, or None for none."""
    _reader[:] = [reader]


def read(viewer, org, which: Calculated, period: str) -> Lent | None:
    """The number an indicator or measure has for an org and period, as far as the viewer may see it."""
    return _reader[0](viewer, org, which, period) if _reader else None


class Numbers:
    """The numbers of one place and period as a viewer may see them, each asked for once."""

    def __init__(self, viewer, org, period: str):
        self._viewer, self._org, self._period = viewer, org, period
        self._found: dict[tuple[Calculated, str], Lent | None] = {}

    def of(self, which: Calculated, period: str = "") -> Lent | None:
        """The number, of the period itself or of another one."""
        key = (which, period or self._period)
        if key not in self._found:
            self._found[key] = read(self._viewer, self._org, which, key[1])
        return self._found[key]
