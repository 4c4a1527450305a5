"""Ids for appointments of a day sheet that has none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain, count
from typing import NamedTuple


class Slot(NamedTuple):
    """What an id is made of: the start, by the clinic's clocks, and the practitioner's PMS id.

    ``rest`` is all else that is known of the appointment, so that two in one slot can be told
    apart; what is less is numbered first.
    """

    starts: datetime
    practitioner: str
    rest: tuple[str, ...] = ()


def made_ids(slots: Sequence[Slot], given: Collection[str]) -> list[str]:
    """Ids for appointments that have none, the same whatever the order of rows.

    Such as ``2026-11-24T0930-17``, and ``2026-11-24T0930-17-2`` for a second one. ``given`` are
    the ids that others have.
    """
    ids = [""] * len(slots)
    taken = set(given)
    for _, place in sorted((slot, place) for place, slot in enumerate(slots)):
        slot = slots[place]
        made = f"{slot.starts:%Y-%m-%dT%H%M}-{slot.practitioner}"
        numbered = chain([made], (f"{made}-{number}" for number in count(2)))
        ids[place] = next(id for id in numbered if id not in taken)
        taken.add(ids[place])
    return ids
