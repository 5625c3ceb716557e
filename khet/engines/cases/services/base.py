"""What the services share: demanding a role, marking the facts, telling."""

from collections.abc import Iterable

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.changes.services import touch
from khet.core.notices.models import Notice
from khet.core.notices.services import notify, withdraw
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case
from khet.engines.cases.seats import MANAGER, WORKER, holders, kept_from, roles_in
from khet.kit.periods import academic_year

TOPIC = "cases"
LEVEL_CAME = gettext_lazy("{number}: a case of the level “{level}” came in.")
NOT_SEEN = gettext_lazy("%(user)s does not see this case. Choose somebody of the place, or a member.")


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",)).select_related("edition", "org", "about", "office").get(pk=case.pk)
    )


def demand(case: Case, by, *roles: str) -> set[str]:
    """The roles somebody has in a case. Raises CaseError when none of those asked for is among them."""
    held = roles_in(by, case)
    if not held & set(roles):
        raise CaseError(_("This is for others to do in this case. Ask who manages it."))
    return held


def demand_worker(case: Case, by) -> set[str]:
    return demand(case, by, WORKER)


def demand_manager(case: Case, by) -> set[str]:
    return demand(case, by, MANAGER)


def demand_open(case: Case) -> None:
    """Raises CaseError when a case is closed."""
    if not case.is_open:
        raise CaseError(_("The case is closed. Open it again first."))


def mark(*cases: Case) -> None:
    """Have the facts looked at anew from the year in which the earliest of them came in."""
    if cases:
        earliest = min(timezone.localtime(case.received_at).date() for case in cases)
        touch("cases", years=[academic_year(earliest).year])


def tell(users: Iterable[Model], case: Case, words, *, key: str, urgent: bool = False, but=None) -> int:
    """Tell users of a case, by its number alone; how many were told. Whom it is kept from never hears of it."""
    there = [user for user in users if user is not None and user != but]
    kept = kept_from(there, case)
    there = [user for user in there if user.pk not in kept]
    if not there:
        return 0
    url = reverse("cases:case", args=[case.ref])
    return notify(there, topic=TOPIC, words=words, url=url, key=f"{_told_of(case)}{key}", urgent=urgent)


def _told_of(case: Case) -> str:
    """How the keys of all notices of a case begin."""
    return f"case-{case.pk}-"


def untell(users: Iterable[Model], case: Case) -> None:
    """Take back what users were told of a case: it stands on no page and leaves with no message any more."""
    withdraw(users, key=_told_of(case))


def untell_kept(case: Case) -> None:
    """Take back what was told to those whom the case has to be kept from by now."""
    told = {one.user for one in Notice.objects.filter(key__startswith=_told_of(case)).select_related("user")}
    kept = kept_from(told, case)
    untell([user for user in told if user.pk in kept], case)


def tell_of_level(case: Case, before, by) -> None:
    """Tell those whom the level of a case names, when it is new or more pressing than the one before."""
    level = case.level_of
    if level and level.tell and (before is None or level.rank > before.rank):
        words = format_lazy(LEVEL_CAME, number=case.number, level=level.title)
        tell(holders(level.tell, case.org), case, words, key="level", urgent=True, but=by)


def members(case: Case) -> list:
    """Users who are in the case now."""
    return [one.user for one in case.members.filter(until__isnull=True).select_related("user")]
