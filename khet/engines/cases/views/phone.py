"""A report by phone: somebody at the office types what a caller says, and reads out the code that leads to it."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khet.core.accounts.access import requires
from khet.core.forms.build import form_class
from khet.core.orgs.models import Kind
from khet.core.orgs.queries import org_by_code
from khet.engines.cases import services
from khet.engines.cases.queries import finding
from khet.engines.cases.schema.kept import of_catalogue
from khet.engines.cases.services.reporting import Report
from khet.engines.cases.views.base import REFUSED, TAKE_PART
from khet.engines.cases.views.beginning import kind_at
from khet.engines.cases.views.public import PLACE


@requires(TAKE_PART)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request, kind, code):
    """The questions of the public page, asked on the phone; the answer shows the code, once, and no name."""
    rules, office = kind_at(request, kind, code)
    if rules.public is None or office.kind != Kind.OFFICE:
        raise Http404
    posted = request.method == "POST"
    asked = of_catalogue(rules).form(rules.public.form)
    form = form_class(asked, upload=False)(request.POST if posted else None)
    places = [office, *finding.schools_below(office)]
    place = org_by_code(request.POST.get(PLACE) or "-") if posted else None
    place = place if place in places else None
    fault = "" if place or not posted else _("Choose the school.")
    if posted and form.is_valid() and place:
        try:
            case, secret = services.report(rules, Report(place, form.answers()), taken_by=request.user)
        except REFUSED as error:
            form.add_error(None, str(error))
        else:
            sees = finding.sees(request.user, case)
            return render(request, "cases/phone_taken.html",
                          {"kind": rules, "org": office, "case": case, "code": secret, "sees": sees})  # fmt: skip
    context = {"kind": rules, "org": office, "form": form, "places": places, "place": place, "place_fault": fault,
               "place_name": PLACE}  # fmt: skip
    return render(request, "cases/phone.html", context, status=422 if posted else 200)
