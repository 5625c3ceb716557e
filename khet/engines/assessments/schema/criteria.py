"""The tree of criteria."""

from collections.abc import Iterator
from math import isclose
from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Strict, Text
from khet.engines.assessments.schema.base import Expression, Gather, NodeId
from khet.engines.assessments.schema.levels import Level, codes_once
from khet.engines.assessments.schema.scales import Ask, Note
from khet.kit import expressions


class Calculated(Strict):
    """A number Khet already knows: an indicator or a measure of the target's org and the round's period."""

    indicator: str | None = None
    measure: str | None = None
    reading: str | None = None

    @model_validator(mode="after")
    def one_source(self):
        if bool(self.indicator) == bool(self.measure):
            raise ValueError("name either an 'indicator' or a 'measure'.")
        return self


class Criterion(Strict):
    """A node of a framework; a leaf is rated, a branch gathers its children.

    id          unique in the framework, never changed; `code` is what is printed ("1.1", "O17"), the id by default
    weight      its share in a `weighted` branch; the children's sum to 1 (or to 100)
    gather      how a branch makes its score of its children's
    maximum     the score when everything is there; a leaf's scale is stretched to it
    scale       how it is answered: an id of `scales` or of common/scales.yaml; inherited by what is below
    asks        numbers asked for in place of the scale's, and `points`, an expression over them
    rubric      words of the scale's options for this very criterion, {option code: text}
    not_applicable  refused | dropped (left out of its branch) | full (counts as reached)
    evidence    none | welcome | required; `covers` the time a document must speak of
    calculated  Khet gives the number; a person confirms it, or types another with a reason
    figures     numbers of Khet shown beside it while it is judged, and in the report; they answer nothing
    external    the number is typed from an announced result; says from which
    levels      levels this node's score can have
    notes       texts asked for beside the score
    alike       criteria of other frameworks that the same evidence serves ("other_family:2.7")
    owner       working group that usually answers for it
    """

    id: NodeId
    title: Text
    code: str | None = None
    weight: Annotated[float, Field(gt=0)] = 1
    gather: Gather | None = None
    maximum: Annotated[float, Field(gt=0)] | None = None
    scale: str | None = None
    asks: tuple[Ask, ...] = ()
    points: Expression | None = None
    rubric: dict[str, Text] = {}
    guidance: Text | None = None
    look_for: tuple[Text, ...] = ()
    not_applicable: Literal["refused", "dropped", "full"] = "refused"
    evidence: Literal["none", "welcome", "required"] = "welcome"
    covers: Literal["any", "this_year", "last_year", "first_half", "current"] = "any"
    calculated: Calculated | None = None
    figures: tuple[Calculated, ...] = ()
    external: Text | None = None
    levels: tuple[Level, ...] = ()
    notes: tuple[Note, ...] = ()
    alike: tuple[Annotated[str, Field(pattern=r"^[a-z0-9_-]+:\S+$")], ...] = ()
    owner: str | None = None
    criteria: tuple["Criterion", ...] = ()

    @model_validator(mode="after")
    def a_leaf_is_rated_and_a_branch_gathers(self):
        if self.criteria:
            for key in ("asks", "points", "calculated", "external"):
                if getattr(self, key):
                    raise ValueError(f"'{self.id}' has criteria below it, so '{key}' belongs to one of those.")
            weights_fit(self.id, self.gather, self.criteria)
        elif self.gather not in (None, "none"):
            raise ValueError(f"'{self.id}' has no criteria to gather; remove 'gather' or add 'criteria'.")
        if bool(self.asks) != bool(self.points):
            raise ValueError(f"'{self.id}': 'asks' and 'points' belong together.")
        if self.asks and (strange := expressions.names(self.points) - {ask.id for ask in self.asks}):
            raise ValueError(f"'{self.id}': points speak of {', '.join(sorted(strange))}, which is not asked for.")
        if self.asks and self.maximum is None:
            raise ValueError(f"'{self.id}': say the 'maximum' its points can reach.")
        codes_once(self.id, self.levels)
        return self

    @property
    def printed(self) -> str:
        """The number that is printed before its title."""
        return self.code if self.code is not None else self.id

    def walk(self) -> Iterator["Criterion"]:
        """Itself and everything below, in order."""
        yield self
        for child in self.criteria:
            yield from child.walk()


def weights_fit(id: str, gather: str | None, children: tuple[Criterion, ...]) -> None:
    total = sum(child.weight for child in children)
    if gather == "weighted" and not (isclose(total, 1, abs_tol=0.001) or isclose(total, 100, abs_tol=0.1)):
        raise ValueError(f"children of '{id}' weigh {total:g}; make their weights sum to 1 (or 100).")
