"""Undo puts every table back as it was, or says what stands in its way."""

from itertools import product

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khet.core.orgs.models import Org
from khet.registers.figures.models import Figure
from khet.registers.figures.services import set_figure
from khet.registers.intake import services
from khet.registers.intake.models import Batch
from khet.registers.intake.services import IntakeError
from khet.registers.people.models import Person
from tests.registers.intake import files
from tests.registers.intake.conftest import picture

pytestmark = pytest.mark.django_db
ONE, TWO = files.person_id(1), files.person_id(2)
REGISTER = (("90010001", "บ้านริมธาร"), ("90010002", "บ้านเชิงเขา"), ("90010003", "วัดป่าสมมติ"))


def undo(batch, by, reason=""):
    before = services.undo(batch, by, reason)
    assert before.state == "undone"


LOADS = {
    "pupils": lambda: files.dmc(files.pupils(3)),
    "later_pupils": lambda: files.dmc([files.Pupil(1, last="ภูผา", grade="ป.2"), files.Pupil(8)], day="10/11/2567"),
    "head_counts": lambda: files.head_counts(("90010001", "ป.1", 4, 5, 1), ("90010002", "ป.2", 1, 0, 1)),
    "absences": lambda: files.absences(
        ("90010001", ONE, "03/07/2567", "เต็มวัน", "ขาด"), ("90010001", TWO, "03/07/2567", "เช้า", "ลาป่วย"),
    ),
    "marks": lambda: files.marks(("90010001", ONE, "2567", "ท11101", "3.5"), ("90010001", TWO, "2567", "ท11101", "ร")),
    "staff": lambda: files.staff(("90010001", files.person_id(70), "ปลาครู", "ครู", "ผ่าน", "2567")),
    "residents": lambda: files.residents(
        (ONE, "ปลาทอง", "13/05/2560", "มีชีวิต"), (files.person_id(60), "ปลานอก", "01/02/2559", "ย้ายออก"),
    ),
    "values": lambda: files.values(("ita_total", "90010000", "ปีงบ 2567", "", "", "", 91.5, "")),
    "register": lambda: files.register(("90010001", "บ้านริมธารใหม่"), *REGISTER[1:], ("90010009", "บ้านใหม่")),
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in LOADS if kind != "pupils"])
def test_every_kind_of_load_is_undone_exactly(load, office, school, other_school, third_school, system, kind):
    load(LOADS["pupils"](), "pupils.csv")
    before = picture()
    batch = load(LOADS[kind](), f"{kind}.csv")
    assert batch.state == "committed" and batch.written, batch.message
    assert picture() != before
    undo(batch, system)
    assert picture() == before


def test_a_load_that_changed_records_twice_is_undone_to_the_first_state(load, school, other_school, system):
    load(LOADS["pupils"]())
    before = picture()
    rows = [files.Pupil(1, last="ภูผา"), files.Pupil(5, school="90019999", school_name="บ้านริมทาร")]
    batch = load(files.dmc(rows, day="10/11/2567"))
    assert batch.counts["held"] == 1
    services.confirm_match(batch, batch.waiting[0]["key"], other_school, by=system)
    services.check(batch, by=system)
    services.commit(batch, system)
    undo(batch, system)
    now = picture()
    assert now.pop("schools.namealias")  # what an officer confirmed stays known
    before.pop("schools.namealias")
    assert now == before


def test_the_first_register_of_an_empty_home_is_undone_to_emptiness(load, system):
    before = picture()
    batch = load(files.register(*REGISTER, office=("90010000", "สำนักงานเขตพื้นที่การศึกษาสมมติ เขต 1")))
    assert Org.objects.count() == 4
    assert batch.org.code == "90010000"
    undo(batch, system)
    assert picture() == before


def test_removed_figures_come_back(load, office, school, system):
    load(files.head_counts(("90010001", "ป.1", 4, 5, 1), ("90010001", "ป.2", 3, 3, 1)))
    before = picture()
    batch = load(files.head_counts(("90010001", "ป.1", 4, 6, 1)))
    assert (batch.counts["gone"], batch.counts["changed"]) == (3, 1)
    assert not Figure.objects.filter(grade="ป.2").exists()
    undo(batch, system)
    assert picture() == before


def test_what_was_shown_in_thai_is_written_by_somebody_who_reads_english(load, office, school, system):
    load(files.head_counts(("90010001", "ป.1", 4, 5, 1), ("90010001", "ป.2", 3, 3, 1)))
    with translation.override("th"):
        shown = load(files.head_counts(("90010001", "ป.1", 4, 5, 1)), commit=False)
    with translation.override("en"):
        written = services.commit(Batch.objects.get(pk=shown.pk), system)
    assert (written.state, written.counts["gone"]) == ("committed", 3)


def test_undo_is_refused_while_a_later_load_stands_on_it_and_names_it(load, school, system):
    first = load(LOADS["pupils"]())
    second = load(LOADS["later_pupils"]())
    with pytest.raises(IntakeError, match=f"{second.pk} \\("):
        services.undo(first, system)
    undo(second, system)
    undo(first, system)
    assert not Person.objects.exists()


def test_undo_is_refused_while_absences_stand_on_the_pupils(load, school, system):
    first = load(LOADS["pupils"]())
    second = load(LOADS["absences"]())
    with pytest.raises(IntakeError, match=f"{second.pk} \\("):
        services.undo(first, system)


def test_undo_is_refused_after_a_figure_was_corrected_by_hand(load, office, school, system):
    batch = load(LOADS["values"]())
    set_figure(office, "ita_total", "FY2024", 88, by=system)
    with pytest.raises(IntakeError, match="by hand"):
        services.undo(batch, system)


def test_undo_is_refused_while_a_user_works_at_a_school_it_created(
    load, office, school, other_school, third_school, someone, system
):
    batch = load(LOADS["register"]())
    someone("school_director", Org.objects.get(code="90010009"))
    with pytest.raises(IntakeError, match="refer to schools"):
        services.undo(batch, system)
    assert Org.objects.filter(code="90010009").exists()


def test_a_refused_undo_leaves_the_load_as_it_was(load, school, system):
    first = load(LOADS["pupils"]())
    load(LOADS["later_pupils"]())
    before = picture()
    with pytest.raises(IntakeError):
        services.undo(first, system)
    first.refresh_from_db()
    assert (first.state, picture()) == ("committed", before)


# Every pupil a row may hold, the plainest first: one number drawn for a row keeps a failure quick to make smaller.
PUPILS = [
    files.Pupil(number, school, name, id, grade, last=last, born=born, extra=extra)
    for extra, grade, born, last, id, (school, name), number in product(
        [{}, {"น้ำหนัก": "31"}, {"ชื่อบิดา": "-"}, {"ความด้อยโอกาส": "เด็กยากจน"}, {"ศาสนา": "-"}],
        ["ป.1", "ป.2", "อ.3"],
        ["13/05/2560", "01/12/2559"],
        ["ริมธาร", "ภูผา"],
        [None, None, "-", "G000000000017"],
        REGISTER[:2],
        [1, 2, 3],
    )
]
exports = st.lists(st.sampled_from(PUPILS), max_size=6)


@settings(
    max_examples=25,
    deadline=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=exports, second=exports)
def test_any_two_exports_are_undone_exactly_and_loading_twice_changes_nothing(
    load, school, other_school, system, first, second
):
    from django.db import transaction

    with transaction.atomic():
        empty = picture()
        one = load(files.dmc(first))
        after_one = picture()
        again = load(files.dmc(first, encoding="utf-8"))
        assert (again.written, picture()) == ({}, after_one)
        two = load(files.dmc(second, day="10/11/2567"))
        after_two = picture()
        again = load(files.dmc(second, day="10/11/2567", encoding="utf-8"))
        assert (again.written, picture()) == ({}, after_two)
        undo(two, system)
        assert picture() == after_one
        undo(one, system)
        assert picture() == empty
        transaction.set_rollback(True)
