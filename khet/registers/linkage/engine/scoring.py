"""The chance of each candidate pair to be one person, by the model and by how rare the values are they agree on."""

import numpy as np
import pyarrow as pa

from khet.registers.linkage.engine.model import Model
from khet.registers.linkage.engine.patterns import Patterns

WORTH_KEEPING = -6.0  # ln odds; what is less likely is not looked at again


def score(database, model: Model, found: Patterns, compared: str, into: str) -> None:
    """Make the table `into (l, r, pattern, logit, near)`.

    logit: ln odds of a match, near: chance of a household's pair.
    """
    stay, moved, house, stranger = (np.maximum(w, -700) for w in model.weights(found))  # SQL knows no minus infinity
    numbers = {
        "code": pa.array([str(code) for code in found.code]),
        "pattern": pa.array(range(len(found.code)), pa.int32()),
    }
    weights = pa.table(numbers | {"stay": stay, "moved": moved, "house": house, "stranger": stranger})
    database.register("weights_in", weights)
    # Of lists with many columns a code has more digits than numpy or Arrow's integers hold; in SQL it is a HUGEINT.
    columns = "pattern, stay, moved, house, stranger, code::HUGEINT AS code"
    database.execute(f"CREATE OR REPLACE TABLE weights AS SELECT {columns} FROM weights_in")
    database.unregister("weights_in")
    match, other = _sum("stay", "moved + place"), _sum("stranger + own + birth + kin + place", "house + own")
    database.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT * FROM (SELECT l, r, pattern, m - other AS logit, exp(h - "
        f"{_sum('m', 'other')}) AS near FROM "
        f"(SELECT c.l, c.r, w.pattern, {match} AS m, house + own AS h, {other} AS other FROM {compared} c "
        f"JOIN weights w USING (code))) "
        f"WHERE logit > {WORTH_KEEPING} OR near > 0.5"
    )


def _sum(a: str, b: str) -> str:
    """SQL of ln(exp(a) + exp(b))."""
    return f"(greatest({a}, {b}) + ln(1 + exp(-abs(({a}) - ({b})))))"
