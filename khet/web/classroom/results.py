"""Results of a questionnaire over time: scores in the bands of the table each result names."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.shortcuts import render

from khet.core.catalogue import catalogue
from khet.core.forms.bands import Bands, Read, banded
from khet.engines.cases import seats
from khet.engines.cases.models import Case, Contact
from khet.engines.cases.views.base import opened_or_404
from khet.web.classroom.schema import Classroom, Results


@dataclass(frozen=True)
class Result:
    """One result: who answered, by which table, and what it says. `read` is empty when the table is not known."""

    day: date
    informant: str
    table: Bands | None
    criteria: str
    read: list[Read]
    scores: list[tuple[str, int]]
    record: Contact


def of_case(case: Case, shape: Results) -> list[Result]:
    """The results of a case that stand, newest first."""
    contacts = case.contacts.filter(kind=shape.contact, withdrawn_at__isnull=True).select_related("by")
    return [_result(case, shape, one) for one in contacts.order_by("-on", "-pk")]


def _result(case: Case, shape: Results, contact: Contact) -> Result:
    said = contact.answers | contact.secret
    form = case.rules.form(case.kind.contact(shape.contact).form)
    fields = {field.id: field for field in form.fields}
    scores = {id: said[id] for id, field in fields.items() if field.kind == "integer" and id in said}
    table = catalogue().find("bands", str(said.get(shape.table, "")))
    day = said.get(shape.day)
    return Result(
        day=date.fromisoformat(day) if day else contact.on,
        informant=_words(fields[shape.informant], said.get(shape.informant)),
        table=table,
        criteria=_words(fields[shape.table], said.get(shape.table)),
        read=banded(table, said.get(shape.informant, ""), scores) if table else [],
        scores=[(str(fields[id].label), value) for id, value in scores.items()],
        record=contact,
    )


def _words(field, code) -> str:
    codes = catalogue().find("codes", field.codes) if field.codes else None
    value = codes.value(str(code)) if codes and code else None
    return str(value.title) if value else str(code or "")


def page(request, ref, setup: Classroom | None):
    """The page of an opened case's results. 404 where its kind knows none, or where the viewer does not work on it."""
    case = opened_or_404(request, ref)
    if setup is None or setup.results is None or case.kind.contact(setup.results.contact) is None:
        raise Http404
    if seats.WORKER not in seats.roles_in(request.user, case):
        raise Http404
    context = {
        "case": case,
        "results": of_case(case, setup.results),
        "contact": case.kind.contact(setup.results.contact),
    }
    return render(request, "classroom/results.html", context)
