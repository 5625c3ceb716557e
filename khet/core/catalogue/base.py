"""What every catalogue object is made of."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeVar

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field

Certainty = Literal["verified", "knowledge", "unsure", "design"]


class CatalogueError(LookupError):
    """An id that the catalogue does not hold; names the ids that are near."""


class Strict(BaseModel):
    """A frozen object that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text in Thai and English; `str()` gives the one of the active language."""

    th: str
    en: str

    def __str__(self):
        return self.en if (get_language() or "th").startswith("en") else self.th

    def __bool__(self):
        return bool(self.th or self.en)


class Sourced(Strict):
    """An object that says where it comes from and how sure that is.

    source      law, circular, manual or convention, with its year
    certainty   verified: read in the source; knowledge: known, not re-read; unsure: ask the office;
                design: Khet's own choice
    """

    id: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1)]
    certainty: Certainty = "design"


class Dated(Sourced):
    """An edition: it holds from a day to a day, both included; open where empty."""

    since: date | None = None
    until: date | None = None

    def in_force(self, day: date) -> bool:
        """True when the edition holds on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


Edition = TypeVar("Edition", bound=Dated)


def newest_of_families(editions: Iterable[Edition], day: date) -> list[Edition]:
    """Of each family (its `family`) the edition that began last among those in force on a day."""
    newest: dict[str, Edition] = {}
    for one in editions:
        before = newest.get(one.family)
        if one.in_force(day) and (before is None or (before.since or date.min) < (one.since or date.min)):
            newest[one.family] = one
    return list(newest.values())
