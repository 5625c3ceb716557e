"""What the sign-in page shows beside its form: a template that a room above registers (the demo names its accounts)."""

_notes: list[str] = []


def register(template: str) -> None:
    """Show a template on the sign-in page; the last one registered holds."""
    _notes[:] = [template]


def note() -> str | None:
    return _notes[0] if _notes else None
