"""Template words of this room."""

from django import template

register = template.Library()


@register.filter
def at(mapping, key):
    """What a mapping holds under a key, or ''."""
    return (mapping or {}).get(key, "")


@register.filter
def cells(table):
    """Rows of a paper's table as the page shows them: [(head, text, is it a number)] each."""
    return [
        [(head, text, place in table.numbers) for place, (head, text) in enumerate(zip(table.heads, row, strict=True))]
        for row in table.rows
    ]
