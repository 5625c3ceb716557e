"""Reasons of a pair in the reader's language."""

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def reasons(pair) -> str:
    """What speaks for and against a pair, as one line."""
    return "; ".join(gettext(word) for word in pair.reasons)


@register.filter
def share(value) -> str:
    """A share from 0 to 1 in per cent: finer near its ends, where matching is decided."""
    if value is None:
        return "–"
    if 0.9999 < value < 1:  # never a whole certainty
        return "> 99.99 %"
    decimals = 2 if 0.99 < value < 1 or 0 < value < 0.01 else 0
    return f"{100 * value:.{decimals}f} %"
