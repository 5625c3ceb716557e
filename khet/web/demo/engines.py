"""What the made-up office does in its engines: rounds of assessment, a survey under way, a programme of schools.

All of it through the services that pages use. It is the worker's work: the first page does not wait for it.
"""

import random
from datetime import date, timedelta

from django.db import transaction

from khet.core.accounts.models import User
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import schools_of
from khet.engines.assessments.models import Round
from khet.engines.assessments.services import rating, rounds
from khet.engines.programmes.services import joining, judging, running
from khet.engines.surveys.services import casting, sheets
from khet.engines.surveys.services import rounds as surveys
from khet.kit.periods import Period, academic_year, fiscal_year
from khet.registers.figures.models import Figure
from khet.registers.people.models import StaffPost

ANSWERED = 60  # people who answered the survey so far
LADDER = ("sufficiency_announced", "announced"), ("sufficiency_centre", "centre")
COMMENTS = ("เจ้าหน้าที่อธิบายชัดเจน", "อยากให้มีที่จอดรถเพิ่ม", "ยื่นเรื่องออนไลน์ได้สะดวก", "ใช้เวลานานไปหน่อย", "")


@transaction.atomic
def begin(office: Org, today: date, seed: int) -> bool:
    """Begin what an office would have under way; False when it has begun already."""
    if Round.objects.exists():
        return False
    people = {user.username: user for user in User.objects.filter(username__in=("planner", "supervisor", "school"))}
    draw = random.Random(seed)  # noqa: S311  a made-up office
    _own_assessment(office, today, people["planner"], draw)
    _school_quality(office, today, people, draw)
    _lessons(office, today, people["supervisor"], draw)
    _sufficiency(office, today, people["planner"])
    _satisfaction(office, today, people["planner"], draw)
    return True


def _own_assessment(office: Org, today: date, by: User, draw: random.Random) -> None:
    """The office's own round of the fiscal year, half done."""
    year = fiscal_year(today)
    one = rounds.prepare_round(office, "pmqa_4_2563", year, by=by, opens=year.start, closes=year.end)
    rounds.open_round(one, by=by)
    assessment = one.assessments.get()
    asked = [
        node
        for node in one.framework.rated
        if one.framework.scale_of(node.id) and one.framework.scale_of(node.id).options
    ]
    for node in asked[: len(asked) // 2]:
        rating.rate(assessment, node.id, "yes" if draw.random() < 0.85 else "no", layer="self", by=by)


def _school_quality(office: Org, today: date, people: dict[str, User], draw: random.Random) -> None:
    """Internal quality of all schools; the one the tour visits has begun."""
    year, by = academic_year(today), people["planner"]
    one = rounds.prepare_round(office, "iqa_basic_2561", year, by=by, opens=year.start, closes=year.end)
    rounds.add_targets(one, schools_of(office), by=by)
    rounds.open_round(one, by=by)
    mine = one.assessments.get(org=people["school"].org)
    for node in one.framework.rated[:14]:
        rating.rate(mine, node.id, str(draw.choice((3, 4, 4, 5))), layer="self", by=people["school"])


def _lessons(office: Org, today: date, by: User, draw: random.Random) -> None:
    """Lessons that the supervisor has observed so far."""
    year = academic_year(today)
    one = rounds.prepare_round(office, "active_learning_lesson", year, by=by, opens=year.start, closes=year.end)
    rounds.open_round(one, by=by)
    posts = StaffPost.objects.filter(school__path__startswith=office.path, school__kind="school", until=None)
    for post in posts.select_related("person", "school").order_by("pk")[:6]:
        if post.person.org_id != post.school_id:
            continue
        day = today - timedelta(days=draw.randint(5, 60))
        lesson = rounds.add_target(one, post.school, by=by, person=post.person, judged_on=day)
        for node in one.framework.rated:
            rating.rate(lesson, node.id, str(draw.choice((2, 3, 3, 4))), layer="reviewer", by=by)


def _sufficiency(office: Org, today: date, by: User) -> None:
    """The ladder of sufficiency schools, as the figures of the year say, so that the number stays the same."""
    year = academic_year(today)
    rules = catalogue().get("programme", "sufficiency_school_2554")
    reached = {measure: _last_reported(office, measure, year) for measure in ("sufficiency_joined", *dict(LADDER))}
    schools = [school for school in schools_of(office) if school.pk in reached["sufficiency_joined"]]
    if not schools:
        return
    run = running.open_run(rules, office, by=by, starts=year.start)
    joined = joining.join_many(run, [joining.Entrant("school", school, year.start) for school in schools], by=by)
    running.start_run(run, by=by)
    for measure, level in LADDER:
        found = [one for one in joined if one.org_id in reached[measure]]
        link = "https://office.example/sufficiency" if level == "centre" else ""
        judging.judge_many(run, [judging.Judgement(one, level, year.start, link=link) for one in found], by=by)


def _last_reported(office: Org, measure: str, year: Period) -> set[int]:
    """The schools whose newest figure, of this year or the last, says that they have got there."""
    figures = Figure.objects.filter(measure=measure, period__in=(year.code, year.previous().code))
    newest = dict(figures.filter(org__path__startswith=office.path).order_by("period").values_list("org", "value"))
    return {org for org, value in newest.items() if value}


def _satisfaction(office: Org, today: date, by: User, draw: random.Random) -> None:
    """A survey of those who came to the office, open since some weeks."""
    one = surveys.open_round(
        office, "service_satisfaction_2568", by=by, access="open", opens=today - timedelta(days=20),
        closes=today + timedelta(days=40), sizes={"": 400},
    )  # fmt: skip
    for _number in range(ANSWERED):
        steps = {name: str(draw.choice((3, 4, 4, 5, 5, 5))) for name in _steps(one)}
        answer = {
            "who": draw.choice(("citizen", "parent", "teacher", "agency")),
            "channel": _channel(one, draw),
            **steps,
        }
        casting.cast(one, answer | {"better": draw.choice(COMMENTS)}, sheet=sheets.hand(one))


def _steps(one) -> list[str]:
    return [name for part in one.edition.dimensions for name in part.questions]


def _channel(one, draw: random.Random) -> str:
    from khet.engines.surveys.definition.files import form_of

    return draw.choice([choice.code for choice in form_of(one.edition).questions["channel"].options])
