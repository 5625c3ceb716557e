"""Results of a closed round: on a page, as files; the words people wrote, searched."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.core.accounts.access import reads, requires
from khet.core.ui import charts
from khet.core.ui.formats import number
from khet.engines.surveys import exporting, freetext, queries, results
from khet.engines.surveys.definition.files import form_of
from khet.engines.surveys.services.exports import note_export

SHOWN = 40  # texts on a page


@requires("plan.read")
@reads
def results_page(request, ref):
    """What the round says."""
    round = _closed(request, ref)
    found = results.result(round)
    context = {
        "round": round,
        "survey": round.edition,
        "result": found,
        "counts": queries.progress(round),
        "over_rounds": results.over_rounds(request.user, round),
        "may_run": queries.may_run(request.user, round),
        "chart": None if found.too_few else _chart(found),
        **_written(request, found),
    }
    template = "surveys/_words.html" if request.htmx else "surveys/results.html"
    return render(request, template, context)


def _closed(request, ref):
    """A closed round whose results the viewer may see; anything else is not there."""
    round = queries.round_of(request.user, ref)
    if round is None or not round.closed_at or round.discarded or not queries.may_see_results(request.user, round):
        raise Http404
    return round


def _written(request, found) -> dict:
    """The texts of the asked question that hold the words asked for, for those who may read them."""
    if found.too_few or not queries.may_read_words(request.user, found.round):
        return {"texts": []}
    titles = {question.id: str(question.title) for question in form_of(found.survey).asked()}
    words = request.GET.get("q", "").strip()[:100]
    texts = []
    for name, written in found.texts.items():
        hits = freetext.search(written, words) if words else list(written)
        frequent = freetext.frequent(written, least=max(2, found.survey.small))
        texts.append(
            {"title": titles[name], "all": len(written), "hits": hits[:SHOWN], "count": len(hits), "words": frequent}
        )
    return {"texts": texts, "q": words}


def _chart(found):
    rows = [
        {"name": part.title, "value": round(part.score.score, 2)}
        for part in found.dimensions
        if part.score and part.score.score is not None
    ]
    if not rows:
        return None
    low = min(rows, key=lambda row: row["value"])
    words = _("Lowest: %(name)s, %(value)s") % {"name": low["name"], "value": number(low["value"])}
    return charts.bars(rows, unit="", title=_("Dimension"), summary=words)


@requires("plan.read")
def export(request, ref, kind):
    """The results as xlsx or csv; each export leaves an entry."""
    round = _closed(request, ref)
    if kind not in ("xlsx", "csv") or not queries.may_run(request.user, round):
        raise Http404
    found = results.result(round)
    content = exporting.workbook(found) if kind == "xlsx" else exporting.table(found)
    note_export(round, kind, by=request.user)
    sort = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if kind == "xlsx"
        else "text/csv; charset=utf-8"
    )
    response = HttpResponse(content, content_type=sort)
    response["Content-Disposition"] = f'attachment; filename="survey-{round.token}-{round.closes}.{kind}"'
    return response
