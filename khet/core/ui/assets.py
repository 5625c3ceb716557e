"""The built page assets: which file, named after its content, stands behind a plain name."""

import json
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning
from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "vendor"
# What build.mjs writes: name-<10 hex digits>.css, part-<name>-<8 letters of esbuild>.js
_CONTENT_NAMED = re.compile(r"/vendor/[\w.-]+-(?:[0-9a-f]{10}|[A-Z0-9]{8})\.\w+$")


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


def is_immutable(path: str, url: str) -> bool:
    """True for files whose name changes with their content: browsers may keep them for ever (whitenoise asks)."""
    return bool(_CONTENT_NAMED.search(url))


def assets_are_built(app_configs, **kwargs) -> list[Warning]:
    if manifest() or settings.DEBUG:
        return []
    return [
        Warning(
            "The page assets are not built.", hint="Run `make assets`; an installed wheel holds them.", id="ui.W001"
        )
    ]
