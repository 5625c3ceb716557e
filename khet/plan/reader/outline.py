"""Sections put together into a plan: what is top level, what stands under which strategy."""

from collections.abc import Sequence
from dataclasses import dataclass

from khet.plan.reader.flow import Text
from khet.plan.reader.indicators import give_targets, indicators_of
from khet.plan.reader.letters import has_letters, skeleton, unquoted, width
from khet.plan.reader.lists import Entry, entries
from khet.plan.reader.marks import Marker, split_marker
from khet.plan.reader.measure import Measure
from khet.plan.reader.reading import Indicator, Item, Notice, PlanReading, Strategy, Value
from khet.plan.reader.runs import Run, merged
from khet.plan.reader.statements import values_of, vision_of
from khet.plan.reader.tables import Section
from khet.plan.reader.targets import is_only_target, named_measure
from khet.plan.reader.titles import is_tally, title_and_rest

# Of words that name a level of the plan only where nothing else does (จุดเน้นที่ 1, เสาหลักที่ 1): words.yaml.
SPARE_RANK = 9


def outline(sections: Sequence[Section], measure: Measure) -> PlanReading:
    """The plan the sections make."""
    return _Builder(sections, measure).build()


class _Builder:
    def __init__(self, sections: Sequence[Section], measure: Measure):
        self.sections, self.measure = sections, measure
        self.reading = PlanReading()
        self.runs: list[Run] = []
        self.open: Strategy | None = None
        self.fresh: list[Indicator] = []  # the indicators a "targets" section speaks of
        self.middle = 0  # rank of the level the tactics were taken from
        self.top = self._top_rank()
        self.under = ""  # the number of the goal that strategies now stand under
        self.lists: dict[str, list[_List]] = {"missions": [], "goals": []}
        self.values: list[tuple[bool, list[Value]]] = []
        self.visions: list[tuple[bool, bool, Item]] = []  # the office's own?, behind the missions?, the vision
        self.orphans: list[tuple[Section, list[Entry]]] = []

    def build(self) -> PlanReading:
        for section in self.sections:
            if section.typo:
                facts = {"found": section.word, "meant": section.typo}
                self.reading.notices.append(Notice(section.line, "spelling_slip", facts))
            getattr(self, f"_take_{section.kind}")(section)
        reading = self.reading
        self._settle_strategies()
        for kind, found in self.lists.items():
            setattr(reading, kind, _all_of(found))
        reading.values = _own_values(self.values)
        reading.vision = self._vision()
        reading.indicators = _distinct(reading.indicators)
        if reading.is_empty:
            self._from_titles()
        elif not reading.strategies:
            self._note_empty_headings()
        return reading

    def _note_empty_headings(self) -> None:
        for section in self.sections:
            if section.kind == "strategies" and not section.continues:
                self.reading.notices.append(Notice(section.line, "uncertain_strategies", {"word": section.word}))

    def _vision(self) -> Item | None:
        """The office's own vision: not one quoted from above it, not a menu's word, the one nearest the missions."""
        found = [entry for entry in self.visions if entry[0]] or self.visions
        long = [entry for entry in found if width(entry[2].text) >= 20] or found
        before_missions = [entry for entry in long if not entry[1]] or long[:1]
        return before_missions[-1][2] if before_missions else None

    def _top_rank(self) -> int:
        """The rank of the plan's top level: ยุทธศาสตร์ where the document has them, else กลยุทธ์."""
        own = [section for section in self.sections if not section.is_quoted] or self.sections
        ranks = [s.rank for s in own if s.kind == "strategy"]
        lone: list[int] = []  # of headings with one strategy each: "กลยุทธ์ : …", again and again
        for section in own:
            if section.kind == "strategies":
                found = entries(section.texts, self.measure, prose=False)
                if len(found) > 1 or any(entry.marker for entry in found):
                    ranks.append(section.rank)
                lone += [section.rank] * (len(found) == 1 and section.texts[0].inline)
        ranks += [rank for rank in lone if lone.count(rank) > 1]
        return min((rank for rank in ranks if rank), default=1)

    # The plan's single sections

    def _take_title(self, section: Section) -> None:
        pass

    def _take_quoted(self, section: Section) -> None:
        self._close()

    def _take_vision(self, section: Section) -> None:
        self._close()
        vision = vision_of(section.texts)
        if vision:
            after = any(found.own or section.is_quoted for found in self.lists["missions"])
            self.visions.append((not section.is_quoted, after, vision))

    def _take_values(self, section: Section) -> None:
        self._close()
        self.values.append((not section.is_quoted, values_of(section.texts, self.measure)))

    def _take_missions(self, section: Section) -> None:
        self._close()
        self._add_list("missions", section)

    def _add_list(self, kind: str, section: Section) -> None:
        found = self._entries(section)
        marked = bool(found) and all(entry.marker for entry in found)
        items = [_item(entry) for entry in found]
        self.lists[kind].append(_List(items, marked=marked or bool(section.number), own=not section.is_quoted))

    def _entries(self, section: Section, *, prose: bool = True) -> list[Entry]:
        if section.number and section.texts and section.texts[0].inline:
            return self._numbered_entry(section)
        return entries(section.texts, self.measure, prose=prose, figures=section.kind == "indicators")

    def _numbered_entry(self, section: Section) -> list[Entry]:
        """The one item of "เป้าประสงค์ที่ 1 …": its line and the lines that go on with it."""
        title, rest = title_and_rest(section.texts, self.measure)
        if title is None:
            return []
        marker, _ = split_marker(section.number + ". x")
        entry = Entry(unquoted(title.plain), title.lines, marker)
        return [entry] if has_letters(entry.text, 2) else entries(rest, self.measure)

    # Goals, tactics, indicators: under a strategy or beside the strategies

    def _take_goals(self, section: Section) -> None:
        if self.fresh and section.texts and all(is_only_target(text.plain) for text in section.texts):
            self._take_targets(section)  # "เป้าหมาย ร้อยละ 80" under an indicator
            return
        if self.open is not None and self._belongs_to_strategy(section, "goals"):
            self.open.goals += [_item(entry) for entry in self._entries(section)]
            return
        self._close()
        self.under = section.number
        self._add_list("goals", section)

    def _belongs_to_strategy(self, section: Section, kind: str) -> bool:
        """Whether a nested kind of section stands under the open strategy or beside a finished list of strategies."""
        run = self.runs[-1].strategies
        if _is_beside(section.mark, self.runs[-1].mark):
            return False
        if section.in_table or len(run) < 2:
            return True
        if kind == "goals":
            return any(strategy.goals for strategy in run)
        return not (run[-1].is_bare and run[-2].is_bare)

    def _take_tactics(self, section: Section) -> None:
        found = self._entries(section, prose=False)
        if not found:
            return
        if self.open is not None and self.middle and section.rank > self.middle and self.open.tactics:
            facts = {"word": section.word, "count": len(found)}
            self.reading.notices.append(Notice(section.line, "third_level", facts))
            return
        if self._hand_out(found, "tactics"):
            return
        if self.open is None or not self._belongs_to_strategy(section, "tactics"):
            self.orphans.append((section, found))
            return
        self.middle = self.middle if self.open.tactics and self.middle else section.rank
        self.open.tactics += [_item(entry) for entry in found]

    def _hand_out(self, found: list[Entry], kind: str) -> bool:
        """Give items numbered 1.1, 2.3 to strategies 1 and 2; False when they are not numbered so."""
        by_number = {s.number: s for s in self.runs[-1].strategies} if self.runs else {}
        if len(by_number) < 2 or not all(len(entry.number) == 2 and entry.number[0] in by_number for entry in found):
            return False
        for entry in found:
            strategy = by_number[entry.number[0]]
            getattr(strategy, kind).append(_item(entry))
        return True

    def _take_indicators(self, section: Section) -> None:
        indicators = indicators_of(section, self._entries(section, prose=False), self.fresh)
        self.fresh = indicators or self.fresh
        own = self.open is not None and self._belongs_to_strategy(section, "indicators")
        several = len({indicator.number.split(".")[0] for indicator in indicators}) > 1
        if self.runs and indicators and (several or not own) and self._numbered_by_strategy(indicators):
            by_number = {str(s.number): s for s in self.runs[-1].strategies}
            for indicator in indicators:
                by_number[indicator.number.split(".")[0]].indicators.append(indicator)
        elif own:
            self.open.indicators += indicators
        else:
            self.open = None if self.open is None or len(self.runs[-1].strategies) > 1 else self.open
            self.reading.indicators += indicators

    def _numbered_by_strategy(self, indicators: list[Indicator]) -> bool:
        numbers = {str(s.number) for s in self.runs[-1].strategies}
        return len(numbers) > 1 and all("." in i.number and i.number.split(".")[0] in numbers for i in indicators)

    def _take_targets(self, section: Section) -> None:
        give_targets(section, self.fresh)

    # Strategies

    def _take_strategy(self, section: Section) -> None:
        title, rest = title_and_rest(section.texts, self.measure)
        name = unquoted(title.plain) if title else ""
        number = section.number.split(".")[0]
        if is_tally(name) or (section.rank == SPARE_RANK and self.top != SPARE_RANK):
            self._close()
            return
        if section.rank > self.top or ("." in section.number and self.open is not None):
            self._take_tactic_head(section, title, name)
            return
        lines = (section.line, *(title.lines if title else ()))
        self._add_strategy(int(number), name, tuple(dict.fromkeys(lines)), section)
        self._take_rest(section, rest)

    def _take_tactic_head(self, section: Section, title: Text | None, name: str) -> None:
        """A numbered second level: "กลยุทธ์ที่ 1" under a ยุทธศาสตร์."""
        if not name:
            return
        item = Item(name, section.number, title.lines if title else ())
        by_number = {str(s.number): s for s in self.runs[-1].strategies} if self.runs else {}
        owner = by_number.get(section.number.split(".")[0]) if "." in section.number else None
        owner = owner or self.open
        if owner is None:
            self.orphans.append((section, [Entry(name, item.lines)]))
            return
        self.middle = section.rank
        owner.tactics.append(item)

    def _take_rest(self, section: Section, rest: Sequence[Text]) -> None:
        """What follows a strategy's title without a heading of its own: tactics, or indicators by their words."""
        if not rest:
            return
        found = entries(rest, self.measure, prose=False, figures=_next_column(section.columns) == "indicators")
        if not any(entry.marker for entry in found) and len(found) < 2 and not section.columns:
            return
        likely = sum(1 for entry in found if named_measure(entry.text)) * 2 > len(found)
        if likely or _next_column(section.columns) == "indicators":
            column = Section("indicators", section.line, columns=section.columns, years=section.years)
            indicators = indicators_of(column, found, self.fresh)
            self.open.indicators += indicators
            self.fresh = indicators
        elif _next_column(section.columns) == "goals":
            self.open.goals += [_item(entry) for entry in found]
        else:
            self.open.tactics += [_item(entry) for entry in found]

    def _take_strategies(self, section: Section) -> None:
        if section.rank > self.top:
            section.rank = max(section.rank, 2)
            self._take_tactics(section)
            return
        found = entries(section.texts, self.measure, prose=False)
        if len(found) == 1 and not found[0].marker and width(found[0].text) > 120:
            found = []
        for entry in found:
            number = entry.number[-1] if entry.number else self._next_number()
            self._add_strategy(number, entry.text, entry.lines, section)
            self.open.tactics += [_item(sub) for sub in entry.subs]
        if not found and not section.texts:
            self.open = None if not section.continues else self.open

    def _next_number(self) -> int:
        return self.runs[-1].strategies[-1].number + 1 if self.runs and self.runs[-1].strategies else 1

    def _add_strategy(self, number: int, title: str, lines: tuple[int, ...], section: Section) -> None:
        if not self.runs or (number == 1 and self._begins_anew(title)):
            self.runs.append(Run(word=section.word, under=self.under, own=not section.is_quoted))
            self.runs[-1].mark = section.mark if section.kind == "strategies" else None
        self.open = Strategy(number, title, lines=lines, printed_number=str(number))
        self.runs[-1].strategies.append(self.open)
        self.fresh = []

    def _begins_anew(self, title: str) -> bool:
        """True when a strategy numbered 1 begins another set; printed twice in a row, the number is only a slip."""
        last = self.runs[-1].strategies[-1]
        return last.number != 1 or skeleton(last.title)[:18] == skeleton(title)[:18]

    def _settle_strategies(self) -> None:
        """Choose among several sets of strategies; the same set printed twice (a list, then details) is one."""
        runs = merged(self.runs)
        if not runs:
            return
        best = max(runs, key=Run.weight)
        if self.top == SPARE_RANK and best.is_hollow:
            return
        self.reading.strategies, self.reading.level_word = best.said(), best.word
        for run in runs:
            if run is not best:
                self.reading.notices.append(Notice(min(run.strategies[0].lines, default=1), "other_run"))
        self._settle_orphans(best)

    def _settle_orphans(self, run: Run) -> None:
        for section, found in self.orphans:
            if len(run.strategies) == 1:
                run.strategies[0].tactics += [_item(entry) for entry in found]
            else:
                facts = {"word": section.word, "count": len(found)}
                self.reading.notices.append(Notice(section.line, "orphan_tactics", facts))

    def _close(self) -> None:
        self.open = None
        self.fresh = []

    def _from_titles(self) -> None:
        """A page whose only heading is its title: the vision first, then each numbered list in the title's order."""
        section = next((s for s in reversed(self.sections) if s.kind == "title" and s.texts), None)
        if section is None:
            return
        kinds = [kind for kind in section.columns if kind in ("missions", "goals")]
        head = [text for text in _until_marked(section.texts)]
        if "vision" in section.columns and head:
            self.reading.vision = vision_of(head)
        lists = _counted_from_one(section.texts[len(head) :])
        for kind, texts in zip(kinds, lists, strict=False):
            setattr(self.reading, kind, [_item(entry) for entry in entries(texts, self.measure)])


def _is_beside(mark: Marker | None, other: Marker | None) -> bool:
    """True for two headings with marks of one list: "4. กลยุทธ์" and "5. ตัวชี้วัด", or the same bullet before both."""
    if mark is None or other is None or mark.style != other.style:
        return False
    return mark.follows(other) if mark.number else True


def _until_marked(texts: Sequence[Text]) -> list[Text]:
    head: list[Text] = []
    for text in texts:
        if text.marker and text.marker.is_sure:
            break
        head.append(text)
    return head


def _counted_from_one(texts: Sequence[Text]) -> list[list[Text]]:
    lists: list[list[Text]] = []
    for text in texts:
        if (text.marker and text.marker.number == (1,)) or not lists:
            lists.append([])
        lists[-1].append(text)
    return lists


def _next_column(columns: Sequence[str]) -> str:
    """The kind of the column behind the strategies' in a table run together."""
    behind = columns[columns.index("strategies") + 1 :] if "strategies" in columns else ()
    return next((kind for kind in behind if kind in ("goals", "tactics", "indicators")), "")


def _item(entry: Entry) -> Item:
    return Item(unquoted(entry.whole()), ".".join(map(str, entry.number)), entry.all_lines())


@dataclass(frozen=True, slots=True)
class _List:
    """The items of one section; `marked` when they carry numbers or bullets, `own` when not quoted."""

    items: list[Item]
    marked: bool
    own: bool


def _all_of(found: list[_List]) -> list[Item]:
    """The items of all sections of a kind; where one is a marked list, stray unmarked lines elsewhere are not items."""
    found = [one for one in found if one.own and one.items] or found
    if any(one.marked for one in found):
        found = [one for one in found if one.marked or len(one.items) > 1]
    return _distinct([item for one in found for item in one.items])


def _own_values(found: list[tuple[bool, list[Value]]]) -> list[Value]:
    own = [values for is_own, values in found if is_own and values] or [values for _, values in found]
    return _distinct([value for values in own for value in values], key=lambda value: f"{value.name} {value.text}")


def _distinct(items: list, key=lambda item: item.text) -> list:
    """The items, of those alike by their letters the first."""
    first: dict[str, object] = {}
    for item in items:
        first.setdefault(skeleton(key(item)), item)
    return list(first.values())
