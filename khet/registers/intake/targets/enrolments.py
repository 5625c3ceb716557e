"""Pupils on the roll: a school export of one day against the enrolments of its academic year."""

from khet.kit.thai import name_key
from khet.registers.intake.bulk import rows_in
from khet.registers.intake.cleaning import split_code
from khet.registers.intake.faults import NOTE, WARNING
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
from khet.registers.intake.targets.finding import drop_doubles, resolve
from khet.registers.intake.targets.people import REMOVE, People, Prefixes, Wanted, core_of
from khet.registers.people.models import Enrolment

FIELDS = (
    "grade", "room", "student_number", "left", "leave_reason", "hanging", "disadvantaged", "weight", "height",
)  # fmt: skip
NOT_KEPT = {"age", "school_name"}  # read for their checks only
LEFT = FIELDS.index("left")
PARENTS = ("guardian", "father", "mother")


class Enrolments(Target):
    """One row, one pupil at one school in one academic year."""

    subject = "enrolments"

    def compare(self, records: Records, context: Context) -> Difference:
        good = list(records.good())
        people = People(records, year=context.year, as_of=context.as_of)
        persons = resolve(people, context.orgs, good)
        good = drop_doubles(records, {index: (person, context.orgs[index]) for index, person in persons.items()})
        persons = {index: persons[index] for index in good}
        difference = Difference([None] * len(records), context.orgs, {self.subject}, {context.year})
        digests = digest_rows(records, sorted(records.present - NOT_KEPT))
        known = self._known(context, good)
        same = set()
        for index in good:
            there = known.get((persons[index], context.orgs[index]))
            if there and there[2] == digests[index] and there[1][LEFT] is None:
                same.add(index)
        self._wishes(
            records, context, people, {index: person for index, person in persons.items() if index not in same}
        )
        people.compare()
        adds, changes, seen = [], [], set()
        schools_known = {school for _person, school in known}
        for index in good:
            person, school = persons[index], context.orgs[index]
            row = self._row(records, index)
            seen.add((person, school))
            there = known.get((person, school))
            if there is None:
                entered = context.as_of if school in schools_known else None
                adds.append((person, school, context.year, *row, entered, digests[index], index))
                difference.status[index] = "new"
                self._sample(difference.new, records, index, context, [])
                continue
            pk, before, digest, origin = there
            if index in same:
                difference.status[index] = "unchanged"
                continue
            after = tuple(
                b if a is None and name not in ("left",) else a for name, b, a in zip(FIELDS, before, row, strict=True)
            )
            notes = [(name, b, a) for name, b, a in zip(FIELDS, before, after, strict=True) if b != a]
            notes += people.changed.get(person, [])
            difference.status[index] = "changed" if notes else "unchanged"
            # What a later row of a person says is not heard; kept as read, it is not taken for news next time either.
            if notes or people.wanted[person].index != index:
                changes.append(
                    Change(pk, (*before, digest), (*after, digests[index]), origin, place_of(records, index))
                )
            if notes:
                self._sample(difference.changed, records, index, context, notes)
        self._one_school(records, good, persons, context)
        leaving = self._gone(records, context, known, seen, people, difference)
        difference.work = {"people": people, "adds": adds, "changes": changes, "leaving": leaving}
        return difference

    def _known(self, context: Context, good: list[int]) -> dict[tuple[int, int], tuple]:
        """{(person, school): (pk, fields, digest, origin)} of the year's enrolments at the file's schools."""
        schools = {context.orgs[index] for index in good}
        rows = rows_in(
            Enrolment.objects.filter(year=context.year), "school_id", schools,
            "person_id", "school_id", "pk", "digest", *FIELDS, *SOURCED,
        )  # fmt: skip
        size = 4 + len(FIELDS)
        return {(row[0], row[1]): (row[2], tuple(row[4:size]), row[3], tuple(row[size:])) for row in rows}

    def _row(self, records: Records, index: int) -> tuple:
        """The enrolment fields of a row, in the order of FIELDS."""
        columns = records.columns
        kind = columns["disadvantage"][index] if "disadvantage" in records.present else None
        return (
            columns["grade"][index],
            str(columns["room"][index] or "")[:10],
            str(columns["student_number"][index] or "")[:20],
            None,
            "",
            bool(columns["hanging"][index]),
            (kind not in (None, "none")) if "disadvantage" in records.present else None,
            columns["weight"][index],
            columns["height"][index],
        )

    def _wishes(self, records: Records, context: Context, people: People, persons: dict[int, int]) -> None:
        columns, prefixes = {name: records.column(name) for name in records.source.by_field}, Prefixes()
        ids, said = columns["person_id"], records.present
        for index, person in persons.items():
            if person in people.wanted:
                continue
            cell = {name: columns[name][index] for name in said}
            get = cell.get
            core = core_of(
                prefixes, get("prefix"), get("first_name"), get("last_name"), get("sex"), get("birth_date"),
                get("nationality"), context.orgs[index],
            )  # fmt: skip
            people.want(
                person, Wanted(index, core, self._sensitive(cell), self._guardians(cell), self._addresses(cell))
            )
            if ids[index] is None:
                records.fault(NOTE, index, "person_id", "no_id")

    @staticmethod
    def _sensitive(cell: dict) -> dict:
        found = {name: split_code(cell[name])[0] for name in ("religion", "ethnicity", "blood_group") if cell.get(name)}
        if "disadvantage" in cell:
            kind, original = split_code(cell["disadvantage"])
            found["disadvantage"] = REMOVE if kind in (None, "none") else kind
            found["disadvantage_words"] = original or REMOVE
        return found

    @staticmethod
    def _guardians(cell: dict) -> dict[str, tuple[str, dict]]:
        found = {}
        for role in PARENTS:
            details = {
                name: value for name in ("prefix", "first_name", "last_name", "occupation")
                if (value := cell.get(f"{role}_{name}"))
            }  # fmt: skip
            if details:
                found[role] = ((cell.get(f"{role}_relation") or "")[:40], details)
        return found

    @staticmethod
    def _addresses(cell: dict) -> dict[str, tuple]:
        details = {name: value for name in ("house", "village", "road") if (value := cell.get(name))}
        places = tuple((cell.get(name) or "")[:80] for name in ("subdistrict", "district", "province"))
        return {"current": (*places, details)} if details or any(places) else {}

    def _one_school(self, records: Records, good, persons, context) -> None:
        """A pupil on two rolls is kept on both, and both schools are told."""
        first: dict[int, int] = {}
        for index in good:
            before = first.setdefault(persons[index], index)
            if context.orgs[before] != context.orgs[index]:
                records.fault(WARNING, index, "person_id", "two_schools", row=records.rows[before])

    def _gone(self, records: Records, context: Context, known, seen, people: People, difference) -> list[Change]:
        """Pupils of the file's schools who are not in it left on its day; not those whose row was only put aside.

        A row that was put aside is theirs by identifier, by number, or by the name that this load leaves them.
        """
        if records.source.gone.act != "leave":
            return []
        doubtful, renamed = self._doubtful(records, context, people), people.name_keys()
        missing = {
            there[0]: (person, school, there)
            for (person, school), there in known.items()
            if (person, school) not in seen
        }
        missing = {pk: value for pk, value in missing.items() if value[2][1][LEFT] is None}
        names = {
            row[0]: row[1:] for row in rows_in(
                Enrolment.objects.all(), "pk", missing, "pk", "student_number", "person__name_key",
                "person__first_name", "person__last_name", "row",
            )
        }  # fmt: skip
        changes = []
        place = (records.files[0], records.sheets[0], None) if len(records) else (None, "", None)
        for pk, (person, school, (_pk, before, digest, origin)) in missing.items():
            number, key, first, last, _row = names[pk]
            if doubtful & {(school, person), (school, number), (school, renamed.get(person, key))}:
                continue
            after = list(before)
            after[LEFT] = context.as_of
            changes.append(Change(pk, (*before, digest), (*after, digest), origin, place))
            difference.gone.append(Sample(-1, school, f"{first} {last}", [("left", None, context.as_of)]))
        return changes

    @staticmethod
    def _doubtful(records: Records, context: Context, people: People) -> set[tuple]:
        """(school, person), (school, number) and (school, name) of rows that were rejected or held."""
        numbers, firsts, lasts = (records.column(name) for name in ("student_number", "first_name", "last_name"))
        out = set()
        for index in records.rejected | records.held:
            school = context.orgs[index]
            out.add((school, people.known_by_id(index)))
            out.add((school, numbers[index]))
            out.add((school, name_key(firsts[index] or "", lasts[index] or "")))
        return out

    @staticmethod
    def _sample(samples: list[Sample], records: Records, index: int, context: Context, notes) -> None:
        if len(samples) < SAMPLES:
            name = f"{records.columns['first_name'][index] or ''} {records.columns['last_name'][index] or ''}".strip()
            samples.append(Sample(index, context.orgs[index], name, notes))

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        work = difference.work
        ids = work["people"].write(writer)
        rows = ((ids.get(person, person), *rest, *place_of(records, index)) for person, *rest, index in work["adds"])
        writer.insert(Enrolment, ["person_id", "school_id", "year", *FIELDS, "entered", "digest"], rows)
        writer.change(Enrolment, [*FIELDS, "digest"], [*work["changes"], *work["leaving"]])
