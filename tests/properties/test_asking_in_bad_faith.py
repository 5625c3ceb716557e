"""Addresses, searches and forms filled with another office's codes, names, numbers: nothing comes back or moves."""

import pytest
from django.apps import apps
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from khet.core.orgs.models import Org
from khet.registers.people.models import Identifier, Person
from tests.properties import walk
from tests.properties.offices import INDICATOR, PERSON

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PARAMETERS = (
    "org", "school", "cluster", "q", "period", "sort", "format", "view", "reading", "with", "page", "who", "about",
    "user", "permission", "parent", "kind", "role", "state", "source", "days", "only", "sound", "closed", "measure",
    "owner", "sheet",
)  # fmt: skip
HARMLESS = (
    "",
    "1",
    "2",
    "xlsx",
    "csv",
    "json",
    "name",
    "-pupils",
    "AY2024",
    "2567",
    "plan.read",
    "people.list",
    "บ้าน",
    "วงศ์",
)
ROLES = ("office_admin", "planner", "director", "school_director", "teacher")


@pytest.fixture
def words_of(two_offices):
    """words_of(office): what somebody could know of it from outside, none of it the bare token."""

    def find(office) -> list[str]:
        orgs = [place.org for place in office.places]
        persons = Person.objects.filter(org__path__startswith=office.place.org.path)
        known = [str(value) for org in orgs for value in (org.pk, org.code, org.name)]
        known += [f"{person.first_name} {person.last_name}" for person in persons] + [
            str(person.ref) for person in persons
        ]
        known += [user.username for user in office.users] + [str(user.pk) for user in office.users]
        return [*known, f"people.person:{persons[0].pk}", PERSON]

    return find


@settings(
    max_examples=250, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_no_question_brings_back_a_word_of_another_office(client, two_offices, words_of, data):
    number = data.draw(st.integers(0, 1))
    mine, other = two_offices[number], two_offices[1 - number]
    client.force_login(mine.user(data.draw(st.sampled_from(ROLES))))
    own = {name: found for place in mine.places for name, found in place.addresses.items()}
    asked = {name: found for name, found in (walk.general() | own).items() if not name.startswith(walk.LIBRARY)}
    name = data.draw(st.sampled_from(sorted(asked)))
    url = walk.address(name, data.draw(st.sampled_from(asked[name])))
    values = st.sampled_from([*words_of(other), *HARMLESS])
    query = data.draw(st.dictionaries(st.sampled_from(PARAMETERS), values, min_size=1, max_size=4))
    headers = {"hx-request": "true"} if data.draw(st.booleans()) else {}
    response = client.get(url, query, headers=headers)
    assert response.status_code < 500
    assert not walk.told(walk.without(walk.text_of(response), *query.values()), other.places)


def things_of(office) -> dict[str, list]:
    """Every row of every table that stands at an org of the office, sign-ins aside."""
    found = {}
    for model in apps.get_models():
        ties = [field.name for field in model._meta.concrete_fields if field.related_model is Org]
        for tie in ties if model is not Org else ():
            rows = model._base_manager.filter(**{f"{tie}__path__startswith": office.place.org.path})
            found[f"{model._meta.label}.{tie}"] = sorted(map(repr, rows.values_list()))
    found["orgs"] = sorted(map(repr, Org.objects.filter(path__startswith=office.place.org.path).values_list()))
    return found


def forms(mine, other):
    """(page, its arguments, what is sent): each form with something of the other office in it."""
    theirs, school = other.place.org, other.schools[0].org
    user, own_school = mine.user("teacher"), mine.schools[2].org
    batch = next(arguments[0] for arguments in mine.schools[0].addresses["intake:load"])
    number = Identifier.objects.filter(person__org=school).first().value
    account = {"username": "new", "full_name": "คนใหม่", "language": "th", "role": "teacher", "entry": "password"}
    for org in (theirs, school):
        yield "desk:note_add", [INDICATOR], {"org": org.code, "text": "ไม่ควรอยู่"}
        due = {"due": "31/12/2570", "owner": mine.user("director").username}
        yield "desk:action_add", [INDICATOR], {"org": org.code, "text": "ไม่ควรอยู่", **due}
        yield "desk:figures", [], {"org": org.code, "harm_incidents||AY2024": "1"}
        yield "accounts:new", [], account | {"org": org.pk}
        yield "accounts:edit", [user.pk], {"full_name": "ชื่อ", "language": "th", "org": org.pk}
        yield "accounts:grant", [user.pk], {"role": "teacher", "org": org.pk}
        yield "orgs:new", [], {"parent": org.pk, "kind": "school", "code": "99990001", "name": "บ้านงอก"}
        yield "orgs:change", [own_school.pk, "move"], {"parent": org.pk, "on": "01/01/2568"}
        yield "orgs:change", [own_school.pk, "close"], {"into": org.pk, "on": "01/01/2568"}
        yield "ui:office", [], {"code": org.code, "office": org.code}
        yield "audit:export", [], {"org": org.pk}
        yield "intake:confirm", [batch], {"answer-0": "other", "school-0": org.code, "key-0": "school:x"}
    yield (
        "desk:action_add",
        [INDICATOR],
        {"org": mine.place.org.code, "text": "งาน", "due": "31/12/2570", "owner": other.users[0].username},
    )
    yield "orgs:change", [own_school.pk, "move"], {"parent": other.clusters[0].org.pk, "on": "01/01/2568"}
    yield "desk:people_by_identifier", [], {"identifier": number}


def test_no_form_reaches_into_another_office(client, two_offices):
    mine, other = two_offices
    client.force_login(mine.user("office_admin"))
    before = things_of(other)
    assert sum(map(len, before.values())) > 100, "there is something to move"
    for name, arguments, sent in forms(mine, other):
        response = client.post(walk.address(name, arguments), sent, follow=True)
        assert response.status_code < 500, (name, sent)
        text = walk.without(walk.text_of(response), *map(str, sent.values()))
        assert not walk.told(text, other.places), (name, sent)
    assert things_of(other) == before
