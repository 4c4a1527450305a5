"""Two nights for every kind of change: what is told of them, line by line, in every format.

The blocks of a row stand for the terminal's lines, Markdown's and the page's, which hold the same;
the JSON, the work list's columns and the states of SARIF are told apart.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any, Literal

import pytest
from conftest import Clinics
from support import NOW, REMOVED, Document, appointment, edited, right_clinic, waiver

import pytest_videolink
from pytest_videolink import Clinic

Json = dict[str, Any]
Told = dict[str, list[str]]
"""The lines of each block, by its title."""

SUFFIXES = ("json", "md", "csv", "html", "sarif")
HEAD = "What changed since Mon 23 Nov 2026 09:00, 1 day before"

RIGHT = right_clinic()
OTHER = right_clinic("wattle", database="W")
OFF = {"practitioners.0.accepts_video_appointments": False}
OTHER_OFF = {"practitioners.1.accepts_video_appointments": False}
NOT_TELEHEALTH = {"appointment_types.0.telehealth": False}
NOT_RECORDED = {"appointment_types.0.telehealth": REMOVED}
NOBODY = {"practitioners.0.linked_to": "77"}
NO_LIST = {"pms.practitioners": REMOVED}
NO_LINK = {"appointment_types.0.linked_to": "none"}
TWO_LINKS = {"appointment_types.0.linked_to": ["29", "98"]}
THREE_LINKS = {"appointment_types.0.linked_to": ["29", "98", "99"]}
OWN_LINKS = {
    "appointment_types.0.practitioners.0": {"id": "dr-amara-nwosu", "linked_to": ["99", "40"]}
}
UNREADABLE = {"pms": "x"}
RENAMED = {"practitioners.0.id": "dr-nwosu", "appointment_types.0.practitioners.0": "dr-nwosu"}
WITHOUT_WEI = {"practitioners.1": REMOVED, "appointment_types.0.practitioners.1": REMOVED}
WAIVED = {**OFF, **waiver("VL201", "dr-amara-nwosu")}
ENDED = {
    **OFF,
    "waivers": [{**waiver("VL201", "dr-amara-nwosu")["waivers"][0], "until": "2026-11-23"}],
}


def clinic(*edits: Document) -> Document:
    document = RIGHT
    for each in edits:
        document = edited(document, each)
    return document


WRONG = clinic(OFF)


@dataclass(frozen=True)
class Night:
    """A night's clinics, by the folder below that of the clinics, options, and further checks."""

    documents: Sequence[Document]
    arguments: Sequence[str] = ()
    checks: Sequence[Callable[..., object]] = ()
    folder: str = "."


@dataclass(frozen=True)
class Change:
    """Two nights, and what is told of the second."""

    then: Night
    now: Night
    told: Told = field(default_factory=dict)
    json: Json = field(default_factory=dict)
    csv: Sequence[str] = ()
    sarif: Sequence[str] = ()
    hidden: Told = field(default_factory=dict)
    """What is told of appointments, which Markdown leaves out."""


def nights(then: Night | Document, now: Night | Document, **expected: Any) -> Change:
    return Change(
        *(each if isinstance(each, Night) else Night([each]) for each in (then, now)), **expected
    )


def rule(
    id: str,
    slug: str,
    *,
    was: Sequence[str] = (),
    severity: Literal["error", "warning"] = "error",
) -> Callable[..., object]:
    """A check of one's own, which finds every clinic wrong."""

    @pytest_videolink.check(id, slug, subject=Clinic, fix=["Ask"], was=was, severity=severity)
    def lacks(clinic: Clinic) -> Iterator[str]:
        """It costs."""
        yield f"{clinic.name} lacks it"

    return lacks


@pytest_videolink.check("ACME01", "has-it", subject=Clinic, fix=["Ask"])
def crashes(clinic: Clinic) -> Iterator[str]:
    """It costs."""
    raise ValueError(clinic.name)


ACME01 = rule("ACME01", "has-it")
ACME02 = rule("ACME02", "has-it", was=["ACME01"])
MILD = rule("ACME01", "has-it", severity="warning")

NWOSU = "harbourside: Dr Amara Nwosu does not accept video appointments (VL201)"
WEI = "harbourside: Dr Li Wei does not accept video appointments (VL201)"
OPEN = "1 finding is open since 23 Nov 2026"
HELD = "1 finding has no answer this time"
NO_LONGER = "harbourside: READY then, NOT READY now"
NEWLY = "harbourside: NOT READY then, READY now"
UNREADY = "harbourside Harbourside Medical Centre READY NOT READY"
READY_NOW = "harbourside Harbourside Medical Centre NOT READY READY"
OF_NWOSU = "harbourside dr-amara-nwosu::VL201-accepts-video wrong"
OF_WEI = "harbourside dr-li-wei::VL201-accepts-video wrong"
CHANGES: dict[str, Change] = {
    "nothing": nights(
        RIGHT,
        RIGHT,
    ),
    "nothing, and something open": nights(
        WRONG,
        WRONG,
        json={"open": 1, "oldest": NOW.isoformat()},
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged"],
    ),
    "new": nights(
        RIGHT,
        WRONG,
        told={"No longer READY": [NO_LONGER], "New": [NWOSU]},
        json={"unready": [UNREADY], "new": [OF_NWOSU]},
        csv=["VL201 new 2026-11-24"],
        sarif=["VL201 new"],
    ),
    "fixed": nights(
        WRONG,
        RIGHT,
        told={"Newly READY": [NEWLY], "Fixed": [NWOSU]},
        json={"ready": [READY_NOW], "fixed": [OF_NWOSU]},
    ),
    "one more": nights(
        WRONG,
        clinic(OFF, OTHER_OFF),
        told={"New": [WEI], "Still open": [OPEN]},
        json={"new": [OF_WEI], "open": 1, "oldest": NOW.isoformat()},
        csv=["VL201 open 2026-11-23", "VL201 new 2026-11-24"],
        sarif=["VL201 unchanged", "VL201 new"],
    ),
    "wrong, and not recorded any more": nights(
        clinic(NOT_TELEHEALTH),
        clinic(NOT_RECORDED),
        told={
            "Not checkable any more": [
                "harbourside: This is a Telehealth Appointment is not recorded for Telehealth"
                " Video Consult (VL301)"
            ],
            "Still open": [HELD],
        },
        json={"new": ["harbourside telehealth-video::VL301-telehealth-on not recorded"], "held": 1},
        csv=["VL301 new 2026-11-24"],
        sarif=["VL301 new"],
    ),
    "not recorded, and wrong now": nights(
        clinic(NOT_RECORDED),
        clinic(NOT_TELEHEALTH),
        told={
            "New": [
                "harbourside: Telehealth Video Consult is not set as a telehealth appointment"
                " (VL301, not recorded then)"
            ]
        },
        json={
            "new": ["harbourside telehealth-video::VL301-telehealth-on wrong True"],
            "answered": 1,
        },
        csv=["VL301 new 2026-11-24"],
        sarif=["VL301 new"],
    ),
    "right, and not recorded any more": nights(
        RIGHT,
        clinic(NOT_RECORDED),
        told={
            "No longer READY": [NO_LONGER],
            "Not checkable any more": [
                "harbourside: This is a Telehealth Appointment is not recorded for Telehealth"
                " Video Consult (VL301)"
            ],
        },
        json={
            "unready": [UNREADY],
            "new": ["harbourside telehealth-video::VL301-telehealth-on not recorded"],
        },
        csv=["VL301 new 2026-11-24"],
        sarif=["VL301 new"],
    ),
    "optional, wrong, and not recorded any more": nights(
        clinic(NOBODY),
        clinic(NOBODY, NO_LIST),
        told={
            "Not checkable any more": [
                "harbourside: The PMS's list of practitioners is not recorded (VL203, 2 checks)",
                "harbourside: The PMS's list of practitioners is not recorded (VL206)",
            ],
            "Newly READY": [
                "harbourside: NOT READY then, READY now, but 1 finding of then has no answer"
            ],
            "Still open": [HELD],
        },
        json={
            "ready": ["harbourside Harbourside Medical Centre NOT READY READY 1"],
            "held": 1,
            "lost": [
                "harbourside dr-amara-nwosu::VL203-pms-link-resolves",
                "harbourside dr-li-wei::VL203-pms-link-resolves",
                "harbourside dr-li-wei::VL206-in-appointment-book",
            ],
        },
    ),
    "optional, right, and not recorded any more": nights(
        RIGHT,
        clinic(NO_LIST),
        told={
            "Not checkable any more": [
                "harbourside: The PMS's list of practitioners is not recorded (VL203, 2 checks)",
                "harbourside: The PMS's list of practitioners is not recorded (VL206, 2 checks)",
            ]
        },
        json={
            "lost": [
                "harbourside dr-amara-nwosu::VL203-pms-link-resolves",
                "harbourside dr-amara-nwosu::VL206-in-appointment-book",
                "harbourside dr-li-wei::VL203-pms-link-resolves",
                "harbourside dr-li-wei::VL206-in-appointment-book",
            ]
        },
    ),
    "not readable any more": nights(
        WRONG,
        clinic(UNREADABLE),
        told={
            "Not checkable any more": [
                'harbourside: The record of harbourside cannot be read: pms is "x": expected'
                " keys with values (VL001)"
            ],
            "Still open": [HELD],
        },
        json={"new": ["harbourside VL001-valid-document wrong"], "held": 1},
        csv=["VL001 new 2026-11-24"],
        sarif=["VL001 new"],
    ),
    "readable again": nights(
        clinic(UNREADABLE),
        WRONG,
        told={"No comparison": ["could not be read then: harbourside"]},
        json={"uncompared": ["harbourside could not be read then"]},
        csv=["VL201  2026-11-24"],
        sarif=["VL201"],
    ),
    "blocked": nights(
        clinic(TWO_LINKS),
        clinic(NO_LINK),
        told={
            "New": [
                "harbourside: Telehealth Video Consult is not linked to a PMS appointment type"
                " (VL303)"
            ],
            "Still open": [HELD],
        },
        json={"new": ["harbourside telehealth-video::VL303-linked-to-pms-type wrong"], "held": 1},
        csv=["VL303 new 2026-11-24"],
        sarif=["VL303 new"],
    ),
    "a neighbour cannot be read": nights(
        Night([RIGHT, right_clinic("bayside", database="B")]),
        Night([RIGHT, {"clinic": "bayside"}]),
        told={
            "No longer READY": [
                "bayside: READY then, UNKNOWN now",
                "harbourside: READY then, UNKNOWN now",
            ],
            "Not checkable any more": [
                "bayside: The record of bayside cannot be read: videolink is missing and must be"
                " there: The version of this format: 1 (and 3 more problems) (VL001)",
                "harbourside: bayside.yaml cannot be read, and it may share Harbourside Medical"
                " Centre's PMS database (VL002)",
            ],
        },
        json={
            "unready": [
                "bayside bayside READY UNKNOWN",
                "harbourside Harbourside Medical Centre READY UNKNOWN",
            ],
            "new": [
                "bayside VL001-valid-document wrong",
                "harbourside VL002-neighbours-readable wrong",
            ],
        },
        csv=["VL001 new 2026-11-24"],
        sarif=["VL001 new", "VL002 new"],
    ),
    "a record that concerns others cannot be read": nights(
        Night([RIGHT, OTHER, right_clinic("zetland", database="B")]),
        Night([RIGHT, OTHER, {"clinic": "zetland"}]),
        told={
            "No longer READY": [
                "harbourside: READY then, UNKNOWN now",
                "wattle: READY then, UNKNOWN now",
                "zetland: READY then, UNKNOWN now",
            ],
            "Not checkable any more": [
                "zetland: The record of zetland cannot be read: videolink is missing and must be"
                " there: The version of this format: 1 (and 3 more problems) (VL001)",
                "2 clinics may share a PMS database with a record that cannot be read (VL002):"
                " harbourside and wattle",
            ],
        },
        json={
            "unready": [
                "harbourside Harbourside Medical Centre READY UNKNOWN",
                "wattle Wattle Medical Centre READY UNKNOWN",
                "zetland zetland READY UNKNOWN",
            ],
            "new": [
                "harbourside VL002-neighbours-readable wrong",
                "wattle VL002-neighbours-readable wrong",
                "zetland VL001-valid-document wrong",
            ],
        },
        csv=["VL001 new 2026-11-24"],
        sarif=["VL002 new", "VL002 new", "VL001 new"],
    ),
    "a clinic is gone": nights(
        Night([RIGHT, OTHER]),
        RIGHT,
        told={"Gone from the source": ["wattle"]},
        json={"gone": ["wattle"], "gone_then": ["wattle READY"]},
    ),
    "a clinic that was not ready is gone": nights(
        Night([WRONG, OTHER]),
        OTHER,
        told={"Gone from the source": ["harbourside: NOT READY then, 1 finding"]},
        json={"gone": ["harbourside"], "gone_then": ["harbourside NOT READY 1"]},
    ),
    "a clinic is renamed": nights(
        Night([WRONG, OTHER]),
        Night([edited(WRONG, {"clinic": "harbour"}), OTHER]),
        told={
            "Gone from the source": ["harbourside: NOT READY then, 1 finding"],
            "No comparison": ["not checked then: harbour"],
        },
        json={
            "gone": ["harbourside"],
            "gone_then": ["harbourside NOT READY 1"],
            "uncompared": ["harbour not checked then"],
        },
        csv=["VL201  2026-11-24"],
        sarif=["VL201"],
    ),
    "a file is moved": nights(
        WRONG,
        Night([WRONG], folder="south"),
        json={"open": 1, "oldest": NOW.isoformat()},
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged"],
    ),
    "a subject is renamed": nights(
        clinic(OFF, OTHER_OFF),
        clinic(OFF, RENAMED),
        told={
            "Fixed": [WEI],
            "Still open": [OPEN],
            "Renamed": ["harbourside: dr-amara-nwosu is dr-nwosu now"],
        },
        json={
            "fixed": [OF_WEI],
            "open": 1,
            "oldest": NOW.isoformat(),
            "renamed": ["harbourside dr-amara-nwosu dr-nwosu"],
        },
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged"],
    ),
    "a subject is gone": nights(
        clinic(OTHER_OFF),
        clinic(WITHOUT_WEI),
        told={"Newly READY": [NEWLY], "Not asked about any more": [WEI]},
        json={"ready": [READY_NOW], "dropped": [OF_WEI]},
    ),
    "a subject is new": nights(
        clinic(WITHOUT_WEI),
        clinic(OTHER_OFF),
        told={"No longer READY": [NO_LONGER], "New": [WEI]},
        json={"unready": [UNREADY], "new": [OF_WEI]},
        csv=["VL201 new 2026-11-24"],
        sarif=["VL201 new"],
    ),
    "a waiver ended": nights(
        clinic(WAIVED),
        clinic(ENDED),
        told={
            "No longer READY": ["harbourside: READY WITH WAIVERS then, NOT READY now"],
            "New": [
                "harbourside: The waiver of VL201 is over: its last day was 2026-11-23 (VL004)"
            ],
            "Waivers that ended": [NWOSU],
            "Still open": [OPEN],
        },
        json={
            "unready": ["harbourside Harbourside Medical Centre READY WITH WAIVERS NOT READY"],
            "new": ["harbourside VL004-waivers-in-force wrong"],
            "open": 1,
            "oldest": NOW.isoformat(),
            "waivers": [OF_NWOSU],
        },
        csv=["VL201 open 2026-11-23", "VL004 new 2026-11-24"],
        sarif=["VL004 new", "VL201 unchanged"],
    ),
    "a waiver was taken out": nights(
        clinic(WAIVED),
        WRONG,
        told={
            "No longer READY": ["harbourside: READY WITH WAIVERS then, NOT READY now"],
            "Waivers that ended": [NWOSU],
            "Still open": [OPEN],
        },
        json={
            "unready": ["harbourside Harbourside Medical Centre READY WITH WAIVERS NOT READY"],
            "open": 1,
            "oldest": NOW.isoformat(),
            "waivers": [OF_NWOSU],
        },
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged"],
    ),
    "a check cannot answer any more": nights(
        Night([RIGHT], checks=[ACME01]),
        Night([RIGHT], checks=[crashes]),
        told={
            "Not checkable any more": [
                "harbourside: ACME01 could not be answered for Harbourside Medical Centre"
                " (ValueError) (ACME01)"
            ],
            "Still open": [HELD],
        },
        json={"new": ["harbourside ACME01-has-it not answered"], "held": 1},
        csv=["ACME01 new 2026-11-24"],
        sarif=["ACME01 new"],
    ),
    "a check can answer again": nights(
        Night([RIGHT], checks=[crashes]),
        Night([RIGHT], checks=[ACME01]),
        told={"New": ["harbourside: Harbourside Medical Centre lacks it (ACME01)"]},
        json={"new": ["harbourside ACME01-has-it wrong"], "answered": 1},
        csv=["ACME01 new 2026-11-24"],
        sarif=["ACME01 new"],
    ),
    "a warning is an error now": nights(
        Night([RIGHT], checks=[MILD]),
        Night([RIGHT], checks=[ACME01]),
        told={
            "No longer READY": [NO_LONGER],
            "Failing, which was a warning then": [
                "harbourside: Harbourside Medical Centre lacks it (ACME01)"
            ],
            "Still open": [OPEN],
        },
        json={
            "unready": [UNREADY],
            "open": 1,
            "oldest": NOW.isoformat(),
            "worse": ["harbourside ACME01-has-it wrong"],
        },
        csv=["ACME01 open 2026-11-23"],
        sarif=["ACME01 unchanged"],
    ),
    "an error is a warning now": nights(
        Night([RIGHT], checks=[ACME01]),
        Night([RIGHT], checks=[MILD]),
        told={"Newly READY": [NEWLY], "Still open": [OPEN]},
        json={"ready": [READY_NOW], "open": 1, "oldest": NOW.isoformat()},
        csv=["ACME01 open 2026-11-23"],
        sarif=["ACME01 unchanged"],
    ),
    "now waived": nights(
        WRONG,
        clinic(WAIVED),
        told={
            "Newly READY": ["harbourside: NOT READY then, READY WITH WAIVERS now"],
            "Now waived": [NWOSU],
            "Still open": [OPEN],
        },
        json={
            "ready": ["harbourside Harbourside Medical Centre NOT READY READY WITH WAIVERS"],
            "open": 1,
            "oldest": NOW.isoformat(),
            "waived": [OF_NWOSU],
        },
        sarif=["VL201 unchanged"],
    ),
    "one of two now waived": nights(
        clinic(OFF, OTHER_OFF),
        clinic(WAIVED, OTHER_OFF),
        told={
            "Now waived": [NWOSU],
            "Still open": ["2 findings are open, the oldest since 23 Nov 2026"],
        },
        json={"open": 2, "oldest": NOW.isoformat(), "waived": [OF_NWOSU]},
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged", "VL201 unchanged"],
    ),
    "new, and waived": nights(
        RIGHT,
        clinic(WAIVED),
        told={
            "New": [
                "harbourside: Dr Amara Nwosu does not accept video appointments (VL201, waived)"
            ]
        },
        json={"new": [OF_NWOSU]},
        sarif=["VL201 new"],
    ),
    "waived, and fixed": nights(
        clinic(WAIVED),
        RIGHT,
        told={
            "Fixed": [
                "harbourside: Dr Amara Nwosu does not accept video appointments (VL201, waived)"
            ]
        },
        json={"fixed": [OF_NWOSU]},
    ),
    "a part more": nights(
        clinic(TWO_LINKS),
        clinic(THREE_LINKS),
        told={
            "New": [
                "harbourside: Telehealth Video Consult is linked to PMS type 99, which does not"
                " exist (VL304)"
            ],
            "Still open": [OPEN],
        },
        json={
            "new": ["harbourside telehealth-video::VL304-pms-type-resolves wrong 99"],
            "open": 1,
            "oldest": NOW.isoformat(),
        },
        csv=["VL304 new 2026-11-23"],
        sarif=["VL304 new"],
    ),
    "a part less": nights(
        clinic(THREE_LINKS),
        clinic(TWO_LINKS),
        told={
            "Fixed": [
                "harbourside: Telehealth Video Consult is linked to PMS type 99, which does not"
                " exist (VL304)"
            ],
            "Still open": [OPEN],
        },
        json={
            "fixed": ["harbourside telehealth-video::VL304-pms-type-resolves wrong 99"],
            "open": 1,
            "oldest": NOW.isoformat(),
        },
        csv=["VL304 open 2026-11-23"],
        sarif=["VL304 unchanged"],
    ),
    "a part less, as what it takes is not recorded any more": nights(
        clinic(OWN_LINKS),
        clinic(OWN_LINKS, {"pms.appointment_types": REMOVED}),
        told={
            "Not checkable any more": [
                f"harbourside: The PMS's list of appointment types is not recorded ({check})"
                for check in ("VL311", "VL304", "VL306")
            ],
            "Still open": [OPEN, HELD],
        },
        json={
            "held": 1,
            "open": 1,
            "oldest": NOW.isoformat(),
            "lost": [
                "harbourside dr-li-wei::telehealth-video::VL311-pair-linked",
                "harbourside telehealth-video::VL304-pms-type-resolves",
                "harbourside telehealth-video::VL306-pms-type-name-fits",
            ],
        },
        csv=["VL311 open 2026-11-23"],
        sarif=["VL311 unchanged"],
    ),
    "the record has grown old": nights(
        RIGHT,
        Night([RIGHT], ["--videolink-max-age=1"]),
        told={
            "No longer READY": [NO_LONGER],
            "New": [
                "harbourside: The record of Harbourside Medical Centre is 1 day 30 minutes old"
                " (VL003)"
            ],
        },
        json={"unready": [UNREADY], "new": ["harbourside VL003-recorded-recently wrong"]},
        csv=["VL003 new 2026-11-24"],
        sarif=["VL003 new"],
    ),
    "only a part then": nights(
        Night([WRONG], ["-k", "VL201"]),
        WRONG,
        told={"No comparison": ["only a part of it checked then: harbourside"]},
        json={"uncompared": ["harbourside only a part of it checked then"]},
        csv=["VL201  2026-11-23"],
        sarif=["VL201"],
    ),
    "only a part now": nights(
        WRONG,
        Night([WRONG], ["-k", "VL201"]),
        told={"No comparison": ["only a part of it checked now: harbourside"]},
        json={"uncompared": ["harbourside only a part of it checked now"]},
        csv=["VL201  2026-11-23"],
        sarif=["VL201"],
    ),
    "a check is new": nights(
        RIGHT,
        Night([RIGHT], checks=[ACME01]),
        told={
            "No longer READY": [NO_LONGER],
            "New, by checks that are new": [
                "harbourside: Harbourside Medical Centre lacks it (ACME01)"
            ],
            "The checks": ["ACME01 is new"],
        },
        json={
            "unready": [UNREADY],
            "new": ["harbourside ACME01-has-it wrong"],
            "checks_new": ["ACME01"],
        },
        csv=["ACME01 new 2026-11-24"],
        sarif=["ACME01 new"],
    ),
    "a check is gone": nights(
        Night([RIGHT], checks=[ACME01]),
        RIGHT,
        told={
            "Newly READY": [NEWLY],
            "Not asked about any more": [
                "harbourside: Harbourside Medical Centre lacks it (ACME01)"
            ],
            "The checks": ["ACME01 is gone"],
        },
        json={
            "ready": [READY_NOW],
            "dropped": ["harbourside ACME01-has-it wrong"],
            "checks_gone": ["ACME01"],
        },
    ),
    "a check has another id": nights(
        Night([RIGHT], checks=[ACME01]),
        Night([RIGHT], checks=[ACME02]),
        told={"Still open": [OPEN], "The checks": ["ACME01 is called ACME02 now"]},
        json={"open": 1, "oldest": NOW.isoformat(), "checks_renamed": ["ACME01 ACME02"]},
        csv=["ACME02 open 2026-11-23"],
        sarif=["ACME02 unchanged"],
    ),
    "an audit now": nights(
        clinic(WAIVED),
        Night([clinic(WAIVED)], ["--videolink-no-waivers"]),
        told={
            "No longer READY": ["harbourside: READY WITH WAIVERS then, NOT READY now"],
            "Still open": [OPEN],
        },
        json={
            "unready": ["harbourside Harbourside Medical Centre READY WITH WAIVERS NOT READY"],
            "open": 1,
            "oldest": NOW.isoformat(),
        },
        csv=["VL201 open 2026-11-23"],
        sarif=["VL201 unchanged"],
    ),
    "an audit then": nights(
        Night([clinic(WAIVED)], ["--videolink-no-waivers"]),
        clinic(WAIVED),
        told={
            "Newly READY": ["harbourside: NOT READY then, READY WITH WAIVERS now"],
            "Still open": [OPEN],
        },
        json={
            "ready": ["harbourside Harbourside Medical Centre NOT READY READY WITH WAIVERS"],
            "open": 1,
            "oldest": NOW.isoformat(),
        },
        sarif=["VL201 unchanged"],
    ),
    "another sync window": nights(
        RIGHT,
        Night([RIGHT], ["--videolink-sync-window=1"]),
        told={
            "No longer READY": [NO_LONGER],
            "New": [
                "harbourside: Harbourside Medical Centre last synced with its PMS 5 minutes"
                " before its record was read (VL102)"
            ],
        },
        json={"unready": [UNREADY], "new": ["harbourside VL102-synced-recently wrong"]},
        csv=["VL102 new 2026-11-24"],
        sarif=["VL102 new"],
    ),
    "an appointment more": nights(
        clinic({"appointments": [appointment(id="SECRET-1", link=True)]}),
        clinic({"appointments": [appointment(id="SECRET-1", link=False)]}),
        told={
            "No longer READY": [NO_LONGER],
            "New": [
                "harbourside: Appointment SECRET-1 has no link though every setting is right"
                " (VL501)"
            ],
        },
        json={
            "unready": [UNREADY],
            "new": ["harbourside appointment-SECRET-1::VL501-link-generated wrong"],
        },
        csv=["VL501 new 2026-11-24"],
        hidden={
            "New": [
                "harbourside: Appointment SECRET-1 has no link though every setting is right"
                " (VL501)"
            ]
        },
    ),
}


class Further:
    """A plugin with checks of one's own."""

    def __init__(self, checks: Sequence[Callable[..., object]]) -> None:
        self.checks = checks

    def pytest_videolink_checks(self) -> Sequence[Callable[..., object]]:
        return self.checks


def run(clinics: Clinics, night: Night, hours: int, *arguments: str) -> pytest.RunResult:
    for file in clinics.folder.rglob("*.yaml"):
        file.unlink()
    clinics.write(*night.documents)
    for file in [*clinics.folder.glob("*.yaml")]:
        (clinics.folder / night.folder).mkdir(exist_ok=True)
        file.rename(clinics.folder / night.folder / file.name)
    plugins = [Further(night.checks)] if night.checks else []
    return clinics.pytester.runpytest_inprocess(
        *("-p", "videolink", "--videolink-clinic=*"),
        f"--videolink-now={(NOW + timedelta(hours=hours)).isoformat()}",
        *(*arguments, *night.arguments),
        plugins=plugins,
    )


def in_terminal(result: pytest.RunResult) -> Told:
    """The lines of each block, made whole again."""
    lines = result.outlines
    start = next(n for n, line in enumerate(lines) if " videolink =" in line) + 1
    if not lines[start].startswith("What changed"):
        return {}
    assert lines[start] == f"{HEAD}:"
    told: Told = {}
    title = ""
    for line in lines[start + 1 : lines.index("", start)]:
        if line[:6] == " " * 6:
            told[title][-1] += f" {line.strip()}"
        elif line[:4] == " " * 4:
            told[title].append(line.strip())
        else:
            title = line.strip().removesuffix(":")
            told[title] = []
    return told


def in_markdown(text: str) -> Told:
    begins = unescape(text.partition("| Clinic |")[0]).replace("\u200b", "")
    told: Told = {}
    title = ""
    for line in begins.splitlines():
        if line.startswith("### "):
            assert line == f"### {HEAD}"
        elif line[:2] == "**" and line.endswith("**"):
            title = line.strip("*")
            told[title] = []
        elif line.startswith("- "):
            told[title].append(line[2:])
    return told


def in_page(text: str) -> Told:
    section = re.search(
        r'<section class="changes.*?aria-labelledby="changes">.*?</section>', text, re.S
    )
    if section is None:
        return {}
    assert f">{HEAD}</h2>" in section[0]
    told: Told = {}
    for block in section[0].split("<h3")[1:]:
        found = re.match(r'[^>]*>(.*?)(?: <span class="count">(\d+)</span>)?</h3>', block)
        assert found is not None
        title, count = found.groups()
        lines = re.findall(r"<li[^>]*>(.*?)</li>", block)
        told[title] = [unescape(re.sub("<.*?>", "", line)) for line in lines]
        # A line of these tells of several, and a number beside the title would be another one.
        uncounted = title in ("Still open", "The checks", "No comparison")
        assert count == (None if uncounted else str(len(lines)))
    return told


def in_json(text: str) -> Json:
    """What is told, each entry in short; nothing where nothing is."""
    changes = json.loads(text)["changes"]
    assert changes.pop("since") == NOW.isoformat()
    told = ("summary", "check", "subject", "name", "first_seen", "outcome")

    def short(entry: Any) -> str:
        if not isinstance(entry, dict):
            return str(entry)
        values = [value for key, value in entry.items() if "item" not in entry or key not in told]
        return " ".join(str(value) for value in values if value not in ("", False, 0))

    return {
        key: [*map(short, value)] if isinstance(value, list) else value
        for key, value in changes.items()
        if value
    }


def in_table(text: str) -> list[str]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return [f"{row['check']} {row['change']} {row['first_seen']}" for row in rows]


def in_scan(text: str) -> list[str]:
    (run,) = json.loads(text)["runs"]
    return [f"{each['ruleId']} {each.get('baselineState', '')}".rstrip() for each in run["results"]]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_two_nights(clinics: Clinics, change: Change) -> None:
    run(clinics, change.then, 0, "--videolink-report=then.json")
    reports = [f"--videolink-report=now.{suffix}" for suffix in SUFFIXES]
    result = run(clinics, change.now, 24, "--videolink-since=then.json", *reports)
    text = {
        each: (clinics.pytester.path / f"now.{each}").read_text(encoding="utf-8")
        for each in SUFFIXES
    }
    assert in_terminal(result) == change.told
    assert in_page(text["html"]) == change.told
    assert in_json(text["json"]) == change.json
    assert in_table(text["csv"]) == list(change.csv)
    assert in_scan(text["sarif"]) == list(change.sarif)
    assert in_markdown(text["md"]) == {
        title: lines
        for title, some in change.told.items()
        if (lines := [line for line in some if line not in change.hidden.get(title, ())])
    }


def test_a_report_of_another_version(clinics: Clinics) -> None:
    """It had a check less, and a key that nobody knows any more."""
    run(clinics, Night([RIGHT]), 0, "--videolink-report=then.json")
    file = clinics.pytester.path / "then.json"
    then = json.loads(file.read_text(encoding="utf-8"))
    (of_then,) = then["clinics"]
    then |= {"version": "0.0.9", "gone_since": 1}
    then["checks"] = [each for each in then["checks"] if each["id"] != "VL312"]
    of_then["passed"] = [name for name in of_then["passed"] if "::VL312-" not in name]
    file.write_text(json.dumps(then), encoding="utf-8")
    hidden = clinic({"practitioners.0.visible_for_online_bookings": False})
    reports = [f"--videolink-report=now.{suffix}" for suffix in SUFFIXES]
    result = run(clinics, Night([hidden]), 24, "--videolink-since=then.json", *reports)
    told = {
        "New, by checks that are new": [
            "harbourside: Dr Amara Nwosu is not visible for online bookings, which Telehealth Video"
            " Consult is enabled for (VL312)"
        ],
        "The checks": ["VL312 is new"],
    }
    assert in_terminal(result) == told
    text = (clinics.pytester.path / "now.md").read_text(encoding="utf-8")
    assert in_markdown(text) == told
    text = (clinics.pytester.path / "now.json").read_text(encoding="utf-8")
    assert in_json(text) == {
        "new": ["harbourside dr-amara-nwosu::telehealth-video::VL312-pair-bookable wrong"],
        "checks_new": ["VL312"],
    }
