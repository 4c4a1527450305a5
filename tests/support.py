"""What the tests share: a clinic that is right, edits of it, and ways to judge and run clinics."""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, get_args, get_type_hints

import pytest
import yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.examples import example_of
from pytest_videolink.judging.judge import Judge, Judgement, State, Terms
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.table import Table
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.search import may_concern
from pytest_videolink.sources.source import Entry

sys.path.append(str(Path(__file__).parents[1] / "docs"))  # for what writes the pages

Document: TypeAlias = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=11)))
"""The clock of the tests, in Sydney's summer time."""

TERMS = Terms(now=NOW, sync_window=timedelta(minutes=15), max_age=timedelta(days=30))

IN_CI = os.environ.get("CI") == "true"
"""Whether every test has to be run; asked here, as tests see nothing of the environment."""

REMOVED = object()
"""An edit that takes a key or a list entry away."""


def right_clinic(id: str = "harbourside", database: str = "HARBOUR-SQL01") -> Document:
    """A clinic document on which every check that applies passes."""
    return {
        "videolink": 1,
        "clinic": id,
        "name": f"{id.replace('-', ' ').title()} Medical Centre",
        "timezone": "Australia/Sydney",
        "as_of": "2026-11-23T08:30:00+11:00",
        "dashboard": {
            "last_synced": "2026-11-23T08:25:00+11:00",
            "new_patient_approval": "automatic",
            "existing_patient_approval": "automatic",
        },
        "pms": {
            "system": "best-practice",
            "database": database,
            "shares_database_with": [],
            "connected": True,
            "practitioners": [
                {"id": "17", "name": "Dr Amara Nwosu", "active": True, "in_appointment_book": True},
                {"id": "18", "name": "Dr Li Wei", "active": True, "in_appointment_book": True},
            ],
            "appointment_types": [
                {"id": "29", "name": "Telehealth Consult", "active": True},
                {"id": "31", "name": "Telehealth Long", "active": True},
                {"id": "40", "name": "Standard", "active": True},
            ],
        },
        "practitioners": [
            {
                "id": "dr-amara-nwosu",
                "name": "Dr Amara Nwosu",
                "linked_to": "17",
                "accepts_video_appointments": True,
                "visible_for_online_bookings": True,
                "archived": False,
                "expects_video": True,
                "provider_number": "2123451T",
            },
            {
                "id": "dr-li-wei",
                "name": "Dr Li Wei",
                "linked_to": "18",
                "accepts_video_appointments": True,
                "visible_for_online_bookings": True,
            },
        ],
        "appointment_types": [
            {
                "id": "telehealth-video",
                "name": "Telehealth Video Consult",
                "modality": "video",
                "online_bookings": True,
                "telehealth": True,
                "telehealth_video": True,
                "linked_to": "29",
                "practitioners": ["dr-amara-nwosu", {"id": "dr-li-wei", "linked_to": "31"}],
            },
            {
                "id": "standard",
                "name": "Standard Consult",
                "modality": "in-person",
                "online_bookings": True,
                "telehealth": False,
                "telehealth_video": False,
                "linked_to": "40",
                "practitioners": "all",
            },
        ],
    }


def edited(document: Document, edits: Mapping[str, Any]) -> Document:
    """A copy of a document with values set at dotted paths; ``REMOVED`` takes a value away.

    A list index past the end appends: ``{"practitioners.0.linked_to": "none"}``.
    """
    result = copy.deepcopy(document)
    for path, value in edits.items():
        *above, last = path.split(".")
        parent: Any = result
        for step in above:
            parent = parent[int(step)] if isinstance(parent, list) else parent.setdefault(step, {})
        if isinstance(parent, list):
            index = int(last)
            parent[index : index + 1] = [] if value is REMOVED else [value]
        elif value is REMOVED:
            del parent[last]
        else:
            parent[last] = value
    return result


def to_yaml(document: Document) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(document, Dumper=dumper, sort_keys=False, allow_unicode=True, width=1000))


class MemorySource:
    """Clinic documents by id, as a source, and the tables that they name, by their paths."""

    root = Path("clinics").absolute()

    def __init__(
        self,
        documents: Mapping[str, Document | str | bytes],
        tables: Mapping[str, str] | None = None,
    ) -> None:
        self._tables = tables or {}
        self._raw = {
            id: each
            if isinstance(each, bytes)
            else (each if isinstance(each, str) else to_yaml(each)).encode()
            for id, each in documents.items()
        }

    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(id, self.root / f"{id}.yaml") for id in self._raw)

    def read(self, entry: Entry) -> bytes:
        return self._raw[entry.id]

    def fetch(self, entries: Iterable[Entry]) -> Sequence[Entry]:
        return tuple(entries)

    def may_concern(self, entry: Entry, clinics: Iterable[Clinic]) -> bool:
        try:
            return may_concern(self.read(entry), clinics)
        except OSError:
            return True

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        if named.path not in self._tables:
            raise FileNotFoundError(2, "No such file or directory", f"{entry.id}/{named.path}")
        return read(self._tables[named.path].encode())


def judged(
    *documents: Document | str,
    terms: Terms = TERMS,
    clinic: str = "",
    tables: Mapping[str, str] | None = None,
) -> dict[str, Judgement]:
    """Every judgement of a clinic (the first, unless named) among some clinics.

    ``tables`` are those that they name, by their paths.

    Keys are the check and, below the clinic, the subject: ``VL102``, ``VL201 dr-amara-nwosu``,
    ``VL500 dr-amara-nwosu::telehealth-video``.
    """
    loaded = [yaml.safe_load(each) if isinstance(each, str) else each for each in documents]
    fleet_of = {str(data["clinic"]): each for data, each in zip(loaded, documents, strict=True)}
    source = MemorySource(fleet_of, tables)
    entry = next(each for each in source.entries() if each.id == (clinic or next(iter(fleet_of))))
    fleet = Fleet(source, [entry])
    record = fleet.record(entry)
    assert record.clinic is not None, record.problems
    judge = Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, terms)
    return {
        each.check.id
        if each.subject is judge.clinic
        else f"{each.check.id} {each.subject.id}": each
        for each in judge.judgements()
    }


def made_of(plain: Any, kind: Any) -> Any:
    """A value of the report, made again of what it is as JSON."""
    if isinstance(plain, dict):
        made = next(filter(is_dataclass, (kind, *get_args(kind))))  # of itself, or of it or nothing
        hints = get_type_hints(made)
        return made(**{key: made_of(value, hints[key]) for key, value in plain.items()})
    if isinstance(plain, list):
        part, _ = get_args(kind)  # a tuple of any length
        return tuple(made_of(each, part) for each in plain)
    return plain


def outcomes_of(*documents: Document | str) -> dict[str, State]:
    """What becomes of each item of a clinic (the first), by the names that lead to it, in order.

    For clinics without appointments, whose items are named in another way.
    """

    def name(judgement: Judgement) -> str:
        above = [] if isinstance(judgement.subject, Clinic) else [judgement.subject.id]
        return "::".join((*above, judgement.check.name))

    return {name(each): each.state for each in judged(*documents).values()}


def assert_judged(key: str, edits: Mapping[str, Any], state: State, reason: str) -> None:
    """The right clinic with these edits comes to that, for a key of :func:`judged`."""
    judgement = judged(edited(right_clinic(), edits))[key]
    assert (judgement.state, judgement.reason) == (state, reason)


def assert_example(key: str, side: str, state: State, reason: str) -> None:
    """The right or the wrong example of a check's page comes to that, for such a key."""
    judgement = examined(key.partition(" ")[0], side)[key]
    assert (judgement.state, judgement.reason) == (state, reason)


def examined(id: str, side: str) -> dict[str, Judgement]:
    """Every judgement of the right or the wrong example of a check's page."""
    import refresh  # here, as not every test has what it takes to write the pages

    check = next(check for check in CATALOGUE if check.id == id)
    example = example_of(check)
    assert example is not None
    table = example.table
    tables = {table["file"]: table[side]} if table else None
    return judged(*map(refresh.to_yaml, refresh.documents(example, side)), tables=tables)


def waiver(check: str, on: str) -> Document:
    """An edit that waives a check on a subject."""
    reason, owner = "Agreed with the owners", "practice manager"
    accepted = {"check": check, "on": on, "reason": reason, "owner": owner, "until": "2026-12-31"}
    return {"waivers": [accepted]}


ITEMS = len(judged(right_clinic()))
"""How many items the right clinic has."""


def cannot(why: str) -> NoReturn:
    """Skip a test for want of something; where CI=true it fails."""
    if IN_CI:
        pytest.fail(f"{why}, and CI runs every test", pytrace=False)
    pytest.skip(why)


def missing(what: str) -> NoReturn:
    """Skip a test that needs something which is not installed; in CI it fails."""
    cannot(f"{what} is not installed")


def appointment(**facts: Any) -> Document:
    """Dr Nwosu's appointment as Telehealth Consult, booked three days ago for tomorrow."""
    return {
        "id": "88213",
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": "2026-11-24T09:30:00+11:00",
        "link": False,
        **facts,
    }
