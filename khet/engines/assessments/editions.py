"""Editions of frameworks: with every scale they use inside, so that one object is all a round needs."""

import hashlib
import json
from collections.abc import Callable
from datetime import date

from khet.core.catalogue import Catalogue, catalogue
from khet.engines.assessments.schema import Framework, Scale


def resolved(framework: Framework, content: Catalogue | None = None) -> Framework:
    """The framework with the common scales it names copied in; itself when it names none."""
    content = content or catalogue()
    named = {framework.scale, *(node.scale for node in framework.nodes)} - {None, *framework.own_scales}
    found = [scale for id in sorted(named) if (scale := content.find("scale", id))]
    if not found:
        return framework
    plain = [Scale.model_validate(scale.model_dump(exclude={"source", "certainty"})) for scale in found]
    whole = framework.model_copy(update={"scales": (*framework.scales, *plain)})
    whole.__dict__.pop("own_scales", None)  # a copy keeps what was worked out of the old one
    return whole


def framework(id: str) -> Framework:
    """The framework of the catalogue, ready to be used. Raises CatalogueError that names near ids."""
    return resolved(catalogue().get("framework", id))


def on_offer(day: date, *, target: str | None = None) -> list[Framework]:
    """The editions under which a round may be opened on a day, by title; newest edition of a family first."""
    offered = [
        one for one in catalogue().all("framework") if one.in_force(day) and (target is None or one.target == target)
    ]
    return sorted(offered, key=lambda one: (one.system, one.family, -(one.since or date.min).toordinal()))


def content_of(framework: Framework) -> tuple[str, dict]:
    """(digest, JSON) of a framework, to be kept with the rounds that begin under it."""
    content = framework.model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest(), content


_parsed: dict[str, Framework] = {}


def parsed(digest: str, content: Callable[[], dict]) -> Framework:
    """The framework of a kept edition; read once a process, since what is kept never changes."""
    if digest not in _parsed:
        _parsed[digest] = Framework.model_validate(content())
    return _parsed[digest]
