"""What a change touches is built anew, nothing else; and a saved record moves its number."""

import shutil
from datetime import date

import pytest
from django.db import transaction

from khet.core.changes.models import Change
from khet.core.changes.services import touch
from khet.core.orgs.services import move_org
from khet.facts import manifest as manifests
from khet.facts import queries, services
from khet.facts.services import build, refresh
from khet.kit.periods import Period
from khet.registers.figures.models import Figure
from tests.facts.records import AY2023, AY2024, figure, person, pupil, pupils

pytestmark = pytest.mark.django_db(transaction=True)


def sum_of(measure, org, period=AY2024):
    page = queries.sheet([measure], [period])
    value = page.rolled([measure], period).values[measure][page.tree.index[org.code], 0]
    return None if value != value else value


def rows_of_everything():
    """Every fact there is, without the run that wrote it."""
    from khet.kit.tables import duck

    paths = [str(manifests.folder() / file.file) for file in manifests.current().files.values()]
    found = duck().sql("SELECT * EXCLUDE (run) FROM read_parquet($paths) ORDER BY ALL", params={"paths": paths})
    return found.fetchall()


def test_a_saved_record_moves_its_number(office, school):
    build()
    with transaction.atomic():
        pupils(2, school)
        touch("enrolments", years=[2024])
    assert sum_of("pupils", office) == 2
    assert not Change.objects.exists()


def test_only_touched_feeds_and_years_are_built(office, school):
    pupil(school, 2023)
    pupil(school, 2024)
    figure(office, "pmqa_total", "FY2024", 400)
    build()
    before = manifests.current()
    with transaction.atomic():
        Figure.objects.update(value=410)
        touch("figures", years=[2023])
    after = manifests.current()
    assert after.version != before.version
    assert {key for key in after.files if after.files[key] != before.files[key]} == {"figures/2023"}
    assert sum_of("pmqa_total", office, Period("fiscal_year", 2024)) == 410


def test_a_change_of_enrolments_reaches_later_years(school, other_school, office):
    who = person(school)
    pupil(school, 2023, who=who, left=date(2023, 9, 1), leave_reason="transferred")
    pupil(other_school, 2024, who=who)
    build()
    assert sum_of("returned", office) == 0
    with transaction.atomic():
        who.enrolments.filter(year=2023).update(leave_reason="untraceable")
        touch("enrolments", years=[2023])
    assert sum_of("returned", office) == 1


def test_a_change_of_every_year_drops_years_that_have_gone(office, school):
    pupil(school, 2023)
    pupil(school, 2024)
    build()
    with transaction.atomic():
        school_pupils = pupil(school, 2023).__class__.objects.filter(year=2023)
        school_pupils.delete()
        touch("enrolments")
    assert "enrolments/2023" not in manifests.current().files
    assert sum_of("pupils", office, AY2023) is None
    assert sum_of("pupils", office) == 1


def test_a_moved_school_counts_where_it_stood_then(office, school, stranger_office, system):
    pupil(school, 2023)
    pupils(2, school, year=2024)
    build()
    move_org(school, stranger_office, by=system, on=date(2024, 5, 16))
    assert (sum_of("pupils", office, AY2023), sum_of("pupils", stranger_office, AY2023)) == (1, None)
    assert (sum_of("pupils", office), sum_of("pupils", stranger_office)) == (None, 2)


def test_a_refresh_comes_out_as_a_full_build(office, school, other_school, system):
    build()
    for step in range(3):
        with transaction.atomic():
            pupils(step + 1, school, year=2023 + step % 2)
            figure(other_school, "pupils", "AY2024", step, grade=f"ป.{step + 1}")
            touch("enrolments", years=[2023 + step % 2])
            touch("figures", years=[2024])
    refreshed = rows_of_everything()
    for path in manifests.folder().iterdir():
        path.unlink()
    build()
    assert rows_of_everything() == refreshed


def test_a_build_that_finds_nothing_new_keeps_version_and_files(school):
    pupils(3, school)
    version = build().version
    names = sorted(path.name for path in manifests.folder().iterdir())
    report = build()
    assert report.version == version
    assert report.changed == ()
    assert sorted(path.name for path in manifests.folder().iterdir()) == names


def test_a_change_committed_meanwhile_stays_marked(monkeypatch, office, school):
    build()
    rows = services._make

    def change_while_building(*args, **kwargs):
        report = rows(*args, **kwargs)
        pupil(school)
        Change.objects.create(subject="enrolments", year=2024)
        return report

    monkeypatch.setattr(services, "_make", change_while_building)
    Change.objects.create(subject="enrolments", year=2024)
    refresh()
    assert Change.objects.count() == 1
    monkeypatch.undo()
    refresh()
    assert sum_of("pupils", office) == 1
    assert not Change.objects.exists()


def test_building_one_feed_leaves_the_marks_for_the_others(school):
    build()
    Change.objects.create(subject="enrolments", year=2024)
    build("figures")
    assert Change.objects.count() == 1


def test_a_failed_build_leaves_the_old_facts_and_the_marks(monkeypatch, office, school):
    pupil(school)
    build()
    pupil(school)
    Change.objects.create(subject="enrolments", year=2024)

    def stop(*_args):
        raise OSError("no space left on device")

    monkeypatch.setattr(manifests, "swap", stop)
    with pytest.raises(OSError, match="no space"):
        refresh()
    assert sum_of("pupils", office) == 1
    monkeypatch.undo()
    refresh()
    assert sum_of("pupils", office) == 2


def test_the_first_refresh_of_an_empty_home_builds_everything(office, school):
    pupil(school)
    Change.objects.all().delete()
    shutil.rmtree(manifests.folder())
    refresh()
    assert sum_of("pupils", office) == 1


def test_an_unknown_feed_is_told_with_those_there_are():
    with pytest.raises(LookupError, match=r"'enrolment' is no feed\. Use one of: orgs, enrolments"):
        build("enrolment")
