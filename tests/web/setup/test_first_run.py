"""From an empty home to the first administrator, and the doors that then stay shut."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khet.core.accounts.access import can
from khet.core.accounts.models import User
from khet.core.orgs.models import Org
from khet.core.orgs.queries import default_office
from khet.plan.models import PlanDocument, PlanEdition
from khet.web.setup import progress, services
from khet.web.setup.services import SetupOver

STRONG = "ดอกไม้บานยามเช้า9"
OFFICE = {"kind": "primary", "name": "ฟ้าใส เขต 1", "name_en": "", "code": "57010000", "ministry": ""}
PERSON = {"full_name": "มานี ใจดี", "username": "manee", "email": "", "password": STRONG, "again": STRONG}
PLAN = """แผนปฏิบัติการ
วิสัยทัศน์
ผู้เรียนทุกคนอ่านออกเขียนได้
ยุทธศาสตร์ที่ 1 ยกระดับคุณภาพ
ตัวชี้วัด
1. ร้อยละ 95 ของสถานศึกษามีผลการประเมินภายนอกระดับดีขึ้นไป
"""


@pytest.fixture
def empty(db, settings):
    """An empty installation that `khet serve` has opened on this machine."""
    settings.KHET_SETUP_TOKEN = ""
    return Client(headers={"Accept-Language": "en"})


@pytest.mark.parametrize("path", ["/", "/plan/", "/users/", "/account/login/", "/nowhere/"])
def test_every_page_of_an_empty_installation_leads_to_the_wizard(path, empty):
    assert empty.get(path).url == "/setup/"
    assert empty.get("/setup/").status_code == 200


def test_the_wizard_leads_from_nothing_to_a_draft_of_the_plan(empty):
    assert empty.post("/setup/office/", OFFICE).url == "/setup/administrator/"
    assert default_office().name == "สพป.ฟ้าใส เขต 1"
    assert empty.post("/setup/administrator/", PERSON).url == "/setup/plan/"
    user = User.objects.get(username="manee")
    assert can(user, "users.manage", default_office())
    assert empty.get("/setup/plan/").status_code == 200
    empty.post("/setup/plan/", {"file": SimpleUploadedFile("plan.txt", PLAN.encode())})
    assert PlanDocument.objects.get().received_by == user
    assert dict(empty.get("/setup/plan/").context["counts"])["Indicators"] == 1
    answer = empty.post("/setup/plan/", {"from_year": 2566, "to_year": 2570})
    edition = PlanEdition.objects.get()
    assert answer.url == reverse("plan:edition", args=[edition.pk])
    assert edition.from_year == 2023
    assert empty.get("/setup/files/").status_code == 200
    assert [step.state for step in progress.steps()] == ["done", "done", "later", "later"]


def test_it_can_be_left_and_taken_up_in_another_browser(empty):
    empty.post("/setup/office/", OFFICE)
    other = Client()
    assert other.get("/setup/office/").context["form"].initial["code"] == "57010000"
    other.post("/setup/office/", {**OFFICE, "kind": "other", "name": "สพป.ฟ้าใหม่ เขต 1"})
    assert [org.name for org in Org.objects.all()] == ["สพป.ฟ้าใหม่ เขต 1"]
    assert other.get("/setup/administrator/").status_code == 200


def test_who_goes_back_finds_the_office_as_it_was_typed(empty):
    typed = {**OFFICE, "ministry": "กระทรวงสมมติ"}
    empty.post("/setup/office/", typed)
    assert empty.get("/setup/office/").context["form"].initial == typed
    again = Client(headers={"Accept-Language": "en"}).get("/setup/").content.decode()
    assert 'href="/setup/administrator/"' in again, "the next step, not the first once more"


def test_asking_to_read_nothing_says_so(empty):
    empty.post("/setup/office/", OFFICE)
    empty.post("/setup/administrator/", PERSON)
    answer = empty.post("/setup/plan/", {})
    assert answer.status_code == 422 and answer.context["upload"].errors["file"]


def test_a_file_without_a_plan_is_no_success_and_leads_to_no_empty_draft(empty):
    empty.post("/setup/office/", OFFICE)
    empty.post("/setup/administrator/", PERSON)
    figures = SimpleUploadedFile("staff.csv", "รหัส,จำนวน\n1001,12\n1002,7\n".encode())
    page = empty.post("/setup/plan/", {"file": figures}, follow=True).content.decode()
    assert "No plan was found in it" in page and 'name="from_year"' not in page
    assert "The document was read." not in page


def test_a_document_given_again_is_the_one_on_the_page(empty):
    empty.post("/setup/office/", OFFICE)
    empty.post("/setup/administrator/", PERSON)
    other = PLAN.replace("อ่านออกเขียนได้", "คิดเลขเป็น")
    for name, words in (("first.txt", PLAN), ("second.txt", other), ("first.txt", PLAN)):
        shown = empty.post("/setup/plan/", {"file": SimpleUploadedFile(name, words.encode())}, follow=True)
    assert shown.context["document"].name == "first.txt" and PlanDocument.objects.count() == 2
    assert empty.get("/setup/plan/?document=x").context["document"].name == "second.txt"


def test_the_state_of_the_set_up_leads_on(empty):
    empty.post("/setup/office/", OFFICE)
    empty.post("/setup/administrator/", PERSON)
    page = empty.get("/setup/").content.decode()
    assert 'class="btn btn-primary" href="/setup/plan/"' in page


def test_an_office_below_a_ministry(empty):
    empty.post("/setup/office/", {**OFFICE, "ministry": "กระทรวงสมมติ"})
    assert default_office().parent.name == "กระทรวงสมมติ"


@pytest.mark.parametrize(
    ("kind", "typed", "name"),
    [
        ("primary", "ฟ้าใส  เขต 1", "สพป.ฟ้าใส เขต 1"),
        ("secondary", "ฟ้าใส", "สพม.ฟ้าใส"),
        ("primary", "สพป.ฟ้าใส เขต 1", "สพป.ฟ้าใส เขต 1"),
        ("primary", "สำนักงานเขตฟ้าใส", "สำนักงานเขตฟ้าใส"),
        ("other", "ศูนย์ฟ้าใส", "ศูนย์ฟ้าใส"),
    ],
)
def test_the_kind_stands_before_the_name_unless_it_was_typed(kind, typed, name, empty):
    empty.post("/setup/office/", {**OFFICE, "kind": kind, "name": typed})
    assert default_office().name == name


def test_a_weak_password_is_refused(empty):
    empty.post("/setup/office/", OFFICE)
    for password in ("short", "1234567890", "manee-manee", STRONG + "x"):
        assert empty.post("/setup/administrator/", {**PERSON, "password": password}).status_code == 422
    assert not User.objects.people().exists()


def test_the_administrator_waits_for_the_office(empty):
    assert empty.get("/setup/administrator/").url == "/setup/office/"


def test_once_somebody_has_an_account_the_first_steps_are_gone(administrator, settings):
    settings.KHET_SETUP_TOKEN = ""
    stranger = Client()
    for path in ("/setup/office/", "/setup/administrator/"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, PERSON).status_code == 404
    assert stranger.get("/setup/").url == "/"
    with pytest.raises(SetupOver):
        services.open_first_account(full_name="x", username="x", password=STRONG, email="", language="th")
    with pytest.raises(SetupOver):
        services.name_office(name="x", code="x")


def test_later_steps_ask_for_rights(administrator, director, client_for):
    assert Client().get("/setup/plan/").status_code == 302
    for path in ("/setup/plan/", "/setup/files/"):
        assert client_for(director).get(path).status_code == 404
        assert client_for(administrator).get(path).status_code == 200
    assert client_for(director).get("/setup/").status_code == 302
    assert client_for(administrator).get("/setup/").status_code == 200


def test_a_server_that_others_reach_asks_for_the_word_it_printed(empty, settings):
    settings.KHET_SETUP_TOKEN = "the-word"
    for path in ("/setup/", "/setup/office/", "/setup/administrator/"):
        assert empty.get(path).status_code == 403
        assert empty.post(path, OFFICE).status_code == 403
    assert empty.get("/setup/?token=wrong").status_code == 403
    assert not Org.objects.exists()
    assert empty.post("/setup/", {"token": "the-word"}).status_code == 200
    assert empty.post("/setup/office/", OFFICE).status_code == 302
    settings.KHET_SETUP_TOKEN = "another-start-another-word"
    assert empty.get("/setup/office/").status_code == 403


def test_without_khet_serve_nobody_sets_anything_up(empty, settings):
    settings.KHET_SETUP_TOKEN = None
    for token in ("", "None", "x"):
        assert empty.get("/setup/office/", {"token": token}).status_code == 403


def test_a_file_that_is_no_plan_is_refused_in_words(empty):
    empty.post("/setup/office/", OFFICE)
    empty.post("/setup/administrator/", PERSON)
    answer = empty.post("/setup/plan/", {"file": SimpleUploadedFile("empty.txt", b" ")})
    assert answer.status_code == 422
    assert "is empty" in answer.content.decode()
