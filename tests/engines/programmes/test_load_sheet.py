"""Participants and statuses from a spreadsheet: looked at first, all or nothing, undone in one go."""

from datetime import date

import pytest

from khet.engines.programmes import exporting, queries, services, sheets
from khet.engines.programmes.models import Participant, Sheet, Status
from khet.engines.programmes.rights import ProgrammeError
from khet.engines.programmes.services.judging import Judgement

pytestmark = pytest.mark.django_db
HEAD = ["รหัสโรงเรียน", "โรงเรียน", "วันที่เข้าร่วม", "สถานะ", "วันที่ประเมิน", "ใช้ได้ถึง", "ลิงก์หลักฐาน"]


def book(*rows, head=HEAD) -> bytes:
    return exporting.xlsx(head, rows)


def loaded(run, by, *rows):
    return services.load_sheet(services.receive_sheet(run, book(*rows), "schools.xlsx", by=by), by=by)


def faults(run, by, *rows):
    sheet = services.receive_sheet(run, book(*rows), "schools.xlsx", by=by)
    return [(fault.where, fault.what) for fault in sheets.planned(run, sheet.content["rows"], by=by).faults]


def test_a_sheet_brings_schools_with_their_statuses(run, school, other_school, supervisor):
    sheet = loaded(
        run, supervisor,
        [school.code, "", "16/05/2567", "สถานศึกษาพอเพียงแบบอย่าง (ได้รับประกาศ)", "01/08/2567", "", ""],
        [school.code, "", "16/05/2567", "centre", "02/08/2567", "", "https://example.org/c"],
        ["", other_school.name, "๑๖ พฤษภาคม ๒๕๖๗", "joined", "", "", ""],
    )  # fmt: skip
    assert (sheet.joined, sheet.judged, sheet.state, sheet.content) == (2, 2, Sheet.State.LOADED, {})
    one = Participant.objects.get(org=school)
    assert [status.level for status in one.statuses.all()] == ["joined", "announced", "centre"]
    assert (one.source, one.row) == (sheet, 2)


def test_every_fault_is_told_at_once_with_row_and_column(run, school, other_school, supervisor):
    found = faults(
        run, supervisor,
        ["99999999", "", "16/05/2567", "", "", "", ""],
        [school.code, "", "31/02/2567", "", "", "", ""],
        [other_school.code, "", "16/05/2567", "ระดับทอง", "", "", ""],
        [school.code, "", "16/05/2567", "centre", "01/08/2567", "", "https://example.org/c"],
    )  # fmt: skip
    assert [where.split(", ")[1:] for where, _what in found] == [
        ["row 2", "รหัสโรงเรียน"], ["row 3", "วันที่เข้าร่วม"], ["row 4", "สถานะ"], ["row 5", "สถานะ"],
    ]  # fmt: skip


def test_with_one_fault_nothing_is_loaded(run, school, supervisor):
    rows = [[school.code, "", "16/05/2567", "", "", "", ""], ["99999999", "", "", "", "", "", ""]]
    with pytest.raises(ProgrammeError):
        loaded(run, supervisor, *rows)
    assert not Participant.objects.exists()


def test_the_same_sheet_twice_changes_nothing(run, school, supervisor):
    row = [school.code, "", "16/05/2567", "", "", "", ""]
    loaded(run, supervisor, row)
    again = loaded(run, supervisor, row)
    assert (again.joined, again.judged, Participant.objects.count()) == (0, 0, 1)


def test_undo_brings_back_the_state_before(run, school, other_school, joined, supervisor):
    joined(school)
    before = set(Status.objects.values_list("pk", flat=True))
    judged, plain = [school.code, "", "", "announced", "01/08/2567"], [other_school.code]
    sheet = loaded(run, supervisor, judged, plain)
    assert (sheet.joined, sheet.judged) == (1, 1)
    services.undo_sheet(sheet, by=supervisor)
    assert set(Status.objects.values_list("pk", flat=True)) == before
    assert [one.org for one in Participant.objects.all()] == [school]


def test_what_was_worked_on_since_is_not_undone(run, school, supervisor):
    sheet = loaded(run, supervisor, [school.code, "", "", "announced", "01/08/2567", "", ""])
    one = Participant.objects.get()
    services.judge(run, Judgement(one, "centre", date(2024, 9, 1), link="https://example.org/c"), by=supervisor)
    with pytest.raises(ProgrammeError):
        services.undo_sheet(sheet, by=supervisor)
    assert Participant.objects.count() == 1


def test_a_file_that_is_no_table_says_so(run, supervisor):
    with pytest.raises(ProgrammeError):
        services.receive_sheet(run, b"%PDF-1.4", "x.pdf", by=supervisor)
    with pytest.raises(ProgrammeError, match="รหัสโรงเรียน"):
        services.receive_sheet(run, book(["1"], head=["อะไรสักอย่าง"]), "x.xlsx", by=supervisor)


def test_the_template_can_be_filled_in_and_loaded(run, school, other_school, third_school, supervisor):
    head, rows, texts = sheets.template(run)
    assert {row[0] for row in rows} == {school.code, other_school.code, third_school.code}
    sheet = services.receive_sheet(run, exporting.xlsx(head, rows, texts=texts), "t.xlsx", by=supervisor)
    assert services.load_sheet(sheet, by=supervisor).joined == 3


def test_pages_from_upload_to_undo(run, school, supervisor, other_director, client_for):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = client_for(supervisor)
    upload = SimpleUploadedFile("schools.xlsx", book([school.code, "", "16/05/2567", "", "", "", ""]))
    answer = client.post(f"/programmes/{run.pk}/sheet/", {"file": upload})
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert str(school) in page and not Participant.objects.exists()
    sheet = queries.sheets(supervisor).get()
    assert client_for(other_director).get(answer.url).status_code == 404
    client.post(f"/programmes/sheets/{sheet.pk}/load/")
    assert Participant.objects.count() == 1
    client.post(f"/programmes/sheets/{sheet.pk}/undo/")
    assert not Participant.objects.exists()
