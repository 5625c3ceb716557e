"""Run as processes of their own on a home of their own: one writes records, others read the facts meanwhile.

    python -m tests.facts.processes prepare | write N | read

Every transaction of the writer adds a pupil to the roll and sets the figure `rooms` to the number of pupils: two feeds,
two files, one state. A reader that ever sees them differ has seen a mix.
"""

import json
import os
import sys
import time
from pathlib import Path


def main(what: str, *args: str) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khet.config.settings")
    django.setup()
    globals()[what](*args)


def prepare() -> None:
    from khet.config.database import bring_up_to_date
    from khet.core.accounts.models import system_user
    from khet.core.orgs.services import create_org

    bring_up_to_date()
    office = create_org("office", "90010000", "สพป.สมมติ เขต 1", by=system_user())
    create_org("school", "90010001", "บ้านริมธาร", office, by=system_user())


def write(times: str) -> None:
    from django.db import transaction

    from khet.core.changes.services import touch
    from khet.core.orgs.models import Org
    from khet.registers.figures.models import Figure
    from tests.facts.records import pupil

    school, waits = Org.objects.get(code="90010001"), []
    for n in range(1, int(times) + 1):
        with transaction.atomic():
            pupil(school)
            Figure.objects.update_or_create(
                org=school, measure="rooms", period="AY2024", grade="", sex="", group="", defaults={"value": n}
            )
            touch("enrolments", years=[2024])
            touch("figures", years=[2024])
            began = time.perf_counter()
        waits.append(time.perf_counter() - began)
        pupils, rooms = _both()
        assert (pupils, rooms) == (n, n), "who has saved sees the new number at once"
    print(json.dumps({"slowest": max(waits)}))


def read() -> None:
    """Reads until the file "stop" appears in the home; prints what it saw."""
    from khet.kit.home import home

    seen, mixed = set(), []
    (home() / f"reading-{os.getpid()}").touch()
    while not (home() / "stop").exists():
        pupils, rooms = _both()
        seen.add(pupils)
        if pupils != rooms:
            mixed.append((pupils, rooms))
        time.sleep(0.002)  # leaves the machine to the writer now and then
    print(json.dumps({"states": len(seen), "mixed": mixed, "last": _both()[0]}))


def _both() -> tuple[float, float]:
    import numpy as np

    from khet.facts import queries
    from tests.facts.records import AY2024

    page = queries.sheet(["pupils", "rooms"], [AY2024])
    place = page.tree.index.get("90010001")
    if place is None:
        return 0.0, 0.0
    return tuple(float(np.nan_to_num(page.rolled([m], AY2024).values[m][place, 0])) for m in ("pupils", "rooms"))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(*sys.argv[1:])
