"""What a participant states of a sensitive question lies encrypted, and every opening stands in the trail."""

from datetime import date

import pytest
from django.db import connection

from khet.core.audit.models import AuditEntry
from khet.engines.programmes import services
from khet.engines.programmes.schema import Programme
from khet.engines.programmes.services.joining import Entrant

pytestmark = pytest.mark.django_db
T = {"th": "ก", "en": "a"}
DEBT = "หนี้สินล้นพ้นตัว"


@pytest.fixture
def one(office, school, supervisor):
    rules = Programme.model_validate({
        "id": "made_up_2569", "family": "made_up", "system": "savings", "source": "a test", "title": T, "edition": T,
        "since": "2024-05-16", "who": ["school"],
        "fields": [{"id": "open", "label": T}, {"id": "debt", "label": T, "sensitive": True}],
    })  # fmt: skip
    run = services.open_run(rules, office, by=supervisor, starts=date(2024, 6, 1))
    services.start_run(run, by=supervisor)
    answers = {"open": "ทั่วไป", "debt": DEBT}
    return services.join(run, Entrant("school", school, date(2024, 6, 1), answers=answers), by=supervisor)


def test_it_lies_encrypted(one):
    assert one.answers == {"open": "ทั่วไป"} and one.secret == {"debt": DEBT}
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, secret FROM programmes_participant")
        assert DEBT not in str(cursor.fetchall())


def test_no_page_shows_it_but_the_form_of_who_enters_and_that_is_noted(one, supervisor, director, client_for):
    client = client_for(supervisor)
    assert DEBT not in client.get(f"/programmes/participants/{one.pk}/").content.decode()
    assert not AuditEntry.objects.filter(verb="programme.secret_shown").exists()
    assert DEBT in client.get(f"/programmes/participants/{one.pk}/answers/").content.decode()
    assert AuditEntry.objects.filter(verb="programme.secret_shown", actor=supervisor).count() == 1
    assert client_for(director).get(f"/programmes/participants/{one.pk}/answers/").status_code == 404
