"""The chance of each candidate pair to be one person, by the model and by how rare the values are they agree on."""

import numpy as np
import pyarrow as pa

from khet.registers.linkage.engine.model import Model
from khet.registers.linkage.engine.patterns import Patterns

WORTH_KEEPING = -6.0  # ln odds; what is less likely is not looked at again


def score(database, model: Model, found: Patterns, compared: str, into: str) -> None:
    """Make the table `into (l, r, code, logit, near)`; logit: ln odds of a match, near: chance of a household's pair."""
    match, house, stranger = model.weights(found)
    house = np.maximum(house, -700)  # minus infinity, where no households are looked for, has no place in SQL
    code = pa.array(found.code, pa.decimal128(38, 0) if max(found.code, default=0) > 2**62 else pa.int64())
    weights = pa.table({"code": code, "m": match, "h": house, "u": stranger})
    database.register("weights_in", weights)
    database.execute("CREATE OR REPLACE TABLE weights AS FROM weights_in")
    database.unregister("weights_in")
    strangers, household = "u + own + birth + shared", "h + own"
    database.execute(
        f"CREATE TABLE {into} AS SELECT l, r, code, m - other AS logit, exp(household - greatest(m, other) - ln(1 + exp(least(m, other) - greatest(m, other)))) AS near "
        f"FROM (SELECT c.l, c.r, c.code, m, {household} AS household, greatest({strangers}, {household}) + "
        f"ln(1 + exp(-abs(({strangers}) - ({household})))) AS other FROM {compared} c JOIN weights USING (code)) "
        f"WHERE logit > {WORTH_KEEPING} OR near > 0.5"
    )
