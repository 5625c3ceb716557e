"""The same keys, comparisons and learned chances on Spark, in its local mode: not a pair and not a chance differs."""

import shutil
import sys
import warnings

import pytest

from khet.registers.linkage.engine import candidates, files, linking, patterns, scoring
from khet.registers.linkage.engine.columns import roles

pyspark = pytest.importorskip("pyspark", reason="pip install 'khet[spark]'")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime"),
    # Spark's own Python parts still speak to what the newest Python and pandas are about to drop.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning"),
]


@pytest.fixture
def session(monkeypatch):
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    settings = {"spark.ui.enabled": "false", "spark.driver.bindAddress": "127.0.0.1",
                "spark.sql.shuffle.partitions": "1", "spark.driver.host": "127.0.0.1",
                "spark.sql.adaptive.enabled": "false"}  # fmt: skip
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    running = builder.getOrCreate()
    running.sparkContext.setLogLevel("ERROR")
    yield running
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running.stop()


@pytest.fixture
def here(lists, monkeypatch):
    """A run on this machine that chooses its pairs by keys, as long lists ask for."""
    monkeypatch.setattr(candidates, "ALL_PAIRS", 1_000)
    folder, _truth = lists
    database = files.open_database()
    names = [files.load(database, folder / f"{one}.csv", one) for one in ("register", "enrolment")]
    sides = [roles(database, table, n, None) for table, n in zip(("register", "enrolment"), names, strict=True)]
    match = linking.Match(database, ["register", "enrolment"], sides)
    match.run()
    return match


def test_spark_chooses_compares_and_weighs_as_one_machine_does(here, session, tmp_path):
    from khet.registers.linkage.engine.spark import SparkDatabase

    there = SparkDatabase(session)
    for table in here.persons:
        here.database.execute(f"COPY {table} TO '{tmp_path / table}.parquet' (FORMAT parquet)")
        there.load(table, tmp_path / f"{table}.parquet")
    candidates.find(there, here.layout, *here.persons)
    assert rows(there, "l, r, swapped", "pairs") == rows(here.database, "l, r, swapped", "pairs")

    patterns.compare(there, here.comparisons, "pairs", here.persons[0], "other", "compared")
    found = patterns.patterns(there, here.comparisons, "compared")
    assert sorted(zip(found.code, found.count, strict=True)) == sorted(
        zip(here.found.code, here.found.count, strict=True)
    )

    scoring.score(there, here.model, found, "compared", "scored")
    wanted = {pair[:2]: pair[2:] for pair in rows(here.database, "l, r, logit, near", "scored")}
    weighed = {pair[:2]: pair[2:] for pair in rows(there, "l, r, logit, near", "scored")}
    assert len(wanted) > 100 and weighed.keys() == wanted.keys()
    assert all(weighed[pair] == pytest.approx(wanted[pair], abs=1e-4) for pair in wanted)


def rows(database, columns: str, table: str) -> list[tuple]:
    return sorted(database.execute(f"SELECT {columns} FROM {table}").fetchall())


def test_what_no_run_asks_is_refused_with_words(session):
    from khet.registers.linkage.engine.spark import SparkDatabase

    with pytest.raises(ValueError, match="no such statement"):
        SparkDatabase(session).execute("ALTER TABLE pairs ADD COLUMN x INTEGER")
