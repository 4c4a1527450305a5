"""The verdict on a clinic, what it is made of, and the work list.

``VIDEOLINK_EXAMPLES=20000`` looks further than the suite has time for.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

import oracle
import pytest
from hypothesis import HealthCheck, given, settings
from strategies import fleets, to_yaml
from support import (
    NOW,
    REMOVED,
    TERMS,
    Document,
    MemorySource,
    edited,
    right_clinic,
)

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judge, Judgement, State, Terms
from pytest_videolink.judging.todo import Task, duties, screen, tasks
from pytest_videolink.judging.verdict import Readiness, cause, links, readiness
from pytest_videolink.record.clinic import Clinic, Pair, Path
from pytest_videolink.session.telling import tally
from pytest_videolink.sources.fleet import Fleet

Edits: TypeAlias = dict[str, Any]
Edit: TypeAlias = tuple[str, Path, "str | tuple[str, ...]"]
"""A clinic, a place in its record, and the value to write there."""

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "50"))
examples = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

READY, WITH_WAIVERS, NOT_READY, UNKNOWN = Readiness


def judges(
    *documents: Document,
    terms: Terms = TERMS,
    checks: Sequence[Check] = CATALOGUE,
    unreadable: tuple[str, ...] = (),
) -> dict[str, Judge]:
    """Who judges each of some clinics, among files that cannot be read."""
    source = MemorySource(
        {str(each["clinic"]): to_yaml(each) for each in documents}
        | {id: f"clinic: {id}\n" for id in unreadable}
    )
    entries = [entry for entry in source.entries() if entry.id not in unreadable]
    fleet = Fleet(source, entries)
    found = {}
    for entry in entries:
        record = fleet.record(entry)
        assert record.clinic is not None, record.problems
        found[entry.id] = Judge(record.clinic, fleet.neighbours(record.clinic), checks, terms)
    return found


def judged(*documents: Document, **given: Any) -> list[Judgement]:
    """All judgements of the first of some clinics."""
    judge, *_ = judges(*documents, **given).values()
    return [*judge.judgements()]


def verdict(*documents: Document, complete: bool = True, **given: Any) -> tuple[Readiness, str]:
    """The verdict on the first of some clinics."""
    return readiness(judged(*documents, **given), complete=complete)


def work(*documents: Document, **given: Any) -> list[Task]:
    """The work list of some clinics."""
    found = judges(*documents, **given).values()
    return tasks({judge.clinic: [*judge.judgements()] for judge in found}, set())


def listed(some: Iterable[Task]) -> list[tuple[str, str, str, int]]:
    """Check, clinic, subject and number of pairs of each task, in their order."""
    return [
        (each.judgement.check.id, each.clinic.id, each.judgement.subject.id, each.unblocks)
        for each in some
    ]


def waiver(check: str, on: str | None = None, until: str = "2026-12-31") -> dict[str, str]:
    accepted = {"check": check, "reason": "Agreed", "owner": "practice manager", "until": until}
    return accepted if on is None else {**accepted, "on": on}


def booked(id: str = "88213", **facts: Any) -> dict[str, Any]:
    """An appointment with Dr Nwosu for tomorrow that has no link."""
    return {
        "id": id,
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": "2026-11-24T09:30:00+11:00",
        "link": False,
        **facts,
    }


NWOSU_OFF: Edits = {"practitioners.0.accepts_video_appointments": False}
LI_WEI_OFF: Edits = {"practitioners.1.accepts_video_appointments": False}
NOT_LINKED: Edits = {"appointment_types.0.linked_to": "none"}
NO_PMS_LISTS: Edits = {
    "pms.practitioners": REMOVED,
    "pms.appointment_types": REMOVED,
}


def long_video(**settings: Any) -> Edits:
    """A second video type, which Dr Li Wei offers."""
    return {
        "appointment_types.2": {
            "id": "video-long",
            "name": "Long Video Consult",
            "modality": "video",
            "telehealth": True,
            "telehealth_video": True,
            "linked_to": "31",
            "practitioners": ["dr-li-wei"],
            **settings,
        }
    }


# Readiness


READINESS: dict[str, tuple[Edits, Readiness]] = {
    "everything right": ({}, READY),
    "a warning": ({"dashboard.new_patient_approval": "manual"}, READY),
    "optional evidence not recorded": (NO_PMS_LISTS, READY),
    "an appointment with its link": ({"appointments": [booked(link=True)]}, READY),
    "a pending appointment": (
        {"appointments": [booked(created="2026-11-23T08:20:00+11:00")]},
        READY,
    ),
    "a waived failure": (
        {**NWOSU_OFF, "waivers": [waiver("VL201", "dr-amara-nwosu")]},
        WITH_WAIVERS,
    ),
    "a waived warning": (
        {"dashboard.new_patient_approval": "manual", "waivers": [waiver("VL601")]},
        WITH_WAIVERS,
    ),
    "a failure": (NWOSU_OFF, NOT_READY),
    "a must that is not recorded": (
        {"practitioners.0.accepts_video_appointments": REMOVED},
        NOT_READY,
    ),
    "a failure that blocks no pair": ({"as_of": "2026-10-01T09:00:00+11:00"}, NOT_READY),
    "nothing to go live with": ({"appointment_types": []}, NOT_READY),
    "one of two failures waived": (
        {**NWOSU_OFF, **LI_WEI_OFF, "waivers": [waiver("VL201", "dr-amara-nwosu")]},
        NOT_READY,
    ),
    "a waiver that is over": (
        {**NWOSU_OFF, "waivers": [waiver("VL201", until="2026-11-22")]},
        NOT_READY,
    ),
    "a waiver that is not needed": ({"waivers": [waiver("VL201")]}, NOT_READY),
    "an appointment without its link": ({"appointments": [booked()]}, NOT_READY),
}


@pytest.mark.parametrize(("edits", "expected"), READINESS.values(), ids=READINESS)
def test_readiness(edits: Edits, expected: Readiness) -> None:
    found, why = verdict(edited(right_clinic(), edits))
    assert found is expected
    assert bool(why) == (expected is WITH_WAIVERS)


ACCEPTED: dict[str, tuple[Edits, str]] = {
    "one": (
        {**NWOSU_OFF, "waivers": [waiver("VL201", "dr-amara-nwosu")]},
        "VL201 (dr-amara-nwosu) until 2026-12-31",
    ),
    "three": (
        {
            **NWOSU_OFF,
            **LI_WEI_OFF,
            "dashboard.new_patient_approval": "manual",
            "waivers": [waiver("VL201"), waiver("VL601", until="2026-11-30")],
        },
        "VL601 (harbourside) until 2026-11-30, VL201 (dr-amara-nwosu) until 2026-12-31 and"
        " VL201 (dr-li-wei) until 2026-12-31",
    ),
    "more": (
        {
            **NWOSU_OFF,
            **LI_WEI_OFF,
            "dashboard.new_patient_approval": "manual",
            "practitioners.0.visible_for_online_bookings": False,
            "waivers": [waiver("VL201"), waiver("VL312"), waiver("VL601", until="2026-11-30")],
        },
        "VL601 (harbourside) until 2026-11-30, VL201 (dr-amara-nwosu) until 2026-12-31,"
        " VL312 (dr-amara-nwosu::telehealth-video) until 2026-12-31 and 1 more",
    ),
    "an appointment, which is not named": (
        {
            "appointments": [
                booked(created="2026-11-23T08:59:00+11:00", starts="2026-11-23T09:05:00+11:00")
            ],
            "waivers": [waiver("VL502", "88213")],
        },
        "VL502 (an appointment) until 2026-12-31",
    ),
}


@pytest.mark.parametrize(("edits", "why"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_verdict_with_waivers_says_what_is_accepted_until_when(edits: Edits, why: str) -> None:
    assert verdict(edited(right_clinic(), edits)) == (WITH_WAIVERS, why)


@pytest.mark.parametrize("edits", [each for each, _ in READINESS.values()], ids=READINESS)
def test_a_part_of_a_run_gives_no_verdict(edits: Edits) -> None:
    found = verdict(edited(right_clinic(), edits), complete=False)
    assert found == (UNKNOWN, "only a part of its checks was run")


def test_a_waiver_does_not_count_in_an_audit() -> None:
    waived = edited(right_clinic(), {**NWOSU_OFF, "waivers": [waiver("VL201", "dr-amara-nwosu")]})
    assert verdict(waived, terms=replace(TERMS, honour_waivers=False)) == (NOT_READY, "")


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("edits", [{}, NWOSU_OFF], ids=["else right", "else wrong"])
def test_a_neighbour_that_cannot_be_read_leaves_it_unknown(edits: Edits, complete: bool) -> None:
    found = verdict(edited(right_clinic(), edits), complete=complete, unreadable=("north",))
    assert found == (
        UNKNOWN,
        "north.yaml cannot be read, and it may share Harbourside Medical Centre's PMS database",
    )


def test_that_a_neighbour_cannot_be_read_may_be_accepted() -> None:
    waived = edited(right_clinic(), {"waivers": [waiver("VL002")]})
    found, _ = verdict(waived, unreadable=("north",))
    assert found is WITH_WAIVERS


# A check that cannot answer


def unable(id: str) -> list[Check]:
    """The catalogue, with one check that raises instead of answering."""

    def cannot_answer(*_: object) -> None:
        raise ZeroDivisionError

    return [
        replace(check, run=cannot_answer, needs="") if check.id == id else check
        for check in CATALOGUE
    ]


def test_a_check_that_cannot_answer_fails_closed() -> None:
    assert verdict(right_clinic(), checks=unable("VL201")) == (NOT_READY, "")
    found = judged(right_clinic(), checks=unable("VL201"))
    assert cells(found)["dr-amara-nwosu"] == {"telehealth-video": Cell("VL201")}


def test_each_check_that_cannot_answer_is_a_task_that_says_so() -> None:
    some = work(right_clinic(), right_clinic("north", "NORTH-SQL"), checks=unable("VL201"))
    assert listed(some) == [
        ("VL201", id, who, 1)
        for id in ("harbourside", "north")
        for who in ("dr-amara-nwosu", "dr-li-wei")
    ]
    assert all(each.judgement.reason for each in some)


# The matrix


class Cell(NamedTuple):
    """The first cause why a pair has no link, or nothing, and whether that is waived."""

    cause: str | None
    waived: bool = False


def cells(found: Iterable[Judgement]) -> dict[str, dict[str, Cell]]:
    matrix: dict[str, dict[str, Cell]] = {}
    for link in links(found):
        assert isinstance(link.subject, Pair)
        first = cause(link)
        cell = Cell(first.check.id if first else None, link.excused)
        matrix.setdefault(link.subject.practitioner.id, {})[link.subject.type.id] = cell
    return matrix


LINK = Cell(None)
MATRIX: dict[str, tuple[Edits, tuple[Cell | None, Cell | None]]] = {
    "links": ({}, (LINK, LINK)),
    "a practitioner's switch": (NWOSU_OFF, (Cell("VL201"), LINK)),
    "a must that is not recorded": (
        {"practitioners.0.linked_to": REMOVED},
        (Cell("VL202"), LINK),
    ),
    "a type's switch": (
        {"appointment_types.0.telehealth_video": False},
        (Cell("VL302"), Cell("VL302")),
    ),
    "a type's link that one has of their own": (NOT_LINKED, (Cell("VL303"), LINK)),
    "an own link": (
        {"appointment_types.0.practitioners.1.linked_to": "none"},
        (LINK, Cell("VL311")),
    ),
    "the clinic's sync": (
        {"dashboard.last_synced": "2026-11-23T08:00:00+11:00"},
        (Cell("VL102"), Cell("VL102")),
    ),
    "the first of several causes": (
        {**NWOSU_OFF, **NOT_LINKED, "practitioners.0.linked_to": "none"},
        (Cell("VL201"), LINK),
    ),
    "the root of what is blocked itself": (
        {"practitioners.0.linked_to": "99", "appointment_types.0.linked_to": "none"},
        (Cell("VL203"), LINK),
    ),
    "a waived cause": (
        {**NWOSU_OFF, "waivers": [waiver("VL201")]},
        (Cell("VL201", waived=True), LINK),
    ),
    "a waived cause besides one that is not": (
        {**NWOSU_OFF, **NOT_LINKED, "waivers": [waiver("VL201")]},
        (Cell("VL201"), LINK),
    ),
    "not offered by one": (
        {"appointment_types.0.practitioners.1": REMOVED},
        (LINK, None),
    ),
    "archived": ({"practitioners.1.archived": True}, (LINK, None)),
    "warnings": ({"practitioners.1.visible_for_online_bookings": False}, (LINK, LINK)),
}


@pytest.mark.parametrize(("edits", "row"), MATRIX.values(), ids=MATRIX)
def test_matrix(edits: Edits, row: tuple[Cell | None, Cell | None]) -> None:
    by_practitioner = zip(("dr-amara-nwosu", "dr-li-wei"), row, strict=True)
    assert cells(judged(edited(right_clinic(), edits))) == {
        who: {"telehealth-video": cell} for who, cell in by_practitioner if cell
    }


def test_the_matrix_has_the_video_types_alone_and_a_type_that_nobody_offers_too() -> None:
    (judge,) = judges(edited(right_clinic(), long_video(practitioners=[]))).values()
    assert [type.id for type in judge.clinic.video_types] == ["telehealth-video", "video-long"]
    assert cells(judge.judgements()) == {
        "dr-amara-nwosu": {"telehealth-video": LINK},
        "dr-li-wei": {"telehealth-video": LINK},
    }


def test_the_matrix_of_a_conflict_between_two_clinics() -> None:
    assert cells(judged(*conflict()))["dr-amara-nwosu"] == {"telehealth-video": Cell("VL401")}


# The reconciliation


@examples
@given(fleets())
def test_the_reconciliation_adds_up(documents: dict[str, Document]) -> None:
    for id, judge in judges(*documents.values()).items():
        found = tally([*judge.judgements()])
        pairs = oracle.pairs(documents, id)
        expected = [oracle.link_expected(documents, id, *pair, NOW) for pair in pairs]
        assert found.pairs == len(pairs) == found.link_expected + found.blocked + found.failed
        assert found.link_expected == sum(expected)


@pytest.mark.parametrize(
    ("edits", "counts"),
    [
        ({}, (2, 0, 0)),
        (NWOSU_OFF, (1, 1, 0)),
        ({**NWOSU_OFF, "waivers": [waiver("VL201")]}, (1, 1, 0)),
        ({"pms.connected": False}, (0, 2, 0)),
        (long_video(), (3, 0, 0)),
        ({"appointment_types.0.practitioners": []}, (0, 0, 0)),
    ],
)
def test_pairs(edits: Edits, counts: tuple[int, int, int]) -> None:
    found = tally(judged(edited(right_clinic(), edits)))
    assert (found.link_expected, found.blocked, found.failed) == counts


def test_a_link_that_was_not_checked_is_not_expected() -> None:
    judgements = judged(edited(right_clinic(), NWOSU_OFF))
    found = tally(judgements, [False] * len(judgements))
    assert (found.pairs, found.link_expected, found.blocked, found.unchecked) == (2, 0, 1, 1)
    assert tally(judgements).unchecked == 0


def test_a_pair_fails_where_the_chain_is_broken_though_no_check_says_so() -> None:
    found = judged(right_clinic(), checks=unable("VL500"))
    assert (tally(found).pairs, tally(found).failed) == (2, 2)
    assert cells(found)["dr-li-wei"] == {"telehealth-video": Cell("VL500")}


UNRECORDED: dict[str, tuple[Edits, dict[str, int]]] = {
    "nothing": ({}, {}),
    "the lists of the PMS": (
        NO_PMS_LISTS,
        {
            "VL203-pms-link-resolves": 2,
            "VL206-in-appointment-book": 2,
            "VL304-pms-type-resolves": 1,
            "VL306-pms-type-name-fits": 1,
            "VL311-pair-linked": 1,
        },
    ),
    "switches that must be": (
        {
            "practitioners.0.accepts_video_appointments": REMOVED,
            "practitioners.1.accepts_video_appointments": REMOVED,
            "appointment_types.0.telehealth": REMOVED,
            "as_of": REMOVED,
        },
        {"VL003-recorded-recently": 1, "VL201-accepts-video": 2, "VL301-telehealth-on": 1},
    ),
    "what blocks": (
        {"practitioners.0.linked_to": REMOVED},
        {"VL202-linked-to-pms": 1},
    ),
    "what is wrong is recorded": (NWOSU_OFF, {}),
}


@pytest.mark.parametrize(("edits", "names"), UNRECORDED.values(), ids=UNRECORDED)
def test_checks_that_are_not_recorded_by_name(edits: Edits, names: dict[str, int]) -> None:
    found = tally(judged(edited(right_clinic(), edits))).unrecorded
    assert {each.check: each.items for each in found} == names


def test_pending_appointments_are_counted() -> None:
    fresh = "2026-11-23T08:20:00+11:00"
    document = edited(
        right_clinic(),
        {
            "appointments": [
                booked("1", created=fresh),
                booked("2", created=fresh, link=True),
                booked("3", created=fresh, modality="phone"),
                booked("4"),
                booked("5", created=fresh),
            ]
        },
    )
    assert tally(judged(document)).pending == 2


# The work list


def conflict() -> tuple[Document, Document]:
    """Two clinics on one database, with Dr Nwosu on both Dashboards."""
    harbourside = edited(right_clinic(), {"pms.shares_database_with": ["north"]})
    north = edited(
        right_clinic("north"),
        {
            "pms.shares_database_with": ["harbourside"],
            "practitioners.1": REMOVED,
            "appointment_types.0.practitioners.1": REMOVED,
        },
    )
    return harbourside, north


def test_what_is_right_waived_blocked_or_not_recorded_is_no_task() -> None:
    document = edited(right_clinic(), {**NWOSU_OFF, **NO_PMS_LISTS, "waivers": [waiver("VL201")]})
    assert work(right_clinic("north", "NORTH-SQL"), document) == []


def test_a_conflict_between_two_clinics_is_one_task() -> None:
    assert listed(work(*conflict())) == [("VL401", "harbourside", "dr-amara-nwosu", 2)]


def test_a_conflict_between_three_clinics_is_one_task() -> None:
    ids = ["harbourside", "north", "south"]
    documents = [
        edited(
            conflict()[1],
            {"clinic": id, "pms.shares_database_with": [each for each in ids if each != id]},
        )
        for id in ids
    ]
    assert listed(work(*documents)) == [("VL401", "harbourside", "dr-amara-nwosu", 3)]


def test_equal_mistakes_of_two_clinics_are_two_tasks() -> None:
    documents = [edited(right_clinic(id, id), NWOSU_OFF) for id in ("harbourside", "north")]
    assert listed(work(*documents)) == [
        ("VL201", "harbourside", "dr-amara-nwosu", 1),
        ("VL201", "north", "dr-amara-nwosu", 1),
    ]


def test_a_claim_to_share_a_database_is_one_task_of_the_clinic_that_makes_it() -> None:
    """The other clinic's record is right: there is nothing to write in it."""
    north = edited(right_clinic("north", "N"), {"pms.shares_database_with": ["harbourside"]})
    assert listed(work(right_clinic(), north)) == [("VL402", "north", "north", 4)]


def test_a_record_that_three_clinics_wait_for_is_one_task() -> None:
    documents = [right_clinic(id, id) for id in ("harbourside", "north", "south")]
    assert listed(work(*documents, unreadable=("west",))) == [
        ("VL002", "harbourside", "harbourside", 6)
    ]


def test_a_setting_that_fails_for_two_types_is_one_task() -> None:
    document = edited(
        right_clinic(),
        {
            **long_video(online_bookings=True),
            "practitioners.1.visible_for_online_bookings": False,
        },
    )
    assert listed(work(document)) == [
        ("VL308", "harbourside", "video-long", 0),
        ("VL312", "harbourside", "dr-li-wei::telehealth-video", 0),
    ]


def test_what_unblocks_most_comes_first() -> None:
    document = edited(
        right_clinic(),
        {
            **long_video(telehealth=False),
            **NWOSU_OFF,
            **LI_WEI_OFF,
            "as_of": "2026-10-01T09:00:00+11:00",
            "dashboard.last_synced": "2026-10-01T08:00:00+11:00",
            "dashboard.new_patient_approval": "manual",
        },
    )
    assert listed(work(document)) == [
        ("VL102", "harbourside", "harbourside", 3),
        ("VL201", "harbourside", "dr-li-wei", 2),
        ("VL301", "harbourside", "video-long", 2),
        ("VL201", "harbourside", "dr-amara-nwosu", 1),
        ("VL003", "harbourside", "harbourside", 0),
        ("VL308", "harbourside", "video-long", 0),
        ("VL601", "harbourside", "harbourside", 0),
    ]


def test_what_unblocks_most_comes_first_over_all_clinics() -> None:
    small = edited(right_clinic("ashfield", "A"), NWOSU_OFF)
    large = edited(right_clinic("zetland", "Z"), {"pms.connected": False})
    assert listed(work(small, large)) == [
        ("VL103", "zetland", "zetland", 2),
        ("VL201", "ashfield", "dr-amara-nwosu", 1),
    ]


OPEN: dict[str, tuple[Edits, str, bool]] = {
    "VL003 old": ({"as_of": "2026-10-01T09:00:00+11:00"}, "VL003", True),
    "VL005": ({"appointment_types.0": REMOVED}, "VL005", True),
    "VL102": ({"dashboard.last_synced": "2026-11-23T08:00:00+11:00"}, "VL102", True),
    "VL103": ({"pms.connected": False}, "VL103", False),
    "VL103 not recorded": ({"pms.connected": REMOVED}, "VL103", True),
    "VL201": (NWOSU_OFF, "VL201", False),
    "VL201 not recorded": (
        {"practitioners.0.accepts_video_appointments": REMOVED},
        "VL201",
        True,
    ),
    "VL202": ({"practitioners.0.linked_to": "none"}, "VL202", True),
    "VL203": ({"practitioners.0.linked_to": "99"}, "VL203", True),
    "VL206": ({"pms.practitioners.0.in_appointment_book": False}, "VL206", False),
    "VL301": ({"appointment_types.0.telehealth": False}, "VL301", False),
    "VL302": ({"appointment_types.0.telehealth_video": False}, "VL302", False),
    "VL303": (NOT_LINKED, "VL303", True),
    "VL304": ({"appointment_types.0.linked_to": "99"}, "VL304", True),
    "VL305": ({"appointment_types.0.linked_to": ["29", "40"]}, "VL305", True),
    "VL307": (
        {"appointment_types.1.modality": "phone", "appointment_types.1.telehealth_video": True},
        "VL307",
        False,
    ),
    "VL309": ({"appointment_types.0.practitioners": []}, "VL309", True),
    "VL310": ({"appointment_types.0.practitioners.0": REMOVED}, "VL310", True),
    "VL311": ({"appointment_types.0.practitioners.1.linked_to": "40"}, "VL311", True),
    "VL312": ({"practitioners.1.visible_for_online_bookings": False}, "VL312", True),
    "VL402": ({"pms.shares_database_with": ["harbourside"]}, "VL402", False),
    "VL402, not written": ({"pms.shares_database_with": ["north"]}, "VL402", True),
    "VL601": ({"dashboard.new_patient_approval": "manual"}, "VL601", False),
    "VL701": ({"practitioners.0.provider_number": "2123451X"}, "VL701", True),
}


DECISIONS = {"VL305", "VL309", "VL310", "VL312", "VL601"}


@pytest.mark.parametrize(("edits", "check", "is_open"), OPEN.values(), ids=OPEN)
def test_what_has_no_one_right_value_and_what_leaves_a_choice(
    edits: Edits, check: str, is_open: bool
) -> None:
    (task,) = [
        each for each in work(edited(right_clinic(), edits)) if each.judgement.check.id == check
    ]
    assert task.is_open is is_open
    assert task.is_decision is (check in DECISIONS)


def test_who_belongs_to_which_dashboard_is_a_decision() -> None:
    assert [task.is_decision for task in work(*conflict())] == [True]


def test_a_task_says_how_much_more_is_wrong() -> None:
    waivers = [waiver("VL201", "nobody"), waiver("VL999"), waiver("VL500")]
    (task,) = work(edited(right_clinic(), {"waivers": waivers}))
    assert task.what == "The waiver of VL201 on nobody matches nothing in this clinic (and 2 more)"


PROFILES = "Dashboard > Bookings > Practitioner Setup"
TYPES = "Dashboard > Bookings > Appointment Types"
SCREENS: dict[str, tuple[Edits, str, str]] = {
    "VL003": ({"as_of": REMOVED}, "practice manager", "the record"),
    "VL005": ({"appointment_types.0": REMOVED}, "practice manager", TYPES),
    "VL102": (
        {"dashboard.last_synced": "2026-11-23T08:00:00+11:00"},
        "PMS administrator",
        "PMS",
    ),
    "VL103": ({"pms.connected": False}, "PMS administrator", "PMS"),
    "VL201": (NWOSU_OFF, "practice manager", PROFILES),
    "VL202": ({"practitioners.0.linked_to": "none"}, "practice manager", PROFILES),
    "VL301": ({"appointment_types.0.telehealth": False}, "practice manager", TYPES),
    "VL302": ({"appointment_types.0.telehealth_video": False}, "practice manager", TYPES),
    "VL303": (NOT_LINKED, "practice manager", TYPES),
    "VL310": (
        {"appointment_types.0.practitioners.0": REMOVED},
        "practice manager",
        PROFILES,
    ),
    "VL601": (
        {"dashboard.new_patient_approval": "manual"},
        "practice manager",
        "Dashboard > Bookings > Settings",
    ),
}


@pytest.mark.parametrize(("check", "case"), SCREENS.items(), ids=SCREENS)
def test_who_does_it_and_on_which_screen(check: str, case: tuple[Edits, str, str]) -> None:
    edits, who, where = case
    (task,) = [
        each for each in work(edited(right_clinic(), edits)) if each.judgement.check.id == check
    ]
    assert (task.judgement.check.who, screen(task.judgement.check)) == (who, where)


# Appointments


def test_appointments_to_recreate_are_no_tasks_but_come_after_them() -> None:
    document = edited(
        right_clinic(),
        {
            **NWOSU_OFF,
            "appointments": [
                booked("3", starts="2026-11-25T09:30:00+11:00"),
                booked("1"),
                booked("2", starts="2026-11-23T09:05:00+11:00"),
                booked("4", practitioner="dr-li-wei", pms_type="31", link=True),
            ],
        },
    )
    assert listed(work(document)) == [("VL201", "harbourside", "dr-amara-nwosu", 1)]
    found = duties(judged(document))
    assert {duty: [each.subject.id for each in some] for duty, some in found.items()} == {
        "recreate": ["1", "3"],
        "telephone": ["2"],
    }


def test_an_appointment_for_the_vendors_support_is_a_task() -> None:
    document = edited(right_clinic(), {"appointments": [booked()]})
    assert listed(work(document)) == [("VL501", "harbourside", "88213", 0)]
    assert duties(judged(document)) == {}


# The claim behind the work list


def write(documents: dict[str, Document], edits: Iterable[Edit]) -> list[Document]:
    fixed = dict(documents)
    for id, path, value in edits:
        written = list(value) if isinstance(value, tuple) else value
        fixed[id] = edited(fixed[id], {".".join(map(str, path)): written})
    return list(fixed.values())


def edits_of(some: Iterable[Task]) -> list[Edit]:
    """What the tasks say to write, each place once."""
    edits: dict[tuple[str, Path], Edit] = {}
    for task in some:
        for finding in task.judgement.findings:
            if finding.edit is not None and task.judgement.state is State.FAILED:
                assert isinstance(finding.at, tuple)
                edit = (task.clinic.id, finding.at, finding.edit)
                assert edits.setdefault(edit[:2], edit) == edit
    return list(edits.values())


Failing: TypeAlias = dict[tuple[str, str, str], Judgement]


def failing(documents: Iterable[Document]) -> Failing:
    """What keeps the clinics from going live, by clinic, check and subject."""
    return {
        (id, each.check.id, each.subject.id): each
        for id, judge in judges(*documents).items()
        for each in judge.judgements()
        if each.state in (State.FAILED, State.BLOCKED) and each.check.severity == "error"
    }


def is_open(judgement: Judgement, clinic: Clinic) -> bool:
    return judgement.state is State.FAILED and Task(judgement, clinic, 0).is_open


def open_ones(documents: Iterable[Document]) -> set[tuple[str, str, str]]:
    return {
        (id, each.check.id, each.subject.id)
        for id, judge in judges(*documents).items()
        for each in judge.judgements()
        if is_open(each, judge.clinic)
    }


@examples
@given(fleets())
def test_all_edits_leave_only_what_is_open_and_what_it_blocks(
    documents: dict[str, Document],
) -> None:
    left_open = open_ones(documents.values())
    edits = edits_of(work(*documents.values()))
    for (id, *_), judgement in failing(write(documents, edits)).items():
        for root in judgement.roots or (judgement,):
            assert (id, root.check.id, root.subject.id) in left_open


@examples
@given(fleets())
def test_every_edit_is_needed(documents: dict[str, Document]) -> None:
    left_open = open_ones(documents.values())
    edits = edits_of(work(*documents.values()))
    left = failing(write(documents, edits)).keys() - left_open
    for left_out in edits:
        rest = [edit for edit in edits if edit != left_out]
        assert failing(write(documents, rest)).keys() - left_open > left
