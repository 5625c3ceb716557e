"""Matching an office's records: what is found, what a decision does, and that it can be taken back."""

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from khet.core.audit.models import AuditEntry
from khet.core.changes.models import Change
from khet.registers.linkage import learning, queries, services
from khet.registers.linkage.models import Answer, Kind, Pair, Run, State, Verdict
from khet.registers.linkage.uncertainty import _sum
from khet.registers.people.models import Enrolment, Identifier, Person
from khet.registers.residents import queries as residents
from khet.registers.residents.models import KnownAs
from tests.facts.records import resident
from tests.registers.linkage.records import LIST_DAY, YEAR, enrolled, fill


@pytest.fixture
def truth(office, school):
    return fill(office, school)


@pytest.fixture
def run(office, truth, system):
    return services.match_register(office, YEAR, by=system)


@pytest.fixture
def second(someone, office):
    return someone("director", office, "second")


@pytest.fixture
def found_pair(run, truth):
    """A pair that is right, for one reviewer to decide."""
    pair = next(p for p in Pair.objects.order_by("pk") if truth["found"].get(p.resident_hash) == p.person)
    Pair.objects.filter(pk=pair.pk).update(needs_two=False)
    pair.refresh_from_db()
    return pair


def test_children_enrolled_under_another_number_are_proposed(run, truth):
    proposed = {pair.resident_hash: pair.person for pair in Pair.objects.filter(probability__gte=0.5)}
    right = sum(truth["found"].get(number) == person for number, person in proposed.items())
    assert right >= 0.95 * len(truth["found"]) and right >= 0.95 * len(proposed)
    assert run.counts["left"] == len(truth["found"]) + len(truth["missing"])


def test_a_confirmed_match_takes_the_child_off_the_list(found_pair, office, promoter):
    before = residents.unmatched(office, YEAR).count()
    Change.objects.all().delete()
    services.judge(found_pair, Answer.SAME, by=promoter)
    found_pair.refresh_from_db()
    assert found_pair.state == State.CONFIRMED
    assert residents.unmatched(office, YEAR).count() == before - 1
    assert set(Change.objects.values_list("subject", flat=True)) == {"residents"}
    assert AuditEntry.objects.filter(verb="linkage.confirmed", actor=promoter).count() == 1


def test_a_decision_taken_back_puts_the_child_on_the_list_again(found_pair, office, promoter):
    before = residents.unmatched(office, YEAR).count()
    services.judge(found_pair, Answer.SAME, by=promoter)
    services.reopen(found_pair, "wrong child", by=promoter)
    found_pair.refresh_from_db()
    assert found_pair.is_open and residents.unmatched(office, YEAR).count() == before
    assert [verdict.replaced for verdict in found_pair.verdicts.all()] == [True]


def test_what_was_decided_stays_decided_in_the_next_round(found_pair, office, promoter, system, truth):
    services.judge(found_pair, Answer.SAME, by=promoter)
    rejected = Pair.objects.filter(state=State.PROPOSED).order_by("pk").first()
    Pair.objects.filter(pk=rejected.pk).update(needs_two=False)
    services.judge(rejected, Answer.DIFFERENT, by=promoter)
    services.match_register(office, YEAR, by=system)
    found_pair.refresh_from_db()
    rejected.refresh_from_db()
    assert (found_pair.state, rejected.state) == (State.CONFIRMED, State.REJECTED)
    assert not Pair.objects.filter(resident_hash=found_pair.resident_hash).exclude(pk=found_pair.pk).exists()


def test_a_sensitive_pair_needs_two_reviewers_who_agree(found_pair, promoter, second):
    Pair.objects.filter(pk=found_pair.pk).update(needs_two=True)
    assert services.judge(found_pair, Answer.SAME, by=promoter).is_open
    assert services.judge(found_pair, Answer.SAME, by=promoter).is_open  # the same one twice is one
    assert services.judge(found_pair, Answer.DIFFERENT, by=second).is_open
    assert services.judge(found_pair, Answer.SAME, by=second).state == State.CONFIRMED


def test_a_child_without_papers_is_a_sensitive_pair(run):
    assert all(pair.needs_two for pair in Pair.objects.all())


def test_one_who_cannot_tell_decides_nothing(found_pair, promoter):
    assert services.judge(found_pair, Answer.UNSURE, by=promoter).is_open


def test_nobody_at_a_school_or_another_office_may_judge(
    found_pair, school_director, stranger, someone, stranger_office
):
    for by in (school_director, stranger, someone("promoter", stranger_office)):
        with pytest.raises(services.NotDecided):
            services.judge(found_pair, Answer.SAME, by=by)
        assert not queries.pairs(by).exists()


def test_a_child_is_matched_with_one_pupil_only(found_pair, run, promoter, truth):
    rival = next(person for number, person in truth["found"].items() if number != found_pair.resident_hash)
    other = Pair.objects.create(
        org=found_pair.org,
        kind=Kind.REGISTER,
        run=run,
        resident_hash=found_pair.resident_hash,
        person=rival,
        probability=0.6,
    )
    services.judge(found_pair, Answer.SAME, by=promoter)
    with pytest.raises(services.NotDecided, match="somebody else already"):
        services.judge(other, Answer.SAME, by=promoter)
    other.refresh_from_db()
    assert other.is_open and not other.verdicts.exists()


def test_the_number_of_expected_false_alarms_is_near_the_truth(run, office, truth):
    known = queries.uncertainty(office, YEAR)
    assert known.unmatched == len(truth["found"]) + len(truth["missing"])
    assert known.missed.low <= len(truth["found"]) + 1 and known.missed.high >= len(truth["found"]) - 2
    assert known.true_count.low <= len(truth["missing"]) + 2 and known.true_count.high >= len(truth["missing"]) - 1
    assert known.matched_at and known == queries.uncertainty_of_list(office, LIST_DAY)


def test_before_the_first_matching_nothing_is_known(office, truth):
    known = queries.uncertainty(office, YEAR)
    assert known.matched_at is None and known.missed.expected == 0


def test_few_verdicts_leave_more_open_than_many(run, office, truth, promoter):
    before = queries.uncertainty(office, YEAR)
    waiting = Pair.objects.order_by("probability").values_list("probability", flat=True)
    teach(office, promoter, right=40, probability=waiting[len(waiting) // 2])
    after = queries.uncertainty(office, YEAR)
    assert after.judged == 40
    assert after.missed.high - after.missed.low < before.missed.high - before.missed.low


def teach(office, reviewer, *, right: int, probability: float):
    """Verdicts on pairs of other children: so many were one child."""
    run = Run.objects.filter(kind=Kind.REGISTER).first()
    person = Person.objects.first()
    for n in range(right):
        pair = Pair.objects.create(
            org=office, kind=Kind.REGISTER, run=run, resident_hash=f"other{n}", person=person,
            probability=probability, state=State.WITHDRAWN,
        )  # fmt: skip
        Verdict.objects.create(pair=pair, by=reviewer, answer=Answer.SAME, probability=probability)


def test_decisions_taken_back_make_the_others_doubtful(run, office, truth, promoter):
    pairs = [p for p in Pair.objects.order_by("pk") if truth["found"].get(p.resident_hash) == p.person][:4]
    Pair.objects.filter(pk__in=[p.pk for p in pairs]).update(needs_two=False)
    for pair in pairs:
        services.judge(pair, Answer.SAME, by=promoter)
    before = queries.uncertainty(office, YEAR)
    assert before.confirmed == 4 and 0 < before.wrong.expected < 0.1
    for pair in pairs[:2]:
        services.reopen(pair, "ไม่ใช่เด็กคนเดียวกัน", by=promoter)
    after = queries.uncertainty(office, YEAR)
    assert after.confirmed == 2 and after.wrong.expected > before.wrong.expected
    assert after.wrong.high <= 2


def test_pairs_that_share_an_uncertain_rate_are_wrong_together():
    """The variance of the sum is that of the beta-binomial distribution, held against draws of it."""
    chances, weight = [0.9] * 30, 12
    rng = np.random.default_rng(4)
    drawn = rng.binomial(30, rng.beta(0.9 * weight, 0.1 * weight, 40_000))
    mean, variance = _sum([(chances, weight)], 30)
    assert mean == pytest.approx(drawn.mean(), abs=0.1) and variance == pytest.approx(drawn.var(), rel=0.05)


@pytest.fixture
def doubles(office, school, other_school, truth, system):
    """A pupil recorded a second time, under the ID that replaced a G-code, and the pair found."""
    child = truth["world"].children[6]
    old = truth["found"][next(iter(truth["found"]))]
    new = enrolled(child, other_school, child.id, first=old.first_name, last=old.last_name)
    services.find_doubles(office, YEAR, by=system)
    pair = Pair.objects.get(kind=Kind.DOUBLES, person=old, other=new)
    Pair.objects.filter(pk=pair.pk).update(needs_two=False)
    return pair


def test_a_pupil_recorded_twice_is_found_and_merged(doubles, promoter):
    old, new = doubles.person, doubles.other
    services.judge(doubles, Answer.SAME, by=promoter)
    assert Enrolment.objects.filter(person=old).count() == 2 and not Enrolment.objects.filter(person=new).exists()
    assert Identifier.objects.filter(person=old).count() == 2
    assert Person.objects.get(pk=new.pk).org is None


def test_a_merge_goes_back_to_what_was(doubles, promoter):
    def state():
        return [
            sorted(model.objects.values_list("pk", "person_id"))
            for model in (Enrolment, Identifier, Person.addresses.rel.related_model)
        ] + [sorted(Person.objects.values_list("pk", "org_id"))]

    before = state()
    services.judge(doubles, Answer.SAME, by=promoter)
    assert state() != before
    services.reopen(doubles, "two brothers", by=promoter)
    assert state() == before
    merge = doubles.merges.get()
    assert merge.undone_by == promoter and merge.undone_at


def test_who_was_known_as_the_second_record_stays_off_the_list(doubles, promoter, office):
    child = resident(office, "known-as", 2015, listed=LIST_DAY.isoformat())
    KnownAs.objects.create(identifier_hash=child.identifier_hash, person=doubles.other)
    known = Pair.objects.create(
        org=office, kind=Kind.REGISTER, run=doubles.run, resident_hash=child.identifier_hash, person=doubles.other,
        probability=0.9, state=State.CONFIRMED, decided_at=timezone.now(),
    )  # fmt: skip
    assert child not in residents.unmatched(office, YEAR)
    services.judge(doubles, Answer.SAME, by=promoter)
    assert child not in residents.unmatched(office, YEAR)
    known.refresh_from_db()
    assert known.person == doubles.person
    services.reopen(known, "another child", by=promoter)
    assert child in residents.unmatched(office, YEAR)


def test_two_records_on_one_roll_are_not_merged(doubles, promoter, school):
    Enrolment.objects.create(person=doubles.other, school=school, year=YEAR, grade="ป.4")
    with pytest.raises(services.NotDecided, match="Have the school correct its roll"):
        services.judge(doubles, Answer.SAME, by=promoter)
    assert not doubles.merges.exists()


def test_a_pupil_in_two_schools_is_listed(office, school, other_school, truth, promoter):
    person = truth["found"][next(iter(truth["found"]))]
    assert not queries.in_two_schools(promoter, YEAR).exists()
    Enrolment.objects.create(person=person, school=other_school, year=YEAR, grade="ป.4")
    assert list(queries.in_two_schools(promoter, YEAR)) == [person]


def _taught(run, promoter, count, answer=Answer.SAME, probability=0.99):
    for n in range(count):
        person = Person.objects.create(first_name=f"p{n}", name_key=f"p{n}")
        pair = Pair.objects.create(
            org=run.org, kind=run.kind, run=run, resident_hash=f"t{answer}{n}", person=person, probability=probability
        )
        Verdict.objects.create(pair=pair, by=promoter, answer=answer, probability=probability)


def test_the_sure_bound_is_learned_from_verdicts(run, promoter, office):
    assert learning.lessons(office, Kind.REGISTER).sure is None
    with pytest.raises(services.NotDecided, match="Too few"):
        services.confirm_sure(office, Kind.REGISTER, by=promoter)
    _taught(run, promoter, learning.ENOUGH, probability=0.98)
    _taught(run, promoter, 20, Answer.DIFFERENT, probability=0.7)
    lessons = learning.lessons(office, Kind.REGISTER)
    assert lessons.sure == 0.98
    assert lessons.chance(0.8) < 0.4 < 0.9 < lessons.chance(0.985)


def test_sure_pairs_are_confirmed_at_once_but_not_the_sensitive_ones(run, promoter, office, truth):
    _taught(run, promoter, learning.ENOUGH, probability=0.9)
    Pair.objects.filter(resident_hash__startswith="t").update(state=State.WITHDRAWN)
    right = Pair.objects.filter(probability__gte=0.9, state=State.PROPOSED).order_by("pk")
    plain = list(right.values_list("pk", flat=True)[:3])
    Pair.objects.filter(pk__in=plain).update(needs_two=False)
    assert services.confirm_sure(office, Kind.REGISTER, by=promoter) == 3
    assert set(Pair.objects.filter(state=State.CONFIRMED).values_list("pk", flat=True)) == set(plain)
    assert learning.lessons(office, Kind.REGISTER).judged == learning.ENOUGH  # what nobody looked at teaches nothing


def test_the_database_refuses_a_decided_pair_without_a_day(found_pair):
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.filter(pk=found_pair.pk).update(state=State.CONFIRMED)
