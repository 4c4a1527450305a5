"""VL5xx: the link itself, as the chain of all settings lets one expect it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import pytest
from support import REMOVED, TERMS, Document, MemorySource, edited, judged, right_clinic

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.rule import Finding
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Pair
from pytest_videolink.sources.fleet import Fleet

Edits: TypeAlias = dict[str, Any]

PASSED, FAILED, BLOCKED = State.PASSED, State.FAILED, State.BLOCKED

AMARA = "VL500 dr-amara-nwosu::telehealth-video"
LI_WEI = "VL500 dr-li-wei::telehealth-video"

NWOSU, WEI = "practitioners.0", "practitioners.1"
VIDEO, STANDARD = "appointment_types.0", "appointment_types.1"
SHARES = "pms.shares_database_with"


def waiver(check: str, on: str | None = None) -> Document:
    return {
        "check": check,
        "on": on,
        "reason": "Video starts in the new year",
        "owner": "practice manager",
        "until": "2026-12-31",
    }


def second_video_type(**settings: Any) -> Edits:
    """Another video type, which nobody offers unless it says so."""
    type = {
        "id": "video-long",
        "name": "Video Long",
        "modality": "video",
        "online_bookings": True,
        "telehealth": True,
        "telehealth_video": True,
        "linked_to": "31",
        "practitioners": ["dr-li-wei"],
    }
    return {"appointment_types.2": {**type, **settings}}


def overrides_on_standard(**links: Any) -> Edits:
    """The standard type as offered by both, with links of their own."""
    ids = {"amara": "dr-amara-nwosu", "li_wei": "dr-li-wei"}
    entries = [
        {"id": id, "linked_to": links[who]} if who in links else id for who, id in ids.items()
    ]
    return {f"{STANDARD}.practitioners": entries}


NO_LINK_FOR_BOTH: list[Any] = [
    pytest.param(
        {"dashboard.last_synced": "2026-11-23T07:30:00+11:00"}, "VL102 (harbourside)", id="VL102"
    ),
    pytest.param({"pms.connected": False}, "VL103 (harbourside)", id="VL103"),
    pytest.param({"pms.connected": REMOVED}, "VL103 (harbourside)", id="VL103 not recorded"),
    pytest.param({f"{VIDEO}.telehealth": False}, "VL301 (telehealth-video)", id="VL301"),
    pytest.param(
        {f"{VIDEO}.telehealth": REMOVED}, "VL301 (telehealth-video)", id="VL301 not recorded"
    ),
    pytest.param({f"{VIDEO}.telehealth_video": False}, "VL302 (telehealth-video)", id="VL302"),
    pytest.param(
        {f"{VIDEO}.telehealth_video": None}, "VL302 (telehealth-video)", id="VL302 not recorded"
    ),
    pytest.param({SHARES: ["bayside"]}, "VL402 (harbourside)", id="VL402"),
    pytest.param({SHARES: REMOVED}, "VL402 (harbourside)", id="VL402 not recorded"),
    pytest.param(
        {
            "pms.connected": False,
            f"{VIDEO}.telehealth": False,
            f"{VIDEO}.telehealth_video": False,
            SHARES: ["bayside"],
        },
        "VL103 (harbourside), VL301 (telehealth-video), VL302 (telehealth-video),"
        " VL402 (harbourside)",
        id="several at once",
    ),
]


@pytest.mark.parametrize(("edits", "roots"), NO_LINK_FOR_BOTH)
def test_no_link_for_anybody(edits: Edits, roots: str) -> None:
    items = judged(edited(right_clinic(), edits))
    for pair in (AMARA, LI_WEI):
        assert (items[pair].state, items[pair].reason) == (BLOCKED, f"blocked by {roots}")


NO_LINK_FOR_LI_WEI: list[Any] = [
    pytest.param({f"{WEI}.accepts_video_appointments": False}, "VL201 (dr-li-wei)", id="VL201"),
    pytest.param(
        {f"{WEI}.accepts_video_appointments": REMOVED},
        "VL201 (dr-li-wei)",
        id="VL201 not recorded",
    ),
    pytest.param(
        {f"{WEI}.linked_to": "none"}, "VL202 (dr-li-wei)", id="VL202, behind VL203 and VL401 too"
    ),
    pytest.param({f"{WEI}.linked_to": REMOVED}, "VL202 (dr-li-wei)", id="VL202 not recorded"),
    pytest.param({f"{WEI}.linked_to": "99"}, "VL203 (dr-li-wei)", id="VL203"),
    pytest.param({"pms.practitioners.1.active": False}, "VL203 (dr-li-wei)", id="VL203 inactive"),
    pytest.param(
        {f"{VIDEO}.practitioners.1.linked_to": "none"},
        "VL311 (dr-li-wei::telehealth-video)",
        id="VL311 not linked",
    ),
    pytest.param(
        {f"{VIDEO}.practitioners.1.linked_to": "99"},
        "VL311 (dr-li-wei::telehealth-video)",
        id="VL311 does not exist",
    ),
    pytest.param(
        {f"{VIDEO}.practitioners.1.linked_to": "40"},
        "VL311 (dr-li-wei::telehealth-video)",
        id="VL311 also stands for another type",
    ),
    pytest.param(
        overrides_on_standard(li_wei="31"),
        "VL311 (dr-li-wei::telehealth-video)",
        id="VL311 by an override elsewhere",
    ),
    pytest.param(
        second_video_type(telehealth=False), "VL301 (video-long)", id="VL301 of a sharing type"
    ),
    pytest.param(
        second_video_type(telehealth_video=False),
        "VL302 (video-long)",
        id="VL302 of a sharing type",
    ),
    pytest.param(
        second_video_type(telehealth_video=None),
        "VL302 (video-long)",
        id="VL302 of a sharing type, not recorded",
    ),
    pytest.param(
        second_video_type(telehealth=False, practitioners=["dr-amara-nwosu"]),
        "VL301 (video-long)",
        id="VL301 of a sharing type that somebody else offers",
    ),
    pytest.param(
        {
            f"{WEI}.accepts_video_appointments": False,
            f"{WEI}.linked_to": "99",
            f"{VIDEO}.practitioners.1.linked_to": "none",
        },
        "VL201 (dr-li-wei), VL203 (dr-li-wei), VL311 (dr-li-wei::telehealth-video)",
        id="several at once",
    ),
]


@pytest.mark.parametrize(("edits", "roots"), NO_LINK_FOR_LI_WEI)
def test_no_link_for_one_practitioner(edits: Edits, roots: str) -> None:
    items = judged(edited(right_clinic(), edits))
    assert (items[LI_WEI].state, items[LI_WEI].reason) == (BLOCKED, f"blocked by {roots}")
    assert items[AMARA].state is PASSED


@pytest.mark.parametrize(
    ("edits", "roots"),
    [
        pytest.param({f"{VIDEO}.linked_to": "none"}, "VL303 (telehealth-video)", id="VL303"),
        pytest.param(
            {f"{VIDEO}.linked_to": REMOVED}, "VL303 (telehealth-video)", id="VL303 not recorded"
        ),
        pytest.param({f"{VIDEO}.linked_to": "99"}, "VL304 (telehealth-video)", id="VL304"),
        pytest.param(
            {"pms.appointment_types.0.active": False},
            "VL304 (telehealth-video)",
            id="VL304 inactive",
        ),
        pytest.param({f"{STANDARD}.linked_to": "29"}, "VL305 (telehealth-video)", id="VL305"),
        pytest.param(
            overrides_on_standard(amara="29"),
            "VL311 (dr-amara-nwosu::telehealth-video)",
            id="VL311 by an override elsewhere",
        ),
        pytest.param(
            {f"{VIDEO}.linked_to": "none", **overrides_on_standard(amara="29")},
            "VL303 (telehealth-video)",
            id="VL303, behind VL311 too",
        ),
    ],
)
def test_a_link_of_the_types_own_counts_where_there_is_no_override(
    edits: Edits, roots: str
) -> None:
    items = judged(edited(right_clinic(), edits))
    assert (items[AMARA].state, items[AMARA].reason) == (BLOCKED, f"blocked by {roots}")
    assert items[LI_WEI].state is PASSED


def test_a_practitioner_on_two_dashboards() -> None:
    harbourside = edited(right_clinic(), {SHARES: ["bayside"]})
    bayside = edited(
        right_clinic("bayside"), {SHARES: ["harbourside"], f"{NWOSU}.linked_to": "none"}
    )
    items = judged(harbourside, bayside)
    assert items[LI_WEI].reason == "blocked by VL401 (dr-li-wei)"
    assert items[AMARA].state is PASSED


def test_a_neighbour_that_cannot_be_read() -> None:
    bayside = edited(right_clinic("bayside"), {"colour": "blue"})
    items = judged(right_clinic(), bayside)
    assert items[AMARA].reason == items[LI_WEI].reason == "blocked by VL002 (harbourside)"


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({}, id="nothing wrong"),
        pytest.param(
            {
                "as_of": "2026-01-05T09:00:00+11:00",
                "dashboard.last_synced": "2026-01-05T09:00:00+11:00",
            },
            id="VL003 fails",
        ),
        pytest.param({"waivers": [waiver("VL601")]}, id="VL004 fails"),
        pytest.param({"pms.system": "genie"}, id="VL101 warns"),
        pytest.param({"dashboard.last_synced": REMOVED}, id="VL102 not recorded"),
        pytest.param({"pms.practitioners": REMOVED}, id="VL203 not recorded"),
        pytest.param(
            {
                "practitioners.2": {
                    "id": "dr-li-wei-old",
                    "name": "Dr Li Wei",
                    "linked_to": "18",
                    "accepts_video_appointments": False,
                }
            },
            id="VL204 warns",
        ),
        pytest.param({"pms.practitioners.1.in_appointment_book": False}, id="VL206 warns"),
        pytest.param({"pms.appointment_types": REMOVED}, id="VL304 and VL311 not recorded"),
        pytest.param({"pms.appointment_types.0.name": "Telephone"}, id="VL306 warns"),
        pytest.param({f"{STANDARD}.modality": "phone"}, id="a phone type"),
        pytest.param(
            {f"{VIDEO}.linked_to": "31", f"{VIDEO}.practitioners.1": "dr-li-wei"}, id="VL308 warns"
        ),
        pytest.param(second_video_type(linked_to="40", practitioners=[]), id="VL309 of another"),
        pytest.param(
            {
                "practitioners.2": {
                    "id": "dr-mei-tan",
                    "name": "Dr Mei Tan",
                    "linked_to": "none",
                    "accepts_video_appointments": False,
                    "expects_video": True,
                }
            },
            id="VL201, VL202 and VL310 of another fail",
        ),
        pytest.param({f"{WEI}.visible_for_online_bookings": False}, id="VL312 warns"),
        pytest.param({"dashboard.new_patient_approval": "manual"}, id="VL601 warns"),
        pytest.param({f"{WEI}.provider_number": "21"}, id="VL701 warns"),
        pytest.param(
            second_video_type(telehealth=False, telehealth_video=False, linked_to="40"),
            id="VL301 and VL302 of a type that shares no link",
        ),
        pytest.param(second_video_type(), id="a video type that shares a link"),
        pytest.param(
            {f"{VIDEO}.practitioners": "all", f"{VIDEO}.linked_to": ["29", "31"]},
            id="offered by all, with two links",
        ),
    ],
)
def test_a_link_is_expected(edits: Edits) -> None:
    items = judged(edited(right_clinic(), edits))
    assert (items[AMARA].state, items[LI_WEI].state) == (PASSED, PASSED)


@pytest.mark.parametrize(
    ("edits", "collected"),
    [
        pytest.param({f"{VIDEO}.practitioners": ["dr-amara-nwosu"]}, [AMARA], id="does not offer"),
        pytest.param({f"{WEI}.archived": True}, [AMARA], id="archived"),
        pytest.param({f"{VIDEO}.practitioners": REMOVED}, [], id="offers not recorded"),
        pytest.param({f"{VIDEO}.practitioners": []}, [], id="nobody offers it"),
        pytest.param({f"{VIDEO}.modality": "phone"}, [], id="a phone type"),
        pytest.param({VIDEO: REMOVED}, [], id="no video type"),
        pytest.param(
            {f"{VIDEO}.practitioners": "all", f"{WEI}.expects_video": False},
            [AMARA, LI_WEI],
            id="offered by all, whatever is expected",
        ),
        pytest.param(
            second_video_type(),
            [AMARA, LI_WEI, "VL500 dr-li-wei::video-long"],
            id="two video types",
        ),
    ],
)
def test_there_is_an_item_for_every_pair(edits: Edits, collected: list[str]) -> None:
    items = judged(edited(right_clinic(), edits))
    assert [key for key in items if key.startswith("VL500")] == collected


@pytest.mark.parametrize(
    ("waivers", "excused"),
    [
        ([], False),
        ([waiver("VL201")], False),
        ([waiver("VL301")], False),
        ([waiver("VL201", "dr-amara-nwosu"), waiver("VL301")], False),
        ([waiver("VL201", "dr-li-wei"), waiver("VL301", "telehealth-video")], True),
    ],
)
def test_a_missing_link_is_excused_where_every_root_is_waived(
    waivers: list[Document], excused: bool
) -> None:
    edits = {
        f"{WEI}.accepts_video_appointments": False,
        f"{VIDEO}.telehealth": False,
        "waivers": waivers,
    }
    item = judged(edited(right_clinic(), edits))[LI_WEI]
    assert (item.state, item.reason) == (
        BLOCKED,
        "blocked by VL201 (dr-li-wei), VL301 (telehealth-video)",
    )
    assert item.excused is excused


def test_the_link_itself_cannot_be_waived() -> None:
    items = judged(edited(right_clinic(), {"waivers": [waiver("VL500")]}))
    assert items[AMARA].state is PASSED
    assert (items["VL004"].state, items["VL004"].reason) == (FAILED, "VL500 cannot be waived")


# The chain is followed once more, should one of its checks be blind.


def _sees_nothing(*_: object) -> Iterable[Finding]:
    return ()


def judged_with(blind: str, clinic: Document, *others: Document) -> Judgement:
    """What VL500 says of Li Wei and the video type while another check finds nothing, ever."""
    source = MemorySource({each["clinic"]: each for each in (clinic, *others)})
    fleet = Fleet(source, source.entries()[:1])
    record = fleet.record(source.entries()[0]).clinic
    assert record is not None
    checks = [
        replace(check, needs="", run=_sees_nothing) if check.id == blind else check
        for check in CATALOGUE
    ]
    judge = Judge(record, fleet.neighbours(record), checks, TERMS)
    pair = Pair(path=(), practitioner=record.practitioners[1], type=record.appointment_types[0])
    return judge.judge(next(check for check in checks if check.id == "VL500"), pair)


def first_line_with(blind: str, clinic: Document, *others: Document) -> tuple[State, str]:
    judgement = judged_with(blind, clinic, *others)
    return judgement.state, judgement.reason


@pytest.mark.parametrize(
    ("blind", "edits", "broken"),
    [
        ("VL103", {"pms.connected": False}, "the PMS is connected"),
        ("VL103", {"pms.connected": REMOVED}, "the PMS is connected"),
        (
            "VL201",
            {f"{WEI}.accepts_video_appointments": False},
            "the practitioner accepts video",
        ),
        ("VL202", {f"{WEI}.linked_to": "none"}, "the practitioner is linked to the PMS"),
        ("VL301", {f"{VIDEO}.telehealth": False}, "the type is a telehealth appointment"),
        ("VL302", {f"{VIDEO}.telehealth_video": False}, "the type has video enabled"),
        (
            "VL303",
            {f"{VIDEO}.linked_to": "none", f"{VIDEO}.practitioners.1": "dr-li-wei"},
            "the type is linked to the PMS",
        ),
        (
            "VL305",
            {f"{STANDARD}.linked_to": "29", f"{VIDEO}.practitioners.1": "dr-li-wei"},
            "its PMS types stand for video only",
        ),
        (
            "VL311",
            {f"{VIDEO}.practitioners.1.linked_to": "none"},
            "the type is linked to the PMS",
        ),
        (
            "VL311",
            {f"{VIDEO}.practitioners.1.linked_to": "40"},
            "its PMS types stand for video only",
        ),
        ("", {f"{VIDEO}.practitioners.1": REMOVED}, "the practitioner offers the type"),
    ],
)
def test_a_broken_chain_shows_without_its_check(blind: str, edits: Edits, broken: str) -> None:
    (finding,) = judged_with(blind, edited(right_clinic(), edits)).findings
    assert finding.found == f"it does not hold that {broken}"
    assert finding.expected == "every link of the chain"
    assert first_line_with(blind, edited(right_clinic(), edits)) == (
        FAILED,
        f"Dr Li Wei with Telehealth Video Consult would get no link: it does not hold that"
        f" {broken}",
    )


def test_a_second_dashboard_shows_without_its_check() -> None:
    harbourside = edited(right_clinic(), {SHARES: ["bayside"]})
    bayside = edited(right_clinic("bayside"), {SHARES: ["harbourside"]})
    assert first_line_with("VL401", harbourside, bayside) == (
        FAILED,
        "Dr Li Wei with Telehealth Video Consult would get no link: it does not hold that the"
        " practitioner is on one Dashboard",
    )


def test_a_whole_chain_passes_whichever_check_is_blind() -> None:
    assert {first_line_with(check.id, right_clinic()) for check in CATALOGUE} == {(PASSED, "")}
