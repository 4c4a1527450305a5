"""The parts of a run on several machines: each clinic in one, by its id alone."""

from __future__ import annotations

from hashlib import sha256


def part_of(id: str, count: int) -> int:
    """The number, from 1, of the part that a clinic is in, of so many.

    By a hash of its id, so that another clinic moves none to another part.
    """
    digest = sha256(id.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % count + 1


def is_in(id: str, part: str) -> bool:
    """Whether a clinic is in a part such as ``2/8``; all are in what is no part."""
    if not part:
        return True
    number, _, count = part.partition("/")
    return part_of(id, int(count)) == int(number)
