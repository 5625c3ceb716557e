"""Absences by exception: one row a pupil and day (or half of one)."""

from khet.kit.periods import academic_year
from khet.registers.intake.bulk import pieces
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
from khet.registers.progress.models import Absence

PARTS = {
    "whole": Absence.Part.WHOLE.value,
    "morning": Absence.Part.MORNING.value,
    "afternoon": Absence.Part.AFTERNOON.value,
}


class Absences(Target):
    """Adds and corrects; an absence entered by mistake goes by undoing its load."""

    subject = "absences"

    def compare(self, records: Records, context: Context) -> Difference:
        dates, kinds = records.column("date"), records.column("kind")
        parts = [PARTS[part or "whole"] for part in records.column("part")]
        year_of = {day: academic_year(day).year for day in set(dates) if day}
        enrolments = spells.find(records, context, [year_of.get(day) for day in dates])
        difference = Difference([None] * len(records), context.orgs, {self.subject}, set(year_of.values()))
        known = self._known(enrolments, dates)
        status, seen = difference.status, {}
        adds, changes = [], []
        for index in list(records.good()):
            key = (enrolments[index], dates[index], parts[index])
            if (first := seen.setdefault(key, index)) != index:
                records.fault(ERROR, index, "date", "absence_twice", row=records.rows[first])
                continue
            there = known.get(key)
            if there is None:
                adds.append(index)
                status[index] = "new"
                self._sample(difference.new, records, index, context, [])
            elif there[1] != kinds[index]:
                changes.append(Change(there[0], (there[1],), (kinds[index],), there[2:], place_of(records, index)))
                status[index] = "changed"
                self._sample(difference.changed, records, index, context, [("kind", there[1], kinds[index])])
            else:
                status[index] = "unchanged"
        difference.work = {"adds": adds, "changes": changes, "enrolments": enrolments, "parts": parts}
        return difference

    @staticmethod
    def _known(enrolments, dates) -> dict[tuple, tuple]:
        """{(enrolment, day, part): (pk, kind, origin)} of the days the file speaks of."""
        days = {day for day in dates if day}
        if not days:
            return {}
        rows = Absence.objects.filter(date__range=(min(days), max(days)))
        if not rows.exists():
            return {}
        wanted, found = {pk for pk in enrolments if pk}, {}
        for piece in pieces(wanted):
            for row in rows.filter(enrolment__in=piece).values_list(
                "enrolment_id", "date", "part", "pk", "kind", *SOURCED
            ):
                found[row[:3]] = row[3:]
        return found

    @staticmethod
    def _sample(samples, records: Records, index: int, context: Context, notes) -> None:
        if len(samples) < SAMPLES:
            day = records.column("date")[index]
            samples.append(Sample(index, context.orgs[index], day.isoformat() if day else "", notes))

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        work = difference.work
        enrolments, parts = work["enrolments"], work["parts"]
        dates, kinds = records.column("date"), records.column("kind")
        files, sheets, rows = records.files, records.sheets, records.rows
        writer.insert(
            Absence,
            ["enrolment_id", "date", "part", "kind"],
            ((enrolments[i], dates[i], parts[i], kinds[i], files[i], sheets[i], rows[i]) for i in work["adds"]),
        )
        writer.change(Absence, ["kind"], work["changes"])
