"""Opening, giving more time, codes, closing by the calendar; what cannot be says why."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from khet.core.ui.forms import BuddhistDateWidget
from khet.engines.surveys import queries
from khet.engines.surveys.models import Code, Round
from khet.engines.surveys.services import casting, rounds, sheets
from khet.engines.surveys.services.rounds import RoundError
from tests.engines.surveys.conftest import GOOD, SERVICE

TODAY = timezone.localdate


def written(day) -> str:
    return BuddhistDateWidget().format_value(day)


def fill(office, **changed) -> dict:
    return {
        "org": office.pk, "title": "", "target_kind": "", "access": "open", "opens": written(TODAY()),
        "closes": written(TODAY() + timedelta(days=20)), "formula": "f2_top_two", "size-parent": "40", **changed,
    }  # fmt: skip


@pytest.mark.parametrize("survey", ["service_satisfaction_2568", "ita_iit_2568", "savings_2568", "smile_self_2568"])
def test_the_page_opens_a_round_of_every_kind(survey, planner, office, client_for):
    client = client_for(planner)
    url = reverse("surveys:new", args=[survey])
    form = client.get(url).context["form"]
    changed = {name: field.choices[0][0] for name, field in form.fields.items() if name in ("access", "formula")}
    assert client.post(url, fill(office, **changed)).status_code == 302
    round = Round.objects.get()
    assert round.survey == survey and round.is_open


def test_what_was_chosen_is_kept(planner, office, client_for):
    answer = client_for(planner).post(
        reverse("surveys:new", args=[SERVICE]),
        fill(office, target_kind="service", target_id="7", target_label="ขอใบรับรอง"),
    )
    round = Round.objects.get()
    assert answer.url == reverse("surveys:round", args=[round.ref])
    assert (round.formula, round.target_kind, round.target_id) == ("f2_top_two", "service", "7")
    assert queries.sizes(round) == {"parent": 40}
    assert round.opened_by == planner and round.access == "open"


def test_a_round_without_a_title_of_its_own_is_titled_in_the_readers_language(opened):
    round = opened()
    assert round.title == "ความพึงพอใจของผู้รับบริการ"
    with translation.override("en"):
        assert round.title == "Satisfaction of service users"


def test_a_school_director_opens_for_the_own_school_only(school_director, school, other_school, client_for):
    client = client_for(school_director)
    url = reverse("surveys:new", args=[SERVICE])
    assert client.post(url, fill(other_school)).status_code == 422
    assert client.post(url, fill(school)).status_code == 302
    assert Round.objects.get().org == school


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"access": "staff"}, "ไม่ใช้วิธีตอบดังกล่าว"),
        ({"days": (5, 2)}, "วันสุดท้ายอยู่ก่อนวันแรก"),
        ({"days": (0, 900)}, "ไม่เกิน 400 วัน"),
        ({"survey": "nothing"}, "ไม่มีแบบสำรวจ"),
        ({"survey": "ita_eit_2566"}, "ไม่มีผลใช้"),
        ({"formula": "f9"}, "ไม่มีสูตรดังกล่าว"),
        ({"target": ("planet", "1", "x")}, "ใช้กับเรื่องดังกล่าวไม่ได้"),
    ],
)
def test_what_cannot_be_opened_says_why(opened, changed, said):
    with pytest.raises(RoundError, match=said):
        opened(**changed)
    assert not Round.objects.exists()


def test_a_form_that_cannot_be_read_opens_no_round(opened, monkeypatch):
    from khet.engines.surveys.definition.form import FormFault

    def broken(survey):
        raise FormFault(["form.xlsx: a: wrong"])

    monkeypatch.setattr(rounds, "form_of", broken)
    with pytest.raises(RoundError, match=r"form\.xlsx: a: wrong"):
        opened()


# --- codes


def test_codes_are_told_once_and_each_brings_one_answer(opened, planner, client, client_for):
    round = opened(access="codes")
    page = client_for(planner).post(reverse("surveys:codes", args=[round.ref]), {"count": "3"})
    codes = [slip.code for slip in page.context["slips"]]
    assert len(set(codes)) == 3
    again = client_for(planner).get(reverse("surveys:round", args=[round.ref])).content.decode()
    assert not any(code in again for code in codes)
    sheet = sheets.from_code(round, codes[0].lower().replace("-", " "))
    casting.cast(round, GOOD, sheet=sheet)
    with pytest.raises(sheets.SheetRefused):
        sheets.from_code(round, codes[0])
    with pytest.raises(sheets.AlreadyUsed):
        casting.cast(round, GOOD, sheet=sheet)
    round.refresh_from_db()
    assert (round.answered, round.codes_made, round.codes_spent) == (1, 3, 1)


def test_codes_as_csv_carry_the_link_with_the_code_behind_the_hash(opened, planner, client_for):
    round = opened(access="codes")
    answer = client_for(planner).post(reverse("surveys:codes", args=[round.ref]), {"count": "2", "as": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    code, link = lines[1].split(",")
    assert link.endswith(f"{reverse('answer:form', args=[round.token])}#{code}")
    assert len(lines) == 3


def test_a_code_for_a_group_puts_its_answer_there(opened, planner):
    round = opened("smile_360_2568", access="codes", target=("person", "1", "x"))
    with pytest.raises(RoundError):
        rounds.make_codes(round, 1, by=planner)
    code = rounds.make_codes(round, 1, by=planner, group="peer")[0]
    rated = {f"{letter}_{n}": "4" for letter in "smile" for n in (1, 2)}
    casting.cast(round, rated, sheet=sheets.from_code(round, code))
    assert queries.ballots([round])[0].group == "peer"


def test_no_more_codes_than_anybody_hands_out(opened, planner):
    round = opened(access="codes")
    for count in (0, -1, 5001):
        with pytest.raises(RoundError):
            rounds.make_codes(round, count, by=planner)
    assert not Code.objects.exists()


# --- time


def test_more_time_keeps_a_round_open_and_less_ends_it(opened, planner, client_for):
    round = opened(days=(-9, -1))
    assert round.state == "ended"
    url = reverse("surveys:act", args=[round.ref, "end"])
    client_for(planner).post(url, {"closes": written(TODAY() + timedelta(days=3))})
    round.refresh_from_db()
    assert round.is_open
    with pytest.raises(RoundError):
        rounds.move_end(round, round.opens - timedelta(days=1), by=planner)


def test_a_round_closes_by_itself_after_its_last_day(opened):
    over, runs = opened(days=(-9, -1)), opened()
    assert rounds.close_due() == 1
    over.refresh_from_db()
    runs.refresh_from_db()
    assert over.state == "closed" and over.closed_by.is_system and runs.is_open
    assert rounds.close_due() == 0


def test_closing_twice_changes_nothing(running, planner):
    first = rounds.close(running, by=planner)
    assert rounds.close(running, by=planner).closed_at == first.closed_at


def test_a_round_closed_early_ends_on_that_day(running, planner):
    assert rounds.close(running, by=planner).closes == TODAY()


def test_throwing_away_asks_for_a_reason_and_destroys_the_answers(running, answer, planner):
    answer(running)
    with pytest.raises(RoundError):
        rounds.discard(running, by=planner, reason="  ")
    gone = rounds.discard(running, by=planner, reason="ทดลอง")
    assert gone.state == "discarded" and not gone.urns.exists()


def test_a_service_and_the_office_are_compared_apart_and_by_time(opened, answer, planner):
    from khet.engines.surveys.results import over_rounds

    old, new = opened(days=(-300, 0)), opened(days=(-20, 0))
    other = opened(target=("service", "7", "ขอใบรับรอง"))
    for round, overall in ((old, "1"), (new, "5"), (other, "3")):
        for number in range(12):
            answer(round, overall=overall, polite=str(3 + number % 3))
    closed = [rounds.close(round, by=planner) for round in (old, new, other)]
    Round.objects.filter(pk=old.pk).update(closes=TODAY() - timedelta(days=200))
    found = over_rounds(planner, closed[1])
    assert [one.round.pk for one in found] == [old.pk, new.pk]
    assert found[1].change > 0 and found[1].verdict == "better" and found[0].change is None
    assert [one.round.pk for one in over_rounds(planner, closed[2])] == [other.pk]


def test_the_list_asks_as_few_questions_for_many_rounds_as_for_few(
    opened, planner, client_for, django_assert_max_num_queries
):
    for _ in range(25):
        opened()
    client = client_for(planner)
    client.get(reverse("surveys:list"))
    with django_assert_max_num_queries(15):
        assert client.get(reverse("surveys:list")).status_code == 200


# --- telling


def test_staff_are_told_all_alike_and_nobody_elsewhere(opened, office, school, someone, planner, stranger):
    from khet.core.notices.models import Notice

    round = opened("ita_iit_2568", org=school, access="staff")
    one, other = someone("teacher", school), someone("teacher", school)
    sheets.hand_to_staff(round, one)
    assert rounds.remind(round, by=planner) == 2, "who has taken a sheet is told like the others"
    told = {notice.user_id for notice in Notice.objects.filter(topic="surveys")}
    assert told == {one.pk, other.pk}
    with pytest.raises(RoundError):
        rounds.remind(opened(), by=planner)


def test_who_opened_a_round_hears_that_it_has_closed_by_itself(opened, planner):
    from khet.core.notices.models import Notice

    opened(days=(-9, -1))
    rounds.close_due()
    notice = Notice.objects.get(topic="surveys")
    assert notice.user == planner and "ปิดแล้ว" in notice.words_th and "closed" in notice.words_en
    assert "Satisfaction of service users" in notice.words_en
