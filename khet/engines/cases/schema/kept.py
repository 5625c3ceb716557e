"""What a case keeps of the catalogue: its kind, its workflow and its forms as they stood when it began."""

from khet.core.catalogue import Strict, catalogue
from khet.core.forms.schema import Form
from khet.core.workflow.schema import Workflow
from khet.engines.cases.schema.kind import CaseKind


class Kept(Strict):
    kind: CaseKind
    workflow: Workflow
    forms: dict[str, Form] = {}

    def form(self, id: str | None) -> Form | None:
        return self.forms.get(id) if id else None

    def is_final(self, state: str) -> bool:
        return self.workflow.states[state].final

    @property
    def fields(self) -> dict:
        """{id: field} of everything that is ever asked; the form of the beginning first."""
        order = [self.form(self.kind.form), *self.forms.values()]
        found: dict = {}
        for form in filter(None, order):
            for field in form.fields:
                found.setdefault(field.id, field)
        return found


def of_catalogue(kind: CaseKind) -> Kept:
    """A kind with what it needs, as the catalogue has it now. Raises KeyError where something is missing."""
    workflow = catalogue().get("workflow", kind.workflow)
    ids = {kind.form, *(move.form for move in workflow.moves.values()), *(c.form for c in kind.contacts)}
    if kind.public:
        ids.add(kind.public.form)
    forms = {id: catalogue().get("form", id) for id in sorted(filter(None, ids))}
    return Kept(kind=kind, workflow=workflow, forms=forms)
