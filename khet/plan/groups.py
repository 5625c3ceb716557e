"""The working groups of an office, as its catalogue names them."""

from khet.core.catalogue import catalogue


def group_name(code: str) -> str:
    """The name of a working group in the active language; the code itself where the catalogue does not know it."""
    groups = catalogue().find("codes", "working_groups")
    entry = groups.value(code) if groups and code else None
    return str(entry.title) if entry else code


def group_choices() -> list[tuple[str, str]]:
    """(code, name) of the office's working groups, in the catalogue's order."""
    groups = catalogue().find("codes", "working_groups")
    return [(entry.code, str(entry.title)) for entry in groups.values] if groups else []
