"""What an entry keeps of before and after, in words."""

from datetime import date, datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khet.core.audit.models import AuditEntry
from khet.core.catalogue import catalogue
from khet.core.ui import formats
from khet.kit.periods import Period

WORDS = {
    "about": _("about"),
    "advice": _("review"),
    "aim": _("reason"),
    "answer": _("answer"),
    "as": _("part taken"),
    "as_of": _("as of"),
    "based_on": _("based on"),
    "book": _("register"),
    "by": _("by"),
    "capacity": _("places"),
    "carries": _("systems that carry it"),
    "changed": _("changed"),
    "choice": _("choice"),
    "class": _("class"),
    "closed": _("closed"),
    "closes": _("closes on"),
    "code": _("code"),
    "criterion": _("criterion"),
    "day": _("day"),
    "digest": _("content hash"),
    "direction": _("direction"),
    "document": _("document"),
    "done": _("done"),
    "dropped": _("keys dropped"),
    "due": _("due on"),
    "email": _("e-mail"),
    "ends": _("ends"),
    "file": _("file"),
    "files": _("files"),
    "form": _("form"),
    "formula": _("formula"),
    "framework": _("framework"),
    "from": _("from"),
    "full_name": _("name"),
    "gone": _("gone"),
    "group": _("group"),
    "held": _("held for confirmation"),
    "held_on": _("held on"),
    "in force": _("in force"),
    "indicator": _("indicator"),
    "into": _("merged into"),
    "kept": _("kept"),
    "kept_days": _("days kept"),
    "key": _("key"),
    "kind": _("kind"),
    "layer": _("layer"),
    "left_on": _("left on"),
    "letter": _("letter"),
    "level": _("level"),
    "levels": _("levels"),
    "load": _("load"),
    "loads": _("loads"),
    "measure": _("measure"),
    "media_type": _("file type"),
    "method": _("method"),
    "month": _("month"),
    "move": _("step"),
    "name": _("name"),
    "new": _("new"),
    "number": _("reference number"),
    "on": _("day"),
    "org": _("place"),
    "owner": _("responsible"),
    "paid": _("paid"),
    "parent": _("stands under"),
    "period": _("period"),
    "personal": _("holds personal data"),
    "planned": _("planned"),
    "programme": _("programme"),
    "proposed": _("proposed"),
    "pupils": _("pupils"),
    "read": _("read"),
    "reading": _("reading"),
    "reference": _("reference"),
    "rejected": _("rejected"),
    "revises": _("revises"),
    "role": _("role"),
    "round": _("round"),
    "row": _("row"),
    "since": _("since"),
    "size": _("size"),
    "sizes": _("sizes of groups"),
    "source": _("source"),
    "split_from": _("split from"),
    "starts": _("starts"),
    "state": _("state"),
    "survey": _("survey"),
    "system": _("system"),
    "targets": _("targets"),
    "text": _("text"),
    "to": _("to"),
    "type": _("kind of second factor"),
    "unbound": _("why it has no number"),
    "unchanged": _("unchanged"),
    "under": _("stands under"),
    "unit": _("unit"),
    "until": _("until"),
    "user": _("user"),
    "username": _("user name"),
    "value": _("value"),
    "verb": _("act"),
    "when": _("when"),
    "who": _("who"),
    "whole": _("whole file"),
    "withdrawn": _("withdrawn"),
    "year": _("year"),
    "years": _("years"),
}
# keys whose value is the id of an entry of the catalogue of that kind
_CATALOGUED = {"role", "indicator", "measure", "source", "framework", "survey", "programme", "system"}


def in_words(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """[(what, before, after)] of an entry, in the active language; "" where there was nothing to keep."""
    keys = dict.fromkeys([*entry.before, *entry.after])
    return [(str(WORDS.get(key, key)), _said(key, entry.before), _said(key, entry.after)) for key in keys]


def _said(key: str, kept: dict) -> str:
    return _value(key, kept[key]) if key in kept else ""


def _value(key: str, value) -> str:
    if value in (None, "", [], {}):
        return formats.NOTHING
    match value:
        case bool():
            return gettext("yes") if value else gettext("no")
        case int() | float() if key in ("year", "years"):
            return str(value)
        case int() | float():
            return formats.number(value)
        case list():
            return ", ".join(_value(key, one) for one in value)
        case dict():
            return "; ".join(f"{WORDS.get(name, name)} {_value(name, one)}" for name, one in value.items())
    return _text(key, str(value))


def _text(key: str, text: str) -> str:
    if key in _CATALOGUED and (entry := catalogue().find(key, text)):
        return str(entry.title)
    if key == "period" and (period := _period(text)):
        return formats.period(period)
    match _moment(text):
        case datetime() as moment:
            return formats.be_datetime(moment)
        case date() as day:
            return formats.be_date(day)
    return text


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime | date | None:
    try:
        return parse_date(text) or parse_datetime(text)
    except ValueError:
        return None
