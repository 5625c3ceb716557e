"""A programme that does not exist today, dropped as one folder into the office's overlay, runs with no Python."""

from datetime import date

import pytest

from khet.core.catalogue import catalogue, forget
from khet.engines.programmes import consistency
from khet.engines.programmes.models import Run
from khet.facts import queries as facts
from khet.kit.periods import Period

pytestmark = pytest.mark.django_db(transaction=True)
FILES = {
    "system.yaml": """
id: reading-corner
source: a made-up circular of 2569, page 3
strategy: "5.2"
rows: ["5.2"]
engine: [programmes]
state: live
title: {th: มุมอ่านในหมู่บ้าน, en: Reading corners}
summary: {th: โรงเรียนเปิดมุมอ่านในหมู่บ้าน, en: Schools open reading corners in villages}
""",
    "measures.yaml": """
source: a made-up circular of 2569, page 3
items:
  - id: corners_golden
    title: {th: โรงเรียนมุมอ่านทอง, en: Schools with a golden corner}
    definition: {th: โรงเรียนที่ได้ระดับทองและยังไม่หมดอายุ, en: Schools at level gold that is still valid}
    unit: school
    period: academic_year
    feed: programmes
  - id: corner_books
    title: {th: หนังสือในมุมอ่าน, en: Books in the corners}
    definition: {th: ผลรวมจำนวนหนังสือที่โรงเรียนแจ้ง, en: Sum of the books schools state}
    unit: other
    period: academic_year
    feed: programmes
""",
    "programme-reading-corner.yaml": """
id: reading_corner_2569
family: reading_corner
system: reading-corner
source: a made-up circular of 2569, page 3
title: {th: มุมอ่านในหมู่บ้าน, en: Reading corners}
edition: {th: พ.ศ. 2569, en: "2026"}
since: 2024-05-16
who: [school]
fields:
  - {id: books, kind: integer, required: true, label: {th: จำนวนหนังสือ, en: Books}}
ladder:
  counts: latest
  levels:
    - {code: open, title: {th: เปิดแล้ว, en: Open}, on_joining: true}
    - {code: gold, title: {th: ทอง, en: Gold}, years: 1}
gives:
  - {measure: corners_golden, take: participants, level: gold}
  - {measure: corner_books, take: fields, field: books}
""",
    "examples/programme-reading-corner.yaml": """
source: worked by hand
items:
  - id: reading_corner_books
    name: gold counts for a year, books are summed
    programme: reading_corner_2569
    period: AY2024
    participants:
      - {id: a, org: "1", joined: 2024-06-01, answers: {books: 40}, statuses: [{level: gold, day: 2024-07-01}]}
      - {id: b, org: "2", joined: 2024-06-01, answers: {books: 25}}
    gives: {corners_golden: 1, corner_books: 65}
""",
}


@pytest.fixture
def overlay(home):
    folder = home / "catalogue" / "reading-corner"
    (folder / "examples").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    forget()
    yield
    forget()


def test_it_loads_without_a_fault(overlay):
    assert [str(fault) for fault in (*catalogue().faults, *consistency.problems(catalogue()))] == []


def test_it_runs_from_opening_to_the_number_by_pages_alone(
    overlay, office, school, other_school, supervisor, client_for
):
    client = client_for(supervisor)
    assert "มุมอ่านในหมู่บ้าน" in client.get("/programmes/open/").content.decode()
    opened = {"title": "มุมอ่าน 2567", "starts": "16/05/2567"}
    assert client.post(f"/programmes/open/{office.code}/reading_corner_2569/", opened).status_code == 302
    run = Run.objects.get()
    client.post(f"/programmes/{run.pk}/schools/", {"school": [school.code, other_school.code], "joined_on": "1/6/2567"})
    one, two = run.participants.order_by("org__code")
    client.post(f"/programmes/participants/{one.pk}/answers/", {"books": "40"})
    client.post(f"/programmes/participants/{two.pk}/answers/", {"books": "25"})
    client.post(f"/programmes/participants/{one.pk}/status/", {"level": "gold", "judged_on": "01/07/2567"})
    assert one.statuses.get(level="gold").valid_until == date(2025, 6, 30)
    client.post(f"/programmes/{run.pk}/act/start/")
    page = facts.sheet(["corners_golden", "corner_books"], [Period("academic_year", 2024)])
    found = page.rolled(["corners_golden", "corner_books"], Period("academic_year", 2024)).values
    place = page.tree.index[office.code]
    assert (found["corners_golden"][place, 0], found["corner_books"][place, 0]) == (1, 65)
