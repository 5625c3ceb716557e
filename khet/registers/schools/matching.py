"""Which school a file means by the code and the name it writes; never guessed silently."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from khet.core.orgs.models import Kind, Org
from khet.kit.thai import arabic_digits, fold, fold_loosely, tidy
from khet.registers.schools.models import NameAlias

Certainty = Literal["exact", "alias", "similar", "none"]

# With the right code a name this like is a way of spelling; below it an officer decides.
SAME_CODE = 0.80
# Without a code nothing below this is worth suggesting.
WORTH_SUGGESTING = 0.60
_SCHOOL = re.compile(r"^(?:โรงเรียน|ร\.ร\.|รร\.)\s*")
_BRACKETS = re.compile(r"[(（\[].*$")
# What sort of place founded the school; files swap one for another (ตำบลสันทราย, บ้านสันทราย).
_SORT = re.compile("^(?:บ้าน|ตำบล|วัด|ชุมชน|อนุบาล)")


@dataclass(frozen=True)
class Match:
    """The org a code and name mean, or the best suggestion.

    certainty   exact: code and name agree; alias: an officer confirmed this name; similar: the code agrees and the
                name nearly; none: `suggestion` (score 0–1) waits for an officer
    """

    org: Org | None
    certainty: Certainty
    score: float
    suggestion: Org | None = None


@lru_cache(maxsize=50_000)
def school_key(name: str) -> str:
    """A school's name for comparison: no prefix, spaces, brackets or Thai digits; ฏ as ฎ, which typists confuse."""
    return fold(_SCHOOL.sub("", arabic_digits(tidy(name)))).replace("ฏ", "ฎ")


@lru_cache(maxsize=50_000)
def _plain(name: str) -> str:
    """The name without what stands in brackets, tone marks dropped."""
    return fold_loosely(_BRACKETS.sub("", _SCHOOL.sub("", tidy(name)))).replace("ฏ", "ฎ")


def likeness(a: str, b: str) -> float:
    """How alike two names of schools are, 0–1; 1 where they differ in signs only."""
    if school_key(a) == school_key(b):
        return 1.0
    if fold_loosely(school_key(a)) == fold_loosely(school_key(b)):
        return 0.98
    bracketed = bool(_BRACKETS.search(a)) != bool(_BRACKETS.search(b))
    if bracketed and _plain(a) and _plain(a) == _plain(b):
        return 0.95
    own = _plain(_SORT.sub("", _SCHOOL.sub("", tidy(a))))
    if len(own) > 2 and own == _plain(_SORT.sub("", _SCHOOL.sub("", tidy(b)))):
        return 0.85
    return 0.9 * fuzz.ratio(fold_loosely(school_key(a)), fold_loosely(school_key(b))) / 100


class Matcher:
    """Matches against the orgs of one part of the tree, loaded once."""

    def __init__(self, orgs: Iterable[Org]):
        self.by_code = {org.code: org for org in orgs}
        self.by_key: dict[str, list[Org]] = {}
        for org in self.by_code.values():
            if org.closed is None:
                self.by_key.setdefault(school_key(org.name), []).append(org)
                if org.name_en:
                    self.by_key.setdefault(school_key(org.name_en), []).append(org)
        ids = {org.pk: org for org in self.by_code.values()}
        aliases = NameAlias.objects.values_list("key", "org_id")
        self.aliases = {key: ids[pk] for key, pk in aliases if pk in ids}
        self._seen: dict[tuple[str, str], Match] = {}

    def match(self, code: str | None, name: str | None) -> Match:
        """What a code and a name mean; either may be empty."""
        pair = (code or "", tidy(name or ""))
        if pair not in self._seen:
            self._seen[pair] = self._match(*pair)
        return self._seen[pair]

    def _match(self, code: str, name: str) -> Match:
        if name and (known := self.aliases.get(alias_key(code, name)) or self.aliases.get(alias_key("", name))):
            return Match(known, "alias", 1.0)
        named = self.by_key.get(school_key(name), []) if name else []
        if org := self.by_code.get(code):
            if not name:
                return Match(org, "exact", 1.0)
            score = likeness(name, org.name)
            if org in named or score >= 0.98:
                return Match(org, "exact", score)
            if named:  # the name is another school's, letter by letter: code or name is wrong
                return Match(None, "none", 1.0, named[0])
            return Match(org, "similar", score) if score >= SAME_CODE else Match(None, "none", score, org)
        if not code and len(named) == 1:
            return Match(named[0], "exact", 1.0)
        if not name:
            return Match(None, "none", 0.0)
        return self._suggest(name)

    def _suggest(self, name: str) -> Match:
        best = max(
            ((likeness(name, org.name), org) for org in self.by_code.values() if org.closed is None),
            key=lambda pair: pair[0], default=(0.0, None),
        )  # fmt: skip
        return Match(None, "none", best[0], best[1] if best[0] >= WORTH_SUGGESTING else None)


def alias_key(code: str, name: str) -> str:
    """Key of a confirmed name: with the code the file gives beside it, since two schools may share a name."""
    return f"{code}|{school_key(name)}"[:200]


def matcher(scope: Org | None, *, kinds=(Kind.SCHOOL,)) -> Matcher:
    """A matcher over the orgs at and below `scope` (every org when there is none)."""
    orgs = Org.objects.filter(kind__in=kinds)
    return Matcher(orgs.filter(path__startswith=scope.path) if scope else orgs)


def match(code: str, name: str, office: Org) -> Match:
    """What a code and a name mean among the schools of an office."""
    return matcher(office).match(code, name)
