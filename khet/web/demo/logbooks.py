"""What the schools of the made-up office have written in their books: risks and drills."""

import random
from datetime import date, timedelta
from importlib.resources import files

import yaml
from django.db import transaction

from khet.core.accounts.models import User
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.queries import schools_of
from khet.engines.logbooks.queries import book_of
from khet.engines.logbooks.services import write

SCHOOLS = 12  # that keep their books; the others have written nothing this year, which the office's page shows


@transaction.atomic
def keep(office: Org, today: date, seed: int) -> int:
    """Write in the books of some schools; how many entries."""
    draw = random.Random(seed)  # noqa: S311  a made-up office
    by = User.objects.get(username="safety")
    schools = list(schools_of(office).order_by("code"))
    chosen, count = draw.sample(schools, min(SCHOOLS, len(schools))), 0
    for shelf in yaml.safe_load(files("khet.web.demo.data").joinpath("logbooks.yaml").read_text(encoding="utf-8")):
        book = book_of(shelf["family"])
        dates = {field.id for field in catalogue().get("form", book.form).fields if field.kind == "date"}
        for school in chosen:
            for said in draw.sample(shelf["entries"], shelf["each"]):
                write(book, school, {id: _day(today, v) if id in dates else v for id, v in said.items()}, by=by)
                count += 1
    return count


def _day(today: date, days: int) -> str:
    return (today + timedelta(days=days)).isoformat()
