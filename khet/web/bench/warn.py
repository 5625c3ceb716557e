"""How well the early warning foresees: on public tables where they are at hand, and on the demo office's own registers.

The tables are not shipped. `KHET_BENCH_DATA` names a folder that holds them as published, itself or in `students`
(docs/guides/early-warning.md); a table that is not there is left out.
"""

import csv
import gzip
import io
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from khet.web.bench.measure import Figure

VARIABLE = "KHET_BENCH_DATA"


@dataclass(frozen=True)
class Known:
    """A public table and what is foreseen in it."""

    title: str
    file: str
    outcome: str
    options: dict = field(default_factory=dict)


TABLES = (
    Known("UCI 697 dropout", "uci_dropout.csv.gz", "Status=Dropout", {"groups": ("Gender", "Debtor")}),
    Known("UCI 320 maths, marks known", "uci_student_mat.csv", "G3<10", {"groups": ("sex",)}),
    Known("UCI 320 maths, before marks", "uci_student_mat.csv", "G3<10", {"drop": ("G1", "G2"), "groups": ("sex",)}),
    Known("UCI 320 Portuguese, marks known", "uci_student_por.csv", "G3<10", {"groups": ("sex", "school")}),
    Known("UCI 320 Portuguese, before marks", "uci_student_por.csv", "G3<10",
          {"drop": ("G1", "G2"), "groups": ("sex", "school")}),
    Known("OULAD withdrawal", "oulad", "final_result=Withdrawn",
          {"time": "code_presentation", "groups": ("gender", "disability")}),
    Known("Virginia suspension", "virginia_suspension.csv.gz", "sus", {"groups": ("male", "frpl")}),
    Known("PISA 2012 Thailand, low maths", "pisa2012_thailand.csv.gz", "pv1math<20%",
          {"drop": ("pv1read", "pv2read", "pv3read", "pv4read", "pv5read"), "groups": ("sex",)}),
    Known("NELS, low maths", "nels_29_schools.csv", "math<20%", {"groups": ("male", "minority")}),
)  # fmt: skip


def foresee(folder: Path) -> list[Figure]:
    """Figures of the demo office and of every table that is at hand."""
    found = _office()
    data = os.environ.get(VARIABLE)
    if not data:
        return [*found, Figure("public tables", 0, "", note=f"left out: {VARIABLE} names no folder")]
    place = Path(data) / "students" if (Path(data) / "students").is_dir() else Path(data)
    for known in TABLES:
        found += _table(known, place, folder)
    return found


def _office() -> list[Figure]:
    from khet.core.accounts.models import system_user
    from khet.core.orgs.queries import default_office
    from khet.insight.earlywarning import services

    began = time.perf_counter()
    run = services.carry_out(services.ask(default_office(), by=system_user()))
    seconds = time.perf_counter() - began
    if run.state != run.State.DONE:
        raise SystemExit(run.message)
    card, found = run.card, [Figure("demo office: the list", seconds, "s", note=f"{run.pupils:,} pupils, {run.method}")]
    for name in ("rule", "model", "unseen"):
        if name in card:
            note = f"AUC {card[name]['auc']:.3f}, {card['lost']} lost of {card['pupils']:,}, list of {card['k']}"
            found.append(Figure(f"demo office: recall, {name}", card[name]["recall_at_k"], "", note=note))
    return found


def _table(known: Known, data: Path, folder: Path) -> list[Figure]:
    from khet.insight.earlywarning.evaluating import evaluate, read_table

    path = _joined(data / known.file, folder) if known.file == "oulad" else data / known.file
    if not path.exists():
        return []
    began = time.perf_counter()
    found = evaluate(read_table(path), known.outcome, **known.options)
    seconds = time.perf_counter() - began
    peers = {name: found[name] for name in ("baseline_rule", "logistic_regression", "gradient_boosting")}
    against = {"baseline_rule": found["against_rule"], **found["against_peers"]}
    words = ", ".join(f"{name} {one['auc']:.3f}" for name, one in peers.items())
    return [
        _beside_best(known, "AUC", "auc", found, peers, against, words),
        _beside_best(
            known, f"recall at {found['k']}", "recall_at_k", found, peers, against,
            f"precision {found['precision_at_k']:.3f}; rule {peers['baseline_rule']['recall_at_k']:.3f}; "
            f"slope {found['calibration']['slope']:.2f}; {seconds:.0f} s",
        ),
    ]  # fmt: skip


def _beside_best(known: Known, title: str, figure: str, found: dict, peers: dict, against: dict, words: str) -> Figure:
    """The model's figure against the best peer's; the note says what drawing the rows again makes of the difference."""
    best = max(peers, key=lambda name: peers[name][figure])
    low, high = against[best][figure]["interval"]
    difference = against[best][figure]["difference"]
    note = f"{words}; less {best}: {difference:+.3f} ({low:+.3f} to {high:+.3f})"
    return Figure(f"{known.title}: {title}", found[figure], "", peers[best][figure], True, note)


def _joined(source: Path, folder: Path) -> Path:
    """The OULAD files as one table: who registered when; the day of leaving stays in, to be found out as a leak."""
    target = folder / "oulad.csv"
    if not (source / "studentInfo.csv.gz").exists():
        return target
    key = ("code_module", "code_presentation", "id_student")
    days = {tuple(row[name] for name in key): row for row in _rows(source / "studentRegistration.csv.gz")}
    rows = [info | days.get(tuple(info[name] for name in key), {}) for info in _rows(source / "studentInfo.csv.gz")]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


def _rows(path: Path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8-sig"))))
