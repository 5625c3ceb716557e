"""Every template of the house: no inline script or style, icons that exist, templates that compile."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import khet

PACKAGE = Path(khet.__file__).parent
ICONS = Path(__file__).parents[3] / "assets" / "icons.txt"
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a <style> element": re.compile(r"<style\b", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "an htmx attribute that needs eval": re.compile(r"\bhx-(on|vars)\b|hx-(vals|headers)\s*=\s*[\"']js:"),
    "an address of another host": re.compile(r"<(script|link|img)\b[^>]*(src|href)\s*=\s*[\"'](https?:)?//", re.I),
}  # fmt: skip
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.I | re.S)


def named(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_holds_no_inline_script_or_style(path):
    source = path.read_text(encoding="utf-8")
    markup = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
    found = [what for what, pattern in INLINE.items() if pattern.search(markup)]
    for attributes, body in SCRIPT.findall(markup):
        if "src=" not in attributes and 'type="application/json"' not in attributes:
            found.append("a script with code in it")
        if "src=" in attributes and body.strip():
            found.append("code inside a script that has a source")
    assert not found, f"{named(path)} holds {', '.join(found)}"


def test_the_rules_above_would_catch_a_breach():
    bad = '<p style="x"><style></style><a onclick="x" href="javascript:x" hx-on:click="x"><img src="//x.example/a.png">'
    assert all(pattern.search(bad) for pattern in INLINE.values())


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles(path):
    get_template(path.as_posix().split("/templates/", 1)[1])


def test_every_icon_that_is_named_is_in_the_sprite():
    known = {line.split("#")[0].strip() for line in ICONS.read_text(encoding="utf-8").splitlines()} - {""}
    missing = []
    for path in TEMPLATES:
        source = path.read_text(encoding="utf-8")
        asked = re.findall(r"""\{% icon "([^"]+)\"""", source) + re.findall(r"""\bicon="([a-z0-9-]+)\"""", source)
        missing += [f"{named(path)}: {name}" for name in asked if name not in known]
    assert not missing


def test_every_icon_of_python_code_is_in_the_sprite():
    from khet.core.ui import context, navigation, status

    known = {line.split("#")[0].strip() for line in ICONS.read_text(encoding="utf-8").splitlines()}
    asked = {icon for icon, _word in status.STATUSES.values()} | {icon for _label, icon in context.THEMES.values()}
    asked |= {item.icon for item in navigation._items.values()}
    assert asked <= known
