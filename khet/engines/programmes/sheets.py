"""Reading a spreadsheet of participants: columns by their headings, every fault of every row at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from khet.core.accounts.access import can
from khet.core.forms.build import form_class
from khet.core.orgs.models import Org
from khet.engines.programmes.models import Participant, Run
from khet.engines.programmes.schema import PERSONS
from khet.engines.programmes.services import joining, judging
from khet.engines.programmes.services.joining import Entrant
from khet.engines.programmes.services.judging import Judgement
from khet.kit.faults import Fault
from khet.kit.identifiers import clean_person_id
from khet.kit.periods import parse_date
from khet.kit.secrets import keyed_hash
from khet.kit.thai import fold, name_key, tidy, without_prefix
from khet.registers.intake.reading import FileError, sheets
from khet.registers.people.models import PERSON_ID, Person
from khet.registers.schools.matching import matcher

MOST_ROWS = 5000
# What a column may be called; the first is what the template writes.
HEADINGS = {
    "code": ("รหัสโรงเรียน", "รหัสสถานศึกษา", "รหัส", "school code", "code"),
    "school": ("โรงเรียน", "สถานศึกษา", "ชื่อโรงเรียน", "school"),
    "kind": ("ประเภทผู้เข้าร่วม", "ประเภท", "kind"),
    "id": ("เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "national id", "id"),
    "person": ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อและนามสกุล", "person"),
    "name": ("ชื่อห้องเรียนหรือภาคี", "ชื่อภาคี", "ห้องเรียน", "name"),
    "role": ("บทบาท", "role"),
    "joined_on": ("วันที่เข้าร่วม", "เข้าร่วมเมื่อ", "joined on"),
    "level": ("สถานะ", "ระดับ", "status", "level"),
    "judged_on": ("วันที่ประเมิน", "วันที่ประกาศ", "judged on"),
    "judged_by": ("ผู้ประเมิน", "judged by"),
    "valid_until": ("ใช้ได้ถึง", "วันหมดอายุ", "valid until"),
    "link": ("ลิงก์หลักฐาน", "หลักฐาน", "link"),
    "note": ("หมายเหตุ", "note"),
}


@dataclass
class Plan:
    """What loading a sheet would do.

    entrants    [(place, who joins)]
    judgements  [(place, the participant or what makes the entrant the same, the judgement's fields, org)]
    unchanged   rows of those who take part already, without a status
    """

    entrants: list[tuple[tuple[str, int], Entrant]] = field(default_factory=list)
    judgements: list[tuple[tuple[str, int], object, dict, Org]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def columns(run: Run) -> list[str]:
    """Keys of the columns a sheet of the run may have, questions by their id."""
    rules = run.rules
    wanted = ["code", "school"]
    wanted += ["kind"] if len(rules.who) > 1 else []
    wanted += ["id", "person"] if set(rules.who) & set(PERSONS) else []
    wanted += ["name"] if {"classroom", "partner"} & set(rules.who) else []
    wanted += ["role"] if rules.roles else []
    wanted += ["joined_on"]
    wanted += ["level", "judged_on", "judged_by", "valid_until", "link"] if rules.ladder else []
    return [*wanted, "note", *(f"?{question.id}" for question in _asked(run))]


def heading(run: Run, key: str) -> str:
    """How the template names a column."""
    if key.startswith("?"):
        return next(question.label.th for question in _asked(run) if question.id == key[1:])
    return HEADINGS[key][0]


def _asked(run: Run):
    return [q for q in run.rules.fields if q.kind not in ("heading", "photo", "file")]


def read(run: Run, data: bytes) -> tuple[list, list[Fault]]:
    """([[sheet, row, {column: cell}]], faults of the file as a whole). Raises FileError when it is no table."""
    known = {fold(name): key for key in columns(run) if not key.startswith("?") for name in HEADINGS[key]}
    for question in _asked(run):
        known |= {fold(name): f"?{question.id}" for name in (question.id, question.label.th, question.label.en)}
    rows, faults = [], []
    for sheet in sheets(data):
        places: dict[int, str] | None = None
        for number, cells in sheet.rows():
            if places is None:
                places = {at: known[fold(cell)] for at, cell in enumerate(cells) if fold(cell) in known}
                if not {"code", "school"} & set(places.values()):
                    places = None
                continue
            found = {key: tidy(cells[at]) for at, key in places.items() if at < len(cells) and tidy(cells[at])}
            if found:
                rows.append([sheet.name, number, found])
        if places is None:
            words = _("has no row of headings with “รหัสโรงเรียน” or “โรงเรียน”")
            faults.append(Fault(sheet.name or _("file"), words, _("Use the template of this programme.")))
    if rows:
        faults = []  # further sheets may hold notes
    if len(rows) > MOST_ROWS:
        raise FileError(_("The file has more than %(n)s rows. Split it.") % {"n": MOST_ROWS})
    if not rows and not faults:
        faults.append(
            Fault(_("file"), _("has no rows below its headings"), _("Fill in the template and send it again."))
        )
    return rows, faults


def planned(run: Run, rows: list, *, by) -> Plan:
    """What loading the rows would do now, with every fault: nothing is written."""
    return _Reading(run, by).plan(rows)


class _Reading:
    """One pass over the rows of a sheet."""

    def __init__(self, run: Run, by):
        self.run, self.by, self.rules = run, by, run.rules
        self.matcher = matcher(run.org)
        here = run.participants.taking_part().select_related("org", "person").prefetch_related("statuses")
        self.here = {joining.same(one): one for one in here}
        self.levels = {}
        for level in self.rules.ladder.levels if self.rules.ladder else ():
            self.levels |= {fold(name): level for name in (level.code, level.title.th, level.title.en)}

    def plan(self, rows: list) -> Plan:
        made, seen = Plan(), {}
        for sheet, number, cells in rows:
            self.place, self.bad = (sheet, number), []
            entrant, judged = self._row(cells)
            if entrant and not self.bad:
                self._take(made, seen, entrant, judged)
            made.faults += self.bad
        return made

    def _take(self, made: Plan, seen: dict, entrant: Entrant, judged: dict | None) -> None:
        key = joining.same(entrant)
        if key in seen and not judged:
            self._fault("", _("is the same participant as row %(row)s") % {"row": seen[key]}, _("Keep one row."))
            return
        one = self.here.get(key)
        if one is None and key not in seen:
            if why := joining.fault(self.run, entrant):
                self._fault("", why)
                return
            made.entrants.append((self.place, entrant))
        elif judged is None:
            made.unchanged += 1
        seen.setdefault(key, self.place[1])
        if judged:
            made.judgements.append((self.place, one or key, judged, entrant.org))
            self._judgement(one, entrant, judged, made)

    def _judgement(self, one: Participant | None, entrant: Entrant, judged: dict, made: Plan) -> None:
        """Faults of a status; what the same sheet says of the participant before counts as held."""
        stand_in = one or Participant(
            run=self.run, kind=entrant.kind, org=entrant.org, person=entrant.person, name=entrant.name,
            joined_on=entrant.joined_on,
        )  # fmt: skip
        held = (
            [judging.Held(s.level, s.judged_on, s.valid_until, s.pk) for s in one.statuses.all() if s.stands]
            if one
            else []
        )
        if one is None and self.rules.entry:
            held.append(judging.Held(self.rules.entry.code, entrant.joined_on))
        key = one or joining.same(entrant)
        held += [
            judging.Held(before["level"], before["judged_on"], before["valid_until"])
            for _place, of, before, _org in made.judgements
            if of == key and before is not judged
        ]
        if why := judging.fault(self.run, Judgement(stand_in, **judged), held):
            self._fault("level", why)

    def _row(self, cells: dict) -> tuple[Entrant | None, dict | None]:
        kind = self._kind(cells)
        org = self._org(cells, kind)
        joined_on = self._day(cells, "joined_on") or self.run.starts
        person = self._person(cells, kind, org) if org and kind in PERSONS else None
        role = self._role(cells)
        answers = self._answers(cells)
        judged = self._judged(cells, joined_on)
        if not org or not kind or self.bad:
            return None, None
        name = cells.get("name", "") if kind in ("classroom", "partner") else ""
        return Entrant(kind, org, joined_on, person, name, role, answers), judged

    def _kind(self, cells: dict) -> str:
        if len(self.rules.who) == 1:
            return self.rules.who[0]
        given = fold(cells.get("kind", ""))
        for kind in self.rules.who:
            if given in (fold(kind), fold(str(Participant.Kind(kind).label))):
                return kind
        kinds = ", ".join(str(Participant.Kind(kind).label) for kind in self.rules.who)
        self._fault("kind", _("“%(cell)s” is no kind of participant") % {"cell": cells.get("kind", "")},
                    _("Use one of: %(kinds)s.") % {"kinds": kinds})  # fmt: skip
        return ""

    def _org(self, cells: dict, kind: str) -> Org | None:
        code, name = cells.get("code", ""), cells.get("school", "")
        if kind in ("partner", "teacher") and code in ("", self.run.org.code) and not name:
            return self.run.org
        if not code and not name:
            self._fault("code", _("says no school"), _("Write the 8-digit code."))
            return None
        found = self.matcher.match(code, name)
        if found.org is None:
            near = found.suggestion
            mend = _("Did you mean %(org)s (%(code)s)?") % {"org": near, "code": near.code} if near else ""
            self._fault("code", _("“%(cell)s” is no school of this office") % {"cell": " ".join((code, name)).strip()},
                        mend or _("Correct the code."))  # fmt: skip
        return found.org

    def _person(self, cells: dict, kind: str, org: Org) -> Person | None:
        """The person meant, by number or by full name, among those of the school that the loader may name."""
        here = Person.objects.filter(posts__school=org, posts__until__isnull=True)
        if kind == "pupil":
            may = can(self.by, "people.list", org)
            here = Person.objects.filter(enrolments__school=org, enrolments__left__isnull=True)
            here = here if may else here.none()
        if number := cells.get("id"):
            try:
                _sort, value = clean_person_id(number)
            except ValueError:
                mend = _("Write all 13 digits as text, as the house registration has them.")
                self._fault("id", _("is no ID that can be right"), mend)
                return None
            found = here.filter(identifiers__value_hash=keyed_hash(value, PERSON_ID), identifiers__until__isnull=True)
        elif name := cells.get("person"):
            first, _blank, last = without_prefix(name).partition(" ")
            found = here.filter(name_key=name_key(first, last))
        else:
            self._fault("person", _("names no person"), _("Write the ID, or first and last name."))
            return None
        found = list(found.distinct()[:2])
        if len(found) != 1:
            what = _("is nobody of this school’s list") if not found else _("may be two persons of this school")
            self._fault("id" if cells.get("id") else "person", what, _("Write the ID as the personnel list has it."))
        return found[0] if len(found) == 1 else None

    def _role(self, cells: dict) -> str:
        given = fold(cells.get("role", ""))
        if not given:
            return ""
        for role in self.rules.roles:
            if given in {fold(name) for name in (role.code, role.title.th, role.title.en)}:
                return role.code
        roles = ", ".join(str(role.title) for role in self.rules.roles)
        self._fault("role", _("“%(cell)s” is no role of the programme") % {"cell": cells["role"]},
                    _("Use one of: %(roles)s.") % {"roles": roles})  # fmt: skip
        return ""

    def _judged(self, cells: dict, joined_on: date) -> dict | None:
        """The status of the row, None when it says none or only the one held on joining."""
        if not cells.get("level"):
            return None
        level = self.levels.get(fold(cells["level"]))
        if level is None:
            titles = ", ".join(str(one.title) for one in self.rules.ladder.levels)
            self._fault("level", _("“%(cell)s” is no status of the programme") % {"cell": cells["level"]},
                        _("Use one of: %(levels)s.") % {"levels": titles})  # fmt: skip
            return None
        if level.on_joining:
            return None
        judged_on = self._day(cells, "judged_on")
        if judged_on is None and "judged_on" not in cells:
            self._fault("judged_on", _("says no day for the status"), _("Write day/month/year."))
            return None
        return {
            "level": level.code, "judged_on": judged_on or joined_on, "judged_by": cells.get("judged_by", ""),
            "valid_until": self._day(cells, "valid_until"), "link": cells.get("link", ""),
            "note": cells.get("note", ""),
        }  # fmt: skip

    def _day(self, cells: dict, key: str) -> date | None:
        if key not in cells:
            return None
        try:
            return parse_date(cells[key])
        except ValueError:
            self._fault(key, _("is no date"), _("Write day/month/year in Buddhist years, for example 16/05/2567."))
            return None

    def _answers(self, cells: dict) -> dict:
        given = {key[1:]: value for key, value in cells.items() if key.startswith("?")}
        if not self.rules.fields:
            return {}
        for question in self.rules.fields:
            if question.options and question.id in given:
                codes = {fold(n): o.code for o in question.options for n in (o.code, o.title.th, o.title.en)}
                given[question.id] = codes.get(fold(given[question.id]), given[question.id])
        form = form_class(self.rules.fields, upload=False)(given)
        if not form.is_valid():
            for id, words in form.errors.items():
                self._fault(f"?{id}", " ".join(words))
            return {}
        return form.answers()

    def _fault(self, key: str, what: str, mend: str = "") -> None:
        sheet, row = self.place
        where = [sheet] if sheet else []
        where += [_("row %(row)s") % {"row": row}]
        where += [heading(self.run, key)] if key else []
        self.bad.append(Fault(", ".join(where), what, mend))


def template(run: Run) -> tuple[list[str], list[list[str]], list[int]]:
    """(headings, rows of the schools that could join, places of columns that are text) of an empty sheet."""
    keys = columns(run)
    schools = Org.objects.schools().open().filter(path__startswith=run.org.path).order_by("code")
    inside = set(run.participants.taking_part().filter(kind="school").values_list("org", flat=True))
    rows = [[org.code, org.name] for org in schools if org.pk not in inside] if "school" in run.rules.who else []
    return [heading(run, key) for key in keys], rows, [at for at, key in enumerate(keys) if key in ("code", "id")]


def shown(plan: Plan) -> Iterator[dict]:
    """Lines of the preview: where, which org, what will be done; persons are not named."""
    for (sheet, row), entrant in plan.entrants:
        yield {"sheet": sheet, "row": row, "who": entrant.name or str(entrant.org), "act": "joins", "level": ""}
    for (sheet, row), _of, judged, org in plan.judgements:
        yield {"sheet": sheet, "row": row, "who": str(org), "act": "judged", "level": judged["level"]}
