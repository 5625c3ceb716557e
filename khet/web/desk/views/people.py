"""Finding people, and opening one record for a reason."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.core.audit.words import verb_words
from khet.core.orgs import queries as orgs
from khet.web.classroom import history
from khet.web.desk.details import in_words
from khet.web.desk.queries import people as queries
from khet.web.desk.queries import record as records
from khet.web.desk.services import people as services

ON_A_PAGE = 25


@requires("people.list")
@never_cache
@reads
def search(request):
    """People by name: name, school and grade, nothing more."""
    text = request.GET.get("q", "").strip()
    if queries.looks_like_an_id(text):
        messages.warning(
            request, _("A number of a person is searched in the field “By ID”: it must not stand in an address.")
        )
        return redirect("desk:people")
    school = orgs.visible(request.user, "people.list").schools().filter(code=request.GET.get("school", "")).first()
    sound = bool(request.GET.get("sound"))
    page, similar = None, []
    if text:
        begins, near = queries.search(request.user, text, school=school, sound=sound)
        page = Paginator(begins, ON_A_PAGE).get_page(request.GET.get("page"))
        page.object_list = queries.shown(list(page.object_list))
        similar = _similar(request.user, near)
    context = {"text": text, "school": school, "sound": sound, "page": page, "similar": similar}
    return render(request, "desk/_people.html" if request.htmx else "desk/people.html", context)


def _similar(viewer, ids: list[int]):
    order = {pk: place for place, pk in enumerate(ids)}
    found = sorted(queries.people(viewer).filter(pk__in=ids), key=lambda person: order[person.pk])
    return queries.shown(found)


@require_POST
@requires("people.list")
@never_cache
def by_identifier(request):
    """The person with a number. The number travels in the body and is kept nowhere; the trail notes the search."""
    try:
        person = queries.by_identifier(request.user, request.POST.get("identifier", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("desk:people")
    record(
        "people.searched_by_id",
        person,
        by=request.user,
        org=person.org if person else request.user.org,
        count=int(bool(person)),
    )
    if person is None:
        messages.info(request, _("Nobody you may see has this number."))
        return redirect("desk:people")
    return redirect("desk:person", person.ref)


@requires("people.list")
@never_cache
@reads
def person(request, ref):
    """A person's record once a reason has been given; before that, the question for it."""
    found = queries.people(request.user).select_related("org").filter(ref=ref).first()
    if found is None:
        return redirect("desk:resident", get_object_or_404(queries.residents(request.user), ref=ref).ref)
    reason = services.opened_because(request.session, found)
    may_open = services.may_open(request.user, found)
    if reason is None or not may_open:
        summary = queries.shown([found])[0]
        context = {"person": found, "summary": summary, "may_open": may_open}
        return render(request, "desk/person_closed.html", context)
    context = {
        "person": found,
        "reason": reason,
        "record": records.plain(request.user, found),
        "history": history.of_person(request.user, found),
        "may_open_sensitive": services.may_open(request.user, found, services.SENSITIVE),
        "may_see_trail": services.may_see_trail(request.user, found),
    }
    if services.opened_because(request.session, found, services.SENSITIVE) and context["may_open_sensitive"]:
        context["sensitive"] = records.sensitive(request.user, found)
    return render(request, "desk/person.html", context)


@require_POST
@requires("people.open")
def open_person(request, ref):
    """Take the reason and open the record, or its sensitive part."""
    found = get_object_or_404(queries.people(request.user), ref=ref)
    level = services.SENSITIVE if request.POST.get("level") == services.SENSITIVE else services.PLAIN
    if not services.may_open(request.user, found, level):
        return redirect("desk:person", ref)
    try:
        services.open_person(request.session, found, request.POST.get("reason", ""), by=request.user, level=level)
    except services.NotOpened as error:
        messages.error(request, str(error))
    return redirect("desk:person", ref)


@requires("people.list")
@never_cache
def resident(request, ref):
    """A child of the civil-registration list: where to look for them, once a reason has been given (POST)."""
    found = get_object_or_404(queries.residents(request.user), ref=ref)
    if request.method == "POST":
        try:
            services.open_person(request.session, found, request.POST.get("reason", ""), by=request.user)
        except services.NotOpened as error:
            messages.error(request, str(error))
        return redirect("desk:resident", ref)
    may_open, reason = services.may_open(request.user, found), services.opened_because(request.session, found)
    context = {"person": found, "may_open": may_open, "reason": reason}
    if may_open and reason:
        context["details"] = in_words(found.details)
    return render(request, "desk/resident.html", context)


@require_POST
@requires("people.open")
@never_cache
def identifier(request, ref):
    """The person's numbers in full, once; the next look asks again."""
    found = get_object_or_404(queries.people(request.user), ref=ref)
    try:
        numbers = services.reveal_identifier(request.session, found, by=request.user)
    except services.NotOpened as error:
        messages.error(request, str(error))
        return redirect("desk:person", ref)
    template = "desk/_identifiers.html" if request.htmx else "desk/identifiers.html"
    return render(request, template, {"person": found, "numbers": numbers, "shown": True})


@requires("people.list")
@never_cache
@reads
def trail(request, ref):
    """Who saw this record, when, and for what."""
    found = get_object_or_404(queries.people(request.user), ref=ref)
    if not services.may_see_trail(request.user, found):
        return redirect("desk:person", ref)
    page = Paginator(records.seen_by(found), 50).get_page(request.GET.get("page"))
    for entry in page.object_list:
        entry.words = verb_words(entry.verb)
    return render(request, "desk/person_trail.html", {"person": found, "page": page})
