"""A risk written down by every school, and its addresses."""

from khet.core.catalogue import catalogue
from khet.engines.logbooks import services
from tests.engines.logbooks.conftest import risk


def write_logbooks(schools, *, name_of, by):
    """An entry in the risk register of each school; its words hold the token that only the school bears."""
    book = catalogue().get("logbook", "safety_risks_2565")
    for place in schools:
        entry = services.write(book, place.org, risk(risk_words=f"บันได{name_of(place.org)}"), by=by)
        place.add("logbooks:book logbooks:new", book.family, place.org.code)
        place.add("logbooks:entry logbooks:edit logbooks:withdraw", entry.pk)
