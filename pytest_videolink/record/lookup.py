"""Who and what an appointment is booked with, by an id or by a name.

An id is looked for first, then a name that only one has. What is not found stands for nothing: no
diagnosis comes of it (the contract, "Day sheets and PMS lists").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from pytest_videolink.record.cells import BadCell, Complaint, of_cell
from pytest_videolink.record.clinic import AppointmentType, Clinic
from pytest_videolink.record.known import Names

_NOBODY, _NO_TYPE = (
    Complaint(
        f"is no {what} that this record knows, by an id or by a name",
        f"hold no {what} that this record knows, by an id or by a name",
    )
    for what in ("practitioner", "PMS appointment type")
)
_SEVERAL, _SEVERAL_TYPES = (
    Complaint(f"may be one of several {what}: give the id", f"may be several {what}: give the ids")
    for what in ("practitioners", "PMS appointment types")
)


class People:
    """The practitioners of a clinic: whom the PMS lists, and the profiles of its Dashboard."""

    def __init__(self, clinic: Clinic) -> None:
        listed, profiles = clinic.pms.practitioners or {}, clinic.practitioners
        self._profiles = {who.id: who for who in profiles}
        self._linked: dict[str, list[str]] = defaultdict(list)
        # One that is archived counts only where there is no other.
        for who in sorted(profiles, key=lambda who: who.archived):
            there = self._linked.get(who.pms_id or "", ())
            is_first = not there or self._profiles[there[0]].archived
            if who.pms_id and (is_first or not who.archived):
                self._linked[who.pms_id].append(who.id)
        self._listed = Names((id, each.name) for id, each in listed.items())
        self._live = Names((who.id, who.name) for who in profiles if not who.archived)
        self._archived = Names((who.id, who.name) for who in profiles if who.archived)

    def find(self, text: str) -> tuple[str, ...]:
        """The practitioner's id, in the PMS where there is one, and their profiles, mostly one.

        Raises :class:`~cells.BadCell`.
        """
        if text in self._listed.ids or text in self._linked:
            return self._of_pms(text)
        if text in self._profiles:
            return self._of_profile(text)
        if self._listed.named(text):
            return self._of_pms(_one(self._listed.meant(text), _SEVERAL))
        for names in (self._live, self._archived):
            if names.named(text):
                return self._of_profile(_one(names.named(text), _SEVERAL))
        raise BadCell(of_cell(text, _NOBODY))

    def found(self, text: str) -> tuple[str, ...]:
        """The same, and nothing for what is not found."""
        try:
            return self.find(text)
        except BadCell:
            return ()

    def _of_pms(self, id: str) -> tuple[str, ...]:
        return (id, *self._linked.get(id, ()))

    def _of_profile(self, id: str) -> tuple[str, ...]:
        return (self._profiles[id].pms_id or id, id)


class Types:
    """The PMS's appointment types: those that it lists, and those that something is linked to."""

    def __init__(self, clinic: Clinic) -> None:
        listed = clinic.pms.appointment_types
        is_table = clinic.table("pms.appointment_types") is not None
        self._is_recorded = listed is not None or is_table
        self._listed = Names((id, each.full_name) for id, each in (listed or {}).items())
        self._linked = frozenset(chain.from_iterable(map(links_of, clinic.appointment_types)))

    def find(self, text: str) -> str:
        """The type's id; any text where the PMS's list is not recorded.

        Raises :class:`~cells.BadCell`.
        """
        if self.knows(text):
            return text
        if self._listed.named(text):
            return _one(self._listed.meant(text), _SEVERAL_TYPES)
        if self._is_recorded:
            raise BadCell(of_cell(text, _NO_TYPE))
        return text

    def found(self, text: str) -> str:
        """The same, and nothing for what is not found."""
        try:
            return self.find(text)
        except BadCell:
            return ""

    def knows(self, id: str) -> bool:
        """Whether there is a type of that id."""
        return id in self._listed.ids or id in self._linked


def links_of(type: AppointmentType) -> frozenset[str]:
    """All PMS types that a type is linked to, by itself or with somebody."""
    own = (listing.override or () for listing in type.listed.values())
    return frozenset(chain(type.linked_to or (), *own))


def _one(ids: Sequence[str], several: Complaint) -> str:
    if len(ids) > 1:
        raise BadCell(several)
    return ids[0]
