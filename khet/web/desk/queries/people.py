"""Finding people by name as people write names, within what the viewer may list."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F, Q
from rapidfuzz import fuzz, process

from khet.core.orgs.models import Org
from khet.kit.identifiers import clean_person_id
from khet.kit.secrets import keyed_hash
from khet.kit.thai import arabic_digits, name_words
from khet.registers.people.models import PERSON_ID, Enrolment, Identifier, Person, StaffPost
from khet.registers.residents.models import Resident
from khet.web.desk.details import code_words

LIKE_ENOUGH = 72  # rapidfuzz ratio of two folded names; below it the second name is another one
MOST_SIMILAR = 40


@dataclass(frozen=True)
class Found:
    """A person in a list: no more than it takes to tell who is meant."""

    ref: str
    name: str
    school: Org | None
    role: str  # grade of a pupil, position of staff
    why: str = ""  # "", "similar" or "sound"


def people(viewer):
    """Everybody whose name the viewer may list."""
    return Person.objects.visible_to(viewer, "people.list")


def residents(viewer):
    """Every child of the civil-registration lists whose name the viewer may list."""
    return Resident.objects.visible_to(viewer, "people.list").select_related("org")


def looks_like_an_id(text: str) -> bool:
    """True for what may be a person's number: such a text never stays in an address."""
    plain = "".join(char for char in arabic_digits(text) if char.isalnum())
    return sum(char.isdigit() for char in plain) >= 9


def search(viewer, text: str, *, school: Org | None = None, sound: bool = False):
    """(queryset of those whose name begins so, list of ids of those whose name is similar).

    One word is a first or a last name; of two, the first is the first name. Prefixes, tone marks and spaces do not
    matter.
    """
    scope = people(viewer)
    if school:
        scope = scope.filter(org=school)
    words = name_words(text)
    if not words:
        return scope.none(), []
    begins = scope.filter(_begins(words)).order_by("name_key", "pk")
    return begins, [] if begins[:1] and not sound else _similar(scope, words, sound)


def _begins(words: list[str]) -> Q:
    if len(words) == 1:
        return Q(name_key__startswith=words[0]) | Q(name_key__contains=f"|{words[0]}")
    return Q(name_key__startswith=words[0], name_key__contains=f"|{''.join(words[1:])}")


def _similar(scope, words: list[str], sound: bool) -> list[int]:
    """Ids of persons whose names come near in letters (or, when asked, in sound), the nearest first."""
    keys = dict(scope.values_list("pk", "name_key"))
    if len(words) > 1:
        wanted = f"{words[0]}|{''.join(words[1:])}"
        hits = process.extract(wanted, keys, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=MOST_SIMILAR)
        near = [pk for _key, _score, pk in hits]
    else:
        names = {pk: key.partition("|")[0] for pk, key in keys.items()}
        last = {pk: key.partition("|")[2] for pk, key in keys.items()}
        hits = process.extract(words[0], names, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=MOST_SIMILAR)
        hits += process.extract(words[0], last, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=MOST_SIMILAR)
        near = [pk for _key, _score, pk in sorted(hits, key=lambda hit: -hit[1])]
    if sound:
        near += _sounding(keys, words)
    return list(dict.fromkeys(near))[:MOST_SIMILAR]


def _sounding(keys: dict[int, str], words: list[str]) -> list[int]:
    wanted = [_sound(word) for word in words]
    found = []
    for pk, key in keys.items():
        first, _bar, last = key.partition("|")
        sounds = (_sound(first), _sound(last))
        if (len(wanted) == 1 and wanted[0] in sounds) or (len(wanted) > 1 and tuple(wanted[:2]) == sounds):
            found.append(pk)
    return found


@lru_cache(maxsize=100_000)
def _sound(name: str) -> str:
    """The LK82 code of a Thai name: names that sound alike share it."""
    if not name:
        return ""
    from pythainlp.soundex import lk82

    return lk82(name)


def by_identifier(viewer, text: str) -> Person | None:
    """The person with this number among those the viewer may list; None when nobody has it.

    raises  ValueError for a number that cannot be one
    """
    kind, plain = clean_person_id(text)
    if not kind:
        return None
    hit = Identifier.objects.filter(value_hash=keyed_hash(plain, PERSON_ID), until__isnull=True).values("person_id")
    return people(viewer).filter(pk__in=hit).first()


def shown(persons: list[Person]) -> list[Found]:
    """Persons as a list shows them; two queries whatever their number."""
    ids = [person.pk for person in persons]
    grades = _latest(Enrolment.objects.filter(person_id__in=ids), "grade")
    posts = _latest(StaffPost.objects.filter(person_id__in=ids), "position")
    rows = []
    for person in persons:
        school, role = grades.get(person.pk) or posts.get(person.pk) or (None, "")
        words = role if person.pk in grades else code_words("positions", role)
        rows.append(Found(str(person.ref), str(person), school, words))
    return rows


def _latest(rows, field: str) -> dict[int, tuple[Org, str]]:
    newest: dict[int, tuple[Org, str]] = {}
    within = F("entered").asc(nulls_first=True) if field == "grade" else "pk"
    for row in rows.select_related("school").order_by("year", within):
        newest[row.person_id] = (row.school, getattr(row, field))
    return newest
