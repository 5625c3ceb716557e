"""Reads a published plan (txt, html, docx, pdf) into its structure; pure functions, no database, no Django."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from khet.plan.reader.document import Document, UnreadableDocument, from_text, load, load_bytes
from khet.plan.reader.reading import Indicator, Item, Notice, PlanReading, Strategy, Target, Value

__all__ = [
    "Document", "Indicator", "Item", "Notice", "PlanReading", "Strategy", "Target", "UnreadableDocument", "Value",
    "load", "load_bytes", "read_document", "read_plan",
]  # fmt: skip


def read_plan(
    source: str | Path | Sequence[str],
    *,
    today: date | None = None,
    suggest: Callable[[Indicator], str | None] | None = None,
    lang: str = "th",
) -> dict:
    """The plan in a file, or in lines, as the JSON of `khet plan read`.

    today    the day by which a year counts as passed; now, when not given
    suggest  finds the catalogue measure for an indicator, by its text and targets
    raises   UnreadableDocument, naming the file and the mend
    """
    document = load(source, lang=lang) if isinstance(source, str | Path) else from_text("\n".join(source))
    return read_document(document, today=today, suggest=suggest).as_dict(lang)


def read_document(
    document: Document, *, today: date | None = None, suggest: Callable[[Indicator], str | None] | None = None
) -> PlanReading:
    """The plan in a document, every part with its line numbers, for the review page."""
    from khet.plan.reader.assemble import assemble

    reading = assemble(document, today=today or date.today())
    if suggest:
        for indicator in reading.all_indicators():
            indicator.measure = suggest(indicator)
    return reading
