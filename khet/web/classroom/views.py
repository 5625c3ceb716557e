"""Pages of a class."""

from collections import Counter
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from khet.core.accounts.access import reads, requires
from khet.core.workflow.machine import MoveNotAllowed
from khet.engines.cases.errors import CaseError
from khet.engines.cases.services import open_case, opened_because
from khet.engines.cases.views.base import case_or_404
from khet.kit.periods import academic_year
from khet.registers.progress import queries as progress
from khet.registers.progress import services as progress_services
from khet.registers.progress.queries import Room
from khet.registers.progress.services import RollError
from khet.web.classroom import queries, services
from khet.web.classroom import results as read_results
from khet.web.classroom import screening as screens
from khet.web.classroom.forms import HALVES, KINDS, DayForm, exceptions

LOOKS_AFTER = "absences.write"
NO_ROOM = "-"  # stands in the address for the only room of a grade
MY_CLASS = "my_class"
REFUSED = (CaseError, MoveNotAllowed, RollError)


@requires(LOOKS_AFTER)
@never_cache
@reads
def rooms(request):
    """The rooms of the viewer's school, with who has called today's roll."""
    schools = queries.schools(request.user)
    if not schools:
        raise Http404
    chosen = next((one for one in schools if one.code == request.GET.get("school")), schools[0])
    today = timezone.localdate()
    context = {"schools": schools, "school": chosen, "rooms": queries.rooms(request.user, chosen, today),
               "today": today, "mine": request.session.get(MY_CLASS)}  # fmt: skip
    return render(request, "classroom/rooms.html", context)


@requires(LOOKS_AFTER)
@never_cache
@reads
def room(request, code, grade, room):
    """A class on a day."""
    here, day = _room(request, code, grade, room), _day(request.GET.get("day", ""))
    request.session[MY_CLASS] = [code, grade, room]
    found, setup = queries.rows(request.user, here, day), queries.rules()
    today = timezone.localdate()
    context = {
        "room": here, "address": [code, grade, room], "day": day, "today": today, "rows": found, "setup": setup,
        "call": progress.call_of(here, day), "kinds": KINDS, "halves": HALVES, "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None, "day_form": DayForm(initial={"day": day}),
        "letters": [row for row in found if row.letter], "tasks": queries.tasks(found, today),
        "to_visit": [row for row in found if row.case and not row.visited],
        "without_case": [row for row in found if row.case is None], "may_begin": _may_begin(request.user, here, setup),
        "groups": _groups(found),
    }  # fmt: skip
    return render(request, "classroom/room.html", context)


def _groups(found) -> list[tuple]:
    """[(level, how many)] of the class's cases, the most pressing first."""
    levels = [level for row in found if row.case and (level := row.case.level_of)]
    counts = Counter(level.code for level in levels)
    known = {level.code: level for level in levels}
    return sorted(((known[code], count) for code, count in counts.items()), key=lambda one: -one[0].rank)


def _may_begin(viewer, here: Room, setup) -> bool:
    return setup is not None and screens.kind_for(viewer, here, setup) is not None


@require_POST
@requires(LOOKS_AFTER)
def roll(request, code, grade, room):
    """Call the roll: whoever is not marked was there."""
    here, day = _room(request, code, grade, room), _day(request.POST.get("day", ""))
    pupils = progress.pupils(request.user, here, day, LOOKS_AFTER)
    given = exceptions(request.POST, pupils)
    try:
        progress_services.call_roll(here, day, given, by=request.user)
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        away = sum(kind != "late" for kind, _part in given.values())
        words = ngettext("Roll called: %(away)d of %(all)d away.", "Roll called: %(away)d of %(all)d away.", away)
        messages.success(request, words % {"away": away, "all": len(pupils)})
    return _back(code, grade, room, day)


@require_POST
@requires(LOOKS_AFTER)
def take_back(request, code, grade, room):
    """Undo the newest call of the day."""
    here, day = _room(request, code, grade, room), _day(request.POST.get("day", ""))
    try:
        progress_services.take_back(here, day, by=request.user)
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The call was taken back."))
    return _back(code, grade, room, day)


@require_POST
@requires(LOOKS_AFTER)
def begin(request, code, grade, room):
    """Take everybody of the class who has none yet into the year's cases."""
    here, setup = _room(request, code, grade, room), queries.rules()
    if setup is None:
        raise Http404
    try:
        made = services.begin_for(queries.rows(request.user, here, timezone.localdate()), setup, here, by=request.user)
    except REFUSED as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d pupil was taken in.", "%(count)d pupils were taken in.", len(made))
        messages.success(request, words % {"count": len(made)})
    return _back(code, grade, room, timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
@requires(LOOKS_AFTER)
@never_cache
def screening(request, code, grade, room):
    """Screen the whole class on one page: who needs nothing is left as it stands."""
    here, setup = _room(request, code, grade, room), queries.rules()
    page = setup and screens.of_class(request.user, here, setup, request.POST if request.method == "POST" else None)
    if not page:
        raise Http404
    if request.method == "POST" and page.is_valid():
        try:
            count = services.screen_class(page.found, setup, here, page.given(), by=request.user)
        except REFUSED as error:
            page.fault = str(error)
        else:
            words = ngettext("%(count)d pupil was screened.", "%(count)d pupils were screened.", count)
            messages.success(request, words % {"count": count})
            return _back(code, grade, room, timezone.localdate())
    context = {"room": here, "address": [code, grade, room], "page": page, "setup": setup}
    return render(request, "classroom/screening.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@requires("cases.take_part")
def open_contact(request, ref):
    """From the class page to writing down a visit or a letter: the case is opened for just that, and noted so."""
    case = case_or_404(request, ref)
    contact = case.kind.contact(request.POST.get("contact", ""))
    if contact is None:
        raise Http404
    if opened_because(request.session, case.ref) is None:
        open_case(request.session, case, _("Class page: %(what)s") % {"what": contact.title}, by=request.user)
    return redirect("cases:contact", case.ref, contact.code)


@requires("cases.take_part")
@never_cache
def results(request, ref):
    """The results of a questionnaire in an opened case, each in the bands of the table it names."""
    return read_results.page(request, ref, queries.rules())


def _room(request, code: str, grade: str, name: str) -> Room:
    """The class of an address. 404 where the viewer does not look after it, or where nobody is in it."""
    school = queries.school(request.user, code)
    if school is None:
        raise Http404
    today = timezone.localdate()
    wanted = "" if name == NO_ROOM else name
    for one in progress.rooms(request.user, school, today, LOOKS_AFTER):
        if (one.grade, one.room) == (grade, wanted):
            return one
    raise Http404


def _day(text: str) -> date:
    """The day of an address or form; today when it says none, or one that cannot be."""
    today = timezone.localdate()
    field = DayForm({"day": text})
    if not text or not field.is_valid():
        return today
    day = field.cleaned_data["day"]
    return min(day, today) if academic_year(day).year == academic_year(today).year else today


def _back(code: str, grade: str, room: str, day: date):
    address = reverse("classroom:room", args=[code, grade, room])
    return redirect(address if day == timezone.localdate() else f"{address}?day={day.isoformat()}")
