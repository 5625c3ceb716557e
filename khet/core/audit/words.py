"""Verbs of the trail in words. A room above names its own with `name_verbs` from its AppConfig.ready."""

from django.utils.translation import gettext_lazy as _

_words = {
    "user.signed_in": _("signed in"),
    "user.sign_in_refused": _("was refused at sign-in"),
    "user.password_changed": _("changed the password"),
    "user.password_given": _("gave a temporary password"),
    "user.invited": _("made a one-time link"),
    "user.invitation_accepted": _("accepted the invitation"),
    "user.second_factor_added": _("set up a second factor"),
    "user.second_factor_removed": _("removed a second factor"),
    "user.second_factor_reset": _("took a second factor away"),
    "user.created": _("opened an account"),
    "user.changed": _("changed an account"),
    "user.opened": _("opened an account again"),
    "user.closed": _("closed an account"),
    "role.granted": _("granted a role"),
    "role.ended": _("ended a role"),
    "org.created": _("added an org"),
    "org.renamed": _("renamed an org"),
    "org.moved": _("moved an org"),
    "org.closed": _("closed an org"),
    "org.reopened": _("opened an org again"),
    "audit.exported": _("exported the audit trail"),
    "keys.rotated": _("renewed the keys"),
    "setup.finished": _("set up the installation"),
    "intake.received": _("uploaded files"),
    "intake.committed": _("loaded files"),
    "intake.undone": _("undid a load"),
    "intake.discarded": _("discarded a load"),
    "intake.confirmed": _("confirmed a match"),
    "intake.unchanged": _("loaded files that changed nothing"),
    "intake.files_deleted": _("deleted stored files that were kept long enough"),
    "person.opened": _("opened a person's record"),
    "person.sensitive_shown": _("saw sensitive fields"),
    "person.identifier_shown": _("saw a full ID"),
    "people.searched_by_id": _("searched by ID"),
    "plan.document_received": _("uploaded a plan document"),
    "plan.drafted": _("drafted a plan"),
    "plan.draft_discarded": _("discarded a draft of the plan"),
    "plan.adopted": _("adopted a plan"),
    "plan.revision_started": _("began a revision of the plan"),
    "plan.indicator_bound": _("tied an indicator to a number"),
    "plan.indicator_left_unbound": _("left an indicator without a number"),
    "plan.item_added": _("added an item to the plan"),
    "plan.item_changed": _("changed an item of the plan"),
    "plan.item_moved": _("moved an item of the plan"),
    "plan.item_removed": _("removed an item of the plan"),
    "plan.owner_set": _("set who is responsible"),
    "plan.targets_set": _("set targets"),
    "indicator.reading_chosen": _("chose how an indicator is read"),
    "note.added": _("wrote a note"),
    "note.withdrawn": _("withdrew a note"),
    "note.restored": _("restored a note"),
    "action.added": _("added an action"),
    "action.done": _("finished an action"),
    "action.reopened": _("reopened an action"),
    "census.frozen": _("froze a census round"),
    "map.imported": _("imported a map"),
    "figure.set": _("entered figures"),
    "figure.removed": _("removed figures"),
}


def name_verbs(words: dict[str, str]) -> None:
    """Make the words of a room's verbs known."""
    _words.update(words)


def verb_words(verb: str) -> str:
    """What the verb says, in the active language; the verb itself when nobody has named it."""
    return str(_words.get(verb, verb))


def known_verbs() -> dict[str, str]:
    return dict(_words)
