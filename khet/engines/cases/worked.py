"""Worked examples: the steps of a case as data, and where they must lead. They run as tests and by `khet check`."""

from datetime import date

from pydantic import Field

from khet.core.catalogue import Catalogue, Sourced, Strict
from khet.core.workflow.machine import MoveNotAllowed, next_state
from khet.core.workflow.schema import Workflow
from khet.engines.cases.counting import Known, totals, with_groups
from khet.engines.cases.levelling import passes_by, proposed
from khet.engines.cases.schema import CaseKind
from khet.kit.periods import Period

Answer = bool | int | float | str | list[str]
TOLERANCE = 0.005


class Taken(Strict):
    """A step of a case: the move, by whom (a role of the catalogue or in the case), when, with which answers."""

    move: str
    by: str
    day: date
    answers: dict[str, Answer] = {}


class Example(Sourced):
    """One case from its beginning: where it stands in the end, how pressing it is, what it gives in a period."""

    name: str
    kind: str
    received: date
    answers: dict[str, Answer] = {}
    steps: tuple[Taken, ...] = ()
    done: dict[str, date] = Field(default={}, description="contacts that were recorded, and on which day first")
    ends_in: str
    level: str | None = None
    bypassed: bool = False
    overdue: bool = Field(default=False, description="it missed a clock; examples know days, clocks may be minutes")
    period: str | None = None
    gives: dict[str, float] = Field(default={}, description="measures not named must be given 0 by it")

    def fault(self, content: Catalogue) -> str | None:
        """What is wrong with it, None when it holds."""
        kind = content.find("case_kind", self.kind)
        workflow = kind and content.find("workflow", kind.workflow)
        if workflow is None:
            return f"'{self.kind}' is no kind of case of the catalogue, or its workflow is missing"
        try:
            case = self.case(kind, workflow)
        except MoveNotAllowed as error:
            return str(error)
        if case.state != self.ends_in:
            return f"expected to end in '{self.ends_in}', ended in '{case.state}'"
        if self.level is not None and case.level != self.level:
            return f"expected level '{self.level}', proposed '{case.level}'"
        if passes_by(kind, case.answers) != self.bypassed:
            return f"expected bypassed to be {self.bypassed}"
        return self._given(kind, case, content)

    def _given(self, kind: CaseKind, case: Known, content: Catalogue) -> str | None:
        if self.period is None:
            return None
        period, gifts = Period.parse(self.period), {gift.measure: gift for gift in kind.gives if gift.take != "listed"}
        if strange := set(self.gives) - set(gifts):
            return f"{', '.join(sorted(strange))}: none of what such cases give"
        for measure, gift in gifts.items():
            prompt = kind.prompt(gift.asked) if gift.asked else None
            given = totals(with_groups(gift, content), [case], period.start, period.end, prompt)
            wanted, worked = self.gives.get(measure, 0), sum(given.values())
            if abs(worked - wanted) > TOLERANCE:
                return f"{measure}: expected {wanted:g}, worked out {worked:g}"
        return None

    def case(self, kind: CaseKind, workflow: Workflow) -> Known:
        """The case as counting knows it. Raises MoveNotAllowed."""
        answers, state, path = dict(self.answers), workflow.start, [(self.received, workflow.start)]
        for step in self.steps:
            state = next_state(workflow, state, step.move, {step.by})
            answers |= step.answers
            path.append((step.day, state))
        final = workflow.states[state].final
        level = proposed(kind, answers)
        return Known(
            1, "example", state, self.received, closed=path[-1][0] if final else None,
            level=level.code if level else "", overdue=self.overdue, answers=answers, path=tuple(path),
            done=dict(self.done),
        )  # fmt: skip


def faults(content: Catalogue) -> list[tuple[str, str]]:
    """(example, what is wrong) of those that do not hold."""
    found = [(example.id, example.fault(content)) for example in content.all("case_example")]
    return [(id, words) for id, words in found if words]
