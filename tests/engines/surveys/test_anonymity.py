"""No path leads from an answer to a person: not in the tables, not in their order, not in what lies around them."""

import json
import re

import pytest
from django.apps import apps
from django.db import connection, models
from django.urls import reverse

from khet.core.accounts.models import User
from khet.core.audit.models import AuditEntry
from khet.engines.surveys import queries
from khet.engines.surveys.models import Code, Round, SpentSheet, Taken, Urn
from khet.engines.surveys.services import casting, rounds, sheets
from tests.engines.surveys.conftest import GOOD
from tests.engines.surveys.plain import walk

IIT = "ita_iit_2568"
STAFF = {f"i{n}": "60" for n in range(1, 16)} | {"i3": "no", "tenure": "over"}


# --- tables


def test_an_answer_holds_no_person_no_time_and_no_number_that_counts_up():
    kinds = {field.name: field for field in Urn._meta.get_fields()}
    assert set(kinds) == {"id", "round", "ballots"}
    assert isinstance(kinds["id"], models.UUIDField)


def test_who_took_a_sheet_and_what_was_answered_share_no_key_but_the_round():
    """Every table that points at an urn, or that an urn points at."""
    assert [field.related_model for field in Urn._meta.get_fields() if field.is_relation] == [Round]
    pointing = [
        field for model in apps.get_models() for field in model._meta.get_fields() if field.related_model is Urn
    ]
    assert [field.model for field in pointing] == [Round]  # the other end of that one relation
    for model in (Taken, Code, SpentSheet):
        names = {field.name for field in model._meta.concrete_fields}
        assert not names & {"urn", "at", "created", "answer", "ballot"}
        assert not [f for f in model._meta.concrete_fields if isinstance(f, models.DateField)]


def test_no_table_of_the_room_keeps_an_address_or_a_browser():
    for model in apps.get_app_config("surveys").get_models():
        for field in model._meta.concrete_fields:
            assert not re.search(r"(?<![a-z])(ip|agent|address|device_id|session|browser)", field.name), (model, field)


# --- what stands in them


def everything() -> dict[str, list[tuple]]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchall()
    return found


@pytest.fixture
def staff(someone, office):
    return [someone("supervisor", office, f"staff-{number}") for number in range(8)]


@pytest.fixture
def staff_round(opened):
    return opened(IIT, access="staff")


def answer_as(client, round, answers):
    url = reverse("answer:form", args=[round.token])
    client.post(f"{url}sheet/")
    return walk(client, url, answers)


def test_an_answer_given_while_signed_in_leaves_nothing_that_names_both(staff_round, staff, client_for):
    before = everything()
    entries = AuditEntry.objects.count()
    sent = answer_as(client_for(staff[0]), staff_round, STAFF | {"more": "ระบบดีขึ้น"})
    assert sent.status_code == 302
    assert AuditEntry.objects.count() == entries, "an answer is no entry of the trail"
    changed = {table for table, rows in everything().items() if rows != before.get(table)}
    mine = {"surveys_round", "surveys_urn", "surveys_taken", "surveys_spentsheet"}
    assert changed - mine <= {"django_session", "accounts_user"}  # signing in, and that somebody was here
    for table in ("surveys_urn", "surveys_spentsheet"):
        for row in everything()[table]:
            assert staff[0].pk not in row and staff[0].username not in map(str, row)
    assert not any("ระบบดีขึ้น" in str(row) for rows in everything().values() for row in rows), "it lies encrypted"


def test_nothing_stored_tells_the_order_in_which_answers_came(running):
    for number in range(120):
        casting.cast(running, GOOD | {"better": f"ข้อความที่ {number}"}, sheet=sheets.hand(running))
    order = [int(ballot.answers["better"].split()[1]) for ballot in queries.ballots([running])]
    assert sorted(order) == list(range(120))
    ranks = sum((place - came) ** 2 for place, came in enumerate(order))
    spearman = 1 - 6 * ranks / (120 * (120**2 - 1))
    assert abs(spearman) < 0.45  # five standard errors: a true shuffle fails once in a million runs


def test_full_urns_are_split_by_lot_so_that_the_second_holds_no_later_answers(running, monkeypatch):
    monkeypatch.setattr(casting, "FULL", 40)
    for number in range(150):
        casting.cast(running, GOOD | {"better": f"ข้อความที่ {number}"}, sheet=sheets.hand(running))
    urns = [[int(one["a"]["better"].split()[1]) for one in casting.inside(urn)] for urn in running.urns.all()]
    assert len(urns) > 3
    assert sorted(number for urn in urns for number in urn) == list(range(150))
    assert min(len(urn) for urn in urns) >= 10, "none is so young that it holds a few late answers only"
    assert all(min(urn) < 100 for urn in urns)


def test_a_sheet_handed_to_staff_carries_nothing_of_the_person(staff_round, staff):
    made = {sheets.hand_to_staff(staff_round, user).signed(staff_round) for user in staff}
    assert len(made) == len(staff)
    for signed, user in zip(sorted(made), staff, strict=True):
        assert str(user.pk) not in signed.split(".")[1:3] and user.username not in signed


def test_closing_destroys_who_took_part(staff_round, staff, client_for, planner):
    for user in staff:
        assert answer_as(client_for(user), staff_round, STAFF).status_code == 302
    assert Taken.objects.count() == len(staff)
    rounds.close(Round.objects.get(pk=staff_round.pk), by=planner)
    assert not Taken.objects.exists()
    assert not SpentSheet.objects.exists()
    assert Round.objects.get(pk=staff_round.pk).taken == len(staff)


def test_codes_are_kept_as_hashes_and_lead_to_no_answer(opened, planner):
    round = opened(access="codes")
    codes = rounds.make_codes(round, 6, by=planner)
    casting.cast(round, GOOD, sheet=sheets.from_code(round, codes[0]))
    stored = json.dumps([[str(value) for value in row] for rows in everything().values() for row in rows])
    for code in codes:
        assert code not in stored and code.replace("-", "") not in stored
    assert Code.objects.filter(spent=True).count() == 1
    assert {field.name for field in Code._meta.concrete_fields} == {"digest", "round", "group", "spent"}


def test_the_public_page_opens_no_session_and_sets_no_cookie_elsewhere(running, client):
    url = reverse("answer:form", args=[running.token])
    assert walk(client, url, GOOD).status_code == 302
    assert "khet" not in client.cookies and "sessionid" not in client.cookies
    kept = {name: cookie for name, cookie in client.cookies.items() if cookie.value and name != "khet-csrf"}
    paths = {name: cookie["path"] for name, cookie in kept.items()}
    assert paths == {"khet-sent": url}
    assert client.cookies["khet-sent"].value == "1"


def test_results_cannot_be_watched_while_answers_come_in(running, answer, planner, client_for):
    from khet.engines.surveys.results import result

    for _ in range(9):
        answer(running)
    page = client_for(planner).get(reverse("surveys:results", args=[running.ref]))
    assert page.status_code == 404
    with pytest.raises(ValueError, match="not closed"):
        result(running)


def test_a_closed_round_cannot_be_opened_again(running, answer, planner):
    answer(running)
    closed = rounds.close(running, by=planner)
    with pytest.raises(rounds.RoundError):
        rounds.move_end(closed, closed.closes, by=planner)
    with pytest.raises(sheets.SheetRefused):
        answer(closed)


def test_users_stay_while_their_answers_do_not_know_them(staff_round, staff, client_for):
    """Erasing a person takes the note that a sheet was handed along, and no answer."""
    answer_as(client_for(staff[0]), staff_round, STAFF)
    Taken.objects.filter(user=staff[0]).delete()
    assert len(queries.ballots([staff_round])) == 1
    assert User.objects.filter(pk=staff[0].pk).exists()
