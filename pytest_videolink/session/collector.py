"""Python's garbage collector, which would visit over and over what is made at once and all kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_FEW = 1_000
"""Python 3.12 begins with some hundred objects frozen; what somebody else has set aside is more."""


@contextmanager
def at_rest() -> Iterator[None]:
    """Have it wait meanwhile, where it is at work."""
    is_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_at_work:
            gc.enable()


def is_nobodys() -> bool:
    """Whether there is anything to freeze, and nobody has: PyPy has nothing that could be.

    It counts what is frozen, which takes its time where that is much.
    """
    return hasattr(gc, "freeze") and gc.get_freeze_count() < _FEW


def take_for_old() -> None:
    """Have it take all that there is for old, which it visits least."""
    if is_nobodys():
        gc.freeze()
        gc.unfreeze()
