"""Where a new installation stands; read from its records, so that the wizard keeps nothing."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.queries import nobody_works_here
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.plan.models import PlanDocument, PlanEdition
from khet.registers.intake.models import Batch, State


@dataclass(frozen=True)
class Step:
    """One step of the wizard: `state` is done | now | later."""

    id: str
    title: str
    state: str

    @property
    def url(self) -> str:
        return reverse(f"setup:{self.id}")


STEPS = {"office": _("Office"), "administrator": _("Administrator"), "plan": _("Plan"), "files": _("Files")}


def steps(now: str = "", office: Org | None = None) -> list[Step]:
    """Every step and how it stands for an office (the only one); `now` is the one on the page."""
    office = office or default_office()
    done = {
        "office": office is not None,
        "administrator": not nobody_works_here(),
        "plan": adopted_plan(office) is not None,
        "files": loaded_files(office) > 0,
    }
    return [
        Step(id, str(title), "now" if id == now else "done" if done[id] else "later") for id, title in STEPS.items()
    ]


def next_step(office: Org | None = None) -> Step | None:
    """The first step that is not done, None when all are."""
    return next((step for step in steps(office=office) if step.state != "done"), None)


def adopted_plan(office: Org | None) -> PlanEdition | None:
    return PlanEdition.objects.filter(org=office, state=PlanEdition.State.ADOPTED).order_by("-pk").first()


def draft_of_plan(office: Org | None) -> PlanEdition | None:
    return PlanEdition.objects.filter(org=office, state=PlanEdition.State.DRAFT).order_by("-pk").first()


def document(office: Org | None, chosen: str | None = None) -> PlanDocument | None:
    """The document of an office that was chosen by its number, else the one received last."""
    rows = PlanDocument.objects.filter(org=office).order_by("-pk")
    return (rows.filter(pk=chosen).first() if (chosen or "").isdecimal() else None) or rows.first()


def loaded_files(office: Org | None) -> int:
    """How many loads of the office and its schools have been written to the registers."""
    return Batch.objects.filter(state=State.COMMITTED).under([office.path]).count() if office else 0


def what_was_read(document: PlanDocument | None) -> list[tuple[str, int]]:
    """How many strategies, tactics and indicators a document holds; [] without one."""
    if document is None:
        return []
    strategies = document.reading.get("strategies", [])
    loose = len(document.reading.get("indicators", []))
    return [
        (str(_("Strategies")), len(strategies)),
        (str(_("Tactics")), sum(len(strategy["tactics"]) for strategy in strategies)),
        (str(_("Indicators")), loose + sum(len(strategy["indicators"]) for strategy in strategies)),
    ]
