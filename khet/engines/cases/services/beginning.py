"""Beginning a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.files.services import keep as keep_file
from khet.core.forms.answers import parted
from khet.core.notices.services import notify
from khet.core.orgs.models import Org
from khet.core.orgs.queries import office_of
from khet.engines.cases import editions
from khet.engines.cases.clocks import due
from khet.engines.cases.errors import CaseError
from khet.engines.cases.levelling import passes_by, proposed
from khet.engines.cases.models import Attachment, Case, Party, Series, Step
from khet.engines.cases.models.case import PHONE
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kept import Kept
from khet.engines.cases.seats import holders, roles_at
from khet.engines.cases.services.base import TOPIC, mark, members, tell, tell_of_level
from khet.engines.cases.services.passing import account_of, join, pass_by_when_it_must
from khet.kit.periods import to_be
from khet.registers.people.models import Person
from khet.registers.residents import queries as residents
from khet.registers.residents.models import Resident


@dataclass(frozen=True)
class Named:
    """Somebody a case names from its beginning."""

    role: str
    name: str = ""
    person: Person | None = None
    user: object = None
    org: Org | None = None
    details: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Beginning:
    """What is known when a case begins.

    org       the place it is about; handled_by: another place of its office that is to handle it
    answers   of the kind's form; parties  further persons it names
    person or resident  the child it is about, where it is about one
    """

    org: Org
    answers: Mapping = field(default_factory=dict)
    person: Person | None = None
    resident: Resident | None = None
    parties: tuple[Named, ...] = ()
    uploads: Mapping = field(default_factory=dict)
    received: datetime | None = None
    handled_by: Org | None = None
    owner: object = None
    cause: Mapping = field(default_factory=dict)


def begin(kind: CaseKind, beginning: Beginning, *, by) -> Case:
    """A new case. Raises CaseError; FileRefused for an upload that is not kept."""
    return begin_many(kind, [beginning], by=by)[0]


@transaction.atomic
def begin_many(kind: CaseKind, beginnings: Iterable[Beginning], *, by) -> list[Case]:
    """New cases, all or none. `by` is None for a public report. Raises CaseError that names every fault."""
    beginnings = list(beginnings)
    faults = [why for one in beginnings if (why := fault(kind, one, by))]
    if faults:
        raise CaseError("; ".join(dict.fromkeys(faults)))
    edition = editions.keep(kind)
    made = [_begin(edition, one, by) for one in beginnings]
    mark(*made)
    _tell_of(made, by)
    _record(made, kind, by or _system())
    return made


def _record(made: list[Case], kind: CaseKind, by) -> None:
    """One entry a case kept to its members, since an entry of several could not be veiled; else one a place."""
    if kind.circle or len(made) == 1:
        for case in made:
            verb = "case.taken_by_phone" if case.cause.get("kind") == PHONE else "case.begun"
            record(verb, case, by=by, org=case.org, after={"kind": kind.id, "number": case.number})
        return
    for org in {case.org for case in made}:
        count = sum(case.org == org for case in made)
        record("case.begun", by=by, org=org, after={"kind": kind.id}, count=count)


def fault(kind: CaseKind, one: Beginning, by) -> str:
    """Why a case cannot begin, '' when it can."""
    if by is not None and not roles_at(by, one.org) & set(kind.open_by):
        return _("You may not begin such a case at %(org)s.") % {"org": one.org}
    if by is None and kind.public is None:
        return _("Such a case cannot be begun without an account.")
    if kind.about == "pupil" and one.person is None:
        return _("Choose the pupil that the case is about.")
    if kind.about == "resident" and one.resident is None and one.person is None:
        return _("Choose the child that the case is about.")
    if kind.once and (other := open_already(kind, one)):
        return _("%(number)s is open for this child already. Go on there.") % {"number": other.number}
    if one.handled_by is not None and not one.handled_by.is_under(office_of(one.org) or one.org):
        return _("%(org)s is not of this office. Refer the case instead.") % {"org": one.handled_by}
    if office_of(one.org) is None:
        return _("%(org)s belongs to no office.") % {"org": one.org}
    return ""


def open_already(kind: CaseKind, one: Beginning) -> Case | None:
    """The open case of the same family about the same child."""
    cases = Case.objects.open().filter(edition__family=kind.family)
    if one.resident is not None and (found := cases.filter(listed=one.resident.identifier_hash).first()):
        return found
    return cases.filter(person=one.person).first() if one.person is not None else None


def _begin(edition, one: Beginning, by) -> Case:
    rules: Kept = edition.rules
    kind, now = rules.kind, timezone.now()
    received = one.received or now
    form = rules.form(kind.form)
    fields = [*(form.fields if form else ())]
    if kind.public and (by is None or one.cause.get("kind") == PHONE):
        fields += rules.form(kind.public.form).fields
    open_answers, secret = parted(fields, dict(one.answers))
    known = dict(one.answers)
    passing = one.org.is_school and passes_by(kind, known)
    office, level = office_of(one.org), proposed(kind, known)
    entry = _entry(kind, one, office)
    state = rules.workflow.start
    case = Case.objects.create(
        number=_number(office, kind.number, received), edition=edition, office=office,
        org=office if passing else one.handled_by or one.org, about=one.org, passed_by=passing, person=one.person,
        listed=entry.identifier_hash if entry else "", state=state, state_since=received,
        level=level.code if level else "", rank=level.rank if level else 0, owner=one.owner, answers=open_answers,
        secret=secret,
        cause=dict(one.cause), received_at=received, opened_by=by,
        due_at=due(rules, state, level.code if level else "", received, received), **_child(one, entry),
    )  # fmt: skip
    Step.objects.create(case=case, after=state, at=received, by=by, answers=open_answers, secret=secret)
    _name(case, kind, one)
    for name, upload in one.uploads.items():
        file = keep_file(upload, by=by, org=case.org)
        Attachment.objects.create(case=case, field=name, file=file)
    join(case, by)
    pass_by_when_it_must(case)
    return case


def _entry(kind: CaseKind, one: Beginning, office: Org) -> Resident | None:
    """The child's entry on the registration list, whether the case began from the list or at a school."""
    if one.resident is not None or kind.about != "resident":
        return one.resident
    return residents.entry_of(office, one.person)


def _child(one: Beginning, entry: Resident | None) -> dict:
    child = one.person or one.resident
    place = entry.subdistrict if entry else ""
    return {"sex": child.sex, "subdistrict": place} if child else {}


def _name(case: Case, kind: CaseKind, one: Beginning) -> None:
    barred = {role.code for role in kind.parties if role.barred}
    rows = [
        Party(case=case, role=p.role, name=p.name or (str(p.person) if p.person else ""), person=p.person, user=p.user,
              org=p.org, details=dict(p.details), barred=p.role in barred)
        for p in one.parties
    ]  # fmt: skip
    for row in rows:
        if row.barred and row.user is None and row.name:
            row.user = account_of(row.name, case)
    if one.resident is not None:
        child = one.resident
        details = {"birth_date": child.birth_date.isoformat() if child.birth_date else "", "district": child.district,
                   "subdistrict": child.subdistrict, "province": child.province} | child.details  # fmt: skip
        rows.insert(0, Party(case=case, role="child", name=str(child), details=details))
    elif one.person is not None and kind.about in ("pupil", "resident"):
        rows.insert(0, Party(case=case, role="child", name=str(one.person), person=one.person))
    for row in rows:
        row.save()


@transaction.atomic
def _number(office: Org, prefix: str, received: datetime) -> str:
    year = timezone.localtime(received).year
    series, _made = Series.objects.get_or_create(office=office, prefix=prefix, year=year)
    Series.objects.filter(pk=series.pk).update(last=F("last") + 1)
    series.refresh_from_db(fields=["last"])
    return f"{prefix}-{office.code}-{to_be(year)}-{series.last:05d}"


def _tell_of(made: list[Case], by) -> None:
    if len(made) > 1:
        _tell_places(made, by)
        return
    case = made[0]
    words = format_lazy(gettext_lazy("{number}: a new case waits."), number=case.number)
    tell([*members(case), case.owner], case, words, key="new", but=by)
    tell_of_level(case, None, by)


def _tell_places(made: list[Case], by) -> None:
    """One notice a place for a list that was handed out: those who manage such cases there, and nobody above."""
    for org in {case.org for case in made}:
        here = [case for case in made if case.org == org]
        users = [user for user in holders(here[0].kind.manage_by, org) if user.org_id == org.pk and user != by]
        words = format_lazy(gettext_lazy("{count} new cases wait at {org}."), count=len(here), org=str(org))
        notify(users, topic=TOPIC, words=words, url=reverse("cases:inbox"), key=f"cases-new-{org.pk}")


def _system():
    from khet.core.accounts.models import system_user

    return system_user()
