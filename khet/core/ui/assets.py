"""The built page assets: which file, named after its content, stands behind a plain name."""

import json
import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning
from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "vendor"


@lru_cache(maxsize=2)
def _manifest(changed_at: int) -> dict:
    return json.loads((FOLDER / "manifest.json").read_text()) if changed_at else {}


def _changed_at() -> int:
    try:
        return os.stat(f"{FOLDER}/manifest.json").st_mtime_ns  # a plain path: this is asked for every icon of a page
    except FileNotFoundError:
        return 0


def manifest() -> dict:
    """{plain name: file in static/vendor}; empty before the first build. Read again when a build has renewed it."""
    return _manifest(_changed_at())


@lru_cache(maxsize=64)
def _url(name: str, changed_at: int) -> str:
    return static(f"vendor/{_manifest(changed_at).get(name, name)}")


def asset_url(name: str) -> str:
    """Address of a built file by its plain name: asset_url("khet.css"). A page asks for some fifty."""
    return _url(name, _changed_at())


def assets_are_built(app_configs, **kwargs) -> list[Warning]:
    if manifest() or settings.DEBUG:
        return []
    return [
        Warning(
            "The page assets are not built.", hint="Run `make assets`; an installed wheel holds them.", id="ui.W001"
        )
    ]
