"""What can be wrong with a cell or a row, in the words of the office: one message and one way to mend a code."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)

# code: (what is wrong, how to mend it)
MESSAGES: dict[str, tuple[str, str]] = {
    "blank": (n("“%(field)s” is empty"), n("Fill it in at the source and export again.")),
    "scientific": (
        n("the number was shortened by the spreadsheet (%(value)s)"),
        n("Format the column as text, then paste or export the full numbers again."),
    ),
    "id_digits": (n("an ID has 13 digits, this one %(digits)s"), n("Correct it at its source.")),
    "id_check": (
        n("the last digit of the ID does not fit the others"),
        n("Check the ID against the house registration."),
    ),
    "id_form": (n("“%(value)s” is neither a 13-digit ID nor a G-code"), n("Correct it at its source.")),
    "school_code": (n("a school code has 8 digits, this is “%(value)s”"), n("Use the 8-digit code of the school.")),
    "not_in_codes": (
        n("“%(value)s” is not in the list “%(list)s”"),
        n("Use one of: %(known)s."),
    ),
    "taken_as_other": (
        n("“%(value)s” is not in the list; kept as “other” with these words"),
        n("Correct it at its source if the list has a word for it."),
    ),
    "absence_twice": (n("the same pupil and time as row %(row)s"), n("Keep one of the two rows.")),
    "mark_twice": (n("the same pupil and subject as row %(row)s"), n("Keep one of the two rows.")),
    "variant_assumed": (
        n("neither the file's name nor its title says which test this is; taken as “%(value)s”"),
        n("If it is another, undo the load and load it again with the right source."),
    ),
    "not_a_date": (n("“%(value)s” is no date"), n("Write day/month/year, for example 16/05/2567.")),
    "not_a_number": (n("“%(value)s” is no number"), n("Write digits only.")),
    "not_whole": (n("“%(value)s” is not a whole number"), n("Write a whole number.")),
    "not_yes_no": (n("“%(value)s” is neither yes nor no"), n("Write ใช่ or ไม่ใช่.")),
    "grades_span": (
        n("“%(value)s” names no grades"),
        n("Write the lowest and the highest grade, for example อ.2-ป.6."),
    ),
    "not_a_period": (n("“%(value)s” names no period"), n("Write 2567, 1/2567, ปีงบ 2568 or a code such as AY2024.")),
    "unknown_measure": (n("“%(value)s” is no measure of the catalogue"), n("Nearest: %(near)s.")),
    "damaged_letters": (n("some letters could not be read"), n("Export the file again as UTF-8.")),
    "unknown_school": (
        n("the school “%(value)s” is not in the register"),
        n("Confirm which school is meant, or load the school register first."),
    ),
    "school_differs": (
        n("the name “%(value)s” does not fit the school with this code (%(known)s)"),
        n("Confirm which school is meant."),
    ),
    "school_spelled": (n("the name is written “%(value)s”; taken as %(known)s by its code"), ""),
    "namesakes": (
        n("rows %(known)s give the same school “%(value)s”, and another of that name (%(other)s) has no row"),
        n("Confirm which row is whose."),
    ),
    "outside_scope": (
        n("the school is not one you may load for"),
        n("Remove the row, or ask the office to load the file."),
    ),
    "older_file": (
        n("a newer export of the same data (%(known)s) has been loaded; this one is of %(value)s"),
        n("Export again and load the new file."),
    ),
    "as_of_assumed": (
        n("the file does not say its date; taken as %(value)s"),
        n("Give the date of the data at the load."),
    ),
    "sheet_left": (n("the sheet “%(value)s” is of another kind and was not read"), n("Load it as a file of its own.")),
    "nothing_found": (n("no rows of data were found below the headers"), n("Check that the export holds rows.")),
    "unknown_column": (n("the column “%(value)s” is not read"), ""),
    "no_such_period": (
        n("“%(value)s” is not the kind of period this measure is entered for (%(known)s)"),
        n("Write the period as %(known)s."),
    ),
    "no_such_dimension": (n("the measure “%(value)s” is not broken down by %(known)s"), n("Leave the column empty.")),
    "out_of_bounds": (n("%(value)s is %(known)s"), n("Correct the number.")),
    "office_missing": (n("there is no office yet"), n("Load the school register first.")),
    "pupil_unknown": (
        n("no pupil with this number is on the roll of the school in that year"),
        n("Load the pupil export of that year first, or correct the number."),
    ),
    "two_ids": (
        n("a pupil with the same name, birth date and student number is known with another ID"),
        n("Check which ID is right; the row was taken as a new pupil."),
    ),
    "no_id": (
        n("the pupil has no ID; known by school, number, name and birth date"),
        n("Ask the school for the ID or a G-code."),
    ),
    "another_office": (
        n("this is the register of another office (%(value)s); here is %(known)s"),
        n("Sign in to the other office, or correct the row."),
    ),
    "figure_twice": (n("the same figure stands in row %(row)s with another value"), n("Keep one of the two rows.")),
    "person_twice": (n("the same person stands in row %(row)s already"), n("Remove the doubled row at the source.")),
    "two_schools": (
        n("the pupil is also on the roll of another school (row %(row)s)"),
        n("Both are kept. Ask the schools which one the pupil attends."),
    ),
    "missing_figure": (n("“%(field)s” is empty, so its figure is not made"), ""),
}


@dataclass(slots=True)
class Fault:
    """Something wrong at a place. `index` is the record's index; -1: the file as a whole.

    text    {th, en} of a check in the catalogue, in place of the message of the code; {…} stand for `arguments`
    """

    severity: str
    index: int
    field: str
    code: str
    arguments: dict = field(default_factory=dict)
    text: dict | None = None
    mend: dict | None = None


class Bad(ValueError):
    """A cell that its cleaner cannot take."""

    def __init__(self, code: str, **arguments):
        super().__init__(code)
        self.code, self.arguments = code, arguments


def message(code: str, arguments: dict, text: dict | None = None, language: str | None = None) -> str:
    """What is wrong, in the active language."""
    return _words(text, MESSAGES.get(code, ("%(code)s", ""))[0], {"code": code} | arguments)


def mend(code: str, arguments: dict, text: dict | None = None) -> str:
    """What to do about it; '' when nothing needs doing."""
    return _words(text, MESSAGES.get(code, ("", ""))[1], arguments)


def _words(text: dict | None, default: str, arguments: dict) -> str:
    if text:
        from khet.core.catalogue import Text

        return str(Text(**text)).format_map(_Known(arguments))
    return _(default) % _Known(arguments) if default else ""


class _Known(dict):
    """Arguments in which a missing one reads as nothing."""

    def __missing__(self, key):
        return ""
