"""What is kept of a definition is the same for the same words, and is read back as it was."""

import pytest

from khet.core.catalogue.base import Strict
from khet.core.catalogue.kept import content_of, opened


class Thing(Strict):
    id: str
    most: int = 3


class Other(Strict):
    id: str
    most: int = 5


def test_the_same_words_have_the_same_digest_and_others_another():
    assert content_of(Thing(id="a")) == content_of(Thing(id="a", most=3))
    assert content_of(Thing(id="a"))[0] != content_of(Thing(id="a", most=4))[0]


def test_what_was_kept_is_read_once():
    digest, content = content_of(Thing(id="read_once", most=7))
    first = opened(Thing, digest, lambda: content)
    assert first == Thing(id="read_once", most=7)
    assert opened(Thing, digest, lambda: pytest.fail("read again")) is first


def test_two_kinds_with_the_same_words_are_not_taken_for_one_another():
    digest, content = content_of(Thing(id="two_kinds"))
    assert digest == content_of(Other(id="two_kinds"))[0]
    assert opened(Thing, digest, lambda: content).most == 3
    assert opened(Other, digest, lambda: content).most == 5
