"""Words and names that every part of a framework uses."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from khet.kit import expressions

Target = Literal["office", "school", "classroom", "teacher", "pupil"]
Layer = Literal["goal", "self", "reviewer", "moderated"]
PeriodKind = Literal["fiscal_year", "academic_year", "semester"]
Gather = Literal[
    "sum", "mean", "weighted", "lowest", "highest", "median", "mode", "share", "tiers", "steps", "count", "all",
    "judged", "none",
]  # fmt: skip
NodeId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=40)]
ROOT = "total"  # what rules and gifts call the whole


def _readable(expression: str | int | float) -> str:
    expressions.compiled(str(expression))  # its error says what cannot be read and what can be used
    return str(expression)


Expression = Annotated[str, BeforeValidator(_readable)]
