"""Pages: what stands on them for whom, and who is told there is no such page."""

import io
import json

import pytest
from django.urls import reverse

from khet.engines.assessments.models import Assessment, Improvement, Rating
from khet.engines.assessments.services import moving
from khet.engines.assessments.services.rating import rate

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"assessments:{name}", args=args)


def test_a_round_is_prepared_and_opened_on_pages(client_for, supervisor, small, school, other_school):
    client = client_for(supervisor)
    assert client.get(at("list")).status_code == 200
    assert "แบบประเมินตัวอย่าง" in client.get(at("new")).content.decode()
    form = client.get(at("new") + "?framework=lesson_small")
    period = form.context["form"].fields["period"].choices[0][0]
    sent = {
        "period": period,
        "title": "รอบแรก",
        "layers": ["self", "reviewer"],
        "whole": "all",
        "due": "",
        "opens": "",
        "closes": "",
    }
    answer = client.post(at("new") + "?framework=lesson_small", sent)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "บ้านริมธาร" in page and "บ้านเชิงเขา" in page
    pk = int(answer.url.rstrip("/").rsplit("/", 1)[-1])
    assert client.post(at("round_act", pk, "open")).status_code == 302
    assert "บ้านริมธาร" in client.get(at("round", pk) + "?words=ริมธาร").content.decode()
    assert client.get(at("round_edit", pk)).status_code == 200
    assert client.get(at("targets", pk)).status_code == 200


def test_without_scripts_a_whole_page_is_saved_plainly(client_for, school_director, assessment):
    client = client_for(school_director)
    page = client.get(at("assessment", assessment.pk))
    assert page.status_code == 200
    versions = {f"v.{id}": "0" for id in ("teaching", "learning", "care")}
    sent = {"layer": "self", "criterion": ["teaching", "learning", "care"], "a.teaching": "3", "a.learning": "na",
            "c.teaching": "ดีขึ้น", "n.teaching.how": "สังเกตชั้นเรียน"} | versions  # fmt: skip
    assert client.post(at("save", assessment.pk), sent).status_code == 302
    found = {one.criterion: one for one in Rating.objects.all()}
    assert set(found) == {"teaching", "learning"}  # what was left open is not kept
    assert (found["teaching"].code, found["teaching"].comment, found["teaching"].notes) == (
        "3", "ดีขึ้น", {"how": "สังเกตชั้นเรียน"})  # fmt: skip
    assert found["learning"].code == "na"


def test_one_answer_is_saved_by_the_script_and_a_second_writer_is_shown_the_conflict(
    client_for, school_director, someone, school, assessment
):
    deputy = someone("school_registrar", school, "registrar")
    first, second = client_for(school_director), client_for(deputy)
    url = at("rate", assessment.pk)

    def send(client, **sent):
        sent = {"criterion": "care", "layer": "self", **sent}
        return client.post(url, json.dumps(sent), content_type="application/json")

    assert send(first, answer="2", version=0).json()["version"] == 1
    assert send(first, answer="2", version=0).status_code == 200  # the same sent twice: the line broke in between
    clash = send(second, answer="4", version=0)
    assert clash.status_code == 409
    assert clash.json()["stands"] == "พอใช้"
    assert send(second, answer="4", version=1).json()["version"] == 2
    assert send(first, answer="9", version=2).status_code == 422
    assert first.post(url, "no json", content_type="application/json").status_code == 422


def test_pages_of_a_signed_result_open_for_the_school_and_the_office(
    client_for, signed, school_director, supervisor, teacher
):
    for who in (school_director, supervisor, teacher):
        page = client_for(who).get(at("result", signed.pk))
        assert page.status_code == 200
        assert "ดี" in page.content.decode()
    pages = [at("compare", signed.round_id), at("library"), at("improvements"), at("criterion", signed.pk, "teaching")]
    for url in pages:
        assert client_for(school_director).get(url).status_code == 200
    assert client_for(supervisor).get(at("result", signed.pk) + "?if=care&way=1").status_code == 200


def test_strangers_and_other_schools_are_told_there_is_no_such_page(
    client_for, signed, stranger, other_director, school_director
):
    item = signed.evidence.get().evidence
    pages = [
        at("assessment", signed.pk), at("result", signed.pk), at("criterion", signed.pk, "teaching"),
        at("evidence_item", item.pk), at("document", signed.pk, "report", "pdf"),
    ]  # fmt: skip
    for who in (stranger, other_director):
        for url in pages:
            assert client_for(who).get(url).status_code == 404, url
    assert client_for(stranger).get(at("round", signed.round_id)).status_code == 404
    posts = [
        at("save", signed.pk),
        at("rate", signed.pk),
        at("act", signed.pk, "send"),
        at("evidence_add", signed.pk, "care"),
    ]
    for url in posts:
        assert client_for(other_director).post(url).status_code == 404, url
    assert client_for(school_director).get(at("bulk", signed.round_id)).status_code == 404


def test_another_school_sees_its_own_row_of_the_round_only(client_for, round, other_director, school_director):
    page = client_for(other_director).get(at("round", round.pk)).content.decode()
    assert "บ้านเชิงเขา" in page
    assert "บ้านริมธาร" not in page


def test_what_is_lacking_is_listed_all_at_once(client_for, school_director, assessment):
    client = client_for(school_director)
    rate(assessment, "teaching", "3", layer="self", by=school_director)
    answer = client.post(at("act", assessment.pk, "send"), follow=True)
    page = answer.content.decode()
    assert page.count("ยังไม่ได้ตอบ") >= 2 or page.count("not answered") >= 2
    assert "evidence is required" in page or "ต้องมีหลักฐาน" in page


def test_evidence_is_added_and_taken_off_on_pages(client_for, school_director, assessment):
    client = client_for(school_director)
    add = at("evidence_add", assessment.pk, "teaching")
    pdf = io.BytesIO(b"%PDF-1.7 a small file")
    pdf.name = "plan.pdf"
    assert client.post(add, {"file": pdf}).status_code == 302
    assert client.post(add, {"url": "https://school.example.org/a"}).status_code == 302
    assert (
        client.post(add, {"url": "ftp://school.example.org/a"}, headers={"accept": "application/json"}).status_code
        == 422
    )
    page = client.get(at("criterion", assessment.pk, "teaching")).content.decode()
    assert "plan.pdf" in page and "school.example.org" in page
    use = assessment.evidence.first()
    served = client.get(at("evidence_item", use.evidence_id))
    assert served.status_code == 200
    assert client.post(at("unuse", use.pk)).status_code == 302
    assert assessment.evidence.count() == 1


def test_an_improvement_is_planned_followed_up_and_closed_on_pages(client_for, signed, school_director):
    client = client_for(school_director)
    sent = {"text": "จัดนิเทศภายใน", "owner_group": "supervision", "owner": "", "due": "30/9/2599", "criterion": "care"}
    assert client.post(at("improvement_add", signed.pk), sent).status_code == 302
    one = Improvement.objects.get()
    assert (
        client.post(
            at("improvement_act", one.pk, "follow"), {"month": "6", "done": "50", "words": "ครึ่งทาง"}
        ).status_code
        == 302
    )
    assert "ครึ่งทาง" in client.get(at("improvements")).content.decode()
    client.post(at("improvement_act", one.pk, "done"), {"outcome": "เสร็จ"})
    one.refresh_from_db()
    assert one.state == "done"


@pytest.mark.parametrize("form", ["pdf", "docx"])
@pytest.mark.parametrize("which", ["report", "letter"])
def test_report_and_letter_are_made(client_for, signed, supervisor, which, form):
    answer = client_for(supervisor).get(at("document", signed.pk, which, form))
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF" if form == "pdf" else b"PK")


def test_no_letter_before_the_result_is_signed(client_for, assessment, supervisor, school_director, fill):
    fill(assessment, school_director, "3")
    assert client_for(supervisor).get(at("document", assessment.pk, "letter", "pdf")).status_code == 404


def test_naming_a_reviewer_and_taking_the_name_off(client_for, assessment, supervisor, second_reviewer):
    client = client_for(supervisor)
    client.post(at("assign", assessment.pk), {"user": "second_reviewer", "layer": "reviewer"})
    made = assessment.assignments.get()
    assert made.user == second_reviewer
    client.post(at("unassign", made.pk))
    assert not assessment.assignments.exists()


def test_an_unknown_act_is_no_page(client_for, assessment, supervisor):
    client = client_for(supervisor)
    assert client.post(at("act", assessment.pk, "explode")).status_code == 404
    assert client.post(at("round_act", assessment.round_id, "explode")).status_code == 404
    assert Assessment.objects.count() == 2
    assert moving is not None
