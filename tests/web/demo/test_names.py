import re

import pytest

from khet.kit.identifiers import is_national_id
from khet.web.demo.names import Numbers, People, is_synthetic, stream, surnames
from khet.web.demo.vocabulary import name_list

THAI_WORD = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4c]{2,}")


@pytest.mark.parametrize(
    ("name", "at_least"),
    [("given_female", 500), ("given_male", 500), ("elder_female", 150), ("elder_male", 150)],
)
def test_a_list_of_given_names_is_long_thai_and_names_nobody_twice(name, at_least):
    names = name_list(name)
    assert len(names) >= at_least
    assert len(set(names)) == len(names)
    assert [n for n in names if not THAI_WORD.fullmatch(n)] == []


def test_surnames_are_composed_by_the_thousand_and_look_thai():
    made = surnames()
    assert len(set(made)) == len(made) >= 8000
    assert [n for n in made if not THAI_WORD.fullmatch(n)] == []


def test_some_names_are_common_and_most_are_rare():
    people = People(stream(1, 1))
    drawn = [people.surname() for _ in range(4000)]
    counts = sorted((drawn.count(name) for name in set(drawn)), reverse=True)
    assert counts[0] >= 10
    assert sum(count == 1 for count in counts) > len(counts) / 2


def test_numbers_check_like_real_ones_and_none_is_given_twice():
    numbers = Numbers(stream(1, 2))
    citizens = [numbers.citizen() for _ in range(3000)]
    stateless = [numbers.without_status() for _ in range(3000)]
    gcodes = [numbers.gcode() for _ in range(3000)]
    assert all(is_national_id(number) for number in citizens + stateless)
    assert len({*citizens, *stateless, *gcodes}) == 9000
    assert all(is_synthetic(number) for number in citizens + stateless + gcodes)


@pytest.mark.parametrize("number", ["1101700230708", "5601200012345", "0056012345678", "G660000012345", "9991"])
def test_a_number_that_could_be_issued_is_not_taken_for_synthetic(number):
    assert not is_synthetic(number)
