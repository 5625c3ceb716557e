"""One's own page, the page behind a one-time link, and the doors that stay shut."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from khet.core.accounts import queries, services
from khet.core.accounts.forms import NewPasswordForm, ProfileForm
from khet.core.accounts.words import browser_words


def profile(request):
    """Name, roles, language, second factor and where one is signed in."""
    user = request.user
    form = ProfileForm(request.POST or None, initial={"language": user.language})
    if request.method == "POST" and form.is_valid():
        services.choose_language(user, form.cleaned_data["language"])
        response = redirect("own:profile")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)  # the account's choice holds again
        messages.success(request, _("Saved."))
        return response
    context = {
        "form": form,
        "grants": [grant for grant in queries.grants_of(user) if grant.state != "ended"],
        "factors": queries.second_factors(user),
        "sessions": [(session, browser_words(session.user_agent)) for session in queries.sessions_of(user)],
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/profile.html", context)


@require_POST
def session_end(request, pk):
    """Sign out on another machine; 0 means on all others."""
    if pk == 0:
        services.end_sessions(request.user, but=request.session.session_key)
    else:
        session = get_object_or_404(request.user.usersession_set, pk=pk)
        session.end()
    messages.success(request, _("Signed out there."))
    return redirect("own:profile")


@login_not_required
@never_cache
@sensitive_post_parameters("password", "again")
def welcome(request, who, token):
    """Behind a one-time link: the invited person chooses a password, then signs in with it."""
    user = queries.invited(who, token)
    if user is None:
        return render(request, "accounts/welcome_gone.html", status=404)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        services.accept_invitation(user, form.cleaned_data["password"])
        messages.success(request, _("The password is set. Sign in with it now."))
        return redirect(settings.LOGIN_URL)
    return render(request, "accounts/welcome.html", {"form": form, "person": user}, status=422 if form.errors else 200)


@login_not_required
def forgotten(request):
    """A password is forgotten, and this installation sends no mail: who helps then."""
    return render(request, "accounts/forgotten.html")


@login_not_required
def closed(request, *args, **kwargs):
    """A page of the sign-in library that an office has no use for."""
    raise Http404
