"""Who sees what, as properties over everybody and everything."""

from itertools import product

import pytest

from khet.engines.assessments import queries, rights
from khet.engines.assessments.models import Assessment, Evidence, Improvement, Round
from khet.engines.assessments.services import rounds
from khet.engines.assessments.services.rating import rate
from khet.registers.people.models import Person
from tests.engines.assessments.conftest import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(lay):
    text = SMALL.replace("id: lesson_small", "id: person_small").replace("family: lesson\n", "family: person\n")
    text = text.replace("target: school", "target: teacher").replace("[self, reviewer]", "[reviewer]")
    lay("iqa/framework-person.yaml", text)
    return "person_small"


@pytest.fixture
def teachers(school, other_school):
    return [
        Person.objects.create(first_name=f"ครู{n}", name_key=f"ครู{n}", org=org)
        for n, org in enumerate((school, school, other_school))
    ]


@pytest.fixture
def persons(lesson, office, supervisor, teachers):
    """Three teachers of two schools to be observed in an open round."""
    made = rounds.prepare_round(office, lesson, "AY2025", by=supervisor)
    rounds.open_round(made, by=supervisor)
    return [rounds.add_target(made, one.org, by=supervisor, person=one, label="คณิตศาสตร์") for one in teachers]


@pytest.fixture
def everybody(someone, office, school, other_school, stranger_office, stranger_school, cluster):
    roles = {
        office: ("director", "planner", "supervisor", "personnel", "viewer"),
        school: ("school_director", "teacher", "school_registrar"),
        other_school: ("school_director", "teacher"), stranger_office: ("director", "supervisor", "office_admin"),
        stranger_school: ("school_director", "teacher"), cluster: ("supervisor", "viewer"),
    }  # fmt: skip
    return [someone(role, org) for org, named in roles.items() for role in named]


def test_nobody_sees_an_assessment_outside_the_places_of_his_roles(signed, persons, everybody):
    for user, one in product(everybody, Assessment.objects.select_related("org")):
        seen = queries.assessments(user).filter(pk=one.pk).exists()
        inside = any(one.org.path.startswith(grant.org.path) for grant in user.grants)
        assert not seen or inside, (user, one.org)


def test_a_school_never_sees_anothers_scores(signed, other_director, client_for):
    assert list(queries.assessments(other_director).values_list("org__code", flat=True)) == ["90010002"]
    rows = queries.overview(other_director, Round.objects.get())
    assert [row.assessment.org.code for row in rows] == ["90010002"]
    assert (
        signed.org.name
        not in client_for(other_director).get(f"/assessments/rounds/{signed.round_id}/compare/").content.decode()
    )


def test_a_result_of_a_person_is_seen_only_by_those_charged_with_persons_and_those_named(persons, everybody):
    for user, one in product(everybody, persons):
        if queries.assessments(user).filter(pk=one.pk).exists():
            assert any(one.org.path.startswith(path) for path in user.paths("assess.persons")), (user, one)


def test_a_teacher_never_sees_a_colleagues_and_sees_the_own_one_when_named(persons, teacher, supervisor, client_for):
    from khet.engines.assessments.services.moving import assign

    assert not queries.assessments(teacher).exists()
    mine, colleagues = persons[0], persons[1]
    assign(mine, teacher, "reviewer", by=supervisor)
    assert list(queries.assessments(teacher)) == [mine]
    client = client_for(teacher)
    assert client.get(f"/assessments/{mine.pk}/").status_code == 200
    for page in ("", "result/", "readiness/", "criteria/care/"):
        assert client.get(f"/assessments/{colleagues.pk}/{page}").status_code == 404
    assert client.post(f"/assessments/{colleagues.pk}/rate/", "{}", content_type="application/json").status_code == 404
    listing = client.get(f"/assessments/rounds/{mine.round_id}/").content.decode()
    assert "ครู1" not in listing and "ครู0" in listing


def test_evidence_of_a_person_is_in_nobodys_library_but_theirs(persons, supervisor, school_director, teacher, prove):
    rate(persons[0], "care", "3", layer="reviewer", by=supervisor)
    prove(persons[0], "care", supervisor)
    assert Evidence.objects.get().confidential
    assert queries.evidence(school_director).count() == 1  # charged with persons of the own school
    assert not queries.evidence(teacher).exists()


def test_a_school_in_preparation_of_a_round_sees_nothing_of_it(
    office, small, school, supervisor, school_director, client_for
):
    made = rounds.prepare_round(office, small, "AY2025", by=supervisor)
    one = rounds.add_targets(made, [school], by=supervisor)[0]
    assert not queries.rounds(school_director).exists()
    assert client_for(school_director).get(f"/assessments/{one.pk}/").status_code == 404
    assert client_for(supervisor).get(f"/assessments/{one.pk}/").status_code == 200


def test_a_reviewers_answers_are_hidden_from_the_school_until_the_review_is_done(
    assessment, school_director, supervisor, fill, prove, client_for
):
    from khet.engines.assessments.services import moving

    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    rate(assessment, "care", "1", layer="reviewer", by=supervisor, reason="ความเห็นลับ")
    page = f"/assessments/{assessment.pk}/"
    assert "ความเห็นลับ" not in client_for(school_director).get(page).content.decode()
    moving.finish_review(assessment, by=supervisor)
    assert "ความเห็นลับ" in client_for(school_director).get(page).content.decode()


def test_a_school_that_still_fills_in_is_not_seen_through_by_its_teachers(assessment, teacher, school_director, fill):
    fill(assessment, school_director, "3")
    one = queries.assessments(teacher).get()
    assert not rights.sees_result(teacher, one)
    assert queries.overview(teacher, one.round)[0].score is None


def test_strangers_see_no_round_no_evidence_no_improvement(signed, stranger):
    assert not queries.rounds(stranger).exists()
    assert not queries.evidence(stranger).exists()
    assert not Improvement.objects.visible_to(stranger).exists()
    assert not queries.loads(stranger).exists()


def test_nobody_signed_in_sees_anything(signed):
    from django.contrib.auth.models import AnonymousUser

    nobody = AnonymousUser()
    for model in (Round, Assessment, Evidence, Improvement):
        assert not model.objects.visible_to(nobody).exists()
