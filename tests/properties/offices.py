"""Two offices alike in shape, in which every name, code and number tells whose it is.

A page that a person of one office asks for must hold no word of the other. So every name of an office holds its own
token, every name of a school the school's, every person's the mark of persons; figures are numbers nothing else has.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.utils import timezone

from khet.core.accounts.models import User, system_user
from khet.core.accounts.services import grant_role
from khet.core.catalogue import catalogue
from khet.core.orgs.models import Org
from khet.core.orgs.services import create_org
from khet.engines.surveys.services.rounds import close as close_round
from khet.engines.surveys.services.rounds import open_round
from khet.kit.periods import Period
from khet.plan import services as plan
from khet.registers.figures.services import set_figure
from khet.registers.intake import services as intake
from khet.registers.intake.models import Batch, State
from khet.registers.people.models import Person, StaffPost
from khet.registers.residents.models import Resident
from khet.registers.schools.models import School
from khet.web.desk.services.census import freeze
from khet.web.desk.services.maps import import_layer
from tests.plan.made_up import WITH_SCHOOLS
from tests.properties.assessments import run_assessments
from tests.properties.cases import Kept, begin_cases
from tests.properties.children import pair_children, warn_of_children
from tests.properties.logbooks import write_logbooks
from tests.properties.programmes import run_programmes
from tests.registers.intake import files

PERSON = "ปักษา"  # in the first name of every person of every office
INDICATOR = "pupil_harm"
CENSUS = Period("census", 2024, 610)
ORDINALS = (("เอก", "ek"), ("โท", "tho"), ("ตรี", "tri"))
RIVERS = ("ต้นน้ำ", "ปลายน้ำ")


@dataclass
class Place:
    """An org with what belongs to it: words that must not leave it, and addresses of its things by page."""

    org: Org
    words: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    addresses: dict[str, list[tuple]] = field(default_factory=dict)

    def add(self, pages: str, *arguments) -> None:
        """Note a thing under every page that shows it: `pages` are names apart by blanks."""
        for page in pages.split():
            self.addresses.setdefault(page, []).append(arguments)


@dataclass
class Office:
    """One of the two: the places from the office down to its schools, and who works there."""

    place: Place
    clusters: list[Place]
    schools: list[Place]
    users: list[User]
    cases: list[Kept] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        return [self.place, *self.clusters, *self.schools]

    def user(self, role: str) -> User:
        return next(user for user in self.users if user.roles.get().role == role)


def make_office(ministry: Org, thai: str, latin: str, code: int, *, by: User, pupils: int = 2) -> Office:
    """An office with two clusters and three schools, everything loaded, a plan in force and work begun.

    thai, latin   the token of the office in both scripts
    code          the first four digits of its codes; also what its persons' numbers are counted from
    """
    return _Making(ministry, thai, latin, code, by, pupils).run()


class _Making:
    def __init__(self, ministry, thai, latin, code, by, pupils):
        self.ministry, self.thai, self.latin, self.code, self.by, self.pupils = ministry, thai, latin, code, by, pupils

    def run(self) -> Office:
        self._orgs()
        office = Office(self.office, self.clusters, self.schools, [])
        self._users(office)
        self.planner, self.registrar = office.user("planner"), office.user("school_registrar")
        self._load()
        self._plan(office.user("director"))
        self._desk()
        self._surveys()
        self._programmes(office)
        self._assessments()
        self._children()
        office.cases = begin_cases(self.office, self.schools, by=system_user())
        self._things(office)
        return office

    # --- the tree and who works in it

    def _orgs(self):
        org = create_org("office", f"{self.code}0000", f"สพป.{self.thai} เขต 1", self.ministry, by=self.by)
        self.office = Place(org, {self.thai, self.latin, org.code})
        self.clusters, self.schools = [], []
        for number, river in enumerate(RIVERS, start=1):
            cluster = create_org("cluster", f"{org.code}-C{number}", f"กลุ่ม{self.thai}{river}", org, by=self.by)
            self.clusters.append(Place(cluster, {cluster.name, cluster.code}))
        for number, (word, latin) in enumerate(ORDINALS, start=1):
            above = self.clusters[0].org if number < 3 else self.clusters[1].org
            school = create_org("school", f"{self.code}000{number}", f"บ้าน{self.thai}{word}", above, by=self.by)
            School.objects.create(org=school, latitude=19.1, longitude=100.2, subdistrict=f"ตำบล{self.thai}{word}")
            words = {f"{self.thai}{word}", f"{self.latin}-{latin}", school.code}
            self.schools.append(Place(school, words, {self.code * 7 + 131 * number}))

    def _users(self, office: Office):
        at = {"office": [self.office.org], "cluster": [self.clusters[0].org], "school": [self.schools[0].org]}
        for role in catalogue().all("role"):
            for kind in role.at:
                for org in at.get(kind, ()):
                    self._user(office, role.id, org)
        self._user(office, "school_director", self.schools[1].org)

    def _user(self, office: Office, role: str, org: Org):
        name = f"{self._latin_of(org)}-{role}"
        full_name = f"{self._thai_of(org)} {role}"
        user = User.objects.create_user(name, f"{name}@example.org", "a-long-password", full_name=full_name, org=org)
        grant_role(user, role, org, by=self.by)
        office.users.append(user)

    def _latin_of(self, org) -> str:
        number = next((n for n, place in enumerate(self.schools) if place.org == org), None)
        tail = "" if org == self.office.org else f"-{ORDINALS[number][1]}" if number is not None else "-cluster"
        return f"{self.latin}{tail}"

    def _thai_of(self, org) -> str:
        return org.name.removeprefix("บ้าน")

    # --- files

    def _load(self):
        self.loads: list[tuple[Place, Batch]] = []
        for number, place in enumerate(self.schools):
            self._take(self.office, self.planner, files.dmc(self._pupils(number)), f"{self._latin_of(place.org)}.csv")
        one = self.schools[0].org.code
        # The school's own registrar brings the roll again, with a pupil more and two rows that cannot be right.
        child = f"{PERSON}{self.thai}เอก"
        spoilt = files.Pupil(1, one, self.schools[0].org.name, id="1.23457E+12", first=f"{child}งอ")
        away = files.Pupil(2, f"{self.code}9999", f"บ้าน{self.thai}เอกอื่น", first=f"{child}จอ", id=self._number(99))
        own = [*self._pupils(0), spoilt, away]
        name = f"{self._latin_of(self.schools[0].org)}-own.csv"
        self._take(self.schools[0], self.registrar, files.dmc(own, day="10/11/2567"), name, commit=False)
        id = self._id(0, 0)
        for name, content in {
            "absences": files.absences((one, id, "03/07/2567", "เต็มวัน", "ขาด")),
            "marks": files.marks((one, id, "2567", "ท11101", "ร")),
            "staff": files.staff((one, self._number(70), f"{child}ครู", "ครู", "ผ่าน", "2567")),
            "residents": files.residents((self._number(60), f"{child}นอก", "13/05/2560", "มีชีวิต")),
            "values": files.values(*self._figures(), ("no_such_measure", one, "2567", "", "", "", 5, self.thai)),
        }.items():
            self._take(self.office, self.planner, content, f"{self.latin}-{name}.csv")
        unknown = files.table([[f"ช่อง{self.thai}", "สอง", "สาม"], [f"ค่า{self.thai}", "2", "3"], ["ก", "4", "5"]])
        self._take(self.office, self.planner, unknown, f"{self.latin}-unknown.csv", commit=False)

    def _take(self, place: Place, by: User, content: bytes, name: str, *, commit: bool = True):
        batch = intake.receive(content, by=by, name=name, org=place.org)
        intake.check(batch, by=by)
        if commit:
            assert batch.state == State.CHECKED, (name, batch.state, batch.message)
            intake.commit(batch, by)
        self.loads.append((place, batch))

    def _number(self, serial: int) -> str:
        return files.person_id(self.code * 1000 + serial)

    def _id(self, school: int, pupil: int) -> str:
        return self._number(school * 100 + pupil)

    def _pupils(self, school: int) -> list[files.Pupil]:
        org, whose = self.schools[school].org, self.thai + ORDINALS[school][0]
        return [
            files.Pupil(
                10 * school + n, org.code, org.name, id=self._id(school, n), first=f"{PERSON}{whose}{'กขคฆ'[n]}",
                last=f"วงศ์{whose}", sex="ชญ"[n % 2],
            )
            for n in range(self.pupils)
        ]  # fmt: skip

    def _figures(self):
        for place in self.schools:
            yield "harm_incidents", place.org.code, "2567", "", "", "accident", *place.numbers, ""
            yield "external_assessed", place.org.code, "2567", "", "", "", 1, ""
            yield "external_good_all_standards", place.org.code, "2567", "", "", "", 1, ""

    # --- plan and desk

    def _plan(self, director: User):
        text = WITH_SCHOOLS.replace("สมมติ", self.thai).replace("องค์กรเรียนรู้", f"องค์กร{self.thai}เรียนรู้")
        upload = BytesIO(text.encode())
        upload.name = f"{self.latin}-plan.txt"
        self.document = plan.receive_document(self.office.org, upload, by=self.planner)
        draft = plan.draft_edition(self.document, 2023, 2027, by=self.planner)
        self.adopted = plan.adopt(draft, by=self.planner, leave_open="ไม่มีข้อมูล")
        self.draft = plan.revise(self.adopted, by=self.planner)
        self.notes = [
            (place, plan.add_note(place.org, INDICATOR, f"บันทึก{self._thai_of(place.org)}", by=self.planner))
            for place in (self.office, *self.schools)
        ]
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.actions = []
        for place, owner in ((self.office, director), *((school, self.planner) for school in self.schools)):
            text = f"ลงพื้นที่{self._thai_of(place.org)}"
            action = plan.add_action(place.org, INDICATOR, text, tomorrow, by=self.planner, owner=owner)
            self.actions.append((place, action))

    def _desk(self):
        freeze(self.office.org, CENSUS, by=self.planner)
        set_figure(self.office.org, "ita_total", Period("fiscal_year", 2024), 90 + self.code % 7, by=self.planner)
        where = {"type": "Point", "coordinates": [100.2, 19.1]}
        point = {"type": "Feature", "geometry": where, "properties": {"name": f"จุด{self.thai}"}}
        layer = {"type": "FeatureCollection", "features": [point]}
        import_layer(self.office.org, "points", layer, by=self.planner, name=f"แผนที่{self.thai}")

    def _surveys(self):
        """A running survey and a closed one, of the office and of each school."""
        today = timezone.localdate()
        days = {"opens": today, "closes": today + timedelta(days=9), "access": "open", "by": self.planner}
        self.rounds = []
        for place in (self.office, *self.schools):
            for words in ("ถาม", "ถามแล้ว"):
                title = f"{words}{self._thai_of(place.org)}"
                self.rounds.append((place, open_round(place.org, "service_satisfaction_2568", title=title, **days)))
            close_round(self.rounds[-1][1], by=self.planner)

    def _programmes(self, office: Office):
        """Programmes of the office in which each of its schools takes part."""
        staff = {post.school_id: post.person for post in StaffPost.objects.select_related("person")}
        run_programmes(
            self.office, self.schools, name_of=self._thai_of, person_of=lambda org: staff.get(org.pk), by=self.planner
        )

    def _assessments(self):
        run_assessments(self.office, self.schools, name_of=self._thai_of, by=system_user())

        write_logbooks(self.schools, name_of=self._thai_of, by=system_user())

    def _children(self):
        pair_children(self.office, by=self.planner)
        warn_of_children(self.office, self.schools, by=self.planner)

    # --- addresses of all of it

    def _things(self, office: Office):
        for place in office.places:
            place.add("orgs:org", place.org.pk)
            for act in ("rename", "move", "close", "reopen"):
                place.add("orgs:change", place.org.pk, act)
        for place in self.schools:
            place.add("desk:school", place.org.code)
            for person in Person.objects.filter(org=place.org):
                place.add("desk:person desk:person_open desk:person_identifier desk:person_trail", person.ref)
        for resident in Resident.objects.filter(org=self.office.org):
            self.office.add("desk:resident", resident.ref)
        for place, batch in self.loads:
            place.add("intake:load intake:faults intake:check intake:commit intake:confirm intake:discard", batch.pk)
            place.add("intake:undo intake:rejected intake:mapping", batch.pk)
            for row in (2, 3):
                place.add("intake:row", batch.pk, 0, row)
        for place, note in self.notes:
            place.add("desk:note_withdraw", note.pk)
        for place, action in self.actions:
            place.add("desk:action_close", action.pk)
        for place, round in self.rounds:
            place.add("surveys:round surveys:poster surveys:qr surveys:codes surveys:results", round.ref)
            place.add("surveys:export", round.ref, "xlsx")
            for act in ("end", "close", "discard", "formula"):
                place.add("surveys:act", round.ref, act)
        for user in office.users:
            place = next(place for place in office.places if place.org == user.org)
            place.add("accounts:user accounts:edit accounts:grant accounts:invite accounts:password", user.pk)
            place.add("accounts:second_factor accounts:active", user.pk)
            place.add("accounts:end", user.pk, user.roles.get().pk)
        self.office.add("plan:document plan:original plan:draft", self.document.pk)
        for edition in (self.adopted, self.draft):
            self.office.add("plan:edition plan:item_add plan:indicators plan:adopt plan:revise", edition.pk)
            self.office.add("plan:discard plan:compare", edition.pk)
            item = edition.items.get(binding__indicator=INDICATOR)
            self.office.add("plan:item plan:item_move plan:item_remove plan:item_split plan:item_merge", item.pk)
            self.office.add("plan:binding plan:choices plan:targets plan:owner", item.pk)
            tactic = edition.items.filter(kind="tactic").first()
            self.office.add("desk:tactic_system", tactic.pk)
