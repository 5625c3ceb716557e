"""A framework as a whole, and its worked examples."""

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Dated, Sourced, Text
from khet.engines.assessments.schema.base import ROOT, Gather, Layer, PeriodKind, Target
from khet.engines.assessments.schema.criteria import Criterion, weights_fit
from khet.engines.assessments.schema.giving import Gift, Index, Season, Section
from khet.engines.assessments.schema.levels import Level, codes_once, conditions, speaks_of
from khet.engines.assessments.schema.scales import Note, Question, Scale


class Framework(Dated):
    """One edition of a framework; a round keeps the edition it began under.

    family     editions of one framework share it, so that rounds can be compared
    edition    its name among them ("ปีงบประมาณ 2569")
    since, until   first and last day on which a round may be opened under it
    target     what is judged
    period     what a round is of
    layers     who judges by default: self, reviewer, moderated; "goal": the assessed sets its own goals first
    counts     whose rating makes the score, the first one given
    panel      how answers of several reviewers make one: by criterion (mean, median, lowest), or `each`: every one of
               them must be satisfied, so the result is that of the reviewer whose total is lowest
    occasions  once a round, or many (lessons observed)
    confidential  results of persons: seen by those named only, never in lists of a school
    gather, maximum, scale, levels, notes   of the whole, as in a criterion
    unit       word of the score ("คะแนน")
    """

    system: str
    family: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: Text
    edition: Text
    intro: Text | None = None
    target: Target
    period: PeriodKind
    layers: tuple[Layer, ...] = ("self", "reviewer")
    counts: tuple[Layer, ...] = ("moderated", "reviewer", "self")
    panel: Literal["mean", "median", "lowest", "each"] = "mean"
    occasions: Literal["once", "many"] = "once"
    season: Season = Season()
    scales: tuple[Scale, ...] = ()
    scale: str | None = None
    gather: Gather = "mean"
    maximum: Annotated[float, Field(gt=0)] | None = None
    unit: Text | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 2
    index: Index | None = None
    levels: tuple[Level, ...] = ()
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    gives: tuple[Gift, ...] = ()
    report: tuple[Section, ...] = ()
    owner: str | None = None
    followed_up: tuple[Annotated[int, Field(ge=1, le=36)], ...] = (6, 12)

    @model_validator(mode="after")
    def names_hold_together(self):
        ids = [node.id for node in self.nodes]
        if twice := sorted({id for id in ids if ids.count(id) > 1}):
            raise ValueError(f"ids used twice: {', '.join(twice)}; give each criterion its own.")
        if ROOT in ids:
            raise ValueError(f"'{ROOT}' means the whole; give that criterion another id.")
        scales = [scale.id for scale in self.scales]
        if len(set(scales)) < len(scales):
            raise ValueError("two scales share an id; give each its own.")
        weights_fit(ROOT, self.gather, self.criteria)
        codes_once(ROOT, self.levels)
        for place, named in self._named_nodes():
            if strange := sorted(set(named) - {*ids, ROOT}):
                raise ValueError(f"{place}: {', '.join(strange)} is no criterion of this framework.")
        self._report_speaks_of_what_is_asked()
        return self

    def _report_speaks_of_what_is_asked(self) -> None:
        asked = {"question": {one.id for one in self.questions}, "note": {one.id for one in self.notes}}
        for section in self.report:
            named = {"question": section.questions, "note": (section.note,) if section.note else ()}
            for kind, ids in named.items():
                if strange := sorted(set(ids) - asked[kind]):
                    raise ValueError(f"report {section.id}: {', '.join(strange)} is no {kind} of this framework.")

    def _named_nodes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every place that names criteria, with the names."""
        for owner in (self, *self.nodes):
            for level in owner.levels:
                for condition in conditions(level.when):
                    yield f"level {level.code} of {owner.id}", speaks_of(condition)
        for gift in self.gives:
            yield f"gives {gift.measure}", (gift.of,)
            for condition in conditions(gift.when) if gift.when else ():
                yield f"gives {gift.measure}", speaks_of(condition)
        for section in self.report:
            yield f"report {section.id}", section.criteria

    @cached_property
    def nodes(self) -> tuple[Criterion, ...]:
        """Every criterion, branches before what is below them."""
        return tuple(node for top in self.criteria for node in top.walk())

    @cached_property
    def by_id(self) -> dict[str, Criterion]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def parents(self) -> dict[str, str]:
        """{id of a criterion: id of the one above it, "total" at the top}."""
        above = {child.id: ROOT for child in self.criteria}
        return above | {child.id: node.id for node in self.nodes for child in node.criteria}

    @cached_property
    def depths(self) -> dict[str, int]:
        """{id of a criterion: how deep it stands, 0 at the top}."""
        found: dict[str, int] = {}
        for node in self.nodes:
            above = self.parents[node.id]
            found[node.id] = 0 if above == ROOT else found[above] + 1
        return found

    @cached_property
    def codes(self) -> dict[str, str]:
        """{id of a criterion: what is printed before its title}, made plain by what stands above where it recurs."""
        printed = Counter(node.printed for node in self.nodes)
        found: dict[str, str] = {}
        for node in self.nodes:
            above = self.parents[node.id]
            while above != ROOT and printed[self.by_id[above].printed] > 1:
                above = self.parents[above]
            recurs = printed[node.printed] > 1 and above != ROOT
            found[node.id] = f"{self.by_id[above].printed} {node.printed}" if recurs else node.printed
        return found

    def name(self, id: str) -> str:
        """A criterion with its code, in the active language."""
        return f"{self.codes[id]} {self.by_id[id].title}"

    @cached_property
    def scale_ids(self) -> dict[str, str | None]:
        """{id of a criterion: id of the scale that holds for it}; None where none is named."""
        found: dict[str, str | None] = {}
        for node in self.nodes:
            above = self.parents[node.id]
            found[node.id] = node.scale or (self.scale if above == ROOT else found[above])
        return found

    @cached_property
    def own_scales(self) -> dict[str, Scale]:
        return {scale.id: scale for scale in self.scales}

    def scale_of(self, id: str) -> Scale | None:
        """The scale a criterion is answered on, or None (it asks for numbers of its own, or is not rated)."""
        if self.by_id[id].asks:
            return None
        return self.own_scales.get(self.scale_ids[id] or "")

    @cached_property
    def rated(self) -> tuple[Criterion, ...]:
        """The criteria that are answered: leaves, and branches that are judged as a whole."""
        return tuple(
            node for node in self.nodes if node.gather == "judged" or (not node.criteria and node.gather != "none")
        )

    @cached_property
    def rated_ids(self) -> frozenset[str]:
        return frozenset(node.id for node in self.rated)

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        return tuple(node for node in self.nodes if not node.criteria)

    def level(self, code: str, of: str = ROOT) -> Level | None:
        """A level of the whole or of a criterion by its code."""
        levels = self.levels if of == ROOT else self.by_id[of].levels
        return next((level for level in levels if level.code == code), None)


class Example(Sourced):
    """A worked example of a framework: ratings given, results expected.

    given    {criterion: option code | number | {ask: number} | "na"}; a branch answers for all below it that is
             not named, `all` for the whole
    score    of the whole, to two decimals; null: no score
    level    code of the level of the whole; null: none
    scores, levels   of single nodes
    gives    {measure: value} for one org with this result alone
    """

    framework: str
    name: str
    all: str | float | None = None
    given: dict[str, str | float | dict[str, float | None] | None] = {}
    score: float | None = None
    level: str | None = None
    scores: dict[str, float | None] = {}
    levels: dict[str, str | None] = {}
    gives: dict[str, float | None] = {}
