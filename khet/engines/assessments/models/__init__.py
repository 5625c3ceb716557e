"""Rounds and what is judged in them, ratings, evidence, improvements."""

from khet.engines.assessments.models.evidence import Evidence, EvidenceUse
from khet.engines.assessments.models.improvements import FollowUp, Improvement
from khet.engines.assessments.models.ratings import Assignment, Load, Rating, Step
from khet.engines.assessments.models.rounds import Assessment, Edition, Round

__all__ = [
    "Assessment", "Assignment", "Edition", "Evidence", "EvidenceUse", "FollowUp", "Improvement", "Load", "Rating",
    "Round", "Step",
]  # fmt: skip
