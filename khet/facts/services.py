"""Building the facts: all of them, or what a change touched."""

import logging
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from django.db import connection
from django.utils import timezone
from filelock import FileLock

from khet.core.changes.models import Change
from khet.facts import manifest as manifests
from khet.facts import tree
from khet.facts.feeds import feed, feeds
from khet.facts.manifest import File, Manifest
from khet.kit.feeds import Feed
from khet.kit.home import room
from khet.kit.tables import duck, moment

log = logging.getLogger("khet.facts")


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    version   of the facts afterwards
    rows      facts of the feeds and years that were built
    built     "feed/year" of these; `changed` are those whose content came out different
    seconds   how long it took, the wait for another build included
    """

    version: str
    rows: int = 0
    built: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def feeds(self) -> int:
        return len({key.split("/")[0] for key in self.built})


def build(only: str | None = None) -> BuildReport:
    """Build every feed and year anew, or those of one feed. Raises LookupError for a feed that is not known."""
    began, wanted = time.perf_counter(), [feed(only)] if only else list(feeds().values())
    with _one_at_a_time():
        # A build of one feed leaves the marks: other feeds may wait for them.
        seen = [] if only else list(Change.objects.values_list("pk", flat=True))
        with moment():
            keys = {(outlet.id, year) for outlet in wanted for year in outlet.years()}
            report = _make(keys, whole={outlet.id for outlet in wanted}, with_tree=True, began=began)
        _forget_marks(seen)
    return report


def refresh() -> BuildReport:
    """Build what changes since the last build have touched; nothing when there are none.

    Only the marks it saw are removed: a change committed meanwhile stays marked and is taken by the next refresh.
    """
    began = time.perf_counter()
    if not manifests.current().run:
        return build()
    if not Change.objects.exists():
        return BuildReport(manifests.current().version)
    with _one_at_a_time():
        marks = list(Change.objects.values_list("pk", "subject", "year"))
        if not marks:  # another process was faster
            return BuildReport(manifests.current().version)
        with moment():
            keys, whole = _touched({(subject, year) for _pk, subject, year in marks})
            orgs_too = any(subject == "orgs" for _pk, subject, _year in marks)
            report = _make(keys, whole=whole, with_tree=orgs_too, began=began)
        _forget_marks([pk for pk, _subject, _year in marks])
    return report


def refresh_after_commit() -> None:
    """Refresh, called after a transaction that touched something; inside a larger one it waits for that one's end."""
    if connection.in_atomic_block:
        return
    report = refresh()
    if report.changed:
        log.debug("facts %s: %s in %.2f s", report.version, ", ".join(report.changed), report.seconds)


def _one_at_a_time() -> FileLock:
    return FileLock(room("facts") / "build.lock", mode=0o600)


def _forget_marks(pks: list[int]) -> None:
    for start in range(0, len(pks), 500):
        Change.objects.filter(pk__in=pks[start : start + 500]).delete()


def _touched(marks: set[tuple[str, int | None]]) -> tuple[set[tuple[str, int]], set[str]]:
    """(feeds and years to build, feeds of which every year is built) after changes of subjects in years."""
    keys, whole = set(), set()
    for outlet in feeds().values():
        years = {year for subject, year in marks if subject in outlet.reads}
        if not years:
            continue
        there = set(outlet.years()) | {
            file.year for file in manifests.current().files.values() if file.feed == outlet.id
        }
        if None in years:
            whole.add(outlet.id)
            keys |= {(outlet.id, year) for year in outlet.years()}
        else:
            reach = {year for year in there if year >= min(years)} if outlet.later else set()
            keys |= {(outlet.id, year) for year in years | reach}
    return keys, whole


def _make(keys: Iterable[tuple[str, int]], *, whole: set[str], with_tree: bool, began: float) -> BuildReport:
    """Write the files of feeds and years and swap them in.

    whole   feeds of which `keys` names every year there is: files of other years are dropped
    """
    before = manifests.current()
    files = {
        key: file for key, file in before.files.items() if file.feed not in whole or (file.feed, file.year) in keys
    }
    rows, built, changed = 0, [], [key for key in before.files if key not in files]
    for feed_id, year in sorted(keys):
        key, was = f"{feed_id}/{year}", before.files.get(f"{feed_id}/{year}")
        file = write(feeds()[feed_id], year, before, was)
        built.append(key)
        rows += file.rows
        if file is not was and (was or file.rows):
            changed.append(key)
        files.pop(key, None)
        if file.rows:
            files[key] = file
    tree_file, after = tree.write(before) if with_tree or not before.tree else before.tree, before
    if changed or tree_file != before.tree:
        after = before.next(tree=tree_file, files=files)
        manifests.swap(after)
        manifests.tidy(after)
    return BuildReport(after.version, rows, tuple(built), tuple(changed), time.perf_counter() - began)


_SORTED = (
    "SELECT *, '{feed}' AS feed, {run}::INTEGER AS run FROM khet_rows ORDER BY measure, period, org, grade, sex, grp"
)
# the hash is that of a set: the same rows in another order are the same content
_HELD = """
    SELECT measure, list(DISTINCT period ORDER BY period),
           sum(hash(measure, org, period, grade, sex, grp, value)::HUGEINT)::VARCHAR
    FROM khet_rows GROUP BY measure ORDER BY measure
"""


def write(outlet: Feed, year: int, before: Manifest, was: File | None) -> File:
    """The file of a feed and year, written beside the others; `was` itself when nothing is different."""
    table, run = outlet.rows(year), before.run + 1
    duckdb = duck()
    duckdb.register("khet_rows", table)
    try:
        held = duckdb.execute(_HELD).fetchall()
        measures = {measure: periods for measure, periods, _digest in held}
        digests = {measure: blake2b(digest.encode(), digest_size=8).hexdigest() for measure, _periods, digest in held}
        digest = blake2b("".join(digests.values()).encode(), digest_size=8).hexdigest()
        if was and (was.digest, was.rows) == (digest, table.num_rows):
            return was  # rows that came out the same were not written by a newer load either
        name = f"{outlet.id}-{year}-{run:08}-{digest[-6:]}.parquet"
        if table.num_rows:
            path = str(room("facts") / name).replace("'", "''")
            rows = _SORTED.format(feed=outlet.id, run=run)
            duckdb.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
            _to_disk(room("facts") / name)
    finally:
        duckdb.unregister("khet_rows")
    newest = dict(outlet.newest(year)) if outlet.newest and table.num_rows else {}
    built = timezone.now().isoformat(timespec="seconds")
    return File(outlet.id, year, name, table.num_rows, run, built, digest, measures, newest, digests)


def _to_disk(path: Path) -> None:
    """Have the system write the file out before a manifest names it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
