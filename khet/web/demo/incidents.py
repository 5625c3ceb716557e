"""What the made-up office does about incidents that befall pupils: from the first word to the lesson.

All through the services that pages use. They act now; afterwards the days of the past are put in their place, so that
the office has three years to look back on. The trail of acts keeps today's date: it was today that the demo was made.
"""

import random
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone, translation

from khet.core.accounts.models import User
from khet.core.notices.services import mark_read
from khet.core.orgs.models import Org
from khet.engines.cases import clocks, editions, services
from khet.engines.cases.models import Case, Contact, Step, Task
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services import Beginning, Named, Report
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID, Person
from khet.web.demo.casework import SAID, carry_on
from khet.web.demo.world.harm import Incident, stories, telling

OVER = ("closed", "slow", "dismissed")  # ways that have come to an end
SECOND = "check"  # the step that somebody else takes where a level asks for a second person
_DATED = {
    Case: ["received_at", "state_since", "missed", "due_at", "closed_at"], Step: ["at", "late"], Contact: ["at", "on"],
    Task: ["due", "done_at", "done_by"],
}  # fmt: skip


@transaction.atomic
def handle(office: Org, incidents: Iterable[Incident], today: date, seed: int) -> int:
    """Begin the incidents as cases and carry them on, the oldest first; how many."""
    kind = editions.of_family(telling()["family"], today)
    handling = _Handling(office, kind, random.Random(seed), list(incidents))  # noqa: S311  a made-up office
    with translation.override("th"):
        return handling.run()


class _Handling:
    """The cases so far, and the days that belong to them."""

    def __init__(self, office: Org, kind, draw: random.Random, incidents: list[Incident]):
        self.office, self.kind, self.draw, self.incidents = office, kind, draw, incidents
        self.people = {user.username: user for user in User.objects.filter(username__in=("safety", "director"))}
        self.schools = {org.code: org for org in Org.objects.schools().filter(path__startswith=office.path)}
        self.children = _children(incidents)
        self.cases: dict[int, Case] = {}
        self.days: list[tuple[Case, datetime, list[float], list[float]]] = []

    def run(self) -> int:
        is_over = {one.number: one.way in OVER for one in self.incidents}
        for one in filter(lambda one: is_over[one.number], self.incidents):
            self._one(one)
        for user in self.people.values():  # what was told of incidents of the past has been read
            mark_read(user)
        for one in filter(lambda one: not is_over[one.number], self.incidents):
            self._one(one)
        _put_in_their_days(self.days)
        return len(self.cases)

    def _one(self, one: Incident) -> None:
        story, safety = stories()[one.story], self.people["safety"]
        said = {**telling()["always"], **story["told"], **story.get("said", {}), **story.get("learnt", {}), **one.told}
        said |= {"happened_on": one.happened.isoformat()}
        received = _received(one.happened, self.draw)
        case = self._begun(one, said, received)
        self.cases[one.number] = case
        if one.pupil and (child := self.children.get(one.pupil)):
            services.add_party(case, Named("victim", person=child), by=safety)
        hours: list[float] = []
        contacted: list[float] = []
        for way, after in telling()["ways"][one.way]:
            for step in story["help"] if way == "help" else [way]:
                self._step(case, step, one, said)
                (contacted if case.kind.contact(step) else hours).append(after)
        if one.answer:
            services.answer_reporter(case, one.answer, by=safety)
        self.days.append((case, received, hours, contacted))

    def _begun(self, one: Incident, said: dict, received: datetime) -> Case:
        org = self.schools[one.school]
        form = self.kind.public.form if one.public else self.kind.form
        asked = {field.id for field in of_catalogue(self.kind).form(form).fields}
        answers = {id: value for id, value in ({"channel": "school"} | said).items() if id in asked}
        if one.public:
            case, _code = services.report(self.kind, Report(org, answers))
            return case
        beginning = Beginning(org=org, answers=answers, received=received)
        return services.begin(self.kind, beginning, by=self.people["safety"])

    def _step(self, case: Case, step: str, one: Incident, said: dict) -> None:
        by = self.people["safety"]
        if step == "merge":
            services.merge(case, self.cases[one.double_of], by=by, reason=SAID)
            return
        if step == SECOND:
            case.refresh_from_db()
            if case.level_of and case.level_of.second:
                by = self.people["director"]
                services.enter(case, SAID, by=by)
        carry_on(case, [step], by=by, today=one.happened, draw=self.draw, said=said)


def _children(incidents: Iterable[Incident]) -> dict[tuple[str, ...], Person]:
    """{identifiers: the person of the register} of the children whom incidents name."""
    hashes = {keyed_hash(value, PERSON_ID): one.pupil for one in incidents for value in one.pupil}
    rows = Person.objects.filter(identifiers__value_hash__in=hashes).values_list("pk", "identifiers__value_hash")
    known = {hashes[found]: pk for pk, found in rows if found in hashes}
    people = Person.objects.in_bulk(set(known.values()))
    return {pupil: people[pk] for pupil, pk in known.items()}


def _received(happened: date, draw: random.Random) -> datetime:
    """When it was told: on the day it happened, in the hours of school."""
    return min(timezone.make_aware(datetime.combine(happened, time(draw.randint(8, 15), draw.randint(0, 59)))),
               timezone.now())  # fmt: skip


def _put_in_their_days(days: Iterable[tuple[Case, datetime, list[float], list[float]]]) -> None:
    """Steps, contacts and tasks on the days they belong to, with the clocks as they would have run."""
    changed: dict[type, list] = {Case: [], Step: [], Contact: [], Task: []}
    for case, received, hours, contacted in days:
        case.refresh_from_db()
        moments = [min(received + timedelta(hours=after), timezone.now()) for after in (0, *hours)]
        before = None
        for step, at in zip(case.steps.all(), moments, strict=True):
            limit = clocks.due(case.rules, step.before, case.level, before, received) if before else None
            step.at, step.late, before = at, limit is not None and limit < at, at
            changed[Step].append(step)
        case.received_at, case.state_since = received, before
        case.missed = any(step.late for step in changed[Step] if step.case_id == case.pk)
        case.due_at = clocks.due(case.rules, case.state, case.level, before, received)
        case.closed_at = before if case.closed_at else None
        changed[Case].append(case)
        for contact, after in zip(case.contacts.order_by("pk"), contacted, strict=True):
            contact.at = min(received + timedelta(hours=after), timezone.now())
            contact.on = timezone.localtime(contact.at).date()
            changed[Contact].append(contact)
        changed[Task] += _followed_up(case, before)
    for model, fields in _DATED.items():
        model.objects.bulk_update(changed[model], fields)


def _followed_up(case: Case, closed: datetime) -> list[Task]:
    """The follow-ups of a closed case: counted from its day, and done where that day has passed."""
    tasks, now = list(case.tasks.all()), timezone.now()
    for task in tasks:
        due = timezone.make_aware(datetime.combine(task.due, time(9))) - (now - closed)
        task.due = timezone.localtime(due).date()
        if due < now:
            task.done_at, task.done_by_id = due, case.closed_by_id
    return tasks
