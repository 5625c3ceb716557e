"""An output from draft to register: who may enter, review, publish, see and take it up."""

from datetime import date

import pytest

from khet.core.catalogue import catalogue
from khet.engines.programmes import queries, services
from khet.engines.programmes.rights import ProgrammeError
from khet.engines.programmes.services.making import By, may_review

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 1)


@pytest.fixture
def register(office, supervisor):
    rules = catalogue().get("programme", "innovation_register_2568")
    run = services.open_run(rules, office, by=supervisor, starts=date(2024, 5, 16))
    return services.start_run(run, by=supervisor)


@pytest.fixture
def colleague(someone, school):
    return someone("teacher", school, "colleague")


@pytest.fixture
def reviewers(someone, office):
    return [someone("supervisor", office, f"reviewer-{n}") for n in range(3)]


@pytest.fixture
def work(register, school, teacher):
    return services.enter_output(
        register, school, by=teacher, kind="innovation", title="บันไดคำอ่านด้วยสื่อท้องถิ่น", made_on=DAY,
        authors=[By("ครูสมมติ", user=teacher)], answers={"category": "media"},
    )  # fmt: skip


def seen(viewer):
    return list(queries.outputs(viewer))


def test_a_draft_is_the_authors_own(work, teacher, colleague, school_director, supervisor, stranger, other_director):
    assert seen(teacher) == [work]
    assert seen(colleague) == [], "a teacher does not see a colleague's unpublished work"
    assert seen(school_director) == [work]
    assert seen(supervisor) == [work]
    assert seen(other_director) == [] and seen(stranger) == []


def test_a_colleague_can_neither_change_nor_submit_it(work, colleague):
    with pytest.raises(ProgrammeError):
        services.change_output(work, by=colleague, title="ของฉัน")
    with pytest.raises(ProgrammeError):
        services.submit(work, by=colleague)


def test_three_reviewers_accept_and_the_mean_makes_the_level(work, teacher, reviewers, supervisor, other_director):
    services.submit(work, by=teacher)
    for reviewer, score in zip(reviewers, (85, 80, 75), strict=True):
        assert work.state == "submitted"
        services.review(work, "accept", by=reviewer, score=score)
        work.refresh_from_db()
    assert (work.state, work.score, work.level) == ("reviewed", 80, "gold")
    services.publish(work, by=supervisor)
    assert seen(other_director) == [work], "published, it is for every school of the office"


def test_nobody_reviews_the_own_work_or_that_of_the_own_school(work, teacher, school_director, supervisor):
    services.submit(work, by=teacher)
    assert may_review(supervisor, work)
    assert not may_review(teacher, work) and not may_review(school_director, work)
    with pytest.raises(ProgrammeError):
        services.review(work, "accept", by=school_director)


def test_returned_with_a_reason_mended_and_reviewed_anew(work, teacher, reviewers, supervisor):
    services.submit(work, by=teacher)
    services.review(work, "revise", by=reviewers[0], comment="ยังไม่มีผลก่อนและหลัง")
    with pytest.raises(ProgrammeError):
        services.return_output(work, by=supervisor, reason="  ")
    services.return_output(work, by=supervisor, reason="เพิ่มผลก่อนและหลังใช้")
    services.change_output(work, by=teacher, summary="ก่อนใช้ร้อยละ 60 หลังใช้ร้อยละ 80")
    services.submit(work, by=teacher)
    for reviewer in reviewers:
        services.review(work, "accept", by=reviewer, score=70)
    work.refresh_from_db()
    assert (work.state, work.level, work.reviews.count()) == ("reviewed", "silver", 4)


def test_it_is_not_published_before_it_is_reviewed(work, teacher, supervisor):
    services.submit(work, by=teacher)
    with pytest.raises(ProgrammeError):
        services.publish(work, by=supervisor)


def test_uses_elsewhere_are_counted_once_a_place(work, teacher, reviewers, supervisor, other_director, other_school,
                                                 school):  # fmt: skip
    services.submit(work, by=teacher)
    for reviewer in reviewers:
        services.review(work, "accept", by=reviewer)
    services.publish(work, by=supervisor)
    services.take_up(work, other_school, by=other_director, used_on=date(2024, 9, 1))
    services.take_up(work, other_school, by=other_director, used_on=date(2024, 10, 1))
    assert queries.outputs(supervisor).get().used == 1
    with pytest.raises(ProgrammeError):
        services.take_up(work, school, by=supervisor, used_on=date(2024, 9, 1))


@pytest.mark.parametrize(("asked", "there"), [
    ("สื่อท้องถิ่น", True), ("บันได", True), ("สมมติ", True), ("ท้อง", True), ("ถิ่น", False), ("การเงิน", False),
])  # fmt: skip
def test_search_knows_where_words_begin(work, supervisor, asked, there):
    assert (seen_with(supervisor, asked) == [work]) is there


def seen_with(viewer, words):
    return list(queries.outputs(viewer, words=words))


def test_the_register_is_exported_as_narrowed(work, supervisor, client_for):
    from khet.core.audit.models import AuditEntry
    from khet.registers.intake.reading import sheets

    client = client_for(supervisor)
    answer = client.post("/programmes/outputs/export/xlsx/", {"q": "บันได"})
    (sheet,) = sheets(answer.content)
    assert [cells[2] for _n, cells in sheet.rows()][1] == work.title
    assert AuditEntry.objects.get(verb="programme.outputs_exported").count == 1
    empty = client.post("/programmes/outputs/export/csv/", {"q": "การเงิน"}).content.decode()
    assert work.title not in empty


def test_pages_of_an_output(work, teacher, colleague, reviewers, supervisor, client_for):
    author = client_for(teacher)
    assert author.get(f"/programmes/outputs/{work.pk}/").status_code == 200
    assert client_for(colleague).get(f"/programmes/outputs/{work.pk}/").status_code == 404
    form = {"org": work.org.code, "title": "ชื่อใหม่", "made_on": "01/08/2567", "authors": "ครูสมมติ", "category": "media"}
    assert author.post(f"/programmes/outputs/{work.pk}/edit/", form).status_code == 302
    author.post(f"/programmes/outputs/{work.pk}/act/submit/")
    queue = client_for(reviewers[0]).get("/programmes/outputs/review/").content.decode()
    assert "ชื่อใหม่" in queue
    for reviewer in reviewers:
        client_for(reviewer).post(f"/programmes/outputs/{work.pk}/review/", {"advice": "accept", "score": "90"})
    client_for(supervisor).post(f"/programmes/outputs/{work.pk}/act/publish/", {"level": "gold"})
    page = client_for(colleague).get(f"/programmes/outputs/{work.pk}/")
    assert page.status_code == 200 and "ชื่อใหม่" in page.content.decode()
