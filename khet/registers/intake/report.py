"""What a run of `khet import` has to say: one JSON document, or a calm table."""

from khet.core.orgs.models import Org
from khet.registers.intake.faults import SEVERITIES
from khet.registers.intake.models import COUNTS, Batch
from khet.registers.intake.targets import target_of


def document(batches: list[Batch], failures: list[dict]) -> dict:
    """The document of `--json`; its shape is a contract of the command line.

    facts   what the loads changed, which the facts take in: {subjects, years (C.E. start of the academic year)}
    """
    written = [batch for batch in batches if batch.written]
    facts = {
        "subjects": sorted({target_of(batch.definition.target).subject for batch in written}),
        "years": sorted({year for batch in written for year in batch.years}),
    }
    return {"files": [entry for batch in batches for entry in _files(batch)] + failures, "facts": facts}


def failure(file: str, message: str) -> dict:
    """A file that could not be read at all, in the same shape."""
    fault = {
        "severity": "error",
        "file": file,
        "sheet": "",
        "row": None,
        "column": "",
        "code": "unreadable",
        "message": message,
    }
    return {
        "file": file, "source": None, "batch": None, "state": "failed", "period": None,
        "counts": dict.fromkeys(COUNTS, 0), "faults": [fault], "confirmations": [],
    }  # fmt: skip


def _files(batch: Batch) -> list[dict]:
    names = [file.name for file in batch.files.all()]
    return [
        {
            "file": names[0] if len(names) == 1 else names,
            "source": batch.source or None,
            "batch": batch.pk,
            "state": batch.state,
            "period": batch.period or None,
            "as_of": batch.as_of.isoformat() if batch.as_of else None,
            "counts": {name: batch.counts.get(name, 0) for name in COUNTS},
            "faults": faults(batch, names),
            "confirmations": [confirmation(item) for item in batch.waiting],
            "message": batch.message,
        }
    ]


def faults(batch: Batch, names: list[str] | None = None) -> list[dict]:
    """The load's faults in words, the gravest first."""
    names = names or [file.name for file in batch.files.all()]
    rows = sorted(batch.faults.all(), key=lambda f: (SEVERITIES.index(f.severity), f.file or 0, f.row or 0, f.pk))
    return [
        {
            "severity": fault.severity,
            "file": names[fault.file or 0] if names else "",
            "sheet": fault.sheet,
            "row": fault.row,
            "column": fault.column,
            "letter": fault.letter,
            "code": fault.code,
            "message": f"{fault.message}. {fault.mend}".removesuffix(". ") if fault.mend else fault.message,
        }
        for fault in rows
    ]


def kinds(batch: Batch, first: int = 6) -> list[dict]:
    """The load's faults by kind: severity, column, message of the first, its first rows, how many there are."""
    total = {tuple(kind[:3]): kind[3] for kind in batch.recognised.get("kinds", [])}
    found: dict[tuple, dict] = {}
    for fault in sorted(batch.faults.all(), key=lambda f: (SEVERITIES.index(f.severity), f.row or 0, f.pk)):
        key = (fault.severity, fault.code, fault.field)
        same = fault.message if fault.row is None else ""
        kind = found.setdefault((*key, same), {
            "severity": fault.severity, "code": fault.code,
            "field": fault.field, "column": fault.column, "letter": fault.letter,
            "message": fault.message, "mend": fault.mend, "rows": [], "count": total.get(key, 1),
        })  # fmt: skip
        if fault.row is not None and len(kind["rows"]) < first:
            kind["rows"].append(fault.row)
    return list(found.values())


def confirmation(item: dict) -> dict:
    """A question about a school, with the suggestion by code and name."""
    org = Org.objects.filter(pk=item["suggestion"]).first() if item["suggestion"] else None
    return {
        "key": item["key"], "kind": item["kind"], "code": item["code"], "name": item["name"], "rows": item["rows"],
        "suggestion": {"code": org.code, "name": org.name} if org else None, "score": item["score"],
    }  # fmt: skip


def has_faults(batch: Batch) -> bool:
    """True when rows were rejected, or something waits for a person: exit code 1."""
    counts = batch.counts
    grave = batch.faults.filter(severity="error").exists()
    return bool(
        counts.get("rejected")
        or counts.get("held")
        or batch.waiting
        or grave
        or batch.state in ("needs_mapping", "failed")
    )
