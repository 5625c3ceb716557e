"""What the law or good practice asks for and has not been done yet."""

from khet.engines.cases.models import Case
from khet.engines.cases.schema import Prompt
from khet.engines.cases.schema.levels import holds


def waiting_prompts(case: Case) -> list[Prompt]:
    """The prompts of an open case that no contact has answered."""
    if not case.is_open:
        return []
    done = set(case.contacts.filter(withdrawn_at__isnull=True).values_list("kind", flat=True))
    known = case.known | {"level": case.level}
    return [
        prompt
        for prompt in case.kind.prompts
        if prompt.done_by not in done
        and (not prompt.states or case.state in prompt.states)
        and (not prompt.when or any(holds(when, known) for when in prompt.when))
    ]
