"""Tables of the cases."""

from khet.engines.cases.models.case import Case, Edition, EditionContent, Reader, Series
from khet.engines.cases.models.people import Member, Message, Party, Reporter
from khet.engines.cases.models.trail import Attachment, Contact, Link, Note, Referral, Step, Task

__all__ = [
    "Attachment", "Case", "Contact", "Edition", "EditionContent", "Link", "Member", "Message", "Note", "Party",
    "Reader", "Referral", "Reporter", "Series", "Step", "Task",
]  # fmt: skip
