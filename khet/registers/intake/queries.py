"""Reading loads. The viewer comes first."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from khet.core.accounts.access import can
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import schools_of
from khet.registers.intake import lines, store
from khet.registers.intake.faults import SEVERITIES
from khet.registers.intake.mapping import OWN
from khet.registers.intake.models import Batch, BatchFault, State
from khet.registers.intake.schema import Source
from khet.registers.intake.source_words import field_title
from khet.registers.intake.states import is_dead
from khet.registers.intake.tasks import is_waiting, waits_long

PERSONAL = ("enrolments", "profiles", "absences", "marks", "staff", "residents")  # targets whose rows are persons
NAMED = ("enrolments", "profiles", "staff", "residents")  # targets whose lines are called by a person's name
MISSING = frozenset(["pupil_unknown", "unknown_school", "office_missing"])  # faults that an earlier file may mend
_BEFORE_A_CONSONANT = "เแโใไ"  # vowels written before the consonant that a Thai initial is
FIRST_FAULTS = 4  # of each kind, on the load's page
FIRST_SAMPLES = 12
# Of persons, what a preview may show before and after; all else only as changed.
PLAIN = frozenset([
    "grade", "room", "student_number", "left", "leave_reason", "hanging", "subject", "learning_area", "credits",
    "result", "position", "standing", "staff_type", "post_number", "major", "appointed", "until", "prefix",
    "sex", "nationality",
])  # fmt: skip


def loads(viewer, org: Org | None = None) -> QuerySet:
    """Loads the viewer may see, newest first; of one office and its schools when it is named."""
    found = Batch.objects.visible_to(viewer).select_related("org", "created_by", "committed_by", "undone_by")
    return found.under([org.path]) if org is not None else found


def any_load() -> QuerySet:
    """Every load, whoever asks: for the page of a line, which decides by the line's own records."""
    return Batch.objects.select_related("org", "created_by")


def is_personal(batch: Batch) -> bool:
    """True unless the load is known to hold no rows about persons."""
    return batch.definition is None or batch.definition.target in PERSONAL


def is_working(batch: Batch) -> bool:
    """True while a step is asked for or under way."""
    return batch.is_busy or is_waiting(batch)


def is_stuck(batch: Batch) -> bool:
    """True when the process of the step under way has gone, or nobody begins it."""
    return is_dead(batch) if batch.is_busy else waits_long(batch)


def earlier(viewer, batch: Batch) -> list[Batch]:
    """Open loads whose source comes before this one's, where this one refers to something that is not there."""
    codes = {code for _severity, code, *_rest in batch.recognised.get("kinds", [])}
    if batch.definition is None or not (codes & MISSING or batch.counts.get("held")):
        return []
    ready = loads(viewer).filter(state__in=(State.RECEIVED, State.CHECKED), org=batch.org, committed_at__isnull=True)
    before = [
        one for one in ready.exclude(pk=batch.pk) if one.definition and one.definition.order < batch.definition.order
    ]
    return sorted(before, key=lambda one: one.definition.order)


@dataclass
class FaultKind:
    """All faults of a load that say the same of the same column."""

    severity: str
    code: str
    field: str
    count: int
    first: list[BatchFault] = field(default_factory=list)


def fault_kinds(batch: Batch) -> list[FaultKind]:
    """The load's faults by kind, the gravest and most frequent first, each with its first rows."""
    kinds = {tuple(kind): FaultKind(*kind, count) for *kind, count in batch.recognised.get("kinds", [])}
    place = Window(RowNumber(), partition_by=[F("severity"), F("code"), F("field")], order_by=["file", "row", "pk"])
    for fault in batch.faults.annotate(place=place).filter(place__lte=FIRST_FAULTS):
        kind = kinds.setdefault((fault.severity, fault.code, fault.field), FaultKind(*_kind(fault), 0))
        kind.first.append(fault)
    return sorted(kinds.values(), key=lambda kind: (SEVERITIES.index(kind.severity), -kind.count, kind.code))


def _kind(fault: BatchFault) -> tuple[str, str, str]:
    return fault.severity, fault.code, fault.field


def faults(batch: Batch, severity: str = "", code: str = "", column: str = "") -> QuerySet:
    """The load's faults in the order of the file, of one kind when it is named."""
    chosen = {"severity": severity, "code": code, "field": column}
    return batch.faults.filter(**{k: v for k, v in chosen.items() if v}).order_by("severity", "file", "row", "pk")


def by_school(batch: Batch) -> list[tuple[Org, dict[str, int]]]:
    """(school, counts) of the load's difference, by code."""
    orgs = Org.objects.in_bulk([org for org, _counts in batch.schools])
    rows = [(orgs[org], counts) for org, counts in batch.schools if org in orgs]
    return sorted(rows, key=lambda row: row[0].code)


@dataclass
class Sample:
    """A line of the preview: what is new, changed or gone, with the school and the place in the file."""

    label: str
    school: Org | None
    file: int | None
    sheet: str
    row: int | None
    changes: list[tuple[str, object, object] | tuple[str]]  # the name alone: changed, but not shown


def samples(viewer, batch: Batch) -> dict[str, list[Sample]]:
    """{new | changed | gone: first lines}. Of persons only a short name and plain fields, less for who may see less."""
    kept = store.get_json(batch.pk, "samples") or {}
    rows = {sort: found[:FIRST_SAMPLES] for sort, found in kept.items()}
    orgs = Org.objects.in_bulk({line["org"] for found in rows.values() for line in found if line["org"]})
    personal = is_personal(batch)
    may = {word: batch.org is not None and can(viewer, word, batch.org) for word in ("people.list", "people.open")}
    plain = PLAIN | (frozenset(lines.OPENED) if may["people.open"] else frozenset())
    return {
        sort: [
            Sample(
                _label(batch, line["label"], may["people.list"]),
                orgs.get(line["org"]), line["file"], line["sheet"], line["row"],
                [
                    (field_title(batch.definition, name), *((before, after) if not personal or name in plain else ()))
                    for name, before, after in line["changes"]
                ],
            )
            for line in found
        ]
        for sort, found in rows.items()
    }  # fmt: skip


def _label(batch: Batch, label: str, may_list: bool) -> str:
    if not is_personal(batch):
        return label
    named = batch.definition is None or batch.definition.target in NAMED
    return (short_name(label) if named else label) if may_list else ""


def short_name(name: str) -> str:
    """First name and the initial of the last: enough to find the row, too little to be a list of children."""
    first, _space, last = name.partition(" ")
    initial = last.lstrip().lstrip(_BEFORE_A_CONSONANT)[:1]
    return f"{first} {initial}." if initial else first


def choices_of_school(batch: Batch) -> list[Org]:
    """The schools an officer may name in a confirmation."""
    return list(schools_of(batch.org).order_by("code")) if batch.org is not None else []


def orgs_of_line(batch: Batch, file: int, sheet: str, row: int) -> list[Org]:
    """The orgs whose records stand on a line of a load; [] when nothing does."""
    records, org = lines.records_of(batch, file, sheet, row)
    return list(Org.objects.filter(pk__in=records.values(org))) if records is not None else []


def school_meant(viewer, *, pk: int | None = None, code: str = "") -> Org | None:
    """An org an officer names in a confirmation, by suggestion or code; None unless the viewer loads for it."""
    found = Org.objects.visible_to(viewer, "intake.write")
    return found.filter(pk=pk).first() if pk else found.filter(code=code).first() if code else None


@dataclass
class SourceNews:
    """A source with the newest data that were loaded of it."""

    source: Source
    newest: Batch | None = None
    own: bool = False

    @property
    def as_of(self) -> date | None:
        return self.newest.as_of if self.newest else None


def sources(viewer, org: Org | None = None) -> list[SourceNews]:
    """Every source in the order of loading, with the newest load the viewer may see."""
    known = catalogue()
    place = Window(RowNumber(), partition_by=[F("source")], order_by=[F("as_of").desc(nulls_last=True), F("pk").desc()])
    newest = loads(viewer, org).filter(state=State.COMMITTED).annotate(place=place).filter(place=1)
    by_source = {batch.source: batch for batch in newest.prefetch_related("files")}
    return [
        SourceNews(source, by_source.get(source.id), source.id.startswith(OWN))
        for source in sorted(known.all("source"), key=lambda source: (source.order, source.id))
    ]
