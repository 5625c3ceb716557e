"""To a person outside a case it does not exist: not in lists, search, counts, files, notices, the trail or refusals."""

import re
import uuid

import pytest
from django.urls import reverse

from khet.core.activity import activities
from khet.core.notices.models import Notice
from khet.engines.cases import queries
from khet.engines.cases.models import Case
from tests.properties import walk

pytestmark = pytest.mark.django_db
QUICK = ("office_admin", "director", "school_director")  # the others tell less and take a minute more
ROLES = ("promoter", "supervisor", "safety_officer", "school_registrar", "teacher", "viewer", "planner")


@pytest.fixture(params=[*QUICK, *(pytest.param(role, marks=pytest.mark.slow) for role in ROLES)])
def user(request, two_offices):
    return two_offices[0].user(request.param)


@pytest.fixture
def kept(two_offices):
    return [one for office in two_offices for one in office.cases]


@pytest.fixture
def unknown(user, kept):
    """Numbers of the cases that the user is outside of; there are always some."""
    found = {one.number for one in kept if not one.is_known_to(user)}
    assert found
    return found


def told(unknown, text: str, sent: str = "") -> set[str]:
    text = walk.without(text, sent)
    return {number for number in unknown if number in text} | {ref for ref in map(str, refs(unknown)) if ref in text}


def refs(numbers) -> list[uuid.UUID]:
    return list(Case.objects.filter(number__in=numbers).order_by("pk").values_list("ref", flat=True))


def test_no_list_search_or_file_holds_it(client, user, unknown):
    client.force_login(user)
    for query in ({}, {"closed": "on"}, {"overdue": "on"}, {"unassigned": "on"}, {"kind": "safety"}, {"kind": "iep"}):
        assert not told(unknown, walk.text_of(client.get(reverse("cases:inbox"), query)))
        assert not told(unknown, walk.text_of(client.post(reverse("cases:export"), query)))
    for number in sorted(unknown):
        for page, name in (("cases:inbox", "words"), ("audit:list", "about"), ("desk:people", "q")):
            assert not told(unknown, walk.text_of(client.get(reverse(page), {name: number})), number), page
        assert not told(unknown, walk.text_of(client.post(reverse("cases:export"), {"words": number})), number)


def test_no_count_counts_it(user, kept, unknown, two_offices):
    mine = [one for one in kept if one.is_known_to(user)] if user.paths("cases.take_part") else []
    assert queries.counts(user)["open"] == len(mine)
    office = two_offices[0].place.org
    families = {case.number: case.edition.system for case in Case.objects.select_related("edition")}
    counted = {system for one in mine if (system := families[one.number])}
    for system, found in activities(user, office).items():
        about_cases = [one for one in found if "/cases/" in (one.url or "")]
        assert bool(about_cases) == (system in counted), system


def test_no_notice_and_no_entry_of_the_trail_speaks_of_it(client, user, unknown):
    words = Notice.objects.filter(user=user).values_list("words_th", "words_en", "url")
    assert not told(unknown, str(list(words)))
    client.force_login(user)
    for number in ("", *sorted(unknown)):
        for page in ("audit:list", "audit:export"):
            for method in (client.get, client.post):
                assert not told(unknown, walk.text_of(method(reverse(page), {"about": number})), number)
    for ref, pk in Case.objects.filter(number__in=unknown).values_list("ref", "pk"):
        shown = walk.text_of(client.get(reverse("audit:list"), {"about": f"cases.case:{pk}"}))
        assert not told(unknown, shown) and str(ref) not in shown


def test_a_refusal_is_that_of_a_case_that_never_was(client, user, unknown):
    """The same words and the same status, so that nobody learns from it whether there is one."""
    client.force_login(user)
    nobody = uuid.UUID(int=4)
    for name, more in (("case", ()), ("open", ()), ("note", ()), ("merge", ()), ("link", ()), ("move", ("close",))):
        for method in ("get", "post"):
            never = answer(client, method, nobody, name, more)
            for ref in refs(unknown)[:4]:
                assert answer(client, method, ref, name, more) == never, name


def answer(client, method: str, ref, name: str, more) -> tuple[int, str]:
    url = reverse(f"cases:{name}", args=[ref, *more])
    response = getattr(client, method)(url, {"reason": "curious", "text": "?"})
    text = walk.text_of(response).replace(str(ref), "")
    return response.status_code, strip(text)


def strip(text: str) -> str:
    """The page itself, without what each answer has of its own: a token, and the minute at which it was made."""
    main = text[text.find("<main") : text.find("</main>")]
    main = re.sub(r'<div class="k-print-head".*?</div>', "", main)
    return re.sub(r'(name="csrfmiddlewaretoken" value)="\w+"', r"\1", main)


def test_a_number_that_may_not_be_entered_is_one_that_does_not_exist(client, user, unknown):
    client.force_login(user)
    never = client.post(reverse("cases:enter"), {"number": "SAF-1-2569-99999", "reason": "needed today"})
    mine = {case.number for case in Case.objects.filter(number__in=unknown) if may(user, case)}
    for number in sorted(unknown - mine):
        answer = client.post(reverse("cases:enter"), {"number": number, "reason": "needed today"})
        assert answer.status_code == never.status_code
        assert strip(walk.text_of(answer)).replace(number, "") == strip(walk.text_of(never)).replace(
            "SAF-1-2569-99999", ""
        )


def may(user, case) -> bool:
    from khet.engines.cases.services.circling import may_enter

    return may_enter(user, case)
