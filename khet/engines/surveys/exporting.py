"""Results as a file: what the results page shows, no more. Small groups stay hidden, single answers carry nobody.

Single answers leave only where the edition is not confidential and enough people answered: the codes of scored
questions, without group and words, sorted, so that their order tells nothing either.
"""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from khet.core.ui.formats import be_date
from khet.engines.surveys import queries
from khet.engines.surveys.results import Result
from khet.kit.csv_files import csv_text

HIDDEN = "–"


def workbook(result: Result) -> bytes:
    """The result as xlsx: summary, questions, groups, words, and single answers where they may leave."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        bold = book.add_format({"bold": True})
        for title, rows in _sheets(result):
            sheet = book.add_worksheet(title[:31])
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, [HIDDEN if value is None else value for value in row], bold if at == 0 else None)
            sheet.set_column(0, 0, 48)
            sheet.set_column(1, 9, 16)
            sheet.freeze_panes(1, 0)
    return content.getvalue()


def table(result: Result) -> str:
    """The questions' counts as csv (UTF-8 with a mark, as Excel wants it)."""
    return csv_text([HIDDEN if value is None else value for value in row] for row in _questions(result))


def _sheets(result: Result):
    yield _("Summary"), list(_summary(result))
    if result.too_few:
        return
    yield _("Questions"), list(_questions(result))
    if result.groups:
        yield _("Groups"), list(_parts(result.groups, result.together))
    if result.dimensions:
        yield _("Dimensions"), list(_parts(result.dimensions))
    if any(result.texts.values()):
        yield _("Words"), list(_texts(result))
    if rows := _single(result):
        yield _("Single answers"), rows


def _summary(result: Result):
    round = result.round
    yield _("Survey"), round.title
    yield _("Edition"), str(result.survey.title)
    yield _("Source"), str(result.survey.source)
    yield _("For"), str(round.org)
    yield _("What it is about"), round.target_label or str(round.org)
    yield _("Days"), f"{be_date(round.opens)} – {be_date(round.closes)}"
    yield _("Answers"), result.answered
    for count in queries.progress(round)[:1]:
        yield _("Answers wanted"), count.wanted
        yield _("People in all"), count.size
    if result.too_few:
        yield _("Too few people answered: nothing more may be shown."), ""
        return
    yield _("Mean"), _round2(result.mean)
    yield _("Formula"), _("Score"), _("From"), _("To"), _("How it is worked out"), _("Source")
    for score in result.scores:
        found = score.estimate
        name = f"{score.formula.title} ✓" if score.used else str(score.formula.title)
        numbers = [_round2(number) for number in (found.score, found.low, found.high)]
        yield name, *numbers, str(score.formula.words), str(score.formula.source)


def _round2(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _questions(result: Result):
    yield _("Question"), _("Answer"), _("Count"), _("Percent"), _("Answered"), _("Mean")
    for one in result.questions:
        if one.hidden or not one.cells:
            yield one.title, "", None, None, None if one.hidden else one.answered, _round2(one.mean)
        for cell in one.cells:
            yield one.title, cell.title, cell.count, _round2(cell.share), one.answered, _round2(one.mean)


def _parts(parts, together=()):
    yield _("Part"), _("Answered"), _("Mean"), _("Score"), _("From"), _("To")
    for part in parts:
        found = part.score
        numbers = [_round2(n) for n in (found.score, found.low, found.high)] if found else [None] * 3
        yield part.title, part.answered, _round2(part.mean), *numbers
    if together:
        yield _("Too few to be shown alone: %(groups)s") % {"groups": ", ".join(together)}, None, None, None, None, None


def _texts(result: Result):
    yield _("Question"), _("What was written")
    titles = {question.id: str(question.title) for question in _all_questions(result)}
    for name, written in result.texts.items():
        for text in written:
            yield titles[name], text


def _all_questions(result: Result):
    from khet.engines.surveys.definition.files import form_of

    return form_of(result.survey).asked()


def _single(result: Result) -> list:
    if result.survey.confidential or result.survey.about_person or result.answered < result.survey.warn_below:
        return []
    names = [one.question.id for one in result.questions if one.mean is not None]
    titles = [one.title for one in result.questions if one.mean is not None]
    named = {group.code for group in result.survey.groups.of if group.named} if result.survey.groups else set()
    ballots = [ballot for ballot in queries.ballots([result.round]) if ballot.group not in named]
    rows = sorted([str(ballot.answers.get(name, "")) for name in names] for ballot in ballots)
    return [titles, *rows] if names else []
