"""The Thai translations: every room's part merged into one catalogue and compiled; what is missing, listed.

`python -m khet.kit.messages` writes django.po and django.mo from parts/*.po; with `--missing` it lists the sentences
of code and templates that have no Thai yet. Exit 1 when there is something to mend.
"""

import argparse
import io
import sys
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = PACKAGE / "locale" / "th" / "LC_MESSAGES"
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "th",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "n": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip

Key = tuple[str | None, str]  # context and English sentence


@dataclass(frozen=True)
class Fault:
    """Two parts that disagree, or a sentence without Thai: where, what, how to mend."""

    where: str
    what: str

    def __str__(self):
        return f"{self.where}: {self.what}"


def merge(folder: Path = FOLDER):
    """(catalogue, faults): all parts in one polib file, and each sentence two parts translate differently."""
    import polib

    whole, faults, first = polib.POFile(check_for_duplicates=False), [], {}
    whole.metadata = dict(HEADER)
    for path in sorted((folder / "parts").glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if entry.obsolete or not _translation(entry):
                continue
            key = (entry.msgctxt, entry.msgid)
            if key not in first:
                first[key] = (path, entry)
                whole.append(entry)
                continue
            other, same = first[key]
            if _translation(same) != _translation(entry):
                said = f"“{entry.msgid}” is “{_translation(entry)}” here and “{_translation(same)}” in {other.name}."
                mend = "Agree on one, or tell them apart with msgctxt."
                faults.append(Fault(f"{path.name}, line {entry.linenum}", f"{said} {mend}"))
    return whole, faults


def _translation(entry) -> str:
    return entry.msgstr or "".join(entry.msgstr_plural.values())


def build(folder: Path = FOLDER):
    """Write django.po and django.mo, nothing while there are faults; returns (number of sentences, faults)."""
    whole, faults = merge(folder)
    if not faults:
        whole.save(str(folder / "django.po"))
        whole.save_as_mofile(str(folder / "django.mo"))
    return len(whole), faults


def used(package: Path = PACKAGE) -> dict[Key, str]:
    """{sentence: where it first stands} over all code and templates of the package."""
    found: dict[Key, str] = {}
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html")]):
        for line, key in _sentences(path):
            found.setdefault(key, f"{path.relative_to(package.parent)}:{line}")
    return found


def _sentences(path: Path):
    from babel.messages.extract import extract

    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        if "{%" not in source and "_(" not in source:
            return
        from django.utils.translation.template import templatize

        # What is left of the markup is blanked; its indentation would be no Python.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        sentence = message[0] if isinstance(message, tuple) else message
        if sentence:
            yield line, (context, sentence)


def missing(package: Path = PACKAGE, folder: Path = FOLDER) -> list[Fault]:
    """Sentences without Thai, in the order of files."""
    whole, _faults = merge(folder)
    known = {(entry.msgctxt, entry.msgid) for entry in whole}
    return [Fault(where, f"“{key[1]}” has no Thai") for key, where in used(package).items() if key not in known]


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(prog="python -m khet.kit.messages", description=__doc__.splitlines()[0])
    parser.add_argument("--missing", action="store_true", help="list sentences that have no Thai yet")
    if parser.parse_args(arguments).missing:
        faults, outcome = missing(), "Every sentence has its Thai."
    else:
        count, faults = build()
        outcome = f"{count} sentences in {FOLDER / 'django.mo'}"
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} to mend." if faults else outcome)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
