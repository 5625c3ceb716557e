"""Small made-up offices by chance: schools that move and close, rolls, staff, absences, figures at every level."""

from datetime import date, timedelta

from hypothesis import strategies as st

from khet.core.accounts.models import system_user
from khet.core.orgs.services import close_org, create_org, move_org
from tests.facts.records import absent, figure, person, post, pupil

DAYS = st.dates(date(2023, 5, 16), date(2025, 5, 15))
GRADES, SEXES = st.sampled_from(["ป.1", "ป.2", ""]), st.sampled_from(["m", "f", ""])
PERIODS = st.sampled_from(["AY2023", "AY2024", "AY2024T1", "C2024-06-10", "C2024-11-10", "FY2024", "M2024-07"])
FIGURES = st.tuples(
    st.integers(0, 8),  # which org
    st.sampled_from(["pupils", "harm_incidents", "external_assessed", "external_good", "satisfaction_mean_of_means",
                     "school_days", "staff", "rooms"]),
    PERIODS,
    st.sampled_from([{}, {}, {"sex": "m"}, {"sex": "f"}, {"grade": "ป.1"}, {"grade": "ป.1", "sex": "f"},
                     {"group": "violence"}, {"group": "civil_servant_teacher", "sex": "m"}]),
    st.integers(0, 9),
)  # fmt: skip
SPELLS = st.tuples(
    st.integers(0, 5),  # which person
    st.integers(0, 4),  # which school
    st.sampled_from([2023, 2024]),
    GRADES,
    st.none() | DAYS,
    st.none() | st.tuples(DAYS, st.sampled_from(["transferred", "untraceable", ""])),
    st.booleans(),
)
ABSENT_AS = st.sampled_from(["absent", "late", "sick"])
ABSENCES = st.tuples(st.integers(0, 9), st.integers(0, 300), st.integers(0, 2), ABSENT_AS)
POSTS = st.tuples(st.integers(0, 8), st.sampled_from([2023, 2024]), SEXES,
                  st.sampled_from(["civil_servant_teacher", "temporary_employee", ""]))  # fmt: skip
OFFICES = st.fixed_dictionaries(
    {
        "moves": st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), DAYS), max_size=3),
        "closes": st.none() | st.tuples(st.integers(0, 4), DAYS),
        "figures": st.lists(FIGURES, max_size=14),
        "spells": st.lists(SPELLS, max_size=14),
        "absences": st.lists(ABSENCES, max_size=10),
        "posts": st.lists(POSTS, max_size=6),
    }
)


def make(office) -> list:
    """The records of a drawn office; returns its orgs: ministry, two offices, two clusters, five schools."""
    by = system_user()
    ministry = create_org("ministry", "TH", "กระทรวง", by=by)
    first, second = (create_org("office", f"9{n}", f"เขต {n}", ministry, by=by) for n in (1, 2))
    clusters = [create_org("cluster", f"9{n}-C", f"กลุ่ม {n}", place, by=by) for n, place in ((1, first), (2, second))]
    places = [first, second, *clusters]
    schools = [create_org("school", f"9000000{n}", f"โรงเรียน {n}", places[n % 4], by=by) for n in range(5)]
    last = {}
    for school, place, day in sorted(office["moves"], key=lambda move: move[2]):
        if day > last.get(school, date.min):
            last[school] = day
            schools[school].refresh_from_db()
            move_org(schools[school], places[place], by=by, on=day)
    if office["closes"] and office["closes"][1] > last.get(office["closes"][0], date.min):
        schools[office["closes"][0]].refresh_from_db()
        close_org(schools[office["closes"][0]], by=by, on=office["closes"][1])
    orgs = [ministry, first, second, *clusters, *schools]
    for org in orgs:
        org.refresh_from_db()
    _records(office, orgs, schools)
    return orgs


def _records(office, orgs, schools) -> None:
    seen = set()
    for place, measure, period, dims, value in office["figures"]:
        key = (place, measure, period, tuple(sorted(dims.items())))
        if key not in seen:
            seen.add(key)
            figure(orgs[place], measure, period, value, **dims)
    people = [person(sex="mf"[n % 2] if n else "") for n in range(6)]
    spells, taken = [], set()
    for who, school, year, grade, entered, left, hanging in office["spells"]:
        if (who, school, year) not in taken:
            taken.add((who, school, year))
            day, reason = left or (None, "")
            spells.append(pupil(schools[school], year, grade, who=people[who], entered=entered, left=day,
                                leave_reason=reason, hanging=hanging))  # fmt: skip
    marked = set()
    for spell, day, part, kind in office["absences"] if spells else ():
        which = spells[spell % len(spells)]
        when = date(which.year, 5, 16) + timedelta(days=day)
        if (which.pk, when, part) not in marked:
            marked.add((which.pk, when, part))
            absent(which, when.isoformat(), kind=kind, part=part)
    for place, year, sex, staff_type in office["posts"]:
        post(orgs[place], year, staff_type, sex=sex)
