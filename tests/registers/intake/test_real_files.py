"""The files of a real office, as found: they load with no hand edit, and what is doubtful is asked."""

from datetime import date
from pathlib import Path

import pytest
from django.db.models import Sum

from khet.core.orgs.models import Org
from khet.registers.figures.models import Figure
from khet.registers.intake import services
from khet.registers.people.models import Person

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.real_data,
    pytest.mark.skipif(
        not SHARED.is_dir(), reason="the real files are not shipped: put them beside the checkout in ../shared"
    ),
]


@pytest.fixture
def real(load):
    """Loads one of the real files."""
    return lambda place, **kwargs: load(
        (SHARED / place).read_bytes(), Path(place).name, as_of=date(2016, 2, 1), **kwargs
    )


@pytest.fixture
def register(real):
    return real("schools/phayao1_schools.csv")


def figures(measure: str):
    return Figure.objects.filter(measure=measure)


def test_the_register_makes_the_office_and_its_hundred_schools(register):
    assert register.counts["new"] == 101
    assert Org.objects.schools().count() == 100
    assert register.org.kind == "office" and register.org.name.startswith("สำนักงานเขตพื้นที่การศึกษา")
    assert not register.waiting and not register.faults.exclude(severity="note").exists()


def test_head_counts_add_up_to_the_published_pupils_and_small_schools(register, real):
    batch = real("schools/phayao1_enrolment_by_grade.csv")
    assert (batch.counts["new"], batch.counts["rejected"], batch.counts["held"]) == (1100, 0, 0)
    assert figures("pupils").aggregate(n=Sum("value"))["n"] == 10_203
    by_school = figures("pupils").values("org").annotate(n=Sum("value"))
    assert (len(by_school), sum(row["n"] <= 120 for row in by_school)) == (100, 77)
    assert batch.faults.filter(code="rooms_where_pupils").count() == 33
    assert set(figures("pupils").values_list("period", flat=True)) == {"AY2015"}


def test_staff_types_are_understood(register, real):
    batch = real("schools/phayao1_staff_by_type.csv")
    assert (batch.counts["new"], batch.counts["rejected"]) == (400, 0)
    assert figures("staff").values("group").distinct().count() == 4


def test_o_net_loads_every_school_but_the_two_namesakes_it_asks_about(register, real, system):
    batch = real("assessments/phayao1_onet_p6_2558_cp874.csv")
    assert (batch.source, batch.counts["read"], batch.counts["rejected"]) == ("onet_p6", 89, 0)
    assert batch.counts["new"] + batch.counts["held"] == 89
    assert [(q["row"], q["suggested"].split()[0]) for q in batch.waiting] == [(17, "56010026"), (38, "56010058")]
    assert figures("onet_p6_takers").values("org").distinct().count() == 85
    for question in list(batch.waiting):
        services.confirm_match(batch, question["key"], Org.objects.get(pk=question["suggestion"]), by=system)
    services.commit(services.check(batch, by=system), system)
    assert figures("onet_p6_takers").values("org").distinct().count() == 87
    assert (batch.counts["held"], batch.counts["rejected"], batch.waiting) == (0, 0, [])
    thai = figures("onet_p6_national_mean").get(group="thai")
    assert (thai.value, thai.org, thai.period) == (49.33, batch.org, "AY2015")


def test_names_written_differently_are_matched_by_code_and_said(register, real):
    batch = real("assessments/phayao1_onet_p6_2558_cp874.csv")
    said = {fault.arguments["value"]: fault.arguments["known"] for fault in batch.faults.filter(code="school_spelled")}
    assert {"บ้านดอนมูล": "บ้านต๊ำดอนมูล", "บ้านแม่ใจ": "บ้านแม่ใจ(แม่ใจเพาะวิทยาการ)"}.items() <= said.items()


def test_nt_asks_about_the_one_row_whose_name_is_another_school_s(register, real, system):
    batch = real("assessments/phayao1_nt_p3_cp874.csv")
    assert (batch.source, batch.counts["read"], batch.counts["held"], batch.counts["rejected"]) == ("nt_p3", 87, 1, 0)
    (question,) = batch.waiting
    assert (question["name"], question["code"], question["suggested"]) == ("เจริญใจ", "56010058", "56010115 เจริญใจ")
    services.confirm_match(batch, question["key"], Org.objects.get(code="56010115"), by=system)
    services.commit(services.check(batch, by=system), system)
    assert figures("nt_p3_takers").values("org").distinct().count() == 85


def test_a_confirmed_name_is_not_asked_about_again(register, real, system):
    content = (SHARED / "assessments/phayao1_nt_p3_cp874.csv").read_bytes()
    batch = real("assessments/phayao1_nt_p3_cp874.csv")
    services.confirm_match(batch, batch.waiting[0]["key"], Org.objects.get(code="56010115"), by=system)
    services.commit(services.check(batch, by=system), system)
    again = services.receive(
        content.replace(b"\r\n", b"\n") + b"\n", by=system, name="nt_again.csv", as_of=date(2016, 2, 1)
    )
    services.check(again, by=system)
    assert (again.waiting, again.counts["unchanged"]) == ([], 87)


def test_files_in_any_order_are_loaded_in_the_order_they_need(system):
    paths = sorted(SHARED.glob("assessments/phayao1_*.csv")) + sorted(
        SHARED.glob("schools/phayao1_*.csv"), reverse=True
    )
    batches = services.receive_all(paths, by=system, as_of=date(2016, 2, 1))
    assert [batch.source for batch in map(lambda b: _loaded(b, system), batches)] == [
        "school_register", "enrolment_by_grade", "staff_by_type", "onet_p6", "nt_p3",
    ]  # fmt: skip
    assert not Person.objects.exists()


def _loaded(batch, by):
    services.check(batch, by=by)
    return services.commit(batch, by)


@pytest.mark.parametrize("name", ["template_onet_header_cp874.csv", "template_nt_header_cp874.csv"])
def test_an_empty_template_loads_nothing_and_says_so(register, real, name):
    batch = real(f"assessments/{name}")
    assert (batch.counts["read"], batch.written) == (0, {})
    assert batch.faults.filter(code="nothing_found").exists()
