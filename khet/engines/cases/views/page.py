"""One case: closed until a reason is given, then everything in it."""

from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.audit.services import record
from khet.core.catalogue import catalogue
from khet.core.files.responses import serve
from khet.core.forms.answers import readable
from khet.core.ui.papers import KINDS, paper_response
from khet.core.workflow.machine import open_moves
from khet.engines.cases import letters, queries, seats, services
from khet.engines.cases.forms import (
    AssignForm,
    HandOverForm,
    LevelForm,
    MemberForm,
    MessageForm,
    NoteForm,
    PartyForm,
    ReasonForm,
    TaskForm,
    users_near,
    users_to_name,
    users_who_see,
)
from khet.engines.cases.models import Case
from khet.engines.cases.queries import finding
from khet.engines.cases.views.base import REFUSED, TAKE_PART, case_or_404, opened_or_404

AT_HAND = 3  # steps and contacts that stand as buttons; the rest opens on demand


@requires(TAKE_PART)
@never_cache
@reads
def case(request, ref):
    """A case once it was opened for a reason; before that, the question for it."""
    found = case_or_404(request, ref)
    if services.opened_because(request.session, found.ref) is None:
        reasons = [_("I work on this case"), _("I supervise this case")]
        context = {"case": found, "form": ReasonForm(), "reasons": reasons, "system": _system(found)}
        return render(request, "cases/closed.html", context)
    return render(request, "cases/case.html", _context(request, found))


@require_POST
@requires(TAKE_PART)
@never_cache
def open_case(request, ref):
    """Take the reason and open the case."""
    found = case_or_404(request, ref)
    try:
        services.open_case(request.session, found, request.POST.get("reason", ""), by=request.user)
    except REFUSED as error:
        form = ReasonForm(request.POST)
        form.is_valid()
        form.add_error(None, str(error)) if not form.errors else None
        context = {"case": found, "form": form, "reasons": [], "system": _system(found)}
        return render(request, "cases/closed.html", context, status=422)
    return redirect("cases:case", found.ref)


def _system(case: Case):
    return catalogue().find("system", case.edition.system)


def _context(request, case: Case) -> dict:
    kind, roles = case.kind, seats.roles_in(request.user, case)
    moves = open_moves(case.rules.workflow, case.state, roles)
    prompts = queries.waiting_prompts(case)
    works, manages = seats.WORKER in roles, seats.MANAGER in roles
    contacts = [
        one
        for one in kind.contacts
        if (case.is_open or one.afterwards) and roles & {*(one.by or ("worker",)), "manager"}
    ]
    tasks = list(case.tasks.select_related("owner", "done_by"))
    people = [(p, kind_role(kind, p.role), _born(p)) for p in case.parties.filter(left_at__isnull=True)]
    return {
        "case": case, "kind": kind, "system": _system(case), "roles": roles, "works": works, "manages": manages,
        **_moves(moves), "prompts": [(p, kind.contact(p.done_by)) for p in prompts], "contacts": contacts,
        "contacts_few": _few(contacts), "contacts_rest": contacts[len(_few(contacts)) :],
        "facts": readable(case.rules.fields.values(), case.known, sensitive=True), "events": queries.timeline(case),
        "tasks": tasks, "open_tasks": [t for t in tasks if t.done_at is None],
        "parties": people, "members": case.members.filter(until__isnull=True).select_related("user"),
        "files": case.files.filter(contact=None, file__removed_at__isnull=True).select_related("file"),
        "links": list(finding.linked(request.user, case)),
        "referrals": case.referrals.select_related("to", "by", "answered_by"),
        "waiting_here": seats.waiting_here(request.user, case), "now": timezone.now(),
        "letters": letters.on_offer(case) if works else [], "reporter": getattr(case, "reporter", None),
        "messages_": case.messages.select_related("by"), "mergeable": manages and "merge" in moves,
        **_forms(request, case, works, manages),
    }  # fmt: skip


def _moves(moves) -> dict:
    """The moves of a page: a few at hand in the order of the workflow, the rest on demand, those that lead back."""
    onward = [(id, move) for id, move in moves.items() if not move.undo and id != "merge"]
    back = [(id, move) for id, move in moves.items() if move.undo]
    few = _few(onward)
    return {"onward": few, "onward_rest": onward[len(few) :], "back": back}


def _few(things: list) -> list:
    """The first of them; all, when only one would be left over."""
    return things[:AT_HAND] if len(things) > AT_HAND + 1 else things


def _born(party):
    """The day of birth of a party, where the case knows it."""
    written = party.details.get("birth_date")
    return date.fromisoformat(written) if written else party.person.birth_date if party.person_id else None


def kind_role(kind, code: str) -> str:
    """What a party is in the case, in words."""
    if code == "child":
        return _("Child")
    return next((str(role.title) for role in kind.parties if role.code == code), code)


def _forms(request, case: Case, works: bool, manages: bool) -> dict:
    """The small forms of a page; each has ids of its own, so that every label belongs to one field."""
    if not works or not case.is_open:
        return {"note_form": NoteForm(auto_id="note_%s") if works else None}
    seen = users_who_see(case)
    forms = {"note_form": NoteForm(auto_id="note_%s"), "task_form": TaskForm(users=seen, auto_id="task_%s"),
             "message_form": MessageForm(auto_id="message_%s")}  # fmt: skip
    if case.kind.parties:
        forms["finds_party"] = any(role.counts for role in case.kind.parties)
        forms["party_form"] = PartyForm(kind=case.kind, users=users_to_name(case), auto_id="party_%s")
    if case.kind.levels:
        forms["level_form"] = LevelForm(kind=case.kind, initial={"level": case.level}, auto_id="level_%s")
    if manages:
        forms["assign_form"] = AssignForm(users=seen, initial={"user": case.owner_id}, auto_id="assign_%s")
        forms["hand_form"] = HandOverForm(case=case, auto_id="hand_%s")
        forms["member_form"] = MemberForm(users=users_near(case), auto_id="member_%s")
    return forms


@requires(TAKE_PART)
@never_cache
def file(request, ref, pk):
    """A file of an opened case; each is noted in the trail."""
    case = opened_or_404(request, ref)
    attachment = case.files.select_related("file").filter(pk=pk, file__removed_at__isnull=True).first()
    if attachment is None:
        raise Http404
    record("case.file_shown", case, by=request.user, org=case.org)
    return serve(attachment.file, inline=True)


@requires(TAKE_PART)
@never_cache
def letter(request, ref, code, form):
    """A letter of a case, as pdf or docx; each is noted in the trail."""
    case = opened_or_404(request, ref)
    definition = next((one for one in letters.on_offer(case) if one.code == code), None)
    if definition is None or form not in KINDS or seats.WORKER not in seats.roles_in(request.user, case):
        raise Http404
    record("case.letter_made", case, by=request.user, org=case.org, after={"letter": code, "form": form})
    language = (get_language() or "th")[:2]
    return paper_response(letters.made(case, definition, language), form, f"{case.number}-{code}")
