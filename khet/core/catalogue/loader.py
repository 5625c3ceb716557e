"""Reads catalogue folders into typed objects and collects every fault with file and key."""

import difflib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError

import khet
from khet.core.catalogue.base import CatalogueError
from khet.kit.home import home

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


@dataclass
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
                known[id] = tuple(sorted(editions, key=lambda e: str(getattr(e, "since", "") or "")))
    return result


def _objects(file: Path, name: str, sort: Kind, faults: list[Fault]):
    """The file's objects; what is wrong goes to `faults`, one fault a key."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  a safe loader in C
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        faults.append(Fault(name, "", f"is no readable YAML: {error}"))
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
    if problem["type"] == "extra_forbidden":
        return "is not a key of this kind of object; remove it or correct its spelling"
    return str(problem["msg"]).removeprefix("Value error, ")


def _place(item, name: str, sort: Kind, found: dict[str, list], result: Catalogue) -> None:
    editions = found.setdefault(item.id, [])
    same = [e for e in editions if getattr(e, "since", None) == getattr(item, "since", None)]
    if editions and (not sort.editions or same):
        result.faults.append(Fault(name, item.id, f"this {sort.name} is defined twice; keep one"))
        return
    editions.append(item)
    result.origin[(sort.name, item.id)] = name


_current: tuple[tuple, Catalogue] | None = None
_lock = threading.Lock()


def catalogue() -> Catalogue:
    """The catalogue of this installation, read once and again when the office's overlay has changed."""
    global _current
    state = _overlay_state()
    if _current is None or _current[0] != state:
        with _lock:
            if _current is None or _current[0] != state:
                _current = (state, read(folders()))
    return _current[1]


def forget() -> None:
    """Read the catalogue anew at the next use."""
    global _current
    _current = None


def _overlay_state() -> tuple:
    overlay = home() / "catalogue"
    kinds = tuple(sorted(_kinds))
    if not overlay.is_dir():
        return (str(overlay), kinds)
    files = sorted(overlay.rglob("*.yaml"))
    return (str(overlay), kinds, *((str(file), file.stat().st_mtime_ns) for file in files))
