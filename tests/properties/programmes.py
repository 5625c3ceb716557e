"""A programme of the office in which every school takes part, sits, writes and is judged, and its addresses."""

from datetime import date

from django.utils import timezone

from khet.core.catalogue import catalogue
from khet.engines.programmes import exporting, services
from khet.engines.programmes.services.joining import Entrant
from khet.engines.programmes.services.judging import Judgement

FIRST = date(2024, 5, 16)
SCHOOLS = "sufficiency_school_2554"
REGISTER = "innovation_register_2568"
PLC = "plc_2564"


def run_programmes(office, schools, *, name_of, person_of, by):
    """Make it all, and note each thing at the place it belongs to.

    office, schools   Places
    name_of           org → the token that only it bears
    person_of         org → a person who works there, or None
    """
    run = _opened(SCHOOLS, office.org, f"พอเพียง{name_of(office.org)}", by)
    register = _opened(REGISTER, office.org, f"ทะเบียน{name_of(office.org)}", by)
    for one in (run, register):
        office.add("programmes:run programmes:edit programmes:target programmes:cost programmes:add_schools", one.pk)
        office.add("programmes:add_people programmes:add_name programmes:judge_many programmes:sheet", one.pk)
        office.add("programmes:sheet_template programmes:session_new", one.pk)
        for act in ("close", "reopen"):
            office.add("programmes:act", one.pk, act)
    office.add("programmes:output_new", register.pk, "innovation")
    office.add("programmes:open", office.org.code, SCHOOLS)
    cost = services.add_cost(run, office.org, by=by, what=f"ค่าใช้จ่าย{name_of(office.org)}", year=2025, planned=9)
    office.add("programmes:cost_withdraw", run.pk, cost.pk)
    head, rows = ["รหัสโรงเรียน", "โรงเรียน"], [[place.org.code, place.org.name] for place in schools]
    sheet = services.receive_sheet(run, exporting.xlsx(head, rows), f"{name_of(office.org)}.xlsx", by=by)
    office.add("programmes:sheet_preview", sheet.pk)
    for act in ("load", "undo"):
        office.add("programmes:sheet_act", sheet.pk, act)
    for place in schools:
        _school(place, run, register, name_of(place.org), by)
        _persons(office, place, person_of(place.org), by)


def _opened(rules, org, title, by):
    run = services.open_run(catalogue().get("programme", rules), org, by=by, starts=FIRST, title=title)
    return services.start_run(run, by=by)


def _school(place, run, register, name, by):
    one = services.join(run, Entrant("school", place.org, FIRST), by=by)
    status = services.judge(run, Judgement(one, "announced", date(2024, 8, 1), note=f"ประกาศ{name}"), by=by)
    place.add("programmes:participant programmes:answers programmes:leave programmes:stay programmes:judge", one.pk)
    place.add("programmes:status_withdraw programmes:status_file", status.pk)
    today = timezone.localdate()
    session = services.hold_session(run, place.org, by=by, kind="visit", title=f"ดูงาน{name}", held_on=today, hours=2)
    services.note_attendance(session, {one: "present"}, by=by)
    place.add("programmes:session programmes:session_edit programmes:session_cancel programmes:attendance_rest",
              session.pk)  # fmt: skip
    place.add("programmes:attendance", session.pk, one.pk)
    output = services.enter_output(
        register, place.org, by=by, kind="innovation", title=f"นวัตกรรม{name}", made_on=date(2024, 8, 1),
        authors=[services.By(f"ครู{name}")], answers={"category": "media"},
    )  # fmt: skip
    place.add("programmes:output programmes:output_edit programmes:output_file programmes:output_review", output.pk)
    place.add("programmes:output_use", output.pk)
    place.add("programmes:output_act", output.pk, "submit")


def _persons(office, place, person, by):
    if person is None:
        return
    run = _opened(PLC, office.org, "พีแอลซี", by)
    one = services.join(run, Entrant("teacher", place.org, FIRST, person), by=by)
    place.add("programmes:participant programmes:leave", one.pk)
