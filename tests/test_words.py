"""The words of the contract: video type, phone type, offers, video practitioner, pair, override,
effective links. Each is told by which checks there are of a clinic's subjects.
"""

from __future__ import annotations

from typing import Any

import pytest
from support import REMOVED, Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

VIDEO = "appointment_types.0"
OTHER = "appointment_types.1"
OFFERING = f"{VIDEO}.practitioners"
AMARA = "practitioners.0"
LI = "practitioners.1"

AMARA_OFFERS = ["dr-amara-nwosu", "dr-li-wei"]
AMARA_DOES_NOT = ["dr-li-wei"]


def is_video_type(settings: Document) -> bool:
    return "VL301 consult" in judged(_with_type(settings))


def is_phone_type(settings: Document) -> bool:
    return "VL307 consult" in judged(_with_type(settings))


def _with_type(settings: Document) -> Document:
    recorded = {key: value for key, value in settings.items() if value is not None}
    return edited(
        right_clinic(), {"appointment_types.2": {"id": "consult", "name": "Consult", **recorded}}
    )


def does_video(clinic: Document, practitioner: str = "dr-amara-nwosu") -> bool:
    return f"VL201 {practitioner}" in judged(clinic)


def pairs(edits: Document) -> list[str]:
    """The pairs of a clinic, in the order of its items."""
    keys = judged(edited(right_clinic(), edits))
    return [key.removeprefix("VL500 ") for key in keys if key.startswith("VL500 ")]


# Video and phone types


@pytest.mark.parametrize(
    ("modality", "telehealth_video", "name", "video", "phone"),
    [
        ("video", True, "Video", True, False),
        ("video", False, "Phone", True, False),
        ("video", None, "Consult", True, False),
        ("phone", True, "Video", False, True),
        ("phone", False, "Phone", False, True),
        ("phone", None, "Consult", False, True),
        ("in-person", True, "Video", False, False),
        ("in-person", False, "Phone", False, False),
        ("in-person", None, "Consult", False, False),
        (None, True, "Video", True, False),
        (None, True, "Phone", True, False),
        (None, True, "Consult", True, False),
        (None, False, "Video", True, False),
        (None, False, "Phone", False, False),
        (None, False, "Consult", False, False),
        (None, None, "Video", True, False),
        (None, None, "Phone", False, False),
        (None, None, "Consult", False, False),
    ],
)
def test_video_and_phone_types(
    modality: str | None, telehealth_video: bool | None, name: str, video: bool, phone: bool
) -> None:
    settings = {"modality": modality, "telehealth_video": telehealth_video, "name": name}
    assert (is_video_type(settings), is_phone_type(settings)) == (video, phone)


@pytest.mark.parametrize(
    "name",
    [
        "video",
        "VIDEO CONSULT",
        "Telehealth Video Consult",
        "Videoconference",
        "Telehealth (videocall)",
        "Telehealth-Video",
        "telehealth_video",
        "Tele/Video/Phone",
        "Video2",
        "No video",
    ],
)
def test_a_name_that_says_video(name: str) -> None:
    assert is_video_type({"name": name})


@pytest.mark.parametrize(
    "name",
    ["Televideo", "Telehealth", "Vide o", "Vid eo", "1video", "Telephone", "Vidéo", "Vi-deo"],
)
def test_a_name_that_does_not_say_video(name: str) -> None:
    assert not is_video_type({"name": name})


# Offers, and pairs


@pytest.mark.parametrize(
    ("edits", "offered"),
    [
        pytest.param({OFFERING: AMARA_OFFERS}, AMARA_OFFERS, id="listed"),
        pytest.param({OFFERING: AMARA_DOES_NOT}, ["dr-li-wei"], id="not listed"),
        pytest.param({OFFERING: "all"}, AMARA_OFFERS, id="all"),
        pytest.param(
            {OFFERING: [{"id": "dr-amara-nwosu", "linked_to": "none"}]},
            ["dr-amara-nwosu"],
            id="listed with an override",
        ),
        pytest.param({OFFERING: []}, [], id="an empty list"),
        pytest.param({OFFERING: REMOVED}, [], id="not recorded"),
        pytest.param(
            {OFFERING: AMARA_OFFERS, f"{AMARA}.archived": True},
            ["dr-li-wei"],
            id="listed but archived",
        ),
        pytest.param(
            {OFFERING: "all", f"{AMARA}.archived": True}, ["dr-li-wei"], id="all but the archived"
        ),
        pytest.param(
            {OFFERING: AMARA_OFFERS, f"{AMARA}.expects_video": False},
            AMARA_OFFERS,
            id="whether or not they are meant to",
        ),
        pytest.param(
            {
                OFFERING: AMARA_OFFERS,
                f"{AMARA}.accepts_video_appointments": False,
                f"{AMARA}.linked_to": "none",
                f"{AMARA}.visible_for_online_bookings": False,
            },
            AMARA_OFFERS,
            id="whatever else is set",
        ),
        pytest.param(
            {OFFERING: ["dr-li-wei", "dr-amara-nwosu"]},
            AMARA_OFFERS,
            id="in the order of the practitioners",
        ),
    ],
)
def test_pairs_of_those_who_offer_a_video_type(edits: Document, offered: list[str]) -> None:
    assert pairs(edits) == [f"{practitioner}::telehealth-video" for practitioner in offered]


def test_each_practitioner_has_a_pair_for_each_video_type_they_offer() -> None:
    second = {"id": "long-video", "name": "Long Video Consult", "practitioners": "all"}
    assert pairs({"appointment_types.2": second}) == [
        "dr-amara-nwosu::telehealth-video",
        "dr-amara-nwosu::long-video",
        "dr-li-wei::telehealth-video",
        "dr-li-wei::long-video",
    ]


def test_what_is_no_video_type_makes_no_pairs() -> None:
    assert pairs({f"{VIDEO}.modality": "phone"}) == []


# Video practitioners

VIDEO_PRACTITIONERS = [
    # expects_video, accepts_video_appointments, offers a video type: a video practitioner
    (True, True, True, True),
    (True, True, False, True),
    (True, False, True, True),
    (True, False, False, True),
    (True, None, True, True),
    (True, None, False, True),
    (False, True, True, True),
    (False, True, False, False),
    (False, False, True, True),
    (False, False, False, False),
    (False, None, True, True),
    (False, None, False, False),
    (None, True, True, True),
    (None, True, False, True),
    (None, False, True, True),
    (None, False, False, False),
    (None, None, True, True),
    (None, None, False, False),
]


def _profile(
    expects: bool | None, accepts: bool | None, offers: bool, archived: bool | None
) -> Document:
    return edited(
        right_clinic(),
        {
            f"{AMARA}.expects_video": expects,
            f"{AMARA}.accepts_video_appointments": accepts,
            f"{AMARA}.archived": archived,
            OFFERING: AMARA_OFFERS if offers else AMARA_DOES_NOT,
        },
    )


@pytest.mark.parametrize("archived", [False, None])
@pytest.mark.parametrize(("expects", "accepts", "offers", "expected"), VIDEO_PRACTITIONERS)
def test_a_video_practitioner(
    expects: bool | None, accepts: bool | None, offers: bool, expected: bool, archived: bool | None
) -> None:
    assert does_video(_profile(expects, accepts, offers, archived)) is expected


@pytest.mark.parametrize("offers", [True, False])
@pytest.mark.parametrize("accepts", [True, False, None])
@pytest.mark.parametrize("expects", [True, False, None])
def test_nobody_archived_is_a_video_practitioner(
    expects: bool | None, accepts: bool | None, offers: bool
) -> None:
    assert not does_video(_profile(expects, accepts, offers, archived=True))


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param({OFFERING: "all"}, True, id="offers a video type by the word all"),
        pytest.param({OFFERING: REMOVED}, False, id="who offers it is not recorded"),
        pytest.param(
            {OFFERING: AMARA_DOES_NOT, f"{OTHER}.practitioners": "all"},
            False,
            id="offers a type that is not video",
        ),
        pytest.param(
            {
                OFFERING: AMARA_DOES_NOT,
                f"{OTHER}.modality": REMOVED,
                f"{OTHER}.telehealth_video": True,
            },
            True,
            id="offers a type that looks like video",
        ),
    ],
)
def test_what_counts_as_offering_video(edits: Document, expected: bool) -> None:
    undecided = {f"{AMARA}.expects_video": False}
    assert does_video(edited(right_clinic(), {**undecided, **edits})) is expected


# Overrides and effective links


def effective_links(entry: Any, links: Any) -> list[str]:
    """What a PMS without appointment types says of the links of Dr Li Wei with the video type.

    The type is linked as ``links`` says, and its list of practitioners holds ``entry`` alone.
    """
    edits = {OFFERING: [entry], f"{VIDEO}.linked_to": links, "pms.appointment_types": []}
    judgements = judged(edited(right_clinic(), edits))
    decisive = judgements.get("VL311 dr-li-wei::telehealth-video")
    return [each.summary for each in (decisive or judgements["VL304 telehealth-video"]).findings]


def own(link: str) -> str:
    return f"Telehealth Video Consult is linked to PMS type {link}, which does not exist"


def overridden(link: str) -> str:
    return f"Dr Li Wei with {own(link)}"


@pytest.mark.parametrize(
    ("entry", "links", "effective"),
    [
        pytest.param("dr-li-wei", "29", [own("29")], id="the type's"),
        pytest.param("dr-li-wei", ["29", "31"], [own("29"), own("31")], id="all of the type's"),
        pytest.param({"id": "dr-li-wei"}, "29", [own("29")], id="an entry without the key"),
        pytest.param({"id": "dr-li-wei", "linked_to": None}, "29", [own("29")], id="a null entry"),
        pytest.param({"id": "dr-li-wei", "linked_to": ""}, "29", [own("29")], id="a blank entry"),
        pytest.param(
            {"id": "dr-li-wei", "linked_to": "31"}, "29", [overridden("31")], id="the override's"
        ),
        pytest.param(
            {"id": "dr-li-wei", "linked_to": ["31", "33"]},
            "29",
            [overridden("31"), overridden("33")],
            id="all of the override's",
        ),
        pytest.param(
            {"id": "dr-li-wei", "linked_to": "31"},
            "none",
            [overridden("31")],
            id="the override's of a type without links",
        ),
        pytest.param(
            {"id": "dr-li-wei", "linked_to": "31"},
            None,
            [overridden("31")],
            id="the override's of a type whose links are not recorded",
        ),
    ],
)
def test_effective_links(entry: Any, links: Any, effective: list[str]) -> None:
    assert effective_links(entry, links) == effective


@pytest.mark.parametrize(
    ("linked_to", "is_override"),
    [("31", True), (["31", "29"], True), ("none", True), ([], True), (None, False), ("", False)],
)
def test_an_override_is_an_entry_with_the_key(linked_to: Any, is_override: bool) -> None:
    entry = {"id": "dr-li-wei", "linked_to": linked_to}
    judgements = judged(edited(right_clinic(), {OFFERING: [entry]}))
    assert ("VL311 dr-li-wei::telehealth-video" in judgements) is is_override


@pytest.mark.parametrize("linked_to", ["none", []])
def test_an_override_to_none_leaves_no_link(linked_to: Any) -> None:
    entry = {"id": "dr-li-wei", "linked_to": linked_to}
    judgement = judged(edited(right_clinic(), {OFFERING: [entry]}))[
        "VL311 dr-li-wei::telehealth-video"
    ]
    assert judgement.state is State.FAILED
    assert judgement.reason == (
        "Dr Li Wei with Telehealth Video Consult is not linked to a PMS appointment type"
    )


# What counts as recorded


@pytest.mark.parametrize("text", ["none", "'none'", '"none"', "[]"])
def test_ways_to_say_not_linked(text: str) -> None:
    reason = judged(_skeleton(text))["VL202 dr-li-wei"].reason
    assert reason == "Dr Li Wei is not linked to a PMS practitioner"


@pytest.mark.parametrize("text", ["", "~", "null", "''", '"  "'])
def test_ways_to_leave_a_link_unrecorded(text: str) -> None:
    reason = judged(_skeleton(text))["VL202 dr-li-wei"].reason
    assert reason == "Link to (practice management software) is not recorded for Dr Li Wei"


@pytest.mark.parametrize("text", ["Nones", "'null'", "NOR", "0"])
def test_texts_that_are_ids(text: str) -> None:
    assert judged(_skeleton(text))["VL202 dr-li-wei"].state is State.PASSED


def _skeleton(linked_to: str) -> str:
    return f"""
        videolink: 1
        clinic: harbourside
        name: Harbourside
        timezone: Australia/Sydney
        pms: {{system: zedmed, database: ONE}}
        practitioners:
          - id: dr-li-wei
            name: Dr Li Wei
            expects_video: true
            linked_to: {linked_to}
    """
