"""Staff of schools and office: one row a person and place, for a year."""

from khet.kit.secrets import keyed_hash
from khet.registers.intake.bulk import rows_in
from khet.registers.intake.cleaning import split_code
from khet.registers.intake.records import Records, digest_rows
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
from khet.registers.intake.targets.finding import drop_doubles
from khet.registers.intake.targets.people import People, Prefixes, Wanted, core_of, merge
from khet.registers.people.models import PERSON_ID, StaffPost

FIELDS = (
    "position", "standing", "staff_type", "post_number", "major", "appointed", "licence_expires", "pa_passed", "until",
    "details",
)  # fmt: skip
UNTIL, DETAILS = FIELDS.index("until"), FIELDS.index("details")


class Staff(Target):
    """A post of a person at a school in a year; who is missing from a later list of that year has left on its day."""

    subject = "staff"

    def compare(self, records: Records, context: Context) -> Difference:
        good = list(records.good())
        years = self._years(records, context)
        people = People(records, year=context.year, as_of=context.as_of)
        persons = self._persons(records, people, good)
        good = drop_doubles(
            records, {index: (person, context.orgs[index], years[index]) for index, person in persons.items()}
        )
        difference = Difference([None] * len(records), context.orgs, {self.subject}, {years[index] for index in good})
        digests = digest_rows(records, sorted(records.present - {"school_name"}))
        known = self._known(context, good, set(years))
        same = set()
        for index in good:
            there = known.get((persons[index], context.orgs[index], years[index]))
            if there and there[2] == digests[index] and there[1][UNTIL] is None:
                same.add(index)
        self._wishes(records, context, people, {i: persons[i] for i in good if i not in same})
        people.compare()
        adds, changes, seen = [], [], set()
        for index in good:
            key = (persons[index], context.orgs[index], years[index])
            seen.add(key)
            self._compare_one(
                records, context, index, key, known.get(key), digests, index in same, people, difference, adds, changes
            )
        leaving = self._gone(records, context, known, seen, difference)
        difference.work = {"people": people, "adds": adds, "changes": changes + leaving}
        return difference

    def _compare_one(
        self, records, context, index, key, there, digests, same, people, difference, adds, changes
    ) -> None:
        row = self._row(records, index)
        if there is None:
            adds.append((*key, *row, digests[index], index))
            difference.status[index] = "new"
            self._sample(difference.new, records, index, context, [])
            return
        pk, before, digest, origin = there
        if same:
            difference.status[index] = "unchanged"
            return
        after = list(
            b if a is None and place != UNTIL else a for place, (b, a) in enumerate(zip(before, row, strict=True))
        )
        after[DETAILS] = merge(before[DETAILS], row[DETAILS])
        notes = [(n, b, a) for n, b, a in zip(FIELDS, before, after, strict=True) if b != a and n != "details"]
        notes += [("details", None, None)] if before[DETAILS] != after[DETAILS] else []
        notes += people.changed.get(key[0], [])
        difference.status[index] = "changed" if notes else "unchanged"
        if notes:
            changes.append(Change(pk, (*before, digest), (*after, digests[index]), origin, place_of(records, index)))
            self._sample(difference.changed, records, index, context, notes)

    @staticmethod
    def _years(records: Records, context: Context) -> list[int]:
        """The year of each record: the budget year it names (its days lie in the academic year of that number)."""
        return [year if year else context.year for year in _numbers(records.column("fiscal_year"))]

    @staticmethod
    def _persons(records: Records, people: People, good: list[int]) -> dict[int, int]:
        hashes = [keyed_hash(cell[1], PERSON_ID) if cell else None for cell in records.column("person_id")]
        people.look_up(h for h in hashes if h)
        persons = {}
        for index in good:
            person = people.known.get(hashes[index])
            if person is None:
                person = people.new_person()
                people.identify(person, (*records.column("person_id")[index], hashes[index]), index)
            persons[index] = person
        return persons

    @staticmethod
    def _wishes(records: Records, context: Context, people: People, persons: dict[int, int]) -> None:
        prefixes = Prefixes()
        columns = [records.column(n) for n in ("prefix", "first_name", "last_name", "sex", "birth_date")]
        for index, person in persons.items():
            core = core_of(prefixes, *(column[index] for column in columns), None, context.orgs[index])
            people.want(person, Wanted(index, core))

    @staticmethod
    def _row(records: Records, index: int) -> tuple:
        cell = {name: values[index] for name, values in records.columns.items()}
        passed = cell.get("pa_result")
        position, words = split_code(cell.get("position"))
        details = {"licence": cell.get("licence"), "position_words": words or None}
        return (
            position or "", split_code(cell.get("standing"))[0] or "", split_code(cell.get("staff_type"))[0] or "",
            str(cell.get("post_number") or "")[:20], (cell.get("major") or "")[:80], cell.get("appointed"),
            cell.get("licence_expires"), None if passed is None else passed == "passed", None,
            {name: value for name, value in details.items() if value},
        )  # fmt: skip

    @staticmethod
    def _known(context: Context, good: list[int], years: set[int]) -> dict[tuple, tuple]:
        rows = rows_in(
            StaffPost.objects.filter(year__in=years), "school_id", {context.orgs[index] for index in good},
            "person_id", "school_id", "year", "pk", "digest", *FIELDS, *SOURCED,
        )  # fmt: skip
        size = 5 + len(FIELDS)
        return {row[:3]: (row[3], tuple(row[5:size]), row[4], tuple(row[size:])) for row in rows}

    @staticmethod
    def _gone(records: Records, context: Context, known, seen, difference: Difference) -> list[Change]:
        if records.source.gone.act != "leave" or not len(records):
            return []
        doubtful = {context.orgs[index] for index in records.rejected | records.held}
        changes, place = [], (records.files[0], records.sheets[0], None)
        for key, (pk, before, digest, origin) in known.items():
            if key in seen or key[1] in doubtful or before[UNTIL] is not None:
                continue
            after = list(before)
            after[UNTIL] = context.as_of
            changes.append(Change(pk, (*before, digest), (*after, digest), origin, place))
            difference.gone.append(Sample(-1, key[1], str(before[0]), [("until", None, context.as_of)]))
        return changes

    @staticmethod
    def _sample(samples, records: Records, index: int, context: Context, notes) -> None:
        if len(samples) < SAMPLES:
            name = f"{records.columns['first_name'][index] or ''} {records.columns['last_name'][index] or ''}".strip()
            samples.append(Sample(index, context.orgs[index], name, notes))

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        work = difference.work
        ids = work["people"].write(writer)
        rows = ((ids.get(person, person), *rest, *place_of(records, index)) for person, *rest, index in work["adds"])
        writer.insert(StaffPost, ["person_id", "school_id", "year", *FIELDS, "digest"], rows)
        writer.change(StaffPost, [*FIELDS, "digest"], work["changes"])


def _numbers(column: list) -> list[int | None]:
    """C.E. years of a column of budget years, written 2568 or as a code."""
    from khet.kit.periods import from_be

    return [from_be(int(value)) if value else None for value in column]
