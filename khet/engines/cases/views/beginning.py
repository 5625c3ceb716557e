"""Beginning a case: which kind, about whom, and what is known."""

import uuid

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from khet.core.accounts.access import reads, requires
from khet.core.forms.build import form_class
from khet.core.orgs.models import Org
from khet.core.orgs.queries import org_by_code
from khet.engines.cases import editions, queries, seats, services
from khet.engines.cases.queries import finding
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services.beginning import Beginning
from khet.engines.cases.views.base import REFUSED, TAKE_PART
from khet.registers.people.models import Person
from khet.registers.residents.models import Resident


@requires(TAKE_PART)
@reads
def choose(request):
    """Which kind of case, and where."""
    return render(request, "cases/choose.html", {"offers": queries.kinds_to_begin(request.user)})


@requires(TAKE_PART)
@never_cache
def begin(request, kind, code):
    """Begin a case of a kind at a place; where it is about a child, the child is found first."""
    rules, org = kind_at(request, kind, code)
    child = _child(request, rules, org)
    if rules.about in ("pupil", "resident") and child is None:
        return _search(request, rules, org)
    asked, posted = of_catalogue(rules).form(rules.form), request.method == "POST"
    made = form_class(asked.fields if asked else ())
    known = dict(rules.at_school) if org.is_school else {}
    form = made(request.POST, request.FILES) if posted else made(initial=known)
    if posted and form.is_valid():
        own = {"resident" if isinstance(child, Resident) else "person": child} if child else {}
        place = _place(request, rules, org, child)
        beginning = Beginning(org=place, answers=form.answers(), uploads=form.uploads(), owner=None, **own)
        try:
            case = services.begin(rules, beginning, by=request.user)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            if not finding.sees(request.user, case):
                return render(request, "cases/begun.html", {"case": case})
            services.open_case(request.session, case, _("I began this case"), by=request.user)
            return redirect("cases:case", case.ref)
    context = {"kind": rules, "org": org, "form": form, "asked": asked, "child": child,
               "schools": _schools(rules, org, child)}  # fmt: skip
    return render(request, "cases/begin.html", context, status=422 if posted else 200)


def kind_at(request, family: str, code: str) -> tuple[CaseKind, Org]:
    """The kind and the place of an address, when the viewer may begin such a case there. Raises Http404."""
    rules, org = editions.of_family(family, timezone.localdate()), org_by_code(code)
    if rules is None or org is None or not seats.roles_at(request.user, org) & set(rules.open_by):
        raise Http404
    return rules, org


def _schools(rules: CaseKind, org: Org, child) -> list[Org]:
    """The schools an office may begin it about, where it is about no child."""
    if org.is_school or child is not None or rules.about in ("pupil", "resident"):
        return []
    return finding.schools_below(org)


def _place(request, rules: CaseKind, org: Org, child) -> Org:
    if isinstance(child, Person) and child.org is not None and child.org.is_under(org):
        return child.org
    chosen = org_by_code(request.POST.get("school") or None)
    return chosen if chosen is not None and chosen.is_under(org) else org


def _child(request, rules: CaseKind, org: Org):
    """The child named by the address: a pupil or a listed child the viewer may list below the place."""
    try:
        ref = uuid.UUID(request.GET.get("child", ""))
    except ValueError:
        return None
    person = finding.people(request.user, org).filter(ref=ref).first()
    if person is not None or rules.about != "resident":
        return person
    return finding.listed(request.user, org).filter(ref=ref).first()


def _search(request, rules: CaseKind, org: Org):
    words = request.GET.get("q", "").strip()
    found = finding.children(request.user, org, words, with_listed=rules.about == "resident")
    return render(
        request,
        "cases/find_child.html",
        {"kind": rules, "org": org, "found": found, "words": words, "most": finding.FOUND},
    )
