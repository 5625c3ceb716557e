"""What the made-up office's officers did beside loading files: plan, owners, notes, actions, maps, frozen counts."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml
from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.orgs.models import Org
from khet.kit.periods import Period, to_be
from khet.plan import services as plan
from khet.plan.models import PlanEdition, PlanItem
from khet.web.demo.vocabulary import FOLDER
from khet.web.desk.services.census import freeze
from khet.web.desk.services.maps import import_layer

LAYERS = {"map_clusters.geojson": "boundaries", "map_schools.geojson": "points"}


@cache
def _story() -> dict:
    return yaml.safe_load((FOLDER / "story.yaml").read_text(encoding="utf-8"))


def add_map(office: Org, path: Path, *, by: User) -> None:
    """Bring the layers the desk shows; the others lie in the folder for whoever wants to try them."""
    if kind := LAYERS.get(path.name):
        import_layer(office, kind, path.read_bytes(), by=by, name=_story()["layers"][kind])


def adopt_plan(office: Org, document: Path, years: tuple[int, int], people: dict[str, User]) -> PlanEdition:
    """Read the document, confirm what was suggested, name owners, set the targets words leave open, put it in force."""
    planner = people["planner"]
    received = plan.receive_document(office, document, by=planner)
    draft = plan.draft_edition(received, *years, by=planner)
    for item in draft.items.filter(kind=PlanItem.Kind.INDICATOR).select_related("binding"):
        binding = item.binding
        if not binding.indicator:
            continue
        reading = binding.reading or (binding.definition.reading or "")
        plan.bind(binding, binding.indicator, by=planner, reading=reading)
        if owner := _story()["owners"].get(binding.indicator):
            plan.set_owner(binding, by=planner, group=owner[0], owner=people[owner[1]])
    return plan.adopt(draft, by=planner)


def write_followup(office: Org, people: dict[str, User], bad_year: int) -> None:
    """Notes and actions hung on the indicators; days are counted from today.

    bad_year   academic year (C.E.) of the many accidents, of which a note speaks
    """
    today = timezone.localdate()
    for note in _story()["notes"]:
        plan.add_note(office, note["indicator"], note["text"].format(bad_year=to_be(bad_year)), by=people[note["by"]])
    for entry in _story()["actions"]:
        due = today + timedelta(days=entry["days"])
        owner = people.get(entry.get("owner", ""))
        action = plan.add_action(
            office, entry["indicator"], entry["text"], due, by=people[entry["by"]], owner=owner,
            owner_group=entry.get("group", ""),
        )  # fmt: skip
        if outcome := entry.get("done"):
            plan.close_action(action, by=people[entry["by"]], outcome=outcome)


def freeze_censuses(office: Org, days: tuple[date, ...], *, by: User) -> None:
    for day in days:
        freeze(office, Period("census", day.year, day.month * 100 + day.day), by=by)
