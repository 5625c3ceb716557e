"""Maps the office brings: boundaries and points."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.accounts.access import can, requires
from khet.core.ui.place import current_office
from khet.web.desk.models import MapLayer
from khet.web.desk.queries import geo
from khet.web.desk.services import maps as services


class LayerForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=MapLayer.Kind.choices)
    file = forms.FileField(label=gettext_lazy("GeoJSON file"))


@requires("orgs.manage")
def layers(request):
    """The layers there are, and a file for a new one."""
    office = current_office(request)
    form = LayerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and office and can(request.user, "orgs.manage", office):
        upload = form.cleaned_data["file"]
        try:
            layer = services.import_layer(
                office, form.cleaned_data["kind"], upload.read(services.LARGEST + 1), by=request.user, name=upload.name
            )
            messages.success(request, _("%(count)s features are on the map.") % {"count": len(layer.features)})
            return redirect("desk:layers")
        except services.MapError as error:
            form.add_error("file", str(error))
    page = {
        "form": form,
        "layers": geo.layers(request.user, office),
        "limit": services.LARGEST,
    }
    return render(request, "desk/layers.html", page, status=422 if form.errors else 200)
