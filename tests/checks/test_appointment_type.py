"""VL301 to VL308: each clause of the catalogue, as a clinic that meets it or does not."""

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
LI = "practitioners.1"

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


NO_TELEHEALTH = "Telehealth Video Consult is not set as a telehealth appointment"
TELEHEALTH_UNRECORDED = (
    "This is a Telehealth Appointment is not recorded for Telehealth Video Consult"
)


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="on"),
        pytest.param({f"{VIDEO}.telehealth": False}, FAILED, NO_TELEHEALTH, id="off"),
        pytest.param(
            {f"{VIDEO}.telehealth": REMOVED}, FAILED, TELEHEALTH_UNRECORDED, id="left out"
        ),
        pytest.param({f"{VIDEO}.telehealth": None}, FAILED, TELEHEALTH_UNRECORDED, id="null"),
        pytest.param({f"{VIDEO}.telehealth": ""}, FAILED, TELEHEALTH_UNRECORDED, id="empty"),
        pytest.param(
            {f"{VIDEO}.telehealth": False, **waived("VL301")}, WAIVED, NO_TELEHEALTH, id="waived"
        ),
        pytest.param(
            {f"{VIDEO}.telehealth": REMOVED, **waived("VL301")},
            FAILED,
            TELEHEALTH_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
    ],
)
def test_telehealth_on(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL301 telehealth-video", edits, state, reason)


NO_VIDEO = "Telehealth Video Consult does not have Telehealth Video enabled"
VIDEO_UNRECORDED = "Enable Telehealth Video is not recorded for Telehealth Video Consult"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="on"),
        pytest.param({f"{VIDEO}.telehealth_video": False}, FAILED, NO_VIDEO, id="off"),
        pytest.param(
            {f"{VIDEO}.telehealth_video": False, f"{VIDEO}.modality": REMOVED},
            FAILED,
            NO_VIDEO,
            id="off, and only the name says that it is video",
        ),
        pytest.param(
            {f"{VIDEO}.telehealth_video": REMOVED}, FAILED, VIDEO_UNRECORDED, id="left out"
        ),
        pytest.param({f"{VIDEO}.telehealth_video": None}, FAILED, VIDEO_UNRECORDED, id="null"),
        pytest.param({f"{VIDEO}.telehealth_video": ""}, FAILED, VIDEO_UNRECORDED, id="empty"),
        pytest.param(
            {f"{VIDEO}.telehealth_video": False, **waived("VL302")}, WAIVED, NO_VIDEO, id="waived"
        ),
        pytest.param(
            {f"{VIDEO}.telehealth_video": REMOVED, **waived("VL302")},
            FAILED,
            VIDEO_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
    ],
)
def test_video_on(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL302 telehealth-video", edits, state, reason)


NOT_LINKED = "Telehealth Video Consult is not linked to a PMS appointment type"
LINK_UNRECORDED = "The linked PMS appointment type is not recorded for Telehealth Video Consult"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="linked"),
        pytest.param({f"{VIDEO}.linked_to": ["29", "31"]}, PASSED, "", id="linked to several"),
        pytest.param({f"{VIDEO}.linked_to": "99"}, PASSED, "", id="whatever it is linked to"),
        pytest.param(UNLINKED, FAILED, NOT_LINKED, id="none"),
        pytest.param({f"{VIDEO}.linked_to": []}, FAILED, NOT_LINKED, id="an empty list"),
        pytest.param(
            {
                **UNLINKED,
                OFFERING: [override("dr-amara-nwosu", "29"), override("dr-li-wei", "31")],
            },
            FAILED,
            NOT_LINKED,
            id="none, though all who offer it have links of their own",
        ),
        pytest.param({f"{VIDEO}.linked_to": REMOVED}, FAILED, LINK_UNRECORDED, id="left out"),
        pytest.param({f"{VIDEO}.linked_to": None}, FAILED, LINK_UNRECORDED, id="null"),
        pytest.param({f"{VIDEO}.linked_to": ""}, FAILED, LINK_UNRECORDED, id="empty"),
        pytest.param({**UNLINKED, **waived("VL303")}, WAIVED, NOT_LINKED, id="waived"),
        pytest.param(
            {f"{VIDEO}.linked_to": REMOVED, **waived("VL303")},
            FAILED,
            LINK_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
    ],
)
def test_linked_to_pms_type(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL303 telehealth-video", edits, state, reason)


BLOCKED_BY_LINK = [
    pytest.param(UNLINKED, BLOCKED, "blocked by VL303 (telehealth-video)", id="not linked"),
    pytest.param(
        {f"{VIDEO}.linked_to": REMOVED},
        BLOCKED,
        "blocked by VL303 (telehealth-video)",
        id="link not recorded",
    ),
    pytest.param(
        {**UNLINKED, **waived("VL303")},
        BLOCKED,
        "blocked by VL303 (telehealth-video)",
        id="not linked, which is waived",
    ),
]

LIST_UNRECORDED = "The PMS's list of appointment types is not recorded"


def no_such(link: str) -> str:
    return f"Telehealth Video Consult is linked to PMS type {link}, which does not exist"


INACTIVE = "Telehealth Video Consult is linked to PMS type 29, which is inactive"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="listed and active"),
        pytest.param({f"{PMS_TYPES}.0.active": REMOVED}, PASSED, "", id="activity not recorded"),
        pytest.param({f"{VIDEO}.linked_to": ["29", "31"]}, PASSED, "", id="several"),
        pytest.param({f"{VIDEO}.linked_to": "99"}, FAILED, no_such("99"), id="not listed"),
        pytest.param({f"{VIDEO}.linked_to": "029"}, FAILED, no_such("029"), id="ids are text"),
        pytest.param({f"{PMS_TYPES}.0.active": False}, FAILED, INACTIVE, id="inactive"),
        pytest.param(
            {f"{VIDEO}.linked_to": ["31", "99"]}, FAILED, no_such("99"), id="one of several"
        ),
        pytest.param({PMS_TYPES: []}, FAILED, no_such("29"), id="an empty list is recorded"),
        pytest.param(NO_LIST, UNRECORDED, LIST_UNRECORDED, id="no list"),
        pytest.param({PMS_TYPES: None}, UNRECORDED, LIST_UNRECORDED, id="null list"),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", "99")}, PASSED, "", id="an override is VL311's"
        ),
        pytest.param(
            {f"{VIDEO}.linked_to": "99", **waived("VL304")}, WAIVED, no_such("99"), id="waived"
        ),
        pytest.param(
            {**NO_LIST, **waived("VL304")},
            UNRECORDED,
            LIST_UNRECORDED,
            id="a waiver does not accept what is not recorded",
        ),
        *BLOCKED_BY_LINK,
    ],
)
def test_pms_type_resolves(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL304 telehealth-video", edits, state, reason)


def test_every_link_that_does_not_resolve_is_a_finding() -> None:
    clinic = edited(
        right_clinic(), {f"{VIDEO}.linked_to": ["98", "29", "99"], f"{PMS_TYPES}.0.active": False}
    )
    findings = judged(clinic)["VL304 telehealth-video"].findings
    assert [each.summary for each in findings] == [no_such("98"), INACTIVE, no_such("99")]


SHARED = "Telehealth Video Consult shares PMS type 29 with Standard Consult (not video)"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="its own"),
        pytest.param({f"{OTHER}.linked_to": "29"}, FAILED, SHARED, id="shared"),
        pytest.param(
            {f"{VIDEO}.linked_to": ["31", "29"], f"{OTHER}.linked_to": ["40", "29"]},
            FAILED,
            SHARED,
            id="one of several",
        ),
        pytest.param(
            {f"{OTHER}.linked_to": "29", STANDARD_OFFERING: []},
            FAILED,
            SHARED,
            id="whoever offers the other type",
        ),
        pytest.param(
            {f"{OTHER}.linked_to": "29", **NO_LIST}, FAILED, SHARED, id="whatever the PMS lists"
        ),
        pytest.param(
            {"appointment_types.2": {**PHONE, "linked_to": "29"}},
            FAILED,
            "Telehealth Video Consult shares PMS type 29 with Phone Consult (not video)",
            id="shared with a phone type",
        ),
        pytest.param(
            {"appointment_types.2": LONG_VIDEO}, PASSED, "", id="two video types may share"
        ),
        pytest.param(
            {STANDARD_OFFERING: [override("dr-amara-nwosu", "29")]},
            PASSED,
            "",
            id="an override of the other type is VL311's",
        ),
        pytest.param(
            {LI_LISTED: override("dr-li-wei", "40")},
            PASSED,
            "",
            id="an override of its own is VL311's",
        ),
        pytest.param(
            {f"{OTHER}.linked_to": REMOVED}, PASSED, "", id="the other's link is not recorded"
        ),
        pytest.param({f"{OTHER}.linked_to": "none"}, PASSED, "", id="the other is not linked"),
        pytest.param({f"{OTHER}.linked_to": "029"}, PASSED, "", id="ids are text"),
        pytest.param({f"{OTHER}.linked_to": "29", **waived("VL305")}, WAIVED, SHARED, id="waived"),
        pytest.param(
            {**UNLINKED, f"{OTHER}.linked_to": "none"},
            BLOCKED,
            "blocked by VL303 (telehealth-video)",
            id="both are not linked",
        ),
        *BLOCKED_BY_LINK,
    ],
)
def test_pms_type_unambiguous(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL305 telehealth-video", edits, state, reason)


def named(name: str, says: str) -> str:
    return f'Telehealth Video Consult is linked to PMS appointment type "{name}", which says {says}'


PHONE_NAMED: Document = {f"{PMS_TYPES}.0.name": "Phone"}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Phone", "phone"),
        ("PHONE CONSULT", "phone"),
        ("Long phone/GP", "phone"),
        ("phone_consult", "phone"),
        ("Tele-phone", "phone"),
        ("Televideo phone", "phone"),
        ("Telephone consult", "telephone"),
        ("Consult (telephone)", "telephone"),
        ("Face to face", "face to face"),
        ("Face-to-Face", "face to face"),
        ("FACE  to-face visit", "face to face"),
        ("In person", "in person"),
        ("Standard In-Person", "in person"),
    ],
)
def test_a_pms_type_named_for_something_else(name: str, says: str) -> None:
    edits = {f"{PMS_TYPES}.0.name": name}
    assert_judged("VL306 telehealth-video", edits, WARNED, named(name, says))


@pytest.mark.parametrize(
    "name",
    [
        "Standard",
        "phonecall",
        "Telephones",
        "Telephone video",
        "VIDEO or phone",
        "Videophone",
        "Face-to-Face (videoconference)",
        "Video, not in person",
        "Person in",
        "In personal",
        "Inperson",
        "Face to my face",
        "Surface to face",
        "2phone",
    ],
)
def test_a_pms_type_whose_name_fits(name: str) -> None:
    assert_judged("VL306 telehealth-video", {f"{PMS_TYPES}.0.name": name}, PASSED, "")


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param(
            {f"{VIDEO}.linked_to": ["31", "29"], **PHONE_NAMED},
            WARNED,
            named("Phone", "phone"),
            id="one of several",
        ),
        pytest.param(
            {f"{PMS_TYPES}.1.name": "Phone"}, PASSED, "", id="the PMS type of an override"
        ),
        pytest.param(NO_LIST, UNRECORDED, LIST_UNRECORDED, id="no list"),
        pytest.param(
            {**PHONE_NAMED, **waived("VL306")}, WAIVED, named("Phone", "phone"), id="waived"
        ),
        pytest.param(
            {f"{VIDEO}.linked_to": "99"},
            BLOCKED,
            "blocked by VL304 (telehealth-video)",
            id="linked to nothing that exists",
        ),
        pytest.param(
            {**PHONE_NAMED, f"{PMS_TYPES}.0.active": False},
            BLOCKED,
            "blocked by VL304 (telehealth-video)",
            id="linked to what is inactive",
        ),
        pytest.param(
            {f"{VIDEO}.linked_to": "99", **waived("VL304")},
            BLOCKED,
            "blocked by VL304 (telehealth-video)",
            id="linked to nothing that exists, which is waived",
        ),
        *BLOCKED_BY_LINK,
    ],
)
def test_pms_type_name_fits(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL306 telehealth-video", edits, state, reason)


PHONE_WITH_VIDEO: Document = {"appointment_types.2": {**PHONE, "telehealth_video": True}}
VIDEO_ROOM = "Phone Consult is a phone type with Telehealth Video enabled"


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({"appointment_types.2": PHONE}, PASSED, "", id="off"),
        pytest.param(PHONE_WITH_VIDEO, WARNED, VIDEO_ROOM, id="on"),
        pytest.param(
            {"appointment_types.2": {**PHONE, "telehealth_video": None}},
            UNRECORDED,
            "Enable Telehealth Video is not recorded for Phone Consult",
            id="not recorded",
        ),
        pytest.param(
            {**PHONE_WITH_VIDEO, **waived("VL307", "phone")}, WAIVED, VIDEO_ROOM, id="waived"
        ),
    ],
)
def test_phone_without_video(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL307 phone", edits, state, reason)


@pytest.mark.parametrize("modality", [None, "in-person", "video"])
def test_only_a_phone_type_is_to_be_without_video(modality: str | None) -> None:
    edits = {"appointment_types.2": {**PHONE, "telehealth_video": True, "modality": modality}}
    assert "VL307 phone" not in collected(edits)


NOT_29: Document = {f"{VIDEO}.linked_to": "31"}
NO_START_VIDEO = (
    "Telehealth Video Consult is not linked to PMS appointment type 29, so Start Video is missing"
)


@pytest.mark.parametrize(
    ("edits", "state", "reason"),
    [
        pytest.param({}, PASSED, "", id="29"),
        pytest.param({f"{VIDEO}.linked_to": ["31", "29"]}, PASSED, "", id="29 among others"),
        pytest.param(
            {OFFERING: [override("dr-amara-nwosu", "31"), override("dr-li-wei", "31")]},
            PASSED,
            "",
            id="29, though all who offer it have other links",
        ),
        pytest.param(NOT_29, WARNED, NO_START_VIDEO, id="not 29"),
        pytest.param({f"{VIDEO}.linked_to": "029"}, WARNED, NO_START_VIDEO, id="ids are text"),
        pytest.param(
            {**NOT_29, LI_LISTED: override("dr-li-wei", "29")},
            PASSED,
            "",
            id="an override to 29",
        ),
        pytest.param(
            {**NOT_29, LI_LISTED: override("dr-li-wei", ["31", "29"])},
            PASSED,
            "",
            id="an override to 29 among others",
        ),
        pytest.param(
            {**NOT_29, LI_LISTED: override("dr-li-wei", "29"), f"{LI}.archived": True},
            WARNED,
            NO_START_VIDEO,
            id="an override to 29 of somebody archived",
        ),
        pytest.param(
            {**NOT_29, STANDARD_OFFERING: [override("dr-li-wei", "29")]},
            WARNED,
            NO_START_VIDEO,
            id="an override to 29 on another type",
        ),
        pytest.param({**NOT_29, **NO_LIST}, WARNED, NO_START_VIDEO, id="whatever the PMS lists"),
        pytest.param(
            {**NOT_29, "pms.system": " BEST-Practice"},
            WARNED,
            NO_START_VIDEO,
            id="case and outer space of the system do not count",
        ),
        pytest.param({**NOT_29, **waived("VL308")}, WAIVED, NO_START_VIDEO, id="waived"),
        pytest.param(
            {**UNLINKED, LI_LISTED: override("dr-li-wei", "29")},
            BLOCKED,
            "blocked by VL303 (telehealth-video)",
            id="not linked, though an override is",
        ),
        *BLOCKED_BY_LINK,
    ],
)
def test_start_video(edits: Document, state: State, reason: str) -> None:
    assert_judged("VL308 telehealth-video", edits, state, reason)


@pytest.mark.parametrize("system", ["pracsoft", "zedmed", "genie"])
def test_start_video_is_of_best_practice(system: str) -> None:
    assert "VL308 telehealth-video" not in collected({**NOT_29, "pms.system": system})


@pytest.mark.parametrize(
    ("edits", "blocked"),
    [
        ({**UNLINKED, **waived("VL303")}, "VL304 telehealth-video"),
        ({**UNLINKED, **waived("VL303")}, "VL306 telehealth-video"),
        ({f"{VIDEO}.linked_to": "99", **waived("VL304")}, "VL306 telehealth-video"),
    ],
)
def test_what_is_blocked_by_something_waived_is_excused(edits: Document, blocked: str) -> None:
    assert judged(edited(right_clinic(), edits))[blocked].excused
    assert not judged(edited(right_clinic(), {**edits, "waivers": []}))[blocked].excused


@pytest.mark.parametrize(
    "check",
    ["VL301", "VL302", "VL303", "VL304", "VL305", "VL306", "VL307", "VL308"],
)
def test_a_type_that_is_not_video_is_not_checked(check: str) -> None:
    assert f"{check} standard" not in collected({f"{OTHER}.linked_to": "none"})
