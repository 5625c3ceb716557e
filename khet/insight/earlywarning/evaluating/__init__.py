"""How well a table's outcome can be foreseen, and for whom: no Django, no records, any file.

evaluate(read_table(path), "Target=Dropout", capacity=100) -> dict
"""

from khet.insight.earlywarning.evaluating.faults import EvaluationError
from khet.insight.earlywarning.evaluating.reading import read_table
from khet.insight.earlywarning.evaluating.run import evaluate

__all__ = ["EvaluationError", "evaluate", "read_table"]
