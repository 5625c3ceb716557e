"""What goes on in a government system just now: each engine says it of the systems it carries, pages of the roof ask.

Engines are strangers to each other and to the plan; this is where they meet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from khet.core.ui.status import TONES


@dataclass(frozen=True)
class Activity:
    """One thing that goes on, in the viewer's words, and where it is seen. `tone` as of a badge."""

    words: str
    url: str = ""
    tone: str = "quiet"

    def __post_init__(self):
        if self.tone not in TONES:
            raise ValueError(f"no tone '{self.tone}'. Use one of: {', '.join(sorted(TONES))}.")


Provider = Callable[[object, object], Mapping[str, Sequence[Activity]]]
_providers: dict[str, Provider] = {}


def register(engine: str, provider: Provider) -> None:
    """Have an engine asked: provider(viewer, org) -> {system id: what the viewer may know of it at the org}."""
    _providers[engine] = provider


def activities(viewer, org) -> dict[str, list[Activity]]:
    """{system id: what goes on}, engines in the order in which they came."""
    found: dict[str, list[Activity]] = {}
    for provider in _providers.values():
        for system, lines in provider(viewer, org).items():
            found.setdefault(system, []).extend(lines)
    return found
