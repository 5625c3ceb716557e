"""Cases of every school of an office, with their addresses: one that a place sees, one kept to its members, and one
about staff, which passes the school by."""

from dataclasses import dataclass

from django.utils import timezone

from khet.core.accounts.models import User
from khet.engines.cases import editions, services
from khet.engines.cases.models import Case
from khet.engines.cases.services.beginning import Beginning, Named
from khet.engines.cases.services.noting import Contacted
from khet.kit.periods import academic_year
from khet.registers.people.models import Enrolment

SEEN_BY_PLACE, CIRCLE, OF_CLASS, PAST_THE_SCHOOL = "return_to_school", "iep", "care", "safety"
ANSWERS = {PAST_THE_SCHOOL: {"event": "harm", "hazard": "HR3", "actor": ["staff"]}}
OF_CASE = "case open note task file_add assign hand_over level member party find_party refer link merge answer"
WORDS = "ถ้อยคำในกรณี"  # in what is written into every case


@dataclass(frozen=True)
class Kept:
    """A case and who may know that it exists, counted the slow way."""

    number: str
    ref: str
    path: str
    readers: frozenset[str]
    members: frozenset[int]

    def is_known_to(self, user: User) -> bool:
        here = any(self.path.startswith(grant.org.path) and grant.role in self.readers for grant in user.grants)
        return here or user.pk in self.members

    def stands_in(self, text: str) -> bool:
        """Whether a text gives it away, by its number or its address."""
        return self.number in text or self.ref in text


def pages(names: str) -> str:
    return " ".join(f"cases:{name}" for name in names.split())


def begin_cases(office, schools, *, by) -> list[Kept]:
    """Make them, and note each at the school it is about."""
    kept = []
    for place in schools:
        pupil = Enrolment.objects.select_related("person").filter(school=place.org).order_by("pk").first().person
        _open_class(place, pupil)
        for family in (SEEN_BY_PLACE, CIRCLE, OF_CLASS, PAST_THE_SCHOOL):
            kind = editions.of_family(family, timezone.localdate())
            case = services.begin(kind, Beginning(org=place.org, person=pupil, answers=ANSWERS.get(family, {})), by=by)
            _fill(place, case, by)
            members = frozenset(case.members.values_list("user", flat=True))
            kept.append(Kept(case.number, str(case.ref), place.org.path, frozenset(kind.read_by), members))
    return kept


def _open_class(place, pupil) -> None:
    """A pupil in a room of this year, so that the page of the class has something to show."""
    year = academic_year(timezone.localdate()).year
    Enrolment.objects.get_or_create(person=pupil, school=place.org, year=year, defaults={"grade": "ป.4", "room": "1"})
    for page in ("room", "roll", "take_back", "begin", "screening"):
        place.add(f"classroom:{page}", place.org.code, "ป.4", "1")


def _fill(place, case: Case, by) -> None:
    place.add(pages(OF_CASE), case.ref)
    place.add("classroom:results classroom:open_contact", case.ref)
    for move in case.rules.workflow.moves:
        place.add("cases:move", case.ref, move)
    services.add_note(case, WORDS, by=by)
    place.add("cases:task_done", case.ref, services.add_task(case, WORDS, by=by).pk)
    contact = case.kind.contacts[0]
    place.add("cases:contact", case.ref, contact.code)
    made = services.record_contact(case, Contacted(contact.code, timezone.localdate()), by=by)
    place.add("cases:withdraw", case.ref, made.pk)
    party = services.add_party(case, Named(case.kind.parties[0].code, WORDS), by=by)
    place.add("cases:party_remove", case.ref, party.pk)
    for member in case.members.all():
        place.add("cases:member_remove", case.ref, member.pk)
    for code in [letter.code for letter in case.kind.letters] or ["nothing"]:
        place.add("cases:letter", case.ref, code, "docx")
    referral = services.refer(case, agency="หน่วยงานสมมติ", reason=WORDS, by=by)
    for answer in ("accept", "decline", "take_back"):
        place.add("cases:referral", referral.pk, answer)
    for page in ("cases:file", "cases:file_remove", "cases:file_restore", "cases:unlink"):
        place.add(page, case.ref, 999_999)
    place.add("cases:begin", case.kind.family, place.org.code)
    place.add("cases:phone", case.kind.family, place.org.code)
