"""A class of four at a school, and its teacher; cases of the shipped catalogue."""

import pytest
from django.test import Client
from django.utils import timezone

from khet.kit.periods import academic_year
from khet.kit.thai import name_key
from khet.registers.people.models import Enrolment, Person
from khet.registers.progress.queries import Room
from khet.web.classroom import queries

YEAR = academic_year(timezone.localdate()).year


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    """That records of persons ask for it is tested where it belongs."""
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def client_for(settings):
    """A browser of a person's own read in English."""

    def sign_in(user):
        user.language = "en"
        user.save()
        client = Client()
        client.force_login(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


@pytest.fixture
def pupil(school):
    def make(name, at=school, room="1"):
        person = Person.objects.create(
            prefix="ด.ญ.", first_name=name, last_name="ใจดี", name_key=name_key(name, "ใจดี"), sex="f", org=at
        )
        return Enrolment.objects.create(person=person, school=at, year=YEAR, grade="ป.4", room=room)

    return make


@pytest.fixture
def pupils(pupil):
    return [pupil(name) for name in ("กานดา", "ขวัญ", "จิต", "ฉาย")]


@pytest.fixture
def room(school, pupils):
    return Room(school, YEAR, "ป.4", "1", len(pupils))


@pytest.fixture
def setup():
    return queries.rules()
