"""Values and explanations as plain data (JSON) and as lines of text. docs/guides/indicators.md describes the form."""

from collections.abc import Iterator, Sequence

from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.facts import queries as facts
from khet.insight.indicators import queries
from khet.insight.indicators.explain import Explanation, Part, Source
from khet.insight.indicators.process import Limits
from khet.insight.indicators.values import Value
from khet.kit.periods import Period

_SIGN = {"percent": " %", "per_1000": " ‰"}


def of_values(org: Org, period: Period | None, found: Sequence[Value], by: str | None, parts: Sequence[Value]) -> dict:
    """The document of `khet indicators --json`."""
    below: dict[str, list[Value]] = {}
    for value in parts:
        below.setdefault(value.indicator, []).append(value)
    return {
        "office": {"code": org.code, "name": org.name, "kind": org.kind},
        "period": period.code if period else None,
        "by": by,
        "facts_version": found[0].version if found else facts.version(),
        "indicators": [of_value(v) | {"by": [_below(v, one, by) for one in below.get(v.indicator, [])]} for v in found],
    }


def of_value(value: Value) -> dict:
    """A value as plain data."""
    return {
        "id": value.indicator,
        "title": _text(value.edition.title),
        "value": value.value,
        "unit": value.edition.unit,
        "better": value.edition.better,
        "period": value.period.code,
        "parts": dict(value.parts),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "missing": list(value.missing.orgs),
        "missing_measures": list(value.missing.measures),
        "known": value.missing.known,
        "expected": value.missing.expected,
        "reading": value.reading,
        "readings": [{"id": id, "value": got} for id, got in value.readings.items()],
        "edition_since": value.edition.since.isoformat() if value.edition.since else None,
        "as_of": value.as_of.isoformat() if value.as_of else None,
        "suppressed": value.suppressed,
        "small_base": value.small_base,
        "target": value.target.target if value.target else None,
        "status": value.status,
    }


def _below(whole: Value, value: Value, by: str | None) -> dict:
    """A line of a breakdown."""
    code = value.dims[by] if by in queries.DIMS else value.org
    name = queries.label(by, code, value.parts) if by in queries.DIMS else value.org_name
    return {
        "code": code,
        "label": name,
        "value": value.value,
        "unit": whole.edition.unit,
        "parts": dict(value.parts),
        "suppressed": value.suppressed,
    }


def _text(text) -> dict:
    return {"th": text.th, "en": text.en}


def in_words(entry: dict) -> str:
    """The value with its unit, period and what it stands on, in one line."""
    if entry["suppressed"]:
        shown = "hidden (a small number of people)"
    elif entry["value"] is None:
        lacks = entry.get("missing_measures") or [m for m, got in entry["parts"].items() if got is None]
        shown = f"no data: {', '.join(lacks)}" if lacks else "no data"
    else:
        shown = f"{entry['value']:,.6g}{_SIGN.get(entry['unit'], '')}"
    if "period" not in entry:
        return shown
    basis = (
        f", {entry['known']} of {entry['expected']} schools"
        if entry["expected"] > 1 and entry["value"] is not None
        else ""
    )
    status = f" [{entry['status']}]" if entry["target"] else ""
    return f"{shown} ({entry['period']}{basis}){status}"


def of_explanation(org: Org, found: Explanation) -> dict:
    """The document of `khet explain --json`."""
    edition = found.edition
    return of_value(found.value) | {
        "office": {"code": org.code, "name": org.name, "kind": org.kind},
        "facts_version": found.value.version,
        "words": _text(edition.words),
        "expression": edition.value,
        "formula": found.formula,
        "filled": found.filled,
        "edition": {
            "since": edition.since.isoformat() if edition.since else None,
            "until": edition.until.isoformat() if edition.until else None,
            "source": str(edition.source),
            "certainty": edition.certainty,
        },
        "interval": list(found.interval) if found.interval else None,
        "readings": [
            {
                "id": other.reading.id, "title": _text(other.reading.title), "value": other.value, "used": other.used,
                "expression": other.reading.value, "source": str(other.reading.source),
                "certainty": other.reading.certainty,
            }
            for other in found.readings
        ],
        "measures": [_part(part) for part in found.parts],
        "missing": [{"code": code, "name": found.names.get(code, code)} for code in found.value.missing.orgs],
        "history": [
            {
                "period": point.period.code, "value": point.value, "reading": point.reading,
                "suppressed": point.suppressed,
                "edition_since": point.edition.since.isoformat() if point.edition.since else None,
            }
            for point in found.trend.points
        ],
        "limits": _limits(found.trend.limits),
        "worklist": edition.list,
    }  # fmt: skip


def _part(part: Part) -> dict:
    return {
        "id": part.measure.id,
        "title": _text(part.measure.title),
        "definition": _text(part.measure.definition),
        "unit": part.measure.unit,
        "value": part.value,
        "counted_from": part.kind,
        "own_statement": part.own,
        "sum_below": part.below,
        "known": part.known,
        "expected": part.expected,
        "missing": list(part.missing),
        "periods": list(part.periods),
        "sources": [_source(source) for source in part.sources],
        "records": part.lines_total,
        "records_hidden": part.hidden_lines,
    }


def _source(source: Source) -> dict:
    return {
        "batch": source.batch,
        "title": source.title,
        "files": list(source.files),
        "as_of": source.as_of.isoformat() if source.as_of else None,
        "loaded_on": source.loaded_on.isoformat() if source.loaded_on else None,
        "loaded_by": source.loaded_by,
        "records": source.records,
        "undone": source.undone,
    }


def _limits(limits: Limits) -> dict:
    signals = [{"rule": signal.rule, "at": signal.at, "side": signal.side} for signal in limits.signals]
    shown = {
        "enough": limits.enough,
        "points": limits.n,
        "mean": limits.mean,
        "lower": limits.lower,
        "upper": limits.upper,
    }
    return shown | {"signals": signals}


def told(org: Org, found: Explanation) -> Iterator[str]:
    """An explanation as lines of text."""
    value, edition = found.value, found.edition
    yield f"{edition.title} — {org.name}, {value.period.label()}"
    yield f"  {in_words(of_value(value))}"
    yield f"  {edition.words}"
    yield f"  {found.formula} = {found.filled}"
    yield f"  edition: {edition.since or '…'} to {edition.until or '…'}; {edition.source} ({edition.certainty})"
    for part in found.parts:
        yield from _part_told(part)
    if value.missing.orgs:
        few, n = ", ".join(value.missing.orgs[:8]), len(value.missing.orgs)
        yield f"  missing: {n} of {value.missing.expected} schools: {few}{' …' if n > 8 else ''}"
    for other in found.readings:
        shown = "no data" if other.value is None else f"{other.value:,.6g}"
        yield f"  {'*' if other.used else ' '} {other.reading.id}: {shown}  {other.reading.title}"
    if found.trend.points:
        yield "  history: " + "  ".join(f"{p.period.code} {_short(p)}" for p in found.trend.points)
    limits = found.trend.limits
    if limits.enough:
        signals = f"{len(limits.signals)} signals"
        yield f"  usual range: {limits.lower:,.4g} to {limits.upper:,.4g}, mean {limits.mean:,.4g}; {signals}"


def _part_told(part: Part) -> Iterator[str]:
    shown = "no data" if part.value is None else f"{part.value:,.10g}"
    basis = f", {part.known} of {part.expected} schools" if part.expected > 1 else ""
    yield f"  {part.measure.id} = {shown} ({part.kind}{basis}) {catalogue().get('measure', part.measure.id).title}"
    for source in part.sources[:5]:
        what = f"load {source.batch}: {', '.join(source.files) or source.title}" if source.batch else "typed in"
        yield f"      {what}, {source.records:,} records" + (f", as of {source.as_of}" if source.as_of else "")


def _short(value: Value) -> str:
    return "hidden" if value.suppressed else "–" if value.value is None else f"{value.value:,.5g}"
