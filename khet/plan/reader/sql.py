"""Database dumps: the rows that hold strategies, goals and indicators, tied together as their keys and numbers say."""

import re

from khet.plan.reader.document import Document
from khet.plan.reader.dumps import Row, rows_of
from khet.plan.reader.headings import heading_of
from khet.plan.reader.letters import arabic, has_letters, is_thai, tidy, unquoted
from khet.plan.reader.marks import split_marker
from khet.plan.reader.reading import Indicator, Item, Notice, PlanReading, Strategy
from khet.plan.reader.targets import cell_targets, targets_of

# What a table or a column holds, by its name. The first that fits counts.
_ROLES = (
    ("project", re.compile(r"project|activit|budget", re.IGNORECASE)),
    ("indicator", re.compile(r"kpi|indicator|question|measure", re.IGNORECASE)),
    ("goal", re.compile(r"objective|goal|purpose", re.IGNORECASE)),
    ("tactic", re.compile(r"tactic|approach|initiative|sub_?strateg", re.IGNORECASE)),
    ("strategy", re.compile(r"strateg|issue|pillar", re.IGNORECASE)),
    ("mission", re.compile(r"mission", re.IGNORECASE)),
    ("vision", re.compile(r"vision", re.IGNORECASE)),
)
_TEXT_COLUMN = re.compile(
    r"(?:^|_)(?:name|title|text|desc|description|detail|content|th|label)(?:_th)?$", re.IGNORECASE
)
_TARGET_COLUMN = re.compile(
    r"^(?:kpi_)?(?:target|goal)_?(?:percent|pct|value|val|score|number)?$|^percent$", re.IGNORECASE
)
_YEAR_COLUMN = re.compile(r"year", re.IGNORECASE)
_NUMBER_COLUMN = re.compile(r"(?:issue_no|strategy_no|strategy_number|order_no|number|no|seq)$", re.IGNORECASE)


def read_sql(document: Document) -> PlanReading:
    """The plan in the dump's rows; failing that, the plan in the texts that its rows hold."""
    rows = list(rows_of(document.text))
    reading = _Tree(rows).reading()
    if reading.is_empty:
        projects = sum(
            1 for row in rows if _role(row.table) == "project" and any(has_letters(v, 8) for v in row.values.values())
        )
        if projects > 2:
            reading.notices.append(Notice(1, "project_list", {"count": projects}))
        else:
            return _held_pages(rows, document) or reading
    return reading


def _held_pages(rows: list[Row], document: Document) -> PlanReading | None:
    """The plan in a page's text kept in a row: a dump of a web site."""
    from khet.plan.reader.document import from_text
    from khet.plan.reader.measure import Measure
    from khet.plan.reader.outline import outline
    from khet.plan.reader.sections import sections

    for row in sorted(rows, key=lambda r: -max(map(len, r.values.values()), default=0))[:20]:
        text = max(row.values.values(), key=len, default="")
        if sum(1 for char in text if is_thai(char)) < 40:
            return None
        inner = from_text(text.replace("\\r\\n", "\n").replace("\\n", "\n"), document.name, html="<" in text)
        reading = outline(sections(inner), Measure())
        if not reading.is_empty:
            return reading
    return None


def _role(name: str) -> str:
    return next((role for role, shape in _ROLES if shape.search(name)), "")


class _Tree:
    """Rows tied into a plan."""

    def __init__(self, rows: list[Row]):
        self.strategies: dict[int, Strategy] = {}
        self.by_id: dict[str, int] = {}  # a strategy row's id -> its number
        self.goals_of: dict[str, int] = {}  # a goal row's id -> its strategy's number
        self.plan = PlanReading()
        for role in ("strategy", "goal", "tactic", "mission", "vision", "indicator"):
            for row in rows:
                if self._kind(row) == role:
                    getattr(self, f"_take_{role}")(row)

    def reading(self) -> PlanReading:
        """The plan, its strategies by number."""
        self.plan.strategies = [self.strategies[number] for number in sorted(self.strategies)]
        return self.plan

    def _kind(self, row: Row) -> str:
        role = _role(row.table)
        if role:
            return role
        roles = {_role(name) for name in row.values if _TEXT_COLUMN.search(name)}
        return next((r for r, _ in _ROLES if r in roles), "")

    def _text(self, row: Row, role: str) -> tuple[str, str]:
        """The column and text by which the row says what it is, for a role; ('', '') when it has none."""
        named = [
            n for n in row.values if _role(n) == role and (_TEXT_COLUMN.search(n) or n.lower().rstrip("s") == role)
        ]
        plain = [n for n in row.values if _TEXT_COLUMN.search(n) and not _role(n)] if _role(row.table) == role else []
        for name in [*named, *plain]:
            if has_letters(row.values[name], 4):
                return name, tidy(row.values[name])
        return "", ""

    def _take_strategy(self, row: Row) -> None:
        name, text = self._text(row, "strategy")
        if text:
            number = self._strategy(text, row, name)
            identity = row.values.get("id") or row.keys.get("id")
            if identity:
                self.by_id[identity] = number

    def _strategy(self, text: str, row: Row, name: str) -> int:
        """The number of the strategy a text names; made when new."""
        heading = heading_of(text)
        marker, body = split_marker(text)
        if heading and heading.is_numbered:
            number, title = int(heading.number.split(".")[0]), heading.rest
        elif marker and marker.is_number:
            number, title = marker.number[0], body
        else:
            number, title = self._own_number(row) or max(self.strategies, default=0) + 1, text
        if number not in self.strategies:
            self.strategies[number] = Strategy(
                number, unquoted(title), lines=(row.lines.get(name, 1),), printed_number=str(number)
            )
        return number

    def _own_number(self, row: Row) -> int:
        found = {**row.values, **row.keys}
        return next(
            (int(v) for n, v in found.items() if _NUMBER_COLUMN.search(n) and str(v).isdigit() and int(v) < 40), 0
        )

    def _owner(self, row: Row, number: tuple[int, ...]) -> Strategy | None:
        """The strategy a row stands under: by the text or key in the row, else by the number before its text."""
        name, text = self._text_of_strategy(row)
        if text:
            return self.strategies[self._strategy(text, row, name)]
        found = {**row.keys, **row.values}
        for column, value in found.items():
            role = _role(column)
            if role == "goal" and value in self.goals_of:
                return self.strategies.get(self.goals_of[value])
            if (
                role == "strategy"
                and _NUMBER_COLUMN.search(column)
                and str(value).isdigit()
                and int(value) in self.strategies
            ):
                return self.strategies[int(value)]
            if role == "strategy" and value in self.by_id:
                return self.strategies.get(self.by_id[value])
        return self.strategies.get(number[0]) if len(number) > 1 else None

    def _text_of_strategy(self, row: Row) -> tuple[str, str]:
        if _role(row.table) == "strategy":
            return "", ""
        for name, value in row.values.items():
            if _role(name) == "strategy" and has_letters(value, 6):
                return name, tidy(value)
        return "", ""

    def _take_goal(self, row: Row) -> None:
        name, text = self._text(row, "goal")
        if not text:
            return
        number, body = _numbered(text)
        item = Item(body, ".".join(map(str, number)), (row.lines[name],))
        owner = self._owner(row, number)
        if owner:
            owner.goals.append(item)
            self.goals_of[row.values.get("id", "")] = owner.number
        else:
            self.plan.goals.append(item)

    def _take_tactic(self, row: Row) -> None:
        name, text = self._text(row, "tactic")
        number, body = _numbered(text)
        owner = self._owner(row, number) if text else None
        if owner:
            owner.tactics.append(Item(body, ".".join(map(str, number)), (row.lines[name],)))

    def _take_mission(self, row: Row) -> None:
        name, text = self._text(row, "mission")
        if text:
            self.plan.missions.append(Item(_numbered(text)[1], "", (row.lines[name],)))

    def _take_vision(self, row: Row) -> None:
        name, text = self._text(row, "vision")
        if text and self.plan.vision is None:
            self.plan.vision = Item(unquoted(text), "", (row.lines[name],))

    def _take_indicator(self, row: Row) -> None:
        name, text = self._text(row, "indicator")
        if not text:
            return
        number, body = _numbered(text)
        indicator = Indicator(body, ".".join(map(str, number)), (row.lines[name],), self._targets(row, body))
        owner = self._owner(row, number)
        (owner.indicators if owner else self.plan.indicators).append(indicator)

    def _targets(self, row: Row, text: str) -> list:
        years = (arabic(value) for name, value in row.values.items() if _YEAR_COLUMN.search(name))
        year = next((int(value) for value in years if re.fullmatch(r"2[45]\d\d", value)), None)
        for name, value in row.values.items():
            if _TARGET_COLUMN.search(name) and re.fullmatch(r"\d+(?:\.\d+)?", arabic(value)):
                unit = "percent" if re.search("percent|pct", name, re.IGNORECASE) else None
                return cell_targets(value, text, year=year, unit=unit)
        return targets_of(text)


def _numbered(text: str) -> tuple[tuple[int, ...], str]:
    marker, body = split_marker(text)
    return (marker.number, unquoted(tidy(body))) if marker and marker.is_number and body else ((), unquoted(text))
