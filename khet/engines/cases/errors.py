"""What cannot be done with a case, in words."""


class CaseError(ValueError):
    """Something that cannot be done; says why and what to do instead."""
