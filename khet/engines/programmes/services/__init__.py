"""Writing: each verb one transaction, one entry in the trail, one mark for the facts."""

from khet.engines.programmes.rights import ProgrammeError
from khet.engines.programmes.services.joining import change_answers, join, join_many, leave, take_back_leaving
from khet.engines.programmes.services.judging import judge, judge_many, withdraw_status
from khet.engines.programmes.services.loading import discard_sheet, load_sheet, receive_sheet, undo_sheet
from khet.engines.programmes.services.making import (
    By,
    change_output,
    enter_output,
    publish,
    return_output,
    review,
    submit,
    take_up,
    withdraw_output,
)
from khet.engines.programmes.services.meeting import cancel_session, change_session, hold_session, note_attendance
from khet.engines.programmes.services.running import (
    change_run,
    close_run,
    open_run,
    reopen_run,
    set_target,
    start_run,
)
from khet.engines.programmes.services.spending import add_cost, withdraw_cost

__all__ = [
    "By", "ProgrammeError", "add_cost", "cancel_session", "change_answers", "change_output", "change_run",
    "change_session", "close_run", "discard_sheet", "enter_output", "hold_session", "join", "join_many", "judge",
    "judge_many", "leave", "load_sheet", "note_attendance", "open_run", "publish", "receive_sheet", "reopen_run",
    "return_output", "review", "set_target", "start_run", "submit", "take_back_leaving", "take_up", "undo_sheet",
    "withdraw_cost", "withdraw_output", "withdraw_status",
]  # fmt: skip
