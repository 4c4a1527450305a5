"""Fleets of clinics for property tests: every document valid, its settings right or wrong.

Each clinic is filled in by a clerk who makes slips seldom, often or never, so that clinics that
are ready, nearly ready and hopeless all occur. What is right is spread as widely as what is wrong:
the plugin must not complain of an unusual clinic either.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import yaml
from hypothesis import strategies as st

Document = dict[str, Any]
Fleet = dict[str, Document]

__all__ = ["NOW", "fleets", "to_yaml"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=11)))

SECOND = timedelta(seconds=1)
SYNC_WINDOW = timedelta(minutes=15)
MAX_AGE = timedelta(days=30)
OFFSETS = [timezone(timedelta(hours=hours)) for hours in (11, 0, -9.5)]

ABSENT: Any = object()
UNRECORDED = [ABSENT, None]
NOT_LINKED = ["none", []]

# One name begins another: looking for the text of an id finds too much.
CLINIC_IDS = ["harbourside", "harbourside-2", "north"]
CLOSED_CLINIC = "harbour"
SYSTEMS = ["best-practice", "Best-Practice ", "best-practice", "Own PMS"]
DATABASES = ["HARBOUR-SQL01", " harbour-sql01", "Harbour-SQL01 ", "HARBOUR-SQL02"]

PRACTITIONER_IDS = ["dr-amara-nwosu", "dr-li-wei", "nurse"]
PERSON_NAMES = ["Dr Amara Nwosu", "Dr Lï Wei", "No", "08:30", "Video Nurse"]
# The numbers of each clinic's own practitioners in the PMS. As numbers some would be equal.
PMS_PRACTITIONERS = [["17", "0o21", "12:30"], ["18", "018", "1_8"], ["19", "null", "1e1"]]

VIDEO_TYPE_IDS = ["telehealth-video", "telehealth-long"]
OTHER_TYPE_IDS = ["standard", "telephone"]
VIDEO_NAMES = ["Telehealth Video Consult", "Long VIDEOconference", "Pre-video check", "video_2"]
OTHER_NAMES = ["Standard Consult", "Telehealth", "Telephone", "Evideo", "No", "3D"]
PMS_VIDEO_TYPES = ["29", "31", "0x1D"]
PMS_OTHER_TYPES = ["40", "029", "2_9"]
PMS_UNKNOWN_TYPE = "99"


def to_yaml(document: Document) -> str:
    """The document as a YAML file, all text preserved."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    """One to three valid clinic documents by clinic id."""
    ids = CLINIC_IDS[: draw(st.sampled_from([1, 2, 2, 3, 3]))]
    clerks = {clinic_id: Clerk(draw) for clinic_id in ids}
    databases = {
        clinic_id: (clerk.one_of(SYSTEMS), clerk.one_of(DATABASES))
        for clinic_id, clerk in clerks.items()
    }
    fleet = {}
    for index, (clinic_id, clerk) in enumerate(clerks.items()):
        sharing = [
            other_id
            for other_id in ids
            if other_id != clinic_id and same(databases[other_id], databases[clinic_id])
        ]
        # Without a common database equal numbers are not the same practitioner.
        numbers = PMS_PRACTITIONERS[index if sharing else clerk.one_of([0, index])]
        fleet[clinic_id] = clinic(
            clerk, clinic_id, databases[clinic_id], shares(clerk, clinic_id, ids, sharing), numbers
        )
    return fleet


class Clerk:
    """Fills in a clinic's record, more or less carefully."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        # How many settings go right between two slips, at most; None: there are no slips.
        self.care = draw(st.sampled_from([None, None, 60, 40, 30, 20, 4]))
        self.right_until_slip = self.until_slip()

    def until_slip(self) -> int:
        """How many settings go right until the next slip."""
        # Counted from the far end: examples shrink to few slips.
        return self.care - self.draw(st.integers(0, self.care)) if self.care else 0

    def one_of(self, values: Sequence[Any]) -> Any:
        """Any of the values."""
        # A copy: what two settings share, YAML would write as an alias.
        value = self.draw(st.sampled_from(values))
        return value if value is ABSENT else copy.copy(value)

    def slips(self) -> bool:
        """Whether the next setting goes wrong."""
        if self.care is None:
            return False
        if self.right_until_slip:
            self.right_until_slip -= 1
            return False
        self.right_until_slip = self.until_slip()
        return True

    def enters(self, right: Sequence[Any], wrong: Sequence[Any]) -> Any:
        """One of the right values, or by a slip one of the wrong."""
        return self.one_of(wrong if self.slips() else right)

    def some(self, values: Iterable[Any], at_least: int = 0) -> list[Any]:
        """Some of the values, in any order."""
        shuffled = self.draw(st.permutations(list(values)))
        return shuffled[: self.draw(st.integers(min(at_least, len(shuffled)), len(shuffled)))]

    def links(self, pool: Sequence[str]) -> Any:
        """One PMS id, or a list of one or more."""
        several = self.some(pool, at_least=1)
        return several if len(several) > 1 else self.one_of([several[0], several])

    def writes(self, moment: Any) -> Any:
        """A time as text, in any offset."""
        if isinstance(moment, datetime):
            return moment.astimezone(self.one_of(OFFSETS)).isoformat()
        return moment


def clinic(
    clerk: Clerk,
    clinic_id: str,
    database: tuple[str, str],
    shares_database_with: Any,
    numbers: list[str],
) -> Document:
    """One clinic's document."""
    ids = clerk.some(PRACTITIONER_IDS, at_least=0 if clerk.slips() else 1)
    video_types = [
        video_type(clerk, type_id, ids)
        for type_id in clerk.some(VIDEO_TYPE_IDS, at_least=0 if clerk.slips() else 1)
    ]
    other_types = [other_type(clerk, type_id, ids) for type_id in clerk.some(OTHER_TYPE_IDS)]
    practitioners = [
        practitioner(clerk, practitioner_id, number, is_listed(practitioner_id, video_types))
        for practitioner_id, number in zip(ids, numbers, strict=False)
    ]
    as_of, last_synced = times(clerk)
    return recorded(
        videolink=1,
        clinic=clinic_id,
        name=clerk.one_of(["Harbourside Medical Centre", "No", "2026-11-23"]),
        timezone=clerk.one_of(["Australia/Sydney", "Australia/Perth", "Pacific/Auckland"]),
        as_of=as_of,
        dashboard=dashboard(clerk, last_synced),
        pms=recorded(
            system=database[0],
            database=database[1],
            shares_database_with=shares_database_with,
            connected=clerk.enters([True], [False, *UNRECORDED]),
            practitioners=pms_list(
                clerk, used=numbers, others=[each for each in PMS_PRACTITIONERS if each != numbers]
            ),
            appointment_types=pms_list(clerk, used=PMS_VIDEO_TYPES, others=[PMS_OTHER_TYPES]),
        ),
        practitioners=practitioners or clerk.one_of([[], *UNRECORDED]),
        appointment_types=clerk.draw(st.permutations(video_types + other_types))
        or clerk.one_of([[], *UNRECORDED]),
        appointments=clerk.one_of([*UNRECORDED, []]),
        waivers=clerk.one_of([*UNRECORDED, []]),
    )


def times(clerk: Clerk) -> tuple[Any, Any]:
    """When the record was read off and when the PMS was last synced, around the edges."""
    as_of = clerk.enters(
        [NOW, NOW - timedelta(minutes=10), NOW - SYNC_WINDOW - SECOND, NOW - MAX_AGE],
        [NOW - MAX_AGE - SECOND, NOW + SECOND, NOW + timedelta(hours=1), *UNRECORDED],
    )
    looked_up = min(as_of, NOW) if isinstance(as_of, datetime) else NOW
    last_synced = clerk.enters(
        [looked_up, looked_up - timedelta(minutes=5), looked_up - SYNC_WINDOW, *UNRECORDED],
        [
            looked_up - SYNC_WINDOW - SECOND,
            looked_up + SECOND,
            # Right or wrong by the moment it is held against.
            NOW,
            NOW - SYNC_WINDOW,
            NOW + timedelta(hours=1),
            looked_up - timedelta(days=1),
        ],
    )
    return clerk.writes(as_of), clerk.writes(last_synced)


def dashboard(clerk: Clerk, last_synced: Any) -> Any:
    """The Dashboard's settings; approvals are warnings at most."""
    approvals = ["automatic", "manual", *UNRECORDED]
    settings = recorded(
        last_synced=last_synced,
        new_patient_approval=clerk.one_of(approvals),
        existing_patient_approval=clerk.one_of(approvals),
    )
    return settings or clerk.one_of(UNRECORDED)


def shares(clerk: Clerk, clinic_id: str, ids: list[str], sharing: list[str]) -> Any:
    """The clinics that are said to share this one's database."""
    strangers = [each for each in ids if each != clinic_id and each not in sharing]
    right = clerk.some(sharing, at_least=len(sharing))
    return clerk.enters(
        [right],
        [*UNRECORDED, [], right[1:], right + strangers[:1], [*right, CLOSED_CLINIC]],
    )


def pms_list(clerk: Clerk, used: list[str], others: list[list[str]]) -> Any:
    """What the PMS lists, where that is recorded: surely what is used, perhaps the rest."""
    rest = [each for other in others for each in other]
    if clerk.one_of([True, False]):
        return clerk.enters(UNRECORDED, [[]])
    missing = "missing"
    active = {each: clerk.enters([True, *UNRECORDED], [False, missing]) for each in used}
    active |= {each: clerk.one_of([True, False, *UNRECORDED]) for each in clerk.some(rest)}
    return [
        recorded(id=each, name=clerk.one_of([*VIDEO_NAMES, *OTHER_NAMES]), active=state)
        for each, state in active.items()
        if state != missing
    ]


def practitioner(clerk: Clerk, practitioner_id: str, number: str, listed: bool) -> Document:
    """A profile: for video where a video type lists it, else for video or anything."""
    everybody = [each for numbers in PMS_PRACTITIONERS for each in numbers]
    any_link = [number, *everybody, *NOT_LINKED, *UNRECORDED]
    any_switch = [True, False, *UNRECORDED]
    kinds = ["video"] * 8 + ["archived"] if listed else ["other", "video", "archived"]
    kind = clerk.one_of(kinds)
    if kind == "archived":
        settings = {
            "linked_to": clerk.one_of(any_link),
            "accepts_video_appointments": clerk.one_of(any_switch),
            "expects_video": clerk.one_of(any_switch),
            "archived": True,
        }
    elif kind == "other":
        expects_video = clerk.enters([False, *UNRECORDED], [True])
        settings = {
            "linked_to": clerk.one_of(any_link),
            "accepts_video_appointments": clerk.one_of(
                any_switch if expects_video is False else [False, *UNRECORDED]
            ),
            "expects_video": expects_video,
            "archived": clerk.one_of([False, *UNRECORDED]),
        }
    else:
        settings = {
            "linked_to": clerk.enters([number], [*everybody, *NOT_LINKED, *UNRECORDED]),
            "accepts_video_appointments": clerk.enters([True], [False, *UNRECORDED]),
            "expects_video": clerk.enters(
                [True, False, *UNRECORDED] if listed else [False, *UNRECORDED], [True]
            ),
            "archived": clerk.one_of([False, *UNRECORDED]),
        }
    return recorded(
        id=practitioner_id,
        name=clerk.one_of(PERSON_NAMES),
        **settings,
        visible_for_online_bookings=clerk.one_of([True, False, *UNRECORDED]),
        provider_number=clerk.one_of(["2123451T", "000000", *UNRECORDED]),
    )


def video_type(clerk: Clerk, type_id: str, ids: list[str]) -> Document:
    """An appointment type for video."""

    def links() -> Any:
        wrong = [*NOT_LINKED, *UNRECORDED, *PMS_OTHER_TYPES, PMS_UNKNOWN_TYPE, ["29", "40"]]
        return clerk.one_of(wrong) if clerk.slips() else clerk.links(PMS_VIDEO_TYPES)

    nobody = [[], *UNRECORDED]
    return recorded(
        id=type_id,
        name=clerk.one_of([*VIDEO_NAMES, *OTHER_NAMES]),
        modality=clerk.enters(["video", "video", *UNRECORDED], ["phone", "in-person"]),
        online_bookings=clerk.one_of([True, False, *UNRECORDED]),
        telehealth=clerk.enters([True], [False, *UNRECORDED]),
        telehealth_video=clerk.enters([True], [False, *UNRECORDED]),
        linked_to=links(),
        practitioners=clerk.one_of(nobody) if clerk.slips() else listing(clerk, ids, links, 1),
    )


def other_type(clerk: Clerk, type_id: str, ids: list[str]) -> Document:
    """An appointment type that is not for video."""

    def links() -> Any:
        if clerk.slips():
            return clerk.links(PMS_VIDEO_TYPES)
        if clerk.one_of([True, False]):
            return clerk.one_of([*NOT_LINKED, *UNRECORDED, PMS_UNKNOWN_TYPE])
        return clerk.links(PMS_OTHER_TYPES)

    any_switch = [True, False, *UNRECORDED]
    modality = clerk.enters(["phone", "in-person", *UNRECORDED], ["video"])
    # Where the modality is not recorded, the name and the switch say what the type is.
    says_itself = modality in ("phone", "in-person")
    return recorded(
        id=type_id,
        name=clerk.enters(OTHER_NAMES + VIDEO_NAMES if says_itself else OTHER_NAMES, VIDEO_NAMES),
        modality=modality,
        online_bookings=clerk.one_of(any_switch),
        telehealth=clerk.one_of(any_switch),
        telehealth_video=clerk.enters(any_switch if says_itself else [False, *UNRECORDED], [True]),
        linked_to=links(),
        practitioners=listing(clerk, ids, links, 0) or clerk.one_of([[], *UNRECORDED]),
    )


def listing(clerk: Clerk, ids: list[str], links: Callable[[], Any], at_least: int) -> Any:
    """Who offers a type: all, or some, each with or without links of their own."""

    def entry(practitioner_id: str) -> Any:
        form = clerk.one_of(["id", "record", "override", "override"])
        if form == "id":
            return practitioner_id
        own = links() if form == "override" else clerk.one_of(UNRECORDED)
        return recorded(id=practitioner_id, linked_to=own)

    if clerk.one_of([True, False, False]):
        return "all"
    return [entry(practitioner_id) for practitioner_id in clerk.some(ids, at_least)]


def is_listed(practitioner_id: str, video_types: list[Document]) -> bool:
    """Whether a video type lists the practitioner, by name or with all."""
    return any(
        listed == "all"
        or practitioner_id in [each if isinstance(each, str) else each["id"] for each in listed]
        for listed in (each.get("practitioners") or [] for each in video_types)
    )


def same(database: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two clinics share a database, whatever the case and outer space."""
    return [each.strip().casefold() for each in database] == [
        each.strip().casefold() for each in other
    ]


def recorded(**settings: Any) -> Document:
    """A record of the settings that are there."""
    return {key: value for key, value in settings.items() if value is not ABSENT}
