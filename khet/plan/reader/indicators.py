"""Indicators made from the items of a list, and given the targets that stand beside or below them."""

import re

from khet.plan.reader.flow import Text
from khet.plan.reader.letters import arabic, has_letters, tidy, unquoted
from khet.plan.reader.lists import Entry
from khet.plan.reader.marks import takes_number
from khet.plan.reader.reading import Indicator, Target
from khet.plan.reader.tables import Section
from khet.plan.reader.targets import cell_targets, is_only_target, targets_of


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


_FIGURE = r"\s+\d{1,3}(?:[.,]\d+)?\s*%?"


def _indicator(entry: Entry, section: Section, *, in_columns: bool) -> Indicator:
    text = entry.whole()
    targets = targets_of(text)
    run = _figures_in_columns(text, section.years) if in_columns else None
    if run:
        figures, years = text[slice(*run)].split(), section.years
        if "baseline" in section.columns and len(figures) > 1:  # what was reached before stands first
            figures, years = figures[1:], years[1:] if len(years) == len(figures) else years
        text = tidy(f"{text[: run[0]]} {text[run[1] :]}")
        targets = _with_column_years(cell_targets(" ".join(figures), text), years) or targets
    return Indicator(unquoted(text), ".".join(map(str, entry.number)), entry.all_lines(), targets)


def _figures_in_columns(text: str, years: tuple[int, ...]) -> tuple[int, int] | None:
    """Where the figures of a row's columns stand: one for each year, or those that end the row."""
    plain = arabic(text)
    each = re.search(rf"(?:{_FIGURE}){{{len(years)}}}(?=\s|$)", plain) if len(years) > 1 else None
    found = each or re.search(rf"(?:{_FIGURE})+\s*$", plain)
    if not found or not has_letters(text[: found.start()], 5) or (not each and takes_number(text[: found.start()])):
        return None
    return found.span()


def _with_column_years(targets: list[Target], years: tuple[int, ...]) -> list[Target]:
    if years and len(years) == len(targets):
        return [
            Target(t.value, t.unit, t.direction, t.year or year, t.reference)
            for t, year in zip(targets, years, strict=True)
        ]
    return targets


def indicators_of(section: Section, found: list[Entry], before: list[Indicator]) -> list[Indicator]:
    """The indicators among a section's items; an item that is only a target goes to the indicator above it.

    before   indicators of the section before, for a target that stands first
    """
    made: list[Indicator] = []
    in_columns = "targets" in section.columns or bool(section.years)
    for entry in found:
        if is_only_target(entry.whole()) and (made or before):
            owner = (made or before)[-1]
            _give(owner, _with_column_years(cell_targets(entry.whole(), owner.text), section.years))
        elif has_letters(entry.text, 3):
            made.append(_indicator(entry, section, in_columns=in_columns))
    for text in section.texts if section.number and made else ():
        if not text.inline and not set(text.lines) & set(made[-1].lines) and is_only_target(text.plain):
            _give(made[-1], cell_targets(text.plain, made[-1].text))
    return made


def give_targets(section: Section, indicators: list[Indicator]) -> None:
    """Give the values of a targets section or column to the indicators before it."""
    lines = [text for text in section.texts if has_letters(text.plain) or re.search(r"\d", arabic(text.whole))]
    if not indicators or not lines:
        return
    year = int(section.number) if section.number.isdigit() and len(section.number) == 4 else None
    for indicator, texts in _shared_out(lines, indicators):
        for text in texts:
            bare = text.marker is None or not text.marker.is_sure or not has_letters(text.plain)
            cell = f"{tidy(text.whole if bare else text.body)} {section.unit}".strip()
            _give(indicator, _with_column_years(cell_targets(cell, indicator.text, year=year), section.years))


def _shared_out(lines: list[Text], indicators: list[Indicator]) -> list[tuple[Indicator, list[Text]]]:
    """Which lines are whose: one each when the counts agree, one for all, else all for the last."""
    if len(lines) == len(indicators):
        return [(indicator, [line]) for indicator, line in zip(indicators, lines, strict=True)]
    if len(lines) == 1:
        return [(indicator, lines) for indicator in indicators]
    return [(indicators[-1], lines)]
