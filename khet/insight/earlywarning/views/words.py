"""What stands on the pages in words: letters, reasons, and the figures of the card."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from khet.insight.earlywarning.models import PupilWarning, WarningRun
from khet.insight.earlywarning.queries import did_it_help
from khet.insight.earlywarning.vocabulary import shown
from khet.kit.periods import Period

LETTERS = {
    "absence": gettext_lazy("Absence"),
    "behaviour": gettext_lazy("Behaviour"),
    "course": gettext_lazy("Course results"),
    "transition": gettext_lazy("Transition"),
}
GROUPS = {
    "sex": gettext_lazy("Sex"),
    "school_size": gettext_lazy("Size of school"),
    "disadvantaged": gettext_lazy("Disadvantaged"),
    "disabled": gettext_lazy("Disability"),
}
LEVELS = {
    "m": gettext_lazy("boys"), "f": gettext_lazy("girls"), "small": gettext_lazy("small schools (120 pupils or fewer)"),
    "larger": gettext_lazy("larger schools"), "True": gettext_lazy("yes"), "False": gettext_lazy("no"),
    "(empty)": gettext_lazy("not recorded"),
}  # fmt: skip
WAYS = {
    "rule": gettext_lazy("Plain rules"),
    "model": gettext_lazy("Model"),
    "unseen": gettext_lazy("Model, at schools it has not learnt from"),
    "last_year": gettext_lazy("By the share lost in the years before"),
}


def letters(warning: PupilWarning) -> list[tuple[str, str]]:
    """The kinds of signs a pupil shows, in words."""
    return [(letter, str(LETTERS[letter])) for letter in warning.detail.get("letters", []) if letter in LETTERS]


def reasons(warning: PupilWarning) -> list[str]:
    """Why the pupil is on the list, one sentence each: the signs, then what else raised the chance."""
    rules, found = warning.run.edition, []
    told = set()
    for id, value in warning.detail.get("signs", []):
        if (sign := rules.sign(id)) is not None and sign.feature not in told:
            told.add(sign.feature)
            found.append(_said(sign.reason, sign.feature, value))
    words = {one.feature: one.words for one in rules.inputs}
    for feature, value in warning.detail.get("inputs", []):
        if feature in words and feature not in told:
            found.append(_said(words[feature], feature, value))
    return found


def _said(text, feature: str, value: float) -> str:
    return str(text).replace("{value}", shown(feature, value))


@dataclass(frozen=True)
class Way:
    """A way of making the list, with what it would have found."""

    title: str
    found: float
    precision: float
    recall: float
    recall_low: float
    recall_high: float
    auc: float
    slope: float | None


@dataclass(frozen=True)
class GroupRow:
    title: str
    pupils: int
    lost: int
    recall: float | None
    gap: float | None
    low: float | None
    high: float | None
    apart: bool


def card_page(run: WarningRun) -> dict:
    """What the page on a list's quality shows: ways side by side, groups, schools first, and whether acting helped."""
    card = run.card
    ways = [_way(WAYS[name], card[name], card) for name in ("rule", "model", "unseen") if name in card]
    schools = card.get("schools", {})
    return {
        "card": card,
        "ways": ways,
        "groups": [(GROUPS[name], _groups(card["groups"][name])) for name in GROUPS if name in card.get("groups", {})],
        "school_ways": [(WAYS[name], 100 * schools[name]) for name in WAYS if name in schools],
        "school_share": 100 * schools.get("share", 0),
        "why": _why(card),
        "judged": Period("academic_year", card["year"]) if "year" in card else None,
        "learnt": ", ".join(Period("academic_year", year).label(get_language()) for year in card.get("learnt", [])),
        "helped": did_it_help(run),
    }  # fmt: skip


def _way(title, told: dict, card: dict) -> Way:
    low, high = told["intervals"]["recall_at_k"]
    return Way(
        str(title), told["recall_at_k"] * card["lost"], 100 * told["precision_at_k"], 100 * told["recall_at_k"],
        100 * low, 100 * high, told["auc"], told["calibration"]["slope"],
    )  # fmt: skip


def _groups(groups: dict) -> list[GroupRow]:
    """Groups with fewer than ten lost pupils are named without a recall: it would say nothing, and too much."""
    rows = []
    for name, one in groups.items():
        low, high = one["gap_interval"] or (None, None)
        known = one["gap"] is not None
        rows.append(GroupRow(
            str(LEVELS.get(name, name)), one["n"], one["positives"] if known else 0,
            100 * one["recall_at_k"] if known else None, 100 * one["gap"] if known else None,
            100 * low if known else None, 100 * high if known else None, known and (low > 0 or high < 0),
        ))  # fmt: skip
    return rows


def _why(card: dict) -> str:
    """Why the plain rules make the list and not a model; "" where a model makes it."""
    match card.get("why"):
        case "no_past":
            return _("No year is over yet in which at least ten pupils were lost, so nothing can be checked. The list "
                     "comes from the plain rules.")  # fmt: skip
        case "thin_history":
            return _("Fewer than thirty lost pupils are on record to learn from. The list comes from the plain rules.")
        case "not_better":
            return _("A model was tried. In the year that was judged it did not find more of the lost pupils than the "
                     "plain rules by more than chance, so the plain rules make the list.")  # fmt: skip
    return ""
