"""Filling a home with the made-up office, through the same doors a real one comes in by."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from khet.core.accounts.models import User, system_user
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.facts.services import refresh
from khet.kit.home import room
from khet.registers.intake import services as intake
from khet.registers.intake.models import Batch, State
from khet.web.demo import marker, story
from khet.web.demo.accounts import make_accounts
from khet.web.demo.marker import Marker
from khet.web.demo.writing import Outline, office_files

Progress = Callable[[str], None]


class DemoError(Exception):
    """The demo cannot be filled here; says why and what to do."""


@dataclass
class Report:
    """What was filled, and how long it took."""

    loads: int = 0
    rows: int = 0
    rejected: int = 0
    waiting: int = 0
    facts: str = ""
    seconds: float = 0.0


def build_demo(
    schools: int, pupils: int, years: int, seed: int, progress: Progress, today: date | None = None
) -> Report:
    """Fill this home with a made-up office; a home that holds it already is left as it is.

    raises  DemoError when the home holds an office of its own, or a demo of another size
    """
    wanted = Marker(schools, pupils, years, seed, (today or date.today()).isoformat())
    found = marker.read()
    if found and found.filled:
        if found.size != wanted.size:
            raise DemoError(
                f"{marker.path().parent} holds a demo of {found.schools} schools and {found.pupils:,} pupils "
                f"(seed {found.seed}). Remove the folder, or set KHET_HOME to another, for one of another size."
            )
        return Report()
    if found and Org.objects.exists():  # stopped after the records were in: the facts alone may be missing
        refresh()
        Marker(*found.size, found.today, filled=True).write()
        return Report()
    if Org.objects.exists() or User.objects.filter(is_system=False).exists():
        raise DemoError(
            f"{marker.path().parent} holds an office of its own, and a demo would mix with it. "
            "Set KHET_HOME to another folder."
        )
    wanted.write()
    began = time.perf_counter()
    report = _fill(wanted, progress)
    Marker(*wanted.size, wanted.today, filled=True).write()
    report.seconds = time.perf_counter() - began
    return report


def _fill(wanted: Marker, progress: Progress) -> Report:
    """One transaction: a filling that was stopped leaves nothing behind, and the facts are built once at its end."""
    size = {"schools": wanted.schools, "pupils": wanted.pupils, "years": wanted.years, "seed": wanted.seed}
    with office_files(room("demo-files"), **size, today=wanted.day) as (outline, paths), transaction.atomic():
        report = _Filling(outline, progress).run(paths)
    refresh()
    return report


class _Filling:
    """The office as it grows: files come in the order in which an office would load them."""

    def __init__(self, outline: Outline, progress: Progress):
        self.outline, self.progress, self.report = outline, progress, Report()
        self.by: User = system_user()
        self.people: dict[str, User] = {}
        self.plan: Path | None = None

    def run(self, paths) -> Report:
        for path in paths:
            if path.suffix == ".geojson":
                story.add_map(default_office(), path, by=self.by)
            elif path.name == "plan.docx":
                self.plan = path
            elif path.suffix in (".csv", ".xlsx"):
                self._load(path)
        self.progress("plan, targets, notes and actions")
        story.adopt_plan(default_office(), self.plan, self.outline.plan_years, self.people)
        story.write_followup(default_office(), self.people)
        story.freeze_censuses(default_office(), self.outline.censuses, by=self.people["planner"])
        return self.report

    def _load(self, path: Path) -> None:
        batch = intake.receive(path, by=self.by, as_of=self.outline.list_days.get(path.name))
        intake.check(batch, keep=False)
        if batch.state != State.CHECKED:
            raise DemoError(f"{path.name}: {batch.message or batch.state}")
        intake.commit(batch, self.by)
        self._count(path, batch)
        if not self.people:  # the register has come, and with it the office
            school = Org.objects.get(code=self.outline.school)
            self.people = make_accounts(default_office(), school, by=self.by)
            self.by = self.people["planner"]

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
