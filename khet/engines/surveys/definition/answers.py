"""Answers as they were sent, held against the form: what is asked, allowed and complete stays, all faults are told.

The browser checks too, but only what is checked here counts: a post can be forged.
"""

import math
import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from khet.engines.surveys.definition.conditions import holds
from khet.engines.surveys.definition.form import LONGEST, Form, Question, Section
from khet.kit.periods import parse_date
from khet.kit.thai import arabic_digits, tidy

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Refused(ValueError):
    """Answers that cannot be taken. `faults` is {name of the question: words}, "" for the whole."""

    def __init__(self, faults: dict[str, str]):
        super().__init__("; ".join(faults.values()))
        self.faults = faults


def clean(form: Form, sent: Mapping, *, sections: tuple[Section, ...] | None = None) -> dict:
    """The answers in the order of the form: {question: code, [codes], text, number or ISO date}, sections that
    repeat as {section: [{…}, …]}. Questions that are not asked (skip logic) and empty ones are left out.

    sections   only these are judged (a page of several); the others' answers are still looked at for conditions
    raises     Refused with every fault
    """
    work = _Cleaning(form, sent)
    work.run(form.sections if sections is None else sections)
    if work.faults:
        raise Refused(work.faults)
    return work.answers


def shown(form: Form, answers: Mapping) -> list[tuple[Section, list[Question]]]:
    """The sections and questions that are asked, given the answers so far; a section without any is left out."""
    found = []
    for section in form.sections:
        if holds(section.show_if, answers):
            questions = [q for q in section.questions if section.repeats or holds(q.show_if, answers)]
            if any(question.asks for question in questions):
                found.append((section, questions))
    return found


class _Cleaning:
    def __init__(self, form: Form, sent: Mapping):
        self.form, self.sent = form, sent
        self.answers: dict = {}
        self.faults: dict[str, str] = {}

    def run(self, judged: tuple[Section, ...]) -> None:
        known = {q.id for section in self.form.sections if not section.repeats for q in section.questions}
        known |= {section.id for section in self.form.sections if section.repeats}
        if strange := [name for name in self.sent if name not in known]:
            self.faults[""] = _("The form does not ask for “%(name)s”.") % {"name": str(strange[0])[:60]}
        for section in self.form.sections:
            if not holds(section.show_if, self.answers):
                continue
            if section.repeats:
                self._repeated(section, section in judged)
            else:
                self._section(section, section in judged)

    def _section(self, section: Section, judged: bool) -> None:
        for question in section.questions:
            if question.asks and holds(question.show_if, self.answers):
                value, fault = one(question, self.sent.get(question.id), self.answers)
                if fault and judged:
                    self.faults[question.id] = fault
                if value is not None and not fault:
                    self.answers[question.id] = value

    def _repeated(self, section: Section, judged: bool) -> None:
        rows = self.sent.get(section.id) or []
        if not isinstance(rows, list) or len(rows) > section.most:
            self.faults[section.id] = _("At most %(count)s can be told.") % {"count": section.most}
            return
        taken = []
        for number, row in enumerate(rows):
            answers = self._row(section, row if isinstance(row, Mapping) else {}, number, judged)
            if answers:
                taken.append(answers)
        if taken:
            self.answers[section.id] = taken

    def _row(self, section: Section, row: Mapping, number: int, judged: bool) -> dict:
        answers: dict = {}
        if strange := set(row) - {question.id for question in section.questions}:
            self.faults[""] = _("The form does not ask for “%(name)s”.") % {"name": str(min(strange))[:60]}
        if all(_is_empty(value) for value in row.values()):
            return answers  # a panel that was opened and left empty
        for question in section.questions:
            if question.asks and holds(question.show_if, self.answers | answers):
                value, fault = one(question, row.get(question.id), self.answers | answers)
                if fault and judged:
                    self.faults[f"{section.id}.{number}.{question.id}"] = fault
                if value is not None and not fault:
                    answers[question.id] = value
        return answers


def one(question: Question, sent, answers: Mapping) -> tuple:
    """(value, fault) of one answer: exactly one of them is something, neither where it may stay empty."""
    if _is_empty(sent):
        return None, _("Please answer this question.") if question.required else None
    try:
        value = _READERS[question.kind](question, sent)
    except _Unfit as error:
        return None, str(error)
    if _is_empty(value):
        return None, _("Please answer this question.") if question.required else None
    if question.check is not None and not holds(question.check, answers, value):
        return None, str(question.check_words or "") or _("This answer does not fit; look at it again.")
    return value, None


def _is_empty(value) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


class _Unfit(ValueError):
    """An answer that is none of those asked for."""


def _choice(question: Question, sent) -> str:
    # SurveyJS sends a boolean as such, and a number where the code is one
    code = str(sent).lower() if isinstance(sent, bool) else str(sent) if isinstance(sent, str | int) else None
    if code not in question.codes:
        raise _Unfit(_("Choose one of the answers offered."))
    return code


def _choices(question: Question, sent) -> list[str]:
    sent = sent if isinstance(sent, list) else [sent]
    if len(sent) > len(question.options):
        raise _Unfit(_("Choose among the answers offered."))
    chosen = {_choice(question, code) for code in sent}
    return [option.code for option in question.options if option.code in chosen]


def _text(question: Question, sent) -> str:
    if not isinstance(sent, str | int | float) or isinstance(sent, bool):
        raise _Unfit(_("Write a text."))
    text = _INVISIBLE.sub("", str(sent)).replace("\r\n", "\n")
    text = "\n".join(tidy(line) for line in text.split("\n")).strip()
    if len(text) > (longest := LONGEST[question.kind]):
        raise _Unfit(_("Write at most %(count)s characters.") % {"count": longest})
    return text


def _number(question: Question, sent) -> float | int:
    try:
        number = float(arabic_digits(str(sent)).replace(",", "").strip())
    except ValueError:
        raise _Unfit(_("Write a number, in digits.")) from None
    if not math.isfinite(number) or isinstance(sent, bool):
        raise _Unfit(_("Write a number, in digits."))
    if question.kind == "integer" and number != int(number):
        raise _Unfit(_("Write a whole number."))
    if question.minimum is not None and number < question.minimum:
        raise _Unfit(_("Write at least %(number)s.") % {"number": f"{question.minimum:g}"})
    if question.maximum is not None and number > question.maximum:
        raise _Unfit(_("Write at most %(number)s.") % {"number": f"{question.maximum:g}"})
    if abs(number) > 1e12:
        raise _Unfit(_("This number is too large."))
    return int(number) if question.kind == "integer" else number


def _date(question: Question, sent) -> str:
    try:
        day = parse_date(str(sent)[:40])
    except ValueError:
        raise _Unfit(_("Write a date, for example 16/05/2567.")) from None
    if not date(1900, 1, 1) <= day <= date(2100, 1, 1):
        raise _Unfit(_("Write a date, for example 16/05/2567."))
    return day.isoformat()


_READERS = {
    "choice": _choice, "choices": _choices, "text": _text, "long_text": _text, "integer": _number, "number": _number,
    "date": _date,
}  # fmt: skip
