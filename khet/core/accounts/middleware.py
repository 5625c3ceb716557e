"""The viewer's language, where a visit begins, the lock of an idle desk, headers that keep a page to its reader."""

from datetime import timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.signing import BadSignature, TimestampSigner
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation
from django.utils.translation import gettext as _

VISIT_PAUSE = timedelta(minutes=30)  # a longer silence ends a visit
NOTE_EVERY = timedelta(minutes=5)  # so that a page costs no write

IDLE_COOKIE = "khet-awake"
WATCHED = "watched"  # key in the session
_idle = TimestampSigner(salt="khet.idle")
# Open to who must first change a temporary password.
_ON_THE_WAY = ("account_change_password", "account_logout", "account_reauthenticate", "ui:language", "ui:theme")


class VisitMiddleware:
    """Uses the language of the account unless the browser has chosen one, and notes visits."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated:
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
            self._note(user)
        return self.get_response(request)

    @staticmethod
    def _note(user):
        now = timezone.now()
        if user.seen_at and now - user.seen_at < NOTE_EVERY:
            return
        fields = {"seen_at": now}
        if not user.seen_at or now - user.seen_at > VISIT_PAUSE:
            fields |= {"last_visit": user.seen_at, "visit_began": now}
        for name, value in fields.items():
            setattr(user, name, value)
        _update_unless_busy(user, fields)


def _update_unless_busy(user, fields: dict) -> None:
    """A page must not wait for a long load to end, only to note that somebody came: then the next page notes it."""
    rows = user._meta.model.objects.filter(pk=user.pk)
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        rows.update(**fields)
        return
    patience = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
        try:
            rows.update(**fields)
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience}")


class GuardMiddleware:
    """Signs out who left the desk, holds a temporary password to its purpose, keeps pages out of shared caches."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        signed_in = request.user.is_authenticated
        if signed_in and _fell_asleep(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while. Sign in to go on."))
            response = _lead(request, f"{resolve_url(settings.LOGIN_URL)}?next={_way_back(request)}")
            response.delete_cookie(IDLE_COOKIE)
            return response
        if signed_in and request.user.must_change_password and not _is_on_the_way(request):
            return _lead(request, resolve_url("account_change_password"))
        response = self.get_response(request)
        _keep_to_reader(request, response)
        return response


def _fell_asleep(request) -> bool:
    """The signed cookie tells the last step and costs no write; a session that began with one must show it."""
    if WATCHED not in request.session:
        return False
    try:
        whose = _idle.unsign(
            request.COOKIES.get(IDLE_COOKIE, ""), max_age=timedelta(minutes=settings.KHET_IDLE_MINUTES)
        )
    except BadSignature:
        return True
    return whose != str(request.user.pk)


def watch(request) -> None:
    """From this sign-in on the desk is locked when it is left; called where a person signs in."""
    request.session[WATCHED] = True


def _is_on_the_way(request) -> bool:
    return request.path in {resolve_url(name) for name in _ON_THE_WAY}


def _way_back(request) -> str:
    return quote(request.get_full_path() if request.method == "GET" and not _is_htmx(request) else "/")


def _is_htmx(request) -> bool:
    return request.headers.get("HX-Request") == "true"


def _lead(request, url: str) -> HttpResponse:
    """To another page, also out of a fragment."""
    return HttpResponse(headers={"HX-Redirect": url}) if _is_htmx(request) else redirect(url)


def _keep_to_reader(request, response) -> None:
    response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()")
    response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.user.is_authenticated:
        # The next person at the same machine finds nothing in the browser's memory.
        response.setdefault("Cache-Control", "private, no-store")
        _stay_awake(request, response)


def _stay_awake(request, response) -> None:
    response.set_cookie(
        IDLE_COOKIE, _idle.sign(str(request.user.pk)), httponly=True, secure=settings.SESSION_COOKIE_SECURE,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )  # fmt: skip
