"""What each column of a table is for: an input, or left out, and why."""

from dataclasses import dataclass

import numpy as np

from khet.insight.earlywarning.evaluating.table import Column, Table
from khet.insight.earlywarning.evaluating.words import says
from khet.insight.earlywarning.evaluating.years import holds_years

NEVER_INPUTS = ("religion", "ethnicity", "health", "abuse")
MANY = 0.5  # of the rows: a text with more distinct values than that tells one row from another, nothing else
SCHOOLS_AT_LEAST = 10  # schools that make "a school never seen" worth testing
PUPILS_A_SCHOOL = 5


@dataclass(frozen=True)
class LeftOut:
    """A column that is no input, and the reason in words."""

    column: str
    why: str


def never_input(column: Column) -> str:
    """Why a column may not be an input whoever asks: religion, ethnicity, health, abuse; "" when it may."""
    found = [(kind, word) for kind in NEVER_INPUTS if (word := says(column.words, kind))]
    return f"{found[0][0]} is never an input (the name says '{found[0][1]}')" if found else ""


def left_out_by_nature(column: Column) -> str:
    """Why a column cannot be an input whatever the outcome; "" when it can."""
    rows = int((~column.missing).sum())
    if not column.distinct:
        return "empty"
    if column.distinct == 1 and not column.missing.any():  # where cells are empty, being filled in says something
        return "the same in every row"
    if says(column.words, "weight"):
        return "a survey or body weight"
    if _tells_rows_apart(column, rows):
        return "tells who the row is about" if says(column.words, "identity") else "differs in nearly every row"
    return ""


def _tells_rows_apart(column: Column, rows: int) -> bool:
    many = column.distinct > max(20, MANY * rows)
    if column.level_numbers is None:
        return many or (bool(says(column.words, "identity")) and column.distinct > max(50, 0.1 * rows))
    whole = np.nanmax(np.abs(column.level_numbers % 1)) == 0
    if not whole:
        return False
    named = says(column.words, "identity") or says(column.words, "pupil")
    return bool(many and named) or (rows > 50 and column.distinct > 0.98 * rows)


def find_school(table: Table) -> Column | None:
    """The column that says which school a row belongs to, when there are enough schools to leave some out."""
    found = [column for column in table.columns if _is_school(column, len(table))]
    return max(found, key=lambda column: column.distinct) if found else None


def _is_school(column: Column, rows: int) -> bool:
    if not says(column.words, "school") or says(column.words, "not_school"):
        return False
    whole = column.level_numbers is None or np.nanmax(np.abs(column.level_numbers % 1)) == 0
    return whole and SCHOOLS_AT_LEAST <= column.distinct <= rows / PUPILS_A_SCHOOL


def find_pupil(table: Table) -> Column | None:
    """The column that says which pupil a row is about, where a pupil has several rows."""
    for column in table.columns:
        named = says(column.words, "pupil") and says(column.words, "identity")
        if named and 0.3 * len(table) < column.distinct < (~column.missing).sum():
            return column
    return None


def find_time(table: Table) -> Column | None:
    """The column of cohorts: named so, and holding years, terms or presentations in an order."""
    for column in table.columns:
        if says(column.words, "time") and not says(column.words, "not_time") and holds_years(column):
            return column
    return None
