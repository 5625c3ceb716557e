"""The floors, the size of files, and what views may touch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "khet"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
LONGEST = 400
# file → why it may be longer
LONG: dict[str, str] = {}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_go_downwards_only():
    """The contracts of pyproject.toml; the same as `make lint`."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_room_is_below_some_floor():
    floors = {"config", "web", "plan", "insight", "facts", "engines", "registers", "core", "kit", "locale"}
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] not in "_."} <= floors


def views() -> list[Path]:
    return [path for path in MODULES if path.name == "views.py" or "views" in path.parts]


@pytest.mark.parametrize("path", views(), ids=name)
def test_a_view_asks_queries_and_never_a_table(path):
    """Scope is a word of the queryset, so a view that reaches for `.objects` could forget it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "objects"]
    assert found == [], f"{name(path)} touches .objects in lines {found}; ask a query of the room."


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_read_in_one_sitting(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    if name(path) in LONG:
        assert lines > LONGEST, f"{name(path)} is short enough now; take it off the list."
        return
    assert lines <= LONGEST, f"{name(path)} has {lines} lines; look for a seam."


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__init__.py" or path.stat().st_size], ids=name
)
def test_a_module_says_what_it_is(path):
    if path.name in ("apps.py", "command.py"):
        return
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name(path)} begins without a docstring."


def test_no_model_waits_for_a_migration(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_order_leaves_to_the_database_where_the_empty_ones_stand():
    """SQLite puts what is empty first, PostgreSQL last."""
    from django.apps import apps

    for model in (model for model in apps.get_models() if model.__module__.startswith("khet.")):
        for word in (word for word in model._meta.ordering if isinstance(word, str)):
            field = model
            for part in word.removeprefix("-").split("__"):
                meta = getattr(field, "related_model", None) or model
                field = meta._meta.pk if part == "pk" else meta._meta.get_field(part)
            assert not field.null, f"{model._meta.label}: {word} may be empty; say nulls_first or nulls_last."


def test_nothing_is_left_for_later():
    words = ["TO" + "DO", "FIX" + "ME", "X" * 3, "raise Not" + "ImplementedError"]
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], name(path)
