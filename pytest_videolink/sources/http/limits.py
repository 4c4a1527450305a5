"""How often a service is asked, how long it may take, and how much is taken of it."""

from __future__ import annotations

from pytest_videolink.record.document import MAX_BYTES
from pytest_videolink.record.plain import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of a fetch; times in seconds.

    ``tries`` is how often a question is asked in all, the first time included. ``connect`` is how
    long a connection may take, ``silence`` is how long an answer may pause, ``call`` how long one
    call may take with all of its redirects, ``total`` how long the list, or all documents together,
    may take with every try. ``wait`` bounds one wait between tries: a service that asks for a
    longer one is not waited for. ``size`` is what one answer may have and ``together`` what the
    list, or all documents together, may have, in bytes after decompression. ``pages`` bounds those
    of the list, ``redirects`` those of one call, and ``at_once`` how many documents are asked for
    at a time.
    """

    connect: float = 5
    silence: float = 10
    call: float = 30
    total: float = 300
    tries: int = 4
    wait: float = 20
    size: int = MAX_BYTES
    together: int = 64 * MAX_BYTES
    pages: int = 1000
    redirects: int = 5
    at_once: int = 16


LIMITS = Limits()
