"""Bringing boundaries and points as GeoJSON: checked, trimmed to what a map needs, kept."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from khet.core.audit.services import record
from khet.web.desk.models import MapLayer

LARGEST = 8_000_000
MOST_FEATURES = 5000
DECIMALS = 5  # about a metre; more digits only weigh
_SHAPES = {"Polygon": 3, "MultiPolygon": 4}
_POINTS = {"Point": 1}
_NAMES = ("name", "NAME", "name_th", "NAME_TH", "tambon", "amphoe", "ADM3_TH", "ADM2_TH", "T_NAME_T", "A_NAME_T")
_CODES = ("code", "CODE", "id", "schoolid", "ADM3_PCODE", "ADM2_PCODE")


class MapError(ValueError):
    """A file that is no map layer; says why and what is."""


@transaction.atomic
def import_layer(org, kind: str, content: bytes | dict, *, by, name: str = "") -> MapLayer:
    """The layer of a kind, in place of the one before. Raises MapError.

    kind     boundaries | points
    content  GeoJSON (a FeatureCollection in degrees) as bytes or already parsed
    """
    data = content if isinstance(content, dict) else _parsed(content)
    features = [_feature(feature, kind, number) for number, feature in enumerate(_features(data), start=1)]
    layer, created = MapLayer.objects.update_or_create(
        org=org,
        kind=kind,
        defaults={
            "name": (name or str(MapLayer.Kind(kind).label))[:120],
            "geojson": {"type": "FeatureCollection", "features": features},
            "by": by,
        },
    )
    record("map.imported", layer, by=by, org=org, count=len(features), after={"kind": kind, "new": created})
    return layer


def _parsed(content: bytes) -> dict:
    if len(content) > LARGEST:
        raise MapError(
            _("The file is larger than %(size)s MB. Simplify the boundaries first.") % {"size": LARGEST // 1_000_000}
        )
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise MapError(
            _("This is no GeoJSON. Export the layer as GeoJSON with coordinates in degrees (WGS 84).")
        ) from None


def _features(data) -> list:
    features = data.get("features") if isinstance(data, dict) and data.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not features:
        raise MapError(_("The file holds no features. Export the layer as a GeoJSON FeatureCollection."))
    if len(features) > MOST_FEATURES:
        raise MapError(_("The file holds more than %(most)s features.") % {"most": MOST_FEATURES})
    return features


def _feature(feature, kind: str, number: int) -> dict:
    geometry = (feature.get("geometry") or {}) if isinstance(feature, dict) else {}
    depths = _SHAPES if kind == MapLayer.Kind.BOUNDARIES else _POINTS
    if geometry.get("type") not in depths:
        wanted = _("areas (Polygon)") if kind == MapLayer.Kind.BOUNDARIES else _("points (Point)")
        raise MapError(_("Feature %(number)s: this layer takes %(wanted)s.") % {"number": number, "wanted": wanted})
    try:
        coordinates = _rounded(geometry["coordinates"], depths[geometry["type"]])
    except (KeyError, TypeError, ValueError, IndexError):
        words = _("Feature %(number)s: its coordinates are no degrees of longitude and latitude.")
        raise MapError(words % {"number": number}) from None
    properties = feature.get("properties") or {}
    return {
        "type": "Feature",
        "geometry": {"type": geometry["type"], "coordinates": coordinates},
        "properties": {"name": _first(properties, _NAMES), "code": _first(properties, _CODES)},
    }


def _rounded(coordinates, depth: int):
    if depth == 1:
        longitude, latitude = float(coordinates[0]), float(coordinates[1])
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError
        return [round(longitude, DECIMALS), round(latitude, DECIMALS)]
    return [_rounded(part, depth - 1) for part in coordinates]


def _first(properties: dict, names) -> str:
    return next((str(properties[name])[:120] for name in names if properties.get(name) not in (None, "")), "")
