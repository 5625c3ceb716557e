"""Anonymous report, triage, a clock that runs out, escalation, closing, and the outcome read by the code.

And what the head of a school sees of a report about the head: nothing.
"""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from uuid import UUID

import pytest

pytestmark = pytest.mark.journey
STORY = "ครูตีเพื่อนด้วยไม้บรรทัดในห้องเรียน"
PUPIL_STORY = "เพื่อนถูกแกล้งทุกวันที่สนาม"
TRIAGE = {"safe_now": "yes", "event": "harm", "hazard": "HV3", "harm": "none", "actor": ["pupil"],
          "place": "playground", "signs": ["repeated"], "first_task": "พบครูประจำชั้น"}  # fmt: skip
CONTACT = {"told_agency": "social", "told_on": "today"}
FOLLOW_UP = {"child_safe": "yes", "happened_again": "no", "at_school": "attends", "more_needed": "no"}
CLOSE = {"closing_safe": "confirmed", "closing_told": "by_code", "lesson_kinds": ["prevent"],
         "lesson": "จัดครูเวรที่สนามช่วงพักกลางวัน", "lesson_shared": "yes", "closing_second": "checked"}  # fmt: skip


def fill(page, **answers):
    """Answer questions of a form by their ids, whatever they are drawn as."""
    for name, answer in answers.items():
        for one in answer if isinstance(answer, list) else [answer]:
            box = page.locator(f"main [name='{name}'][value='{one}']")
            if box.count():
                box.first.check()
                continue
            field = page.locator(f"main [name='{name}']").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(one)
            elif one == "today":
                field.fill(page.evaluate("new Date().toLocaleDateString('en-GB').replace(/\\d{4}/, y => +y + 543)"))
            else:
                field.fill(one)


def follow(page, what):
    """Press it, and wait for the page that comes."""
    with page.expect_navigation():
        what.click()


def send(page):
    follow(page, page.locator("main form:has(.btn-primary) .btn-primary").last)


def in_home(server, code: str) -> str:
    """What a line of Python prints that is run on the office's own records."""
    env = os.environ | {"KHET_HOME": str(server.home), "DJANGO_SETTINGS_MODULE": "khet.config.settings"}
    env.pop("KHET_DATABASE_URL", None)
    whole = f"import django; django.setup()\n{code}"
    done = subprocess.run([sys.executable, "-c", whole], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def let_the_clock_run_out(server):
    in_home(
        server,
        "from datetime import timedelta\nfrom django.utils import timezone\n"
        "from khet.engines.cases.models import Case\nfrom khet.engines.cases.services import watch\n"
        "newest = Case.objects.filter(edition__family='safety').latest('pk')\n"
        "Case.objects.filter(pk=newest.pk).update(due_at=timezone.now() - timedelta(hours=1))\nwatch()",
    )


def newest_of(server) -> tuple[str, str]:
    """(reference, number) of the incident told last: the demo has others."""
    ref, number = read_from(
        server,
        "SELECT one.ref, one.number FROM cases_case one JOIN cases_edition kind ON kind.id = one.edition_id"
        " WHERE kind.family = 'safety' ORDER BY one.id DESC LIMIT 1",
    )
    return str(UUID(ref)), number


def counted_of(server, school: str) -> float:
    """What the facts of a school hold of reports and incidents."""
    return float(in_home(
        server,
        "from django.utils import timezone\nfrom khet.engines.cases.facts import FEEDS\n"
        "from khet.kit.periods import academic_year\n"
        "rows = FEEDS[0].rows(academic_year(timezone.localdate()).year).to_pylist()\n"
        f"mine = [row for row in rows if row['org'] == '{school}']\n"
        "print(sum(row['value'] for row in mine if row['measure'].startswith(('safety_', 'harm_'))))",
    ))  # fmt: skip


def school_of(server) -> str:
    """The code of the school whose head can be tried."""
    (code,) = read_from(
        server,
        "SELECT place.code FROM accounts_user one JOIN orgs_org place ON place.id = one.org_id"
        " WHERE one.username = 'school'",
    )
    return code


def read_from(server, sql: str) -> tuple:
    """The first row, out of the served office's own file."""
    with closing(sqlite3.connect(server.home / "khet.sqlite3")) as records:
        return records.execute(sql).fetchone()


def report(one, school: str, **answers) -> str:
    """Send a report on a phone, page by page looked at; the code."""
    page = one.page
    one.look("/report/")
    follow(page, page.locator("a[href='/report/safety/']"))
    assert one.too_wide() == 0 and one.violations() == []
    page.locator("#_place").select_option(school)
    fill(page, **answers)
    assert one.violations() == []
    send(page)
    assert one.too_wide() == 0 and one.violations() == []
    return page.locator(".k-return-code").inner_text()


def read(one, code: str) -> str:
    one.look("/report/safety/follow/")
    one.page.locator("[name=code]").fill(code)
    send(one.page)
    return one.look()


def open_from_inbox(one, number: str):
    """Open an incident from the inbox, for a reason."""
    page = one.page
    one.look("/cases/?kind=safety")
    follow(page, page.locator("main a[href*='/cases/'][href$='/']", has_text=number).first)
    one.look()
    button = page.locator("form[action$='/open/'] button.btn-primary")
    if button.count():
        follow(page, button)
    one.look()
    return page.url


def step(one, address: str, name: str, **answers):
    """Take a step or record a contact; every page looked at."""
    one.look(f"{address}{name}/")
    fill(one.page, **answers)
    send(one.page)
    assert one.page.url.startswith(address), one.page.locator("main").inner_text()[:800]
    one.look()


@pytest.mark.parametrize("language", ["th", "en"])
def test_from_an_anonymous_report_to_its_outcome(server, visitor, language):
    school = school_of(server)
    child = visitor(server.url, width=390, height=844, language=language)
    answers = {"event": "harm", "hazard": "HV3", "signs": ["repeated"], "actor": ["pupil"], "story": PUPIL_STORY}
    code = report(child, school, **answers)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    assert [
        cookie for cookie in child.context.cookies() if cookie["expires"] != -1 and "language" not in cookie["name"]
    ] == []
    assert child.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert read(child, code)

    officer = visitor(server.url, language=language)
    officer.sign_in("safety")
    _reference, number = newest_of(server)
    address = open_from_inbox(officer, number)
    assert PUPIL_STORY in officer.page.locator("main").inner_text()
    step(officer, address, "move/acknowledge")
    step(officer, address, "move/triage", **TRIAGE)
    let_the_clock_run_out(server)
    director = visitor(server.url, language=language)
    director.sign_in("director")
    assert number in director.look("/notices/")
    assert PUPIL_STORY not in director.page.locator("main").inner_text()
    director.look("/cases/enter/")
    fill(director.page, number=number, reason="เรื่องเกินกำหนด ขอดูแลเอง")
    send(director.page)
    open_from_inbox(director, number)
    step(director, address, "move/raise", raise_why="late")
    step(director, address, "move/order", reason="ให้โรงเรียนดำเนินการภายในวันนี้")
    step(officer, address, "contact/report_protection", **CONTACT)
    step(officer, address, "move/resolve", harm="none", outcome_child="ย้ายที่นั่งและให้คำปรึกษา", outcome_place="not_needed")
    step(director, address, "move/check", checked_how=["child"], checked_reports="made", checked_fair="yes")
    step(officer, address, "contact/follow_up", **FOLLOW_UP)
    step(officer, address, "move/close", **CLOSE)
    told = read(child, code)
    assert ("แก้ไขและตรวจสอบแล้ว" if language == "th" else "mended and checked") in told
    assert director.faults == [] and officer.faults == [] and child.faults == []


def test_the_head_of_a_school_sees_nothing_of_a_report_about_the_head(server, visitor):
    school = school_of(server)
    head = visitor(server.url)
    head.sign_in("school")
    before = {path: head.go(path) for path in ("/", "/cases/", "/notices/", "/systems/")}
    counted = counted_of(server, school)
    child = visitor(server.url, width=390, height=844)
    report(child, school, event="harm", hazard="HR3", actor=["director"], story=STORY)
    reference, number = newest_of(server)
    assert {path: head.go(path) for path in before} == before
    for path in (f"/cases/{reference}/", f"/cases/{reference}/move/acknowledge/", f"/cases/{reference}/party/find/"):
        assert head.page.goto(path).status == 404
    assert number not in head.go(f"/cases/?words={number}")
    assert counted_of(server, school) == counted
    officer = visitor(server.url)
    officer.sign_in("safety")
    assert number in officer.go("/cases/?kind=safety")


def test_who_leaves_at_once_is_gone_and_nothing_typed_is_left(server, visitor):
    child = visitor(server.url, width=390, height=844)
    page = child.page
    page.goto("/report/")
    follow(page, page.locator("a[href='/report/safety/']"))
    fill(page, story=STORY)
    with page.expect_request("https://www.tmd.go.th/**"):  # no line leads there from here: the browser will say so
        page.locator("[data-quick-exit]").click()
    page.wait_for_url(lambda address: "/report/" not in address)
    page.go_back()
    page.wait_for_load_state()
    assert "/report/safety/" not in page.url and STORY not in page.content()


def test_without_scripts_a_report_is_sent_and_read_too(server, visitor):
    school = school_of(server)
    child = visitor(server.url, width=390, height=844, scripts=False)
    page = child.page
    child.go("/report/safety/")
    page.locator("#_place").select_option(school)
    fill(page, event="hazard", hazard="HA2", story="ราวบันไดหลวม")
    send(page)
    code = page.locator(".k-return-code").inner_text()
    child.go("/report/safety/follow/")
    page.locator("[name=code]").fill(code)
    send(page)
    assert "ได้รับเรื่องแล้ว" in page.locator("main").inner_text()
