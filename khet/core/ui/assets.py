"""The built page assets: which file, named after its content, stands behind a plain name."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning
from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "vendor"


@lru_cache(maxsize=2)
def _manifest(changed_at: int) -> dict:
    return json.loads((FOLDER / "manifest.json").read_text()) if changed_at else {}


def manifest() -> dict:
    """{plain name: file in static/vendor}; empty before the first build. Read again when a build has renewed it."""
    try:
        changed_at = (FOLDER / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        changed_at = 0
    return _manifest(changed_at)


def asset_url(name: str) -> str:
    """Address of a built file by its plain name: asset_url("khet.css")."""
    return static(f"vendor/{manifest().get(name, name)}")


def assets_are_built(app_configs, **kwargs) -> list[Warning]:
    if manifest() or settings.DEBUG:
        return []
    return [
        Warning(
            "The page assets are not built.", hint="Run `make assets`; an installed wheel holds them.", id="ui.W001"
        )
    ]
