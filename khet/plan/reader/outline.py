"""Sections put together into a plan: what is top level, what stands under which strategy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from khet.plan.reader.flow import Measure, Text, is_lead_in, joined, leans_back, may_be_label, wants_more
from khet.plan.reader.letters import arabic, has_letters, skeleton, tidy, unquoted, width
from khet.plan.reader.lists import Entry, entries
from khet.plan.reader.marks import split_marker, takes_number
from khet.plan.reader.reading import Indicator, Item, Notice, PlanReading, Strategy, Target
from khet.plan.reader.statements import values_of, vision_of
from khet.plan.reader.tables import Section
from khet.plan.reader.words import words
from khet.plan.reader.targets import cell_targets, is_only_target, named_measure, targets_of


def outline(sections: Sequence[Section], measure: Measure) -> PlanReading:
    """The plan the sections make."""
    return _Builder(sections, measure).build()


@dataclass(slots=True)
class _Run:
    """Strategies numbered from one; a document may print more than one such set."""

    strategies: list[Strategy] = field(default_factory=list)
    word: str = ""

    def weight(self) -> tuple[int, int]:
        """How much the set says: nested items first, then strategies."""
        nested = sum(len(s.goals) + len(s.tactics) + len(s.indicators) for s in self.strategies)
        return nested, len(self.strategies)


class _Builder:
    def __init__(self, sections: Sequence[Section], measure: Measure):
        self.sections, self.measure = sections, measure
        self.reading = PlanReading()
        self.runs: list[_Run] = []
        self.open: Strategy | None = None
        self.fresh: list[Indicator] = []  # the indicators a "targets" section speaks of
        self.middle = 0  # rank of the level the tactics were taken from
        self.top = self._top_rank()
        self.lists: dict[str, list[tuple[bool, list[Item]]]] = {"missions": [], "goals": []}
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
            setattr(reading, kind, _merged(found))
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
        ranks = [s.rank for s in self.sections if s.kind == "strategy"]
        for section in self.sections:
            if section.kind == "strategies":
                found = entries(section.texts, self.measure, prose=False)
                if len(found) > 1 or any(entry.marker for entry in found):
                    ranks.append(section.rank)
        return min((rank for rank in ranks if rank), default=1)

    # The plan's single sections

    def _take_title(self, section: Section) -> None:
        pass

    def _take_vision(self, section: Section) -> None:
        self._close()
        vision = vision_of(section.texts)
        if vision:
            own = not (section.owner and words().begins("other_offices", section.owner))
            self.visions.append((own, bool(self.lists["missions"]), vision))

    def _take_values(self, section: Section) -> None:
        self._close()
        values = values_of(section.texts, self.measure)
        known = {skeleton(value.name) for value in self.reading.values}
        self.reading.values += [value for value in values if skeleton(value.name) not in known]

    def _take_missions(self, section: Section) -> None:
        self._close()
        self._add_list("missions", section)

    def _add_list(self, kind: str, section: Section) -> None:
        found = self._entries(section)
        marked = len(found) > 1 and all(entry.marker for entry in found)
        self.lists[kind].append((marked or bool(section.number), [_item(entry) for entry in found]))

    def _entries(self, section: Section, *, prose: bool = True) -> list[Entry]:
        if section.number and section.texts and section.texts[0].inline:
            return self._numbered_entry(section)
        return entries(section.texts, self.measure, prose=prose, figures=section.kind == "indicators")

    def _numbered_entry(self, section: Section) -> list[Entry]:
        """The one item of "เป้าประสงค์ที่ 1 …": its line and the lines that go on with it."""
        title, rest = self._title_and_rest(section.texts)
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
        self._add_list("goals", section)

    def _belongs_to_strategy(self, section: Section, kind: str) -> bool:
        """Whether a nested kind of section stands under the open strategy or beside a finished list of strategies."""
        run = self.runs[-1].strategies
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
            getattr(strategy, kind).append(_item(entry) if kind != "indicators" else _indicator(entry))
        return True

    def _take_indicators(self, section: Section) -> None:
        indicators = self._indicators(section, self._entries(section, prose=False))
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

    def _indicators(self, section: Section, found: list[Entry]) -> list[Indicator]:
        indicators: list[Indicator] = []
        in_columns = "targets" in section.columns or bool(section.years)
        rest = [text for text in section.texts if not text.inline] if section.number else []
        for entry in found:
            if is_only_target(entry.whole()) and (indicators or self.fresh):
                owner = (indicators or self.fresh)[-1]
                _give(owner, _with_column_years(cell_targets(entry.whole(), owner.text), section.years))
                continue
            if not has_letters(entry.text, 3):
                continue
            indicators.append(_indicator(entry, in_columns=in_columns, years=section.years))
        for text in rest:
            if indicators and not set(text.lines) & set(indicators[-1].lines) and is_only_target(text.plain):
                _give(indicators[-1], cell_targets(text.plain, indicators[-1].text))
        return indicators

    def _take_targets(self, section: Section) -> None:
        """Give the values of a targets section or column to the indicators before it."""
        lines = [text for text in section.texts if has_letters(text.plain) or re.search(r"\d", arabic(text.whole))]
        if not self.fresh or not lines:
            return
        year = int(section.number) if section.number.isdigit() and len(section.number) == 4 else None
        if len(lines) == len(self.fresh):
            pairs = list(zip(self.fresh, [[line] for line in lines], strict=True))
        elif len(self.fresh) == 1 or len(lines) != 1:
            pairs = [(self.fresh[-1] if len(self.fresh) > 1 else self.fresh[0], lines)]
        else:
            pairs = [(indicator, lines) for indicator in self.fresh]
        for indicator, texts in pairs:
            for text in texts:
                bare = text.marker is None or not text.marker.is_sure or not has_letters(text.plain)
                cell = f"{tidy(text.whole if bare else text.body)} {section.unit}".strip()
                _give(indicator, _with_column_years(cell_targets(cell, indicator.text, year=year), section.years))

    # Strategies

    def _take_strategy(self, section: Section) -> None:
        title, rest = self._title_and_rest(section.texts)
        name = unquoted(title.plain) if title else ""
        number = section.number.split(".")[0]
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
            indicators = self._indicators(column, found)
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
            self.runs.append(_Run(word=section.word))
        self.open = Strategy(number, title, lines=lines, printed_number=str(number))
        self.runs[-1].strategies.append(self.open)
        self.fresh = []

    def _begins_anew(self, title: str) -> bool:
        """True when a strategy numbered 1 begins another set; printed twice in a row, the number is only a slip."""
        last = self.runs[-1].strategies[-1]
        return last.number != 1 or skeleton(last.title)[:18] == skeleton(title)[:18]

    def _title_and_rest(self, texts: Sequence[Text]) -> tuple[Text | None, list[Text]]:
        """The title of a numbered heading, its broken lines joined, and the texts behind it."""
        if not texts:
            return None, []
        first, place = texts[0], 1
        if not first.inline and first.marker and first.marker.number == (1,) and sum(1 for t in texts if t.marker) > 1:
            return None, list(texts)
        cut, tail = _cut_title(first)
        if tail is not None:
            return cut, [tail, *texts[1:]]
        title = cut
        while place < len(texts) and self._title_goes_on(title, texts, place):
            title = joined(title, texts[place])
            place += 1
            cut, tail = _cut_title(title)
            if tail is not None:
                return cut, [tail, *texts[place:]]
        return title, list(texts[place:])

    def _title_goes_on(self, title: Text, texts: Sequence[Text], place: int) -> bool:
        text = texts[place]
        if text.marker and text.marker.is_sure:
            return False
        if wants_more(title.body) or leans_back(text.body):
            return text.gap <= 1
        if text.gap or is_lead_in(text.plain) or may_be_label(text.plain):
            return False
        if self.measure.wrap:
            return self.measure.is_full(title.width)
        list_follows = place + 1 < len(texts) and bool(texts[place + 1].marker)
        return list_follows and place == 1 and width(text.plain) < 100

    def _settle_strategies(self) -> None:
        """Choose among several sets of strategies; the same set printed twice (a list, then details) is one."""
        runs = [run for run in self.runs if run.strategies]
        merged: list[_Run] = []
        for run in runs:
            twin = next((known for known in merged if _same_run(known, run)), None)
            if twin:
                _merge(twin, run)
            else:
                merged.append(run)
        if not merged:
            return
        best = max(merged, key=_Run.weight)
        self.reading.strategies = best.strategies
        self.reading.level_word = best.word
        for run in merged:
            if run is not best:
                line = run.strategies[0].lines[0] if run.strategies[0].lines else 1
                self.reading.notices.append(Notice(line, "other_run"))
        self._settle_orphans(best)

    def _settle_orphans(self, run: _Run) -> None:
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


def _give(indicator: Indicator, targets: list[Target]) -> None:
    """Add targets printed beside an indicator; the trend its text only names ("… ลดลง") is what they measure."""
    trends = [t for t in indicator.targets if t.value is None and t.direction in ("decrease", "increase")]
    if trends and any(t.value is not None for t in targets):
        indicator.targets = [t for t in indicator.targets if t not in trends]
        direction = trends[0].direction
        targets = [
            Target(
                t.value,
                t.unit,
                direction if t.direction in ("at_least", "at_most") else t.direction,
                t.year,
                t.reference,
            )
            for t in targets
        ]
    indicator.targets += [target for target in targets if target not in indicator.targets]


def _next_column(columns: Sequence[str]) -> str:
    """The kind of the column behind the strategies' in a table run together."""
    behind = columns[columns.index("strategies") + 1 :] if "strategies" in columns else ()
    return next((kind for kind in behind if kind in ("goals", "tactics", "indicators")), "")


def _item(entry: Entry) -> Item:
    return Item(unquoted(entry.whole()), ".".join(map(str, entry.number)), entry.all_lines())


_TRAILING_FIGURES = re.compile(r"(?:\s+\d{1,3}(?:[.,]\d+)?\s*%?)+\s*$")


def _indicator(entry: Entry, *, in_columns: bool = False, years: tuple[int, ...] = ()) -> Indicator:
    text = entry.whole()
    targets = targets_of(text)
    if in_columns:
        figures = _TRAILING_FIGURES.search(arabic(text))
        if figures and has_letters(text[: figures.start()], 5) and not takes_number(text[: figures.start()]):
            targets = _with_column_years(cell_targets(text[figures.start() :], text), years) or targets
            text = tidy(text[: figures.start()])
    return Indicator(unquoted(text), ".".join(map(str, entry.number)), entry.all_lines(), targets)


def _with_column_years(targets: list[Target], years: tuple[int, ...]) -> list[Target]:
    if years and len(years) == len(targets):
        return [
            Target(t.value, t.unit, t.direction, t.year or year, t.reference)
            for t, year in zip(targets, years, strict=True)
        ]
    return targets


_RUN_IN_TITLE = re.compile(r"\s(?:\(1\)|1[.)])\s*(?=\S)")


def _cut_title(title: Text) -> tuple[Text, Text | None]:
    """A title run together with the list behind it, cut in two."""
    plain = arabic(title.body)
    start = _RUN_IN_TITLE.search(plain)
    if not start or start.start() < 4:
        return title, None
    rest = title.body[start.start() :].strip()
    marker, body = split_marker(rest)
    counted = re.search(r"\s\(?2[.)]", plain[start.end() :])
    if marker is None or not (counted or named_measure(body)):
        return title, None
    head = title.body[: start.start()].strip()
    return (
        Text(head, head, title.lines, None, title.gap, title.width, False, title.inline),
        Text(body, rest, title.lines, marker, 0, title.width, title.open_end),
    )


def _merged(found: list[tuple[bool, list[Item]]]) -> list[Item]:
    """The items of all sections of a kind; where one is a marked list, stray unmarked lines elsewhere are not items."""
    if any(marked for marked, _ in found):
        found = [(marked, items) for marked, items in found if marked or len(items) > 1]
    return _distinct([item for _, items in found for item in items])


def _distinct(items: list) -> list:
    seen: set[str] = set()
    kept = []
    for item in items:
        key = skeleton(item.text)
        if key not in seen:
            kept.append(item)
        seen.add(key)
    return kept


def _same_run(one: _Run, other: _Run) -> bool:
    """True when both sets name the same strategies, as far as both go."""
    titles = {s.number: skeleton(s.title) for s in one.strategies}
    shared = [(titles[s.number], skeleton(s.title)) for s in other.strategies if s.number in titles]
    alike = sum(1 for a, b in shared if not a or not b or a[:18] == b[:18] or a in b or b in a)
    return bool(shared) and alike * 2 > len(shared)


def _merge(one: _Run, other: _Run) -> None:
    by_number = {s.number: s for s in one.strategies}
    for strategy in other.strategies:
        known = by_number.get(strategy.number)
        if known is None:
            one.strategies.append(strategy)
            continue
        known.title = known.title or strategy.title
        for name in ("goals", "tactics", "indicators"):
            if not getattr(known, name):
                setattr(known, name, getattr(strategy, name))
