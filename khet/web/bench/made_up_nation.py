"""Two made-up lists of the size of a province or the nation, written by DuckDB.

Their errors are of fewer kinds than those of an area's lists; what they measure is time and memory.
"""

from pathlib import Path

from khet.registers.linkage.engine.files import open_database

# Of 1,000 children so many are in no school, so many on no register; of 1,000 rows so many have each error.
NOT_ENROLLED, NOT_REGISTERED = 110, 11
NO_ID, WRONG_ID, FIRST_TYPO, LAST_TYPO, TURNED_DATE, MOVED, CHANGED_NAME = 25, 12, 15, 15, 6, 50, 6


def write_nation(folder: Path, children: int) -> dict[str, int]:
    """Write register.parquet and enrolment.parquet; returns the rows of each, and the children in both.

    The same child has the same number in the columns `register_no` and `enrolment_no`, which hold nothing else.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database()
    _names(database)
    database.execute(f"CREATE TABLE people AS {_people(children)}")
    register = f"""
        SELECT no AS register_no, id AS national_id, first AS first_name, last AS last_name, sex,
            strftime(born, '%d/%m/') || (year(born) + 543) AS birth_date,
            house, village, subdistrict, district, province
        FROM people WHERE {_draw("unregistered")} >= {NOT_REGISTERED}
    """
    enrolment = f"{_damaged()} WHERE {_draw('enrolled')} >= {NOT_ENROLLED} ORDER BY hash(no)"
    for name, sql in (("register", register), ("enrolment", enrolment)):
        database.execute(f"COPY ({sql}) TO '{folder / name}.parquet' (FORMAT PARQUET)")
    both = f"{_draw('unregistered')} >= {NOT_REGISTERED} AND {_draw('enrolled')} >= {NOT_ENROLLED}"
    row = database.execute(
        f"SELECT count(*) FILTER ({_draw('unregistered')} >= {NOT_REGISTERED}), "
        f"count(*) FILTER ({_draw('enrolled')} >= {NOT_ENROLLED}), count(*) FILTER ({both}) FROM people"
    ).fetchall()[0]
    return dict(zip(("register", "enrolment", "both"), row, strict=True))


def _draw(word: str, below: int = 1000) -> str:
    """SQL of a number from 0 to below, always the same for one child and one word."""
    return f"(hash(no, '{word}') % {below})"


def _names(database) -> None:
    import pyarrow as pa
    from pythainlp.corpus.common import thai_family_names, thai_female_names, thai_male_names

    lists = {"female": thai_female_names(), "male": thai_male_names(), "family": thai_family_names()}
    for name, words in lists.items():
        words = sorted(words)
        database.register("words_in", pa.table({"place": range(len(words)), "word": words}))
        database.execute(f"CREATE TABLE {name} AS FROM words_in")
        database.unregister("words_in")


def _people(children: int) -> str:
    """Two children of a house share last name, house and place; half of the last names are made of two."""
    skewed = "floor(power(hash({seed}) % 100000 / 100000.0, 1.8) * (SELECT count(*) FROM {table}))::BIGINT"
    first = {table: skewed.format(seed="no, 'first'", table=table) for table in ("male", "female")}
    last, second = (skewed.format(seed=f"family, '{word}'", table="family") for word in ("last", "second"))
    return f"""
        WITH numbered AS (
            SELECT range AS no, range // 2 AS family, CASE WHEN hash(range, 'sex') % 2 = 0 THEN 'ช' ELSE 'ญ' END AS sex
            FROM range({children})),
        placed AS (
            SELECT *, CASE sex WHEN 'ช' THEN {first["male"]} ELSE {first["female"]} END AS at_first, {last} AS at_last,
                CASE WHEN hash(family, 'joined') % 2 = 0 THEN {second} END AS at_second FROM numbered)
        SELECT no, '999' || lpad((no * 7919 % 1000000007)::VARCHAR, 10, '0') AS id, coalesce(m.word, f.word) AS first,
            a.word || coalesce(left(b.word, 4), '') AS last, sex,
            DATE '2009-01-01' + (hash(no, 'born') % 4380)::INTEGER AS born,
            (hash(family, 'house') % 400 + 1)::VARCHAR AS house, (hash(family, 'village') % 14 + 1)::VARCHAR AS village,
            'ตำบล' || (hash(family, 'sub') % 7400) AS subdistrict,
            'อำเภอ' || (hash(family, 'sub') % 7400 // 8) AS district,
            'จังหวัด' || (hash(family, 'sub') % 7400 // 96) AS province
        FROM placed LEFT JOIN male m ON sex = 'ช' AND m.place = at_first
        LEFT JOIN female f ON sex = 'ญ' AND f.place = at_first
        JOIN family a ON a.place = at_last LEFT JOIN family b ON b.place = at_second
    """


def _damaged() -> str:
    wrong = f"left(id, 12) || ((right(id, 1)::INTEGER + 1 + {_draw('digit', 8)}) % 10)"
    no_id, wrong_id = f"{_draw('id')} < {NO_ID}", f"{_draw('id')} < {NO_ID + WRONG_ID}"
    turned = f"{_draw('turned')} < {TURNED_DATE} AND day(born) <= 12"
    born = f"CASE WHEN {turned} THEN strftime(born, '%m/%d/') ELSE strftime(born, '%d/%m/') END"
    moved = f"{_draw('moved')} < {MOVED}"
    return f"""
        SELECT no AS enrolment_no, CASE WHEN {no_id} THEN NULL WHEN {wrong_id} THEN {wrong} ELSE id END AS national_id,
            {_typo("first", FIRST_TYPO)} AS first_name,
            CASE WHEN {_draw("changed")} < {CHANGED_NAME} THEN reverse(left(last, 3)) || right(last, 3)
                ELSE {_typo("last", LAST_TYPO)} END AS last_name,
            sex, {born} || (year(born) + 543) AS birth_date,
            CASE WHEN {moved} THEN (hash(no, 'new') % 400)::VARCHAR ELSE house END AS house, village,
            CASE WHEN {moved} THEN 'ตำบล' || {_draw("new", 7400)} ELSE subdistrict END AS subdistrict,
            district, province
        FROM people
    """


def _typo(column: str, share: int) -> str:
    """SQL of a name with, in so many of 1,000 rows, one letter lost or another in its place."""
    at = f"(2 + hash(no, '{column}') % greatest(length({column}) - 2, 1))::INTEGER"
    before, after = f"left({column}, {at} - 1)", f"substr({column}, {at} + 1)"
    hurt = f"{before} || CASE hash(no, '{column} how') % 2 WHEN 0 THEN '' ELSE 'น' END || {after}"
    return f"CASE WHEN {_draw(column + ' typo')} < {share} THEN {hurt} ELSE {column} END"
