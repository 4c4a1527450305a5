"""From a document to the clinic that it records, or to every problem that keeps it from being one.

The keys are those of the domain; here is only the order in which a document is gone through: the
PMS's lists first, as links may be names in them, and a day sheet last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Document, Node, Problem
from pytest_videolink.record.keys import Part, keys_of
from pytest_videolink.record.known import Known, Names
from pytest_videolink.record.rules import (
    broken_rules,
    crowded_lists,
    too_many_combinations,
)
from pytest_videolink.record.tree import Reading, told
from pytest_videolink.record.values import ZONE, Wrong

if TYPE_CHECKING:  # what reads tables, for whoever names one
    from pytest_videolink.record.named_table import NamedTable, Reference
    from pytest_videolink.record.referenced import Tables

SHEET = "appointments"
LISTS = ("practitioners", "appointment_types")


def read(
    document: Document, expected_id: str, tables: Tables, asked: Collection[str] = ()
) -> tuple[Clinic | None, list[Problem]]:
    """The clinic of a document, or every problem that keeps it from being one, in its order.

    ``tables`` gives the tables that the document names. ``asked`` are ids of appointments that
    count whether or not they are meant as video.
    """
    root = document.root
    problems = list(document.problems)
    if root.value is None:
        return None, [*problems, Problem("the file is empty")]
    if (stranger := _no_clinic(root)) is not None:
        return None, [*problems, stranger]
    crowded = list(crowded_lists(document))
    if crowded:
        return None, document.in_order([*problems, *crowded])
    zone = _zone(document)
    named, misnamed, root = _named(root, zone)
    problems += misnamed
    lists = _lists(named, tables)
    known = Known(zone, root, {of.removeprefix("pms."): _names(each) for of, each in lists.items()})
    reading = Reading(known, document)
    clinic: Clinic | None = reading.part(Part(Clinic), root, root.position, ())
    problems += told(reading.untold)
    if isinstance(root.value, dict):
        problems += broken_rules(document, expected_id, known)
        problems += too_many_combinations(document)
    if problems or clinic is None:
        return None, document.in_order(problems)
    if reading.unanswered:
        blank = tuple(reading.blank.items())
        clinic = replace(clinic, unanswered=tuple(reading.unanswered), blank=blank)
    if lists:
        clinic = _with_lists(clinic, lists)
    clinic = _booked(clinic, named.get(SHEET), tables, asked)
    if SHEET in named:
        problems += too_many_combinations(document, len(clinic.appointments))
    return (None, problems) if problems else (clinic, [])


def _named(root: Node, zone: tzinfo | None) -> tuple[dict[str, Reference], list[Problem], Node]:
    """The tables that stand in place of lists, and the document without them."""
    found: dict[str, Reference] = {}
    problems: list[Problem] = []

    def without(node: Node, prefix: str, keys: tuple[str, ...]) -> Node:
        if not isinstance(node.value, dict):
            return node
        tables = {
            key: there
            for key, there in node.value.items()
            if key in keys and isinstance(there[1].value, dict)
        }
        if not tables:
            return node
        from pytest_videolink.record.referenced import referenced

        for key, there in tables.items():
            reference, wrong = referenced(f"{prefix}{key}", there, zone)
            problems.extend(wrong)
            if reference is not None:
                found[reference.of] = reference
        return Node(node.position, {k: v for k, v in node.value.items() if k not in tables})

    root = without(root, "", (SHEET,))
    if isinstance(root.value, dict) and "pms" in root.value:
        at, pms = root.value["pms"]
        root = Node(root.position, {**root.value, "pms": (at, without(pms, "pms.", LISTS))})
    return found, problems, root


def _lists(named: Mapping[str, Reference], tables: Tables) -> dict[str, NamedTable]:
    """What the PMS lists in tables, by the keys that they stand for."""
    if not named:
        return {}
    from pytest_videolink.record.referenced import listed

    return {of: listed(each, tables) for of, each in named.items() if of != SHEET}


def _names(table: NamedTable) -> Names:
    return Names((row.values["id"], row.values["name"]) for row in table.table.rows)


def _with_lists(clinic: Clinic, lists: Mapping[str, NamedTable]) -> Clinic:
    """The clinic with what the PMS lists in tables; nothing of one that cannot be read at all."""
    from pytest_videolink.record.referenced import appointment_types, practitioners

    read: dict[str, Any] = {}
    for key, entries in zip(LISTS, (practitioners, appointment_types), strict=True):
        table = lists.get(f"pms.{key}")
        if table is not None and table.why is None:
            read[key] = entries(table)
    return replace(clinic, pms=replace(clinic.pms, **read), tables=tuple(lists.values()))


def _booked(
    clinic: Clinic, sheet: Reference | None, tables: Tables, asked: Collection[str]
) -> Clinic:
    """The clinic with its appointments, of a day sheet or its own, looked up in its lists."""
    if sheet is None and not clinic.appointments:
        return clinic
    from pytest_videolink.record.daysheet import looked_up, with_appointments

    if sheet is None:
        return looked_up(clinic)
    from pytest_videolink.record.referenced import booked

    return with_appointments(clinic, booked(sheet, tables, clinic), asked)


def _no_clinic(root: Node) -> Problem | None:
    """What to say of a document that plainly is something else, such as a ``package.json``."""
    if not isinstance(root.value, dict) or not root.value:
        return None
    keys = {each.casefold() for each in root.value}
    if keys & (keys_of(Clinic).keys() - {"name"}):
        return None
    kind = "a JSON Schema, and " if "$schema" in keys else ""
    return Problem(
        f"this is {kind}no clinic document, which has keys such as clinic and pms: keep it outside"
        " the folder of the clinics",
        root.position,
    )


def _zone(document: Document) -> tzinfo | None:
    """The time zone that times without an offset are in, where it can be read."""
    try:
        zone: tzinfo = ZONE.read(document.find(("timezone",)).node.value, Known())
    except Wrong:
        return None
    return zone
