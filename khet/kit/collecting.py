"""The garbage collector of a process that has loaded what it will hold on to."""

import gc


def settle() -> None:
    """What is loaded by now lives as long as the process: the collector need not look through it again and again.

    Called once by whoever stays: a page server, the tests. Afterwards it also comes less often: a page makes tens of
    thousands of small objects and lets go of nearly all of them without its help.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
