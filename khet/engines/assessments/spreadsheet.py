"""A round as a spreadsheet: the empty one to fill in, the results, and reading a filled one with all its faults."""

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from khet.engines.assessments.gathering import rounded
from khet.engines.assessments.models import Assessment, Round
from khet.engines.assessments.schema import Criterion, Framework
from khet.engines.assessments.scoring import NA, Answer, AnswerError, checked
from khet.kit.faults import Fault
from khet.registers.intake.reading import FileError, sheets

MOST_ROWS = 20_000


@dataclass
class Read:
    """What a file says: {assessment: {criterion: answer}}, and everything that is wrong with it."""

    answers: dict[int, dict[str, Answer]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def empty_sheet(round: Round, rows: Iterable[Assessment]) -> bytes:
    """The xlsx of a round to be filled in: a row for each thing judged, a column for each criterion."""
    framework = round.framework
    columns = _columns(framework)
    return _workbook(
        [_("School code"), _("Name"), *(name for name, _node, _ask in columns)],
        [[one.org.code, str(one.org)] for one in rows],
        {index + 2: _column_note(framework, node, ask) for index, (_name, node, ask) in enumerate(columns)},
    )


def results_sheet(round: Round, rows: Iterable) -> bytes:
    """The xlsx of the results the viewer may see: score, level, and the score of every node."""
    framework = round.framework
    nodes = [node for node in framework.nodes if node.gather != "none"]
    heads = [_("School code"), _("Name"), _("State"), _("Score"), _("Level"), *(node.printed for node in nodes)]
    content = []
    for row in rows:
        one, found = row.assessment, row.assessment.outcome if row.shown else None
        level = str(row.level.title) if row.level else ""
        scores = [rounded(found.scores[node.id].value, framework.decimals) if found else None for node in nodes]
        content.append([one.org.code, row.target, str(one.get_state_display()), row.score, level, *scores])
    return _workbook(heads, content, {index + 5: str(node.title) for index, node in enumerate(nodes)})


def read(data: bytes, name: str, round: Round, rows: Mapping[str, Assessment]) -> Read:
    """The answers of a filled spreadsheet, and all of its faults at once.

    rows   {code of the org: what is judged}
    """
    found = Read()
    try:
        pages = [page for page in sheets(data) if page.kind != "zip"]
        content = list(pages[0].rows()) if pages else []
    except (FileError, IndexError) as error:
        found.faults.append(Fault(name, str(error)))
        return found
    if not content:
        found.faults.append(Fault(name, _("The first sheet is empty."), _("Fill in the spreadsheet of this round.")))
        return found
    where = f"{name}, {pages[0].name}" if pages[0].name else name
    (_number, heads), body = content[0], content[1 : MOST_ROWS + 1]
    code_column, columns = _headers(round.framework, heads, where, found)
    if code_column is None:
        mend = _("Name one column “%(code)s”.") % {"code": _("School code")}
        found.faults.append(Fault(where, _("There is no column with the school's code."), mend))
        return found
    seen: dict[str, int] = {}
    for number, cells in body:
        _row(round.framework, number, cells, code_column, columns, rows, seen, where, found)
    return found


def _row(framework, number, cells, code_column, columns, rows, seen, where, found: Read) -> None:
    code = _plain(cells[code_column]) if code_column < len(cells) else ""
    place = _("%(where)s, row %(row)s") % {"where": where, "row": number}
    if not code:
        if any(_plain(cells[index]) for index in columns if index < len(cells)):
            found.faults.append(Fault(place, _("The school's code is missing.")))
        return
    if (one := rows.get(code)) is None:
        what = _("“%(code)s” is not judged in this round.") % {"code": code}
        found.faults.append(Fault(place, what, _("Correct the code, or add the school.")))
        return
    if (first := seen.setdefault(code, number)) != number:
        found.faults.append(Fault(place, _("“%(code)s” stands in row %(row)s already.") % {"code": code, "row": first}))
        return
    asked: dict[str, dict[str, str]] = {}
    for index, (node, ask) in columns.items():
        text = _plain(cells[index]) if index < len(cells) else ""
        if not text:
            continue
        if ask:
            asked.setdefault(node.id, {})[ask] = text
        else:
            _answer(framework, node, text, one, f"{place}, {_letter(index)}", found)
    for id, numbers in asked.items():
        _answer(framework, framework.by_id[id], numbers, one, place, found)


def _answer(framework: Framework, node: Criterion, given, one: Assessment, place: str, found: Read) -> None:
    try:
        answer = checked(framework, node.id, _as_answer(framework, node, given))
    except AnswerError as error:
        found.faults.append(Fault(place, str(error)))
        return
    if answer is not None:
        found.answers.setdefault(one.pk, {})[node.id] = answer


def _as_answer(framework: Framework, node: Criterion, given):
    """A cell as an answer: an option by its code or its words in either language."""
    if isinstance(given, dict):
        return {ask: text.replace(",", "") for ask, text in given.items()}
    if _fold(given) in _na_words():
        return NA
    scale = framework.scale_of(node.id)
    if scale and scale.options:
        for option in scale.options:
            if _fold(given) in (_fold(option.code), _fold(option.title.th), _fold(option.title.en)):
                return option.code
        return given
    return given.replace(",", "").removesuffix("%").strip()


def _headers(framework: Framework, heads: list[str], where: str, found: Read):
    """(place of the code column, {place: (criterion, ask)}); headers that mean nothing are faults."""
    known: dict[str, tuple[Criterion, str]] = {}
    for name, node, ask in _columns(framework):
        for word in (name, f"{node.id}.{ask}" if ask else node.id, *(() if ask else (node.title.th, node.title.en))):
            known.setdefault(_fold(word), (node, ask))
    code, columns = None, {}
    codes, ignored = _in_both("School code") | {"code"}, _in_both("Name") | {"name", ""}
    for index, head in enumerate(heads):
        word = _fold(head)
        if word in codes and code is None:
            code = index
        elif word in known:
            columns[index] = known[word]
        elif word not in ignored:
            place = _("%(where)s, column %(column)s") % {"where": where, "column": _letter(index)}
            what = _("“%(head)s” is no criterion of this framework.") % {"head": head}
            found.faults.append(Fault(place, what, _("Use the headers of the empty spreadsheet of this round.")))
    return code, columns


def _columns(framework: Framework) -> list[tuple[str, Criterion, str]]:
    """(header, criterion, ask) of what is answered; printed numbers where they are unique."""
    printed = [node.printed for node in framework.rated]
    found = []
    for node in framework.rated:
        name = node.printed if printed.count(node.printed) == 1 else node.id
        if node.asks:
            found += [(f"{name}.{ask.id}", node, ask.id) for ask in node.asks]
        else:
            found.append((name, node, ""))
    return found


def _column_note(framework: Framework, node: Criterion, ask: str) -> str:
    scale = framework.scale_of(node.id)
    lines = [f"{node.printed} {node.title}"]
    if ask:
        lines.append(str(next(one.title for one in node.asks if one.id == ask)))
    elif scale and scale.options:
        lines += [f"{option.code} = {option.title}" for option in scale.options]
    elif scale:
        lines.append(f"{scale.minimum or 0:g} – {scale.maximum:g}" if scale.maximum is not None else "")
    if node.not_applicable != "refused":
        lines.append(f"{NA} = {_('does not apply')}")
    return "\n".join(line for line in lines if line)


def _workbook(heads: list[str], rows: list[list], notes: Mapping[int, str]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    bold = book.add_format({"bold": True, "bottom": 1, "num_format": "@", "text_wrap": True, "valign": "top"})
    page = book.add_worksheet()
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 36)
    page.freeze_panes(1, 2)
    for index, head in enumerate(heads):
        page.write_string(0, index, head, bold)
        if index in notes:
            page.write_comment(0, index, notes[index], {"author": "Khet", "x_scale": 2, "y_scale": 1.5})
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if isinstance(value, int | float):
                page.write_number(number, index, value)
            elif value not in (None, ""):
                page.write_string(number, index, str(value))
    book.close()
    return content.getvalue()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", str(text)).replace("\u200b", "").replace("\ufeff", "").strip()


def _fold(text: str) -> str:
    return " ".join(_plain(text).casefold().split())


def _in_both(sentence: str) -> set[str]:
    """A sentence of ours in both languages, folded."""
    words = set()
    for language in ("th", "en"):
        with translation.override(language):
            words.add(_fold(_(sentence)))
    return words


def _na_words() -> set[str]:
    return {NA, "n/a"} | _in_both("does not apply")


def _letter(index: int) -> str:
    """A, B … AA, as a spreadsheet names its columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
