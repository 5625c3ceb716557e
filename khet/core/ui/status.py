"""Status of an indicator as icon and word; colour only repeats them."""

from django.utils.translation import gettext_lazy as _

# status → icon, word
STATUSES = {
    "met": ("circle-check-filled", _("Met")),
    "near": ("alert-triangle-filled", _("Near target")),
    "missed": ("circle-x-filled", _("Not met")),
    "running": ("clock", _("Still running")),
    "no_data": ("circle-dashed", _("No data")),
    "no_target": ("target-off", _("No target")),
}
# For states other than an indicator's: how a badge may look
TONES = {"met", "near", "missed", "running", "info", "quiet", "no_data", "no_target"}


def word(status: str | None):
    """The word of a status; empty for None."""
    return STATUSES[status][1] if status in STATUSES else ""
