"""The plain page's fields, and what a browser sends of them."""

from collections.abc import Mapping

from khet.engines.surveys.definition.form import Form, Section

PREFIX = "a-"  # keeps names of questions apart from our own fields


def field_name(question: str, section: Section | None = None, number: int = 0) -> str:
    """Name of the input of a question; in a repeated section it carries the number of the row."""
    return f"{PREFIX}{section.id}.{number}.{question}" if section and section.repeats else f"{PREFIX}{question}"


def sent(form: Form, data) -> dict:
    """{question or repeated section: what was sent} of a posted plain form (a QueryDict)."""
    found: dict = {}
    for section in form.sections:
        if section.repeats:
            rows = [_row(section, number, data) for number in range(section.most)]
            while rows and not any(rows[-1].values()):
                rows.pop()
            if rows:
                found[section.id] = rows
        else:
            found |= {name: value for name, value in _values(section, data) if value}
    names = {field_name(q.id) for section in form.sections if not section.repeats for q in section.questions}
    rows = tuple(f"{PREFIX}{section.id}." for section in form.sections if section.repeats)
    for name in data:
        if name.startswith(PREFIX) and name not in names and not (rows and name.startswith(rows)):
            found[name.removeprefix(PREFIX)] = data.get(name)  # left for the check to refuse
    return found


def _values(section: Section, data):
    for question in section.questions:
        name = field_name(question.id)
        yield question.id, data.getlist(name) if question.kind == "choices" else data.get(name)


def _row(section: Section, number: int, data) -> dict:
    row = {}
    for question in section.questions:
        name = field_name(question.id, section, number)
        row[question.id] = data.getlist(name) if question.kind == "choices" else data.get(name)
    return {name: value for name, value in row.items() if value}


def as_fields(form: Form, answers: Mapping) -> list[tuple[str, str]]:
    """(name, value) of every answer, to be carried along by a page that does not show them."""
    fields = []
    for section in form.sections:
        if section.repeats:
            rows = answers.get(section.id) or []
            for number, row in enumerate(rows if isinstance(rows, list) else []):
                for name, value in row.items() if isinstance(row, Mapping) else ():
                    fields += _pairs(field_name(name, section, number), value)
        else:
            for question in section.questions:
                if question.id in answers:
                    fields += _pairs(field_name(question.id), answers[question.id])
    return fields


def _pairs(name: str, value) -> list[tuple[str, str]]:
    return [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
