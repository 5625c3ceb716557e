"""The catalogue's expressions over whole columns: what `kit.expressions` does for one org, for all of them at once.

Missing is NaN here; the rules are the same and a test holds the two against each other.
"""

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from khet.kit.expressions import ExpressionError, compiled

Columns = Mapping[str, np.ndarray]
Step = Callable[[Columns], np.ndarray]

_ARITHMETIC = {ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply}
_COMPARISON = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


def evaluate(expression: str, columns: Columns) -> np.ndarray:
    """The value of an expression for each place of equally long columns; NaN where a measure is missing.

    columns   {measure: array, NaN where missing}; a measure that is not named is missing everywhere
    raises    ExpressionError when the expression holds a word or sign we do not know
    """
    shape = next(iter(columns.values())).shape if columns else ()
    with np.errstate(all="ignore"):
        return np.array(np.broadcast_to(_compiled(expression)(columns), shape), dtype=float)


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> Step:
    compiled(expression)  # its errors are the ones an author of a catalogue knows
    return _step(ast.parse(expression.strip(), mode="eval").body, expression)


def _step(node: ast.expr, whole: str) -> Step:
    match node:
        case ast.Constant(value=value):
            return lambda columns: np.float64(value)
        case ast.Name(id=name):
            return lambda columns: columns.get(name, np.float64("nan"))
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _divided(_step(left, whole), _step(right, whole))
        case ast.BinOp(left=left, op=op, right=right):
            operate, first, second = _ARITHMETIC[type(op)], _step(left, whole), _step(right, whole)
            return lambda columns: operate(first(columns), second(columns))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _step(operand, whole)
            return lambda columns: -inner(columns)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _step(operand, whole)
            return lambda columns: _known(got := inner(columns), got == 0)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            return _chain(_step(left, whole), [_COMPARISON[type(op)] for op in ops], [_step(r, whole) for r in rights])
        case ast.BoolOp(op=op, values=parts):
            return _logic(isinstance(op, ast.And), [_step(part, whole) for part in parts])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _choice(*(_step(part, whole) for part in (test, body, orelse)))
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, [_step(arg, whole) for arg in args])
    raise ExpressionError(f"'{whole}': '{ast.unparse(node)}' has no meaning over columns.")


def _known(got, outcome):
    """The outcome as 1 and 0 where `got` is known."""
    return np.where(np.isnan(got), np.nan, outcome)


def _divided(left: Step, right: Step) -> Step:
    def step(columns):
        divisor = right(columns)
        return np.where(divisor == 0, np.nan, left(columns) / divisor)

    return step


def _chain(left: Step, operations, rights: list[Step]) -> Step:
    """a < b < c: decided by the first link that is false or unknown, as it is read from the left."""

    def step(columns):
        links, a = [], left(columns)
        for operate, right in zip(operations, rights, strict=True):
            b = right(columns)
            links.append(np.where(np.isnan(a) | np.isnan(b), np.nan, operate(a, b)))
            a = b
        outcome = links[-1]
        for link in reversed(links[:-1]):
            outcome = np.where(link == 1, outcome, link)
        return outcome

    return step


def _logic(is_and: bool, parts: list[Step]) -> Step:
    def step(columns):
        got = [part(columns) for part in parts]
        decided = np.logical_or.reduce([~np.isnan(value) & ((value != 0) != is_and) for value in got])
        unknown = np.logical_or.reduce([np.isnan(value) for value in got])
        return np.where(decided, float(not is_and), np.where(unknown, np.nan, float(is_and)))

    return step


def _choice(test: Step, body: Step, orelse: Step) -> Step:
    def step(columns):
        outcome = test(columns)
        return _known(outcome, np.where(outcome != 0, body(columns), orelse(columns)))

    return step


def _call(name: str, args: list[Step]) -> Step:
    if name == "abs":
        return lambda columns: np.abs(args[0](columns))
    fold = np.minimum if name == "min" else np.maximum

    def step(columns):
        outcome = args[0](columns)
        for arg in args[1:]:
            outcome = fold(outcome, arg(columns))
        return outcome

    return step
