"""The slow second version: facts, roll-ups and indicators in plain loops over records. Obvious first, fast never."""

from collections import defaultdict
from datetime import date

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org, OrgMembership
from khet.kit import expressions
from khet.kit.periods import Period
from khet.registers.figures.models import Figure
from khet.registers.people.models import Enrolment, StaffPost
from khet.registers.progress.models import Absence

KIND_ORDER = ("academic_year", "fiscal_year", "semester", "quarter", "census", "month")
DIMS = ("grade", "sex", "group")


class Slow:
    """All facts of the database, as a list of (measure, org code, period, {dim: code}, value, is_figure)."""

    def __init__(self):
        self.orgs = {org.code: org for org in Org.objects.all()}
        self.memberships = list(OrgMembership.objects.all())
        self.facts = [*self._pupils(), *self._staff(), *self._absences(), *self._open_schools(), *self._figures()]

    # facts from records

    def _pupils(self):
        spells = list(Enrolment.objects.select_related("person", "school"))
        places = defaultdict(list)
        for spell in spells:
            places[spell.school.code, spell.year, spell.grade or "?", spell.person.sex or "?"].append(spell)
        for (school, year, grade, sex), here in places.items():
            day = date(year, 6, 10)
            on_roll = [s for s in here if (not s.entered or s.entered <= day) and (not s.left or s.left > day)]
            counts = {
                "pupils": len(on_roll),
                "enrolled": len(on_roll),
                "enrolled_hanging": sum(s.hanging and s.left is None for s in here),
                "left_early": sum(self._left_early(s, spells) for s in here),
                "returned": sum(self._returned(s, spells) for s in here),
            }
            for measure, n in counts.items():
                yield measure, school, Period("academic_year", year), {"grade": grade, "sex": sex}, n, False

    def _left_early(self, spell, spells) -> bool:
        if spell.left is None or spell.leave_reason in ("transferred", "completed", "deceased"):
            return False
        same = [s for s in spells if s.person_id == spell.person_id and s.year == spell.year and s.left is None]
        return bool(spell.leave_reason) or not same

    def _returned(self, spell, spells) -> bool:
        mine = [s for s in spells if s.person_id == spell.person_id and s.year <= spell.year]
        mine.sort(key=lambda s: (s.year, s.entered or date.min, s.pk))
        place = mine.index(spell)
        if place == 0 or not self._left_early(mine[place - 1], spells):
            return False
        before = mine[place - 1]
        return before.year < spell.year or bool(spell.entered and spell.entered >= before.left)

    def _staff(self):
        counts = defaultdict(int)
        for post in StaffPost.objects.select_related("person", "school"):
            counts[post.school.code, post.year, post.person.sex or "?", post.staff_type or "?"] += 1
        for (org, year, sex, group), n in counts.items():
            yield "staff", org, Period("academic_year", year), {"sex": sex, "group": group}, n, False

    def _absences(self):
        rows = list(Absence.objects.select_related("enrolment__school", "enrolment__person"))
        months = defaultdict(set)
        for row in rows:
            months[row.enrolment.school.code, row.enrolment.year].add(Period("month", row.date.year, row.date.month))
        for (school, year), seen in months.items():
            month = min(seen)
            while month <= max(seen):
                days = self._school_days(school, month)
                if month in seen or days:
                    yield from self._month(school, year, month, days, rows)
                month = month.next()

    def _month(self, school, year, month, days, rows):
        middle = date(month.year, month.part, 15)
        lost, due, places = defaultdict(float), defaultdict(float), set()
        for spell in Enrolment.objects.filter(school__code=school, year=year).select_related("person"):
            if (not spell.entered or spell.entered <= middle) and (not spell.left or spell.left > middle):
                place = (spell.grade or "?", spell.person.sex or "?")
                places.add(place)
                due[place] += days or 0
        for row in rows:
            spell = row.enrolment
            if (spell.school.code, spell.year) == (school, year) and month.start <= row.date <= month.end:
                place = (spell.grade or "?", spell.person.sex or "?")
                places.add(place)
                lost[place] += 0 if row.kind == "late" else 1 if row.part == 0 else 0.5
        for grade, sex in places:
            where = {"grade": grade, "sex": sex}
            yield "absent_days", school, month, where, lost[grade, sex], False
            if days is not None and (grade, sex) in due:
                yield "absence_due_days", school, month, where, due[grade, sex], False

    def _school_days(self, school, month):
        org = self.orgs[school]
        while org:
            given = Figure.objects.filter(org=org, measure="school_days", period=month.code, grade="", sex="", group="")
            found = given.first()
            if found:
                return found.value
            org = org.parent
        return None

    def _open_schools(self):
        for year in range(2018, 2030):
            day = date(year, 6, 10)
            for org in self.orgs.values():
                stands = (not org.opened or org.opened <= day) and (not org.closed or org.closed > day)
                if org.kind == "school" and stands:
                    yield "schools_open", org.code, Period("academic_year", year), {}, 1, False

    def _figures(self):
        for row in Figure.objects.select_related("org"):
            where = {dim: code for dim, code in (("grade", row.grade), ("sex", row.sex), ("group", row.group)) if code}
            yield row.measure, row.org.code, Period.parse(row.period), where, row.value, True

    # what one org says

    def leaf(self, measure: str, org: str, target: Period, by=()):
        """{cell: value} and whether figures speak; ({}, False) when nothing is known."""
        definition = catalogue().get("measure", measure)
        if definition.derived and definition.derived.where:
            return self._where(definition.derived.where, org, target, by)
        if definition.derived:
            return self._part(definition.derived, org, target, by)
        own = [fact for fact in self.facts if fact[0] == measure and fact[1] == org]
        return self._chosen(definition, org, own, target, tuple(dim for dim in by if dim in definition.dims))

    def _chosen(self, definition, org, own, target, carried):
        for is_figure in (False, True):
            here = [fact for fact in own if fact[5] == is_figure]
            for step in range(10):
                taken = [fact for fact in here if self._step(definition, fact[2], target) == step]
                closed = self.orgs[org].closed
                if step and definition.over_time == "last" and closed and closed <= target.end:
                    continue
                if taken:
                    return self._broken_down(definition, taken, carried), is_figure
        return {}, False

    def _broken_down(self, definition, taken, carried):
        """What the facts chosen for the whole say of its parts; of a state only those of the same period."""
        if definition.over_time == "last":
            coarsest = self._coarsest(taken)
            last = max(fact[2].end for fact in taken if set(fact[3]) == coarsest)
            taken = [fact for fact in taken if fact[2].end == last]
        return self._folded(definition, [fact for fact in taken if set(carried) <= set(fact[3])], carried)

    def _coarsest(self, taken):
        return min((set(fact[3]) for fact in taken), key=lambda s: (len(s), sum(1 << DIMS.index(d) for d in s)))

    def _step(self, definition, period, target) -> int:
        if period == target:
            return 0
        shorter = (period.end - period.start).days <= (target.end - target.start).days + 1
        if shorter and target.start <= period.end <= target.end:
            return 1 if period.kind == definition.period else 2 + KIND_ORDER.index(period.kind)
        if definition.over_time == "last" and period.start <= target.end <= period.end:
            return 9
        return -1

    def _folded(self, definition, taken, carried):
        if not taken:
            return {}
        coarsest = self._coarsest(taken)
        taken = [fact for fact in taken if set(fact[3]) == coarsest]
        if definition.over_time == "last":
            last = max(fact[2] for fact in taken)
            taken = [fact for fact in taken if fact[2] == last]
        cells = defaultdict(lambda: defaultdict(list))
        for fact in taken:
            cells[tuple(fact[3][dim] for dim in carried)][fact[2]].append(fact[4])
        fold = {"sum": sum, "mean": lambda v: sum(v) / len(v), "max": max, "min": min}[definition.aggregate]
        return {cell: sum(fold(values) for values in periods.values()) for cell, periods in cells.items()}

    def _where(self, condition, org, target, by):
        if self.orgs[org].kind != "school":
            return {}, False
        parts = {name: self.leaf(name, org, target, ()) for name in expressions.names(condition)}
        values = {name: found.get(()) for name, (found, _figure) in parts.items()}
        outcome = expressions.evaluate(condition, values)
        figure = any(is_figure for _found, is_figure in parts.values())
        return ({(): float(outcome)}, figure) if outcome is not None else ({}, False)

    def _part(self, derived, org, target, by):
        definition = catalogue().get("measure", derived.of)
        carried = tuple(dim for dim in by if dim in definition.dims and dim != "group")
        own = [fact for fact in self.facts if fact[0] == derived.of and fact[1] == org]
        found, figure = self._chosen(definition, org, own, target, (*carried, "group"))
        parts = defaultdict(float)
        for cell, value in found.items():
            parts[cell[:-1]] += value if cell[-1] in derived.groups else 0
        return dict(parts), figure

    # roll-ups

    def parent(self, code: str, day: date):
        mine = [m for m in self.memberships if m.org.code == code]
        now = [m for m in mine if (not m.since or m.since <= day) and (not m.until or m.until > day)]
        ended = sorted((m for m in mine if m.until and m.until <= day), key=lambda m: m.until)
        to_come = sorted((m for m in mine if m.since and m.since > day), key=lambda m: m.since)
        for rows in (now, ended[-1:], to_come[:1]):
            if rows:
                return rows[0].parent.code
        return None

    def children(self, code: str, day: date):
        return [other for other in self.orgs if self.parent(other, day) == code]

    def below(self, code: str, day: date):
        found = []
        for child in self.children(code, day):
            found += [child, *self.below(child, day)]
        return found

    def speaks_for_itself(self, measure, code, target) -> bool:
        found, figure = self.leaf(measure, code, target)
        if not found or self.orgs[code].kind == "school":
            return False
        below = [self.leaf(measure, other, target) for other in self.below(code, target.end)]
        if figure:
            return not any(known and not is_figure for known, is_figure in below)
        return not any(known for known, _figure in below)

    def rolled(self, measures: frozenset, code: str, target: Period, cell=(), by=()):
        """{measure: (value, weight)} over the orgs that know all measures; None when there is none."""
        mine = {m: self._in_cell(m, code, target, cell, by) for m in measures}
        if self.orgs[code].kind == "school":
            return None if None in mine.values() else {m: (value, 1) for m, value in mine.items()}
        own = frozenset(m for m in measures if self.speaks_for_itself(m, code, target))
        rest = self._summed(measures - own, code, target, cell, by) if measures - own else {}
        if rest is None or any(mine[m] is None for m in own):
            return None
        weight = next(iter(rest.values()))[1] if rest else 1
        return {**rest, **{m: (mine[m], weight) for m in own}}

    def _summed(self, measures, code, target, cell, by):
        parts = [self.rolled(measures, child, target, cell, by) for child in self.children(code, target.end)]
        leaves = {m: self.leaf(m, code, target) for m in measures}
        mine = {m: self._in_cell(m, code, target, cell, by) for m in measures}
        if any(mine[m] is not None and leaves[m][0] and not leaves[m][1] and catalogue().get("measure", m).beside
               for m in measures):  # fmt: skip
            mine = {m: 0.0 if value is None else value for m, value in mine.items()}
        if None not in mine.values() and not any(figure for _found, figure in leaves.values()):
            parts.append({m: (value, 1) for m, value in mine.items()})
        parts = [part for part in parts if part is not None]
        return {m: self._fold(m, [part[m] for part in parts]) for m in measures} if parts else None

    def _in_cell(self, measure, code, target, cell, by):
        definition = catalogue().get("measure", measure)
        where = definition.derived and definition.derived.where
        carried = [i for i, dim in enumerate(by) if dim in definition.dims and not where]
        found, _figure = self.leaf(measure, code, target, by)
        return found.get(tuple(cell[i] for i in carried))

    def _fold(self, measure, parts):
        values, weight = [value for value, _w in parts], sum(w for _v, w in parts)
        match catalogue().get("measure", measure).aggregate:
            case "mean":
                return sum(value * w for value, w in parts) / weight, weight
            case "max":
                return max(values), weight
            case "min":
                return min(values), weight
        return sum(values), weight

    def value(self, edition, code: str, target: Period, cell=(), by=()):
        if edition.org_kind == "office" and self.orgs[code].kind in ("school", "cluster"):
            return None
        found = self.rolled(edition.measures, code, target, cell, by)
        return expressions.evaluate(edition.value, {m: value for m, (value, _w) in found.items()}) if found else None
