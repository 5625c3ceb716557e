"""Pages of accounts: those of who manages users, one's own, and the one-time link."""

from khet.core.accounts.views.managing import (
    role_end,
    role_grant,
    second_factor_reset,
    user_active,
    user_edit,
    user_invite,
    user_list,
    user_new,
    user_page,
    user_password,
)
from khet.core.accounts.views.own import closed, forgotten, profile, session_end, welcome
from khet.core.accounts.views.why import why_page

__all__ = [
    "closed",
    "forgotten",
    "profile",
    "role_end",
    "role_grant",
    "second_factor_reset",
    "session_end",
    "user_active",
    "user_edit",
    "user_invite",
    "user_list",
    "user_new",
    "user_page",
    "user_password",
    "welcome",
    "why_page",
]
