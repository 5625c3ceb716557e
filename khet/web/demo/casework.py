"""What the made-up office does about its cases: the list of children in no school is handed out and worked on.

All through the services that pages use. What is true of each child comes from the made-up world, so that tests can
hold the plan's number against it.
"""

import random
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import yaml
from django.db import transaction
from django.utils import timezone

from khet.core.accounts.models import User
from khet.core.forms.build import is_asked, options_of
from khet.core.forms.schema import CHOOSING, UPLOADS, Form
from khet.core.orgs.models import Org
from khet.engines.cases import editions, services
from khet.engines.cases.models import Case
from khet.engines.cases.queries import listed
from khet.engines.cases.services import Beginning, Contacted
from khet.kit.periods import academic_year
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID
from khet.registers.residents import queries as residents
from khet.registers.residents.models import Resident

NOTHING: Mapping = MappingProxyType({})
LONGEST_AGO = 40  # days since the oldest case came in
SAID = "ข้อมูลสมมติสำหรับการสาธิต"


@lru_cache(maxsize=1)
def stories() -> list[dict]:
    return yaml.safe_load(files("khet.web.demo.data").joinpath("cases.yaml").read_text(encoding="utf-8"))


def whereabouts(world, year: int) -> dict[str, str]:
    """{keyed hash of an identifier: other | nowhere} of the children who are in no school of the made-up office."""
    found = {}
    for child in world.children:
        if (where := world.outside[year].get(child.number)) is not None:
            found |= {keyed_hash(number, PERSON_ID): where for _since, number in child.identifiers}
    return found


@transaction.atomic
def begin(office: Org, today: date, seed: int, where: Mapping[str, str]) -> int:
    """Begin and carry on the cases of the stories; how many. `where` as `whereabouts` gives it."""
    people = {user.username: user for user in User.objects.filter(roles__isnull=False)}
    return sum(_story(one, office, today, random.Random(seed), where, people[one["by"]]) for one in stories())  # noqa: S311


def _story(story: dict, office: Org, today: date, draw: random.Random, where: Mapping[str, str], by: User) -> int:
    kind = editions.of_family(story["family"], today)
    year = academic_year(today).year
    if kind is None or not residents.list_day(office, year) or not residents.has_rolls(office, year):
        return 0
    children = list(residents.unmatched(office, year).order_by("name_key", "birth_date", "subdistrict", "pk"))
    chosen = draw.sample(children, min(story["most"], round(len(children) * story["share"])))
    cases = services.begin_many(kind, list(_beginnings(kind, office, chosen, today, draw)), by=by)
    for case in cases:
        known = where.get(case.listed, "ours")
        ways = [way for way in story["ways"] if way["where"] == known]
        way = draw.choices(ways, [way["weight"] for way in ways])[0]
        carry_on(case, way["steps"], by=by, today=today, draw=draw)
    return len(cases)


def _beginnings(kind, office: Org, children: Iterable[Resident], today: date, draw: random.Random):
    schools = listed.schools_to_look(office, children)
    for child in children:
        day = today - timedelta(days=draw.randint(0, LONGEST_AGO))
        received = timezone.make_aware(datetime.combine(day, time(9, draw.randint(0, 59))))
        yield Beginning(
            org=office, resident=child, handled_by=schools.get(child.pk), answers=dict(kind.list_answers),
            received=min(received, timezone.now()), cause={"kind": "list", "id": kind.list},
        )  # fmt: skip


def carry_on(
    case: Case, steps: Iterable[str], *, by: User, today: date, draw: random.Random, said: Mapping = NOTHING
) -> None:
    """Take steps and record contacts in turn, with made-up answers to what their forms ask and `said` does not tell."""
    for step in steps:
        case.refresh_from_db()
        contact = case.kind.contact(step)
        if contact is not None:
            answers = made_up(case.rules.form(contact.form), today, draw, said)
            services.record_contact(case, Contacted(step, today, answers), by=by)
            continue
        form = case.rules.form(case.rules.workflow.moves[step].form)
        services.move(case, step, by=by, answers=made_up(form, today, draw, said) if form else {}, reason=SAID)


def made_up(form: Form, today: date, draw: random.Random, said: Mapping = NOTHING) -> dict:
    """Answers to what a form requires; of what it may ask, what is said of it."""
    answers: dict = {}
    for field in form.fields:
        if field.id in said and is_asked(field, answers):
            answers[field.id] = said[field.id]
        elif field.required and field.kind not in (*UPLOADS, "heading") and is_asked(field, answers):
            answers[field.id] = _answer(field, today, draw)
    return answers


def _answer(field, today: date, draw: random.Random):
    if field.kind in CHOOSING:
        code = draw.choice(options_of(field))[0]
        return [code] if field.kind == "choices" else code
    match field.kind:
        case "yes_no":
            return False
        case "date":
            return today.isoformat()
        case "integer" | "number":
            return field.minimum or 0
        case _:
            return SAID
