"""Why can, or can't, this person see this?"""

from django.shortcuts import render

from khet.core.accounts import queries
from khet.core.accounts.access import reads, requires, why
from khet.core.accounts.forms import WhyForm
from khet.core.accounts.words import PERMISSIONS


@requires("users.manage")
@reads
def why_page(request):
    """The question as a form, the decision in words, and the same for every other permission there."""
    form = WhyForm(request.GET or None, viewer=request.user, users=queries.managed_users(request.user))
    context = {"form": form}
    if form.is_valid():
        user, word, org = (form.cleaned_data[name] for name in ("user", "permission", "org"))
        context |= {
            "person": user,
            "org": org,
            "what": PERMISSIONS[word],
            "decision": why(user, word, org),
            "others": [(words, bool(why(user, one, org))) for one, words in PERMISSIONS.items() if one != word],
        }
    return render(request, "accounts/why.html", context)
