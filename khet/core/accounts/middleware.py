"""The viewer's language, and where a visit begins (for "what changed since my last visit")."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation

VISIT_PAUSE = timedelta(minutes=30)  # a longer silence ends a visit
NOTE_EVERY = timedelta(minutes=5)  # so that a page costs no write


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
        user._meta.model.objects.filter(pk=user.pk).update(**fields)
