"""Choosing how an indicator is read."""

from django.db import transaction

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.insight.indicators.editions import newest
from khet.insight.indicators.models import IndicatorChoice


@transaction.atomic
def choose_reading(org: Org, indicator: str, reading: str | None, *, by, reason: str = "") -> None:
    """Use a reading for an org and all below it; None goes back to the catalogue's own.

    raises   CatalogueError for an indicator, LookupError for a reading that is not known
    """
    edition = newest(indicator)
    if reading is not None:
        edition.reading_of(reading)
    choice = IndicatorChoice.objects.filter(org=org, indicator=indicator).first()
    before = choice.reading if choice else edition.reading
    if reading is None:
        if choice:
            choice.delete()
    elif choice:
        choice.reading = reading
        choice.save(update_fields=["reading", "at"])
    else:
        choice = IndicatorChoice.objects.create(org=org, indicator=indicator, reading=reading)
    after = reading or edition.reading
    if after != before:
        record(
            "indicator.reading_chosen", by=by, org=org, reason=reason,
            before={"indicator": indicator, "reading": before}, after={"indicator": indicator, "reading": after},
        )  # fmt: skip
