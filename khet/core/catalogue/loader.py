"""Reads catalogue folders into typed objects and collects every fault with file and key."""

import difflib
import hashlib
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

import khet
from khet.core.catalogue.base import CatalogueError
from khet.kit.home import home

LOOK_EVERY = 1.0  # seconds between two looks at the office's overlay


class _ReadAsTruth(Exception):
    """A key that YAML takes for true or false: the word as it was written, and its line."""

    def __init__(self, node):
        self.word, self.line = node.value, node.start_mark.line + 1


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A safe loader that refuses a key written twice, where plain YAML lets the second win in silence, and a key
    that it reads as true or false."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=deep)
            if isinstance(key, bool):
                raise _ReadAsTruth(key_node)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"'{key}' is written twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Kind:
    """A sort of catalogue object: which files hold it and which model guards it."""

    name: str
    pattern: str  # glob below a catalogue folder
    model: type[BaseModel]
    many: bool  # a file holds a list under `items`
    editions: bool  # several objects may share an id when their `since` differs


@dataclass(frozen=True)
class Fault:
    """Something wrong in a catalogue file, with the place and the mend."""

    file: str
    key: str
    message: str

    def __str__(self):
        return f"{self.file}: {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"


_kinds: dict[str, Kind] = {}


def kind(name: str, pattern: str, model: type[BaseModel], *, many: bool = True, editions: bool = False) -> None:
    """Make a sort of object known; called once by the room that reads it (its AppConfig.ready)."""
    _kinds[name] = Kind(name, pattern, model, many, editions)


@dataclass(eq=False)
class Catalogue:
    """All objects of all folders, by kind and id. `faults` holds what could not be read."""

    objects: dict[str, dict[str, tuple]] = field(default_factory=dict)
    origin: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def all(self, name: str) -> tuple:
        """Every object of a kind, in file order; of an object with editions, all of them."""
        return tuple(edition for editions in self.objects.get(name, {}).values() for edition in editions)

    def ids(self, name: str) -> list[str]:
        return list(self.objects.get(name, {}))

    def editions(self, name: str, id: str) -> tuple:
        """The editions of an object, oldest first; () when there is none."""
        return self.objects.get(name, {}).get(id, ())

    def find(self, name: str, id: str):
        """The object (its newest edition), or None."""
        editions = self.editions(name, id)
        return editions[-1] if editions else None

    def get(self, name: str, id: str):
        """The object (its newest edition). Raises CatalogueError that names near ids."""
        if (found := self.find(name, id)) is None:
            near = difflib.get_close_matches(id, self.ids(name), n=5) or self.ids(name)[:8]
            raise CatalogueError(f"'{id}' is no known {name}. Use one of: {', '.join(near)}.")
        return found


def shipped() -> Path:
    """The catalogue that comes with Khet: inside the installed package, else beside it in a checkout."""
    package = Path(khet.__file__).parent
    inside = package / "_catalogue"
    return inside if inside.is_dir() else package.parent / "catalogue"


def folders() -> list[Path]:
    """The folders that are read, the office's own last, so that it adds or overrides."""
    return [path for path in (shipped(), home() / "catalogue") if path.is_dir()]


def read(paths: Iterable[Path]) -> Catalogue:
    """A catalogue of the given folders; never raises for bad content, see `faults`."""
    result = Catalogue()
    for folder in paths:
        for sort in _kinds.values():
            found: dict[str, list] = {}
            for file in sorted(folder.glob(sort.pattern)):
                name = f"{folder.name}/{file.relative_to(folder)}"
                for item in _objects(file, name, sort, result.faults):
                    _place(item, name, sort, found, result)
            known = result.objects.setdefault(sort.name, {})
            for id, editions in found.items():
                known[id] = _laid_over(known.get(id, ()), editions) if sort.editions else tuple(editions)
    return result


def _laid_over(below: tuple, above: list) -> tuple:
    """The editions of two folders, oldest first: one with the same first day replaces, another joins."""
    by_day = {str(getattr(edition, "since", None) or ""): edition for edition in (*below, *above)}
    return tuple(by_day[day] for day in sorted(by_day))


@dataclass(frozen=True)
class _File:
    """What a file came to, and the digest of the words it held then."""

    digest: bytes
    objects: tuple
    faults: tuple[Fault, ...]


_files: dict[tuple[Kind, Path], _File] = {}


def _objects(file: Path, name: str, sort: Kind, faults: list[Fault]) -> tuple:
    """The file's objects; what is wrong goes to `faults`, one fault a key.

    They are frozen, so a file whose words are those of the last reading is not read again: an office that changes one
    file of its own waits for that file alone.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        faults.append(_unreadable(name, error))
        return ()
    digest, known = hashlib.sha256(content).digest(), _files.get((sort, file))
    if known is None or known.digest != digest:
        found: list[Fault] = []
        known = _files[sort, file] = _File(digest, tuple(_read_objects(content, name, sort, found)), tuple(found))
    faults.extend(known.faults)
    return known.objects


def _unreadable(name: str, error: Exception) -> Fault:
    return Fault(name, "", f"is no readable YAML: {' '.join(str(error).split())}")


def _read_objects(written: bytes, name: str, sort: Kind, faults: list[Fault]):
    try:
        content = yaml.load(written.decode(), Loader=_Loader)  # noqa: S506  a safe loader in C
    except _ReadAsTruth as error:
        words = f'line {error.line}: YAML reads {error.word} without quotes as true or false; write "{error.word}": …'
        faults.append(Fault(name, error.word, words))
        return
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:  # TypeError: a mapping as a key
        faults.append(_unreadable(name, error))
        return
    if not isinstance(content, dict):
        faults.append(Fault(name, "", "must be a mapping with 'source' and the objects beside it"))
        return
    if not sort.many:
        items, shared = [content], {}
    else:
        items = content.get("items")
        shared = {key: value for key, value in content.items() if key != "items"}
        if not isinstance(items, list) or set(shared) - {"source", "certainty"}:
            faults.append(Fault(name, "", "must hold 'source', 'certainty' and a list 'items', and nothing else"))
            return
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            faults.append(Fault(name, f"items[{index}]", "must be a mapping"))
            continue
        try:
            yield sort.model.model_validate({**shared, **item})
        except ValidationError as error:
            label = str(item.get("id", f"items[{index}]"))
            for problem in error.errors():
                place = ".".join(str(part) for part in problem["loc"])
                faults.append(Fault(name, f"{label}.{place}" if place else label, _words(problem)))


def _words(problem) -> str:
    if problem["type"] == "missing":
        return "is missing; add it"
    if problem["type"] == "extra_forbidden":
        return "is not a key of this kind of object; remove it or correct its spelling"
    if problem["type"] == "string_type" and isinstance(problem["input"], bool):
        word = "yes, on or true" if problem["input"] else "no, off or false"
        return f"YAML reads {word} without quotes as a truth value; write the word in quotes"
    return str(problem["msg"]).removeprefix("Value error, ")


def _place(item, name: str, sort: Kind, found: dict[str, list], result: Catalogue) -> None:
    editions = found.setdefault(item.id, [])
    same = [e for e in editions if getattr(e, "since", None) == getattr(item, "since", None)]
    if editions and (not sort.editions or same):
        result.faults.append(Fault(name, item.id, f"this {sort.name} is defined twice; keep one"))
        return
    editions.append(item)
    result.origin[(sort.name, item.id)] = name


@dataclass(frozen=True)
class _Read:
    """A catalogue as read: from which home, how the overlay stood then, and when one looked last."""

    home: str | None
    kinds: int
    state: tuple
    catalogue: Catalogue
    looked: float


_current: _Read | None = None
_lock = threading.Lock()


def catalogue() -> Catalogue:
    """The catalogue of this installation; a change of the office's overlay is seen within a second."""
    global _current
    read_before, where = _current, os.environ.get("KHET_HOME")
    if (
        read_before is not None
        and read_before.home == where
        and read_before.kinds == len(_kinds)
        and time.monotonic() - read_before.looked < LOOK_EVERY
    ):
        return read_before.catalogue
    with _lock:
        state = _overlay_state()
        same = _current is not None and (_current.kinds, _current.state) == (len(_kinds), state)
        content = _current.catalogue if same else read(folders())
        _current = _Read(where, len(_kinds), state, content, time.monotonic())
    return content


def forget() -> None:
    """Look at the files anew at the next use."""
    global _current
    _current = None


def _overlay_state() -> tuple:
    overlay = home() / "catalogue"
    if not overlay.is_dir():
        return ()
    return tuple((str(file), file.stat().st_mtime_ns) for file in sorted(overlay.rglob("*.yaml")))
