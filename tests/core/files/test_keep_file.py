"""Attachments: judged by content, freed of a photo's place, kept encrypted, removed so that it can be undone."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.utils import timezone
from PIL import Image

from khet.core.audit.models import AuditEntry
from khet.core.files import services, store
from khet.core.files.models import StoredFile
from khet.core.files.responses import serve
from khet.core.files.services import FileRefused, keep, remove, restore
from khet.kit.home import room

pytestmark = pytest.mark.django_db


def photo(size=(40, 20), kind="JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, kind, **options)
    return out.getvalue()


def with_place() -> bytes:
    """A photo that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "a telephone"
    exif.get_ifd(0x8825).update({1: "N", 2: (19.0, 10.0, 0.0), 3: "E", 4: (99.0, 54.0, 0.0)})
    return photo(exif=exif)


def archive(**members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_photo_keeps_neither_place_nor_device_and_stands_upright(planner, office):
    assert b"a telephone" in with_place()
    file = keep(SimpleUploadedFile("บ้าน.jpg", with_place()), by=planner, org=office)
    kept = Image.open(io.BytesIO(store.get(file.ref)))
    assert dict(kept.getexif()) == {}
    assert kept.size == (20, 40) == (file.width, file.height)
    assert b"a telephone" not in store.get(file.ref)


def test_a_large_photo_is_made_smaller(planner, office):
    file = keep(photo((4000, 1000)), by=planner, org=office, name="wide.jpg")
    assert (file.width, file.height) == (2560, 640)


def test_the_content_names_the_type_whatever_the_name_says(planner, office):
    file = keep(photo(kind="PNG"), by=planner, org=office, name="../../etc/report.pdf")
    assert (file.name, file.media_type) == ("report.png", "image/png")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<html><script>alert(1)</script></html>", id="a page"),
        pytest.param(b"MZ\x90\x00\x03", id="a program"),
        pytest.param(b"#!/bin/sh\nrm -rf /\n", id="a script"),
        pytest.param(archive(readme="x"), id="an archive"),
        pytest.param(
            archive(**{"[Content_Types].xml": "<x/>", "word__document.xml": "<x/>", "word__vbaProject.bin": "x"}),
            id="macros",
        ),
        pytest.param(photo()[:60], id="half a photo"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="a drawing that can run"),
    ],
)
def test_what_can_run_or_cannot_be_read_is_refused(content, planner, office):
    with pytest.raises(FileRefused, match="PDF"):
        keep(SimpleUploadedFile("file.pdf", content), by=planner, org=office)
    assert not StoredFile.objects.exists()


def test_documents_of_an_office_are_kept(planner, office):
    word = archive(**{"[Content_Types].xml": "<x/>", "word__document.xml": "<x/>"})
    names = [
        keep(b"%PDF-1.7\n%\xe2", by=planner, org=office, name="a").name,
        keep(word, by=planner, org=office, name="b.doc").name,
        keep("บันทึกการประชุม\n".encode(), by=planner, org=office, name="c.csv").name,
    ]
    assert names == ["a.pdf", "b.docx", "c.txt"]


def test_a_document_is_no_photo(planner, office):
    with pytest.raises(FileRefused, match="JPEG"):
        keep(b"%PDF-1.7", by=planner, org=office, kinds=("image",))


def test_an_empty_or_too_large_file_is_refused_with_words(planner, office, monkeypatch):
    with pytest.raises(FileRefused, match="empty"):
        keep(SimpleUploadedFile("x.pdf", b""), by=planner, org=office)
    monkeypatch.setattr(services, "LARGEST", 1_000_000)
    with pytest.raises(FileRefused, match="larger than 1 MB"):
        keep(SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * 1_000_001), by=planner, org=office)


def test_the_bytes_lie_encrypted_on_disk(planner, office):
    file = keep(b"%PDF-1.7 secret words", by=planner, org=office)
    [path] = (room("uploads") / "files").iterdir()
    assert path.stem == str(file.ref)
    assert b"secret words" not in path.read_bytes()


def test_removing_can_be_undone_until_the_bytes_are_erased(planner, office):
    file = keep(b"%PDF-1.7", by=planner, org=office)
    remove(file, by=planner, reason="wrong file")
    with pytest.raises(Http404):
        serve(file)
    restore(file, by=planner)
    assert serve(file).content == b"%PDF-1.7"
    remove(file, by=planner)
    StoredFile.objects.update(removed_at=timezone.now() - timedelta(days=31))
    assert services.erase_removed() == 1
    assert store.get(file.ref) is None
    file.refresh_from_db()
    with pytest.raises(FileRefused, match="erased"):
        restore(file, by=planner)
    verbs = ["file.kept", "file.removed", "file.restored", "file.removed", "file.erased"]
    assert (
        list(AuditEntry.objects.filter(verb__startswith="file.").order_by("pk").values_list("verb", flat=True)) == verbs
    )


def test_an_answer_never_runs_in_the_browser(planner, office):
    document = serve(keep(b"%PDF-1.7", by=planner, org=office, name="แผน.pdf"), inline=True)
    assert document["Content-Disposition"].startswith("attachment")
    picture = serve(keep(photo(), by=planner, org=office, name="x.jpg"), inline=True)
    assert picture["Content-Disposition"].startswith("inline")
    assert "no-store" in picture["Cache-Control"]
