"""Two ways to add facts up, in memory and by DuckDB, come to the same."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from khet.core.catalogue import catalogue
from khet.facts import columns, scan
from khet.facts.manifest import File, Manifest, current
from khet.facts.services import build
from khet.kit.home import room
from khet.kit.tables import duck

MEASURES = ("pupils", "school_days", "ita_total")  # one is added up, of one the most counts, of one the mean
PERIODS = ("AY2023", "AY2024", "M2024-06")
ORGS = ("90010000", "90010001", "90010002", "99999999")  # the last one is not in the tree

rows = st.lists(
    st.tuples(
        st.sampled_from(MEASURES),
        st.sampled_from(ORGS),
        st.sampled_from(PERIODS),
        st.sampled_from(["", "ป.1", "ป.2"]),
        st.sampled_from(["", "f", "m"]),
        st.sampled_from(["", "highland"]),
        st.integers(-3, 9).map(float),
    ),
    max_size=25,
)


@pytest.fixture
def facts(db, school, other_school):
    """Writes files of facts as they are given: facts({"figures": rows, "enrolments": rows})."""
    build()
    written = []

    def write(files) -> Manifest:
        made = {}
        for feed, content in files.items():
            names = ("measure", "org", "period", "grade", "sex", "grp", "value")
            kinds = [pa.string()] * 6 + [pa.float64()]
            columns = list(zip(*content, strict=True)) or [()] * 7
            table = pa.table(
                {name: pa.array(column, kind) for name, kind, column in zip(names, kinds, columns, strict=True)}
            )
            path = room("facts") / f"{feed}-{len(written)}.parquet"
            written.append(path)
            duck().register("made_up", table)
            duck().execute(f"COPY (SELECT *, '{feed}' AS feed, 1 AS run FROM made_up ORDER BY measure) TO '{path}'")
            duck().unregister("made_up")
            held = {measure: sorted({row[2] for row in content if row[0] == measure}) for measure in MEASURES}
            made[feed] = File(feed, 2024, path.name, len(content), 1, "2024-06-01", "", held, {})
        return Manifest(room("facts"), tree=current().tree, files=made)

    return write


def told(cells) -> dict:
    """{what a fact is about: its value}, whatever the order."""
    places = zip(cells.measure, cells.period, cells.org, cells.cell, cells.figure, cells.shape, strict=True)
    keys = [
        (cells.measures[measure], cells.periods[period], int(org), cells.cells[cell], bool(figure), int(shape))
        for measure, period, org, cell, figure, shape in places
    ]
    assert len(set(keys)) == len(keys)
    return dict(zip(keys, cells.value.round(9).tolist(), strict=True))


@given(figures=rows, counted=rows, dims=st.sets(st.sampled_from(["grade", "sex", "group"])))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_memory_and_duckdb_add_up_alike(facts, monkeypatch, figures, counted, dims):
    manifest = facts({"figures": figures, "enrolments": counted})
    measures = [catalogue().get("measure", id) for id in MEASURES]
    assume(manifest.holding(MEASURES, PERIODS[:2]))  # DuckDB is never asked about no file
    asked = (manifest, measures, PERIODS[:2], sorted(dims))

    in_memory = scan.scan(*asked)
    with monkeypatch.context() as few:
        few.setattr(columns, "KEPT_ROWS", -1)
        by_duckdb = scan.scan(*asked)

    assert told(in_memory) == told(by_duckdb)
    assert list(in_memory.measure) == sorted(in_memory.measure)


def test_of_a_mean_the_mean_is_taken_and_counts_are_added_up(facts):
    given = [
        ("ita_total", "90010001", "AY2024", "ป.1", "", "", 40.0),
        ("ita_total", "90010001", "AY2024", "ป.2", "", "", 50.0),
        ("pupils", "90010001", "AY2024", "ป.1", "", "", 4.0),
        ("pupils", "90010001", "AY2024", "ป.2", "", "", 5.0),
    ]
    manifest = facts({"enrolments": given})
    found = told(scan.scan(manifest, [catalogue().get("measure", id) for id in MEASURES], ["AY2024"]))
    assert {key[0]: value for key, value in found.items()} == {"ita_total": 45.0, "pupils": 9.0}


def test_a_file_is_read_once_and_let_go_when_others_need_the_room(facts, monkeypatch):
    content = [("pupils", "90010001", "AY2024", "", "", "", 4.0)] * 3
    manifest = facts({"enrolments": content, "figures": content})
    first, second = (manifest.folder / file.file for file in manifest.files.values())

    kept = columns.read(first)
    assert columns.read(first) is kept

    monkeypatch.setattr(columns, "KEPT_ROWS", 4)
    columns.read(second)
    assert columns.read(first) is not kept
