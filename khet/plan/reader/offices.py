"""Names of offices and schools, told from sentences about them."""

from khet.plan.reader.letters import has_letters, tidy, toneless, width
from khet.plan.reader.words import words


def is_area_office(text: str) -> bool:
    """True when the text is only the name of an area office or ministry ("ของ" before it allowed)."""
    spoken = toneless(text.strip(' :-–—|/,.()"“”')).removeprefix("ของ")
    return (
        bool(words().begins("area_offices", spoken))
        and width(text) <= 90
        and not words().holds("predicates", spoken, 4)
    )


def is_other_office(name: str) -> bool:
    """True for the name of an office above the plan's own, whose plan the document may quote."""
    return bool(words().begins("other_offices", toneless(name.strip()).removeprefix("ของ").strip()))


def is_office_name(text: str) -> bool:
    """True when the text is only the name of an office, a school or one of their sections."""
    if is_area_office(text):
        return True
    text = tidy(text).strip(' :-–—|/,.()"“”')
    spoken = toneless(text).removeprefix("ของ")
    if not words().begins("offices", spoken) or width(text) > 60 or words().holds("predicates", spoken, 4):
        return False
    return all(words().begins("places", part) or not has_letters(part) for part in text.split(" ")[1:])
