"""Every file of the shipped catalogue loads, speaks both languages and says where it comes from."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from khet.core.catalogue import Sourced, Text
from khet.core.catalogue.loader import shipped

FILES = sorted(file for file in shipped().rglob("*.yaml") if "sources" not in file.relative_to(shipped()).parts)
NAMES = [str(file.relative_to(shipped())) for file in FILES]
# Rows of the table of systems: the plan, then strategy by strategy.
ROWS = [
    "P", "1.1", "1.2a", "1.2b", "1.3a", "1.3b", "1.3c", "1.4a", "1.4b", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2",
    "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3",
]  # fmt: skip
KINDS = [
    "system", "codes", "calendar", "role", "measure", "suppression", "indicator", "example", "scale",
    "framework", "framework_example", "programme", "programme_example", "form", "workflow", "case_kind", "case_example",
]  # fmt: skip
THAI = re.compile("[\u0e00-\u0e7f]")


def texts_in(value, path=""):
    """(where, Text) of every text inside a catalogue object."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from texts_in(item, f"{path}[{index}]")


def test_the_shipped_catalogue_has_no_fault(catalogue):
    own = [fault for fault in catalogue.faults if "/sources/" not in fault.file]
    assert [str(fault) for fault in own] == []


def test_every_file_is_read_by_some_kind(catalogue):
    read = {name.split("/", 1)[1] for name in catalogue.origin.values()}
    assert set(NAMES) - read == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_has_both_languages(catalogue, kind):
    for item in catalogue.all(kind):
        for where, text in texts_in(item, item.id):
            assert text.th.strip(), f"{where}: no Thai"
            assert text.en.strip(), f"{where}: no English"
            assert text.th == text.th.strip() and text.en == text.en.strip(), f"{where}: blanks around it"


@pytest.mark.parametrize("kind", ["system", "role", "measure", "indicator"])
def test_thai_titles_are_thai_and_english_ones_are_not(catalogue, kind):
    for item in catalogue.all(kind):
        assert THAI.search(item.title.th), f"{item.id}: {item.title.th}"
        letters = [c for c in item.title.en if c.isalpha()]
        assert sum(bool(THAI.match(c)) for c in letters) <= len(letters) / 2, f"{item.id}: {item.title.en}"


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_every_file_says_its_source_and_how_sure_it_is(file: Path):
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    words = content["source"]
    for source in [words] if isinstance(words, str) else [words["th"], words["en"]]:
        assert len(source) > 10
    assert content["certainty"] in {"verified", "knowledge", "unsure", "design"}


@pytest.mark.parametrize("kind", KINDS)
def test_no_source_is_a_path_or_a_bare_key(catalogue, kind):
    for item in catalogue.all(kind):
        cited = [item.source] + [reading.source for reading in getattr(item, "readings", ())]
        for source in [words for text in cited for words in (text.th, text.en)]:
            assert not re.search(r"(^|\s)(/|\.\./)\w", source), f"{item.id}: {source}"
            assert not re.fullmatch(r"[SQVLW]\d+\w?", source), f"{item.id}: {source}"
            assert isinstance(item, Sourced)


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_no_file_repeats_a_key(file: Path):
    """YAML keeps the last of two equal keys and says nothing."""

    class Loader(yaml.SafeLoader):
        pass

    def mapping(loader, node, deep=False):
        keys = [key.value for key, _value in node.value]
        assert len(keys) == len(set(keys)), f"line {node.start_mark.line + 1}: {keys}"
        return yaml.SafeLoader.construct_mapping(loader, node, deep)

    Loader.add_constructor(
        yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: mapping(loader, node, True)
    )
    yaml.load(file.read_text(encoding="utf-8"), Loader)


def test_systems_cover_every_row_of_the_table_once(catalogue):
    rows = [row for system in catalogue.all("system") for row in system.rows]
    assert sorted(set(rows)) == sorted(ROWS)
    shared = {row for row in rows if rows.count(row) > 1}
    assert shared == {"4.2", "6.1"}  # the table gives these rows two folders each


def test_a_system_bears_the_name_of_its_folder(catalogue):
    for system in catalogue.all("system"):
        assert catalogue.origin["system", system.id].split("/")[1] == system.id


def test_an_indicator_lies_in_the_folder_of_its_system(catalogue):
    for indicator in catalogue.all("indicator"):
        assert catalogue.origin["indicator", indicator.id].split("/")[1] == indicator.system


def test_a_system_is_planned_as_long_as_nothing_of_it_runs(catalogue):
    kinds = ("indicator", "framework", "survey", "programme", "case_kind")
    runs = {one.system for kind in kinds for one in catalogue.all(kind)}
    for system in catalogue.all("system"):
        assert (system.state == "planned") == (system.id not in runs | {"plans"}), system.id


def test_every_folder_with_indicators_holds_examples():
    folders = {file.parent for file in FILES if file.name == "indicators.yaml" and file.parent.name != "examples"}
    assert folders
    for folder in folders:
        assert (folder / "examples" / "indicators.yaml").is_file(), folder.name
