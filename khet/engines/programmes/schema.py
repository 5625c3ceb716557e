"""The shape of `programme-*.yaml`: who takes part, which rungs there are, what comes out, what is counted.

Data says what, never how: each word of `take` is a named, tested function of `counting.py`.
docs/guides/programmes.md explains it with examples.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from khet.core.catalogue import Dated, Strict, Text
from khet.core.forms.schema import Field as Question
from khet.core.forms.schema import Form

Kind = Literal["school", "classroom", "teacher", "pupil", "partner"]
Take = Literal[
    "participants", "judged", "fields", "outputs", "uses", "sessions", "heads", "present", "expected", "hours",
    "with_hours", "completed", "planned", "paid",
]  # fmt: skip
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=30), BeforeValidator(str)]
PERSONS = ("teacher", "pupil")
OF_PARTICIPANTS = ("participants", "judged", "fields", "present", "expected", "hours", "with_hours", "completed")
OF_OUTPUTS = ("outputs", "uses")


class Choice(Strict):
    """A code with its words: a role, a kind of session."""

    code: Code
    title: Text


class Level(Strict):
    """A rung of the ladder, or a quality level of an output.

    judged_by   whose word it is, shown beside the form and taken when nothing else is typed
    evidence    whether a file or link is asked for
    years       how long it is valid from the day it was judged; None: until further notice
    on_joining  every participant stands on it from the day of joining
    needs       a rung that must be held, valid, on the day of judging
    minimum     of an output's quality level: the smallest score that reaches it
    fields      what is asked when it is judged
    act         the next act for whoever stands here
    """

    code: Code
    title: Text
    judged_by: Text | None = None
    evidence: Literal["none", "welcome", "required"] = "welcome"
    years: Annotated[int, Field(ge=1, le=20)] | None = None
    on_joining: bool = False
    needs: Code | None = None
    minimum: float | None = None
    fields: tuple[Question, ...] = ()
    act: Text | None = None


class Ladder(Strict):
    """Where a participant can stand, lowest rung first.

    counts   highest: rungs are held side by side, the highest valid one counts;
             latest: each judgement takes the place of the one before
    """

    counts: Literal["highest", "latest"] = "highest"
    levels: tuple[Level, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def rungs_are_in_order(self):
        codes = _unlike(self.levels, "levels")
        if [level.code for level in self.levels[1:] if level.on_joining]:
            raise ValueError("only the lowest level may be held 'on_joining'.")
        for place, level in enumerate(self.levels):
            if level.needs and level.needs not in codes[:place]:
                raise ValueError(f"'{level.code}' needs '{level.needs}', which is no lower level.")
        return self

    def level(self, code: str) -> Level | None:
        return next((level for level in self.levels if level.code == code), None)

    def rank(self, code: str) -> int:
        """Place from the bottom, 1 for the lowest; 0 for a code that is none of ours."""
        return next((place for place, level in enumerate(self.levels, start=1) if level.code == code), 0)


class Attendance(Strict):
    """Who has completed the sessions: this share of those held, and at least so many hours."""

    share: Annotated[float, Field(gt=0, le=1)] = 0.8
    hours: Annotated[float, Field(ge=0)] = 0


class Sessions(Strict):
    """Meetings, lessons, trainings. `by_schools`: schools hold sessions of their own under the programme."""

    kinds: tuple[Choice, ...] = Field(min_length=1)
    attendance: Attendance = Attendance()
    hours: Annotated[float, Field(gt=0, le=24)] = 1
    by_schools: bool = False

    @model_validator(mode="after")
    def kinds_are_unlike(self):
        _unlike(self.kinds, "kinds")
        return self


class OutputKind(Strict):
    """Something the programme brings forth: an innovation, research, media, an award.

    levels      quality levels, lowest first; by `minimum` where a score out of 100 decides
    reviewers   how many must review it before it can be published; 0: who runs the programme publishes it
    own_school  whether a reviewer of the author's own school counts
    authors     how many are asked for
    fields      what is asked beside title, summary, day, authors and file
    """

    code: Code
    title: Text
    levels: tuple[Level, ...] = ()
    reviewers: Annotated[int, Field(ge=0, le=9)] = 1
    own_school: bool = False
    authors: bool = True
    fields: tuple[Question, ...] = ()

    @model_validator(mode="after")
    def levels_are_in_order(self):
        _unlike(self.levels, "levels")
        bounds = [level.minimum for level in self.levels if level.minimum is not None]
        if bounds != sorted(set(bounds)):
            raise ValueError(f"minimums of '{self.code}' must rise from the lowest level to the highest.")
        return self

    def level(self, code: str) -> Level | None:
        return next((level for level in self.levels if level.code == code), None)

    def reached(self, score: float) -> Level | None:
        """The level a score reaches, or None."""
        found = [level for level in self.levels if level.minimum is not None and score >= level.minimum]
        return found[-1] if found else None


class Gift(Strict):
    """What is counted for a measure (which must say `feed: programmes`).

    take     word of counting.py
    level    participants on this rung or above; outputs of this quality or above
    kinds    only these kinds of participants, sessions or outputs (all by default)
    roles    only participants in these roles
    anew     participants who joined in the period, instead of those there on its last day
    field    the number asked on joining that is summed (`fields`), or whose answer is one of `is_one_of`
    hours    least hours attended in the period (`with_hours`)
    ever     outputs of all time up to the last day, instead of those of the period
    by       breakdown into the measure's groups: the level, the kind, or the answer of a field
    """

    measure: str
    take: Take
    level: Code | None = None
    kinds: tuple[Code, ...] = ()
    roles: tuple[Code, ...] = ()
    anew: bool = False
    field: str | None = None
    is_one_of: tuple[str, ...] = ()
    hours: float | None = None
    ever: bool = False
    by: str | None = None

    @model_validator(mode="after")
    def words_fit(self):
        if (self.take == "fields") != bool(self.field and not self.is_one_of):
            raise ValueError("'fields' sums one 'field'; with 'is_one_of' take participants.")
        if (self.take == "with_hours") != (self.hours is not None):
            raise ValueError("'hours' belongs to 'with_hours', which cannot do without it.")
        if self.ever and self.take not in OF_OUTPUTS:
            raise ValueError("'ever' belongs to outputs and uses.")
        if self.roles and self.take not in OF_PARTICIPANTS:
            raise ValueError("'roles' belongs to counts of participants.")
        return self


class Programme(Dated):
    """One edition of a programme's rules. What runs keeps the edition it began under.

    family        editions that are one programme; participants are counted over all of them once
    since, until  days between which a run may be opened
    who           who takes part
    run_by        who opens a run: the office, a school for itself, or either
    lasting       a run goes on until it is closed, or ends with the year it is opened for
    zero          a school below that does not take part counts 0, not unknown: the list is complete
    confidential  persons are never named: only numbers are kept
    costs         whether money is entered
    fields        what is asked on joining
    """

    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    system: str
    title: Text
    edition: Text
    summary: Text | None = None
    since: date
    who: tuple[Kind, ...] = Field(min_length=1)
    run_by: tuple[Literal["office", "school"], ...] = ("office",)
    lasting: Literal["open", "academic_year", "fiscal_year"] = "open"
    zero: bool = True
    confidential: bool = False
    costs: bool = True
    roles: tuple[Choice, ...] = ()
    fields: tuple[Question, ...] = ()
    ladder: Ladder | None = None
    sessions: Sessions | None = None
    outputs: tuple[OutputKind, ...] = ()
    gives: tuple[Gift, ...] = ()

    @model_validator(mode="after")
    def holds_together(self):
        _unlike(self.roles, "roles")
        _unlike(self.outputs, "outputs")
        for fields in (self.fields, *(kind.fields for kind in self.outputs), *(one.fields for one in self._rungs)):
            if fields:
                Form(id="fields", source=self.source, title=self.title, fields=fields)  # its own checks
        beside = [*(kind.fields for kind in self.outputs), *(one.fields for one in self._rungs)]
        if [question.id for fields in beside for question in fields if question.sensitive]:
            raise ValueError("a sensitive question is asked on joining only: there it is kept encrypted.")
        if self.confidential and set(self.who) & set(PERSONS):
            raise ValueError("'confidential' keeps no persons: let schools take part and ask for numbers.")
        measures = [gift.measure for gift in self.gives]
        if twice := {one for one in measures if measures.count(one) > 1}:
            raise ValueError(f"gives {', '.join(sorted(twice))} twice; keep one.")
        for gift in self.gives:
            self._fits(gift)
        return self

    @property
    def _rungs(self) -> tuple[Level, ...]:
        return self.ladder.levels if self.ladder else ()

    def _fits(self, gift: Gift) -> None:
        """Raises ValueError when a gift speaks of what the programme does not have."""
        known = {
            "outputs": {kind.code for kind in self.outputs}, "uses": {kind.code for kind in self.outputs},
            "sessions": self._session_kinds, "heads": self._session_kinds, "planned": set(), "paid": set(),
        }.get(gift.take, set(self.who))  # fmt: skip
        if gift.take in ("present", "expected", "hours", "with_hours", "completed", "sessions", "heads"):
            if self.sessions is None:
                raise ValueError(f"'{gift.measure}' counts sessions, but the programme has none.")
            known = known | self._session_kinds
        if gift.take in OF_OUTPUTS and not self.outputs:
            raise ValueError(f"'{gift.measure}' counts outputs, but the programme has none.")
        if strange := set(gift.kinds) - known:
            raise ValueError(f"'{gift.measure}': {', '.join(sorted(strange))} is none of its kinds.")
        if strange := set(gift.roles) - {role.code for role in self.roles}:
            raise ValueError(f"'{gift.measure}': {', '.join(sorted(strange))} is none of its roles.")
        if gift.level and gift.level not in self._levels_of(gift):
            raise ValueError(f"'{gift.measure}': '{gift.level}' is none of its levels.")
        if gift.field and gift.field not in self._questions(gift):
            raise ValueError(f"'{gift.measure}': '{gift.field}' is none of its fields.")
        if gift.by and gift.by not in {"level", "kind", "role", *self._questions(gift)}:
            raise ValueError(f"'{gift.measure}': by is level, kind, role or a field, not '{gift.by}'.")

    @property
    def _session_kinds(self) -> set[str]:
        return {kind.code for kind in self.sessions.kinds} if self.sessions else set()

    def _levels_of(self, gift: Gift) -> set[str]:
        if gift.take in OF_OUTPUTS:
            return {level.code for kind in self.outputs for level in kind.levels}
        return {level.code for level in self._rungs}

    def _questions(self, gift: Gift) -> dict[str, Question]:
        asked = [f for kind in self.outputs for f in kind.fields] if gift.take in OF_OUTPUTS else self.fields
        return {question.id: question for question in asked}

    def level(self, code: str) -> Level | None:
        return self.ladder.level(code) if self.ladder else None

    def output(self, code: str) -> OutputKind | None:
        return next((kind for kind in self.outputs if kind.code == code), None)

    @property
    def entry(self) -> Level | None:
        """The rung held on joining."""
        return next((level for level in self._rungs if level.on_joining), None)


def _unlike(things, what: str) -> list[str]:
    codes = [thing.code for thing in things]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"{what}: {', '.join(sorted(twice))} is used twice; give each its own code.")
    return codes
