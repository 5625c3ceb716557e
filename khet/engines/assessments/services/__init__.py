"""Writing: rounds, ratings, moves between states, evidence, improvements, loads."""


class AssessmentError(ValueError):
    """Something that cannot be done; says why and what to do instead."""
