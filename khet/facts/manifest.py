"""Which files make up the facts now. One small file says so, and is replaced in one step.

A reader takes the manifest once and reads only the files it names: it sees the facts before a change or after it, never
a mix. Files no longer named stay for a while, for readers that began before the swap.
"""

import json
import os
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from khet.kit.home import home, room

NAME = "manifest.json"
GRACE = 600  # seconds an unnamed file is kept; a reader that takes longer starts again


@dataclass(frozen=True)
class File:
    """The facts of one feed and year.

    run       the build that wrote it
    built     when that was (ISO, UTC); its content has not changed since
    measures  {measure: codes of the periods it has}
    newest    {measure, or "" for all of them: the newest load (batch id) its records came from}
    digest    of its content, to see whether a build changed anything
    digests   {measure: digest of its rows}; empty in a file of an earlier Khet
    """

    feed: str
    year: int
    file: str
    rows: int
    run: int
    built: str
    digest: str
    measures: dict[str, list[str]]
    newest: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.feed}/{self.year}"


@dataclass(frozen=True, eq=False)
class Manifest:
    """A state of the facts. `version` names it: equal versions, equal answers."""

    folder: Path
    version: str = "0"
    run: int = 0
    tree: str = ""
    files: dict[str, File] = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[str, dict[str, list[File]]]:
        """{measure: {period code: files that hold it}}"""
        found: dict[str, dict[str, list[File]]] = {}
        for file in self.files.values():
            for measure, periods in file.measures.items():
                for period in periods:
                    found.setdefault(measure, {}).setdefault(period, []).append(file)
        return found

    @cached_property
    def loads(self) -> dict[str, tuple[set[int], str]]:
        """{measure: the newest load of each file it stands in, and when the last of these files was built}"""
        found: dict[str, tuple[set[int], str]] = {}
        for file in self.files.values():
            for measure in file.measures:
                loads, built = found.get(measure, (set(), ""))
                newest = {load for id, load in file.newest.items() if id in ("", measure)}
                found[measure] = loads | newest, max(built, file.built)
        return found

    def stamp(self, measures) -> tuple[str, ...]:
        """Names the state of the facts of some measures: equal stamps, equal answers, whatever else has changed."""
        said = {
            f"{file.key}:{measure}:{file.digests.get(measure, file.file)}"
            for measure in measures
            for files in self.measures.get(measure, {}).values()
            for file in files
        }
        return self.tree, *sorted(said)

    def holding(self, measures, periods) -> list[File]:
        """The files that hold any of the measures in any of the periods."""
        wanted, periods = [self.measures.get(measure, {}) for measure in measures], set(periods)
        files = {file.file: file for held in wanted for period in held.keys() & periods for file in held[period]}
        return [files[name] for name in sorted(files)]

    def next(self, *, tree: str, files: dict[str, File]) -> "Manifest":
        version = f"{self.run + 1:08}-{secrets.token_hex(4)}"
        return replace(self, version=version, run=self.run + 1, tree=tree, files=files)


def folder() -> Path:
    return home() / "facts"


_read: dict[Path, tuple[tuple, Manifest]] = {}
_lock = threading.Lock()


def current() -> Manifest:
    """The manifest as it is now; an empty one before the first build."""
    place = folder()
    path = place / NAME
    try:
        status = path.stat()
    except FileNotFoundError:
        return Manifest(place)
    # A swap gives the file a new inode, so a change within one tick of the clock is noticed too.
    state = (status.st_ino, status.st_mtime_ns, status.st_size)
    known = _read.get(place)
    if known is None or known[0] != state:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = {key: File(**entry) for key, entry in content.pop("files").items()}
        known = (state, Manifest(place, files=files, **content))
        with _lock:
            _read[place] = known
            while len(_read) > 8:  # tests change their home often
                _read.pop(next(iter(_read)))
    return known[1]


def swap(manifest: Manifest) -> None:
    """Make a manifest the current one, safely against a stop at any point."""
    entries = {
        key: {name: getattr(file, name) for name in File.__dataclass_fields__} for key, file in manifest.files.items()
    }
    content = {"version": manifest.version, "run": manifest.run, "tree": manifest.tree, "files": entries}
    aside = room("facts") / f"{NAME}.{os.getpid()}.new"
    with aside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, separators=(",", ":"))
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, manifest.folder / NAME)


def tidy(manifest: Manifest) -> list[str]:
    """Remove files that no manifest has named for a while, and what a stopped build left; returns their names."""
    named, removed = {NAME, manifest.tree, *(file.file for file in manifest.files.values())}, []
    for path in manifest.folder.iterdir():
        if path.name not in named and path.suffix in (".parquet", ".json", ".new") and _old(path):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def _old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > GRACE
    except FileNotFoundError:
        return False
