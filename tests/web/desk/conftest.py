"""An office at work: a plan in force, figures of three schools, pupils on their rolls, facts built."""

from datetime import date

import pytest

from khet.facts.services import build
from khet.kit.identifiers import check_digit
from khet.kit.periods import Period
from khet.kit.secrets import keyed_hash
from khet.kit.thai import name_key
from khet.plan import services as plan_services
from khet.registers.figures.services import set_figure
from khet.registers.people.models import PERSON_ID, Address, Enrolment, Guardian, Identifier, Person
from khet.registers.schools.models import School
from tests.plan.made_up import WITH_SCHOOLS

AY2024 = Period("academic_year", 2024)


def national_id(serial: int) -> str:
    """A number no living person can have, whose last digit checks."""
    twelve = f"999{serial:09}"
    return f"{twelve}{check_digit(twelve)}"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    """These stories are about what pages show; tests/core/accounts asks for the second factor."""
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def plan(office, planner, tmp_path):
    """The plan in force, with indicators of the office and of schools."""
    path = tmp_path / "plan.txt"
    path.write_text(WITH_SCHOOLS, encoding="utf-8")
    document = plan_services.receive_document(office, path, by=planner)
    draft = plan_services.draft_edition(document, 2023, 2027, by=planner)
    return plan_services.adopt(draft, by=planner, leave_open="ไม่มีข้อมูล")


@pytest.fixture
def pupil_at(system):
    """pupil_at(school, "กานดา", "ใจดี") → a person on the roll of 2567."""
    made = []

    def make(school, first="กานดา", last="ใจดี", *, grade="ป.1", sex="f", year=2024, **enrolment):
        number = national_id(len(made) + 1)
        person = Person.objects.create(
            prefix="เด็กหญิง" if sex == "f" else "เด็กชาย", first_name=first, last_name=last,
            name_key=name_key(first, last), sex=sex, birth_date=date(2016, 3, 4), org=school,
            sensitive={"religion": "ศาสนาสมมติ"},
        )  # fmt: skip
        Identifier.objects.create(
            person=person, kind="national_id", value=number, value_hash=keyed_hash(number, PERSON_ID)
        )
        Guardian.objects.create(person=person, role="mother", details={"phone": "0800000000"})
        Address.objects.create(person=person, subdistrict="ต้นน้ำ", district="สมมติ", province="สมมติ")
        Enrolment.objects.create(
            person=person, school=school, year=year, grade=grade, room="1", entered=date(year, 5, 16), **enrolment
        )
        person.number = number
        made.append(person)
        return person

    return make


@pytest.fixture
def figures(plan, office, school, other_school, third_school, system):
    """Results of the external assessment, incidents and satisfaction; the third school is not assessed."""
    for org, assessed, good, incidents in ((school, 1, 1, 3), (other_school, 1, 0, 6), (third_school, 0, 0, 1)):
        set_figure(org, "external_assessed", AY2024, assessed, by=system)
        set_figure(org, "external_good_all_standards", AY2024, good, by=system)
        set_figure(org, "harm_incidents", AY2024, incidents, by=system, group="accident")
        School.objects.create(org=org, latitude=19.1, longitude=100.2, subdistrict="ต้นน้ำ")
    fiscal = Period("fiscal_year", 2024)
    set_figure(office, "satisfaction_answers", fiscal, 100, by=system)
    set_figure(office, "satisfaction_points", fiscal, 460, by=system)
    build()
