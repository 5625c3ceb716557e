"""An edition kept as it stood when something began under it: later changes of the catalogue do not touch that."""

import hashlib
import json
from collections.abc import Callable
from typing import TypeVar

from khet.core.catalogue.base import Strict

Definition = TypeVar("Definition", bound=Strict)
_opened: dict[tuple[type[Strict], str], Strict] = {}


def content_of(definition: Strict) -> tuple[str, dict]:
    """(digest, JSON) of a definition, to be kept with what begins under it."""
    content = definition.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest(), content


def opened(kind: type[Definition], digest: str, content: Callable[[], dict]) -> Definition:
    """The definition of what was kept; read once a process, since what is kept never changes."""
    if (kind, digest) not in _opened:
        _opened[kind, digest] = kind.model_validate(content())
    return _opened[kind, digest]
