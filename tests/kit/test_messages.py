"""Merging the rooms' translations and finding what has none."""

import gettext

import pytest

from khet.kit import messages


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "parts").mkdir()
    return tmp_path


def part(folder, name, *pairs):
    lines = [f'msgid "{english}"\nmsgstr "{thai}"\n' for english, thai in pairs]
    (folder / "parts" / f"{name}.po").write_text('msgid ""\nmsgstr ""\n\n' + "\n".join(lines), encoding="utf-8")


def test_parts_become_one_catalogue_that_gettext_reads(folder):
    part(folder, "a", ("Plan", "แผน"))
    part(folder, "b", ("School", "โรงเรียน"), ("Plan", "แผน"))
    assert messages.build(folder) == (2, [])
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("School") == "โรงเรียน"


def test_two_translations_of_one_sentence_are_a_fault_that_names_both_files(folder):
    part(folder, "a", ("Plan", "แผน"))
    part(folder, "b", ("Plan", "แผนงาน"))
    _count, faults = messages.build(folder)
    assert [str(fault) for fault in faults] == [
        "b.po, line 4: “Plan” is “แผนงาน” here and “แผน” in a.po. Agree on one, or tell them apart with msgctxt."
    ]
    assert not (folder / "django.mo").exists()


def test_an_empty_translation_counts_as_missing(folder):
    part(folder, "a", ("Plan", ""))
    assert messages.build(folder) == (0, [])


def test_sentences_of_code_and_templates_without_thai_are_listed_with_their_place(tmp_path, folder):
    package = tmp_path / "house"
    package.mkdir()
    (package / "x.py").write_text('from g import gettext as _\n\nA = _("Plan")\nB = _("School")\n')
    (package / "x.html").write_text(
        "<ul>\n    <li>{% translate 'Pupils' %}</li>\n"
        "  {% blocktranslate trimmed %}\n  one\n  two\n  {% endblocktranslate %}\n"
        "{% include 'y.html' with text=_(\"File\") %}</ul>"
    )
    part(folder, "a", ("Plan", "แผน"))
    found = {str(fault) for fault in messages.missing(package, folder)}
    assert found == {
        "house/x.html:2: “Pupils” has no Thai",
        "house/x.html:3: “one two” has no Thai",
        "house/x.html:7: “File” has no Thai",
        "house/x.py:4: “School” has no Thai",
    }


def test_placeholders_survive_translation():
    import re

    whole, _faults = messages.merge()
    field = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
    broken = [
        entry.msgid
        for entry in whole
        if not entry.msgid_plural and sorted(field.findall(entry.msgid)) != sorted(field.findall(entry.msgstr))
    ]
    assert not broken


def test_the_merged_translations_agree():
    _whole, faults = messages.merge()
    assert not faults, "\n".join(map(str, faults))


def test_sentences_that_code_marks_and_translates_later_are_listed_too(tmp_path, folder):
    package = tmp_path / "house"
    package.mkdir()
    (package / "x.py").write_text('from g import gettext_noop as n\n\nFAULTS = {"blank": n("it is empty")}\n')
    assert [str(fault) for fault in messages.missing(package, folder)] == ["house/x.py:3: “it is empty” has no Thai"]
