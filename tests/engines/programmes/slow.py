"""The counting rules a second time, slow and obvious: every day, every participant, one at a time."""

from datetime import timedelta


def ladder_rank(ladder, code):
    codes = [level.code for level in ladder.levels]
    return codes.index(code) + 1 if code in codes else 0


def standing(ladder, one, day):
    """Rank of the rung a participant stands on, 0 for none."""
    if ladder is None:
        return 0
    best, newest = 0, None
    for status in one.statuses:
        if status.judged_on > day:
            continue
        valid = status.valid_until is None or status.valid_until >= day
        if valid:
            best = max(best, ladder_rank(ladder, status.level))
        if newest is None or (status.judged_on, status.id) > (newest.judged_on, newest.id):
            newest = status
    if ladder.counts == "highest":
        return best
    if newest is None or (newest.valid_until is not None and newest.valid_until < day):
        return 0
    return ladder_rank(ladder, newest.level)


def there(one, day):
    """Whether a participant takes part on a day, found by walking from joining."""
    walked = one.joined
    while walked <= day:
        if one.left is not None and walked >= one.left:
            return False
        if walked == day:
            return True
        walked += timedelta(days=1)
    return False


def participants(books, first, last, level=None):
    """How many different schools or persons take part on the last day, on a rung or above."""
    counted = []
    for book in books:
        for one in book.participants:
            enough = level is None or standing(book.rules.ladder, one, last) >= ladder_rank(book.rules.ladder, level)
            if there(one, last) and enough and one.who not in counted:
                counted.append(one.who)
    return len(counted)


def hours_by_person(books, first, last):
    """{who: hours attended}"""
    found = {}
    for book in books:
        for met in book.sessions:
            if not first <= met.day <= last:
                continue
            for one in book.participants:
                if one.id in met.present:
                    attended = met.hours.get(one.id, met.length)
                    found[one.who] = found.get(one.who, 0) + attended
    return found


def presence(books, first, last):
    """(times came, times came or stayed away)"""
    came = due = 0
    for book in books:
        for met in book.sessions:
            if first <= met.day <= last:
                came += sum(1 for one in book.participants if one.id in met.present)
                due += sum(1 for one in book.participants if one.id in met.present or one.id in met.absent)
    return came, due


def outputs(books, first, last, kinds, level=None, ever=False):
    n = 0
    for book in books:
        for one in book.outputs:
            if one.kind not in kinds or one.day > last or (not ever and one.day < first):
                continue
            codes = [each.code for each in book.rules.output(one.kind).levels]
            if level is None or (one.level in codes and codes.index(one.level) >= codes.index(level)):
                n += 1
    return n
