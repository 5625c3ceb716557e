"""What a result gives to measures, and the sections of the official report."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from khet.core.catalogue import Strict, Text
from khet.core.catalogue.schema import MonthDay
from khet.engines.assessments.schema.base import ROOT, Expression, NodeId
from khet.engines.assessments.schema.levels import When
from khet.kit import expressions


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
    """A part of the official report (of a school's self-assessment, say), put together from the year's data.

    kind   summary: score and level | org: school register | questions: answers to `questions` (all where none are
           named) | results: each node of `criteria` with level, own goal, notes and evidence | figures: what Khet
           knows of `indicators` and `measures` | others: the newest results by frameworks of `families` | gaps: what
           holds it back | improvements | evidence: the annex | text: the note `note` of the whole
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    kind: Literal[
        "summary", "org", "questions", "results", "figures", "others", "gaps", "improvements", "evidence", "text"
    ]  # fmt: skip
    criteria: tuple[NodeId, ...] = ()
    questions: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    note: str | None = None
    intro: Text | None = None

    @model_validator(mode="after")
    def holds_what_its_kind_needs(self):
        needs = {"text": ("note",), "others": ("families",), "figures": ("indicators", "measures")}.get(self.kind, ())
        if needs and not any(getattr(self, name) for name in needs):
            raise ValueError(f"section {self.id}: '{self.kind}' needs {' or '.join(needs)}.")
        return self


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
