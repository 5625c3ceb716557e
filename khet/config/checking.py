"""What `khet check` looks at: the catalogue, its worked examples, and the installation around it."""

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import connection

from khet.core.audit.services import broken_seals
from khet.core.catalogue import Fault, catalogue, forget
from khet.core.ui.formats import be_datetime
from khet.engines.assessments import consistency as frameworks
from khet.engines.cases import consistency as cases
from khet.engines.logbooks import schema as logbooks
from khet.engines.programmes import consistency as programmes
from khet.engines.surveys import checking as surveys
from khet.insight.earlywarning import consistency as warnings
from khet.insight.indicators.consistency import problems
from khet.kit.home import home, room
from khet.kit.secrets import encrypted_fields, key_number, key_numbers
from khet.registers.intake import consistency as sources


@dataclass
class Findings:
    """Faults must be mended; notices are worth knowing. `objects` counts what the catalogue holds, by kind."""

    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    objects: dict[str, int] = field(default_factory=dict)

    @property
    def document(self) -> dict:
        return {"ok": not self.faults, **asdict(self)}


def findings() -> Findings:
    """Everything that is wrong or worth knowing, found in one go."""
    found = Findings()
    _catalogue(found)
    _framework(found)
    _home(found)
    _records(found)
    return found


def _catalogue(found: Findings) -> None:
    forget()  # what was changed a moment ago is what is asked about
    content = catalogue()
    found.objects = {kind: len(content.all(kind)) for kind in sorted(content.objects)}
    found.faults += content.faults
    rooms = (
        problems, sources.problems, frameworks.problems, surveys.problems, programmes.problems, cases.problems,
        logbooks.problems, warnings.problems,
    )  # fmt: skip
    for problems_of in rooms:
        found.faults += problems_of(content)
    if not any(found.objects.values()):
        found.faults.append(Fault("catalogue", "", "is empty: the installation is damaged, install Khet again"))


def _framework(found: Findings) -> None:
    """What the parts say of themselves: assets, navigation, settings."""
    for message in run_checks():
        place = str(message.id or "settings")
        words = f"{message.msg} {message.hint or ''}".strip()
        (found.faults if message.level >= ERROR else found.notices).append(Fault("installation", place, words))


def _home(found: Findings) -> None:
    if os.name != "nt":
        for path in (*home().glob("khet.sqlite3*"), *room("keys").glob("*.key"), room("uploads"), room("facts")):
            if path.stat().st_mode & 0o077:
                words = f"others on this machine may read it; run: chmod -R go= {path}"
                found.faults.append(Fault(str(path), "", words))
    if settings.DEBUG and (settings.HTTPS or not _only_this_machine()):
        found.faults.append(Fault("settings", "KHET_DEBUG", "shows records to whoever meets a fault; unset it"))
    if not settings.HTTPS and not _only_this_machine():
        words = "the office is served without https: passwords travel readably. Put a proxy before it, set KHET_HTTPS=1"
        found.notices.append(Fault("settings", "KHET_HTTPS", words))
    for folder in sorted(home().glob("replaced-*")):
        found.notices.append(Fault(str(folder), "", "holds what a restore replaced; delete it when it is not needed"))


def _only_this_machine() -> bool:
    return set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}


def _records(found: Findings) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            if (verdict := cursor.fetchone()[0]) != "ok":
                found.faults.append(Fault(_database_name(), "", f"is damaged ({verdict}); restore a backup"))
        _keys(found, cursor)
    for seal in broken_seals():
        words = (
            f"entries {seal.first} to {seal.last}, sealed {be_datetime(seal.sealed_at)}, "
            "were changed or removed since; compare with a backup"
        )
        found.faults.append(Fault("audit trail", str(seal.last), words))


def _keys(found: Findings, cursor) -> None:
    """Every key that a record was written with is there."""
    quote = connection.ops.quote_name
    there = key_numbers()
    for one in encrypted_fields():
        table, column = quote(one.model._meta.db_table), quote(one.column)
        cut = "substr" if connection.vendor == "sqlite" else "substring"
        cursor.execute(f"SELECT DISTINCT {cut}({column}, 1, 2) FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608
        missing = {key_number(start) for (start,) in cursor.fetchall()} - there
        for number in sorted(missing):
            words = f"key {number} is missing: put field-{number:03}.key back into {room('keys')} from a backup"
            found.faults.append(Fault(one.model._meta.label, one.name, words))


def _database_name() -> str:
    return Path(str(connection.settings_dict["NAME"])).name
