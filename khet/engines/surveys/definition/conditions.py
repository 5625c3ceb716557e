"""Conditions of a form: one small language, read as XLSForm or SurveyJS writes it, decided on the server.

    ${role} = 'parent' and selected(${topics}, 'bus')        XLSForm
    {role} = 'parent' and {topics} contains 'bus'            SurveyJS

Nothing is evaluated as code: a condition is a tree of the classes below.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Value = str | float | list | None
HERE = "."  # the answer itself, in a check


class ConditionError(ValueError):
    """A condition we cannot read; says which word."""


@dataclass(frozen=True)
class Answer:
    """The answer to a question; HERE is that of the question checked."""

    name: str


@dataclass(frozen=True)
class Count:
    """How many options are chosen."""

    of: Answer


@dataclass(frozen=True)
class Constant:
    value: str | float


@dataclass(frozen=True)
class Compare:
    sign: str  # = != < <= > >=
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True)
class Has:
    """The option is among those chosen."""

    answer: Answer
    code: str


@dataclass(frozen=True)
class Empty:
    answer: Answer


@dataclass(frozen=True)
class Logic:
    word: str  # and | or
    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    part: "Condition"


@dataclass(frozen=True)
class Always:
    holds: bool


Operand = Answer | Count | Constant
Condition = Compare | Has | Empty | Logic | Not | Always

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\$?\{\s*[\w.#-]+\s*\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<sign>!=|<>|<=|>=|==|=|<|>|!)|(?P<word>[A-Za-z][\w-]*)|(?P<mark>[().,]))"
)
_SIGNS = {"==": "=", "<>": "!="}


def read(text: str) -> Condition:
    """The condition a text writes. Raises ConditionError."""
    reader = _Reader(text)
    condition = reader.either()
    if reader.kind:
        raise reader.fault()
    return condition


class _Reader:
    """Reads from left to right; `or` binds less than `and`, `and` less than a comparison."""

    def __init__(self, text: str):
        self.text, self.tokens, at = text, [], 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if not found:
                raise ConditionError(f"'{text}': cannot read '{text[at:].strip()[:20]}'")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def fault(self) -> ConditionError:
        words = "Use = != < > and or not, selected(), count-selected(), contains, empty, notempty."
        return ConditionError(f"'{self.text}': '{self.word or 'the end'}' is not expected here. {words}")

    def take(self, *words: str) -> str:
        """The next token, when it is one of the words (any, when none is named)."""
        if not self.kind or (words and self.word.lower() not in words):
            raise self.fault()
        self.at += 1
        return self.tokens[self.at - 1][1]

    def next_is(self, *words: str) -> bool:
        return self.kind in ("word", "mark", "sign") and self.word.lower() in words

    def either(self) -> Condition:
        return self._joined("or", self.both)

    def both(self) -> Condition:
        return self._joined("and", self.single)

    def _joined(self, word: str, part) -> Condition:
        parts = [part()]
        while self.next_is(word):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Logic(word, tuple(parts))

    def single(self) -> Condition:
        if self.next_is("not", "!"):
            self.take()
            return Not(self.single())
        if self.next_is("("):
            return self._in_brackets(self.either)
        if self.next_is("true", "false"):
            holds = self.take().lower() == "true"
            if self.next_is("("):
                self.take("(")
                self.take(")")
            return Always(holds)
        if self.next_is("selected"):
            self.take()
            return self._in_brackets(self._selected)
        return self._comparison()

    def _in_brackets(self, inside):
        self.take("(")
        found = inside()
        self.take(")")
        return found

    def _selected(self) -> Has:
        answer = self._answer()
        self.take(",")
        return Has(answer, self._constant_text())

    def _comparison(self) -> Condition:
        left = self._operand()
        if isinstance(left, Answer) and self.next_is("empty", "notempty"):
            return Empty(left) if self.take().lower() == "empty" else Not(Empty(left))
        if isinstance(left, Answer) and self.next_is("contains", "notcontains"):
            found = self.take().lower()
            has = Has(left, self._constant_text())
            return has if found == "contains" else Not(has)
        if self.kind != "sign" or self.word == "!":
            raise self.fault()
        sign = self.take()
        return Compare(_SIGNS.get(sign, sign), left, self._operand())

    def _operand(self) -> Operand:
        if self.next_is("count-selected"):
            self.take()
            return Count(self._in_brackets(self._answer))
        match self.kind:
            case "text":
                return Constant(self.take()[1:-1])
            case "number":
                return Constant(float(self.take()))
            case "word" if self.next_is("true", "false"):  # SurveyJS compares a yes-or-no question so
                return Constant(self.take().lower())
        return self._answer()

    def _answer(self) -> Answer:
        if self.kind == "name":
            name = self.take().strip("${} ").removeprefix("panel.")
            return Answer(name)
        if self.next_is("."):
            self.take()
            return Answer(HERE)
        raise self.fault()

    def _constant_text(self) -> str:
        if self.kind not in ("text", "number"):
            raise self.fault()
        return self.take().strip("'\"")


def names(condition: Condition) -> Iterator[str]:
    """The questions a condition asks about."""
    match condition:
        case Logic(parts=parts):
            for part in parts:
                yield from names(part)
        case Not(part=part):
            yield from names(part)
        case Compare(left=left, right=right):
            for side in (left, right):
                if isinstance(side, Answer | Count):
                    yield side.name if isinstance(side, Answer) else side.of.name
        case Has(answer=answer) | Empty(answer=answer):
            yield answer.name


def holds(condition: Condition | None, answers: Mapping[str, Value], here: Value = None) -> bool:
    """Whether a condition holds for the answers so far; without a condition it does."""
    match condition:
        case None:
            return True
        case Always(holds=fixed):
            return fixed
        case Not(part=part):
            return not holds(part, answers, here)
        case Logic(word=word, parts=parts):
            return (all if word == "and" else any)(holds(part, answers, here) for part in parts)
        case Empty(answer=answer):
            return _value(answer, answers, here) in (None, "", [])
        case Has(answer=answer, code=code):
            chosen = _value(answer, answers, here)
            return code in chosen if isinstance(chosen, list) else _text(chosen) == code
        case Compare(sign=sign, left=left, right=right):
            return _compare(sign, _value(left, answers, here), _value(right, answers, here))
    raise TypeError(condition)


def _value(operand: Operand, answers: Mapping[str, Value], here: Value) -> Value:
    match operand:
        case Constant(value=value):
            return value
        case Count(of=of):
            chosen = _value(of, answers, here)
            return float(len(chosen)) if isinstance(chosen, list) else float(chosen not in (None, ""))
        case Answer(name=name):
            return here if name == HERE else answers.get(name)


def _text(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float | int) else str(value)


def _compare(sign: str, left: Value, right: Value) -> bool:
    """As numbers where both sides are, else as text; an order with nothing on a side does not hold."""
    a, b = _number(left), _number(right)
    if a is None or b is None:
        if sign == "=":
            return _text(left) == _text(right)
        return sign == "!=" and _text(left) != _text(right)
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]


def _number(value: Value) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def in_surveyjs(condition: Condition, *, own: str = "", inside: frozenset[str] = frozenset()) -> str:
    """The condition as SurveyJS writes it.

    own      the question whose check it is
    inside   questions of the same repeated section, which SurveyJS calls by {panel.name}
    """

    def name(answer: Answer) -> str:
        called = own if answer.name == HERE else answer.name
        return f"{{panel.{called}}}" if called in inside else f"{{{called}}}"

    def side(operand: Operand) -> str:
        match operand:
            case Constant(value=value):
                return f"{value:g}" if isinstance(value, float) else f"'{value}'"
            case Count(of=of):
                return name(of).replace("}", ".length}")
        return name(operand)

    def write(part: Condition) -> str:
        match part:
            case Always(holds=fixed):
                return "1 = 1" if fixed else "1 = 2"
            case Not(part=inner):
                return f"!({write(inner)})"
            case Logic(word=word, parts=parts):
                return "(" + f" {word} ".join(write(one) for one in parts) + ")"
            case Empty(answer=answer):
                return f"{name(answer)} empty"
            case Has(answer=answer, code=code):
                return f"({name(answer)} contains '{code}' or {name(answer)} = '{code}')"
            case Compare(sign=sign, left=left, right=Constant(value="")) if isinstance(left, Answer):
                return f"{name(left)} {'empty' if sign == '=' else 'notempty'}"
            case Compare(sign=sign, left=left, right=right):
                return f"{side(left)} {sign} {side(right)}"
        raise TypeError(part)

    return write(condition)
