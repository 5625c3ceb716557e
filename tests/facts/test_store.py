"""The files and the one that names them: old state or new, never a mix."""

import itertools
import os
import threading
import time

import pyarrow as pa
import pytest

from khet.facts import manifest as manifests
from khet.facts import queries, services
from khet.facts.services import build
from khet.kit.feeds import Feed, long
from tests.facts.records import AY2024


@pytest.fixture
def two_feeds(monkeypatch, db, office):
    """Two feeds that always tell the same number, a new one at each build; the second is slow to be read."""
    state = {"n": 0}

    def rows(measure):
        def of_year(year):
            wide = pa.table({"org": [office.code], "n": [state["n"]]})
            return long(wide, {measure: "n"}, org="org", period=f"=AY{year}")

        return of_year

    found = {
        "enrolments": Feed("enrolments", ("enrolments",), lambda: [2024], rows("pupils")),
        "figures": Feed("figures", ("figures",), lambda: [2024], rows("rooms")),
    }
    monkeypatch.setattr(services, "feeds", lambda: found)
    return state


def both():
    page = queries.sheet(["pupils", "rooms"], [AY2024])
    return page.version, [float(page.rolled([m], AY2024).values[m][-1, 0]) for m in ("pupils", "rooms")]


def test_readers_see_one_state_while_others_are_swapped_in(two_feeds):
    build()
    stop, mixed, seen = threading.Event(), [], set()

    def read():
        while not stop.is_set():
            version, (first, second) = both()
            seen.add(version)
            if first != second:
                mixed.append((version, first, second))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    versions = []
    for n in range(1, 25):
        two_feeds["n"] = n
        versions.append(build().version)
    stop.set()
    for reader in readers:
        reader.join(10)
    assert mixed == []
    assert versions == sorted(set(versions))
    assert len(seen) > 3


def test_every_swap_is_a_new_version_and_the_same_content_is_none(two_feeds):
    first = build().version
    two_feeds["n"] = 1
    assert build().version != first
    second = manifests.current().version
    assert build().version == second


def test_files_are_kept_for_readers_and_removed_after_a_while(two_feeds):
    build()
    old = manifests.current().files["figures/2024"].file
    two_feeds["n"] = 1
    build()
    assert (manifests.folder() / old).exists()
    for path in manifests.folder().glob("*.parquet"):
        os.utime(path, (time.time() - manifests.GRACE - 1,) * 2)
    two_feeds["n"] = 2
    build()
    assert not (manifests.folder() / old).exists()
    assert both()[1] == [2, 2]


def test_what_a_stopped_build_left_is_removed(two_feeds):
    build()
    left = manifests.folder() / "figures-2024-00000009-abcdef.parquet"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    two_feeds["n"] = 1
    build()
    assert not left.exists()


def test_a_reader_whose_files_are_gone_reads_the_state_of_now(two_feeds):
    build()
    old = manifests.current()
    two_feeds["n"] = 1
    build()
    for file in old.files.values():
        (old.folder / file.file).unlink()
    page = queries.sheet(["rooms"], [AY2024], manifest=old)
    assert page.version == manifests.current().version
    assert float(page.rolled(["rooms"], AY2024).values["rooms"][-1, 0]) == 1


def test_before_the_first_build_there_is_nothing_and_no_error(office):
    assert queries.version() == "0"
    page = queries.sheet(["pupils"], [AY2024])
    assert page.rolled(["pupils"], AY2024).values["pupils"].size == 0


def test_a_manifest_is_read_anew_only_when_it_was_replaced(two_feeds):
    build()
    assert manifests.current() is manifests.current()
    two_feeds["n"] = 1
    before = manifests.current()
    build()
    assert manifests.current() is not before


def test_the_files_are_for_their_owner_alone(two_feeds):
    build()
    assert all(path.stat().st_mode & 0o077 == 0 for path in itertools.chain([manifests.folder()])), (
        "the folder is closed"
    )
