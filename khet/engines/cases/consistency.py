"""What case files say of the rest of the catalogue: do workflows, forms, roles, measures exist, do examples hold."""

import difflib
from collections.abc import Iterable, Iterator

from khet.core.catalogue import Catalogue, Fault
from khet.core.forms.schema import CHOOSING
from khet.core.ui.assets import manifest
from khet.core.workflow.schema import Workflow
from khet.engines.cases import worked
from khet.engines.cases.letters import unknown_words
from khet.engines.cases.schema import CaseKind
from khet.engines.cases.schema.kind import DRAWINGS
from khet.engines.cases.seats import IN_CASE


def problems(content: Catalogue) -> list[Fault]:
    """Every fault between kinds of case, workflows, forms, roles, measures and examples; [] when all is well."""
    found = []
    for kind in content.all("case_kind"):
        place = content.origin.get(("case_kind", kind.id), "case_kind")
        found += [Fault(place, kind.id, words) for words in dict.fromkeys(_kind(kind, content))]
    for id, words in worked.faults(content):
        found.append(Fault(content.origin.get(("case_example", id), "case_example"), id, words))
    return found


def without_example(content: Catalogue) -> list[str]:
    """Kinds of case that no worked example shows."""
    shown = {example.kind for example in content.all("case_example")}
    return [kind.id for kind in content.all("case_kind") if kind.id not in shown]


def _kind(kind: CaseKind, content: Catalogue) -> Iterator[str]:
    if content.find("system", kind.system) is None:
        yield f"system: '{kind.system}' is no system of the catalogue"
    workflow = content.find("workflow", kind.workflow)
    if workflow is None:
        yield _unknown("workflow", kind.workflow, content.ids("workflow"))
        return
    yield from _roles(kind, workflow, content)
    yield from _states(kind, workflow)
    yield from _clocks(kind, workflow, content)
    yield from _icons(kind)
    fields: dict = {}
    for where, id in _forms(kind, workflow):
        form = content.find("form", id)
        if form is None:
            yield _unknown(f"{where}: form", id, content.ids("form"))
            continue
        for field in form.fields:
            fields.setdefault(field.id, []).append(field)
        for field in form.fields:
            if field.codes and content.find("codes", field.codes) is None:
                yield f"form {id}.{field.id}: there is no code list '{field.codes}'"
    yield from _conditions(kind, fields, content)
    yield from _at_school(kind, content)
    for letter in kind.letters:
        if strange := unknown_words(letter, fields):
            yield f"letters.{letter.code}: {', '.join(sorted(strange))} stands for nothing"
    open_to_all = {"shown": kind.shown}
    if kind.lesson:
        open_to_all["lesson"] = (kind.lesson.words, *kind.lesson.when, *kind.lesson.shown)
    for where, names in open_to_all.items():
        for name in names:
            if name not in fields or any(field.sensitive for field in fields[name]):
                yield f"{where}: '{name}' must be a field that is asked and not sensitive"
    yield from _gifts(kind, workflow, fields, content)


def _roles(kind: CaseKind, workflow: Workflow, content: Catalogue) -> Iterator[str]:
    roles = set(content.ids("role"))
    named = {
        "open_by": kind.open_by, "read_by": kind.read_by, "work_by": kind.work_by, "manage_by": kind.manage_by,
        "may_enter": kind.may_enter, "lowered_by": kind.lowered_by, "join": kind.join,
    } | {f"levels.{level.code}.tell": level.tell for level in kind.levels}  # fmt: skip
    for where, given in named.items():
        for role in given:
            if role not in roles:
                yield _unknown(f"{where}: role", role, roles)
    inside = {*roles, *IN_CASE, *kind.join.values()}
    moves = {f"{workflow.id}.moves.{id}.by": move.by for id, move in workflow.moves.items()}
    moves |= {f"contacts.{contact.code}.by": contact.by for contact in kind.contacts}
    clocks = {id: state.escalate for id, state in workflow.states.items() if state.escalate}
    moves |= {f"{workflow.id}.states.{id}.escalate": one.to for id, one in clocks.items()}
    for where, given in moves.items():
        for role in given:
            if role not in inside:
                yield _unknown(f"{where}: role", role, inside)
    if lacking := _without_right({*kind.read_by, *kind.join}, content):
        yield f"{', '.join(sorted(lacking))} cannot see cases: give the role 'cases.take_part' in common/roles.yaml"


def _without_right(roles: Iterable[str], content: Catalogue) -> set[str]:
    known = {role: content.find("role", role) for role in roles}
    return {id for id, role in known.items() if role and "cases.take_part" not in role.permissions}


def _states(kind: CaseKind, workflow: Workflow) -> Iterator[str]:
    named = {f"levels.{level.code}.clocks": level.clocks for level in kind.levels}
    named |= {f"prompts.{p.code}": p.states for p in kind.prompts}
    named |= {f"letters.{one.code}": one.states for one in kind.letters}
    named |= {"routines": [routine.state for routine in kind.routines]}
    if kind.renewal:
        named |= {"renewal": kind.renewal.states}
        move = workflow.moves.get(kind.renewal.move)
        if move is None or "system" not in move.by or not set(kind.renewal.states) <= set(move.start):
            yield f"renewal: '{kind.renewal.move}' must be a move from its states that 'system' may make"
    if kind.public:
        named |= {"public.outcomes": kind.public.outcomes}
    for where, states in named.items():
        yield from (_unknown(f"{where}: state", id, workflow.states) for id in states if id not in workflow.states)
    for prompt in kind.prompts:
        yield from (_unknown(f"prompts.{prompt.code}: move", id, workflow.moves) for id in prompt.blocks
                    if id not in workflow.moves)  # fmt: skip


def _clocks(kind: CaseKind, workflow: Workflow, content: Catalogue) -> Iterator[str]:
    """Whoever reports from outside cannot look after it: no open state of such a kind may be forgotten in silence."""
    if kind.public is None:
        return
    file = content.origin.get(("workflow", workflow.id), workflow.id)
    for id, state in workflow.states.items():
        if state.final or state.unhurried:
            continue
        key = f"{file}: states.{id}"
        runs = state.due_days is not None or (kind.levels and all(id in level.clocks for level in kind.levels))
        if state.pauses or not runs:
            yield f"{key}: no clock runs; give it 'due_days', or say in 'unhurried' why it may wait"
        if state.escalate is None:
            yield f"{key}: nobody is told when it is overdue; give it 'escalate', or say in 'unhurried' why not"


def _icons(kind: CaseKind) -> Iterator[str]:
    known = manifest().get("icons", [])  # empty before the assets are built, of which `khet check` speaks elsewhere
    words = {*known, *(word for word, drawing in DRAWINGS.items() if drawing in known)}
    for contact in kind.contacts:
        if known and contact.drawing not in known:
            yield _unknown(f"contacts.{contact.code}: icon", contact.icon, words)


def _at_school(kind: CaseKind, content: Catalogue) -> Iterator[str]:
    form = content.find("form", kind.form or "")
    asked = {field.id: field for field in form.fields} if form else {}
    for id, answer in kind.at_school.items():
        if id not in asked:
            yield _unknown("at_school: field", id, asked)
        elif asked[id].kind in CHOOSING and answer not in _answers(asked[id], content):
            yield f"at_school: {answer} is no answer of '{id}'"


def _forms(kind: CaseKind, workflow: Workflow) -> Iterator[tuple[str, str]]:
    if kind.form:
        yield "form", kind.form
    for id, move in workflow.moves.items():
        if move.form:
            yield f"{workflow.id}.moves.{id}", move.form
    for contact in kind.contacts:
        yield f"contacts.{contact.code}", contact.form
    if kind.public:
        yield "public", kind.public.form


def _conditions(kind: CaseKind, fields: dict, content: Catalogue) -> Iterator[str]:
    """Fields and answers that conditions name."""
    found = [(f"levels.{one.code}", one.when) for one in kind.levels] + [
        (f"prompts.{one.code}", one.when) for one in kind.prompts
    ]
    found += [("bypass", kind.bypass.when)] if kind.bypass else []
    found += [(f"gives.{one.measure}", one.where) for one in kind.gives]
    own = set(kind.public.answers) if kind.public else set()
    for where, alternatives in found:
        for field, wanted in ((f, w) for when in alternatives for f, w in when.items()):
            if field == "level":
                strange = [code for code in wanted if kind.level(code) is None]
            elif field not in fields:
                if field not in own:
                    yield f"{where}: no form asks '{field}'"
                continue
            else:
                strange = sorted(set(wanted).difference(*(_answers(one, content) for one in fields[field])))
            if strange:
                yield f"{where}: {', '.join(strange)} is no answer of '{field}'"


def _answers(field, content: Catalogue) -> set[str]:
    if field.kind == "yes_no":
        return {"yes", "no"}
    if field.codes:
        codes = content.find("codes", field.codes)
        return {value.code for value in codes.values} if codes else set()
    return {option.code for option in field.options}


def _gifts(kind: CaseKind, workflow: Workflow, fields: dict, content: Catalogue) -> Iterator[str]:
    for gift in kind.gives:
        measure = content.find("measure", gift.measure)
        if measure is None:
            yield _unknown("gives: measure", gift.measure, content.ids("measure"))
            continue
        if measure.feed != "cases":
            yield f"gives: the measure '{gift.measure}' must say 'feed: cases'"
        if gift.group and "group" not in measure.dims:
            yield f"gives: '{gift.measure}' is broken down by {gift.group}, so the measure needs 'group' in its dims"
        if gift.group and gift.group not in fields:
            yield f"gives: no form asks '{gift.group}'"
        if any(field.sensitive for field in fields.get(gift.group, ())) and not measure.counts_people:
            yield f"gives: '{gift.group}' is sensitive; '{gift.measure}' must say 'counts_people: true'"
        if gift.groups_of and content.find("codes", gift.groups_of) is None:
            yield _unknown(f"gives.{gift.measure}: code list", gift.groups_of, content.ids("codes"))
        if gift.asked and kind.prompt(gift.asked) is None:
            yield _unknown(f"gives.{gift.measure}: prompt", gift.asked, [prompt.code for prompt in kind.prompts])
        states = (*gift.states, *gift.without, *gift.once_in, *gift.reached)
        yield from (_unknown(f"gives.{gift.measure}: state", id, workflow.states) for id in states
                    if id not in workflow.states)  # fmt: skip


def _unknown(what: str, word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=3)
    return f"{what} '{word}' does not exist. " + (f"Did you mean {', '.join(near)}?" if near else "Correct it.")
