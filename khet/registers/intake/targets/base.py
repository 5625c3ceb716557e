"""What every register loader shares: the difference between a file and a register, and how it is written."""

import hashlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models

from khet.core.orgs.models import Org
from khet.registers.intake import bulk
from khet.registers.intake.records import Records

SOURCED = ("batch_id", "file_id", "sheet", "row")
SAMPLES = 500  # kept of each sort, for the preview


@dataclass
class Context:
    """What a comparison needs to know beside the records.

    scope     the org the load is for; None in an empty home
    as_of     the day the data speak of
    year      academic year (C.E. start) of that day or of the period the file names
    period    code of the period
    by        who loads
    orgs      {record index: org id} as the schools were matched
    as_of_from  where the day was found: given | title | file_name | assumed (today, for want of another)
    about     {record index: office | nation}, for result rows that speak of the whole area or country
    answers   {key: org id or None}: what an officer decided on names of schools and closures
    """

    scope: Org | None
    as_of: date
    year: int
    period: str
    by: object
    as_of_from: str = "given"
    orgs: list[int | None] = field(default_factory=list)
    office: Org | None = None
    answers: dict[str, int | None] = field(default_factory=dict)
    about: dict[int, str] = field(default_factory=dict)

    @property
    def assumed(self) -> bool:
        return self.as_of_from == "assumed"


@dataclass
class Sample:
    """A line of the preview: where it stands and what would change. Sensitive fields come masked.

    key   what it is in every language, where the label is in the reader's
    """

    index: int
    org: int | None
    label: str
    changes: list[tuple[str, object, object]] = field(default_factory=list)
    key: str = ""


@dataclass
class Difference:
    """What loading the records would do."""

    status: list[str | None]
    org_of: Sequence[int | None]
    subjects: set[str] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    gone: list[Sample] = field(default_factory=list)
    proposed: bool = False  # what is gone is only shown
    new: list[Sample] = field(default_factory=list)
    changed: list[Sample] = field(default_factory=list)
    work: dict = field(default_factory=dict)  # what `write` needs; each target's own

    def counts(self) -> dict[str, int]:
        found = Counter(status for status in self.status if status)
        return {
            "new": found["new"],
            "changed": found["changed"],
            "unchanged": found["unchanged"],
            "gone": len(self.gone),
        }

    def by_org(self, rejected: set[int], held: set[int]) -> list[tuple[int, dict[str, int]]]:
        """The same counts school by school."""
        table: dict[int | None, Counter] = {}
        for index, (status, org) in enumerate(zip(self.status, self.org_of, strict=True)):
            word = "rejected" if index in rejected else "held" if index in held else status
            if word and org is not None:
                table.setdefault(org, Counter()).update((word, "read"))
        for sample in self.gone:
            if sample.org is not None:
                table.setdefault(sample.org, Counter())["gone"] += 1
        return [(org, dict(counts)) for org, counts in table.items()]

    @property
    def is_empty(self) -> bool:
        counts = self.counts()
        return not (counts["new"] or counts["changed"] or (counts["gone"] and not self.proposed))

    def fingerprint(self) -> str:
        """The same for the same difference: what an officer was shown is what gets written."""
        gone = [(sample.org, sample.key or sample.label) for sample in self.gone]
        content = repr((self.status, gone, self.org_of if len(self.org_of) < 10**6 else 0))
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


class Target(ABC):
    """How the records of a source meet a register; `subject` is what a load of them touches."""

    subject = ""

    @abstractmethod
    def compare(self, records: Records, context: Context) -> Difference:
        """What loading the records would do. Reads only."""

    @abstractmethod
    def write(self, difference: Difference, records: Records, context: Context, writer: "Writer") -> None:
        """Carry the difference out, in the transaction of the load."""


class Writer:
    """Writes rows of a load and journals what it replaces."""

    def __init__(self, batch):
        self.batch = batch
        self.written: dict[str, Counter] = {}
        self._journal: list[tuple] = []

    def insert(self, model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]) -> None:
        """New rows; each ends with (file, sheet, row) of its line. They are found again by the load's number."""
        count = bulk.insert(
            model, [*names, "file_id", "sheet", "row", "batch_id"], ((*row, self.batch.pk) for row in rows)
        )
        self._count(model, "created", count)

    def change(self, model: type[models.Model], names: Sequence[str], changes: Iterable["Change"]) -> None:
        """Set the same fields of many rows, and where they came from."""
        changes = list(changes)
        own = self.batch.pk
        for change in changes:
            after = dict(zip((*names, *SOURCED), (*change.after, own, *change.place), strict=True))
            before = dict(zip((*names, *SOURCED), (*change.before, *change.origin), strict=True))
            self._note(model, change.key, "changed", before, after, change.origin[0])
        bulk.update(model, [*names, *SOURCED], ((c.key, *c.after, own, *c.place) for c in changes))
        self._count(model, "changed", len(changes))

    def remove(self, model: type[models.Model], rows: Iterable[dict]) -> None:
        """Delete rows, given whole as {field attname: value}."""
        rows = list(rows)
        for row in rows:
            self._note(model, row[model._meta.pk.attname], "removed", row, None, row.get("batch_id"))
        bulk.delete(model, [row[model._meta.pk.attname] for row in rows])
        self._count(model, "removed", len(rows))

    def created(self, *objects: models.Model) -> None:
        """Journal rows of models that do not carry a load's number (orgs), just created."""
        for thing in objects:
            self._note(type(thing), thing.pk, "created", None, snapshot(thing), None)
            self._count(type(thing), "created", 1)

    def replaced(self, thing: models.Model, before: dict) -> None:
        """Journal a row changed by another room's service; `before` is its snapshot from before."""
        if before != (after := snapshot(thing)):
            self._note(type(thing), thing.pk, "changed", before, after, before.get("batch_id"))
            self._count(type(thing), "changed", 1)

    def _note(self, model, key, act, before, after, before_batch) -> None:
        self._journal.append((model._meta.label_lower, key, act, plain(before), plain(after), before_batch))

    def _count(self, model, act, count) -> None:
        if count:
            self.written.setdefault(model._meta.label_lower, Counter())[act] += count

    def finish(self) -> dict:
        """Store the journal; what was written, by model."""
        from khet.registers.intake.models import BatchChange

        rows = ((self.batch.pk, *entry) for entry in self._journal)
        bulk.insert(BatchChange, ["batch", "model", "key", "act", "before", "after", "before_batch"], rows)
        self._journal = []
        return {model: dict(acts) for model, acts in self.written.items()}


@dataclass(slots=True)
class Change:
    """A row to change: values before and after in the order of the fields named to `Writer.change`.

    origin   (batch_id, file_id, sheet, row) it had; `place` the (file_id, sheet, row) it gets
    """

    key: int
    before: tuple
    after: tuple
    origin: tuple
    place: tuple


def snapshot(thing: models.Model) -> dict:
    """{field attname: plain value} of a row."""
    return plain({f.attname: f.value_from_object(thing) for f in thing._meta.concrete_fields if not f.primary_key})


def plain(values: dict | None) -> dict | None:
    """The values as JSON can hold them and get them back."""
    if values is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
        for name, value in values.items()
    }  # fmt: skip


def place_of(records: Records, index: int) -> tuple:
    """(file_id, sheet, row) of a record."""
    return records.files[index], records.sheets[index], records.rows[index]
