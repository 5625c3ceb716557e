"""Sheets: what entitles to one answer. Signed and given to the respondent; we keep only that one is used up.

An open link hands one to whoever comes, a printed code is one, a member of staff is handed one once. Who was handed
which is written nowhere, so a used sheet leads to nobody (decision 0031).
"""

import secrets
from dataclasses import dataclass

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from khet.engines.surveys.models import Access, Code, Round, SpentSheet, Taken
from khet.kit.secrets import keyed_hash

TOO_FAST = 1.5  # seconds in which nobody has read a form
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I, which a printed sheet confuses
CODE_LENGTH = 8
_signer = signing.TimestampSigner(salt="khet.surveys.sheet")


class SheetRefused(ValueError):
    """A sheet or code that brings no answer; says why."""


class AlreadyUsed(SheetRefused):
    """The answer of this sheet is in already: a page sent twice."""


@dataclass(frozen=True)
class Sheet:
    """A right to one answer. `secret` is a printed code, or drawn when it was handed out."""

    secret: str
    is_code: bool = False

    @property
    def digest(self) -> str:
        return keyed_hash(self.secret, "survey-code" if self.is_code else "survey-sheet")

    def signed(self, round: Round) -> str:
        return _signer.sign(f"{round.token}.{'c' if self.is_code else 'n'}.{self.secret}")


def hand(round: Round) -> Sheet:
    """A fresh sheet. Nothing is written."""
    if round.access != Access.OPEN:
        raise SheetRefused(_("This survey is not open to everybody."))
    return Sheet(secrets.token_urlsafe(12))


@transaction.atomic
def hand_to_staff(round: Round, user) -> Sheet:
    """A fresh sheet for a member of staff, noting that one was handed and not which. Raises SheetRefused."""
    if round.access != Access.STAFF or not is_for(round, user):
        raise SheetRefused(_("This survey is not for you."))
    try:
        with transaction.atomic():
            Taken.objects.create(round=round, user=user)
    except IntegrityError:
        raise AlreadyUsed(_("You have already been handed a sheet for this survey.")) from None
    Round.objects.filter(pk=round.pk).update(taken=F("taken") + 1)
    return Sheet(secrets.token_urlsafe(12))


def is_for(round: Round, user) -> bool:
    """Staff of the org and of the orgs below it."""
    return bool(user.is_authenticated and user.org_id and user.org.path.startswith(round.org.path))


def from_code(round: Round, written: str) -> Sheet:
    """The sheet a printed code is. Raises SheetRefused, with the same words for unknown and used ones."""
    code = "".join(letter for letter in written.upper() if letter in ALPHABET)
    sheet = Sheet(code, is_code=True)
    if not Code.objects.filter(round=round, digest=sheet.digest, spent=False).exists():
        raise SheetRefused(_("This code is not valid, or has been used. Look at the sheet again."))
    return sheet


def read(round: Round, signed: str) -> Sheet:
    """The sheet a page carries. Raises SheetRefused for one that is not ours or of another round."""
    try:
        token, kind, secret = _signer.unsign(signed or "").split(".")
    except (signing.BadSignature, ValueError):
        raise SheetRefused(_("This page is no longer valid. Open the survey again.")) from None
    if token != round.token:
        raise SheetRefused(_("This page is no longer valid. Open the survey again."))
    return Sheet(secret, kind == "c")


def is_too_fast(signed: str) -> bool:
    """True when the page comes back before anybody could have read it."""
    try:
        _signer.unsign(signed, max_age=TOO_FAST)
    except signing.BadSignature:  # older than that, or none of ours
        return False
    return TOO_FAST > 0


def spend(round: Round, sheet: Sheet) -> str:
    """Use a sheet up, inside the transaction that casts its answer; the group the code is for. Raises AlreadyUsed."""
    used = AlreadyUsed(_("This answer has already been received. Thank you."))
    if sheet.is_code:
        code = Code.objects.filter(round=round, digest=sheet.digest)
        group = code.values_list("group", flat=True).first()
        if not code.filter(spent=False).update(spent=True):
            raise used
        return group or ""
    try:
        with transaction.atomic():
            SpentSheet.objects.create(round=round, digest=sheet.digest)
    except IntegrityError:
        raise used from None
    return ""


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def written(code: str) -> str:
    """A code as it is printed: K7QM-2XPD."""
    return f"{code[:4]}-{code[4:]}"
