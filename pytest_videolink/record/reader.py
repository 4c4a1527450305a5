"""From a document to the clinic that it records, or to every problem that keeps it from being one.

The keys are those of the domain; here is only the order in which a document is gone through: the
PMS's lists first, as links may be names in them, and a day sheet last.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from pytest_videolink.record import daysheet, referenced
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import Document, Node, Problem
from pytest_videolink.record.keys import Part, keys_of
from pytest_videolink.record.known import Known, Names
from pytest_videolink.record.named_table import NamedTable, Reference
from pytest_videolink.record.referenced import Tables
from pytest_videolink.record.rules import (
    broken_rules,
    crowded_lists,
    too_many_combinations,
)
from pytest_videolink.record.tree import Reading, told
from pytest_videolink.record.values import ZONE, Wrong

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
    named, faults, root = _named(root, zone)
    problems += faults
    lists = {of: referenced.listed(each, tables) for of, each in named.items() if of != SHEET}
    known = Known(zone, root, {of.removeprefix("pms."): _names(each) for of, each in lists.items()})
    reading = Reading(known, document)
    clinic: Clinic | None = reading.part(Part(Clinic), root, root.position, ())
    problems += told(reading.faults)
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
    if SHEET in named:
        sheet = referenced.booked(named[SHEET], tables, clinic)
        clinic = daysheet.with_appointments(clinic, sheet, asked)
        problems += too_many_combinations(document, len(clinic.appointments))
    elif clinic.appointments:
        clinic = daysheet.looked_up(clinic)
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
        for key, there in tables.items():
            reference, faults = referenced.referenced(f"{prefix}{key}", there, zone)
            problems.extend(faults)
            if reference is not None:
                found[reference.of] = reference
        if not tables:
            return node
        return Node(node.position, {k: v for k, v in node.value.items() if k not in tables})

    root = without(root, "", (SHEET,))
    if isinstance(root.value, dict) and "pms" in root.value:
        at, pms = root.value["pms"]
        root = Node(root.position, {**root.value, "pms": (at, without(pms, "pms.", LISTS))})
    return found, problems, root


def _names(table: NamedTable) -> Names:
    return Names((row.values["id"], row.values["name"]) for row in table.table.rows)


def _with_lists(clinic: Clinic, lists: Mapping[str, NamedTable]) -> Clinic:
    """The clinic with what the PMS lists in tables; nothing of one that cannot be read at all."""
    read: dict[str, Any] = {}
    for key, entries in (
        ("practitioners", referenced.practitioners),
        ("appointment_types", referenced.appointment_types),
    ):
        table = lists.get(f"pms.{key}")
        if table is not None and table.why is None:
            read[key] = entries(table)
    return replace(clinic, pms=replace(clinic.pms, **read), tables=tuple(lists.values()))


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
