"""Addresses. A room brings its own; order decides where two could match."""

from django.conf import settings
from django.urls import include, path

from khet.core.accounts.views import closed, forgotten

handler400 = "khet.core.ui.views.bad_request"
handler403 = "khet.core.ui.views.forbidden"
handler404 = "khet.core.ui.views.not_found"
handler500 = "khet.core.ui.views.server_error"

# Pages of the sign-in library that an office has no use for: accounts, their e-mails and outside identities are the
# administrator's business, and without mail nobody can be sent a link.
CLOSED = {
    "signup/": "account_signup",
    "email/": "account_email",
    "confirm-email/": "account_email_verification_sent",
    "confirm-email/<str:key>/": "account_confirm_email",
    "password/set/": "account_set_password",
    "login/code/confirm/": "account_confirm_login_code",
    "3rdparty/": "socialaccount_connections",
    "3rdparty/signup/": "socialaccount_signup",
}
if not settings.KHET_SENDS_MAIL:
    CLOSED |= {
        "password/reset/done/": "account_reset_password_done",
        "password/reset/key/<str:uidb36>-<str:key>/": "account_reset_password_from_key",
        "password/reset/key/done/": "account_reset_password_from_key_done",
    }
    FORGOTTEN = [path("account/password/reset/", forgotten, name="account_reset_password")]
else:
    FORGOTTEN = []

urlpatterns = [
    *FORGOTTEN,
    *[path(f"account/{address}", closed, name=name) for address, name in CLOSED.items()],
    path("account/", include("allauth.urls")),
    path("", include("khet.core.ui.urls")),
    path("setup/", include("khet.web.setup.urls")),
    path("me/", include("khet.core.accounts.own_urls")),
    path("notices/", include("khet.core.notices.urls")),
    path("users/", include("khet.core.accounts.urls")),
    path("orgs/", include("khet.core.orgs.urls")),
    path("audit/", include("khet.core.audit.urls")),
    path("import/", include("khet.registers.intake.urls")),
    path("linkage/", include("khet.registers.linkage.urls")),
    path("surveys/", include("khet.engines.surveys.urls")),
    path("s/", include("khet.engines.surveys.public_urls")),
    path("programmes/", include("khet.engines.programmes.urls")),
    path("cases/", include("khet.engines.cases.urls")),
    path("report/", include("khet.engines.cases.public_urls")),
    path("logbooks/", include("khet.engines.logbooks.urls")),
    path("early-warning/", include("khet.insight.earlywarning.urls")),
    path("plan/", include("khet.plan.urls")),
    path("assessments/", include("khet.engines.assessments.urls")),
    path("class/", include("khet.web.classroom.urls")),
    path("overviews/", include("khet.web.overviews.urls")),
    path("fell-behind/", include("khet.web.behind.urls")),
    path("patterns/", include("khet.web.patterns.urls")),
    path("", include("khet.web.desk.urls")),
]
