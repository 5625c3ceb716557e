"""What stops an evaluation."""


class EvaluationError(ValueError):
    """A table or a wish that cannot be evaluated; says what, where and how to mend.

    wrong_use   the wish is at fault (a column that is not there), not the table
    """

    def __init__(self, words: str, *, wrong_use: bool = False):
        super().__init__(words)
        self.wrong_use = wrong_use
