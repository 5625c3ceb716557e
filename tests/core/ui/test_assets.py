"""The built assets: complete, served for ever under their names, and light enough for a slow line."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings

import khet
from khet.core.ui.assets import FOLDER, asset_url, manifest

FONTS = [f"plex-{subset}-{weight}.woff2" for subset in ("thai", "latin") for weight in (400, 600)]
FIRST_VISIT = ["khet.css", "khet.js", "theme.js", "icons.svg", *FONTS]


@pytest.fixture(autouse=True)
def built():
    if not manifest():
        pytest.fail("khet/core/ui/static/vendor holds no manifest.json. Run `make assets`.")


def weight(name):
    """Bytes over the wire: the brotli twin where there is one, as whitenoise serves it."""
    path = FOLDER / manifest()[name]
    twin = path.with_name(f"{path.name}.br")
    return (twin if twin.exists() else path).stat().st_size


@pytest.mark.parametrize(
    ("names", "limit"), [(["khet.css"], 25_000), (["khet.js", "theme.js"], 20_000), (FONTS, 68_000)]
)
def test_each_kind_keeps_its_budget(names, limit):
    assert sum(map(weight, names)) <= limit


def test_the_first_visit_of_a_plan_page_fits_in_120_kB(client, administrator):
    client.force_login(administrator)
    page = client.get("/_gallery/plan/")
    html = len(gzip.compress(page.content))
    assert html + sum(map(weight, FIRST_VISIT)) <= 120_000
    assert set(re.findall(r"/vendor/([\w.-]+)", page.text)) <= set(manifest()[name] for name in FIRST_VISIT)


def test_every_text_asset_has_its_compressed_twins():
    for name in FIRST_VISIT:
        if not name.endswith("woff2"):
            assert (FOLDER / f"{manifest()[name]}.br").exists()
            assert (
                gzip.decompress((FOLDER / f"{manifest()[name]}.gz").read_bytes())
                == (FOLDER / manifest()[name]).read_bytes()
            )


def test_files_that_may_be_kept_for_ever_are_named_after_their_content():
    immutable = re.compile(settings.WHITENOISE_IMMUTABLE_FILE_TEST)
    for name, file in manifest().items():
        if name != "icons":
            assert immutable.search(asset_url(name)), file
    assert not immutable.search("/static/ui/mark.svg")
    assert not immutable.search("/static/vendor/manifest.json")


def test_the_style_sheet_asks_nothing_of_other_hosts_and_holds_no_data_address():
    css = (FOLDER / manifest()["khet.css"]).read_text()
    addresses = re.findall(r"url\(([^)]+)\)", css)
    assert addresses
    for address in addresses:
        assert (FOLDER / address.strip("\"'")).exists(), address


def test_a_page_builder_finds_the_classes_the_guide_names():
    css = (FOLDER / manifest()["khet.css"]).read_text()
    for name in (
        "card-header",
        "k-row",
        "k-facts",
        "k-steps",
        "table-stack",
        "nav-tabs",
        "d-flex",
        "gap-2",
        "col-md-6",
    ):
        assert f".{name}" in css, name


def test_licences_of_what_we_serve_come_along():
    texts = (FOLDER / "LICENSES.txt").read_text()
    for name in ("plex-sans-thai-looped", "@tabler/core", "@tabler/icons", "echarts", "htmx.org", "leaflet", "zrender"):
        assert name in texts
    assert "SIL OPEN FONT LICENSE" in texts.upper()


def test_the_manifest_lists_the_icons_of_the_sprite():
    sprite = (FOLDER / manifest()["icons.svg"]).read_text()
    assert set(json.loads((FOLDER / "manifest.json").read_text())["icons"]) == set(
        re.findall(r'<symbol id="([^"]+)"', sprite)
    )


def test_before_a_build_pages_still_render_and_the_check_says_what_to_do(monkeypatch, tmp_path):
    from khet.core.ui import assets

    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    assert assets.asset_url("khet.css") == "/static/vendor/khet.css"
    assert [fault.id for fault in assets.assets_are_built(None)] == ["ui.W001"]


def test_one_script_alone_speaks_to_the_browsers_storage():
    """What waits for a line lies in two bases, opened and closed in one way."""
    scripts = Path(khet.__file__).parents[1] / "assets" / "js"
    assert [path.name for path in sorted(scripts.glob("*.js")) if "indexedDB.open" in path.read_text()] == [
        "keeping.js"
    ]
