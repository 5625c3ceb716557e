"""The years a plan speaks of, read from its title, so that nobody types them."""

import pytest

from khet.plan.forms import YearsForm
from khet.plan.models import PlanDocument


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("แผนพัฒนาการศึกษาขั้นพื้นฐาน (พ.ศ. 2567 – 2571)", (2567, 2571)),
        ("แผนพัฒนาการศึกษา\nพ.ศ. ๒๕๖๖-๒๕๗๐", (2566, 2570)),
        ("แผน พ.ศ. 2566 – พ.ศ. 2570", (2566, 2570)),
        ("โทร. 2599-2501 แผน 2566-2570", (2566, 2570)),
        ("แผนปฏิบัติการ ประจำปี 2568", None),
        ("\n" * 60 + "ปี 2566-2570", None),
    ],
)
def test_the_first_span_of_years_near_the_top(text, years):
    assert PlanDocument(text=text).printed_years == years


def test_the_form_offers_the_printed_years():
    form = YearsForm(document=PlanDocument(text="แผน พ.ศ. 2567-2571"))
    assert (form["from_year"].value(), form["to_year"].value()) == (2567, 2571)


def test_without_printed_years_five_from_this_one():
    form = YearsForm(document=PlanDocument(text="แผน"))
    assert form["to_year"].value() == form["from_year"].value() + 4
