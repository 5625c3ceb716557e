"""Reading catalogue folders: typed objects, editions, the office's overlay, and faults with file and key."""

from datetime import date
from typing import Literal

import pytest
from pydantic import model_validator

from khet.core.catalogue import CatalogueError, Sourced, Text, loader
from khet.core.catalogue.loader import Kind, read


class Thing(Sourced):
    title: Text
    size: Literal["small", "large"] = "small"
    since: date | None = None

    @model_validator(mode="after")
    def large_ones_have_a_day(self):
        if self.size == "large" and not self.since:
            raise ValueError("a large thing needs 'since'.")
        return self


class Whole(Sourced):
    title: Text


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """(shipped, overlay): two empty folders, and two kinds of object in them."""
    kinds = {
        "thing": Kind("thing", "*/things.yaml", Thing, many=True, editions=True),
        "whole": Kind("whole", "*/whole.yaml", Whole, many=False, editions=False),
    }
    monkeypatch.setattr(loader, "_kinds", kinds)
    made = tmp_path / "shipped", tmp_path / "overlay"
    for folder in made:
        (folder / "room").mkdir(parents=True)
    return made


def write(folder, text, name="room/things.yaml"):
    (folder / name).write_text(text, encoding="utf-8")


THING = """
source: a law
certainty: verified
items:
  - {id: one, title: {th: หนึ่ง, en: One}}
  - {id: two, title: {th: สอง, en: Two}, source: another law, size: large, since: 2024-05-16}
"""


def test_objects_are_typed_frozen_and_inherit_the_source_of_their_file(folders):
    write(folders[0], THING)
    found = read(folders)
    assert found.faults == []
    one, two = found.get("thing", "one"), found.get("thing", "two")
    assert (str(one.source), one.certainty, str(two.source)) == ("a law", "verified", "another law")
    assert two.since == date(2024, 5, 16)
    with pytest.raises(ValueError, match="frozen"):
        one.size = "large"


def test_a_text_speaks_the_active_language(folders):
    from django.utils.translation import override

    write(folders[0], THING)
    title = read(folders).get("thing", "one").title
    with override("en"):
        assert str(title) == "One"
    with override("th"):
        assert str(title) == "หนึ่ง"


@pytest.mark.parametrize(
    ("written", "thai", "english"),
    [("{th: กฎหมาย, en: a law}", "กฎหมาย", "a law"), ("a law", "a law", "a law"), ("กฎหมาย", "กฎหมาย", "กฎหมาย")],
)
def test_a_source_speaks_the_active_language_or_the_one_it_was_written_in(folders, written, thai, english):
    from django.utils.translation import override

    write(folders[0], THING.replace("source: a law", f"source: {written}"))
    one = read(folders).get("thing", "one")
    with override("th"):
        assert str(one.source) == f"{one.source}" == thai
    with override("en"):
        assert str(one.source) == f"{one.source}" == english


def test_a_source_is_kept_as_it_was_written_and_read_again():
    """What an office wrote in one language keeps its digest; editions kept with one string are still read."""
    for written in ("a law", {"th": "กฎหมาย", "en": "a law"}):
        thing = Thing(id="one", source=written, title={"th": "หนึ่ง", "en": "One"})
        assert thing.model_dump(mode="json", exclude_defaults=True)["source"] == written
        assert Thing.model_validate_json(thing.model_dump_json()) == thing


def test_a_file_of_one_object_puts_its_keys_beside_the_source(folders):
    write(folders[0], "{id: w, source: a law, title: {th: ก, en: A}}", "room/whole.yaml")
    assert str(read(folders).get("whole", "w").title.en) == "A"


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        (THING.replace("size: large", "sise: large"), "two.sise", "is not a key of this kind of object"),
        (THING.replace("size: large", "size: huge"), "two.size", "Input should be 'small' or 'large'"),
        (THING.replace(", since: 2024-05-16", ""), "two", "a large thing needs 'since'"),
        (THING.replace("en: One", ""), "one.title.en", "is missing; add it"),
        (THING.replace("source: a law\n", ""), "one.source", "is missing"),
        (THING.replace("source: a law", "source: ' '"), "one.source", "is blank; name the law"),
        (THING.replace("source: a law", "source: {th: กฎหมาย}"), "one.source.en", "is missing; add it"),
        (THING.replace("source: a law", "source: {th: กฎหมาย, en: ''}"), "one.source", "is blank; name the law"),
        (THING.replace("id: two", "id: one").replace(", size: large, since: 2024-05-16", ""), "one", "defined twice"),
        (THING.replace("{id: one", "{id: one, id: two"), "", "'id' is written twice"),
        (THING + "other: 1\n", "", "and nothing else"),
        ("items: [", "", "no readable YAML"),
        ("- a list", "", "must be a mapping"),
        ("source: a law\nitems: [text]", "items[0]", "must be a mapping"),
        ("? {a: 1}\n: x", "", "no readable YAML"),
    ],
)
def test_a_fault_names_file_and_key_and_hides_nothing_else(folders, text, key, words):
    write(folders[0], text)
    found = read(folders)
    assert len(found.faults) == 1
    fault = found.faults[0]
    assert (fault.file, fault.key) == ("shipped/room/things.yaml", key)
    assert words in fault.message
    assert str(fault).startswith("shipped/room/things.yaml: ")


def test_all_faults_come_at_once(folders):
    write(folders[0], THING.replace("en: One", "fr: Un").replace("size: large", "size: huge"))
    assert [fault.key for fault in read(folders).faults] == ["one.title.en", "one.title.fr", "two.size"]


def test_the_overlay_adds_and_overrides_by_id(folders):
    write(folders[0], THING)
    items = "  - {id: one, title: {th: เอก, en: First}}\n  - {id: nine, title: {th: เก้า, en: Nine}}"
    write(folders[1], "source: the office\nitems:\n" + items)
    found = read(folders)
    assert [str(found.get("thing", id).title.en) for id in ("one", "two", "nine")] == ["First", "Two", "Nine"]
    assert found.origin["thing", "one"] == "overlay/room/things.yaml"


def test_a_faulty_overlay_leaves_what_was_shipped(folders):
    write(folders[0], THING)
    write(folders[1], "source: the office\nitems:\n  - {id: one, title: {th: เอก}}")
    found = read(folders)
    assert str(found.get("thing", "one").title.en) == "One"
    assert [fault.file for fault in found.faults] == ["overlay/room/things.yaml"]


EDITIONS = """
source: a law
items:
  - {id: one, title: {th: ใหม่, en: New}, since: 2025-10-01}
  - {id: one, title: {th: เก่า, en: Old}}
"""


def test_editions_of_an_id_stand_oldest_first_and_the_newest_is_meant_without_more(folders):
    write(folders[0], EDITIONS)
    found = read(folders)
    assert [edition.title.en for edition in found.editions("thing", "one")] == ["Old", "New"]
    assert found.get("thing", "one").title.en == "New"
    assert len(found.all("thing")) == 2


def test_an_overlay_may_replace_one_edition_or_add_the_next(folders):
    write(folders[0], EDITIONS)
    write(folders[1], EDITIONS.replace("New", "Ours").replace("  - {id: one, title: {th: เก่า, en: Old}}\n", "")
          + "  - {id: one, title: {th: ถัดไป, en: Next}, since: 2027-10-01}\n")  # fmt: skip
    assert [edition.title.en for edition in read(folders).editions("thing", "one")] == ["Old", "Ours", "Next"]


def test_an_unknown_id_is_answered_with_near_ones(folders):
    write(folders[0], THING)
    with pytest.raises(CatalogueError, match=r"'on' is no known thing\. Use one of: one"):
        read(folders).get("thing", "on")
    assert read(folders).find("thing", "on") is None
    assert read(folders).editions("thing", "on") == ()


def test_a_change_of_the_office_overlay_is_seen_within_a_second(home, monkeypatch):
    kind = Kind("thing", "*/things.yaml", Thing, many=True, editions=True)
    monkeypatch.setattr(loader, "_kinds", {"thing": kind})
    monkeypatch.setattr(loader, "LOOK_EVERY", 0.0)
    (home / "catalogue" / "room").mkdir(parents=True)
    write(home / "catalogue", THING)
    assert loader.catalogue().ids("thing") == ["one", "two"]
    first = loader.catalogue()
    assert loader.catalogue() is first
    write(home / "catalogue", THING.replace("id: two", "id: three"))
    assert loader.catalogue().ids("thing") == ["one", "three"]


def test_only_files_whose_words_have_changed_are_read_again(folders):
    write(folders[0], THING)
    write(folders[0], "{id: w, source: a law, title: {th: ก}}", "room/whole.yaml")
    first = read(folders)
    write(folders[0], THING.replace("id: two", "id: three"))
    write(folders[1], "{id: w, source: a law, title: {th: ก, en: A}}", "room/whole.yaml")
    second = read(folders)
    assert second.ids("thing") == ["one", "three"]
    assert second.get("thing", "one") is not first.get("thing", "one")
    assert second.faults == first.faults, "what was wrong is told again"
    assert read(folders).get("whole", "w") is second.get("whole", "w")
    assert read(folders[:1]).faults == first.faults


def test_the_shipped_catalogue_has_no_fault():
    found = loader.catalogue()
    assert [str(fault) for fault in found.faults] == []
    assert {"system", "codes", "role", "measure", "indicator", "source"} <= {
        kind for kind in found.objects if found.ids(kind)
    }
