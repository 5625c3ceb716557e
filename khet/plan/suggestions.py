"""Which number of the catalogue a sentence of a plan speaks of, and why we think so."""


def suggest(text: str, known: str | None = None):
    """The suggestion for a sentence (`.indicator`, `.because`), or None; `known` is what the reader already took it for."""
    from khet.insight.indicators.binding import suggest_indicator

    return suggest_indicator(text)


def ranked(text: str) -> list[tuple]:
    return []
