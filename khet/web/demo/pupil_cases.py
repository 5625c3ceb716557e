"""What the school of the tour does for its own pupils: care, plans for disabled pupils, coupons, support, talents.

All through the services that pages use, as `casework` does for the children in no school.
"""

import random
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

import yaml
from django.db import transaction

from khet.core.accounts.models import User
from khet.core.catalogue import catalogue
from khet.engines.cases import editions, services
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services import Beginning
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment, Person
from khet.web.demo.casework import carry_on, made_up

AMONG = {
    "any": lambda roll, last: True,
    "last_class": lambda roll, last: _class_of(roll) == last,
    "disabled": lambda roll, last: roll.disabled,
    "disadvantaged": lambda roll, last: roll.disadvantaged,
}


@lru_cache(maxsize=1)
def stories() -> list[dict]:
    return yaml.safe_load(files("khet.web.demo.data").joinpath("pupil_cases.yaml").read_text(encoding="utf-8"))


@transaction.atomic
def begin(today: date, seed: int) -> int:
    """Begin and carry on the cases of the stories; how many."""
    people = {user.username: user for user in User.objects.filter(username__in=("school", "teacher"))}
    draw = random.Random(seed)  # noqa: S311  a made-up office
    return sum(_story(story, people[story["by"]], today, draw) for story in stories())


def _story(story: dict, by: User, today: date, draw: random.Random) -> int:
    kind = editions.of_family(story["family"], today)
    pupils = _pupils(by.org, today, AMONG[story["who"]])
    if kind is None or not pupils:
        return 0
    chosen = draw.sample(pupils, min(story["most"], len(pupils)))
    for place, pupil in enumerate(chosen):
        form = of_catalogue(kind).form(kind.form)
        answers = made_up(form, today - timedelta(days=draw.randint(0, 30)), draw) if form else {}
        case = services.begin(kind, Beginning(org=by.org, person=pupil, answers=answers), by=by)
        carry_on(case, story["ways"][place % len(story["ways"])], by=by, today=today, draw=draw)
    return len(chosen)


def _pupils(school, today: date, among) -> list[Person]:
    rolls = Enrolment.objects.filter(school=school, year=academic_year(today).year, left=None)
    rolls = list(rolls.select_related("person").order_by("pk"))
    last = max(map(_class_of, rolls), default=None)
    return [roll.person for roll in rolls if among(roll, last)]


def _class_of(roll: Enrolment) -> tuple:
    return catalogue().get("codes", "grades").value(roll.grade).order, roll.room
