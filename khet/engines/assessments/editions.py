"""Editions of frameworks: with every scale they use inside, so that one object is all a round needs."""

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
