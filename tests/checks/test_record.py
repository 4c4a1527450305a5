"""VL0xx: the record itself, and what waivers accept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest
from conftest import Clinics
from support import REMOVED, TERMS, Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

Edits: TypeAlias = dict[str, Any]

PASSED, FAILED, WARNED = State.PASSED, State.FAILED, State.WARNED
UNRECORDED, BLOCKED, WAIVED = State.UNRECORDED, State.BLOCKED, State.WAIVED

AMARA_VIDEO = "dr-amara-nwosu::telehealth-video"
LI_WEI_VIDEO = "dr-li-wei::telehealth-video"


def waiver(check: str, on: str | None = None, until: str = "2026-12-31") -> Document:
    return {
        "check": check,
        "on": on,
        "reason": "Agreed for the pilot",
        "owner": "practice manager",
        "until": until,
    }


def clinic_with(edits: Edits, *waivers: Document) -> Document:
    return edited(right_clinic(), {**edits, "waivers": list(waivers)})


# VL001: a clinic that a check can be asked about has been read.


def test_a_record_that_can_be_read_is_valid() -> None:
    assert judged(right_clinic())["VL001"].state is PASSED


# VL002. What counts as a neighbour that cannot be read: test_dashboards.py.

BROKEN = {"practitioners.0.colour": "blue"}
BAYSIDE = "bayside.yaml cannot be read, and it may share Harbourside Medical Centre's PMS database"
COOGEE = "coogee.yaml cannot be read, and it may share Harbourside Medical Centre's PMS database"


@pytest.mark.parametrize(
    ("neighbours", "state", "lines"),
    [
        pytest.param([], PASSED, [], id="alone"),
        pytest.param([right_clinic("bayside")], PASSED, [], id="same database, readable"),
        pytest.param([right_clinic("bayside", "BAY-SQL")], PASSED, [], id="another database"),
        pytest.param([edited(right_clinic("bayside"), BROKEN)], FAILED, [BAYSIDE], id="broken"),
        pytest.param(
            [edited(right_clinic("bayside", "BAY-SQL"), BROKEN)],
            PASSED,
            [],
            id="broken, on another database",
        ),
        pytest.param(
            [edited(right_clinic(id), BROKEN) for id in ("bayside", "coogee")],
            FAILED,
            [BAYSIDE, COOGEE],
            id="two broken",
        ),
    ],
)
def test_neighbours_readable(neighbours: list[Document], state: State, lines: list[str]) -> None:
    judgement = judged(right_clinic(), *neighbours)["VL002"]
    assert judgement.state is state
    assert [finding.summary for finding in judgement.findings] == lines


def test_neighbours_readable_is_waived() -> None:
    items = judged(clinic_with({}, waiver("VL002")), edited(right_clinic("bayside"), BROKEN))
    assert (items["VL002"].state, items["VL002"].reason) == (WAIVED, BAYSIDE)
    assert items["VL402"].excused


# VL003

FUTURE = "The record of Harbourside Medical Centre is dated in the future"
AS_OF_UNRECORDED = (
    "When the record was read off the Dashboard is not recorded for Harbourside Medical Centre"
)


def _old(age: str) -> str:
    return f"The record of Harbourside Medical Centre is {age} old"


@pytest.mark.parametrize(
    ("as_of", "state", "line"),
    [
        pytest.param("2026-11-23T08:30:00+11:00", PASSED, "", id="this morning"),
        pytest.param("2026-10-24T09:00:00+11:00", PASSED, "", id="exactly the maximum age"),
        pytest.param(
            "2026-10-24T08:59:59+11:00", FAILED, _old("30 days 1 second"), id="a second older"
        ),
        pytest.param("2025-11-23T09:00:00+11:00", FAILED, _old("365 days"), id="a year old"),
        pytest.param("2026-11-23T09:00:00+11:00", PASSED, "", id="now"),
        pytest.param("2026-11-22T22:00:00Z", PASSED, "", id="now in UTC"),
        pytest.param("2026-11-23T09:00:01+11:00", FAILED, FUTURE, id="a second ahead"),
        pytest.param(REMOVED, FAILED, AS_OF_UNRECORDED, id="left out"),
        pytest.param(None, FAILED, AS_OF_UNRECORDED, id="null"),
        pytest.param(" ", FAILED, AS_OF_UNRECORDED, id="blank"),
    ],
)
def test_recorded_recently(as_of: Any, state: State, line: str) -> None:
    judgement = judged(edited(right_clinic(), {"as_of": as_of}))["VL003"]
    assert (judgement.state, judgement.reason) == (state, line)


@pytest.mark.parametrize(
    ("zone", "oldest", "too_old", "now", "ahead"),
    [
        (
            "Australia/Sydney",
            "2026-10-24T09:00:00",
            "2026-10-24T08:59:59",
            "2026-11-23T09:00:00",
            "2026-11-23T09:00:01",
        ),
        (
            "Australia/Adelaide",
            "2026-10-24T08:30:00",
            "2026-10-24T08:29:59",
            "2026-11-23T08:30:00",
            "2026-11-23T08:30:01",
        ),
        (
            "Australia/Brisbane",
            "2026-10-24T08:00:00",
            "2026-10-24T07:59:59",
            "2026-11-23T08:00:00",
            "2026-11-23T08:00:01",
        ),
        (
            "Australia/Perth",
            "2026-10-24T06:00:00",
            "2026-10-24T05:59:59",
            "2026-11-23T06:00:00",
            "2026-11-23T06:00:01",
        ),
    ],
)
def test_the_age_in_the_clinics_own_time(
    zone: str, oldest: str, too_old: str, now: str, ahead: str
) -> None:
    def line(as_of: str) -> str:
        return judged(edited(right_clinic(), {"timezone": zone, "as_of": as_of}))["VL003"].reason

    assert line(oldest) == line(now) == ""
    assert line(too_old) == _old("30 days 1 second")
    assert line(ahead) == FUTURE


@pytest.mark.parametrize(
    ("as_of", "line"),
    [("2026-10-01T08:00:00", ""), ("2026-10-01T07:59:59", _old("30 days 1 second"))],
)
def test_the_age_across_a_change_of_the_clocks(as_of: str, line: str) -> None:
    terms = replace(TERMS, now=datetime.fromisoformat("2026-10-31T09:00:00+11:00"))
    assert judged(edited(right_clinic(), {"as_of": as_of}), terms=terms)["VL003"].reason == line


@pytest.mark.parametrize(
    ("as_of", "line"),
    [("2026-11-22T09:00:00+11:00", ""), ("2026-11-22T08:59:59+11:00", _old("1 day 1 second"))],
)
def test_another_maximum_age(as_of: str, line: str) -> None:
    terms = replace(TERMS, max_age=timedelta(days=1))
    assert judged(edited(right_clinic(), {"as_of": as_of}), terms=terms)["VL003"].reason == line


@pytest.mark.parametrize(
    ("as_of", "line"),
    [
        ("2026-11-23T09:01:00+11:00", ""),
        ("2026-11-23T09:15:00+11:00", ""),
        ("2026-11-23T09:15:01+11:00", FUTURE),
    ],
)
def test_a_clock_that_may_be_behind(as_of: str, line: str) -> None:
    terms = replace(TERMS, leeway=timedelta(minutes=15))
    items = judged(
        edited(right_clinic(), {"as_of": as_of, "dashboard.last_synced": as_of}), terms=terms
    )
    assert items["VL003"].reason == line
    # The last sync is as old as the record then, and else lies after now.
    assert (items["VL102"].state is PASSED) == (not line)


# VL005

NO_VIDEO = "Harbourside Medical Centre has no video appointment type recorded"
VIDEO, STANDARD = "appointment_types.0", "appointment_types.1"


@pytest.mark.parametrize(
    ("edits", "state", "line"),
    [
        pytest.param({}, PASSED, "", id="a video type"),
        pytest.param({f"{VIDEO}.modality": REMOVED}, PASSED, "", id="by its switch and name"),
        pytest.param(
            {f"{VIDEO}.modality": REMOVED, f"{VIDEO}.name": "Online Consult"},
            PASSED,
            "",
            id="by its switch",
        ),
        pytest.param(
            {f"{VIDEO}.modality": REMOVED, f"{VIDEO}.telehealth_video": False},
            PASSED,
            "",
            id="by its name",
        ),
        pytest.param(
            {
                f"{VIDEO}.modality": REMOVED,
                f"{VIDEO}.telehealth_video": REMOVED,
                f"{VIDEO}.name": "(VIDEOCONFERENCE)",
            },
            PASSED,
            "",
            id="by the beginning of a word, in any case",
        ),
        pytest.param(
            {
                f"{VIDEO}.modality": REMOVED,
                f"{VIDEO}.telehealth_video": REMOVED,
                f"{VIDEO}.name": "Telehealth Nonvideo",
            },
            FAILED,
            NO_VIDEO,
            id="not by the end of a word",
        ),
        pytest.param(
            {f"{VIDEO}.practitioners": []}, PASSED, "", id="a video type that nobody offers"
        ),
        pytest.param({f"{VIDEO}.modality": "phone"}, FAILED, NO_VIDEO, id="phone, with video on"),
        pytest.param({VIDEO: REMOVED}, FAILED, NO_VIDEO, id="standard types only"),
        pytest.param({"appointment_types": []}, FAILED, NO_VIDEO, id="no types"),
        pytest.param({"appointment_types": REMOVED}, FAILED, NO_VIDEO, id="types not recorded"),
        pytest.param({"appointment_types": None}, FAILED, NO_VIDEO, id="types left blank"),
    ],
)
def test_does_video(edits: Edits, state: State, line: str) -> None:
    judgement = judged(edited(right_clinic(), edits))["VL005"]
    assert (judgement.state, judgement.reason) == (state, line)


# VL006

REPLACED = "TO BE REPLACED"


@pytest.mark.parametrize(
    ("edits", "lines"),
    [
        ({}, []),
        ({"name": REPLACED}, ["name is still to be replaced"]),
        (
            {"pms.system": "to be replaced (what?)", "pms.database": f"{REPLACED}: ask IT"},
            [
                "pms.system of Harbourside Medical Centre is still to be replaced",
                "pms.database of Harbourside Medical Centre is still to be replaced",
            ],
        ),
        ({"timezone": REPLACED}, ["timezone is still to be replaced"]),
        (
            {"practitioners.0.name": f"  {REPLACED}"},
            ["name of dr-amara-nwosu is still to be replaced"],
        ),
        ({"practitioners.0.provider_number": REPLACED}, []),
    ],
)
def test_answered(edits: Edits, lines: list[str]) -> None:
    judgement = judged(edited(right_clinic(), edits))["VL006"]
    assert [finding.summary for finding in judgement.findings] == lines
    assert judgement.state is (FAILED if lines else PASSED)


@pytest.mark.parametrize("key", ["system", "database"])
def test_what_is_not_answered_is_equal_to_nobodys_and_blocks_what_rests_on_it(key: str) -> None:
    edits = {f"pms.{key}": REPLACED}
    other = edited(right_clinic("bayside"), edits)
    judgements = judged(edited(right_clinic(), edits), other)
    assert judgements["VL402"].reason == "blocked by VL006 (harbourside)"
    assert judgements["VL401 dr-amara-nwosu"].reason == "blocked by VL006 (harbourside)"
    blocked = judgements["VL101"].state is BLOCKED
    assert blocked is (key == "system")
    both = {"pms.system": REPLACED, "pms.database": REPLACED}
    for open in (edits, both):
        first, *more = judged(edited(right_clinic(), open))["VL006"].findings
        assert first.hint == (
            "VL401 and VL402 (which clinics share the database) are checked once PMS and database"
            " are named."
        )
        assert [each.hint for each in more] == [""] * len(more)
    assert judged(right_clinic(), other)["VL402"].state is PASSED


# VL004 and waivers


@pytest.mark.parametrize("waivers", [REMOVED, None, []])
def test_without_waivers_there_is_nothing_to_check(waivers: Any) -> None:
    clinic = edited(right_clinic(), {"waivers": []})
    assert "VL004" not in judged(edited(clinic, {"waivers": waivers}))


MANUAL = {"dashboard.new_patient_approval": "manual"}
BY_HAND = "Harbourside Medical Centre approves bookings of new patients by hand"


@pytest.mark.parametrize(
    ("edits", "accepted", "item", "line"),
    [
        pytest.param(MANUAL, waiver("VL601"), "VL601", BY_HAND, id="a warning"),
        pytest.param(MANUAL, waiver("VL601", "harbourside"), "VL601", BY_HAND, id="the clinic"),
        pytest.param(
            {"as_of": "2026-01-05T09:00:00+11:00"},
            waiver("VL003"),
            "VL003",
            _old("322 days"),
            id="an old record",
        ),
        pytest.param(
            {"practitioners.1.accepts_video_appointments": False},
            waiver("VL201", "dr-li-wei"),
            "VL201 dr-li-wei",
            "Dr Li Wei does not accept video appointments",
            id="a practitioner",
        ),
        pytest.param(
            {f"{VIDEO}.telehealth": False},
            waiver("VL301", "telehealth-video"),
            "VL301 telehealth-video",
            "Telehealth Video Consult is not set as a telehealth appointment",
            id="an appointment type",
        ),
        pytest.param(
            {"practitioners.1.visible_for_online_bookings": False},
            waiver("VL312", LI_WEI_VIDEO),
            f"VL312 {LI_WEI_VIDEO}",
            "Dr Li Wei is not visible for online bookings, which Telehealth Video Consult is"
            " enabled for",
            id="a pair",
        ),
        pytest.param({VIDEO: REMOVED}, waiver("VL005"), "VL005", NO_VIDEO, id="no video type"),
        pytest.param(
            {"appointment_types": REMOVED},
            waiver("VL005"),
            "VL005",
            NO_VIDEO,
            id="no type recorded at all",
        ),
        pytest.param(
            {f"{VIDEO}.practitioners": REMOVED},
            waiver("VL309"),
            "VL309 telehealth-video",
            "Nobody is recorded to offer Telehealth Video Consult",
            id="nobody recorded to offer it",
        ),
        pytest.param(
            {**MANUAL, "dashboard.existing_patient_approval": REMOVED},
            waiver("VL601"),
            "VL601",
            BY_HAND,
            id="half of it not recorded",
        ),
    ],
)
def test_a_waiver_accepts_what_is_wrong(
    edits: Edits, accepted: Document, item: str, line: str
) -> None:
    items = judged(clinic_with(edits, accepted))
    assert (items[item].state, items[item].reason) == (WAIVED, line)
    assert items["VL004"].state is PASSED
    kept = items[item].waiver
    assert kept is not None
    assert (kept.reason, kept.owner) == ("Agreed for the pilot", "practice manager")


@pytest.mark.parametrize(
    ("path", "item", "line"),
    [
        ("as_of", "VL003", AS_OF_UNRECORDED),
        (
            "pms.connected",
            "VL103",
            "The PMS connection is not recorded for Harbourside Medical Centre",
        ),
        (
            "practitioners.0.accepts_video_appointments",
            "VL201 dr-amara-nwosu",
            "Accepts Video Appointments is not recorded for Dr Amara Nwosu",
        ),
        (
            "practitioners.0.linked_to",
            "VL202 dr-amara-nwosu",
            "Link to (practice management software) is not recorded for Dr Amara Nwosu",
        ),
        (
            f"{VIDEO}.telehealth",
            "VL301 telehealth-video",
            "This is a Telehealth Appointment is not recorded for Telehealth Video Consult",
        ),
        (
            f"{VIDEO}.telehealth_video",
            "VL302 telehealth-video",
            "Enable Telehealth Video is not recorded for Telehealth Video Consult",
        ),
        (
            f"{VIDEO}.linked_to",
            "VL303 telehealth-video",
            "The linked PMS appointment type is not recorded for Telehealth Video Consult",
        ),
        (
            "pms.shares_database_with",
            "VL402",
            "Which clinics share the PMS database is not recorded for Harbourside Medical Centre",
        ),
    ],
)
def test_a_waiver_never_accepts_what_must_be_recorded(path: str, item: str, line: str) -> None:
    items = judged(clinic_with({path: REMOVED}, waiver(item.split(maxsplit=1)[0])))
    assert (items[item].state, items[item].reason) == (FAILED, line)
    assert items["VL004"].state is PASSED


@pytest.mark.parametrize(
    ("edits", "accepted", "item", "state"),
    [
        pytest.param(
            {"dashboard.last_synced": REMOVED}, waiver("VL102"), "VL102", UNRECORDED, id="last sync"
        ),
        pytest.param(
            {"pms.practitioners": REMOVED},
            waiver("VL203", "dr-li-wei"),
            "VL203 dr-li-wei",
            UNRECORDED,
            id="list of the PMS",
        ),
        pytest.param(
            {"practitioners.1.linked_to": "none"},
            waiver("VL203", "dr-li-wei"),
            "VL203 dr-li-wei",
            BLOCKED,
            id="blocked",
        ),
    ],
)
def test_a_skipped_item_keeps_its_waiver(
    edits: Edits, accepted: Document, item: str, state: State
) -> None:
    items = judged(clinic_with(edits, accepted))
    assert (items[item].state, items["VL004"].state) == (state, PASSED)


@pytest.mark.parametrize(
    ("on", "states"),
    [(None, (WAIVED, WAIVED)), (AMARA_VIDEO, (WAIVED, WARNED)), (LI_WEI_VIDEO, (WARNED, WAIVED))],
)
def test_a_waiver_is_for_one_subject_or_all(on: str | None, states: tuple[State, State]) -> None:
    unseen = {f"practitioners.{index}.visible_for_online_bookings": False for index in (0, 1)}
    items = judged(clinic_with(unseen, waiver("VL312", on)))
    assert (items[f"VL312 {AMARA_VIDEO}"].state, items[f"VL312 {LI_WEI_VIDEO}"].state) == states


@pytest.mark.parametrize(("id", "on"), [("88213", None), ("88213", "88213"), ("A/12 b", "A/12 b")])
def test_a_waiver_of_an_appointment(id: str, on: str | None) -> None:
    booked_late = {
        "id": id,
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-23T08:50:00+11:00",
        "starts": "2026-11-23T09:00:00+11:00",
        "link": False,
    }
    items = judged(clinic_with({"appointments": [booked_late]}, waiver("VL502", on)))
    assert (items[f"VL502 {id}"].state, items["VL004"].state) == (WAIVED, PASSED)


def test_a_waiver_is_needed_while_one_of_its_items_is_wrong() -> None:
    unseen = {"practitioners.0.visible_for_online_bookings": False}
    items = judged(clinic_with(unseen, waiver("VL312")))
    assert (items[f"VL312 {AMARA_VIDEO}"].state, items["VL004"].state) == (WAIVED, PASSED)


NEEDLESS = "The waiver of VL601 is no longer needed: what it accepts is right now"
ENDED = "The waiver of VL601 is over: its last day was 2026-11-22"


@pytest.mark.parametrize(
    ("edits", "waivers", "lines"),
    [
        pytest.param(MANUAL, [waiver("VL601", until="2026-11-22")], [ENDED], id="expired"),
        pytest.param({}, [waiver("VL601")], [NEEDLESS], id="no longer needed"),
        pytest.param(
            {},
            [waiver("VL201", "dr-li-wei"), waiver("VL601")],
            [NEEDLESS.replace("601", "201"), NEEDLESS],
            id="two no longer needed",
        ),
        pytest.param({}, [waiver("ACME7")], ["There is no check ACME7"], id="unknown check"),
        pytest.param(
            MANUAL,
            [waiver("vl601")],
            ["There is no check vl601; did you mean VL601?"],
            id="check in lower case",
        ),
        pytest.param(
            {},
            [waiver("ACME\u202e\x1b7")],
            ["There is no check ACME<U+202E>7"],
            id="control characters in the check",
        ),
        pytest.param(
            {},
            [waiver("VL201", "dr-nobody")],
            ["The waiver of VL201 on dr-nobody matches nothing in this clinic"],
            id="unknown subject",
        ),
        pytest.param(
            {},
            [waiver("VL201", "telehealth-video")],
            ["The waiver of VL201 on telehealth-video matches nothing in this clinic"],
            id="another kind of subject",
        ),
        pytest.param(
            {"practitioners.1.visible_for_online_bookings": False},
            [waiver("VL312", "dr-li-wei")],
            [
                "The waiver of VL312 on dr-li-wei matches nothing in this clinic; did you mean"
                " dr-li-wei::telehealth-video?"
            ],
            id="half a pair",
        ),
        pytest.param(
            {"practitioners.1.accepts_video_appointments": False},
            [waiver("VL201", "Dr Li Wei")],
            [
                "The waiver of VL201 on Dr Li Wei matches nothing in this clinic; did you mean"
                " dr-li-wei?"
            ],
            id="by name",
        ),
        pytest.param(
            {},
            [waiver("VL312-pair-bookable"), waiver("pair-bookable"), waiver("vl312")],
            [
                "There is no check VL312-pair-bookable; did you mean VL312?",
                "There is no check pair-bookable; did you mean VL312?",
                "There is no check vl312; did you mean VL312?",
            ],
            id="by the item's name",
        ),
        pytest.param(
            {},
            [waiver("VL601", "bayside")],
            ["The waiver of VL601 on bayside matches nothing in this clinic"],
            id="another clinic",
        ),
        pytest.param(
            {"pms.system": "pracsoft"},
            [waiver("VL308")],
            ["The waiver of VL308 matches nothing in this clinic"],
            id="check that does not apply to the PMS",
        ),
        pytest.param(
            {},
            [waiver("VL701", "dr-li-wei")],
            ["The waiver of VL701 on dr-li-wei matches nothing in this clinic"],
            id="check that does not apply to the subject",
        ),
        *(
            pytest.param({}, [waiver(check)], [f"{check} cannot be waived"], id=check)
            for check in ("VL001", "VL004", "VL500", "VL501")
        ),
        pytest.param(
            {},
            [waiver("VL500", AMARA_VIDEO)],
            ["VL500 cannot be waived"],
            id="VL500 of one pair",
        ),
        pytest.param(
            MANUAL,
            [waiver("VL601", until="2026-11-22"), waiver("ACME7"), waiver("VL500")],
            [ENDED, "There is no check ACME7", "VL500 cannot be waived"],
            id="all are listed, in their order",
        ),
    ],
)
def test_a_waiver_not_in_force(edits: Edits, waivers: list[Document], lines: list[str]) -> None:
    judgement = judged(clinic_with(edits, *waivers))["VL004"]
    assert judgement.state is FAILED
    assert [finding.summary for finding in judgement.findings] == lines


def test_the_place_of_a_waiver_that_has_ended() -> None:
    ended = waiver("VL601", until="2026-11-22")
    finding = judged(clinic_with(MANUAL, waiver("VL601"), ended))["VL004"].findings[0]
    assert finding.at == ("waivers", 1, "until")
    assert finding.found == "owner practice manager: Agreed for the pilot"


@pytest.mark.parametrize(
    ("zone", "day", "last_moment", "moment_after"),
    [
        (
            "Australia/Sydney",
            "2026-11-23",
            "2026-11-23T12:59:59.999999+00:00",
            "2026-11-23T13:00:00+00:00",
        ),
        (
            "Australia/Adelaide",
            "2026-11-23",
            "2026-11-23T13:29:59.999999+00:00",
            "2026-11-23T13:30:00+00:00",
        ),
        (
            "Australia/Brisbane",
            "2026-11-23",
            "2026-11-23T13:59:59.999999+00:00",
            "2026-11-23T14:00:00+00:00",
        ),
        (
            "Australia/Perth",
            "2026-11-23",
            "2026-11-23T15:59:59.999999+00:00",
            "2026-11-23T16:00:00+00:00",
        ),
        (  # The clocks go forward on this day.
            "Australia/Sydney",
            "2026-10-04",
            "2026-10-04T12:59:59.999999+00:00",
            "2026-10-04T13:00:00+00:00",
        ),
        (  # The clocks go back on this day.
            "Australia/Sydney",
            "2027-04-04",
            "2027-04-04T13:59:59.999999+00:00",
            "2027-04-04T14:00:00+00:00",
        ),
    ],
)
def test_a_waivers_last_day_counts_to_its_end(
    zone: str, day: str, last_moment: str, moment_after: str
) -> None:
    clinic = clinic_with({**MANUAL, "timezone": zone}, waiver("VL601", until=day))

    def outcome(now: str) -> tuple[State, State, str]:
        items = judged(clinic, terms=replace(TERMS, now=datetime.fromisoformat(now)))
        return items["VL601"].state, items["VL004"].state, items["VL004"].reason

    assert outcome(last_moment) == (WAIVED, PASSED, "")
    over = f"The waiver of VL601 is over: its last day was {day}"
    assert outcome(moment_after) == (WARNED, FAILED, over)


def test_what_an_expired_waiver_accepted_fails_again() -> None:
    edits = {"pms.connected": False}
    items = judged(clinic_with(edits, waiver("VL103", until="2026-11-22")))
    assert (items["VL103"].state, items["VL004"].state) == (FAILED, FAILED)


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        pytest.param(waiver("VL601"), waiver("VL601", "harbourside"), "", id="both in force"),
        pytest.param(
            waiver("VL601", until="2026-11-22"), waiver("VL601"), ENDED, id="the first expired"
        ),
        pytest.param(
            waiver("VL601"), waiver("VL601", until="2026-11-22"), ENDED, id="the second expired"
        ),
    ],
)
def test_of_two_waivers_one_in_force_is_enough(
    first: Document, second: Document, line: str
) -> None:
    items = judged(clinic_with(MANUAL, first, second))
    assert (items["VL601"].state, items["VL004"].reason) == (WAIVED, line)


@pytest.mark.parametrize(
    ("edits", "accepted", "item", "states"),
    [
        pytest.param(MANUAL, waiver("VL601"), "VL601", (WARNED, PASSED), id="a warning"),
        pytest.param(
            {"pms.connected": False}, waiver("VL103"), "VL103", (FAILED, PASSED), id="an error"
        ),
        pytest.param(
            MANUAL, waiver("VL601", until="2026-11-22"), "VL601", (WARNED, FAILED), id="expired"
        ),
        pytest.param({}, waiver("VL601"), "VL601", (PASSED, FAILED), id="no longer needed"),
    ],
)
def test_waivers_ignored_everywhere_but_in_their_own_check(
    edits: Edits, accepted: Document, item: str, states: tuple[State, State]
) -> None:
    items = judged(clinic_with(edits, accepted), terms=replace(TERMS, honour_waivers=False))
    assert (items[item].state, items["VL004"].state) == states


# What blocks


@pytest.mark.parametrize(
    ("edits", "waivers", "item", "line", "excused"),
    [
        pytest.param(
            {"practitioners.1.linked_to": "none"},
            [],
            "VL203 dr-li-wei",
            "blocked by VL202 (dr-li-wei)",
            False,
            id="directly",
        ),
        pytest.param(
            {"practitioners.1.linked_to": REMOVED},
            [],
            "VL206 dr-li-wei",
            "blocked by VL202 (dr-li-wei)",
            False,
            id="followed to its root, which is named once",
        ),
        pytest.param(
            {"pms.connected": False, "practitioners.1.linked_to": "none"},
            [],
            f"VL500 {LI_WEI_VIDEO}",
            "blocked by VL103 (harbourside), VL202 (dr-li-wei)",
            False,
            id="by several roots",
        ),
        pytest.param(
            {"pms.connected": False, "practitioners.1.linked_to": "none"},
            [],
            f"VL500 {AMARA_VIDEO}",
            "blocked by VL103 (harbourside)",
            False,
            id="by what bears on it alone",
        ),
        pytest.param(
            {"practitioners.1.linked_to": "none"},
            [waiver("VL202")],
            "VL206 dr-li-wei",
            "blocked by VL202 (dr-li-wei)",
            True,
            id="by what is waived",
        ),
        pytest.param(
            {"pms.connected": False, "practitioners.1.linked_to": "none"},
            [waiver("VL202")],
            f"VL500 {LI_WEI_VIDEO}",
            "blocked by VL103 (harbourside), VL202 (dr-li-wei)",
            False,
            id="by a waived and a failing root",
        ),
        pytest.param(
            {"pms.connected": False, "practitioners.1.linked_to": "none"},
            [waiver("VL103"), waiver("VL202")],
            f"VL500 {LI_WEI_VIDEO}",
            "blocked by VL103 (harbourside), VL202 (dr-li-wei)",
            True,
            id="by waived roots only",
        ),
        pytest.param(
            {"practitioners.1.linked_to": "none"},
            [waiver("VL202", until="2026-11-22")],
            f"VL500 {LI_WEI_VIDEO}",
            "blocked by VL202 (dr-li-wei)",
            False,
            id="by an expired waiver's root",
        ),
        pytest.param(
            {"practitioners.1.linked_to": REMOVED},
            [waiver("VL202")],
            f"VL500 {LI_WEI_VIDEO}",
            "blocked by VL202 (dr-li-wei)",
            False,
            id="by what must be recorded, which no waiver accepts",
        ),
    ],
)
def test_blocked(
    edits: Edits, waivers: list[Document], item: str, line: str, excused: bool
) -> None:
    judgement = judged(clinic_with(edits, *waivers))[item]
    assert (judgement.state, judgement.reason) == (BLOCKED, line)
    assert judgement.excused is excused


def test_nothing_is_excused_where_waivers_are_ignored() -> None:
    clinic = clinic_with({"pms.connected": False}, waiver("VL103"))
    items = judged(clinic, terms=replace(TERMS, honour_waivers=False))
    assert not items[f"VL500 {AMARA_VIDEO}"].excused


# How first lines are worded

ALL_WRONG = edited(
    right_clinic(),
    {
        "as_of": "2026-01-05T09:00:00+11:00",
        "dashboard.new_patient_approval": "manual",
        "dashboard.last_synced": "2026-01-05T07:00:00+11:00",
        "pms.system": "genie",
        "pms.connected": False,
        "pms.shares_database_with": ["coogee"],
        "practitioners.0.accepts_video_appointments": False,
        "practitioners.0.linked_to": "none",
        "practitioners.0.provider_number": "2123451X",
        "practitioners.1.linked_to": "99",
        "practitioners.1.provider_number": "21",
        "practitioners.1.visible_for_online_bookings": False,
        f"{VIDEO}.telehealth": False,
        f"{VIDEO}.telehealth_video": False,
        f"{VIDEO}.linked_to": "none",
        f"{VIDEO}.practitioners.1": {"id": "dr-li-wei", "linked_to": "77"},
        f"{STANDARD}.modality": "phone",
        f"{STANDARD}.telehealth_video": True,
        "waivers": [waiver("VL601", until="2026-11-22"), waiver("ACME7"), waiver("VL001")],
    },
)


@pytest.mark.parametrize(
    "clinic",
    [
        pytest.param(ALL_WRONG, id="all wrong"),
        pytest.param(
            edited(right_clinic(), {"appointment_types": REMOVED, "as_of": REMOVED}),
            id="not recorded",
        ),
    ],
)
def test_a_first_line_is_a_sentence_about_its_subject(clinic: Document) -> None:
    wrong = [item for item in judged(clinic).values() if item.state in (FAILED, WARNED)]
    assert wrong
    for item in wrong:
        for finding in item.findings:
            line = finding.summary
            assert line.split(maxsplit=1)[0] not in {"Ensure", "Make", "Check", "Please", "Set"}
            assert not {"will", "should", "must"} & set(line.split())
            assert line.isprintable()
            assert line == line.strip(" .")
            named = item.subject.name.split(" with ")[0]
            assert named in line or item.check.id in ("VL004", "VL101")


# VL007: tables

SHEET = "exports/tuesday.csv"
BY_SHEET: Document = {
    "appointments": {
        "csv": SHEET,
        "columns": {"practitioner": "Who", "pms_type": "Type", "starts": "Start", "link": "Link"},
    }
}


@pytest.mark.parametrize(
    ("sheet", "lines"),
    [
        ("Who,Type,Start,Link\n17,29,2026-11-24 09:30,yes\n", []),
        (
            "Who,Type,Start,Link\n17,29,soon,yes\n99,29,2026-11-24 09:30,Nora Planted\n",
            [
                f"{SHEET}, row 2, column Start: expected a day such as 2026-11-24",
                f"{SHEET}, row 3, column Who: is no practitioner that this record knows, by an id"
                " or by a name",
                f"{SHEET}, row 3, column Link: expected an address, yes, no, or nothing",
            ],
        ),
        (
            "Nothing\n",
            [
                f"{SHEET} cannot be read: none of its first 50 rows is a header with the columns"
                ' "Who", "Type", "Start" and "Link"'
            ],
        ),
        (None, [f"{SHEET} cannot be read: No such file or directory"]),
    ],
)
def test_vl007_lists_what_cannot_be_read_of_a_table(sheet: str | None, lines: list[str]) -> None:
    tables = {} if sheet is None else {SHEET: sheet}
    item = judged(edited(right_clinic(), BY_SHEET), tables=tables)["VL007"]
    assert item.state is (FAILED if lines else PASSED)
    assert [finding.summary for finding in item.findings] == lines
    assert {finding.at for finding in item.findings} <= {("appointments", "csv")}


def test_vl007_is_not_collected_without_a_table() -> None:
    assert "VL007" not in judged(right_clinic())


# In a run


def test_a_waived_fault_leaves_the_run_green_unless_waivers_are_ignored(clinics: Clinics) -> None:
    clinics.write(clinic_with({"pms.connected": False}, waiver("VL103")))
    assert {k: v for k, v in clinics.outcomes("clinics").items() if v != "passed"} == {
        "harbourside.yaml::VL103-pms-connected": "xfailed",
        f"harbourside.yaml::{AMARA_VIDEO}::VL500-link-expected": "skipped",
        f"harbourside.yaml::{LI_WEI_VIDEO}::VL500-link-expected": "skipped",
    }
    assert clinics.run("clinics").ret == pytest.ExitCode.OK
    assert clinics.run("clinics", "--videolink-no-waivers").ret == pytest.ExitCode.TESTS_FAILED


def test_of_what_was_selected_a_blocked_item_alone_fails_the_run(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False}))
    result = clinics.run("--videolink-clinic=harbourside", "-k", "VL500")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=2)
