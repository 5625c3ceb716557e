"""The document cut into sections: each heading with the lines that stand under it."""

import re
from dataclasses import replace

from khet.plan.reader.announced import announced, vision_said
from khet.plan.reader.columns import without_columns
from khet.plan.reader.contents import without_contents
from khet.plan.reader.cutting import parts_of
from khet.plan.reader.document import Document, Line, usual_gap
from khet.plan.reader.flow import Text, is_lead_in, wants_more
from khet.plan.reader.headings import Heading, heading_of
from khet.plan.reader.letters import PAGE_MARK, arabic, has_letters, toneless, width
from khet.plan.reader.marks import Marker, split_marker
from khet.plan.reader.measure import Measure
from khet.plan.reader.stops import is_project, is_stop
from khet.plan.reader.tables import Section, Table, mark_quoted, years_of
from khet.plan.reader.targets import is_only_target
from khet.plan.reader.words import words

# Lists that others may be nested in: after the nested one, the next number of the outer list goes on with it.
_OUTER = ("strategies", "goals", "missions")
_NESTED = ("indicators", "tactics", "goals", "targets")


def sections(document: Document) -> list[Section]:
    """The document's sections in order; lines under no heading belong to none."""
    return _Scanner(document).run()


_CHUNK = re.compile(r"\S+(?: \S+)*")
_AWAITS_NUMBER = re.compile(r"(?:ที่|ที)\s*$")


class _Scanner:
    def __init__(self, document: Document):
        self.lines = without_contents(without_columns(document.lines))
        self.measure = Measure.of(document)
        self.broken = document.is_broken_at_width
        self.found: list[Section] = []
        self.current: Section | None = None
        self.outer: Section | None = None
        self.columns: tuple[str, ...] = ()
        self.gap = self.blanks = 0
        self.usual_gap = usual_gap(document)
        self.years: tuple[int, ...] = ()
        self.table: Table | None = None
        self.place = 0
        self.grid: tuple[int, ...] = ()  # where the columns of a table drawn with spaces begin
        self.used: set[int] = set()  # lines read together with one above
        self.last_heading: Marker | None = None  # the mark of the last heading that had one
        self.behind_project = self.in_project = False  # the line before named a project; its page is being read

    def run(self) -> list[Section]:
        for place, line in enumerate(self.lines):
            if not line.text.strip() and not line.cells:
                self.blanks += 1
                self.gap = max(0, self.blanks - self.usual_gap)
                continue
            if self._is_noise(line):
                continue
            self.place = place
            if place in self.used:
                continue
            line = self._by_columns(self._with_number_below(line, place))
            if line.cells and self._row(line):
                self.gap = self.blanks = 0
                continue
            if not line.cells:
                self.table = None
                if self._years_alone(line):
                    continue
            if line.cells and (heading_of(line.text) or heading_of(split_marker(line.text)[1])):
                line = replace(line, cells=())  # "ค่านิยม : ก | ข | ค"
            for part in parts_of(line.text):
                self._read(part, line)
                self.gap = self.blanks = 0
        mark_quoted(self.found)
        return self.found

    def _by_columns(self, line: Line) -> Line:
        """The line with cells, where it stands under a table head whose columns are parted by wide gaps."""
        if line.cells:
            return line
        chunks = [(width(line.text[: found.start()]), found[0]) for found in _CHUNK.finditer(line.text)]
        if len(chunks) > 1 and Table.of(tuple(text for _, text in chunks)):
            self.grid = tuple(place for place, _ in chunks)
            return replace(line, cells=tuple(text for _, text in chunks))
        if not self.grid or not chunks:
            return line
        if len(chunks) == 1 and chunks[0][0] < self.grid[1] - 3 and not split_marker(line.text)[0]:
            self.grid = ()
            return line
        last = len(self.grid) - 1
        if len(chunks) > last:  # as many as there are columns, or several figures in the last of them
            texts = [text for _, text in chunks]
            first = 0 if all(years_of(text) for text in texts) else last
            return replace(line, cells=(*texts[:first], *[""] * (last - first), " ".join(texts[first:])))
        cells = [""] * len(self.grid)
        for place, text in chunks:
            column = min(range(len(self.grid)), key=lambda c: abs(self.grid[c] - place))
            cells[column] = f"{cells[column]} {text}".strip()
        return replace(line, cells=tuple(cells))

    def _with_number_below(self, line: Line, place: int) -> Line:
        """The line "ตัวชี้วัดที่" with the number that a page set on the next line."""
        if not _AWAITS_NUMBER.search(toneless(line.text)) or width(line.text) > 40:
            return line
        below = next((p for p in range(place + 1, len(self.lines)) if self.lines[p].text.strip()), None)
        number = arabic(self.lines[below].text.strip()) if below is not None else ""
        whole = f"{line.text.strip()} {number}"
        heading = heading_of(whole) if re.fullmatch(r"\d{1,2}(?:\.\d{1,2})*[.:)]?", number) else None
        if heading is None or not heading.is_numbered:
            return line
        self.used.add(below)
        return replace(line, text=whole)

    def _row(self, line: Line) -> bool:
        """Take a table's row whose columns we know, or the head that names them; False for any other row."""
        head = Table.of(line.cells)
        if head:
            self.table, self.current = head, None
            self.columns = ()
            return True
        if self.table is None:
            pair = self._paired(line)
            if pair:
                heading, content = pair
                self._open(heading, line)
                for part in content.split("\n"):
                    self._plain_text(part, line)
                return True
            return False
        if self.table.takes_years(line.cells):
            return True
        row = self.table.read(line, self.measure)
        if row is None:
            return False
        for section in row:
            self.found.append(section)
            self.current = section
        self.outer = None
        return True

    @staticmethod
    def _paired(line: Line) -> tuple[Heading, str] | None:
        """A row "วิสัยทัศน์ | …": a heading and its content."""
        cells = [cell for cell in line.cells if cell.strip()]
        if len(cells) < 2:
            return None
        heading = heading_of(cells[0]) or heading_of(split_marker(cells[0])[1])
        if heading is None or heading.rest or heading.kind == "title":
            return None
        return heading, "\n".join(cells[1:])

    def _plain_text(self, part: str, line: Line) -> None:
        marker, body = split_marker(part)
        if self.current is not None and part.strip():
            bare = Line(line.number, part, page=line.page)
            self.current.texts.append(self._made(body, part, marker, bare))

    def _years_alone(self, line: Line) -> bool:
        """A line of years under a table head that was run together."""
        years = years_of(line.text)
        if len(years) < 2 or has_letters(re.sub(r"(?:พ\.?ศ\.?|ปี)", "", line.text)):
            return False
        if self.columns:
            self.years = years
            return True
        if self.current is not None and self.current.kind == "indicators" and not self.current.texts:
            self.current.years = years
            return True
        return False

    def _is_noise(self, line: Line) -> bool:
        text = line.text.strip()
        if line.is_running_head or not any(char.isalnum() for char in text):
            return True
        if PAGE_MARK.fullmatch(arabic(text)):
            in_figures = (
                self.current is not None
                and text.isdecimal()
                and (self.current.kind in ("indicators", "targets") or "targets" in self.current.columns)
            )
            return not in_figures
        return False

    def _read(self, part: str, line: Line) -> None:
        marker, body = split_marker(part)
        heading = self._heading(part, marker, body, line)
        if heading and self._is_of_project(heading):
            self.current = None
        elif heading:
            self._open(heading, line, marker)
            self.last_heading = marker if marker and marker.is_number and marker.is_sure else self.last_heading
        elif not marker and self._names_other_plan(part):
            self.found.append(Section("quoted", line.number))
            self.current = None
        elif marker and self._is_unknown_heading(marker):
            self.current, self.last_heading = None, marker
        elif line.origin == "alt":
            return
        elif self._is_stop(part, marker, body):
            if not (marker and self._goes_on_with(marker)):
                self.current = None
        else:
            self._text(part, marker, body, line)
        self.behind_project = is_project(body if marker else part)

    def _names_other_plan(self, text: str) -> bool:
        """True for a line that is a title such as "ยุทธศาสตร์ชาติ พ.ศ. 2561 – 2580", and no part of a sentence."""
        if not words().begins("other_plans", text.strip()) or width(text) > 90:
            return False
        before = self.current.texts[-1] if self.current and self.current.texts else None
        return before is None or not (self._is_broken_off(None) or self._is_unfinished(before))

    def _is_of_project(self, heading: Heading) -> bool:
        """True for the aims, targets and indicators on a project's own page: they are not the plan's."""
        if heading.kind not in _NESTED or (heading.strong and not self.in_project) or heading.is_numbered:
            self.in_project = False
        elif self.behind_project and heading.kind == "goals":
            self.in_project = True
        return self.in_project

    def _heading(self, part: str, marker: Marker | None, body: str, line: Line) -> Heading | None:
        whole = heading_of(part)
        heading = whole or (heading_of(body) if marker else None)
        if not heading and marker:
            again, inner = split_marker(body)  # "1. 1. วิสัยทัศน์": a slide's number before the list's
            heading = heading_of(inner) if again else None
        if not heading:
            return None
        if line.origin == "alt":
            return heading if not heading.rest else None
        if heading.kind == "title" or not heading.rest:
            return heading
        if heading.kind == "targets" and is_only_target(heading.rest):
            return heading
        before = self.current.texts[-1] if self.current and self.current.texts else None
        if before and self._is_unfinished(before) and not self._is_next_strategy(heading):
            return None  # "… สอดคล้องกับ / ยุทธศาสตร์ที่ 4 ของ…"
        if heading.is_numbered:
            return heading
        if heading.sure:
            return heading
        if marker and marker.is_number and marker.is_sure:
            return None
        return heading if self._may_stand_alone(heading, before) else None

    def _is_unfinished(self, before: Text) -> bool:
        """True when the line before ends as no text does, right above, and where lines are broken it was full."""
        if self.gap or is_lead_in(before.plain) or (self.measure.full and not self.measure.is_full(before.width)):
            return False
        return wants_more(before.body)

    def _is_next_strategy(self, heading: Heading) -> bool:
        last = next((section for section in reversed(self.found) if section.kind == "strategy"), None)
        return bool(last and heading.number.isdigit() and last.number.isdigit() and heading.rank == last.rank) and (
            int(heading.number) == int(last.number) + 1
        )

    def _may_stand_alone(self, heading: Heading, before: Text | None) -> bool:
        """Weigh a weak heading word with content after a space: short, and not the tail of a broken line."""
        if width(heading.rest) > 160 or (before and not self.gap and self.measure.is_full(before.width)):
            return False
        return heading.rank > 0 or self.gap > 0 or self.current is None or self.current.kind != heading.kind

    def _is_stop(self, part: str, marker: Marker | None, body: str) -> bool:
        if self._is_broken_off(marker) and not part.rstrip().endswith((":", "：")):
            return False
        return is_stop(body if marker else part, marked=bool(marker and marker.is_sure))

    def _is_broken_off(self, marker: Marker | None) -> bool:
        """True when the line above was full: what stands here, though it reads like a menu's entry, goes on from it."""
        before = self.current.texts[-1] if self.current and self.current.texts else None
        return before is not None and not marker and not self.gap and self.measure.is_full(before.width)

    def _is_unknown_heading(self, marker: Marker) -> bool:
        """True for "6. …" behind the headings 3., 4. and 5., when the list under 5. is numbered in another way."""
        last = self.last_heading
        if last is None or marker.style != last.style or not marker.follows(last):
            return False
        if self.current is None or not self.current.texts:
            return False
        inside = self.current.last_marker()
        return inside is None or inside.style != marker.style

    def _goes_on_with(self, marker: Marker) -> bool:
        last = self.current.last_marker() if self.current else None
        return bool(last and marker.is_number and marker.style == last.style and marker.follows(last))

    def _open(self, heading: Heading, line: Line, mark: Marker | None = None) -> None:
        if heading.kind == "title":
            self.columns, self.years = heading.columns, years_of(line.text) if "targets" in heading.columns else ()
            self.current = None
            if not heading.rest:
                self.current = Section("title", line.number, columns=heading.columns, word=heading.word)
                self.found.append(self.current)
            return
        kind = "strategy" if heading.kind == "strategies" and heading.is_numbered else heading.kind
        section = Section(kind, line.number, heading.rank, heading.number, heading.word, typo=heading.typo)
        section.owner, section.mark = heading.owner, mark
        if kind == "strategy":
            self.columns = self._heads_above() or self.columns
        if kind == "strategy" or (heading.columns and kind == "indicators"):
            section.columns, section.years = heading.columns or self.columns, self.years
        if kind in ("vision", "missions", "values"):
            self.columns, self.years = (), ()
        self.found.append(section)
        if self.current is not None and kind in _NESTED and self.current.kind in _OUTER and self.current.kind != kind:
            self.outer = self.current if self.current.last_marker() else None
        elif kind not in _NESTED:
            self.outer = None
        self.current = section
        if heading.rest:
            marker, body = split_marker(heading.rest)
            if kind == "strategy" or (marker and not marker.is_sure):
                marker, body = None, heading.rest
            section.texts.append(self._made(body, heading.rest, marker, line, inline=True))

    def _heads_above(self) -> tuple[str, ...]:
        """The sections that bare headings name one below the other right above: a table's head, a cell a line."""
        kinds: list[str] = []
        for section in reversed(self.found):
            if section.texts or section.kind not in (*_NESTED, "strategies") or section.number:
                break
            kinds.insert(0, section.kind)
        return tuple(kinds) if len(kinds) > 1 and "strategies" in kinds else ()

    def _made(self, body: str, whole: str, marker: Marker | None, line: Line, *, inline: bool = False) -> Text:
        open_end = not self.broken or line.text.endswith((" ", "\t"))
        return Text(
            body,
            whole.strip(),
            (line.number,),
            marker,
            self.gap,
            line.extent,
            open_end,
            inline,
            cells=line.cells,
        )

    def _text(self, part: str, marker: Marker | None, body: str, line: Line) -> None:
        if not marker and self._opens_by_sentence(part, line):
            return
        if self.current is None:
            return
        text = self._made(body, part, marker, line)
        if self._returns_to_outer(marker):
            outer = self.outer
            section = Section(outer.kind, line.number, outer.rank, word=outer.word, continues=True)
            self.found.append(section)
            self.current = section
            self.outer = section
        self.current.texts.append(text)

    def _opens_by_sentence(self, part: str, line: Line) -> bool:
        """Open the section that a sentence announces ("… จึงกำหนดพันธกิจ ดังนี้"), when none of that kind is open."""
        heading = vision_said(part) if not any(section.kind == "vision" for section in self.found) else None
        if heading is None:
            heading = announced(part)
            open_kind = self.current.kind if self.current else ""
            if heading is None or open_kind in (heading.kind, "strategy") or self._stands_under_heading():
                return False
        self._open(heading, line)
        return True

    def _stands_under_heading(self) -> bool:
        """True right behind a section's heading: a sentence there names what the section comes from."""
        return self.current is not None and self.current.kind != "title" and not self.current.texts

    def _returns_to_outer(self, marker: Marker | None) -> bool:
        outer, inner = self.outer, self.current
        if (
            outer is None
            or inner is None
            or inner is outer
            or inner.kind not in _NESTED
            or not (marker and marker.is_number)
        ):
            return False
        last = outer.last_marker()
        if not last or marker.style != last.style or not marker.follows(last):
            return False
        inside = inner.last_marker()
        if inside is None or inside.style != marker.style or not marker.follows(inside):
            return True
        return self._nested_heading_comes(inner.kind)

    def _nested_heading_comes(self, kind: str) -> bool:
        """True when the next line that is not blank opens a section of this kind."""
        for line in self.lines[self.place + 1 :]:
            if line.text.strip():
                heading = heading_of(line.text) or heading_of(split_marker(line.text)[1])
                return bool(heading and heading.kind == kind)
        return False
