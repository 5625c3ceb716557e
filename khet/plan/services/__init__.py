"""Writing in the plan room: one transaction and one trace an act."""

from khet.plan.services.adoption import adopt, faults
from khet.plan.services.binding import bind, leave_unbound, set_owner, set_targets
from khet.plan.services.carrying import decide_system
from khet.plan.services.documents import DocumentError, receive_document
from khet.plan.services.drafting import discard_draft, draft_edition, revise
from khet.plan.services.editing import PlanError, add_item, change_item, merge_items, move_item, remove_item, split_item
from khet.plan.services.followup import (
    add_action,
    add_note,
    close_action,
    reopen_action,
    restore_note,
    withdraw_note,
)

__all__ = [
    "DocumentError",
    "PlanError",
    "add_action",
    "add_item",
    "add_note",
    "adopt",
    "bind",
    "change_item",
    "close_action",
    "decide_system",
    "discard_draft",
    "draft_edition",
    "faults",
    "leave_unbound",
    "merge_items",
    "move_item",
    "receive_document",
    "remove_item",
    "reopen_action",
    "restore_note",
    "revise",
    "set_owner",
    "set_targets",
    "split_item",
    "withdraw_note",
]
