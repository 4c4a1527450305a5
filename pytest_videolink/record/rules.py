"""What must hold of several values of a document together, and how large a clinic may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from pytest_videolink.record.document import Document, Node, Position, Problem
from pytest_videolink.record.known import Known
from pytest_videolink.record.slugs import id_meant, is_slug
from pytest_videolink.record.text import clean
from pytest_videolink.record.tree import told

# How large a clinic may be

MAX_ENTRIES = {
    "practitioners": 1_000,
    "appointment_types": 1_000,
    "pms.practitioners": 5_000,
    "pms.appointment_types": 5_000,
    "waivers": 200,
}
"""How many entries a list of a document may have: far more than a clinic has, and few enough that
checking each against each takes seconds."""

MAX_COMBINATIONS = {"practitioners": 100_000, "appointments": 500_000}
"""How many of them by appointment types there may be."""


def crowded_lists(document: Document) -> Iterator[Problem]:
    """The lists that are too long to be those of one clinic."""
    for name, most in MAX_ENTRIES.items():
        path = name.split(".")
        count = len(_entries(document, *path))
        if count > most:
            yield Problem(
                f"{name} has {count:,} entries, more than the {most:,} of one clinic: one clinic a"
                " file",
                document.find(tuple(path)).position,
                path[-1],
            )


def too_many_combinations(document: Document, booked: int | None = None) -> Iterator[Problem]:
    """What there is too much of together; ``booked`` are the appointments of a day sheet."""
    types = len(_entries(document, "appointment_types"))
    counts = {key: len(_entries(document, key)) for key in MAX_COMBINATIONS}
    for key, count in (counts if booked is None else {"appointments": booked}).items():
        most = MAX_COMBINATIONS[key]
        if count * types > most:
            yield Problem(
                f"{count:,} {key} by {types:,} appointment types are more than the {most:,}"
                " combinations of one clinic",
                document.find((key,)).position,
                key,
            )


# Rules over several values


class _Id(NamedTuple):
    """An id in a list, as the value of a key or as a bare text."""

    text: str
    position: Position
    key: str | None


def broken_rules(document: Document, expected_id: str, known: Known) -> Iterator[Problem]:
    """What is wrong with values that could be read one by one."""
    clinic = document.find(("clinic",)).node.value
    if isinstance(clinic, str) and is_slug(clinic) and clinic != expected_id:
        yield Problem(
            f"clinic is {clinic}, but the file is named {clean(expected_id)}: name both alike",
            document.find(("clinic",)).position,
            "clinic",
            clinic,
        )
    profiles = list(_ids(_entries(document, "practitioners")))
    types = _entries(document, "appointment_types")
    offering = [
        [_by_id(listed, known) for listed in _ids(_list(each, "practitioners"))]
        for each in types
        if any(_ids([each]))
    ]
    yield from _twice([*profiles, *_ids(types)])
    yield from _twice(_ids(_entries(document, "pms", "practitioners")))
    yield from _twice(_ids(_entries(document, "pms", "appointment_types")))
    yield from _twice(_ids(_entries(document, "appointments")), private=True)
    for listed in offering:
        yield from _twice(listed)
    # An id that is none is told where it stands: whoever corrects it has what is named here.
    there = {name for each in profiles for name in (each.text, id_meant(each.text))}
    yield from told(
        [
            partial(_stranger, each, known)
            for listed in offering
            for each in listed
            if each.text not in there and is_slug(each.text)
        ]
    )


def _by_id(listed: _Id, known: Known) -> _Id:
    """A practitioner of a type's list, who may be named there, by their id."""
    ids = known.profiles.named(listed.text)
    return listed._replace(text=ids[0]) if len(ids) == 1 else listed


def _twice(ids: Iterable[_Id], *, private: bool = False) -> Iterator[Problem]:
    first: dict[str, Position] = {}
    for text, position, key in ids:
        if text in first:
            shown = "an id" if private else f"the id {clean(text, 60)}"
            said = f"{shown} stands twice, first in {first[text]}"
            yield Problem(said, position, key, None if private else text)
        else:
            first[text] = position


def _stranger(id: _Id, known: Known) -> Problem:
    hint = known.near(id.text) or "add the profile or remove the entry"
    said = f"there is no practitioner {id.text} in this document; {hint}"
    return Problem(said, id.position, id.key, id.text)


def _ids(entries: Iterable[Node]) -> Iterator[_Id]:
    """The ids of the entries of a list; a bare text in the list is an id."""
    for entry in entries:
        node = entry
        if isinstance(entry.value, dict) and "id" in entry.value:
            _, node = entry.value["id"]
        if isinstance(node.value, str):
            yield _Id(node.value, node.position, None if node is entry else "id")


def _entries(document: Document, *path: str) -> list[Node]:
    """The entries of the list at a path, or none."""
    found = document.find(path)
    return found.node.value if found.exact and isinstance(found.node.value, list) else []


def _list(node: Node, key: str) -> list[Node]:
    """The entries of the list below a key, or none."""
    below = node.value[key][1].value if isinstance(node.value, dict) and key in node.value else []
    return below if isinstance(below, list) else []
