"""Leads every page to the wizard while nobody has an account."""

from django.shortcuts import redirect

from khet.core.accounts.queries import nobody_works_here

_OPEN = ("/setup/", "/static/", "/-/")  # the wizard itself, its looks, its language


class FirstRunMiddleware:
    """Asks the database until somebody works here; from then on it costs nothing."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.in_use = False

    def __call__(self, request):
        if not self.in_use and not request.path.startswith(_OPEN):
            self.in_use = request.user.is_authenticated or not nobody_works_here()
            if not self.in_use:
                return redirect("setup:begin")
        return self.get_response(request)
