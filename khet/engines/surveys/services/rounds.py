"""Opening a round, its codes, more time for it, closing it, throwing it away."""

import secrets
from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.accounts.models import system_user
from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.engines.surveys.definition.files import fingerprint, form_of
from khet.engines.surveys.definition.form import FormFault
from khet.engines.surveys.models import Access, Code, GroupSize, Round, SpentSheet, Taken
from khet.engines.surveys.schema import Survey
from khet.engines.surveys.services import sheets
from khet.engines.surveys.services.telling import tell_closed, tell_staff
from khet.kit.periods import academic_year

SUBJECT = "surveys"  # of core.changes
RUN = "surveys.run"
LONGEST = 400  # days a round may be open
MOST_CODES = 5000


class RoundError(ValueError):
    """What cannot be done with a round; says why."""


@transaction.atomic
def open_round(
    org: Org, survey: str, *, by, access: str, opens: date, closes: date, title: str = "", formula: str = "",
    target: tuple[str, str, str] = ("", "", ""), sizes: Mapping[str, int] | None = None, once_a_device: bool = True,
) -> Round:  # fmt: skip
    """A new round, answered from the day `opens` to the day `closes`.

    target   (kind, id, label) of what it is about, when not the org itself
    sizes    {group or "": people}
    raises   RoundError
    """
    _may(by, org)
    edition = catalogue().find("survey", survey)
    if edition is None:
        raise RoundError(_("There is no survey “%(id)s” in the catalogue.") % {"id": survey})
    _check(edition, org, access, opens, closes, formula, target)
    round = Round.objects.create(
        org=org,
        survey=edition.id,
        own_title=title.strip()[:160],
        target_kind=target[0],
        target_id=target[1],
        target_label=target[2],
        access=access,
        opens=opens,
        closes=closes,
        formula=formula or edition.formula or "",
        once_a_device=once_a_device,
        token=secrets.token_urlsafe(9),
        fingerprint=fingerprint(edition),
        opened_by=by,
    )
    _set_sizes(round, edition, sizes or {})
    record("survey.opened", round, by=by, org=org, after={"survey": edition.id, "closes": closes.isoformat()})
    return round


def _may(by, org: Org) -> None:
    if not by.is_system and not can(by, RUN, org):
        raise RoundError(_("You may not run surveys for %(org)s.") % {"org": org})


def _check(edition: Survey, org: Org, access: str, opens: date, closes: date, formula: str, target) -> None:
    if access not in edition.access:
        raise RoundError(_("This survey is not answered in that way."))
    if closes < opens:
        raise RoundError(_("The last day lies before the first."))
    if (closes - opens).days > LONGEST:
        raise RoundError(_("A round is open for at most %(days)s days.") % {"days": LONGEST})
    if not edition.in_force(opens):
        raise RoundError(_("This edition is not in force on the first day. Choose another edition or day."))
    if formula and formula not in [one.id for one in edition.formulas]:
        raise RoundError(_("This survey knows no such formula."))
    kind = target[0] or org.kind
    if kind not in edition.targets:
        raise RoundError(_("This survey cannot be about that kind of thing."))
    if edition.about_person and not target[1]:
        raise RoundError(_("Say whom the review is about."))
    try:
        form_of(edition)
    except FormFault as error:
        raise RoundError(_("Its form cannot be read: %(fault)s") % {"fault": error.faults[0]}) from None


def _set_sizes(round: Round, edition: Survey, sizes: Mapping[str, int]) -> None:
    known = {"", *(group.code for group in edition.groups.of)} if edition.groups else {""}
    rows = [GroupSize(round=round, group=group, size=size) for group, size in sizes.items() if size and group in known]
    GroupSize.objects.bulk_create(rows)


@transaction.atomic
def set_sizes(round: Round, sizes: Mapping[str, int], *, by) -> None:
    """Say how many people there are; possible until the round is closed."""
    _may(by, round.org)
    if round.closed_at:
        raise RoundError(_("The round is closed; its numbers stand."))
    round.sizes.all().delete()
    _set_sizes(round, round.edition, sizes)
    record("survey.sizes_set", round, by=by, org=round.org, after={"sizes": dict(sizes)})


@transaction.atomic
def make_codes(round: Round, count: int, *, by, group: str = "") -> list[str]:
    """New one-time codes as printed. They are told once: only their hashes are kept."""
    _may(by, round.org)
    if round.access != Access.CODES or round.closed_at:
        raise RoundError(_("This round takes no codes."))
    if not 0 < count <= MOST_CODES - round.codes_made:
        raise RoundError(_("At most %(count)s codes can be made for a round.") % {"count": MOST_CODES})
    groups = round.edition.groups
    if groups and not groups.question and group not in [one.code for one in groups.of]:
        raise RoundError(_("Say for which group the codes are."))
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(sheets.new_code())
    Code.objects.bulk_create(
        [Code(round=round, digest=sheets.Sheet(code, True).digest, group=group) for code in sorted(codes)]
    )
    round.codes_made += count
    round.save(update_fields=["codes_made"])
    record("survey.codes_made", round, by=by, org=round.org, count=count, after={"group": group})
    return [sheets.written(code) for code in codes]


@transaction.atomic
def move_end(round: Round, closes: date, *, by) -> Round:
    """Give a round more or less time; a closed one stays closed: whoever has seen results must not ask on."""
    _may(by, round.org)
    if round.closed_at:
        raise RoundError(_("The round is closed and cannot be opened again."))
    if closes < round.opens or (closes - round.opens).days > LONGEST or closes < timezone.localdate():
        raise RoundError(_("The last day must lie after the first, and not in the past."))
    before, round.closes = round.closes, closes
    round.save(update_fields=["closes"])
    record(
        "survey.end_moved", round, by=by, org=round.org, before={"closes": str(before)}, after={"closes": str(closes)}
    )
    return round


@transaction.atomic
def close(round: Round, *, by) -> Round:
    """Close a round: it takes no more answers, its results can be seen, and who took part is destroyed."""
    _may(by, round.org)
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.closed_at:
        return round
    round.closed_at, round.closed_by = timezone.now(), by
    round.closes = max(round.opens, min(round.closes, timezone.localdate()))
    round.save(update_fields=["closed_at", "closed_by", "closes"])
    for gone in (Taken, SpentSheet, Code):
        gone.objects.filter(round=round).delete()
    touch(SUBJECT, years=years_of(round))
    record("survey.closed", round, by=by, org=round.org, count=round.answered)
    return round


@transaction.atomic
def discard(round: Round, *, by, reason: str) -> Round:
    """Throw a round away with its answers: a trial, or one that went wrong. It no longer counts anywhere."""
    if not reason.strip():
        raise RoundError(_("Say why the round is thrown away."))
    round = close(round, by=by)
    if round.discarded:
        return round
    round.discarded = True
    round.save(update_fields=["discarded"])
    round.urns.all().delete()
    touch(SUBJECT, years=years_of(round))
    record("survey.discarded", round, by=by, org=round.org, reason=reason, count=round.answered)
    return round


def close_due(today: date | None = None) -> int:
    """Close every round whose last day is over; how many there were. Safe to run at any time."""
    due = Round.objects.unfinished().filter(closes__lt=today or timezone.localdate()).select_related("org")
    system = system_user()
    closed = [close(round, by=system) for round in due]
    for round in closed:
        tell_closed(round)
    return len(closed)


def remind(round: Round, *, by) -> int:
    """Tell all staff of the place again that the survey waits; who has answered is not known, so nobody is left out."""
    _may(by, round.org)
    if round.access != Access.STAFF or not round.is_open:
        raise RoundError(_("Only an open survey for staff can be reminded of."))
    told = tell_staff(round)
    record("survey.reminded", round, by=by, org=round.org, count=told)
    return told


@transaction.atomic
def choose_formula(round: Round, formula: str, *, by) -> Round:
    """Say which of the formulas is the round's own; the others stand beside it."""
    _may(by, round.org)
    if formula not in [one.id for one in round.edition.formulas]:
        raise RoundError(_("This survey knows no such formula."))
    before, round.formula = round.formula, formula
    round.save(update_fields=["formula"])
    touch(SUBJECT, years=years_of(round))
    record("survey.formula_chosen", round, by=by, org=round.org, before={"formula": before}, after={"formula": formula})
    return round


def years_of(round: Round) -> list[int]:
    """Academic years in which a measure of the round may stand: those of any period its last day lies in."""
    year = academic_year(round.closes).year
    return [year - 1, year, year + 1]
