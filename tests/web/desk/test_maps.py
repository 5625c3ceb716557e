import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from khet.web.desk.models import MapLayer
from khet.web.desk.services.maps import MapError, import_layer

SQUARE = [[[100.123456789, 19], [100.5, 19], [100.5, 19.5], [100.123456789, 19]]]


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def feature(kind="Polygon", coordinates=SQUARE, **properties):
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def test_a_layer_keeps_what_a_map_needs_and_no_more(office, planner):
    layer = import_layer(office, "boundaries", collection(feature(NAME_TH="ต้นน้ำ", owner="ใครสักคน")), by=planner)
    (kept,) = layer.features
    assert kept["properties"] == {"name": "ต้นน้ำ", "code": ""}
    assert kept["geometry"]["coordinates"][0][0] == [100.12346, 19.0]


def test_a_new_layer_takes_the_place_of_the_old(office, planner):
    for name in ("เก่า", "ใหม่"):
        import_layer(office, "points", collection(feature("Point", [100, 19], name=name)), by=planner)
    assert [f["properties"]["name"] for f in MapLayer.objects.get().features] == ["ใหม่"]


@pytest.mark.parametrize(
    "kind, content",
    [
        ("boundaries", b"not json"),
        ("boundaries", {"type": "FeatureCollection", "features": []}),
        ("boundaries", {"type": "Topology"}),
        ("boundaries", collection(feature("Point", [100, 19]))),
        ("points", collection(feature("Point", [674000, 2100000]))),
        ("points", collection(feature("Point", ["east", "north"]))),
        ("points", collection({"type": "Feature", "geometry": None})),
        ("points", collection("nothing")),
    ],
)
def test_what_is_no_layer_is_refused_and_nothing_kept(office, planner, kind, content):
    with pytest.raises(MapError):
        import_layer(office, kind, content, by=planner)
    assert not MapLayer.objects.exists()


def test_too_many_features_are_refused(office, planner, monkeypatch):
    monkeypatch.setattr("khet.web.desk.services.maps.MOST_FEATURES", 2)
    with pytest.raises(MapError):
        import_layer(office, "points", collection(*[feature("Point", [100, 19])] * 3), by=planner)


def test_a_layer_is_put_on_the_map_on_its_page(client, office, planner):
    client.force_login(planner)
    file = SimpleUploadedFile("area.geojson", json.dumps(collection(feature(name="ต้นน้ำ"))).encode())
    answer = client.post(reverse("desk:layers"), {"kind": "boundaries", "file": file}, follow=True)
    assert "area.geojson" in answer.content.decode()
    bad = SimpleUploadedFile("area.geojson", b"{}")
    assert client.post(reverse("desk:layers"), {"kind": "points", "file": bad}).status_code == 422
