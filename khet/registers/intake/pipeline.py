"""From a load's files to the difference: recognise, read, check, match schools, compare. Reads only."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Kind
from khet.core.orgs.queries import default_office, office_of
from khet.kit.periods import Period
from khet.kit.thai import tidy
from khet.registers.intake import checking
from khet.registers.intake.faults import ERROR, NOTE, WARNING
from khet.registers.intake.models import Batch
from khet.registers.intake.period import find as find_period
from khet.registers.intake.period import year_of
from khet.registers.intake.reading import sheets
from khet.registers.intake.recognise import Found, recognise
from khet.registers.intake.records import Reader, Records
from khet.registers.intake.schema import Source
from khet.registers.intake.targets import Context, Difference, target_of
from khet.registers.schools.matching import Matcher, alias_key, matcher, school_key


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
    place_schools(records, context, batch)
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


# -- schools ---------------------------------------------------------------------------------------------------------


def place_schools(records: Records, context: Context, batch: Batch) -> None:
    """Give each record its org. Names that do not fit wait for an officer: their records are held, none is lost."""
    context.orgs = [None] * len(records)
    options = records.source.options
    if records.source.target == "schools":
        return
    if options.get("org") == "office":
        context.orgs = [context.office.pk if context.office else None] * len(records)
        if context.office is None:
            records.fault(ERROR, -1, "", "office_missing")
            records.rejected.update(range(len(records)))
        return
    known = matcher(context.office, kinds=tuple(Kind) if options.get("org") == "any" else (Kind.SCHOOL, Kind.OFFICE))
    codes, names = records.column("school_code"), records.column("school_name")
    if options.get("org") == "any":
        codes, names = _code_or_name(records.column("org"), known)
    Placing(records, context, known, batch).run(codes, names)


def _code_or_name(cells: list, known: Matcher) -> tuple[list, list]:
    """A column that holds codes or names, as two."""
    codes = [cell if cell in known.by_code else None for cell in cells]
    return codes, [None if code else cell for code, cell in zip(codes, cells, strict=True)]


class Placing:
    """Matches the distinct pairs of code and name, and asks where they do not agree."""

    def __init__(self, records: Records, context: Context, known: Matcher, batch: Batch):
        self.records, self.context, self.known, self.batch = records, context, known, batch
        self.questions: dict[str, dict] = {}
        self.field = "school_name" if "school_name" in records.present else "school_code"
        if records.source.options.get("org") == "any":
            self.field = "org"

    def run(self, codes: list, names: list) -> None:
        rows: dict[tuple, list[int]] = {}
        for index, pair in enumerate(zip(codes, names, strict=True)):
            if index not in self.records.rejected:
                rows.setdefault(pair, []).append(index)
        for (code, name), indices in rows.items():
            self._place(code, name, indices)
        self._place_rejected(codes, names)
        if any(rule.check == "one_row_a_school" for rule in self.records.source.checks):
            self._tell_namesakes_apart(codes)
        self.batch.confirmations = self._merged()

    def _place(self, code, name, indices: list[int]) -> None:
        records, context = self.records, self.context
        if (about := self._reference(name)) and context.office:
            self._set(indices, context.office.pk)
            context.about.update(dict.fromkeys(indices, about))
            return
        key = f"school:{alias_key(code or '', name or '')}"
        match = self.known.match(code, name)
        org = match.org
        if org is None and key in context.answers:
            answer = context.answers[key]
            if answer is None:
                for index in indices:
                    records.fault(ERROR, index, self.field, "unknown_school", value=name or code)
                return
            org = next((o for o in self.known.by_code.values() if o.pk == answer), None)
        if org is None:
            self._ask(key, code, name, match, indices)
        elif context.scope and not org.is_under(context.scope):
            for index in indices:
                records.fault(ERROR, index, self.field, "outside_scope")
        else:
            self._set(indices, org.pk)
            if match.certainty == "similar":
                records.fault(NOTE, indices[0], self.field, "school_spelled", value=name, known=org.name)

    def _place_rejected(self, codes: list, names: list) -> None:
        """Rows that were refused belong to a school all the same: it must not lose pupils for a wrong cell."""
        for index in self.records.rejected:
            if self.context.orgs[index] is None:
                org = self.known.match(codes[index], names[index]).org
                if org is not None and (self.context.scope is None or org.is_under(self.context.scope)):
                    self.context.orgs[index] = org.pk

    def _set(self, indices: list[int], org: int) -> None:
        for index in indices:
            self.context.orgs[index] = org

    def _reference(self, name: str | None) -> str | None:
        """office or nation, when a row of a result file speaks of the whole area or country; kept with the office."""
        rules = self.records.source.options.get("references", {})
        return next((about for about, words in rules.items() if name and re.search(words, name)), None)

    def _ask(self, key: str, code, name, match, indices: list[int]) -> None:
        self.records.held.update(indices)
        known = self.known.by_code.get(code)
        arguments = {"value": name or code, "known": known.name if known else ""}
        for index in indices:
            self.records.fault(WARNING, index, self.field, "school_differs" if known else "unknown_school", **arguments)
        self.questions[key] = {
            "key": key, "kind": "school", "code": code or "", "name": name or "", "rows": len(indices),
            "row": self.records.rows[indices[0]], "score": round(match.score, 2),
            "suggestion": match.suggestion.pk if match.suggestion else None,
            "suggested": f"{match.suggestion.code} {match.suggestion.name}" if match.suggestion else "",
            "known": f"{known.code} {known.name}" if known else "",
        }  # fmt: skip

    def _tell_namesakes_apart(self, codes: list) -> None:
        """Rows that give one school twice while another of the same name has none: one of the codes is probably wrong.

        The order of the codes in the file suggests which row is whose; an officer decides.
        """
        rows_of: dict[int, list[int]] = {}
        for index in self.records.good():
            if index not in self.context.about:
                rows_of.setdefault(self.context.orgs[index], []).append(index)
        by_pk = {org.pk: org for org in self.known.by_code.values()}
        for pk, indices in rows_of.items():
            if len(indices) < 2 or pk not in by_pk:
                continue
            alike = self.known.by_key.get(school_key(by_pk[pk].name), [])
            free = [org for org in alike if org.pk != pk and org.pk not in rows_of]
            for index in indices if free else ():
                self._ask_of_row(index, [by_pk[pk], *free], codes, [self.records.rows[i] for i in indices])

    def _ask_of_row(self, index: int, candidates: list, codes: list, rows: list[int]) -> None:
        records, context = self.records, self.context
        key = f"row:{records.files[index]}:{records.sheets[index]}:{records.rows[index]}"
        if key in context.answers:
            context.orgs[index] = context.answers[key]
            if context.answers[key] is None:
                records.fault(ERROR, index, self.field, "unknown_school", value=candidates[0].name)
            return
        before = next((codes[i] for i in range(index - 1, -1, -1) if codes[i] and i not in records.held), "")
        after = next((codes[i] for i in range(index + 1, len(codes)) if codes[i]), "\uffff")
        likely = next((org for org in candidates if before < org.code < after), candidates[0])
        records.held.add(index)
        arguments = {"value": candidates[0].name, "known": ", ".join(map(str, rows)), "other": candidates[1].code}
        records.fault(WARNING, index, self.field, "namesakes", **arguments)
        self.questions[key] = {
            "key": key, "kind": "row", "code": candidates[0].code, "name": candidates[0].name, "rows": 1,
            "row": records.rows[index], "score": 0.5, "suggestion": likely.pk, "suggested": f"{likely.code} {likely.name}",
            "known": ", ".join(f"{org.code} {org.name}" for org in candidates),
        }  # fmt: skip

    def _merged(self) -> list[dict]:
        """The questions of this reading, and the answers given to earlier ones."""
        answered = [item for item in self.batch.confirmations if "answer" in item]
        return answered + [q for key, q in self.questions.items() if key not in {item["key"] for item in answered}]


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
