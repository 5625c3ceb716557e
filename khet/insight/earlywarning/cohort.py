"""The pupils of an office on a day of a year: what was known of them then and, later, how it ended."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.db.models import Q

from khet.core.catalogue import catalogue
from khet.insight.earlywarning.days import lost_days
from khet.insight.earlywarning.results import results_of
from khet.insight.earlywarning.vocabulary import FEATURES
from khet.kit.tables import query, read_sql
from khet.registers.people.facts import early_leavers, head_count_day
from khet.registers.people.models import Enrolment, Identifier
from khet.registers.residents.models import Resident
from khet.registers.residents.queries import list_day

YEARS_BACK = 2
SMOOTHING = 20  # pupils at the office's rate added to each school's own

_COLUMNS = {
    "pk": "int", "person_id": "int", "school_id": "int", "year": "int", "grade": "str", "entered": "date",
    "left": "date", "leave_reason": "str", "hanging": "bool", "person__birth_date": "date", "person__sex": "str",
    "disabled": "bool", "disadvantaged": "bool",
}  # fmt: skip
_NAMES = {"pk": "id", "person_id": "person", "school_id": "school", "left": "left_on", "person__birth_date": "born",
          "person__sex": "sex"}  # fmt: skip

# One spell a pupil: the one entered last of those that stand on the day.
_ON_ROLL = """
    SELECT * FROM spells
    WHERE year = $year AND (entered IS NULL OR entered <= $day) AND (left_on IS NULL OR left_on > $day)
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY entered DESC NULLS LAST, id DESC) = 1
"""

_STANDING = """
    WITH before AS (SELECT * FROM spells WHERE year < $year),
    highest AS (
        SELECT school, max(place) AS place FROM spells JOIN grades USING (grade) WHERE year = $year GROUP BY ALL
    ),
    reaching AS (SELECT DISTINCT school FROM before),
    moved AS (SELECT person, count(DISTINCT school) - 1 AS n FROM spells WHERE year <= $year GROUP BY ALL),
    gone AS (SELECT DISTINCT s.person FROM spells s JOIN early e USING (id)
             WHERE s.year < $year OR s.left_on <= $day),
    size AS (SELECT school, count(*) AS n FROM pupils GROUP BY ALL)
    SELECT p.id,
           ($year - year(p.born) - 3 - g.place)::DOUBLE AS over_age,
           m.n::DOUBLE AS moves,
           coalesce(p.entered > $begun, false)::INTEGER::DOUBLE AS came_midyear,
           CASE WHEN r.school IS NULL THEN NULL ELSE (NOT EXISTS (
               SELECT 1 FROM before b WHERE b.person = p.person AND b.school = p.school
           ))::INTEGER::DOUBLE END AS new_here,
           (o.person IS NOT NULL)::INTEGER::DOUBLE AS back_again,
           (g.place = h.place)::INTEGER::DOUBLE AS last_grade,
           g.place::DOUBLE AS grade_number,
           z.n::DOUBLE AS school_size
    FROM pupils p LEFT JOIN grades g USING (grade) LEFT JOIN highest h USING (school)
    LEFT JOIN reaching r USING (school)
    LEFT JOIN moved m USING (person) LEFT JOIN gone o USING (person) LEFT JOIN size z USING (school)
"""

# Lost: hangs on the roll; was struck off for a reason that is no move, end or death; or is gone (off the roll without a
# reason, or not on it in the next year although the school goes on) and on no other roll. Who is gone may have moved
# away: where the civil-registration list of the next year is there, only who stands on it is lost.
_ENDED = """
    WITH back AS (SELECT DISTINCT person FROM later), going AS (SELECT DISTINCT school FROM later),
    highest AS (SELECT school, max(place) AS place FROM pupils JOIN grades USING (grade) GROUP BY ALL)
    SELECT p.id, (coalesce(p.hanging, false) OR (e.id IS NOT NULL AND p.leave_reason <> '') OR (
        (e.id IS NOT NULL OR (p.left_on IS NULL AND n.school IS NOT NULL AND g.place < h.place))
        AND b.person IS NULL AND (NOT $listed OR r.person IS NOT NULL)
    ))::INTEGER::DOUBLE AS ended
    FROM pupils p LEFT JOIN early e USING (id) LEFT JOIN back b USING (person) LEFT JOIN going n USING (school)
    LEFT JOIN grades g USING (grade) LEFT JOIN highest h USING (school) LEFT JOIN residents r USING (person)
"""


@dataclass(eq=False)
class Cohort:
    """Pupils on the roll on a day, in rows that belong together.

    features  {name: values}, nan where not known
    ended     1 lost, 0 not; None while the next year is not loaded
    listed    a civil-registration list told who was lost from who had moved away
    groups    {sex, disabled, disadvantaged, school_size}: for comparing only, never an input
    """

    year: int
    day: date
    enrolments: np.ndarray
    persons: np.ndarray
    schools: np.ndarray
    features: dict[str, np.ndarray]
    groups: dict[str, np.ndarray]
    ended: np.ndarray | None = None
    listed: bool = False
    hanging: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def __len__(self):
        return len(self.enrolments)

    @property
    def still_coming(self) -> np.ndarray:
        """Whom a warning is for: who had not stopped coming by the day. The others are to be fetched, not foreseen."""
        return np.nan_to_num(self.features["stopped"]) < 1

    def pupil(self, row: int) -> dict[str, float | None]:
        """The features of one pupil, None where not known."""
        return {name: None if np.isnan(values[row]) else float(values[row]) for name, values in self.features.items()}


def years_of(office) -> list[int]:
    """The academic years an office has rolls of, oldest first."""
    rolls = Enrolment.objects.filter(school__path__startswith=office.path).order_by()
    return sorted(rolls.values_list("year", flat=True).distinct())


def cohort(office, year: int, day: date) -> Cohort:
    """The pupils of an office on a day of an academic year."""
    spells, grades = _spells(office, year), _grades()
    early = read_sql(_of(office, year).filter(early_leavers()).order_by().values_list("pk"), {"id": "int"})
    at = {"year": year, "day": day, "begun": head_count_day(year)}
    pupils = query(_ON_ROLL, {"year": year, "day": day}, spells=spells).sort_by("id")
    if not pupils.num_rows:
        return _empty(year, day)
    found = {"pupils": pupils, "spells": spells, "early": early, "grades": grades}
    tables = [
        query(_STANDING, at, **found),
        lost_days(_known_until(pupils, day), office, year, day),
        results_of(pupils, spells, office, year, day),
    ]
    made = _made(pupils, tables, year, day)
    made.features["absent_before"] = _last_year(made, spells, office, year)
    _add_schools(made, office, year)
    if year + 1 in years_of(office):
        made.ended = _ended(found, made, office)
    else:  # of a year that is under way the mark "cannot be struck off" is known; of one that is over it is the end
        made.features["stopped"] = np.maximum(np.nan_to_num(made.features["stopped"]), made.hanging)
    return made


def _of(office, year: int):
    return Enrolment.objects.filter(school__path__startswith=office.path, year__range=(year - YEARS_BACK, year + 1))


def _spells(office, year: int):
    table = read_sql(_of(office, year).order_by().values_list(*_COLUMNS), _COLUMNS)
    return table.rename_columns([_NAMES.get(name, name) for name in table.column_names])


def _grades():
    import pyarrow as pa

    values = catalogue().get("codes", "grades").values
    return pa.table({"grade": [value.code for value in values], "place": [value.order or 0 for value in values]})


def _known_until(pupils, day: date):
    """The pupils without what happened after the day."""
    return query("SELECT * REPLACE (CASE WHEN left_on <= $day THEN left_on END AS left_on) FROM pupils",
                 {"day": day}, pupils=pupils)  # fmt: skip


def _made(pupils, tables, year: int, day: date) -> Cohort:
    ids = pupils.column("id").to_numpy()
    features = {name: np.full(len(ids), np.nan) for name in FEATURES}
    for table in tables:
        places = np.searchsorted(ids, table.column("id").to_numpy())
        for name in table.column_names[1:]:
            features[name][places] = table.column(name).cast("float64").to_numpy(zero_copy_only=False)
    column = {
        name: np.array(pupils.column(name).to_pylist(), dtype=object) for name in ("sex", "disabled", "disadvantaged")
    }
    hanging = np.array([bool(value) for value in pupils.column("hanging").to_pylist()], dtype=float)
    return Cohort(year, day, ids, pupils.column("person").to_numpy(), pupils.column("school").to_numpy(), features,
                  column, hanging=hanging)  # fmt: skip


def _last_year(made: Cohort, spells, office, year: int) -> np.ndarray:
    """Share of days lost in the whole year before, by pupil."""
    before = query("SELECT * FROM spells WHERE year = $year", {"year": year - 1}, spells=spells)
    lost = lost_days(before, office, year - 1, date(year, 5, 15)) if before.num_rows else None
    if lost is None or not lost.num_rows:
        return np.full(len(made), np.nan)
    shares = query("SELECT b.person, max(l.absent_share) AS share FROM lost l JOIN before b USING (id) GROUP BY ALL",
                   lost=lost, before=before)  # fmt: skip
    known = dict(zip(shares.column("person").to_pylist(), shares.column("share").to_pylist(), strict=True))
    return np.array([np.nan if (share := known.get(person)) is None else share for person in made.persons.tolist()])


def _add_schools(made: Cohort, office, year: int) -> None:
    """The share each school lost in the years before, drawn to the office's own where pupils are few."""
    lost = _of(office, year).filter(Q(year__lt=year) & (early_leavers() | Q(hanging=True)))
    all_ = _of(office, year).filter(year__lt=year)
    gone = _count(lost)
    pupils = _count(all_)
    total = sum(pupils.values())
    if not total:
        return
    rate = sum(gone.values()) / total
    made.features["school_before"] = np.array([
        100 * (gone.get(school, 0) + SMOOTHING * rate) / (pupils.get(school, 0) + SMOOTHING)
        for school in made.schools.tolist()
    ])  # fmt: skip


def _count(spells) -> dict[int, int]:
    from collections import Counter

    return Counter(spells.order_by().values_list("school_id", flat=True))


def _ended(found: dict, made: Cohort, office) -> np.ndarray:
    later = query("SELECT * FROM spells WHERE year = $year", {"year": made.year + 1}, spells=found["spells"])
    tables = {name: found[name] for name in ("pupils", "early", "grades")}
    listed = residents_of(office, made.year + 1)
    made.listed = listed is not None
    table = query(_ENDED, {"listed": made.listed}, later=later, residents=listed or _nobody(), **tables)
    return table.sort_by("id").column("ended").to_numpy(zero_copy_only=False)


def residents_of(office, year: int):
    """The persons whom the office's civil-registration list for a year names as living there; None without a list."""
    if (day := list_day(office, year)) is None:
        return None
    living = [value.code for value in catalogue().get("codes", "resident_statuses").values if value.outcome == "pass"]
    on_list = Resident.objects.filter(org=office, list_date=day, status__in=living).values("identifier_hash")
    persons = Identifier.objects.filter(value_hash__in=on_list).order_by().values_list("person_id").distinct()
    return read_sql(persons, {"person": "int"})


def _nobody():
    import pyarrow as pa

    return pa.table({"person": pa.array([], pa.int64())})


def _empty(year: int, day: date) -> Cohort:
    nothing = np.zeros(0)
    return Cohort(year, day, nothing, nothing, nothing, {name: nothing for name in FEATURES},
                  {name: nothing for name in ("sex", "disabled", "disadvantaged")}, hanging=nothing)  # fmt: skip
