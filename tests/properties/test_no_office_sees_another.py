"""Whatever a person asks for, no word, code or number of another office or another school comes back."""

import pytest
from django.http import HttpResponseNotFound
from django.urls import reverse

from khet.config import urls
from khet.engines.cases.models import Case
from khet.engines.programmes.models import Participant
from tests.properties import walk
from tests.properties.cases import WORDS
from tests.properties.offices import PERSON

pytestmark = pytest.mark.django_db
LIST_NOBODY = {"supervisor", "viewer"}  # who sees numbers only reads no name of a person
QUICK = {(0, "office_admin"), (1, "school_director")}  # the two that tell most; the others take a minute more


def seats(office: int):
    """(number of the office, role, whether at the school) of everybody who can ask in an office, and the quick two.

    The offices are made alike, so each seat is taken in one of them: pages are walked from the second, to which a page
    that takes "the first office" for one's own would show the other; addresses are tried from the first.
    """
    from khet.core.catalogue import catalogue

    for number in (0, 1):
        for role in catalogue().all("role"):
            for kind in role.at:
                quick = (number, role.id) in QUICK
                if kind != "ministry" and (quick or number == office):
                    marks = () if quick else pytest.mark.slow
                    yield pytest.param(number, role.id, kind, marks=marks, id=f"{role.id}-at-{kind}-of-{number}")


def viewer_of(two_offices, office, role, kind):
    """(user, places below the user's own, places above it, places that are strange to him)."""
    mine, other = two_offices[office], two_offices[1 - office]
    user = next(user for user in mine.users if user.roles.get().role == role and user.org.kind == kind)
    path = user.org.path
    own = [place for place in mine.places if place.org.path.startswith(path)]
    above = [place for place in mine.places if path.startswith(place.org.path) and place not in own]
    strange = [place for place in mine.places if place not in own and place not in above] + other.places
    return user, own, above, strange


def test_every_address_is_walked(two_offices):
    known = set(walk.general()) | walk.NOWHERE
    known |= {page for office in two_offices for place in office.places for page in place.addresses}
    missing = {name for name in walk.names() if name not in known and not name.startswith(walk.LIBRARY)}
    assert not missing, "say in walk.py or offices.py what these pages show"


@pytest.fixture
def short_refusals(monkeypatch):
    """A refusal without its page: of thousands of them only the status is looked at. One test reads the page."""
    monkeypatch.setattr(urls, "handler404", lambda request, exception=None: HttpResponseNotFound())


@pytest.mark.parametrize(("office", "role", "kind"), list(seats(1)))
def test_no_page_tells_of_a_strange_place(client, two_offices, short_refusals, office, role, kind):
    user, own, above, strange = viewer_of(two_offices, office, role, kind)
    client.force_login(user)
    unknown = [kept for office in two_offices for kept in office.cases if not kept.is_known_to(user)]
    faults, own_words, naming = [], set(), set()
    for url, text in pages(client, [*own, *above]):
        faults += [f"{url}: {found}" for found in walk.told(text, strange)]
        faults += [f"{url}: the case {kept.number}" for kept in unknown if kept.stands_in(text)]
        faults += [f"{url}: words of a case that was not opened"] * (WORDS in text)
        own_words |= {word for place in own for word in place.words if word in text}
        naming |= {url} if PERSON in text else set()
    assert not faults, "\n".join(faults)
    if role == "office_admin":
        assert own_words == {word for place in own for word in place.words}, "the walk meets what it looks for"
    if kind == "office" and role in LIST_NOBODY:
        assert naming == (teachers_of_programmes(two_offices[office]) if role == "supervisor" else set())


def pages(client, places):
    """(address, all it says) of every page, for what the places have to show."""
    asked = [(name, arguments) for name, found in walk.general().items() for arguments in found]
    asked += [(name, arguments) for place in places for name, found in place.addresses.items() for arguments in found]
    for name, arguments in asked:
        if name in walk.LEAVES or (url := walk.address(name, arguments)) is None:
            continue
        response = client.get(url)
        assert response.status_code < 500, url
        if response.status_code not in (404, 405):
            yield url, walk.text_of(response)


@pytest.mark.parametrize(("office", "role", "kind"), list(seats(0)))
def test_to_a_stranger_nothing_of_another_place_exists(client, two_offices, short_refusals, office, role, kind):
    user, _own, _above, strange = viewer_of(two_offices, office, role, kind)
    client.force_login(user)
    faults = []
    for place in strange:
        for name, all_arguments in place.addresses.items():
            for arguments in all_arguments[:2]:  # two of a kind tell as much as ten
                url = walk.address(name, arguments)
                for method in (client.get, client.post):
                    status = method(url).status_code
                    if status not in (404, 405):  # a method that a page does not know it refuses to everybody
                        faults.append(f"{method.__name__} {url}: {status}")
        for name in sorted(walk.BY_INDICATOR):
            url = walk.address(name, ("pupil_harm",))
            status = client.get(url, {"org": place.org.code}).status_code
            if status not in (404, 405):
                faults.append(f"{url}?org={place.org.code}: {status}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ["director", "school_director"])
def test_a_refusal_tells_nothing_of_what_is_refused(client, two_offices, role):
    """The page of a refusal, once for every kind of address of a strange place."""
    kind = "school" if role == "school_director" else "office"
    user, _own, _above, strange = viewer_of(two_offices, 0, role, kind)
    client.force_login(user)
    seen, faults = set(), []
    for place in strange:
        for name, (first, *_others) in place.addresses.items():
            url = walk.address(name, first)
            if name not in seen and (response := client.get(url)).status_code == 404:
                seen.add(name)
                text = walk.text_of(response).replace(url, "")  # the address that was asked for, to come back to
                faults += [f"{name}: {found}" for found in walk.told(text, strange)]
    assert len(seen) > 50
    assert not faults, "\n".join(faults)


def teachers_of_programmes(office):
    """The pages of teachers who take part in a programme of the office: who runs it must know whom it is for."""
    teachers = Participant.objects.filter(kind="teacher", org__path__startswith=office.place.org.path)
    return {reverse(name, args=[one.pk]) for one in teachers for name in ("programmes:participant", "programmes:leave")}


@pytest.mark.parametrize("role", ["office_admin", pytest.param("director", marks=pytest.mark.slow)])
def test_a_case_outside_of_ones_circle_does_not_exist(client, two_offices, role):
    """A role that opens everything else in the office opens no case that is kept to its members."""
    office = two_offices[0]
    user = office.user(role)
    client.force_login(user)
    numbers = {kept.number for kept in office.cases if not kept.is_known_to(user)}
    refs = Case.objects.filter(number__in=numbers).values_list("ref", flat=True)
    assert refs
    for ref in refs:
        for page in ("cases:case", "cases:open", "cases:note", "cases:refer", "cases:assign"):
            url = reverse(page, args=[ref])
            assert client.get(url).status_code in (404, 405) and client.post(url).status_code in (404, 405), url


def test_a_case_about_staff_does_not_exist_for_the_head_of_the_school(client, two_offices):
    """It is one of those that no page tells the head of (above) and has no address for it; the office sees it."""
    for office in two_offices:
        school = office.schools[0].org
        case = Case.objects.get(edition__family="safety", about=school)
        head = next(user for user in office.users if user.org == school and user.roles.get().role == "school_director")
        (kept,) = [kept for kept in office.cases if kept.number == case.number]
        assert case.passed_by and not kept.is_known_to(head)
        of_case = [(page, arguments) for page, every in office.schools[0].addresses.items() for arguments in every]
        of_case = [walk.address(page, arguments) for page, arguments in of_case if case.ref in arguments]
        client.force_login(head)
        assert {method(url).status_code for url in of_case for method in (client.get, client.post)} <= {404, 405}
        client.force_login(office.user("safety_officer"))
        assert client.get(reverse("cases:case", args=[case.ref])).status_code == 200
