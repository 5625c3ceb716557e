"""What one room lends another: programmes as evidence, the plan as what programmes serve."""

from datetime import date

import pytest
from django.urls import reverse

from khet.core.catalogue import catalogue
from khet.engines.assessments.models import Evidence
from khet.engines.assessments.services import AssessmentError, evidence, rounds
from khet.engines.programmes import services
from khet.engines.programmes.services.joining import Entrant

pytestmark = pytest.mark.django_db
FIRST = date(2025, 5, 16)


@pytest.fixture
def run(office, school, supervisor):
    """A programme of the office in which the school takes part."""
    rules = catalogue().get("programme", "sufficiency_school_2554")
    made = services.open_run(rules, office, by=supervisor, starts=FIRST, title="พอเพียงทั้งเขต")
    made = services.start_run(made, by=supervisor)
    services.join_many(made, [Entrant("school", school, FIRST)], by=supervisor)
    return made


@pytest.fixture
def assessments(office, school, other_school, supervisor):
    """{school: its self-assessment} of an open round."""
    made = rounds.prepare_round(office, "iqa_basic_2561", "AY2025", by=supervisor)
    rounds.add_targets(made, [school, other_school], by=supervisor)
    rounds.open_round(made, by=supervisor)
    return {one.org: one for one in made.assessments.select_related("round__edition", "round__org", "org")}


def criterion(assessment):
    return reverse("assessments:criterion", args=[assessment.pk, "2.3"])


def test_a_programme_is_picked_from_those_of_the_place(client_for, run, assessments, school, school_director):
    one, client = assessments[school], client_for(school_director)
    page = client.get(criterion(one)).content.decode()
    assert f'<option value="{run.pk}">' in page and "พอเพียงทั้งเขต" in page
    assert "พอเพียงทั้งเขต" in client.get(criterion(one) + "?programme=ทั้งเขต").content.decode()
    assert f'<option value="{run.pk}">' not in client.get(criterion(one) + "?programme=กีฬา").content.decode()
    add = reverse("assessments:evidence_add", args=[one.pk, "2.3"])
    assert client.post(add, {"programme": str(run.pk)}).status_code == 302
    client.post(reverse("assessments:evidence_add", args=[one.pk, "2.4"]), {"programme": str(run.pk)})
    item = Evidence.objects.get()
    assert (item.kind, item.title, item.uses.count()) == ("programme", "พอเพียงทั้งเขต", 2)
    led = client.get(reverse("assessments:evidence_item", args=[item.pk]))
    assert led.url == reverse("programmes:run", args=[run.pk])


def test_what_is_not_of_the_place_is_not_offered_and_not_taken(
    client_for, run, assessments, other_school, someone, supervisor
):
    director = someone("school_director", other_school, "other_director")
    one = assessments[other_school]
    assert f'<option value="{run.pk}">' not in client_for(director).get(criterion(one)).content.decode()
    with pytest.raises(AssessmentError):
        evidence.add_programme(one, "2.3", str(run.pk), by=director)
    with pytest.raises(AssessmentError):
        evidence.add_programme(one, "2.3", "a name that was typed", by=director)


def test_a_programme_in_preparation_proves_nothing(office, school, assessments, school_director, supervisor):
    rules = catalogue().get("programme", "sufficiency_school_2554")
    made = services.open_run(rules, office, by=supervisor, starts=FIRST)
    services.join_many(made, [Entrant("school", school, FIRST)], by=supervisor)
    with pytest.raises(AssessmentError):
        evidence.add_programme(assessments[school], "2.3", str(made.pk), by=school_director)


def test_a_programme_serves_what_is_picked_from_the_plan(client_for, run, supervisor, plan):
    client, page = client_for(supervisor), reverse("programmes:edit", args=[run.pk])
    tactic = plan.items.filter(kind="tactic").first()
    indicator = plan.items.filter(kind="indicator").first()
    form = client.get(page).context["form"]
    assert {f"tactic:{tactic.pk}", f"indicator:{indicator.pk}"} <= {key for key, _label in form.fields["links"].choices}
    sent = {"title": run.title, "starts": "16/5/2568", "links": [f"tactic:{tactic.pk}", f"indicator:{indicator.pk}"]}
    assert client.post(page, sent).status_code == 302
    run.refresh_from_db()
    assert [(link["kind"], link["id"]) for link in run.links] == [
        ("tactic", str(tactic.pk)), ("indicator", str(indicator.pk))
    ]  # fmt: skip
    assert client.post(page, sent | {"links": ["tactic:0"]}).status_code == 422


def test_what_was_typed_before_stays_until_it_is_unticked(client_for, run, supervisor, plan):
    run.links = [{"kind": "text", "id": "", "label": "ข้อความเดิม"}]
    run.save()
    client, page = client_for(supervisor), reverse("programmes:edit", args=[run.pk])
    assert client.get(page).context["form"].fields["links"].initial == ["text:ข้อความเดิม"]
    sent = {"title": run.title, "starts": "16/5/2568"}
    client.post(page, sent | {"links": ["text:ข้อความเดิม"]})
    run.refresh_from_db()
    assert run.links == [{"kind": "text", "id": "", "label": "ข้อความเดิม"}]
    client.post(page, sent)
    run.refresh_from_db()
    assert run.links == []


def test_without_a_plan_nothing_is_asked_about_one(client_for, run, supervisor):
    form = client_for(supervisor).get(reverse("programmes:edit", args=[run.pk])).context["form"]
    assert "links" not in form.fields
