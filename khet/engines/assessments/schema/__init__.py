"""The shape of `framework-*.yaml`: what is judged, on which scales, how it adds up, and what a result is worth.

Data says what, never how: every word here that computes (`gather`, `when`, `take`) is a named, tested function of
`gathering.py`, `rules.py` or `giving.py`. docs/guides/assessments.md explains it with examples.
"""

from khet.engines.assessments.schema.base import ROOT, Layer, Target
from khet.engines.assessments.schema.criteria import Calculated, Criterion
from khet.engines.assessments.schema.framework import Example, Framework
from khet.engines.assessments.schema.giving import Gift, Pool, Section
from khet.engines.assessments.schema.levels import Count, Each, Level, When, rank_of
from khet.engines.assessments.schema.scales import CommonScale, Option, Question, Scale

__all__ = [
    "ROOT", "Calculated", "CommonScale", "Count", "Criterion", "Each", "Example", "Framework", "Gift", "Layer", "Level",
    "Option", "Pool", "Question", "Scale", "Section", "Target", "When", "rank_of",
]  # fmt: skip
