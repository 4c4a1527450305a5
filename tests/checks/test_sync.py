"""VL1xx: timing and sync."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from support import REMOVED, TERMS, Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

Edits: TypeAlias = dict[str, Any]

PASSED, FAILED, WARNED = State.PASSED, State.FAILED, State.WARNED
UNRECORDED, BLOCKED, WAIVED = State.UNRECORDED, State.BLOCKED, State.WAIVED

PAIRS = ("dr-amara-nwosu::telehealth-video", "dr-li-wei::telehealth-video")


def waiver(check: str) -> Document:
    return {
        "check": check,
        "reason": "Server room is being moved",
        "owner": "PMS administrator",
        "until": "2026-12-31",
    }


# VL101


def _unnamed(system: str) -> str:
    return f"Harbourside Medical Centre uses {system}, a PMS that the video articles do not name"


@pytest.mark.parametrize(
    ("system", "state", "line"),
    [
        ("best-practice", PASSED, ""),
        ("pracsoft", PASSED, ""),
        ("zedmed", PASSED, ""),
        ("  Best-Practice ", PASSED, ""),
        ("PRACSOFT", PASSED, ""),
        ("genie", WARNED, _unnamed("genie")),
        ("best practice", PASSED, ""),
        ("best-practice premier", PASSED, ""),
        ("Bp Allied", WARNED, _unnamed("Bp Allied")),
        ("Genie\x1b[31m Solutions", WARNED, _unnamed("Genie[31m Solutions")),
    ],
)
def test_pms_supported(system: str, state: State, line: str) -> None:
    judgement = judged(edited(right_clinic(), {"pms.system": system}))["VL101"]
    assert (judgement.state, judgement.reason) == (state, line)


def test_another_pms_is_waived() -> None:
    clinic = edited(right_clinic(), {"pms.system": "genie", "waivers": [waiver("VL101")]})
    judgement = judged(clinic)["VL101"]
    assert (judgement.state, judgement.reason) == (WAIVED, _unnamed("genie"))


def test_another_pms_blocks_no_link() -> None:
    items = judged(edited(right_clinic(), {"pms.system": "genie"}))
    assert [key for key, item in items.items() if item.state is not PASSED] == ["VL101"]


# VL102

AS_OF, SYNCED = "as_of", "dashboard.last_synced"
UNKNOWN = "The last sync is not recorded for Harbourside Medical Centre"


def _behind(span: str) -> str:
    return f"Harbourside Medical Centre last synced with its PMS {span}"


def _after(reference: str) -> str:
    return f"The last sync of Harbourside Medical Centre is dated after {reference}"


@pytest.mark.parametrize(
    ("edits", "state", "line"),
    [
        pytest.param({}, PASSED, "", id="five minutes before its record was read"),
        pytest.param({SYNCED: "2026-11-23T08:15:00+11:00"}, PASSED, "", id="exactly the window"),
        pytest.param(
            {SYNCED: "2026-11-23T08:14:59+11:00"},
            FAILED,
            _behind("15 minutes 1 second before its record was read"),
            id="a second more",
        ),
        pytest.param(
            {SYNCED: "2026-11-20T07:29:00+11:00"},
            FAILED,
            _behind("3 days 1 hour before its record was read"),
            id="days before",
        ),
        pytest.param({SYNCED: "2026-11-22T21:15:00Z"}, PASSED, "", id="in UTC"),
        pytest.param({SYNCED: "2026-11-23T08:30:00+11:00"}, PASSED, "", id="at the same time"),
        pytest.param(
            {SYNCED: "2026-11-23T08:30:01+11:00"},
            FAILED,
            _after("the record was read"),
            id="a second after the record was read",
        ),
        pytest.param(
            {AS_OF: "2026-11-01T08:30:00+11:00", SYNCED: "2026-11-01T08:15:00+11:00"},
            PASSED,
            "",
            id="measured from when the record was read, however long ago",
        ),
        pytest.param(
            {AS_OF: "2026-11-23T09:00:00+11:00", SYNCED: "2026-11-23T08:45:00+11:00"},
            PASSED,
            "",
            id="read now, exactly the window",
        ),
        pytest.param(
            {AS_OF: "2026-11-23T09:00:00+11:00", SYNCED: "2026-11-23T08:44:59+11:00"},
            FAILED,
            _behind("15 minutes 1 second before its record was read"),
            id="read now, a second more",
        ),
        pytest.param(
            {AS_OF: REMOVED, SYNCED: "2026-11-23T08:45:00+11:00"},
            PASSED,
            "",
            id="as_of not recorded, exactly the window before now",
        ),
        pytest.param(
            {AS_OF: REMOVED, SYNCED: "2026-11-23T08:44:59+11:00"},
            FAILED,
            _behind("15 minutes 1 second ago"),
            id="as_of not recorded, a second more",
        ),
        pytest.param(
            {AS_OF: REMOVED, SYNCED: "2026-11-23T09:00:00+11:00"},
            PASSED,
            "",
            id="as_of not recorded, synced now",
        ),
        pytest.param(
            {AS_OF: REMOVED, SYNCED: "2026-11-23T09:00:01+11:00"},
            FAILED,
            _after("now"),
            id="as_of not recorded, synced a second after now",
        ),
        pytest.param(
            {AS_OF: "2026-11-23T09:00:01+11:00", SYNCED: "2026-11-23T08:45:00+11:00"},
            PASSED,
            "",
            id="as_of in the future, exactly the window before now",
        ),
        pytest.param(
            {AS_OF: "2026-11-23T09:00:01+11:00", SYNCED: "2026-11-23T08:44:59+11:00"},
            FAILED,
            _behind("15 minutes 1 second ago"),
            id="as_of in the future, a second more",
        ),
        pytest.param(
            {AS_OF: "2026-11-23T10:00:00+11:00", SYNCED: "2026-11-23T09:55:00+11:00"},
            FAILED,
            _after("now"),
            id="both in the future",
        ),
        pytest.param({SYNCED: REMOVED}, UNRECORDED, UNKNOWN, id="left out"),
        pytest.param({SYNCED: None}, UNRECORDED, UNKNOWN, id="null"),
        pytest.param({"dashboard": REMOVED}, UNRECORDED, UNKNOWN, id="no settings recorded"),
        pytest.param(
            {SYNCED: "2026-11-23T07:30:00+11:00", "waivers": [waiver("VL102")]},
            WAIVED,
            _behind("1 hour before its record was read"),
            id="waived",
        ),
    ],
)
def test_synced_recently(edits: Edits, state: State, line: str) -> None:
    judgement = judged(edited(right_clinic(), edits))["VL102"]
    assert (judgement.state, judgement.reason) == (state, line)


@pytest.mark.parametrize(
    ("minutes", "synced", "line"),
    [
        (0, "2026-11-23T08:30:00+11:00", ""),
        (
            0,
            "2026-11-23T08:29:59+11:00",
            _behind("1 second before its record was read"),
        ),
        (60, "2026-11-23T07:30:00+11:00", ""),
        (
            60,
            "2026-11-23T07:29:59+11:00",
            _behind("1 hour 1 second before its record was read"),
        ),
    ],
)
def test_another_sync_window(minutes: int, synced: str, line: str) -> None:
    terms = replace(TERMS, sync_window=timedelta(minutes=minutes))
    items = judged(edited(right_clinic(), {SYNCED: synced}), terms=terms)
    assert items["VL102"].reason == line
    expected = "a sync in the 1 hour before the record was read" if minutes else "a sync just then"
    assert [each.expected for each in items["VL102"].findings] == ([expected] if line else [])


ZONES = ["Australia/Sydney", "Australia/Adelaide", "Australia/Brisbane", "Australia/Perth"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("synced", "line"),
    [
        ("2026-11-22T08:15:00", ""),
        (
            "2026-11-22T08:14:59",
            _behind("15 minutes 1 second before its record was read"),
        ),
        ("2026-11-22T08:30:00", ""),
        ("2026-11-22T08:30:01", _after("the record was read")),
    ],
)
def test_the_window_in_the_clinics_own_time(zone: str, synced: str, line: str) -> None:
    edits = {"timezone": zone, AS_OF: "2026-11-22T08:30:00", SYNCED: synced}
    assert judged(edited(right_clinic(), edits))["VL102"].reason == line


@pytest.mark.parametrize(
    ("zone", "synced", "a_second_more"),
    [
        ("Australia/Sydney", "2026-11-23T08:45:00", "2026-11-23T08:44:59"),
        ("Australia/Adelaide", "2026-11-23T08:15:00", "2026-11-23T08:14:59"),
        ("Australia/Brisbane", "2026-11-23T07:45:00", "2026-11-23T07:44:59"),
        ("Australia/Perth", "2026-11-23T05:45:00", "2026-11-23T05:44:59"),
    ],
)
def test_the_window_before_now_in_the_clinics_own_time(
    zone: str, synced: str, a_second_more: str
) -> None:
    clinic = edited(right_clinic(), {"timezone": zone, AS_OF: REMOVED})
    assert judged(edited(clinic, {SYNCED: synced}))["VL102"].state is PASSED
    late = judged(edited(clinic, {SYNCED: a_second_more}))["VL102"]
    assert late.reason == _behind("15 minutes 1 second ago")


@pytest.mark.parametrize("zone", ["Australia/Sydney", "Australia/Adelaide"])
@pytest.mark.parametrize(
    ("synced", "line"),
    [
        ("2026-10-04T01:50:00", ""),
        (
            "2026-10-04T01:49:59",
            _behind("15 minutes 1 second before its record was read"),
        ),
    ],
)
def test_the_window_while_the_clocks_go_forward(zone: str, synced: str, line: str) -> None:
    edits = {"timezone": zone, AS_OF: "2026-10-04T03:05:00", SYNCED: synced}
    assert judged(edited(right_clinic(), edits))["VL102"].reason == line


@pytest.mark.parametrize("zone", ["Australia/Sydney", "Australia/Adelaide"])
def test_the_window_while_the_clocks_go_back(zone: str) -> None:
    terms = replace(
        TERMS,
        now=datetime.fromisoformat("2027-04-04T12:00:00+10:00"),
        sync_window=timedelta(minutes=90),
    )
    edits = {"timezone": zone, AS_OF: "2027-04-04T03:00:00", SYNCED: "2027-04-04T01:59:00"}
    judgement = judged(edited(right_clinic(), edits), terms=terms)["VL102"]
    assert judgement.state is FAILED
    assert judgement.reason == _behind("2 hours 1 minute before its record was read")


def test_a_missed_sync_blocks_every_link() -> None:
    items = judged(edited(right_clinic(), {SYNCED: "2026-11-23T07:30:00+11:00"}))
    assert {key: item.state for key, item in items.items() if item.state is not PASSED} == {
        "VL102": FAILED,
        **{f"VL500 {pair}": BLOCKED for pair in PAIRS},
    }


def test_an_unknown_sync_blocks_nothing() -> None:
    items = judged(edited(right_clinic(), {SYNCED: REMOVED}))
    assert [key for key, item in items.items() if item.state is not PASSED] == ["VL102"]


# VL103

CUT_OFF = "Harbourside Medical Centre is not connected to its PMS"
UNSURE = "The PMS connection is not recorded for Harbourside Medical Centre"


@pytest.mark.parametrize(
    ("edits", "state", "line"),
    [
        pytest.param({}, PASSED, "", id="connected"),
        pytest.param({"pms.connected": "On"}, PASSED, "", id="on"),
        pytest.param({"pms.connected": False}, FAILED, CUT_OFF, id="not connected"),
        pytest.param({"pms.connected": "NO"}, FAILED, CUT_OFF, id="no"),
        pytest.param({"pms.connected": REMOVED}, FAILED, UNSURE, id="left out"),
        pytest.param({"pms.connected": ""}, FAILED, UNSURE, id="blank"),
        pytest.param(
            {"pms.connected": False, "waivers": [waiver("VL103")]}, WAIVED, CUT_OFF, id="waived"
        ),
        pytest.param(
            {"pms.connected": REMOVED, "waivers": [waiver("VL103")]},
            FAILED,
            UNSURE,
            id="left out, and waived for nothing",
        ),
    ],
)
def test_pms_connected(edits: Edits, state: State, line: str) -> None:
    judgement = judged(edited(right_clinic(), edits))["VL103"]
    assert (judgement.state, judgement.reason) == (state, line)


@pytest.mark.parametrize("connected", [False, REMOVED])
def test_a_lost_connection_blocks_every_link(connected: Any) -> None:
    items = judged(edited(right_clinic(), {"pms.connected": connected}))
    assert {key: item.reason for key, item in items.items() if item.state is BLOCKED} == {
        f"VL500 {pair}": "blocked by VL103 (harbourside)" for pair in PAIRS
    }
