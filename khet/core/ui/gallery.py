"""Made-up content for the gallery of components. Nothing here is an office's number."""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.ui import charts
from khet.core.ui.forms import BuddhistDateField
from khet.core.ui.status import STATUSES

YEARS = ["2563", "2564", "2565", "2566", "2567", "2568"]


class SampleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("As on the citizen card."))
    born = BuddhistDateField(label=gettext_lazy("Birth date"))
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), choices=[("", "–"), ("p1", "ป.1"), ("p2", "ป.2")], required=False
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), widget=forms.RadioSelect,
        choices=[("a", gettext_lazy("Absent")), ("b", gettext_lazy("On leave"))],
    )  # fmt: skip
    agreed = forms.BooleanField(label=gettext_lazy("I have checked the list"))
    note = forms.CharField(label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)


class SampleFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Name"), required=False)
    grade = forms.ChoiceField(label=gettext_lazy("Grade"), choices=[("", "–"), ("p1", "ป.1")], required=False)


class SampleUpload(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"))


def content(request) -> dict:
    """Everything the gallery shows."""
    schools = [_("Sample school %(n)s") % {"n": n} for n in range(1, 58)]
    now = timezone.now()
    return {
        "statuses": list(STATUSES),
        "icons": _icon_names(),
        "form": SampleForm(),
        "faulty": SampleForm({"name": "", "born": "31/02/2567", "kind": "a"}),
        "filters": SampleFilter(request.GET or None),
        "upload": SampleUpload(),
        "page": Paginator(schools, 10).get_page(request.GET.get("page")),
        "values": [71.5, 74, None, 78.2, 83, 91.25],
        "ages": [
            now,
            now - timedelta(days=1),
            now - timedelta(days=12),
            now - timedelta(days=300),
            now - timedelta(days=1200),
        ],
        "faults": [
            {
                "where": _("students.xlsx, sheet 1, row 41:"),
                "what": _("there is no grade “ป.7”."),
                "mend": _("Write ป.1 to ป.6, or correct the school's level."),
            }
        ],
        "line": _line(),
        "bars": _bars(schools),
        "heat": _heat(schools),
        "scatter": _scatter(schools),
        "map_url": reverse("ui:gallery_map"),
    }


def _icon_names():
    from khet.core.ui.assets import manifest

    return manifest().get("icons", [])


def _line():
    return charts.line(
        YEARS, {_("Sample rate"): [81.2, 83.9, 82.4, 84.0, 83.1, 92.6]}, unit="%", target=90, low=70, high=100,
        limits=[charts.Limits(0, 5, 77.8, 83.4, 89.0)], signals=[5], x_title=_("Academic year"), name="sample-line",
        summary=_("Made-up: the rate stayed between 81 and 84% until 2567 and rose to 92.6% in 2568, beyond chance."),
    )  # fmt: skip


def _bars(schools):
    values = [98 - 2.4 * at for at in range(16)]
    items = [
        {
            "name": school,
            "value": value,
            "status": "met" if value >= 90 else "near" if value >= 80 else "missed",
            "href": "#top",
        }
        for school, value in zip(schools, values, strict=False)
    ]
    return charts.bars(
        items, unit="%", target=90, high=100, title=_("School"), name="sample-bars",
        summary=_("Made-up: 4 of 16 schools reach 90 per cent; the lowest stands at 62."),
    )  # fmt: skip


def _heat(schools):
    sources = [_("Enrolment"), _("Staff"), _("Absences"), _("Marks")]
    values = [
        [(row * 37 + column * 23) % 101 if (row + column) % 7 else None for column in range(4)] for row in range(8)
    ]
    return charts.heatmap(
        sources, schools[:8], values, unit="%", title=_("School"), name="sample-heatmap",
        summary=_("Made-up: how complete four sources are at eight schools."),
    )  # fmt: skip


def _scatter(schools):
    points = [
        {"name": school, "x": 20 + 11 * at % 300, "y": 55 + (at * 13) % 41, "status": ["met", "near", "missed"][at % 3]}
        for at, school in enumerate(schools[:40])
    ]
    return charts.scatter(
        points, x_name=_("Pupils"), y_name=_("Score"), title=_("School"), name="sample-scatter",
        summary=_("Made-up: score against size of forty schools; no pattern."),
    )  # fmt: skip


def map_data() -> dict:
    """GeoJSON of an invented district with three schools."""
    ring = [[99.8, 19.0], [100.1, 19.05], [100.2, 19.2], [100.0, 19.35], [99.75, 19.2], [99.8, 19.0]]
    places = [(99.9, 19.1, "met"), (100.05, 19.2, "near"), (99.95, 19.27, "missed")]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": _("Sample district")},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            },
            *(
                {
                    "type": "Feature",
                    "properties": {
                        "name": _("Sample school %(n)s") % {"n": n},
                        "status": status,
                        "word": str(STATUSES[status][1]),
                    },
                    "geometry": {"type": "Point", "coordinates": [x, y]},
                }
                for n, (x, y, status) in enumerate(places, start=1)
            ),
        ],
    }


def plan() -> dict:
    """A plan home with six strategies, all of it made up."""
    percent, children, events = "%", _("children"), _("events")
    strategies = [
        (_("Sound management"), [
            (_("Sample level of the office's management"), "met", 5, 5, "", [3, 4, 4, 5]),
            (_("Sample satisfaction of those served"), "near", 83.2, 85, percent, [78, 80, 81.5, 83.2]),
        ]),
        (_("Quality schools"), [
            (_("Sample share of schools rated good or better"), "missed", 71.4, 90, percent, [62, 66, 70, 71.4]),
        ]),
        (_("Every child in school"), [
            (_("Sample number of children in no school"), "missed", 14, 0, children, [40, 31, 22, 14]),
        ]),
        (_("Safe places to learn"), [(_("Sample number of harmful events"), "met", 3, 5, events, [9, 7, 6, 3])]),
        (_("Learning for this century"), [
            (_("Sample share of active-learning schools"), "no_data", None, 80, percent, []),
            (_("Sample share of sufficiency schools"), "near", 76, 80, percent, [60, 64, 71, 76]),
        ]),
        (_("Able teachers"), [
            (_("Sample share of competent teachers"), "no_target", 88.1, None, percent, [84, 85, 88.1]),
        ]),
    ]  # fmt: skip
    keys = ("name", "status", "value", "target", "unit", "history")
    rows = [(title, [dict(zip(keys, one, strict=True)) for one in indicators]) for title, indicators in strategies]
    every = [indicator for _title, indicators in rows for indicator in indicators]
    return {
        "strategies": [
            {"number": at, "title": title, "indicators": found} for at, (title, found) in enumerate(rows, start=1)
        ],
        "counts": [(status, sum(one["status"] == status for one in every)) for status in STATUSES],
        "as_of": timezone.now() - timedelta(days=3),
    }
