"""Pages: how the schools keep their books, a book of a school, an entry."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khet.core.accounts.access import reads, requires
from khet.core.activity import activities
from khet.core.catalogue import catalogue
from khet.core.forms.answers import readable
from khet.core.forms.build import form_class
from khet.engines.logbooks import queries, services
from khet.engines.logbooks.services import LogbookError

READ = "plan.read"
ROWS = 50


@requires(READ)
@reads
def overview(request):
    """How every school keeps its books; who keeps only one school is led to it by its line."""
    chosen = queries.books()
    page = Paginator(queries.shelves(request.user, chosen), ROWS).get_page(request.GET.get("page"))
    return render(request, "logbooks/list.html", {"books": chosen, "page": page, "shelves": page.object_list})


@requires(READ)
@reads
def book(request, family, code):
    """A book of a school: what asks for something first, then the newest."""
    book, org = _book(request, family, code)
    found, today = list(queries.entries(request.user, family, org)), timezone.localdate()
    standing = {entry.pk for entry in queries.newest(found)}
    for entry in found:
        kept = entry.edition.kept
        entry.words = dict(readable([f for f in kept.form.fields if f.id in kept.book.shown], entry.answers)).values()
        entry.asks = entry.due if entry.pk in standing else None
        entry.late = bool(entry.asks and entry.asks < today)
        entry.band = queries.band(kept.book, entry.weight)
    found.sort(
        key=lambda entry: (entry.asks is None, -(entry.weight or 0), entry.asks or today, -entry.day.toordinal())
    )
    titles = {field.id: field.label for field in catalogue().get("form", book.form).fields}
    going_on = activities(request.user, org)
    context = {
        "book": book, "org": org, "entries": found, "kept": queries.kept(book, found, today),
        "columns": [titles[name] for name in book.shown], "writes": queries.may_write(request.user, book, org),
        "others": [other for other in queries.books() if other.family != family],
        "beside": [(catalogue().get("system", id), going_on.get(id, ())) for id in book.beside],
    }  # fmt: skip
    return render(request, "logbooks/book.html", context)


@requires(READ)
def new(request, family, code):
    """Write an entry."""
    book, org = _book(request, family, code)
    if not queries.may_write(request.user, book, org):
        raise Http404
    return _form(request, book, org, catalogue().get("form", book.form))


@requires(READ)
@reads
def entry(request, pk):
    """An entry: what it says and what it said before."""
    entry = get_object_or_404(queries.rows(request.user), pk=pk)
    kept = entry.edition.kept
    context = {
        "entry": entry, "book": kept.book, "org": entry.org, "said": readable(kept.form, entry.answers),
        "band": queries.band(kept.book, entry.weight), "writes": queries.may_write(request.user, kept.book, entry.org),
        "before": [(one, _changed(kept.form, one.answers, entry.answers)) for one in queries.history(entry)],
    }  # fmt: skip
    return render(request, "logbooks/entry.html", context)


@requires(READ)
def edit(request, pk):
    """Correct an entry or say how it stands now."""
    entry = get_object_or_404(queries.rows(request.user), pk=pk)
    kept = entry.edition.kept
    if not queries.may_write(request.user, kept.book, entry.org):
        raise Http404
    return _form(request, kept.book, entry.org, kept.form, entry)


@requires(READ)
@require_POST
def withdraw(request, pk):
    """Take an entry out."""
    entry = get_object_or_404(queries.rows(request.user), pk=pk)
    try:
        services.withdraw(entry, by=request.user)
    except LogbookError as error:
        raise Http404 from error
    messages.success(request, _("Taken out of the book. It is kept in the records."))
    return redirect("logbooks:book", entry.edition.family, entry.org.code)


def _form(request, book, org, definition, entry=None):
    form = form_class(definition, upload=False)(request.POST or None, initial=entry.answers if entry else {})
    if request.method == "POST" and form.is_valid():
        if entry:
            kept = services.change(entry, form.answers(), by=request.user)
        else:
            kept = services.write(book, org, form.answers(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("logbooks:entry", kept.pk)
    context = {"form": form, "book": book, "org": org, "entry": entry, "definition": definition}
    return render(request, "logbooks/form.html", context, status=422 if form.errors else 200)


def _book(request, family, code):
    book, org = queries.book_of(family), queries.school(request.user, code)
    if book is None or org is None:
        raise Http404
    return book, org


def _changed(form, before: dict, now: dict) -> list[tuple[str, str]]:
    """What was said otherwise before."""
    return readable(form, {id: value for id, value in before.items() if now.get(id) != value})
