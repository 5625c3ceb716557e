"""The people one can be in the demo. All sign in with the same password, which is no secret."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from khet.core.accounts.models import User
from khet.core.accounts.services import create_user, grant_role
from khet.core.orgs.models import Org

PASSWORD = "khet-demo-2568"  # noqa: S105  printed on the sign-in page of the demo


@dataclass(frozen=True)
class Account:
    """username, role and name of a made-up officer; at_school: of the school the tour visits, else of the office."""

    username: str
    role: str
    full_name: str
    shows: str
    at_school: bool = False


ACCOUNTS = (
    Account("director", "director", "นางวิมล ธารคำงาม", _("the plan at a glance, and who is on what")),
    Account("planner", "planner", "นายอาทร ลานดอกแก้ว", _("imports, targets and the state of the data")),
    Account("promoter", "promoter", "นางสาวอรพินท์ ผาเงินงาม", _("children in no school, and their records")),
    Account("supervisor", "supervisor", "นายพินิจ รวงทองสว่าง", _("results by school, without pupils' names")),
    Account("school", "school_director", "นางสมพิศ ฟ้าลำดวน", _("one school, and nothing of the others"), True),
    Account("registrar", "school_registrar", "นางสาวกัลยา ม่อนคำ", _("the own school's register of pupils"), True),
    Account("teacher", "teacher", "นางสาวแพรวา สายธารทอง", _("a class, and the children who need help"), True),
    Account("safety", "safety_officer", "นายธีรภัทร คุ้มวัง", _("incidents that befall pupils")),
    Account("admin", "office_admin", "นายสุเมธ เวียงลานทอง", _("accounts, roles and the trail of what was done")),
)


def make_accounts(office: Org, school: Org, *, by) -> dict[str, User]:
    """{username: user}, each with the one role it shows; those that are there already stay as they are."""
    made, password = {}, make_password(PASSWORD)  # one slow hash for all: the password is one, and known
    for account in ACCOUNTS:
        org = school if account.at_school else office
        user = User.objects.filter(username=account.username).first()
        if user is None:
            user = create_user(account.username, full_name=account.full_name, org=org, by=by)
            user.password = password
            user.save(update_fields=["password"])
        grant_role(user, account.role, org, by=by)
        made[account.username] = user
    return made
