"""The kinds of files Khet knows: what they are, who issues them, what is checked, and an empty one to fill."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from khet.core.accounts.access import reads, requires
from khet.core.catalogue import catalogue
from khet.core.ui.place import current_office
from khet.registers.intake import queries, template_files
from khet.registers.intake.source_words import check_words, cleaner_words
from khet.registers.intake.views import words
from khet.registers.intake.views.lines import XLSX


@requires("intake.write")
@reads
def overview(request):
    """All kinds of files in the order of loading, with the age of the newest data of each."""
    context = {"sources": queries.sources(request.user, current_office(request))}
    return render(request, "intake/sources.html", context)


@requires("intake.write")
@reads
def source(request, id):
    """One kind of file: columns, checks, loads."""
    found = _source(id)
    office = current_office(request)
    context = {
        "source": found,
        "columns": [
            {
                "header": column.headers[0],
                "others": column.headers[1:],
                "column": column,
                "written": cleaner_words(column),
            }
            for column in found.columns
        ],
        "checks": [(check_words(found, rule), *words.SEVERITIES[rule.severity]) for rule in found.checks],
        "gone": words.GONE[found.gone.act],
        "loads": [
            words.summary(one)
            for one in queries.loads(request.user, office).filter(source=id).prefetch_related("files")[:5]
        ],
        "certain": found.certainty == "verified",
    }
    return render(request, "intake/source.html", context)


@requires("intake.write")
@reads
def template(request, id):
    """An xlsx with the headers and one made-up row."""
    found = _source(id)
    response = HttpResponse(template_files.workbook(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_("template")}-{found.id}.xlsx"'
    return response


def _source(id):
    found = catalogue().find("source", id)
    if found is None:
        raise Http404
    return found
