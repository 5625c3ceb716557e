"""Arithmetic over named measures, as the catalogue writes it: parsed once, safe, and silent about missing figures."""

import ast
from collections.abc import Callable, Mapping
from functools import lru_cache


class ExpressionError(ValueError):
    """An expression with a word or sign we do not know."""


_ARITHMETIC = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: None if b == 0 else a / b,
}
_COMPARISON = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}
_FUNCTIONS = {"min": min, "max": max}

Step = Callable[[Mapping[str, float | None]], float | None]


def evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """Value of an arithmetic expression over named measures.

    values   {measure: number or None}
    returns  a number, or None when a measure is missing or a divisor is 0
             (a missing figure must never show as zero); comparisons give 1 or 0
    raises   ExpressionError when the expression holds a word or sign we do not know
    """
    return compiled(expression)(values)


@lru_cache(maxsize=4096)
def compiled(expression: str) -> Step:
    """The expression as a function of the measures' values."""
    try:
        return _step(ast.parse(expression.strip(), mode="eval").body, expression)
    except ExpressionError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the last three: nul, depth, depth
        reason = getattr(error, "msg", None) or type(error).__name__
        raise ExpressionError(
            f"'{expression[:200]}' cannot be read: {reason}. Use + - * / ( ) and measure names."
        ) from None


@lru_cache(maxsize=4096)
def names(expression: str) -> frozenset[str]:
    """The measures an expression speaks of."""
    compiled(expression)
    tree = ast.parse(expression.strip(), mode="eval")
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)) - called


def _step(node: ast.expr, whole: str) -> Step:
    match node:
        case ast.Constant(value=bool() | str() | bytes() | complex() | None):
            pass
        case ast.Constant(value=value) if isinstance(value, int | float):
            return lambda values: value
        case ast.Name(id=name):
            return lambda values: values.get(name)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            return _both(_ARITHMETIC[type(op)], _step(left, whole), _step(right, whole))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _step(operand, whole)
            return lambda values: None if (got := inner(values)) is None else -got
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _step(operand, whole)
            return lambda values: None if (got := inner(values)) is None else float(not got)
        case ast.Compare(left=left, ops=ops, comparators=rights) if all(type(op) in _COMPARISON for op in ops):
            return _chain(_step(left, whole), [_COMPARISON[type(op)] for op in ops], [_step(r, whole) for r in rights])
        case ast.BoolOp(op=op, values=parts):
            return _logic(isinstance(op, ast.And), [_step(part, whole) for part in parts])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _choice(*(_step(part, whole) for part in (test, body, orelse)))
        case ast.Call(func=ast.Name(id="abs"), args=[arg], keywords=[]):
            return _call(abs, [_step(arg, whole)])
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=args, keywords=[]) if len(args) > 1:
            return _call(_FUNCTIONS[name], [_step(arg, whole) for arg in args])
    raise ExpressionError(
        f"'{whole}': '{ast.unparse(node)}' is not allowed. "
        "Use numbers, measure names, + - * /, comparisons, and or not, if else, abs(a), min(a, b), max(a, b)."
    )


def _both(operate, left: Step, right: Step) -> Step:
    def step(values):
        a, b = left(values), right(values)
        return None if a is None or b is None else operate(a, b)

    return step


def _chain(left: Step, operations, rights: list[Step]) -> Step:
    def step(values):
        a = left(values)
        for operate, right in zip(operations, rights, strict=True):
            b = right(values)
            if a is None or b is None:
                return None
            if not operate(a, b):
                return 0.0
            a = b
        return 1.0

    return step


def _logic(is_and: bool, parts: list[Step]) -> Step:
    def step(values):
        got = [part(values) for part in parts]
        decisive = [value for value in got if value is not None and bool(value) != is_and]
        if decisive:  # one false decides an "and", one true an "or", whatever is missing
            return float(not is_and)
        return None if None in got else float(is_and)

    return step


def _choice(test: Step, body: Step, orelse: Step) -> Step:
    def step(values):
        outcome = test(values)
        return None if outcome is None else body(values) if outcome else orelse(values)

    return step


def _call(function, args: list[Step]) -> Step:
    def step(values):
        got = [arg(values) for arg in args]
        return None if None in got else function(*got)

    return step
