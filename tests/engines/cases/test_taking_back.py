"""What was done by mistake is taken back from the page that says it was done."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from khet.core.catalogue import catalogue
from khet.engines.cases import services
from khet.engines.cases.queries import Asked, cases, finding
from khet.kit.secrets import keyed_hash
from khet.registers.people.models import PERSON_ID, Identifier
from khet.registers.residents.models import Resident

pytestmark = pytest.mark.django_db
ICONS = Path(__file__).parents[3] / "assets" / "icons.txt"


def address(case, name="case", *args):
    return reverse(f"cases:{name}", args=[case.ref, *args])


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def opened(client_for, teacher, case):
    client = client_for(teacher)
    client.post(address(case, "open"), {"reason": "I work on this case"})
    return client


def test_a_contact_just_recorded_offers_its_way_back(opened, case):
    opened.post(address(case, "contact", "visit"), {"seen": "yes", "words": "พบแม่", "on": "1/5/2567"})
    back = address(case, "withdraw", case.contacts.get().pk)
    page = opened.get(address(case)).content.decode()
    assert f'<form class="alert-back" method="post" action="{back}">' in page
    opened.post(back)
    assert case.contacts.get().withdrawn_at
    assert "alert-back" not in opened.get(address(case)).content.decode()


def test_who_took_a_case_over_may_give_it_back_and_nobody_else_may(opened, teacher, case, school_director):
    opened.post(address(case, "assign"), {"take": "1"})
    case.refresh_from_db()
    assert case.owner == teacher
    assert f'action="{address(case, "assign")}"' in opened.get(address(case)).content.decode()
    opened.post(address(case, "assign"), {})
    case.refresh_from_db()
    assert case.owner is None
    services.assign(case, school_director, by=school_director)
    with pytest.raises(services.CaseError):
        services.assign(case, None, by=teacher)


def test_a_file_that_was_removed_is_put_back(opened, case):
    opened.post(address(case, "file_add"), {"file": SimpleUploadedFile("note.png", picture())})
    kept = case.files.get()
    opened.post(address(case, "file_remove", kept.pk))
    assert kept.file.name not in opened.get(address(case)).content.decode().split('id="files"')[1]
    opened.post(address(case, "file_remove", kept.pk))  # pressed twice, it stays removed
    assert opened.get(address(case, "file", kept.pk)).status_code == 404
    opened.post(address(case, "file_restore", kept.pk))
    assert opened.get(address(case, "file", kept.pk)).status_code == 200


def test_cases_with_nobody_are_found(client_for, teacher, case):
    assert case in cases(teacher, Asked(unassigned=True))
    services.assign(case, teacher, by=teacher)
    assert case not in cases(teacher, Asked(unassigned=True))
    page = client_for(teacher).get(reverse("cases:inbox"), {"unassigned": "on", "state": "waiting"}).content.decode()
    assert '<input type="hidden" name="unassigned" value="on"' in page, "a further filter keeps it"


def test_a_pupil_who_is_listed_too_is_found_once_and_as_listed(promoter, office, school, pupil):
    number = "9990100000019"
    Identifier.objects.create(person=pupil, kind="national_id", value=number, value_hash=keyed_hash(number, PERSON_ID))
    shared = {"org": office, "list_date": "2025-06-01", "name_key": pupil.name_key, "sex": "f"}
    same = Resident.objects.create(first_name="ทดสอบ", last_name="เดียวกัน", identifier=number,
                            identifier_hash=keyed_hash(number, PERSON_ID), **shared)  # fmt: skip
    other = Resident.objects.create(first_name="ทดสอบ", last_name="อีกคน", identifier="9990100000027",
                                    identifier_hash=keyed_hash("9990100000027", PERSON_ID), **shared)  # fmt: skip
    assert finding.children(promoter, office, pupil.name_key, with_listed=True) == [same, other]
    assert finding.children(promoter, office, pupil.name_key, with_listed=False) == [pupil]


def test_every_label_of_an_opened_case_belongs_to_one_field(client_for, school_director, case):
    client = client_for(school_director)
    client.post(address(case, "open"), {"reason": "I supervise this case"})
    ids = re.findall(r'\bid="([^"]+)"', client.get(address(case)).content.decode())
    assert [one for one, times in Counter(ids).items() if times > 1] == []


def test_each_drawing_a_case_names_is_there():
    names = set(ICONS.read_text(encoding="utf-8").split())
    wrong = {
        contact.drawing for kind in catalogue().all("case_kind") for contact in kind.contacts
        if contact.drawing not in names
    }  # fmt: skip
    assert wrong == set()
