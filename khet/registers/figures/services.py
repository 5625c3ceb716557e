"""Entering figures by hand. A figure typed over an imported one loses its line, so that undoing the load notices it."""

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.audit.services import record
from khet.core.catalogue import CatalogueError, catalogue
from khet.core.changes.services import touch
from khet.core.orgs.models import Org
from khet.kit.periods import Period, PeriodError
from khet.registers.figures.models import Figure

# Shorter periods a measure takes beside its own; how they make the longer one is the measure's `over_time`.
PARTS_OF = {
    "academic_year": ("semester", "month", "census"), "fiscal_year": ("quarter", "month"), "semester": ("month",),
    "quarter": ("month",),
}  # fmt: skip


class FigureError(ValueError):
    """A figure that cannot be entered; says why."""


@transaction.atomic
def set_figure(org: Org, measure: str, period, value: float, *, by, grade="", sex="", group="", note="") -> Figure:
    """Enter or correct one figure.

    period   a Period, its code, or what an office writes
    raises   FigureError when the viewer may not, or the value, period or breakdown cannot be
    """
    period = _checked(org, measure, period, value, by=by, dims={"grade": grade, "sex": sex, "group": group})
    place = {"org": org, "measure": measure, "period": period.code, "grade": grade, "sex": sex, "group": group}
    figure = Figure.objects.filter(**place).first() or Figure(**place)
    before = figure.value
    if figure.pk and (figure.value, figure.note) == (value, note):
        return figure
    figure.value, figure.note = float(value), note[:200]
    figure.batch_id = figure.file_id = figure.row = None
    figure.sheet = ""
    figure.save()
    touch("figures", years=[period.academic_year])
    record(
        "figure.set", figure, by=by, org=org, before={"value": before}, after={"value": value, "period": period.code}
    )
    return figure


@transaction.atomic
def remove_figure(figure: Figure, *, by) -> None:
    """Withdraw a figure: there is none any more, which is not the same as 0. Raises FigureError."""
    if not can(by, "figures.write", figure.org):
        raise FigureError(_("You may not enter figures for %(org)s.") % {"org": figure.org})
    touch("figures", years=[Period.parse(figure.period).academic_year])
    record("figure.removed", figure, by=by, org=figure.org, before={"value": figure.value, "period": figure.period})
    figure.delete()


def _checked(org: Org, measure: str, period, value, *, by, dims: dict[str, str]) -> Period:
    """The period, when everything about the figure can be."""
    if not can(by, "figures.write", org):
        raise FigureError(_("You may not enter figures for %(org)s.") % {"org": org})
    try:
        known = catalogue().get("measure", measure)
        period = period if isinstance(period, Period) else Period.parse(str(period), known.period)
    except (CatalogueError, PeriodError) as error:
        raise FigureError(str(error)) from None
    if period.kind != known.period and period.kind not in PARTS_OF.get(known.period, ()):
        raise FigureError(_("“%(measure)s” is not entered for such a period.") % {"measure": known.title})
    if known.feed is None and known.derived is not None:
        raise FigureError(_("“%(measure)s” is computed, not entered.") % {"measure": known.title})
    for name, code in dims.items():
        if code and name not in known.dims:
            raise FigureError(_("“%(measure)s” is not broken down that way.") % {"measure": known.title})
    if dims["group"] and known.groups and catalogue().get("codes", known.groups).value(dims["group"]) is None:
        raise FigureError(_("“%(group)s” is not in the list of groups.") % {"group": dims["group"]})
    if (why := known.refuses(float(value))) is not None:
        raise FigureError(_("%(value)s is %(why)s.") % {"value": f"{float(value):g}", "why": why})
    return period
