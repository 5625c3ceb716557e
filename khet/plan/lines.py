"""Where in a document's text an item stands, found by what it says: spaces, wraps, tone marks and digits do not matter."""

from khet.kit.thai import fold_loosely


class Lines:
    """The lines of a text, searchable for items; each place is given out once, so repeated sentences find their own."""

    def __init__(self, text: str):
        self._starts: list[tuple[int, int]] = []  # (offset in the folded text, line number)
        parts, length = [], 0
        for number, line in enumerate(text.split("\n"), start=1):
            if folded := fold_loosely(line):
                self._starts.append((length, number))
                parts.append(folded)
                length += len(folded)
        self._text = "".join(parts)
        self._given: set[int] = set()

    def find(self, wording: str, after: int = 0) -> list[int]:
        """[first, last] line that holds the wording; [] when the text does not.

        after   line from which to look first (an indicator stands below its strategy)
        """
        wanted = fold_loosely(wording)
        if not wanted:
            return []
        places = self._places(wanted)
        free = [place for place in places if place not in self._given] or places
        if not free:
            return []
        place = next((p for p in free if self._line(p) >= after), free[0])
        self._given.add(place)
        return [self._line(place), self._line(place + len(wanted) - 1)]

    def _places(self, wanted: str) -> list[int]:
        places, at = [], self._text.find(wanted)
        while at >= 0:
            places.append(at)
            at = self._text.find(wanted, at + 1)
        return places

    def _line(self, offset: int) -> int:
        """The line in which a character of the folded text stands."""
        low, high = 0, len(self._starts) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._starts[middle][0] <= offset else (low, middle - 1)
        return self._starts[low][1]
