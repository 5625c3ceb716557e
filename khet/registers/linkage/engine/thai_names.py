"""The forms of plain Thai names as SQL: the same as `forms.name_forms`, for millions of names.

Only a name that is nothing but Thai letters in their usual order takes this way; any other goes through Python.
"""

from khet.kit import thai
from khet.registers.linkage.engine.forms import CODE, PLACEHOLDERS

_PREFIXES = ("เด็กชาย", "เด็กหญิง", "นาย", "นาง", "สามเณร", "พระ", "ว่าที่")
# Letters of the alphabet; no doubled marks, no tone mark before a vowel, no sara am in two pieces, nothing to mend.
_PLAIN = "[ก-ฮะ-ฺเ-์]{2,}"
_TO_MEND = "เเ|ํ|[็-์][ัิ-ฺ็-์]|[ัิ-ฺ][ัิ-ฺ]"


def is_plain(column: str) -> str:
    """SQL that holds for a name that can be taken this way."""
    begins = " OR ".join(f"starts_with({column}, '{prefix}')" for prefix in _PREFIXES)
    placeholders = ", ".join(f"'{word}'" for word in sorted(PLACEHOLDERS) if "'" not in word)
    return (
        f"(regexp_full_match({column}, '{_PLAIN}') AND NOT regexp_matches({column}, '{_TO_MEND}') "
        f"AND {column} NOT IN ({placeholders}) AND NOT ({begins}))"
    )


def heard(column: str) -> str:
    """SQL of `thai.heard`."""
    sql = f"regexp_replace({column}, '{thai.SILENCED}', '', 'g')"
    sql = f"CASE WHEN contains({column}, '์') THEN {sql} ELSE {column} END"
    double_ro = f"regexp_replace({sql}, '{thai.DOUBLE_RO}', '\\1ั\\2', 'g')"
    sql = f"CASE WHEN contains({column}, 'รร') THEN {double_ro} ELSE {sql} END"
    for written, otherwise in thai.WRITTEN_OTHERWISE:
        sql = f"replace({sql}, '{written}', '{otherwise}')"
    sql = _translated(sql, thai.HEARD_AS, thai.UNHEARD)
    for letter in thai.DOUBLED:
        sql = f"replace({sql}, '{letter * 2}', '{letter}')"
    return sql


def _translated(sql: str, by: dict[str, str], gone: str = "") -> str:
    """SQL that puts one letter for another and leaves out those of `gone`."""
    into = "".join(by.values()).replace("'", "''")
    return f"translate({sql}, '{''.join(by)}{gone}', '{into}')"


def table(values: str, names: list[str]) -> str:
    """SQL of (raw, plain, loose, sound, skeleton) for the plain names among the column `raw` of a table."""
    loose, sound = _translated("heard", CODE), _translated("heard", thai.SOUND_CLASSES, thai.UNCLASSED)
    forms = ("raw", loose, sound, "NULL::VARCHAR")
    picked = ", ".join(f"{sql} AS {name}" for sql, name in zip(forms, names, strict=True))
    return f"SELECT raw, {picked} FROM (SELECT raw, {heard('raw')} AS heard FROM {values} WHERE {is_plain('raw')})"
