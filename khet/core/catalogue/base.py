"""What every catalogue object is made of."""

from typing import Annotated, Literal

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
