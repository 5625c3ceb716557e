"""The search for cycles stands still during a load and goes on after it."""

import gc

import pytest

from khet.registers.intake.pausing import no_collecting


def test_it_goes_on_after_the_last_of_several_loads_even_one_that_failed():
    with pytest.raises(ValueError, match="broken"), no_collecting():
        with no_collecting():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off():
    gc.disable()
    try:
        with no_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
