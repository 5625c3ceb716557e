"""The office's cases: who is in no school is known to the made-up world, and the plan's number is held against it."""

from collections import Counter

import pytest
from django.utils import timezone

from khet.core.accounts.models import User, system_user
from khet.core.catalogue import catalogue
from khet.core.changes.services import touch
from khet.core.orgs.queries import default_office
from khet.engines.cases.models import Case
from khet.facts.services import refresh
from khet.insight.indicators.queries import values
from khet.kit.periods import academic_year
from khet.kit.secrets import keyed_hash
from khet.registers.linkage import services as linkage
from khet.registers.linkage.models import Answer, Kind, Pair, State
from khet.registers.linkage.queries import uncertainty
from khet.registers.linkage.services import match_register
from khet.registers.people.models import PERSON_ID, Enrolment, Identifier
from khet.registers.residents import queries as residents
from khet.web.demo import casework, pupil_cases
from khet.web.demo.build import build_demo
from khet.web.demo.marker import Marker
from khet.web.demo.world import make_world
from khet.web.demo.world.children import is_compulsory
from khet.web.desk.queries.uncertain import of_number
from tests.support.shared import copy_home
from tests.web.demo.conftest import TODAY

pytestmark = pytest.mark.django_db
OF_PUPILS = ("care", "iep", "coupon", "support", "talent")
LAWFUL = {"elsewhere", "flexible", "service", "moved", "abroad", "deceased", "passed", "aged_out"}


@pytest.fixture(scope="module")
def where(records):
    """{hash: other | nowhere} of a filled office whose cases are still to begin."""
    wanted = Marker(schools=10, pupils=900, years=1, seed=7, today=TODAY.isoformat())
    build_demo(wanted, lambda words: None)
    world = make_world(schools=10, pupils=900, years=1, seed=7, today=TODAY)
    return casework.whereabouts(world, world.years[-1])


@pytest.fixture
def home(home, shared_home, where):
    copy_home(shared_home, home)
    return home


def number(reading: str) -> float:
    director = User.objects.get(username="director")
    readings = {"out_of_school": reading}
    [value] = values(director, org=default_office(), indicators=["out_of_school"], readings=readings)
    return value.value


def in_no_school_of_ours(world, year: int) -> int:
    """Children on the list, of compulsory age and alive, who are on no roll of the made-up office: one by one.

    Rolls are known as of the last round that was exported: who left since is still on them.
    """
    day = max(day for day in world.rounds(year).values() if day <= TODAY)
    taught = {e.child.number for e in world.enrolments[year] if e.on_roll(day) or e.reason == "completed"}
    listed = [child for child, state in world.residents(year) if state == "living" and is_compulsory(child, year)]
    return sum(child.number not in taught for child in listed)


def test_indicator_3_as_the_plan_counts_it_is_the_truth_within_what_the_lists_leave_open(where):
    """Registration list less all enrolments less closed cases on a lawful ground."""
    office, director = default_office(), User.objects.get(username="director")
    assert catalogue().get("indicator", "out_of_school").reading == "less_lawful_ground"
    [before] = values(director, org=office, indicators=["out_of_school"])
    assert before.value == number("in_no_known_school") and before.parts["compulsory_lawful_absence"] == 0
    casework.begin(office, TODAY, 7, where)
    match_register(office, before.period.academic_year, by=system_user())
    refresh()
    [value] = values(director, org=office, indicators=["out_of_school"])
    lawful = Case.objects.filter(edition__family="return_to_school", state__in=LAWFUL).count()
    world = make_world(schools=10, pupils=900, years=1, seed=7, today=TODAY)
    truth = in_no_school_of_ours(world, value.period.academic_year) - lawful
    open_ = of_number(office, value)
    assert lawful > 0 and value.value < before.value
    assert open_.lists.matched_at and open_.low <= truth <= open_.high
    assert open_.low <= value.value and open_.high - open_.low < value.value / 2  # it says something


def test_the_number_is_the_truth_but_for_whom_nobody_has_followed_yet(where):
    before = number("less_lawful_ground") if number("less_lawful_ground") is not None else number("in_no_known_school")
    begun = casework.begin(default_office(), TODAY, 7, where)
    refresh()
    cases = list(Case.objects.filter(edition__family="return_to_school").select_related("edition"))
    assert begun == len(cases) > 5
    lawful = [case for case in cases if case.state in LAWFUL]
    assert lawful and number("less_lawful_ground") == number("in_no_known_school") - len(lawful)
    truth = Counter(where.get(case.listed, "ours") for case in lawful)
    assert truth["ours"] == 0  # a child who was on a roll is closed by matching, never by a ground
    assert before == number("in_no_known_school")
    _a_false_alarm_is_never_counted_as_brought_back(where)
    _some_wait_and_some_are_late_and_each_is_with_a_school_of_the_office()


def _a_false_alarm_is_never_counted_as_brought_back(where):
    brought = Case.objects.filter(state__in=("placed", "enrolled", "staying", "flexible", "flexible_staying"))
    assert brought.exists()
    assert {where.get(case.listed) for case in brought} == {"nowhere"}


def _some_wait_and_some_are_late_and_each_is_with_a_school_of_the_office():
    rows = Case.objects.open().filter(edition__family="return_to_school")
    assert rows.filter(due_at__lt=timezone.now()).exists()
    assert all(case.org.is_under(case.office) for case in rows.select_related("org", "office"))
    assert all(case.answers.get("source_list") == "civil" for case in rows)


def give_other_numbers(children: int) -> dict[str, int]:
    """{number on the list: person} of pupils whom the rolls bear under another number from now on."""
    office, year = default_office(), academic_year(TODAY).year
    missing = residents.unmatched(office, year).values("identifier_hash")
    known = residents.compulsory(office, year).exclude(identifier_hash__in=missing).values("identifier_hash")
    borne = Identifier.objects.filter(kind="national_id", until__isnull=True, value_hash__in=known).order_by("pk")
    changed = {}
    for number in borne[::7][:children]:
        changed[number.value_hash] = number.person_id
        number.value = f"G{len(changed):012}"
        number.kind, number.value_hash = "gcode", keyed_hash(number.value, PERSON_ID)
        number.save()
    touch("residents")
    refresh()
    return changed


def test_the_number_is_the_truth_within_what_the_matching_leaves_open(where):
    """Fifteen on the rolls under a G-code look like children in no school, until they are matched and judged.

    So do those whose number a school mistyped: the list alone never had the truth.
    """
    office, year = default_office(), academic_year(TODAY).year
    true = in_no_school_of_ours(make_world(schools=10, pupils=900, years=1, seed=7, today=TODAY), year)
    told = number("in_no_known_school")
    hidden = give_other_numbers(15)
    assert len(hidden) == 15 and number("in_no_known_school") == told + 15 >= true + 15
    linkage.match_register(office, year, by=system_user())
    open_still = uncertainty(office, year).true_count
    assert open_still.low <= true <= open_still.high
    assert open_still.high < true + 15 and open_still.high - open_still.low < 10, (
        "a bound that says everything says nothing"
    )

    reviewers = [User.objects.get(username=name) for name in ("promoter", "director")]
    for pair in Pair.objects.filter(kind=Kind.REGISTER, state=State.PROPOSED):
        mistyped = pair.resident_hash not in hidden and pair.resident_hash not in where  # a child of ours
        same = mistyped or hidden.get(pair.resident_hash) == pair.person_id
        answer = Answer.SAME if same else Answer.DIFFERENT
        for reviewer in reviewers[: 2 if pair.needs_two else 1]:
            linkage.judge(pair, answer, by=reviewer)
    refresh()
    assert true <= number("in_no_known_school") <= true + 1
    judged = uncertainty(office, year).true_count
    assert judged.low <= true <= judged.high


def test_every_page_of_a_pupil_has_something_to_show(where):
    """What one school does for its pupils: cases of every kind, at that school alone, for whom they are meant."""
    school = User.objects.get(username="school").org
    made_up_disability = (
        Enrolment.objects.filter(school=school, left=None).order_by("pk").values_list("pk", flat=True)[:5]
    )
    Enrolment.objects.filter(pk__in=list(made_up_disability)).update(disabled=True)
    begun = pupil_cases.begin(TODAY, 7)
    cases = Case.objects.filter(edition__family__in=OF_PUPILS).select_related("edition", "person")
    assert begun == len(cases) and {case.about for case in cases} == {school}
    found = Counter((case.edition.family, case.state) for case in cases)
    assert set(OF_PUPILS) == {family for family, _state in found}
    assert {("iep", "in_force"), ("coupon", "at_office"), ("talent", "supported"), ("care", "helping")} <= set(found)
    disabled = set(Enrolment.objects.filter(school=school, disabled=True).values_list("person", flat=True))
    assert {case.person_id for case in cases if case.edition.family in ("iep", "coupon")} <= disabled
    outside = Case.objects.visible_to(User.objects.get(username="promoter")).filter(edition__family__in=OF_PUPILS)
    assert {case.edition.family for case in outside}.isdisjoint({"iep", "support"})  # kept to their circles
