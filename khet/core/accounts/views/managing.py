"""Pages of who manages users: list, account, roles, first sign-in, lost second factor."""

import base64

from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts import queries, services
from khet.core.accounts.access import can, reads, requires
from khet.core.accounts.forms import GrantForm, NewUserForm, PersonForm, ReasonForm, UserFilter

MANAGE = "users.manage"
ROWS = 50


@requires(MANAGE)
@reads
def user_list(request):
    """Who works here, with roles and last visit."""
    form = UserFilter(request.GET or None, viewer=request.user)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.users_with(
        queries.managed_users(request.user), words=chosen.get("q", ""), role=chosen.get("role", ""),
        state=chosen.get("state", ""), org=chosen.get("org"),
    )  # fmt: skip
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "accounts/list.html", {"form": form, "page": page})


@requires(MANAGE)
def user_new(request):
    """A new account, with its first role and its way in."""
    form = NewUserForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = services.open_account(
                given["username"], full_name=given["full_name"], org=given["org"], email=given["email"],
                language=given["language"], role=given["role"], by=request.user,
            )  # fmt: skip
        except services.AccountError as error:
            form.add_error(None, str(error))
        else:
            return _hand_over(request, user, given["entry"])
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.errors else 200)


@requires(MANAGE)
@reads
def user_page(request, pk):
    """One account: what it may do where, since when, and what can be done about it."""
    return render(request, "accounts/user.html", _about(request, _user(request, pk)))


@requires(MANAGE)
def user_edit(request, pk):
    user = _user(request, pk)
    initial = {"full_name": user.full_name, "email": user.email, "org": user.org, "language": user.language}
    form = PersonForm(request.POST or None, viewer=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_user(user, by=request.user, **form.cleaned_data)
        except services.AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:user", pk)
    return render(request, "accounts/edit.html", {"form": form, "person": user}, status=422 if form.errors else 200)


@requires(MANAGE)
@require_POST
def role_grant(request, pk):
    user = _user(request, pk)
    form = GrantForm(request.POST, viewer=request.user)
    if form.is_valid():
        try:
            services.grant_role(user, by=request.user, **form.cleaned_data)
        except services.AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The role is granted."))
            return redirect("accounts:user", pk)
    return render(request, "accounts/user.html", _about(request, user, grant_form=form), status=422)


@requires(MANAGE)
@require_POST
def role_end(request, pk, grant):
    user = _user(request, pk)
    held = get_object_or_404(user.roles.all(), pk=grant)
    return _done(request, pk, lambda: services.end_role(held, by=request.user), _("The role has ended."))


@requires(MANAGE)
@require_POST
def user_invite(request, pk):
    return _hand_over(request, _user(request, pk), "link")


@requires(MANAGE)
@require_POST
def user_password(request, pk):
    return _hand_over(request, _user(request, pk), "password")


@requires(MANAGE)
@require_POST
def second_factor_reset(request, pk):
    user = _user(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/user.html", _about(request, user, reason_form=form), status=422)
    done = lambda: services.reset_second_factor(user, by=request.user, reason=form.cleaned_data["reason"])  # noqa: E731
    return _done(request, pk, done, _("The second factor is taken away; the person sets up a new one."))


@requires(MANAGE)
@require_POST
def user_active(request, pk):
    user, active = _user(request, pk), request.POST.get("active") == "1"
    words = _("The account is open again.") if active else _("The account is closed and signed out everywhere.")
    return _done(request, pk, lambda: services.set_active(user, active, by=request.user), words)


def qr_code(text: str) -> str:
    """An image address that shows the text as a QR code."""
    svg = get_adapter().build_totp_svg(text)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _user(request, pk):
    return get_object_or_404(queries.managed_users(request.user), pk=pk)


def _about(request, user, **forms) -> dict:
    return {
        "person": user,
        "grants": queries.grants_of(user),
        "factors": queries.second_factors(user),
        "manages": services.manages(request.user, user),
        "is_self": user.pk == request.user.pk,
        "may_audit": can(request.user, "audit.read", user.org),
        "grant_form": GrantForm(viewer=request.user, initial={"org": user.org}),
        "reason_form": ReasonForm(),
        **forms,
    }


def _done(request, pk, act, words):
    """Do it and say so, or say why not; back to the account either way."""
    try:
        act()
    except services.AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("accounts:user", pk)


def _hand_over(request, user, entry: str):
    """The page that shows a one-time link or a temporary password, this once."""
    try:
        if entry == "password":
            context = {"password": services.give_temporary_password(user, by=request.user)}
        elif entry == "link":
            services.invite(user, by=request.user)
            link = request.build_absolute_uri(reverse("own:welcome", args=queries.invitation(user)))
            context = {"link": link, "qr": qr_code(link)}
        else:
            raise Http404
    except services.AccountError as error:
        messages.error(request, str(error))
        return redirect("accounts:user", user.pk)
    return render(request, "accounts/hand_over.html", {"person": user, **context})
