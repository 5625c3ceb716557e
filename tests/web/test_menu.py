"""The menu as all rooms together make it."""

from collections import Counter

import pytest
from django.utils.translation import override

from khet.core.ui import navigation


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_two_entries_bear_the_same_words(language):
    with override(language):
        words = Counter(str(item.label) for item in navigation._items.values())
    assert len(words) > 20
    assert [word for word, times in words.items() if times > 1] == []
