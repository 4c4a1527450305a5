"""VL201 to VL206: each clause of the catalogue, as a clinic that meets it or does not."""

from __future__ import annotations

import pytest
from support import REMOVED, Document, assert_judged, edited, judged, right_clinic, waiver

from pytest_videolink.judging.judge import State

PASSED, FAILED, WARNED = State.PASSED, State.FAILED, State.WARNED
UNRECORDED, BLOCKED, WAIVED = State.UNRECORDED, State.BLOCKED, State.WAIVED

AMARA = "practitioners.0"
LI = "practitioners.1"
LISTED_AMARA = "pms.practitioners.0"
OFFERING = "appointment_types.0.practitioners"

NOBODY_OFFERS: Document = {OFFERING: []}
ARCHIVED: Document = {f"{AMARA}.archived": True}
UNLINKED: Document = {f"{AMARA}.linked_to": "none"}

DR_KIM: Document = {
    "id": "dr-kim",
    "name": "Dr Kim",
    "linked_to": "17",
    "expects_video": False,
}
SECOND_VIDEO_TYPE: Document = {
    "id": "long-video",
    "name": "Long Video Consult",
    "modality": "video",
    "telehealth": True,
    "telehealth_video": True,
    "linked_to": "31",
    "practitioners": [{"id": "dr-amara-nwosu", "linked_to": "29"}],
}


def waived(check: str, on: str = "dr-amara-nwosu") -> Document:
    return waiver(check, on)


SWITCH_OFF: Document = {f"{AMARA}.accepts_video_appointments": False}
NOT_ACCEPTING = "Dr Amara Nwosu does not accept video appointments"
SWITCH_UNRECORDED = "Accepts Video Appointments is not recorded for Dr Amara Nwosu"

ACCEPTS_VIDEO = [
    pytest.param({}, PASSED, "", id="on"),
    pytest.param(SWITCH_OFF, FAILED, NOT_ACCEPTING, id="off"),
    pytest.param(
        {**SWITCH_OFF, f"{AMARA}.expects_video": REMOVED},
        FAILED,
        NOT_ACCEPTING,
        id="off, and only the type says that they do video",
    ),
    pytest.param(
        {**SWITCH_OFF, f"{AMARA}.expects_video": False},
        FAILED,
        NOT_ACCEPTING,
        id="off, and not meant to do what they offer",
    ),
    pytest.param(
        {**SWITCH_OFF, **NOBODY_OFFERS}, FAILED, NOT_ACCEPTING, id="off, meant to, offers nothing"
    ),
    pytest.param(
        {f"{AMARA}.accepts_video_appointments": REMOVED}, FAILED, SWITCH_UNRECORDED, id="left out"
    ),
    pytest.param(
        {f"{AMARA}.accepts_video_appointments": None}, FAILED, SWITCH_UNRECORDED, id="null"
    ),
    pytest.param(
        {f"{AMARA}.accepts_video_appointments": ""}, FAILED, SWITCH_UNRECORDED, id="empty"
    ),
    pytest.param({**SWITCH_OFF, **waived("VL201")}, WAIVED, NOT_ACCEPTING, id="waived"),
    pytest.param(
        {f"{AMARA}.accepts_video_appointments": REMOVED, **waived("VL201")},
        FAILED,
        SWITCH_UNRECORDED,
        id="a waiver does not accept what is not recorded",
    ),
]

NOT_LINKED = "Dr Amara Nwosu is not linked to a PMS practitioner"
LINK_UNRECORDED = "Link to (practice management software) is not recorded for Dr Amara Nwosu"

LINKED_TO_PMS = [
    pytest.param({}, PASSED, "", id="linked"),
    pytest.param({f"{AMARA}.linked_to": ["17"]}, PASSED, "", id="a list of one"),
    pytest.param(UNLINKED, FAILED, NOT_LINKED, id="none"),
    pytest.param({f"{AMARA}.linked_to": []}, FAILED, NOT_LINKED, id="an empty list"),
    pytest.param({f"{AMARA}.linked_to": REMOVED}, FAILED, LINK_UNRECORDED, id="left out"),
    pytest.param({f"{AMARA}.linked_to": None}, FAILED, LINK_UNRECORDED, id="null"),
    pytest.param({f"{AMARA}.linked_to": ""}, FAILED, LINK_UNRECORDED, id="empty"),
    pytest.param({**UNLINKED, **waived("VL202")}, WAIVED, NOT_LINKED, id="waived"),
    pytest.param(
        {f"{AMARA}.linked_to": REMOVED, **waived("VL202")},
        FAILED,
        LINK_UNRECORDED,
        id="a waiver does not accept what is not recorded",
    ),
]

BLOCKED_BY_LINK = [
    pytest.param(UNLINKED, BLOCKED, "blocked by VL202 (dr-amara-nwosu)", id="not linked"),
    pytest.param(
        {f"{AMARA}.linked_to": REMOVED},
        BLOCKED,
        "blocked by VL202 (dr-amara-nwosu)",
        id="link not recorded",
    ),
    pytest.param(
        {**UNLINKED, **waived("VL202")},
        BLOCKED,
        "blocked by VL202 (dr-amara-nwosu)",
        id="not linked, which is waived",
    ),
]

NO_SUCH = "Dr Amara Nwosu is linked to PMS practitioner 99, which does not exist"
INACTIVE = "Dr Amara Nwosu is linked to PMS practitioner 17, which is inactive"
LIST_UNRECORDED = "The PMS's list of practitioners is not recorded"

PMS_LINK_RESOLVES = [
    pytest.param({}, PASSED, "", id="listed and active"),
    pytest.param({f"{LISTED_AMARA}.active": REMOVED}, PASSED, "", id="activity not recorded"),
    pytest.param({f"{AMARA}.linked_to": "99"}, FAILED, NO_SUCH, id="not listed"),
    pytest.param(
        {f"{AMARA}.linked_to": "017"},
        FAILED,
        "Dr Amara Nwosu is linked to PMS practitioner 017, which does not exist",
        id="ids are text",
    ),
    pytest.param({f"{LISTED_AMARA}.active": False}, FAILED, INACTIVE, id="inactive"),
    pytest.param(
        {"pms.practitioners": []},
        FAILED,
        "Dr Amara Nwosu is linked to PMS practitioner 17, which does not exist",
        id="an empty list is a recorded list",
    ),
    pytest.param({"pms.practitioners": REMOVED}, UNRECORDED, LIST_UNRECORDED, id="no list"),
    pytest.param({"pms.practitioners": None}, UNRECORDED, LIST_UNRECORDED, id="null list"),
    pytest.param({f"{AMARA}.linked_to": "99", **waived("VL203")}, WAIVED, NO_SUCH, id="waived"),
    pytest.param(
        {"pms.practitioners": REMOVED, **waived("VL203")},
        UNRECORDED,
        LIST_UNRECORDED,
        id="a waiver does not accept what is not recorded",
    ),
    *BLOCKED_BY_LINK,
]

TWINS = "Dr Amara Nwosu and Dr Li Wei (dr-li-wei) are linked to the same PMS practitioner 17"

PMS_LINK_UNIQUE = [
    pytest.param({}, PASSED, "", id="alone"),
    pytest.param({f"{LI}.linked_to": "17"}, WARNED, TWINS, id="two profiles"),
    pytest.param(
        {f"{LI}.linked_to": "17", f"{LI}.expects_video": False, f"{OFFERING}.1": REMOVED},
        WARNED,
        TWINS,
        id="the other does no video",
    ),
    pytest.param(
        {f"{LI}.linked_to": "17", "pms.practitioners": REMOVED},
        WARNED,
        TWINS,
        id="whatever the PMS lists",
    ),
    pytest.param(
        {f"{LI}.linked_to": "17", "practitioners.2": DR_KIM},
        WARNED,
        "Dr Amara Nwosu and Dr Li Wei (dr-li-wei) and Dr Kim (dr-kim) are linked to the same PMS"
        " practitioner 17",
        id="three profiles",
    ),
    pytest.param(
        {f"{LI}.linked_to": "17", f"{LI}.archived": True}, PASSED, "", id="the other is archived"
    ),
    pytest.param({f"{LI}.linked_to": "017"}, PASSED, "", id="ids are text"),
    pytest.param({f"{LI}.linked_to": REMOVED}, PASSED, "", id="the other is not recorded"),
    pytest.param({f"{LI}.linked_to": "17", **waived("VL204")}, WAIVED, TWINS, id="waived"),
    pytest.param(
        {**UNLINKED, f"{LI}.linked_to": "none"},
        BLOCKED,
        "blocked by VL202 (dr-amara-nwosu)",
        id="both are not linked",
    ),
    *BLOCKED_BY_LINK,
]

STALE = "Dr Amara Nwosu is archived but still listed by Telehealth Video Consult"

NOT_ARCHIVED = [
    pytest.param(ARCHIVED, WARNED, STALE, id="listed by name"),
    pytest.param(
        {**ARCHIVED, f"{OFFERING}.0": {"id": "dr-amara-nwosu", "linked_to": "31"}},
        WARNED,
        STALE,
        id="listed with an override",
    ),
    pytest.param(
        {**ARCHIVED, "appointment_types.2": SECOND_VIDEO_TYPE},
        WARNED,
        "Dr Amara Nwosu is archived but still listed by Telehealth Video Consult and Long Video"
        " Consult",
        id="listed by two types",
    ),
    pytest.param({**ARCHIVED, **UNLINKED}, WARNED, STALE, id="nothing blocks it"),
    pytest.param({**ARCHIVED, **waived("VL205")}, WAIVED, STALE, id="waived"),
]

NOT_IN_BOOK: Document = {f"{LISTED_AMARA}.in_appointment_book": False}
NOT_BOOKABLE = "Dr Amara Nwosu is not in the PMS's appointment book"

IN_APPOINTMENT_BOOK = [
    pytest.param({}, PASSED, "", id="in the book"),
    pytest.param(NOT_IN_BOOK, WARNED, NOT_BOOKABLE, id="not in the book"),
    pytest.param(
        {**NOT_IN_BOOK, "pms.system": "pracsoft"}, WARNED, NOT_BOOKABLE, id="Pracsoft as well"
    ),
    pytest.param(
        {**NOT_IN_BOOK, "pms.system": " Best-PRACTICE "},
        WARNED,
        NOT_BOOKABLE,
        id="case and outer space of the system do not count",
    ),
    pytest.param(
        {f"{LISTED_AMARA}.in_appointment_book": REMOVED},
        UNRECORDED,
        "Whether Dr Amara Nwosu is in the PMS's appointment book is not recorded",
        id="not recorded",
    ),
    pytest.param({"pms.practitioners": REMOVED}, UNRECORDED, LIST_UNRECORDED, id="no list"),
    pytest.param({**NOT_IN_BOOK, **waived("VL206")}, WAIVED, NOT_BOOKABLE, id="waived"),
    pytest.param(
        {f"{AMARA}.linked_to": "99"},
        BLOCKED,
        "blocked by VL203 (dr-amara-nwosu)",
        id="linked to nobody",
    ),
    pytest.param(
        {**NOT_IN_BOOK, f"{LISTED_AMARA}.active": False},
        BLOCKED,
        "blocked by VL203 (dr-amara-nwosu)",
        id="linked to an inactive entry",
    ),
    pytest.param(
        {f"{AMARA}.linked_to": "99", **waived("VL203")},
        BLOCKED,
        "blocked by VL203 (dr-amara-nwosu)",
        id="linked to nobody, which is waived",
    ),
    *BLOCKED_BY_LINK,
]


@pytest.mark.parametrize(("edits", "state", "reason"), ACCEPTS_VIDEO)
def test_accepts_video(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL201 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(("edits", "state", "reason"), LINKED_TO_PMS)
def test_linked_to_pms(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL202 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(("edits", "state", "reason"), PMS_LINK_RESOLVES)
def test_pms_link_resolves(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL203 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(("edits", "state", "reason"), PMS_LINK_UNIQUE)
def test_pms_link_unique(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL204 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(("edits", "state", "reason"), NOT_ARCHIVED)
def test_not_archived(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL205 dr-amara-nwosu", edits, state, reason)


@pytest.mark.parametrize(("edits", "state", "reason"), IN_APPOINTMENT_BOOK)
def test_in_appointment_book(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL206 dr-amara-nwosu", edits, state, reason)


def test_each_of_two_profiles_is_told_of_the_other() -> None:
    judgements = judged(edited(right_clinic(), {f"{LI}.linked_to": "17"}))
    assert judgements["VL204 dr-amara-nwosu"].reason == TWINS
    assert (
        judgements["VL204 dr-li-wei"].reason
        == "Dr Li Wei and Dr Amara Nwosu (dr-amara-nwosu) are linked to the same PMS practitioner"
        " 17"
    )


def test_what_is_blocked_by_something_waived_is_excused() -> None:
    accepted = {**UNLINKED, **waived("VL202")}
    judgements = judged(edited(right_clinic(), accepted))
    assert judgements["VL203 dr-amara-nwosu"].excused
    assert judgements["VL204 dr-amara-nwosu"].excused
    assert judgements["VL206 dr-amara-nwosu"].excused
    assert not judged(edited(right_clinic(), UNLINKED))["VL203 dr-amara-nwosu"].excused


NO_VIDEO_DONE = [
    pytest.param({**ARCHIVED, **SWITCH_OFF, **UNLINKED}, id="archived"),
    pytest.param(
        {**NOBODY_OFFERS, **UNLINKED, f"{AMARA}.expects_video": False},
        id="not meant to do video and offers none",
    ),
    pytest.param(
        {**NOBODY_OFFERS, **SWITCH_OFF, **UNLINKED, f"{AMARA}.expects_video": REMOVED},
        id="nothing says that they do video",
    ),
]


@pytest.mark.parametrize("check", ["VL201", "VL202", "VL203", "VL204", "VL206"])
@pytest.mark.parametrize("edits", NO_VIDEO_DONE)
def test_who_does_no_video_is_not_checked(check: str, edits: Document) -> None:
    assert f"{check} dr-amara-nwosu" not in judged(edited(right_clinic(), edits))


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({}, id="not archived"),
        pytest.param({**ARCHIVED, OFFERING: "all"}, id="the video type says all"),
        pytest.param(
            {
                **ARCHIVED,
                OFFERING: ["dr-li-wei"],
                "appointment_types.1.practitioners": ["dr-amara-nwosu"],
            },
            id="listed by a type that is not video",
        ),
        pytest.param({**ARCHIVED, OFFERING: REMOVED}, id="who offers it is not recorded"),
    ],
)
def test_no_listing_is_stale(edits: Document) -> None:
    assert "VL205 dr-amara-nwosu" not in judged(edited(right_clinic(), edits))


@pytest.mark.parametrize("system", ["zedmed", "genie", "Bp Allied"])
def test_other_systems_have_no_appointment_book_to_check(system: str) -> None:
    clinic = edited(right_clinic(), {**NOT_IN_BOOK, "pms.system": system})
    assert "VL206 dr-amara-nwosu" not in judged(clinic)
