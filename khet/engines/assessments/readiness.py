"""How ready an assessment is to be proven: criterion by criterion, is it answered, has it evidence, do links open."""

from dataclasses import dataclass

from khet.engines.assessments import queries
from khet.engines.assessments.models import Assessment, Evidence


@dataclass(frozen=True)
class Readiness:
    """One criterion that must be proven: is it answered, has it evidence, does its link open, whose it is."""

    node: object
    score: object
    proofs: list
    owner: str

    @property
    def links(self) -> list:
        return [use.evidence for use in self.proofs if use.evidence.kind == Evidence.Kind.LINK]

    @property
    def dead(self) -> bool:
        return any(one.alive in ("dead", "refused") for one in self.links)

    @property
    def state(self) -> str:
        """ready | dead | unproven | open"""
        if self.dead:
            return "dead"
        if not self.proofs:
            return "unproven"
        return "ready" if self.score is not None and self.score.full else "open"


def readiness(viewer, assessment: Assessment) -> list[tuple[object, list[Readiness]]]:
    """[(top branch, its criteria that must be proven)]; branches without any are left out."""
    framework, found = assessment.framework, assessment.outcome
    proven = queries.proofs(viewer, assessment)
    groups = []
    for top in framework.criteria:
        told = [
            Readiness(node, found.scores.get(node.id) if found else None, proven.get(node.id, []), node.owner or "")
            for node in top.walk()
            if node.id in framework.rated_ids and node.evidence == "required"
        ]
        if told:
            groups.append((top, told))
    return groups
