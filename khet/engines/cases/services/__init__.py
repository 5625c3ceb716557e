"""Writing: each verb one transaction, one entry in the trail, one mark for the facts."""

from khet.engines.cases.errors import CaseError
from khet.engines.cases.services.assigning import assign, assign_many, hand_over, set_level
from khet.engines.cases.services.beginning import Beginning, Named, begin, begin_many
from khet.engines.cases.services.circling import add_member, enter, leave, remove_member
from khet.engines.cases.services.joining import link, merge, unlink
from khet.engines.cases.services.moving import move, move_many
from khet.engines.cases.services.noting import (
    Contacted,
    add_file,
    add_note,
    add_party,
    add_task,
    finish_task,
    record_contact,
    remove_file,
    remove_party,
    reopen_task,
    restore_file,
    withdraw_contact,
)
from khet.engines.cases.services.opening import open_case, opened_because
from khet.engines.cases.services.referring import accept, decline, refer, take_back
from khet.engines.cases.services.reporting import Report, answer_reporter, case_of_code, read_outcome, report, write
from khet.engines.cases.services.watching import watch

__all__ = [
    "Beginning", "CaseError", "Contacted", "Named", "Report", "accept", "add_file", "add_member", "add_note",
    "add_party", "add_task", "answer_reporter", "assign", "assign_many", "begin", "begin_many", "case_of_code",
    "decline", "enter", "finish_task", "hand_over", "leave", "link", "merge", "move", "move_many", "open_case",
    "opened_because", "read_outcome", "record_contact", "refer", "remove_file",
    "remove_member", "remove_party", "reopen_task", "report", "restore_file", "set_level", "take_back", "unlink",
    "watch", "withdraw_contact", "write",
]  # fmt: skip
