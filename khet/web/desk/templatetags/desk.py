"""Template words of the desk."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from khet.core.catalogue import catalogue
from khet.core.ui.formats import with_unit
from khet.plan import words

register = template.Library()


def sign_of(edition) -> str:
    """The unit behind a number of an indicator: %, per 1,000, points, or what is counted."""
    if edition is None:
        return ""
    signs = {"percent": "%", "per_1000": _("per 1,000"), "score": _("points"), "ratio": "", "level": ""}
    return signs.get(edition.unit, str(edition.unit_word) if edition.unit_word else "")


@register.simple_tag(name="unit_sign")
def unit_sign_tag(edition):
    return sign_of(edition)


@register.filter
def unit_sign(edition):
    return sign_of(edition)


@register.filter
def amount(value, edition):
    """A value of an indicator with its unit: 57.14%, 42 incidents; – where there is none."""
    return with_unit(value, sign_of(edition), edition.decimals if edition else None)


@register.simple_tag
def level_name(edition, value):
    """The name of a level by its place on the scale."""
    return words.level_name(edition, value)


@register.simple_tag
def load_url(batch):
    """Where a load goes on; '' where the intake has no such page."""
    try:
        return reverse("intake:load", args=[batch.pk])
    except NoReverseMatch:
        return ""


@register.simple_tag
def load_link(batch_id, file_id=None, sheet="", row=None):
    """Address of a load, at a line of one of its files when one is named; '' where the intake has no such page."""
    try:
        if row is not None:
            return reverse("intake:row", args=[batch_id, file_id or 0, row]) + (f"?sheet={sheet}" if sheet else "")
    except NoReverseMatch:
        pass
    try:
        return reverse("intake:load", args=[batch_id])
    except NoReverseMatch:
        return ""


@register.simple_tag
def measure_title(id):
    """The title of a measure; its id where the catalogue does not know it."""
    found = catalogue().find("measure", id)
    return str(found.title) if found else id


@register.filter
def at(mapping, key):
    """mapping[key], or None."""
    return mapping.get(key)


@register.filter
def nth(rows, place):
    """The row at a place."""
    return rows[place]
