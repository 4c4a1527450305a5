"""VL301 to VL312: each clause of the catalogue, as a clinic that meets it or does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from support import REMOVED, Document, edited, judged, right_clinic

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
    return {
        "waivers": [
            {
                "check": check,
                "on": on,
                "reason": "Agreed with the owners",
                "owner": "practice manager",
                "until": "2026-12-31",
            }
        ]
    }


def override(practitioner: str, linked_to: Any) -> Document:
    return {"id": practitioner, "linked_to": linked_to}


def assert_judged(key: str, edits: Mapping[str, Any], state: State, reason: str) -> None:
    judgement = judged(edited(right_clinic(), edits))[key]
    assert (judgement.state, judgement.reason) == (state, reason)


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
        ({**UNLINKED, **waived("VL303")}, "VL304 telehealth-video"),
        ({**UNLINKED, **waived("VL303")}, "VL306 telehealth-video"),
        ({f"{VIDEO}.linked_to": "99", **waived("VL304")}, "VL306 telehealth-video"),
        ({OFFERING: REMOVED, **waived("VL309")}, "VL310 dr-amara-nwosu"),
        ({**NO_VIDEO_TYPE, **waived("VL005", "harbourside")}, "VL310 dr-amara-nwosu"),
        ({**AMARA_STANDARD_40, **UNLINKED, **waived("VL303")}, f"VL311 {AMARA_VIDEO}"),
    ],
)
def test_what_is_blocked_by_something_waived_is_excused(edits: Document, blocked: str) -> None:
    assert judged(edited(right_clinic(), edits))[blocked].excused
    assert not judged(edited(right_clinic(), {**edits, "waivers": []}))[blocked].excused


@pytest.mark.parametrize(
    "check",
    ["VL301", "VL302", "VL303", "VL304", "VL305", "VL306", "VL307", "VL308", "VL309"],
)
def test_a_type_that_is_not_video_is_not_checked(check: str) -> None:
    assert f"{check} standard" not in collected({f"{OTHER}.linked_to": "none"})
