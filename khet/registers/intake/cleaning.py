"""The vocabulary of cleaners: small pure functions from a cell's text to a value, each named in source files.

A cleaner returns None for a blank and raises Bad for what it cannot take. Columns are cleaned whole, each distinct
text once.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date

from khet.core.catalogue import catalogue
from khet.kit.identifiers import clean_person_id, clean_school_code
from khet.kit.periods import Period, PeriodError, parse_date
from khet.kit.thai import arabic_digits, fold, fold_loosely, tidy
from khet.registers.intake.faults import NOTE, WARNING, Bad
from khet.registers.intake.schema import Column

BLANKS = frozenset(["", "-", "–", "—", "--", "ไม่ระบุ", "N/A", "n/a", "NULL", "null", "None"])
YES = frozenset(
    fold(word) for word in ("1", "ใช่", "มี", "y", "yes", "true", "t", "x", "/", "✓", "✔", "เป็น", "ได้รับ", "ขาดแคลน")
)
NO = frozenset(fold(word) for word in ("0", "ไม่ใช่", "ไม่มี", "ไม่", "n", "no", "false", "f", "ไม่เป็น", "ไม่ขาดแคลน"))
_TICKS = frozenset("/✓✔☑*")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")

Clean = Callable[[str], object]


def text(cell: str) -> str | None:
    return tidy(cell) or None


def person_id(cell: str) -> tuple[str, str] | None:
    """(kind, identifier). Shortened numbers and failing check digits are refused, never guessed."""
    try:
        kind, value = clean_person_id(cell)
    except ValueError:
        plain = re.sub(r"[\s\-']", "", arabic_digits(tidy(cell)))
        if _SCIENTIFIC.fullmatch(plain):
            raise Bad("scientific", value=plain) from None
        raise (Bad("id_check") if len(plain) in (12, 13) else Bad("id_digits", digits=len(plain))) from None
    if kind == "other" and (len(value) > 20 or not re.fullmatch(r"[A-Z0-9]+", value)):
        raise Bad("id_form", value=value[:20])
    return (kind, value) if kind else None


def school_code(cell: str) -> str | None:
    try:
        return clean_school_code(cell) or None
    except ValueError:
        raise Bad("school_code", value=tidy(cell)[:40]) from None


def day(cell: str) -> date | None:
    try:
        return parse_date(cell)
    except ValueError:
        raise Bad("not_a_date", value=tidy(cell)[:40]) from None


def number(cell: str) -> float | None:
    plain = arabic_digits(tidy(cell)).replace(",", "").replace(" ", "").removeprefix("+")
    try:
        value = float(plain)
    except ValueError:
        raise Bad("not_a_number", value=tidy(cell)[:40]) from None
    if value != value or value in (float("inf"), float("-inf")):
        raise Bad("not_a_number", value=tidy(cell)[:40])
    return value


def integer(cell: str) -> int | None:
    value = number(cell)
    if not value.is_integer():
        raise Bad("not_whole", value=tidy(cell)[:40])
    return int(value)


def percent(cell: str) -> float | None:
    return number(re.sub(r"^(ร้อยละ|percent)\s*|\s*[%％]$", "", tidy(cell)))


def flag(cell: str) -> bool:
    """True for any mark that does not say no."""
    return cell.strip() in _TICKS or fold(cell) not in NO


def yes_no(cell: str) -> bool | None:
    key = fold(cell)
    if cell.strip() in _TICKS or key in YES:
        return True
    if key in NO:
        return False
    raise Bad("not_yes_no", value=tidy(cell)[:40])


def digits(cell: str) -> str | None:
    plain = arabic_digits(tidy(cell))
    if _SCIENTIFIC.fullmatch(plain):
        raise Bad("scientific", value=plain)
    return plain.removesuffix(".0") or None


def period(cell: str) -> str | None:
    try:
        return Period.parse(tidy(cell)).code
    except (PeriodError, ValueError):
        raise Bad("not_a_period", value=tidy(cell)[:40]) from None


def grades(cell: str) -> list[str] | None:
    """Codes of a span (อ.2-ป.6) or a list (ป.1, ป.2), lowest first."""
    known = catalogue().get("codes", "grades")
    order = [value.code for value in sorted(known.values, key=lambda v: v.order or 0)]
    found: set[str] = set()
    for part in re.split(r"[,;/]|และ", arabic_digits(tidy(cell))):
        ends = [known.find(end) for end in re.split(r"\s*(?:-|–|—|ถึง)\s*", part.strip()) if end]
        if not ends or None in ends or len(ends) > 2:
            raise Bad("grades_span", value=tidy(cell)[:40])
        low, high = order.index(ends[0].code), order.index(ends[-1].code)
        if low > high:
            raise Bad("grades_span", value=tidy(cell)[:40])
        found.update(order[low : high + 1])
    return sorted(found, key=order.index)


def measure(cell: str) -> str | None:
    """The id of the measure a cell names by id or title."""
    found = measures_by_name().get(fold(cell))
    if found is None:
        import difflib

        near = difflib.get_close_matches(fold(cell), measures_by_name(), n=3, cutoff=0.5)
        raise Bad(
            "unknown_measure", value=tidy(cell)[:60], near=", ".join(measures_by_name()[key] for key in near) or "–"
        )
    return found


_measure_names: tuple[object, dict[str, str]] = (None, {})


def measures_by_name() -> dict[str, str]:
    """{folded id or title: measure id} of the catalogue."""
    global _measure_names
    known = catalogue()
    if _measure_names[0] is not known:
        names: dict[str, str] = {}
        for item in known.all("measure"):
            for name in (item.id, item.title.th, item.title.en):
                names.setdefault(fold(name), item.id)
        _measure_names = (known, names)
    return _measure_names[1]


def code_of(codes: str) -> Clean:
    """A cleaner that gives the code of a list for any of its spellings, also those with lost tone marks.

    What stands outside a list with an `other` becomes "other:what the cell says"; `split_code` parts the two.
    """
    known = catalogue().get("codes", codes)
    loose: dict[str, set[str]] = {}
    for value in known.values:
        for spelling in value.spellings:
            loose.setdefault(fold_loosely(spelling), set()).add(value.code)

    def code(cell: str) -> str | None:
        if known.is_empty(cell):
            return None
        if found := known.find(cell):
            return found.code
        if len(near := loose.get(fold_loosely(cell), ())) == 1:
            return next(iter(near))
        if known.other:
            return f"{known.other}:{tidy(cell)[:60]}"
        shown = [str(value.title) if value.code.isascii() else value.code for value in known.values]
        raise Bad("not_in_codes", value=tidy(cell)[:40], list=str(known.title), known=", ".join(shown[:20]))

    return code


def split_code(value: str | None) -> tuple[str | None, str]:
    """(code, the original text when it stood outside the list)."""
    code, _colon, original = (value or "").partition(":")
    return code or None, original


_PLAIN: dict[str, Clean] = {
    "text": text, "name": text, "person_id": person_id, "school_code": school_code, "date": day, "integer": integer,
    "number": number, "percent": percent, "flag": flag, "yes_no": yes_no, "grades": grades, "period": period,
    "measure": measure, "digits": digits, "coordinate": number,
}  # fmt: skip


def cleaner_of(column: Column) -> Clean:
    """The function a column's cells go through."""
    if column.clean == "code":
        return code_of(column.codes)
    return _PLAIN[column.clean]


class ColumnCleaner:
    """Cleans a column piece by piece; remembers every distinct text, so that a long file costs little."""

    def __init__(self, column: Column):
        self.column = column
        self.clean = cleaner_of(column)
        self.blanks = BLANKS | set(column.empty)
        self.blank_value = False if column.clean == "flag" else None
        self.seen: dict[str, object] = {}
        self.bad = False
        self.odd: dict[str, Bad] = {}  # cells that were taken, but not as they stand

    def __call__(self, cells: Sequence[str]) -> tuple[list, list[tuple[int, str, Bad]]]:
        """(values, [(index, severity, what is wrong)]); a bad cell's value is None."""
        seen = self.seen
        for cell in set(cells).difference(seen):
            seen[cell] = self._one(cell)
        values = list(map(seen.__getitem__, cells))
        faults = []
        if self.bad:
            faults = [(i, self.column.severity, value) for i, value in enumerate(values) if type(value) is Bad]
            for index, _severity, _bad in faults:
                values[index] = None
        if self.odd:
            faults += [(i, self._softer, self.odd[cell]) for i, cell in enumerate(cells) if cell in self.odd]
        return values, faults

    @property
    def _softer(self) -> str:
        return NOTE if self.column.severity == NOTE else WARNING

    def _one(self, cell: str):
        plain = cell.strip()
        if plain in self.blanks:
            return self.blank_value
        try:
            value = self.clean(plain)
        except Bad as bad:
            self.bad = True
            return bad
        if self.column.codes and isinstance(value, str) and ":" in value:
            self.odd[cell] = Bad("taken_as_other", value=plain[:40])
        return self.blank_value if isinstance(value, str) and value in self.blanks else value
