"""From a document to the clinic that it records, or to every problem that keeps it from being one.

The keys are those of the domain; here is only the order in which a document is gone through.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo

from pytest_videolink.record import daysheet
from pytest_videolink.record.clinic import Appointment, Clinic
from pytest_videolink.record.daysheet import Sheet
from pytest_videolink.record.document import Document, Node, Problem
from pytest_videolink.record.keys import Part, keys_of
from pytest_videolink.record.known import Known
from pytest_videolink.record.rules import broken_rules, crowded_lists, too_many_combinations
from pytest_videolink.record.tree import Reading, told
from pytest_videolink.record.values import ZONE, Wrong


def read(document: Document, expected_id: str, sheet: Sheet) -> tuple[Clinic | None, list[Problem]]:
    """The clinic of a document, or every problem that keeps it from being one, in its order.

    ``sheet`` gives the rows of a day sheet that the document names.
    """
    root = document.root
    problems = list(document.problems)
    if root.value is None:
        return None, [*problems, Problem("the file is empty")]
    if (stranger := _no_clinic(root)) is not None:
        return None, [*problems, stranger]
    crowded = list(crowded_lists(document))
    if crowded:
        return None, _in_order([*problems, *crowded])
    zone = _zone(document)
    booked: list[Appointment] = []
    if isinstance(root.value, dict) and "appointments" in root.value:
        at, node = root.value["appointments"]
        if isinstance(node.value, dict):
            booked, faults = daysheet.appointments(node, at, zone, sheet)
            problems += faults
            rest = {key: each for key, each in root.value.items() if key != "appointments"}
            root = Node(root.position, rest)
    known = Known(zone, root)
    reading = Reading(known)
    clinic: Clinic | None = reading.part(Part(Clinic), root, root.position, ())
    problems += told(reading.faults)
    if isinstance(root.value, dict):
        problems += broken_rules(document, expected_id, known)
        problems += too_many_combinations(document, len(booked))
    if problems or clinic is None:
        return None, _in_order(problems)
    if reading.unanswered:
        clinic = replace(clinic, unanswered=tuple(reading.unanswered))
    return (daysheet.with_appointments(clinic, booked) if booked else clinic), []


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


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.position)


def _zone(document: Document) -> tzinfo | None:
    """The time zone that times without an offset are in, where it can be read."""
    try:
        zone: tzinfo = ZONE.read(document.find(("timezone",)).node.value, Known())
    except Wrong:
        return None
    return zone
