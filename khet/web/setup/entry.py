"""Who may run the wizard: whoever sits at the machine, or holds the word that `khet serve` printed there."""

from functools import wraps
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from khet.core.accounts.queries import nobody_works_here

_KEY = "setup"  # in the session, once the word was right


def first_run(view):
    """Open a view to the public, but only while nobody has an account, and only to who holds the word."""

    @wraps(view)
    @login_not_required
    def guarded(request, *args, **kwargs):
        if not nobody_works_here():
            raise Http404
        if not _holds_the_word(request):
            wrong = "token" in request.POST or "token" in request.GET
            closed = settings.KHET_SETUP_TOKEN is None
            return render(request, "setup/locked.html", {"wrong": wrong, "closed": closed}, status=403)
        return view(request, *args, **kwargs)

    return guarded


def _holds_the_word(request) -> bool:
    word = settings.KHET_SETUP_TOKEN
    if word is None:
        return False  # served by something else than `khet serve`: nobody has been told a word
    if word == "" or request.session.get(_KEY) == word:
        return True
    given = request.POST.get("token") or request.GET.get("token") or ""
    if compare_digest(given.encode(), word.encode()):
        request.session[_KEY] = word
        return True
    return False
