"""Results by subject: one row a pupil, semester and subject."""

from khet.kit.periods import Period
from khet.registers.intake.bulk import pieces
from khet.registers.intake.cleaning import split_code
from khet.registers.intake.faults import ERROR
from khet.registers.intake.records import Records
from khet.registers.intake.targets import spells
from khet.registers.intake.targets.base import (
    SAMPLES,
    SOURCED,
    Change,
    Context,
    Difference,
    Sample,
    Target,
    Writer,
    place_of,
)  # fmt: skip
from khet.registers.progress.models import Mark

FIELDS = ("subject", "learning_area", "credits", "result")


class Marks(Target):
    """Adds and corrects; a mark mended later (ร to 2) is a change, with its line."""

    subject = "marks"

    def compare(self, records: Records, context: Context) -> Difference:
        periods = {code: Period.parse(code) for code in set(records.column("semester")) if code}
        semesters = [periods.get(code) for code in records.column("semester")]
        years = [period.year if period else None for period in semesters]
        enrolments = spells.find(records, context, years)
        difference = Difference([None] * len(records), context.orgs, {self.subject}, {year for year in years if year})
        known = self._known(enrolments)
        columns = [records.column(name) for name in ("subject", "learning_area", "credits", "result")]
        codes = records.column("subject_code")
        adds, changes, seen, status = [], [], {}, difference.status
        for index in list(records.good()):
            key = (enrolments[index], semesters[index].part, codes[index][:20])
            if (first := seen.setdefault(key, index)) != index:
                records.fault(ERROR, index, "subject_code", "mark_twice", row=records.rows[first])
                continue
            row = self._row([column[index] for column in columns])
            there = known.get(key)
            if there is None:
                adds.append((*key, *row, index))
                status[index] = "new"
                self._sample(difference.new, records, index, context, [])
                continue
            before = there[1]
            if before == row:
                status[index] = "unchanged"
                continue
            changes.append(Change(there[0], before, row, there[2], place_of(records, index)))
            status[index] = "changed"
            notes = [(name, b, a) for name, b, a in zip(FIELDS, before, row, strict=True) if b != a]
            self._sample(difference.changed, records, index, context, notes)
        difference.work = {"adds": adds, "changes": changes}
        return difference

    @staticmethod
    def _row(cells: list) -> tuple:
        subject, area, credits, result = cells
        return (subject or "")[:120], (split_code(area)[0] or "")[:60], credits, result

    @staticmethod
    def _known(enrolments) -> dict[tuple, tuple]:
        """{(enrolment, semester, subject code): (pk, fields, origin)} of the file's pupils."""
        found = {}
        for piece in pieces({pk for pk in enrolments if pk}):
            rows = Mark.objects.filter(enrolment__in=piece)
            for row in rows.values_list("enrolment_id", "semester", "subject_code", "pk", *FIELDS, *SOURCED):
                found[row[:3]] = (row[3], row[4 : 4 + len(FIELDS)], row[4 + len(FIELDS) :])
        return found

    @staticmethod
    def _sample(samples, records: Records, index: int, context: Context, notes) -> None:
        if len(samples) < SAMPLES:
            label = f"{records.column('semester')[index]} {records.column('subject_code')[index]}"
            samples.append(Sample(index, context.orgs[index], label, notes))

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        rows = ((*row[:-1], *place_of(records, row[-1])) for row in difference.work["adds"])
        writer.insert(Mark, ["enrolment_id", "semester", "subject_code", *FIELDS], rows)
        writer.change(Mark, FIELDS, difference.work["changes"])
