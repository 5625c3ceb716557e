"""The first office and its first administrator."""

from django.db import transaction

from khet.core.accounts.models import User, system_user
from khet.core.accounts.queries import nobody_works_here
from khet.core.accounts.services import create_user, grant_role
from khet.core.audit.services import record
from khet.core.orgs.models import Kind, Org
from khet.core.orgs.queries import default_office
from khet.core.orgs.services import create_org

MINISTRY_CODE = "TH"


class SetupOver(RuntimeError):
    """Somebody else finished the first steps meanwhile."""


@transaction.atomic
def name_office(*, name: str, code: str, name_en: str = "", ministry: str = "") -> Org:
    """The office of this installation; given again before anybody has an account, it replaces the first try.

    raises  SetupOver when there is an account already; OrgError when the code is taken
    """
    if not nobody_works_here():
        raise SetupOver
    by = system_user()
    office = default_office()
    if office is None:
        above = create_org(Kind.MINISTRY, MINISTRY_CODE, ministry, by=by) if ministry else None
        return create_org(Kind.OFFICE, code, name, above, by=by, name_en=name_en)
    before = {"code": office.code, "name": office.name}
    office.code, office.name, office.name_en = code, name, name_en
    office.save(update_fields=["code", "name", "name_en"])
    office.names.filter(until__isnull=True).update(name=name, name_en=name_en)
    record("org.renamed", office, by=by, org=office, before=before, after={"code": code, "name": name})
    return office


@transaction.atomic
def open_first_account(*, full_name: str, username: str, password: str, email: str, language: str) -> User:
    """The account that may open all others. Raises SetupOver when there is one already."""
    if not nobody_works_here():
        raise SetupOver
    by, office = system_user(), default_office()
    user = create_user(
        username, full_name=full_name, org=office, by=by, email=email, password=password, language=language
    )
    grant_role(user, "office_admin", office, by=by)
    return user
