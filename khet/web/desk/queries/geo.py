"""Values on a map: schools as points, areas as the schools in them added up before dividing."""

from collections import defaultdict

from django.urls import reverse

from khet.core.orgs.queries import office_of
from khet.core.ui.formats import number
from khet.core.ui.status import word
from khet.facts import disclosure
from khet.insight.indicators.schema import added_up
from khet.kit.thai import fold
from khet.plan.parts import part_status
from khet.registers.schools.models import School
from khet.web.desk.models import MapLayer
from khet.web.desk.queries.indicator import IndicatorPage
from khet.web.desk.templatetags.desk import sign_of


def features(viewer, page: IndicatorPage) -> dict:
    """A FeatureCollection: boundaries first, so that points lie above them."""
    rows = {row.value.org: row for row in page.rows}
    office = office_of(page.org)
    layers = {layer.kind: layer for layer in MapLayer.objects.filter(org=office)} if office else {}
    schools = list(School.objects.visible_to(viewer).filter(org__code__in=rows).select_related("org"))
    shapes = _areas(page, layers["boundaries"], rows, schools) if "boundaries" in layers else []
    points = _points(page, rows, schools, layers.get("points"))
    for group in (shapes, points):
        _step(group)
    return {"type": "FeatureCollection", "features": shapes + points}


def layers(viewer, office):
    """The maps an office brought, as far as the viewer may see them."""
    return MapLayer.objects.visible_to(viewer).filter(org=office)


def _step(group: list[dict]) -> None:
    """Where no target judges the values, put each into a quarter of their range: 1 (lowest) to 4."""
    judged = {"met", "near", "missed"}
    known = sorted(f["properties"]["number"] for f in group if f["properties"]["number"] is not None)
    stepless = not known or known[0] == known[-1] or any(f["properties"]["status"] in judged for f in group)
    for feature in group:
        number = feature["properties"].pop("number")
        if number is not None and not stepless:
            share = (number - known[0]) / (known[-1] - known[0])
            feature["properties"]["step"] = 1 + min(3, int(4 * share))


def _points(page, rows, schools, layer) -> list[dict]:
    """A point for each school whose place is known: from the register, else from the office's layer."""
    places = {
        s.org.code: [s.longitude, s.latitude] for s in schools if s.latitude is not None and s.longitude is not None
    }
    for feature in layer.features if layer else []:
        places.setdefault(feature["properties"]["code"], feature["geometry"]["coordinates"])
    made = []
    for code, row in rows.items():
        if code in places:
            said = _said(page, row.value.value, row.value.suppressed)
            point = {"type": "Point", "coordinates": places[code]}
            value = None if row.value.suppressed else row.value.value
            made.append(_feature(point, row.name, said, row.status, reverse("desk:school", args=[code]), value))
    return made


def _areas(page, layer: MapLayer, rows, schools) -> list[dict]:
    """The boundaries, each with the value of the schools in it (subdistrict, else district, by name)."""
    inside: dict[str, list] = defaultdict(list)
    for school in schools:
        for name in {fold(school.subdistrict), fold(school.district)} - {""}:
            inside[name].append(rows[school.org.code].value)
    made = []
    for feature in layer.features:
        name = feature["properties"]["name"]
        values = inside.get(fold(name.removeprefix("ตำบล").removeprefix("อำเภอ")), [])
        value, hidden = _together(page, values)
        state = part_status_of(page, value) if values and not hidden else "no_data"
        made.append(_feature(feature["geometry"], name, _said(page, value, hidden), state, "", value))
    return made


def _together(page, values) -> tuple[float | None, bool]:
    """(value of several schools, whether it is withheld): parts are added up, then the formula is applied."""
    if not values:
        return None, False
    if any(value.suppressed for value in values):
        return None, True
    parts = added_up([dict(value.parts) for value in values], page.edition.measures)
    if disclosure.hides_rate(parts, None) and not disclosure.may_see_small(page.viewer, page.org):
        return None, True
    return page.edition.of(parts), False


def part_status_of(page, value: float | None) -> str:
    from dataclasses import replace

    return part_status(replace(page.value, value=value), page.targets)


def _said(page, value, hidden: bool) -> str:
    if hidden:
        return "•"
    return f"{number(value, page.edition.decimals)} {sign_of(page.edition)}".strip() if value is not None else ""


def _feature(geometry, name: str, said: str, status: str, href: str, value: float | None) -> dict:
    properties = {"name": name, "value": said, "word": str(word(status)), "status": status, "number": value}
    if href:
        properties["href"] = href
    return {"type": "Feature", "geometry": geometry, "properties": properties}
