"""How wide a document's lines run, to tell a line that was full from one that had ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from khet.plan.reader.document import Document, Line
from khet.plan.reader.flow import leans_back, wants_more
from khet.plan.reader.letters import tidy, width
from khet.plan.reader.marks import split_marker


@dataclass(frozen=True, slots=True)
class Measure:
    """From which width on a line was broken because it was full; 0 when lines were not broken at a width."""

    full: int = 0

    @classmethod
    def of(cls, document: Document) -> "Measure":
        """The document's measure; a PDF's lines say how far they reach, others are counted in columns."""
        if not document.is_broken_at_width:
            return cls()
        return cls(80) if any(line.reach for line in document.lines) else cls._of_columns(document.lines)

    @classmethod
    def _of_columns(cls, lines: Sequence[Line]) -> "Measure":
        """Hard-wrapped when several lines stop just short of one width that none passes, and some go on below."""
        widths = [line.extent if width(tidy(line.text)) >= 20 else 0 for line in lines]
        widest = max(widths, default=0)
        written = [w for w in widths if w]
        if len(written) < 4 or not 30 <= widest <= 130:
            return cls()
        full = [place for place, w in enumerate(widths) if w >= widest * 0.85]
        if len(full) < max(3, len(written) * 0.2):
            return cls()
        is_wrapped = widest >= 60 or any(_goes_on_below(lines, place) for place in full)
        return cls(round(widest * 0.8) if is_wrapped else 0)

    def is_full(self, line_width: int) -> bool:
        """True when a line so wide was broken because the page ended."""
        return bool(self.full) and line_width >= self.full


def _goes_on_below(lines: Sequence[Line], place: int) -> bool:
    """True when a line plainly goes on in the next: an item of a list in a line without a mark, or half a sentence."""
    below = lines[place + 1].text.strip() if place + 1 < len(lines) else ""
    if not below or split_marker(below)[0]:
        return False
    return bool(split_marker(lines[place].text)[0]) or wants_more(lines[place].text) or leans_back(below)
