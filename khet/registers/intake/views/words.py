"""How the pages say what a load is: states, counts, faults, questions and lines in the words of the office."""

import re
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.core.ui.formats import be_date
from khet.core.ui.formats import period as period_words
from khet.kit.periods import Period, PeriodError
from khet.registers.intake import faults as catalogue_of_faults
from khet.registers.intake import queries
from khet.registers.intake.models import Batch, BatchFault, State
from khet.registers.intake.recognise import Place
from khet.registers.intake.source_words import field_title
from khet.registers.intake.tasks import is_waiting

# state: (tone, icon)
LOOKS = {
    State.RECEIVED: ("info", "clock"), State.CHECKING: ("info", "loader-2"), State.NEEDS_MAPPING: ("near", "table"),
    State.CHECKED: ("info", "list-check"), State.COMMITTING: ("info", "loader-2"),
    State.COMMITTED: ("met", "circle-check-filled"),
    State.UNDOING: ("info", "loader-2"), State.UNDONE: ("quiet", "arrow-back-up"),
    State.FAILED: ("missed", "circle-x-filled"), State.DISCARDED: ("quiet", "trash"),
}  # fmt: skip
SEVERITIES = {
    "error": (gettext_lazy("Rejected"), "missed", "circle-x-filled"),
    "warning": (gettext_lazy("To look at"), "near", "alert-triangle-filled"),
    "note": (gettext_lazy("For information"), "quiet", "info-circle"),
}
COUNTS = {
    "new": pgettext_lazy("rows", "New"), "changed": pgettext_lazy("rows", "Changed"),
    "unchanged": pgettext_lazy("rows", "Unchanged"),
    "gone": pgettext_lazy("rows", "No longer there"),
    "rejected": pgettext_lazy("rows", "Rejected"), "held": pgettext_lazy("rows", "Held back"),
}  # fmt: skip
GONE = {
    "leave": gettext_lazy("In the register, not in the file: marked as left on the day of the file."),
    "remove": gettext_lazy("Loaded before from such a file, not in this one: withdrawn."),
    "propose": gettext_lazy("In the register, not in the file: you decide below."),
    "nothing": gettext_lazy("In the register, not in the file: nothing happens to it."),
}
EXPLAINED = {
    "new": gettext_lazy("Not in the register yet: added."),
    "changed": gettext_lazy("In the register with other values: brought up to date."),
    "unchanged": gettext_lazy("In the register as they stand: left alone."),
    "rejected": gettext_lazy("Not loaded, because something in the row is wrong."),
    "held": gettext_lazy("Not loaded before you have said which school is meant."),
}
BY = {
    "header": gettext_lazy("by its header"),
    "drift": gettext_lazy("by another header; the cells agree"),
    "position": gettext_lazy("by its place; the cells agree"),
    "mapping": gettext_lazy("as your office named it"),
}
SEXES = {"m": pgettext_lazy("files", "male"), "f": pgettext_lazy("files", "female")}
_PERIOD = re.compile(r"(AY|FY|M|C)\d{4}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def summary(batch: Batch) -> dict:
    """A load as a line of the list."""
    files = list(batch.files.all())
    tone, icon = LOOKS[State(batch.state)]
    label = State(batch.state).label
    if is_waiting(batch):
        tone, icon, label = "info", "clock", _("Waiting for its turn")
    elif batch.state == State.CHECKED and batch.committed_at:
        tone, icon, label = "near", "list-check", _("Partly loaded")
    counts = [(word, COUNTS[word], batch.counts[word]) for word in COUNTS if batch.counts.get(word)]
    return {
        "batch": batch, "files": files, "names": ", ".join(file.name for file in files[:2]),
        "more": max(len(files) - 2, 0),
        "tone": tone, "icon": icon, "label": label, "counts": counts, "size": sum(file.size for file in files),
        "waiting": len(batch.waiting) if batch.state in (State.CHECKED, State.COMMITTED) else 0,
    }  # fmt: skip


def phase(batch: Batch) -> str:
    """What is being done to a busy load."""
    if is_waiting(batch):
        return _("Another step may be ahead of it.")
    match batch.state:
        case State.CHECKING:
            return _("Reading and checking the rows …")
        case State.COMMITTING:
            return _("Comparing once more and writing …")
        case State.UNDOING:
            return _("Putting back what was there before …")
    return ""


def steps(batch: Batch) -> list[tuple[str, str]]:
    """[(step, done | now | "")] of a load's way."""
    done = {State.RECEIVED: 0, State.CHECKING: 0, State.FAILED: 0, State.NEEDS_MAPPING: 0, State.CHECKED: 1}
    reached = 3 if batch.state == State.COMMITTED else done.get(State(batch.state), 1)
    names = (_("Read and check"), _("Look at the difference"), _("Load it"))
    return [(name, "done" if n < reached else "now" if n == reached else "") for n, name in enumerate(names)]


def to_write(batch: Batch) -> int:
    """How many records the commit would write."""
    counts = batch.counts
    act = batch.definition.gone.act if batch.definition else "nothing"
    gone = counts.get("gone", 0) if act in ("leave", "remove") else 0
    closing = sum(1 for item in batch.confirmations if item["kind"] == "closure" and item.get("answer"))
    return counts.get("new", 0) + counts.get("changed", 0) + gone + closing


def tally(batch: Batch) -> list[dict]:
    """The counts of the difference, each with what it means."""
    act = batch.definition.gone.act if batch.definition else "nothing"
    return [
        {
            "key": word,
            "title": title,
            "count": batch.counts[word],
            "words": GONE[act] if word == "gone" else EXPLAINED[word],
        }
        for word, title in COUNTS.items()
        if word in batch.counts and (batch.counts[word] or word in ("new", "changed", "unchanged", "rejected"))
    ]


def recognised(batch: Batch) -> dict:
    """Why the load was taken for its source: sheets, columns and how each was found, the day and where it stood."""
    source = batch.definition
    sheets = [
        {
            "file": file.name, "encoding": file.encoding, "name": sheet["sheet"], "title": sheet["title"],
            "header_row": sheet["header_row"], "score": round(min(sheet["score"], 1) * 100), "unread": sheet["unread"],
            "columns": [
                {
                    "letter": Place(index, "", "").letter, "header": header, "by": BY.get(by, by),
                    "field": field_title(source, name),
                }
                for name, (index, header, by) in sorted(sheet["places"].items(), key=lambda item: item[1][0])
            ],
        }
        for file in batch.files.all() for sheet in file.sheets
    ]  # fmt: skip
    total = len(source.columns) if source else 0
    return {"sheets": sheets, "first": sheets[0] if sheets else None, "total": total, "when": when(batch)}


def when(batch: Batch) -> str:
    """Where the load's day was found."""
    if batch.as_of_given:
        return _("given at the load")
    if batch.definition and batch.definition.period.places == ("column",):
        return _("each row has a period of its own")
    if any(code == "as_of_assumed" for _severity, code, *_rest in batch.recognised.get("kinds", [])):
        return _("assumed, because the file does not say it")
    return _("read in the file's title or name")


def kind(found: queries.FaultKind, batch: Batch) -> dict:
    """A kind of fault with its first rows."""
    first = found.first
    label, tone, icon = SEVERITIES[found.severity]
    what, mend = ("", "")
    if first:
        arguments = {
            name: value if all(fault.arguments.get(name) == value for fault in first) else "…"
            for name, value in first[0].arguments.items()
        }
        what = catalogue_of_faults.message(found.code, arguments, first[0].text)
        mend = catalogue_of_faults.mend(found.code, arguments, first[0].mend_text)
    rows = [fault(one, batch) for one in first if one.row is not None or found.count > 1]
    query = f"?severity={found.severity}&code={found.code}&field={found.field}"
    return {
        "label": label, "tone": tone, "icon": icon, "severity": found.severity, "count": found.count, "what": what,
        "mend": mend, "rows": rows, "more": found.count - len(rows) if rows else 0,
        "url": reverse("intake:faults", args=[batch.pk]) + query,
    }  # fmt: skip


def fault(one: BatchFault, batch: Batch) -> dict:
    """A fault with its place."""
    label, tone, icon = SEVERITIES[one.severity]
    files = list(batch.files.all())
    file = next((f for f in files if f.number == one.file), None)
    return {
        "label": label, "tone": tone, "icon": icon, "file": file.name if file and len(files) > 1 else "",
        "number": one.file or 0, "sheet": one.sheet, "row": one.row, "letter": one.letter, "column": one.column,
        "what": one.message, "mend": one.mend,
    }  # fmt: skip


def fault_total(batch: Batch, chosen: dict) -> int:
    """How many faults there are of what was chosen; more than are kept, where a file has very many."""
    return sum(
        count for severity, code, column, count in batch.recognised.get("kinds", [])
        if chosen["severity"] in ("", severity) and chosen["code"] in ("", code) and chosen["field"] in ("", column)
    )  # fmt: skip


def samples(batch: Batch, found: dict) -> list[dict]:
    """The first lines of each sort, with their values as a person reads them."""
    out = []
    for sort in ("changed", "gone", "new"):
        lines = found.get(sort) or []
        for line in lines:
            line.label = " · ".join(_part(part) for part in line.label.split(" · "))
            line.changes = [(name, *map(value, values)) for name, *values in line.changes]
        if lines:
            total = batch.counts.get(sort, len(lines))
            out.append(
                {"key": sort, "title": COUNTS[sort], "lines": lines, "total": total, "more": max(total - len(lines), 0)}
            )
    return out


def _part(text: str) -> str:
    """A part of what a line is called: days, periods and sexes as the office says them."""
    if _ISO.fullmatch(text):
        return be_date(date.fromisoformat(text))
    try:
        return period_words(Period.parse(text)) if _PERIOD.match(text) else str(SEXES.get(text, text))
    except PeriodError:
        return text


def value(thing) -> str:
    """A value of a difference as text."""
    if thing is None or thing == "":
        return "–"
    if isinstance(thing, bool):
        return _("yes") if thing else _("no")
    if isinstance(thing, float):
        return f"{thing:,.10g}"
    if isinstance(thing, list):
        return ", ".join(map(str, thing)) or "–"
    text = str(thing)
    return be_date(date.fromisoformat(text)) if _ISO.fullmatch(text) else text


def questions(batch: Batch) -> list[dict]:
    """What an officer has to decide, with the words of each kind of question."""
    return [
        item | {"number": number, "percent": round(item["score"] * 100)} for number, item in enumerate(batch.waiting)
    ]
