"""Reports from outside: anyone may begin a case, and follow it by a code that only they hold.

Who has no way to the page tells it by phone: somebody at the office writes it down, and the code is told to the caller.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.core.audit.services import record
from khet.core.orgs.models import Org
from khet.engines.cases.errors import CaseError
from khet.engines.cases.models import Case, Message, Reporter
from khet.engines.cases.models.case import PHONE
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.services.base import demand_worker, members, tell
from khet.engines.cases.services.beginning import Beginning, begin
from khet.kit.secrets import keyed_hash

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I, which are read wrongly
LENGTH = 12  # sixty bits: not to be guessed


@dataclass(frozen=True)
class Report:
    """What somebody outside reports: of which place, with the answers of the public form."""

    org: Org
    answers: Mapping
    uploads: Mapping = field(default_factory=dict)


@transaction.atomic
def report(kind: CaseKind, given: Report, *, taken_by=None) -> tuple[Case, str]:
    """(case, code): the code is shown once and kept only as a hash. Raises CaseError, FileRefused.

    taken_by  who wrote down what a caller said by phone; None for who reports by themselves
    """
    public = kind.public
    if public is None:
        raise CaseError(_("Such a case cannot be begun without an account."))
    names = {id: given.answers[id] for id in public.names if given.answers.get(id)}
    always = public.answers | (public.by_phone if taken_by else {})
    answers = {id: value for id, value in given.answers.items() if id not in public.names} | always
    cause = {"kind": PHONE if taken_by else "public"}
    case = begin(kind, Beginning(org=given.org, answers=answers, uploads=given.uploads, cause=cause), by=taken_by)
    code = "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))
    Reporter.objects.create(case=case, code_hash=_hash(code), contact=names, language=translation.get_language()[:2])
    return case, "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def case_of_code(kind_family: str, code: str) -> Case | None:
    """The case a code leads to; None for one that leads nowhere."""
    written = "".join(letter for letter in code.upper() if letter in ALPHABET)
    if len(written) != LENGTH:
        return None
    rows = Case.objects.filter(reporter__code_hash=_hash(written), edition__family=kind_family)
    return rows.select_related("edition", "reporter", "about").first()


@transaction.atomic
def read_outcome(case: Case) -> None:
    """Note that the reporter has read how their report stands; answers to them count as read."""
    Reporter.objects.filter(case=case).update(seen_at=timezone.now())
    case.messages.filter(from_reporter=False, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def write(case: Case, text: str) -> Message:
    """A word of the reporter to who handles the case. Raises CaseError."""
    if not text.strip():
        raise CaseError(_("Write something first."))
    made = Message.objects.create(case=case, from_reporter=True, text=text.strip()[:4000])
    words = format_lazy(gettext_lazy("{number}: the reporter wrote."), number=case.number)
    tell([case.owner, *members(case)], case, words, key="message", urgent=True)
    return made


@transaction.atomic
def answer_reporter(case: Case, text: str, *, by) -> Message:
    """A word to the reporter, read by their code. Raises CaseError."""
    demand_worker(case, by)
    if not hasattr(case, "reporter"):
        raise CaseError(_("Nobody outside reported this case."))
    if not text.strip():
        raise CaseError(_("Write something first."))
    case.messages.filter(from_reporter=True, read_at__isnull=True).update(read_at=timezone.now())
    record("case.reporter_answered", case, by=by, org=case.org)
    return Message.objects.create(case=case, from_reporter=False, text=text.strip()[:4000], by=by)


def _hash(code: str) -> str:
    return keyed_hash(code, "case-reporter")
