"""Language, colours and office of the viewer; error pages; the gallery of components."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from khet.core.accounts.access import can
from khet.core.accounts.services import choose_language
from khet.core.ui import gallery as samples
from khet.core.ui import place
from khet.core.ui.context import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_POST
def language(request):
    """Change the language of the pages; who is signed in keeps it on every machine."""
    response = set_language(request)
    chosen = request.POST.get("language")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES) and request.user.language != chosen:
        choose_language(request.user, chosen)
    return response


@login_not_required
@require_POST
def theme(request):
    """Remember light, dark or the device's own colours. The cookie holds no more than that word."""
    chosen = request.POST.get("theme")
    response = _back(request)
    if chosen in THEMES:
        # Read by theme.js before the first paint, so a script may see it.
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=False
        )
    return response


@require_POST
def office(request):
    """Look at another office the viewer holds a role in."""
    if not place.choose_office(request, request.POST.get("office", "")):
        raise Http404
    return HttpResponseRedirect("/")


def _back(request):
    """To the page the form stood on, when it is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if ours else "/")


def _gallery_only(view):
    """Open to those who build pages: while debugging, or with the right to change the catalogue."""

    @wraps(view)
    def guarded(request):
        if not (settings.DEBUG or can(request.user, "catalogue.write")):
            raise Http404
        return view(request)

    return guarded


@_gallery_only
def gallery(request):
    """Every component once, with made-up content: for those who build pages, and for the accessibility tests."""
    return render(request, "ui/gallery.html", samples.content(request))


@_gallery_only
def gallery_plan(request):
    """A plan home made of the components."""
    return render(request, "ui/gallery_plan.html", samples.plan())


@_gallery_only
def gallery_map(request):
    return JsonResponse(samples.map_data())


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Without context processors: whatever broke may be in them."""
    return render(None, "500.html", status=500)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)
