"""Two kinds of case that exist nowhere: an errand that a place sees, and a whisper kept to its members."""

from textwrap import dedent

import pytest

from khet.core.catalogue import catalogue, forget
from khet.engines.cases import services
from khet.engines.cases.services.beginning import Beginning
from khet.kit.thai import name_key
from khet.registers.people.models import Person

FILES = {
    "system.yaml": """
        id: zoo
        source: made up
        certainty: design
        strategy: "3.1"
        rows: ["3.1"]
        engine: [cases]
        state: live
        title: {th: สวนสัตว์, en: Zoo}
        summary: {th: ทดลอง, en: Trial}
        """,
    "measures.yaml": """
        source: made up
        certainty: design
        items:
          - id: errands_begun
            title: {th: เรื่องที่รับ, en: Errands begun}
            definition: {th: จำนวน, en: How many}
            unit: incident
            over_time: sum
            period: academic_year
            dims: [group]
            groups: zoo_colours
            feed: cases
          - id: errands_waiting
            title: {th: ค้าง, en: Errands that wait}
            definition: {th: จำนวน, en: How many}
            unit: incident
            period: academic_year
            feed: cases
        """,
    "codes/zoo_colours.yaml": """
        id: zoo_colours
        source: made up
        certainty: design
        title: {th: สี, en: Colours}
        values:
          - {code: red, title: {th: แดง, en: Red}}
          - {code: blue, title: {th: น้ำเงิน, en: Blue}}
        """,
    "forms/begin.yaml": """
        id: zoo_begin
        source: made up
        certainty: design
        title: {th: เริ่ม, en: Begin}
        fields:
          - {id: colour, label: {th: สี, en: Colour}, kind: choice, codes: zoo_colours}
          - {id: story, label: {th: เรื่องเล่า, en: Story}, kind: long_text, sensitive: true}
          - id: actor
            label: {th: ผู้ทำ, en: Actor}
            kind: choice
            options: [{code: pupil, title: {th: นักเรียน, en: Pupil}}, {code: staff, title: {th: ครู, en: Staff}}]
        """,
    "forms/visit.yaml": """
        id: zoo_visit
        source: made up
        certainty: design
        title: {th: เยี่ยม, en: Visit}
        fields:
          - {id: seen, label: {th: พบ, en: Seen}, kind: yes_no, required: true}
          - {id: hurt, label: {th: เจ็บ, en: Hurt}, kind: yes_no}
          - {id: words, label: {th: คำพูด, en: Words}, kind: long_text, sensitive: true}
          - {id: picture, label: {th: ภาพ, en: Picture}, kind: photo}
        """,
    "workflow-2568.yaml": """
        id: zoo_2568
        family: zoo
        system: zoo
        source: made up
        certainty: design
        title: {th: งาน, en: Errand}
        start: waiting
        states:
          waiting: {title: {th: รอ, en: Waiting}, due_days: 2, escalate: {to: [director], again_after: 3}}
          going: {title: {th: ดำเนินการ, en: Going on}, due_days: 5, unhurried: {th: ผู้ทำรู้เอง, en: Who does it knows}}
          paused: {title: {th: พัก, en: Paused}, pauses: true, unhurried: {th: รอผู้แจ้ง, en: Waits for who told}}
          done: {title: {th: จบ, en: Done}, final: true}
          double: {title: {th: ซ้ำ, en: Double}, final: true}
        moves:
          start: {title: {th: เริ่ม, en: Start}, start: [waiting], to: going, by: [worker, manager]}
          pause: {title: {th: พัก, en: Pause}, start: [going], to: paused, by: [worker], reason: true}
          finish: {title: {th: จบ, en: Finish}, start: [going], to: done, by: [worker], form: zoo_visit}
          again: {title: {th: เปิดใหม่, en: Again}, start: [done, paused], to: going, by: [manager, system], undo: true}
          merge: {title: {th: รวม, en: Merge}, start: [waiting, going], to: double, by: [manager]}
          unmerge: {title: {th: แยก, en: Take apart}, start: [double], to: going, by: [manager], undo: true}
        """,
    "case-errand.yaml": """
        id: errand_2568
        family: errand
        system: zoo
        since: 2020-01-01
        source: made up
        certainty: design
        title: {th: งานทั่วไป, en: Errands}
        one: {th: งาน, en: Errand}
        number: ERR
        workflow: zoo_2568
        about: pupil
        form: zoo_begin
        open_by: [promoter, school_director, teacher]
        read_by: [promoter, director, school_director, teacher]
        work_by: [promoter, school_director, teacher]
        manage_by: [promoter, school_director]
        named: true
        once: true
        shown: [colour]
        levels:
          - code: high
            title: {th: ด่วน, en: High}
            rank: 2
            when: [{hurt: ["yes"]}]
            clocks: {waiting: {hours: 4}}
            second: true
            tell: [director]
          - {code: low, title: {th: ปกติ, en: Low}, rank: 1}
        lowered_by: [promoter]
        parties: [{code: guardian, title: {th: ผู้ปกครอง, en: Guardian}}]
        contacts:
          - {code: visit, title: {th: เยี่ยม, en: Visit}, form: zoo_visit, place: true, photos: true, offline: true}
        prompts:
          - {code: look, words: {th: ไปดูก่อน, en: Go and look first.}, done_by: visit, blocks: [finish]}
        routines: [{state: done, after_days: [30], words: {th: ถามอีกครั้ง, en: Ask again}}]
        renewal: {states: [paused], move: again}
        letters:
          - code: notice
            title: {th: หนังสือ, en: Notice}
            lines: [{th: "เรื่อง {child} {number}", en: "About {child}, {number}"}]
        gives:
          - {measure: errands_begun, group: colour, without: [double]}
          - {measure: errands_waiting, "on": standing}
        """,
    "case-whisper.yaml": """
        id: whisper_2568
        family: whisper
        system: zoo
        since: 2020-01-01
        source: made up
        certainty: design
        title: {th: เรื่องลับ, en: Whispers}
        one: {th: เรื่องลับ, en: Whisper}
        number: WHI
        workflow: zoo_2568
        about: nobody
        form: zoo_begin
        circle: true
        join: {safety_officer: handler, school_director: handler}
        may_enter: [director]
        open_by: [safety_officer, school_director, teacher]
        manage_by: [safety_officer]
        parties: [{code: accused, title: {th: ผู้ถูกร้อง, en: Complained of}, barred: true, sensitive: true}]
        contacts: [{code: visit, title: {th: เยี่ยม, en: Visit}, form: zoo_visit}]
        bypass: {when: [{actor: [staff]}], words: {th: ไม่ผ่านโรงเรียน, en: Past the school}}
        public:
          form: zoo_begin
          title: {th: แจ้งเรื่อง, en: Report}
          intro: {th: บอกเรา, en: Tell us.}
          names: []
          safe: {th: โทร 1300, en: Call 1300.}
          outcomes: {done: {th: ดูแลแล้ว, en: It was taken care of.}}
        """,
}


@pytest.fixture(autouse=True)
def without_second_factor(settings):
    """That records of persons ask for it is tested where it belongs."""
    settings.KHET_SECOND_FACTOR = False


@pytest.fixture
def zoo(home):
    """The catalogue with the made-up kinds laid over it."""
    folder = home / "catalogue" / "zoo"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    forget()
    yield catalogue()
    forget()


@pytest.fixture
def errand(zoo):
    return zoo.get("case_kind", "errand_2568")


@pytest.fixture
def whisper(zoo):
    return zoo.get("case_kind", "whisper_2568")


@pytest.fixture
def pupil(school):
    return Person.objects.create(
        prefix="ด.ช.", first_name="ทดสอบ", last_name="ทดลอง", name_key=name_key("ทดสอบ ทดลอง"), sex="m", org=school
    )


@pytest.fixture
def case(errand, school, pupil, teacher):
    return services.begin(
        errand, Beginning(org=school, person=pupil, answers={"colour": "red", "story": "ก"}), by=teacher
    )


@pytest.fixture
def secret_case(whisper, school, safety_officer, school_director):
    return services.begin(whisper, Beginning(org=school, answers={"actor": "pupil", "story": "ข"}), by=safety_officer)
