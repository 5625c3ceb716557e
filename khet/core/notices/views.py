"""The bell's page: what one should know, and how to hear of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads
from khet.core.notices import queries, services
from khet.core.notices.forms import ChannelForm


@reads
def overview(request):
    """One's notices, newest first, the unread ones marked."""
    page = Paginator(queries.notices_of(request.user), 30).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"page": page, "unread": queries.unread(request.user)})


@require_POST
def read(request, pk):
    """Mark one as read (0: all) and go where it leads."""
    if pk == 0:
        services.mark_read(request.user)
        return redirect("notices:list")
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    services.mark_read(request.user, pk)
    inside = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if notice.url and inside else "notices:list")


def channel(request):
    """Choose how and when notices are sent."""
    found = queries.channel_of(request.user)
    names = ("by", "line_id", "when", "quiet_from", "quiet_until", "muted")
    form = ChannelForm(request.POST or None, user=request.user, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        services.choose_channel(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notices:list")
    return render(request, "notices/channel.html", {"form": form}, status=422 if form.errors else 200)
