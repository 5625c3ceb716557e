"""Addresses. A room brings its own; order decides where two could match."""

from django.urls import include, path

handler400 = "khet.core.ui.views.bad_request"
handler403 = "khet.core.ui.views.forbidden"
handler404 = "khet.core.ui.views.not_found"
handler500 = "khet.core.ui.views.server_error"

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("", include("khet.core.ui.urls")),
    path("setup/", include("khet.web.setup.urls")),
    path("users/", include("khet.core.accounts.urls")),
    path("audit/", include("khet.core.audit.urls")),
    path("import/", include("khet.registers.intake.urls")),
    path("plan/", include("khet.plan.urls")),
    path("", include("khet.web.desk.urls")),
]
