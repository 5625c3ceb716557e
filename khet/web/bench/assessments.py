"""Benchmarks of assessments: a round of 100 schools by 21 criteria with three reviewers each, and its spreadsheet."""

import io
import random
import time
from pathlib import Path

from khet.web.bench.measure import Figure, percentile

SCHOOLS, REVIEWERS, VISITS = 100, 3, 40
FRAMEWORK = "iqa_basic_2561"  # 21 criteria


def fill_round(folder: Path) -> None:
    """The round, filled in by the schools and handed over, with the answers of three reviewers."""
    from django.utils import timezone

    from khet.core.accounts.models import User, system_user
    from khet.core.accounts.services import grant_role
    from khet.core.orgs.services import create_org
    from khet.engines.assessments.models import Assessment, Assignment, Rating
    from khet.engines.assessments.services import rounds
    from khet.engines.assessments.services.loading import work_out_many

    by, draw, now = system_user(), random.Random(1), timezone.now()  # noqa: S311  a benchmark's data
    office = create_org("office", "90010000", "สพป.วัดความเร็ว เขต 1", by=by)
    schools = [create_org("school", f"9001{n:04}", f"บ้านวัดเร็ว {n}", office, by=by) for n in range(1, SCHOOLS + 1)]
    people = [User.objects.create_user(f"reviewer{n}", full_name=f"ผู้ตรวจทาน {n}", org=office) for n in range(REVIEWERS)]
    for user in people:
        grant_role(user, "supervisor", office, by=by)
    round = rounds.prepare_round(office, FRAMEWORK, "AY2025", by=by, layers=["self", "reviewer"])
    rounds.add_targets(round, schools, by=by)
    rounds.open_round(round, by=by)
    targets = list(round.assessments.all())
    Assignment.objects.bulk_create(
        Assignment(assessment=one, layer="reviewer", seat=seat, user=user)
        for one in targets for seat, user in enumerate(people, start=1)
    )  # fmt: skip
    ids = [node.id for node in round.framework.rated]
    options = {id: [option.code for option in round.framework.scale_of(id).options] for id in ids}
    Rating.objects.bulk_create(
        (
            Rating(
                assessment=one, criterion=id, layer=layer, seat=seat, code=draw.choice(options[id]), by=by, at=now
            )
            for one in targets for layer, seat in (("self", 1), *(("reviewer", n) for n in range(1, REVIEWERS + 1)))
            for id in ids
        ),
        batch_size=2000,
    )  # fmt: skip
    for one in targets:
        one.round = round
    work_out_many(targets)
    Assessment.objects.filter(round=round).update(state=Assessment.State.SENT)


def overview(folder: Path) -> list[Figure]:
    """The round's overview as a supervisor sees it, and the comparison of its schools."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from khet.core.accounts.models import User
    from khet.engines.assessments.models import Round

    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="th")
    client.force_login(User.objects.get(username="reviewer0"))
    page = f"/assessments/rounds/{Round.objects.get().pk}/"
    figures = []
    for name, address, most, limit in (("overview", page, 15, 60), ("comparison", f"{page}compare/", None, None)):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answered {answer.status_code} {answer.headers.get('Location', '')}")
        asked, taken, worked = len(queries), [], []  # counted now: the next request empties the log
        for _visit in range(VISITS):
            began, used = time.perf_counter(), time.process_time()
            client.get(address)
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - used) * 1000)
        figures += [
            Figure(f"{name}: queries", asked, "queries", most),
            Figure(f"{name}: server time, median", percentile(taken, 0.5), "ms", limit),
            Figure(f"{name}: of which this process worked, median", percentile(worked, 0.5), "ms"),
        ]
    return [*figures, *_spreadsheet()]


def _spreadsheet() -> list[Figure]:
    """2,100 scores of a spreadsheet in a round of their own: looked at, written, undone."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office, schools_of
    from khet.engines.assessments.services import loading, rounds

    by, office = system_user(), default_office()
    round = rounds.prepare_round(office, FRAMEWORK, "AY2024", by=by, layers=["reviewer"])
    rounds.add_targets(round, schools_of(office), by=by)
    rounds.open_round(round, by=by)
    upload = SimpleUploadedFile("results.xlsx", _filled(round))
    began = time.perf_counter()
    load = loading.check_load(round, upload, layer="reviewer", by=by)
    looked = time.perf_counter() - began
    loading.write_load(load, by=by)
    written = time.perf_counter() - began
    scores = load.counts["new"]
    began = time.perf_counter()
    loading.undo_load(load, by=by)
    return [
        Figure(
            "spreadsheet: looked at and written", written, "s", 3.0, note=f"{scores:,} scores, {looked:.2f} s looking"
        ),
        Figure("spreadsheet: undone", time.perf_counter() - began, "s"),
    ]


def _filled(round) -> bytes:
    """The round's own empty spreadsheet with an answer in every cell."""
    import xlsxwriter

    from khet.engines.assessments.spreadsheet import empty_sheet
    from khet.registers.intake.reading import sheets

    rows = round.assessments.select_related("org").order_by("org__code")
    head, *body = [cells for _number, cells in sheets(empty_sheet(round, rows))[0].rows()]
    scales = [round.framework.scale_of(node.id) for node in round.framework.rated]
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, head)
    for number, cells in enumerate(body, start=1):
        codes = [scale.options[number % len(scale.options)].code for scale in scales]
        page.write_row(number, 0, [*cells[:2], *codes])
    book.close()
    return content.getvalue()
