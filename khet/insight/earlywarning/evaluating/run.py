"""The whole evaluation: from a table and a wish to one document of figures."""

from khet.insight.earlywarning.evaluating.document import document_of
from khet.insight.earlywarning.evaluating.lists import lists_of, split_of
from khet.insight.earlywarning.evaluating.table import Table
from khet.insight.earlywarning.evaluating.understanding import Wish, understand


def evaluate(table: Table, outcome: str, **options) -> dict:
    """How well the outcome is foreseen: by the model, the plain rule and two learners as shipped, at one caseload.

    options  those of Wish: time, groups, capacity, drop, keep, positive, seed
    returns  the document of `khet warn evaluate --json`
    raises   EvaluationError when a named column is missing or the table cannot be judged
    """
    wish = Wish(outcome, **options)
    found = understand(table, wish)
    split = split_of(found, wish)
    return document_of(found, split, lists_of(found, split, wish.seed), wish)
