"""Who may do what. Two words of roles carry it all: `programmes.run` at a place and `programmes.take_part` at it."""

from django.utils.translation import gettext as _

from khet.core.accounts.access import can

RUN = "programmes.run"
TAKE_PART = "programmes.take_part"


class ProgrammeError(ValueError):
    """Something that cannot be done; says why and what to do instead."""


def may_run(viewer, run) -> bool:
    """True for those who run the programme: they judge, publish, plan money, and see all below."""
    return can(viewer, RUN, run.org)


def may_enter_for(viewer, run, org) -> bool:
    """True for those who may enter what an org does in a run: its participation, sessions and outputs."""
    return may_run(viewer, run) or (org.is_under(run.org) and can(viewer, RUN, org))


def may_write_for(viewer, run, org) -> bool:
    """True for those who may enter an output of their own at an org."""
    return may_enter_for(viewer, run, org) or (org.is_under(run.org) and can(viewer, TAKE_PART, org))


def may_name(viewer, participant) -> bool:
    """True where the viewer may see which person takes part.

    Pupils: whoever may list the pupils of their school. Teachers: also those who run the programme.
    """
    if not participant.is_person or can(viewer, "people.list", participant.org):
        return True
    return participant.kind == "teacher" and may_enter_for(viewer, participant.run, participant.org)


def may_change_output(viewer, output) -> bool:
    """True for who wrote or entered it while it is with them; for those who enter for its org until it is out."""
    if output.state not in ("draft", "returned", "submitted"):
        return may_run(viewer, output.run)
    if may_enter_for(viewer, output.run, output.org):
        return True
    return output.state != "submitted" and is_own(viewer, output) and may_write_for(viewer, output.run, output.org)


def is_own(viewer, output) -> bool:
    """True when the viewer entered it or is one of its authors."""
    return output.by_id == viewer.pk or any(author.user_id == viewer.pk for author in output.authors.all())


def demand(allowed: bool) -> None:
    """Raises ProgrammeError when something is not for the one who asks."""
    if not allowed:
        raise ProgrammeError(_("You may not do this here. Ask whoever runs the programme."))


def demand_open(run) -> None:
    """Raises ProgrammeError when a run is closed."""
    if not run.is_open:
        raise ProgrammeError(_("The programme is closed. Open it again first."))
