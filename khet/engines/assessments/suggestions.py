"""Which items of the library may prove a criterion too: used for it before, or for one that is alike elsewhere."""

from khet.engines.assessments import queries
from khet.engines.assessments.models import Assessment, Evidence


def suggested(viewer, assessment: Assessment, criterion: str, *, limit: int = 8) -> list[Evidence]:
    """Items of the same place, likeliest first; none that prove it already."""
    node = assessment.framework.by_id[criterion]
    family = assessment.round.edition.family
    alike = {tuple(one.split(":", 1)) for one in node.alike}
    used = {use.evidence_id for use in assessment.evidence.all() if use.criterion == criterion}
    found = []
    for item in queries.evidence(viewer).filter(org=assessment.org)[:500]:
        if item.pk not in used and (rank := _rank(item, family, criterion, alike)):
            found.append((rank, item))
    return [item for _rank, item in sorted(found, key=lambda pair: (pair[0], -pair[1].pk))][:limit]


def _rank(item: Evidence, family: str, criterion: str, alike: set) -> int:
    """1: the same criterion in another round; 2: one that is said to be alike, from either side; 0: neither."""
    best = 0
    for use in item.uses.all():
        edition = use.assessment.round.edition
        if edition.family == family and use.criterion == criterion:
            return 1
        there = edition.definition.by_id.get(use.criterion)
        names = {(edition.family, use.criterion), (edition.framework, use.criterion)}
        back = {tuple(one.split(":", 1)) for one in there.alike} if there else set()
        if names & alike or (family, criterion) in back:
            best = 2
    return best
