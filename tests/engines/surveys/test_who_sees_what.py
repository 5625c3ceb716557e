"""Rights: a place sees its own rounds, strangers find nothing, a review is the reviewed person's."""

import pytest
from django.urls import reverse

from khet.core.audit.models import AuditEntry
from khet.engines.surveys.models import Round
from khet.engines.surveys.services import casting, rounds, sheets
from khet.engines.surveys.services.rounds import RoundError

PAGES = ("surveys:round", "surveys:results", "surveys:poster", "surveys:qr")
REVIEW = "smile_360_2568"
RATED = {f"{letter}_{n}": "4" for letter in "smile" for n in (1, 2)}


@pytest.fixture
def closed(running, answer, planner):
    for number in range(8):
        answer(running, overall=str(number % 5 + 1))
    return rounds.close(running, by=planner)


def codes(client, round) -> dict[str, int]:
    return {page: client.get(reverse(page, args=[round.ref])).status_code for page in PAGES}


def test_a_stranger_finds_nothing_and_moves_nothing(closed, stranger, client_for):
    client = client_for(stranger)
    assert set(codes(client, closed).values()) == {404}
    for act in ("end", "close", "discard", "formula"):
        assert client.post(reverse("surveys:act", args=[closed.ref, act])).status_code == 404
    assert client.post(reverse("surveys:codes", args=[closed.ref]), {"count": 3}).status_code == 404
    assert client.get(reverse("surveys:export", args=[closed.ref, "xlsx"])).status_code == 404
    assert closed.title not in client.get(reverse("surveys:list")).content.decode()


def test_a_school_sees_its_own_round_and_not_the_next_schools(
    opened, planner, school, other_school, school_director, client_for
):
    own, other = opened(org=school, title="ถามบ้านริมธาร"), opened(org=other_school, title="ถามบ้านเชิงเขา")
    client = client_for(school_director)
    listed = client.get(reverse("surveys:list")).content.decode()
    assert own.title in listed and other.title not in listed
    assert codes(client, own) | {"surveys:results": 404} == dict.fromkeys(PAGES, 200) | {"surveys:results": 404}
    assert set(codes(client, other).values()) == {404}


def test_a_school_does_not_see_the_offices_round(closed, school_director, client_for):
    assert set(codes(client_for(school_director), closed).values()) == {404}


def test_a_teacher_sees_no_results_and_opens_nothing(opened, school, someone, client_for):
    round = opened(org=school)
    client = client_for(someone("teacher", school))
    assert set(codes(client, round).values()) == {404}
    assert client.get(reverse("surveys:editions")).status_code == 404
    assert client.get(reverse("surveys:list")).status_code == 200


def test_a_viewer_reads_results_and_neither_words_nor_files(closed, someone, office, client_for):
    client = client_for(someone("viewer", office))
    page = client.get(reverse("surveys:results", args=[closed.ref]))
    assert page.status_code == 200 and page.context["texts"] == []
    assert client.get(reverse("surveys:export", args=[closed.ref, "xlsx"])).status_code == 404
    assert client.post(reverse("surveys:act", args=[closed.ref, "discard"]), {"reason": "x"}).status_code == 404


def test_a_service_refuses_who_may_not_whatever_page_asked(opened, stranger, running):
    with pytest.raises(RoundError, match=r"\S"):
        opened(by=stranger)
    for act in (
        lambda: rounds.close(running, by=stranger),
        lambda: rounds.move_end(running, running.closes, by=stranger),
        lambda: rounds.set_sizes(running, {"parent": 3}, by=stranger),
        lambda: rounds.choose_formula(running, "f2_top_two", by=stranger),
        lambda: rounds.discard(running, by=stranger, reason="x"),
    ):
        with pytest.raises(RoundError):
            act()
    assert Round.objects.get(pk=running.pk).closed_at is None


def test_every_act_of_the_office_leaves_an_entry_and_no_answer_does(opened, planner, answer):
    round = opened()
    answer(round)
    rounds.set_sizes(round, {"parent": 30}, by=planner)
    rounds.move_end(round, round.closes, by=planner)
    rounds.close(round, by=planner)
    rounds.choose_formula(round, "f2_top_two", by=planner)
    verbs = list(AuditEntry.objects.filter(object_type="surveys.round").order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "survey.opened", "survey.sizes_set", "survey.end_moved", "survey.closed", "survey.formula_chosen",
    ]  # fmt: skip


def test_staff_of_the_place_answer_once_and_others_never(opened, school, someone, stranger, client_for):
    round = opened("ita_iit_2568", org=school, access="staff")
    teacher = someone("teacher", school)
    url = reverse("answer:form", args=[round.token])
    client = client_for(teacher)
    assert round.title in client.get(reverse("surveys:list")).content.decode()
    assert client.post(f"{url}sheet/").status_code == 302
    assert round.title not in client.get(reverse("surveys:list")).content.decode()
    assert client_for(teacher).post(f"{url}sheet/").status_code == 422
    assert client_for(stranger).get(url).status_code == 404
    assert client_for(stranger).post(f"{url}sheet/").status_code == 404


def test_a_staff_survey_asks_a_visitor_to_sign_in(opened, client):
    round = opened("ita_iit_2568", access="staff")
    assert client.get(reverse("answer:form", args=[round.token])).url.startswith("/account/login/")


# --- a review of one person


@pytest.fixture
def reviewed(opened, planner, someone, office):
    person = someone("supervisor", office, "reviewed")
    round = opened(REVIEW, access="codes", target=("person", str(person.pk), "ศน.สมมติ"))
    for group, count in (("self", 1), ("superior", 1), ("peer", 5), ("subordinate", 4)):
        for code in rounds.make_codes(round, count, by=planner, group=group):
            answers = RATED | {"s_1": "1"} if group == "superior" else RATED
            casting.cast(round, answers, sheet=sheets.from_code(round, code))
    return rounds.close(round, by=planner)


def test_a_review_is_seen_by_the_person_and_those_who_may_open_records(
    reviewed, planner, director, someone, office, client_for
):
    url = reverse("surveys:results", args=[reviewed.ref])
    person = type(planner).objects.get(username="reviewed")
    assert client_for(person).get(url).status_code == 200
    assert client_for(director).get(url).status_code == 200
    for role in ("planner", "supervisor", "viewer"):
        assert client_for(someone(role, office)).get(url).status_code == 404, role


def test_in_a_review_a_single_superior_is_not_shown_alone_and_the_own_view_is(reviewed):
    from khet.engines.surveys.results import result

    found = result(reviewed)
    assert found.answered == 10, "the own view is no part of the whole"
    assert [part.answered for part in found.named] == [1]
    # One superior joins the smallest group that may be shown, so that no difference tells the one answer
    assert [part.title for part in found.groups] == ["เพื่อนร่วมงาน"]
    assert set(found.together) == {"ผู้บังคับบัญชา", "ผู้ใต้บังคับบัญชา"}


def test_a_review_says_whom_it_is_about(opened):
    with pytest.raises(RoundError):
        opened(REVIEW, access="codes", target=("person", "", ""))


def test_what_was_written_in_a_review_is_read_by_the_person_too(opened, planner, director, someone, office, client_for):
    person = someone("supervisor", office, "reviewed")
    round = opened(REVIEW, access="codes", target=("person", str(person.pk), "ศน.สมมติ"))
    for code in rounds.make_codes(round, 5, by=planner, group="peer"):
        casting.cast(round, RATED | {"grow": "ควรฝึกการฟัง"}, sheet=sheets.from_code(round, code))
    url = reverse("surveys:results", args=[rounds.close(round, by=planner).ref])
    assert "ควรฝึกการฟัง" in client_for(person).get(url).content.decode()
    assert "ควรฝึกการฟัง" in client_for(director).get(url).content.decode()
