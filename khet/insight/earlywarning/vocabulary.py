"""What is known of a pupil on a day: the features that signs and models may name.

None of them is religion, ethnicity, health, disability, disadvantage or abuse, and the sex of a pupil is none either.
"""

# name → (unit, decimals) of the value in words
FEATURES: dict[str, tuple[str, int]] = {
    "absent_share": ("percent of school days lost so far this year", 0),
    "absent_lately": ("percent of school days lost in the last thirty days", 0),
    "absent_in_row": ("school days lost in a row, the longest time this year", 0),
    "absent_in_month": ("days lost in the worst calendar month", 0),
    "absent_before": ("percent of school days lost last year", 0),
    "late_days": ("days late this year", 0),
    "skipped": ("half days left after coming in the morning", 0),
    "failures": ("results of 0, ร, มส, มผ that stand", 0),
    "failures_before": ("such results of last year", 0),
    "mean_grade": ("mean grade, 0 to 4", 2),
    "grade_change": ("mean grade against the year before", 2),
    "over_age": ("years older than the grade expects", 0),
    "moves": ("schools in the last three years, less one", 0),
    "came_midyear": ("1 when the pupil came after the year began", 0),
    "new_here": ("1 in the first year at this school", 0),
    "back_again": ("1 when the pupil had left early before", 0),
    "last_grade": ("1 in the highest grade the school teaches", 0),
    "grade_number": ("place of the grade from อ.1", 0),
    "school_size": ("pupils of the school", 0),
    "school_before": ("percent of the school's pupils lost in years whose end is known", 1),
    "stopped": ("1 when the pupil has not come on any of the last fifteen school days, or hangs on the roll", 0),
}


def shown(feature: str, value: float) -> str:
    """The value as it stands in a sentence."""
    return f"{value:.{FEATURES[feature][1]}f}"
