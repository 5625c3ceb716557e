"""What both readers do: texts in two languages, conditions, and the faults of a form gathered."""

import re
from collections.abc import Mapping

from khet.core.catalogue import Text
from khet.engines.surveys.definition import conditions
from khet.engines.surveys.definition.form import Form, FormFault, Question

_ID = re.compile(r"[A-Za-z_][\w-]{0,59}")
_TAG = re.compile(r"<[^>]*>")


class Building:
    """A form in the making: readers add sections and faults, `finish` gives the form or raises all faults."""

    def __init__(self, where: str):
        self.where, self.faults, self.sections = where, [], []

    def fault(self, place: str, words: str) -> None:
        self.faults.append(f"{self.where}: {place}: {words}")

    def condition(self, text, place: str):
        """The condition a cell holds, None when it is empty or cannot be read (then noted)."""
        if not text or not str(text).strip():
            return None
        try:
            return conditions.read(str(text).strip())
        except conditions.ConditionError as error:
            self.fault(place, str(error))
            return None

    def identifier(self, name, place: str) -> str:
        if not _ID.fullmatch(str(name or "")):
            self.fault(place, f"'{name}' is no name. Use letters a–z, digits and _, beginning with a letter.")
        return str(name or "")

    def finish(self, title: Text) -> Form:
        form = Form(title, tuple(section for section in self.sections if section.questions))
        self._check(form)
        if self.faults:
            raise FormFault(self.faults)
        return form

    def _check(self, form: Form) -> None:
        if not form.sections:
            self.fault("the form", "asks nothing; add a question.")
        seen: set[str] = set()
        for section in form.sections:
            if section.id in seen or section.id in form.questions:
                self.fault(section.id, "this name is used twice; names are unique in a form.")
            seen.add(section.id)
            self._refers(section.show_if, section.id, form)
            for question in section.questions:
                self._check_question(question, form, seen)

    def _check_question(self, question: Question, form: Form, seen: set[str]) -> None:
        if question.id in seen:
            self.fault(question.id, "this name is used twice; names are unique in a form.")
        seen.add(question.id)
        codes = [option.code for option in question.options]
        if question.kind in ("choice", "choices") and len(codes) < 2:
            self.fault(question.id, "offers fewer than two options; add some.")
        if len(set(codes)) < len(codes):
            self.fault(question.id, "offers an option twice; keep one.")
        for condition in (question.show_if, question.check):
            self._refers(condition, question.id, form)

    def _refers(self, condition, place: str, form: Form) -> None:
        for name in conditions.names(condition) if condition else ():
            if name != conditions.HERE and name not in form.questions:
                self.fault(place, f"its condition asks about '{name}', which is no question of this form.")


def text_of(words, *, languages=("th", "en")) -> Text | None:
    """A text in both languages; what is there in one language only stands for both. Markup is taken out.

    words   a plain text, or {language: text} with names such as "th", "Thai (th)", "default"
    """
    if isinstance(words, Mapping):
        found = {code: _plain(text) for name, text in words.items() for code in languages if _is(name, code)}
        fallback = _plain(words.get("default")) or next((text for text in found.values() if text), "")
        th, en = (found.get(code) or fallback for code in languages)
    else:
        th = en = _plain(words)
    return Text(th=th, en=en) if th or en else None


def _is(name: str, code: str) -> bool:
    name = str(name).casefold()
    return name == code or name.endswith(f"({code})")


def _plain(text) -> str:
    """Without markup: a text of a form is shown as text, in both renderings."""
    return " ".join(_TAG.sub("", str(text or "")).replace("**", "").split())


def points_of(written) -> float | None:
    try:
        return float(written)
    except (TypeError, ValueError):
        return None
