"""The shape of `framework-*.yaml`: what is judged, on which scales, how it adds up, and what a result is worth.

Data says what, never how: every word here that computes (`gather`, `when`, `take`) is a named, tested function of
`gathering.py`, `rules.py` or `giving.py`. docs/guides/assessments.md explains it with examples.
"""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from math import isclose
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from khet.core.catalogue import Sourced, Strict, Text
from khet.core.catalogue.schema import MonthDay
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


class Option(Strict):
    """One answer of a scale: its code, its words, what it counts. `rubric` says in general when it is deserved."""

    code: Annotated[str, Field(pattern=r"^\S+$", max_length=20), BeforeValidator(str)]
    title: Text
    points: float
    rubric: Text | None = None


class Scale(Strict):
    """How a criterion is answered: one of `options`, or a number.

    options            the answers, lowest first: levels, yes and no, 1 to 5, rubric levels
    minimum, maximum   bounds of a number (without options)
    decimals           of a number typed in
    unit               what the number is (ร้อยละ, คะแนน)
    points             what a number x counts, as an expression over x; x itself when left out
    best               the most points a number can count; `maximum` when left out
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    title: Text
    options: tuple[Option, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 2
    unit: Text | None = None
    points: Expression | None = None
    best: float | None = None

    @model_validator(mode="after")
    def options_or_number(self):
        codes = [option.code for option in self.options]
        if len(set(codes)) < len(codes):
            raise ValueError("two options share a code; give each its own.")
        if self.options and (self.points or self.minimum is not None or self.maximum is not None):
            raise ValueError("has options, so a number's minimum, maximum and points do not belong here.")
        if len(self.options) == 1:
            raise ValueError("one option is no choice; add another.")
        if self.points and (strange := expressions.names(self.points) - {"x"}):
            raise ValueError(f"points may speak of x only, not of {', '.join(sorted(strange))}.")
        if not self.options and self.top is None:
            raise ValueError("a number needs 'maximum', or 'best' where its points differ from it.")
        return self

    @property
    def top(self) -> float | None:
        """The most it can count."""
        if self.options:
            return max(option.points for option in self.options)
        return self.best if self.best is not None else self.maximum

    @property
    def bottom(self) -> float:
        """The least it can count."""
        return min((option.points for option in self.options), default=min(0, self.minimum or 0))

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


class CommonScale(Scale, Sourced):
    """A scale of `common/scales.yaml`, for any framework to name."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class Ask(Strict):
    """A number asked for when a criterion is made of several: result and target, passed and assessed."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    minimum: float | None = 0
    maximum: float | None = None


class Note(Strict):
    """A text asked for beside a node's score: strengths, points to develop, how it is done."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    help: Text | None = None
    required: bool = False


class Question(Strict):
    """Something asked once an assessment: date and minutes of a lesson, the profile of an organisation."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    kind: Literal["text", "long_text", "number", "date", "choice"] = "text"
    options: tuple["Choice", ...] = ()
    required: bool = False
    help: Text | None = None
    group: Text | None = None

    @model_validator(mode="after")
    def a_choice_has_options(self):
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice needs 'options', and nothing else has them.")
        return self


class Choice(Strict):
    code: Annotated[str, Field(pattern=r"^\S+$"), BeforeValidator(str)]
    title: Text


class Each(Strict):
    """Every one of some nodes reaches a number: the lowest binds. `of` is the node's children when left out."""

    of: tuple[NodeId, ...] | Literal["children", "leaves"] = "children"
    at_least: float


class Count(Strict):
    """Enough of some nodes reach a number: `at_least` of them, or this `share` (0–1) of those that apply."""

    of: tuple[NodeId, ...] | Literal["children", "leaves"] = "children"
    reaching: float
    at_least: int | None = None
    share: Annotated[float, Field(gt=0, le=1)] | None = None

    @model_validator(mode="after")
    def one_bound(self):
        if (self.at_least is None) == (self.share is None):
            raise ValueError("write either 'at_least' (how many) or 'share' (0–1).")
        return self


class When(Strict):
    """A condition on a node; everything written in it must hold. With nothing written it always holds.

    at_least, below   the node's own score
    each              every one of some nodes (the lowest-tool rule)
    count             n of m, or a share of them
    complete          these nodes have their full score
    any               one of several conditions is enough
    """

    at_least: float | None = None
    below: float | None = None
    each: Each | None = None
    count: Count | None = None
    complete: tuple[NodeId, ...] = ()
    any: tuple["When", ...] = ()


class Level(Strict):
    """A level a node's result can have. Levels stand from best to lowest; the first whose condition holds is the one.

    rank      for comparison; by its place from the bottom (1, 2, …) when left out
    outcome   whether it counts as a pass
    """

    code: Annotated[str, Field(pattern=r"^\S+$", max_length=20), BeforeValidator(str)]
    title: Text
    rank: float | None = None
    when: When = When()
    outcome: Literal["pass", "fail", "open"] = "open"
    advice: Text | None = None


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
    external    the number is typed from an announced result; says from which
    levels      levels this node's score can have
    notes       texts asked for beside the score
    alike       criteria of other frameworks that the same evidence serves ("onesqa_basic_5:2.7")
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
            _weights_fit(self.id, self.gather, self.criteria)
        elif self.gather not in (None, "none"):
            raise ValueError(f"'{self.id}' has no criteria to gather; remove 'gather' or add 'criteria'.")
        if bool(self.asks) != bool(self.points):
            raise ValueError(f"'{self.id}': 'asks' and 'points' belong together.")
        if self.asks and (strange := expressions.names(self.points) - {ask.id for ask in self.asks}):
            raise ValueError(f"'{self.id}': points speak of {', '.join(sorted(strange))}, which is not asked for.")
        if self.asks and self.maximum is None:
            raise ValueError(f"'{self.id}': say the 'maximum' its points can reach.")
        _codes_once(self.id, self.levels)
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


def _weights_fit(id: str, gather: str | None, children: tuple[Criterion, ...]) -> None:
    total = sum(child.weight for child in children)
    if gather == "weighted" and not (isclose(total, 1, abs_tol=0.001) or isclose(total, 100, abs_tol=0.1)):
        raise ValueError(f"children of '{id}' weigh {total:g}; make their weights sum to 1 (or 100).")


def _codes_once(id: str, levels: tuple[Level, ...]) -> None:
    codes = [level.code for level in levels]
    if len(set(codes)) < len(codes):
        raise ValueError(f"two levels of '{id}' share a code; give each its own.")


class Pool(Strict):
    """How results of lessons, classrooms, teachers or pupils make one number of their school.

    latest     a target counts when its latest n results all hold; with fewer it does not
    share      (take: reached) the school counts when this share of the targets assessed counts
    smallest   no number for a school with fewer targets assessed
    """

    latest: Annotated[int, Field(ge=1)] = 1
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    smallest: Annotated[int, Field(ge=1)] = 1


class Gift(Strict):
    """A catalogue measure that a locked result feeds.

    take      score of the node | rank of its level | reached (1 or 0: `level` or better, or `when`) | assessed (1);
              with a pool: reached | assessed (how many) | counting (how many reach) | share (percent) | mean
    of        which node; the whole when left out
    level, when   what "reached" means
    pool      for targets below a school
    keeps     years for which a result still holds while there is no newer one (external rounds: 5)
    together  how several results of one org and period make one number
    """

    measure: str
    take: Literal["score", "rank", "reached", "assessed", "counting", "share", "mean"] = "score"
    of: NodeId = ROOT
    level: str | None = None
    when: When | None = None
    pool: Pool | None = None
    keeps: Annotated[int, Field(ge=1, le=20)] = 1
    together: Literal["latest", "lowest", "highest", "sum", "mean"] = "latest"

    @model_validator(mode="after")
    def says_what_is_reached(self):
        needs = self.take in ("reached", "counting", "share")
        if needs != bool(self.level or self.when) or (self.level and self.when):
            raise ValueError(f"{self.measure}: 'reached', 'counting', 'share' need 'level' or 'when', others neither.")
        if self.take in ("counting", "share", "mean") and self.pool is None:
            raise ValueError(f"{self.measure}: '{self.take}' needs 'pool'.")
        if self.pool and self.take in ("score", "rank"):
            raise ValueError(f"{self.measure}: with a pool take reached, assessed, counting, share or mean.")
        if self.pool and self.take == "reached" and self.pool.share is None:
            raise ValueError(f"{self.measure}: say the 'share' of targets with which the school counts.")
        return self


class Section(Strict):
    """A part of the official report (a SAR, a PMQA book), put together from the year's data.

    kind   summary: score and level | org: school register | questions: answers by group | results: each node of
           `criteria` with level, notes and evidence | figures: the `figures` named | gaps: what holds it back
           | improvements | evidence: the annex | text: the note `note` of the whole
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    kind: Literal["summary", "org", "questions", "results", "figures", "gaps", "improvements", "evidence", "text"]
    criteria: tuple[NodeId, ...] = ()
    indicators: tuple[str, ...] = ()
    note: str | None = None
    intro: Text | None = None


class Season(Strict):
    """The usual days of a round; `years_later` counts from the year in which the period starts."""

    opens: MonthDay | None = None
    due: MonthDay | None = None
    closes: MonthDay | None = None
    years_later: Annotated[int, Field(ge=0, le=2)] = 0


class Index(Strict):
    """Another way the whole score is told: an expression over `score` (the 4.0 index out of 4)."""

    title: Text
    value: Expression
    decimals: Annotated[int, Field(ge=0, le=4)] = 1

    @model_validator(mode="after")
    def speaks_of_the_score(self):
        if strange := expressions.names(self.value) - {"score"}:
            raise ValueError(f"may speak of score only, not of {', '.join(sorted(strange))}.")
        return self


class Framework(Sourced):
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
    since: date | None = None
    until: date | None = None
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
        _weights_fit(ROOT, self.gather, self.criteria)
        _codes_once(ROOT, self.levels)
        for place, named in self._named_nodes():
            if strange := sorted(set(named) - {*ids, ROOT}):
                raise ValueError(f"{place}: {', '.join(strange)} is no criterion of this framework.")
        return self

    def _named_nodes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every place that names criteria, with the names."""
        for owner in (self, *self.nodes):
            for level in owner.levels:
                for condition in _conditions(level.when):
                    yield f"level {level.code} of {owner.id}", _speaks_of(condition)
        for gift in self.gives:
            yield f"gives {gift.measure}", (gift.of,)
            for condition in _conditions(gift.when) if gift.when else ():
                yield f"gives {gift.measure}", _speaks_of(condition)
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

    def in_force(self, day: date) -> bool:
        """True when a round may be opened under it on the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def level(self, code: str, of: str = ROOT) -> Level | None:
        """A level of the whole or of a criterion by its code."""
        levels = self.levels if of == ROOT else self.by_id[of].levels
        return next((level for level in levels if level.code == code), None)


def rank_of(levels: tuple[Level, ...], code: str | None) -> float | None:
    """The rank of a level among its own; None for no level."""
    for place, level in enumerate(levels):
        if level.code == code:
            return level.rank if level.rank is not None else float(len(levels) - place)
    return None


def _conditions(when: When) -> Iterator[When]:
    yield when
    for other in when.any:
        yield from _conditions(other)


def _speaks_of(when: When) -> tuple[str, ...]:
    named = list(when.complete)
    for part in (when.each, when.count):
        if part is not None and not isinstance(part.of, str):
            named += part.of
    return tuple(named)


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
