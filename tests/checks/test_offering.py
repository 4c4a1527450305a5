"""VL309 to VL312: each clause of the catalogue, as a clinic that meets it or does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support import REMOVED, Document, assert_judged, edited, judged, right_clinic, waiver

from pytest_videolink.judging.judge import State

PASSED, FAILED, WARNED = State.PASSED, State.FAILED, State.WARNED
UNRECORDED, BLOCKED, WAIVED = State.UNRECORDED, State.BLOCKED, State.WAIVED

VIDEO = "appointment_types.0"
OTHER = "appointment_types.1"
OFFERING = f"{VIDEO}.practitioners"
LI_LISTED = f"{OFFERING}.1"
STANDARD_OFFERING = f"{OTHER}.practitioners"
PMS_TYPES = "pms.appointment_types"
AMARA = "practitioners.0"
LI = "practitioners.1"

AMARA_VIDEO = "dr-amara-nwosu::telehealth-video"
LI_VIDEO = "dr-li-wei::telehealth-video"

UNLINKED: Document = {f"{VIDEO}.linked_to": "none"}
NO_LIST: Document = {PMS_TYPES: REMOVED}

LONG_VIDEO: Document = {
    "id": "long-video",
    "name": "Long Video Consult",
    "modality": "video",
    "telehealth": True,
    "telehealth_video": True,
    "linked_to": "29",
    "practitioners": ["dr-li-wei"],
}
PHONE: Document = {
    "id": "phone",
    "name": "Phone Consult",
    "modality": "phone",
    "telehealth": True,
    "telehealth_video": False,
    "linked_to": "40",
    "practitioners": "all",
}


def waived(check: str, on: str = "telehealth-video") -> Document:
    return waiver(check, on)


def override(practitioner: str, linked_to: Any) -> Document:
    return {"id": practitioner, "linked_to": linked_to}


def collected(edits: Mapping[str, Any]) -> set[str]:
    return set(judged(edited(right_clinic(), edits)))


LIST_UNRECORDED = "The PMS's list of appointment types is not recorded"

NOBODY = "Nobody offers Telehealth Video Consult"
NOBODY_RECORDED = "Nobody is recorded to offer Telehealth Video Consult"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="two"),
        pytest.param({OFFERING: "all"}, PASSED, "", id="all"),
        pytest.param(
            {OFFERING: ["dr-amara-nwosu", "dr-li-wei"], f"{LI}.archived": True},
            PASSED,
            "",
            id="one of them archived",
        ),
        pytest.param({OFFERING: []}, FAILED, NOBODY, id="an empty list"),
        pytest.param(
            {OFFERING: ["dr-li-wei"], f"{LI}.archived": True}, FAILED, NOBODY, id="archived only"
        ),
        pytest.param(
            {OFFERING: "all", f"{AMARA}.archived": True, f"{LI}.archived": True},
            FAILED,
            NOBODY,
            id="all of them archived",
        ),
        pytest.param(
            {OFFERING: "all", "practitioners": []}, FAILED, NOBODY, id="all of no practitioners"
        ),
        pytest.param({OFFERING: REMOVED}, FAILED, NOBODY_RECORDED, id="left out"),
        pytest.param({OFFERING: None}, FAILED, NOBODY_RECORDED, id="null"),
        pytest.param({OFFERING: ""}, FAILED, NOBODY_RECORDED, id="empty"),
        pytest.param({OFFERING: [], **waived("VL309")}, WAIVED, NOBODY, id="waived"),
        pytest.param(
            {OFFERING: REMOVED, **waived("VL309")},
            WAIVED,
            NOBODY_RECORDED,
            id="not recorded counts as wrong and can be waived",
        ),
    ],
)
def test_offered(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL309 telehealth-video", edits, state, reason)


OFFERS_NONE = "Dr Amara Nwosu is meant to do video but offers no video type"
NOT_AMARA: Document = {OFFERING: ["dr-li-wei"]}
NO_VIDEO_TYPE: Document = {VIDEO: REMOVED}
SOMEBODYS: Document = {"appointment_types.2": {**LONG_VIDEO, "practitioners": None}}


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="one"),
        pytest.param({OFFERING: "all"}, PASSED, "", id="all"),
        pytest.param(NOT_AMARA, FAILED, OFFERS_NONE, id="none"),
        pytest.param(
            {OFFERING: []},
            FAILED,
            OFFERS_NONE,
            id="a list that is recorded as empty blocks nothing",
        ),
        pytest.param(
            {OFFERING: [], **waived("VL309")},
            FAILED,
            OFFERS_NONE,
            id="nor does it where it is waived",
        ),
        pytest.param(
            {**NOT_AMARA, **waived("VL310", "dr-amara-nwosu")}, WAIVED, OFFERS_NONE, id="waived"
        ),
        pytest.param(
            NO_VIDEO_TYPE, BLOCKED, "blocked by VL005 (harbourside)", id="there is no video type"
        ),
        pytest.param(
            {**NO_VIDEO_TYPE, **waived("VL005", "harbourside")},
            BLOCKED,
            "blocked by VL005 (harbourside)",
            id="there is no video type, which is waived",
        ),
        pytest.param(
            {OFFERING: REMOVED},
            BLOCKED,
            "blocked by VL309 (telehealth-video)",
            id="who offers the type is not recorded",
        ),
        pytest.param(
            {**NOT_AMARA, **SOMEBODYS},
            BLOCKED,
            "blocked by VL309 (long-video)",
            id="who offers another video type is not recorded",
        ),
        pytest.param(
            {OFFERING: REMOVED, **SOMEBODYS},
            BLOCKED,
            "blocked by VL309 (telehealth-video), VL309 (long-video)",
            id="who offers two video types is not recorded",
        ),
        pytest.param(
            {OFFERING: REMOVED, **waived("VL309")},
            BLOCKED,
            "blocked by VL309 (telehealth-video)",
            id="who offers the type is not recorded, which is waived",
        ),
        pytest.param(
            SOMEBODYS, PASSED, "", id="offers one, and who offers another is not recorded"
        ),
        pytest.param(
            {**NOT_AMARA, f"{OTHER}.practitioners": REMOVED},
            FAILED,
            OFFERS_NONE,
            id="who offers a type that is not video is not recorded",
        ),
    ],
)
def test_offers_video(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL310 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({f"{AMARA}.expects_video": REMOVED}, id="the intent is not recorded"),
        pytest.param({f"{AMARA}.expects_video": False}, id="not meant to"),
        pytest.param({f"{AMARA}.archived": True}, id="archived"),
    ],
)
def test_only_who_is_meant_to_do_video_has_to_offer_it(edits: Document) -> None:
    assert "VL310 dr-amara-nwosu" not in collected({**edits, **NOT_AMARA})


def pair_not_linked(who: str = "Dr Li Wei") -> str:
    return f"{who} with Telehealth Video Consult is not linked to a PMS appointment type"


def pair_no_such(link: str) -> str:
    return (
        f"Dr Li Wei with Telehealth Video Consult is linked to PMS type {link}, which"
        " does not exist"
    )


def pair_clash(link: str, who: str = "Dr Li Wei", other: str = "Standard Consult") -> str:
    return f"{who} with Telehealth Video Consult shares PMS type {link} with {other} (not video)"


PAIR_INACTIVE = (
    "Dr Li Wei with Telehealth Video Consult is linked to PMS type 31, which is inactive"
)
LI_TO_STANDARD: Document = {LI_LISTED: override("dr-li-wei", "40")}


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="right"),
        pytest.param({LI_LISTED: override("dr-li-wei", ["31", "29"])}, PASSED, "", id="several"),
        pytest.param({LI_LISTED: override("dr-li-wei", "29")}, PASSED, "", id="the type's own"),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", "none")}, FAILED, pair_not_linked(), id="none"
        ),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", [])}, FAILED, pair_not_linked(), id="an empty list"
        ),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", "99")},
            FAILED,
            pair_no_such("99"),
            id="does not resolve",
        ),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", ["29", "99"])},
            FAILED,
            pair_no_such("99"),
            id="one of several does not resolve",
        ),
        pytest.param({f"{PMS_TYPES}.1.active": False}, FAILED, PAIR_INACTIVE, id="inactive"),
        pytest.param(LI_TO_STANDARD, FAILED, pair_clash("40"), id="clash"),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", ["31", "40"])},
            FAILED,
            pair_clash("40"),
            id="one of several clashes",
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-li-wei", "31")]},
            FAILED,
            pair_clash("31"),
            id="clash with their override of the other type",
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-li-wei", ["40", "31"])]},
            FAILED,
            pair_clash("31"),
            id="clash with one of several of that override",
        ),
        pytest.param(
            {**LI_TO_STANDARD, STANDARD_OFFERING: ["dr-amara-nwosu"]},
            FAILED,
            pair_clash("40"),
            id="clash with the own link of a type they do not offer",
        ),
        pytest.param(
            {**LI_TO_STANDARD, STANDARD_OFFERING: REMOVED},
            FAILED,
            pair_clash("40"),
            id="clash with the own link of a type that nobody is recorded to offer",
        ),
        pytest.param(
            {**LI_TO_STANDARD, STANDARD_OFFERING: [override("dr-li-wei", "29")]},
            PASSED,
            "",
            id="the other type's own link, which their override replaces",
        ),
        pytest.param(
            {**LI_TO_STANDARD, STANDARD_OFFERING: [override("dr-li-wei", "none")]},
            PASSED,
            "",
            id="the other type's own link, which their none replaces",
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "31"), "dr-li-wei"]},
            PASSED,
            "",
            id="somebody else's override of the other type",
        ),
        pytest.param(
            {**LI_TO_STANDARD, f"{OTHER}.linked_to": REMOVED},
            PASSED,
            "",
            id="the other type's link is not recorded",
        ),
        pytest.param(
            {
                "appointment_types.2": {**PHONE, "linked_to": "31"},
            },
            FAILED,
            pair_clash("31", other="Phone Consult"),
            id="clash with a phone type",
        ),
        pytest.param(
            {"appointment_types.2": {**LONG_VIDEO, "linked_to": "31"}},
            PASSED,
            "",
            id="two video types may share",
        ),
        pytest.param(NO_LIST, UNRECORDED, LIST_UNRECORDED, id="no list"),
        pytest.param({PMS_TYPES: []}, FAILED, pair_no_such("31"), id="an empty list is recorded"),
        pytest.param(
            {**NO_LIST, LI_LISTED: override("dr-li-wei", "none")},
            FAILED,
            pair_not_linked(),
            id="none without a list",
        ),
        pytest.param(
            {**NO_LIST, **LI_TO_STANDARD}, FAILED, pair_clash("40"), id="clash without a list"
        ),
        pytest.param(
            {**NO_LIST, **waived("VL311", LI_VIDEO)},
            UNRECORDED,
            LIST_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", "99"), **waived("VL311", LI_VIDEO)},
            WAIVED,
            pair_no_such("99"),
            id="waived",
        ),
        pytest.param(UNLINKED, PASSED, "", id="VL303 does not block an override"),
        pytest.param(
            {f"{VIDEO}.linked_to": REMOVED}, PASSED, "", id="nor where nothing is recorded"
        ),
        pytest.param({f"{VIDEO}.linked_to": "99"}, PASSED, "", id="VL304 does not block it"),
        pytest.param(
            {f"{VIDEO}.linked_to": "29", f"{OTHER}.linked_to": "29"},
            PASSED,
            "",
            id="VL305 does not block it",
        ),
    ],
)
def test_pair_with_its_own_link(edits: Document, state: State, reason: str) -> None:
    assert_judged(f"VL311 {LI_VIDEO}", edits, state, reason)


AMARA_STANDARD_40: Document = {STANDARD_OFFERING: [override("dr-amara-nwosu", "40")]}


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param(AMARA_STANDARD_40, PASSED, "", id="right"),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "none")]}, PASSED, "", id="to none"
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "99")]},
            PASSED,
            "",
            id="to what does not exist",
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "29")]},
            FAILED,
            pair_clash("29", who="Dr Amara Nwosu"),
            id="to the video type's link",
        ),
        pytest.param(
            {**NO_LIST, **AMARA_STANDARD_40}, PASSED, "", id="only an own override has to resolve"
        ),
        pytest.param(
            {**NO_LIST, STANDARD_OFFERING: [override("dr-amara-nwosu", "29")]},
            FAILED,
            pair_clash("29", who="Dr Amara Nwosu"),
            id="clash without a list",
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "29")], **waived("VL311", AMARA_VIDEO)},
            WAIVED,
            pair_clash("29", who="Dr Amara Nwosu"),
            id="waived",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, **UNLINKED},
            BLOCKED,
            "blocked by VL303 (telehealth-video)",
            id="the type is not linked",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, f"{VIDEO}.linked_to": REMOVED},
            BLOCKED,
            "blocked by VL303 (telehealth-video)",
            id="the type's link is not recorded",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, f"{VIDEO}.linked_to": "99"},
            BLOCKED,
            "blocked by VL304 (telehealth-video)",
            id="the type's link does not resolve",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, f"{OTHER}.linked_to": "29"},
            BLOCKED,
            "blocked by VL305 (telehealth-video)",
            id="the types share a link",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, f"{VIDEO}.linked_to": "99", f"{OTHER}.linked_to": "99"},
            BLOCKED,
            "blocked by VL304 (telehealth-video), VL305 (telehealth-video)",
            id="both",
        ),
        pytest.param(
            {**AMARA_STANDARD_40, **UNLINKED, **waived("VL303")},
            BLOCKED,
            "blocked by VL303 (telehealth-video)",
            id="the type is not linked, which is waived",
        ),
    ],
)
def test_pair_whose_practitioner_overrides_another_type(
    edits: Document, state: State, reason: str
) -> None:
    assert_judged(f"VL311 {AMARA_VIDEO}", edits, state, reason)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({}, id="no override"),
        pytest.param({f"{OFFERING}.0": {"id": "dr-amara-nwosu"}}, id="an entry of its id alone"),
        pytest.param({f"{OFFERING}.0": override("dr-amara-nwosu", None)}, id="a null override"),
        pytest.param({f"{OFFERING}.0": override("dr-amara-nwosu", "")}, id="an empty override"),
        pytest.param({OFFERING: "all"}, id="all"),
        pytest.param(
            {STANDARD_OFFERING: ["dr-amara-nwosu", override("dr-li-wei", "40")]},
            id="somebody else's override of the other type",
        ),
        pytest.param(
            {
                "appointment_types.2": {
                    **LONG_VIDEO,
                    "practitioners": [override("dr-amara-nwosu", "31")],
                }
            },
            id="an override of another video type",
        ),
        pytest.param(
            {f"{AMARA}.archived": True, f"{OFFERING}.0": override("dr-amara-nwosu", "99")},
            id="archived",
        ),
    ],
)
def test_pair_without_a_link_of_its_own(edits: Document) -> None:
    assert f"VL311 {AMARA_VIDEO}" not in collected(edits)


def test_every_fault_of_a_pair_is_a_finding() -> None:
    clinic = edited(right_clinic(), {LI_LISTED: override("dr-li-wei", ["99", "40"])})
    findings = judged(clinic)[f"VL311 {LI_VIDEO}"].findings
    assert [each.summary for each in findings] == [pair_no_such("99"), pair_clash("40")]


NOT_VISIBLE: Document = {f"{AMARA}.visible_for_online_bookings": False}
HIDDEN = (
    "Dr Amara Nwosu is not visible for online bookings, which Telehealth Video Consult is enabled"
    " for"
)
VISIBLE_UNRECORDED = "Visible for Online Bookings is not recorded for Dr Amara Nwosu"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="visible"),
        pytest.param(NOT_VISIBLE, WARNED, HIDDEN, id="not visible"),
        pytest.param(
            {f"{AMARA}.visible_for_online_bookings": REMOVED},
            UNRECORDED,
            VISIBLE_UNRECORDED,
            id="left out",
        ),
        pytest.param(
            {f"{AMARA}.visible_for_online_bookings": None},
            UNRECORDED,
            VISIBLE_UNRECORDED,
            id="null",
        ),
        pytest.param(
            {**NOT_VISIBLE, f"{AMARA}.accepts_video_appointments": False, **UNLINKED},
            WARNED,
            HIDDEN,
            id="nothing blocks it",
        ),
        pytest.param({**NOT_VISIBLE, **waived("VL312", AMARA_VIDEO)}, WAIVED, HIDDEN, id="waived"),
        pytest.param(
            {
                f"{AMARA}.visible_for_online_bookings": REMOVED,
                **waived("VL312", AMARA_VIDEO),
            },
            UNRECORDED,
            VISIBLE_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
    ],
)
def test_pair_bookable(edits: Document, state: State, reason: str) -> None:
    assert_judged(f"VL312 {AMARA_VIDEO}", edits, state, reason)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({f"{VIDEO}.online_bookings": False}, id="the type is not online"),
        pytest.param({f"{VIDEO}.online_bookings": REMOVED}, id="not recorded"),
        pytest.param({f"{AMARA}.archived": True}, id="archived"),
        pytest.param(NOT_AMARA, id="not offered"),
    ],
)
def test_what_is_not_booked_online_need_not_be_visible(edits: Document) -> None:
    assert f"VL312 {AMARA_VIDEO}" not in collected({**NOT_VISIBLE, **edits})


@pytest.mark.parametrize(
    ("edits", "blocked"),
    [
        ({OFFERING: REMOVED, **waived("VL309")}, "VL310 dr-amara-nwosu"),
        ({**NO_VIDEO_TYPE, **waived("VL005", "harbourside")}, "VL310 dr-amara-nwosu"),
        ({**AMARA_STANDARD_40, **UNLINKED, **waived("VL303")}, f"VL311 {AMARA_VIDEO}"),
    ],
)
def test_what_is_blocked_by_something_waived_is_excused(edits: Document, blocked: str) -> None:
    assert judged(edited(right_clinic(), edits))[blocked].excused
    assert not judged(edited(right_clinic(), {**edits, "waivers": []}))[blocked].excused


def test_nobody_has_to_offer_a_type_that_is_not_video() -> None:
    assert "VL309 standard" not in collected({STANDARD_OFFERING: []})
