"""What the documents say is so."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
import yaml

from khet.config import cli

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {path: path.read_text(encoding="utf-8") for path in DOCUMENTS}
MAKE = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def name(path) -> str:
    return str(path.relative_to(ROOT))


def commands(group=None, before="khet") -> dict[str, click.Command]:
    """Every command with its full name."""
    group = group or cli.khet
    context = click.Context(group)
    found = {}
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if command is None or command.hidden:
            continue
        found[f"{before} {word}"] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{before} {word}")
    return found


@pytest.fixture(scope="module")
def known(django_db_setup):
    """Every command; asked for as if for help, so that none prepares a database."""
    patched = pytest.MonkeyPatch()
    patched.setattr("sys.argv", ["khet", "x", "--help"])
    yield commands()
    patched.undo()


def test_every_command_is_in_a_guide(known):
    guides = "\n".join(text for path, text in TEXTS.items() if "guides" in path.parts)
    missing = [
        one for one, command in known.items() if not isinstance(command, click.Group) and f"`{one}" not in guides
    ]
    assert missing == []


def said() -> set[tuple[str, str, str]]:
    """(document, program, words) of every command that a document shows in code."""
    found = set()
    for path, text in TEXTS.items():
        blocks = re.findall(r"```\w*\n(.*?)```", text, re.S)
        code = [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text)
        for line in code:
            line = re.sub(r"^(?:[A-Z_]+=\S+ )+", "", line)  # variables set before a command
            for program, words in re.findall(r"(?:^|&& |\s|/)(khet|make) ([^#|;&]*)", line):
                found.add((name(path), program, words.strip()))
    return found


def test_commands_shown_in_documents_exist(known):
    wrong = []
    for document, program, words in said():
        if program == "make":
            targets = [word for word in words.split() if re.fullmatch(r"[a-z-]+", word)]
            wrong += [f"{document}: make {target}" for target in targets if target not in MAKE]
            continue
        first = re.match(r"[a-z]+", words)
        if first and f"khet {first[0]}" not in known:
            wrong.append(f"{document}: khet {words}")
            continue
        command = _longest(words, known)
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for option in re.findall(r"(--[a-z][a-z-]*)", words):
            if option not in options | {"--help", "--json", "--version"} and not _passes_on(command):
                wrong.append(f"{document}: {option} of khet {words}")
    assert wrong == []


def _longest(words: str, known) -> click.Command:
    """The command that the beginning of the words names."""
    parts = words.split()
    for length in (2, 1):
        if (command := known.get(" ".join(["khet", *parts[:length]]))) is not None:
            return command
    return cli.khet


def _passes_on(command) -> bool:
    return isinstance(command, click.Group) or bool(command.context_settings.get("ignore_unknown_options"))


def test_every_library_says_why_it_is_here():
    listed = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    words = set(
        re.findall(r"[@\w./-]+", " ".join(line.split("|")[1] for line in listed.splitlines() if line.startswith("| ")))
    )
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    names = {re.match(r"[\w.-]+", one)[0] for one in wanted}
    package = yaml.safe_load((ROOT / "assets" / "package.json").read_text(encoding="utf-8"))
    names |= {*package["dependencies"], *package["devDependencies"]}
    assert sorted(names - words) == []
    assert sorted(words - names - {"library", "package"}) == [], "listed, but no longer there"


def test_decisions_are_numbered_and_say_the_same():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [path.name[:4] for path in records]
    assert len(set(numbers)) == len(numbers)
    for path in records:
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name), path.name
        text = TEXTS[path]
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert "**Decision.**" in text, path.name
    assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", TEXTS[path]):
        if not re.match(r"https?:|mailto:", target):
            assert (path.parent / unquote(target)).exists(), f"{name(path)}: {target}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_paths_named_in_documents_exist(path):
    kinds = r"(?:khet|catalogue|docs|tests|assets|requirements)"
    for target in re.findall(rf"`({kinds}/[\w./-]+)`", TEXTS[path]):
        if not any(mark in target for mark in ("*", "<", "…", "vendor", "_catalogue")):
            assert (ROOT / target).exists() or (ROOT / f"{target}.py").exists(), f"{name(path)}: {target}"


def test_every_choice_of_the_office_is_in_the_guide():
    """Variables that settings read, against the table of docs/guides/operating.md."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "khet").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get)?[\[(]\"(KHET_\w+)\"", code))
    own = {"KHET_SETUP_TOKEN", "KHET_SERVER_PROCESS"}  # set by `khet serve` for what it starts
    listed = set(re.findall(r"^\| `(KHET_\w+)`", TEXTS[ROOT / "docs" / "guides" / "operating.md"], re.M))
    assert read - own - listed == set()
    assert listed - read == set()


def test_the_role_shown_in_the_guide_can_be_loaded():
    from khet.core.accounts.schema import Role

    block = re.search(r"```yaml\n(.*?)```", TEXTS[ROOT / "docs" / "guides" / "operating.md"], re.S)[1]
    content = yaml.safe_load(block)
    assert Role.model_validate({"source": content["source"], **content["items"][0]}).id == "auditor"
