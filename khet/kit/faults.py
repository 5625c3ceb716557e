"""What is wrong with a file that a person filled in: where, what, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong, in the office's words; `mend` is '' where the words of `what` say it already."""

    where: str
    what: str
    mend: str = ""
