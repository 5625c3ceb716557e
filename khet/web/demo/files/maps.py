"""Boundaries and points of the invented area as GeoJSON."""

import json
from itertools import pairwise
from pathlib import Path

from khet.web.demo.world import World
from khet.web.demo.world.area import OFFICE_CODE, degrees


def write_maps(world: World, folder: Path) -> list[Path]:
    """map_districts, map_clusters, map_subdistricts and map_schools .geojson.

    Properties: kind, name, name_en; `code` where the feature is an org (cluster, school, office), `district` of a
    subdistrict.
    """
    area = world.area
    outline = _feature("office", area.office_name, _polygons(world, range(len(area.subdistricts))), code=OFFICE_CODE)
    districts = [
        _feature("district", d, _polygons(world, [s.number for s in area.subdistricts if s.district == d]))
        for d in area.districts
    ]
    codes = cluster_codes(world)
    clusters = [
        _feature("cluster", c.name, _polygons(world, c.cells), code=codes[c.number])
        for c in area.clusters
        if c.number in codes
    ]
    subdistricts = [
        _feature("subdistrict", s.name, _polygons(world, [s.number]), district=s.district.th) for s in area.subdistricts
    ]
    schools = [
        {
            "type": "Feature",
            "properties": {"kind": "school", "code": s.code, "name": s.name, "name_en": s.name_en},
            "geometry": {"type": "Point", "coordinates": [s.longitude, s.latitude]},
        }
        for s in world.schools
    ]
    return [
        _write(folder / "map_office.geojson", [outline]),
        _write(folder / "map_districts.geojson", districts),
        _write(folder / "map_clusters.geojson", clusters),
        _write(folder / "map_subdistricts.geojson", subdistricts),
        _write(folder / "map_schools.geojson", schools),
    ]


def cluster_codes(world: World) -> dict[int, str]:
    """{cluster: its code}, numbered as the register names them; a cluster without a school has none."""
    named = dict.fromkeys(world.area.subdistricts[school.subdistrict].cluster for school in world.schools)
    return {cluster: f"{OFFICE_CODE}-C{number}" for number, cluster in enumerate(named, start=1)}


def _polygons(world: World, cells) -> list:
    """MultiPolygon coordinates around cells, longitude first as GeoJSON asks; holes follow their outer ring."""
    rings = [[[lon, lat] for lat, lon in map(degrees, ring)] for ring in world.area.cells.border(cells)]
    rings.sort(key=_turning, reverse=True)
    outer = [[ring] for ring in rings if _turning(ring) > 0]
    outer[0] += [ring for ring in rings if _turning(ring) <= 0]  # only the largest part can surround another
    return outer


def _turning(ring: list[list[float]]) -> float:
    """Twice the area, negative when the ring runs clockwise, as holes do."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def _feature(kind: str, place, polygons: list, **properties) -> dict:
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    if len(polygons) == 1:
        geometry = {"type": "Polygon", "coordinates": polygons[0]}
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": place.th, "name_en": place.en, **properties},
        "geometry": geometry,
    }


def _write(path: Path, features: list[dict]) -> Path:
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return path
