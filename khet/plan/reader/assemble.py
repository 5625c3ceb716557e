"""From a document to a reading: sections, outline, notices; SQL dumps by their rows."""

from datetime import date

from khet.plan.reader.document import Document
from khet.plan.reader.endings import is_cut
from khet.plan.reader.measure import Measure
from khet.plan.reader.notices import notices_of
from khet.plan.reader.outline import outline
from khet.plan.reader.reading import PlanReading
from khet.plan.reader.sections import sections


def assemble(document: Document, *, today: date) -> PlanReading:
    """The plan the document holds."""
    if document.kind == "sql":
        from khet.plan.reader.sql import read_sql

        reading = read_sql(document)
    else:
        measure = Measure.of(document)
        reading = outline(sections(document), measure)
    reading.document_lines = document.lines
    reading.complete = not is_cut(document)
    reading.notices = notices_of(reading, document, today=today)
    return reading
