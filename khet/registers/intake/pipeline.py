"""From a load's files to the difference: recognise, read, check, match schools, compare. Reads only."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.queries import default_office, office_of
from khet.kit.periods import Period
from khet.kit.thai import tidy
from khet.registers.intake import checking
from khet.registers.intake.faults import ERROR, NOTE, WARNING
from khet.registers.intake.models import Batch
from khet.registers.intake.period import find as find_period
from khet.registers.intake.period import year_of
from khet.registers.intake.placing import place
from khet.registers.intake.reading import sheets
from khet.registers.intake.recognise import Found, recognise
from khet.registers.intake.records import Reader, Records
from khet.registers.intake.schema import Source
from khet.registers.intake.targets import Context, Difference, target_of


@dataclass
class Reading:
    """What the files of a load are: sheets recognised as one source, or none."""

    source: Source | None
    found: list[tuple[int, Found]] = field(default_factory=list)  # file number, sheet
    left: list[tuple[int, Found]] = field(default_factory=list)  # sheets of another kind
    best: Found | None = None


@dataclass
class Prepared:
    """A load ready to be written."""

    records: Records
    context: Context
    difference: Difference
    reading: Reading


def read_files(files: list[tuple[str, bytes]], *, wanted: str = "") -> Reading:
    """Recognise the sheets of a load's files; the source most rows' sheets agree on is the load's."""
    known = sorted(catalogue().all("source"), key=lambda s: s.order)
    asked = catalogue().get("source", wanted) if wanted else None
    seen: list[tuple[int, Found]] = []
    for number, (name, content) in enumerate(files):
        seen += [(number, recognise(sheet, known, name=name, wanted=asked)) for sheet in sheets(content)]
    votes = Counter(found.source.id for _number, found in seen if found.source)
    best = max(
        votes,
        key=lambda id: (votes[id], max(f.score for _n, f in seen if f.source and f.source.id == id)),
        default=None,
    )
    reading = Reading(catalogue().get("source", best) if best else None)
    for number, found in seen:
        if found.source and found.source.id == best:
            reading.found.append((number, found))
        elif found.header:
            reading.left.append((number, found))
    reading.best = reading.found[0][1] if reading.found else next((f for _n, f in reading.left), None)
    return reading


def prepare(batch: Batch, reading: Reading, names: list[str], *, by, progress=None) -> Prepared:
    """Read, check, match and compare. The register is only read."""
    source = reading.source
    reader = Reader(source, progress=progress)
    for number, found in reading.found:
        reader.add(found, number)
    records = reader.done()
    return compare(batch, records, reading, names, by=by)


def compare(batch: Batch, records: Records, reading: Reading, names: list[str], *, by) -> Prepared:
    """Check cleaned records against each other and the register."""
    source = records.source
    context = _context(batch, source, reading, names, records, by)
    _remarks(records, reading)
    place(records, context, batch)
    _refuse_older(batch, records, context)
    checking.run(records, context)
    difference = target_of(source.target).compare(records, context)
    for index in records.rejected | records.held:
        difference.status[index] = None
    return Prepared(records, context, difference, reading)


def _context(batch: Batch, source: Source, reading: Reading, names, records: Records, by) -> Context:
    given = batch.as_of if batch.as_of_given else None
    when = find_period(source.period, given=given, titles=[f.title for _n, f in reading.found], names=names)
    if when.place == "assumed" and source.period.places != ("column",):
        records.fault(NOTE, -1, "", "as_of_assumed", value=_be(when.as_of))
    scope = batch.org
    office = office_of(scope) if scope else default_office()
    answers = {item["key"]: item["answer"] for item in batch.confirmations if "answer" in item}
    context = Context(scope, when.as_of, year_of(when.period), when.period.code, by, office=office, answers=answers)
    context.as_of_from = when.place
    return context


def _be(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year + 543}"


def _refuse_older(batch: Batch, records: Records, context: Context) -> None:
    """Refuse the rows of schools of which a later file of this source and period is in: they would turn time back."""
    source = records.source
    if source.gone.act not in ("leave", "remove") or context.assumed:
        return
    later: dict[int, date] = {}
    loads = Batch.objects.committed().filter(source=source.id, period=context.period, as_of__gt=context.as_of)
    for load in loads.exclude(pk=batch.pk).only("schools", "as_of", "recognised"):
        if load.recognised.get("as_of_from") != "assumed":
            later |= {org: max(load.as_of, later.get(org, load.as_of)) for org, _counts in load.schools}
    for index in list(records.good()) if later else ():
        if (newer := later.get(context.orgs[index])) is not None:
            field = "school_code" if "school_code" in records.present else ""
            records.fault(ERROR, index, field, "older_file", value=_be(context.as_of), known=_be(newer))


def _remarks(records: Records, reading: Reading) -> None:
    """What is worth saying of the files themselves."""
    for number, found in reading.left:
        records.fault(NOTE, -1, "", "sheet_left", value=found.sheet.name or str(number + 1))
    if any(found.sheet.damaged for _number, found in reading.found):
        records.fault(WARNING, -1, "", "damaged_letters")
    if any(found.assumed for _number, found in reading.found):
        records.fault(WARNING, -1, "", "variant_assumed", value=str(records.source.title))
    if not len(records):
        records.fault(WARNING, -1, "", "nothing_found")
    for header in dict.fromkeys(header for _number, found in reading.found for header in found.unread):
        records.fault(NOTE, -1, "", "unknown_column", value=tidy(header)[:80])


def propose_closures(prepared: Prepared, batch: Batch) -> None:
    """Ask about each school that a new register no longer lists."""
    if not prepared.difference.proposed:
        return
    answered = {item["key"] for item in batch.confirmations if "answer" in item}
    for sample in prepared.difference.gone:
        key = f"close:{sample.org}"
        if key not in answered:
            batch.confirmations.append({
                "key": key, "kind": "closure", "code": "", "name": sample.label, "rows": 1, "row": None, "score": 0,
                "suggestion": sample.org, "suggested": sample.label, "known": "",
            })  # fmt: skip


def period_of_batch(batch: Batch) -> Period | None:
    return Period.parse(batch.period) if batch.period else None


def words_of(reading: Reading) -> str:
    """Why the files were taken for this source, in words."""
    found = reading.best
    total = len(reading.source.columns)
    return _("%(found)s of %(total)s columns were found; row %(row)s holds the headers.") % {
        "found": len(found.places), "total": total, "row": found.header_row,
    }  # fmt: skip
