"""What every catalogue object is made of."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, TypeVar

from django.utils.translation import get_language
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

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


def _in_each_language(words: Text) -> Text:
    if blank := [name for code, name in (("th", "Thai"), ("en", "English")) if not getattr(words, code).strip()]:
        raise ValueError(f"has no words in {' and '.join(blank)}; write them.")
    return words


# A text that people act on, whichever language they read: neither may be left blank.
FullText = Annotated[Text, AfterValidator(_in_each_language)]


def _in_both(words):
    return Text(th=words, en=words) if isinstance(words, str) else words


def _not_blank(words: Text) -> Text:
    if not (words.th.strip() and words.en.strip()):
        raise ValueError("is blank; name the law, circular, manual or convention.")
    return words


def _as_written(words: Text) -> str | dict[str, str]:
    """Words of one language stay one string, so that what an office wrote keeps its digest and its look."""
    return words.th if words.th == words.en else {"th": words.th, "en": words.en}


# Where something comes from: {th: …, en: …}, or one string that is shown as it is in both languages.
Citation = Annotated[Text, BeforeValidator(_in_both), AfterValidator(_not_blank), PlainSerializer(_as_written)]


class Sourced(Strict):
    """An object that says where it comes from and how sure that is.

    source      law, circular, manual or convention, with its year; in Thai and English
    certainty   verified: read in the source; knowledge: known, not re-read; unsure: ask the office;
                design: Khet's own choice
    """

    id: Annotated[str, Field(min_length=1)]
    source: Citation
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
