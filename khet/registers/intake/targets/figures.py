"""Figures from files: rows of a wide table melted by the source's rules, or one row a figure."""

from collections.abc import Iterator
from dataclasses import dataclass

from khet.core.catalogue import catalogue
from khet.kit.expressions import evaluate
from khet.kit.periods import Period, PeriodError
from khet.registers.figures.models import Figure
from khet.registers.figures.services import PARTS_OF
from khet.registers.intake.bulk import rows_in
from khet.registers.intake.faults import ERROR
from khet.registers.intake.records import Records
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

KEY = ("org_id", "measure", "period", "grade", "sex", "group")


@dataclass(slots=True)
class Item:
    """A figure a row gives."""

    index: int
    key: tuple
    value: float
    note: str = ""


class Figures(Target):
    """Any measure of the catalogue, by org, period and dimensions."""

    subject = "figures"

    def compare(self, records: Records, context: Context) -> Difference:
        difference = Difference([None] * len(records), context.orgs, {self.subject})
        items = self._unique(records, context)
        known = self._known({item.key[1] for item in items} | self._measures(records), {i.key[2] for i in items})
        adds, changes = [], []
        for item in items:
            there = known.get(item.key)
            if there is None:
                adds.append(item)
                self._note(difference, "new", records, item, None)
            elif there[1:3] != (item.value, item.note):
                changes.append(
                    Change(there[0], there[1:3], (item.value, item.note), there[3:], place_of(records, item.index))
                )
                self._note(difference, "changed", records, item, there[1])
            elif difference.status[item.index] is None:
                difference.status[item.index] = "unchanged"
            difference.years.add(Period.parse(item.key[2]).academic_year)
        for index in records.good():
            difference.status[index] = difference.status[index] or "unchanged"
        gone = self._gone(records, context, known, {item.key for item in items}, difference)
        difference.work = {"adds": adds, "changes": changes, "gone": gone}
        return difference

    # -- what the rows say -------------------------------------------------------------------------------------------

    def _unique(self, records: Records, context: Context) -> list[Item]:
        """The figures of the file; of a place given twice with different values the second is refused."""
        found: dict[tuple, Item] = {}
        for item in self._items(records, context):
            first = found.setdefault(item.key, item)
            if first is not item and first.value != item.value:
                records.fault(ERROR, item.index, "value", "figure_twice", row=records.rows[first.index])
        return [item for item in found.values() if item.index not in records.rejected]

    def _items(self, records: Records, context: Context) -> Iterator[Item]:
        wide = [name for name in records.columns if name.startswith("measure:")]
        if records.source.melt:
            yield from self._melted(records, context)
        elif wide:
            yield from self._listed(
                records, context, [(name.removeprefix("measure:"), records.columns[name]) for name in wide]
            )
        else:
            yield from self._listed(records, context, [(None, records.column("value"))])

    def _melted(self, records: Records, context: Context) -> Iterator[Item]:
        columns = records.columns
        rules = [(rule, catalogue().find("measure", rule.measure)) for rule in records.source.melt]
        codes = {
            name
            for name in (*(r.grade for r, _ in rules), *(r.sex for r, _ in rules), *(r.group for r, _ in rules))
            if "{" in name
        }
        for index in list(records.good()):
            org = context.orgs[index]
            rows = context.about.get(index, "school")
            for rule, measure in rules:
                if rule.rows != rows or measure is None:
                    continue
                value = evaluate(rule.value, {name: columns[name][index] for name in rule.fields})
                if value is None:
                    continue
                if why := measure.refuses(value):
                    records.fault(ERROR, index, next(iter(rule.fields)), "out_of_bounds", value=f"{value:g}", known=why)
                    break
                dims = tuple(
                    (columns[word[1:-1]][index] or "") if word in codes else word
                    for word in (rule.grade, rule.sex, rule.group)
                )
                yield Item(index, (org, rule.measure, context.period, *dims), round(float(value), 6))

    def _listed(self, records: Records, context: Context, values) -> Iterator[Item]:
        measures, periods = records.column("measure"), records.column("period")
        dims = [records.column(name) for name in ("grade", "sex", "group")]
        notes = records.column("note")
        for index in list(records.good()):
            for fixed, column in values:
                id, value = fixed or measures[index], column[index]
                if value is None or index in records.rejected:
                    continue
                measure = catalogue().get("measure", id)
                period = self._period(records, index, periods[index], measure, context)
                places = self._dims(records, index, [column[index] or "" for column in dims], measure)
                if (why := measure.refuses(value)) is not None:
                    records.fault(ERROR, index, "value", "out_of_bounds", value=f"{value:g}", known=why)
                if period and places is not None and index not in records.rejected:
                    yield Item(
                        index, (context.orgs[index], id, period, *places), float(value), (notes[index] or "")[:200]
                    )

    @staticmethod
    def _period(records: Records, index: int, written: str | None, measure, context: Context) -> str | None:
        """Code of the period a row is for; a bare year means the measure's own kind of year."""
        if not written:
            return context.period
        try:
            period = Period.parse(written, measure.period)
        except (PeriodError, ValueError):
            records.fault(ERROR, index, "period", "not_a_period", value=written[:40])
            return None
        if period.kind != measure.period and period.kind not in PARTS_OF.get(measure.period, ()):
            kind = {"academic_year": "2567", "semester": "1/2567", "fiscal_year": "ปีงบ 2568", "quarter": "FY2025Q1",
                    "month": "M2024-06", "census": "C2024-06-10"}[measure.period]  # fmt: skip
            records.fault(ERROR, index, "period", "no_such_period", value=written[:40], known=kind)
            return None
        return period.code

    @staticmethod
    def _dims(records: Records, index: int, places: list[str], measure) -> tuple | None:
        for name, value in zip(("grade", "sex", "group"), places, strict=True):
            if value and name not in measure.dims:
                records.fault(ERROR, index, name, "no_such_dimension", value=str(measure.title), known=name)
                return None
        if places[2] and measure.groups:
            codes = catalogue().get("codes", measure.groups)
            entry = codes.find(places[2])
            if entry is None:
                known = ", ".join(value.code for value in codes.values)
                records.fault(
                    ERROR, index, "group", "not_in_codes", value=places[2][:40], list=str(codes.title), known=known
                )
                return None
            places[2] = entry.code
        return tuple(places)

    # -- what the register says --------------------------------------------------------------------------------------

    @staticmethod
    def _measures(records: Records) -> set[str]:
        return {rule.measure for rule in records.source.melt}

    @staticmethod
    def _known(measures: set[str], periods: set[str]) -> dict[tuple, tuple]:
        """{key: (pk, value, note, batch, file, sheet, row)} of the measures and periods spoken of."""
        rows = rows_in(
            Figure.objects.filter(measure__in=measures), "period", periods, *KEY, "pk", "value", "note", *SOURCED
        )
        return {row[: len(KEY)]: row[len(KEY) :] for row in rows}

    def _gone(self, records: Records, context: Context, known, said: set[tuple], difference: Difference) -> list[dict]:
        """Figures an earlier file of this source gave for the schools of this file, and that it no longer gives."""
        from khet.registers.intake.models import Batch

        if records.source.gone.act != "remove":
            return []
        doubtful = {context.orgs[index] for index in records.rejected | records.held}
        schools = {context.orgs[index] for index in records.good()} - doubtful
        loads = {there[3] for key, there in known.items() if key not in said and key[0] in schools and there[3]}
        own = set(Batch.objects.filter(pk__in=loads, source=records.source.id).values_list("pk", flat=True))
        gone = [
            (key, there) for key, there in known.items() if key not in said and key[0] in schools and there[3] in own
        ]
        for key, there in gone:
            change = ("value", there[1], None)
            difference.gone.append(Sample(-1, key[0], self._label(key), [change], key=repr(key)))
        names = [f.attname for f in Figure._meta.concrete_fields]
        return [
            dict(zip(names, row, strict=True))
            for row in rows_in(Figure.objects.all(), "pk", [t[0] for _k, t in gone], *names)
        ]

    @staticmethod
    def _label(key: tuple) -> str:
        """Measure, period, grade, sex and group, the group by its name where a list names it."""
        measure = catalogue().find("measure", key[1])
        codes = catalogue().find("codes", measure.groups) if measure and measure.groups else None
        group = codes.value(key[5]) if codes else None
        parts = [measure.title if measure else key[1], *key[2:5], group.title if group else key[5]]
        return " · ".join(str(part) for part in parts if part)

    def _note(self, difference: Difference, status: str, records: Records, item: Item, before) -> None:
        if difference.status[item.index] != "new":
            difference.status[item.index] = status
        samples = getattr(difference, status)
        if len(samples) < SAMPLES:
            samples.append(Sample(item.index, item.key[0], self._label(item.key), [("value", before, item.value)]))

    # -- writing -----------------------------------------------------------------------------------------------------

    def write(self, difference: Difference, records: Records, context: Context, writer: Writer) -> None:
        work = difference.work
        rows = ((*item.key, item.value, item.note, *place_of(records, item.index)) for item in work["adds"])
        writer.remove(Figure, work["gone"])
        writer.insert(Figure, [*KEY, "value", "note"], rows)
        writer.change(Figure, ["value", "note"], work["changes"])
