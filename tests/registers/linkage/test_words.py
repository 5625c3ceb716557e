"""Every reason the engine can give for the office's records has its Thai."""

from django.utils.translation import gettext, override

from khet.registers.linkage import rows
from khet.registers.linkage.engine import people
from khet.registers.linkage.engine.comparisons import comparisons


def test_every_reason_has_its_thai():
    found = comparisons(people.layout([rows.roles(), rows.roles()]))
    words = [comparison.words(level) for comparison in found for level in range(1, comparison.size)]
    with override("th"):
        assert [word for word in words if word and gettext(word) == word] == []
