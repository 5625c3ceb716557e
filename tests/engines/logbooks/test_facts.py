"""What logbooks give to the plan: numbers of entries, and nothing of what they say."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.core.changes.models import Change
from khet.engines.logbooks import services
from khet.engines.logbooks.counting import Written, counted
from khet.engines.logbooks.facts import FEEDS
from khet.engines.logbooks.models import Entry, Revision
from khet.engines.logbooks.schema import Gift, problems
from khet.facts.services import build
from khet.insight.indicators.queries import value
from khet.kit.feeds import Question
from khet.kit.periods import Period
from tests.engines.logbooks.conftest import drill, risk

pytestmark = pytest.mark.django_db
FEED, TODAY, YEAR = FEEDS[0], date(2026, 1, 10), 2025
PERIOD = Period("academic_year", YEAR)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    real = timezone.localdate
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *of: real(*of) if of else TODAY)


@pytest.fixture
def kept(school, other_school, third_school, head, other_head, drills, risks):
    """One school drilled for fire twice and once for an earthquake; the other for a flood last year; the third never.

    The first has four risks: two open, one of them heavy, one reduced and one gone.
    """
    for day, kind in ((date(2025, 7, 1), "fire"), (date(2025, 9, 3), "earthquake"), (date(2025, 12, 1), "fire")):
        services.write(drills, school, drill(day, kind), by=head)
    services.write(drills, other_school, drill(date(2024, 8, 1), "flood"), by=other_head)
    for likely, harm, state in (("4", "4", "open"), ("1", "2", "open"), ("3", "3", "reduced"), ("2", "2", "gone")):
        services.write(risks, school, risk(risk_likely=likely, risk_harm=harm, risk_state=state), by=head)
    written = timezone.make_aware(datetime.combine(date(2025, 6, 2), time(9)))
    Entry.objects.filter(edition__family="safety_risks").update(at=written)
    Entry.objects.filter(edition__family="safety_drills", org=other_school).update(at=written)


def numbers(year=YEAR) -> dict[tuple[str, str], float]:
    return {(row["measure"], row["org"]): row["value"] for row in FEED.rows(year).to_pylist()}


def test_entries_are_counted_and_a_school_that_never_wrote_is_not_known(kept, school, other_school, third_school):
    found = numbers()
    assert (found["safety_drills", school.code], found["safety_fire_drills", school.code]) == (3, 2)
    assert found["safety_drills", other_school.code] == 0  # it keeps the book and has not drilled this year
    assert not [measure for measure, org in found if org == third_school.code]
    assert numbers(YEAR - 1) == {
        ("safety_drills", other_school.code): 1, ("safety_fire_drills", other_school.code): 0,
    }  # fmt: skip


def test_risks_are_counted_as_they_stand(kept, school):
    found = {measure: number for (measure, org), number in numbers().items() if org == school.code}
    assert [found[f"safety_risks{name}"] for name in ("", "_open", "_treated", "_heavy_open")] == [4, 2, 2, 1]


def test_a_risk_counts_in_a_past_year_as_it_read_then(risks, school, head, monkeypatch):
    entry = services.write(risks, school, risk(), by=head)
    Entry.objects.update(at=timezone.make_aware(datetime.combine(date(2024, 6, 3), time(9))))
    entry.refresh_from_db()
    services.change(entry, risk(risk_state="gone"), by=head)
    Revision.objects.update(at=timezone.make_aware(datetime.combine(date(2025, 7, 1), time(9))))
    assert numbers(2024)["safety_risks_open", school.code] == 1
    assert numbers(2025)["safety_risks_open", school.code] == 0
    assert numbers(2025)["safety_risks_treated", school.code] == 1


def test_the_indicators_stand_on_schools_that_keep_their_books(
    kept, office, planner, school, other_school, third_school
):
    build()
    drilled = value(planner, "safety_drill_schools_rate", org=office, period=PERIOD)
    assert drilled.value == 50 and drilled.missing.orgs == (third_school.code,)
    assert value(planner, "safety_risks_treated_rate", org=office, period=PERIOD).value == 50
    heavy = value(planner, "safety_risks_heavy_open_count", org=office, period=PERIOD)
    assert (heavy.value, heavy.missing.orgs) == (1, (other_school.code, third_school.code))
    assert value(planner, "safety_drill_schools_rate", org=third_school, period=PERIOD).value is None


def test_nothing_of_what_is_written_or_by_whom_is_in_the_facts(kept, school, head):
    table = FEED.rows(YEAR).to_pylist()
    assert {row[name] for row in table for name in ("grade", "sex", "grp")} == {""}
    said = str(table) + str(list(FEED.behind(Question("safety_risks", (school.code,), PERIOD.code))))
    for words in ("ราวบันได", "หัวหน้าอาคารสถานที่", head.username, "stairs", "HA2"):
        assert words not in said


def test_a_number_is_walked_back_to_the_entries_that_make_it(kept, school, other_school, client_for, head):
    question = Question("safety_fire_drills", (school.code, other_school.code), PERIOD.code)
    lines = list(FEED.behind(question))
    assert [line.org for line in lines] == [school.code] * 2 and FEED.origins(question) == {None: 2}
    assert client_for(head).get(lines[0].url).status_code == 200


def test_the_same_days_of_the_year_before_are_known_where_the_books_began_before_it(
    kept, drills, other_school, other_head
):
    before = PERIOD.previous()
    assert FEED.until("safety_drills", before, date(2025, 1, 10)) is None  # the first book began in that year
    services.write(drills, other_school, drill(date(2023, 6, 1)), by=other_head)
    assert FEED.until("safety_drills", before, date(2025, 1, 10)) == {other_school.code: 1}
    assert FEED.until("safety_drills", before, date(2024, 7, 31)) == {}
    assert FEED.until("safety_risks_open", before, date(2025, 1, 10)) is None  # a state of then


def test_writing_changing_and_taking_out_mark_the_facts_and_what_was_taken_out_counts_nowhere(drills, school, head):
    entry = services.write(drills, school, drill(date(2025, 7, 1)), by=head)
    for act in (
        lambda: services.change(entry, drill(date(2025, 7, 2)), by=head),
        lambda: services.withdraw(entry, by=head),
        lambda: services.write(drills, school, drill(date(2025, 8, 1)), by=head),
    ):
        Change.objects.all().delete()
        act()
        assert Change.objects.filter(subject="logbooks").exists()
    assert numbers()["safety_drills", school.code] == 1


def test_what_a_gift_names_wrongly_is_told():
    content = catalogue()
    assert problems(content) == []
    wrong = Gift(measure="pupils", where={"colour": ("red",)}, bands=("huge",))
    book = content.get("logbook", "safety_risks_2565").model_copy(update={"gives": (wrong,)})

    class Other:
        origin = content.origin
        get, find = content.get, content.find

        def all(self, kind):
            return (book,)

    words = " ".join(fault.message for fault in problems(Other()))
    assert "feed: logbooks" in words and "'colour' is no field" in words and "huge is no band" in words


def test_an_answer_with_several_choices_counts_where_one_of_them_is_meant(drills):
    one = Written(1, "s", date(2025, 7, 1), drill(date(2025, 7, 1)) | {"drill_partners": ["fire_brigade", "police"]})
    gift = Gift(measure="m", where={"drill_partners": ("police",)})
    first, last = PERIOD.start, PERIOD.end
    assert counted(drills, gift, [one], first, last, lambda weight: "") == [one]
    assert (
        counted(drills, gift.model_copy(update={"where": {"drill_partners": ("army",)}}), [one], first, last, str) == []
    )
