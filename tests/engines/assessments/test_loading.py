"""Results from a spreadsheet: preview, all faults at once, one transaction, undone as a whole."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from khet.engines.assessments.models import Assessment, Load, Rating
from khet.engines.assessments.services import AssessmentError, loading, moving
from khet.engines.assessments.services.rating import rate
from khet.engines.assessments.spreadsheet import empty_sheet
from khet.registers.intake.reading import sheets

pytestmark = pytest.mark.django_db


def workbook(*rows):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return SimpleUploadedFile("results.xlsx", content.getvalue())


HEAD = ["รหัสโรงเรียน", "ชื่อ", "teaching", "การเรียนรู้", "care"]
GOOD = [["90010001", "บ้านริมธาร", 3, "ดี", "4"], ["90010002", "บ้านเชิงเขา", 2, "na", 2]]


@pytest.fixture
def load(round, supervisor):
    return loading.check_load(round, workbook(HEAD, *GOOD), layer="self", by=supervisor)


def test_nothing_is_written_by_checking(load):
    assert load.counts == {"new": 6, "changed": 0, "same": 0, "faults": 0}
    assert not Rating.objects.exists()


def test_codes_and_words_of_both_languages_are_understood(load, supervisor):
    loading.write_load(load, by=supervisor)
    told = dict(Assessment.objects.values_list("org__code", "score"))
    assert told == {"90010001": 3.33, "90010002": 2.0}
    assert Rating.objects.get(assessment__org__code="90010002", criterion="learning").code == "na"


def test_every_fault_of_the_file_is_told_at_once_with_its_place(round, supervisor):
    rows = [
        ["90010001", "", 9, "ดีมาก", "na"], ["99999999", "", 1, 1, 1], ["", "", 3, 3, 3],
        ["90010002", "", 1, 1, 1], ["90010002", "", 1, 1, 1],
    ]  # fmt: skip
    load = loading.check_load(round, workbook([*HEAD, "สีสัน"], *rows), layer="self", by=supervisor)
    told = [" ".join(fault) for fault in load.content["faults"]]
    assert len(told) == 7
    for place in ("คอลัมน์ F", "แถว 2, C", "แถว 2, D", "แถว 2, E", "แถว 3", "แถว 4", "แถว 6"):
        assert any(place in one or place.replace("แถว", "row").replace("คอลัมน์", "column") in one for one in told), place
    with pytest.raises(AssessmentError):
        loading.write_load(load, by=supervisor)
    assert not Rating.objects.exists()


def test_a_file_without_codes_or_that_is_no_table_is_refused_in_words(round, supervisor):
    for upload in (workbook(["name", "teaching"], ["x", 3]), SimpleUploadedFile("x.xlsx", b"%PDF-1.4"), workbook()):
        load = loading.check_load(round, upload, layer="self", by=supervisor)
        assert load.counts["faults"] == 1


def test_the_same_file_again_changes_nothing(load, round, supervisor):
    loading.write_load(load, by=supervisor)
    again = loading.check_load(round, workbook(HEAD, *GOOD), layer="self", by=supervisor)
    assert again.counts == {"new": 0, "changed": 0, "same": 6, "faults": 0}


def test_undoing_puts_back_what_stood_before_and_leaves_what_changed_since(
    load, round, supervisor, school_director, assessment
):
    rate(assessment, "care", "1", layer="self", by=school_director)
    fresh = loading.check_load(round, workbook(HEAD, *GOOD), layer="self", by=supervisor)
    loading.write_load(fresh, by=supervisor)
    rate(assessment, "teaching", "4", layer="self", by=school_director)
    assert loading.undo_load(fresh, by=supervisor) == 5
    left = dict(Rating.objects.values_list("criterion", "code"))
    assert left == {"care": "1", "teaching": "4"}
    assert Load.objects.get(pk=fresh.pk).state == "undone"
    assert Assessment.objects.get(org__code="90010002").score is None


def test_a_load_is_refused_when_somebody_wrote_since_it_was_checked(load, supervisor, school_director, assessment):
    rate(assessment, "care", "4", layer="self", by=school_director)
    with pytest.raises(AssessmentError):
        loading.write_load(load, by=supervisor)
    assert Rating.objects.count() == 1


def test_what_was_handed_over_is_not_written_over(round, supervisor, school_director, assessment, fill, prove):
    fill(assessment, school_director, "3")
    prove(assessment, "teaching", school_director)
    moving.send(assessment, by=school_director)
    load = loading.check_load(round, workbook(HEAD, *GOOD), layer="self", by=supervisor)
    assert load.counts["faults"] == 1


def test_only_those_who_run_the_round_load(round, school_director):
    with pytest.raises(AssessmentError):
        loading.check_load(round, workbook(HEAD, *GOOD), layer="self", by=school_director)


def test_everything_complete_is_handed_on_at_once(load, round, supervisor, school_director, assessment, prove):
    loading.write_load(load, by=supervisor)
    prove(assessment, "teaching", school_director)
    assert moving.hand_over_all(round, by=supervisor) == 1  # the other school has no evidence yet
    assert Assessment.objects.get(pk=assessment.pk).state == "sent"


def test_the_empty_sheet_comes_back_without_faults(round, supervisor):
    content = empty_sheet(round, round.assessments.select_related("org"))
    rows = list(sheets(content)[0].rows())
    assert rows[0][1][2:] == ["teaching", "learning", "care"]
    load = loading.check_load(round, SimpleUploadedFile("empty.xlsx", content), layer="self", by=supervisor)
    assert load.counts == {"new": 0, "changed": 0, "same": 0, "faults": 0}
