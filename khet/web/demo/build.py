"""Filling a home with the made-up office, through the same doors a real one comes in by."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import transaction
from filelock import FileLock

from khet.core.accounts.models import User, system_user
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.facts.services import refresh
from khet.kit.home import room
from khet.registers.intake import services as intake
from khet.registers.intake.models import Batch, State
from khet.web.demo import casework, engines, incidents, logbooks, marker, pupil_cases, story
from khet.web.demo.accounts import make_accounts
from khet.web.demo.marker import Marker
from khet.web.demo.world.harm import Incident
from khet.web.demo.world.make import World, make_world
from khet.web.demo.writing import Outline, list_day_of, office_files

FOLDER = "demo-files"  # in the home: what was loaded, to be looked at and loaded by hand
Progress = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot be filled here; says why and what to do."""


@dataclass
class Report:
    """What was filled, and how long it took; `later` are files left to the worker."""

    loads: int = 0
    rows: int = 0
    rejected: int = 0
    waiting: int = 0
    later: int = 0
    seconds: float = 0.0


def build_demo(wanted: Marker, progress: Progress, *, defer: bool = False) -> Report:
    """Fill this home with a made-up office; a home that holds it already is left as it is.

    defer    leave the files of the past to the worker, so that the first page comes early (`load_the_past`)
    raises   DemoError when the home holds an office of its own, or a demo of another size
    """
    found = marker.read()
    if found and found.filled:
        if found.size != wanted.size:
            raise DemoError(
                f"{marker.path().parent} holds a demo of {found.schools} schools and {found.pupils:,} pupils "
                f"(seed {found.seed}). Remove the folder, or set KHET_HOME to another, for one of another size."
            )
        return Report(later=len(found.later))
    if not found and (Org.objects.exists() or User.objects.filter(is_system=False).exists()):
        raise DemoError(
            f"{marker.path().parent} holds an office of its own, and a demo would mix with it. "
            "Set KHET_HOME to another folder."
        )
    began = time.perf_counter()
    if Org.objects.exists():  # a filling was stopped after its records were in: the facts alone are missing
        filled, report = replace(found, filled=True), Report()
    else:
        wanted.write()
        filled, report = _fill(wanted, progress, defer)
    refresh()
    filled.write()
    report.seconds = time.perf_counter() - began
    return report


def _fill(wanted: Marker, progress: Progress, defer: bool) -> tuple[Marker, Report]:
    """One transaction: a filling that was stopped leaves nothing behind, and the facts are built once at its end."""
    size = {"schools": wanted.schools, "pupils": wanted.pupils, "years": wanted.years, "seed": wanted.seed}
    with office_files(room(FOLDER), **size, today=wanted.day) as (outline, files), transaction.atomic():
        filling = _Filling(outline, progress, defer)
        later = filling.run(files)
        filled = replace(wanted, filled=True, befallen=defer, later=later, censuses=filling.unfrozen)
        replace(filled, filled=False).write()  # what is still to come, should the facts fail
    return filled, filling.report


class _Filling:
    """The office as it grows: files come in the order in which an office would load them."""

    def __init__(self, outline: Outline, progress: Progress, defer: bool):
        self.outline, self.progress, self.defer = outline, progress, defer
        self.report, self.unfrozen = Report(), []
        self.people: dict[str, User] = {}
        self.plan: Path | None = None

    def run(self, files) -> list[str]:
        """Load the files; the names of those that are left for later."""
        later = []
        for path, needed in files:
            if path.suffix == ".geojson":
                story.add_map(default_office(), path, by=self.people["planner"])
            elif path.name == "plan.docx":
                self.plan = path
            elif path.suffix in (".csv", ".xlsx"):
                if needed or not self.defer:
                    self._load(path)
                else:
                    later.append(path.name)
        self.report.later = len(later)
        self._finish(later)
        return later

    def _load(self, path: Path) -> None:
        by = self.people.get("planner") or system_user()
        batch = load(path, by=by, as_of=list_day_of(path.name))
        self._count(path, batch)
        if not self.people:  # the register has come, and with it the office
            school = Org.objects.get(code=self.outline.school)
            self.people = make_accounts(default_office(), school, by=system_user())

    def _finish(self, later: list[str]) -> None:
        self.progress("plan, targets, notes and actions")
        story.adopt_plan(default_office(), self.plan, self.outline.plan_years, self.people)
        story.write_followup(default_office(), self.people, self.outline.bad_year)
        if not self.defer:
            _handle(self.outline.incidents, self.outline.today, self.outline.seed, self.progress)
        known = [day for day, needs in self.outline.censuses.items() if needs not in later]
        story.freeze_censuses(default_office(), known, by=self.people["planner"])
        self.unfrozen = [day.isoformat() for day in self.outline.censuses if day not in known]

    def _count(self, path: Path, batch: Batch) -> None:
        counts, report = batch.counts, self.report
        report.loads += 1
        report.rows += counts["read"]
        report.rejected += counts["rejected"]
        report.waiting += len(batch.waiting)
        words = f"{path.name}: {counts['read']:,} rows"
        if counts["rejected"]:
            words += f", {counts['rejected']} refused"
        if batch.waiting:
            words += f", {len(batch.waiting)} names of schools to be confirmed"
        self.progress(words)


def load(path: Path, *, by: User, as_of: date | None = None) -> Batch:
    """One file through the intake. Raises DemoError when it cannot be read."""
    batch = intake.receive(path, by=by, as_of=as_of)
    intake.check(batch, keep=False)
    if batch.state != State.CHECKED:
        raise DemoError(f"{path.name}: {batch.message or batch.state}")
    return intake.commit(batch, by)


def _handle(befallen: Iterable[Incident], today: date, seed: int, progress: Progress) -> None:
    count = incidents.handle(default_office(), befallen, today, seed)
    entries = logbooks.keep(default_office(), today, seed)
    progress(f"{count} incidents that befell pupils, {entries} entries of risks and drills")


def load_the_past(progress: Progress) -> int:
    """Handle the incidents and load the files that were left for later, one transaction each, then begin rounds in the
    engines; how many files.

    What is done is taken off the list, so that a worker that was stopped goes on where it was.
    """
    count, world = 0, lru_cache(lambda: _world(marker.read()))
    with FileLock(marker.path().with_suffix(".lock")):
        if (found := marker.read()) and found.befallen:
            with transaction.atomic():
                _handle(world().incidents, found.day, found.seed, progress)
            replace(found, befallen=False).write()
        while (found := marker.read()) and found.later:
            name = found.later[0]
            batch = load(room(FOLDER) / name, by=User.objects.get(username="planner"), as_of=list_day_of(name))
            replace(found, later=found.later[1:]).write()
            progress(f"{name}: {batch.counts['read']:,} rows")
            count += 1
        if found and found.censuses:
            days = [date.fromisoformat(day) for day in found.censuses]
            story.freeze_censuses(default_office(), days, by=User.objects.get(username="planner"))
            replace(found, censuses=[]).write()
        if found and engines.begin(default_office(), found.day, found.seed):
            progress("rounds of assessment, a survey, a programme")
            inside = casework.whereabouts(world(), world().years[-1])
            begun = casework.begin(default_office(), found.day, found.seed, inside)
            progress(f"{begun} cases of children in no school")
            progress(f"{pupil_cases.begin(found.day, found.seed)} cases of pupils of one school")
    return count


def _world(found: marker.Marker) -> World:
    """The world of the demo, drawn again: the same numbers give the same children."""
    return make_world(*found.size, found.day)
