import io
import zipfile

import pytest

from khet.core.audit.models import AuditEntry
from khet.plan.models import PlanDocument
from khet.plan.services import DocumentError, receive_document
from khet.plan.services import documents as room


def test_a_document_keeps_its_file_its_text_and_its_structure(document, plan_file):
    with document.file.open("rb") as kept:
        assert kept.read() == plan_file.read_bytes()
    assert document.numbered_lines[0][1].startswith("แผนพัฒนาการศึกษา")
    titles = [strategy["title"] for strategy in document.reading["strategies"]]
    assert titles == [
        "พัฒนาการบริหารจัดการของสำนักงาน",
        "สร้างโอกาสทางการศึกษา",
    ]
    assert AuditEntry.objects.filter(verb="plan.document_received", object_id=str(document.pk)).exists()


def test_the_same_file_given_twice_is_kept_once(document, office, planner, plan_file):
    assert receive_document(office, plan_file, by=planner) == document
    assert PlanDocument.objects.count() == 1


def test_the_name_of_an_upload_never_becomes_a_path(office, planner, plan_file):
    upload = io.BytesIO(plan_file.read_bytes() + b"\n")
    upload.name = "../../etc/plan.txt"
    document = receive_document(office, upload, by=planner)
    assert document.name == "plan.txt"
    assert document.file.name.startswith("plans/") and ".." not in document.file.name


@pytest.mark.parametrize(
    "content, words",
    [(b"", "empty"), (b"   \n", "empty"), (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "plan.txt")],
)
def test_what_is_no_document_is_refused_with_its_name(office, planner, content, words, settings):
    settings.LANGUAGE_CODE = "en"
    upload = io.BytesIO(content)
    upload.name = "plan.txt"
    with pytest.raises(DocumentError, match=r"plan\.txt"):
        receive_document(office, upload, by=planner)
    assert not PlanDocument.objects.exists()


def test_a_file_that_is_too_large_is_refused(office, planner, monkeypatch):
    monkeypatch.setattr(room, "LARGEST", 10)
    upload = io.BytesIO("กลยุทธ์ที่ 1".encode())
    upload.name = "plan.txt"
    with pytest.raises(DocumentError):
        receive_document(office, upload, by=planner)


def test_a_packed_file_that_unpacks_to_too_much_is_not_opened(office, planner, monkeypatch):
    monkeypatch.setattr("khet.plan.reading.LARGEST_UNPACKED", 1000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 50_000)
    packed.seek(0)
    packed.name = "bomb.docx"
    with pytest.raises(DocumentError, match=r"bomb\.docx"):
        receive_document(office, packed, by=planner)
