"""Casting an answer: checked, stripped of what names somebody, dropped into the urn.

No entry in the audit trail, no time, no address, no browser: what is not written cannot be asked for.
"""

import json
import random
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from khet.engines.surveys.definition.answers import Refused, clean
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.definition.form import Form
from khet.engines.surveys.freetext import redact
from khet.engines.surveys.models import Round, Urn
from khet.engines.surveys.services import sheets

FULL = 1000  # answers in an urn; then half of them, drawn by lot, move to a new one
_lot = random.SystemRandom()


def cast(round: Round, sent: Mapping, *, sheet: sheets.Sheet) -> None:
    """Take one answer.

    raises  Refused with the faults by question; sheets.SheetRefused when the sheet is used up or the round not open
    """
    survey = round.edition
    form = form_of(survey)
    answers = without_names(form, clean(form, sent))
    if not answers:
        raise Refused({"": _("Nothing is answered yet.")})
    with transaction.atomic():
        locked = Round.objects.select_for_update().get(pk=round.pk)
        if not locked.is_open:
            raise sheets.SheetRefused(_("This survey is not open now."))
        group = sheets.spend(locked, sheet)
        if survey.groups and survey.groups.question:
            group = answers.get(survey.groups.question, "")
        _drop(locked, {"g": group, "a": answers})
        Round.objects.filter(pk=locked.pk).update(
            answered=F("answered") + 1, codes_spent=F("codes_spent") + int(sheet.is_code)
        )


def without_names(form: Form, answers: Mapping) -> dict:
    """The answers, with numbers, addresses and names taken out of what was written freely."""
    found = {}
    for name, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            found[name] = [without_names(form, row) for row in value]
        else:
            question = form.questions.get(name)
            found[name] = redact(value) if question and question.is_text else value
    return found


def _drop(round: Round, ballot: dict) -> None:
    """Into an urn drawn by lot; its content is shuffled and encrypted anew."""
    urns = list(Urn.objects.filter(round=round).values_list("pk", flat=True))
    urn = Urn.objects.select_for_update().get(pk=secrets.choice(urns)) if urns else Urn(round=round)
    ballots = [*inside(urn), ballot]
    _lot.shuffle(ballots)
    if len(ballots) > FULL:
        half = len(ballots) // 2
        Urn.objects.create(round=round, ballots=json.dumps(ballots[half:], ensure_ascii=False))
        ballots = ballots[:half]
    urn.ballots = json.dumps(ballots, ensure_ascii=False)
    urn.save()


def inside(urn: Urn) -> list[dict]:
    return json.loads(urn.ballots) if urn.ballots else []
