"""Benchmarks of facts and indicators: build, refresh, all indicators, one tile over ten million rows."""

import random
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from khet.web.bench.measure import Figure, percentile, timed

YEARS = (2022, 2023, 2024)
SCHOOLS, PUPILS, ABSENCES_A_YEAR = 100, 10_000, 333_400
READERS, SAVES = 3, 30


def fill_demo(folder: Path) -> None:
    """The demo office at its usual size."""
    from khet.web.demo.build import build_demo
    from khet.web.demo.marker import Marker

    build_demo(Marker(SCHOOLS, PUPILS, 3, 2568, date.today().isoformat()), lambda words: None)


def fill_office(folder: Path) -> None:
    """An office with three years of enrolments and a million absences, written straight into the tables."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.services import create_org
    from khet.registers.people.models import Enrolment, Person
    from khet.registers.progress.models import Absence

    by, draw = system_user(), random.Random(1)  # noqa: S311  a benchmark's data
    office = create_org("office", "90010000", "สพป.วัดความเร็ว เขต 1", by=by)
    schools = [create_org("school", f"9001{n:04}", f"บ้านวัดเร็ว {n}", office, by=by) for n in range(1, SCHOOLS + 1)]
    people = [Person(first_name=f"ก{n}", name_key=f"ก{n}|", sex=draw.choice("mf")) for n in range(PUPILS)]
    people = Person.objects.bulk_create(people, batch_size=2000)
    grades = ["ป.1", "ป.2", "ป.3", "ป.4", "ป.5", "ป.6", "ม.1", "ม.2", "ม.3"]
    for year in YEARS:
        spells = [
            Enrolment(person=person, school=schools[n % SCHOOLS], year=year, grade=grades[n % 9])
            for n, person in enumerate(people)
        ]
        spells = Enrolment.objects.bulk_create(spells, batch_size=2000)
        days = [day for n in range(300) if (day := date(year, 5, 16) + timedelta(n)).weekday() < 5]
        slots = draw.sample(range(len(spells) * len(days)), ABSENCES_A_YEAR)
        rows = [
            Absence(
                enrolment=spells[slot // len(days)], date=days[slot % len(days)], kind=draw.choice(["absent", "sick"])
            )
            for slot in slots
        ]
        Absence.objects.bulk_create(rows, batch_size=5000)


def build_facts(folder: Path) -> list[Figure]:
    """The whole build, and beside it the same absence rows read out of the database and counted by DuckDB alone."""
    from khet.facts.services import build
    from khet.kit.tables import query, read_sql
    from khet.registers.progress.models import Absence

    def bare():
        # The least that any build must do with these rows: bring them in, count them by pupil, year and kind.
        rows = Absence.objects.values("enrolment", "date", "part", "kind")
        table = read_sql(rows, {"enrolment": "int", "date": "date", "part": "int", "kind": "str"})
        return query("SELECT enrolment, month(date), kind, count(*) FROM rows GROUP BY ALL", rows=table)

    build()
    whole, scan = timed(build, times=3), timed(bare, times=3)
    report = build()
    return [
        Figure("facts build", whole, "s", 3.0, note=f"{report.rows:,} facts, {Absence.objects.count():,} absences"),
        Figure("bare DuckDB on the same rows", scan, "s"),
        Figure("build / bare scan", whole / scan, "times", 5.0),
    ]


def save_and_read(folder: Path) -> list[Figure]:
    """Seconds from a saved figure to the indicator that shows it, while other processes keep reading."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office
    from khet.insight.indicators import queries
    from khet.kit.periods import Period
    from khet.registers.figures.services import set_figure

    office, by = default_office(), system_user()
    readers = [subprocess.Popen([sys.executable, "-m", "khet.config.cli", "bench", "--read"]) for _ in range(READERS)]
    taken = []
    try:
        time.sleep(3)
        for n in range(SAVES):
            score = 350 + n
            began = time.perf_counter()
            set_figure(office, "pmqa_total", Period("fiscal_year", 2025), score, by=by)
            while queries.value(by, "pmqa_score", org=office, period=Period("fiscal_year", 2025)).value != score:
                time.sleep(0.005)
            taken.append(time.perf_counter() - began)
    finally:
        for reader in readers:
            reader.terminate()
            reader.wait()
    return [
        Figure(
            "saved record to indicator, p95", percentile(taken, 0.95), "s", 1.0, note=f"{READERS} processes reading"
        ),
        Figure("saved record to indicator, median", percentile(taken, 0.5), "s"),
    ]


def all_indicators(folder: Path) -> list[Figure]:
    """Every indicator for the office, each school, and each grade, sex and group; nothing remembered before."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office
    from khet.insight.indicators import queries
    from khet.kit.collecting import settle

    office, by = default_office(), system_user()
    queries.values(by, org=office)  # connections and the catalogue are open in a running server
    settle()

    def everything():
        _forget()
        for breakdown in (None, "school", "grade", "sex", "group"):
            queries.values(by, org=office, by=breakdown)

    def again():
        for breakdown in (None, "school", "grade", "sex", "group"):
            queries.values(by, org=office, by=breakdown)

    return [
        Figure("all indicators, schools, groups", timed(everything, times=7) * 1000, "ms", 300),
        Figure("the same, remembered", timed(again, times=7) * 1000, "ms"),
    ]


def _forget() -> None:
    """Drop all that this process remembers of the facts, the files in memory too."""
    from khet.facts import columns, manifest
    from khet.facts import queries as facts
    from khet.insight.indicators import queries

    manifest._read.clear()
    columns.forget()
    facts._sheets.clear()
    queries._found.clear()


TILE_SCHOOLS, TILE_YEARS = 1_000, range(2011, 2025)


def write_ten_million(folder: Path) -> None:
    """Ten million facts of absence: 1,000 schools × 15 grades × 2 sexes × 12 months × 14 years × 2 measures."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.models import Kind, Org, OrgMembership
    from khet.core.orgs.services import create_org
    from khet.facts import manifest, tree
    from khet.facts.services import build, write
    from khet.kit.feeds import Feed

    by = system_user()
    office = create_org("office", "90010000", "สพป.วัดความเร็ว เขต 1", by=by)
    schools = [Org(kind=Kind.SCHOOL, code=f"9{n:07}", name=f"บ้านวัดเร็ว {n}", parent=office) for n in range(TILE_SCHOOLS)]
    for school in Org.objects.bulk_create(schools):
        school.path = f"{office.path}{school.pk}/"
    Org.objects.bulk_update(schools, ["path"])
    OrgMembership.objects.bulk_create([OrgMembership(org=school, parent=office) for school in schools])
    build()
    before, files = manifest.current(), {}
    for year in TILE_YEARS:
        feed = Feed("absences", ("absences",), lambda: list(TILE_YEARS), lambda year: _a_year(year))
        files[f"absences/{year}"] = write(feed, year, before, None)
    manifest.swap(before.next(tree=tree.write(before), files=files))


def _a_year(year: int):
    """A year's facts as a table of the feed's columns."""
    from itertools import product

    import pyarrow as pa

    grades = [f"{level}.{n}" for level, top in (("อ", 3), ("ป", 6), ("ม", 6)) for n in range(1, top + 1)]
    months = [f"M{year}-{n:02}" for n in range(6, 13)] + [f"M{year + 1}-{n:02}" for n in range(1, 6)]
    keys = list(product(("absent_days", "absence_due_days"), range(TILE_SCHOOLS), months, grades, "mf"))
    measure, school, month, grade, sex = (list(column) for column in zip(*keys, strict=True))
    return pa.table(
        {
            "measure": measure,
            "org": [f"9{n:07}" for n in school],
            "period": month,
            "grade": grade,
            "sex": sex,
            "grp": pa.array([""] * len(keys)),
            "value": pa.array([1.0 + n % 7 if which == "absent_days" else 200.0 for n, which in enumerate(measure)]),
        }
    )


def tile(folder: Path) -> list[Figure]:
    """One indicator of one year by school, and its trend over the years, with nothing remembered."""
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office
    from khet.facts import manifest
    from khet.insight.indicators import queries
    from khet.kit.periods import Period

    office, by, year = default_office(), system_user(), Period("academic_year", 2023)
    rows = sum(file.rows for file in manifest.current().files.values())

    def by_school():
        _forget()
        return queries.values(by, org=office, indicators=["absence_rate"], period=year, by="school")

    def by_grade():
        _forget()
        return queries.values(by, org=office, indicators=["absence_rate"], period=year, by="grade")

    if not any(value.value for value in by_school()):
        raise SystemExit("the tile holds no value: the facts of this benchmark no longer fit the catalogue")
    return [
        Figure("absence rate of 1,000 schools", timed(by_school, times=7) * 1000, "ms", 200, note=f"{rows:,} facts"),
        Figure("absence rate by grade", timed(by_grade, times=7) * 1000, "ms", 200),
    ]
