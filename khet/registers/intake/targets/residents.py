"""The civil registration's list of children: one row a child, one list a day."""

import uuid

from khet.kit.secrets import keyed_hash
from khet.kit.thai import name_key
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
from khet.registers.intake.targets.people import Prefixes
from khet.registers.people.models import PERSON_ID
from khet.registers.residents.models import Resident

FIELDS = (
    "prefix", "first_name", "last_name", "name_key", "sex", "birth_date", "status", "subdistrict", "district",
    "province", "details",
)  # fmt: skip
QUIET = ("name_key", "details")


class Residents(Target):
    """A list is a picture of one day; a later list stands beside it, so that the years can be compared."""

    subject = "residents"

    def compare(self, records: Records, context: Context) -> Difference:
        difference = Difference([None] * len(records), context.orgs, {self.subject}, {context.year})
        digests = digest_rows(records, sorted(records.present))
        hashes = [keyed_hash(cell[1], PERSON_ID) if cell else None for cell in records.column("person_id")]
        office = context.office.pk if context.office else None
        listed = Resident.objects.filter(org=office, list_date=context.as_of)
        known = {
            row[0]: (row[1], tuple(row[3 : 3 + len(FIELDS)]), row[2], tuple(row[3 + len(FIELDS) :]))
            for row in rows_in(
                listed,
                "identifier_hash",
                {h for h in hashes if h},
                "identifier_hash",
                "pk",
                "digest",
                *FIELDS,
                *SOURCED,
            )
        }
        prefixes = Prefixes()
        adds, changes = [], []
        for index in records.good():
            there = known.get(hashes[index])
            if there and there[2] == digests[index]:
                difference.status[index] = "unchanged"
                continue
            row = self._row(records, index, prefixes)
            if there is None:
                adds.append((row, hashes[index], digests[index], index))
                difference.status[index] = "new"
                self._sample(difference.new, records, index, context, [])
                continue
            pk, before, digest, origin = there
            notes = [(n, b, a) for n, b, a in zip(FIELDS, before, row, strict=True) if b != a and n not in QUIET]
            notes += [("details", None, None)] if before[-1] != row[-1] else []
            difference.status[index] = "changed" if notes else "unchanged"
            if notes:
                changes.append(Change(pk, (*before, digest), (*row, digests[index]), origin, place_of(records, index)))
                self._sample(difference.changed, records, index, context, notes)
        difference.work = {"adds": adds, "changes": changes, "office": office}
        return difference

    @staticmethod
    def _row(records: Records, index: int, prefixes: Prefixes) -> tuple:
        cell = {name: values[index] for name, values in records.columns.items()}
        first, last = cell.get("first_name") or "", cell.get("last_name") or ""
        details = {name: cell[name] for name in ("house", "village", "father_name", "mother_name") if cell.get(name)}
        return (
            prefixes[cell.get("prefix") or ""], first[:100], last[:100], name_key(first, last)[:200],
            cell.get("sex") or "", cell.get("birth_date"), split_code(cell.get("status"))[0] or "living",
            *((cell.get(name) or "")[:80] for name in ("subdistrict", "district", "province")), details,
        )  # fmt: skip

    @staticmethod
    def _sample(samples, records: Records, index: int, context: Context, notes) -> None:
        if len(samples) < SAMPLES:
            name = f"{records.columns['first_name'][index] or ''} {records.columns['last_name'][index] or ''}".strip()
            samples.append(Sample(index, context.orgs[index], name, notes))

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        work, ids = difference.work, records.column("person_id")
        rows = (
            (
                uuid.uuid4(),
                work["office"],
                context.as_of,
                *row,
                ids[index][1],
                value_hash,
                digest,
                *place_of(records, index),
            )
            for row, value_hash, digest, index in work["adds"]
        )
        names = ["ref", "org_id", "list_date", *FIELDS, "identifier", "identifier_hash", "digest"]
        writer.insert(Resident, names, rows)
        writer.change(Resident, [*FIELDS, "digest"], work["changes"])
