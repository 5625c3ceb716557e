"""The arithmetic of the catalogue: exact, closed to everything else, silent about missing figures."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khet.kit.expressions import ExpressionError, compiled, evaluate, names

FIGURES = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("100 * left / enrolled", 2.5),
        ("(left + 1) * 2 - 3", 7),
        ("-left", -4),
        ("min(left, enrolled, 3)", 3),
        ("max(left, 3)", 4),
        ("abs(3 - left)", 1),
        ("left < enrolled", 1),
        ("1 < left <= 4 < 4", 0),
        ("left == 4 and not enrolled < left", 1),
        ("left > 4 or enrolled > 4", 1),
        ("1 if left >= 4 else 0", 1),
        ("5 if left < 1 else 4 if left < 5 else 3", 4),
        ("2.5", 2.5),
        ("left - left", 0),
    ],
)
def test_values(expression, value):
    assert evaluate(expression, {"left": 4, "enrolled": 160}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression", ["known + missing", "missing / known", "known / 0", "min(known, missing)", "-missing", "missing > 1",
                   "1 if missing else 2", "not missing", "known / (known - 5)", "abs(missing)"],
)  # fmt: skip
def test_a_missing_figure_or_a_zero_divisor_gives_nothing_never_zero(expression):
    assert evaluate(expression, {"known": 5, "missing": None}) is None
    assert evaluate(expression, {"known": 5}) is None


def test_one_part_may_decide_a_claim_whatever_is_missing():
    assert evaluate("known > 9 and missing > 1", {"known": 5}) == 0
    assert evaluate("known > 1 or missing > 1", {"known": 5}) == 1
    assert evaluate("known > 1 and missing > 1", {"known": 5}) is None


@pytest.mark.parametrize(
    "expression",
    ["__import__('os')", "a.b", "a[0]", "a ** 2", "a % 2", "lambda: 1", "[1]", "'text'", "True", "None", "f(1)",
     "sum(a, b)", "min(a)", "abs(a, b)", "min(a, key=b)", "a := 1", "a if b",
     "", "   ", "1 +", "a; b", "a\nb", "+a", "~a",
     "a @ b", "1j", "b'x'", "...", "a is b", "a in b", "min(*a)", "(" * 400 + "a" + ")" * 400, "a\x00b"],
)  # fmt: skip
def test_anything_but_arithmetic_is_refused_with_what_is_allowed(expression):
    with pytest.raises(ExpressionError, match="Use "):
        compiled(expression)


def test_names_are_the_measures_spoken_of():
    assert names("100 * min(left, other) / enrolled if enrolled > 0 else 0") == {"left", "other", "enrolled"}
    assert names("3") == frozenset()


@given(FIGURES, FIGURES, FIGURES)
def test_arithmetic_agrees_with_python(a, b, c):
    got = evaluate("(a + b) * c - max(a, b) + abs(c)", {"a": a, "b": b, "c": c})
    assert math.isclose(got, (a + b) * c - max(a, b) + abs(c), abs_tol=1e-6)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        found = evaluate(text, dict.fromkeys(names(text), 1.0))
    except ExpressionError as refusal:
        assert "Use " in str(refusal)
    else:
        assert found is None or isinstance(found, int | float)
