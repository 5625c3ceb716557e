"""Template words of this room."""

from django import template

register = template.Library()


@register.filter
def at(mapping, key):
    """What a mapping holds under a key, or ''."""
    return (mapping or {}).get(key, "")
