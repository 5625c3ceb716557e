"""The peer of `khet link`: Splink with the library's own comparisons and the steps of its guide, nothing tuned."""

from pathlib import Path

from khet.registers.linkage.engine.columns import Roles, roles
from khet.registers.linkage.engine.files import load, open_database


def match(left: Path, right: Path | None = None) -> set[tuple[int, int]]:
    """Pairs of row numbers that Splink's defaults find; of groups within one list, every pair."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    files = [left] + ([right] if right else [])
    database = open_database()
    sides = []
    for number, file in enumerate(files):
        names = load(database, file, f"rows_{number}")
        sides.append(roles(database, f"rows_{number}", names))
    columns = _columns(sides)
    for number, side in enumerate(sides):
        picked = ", ".join(f"{_expression(side, role)} AS {name}" for name, role in columns.items())
        database.execute(f"CREATE TABLE persons_{number} AS SELECT n AS unique_id, {picked} FROM rows_{number}")  # noqa: S608
    api = DuckDBAPI(connection=database)
    tables = [api.register(f"persons_{number}") for number in range(len(files))]
    settings = SettingsCreator(
        link_type="link_only" if right else "dedupe_only",
        comparisons=[_comparison(name) for name in columns],
        blocking_rules_to_generate_predictions=[block_on(*names) for names in _rules(columns)],
    )
    linker = Linker(tables if right else tables[0], settings)
    _train(linker, columns)
    predictions = linker.inference.predict(threshold_match_probability=0.5)
    if right:
        rows = database.execute(f"SELECT unique_id_l, unique_id_r FROM {predictions.physical_name}").fetchall()  # noqa: S608
        return set(rows)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=0.5)
    rows = database.execute(
        f"SELECT a.unique_id, b.unique_id FROM {clusters.physical_name} a JOIN {clusters.physical_name} b "  # noqa: S608
        "ON a.cluster_id = b.cluster_id AND a.unique_id < b.unique_id"
    ).fetchall()
    return set(rows)


_ROLES = {
    "first_name": "first_name", "surname": "last_name", "dob": "birth_date", "email": "email",
    "postcode": "postcode", "sex": "sex",
    "national_id": "national_id",
}  # fmt: skip


def _columns(sides: list[Roles]) -> dict[str, tuple]:
    found = {name: (role, 0) for name, role in _ROLES.items() if all(side.of.get(role) for side in sides)}
    if all(side.of.get("birth_year") for side in sides):
        found["dob"] = ("birth_year", 0)
    for role in ("house", "road", "subdistrict", "province", "address"):
        for place in range(min(len(side.of.get(role, ())) for side in sides)):
            found[f"{role}_{place}"] = (role, place)
    for number, name in enumerate(sides[0].other):
        if all(name in side.other for side in sides):
            found[f"other_{number}"] = (name, None)
    return found


def _expression(side: Roles, role: tuple) -> str:
    name, place = role
    if place is None:
        return f"lower(c{side.other[name]})"
    if name == "birth_year":
        y, m, d = (f"c{side.first(part)}" for part in ("birth_year", "birth_month", "birth_day"))
        return f"printf('%04d-%02d-%02d', {y}::INT, {m}::INT, {d}::INT)"
    column = f"c{side.of[name][place]}"
    if name == "birth_date":
        parts = f"left({column}, 4) || '-' || substr({column}, 5, 2) || '-' || right({column}, 2)"
        return f"CASE WHEN regexp_matches({column}, '^\\d{{8}}$') THEN {parts} ELSE {column} END"
    return f"lower({column})"


def _comparison(name: str):
    from splink import comparison_library as cl

    if name in ("first_name", "surname"):
        return cl.NameComparison(name)
    if name == "dob":
        return cl.DateOfBirthComparison(name, input_is_string=True)
    if name == "email":
        return cl.EmailComparison(name)
    if name == "postcode":
        return cl.LevenshteinAtThresholds(name, [1, 2])
    if name == "national_id":
        return cl.DamerauLevenshteinAtThresholds(name, [1])
    return cl.ExactMatch(name).configure(term_frequency_adjustments=not name.startswith("sex"))


def _rules(columns) -> list[tuple[str, ...]]:
    wanted = [
        ("first_name", "surname"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("dob",),
        ("email",),
        ("national_id",),
        ("postcode", "surname"),
        ("postcode", "first_name"),
    ]
    found = [rule for rule in wanted if all(name in columns for name in rule)]
    others = [name for name in columns if name.startswith("other_")]
    return found or [tuple(others[i : i + 3]) for i in range(0, 12, 3)]


def _train(linker, columns) -> None:
    from splink import block_on

    exact = [
        block_on(*names)
        for names in (("first_name", "dob"), ("surname", "dob"), ("email",), ("national_id",))
        if all(n in columns for n in names)
    ]
    exact = exact or [block_on(*list(columns)[:12])]
    linker.training.estimate_probability_two_random_records_match(exact, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    sessions = [names for names in (("first_name", "surname"), ("dob",)) if all(n in columns for n in names)]
    for names in sessions or [tuple(list(columns)[:6]), tuple(list(columns)[6:12])]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*names))
