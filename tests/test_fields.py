"""Every field of a clinic document, and what becomes of a right clinic when it is put wrong.

A row says what changes: which checks fail, warn, skip or are no longer collected, and at which line
of the document; or what VL001 says. Nothing but this changes. A field without a row fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

import pytest
from support import REMOVED, TERMS, Document, MemorySource, edited, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.declared import DaySheet
from pytest_videolink.record.keys import Key, Many, keys_of
from pytest_videolink.sources.fleet import Fleet

Row: TypeAlias = list[str]
Rows: TypeAlias = dict[str, Row]
"""What changes, by mutation: false, none, removed, blank, wrong type, dangling, or a value."""

RIGHT: Document = {
    "videolink": 1,
    "clinic": "harbourside",
    "name": "Harbourside",
    "timezone": "Australia/Sydney",
    "as_of": "2026-11-23T08:30",
    "dashboard": {
        "last_synced": "2026-11-23T08:25",
        "new_patient_approval": "automatic",
        "existing_patient_approval": "automatic",
    },
    "pms": {
        "system": "best-practice",
        "database": "SQL01",
        "shares_database_with": [],
        "connected": True,
        "practitioners": [
            {"id": "17", "name": "Nwosu", "active": True, "in_appointment_book": True},
            {"id": "18", "name": "Wei", "active": True, "in_appointment_book": True},
        ],
        "appointment_types": [
            {"id": "29", "name": "Telehealth Consult", "active": True},
            {"id": "31", "name": "Telehealth Long", "active": True},
            {"id": "40", "name": "Standard", "active": True},
        ],
    },
    "practitioners": [
        {
            "id": "amara",
            "name": "Dr Amara Nwosu",
            "linked_to": "17",
            "accepts_video_appointments": True,
            "visible_for_online_bookings": True,
            "archived": False,
            "expects_video": True,
            "provider_number": "2123451T",
            "changed_at": "2026-11-01T10:00",
        },
        {
            "id": "li",
            "name": "Dr Li Wei",
            "linked_to": "18",
            "accepts_video_appointments": True,
            "visible_for_online_bookings": False,
        },
    ],
    "appointment_types": [
        {
            "id": "consult",
            "name": "Telehealth Consult",
            "modality": "video",
            "online_bookings": True,
            "telehealth": True,
            "telehealth_video": True,
            "linked_to": "29",
            "practitioners": ["amara", {"id": "li", "linked_to": "31"}],
            "changed_at": "2026-11-01T10:00",
        },
        {
            "id": "standard",
            "name": "Standard Consult",
            "modality": "in-person",
            "telehealth_video": False,
            "linked_to": "40",
            "practitioners": "all",
        },
    ],
    "appointments": [
        {
            "id": "88213",
            "practitioner": "amara",
            "pms_type": "29",
            "created": "2026-11-20T15:40",
            "starts": "2026-11-24T09:30",
            "link": True,
            "seen_at": "2026-11-23T08:30",
            "modality": "video",
        }
    ],
    "waivers": [
        {
            "check": "VL312",
            "on": "li::consult",
            "reason": "Booked by reception",
            "owner": "practice manager",
            "until": "2026-12-31",
        }
    ],
}


SHEET = """\
ApptID,Patient,Provider,Type,Booked,Start,Video,Looked,Kind
88213,Jane Citizen,17,29,2026-11-20T15:40,2026-11-24T09:30,yes,2026-11-23T08:30,video
"""

RIGHT_SHEET = edited(
    RIGHT,
    {
        "appointments": {
            "csv": "day.csv",
            "columns": {
                "id": "ApptID",
                "practitioner": "Provider",
                "pms_type": "Type",
                "created": "Booked",
                "starts": "Start",
                "link": "Video",
                "seen_at": "Looked",
                "modality": "Kind",
            },
        }
    },
)

# Rows that many fields share. Lines are told by their text.


def required(key: str, what: str, *, first: str = "videolink: 1", entry: bool = False) -> Rows:
    """Of a field that must be there; what is missing belongs where its entry begins."""
    line = f"- {key}:" if entry else f"{key}:"
    return {
        "removed": [f"VL001 @ {first} | {key} is missing and must be there: {what}"],
        "blank": [f"VL001 @ {line} | {key} is left blank and must be there: {what}"],
    }


def no(key: str, *values: str, expected: str, entry: bool = False) -> Rows:
    """Of a field that takes no such words."""
    line = f"- {key}" if entry else key
    return {
        value: [f'VL001 @ {line}: {value} | {key} is "{value}": {expected}'] for value in values
    }


def unquoted(key: str, *values: str, expected: str) -> Rows:
    """The same of an appointment."""
    return {value: [f"VL001 @ {key}: {value} | {key}: {expected}"] for value in values}


def not_text(key: str, *, entry: bool = False, private: bool = False) -> Rows:
    """A list where one text stands; of an appointment nothing is shown."""
    line = f"- {key}:" if entry else f"{key}:"
    how = "expected text" if private else f"expected text, and no list; write {key}: x"
    return {"wrong type": [f"VL001 @ {line} | {key}: {how}"]}


def same(row: Row, *mutations: str) -> Rows:
    return dict.fromkeys(mutations, row)


def nothing(*mutations: str) -> Rows:
    return same([], *mutations)


TIME = "expected a time such as 2026-11-23 08:30"
SWITCH = "expected true or false (or yes, no, on, off)"
KEYS = "expected keys with values"
LIST = "expected a list"
NO_TABLE = [
    "VL001 @ a: b | a is no key of a clinic document; known here: csv, xlsx, sheet, encoding, skip,"
    " export, columns"
]
"""Keys in the place of a list are a table."""
MODALITY = "expected one of video, phone, in-person"
NO_ENTRY = "; where there is none, write "
OFFERING = "expected a list of practitioners, or the word all"
STRANGER = "there is no practitioner {} in this document; add the profile or remove the entry"

WITHOUT_PROFILES = [
    f"VL001 @ - amara | {STRANGER.format('amara')}",
    f"VL001 @ - id: li | {STRANGER.format('li')}",
]
PAIRS = [
    "VL312 amara::consult",
    "VL500 amara::consult",
    "VL311 li::consult",
    "VL312 li::consult",
    "VL500 li::consult",
]
TYPE = [f"VL{number} consult" for number in (301, 302, 303, 304, 305, 306, 308, 309)]


def gone(*names: str) -> Row:
    return [f"{name}: not collected" for name in names]


def blocked(by: str, *names: str) -> Row:
    return [f"{name}: blocked by {by}" for name in names]


def renamed(id: str) -> Row:
    """The video type under another id: all its items anew, and the waiver without a subject."""
    return [
        "VL004: failed @ - check: VL312",
        f"VL312 amara::{id}: passed",
        f"VL500 amara::{id}: passed",
        f"VL311 li::{id}: passed",
        f"VL312 li::{id}: warning @ visible_for_online_bookings: false",
        f"VL500 li::{id}: passed",
        *(f"{name.replace('consult', id)}: passed" for name in TYPE),
        *gone(*PAIRS, *TYPE),
    ]


def without_record_date() -> Row:
    """The last sync is then held against now, which is more than the sync window later."""
    return [
        "VL102: failed @ last_synced: 2026-11-23T08:25",
        *blocked("VL102 (harbourside)", "VL500 amara::consult", "VL500 li::consult"),
    ]


BOTH_PAIRS = ("VL500 amara::consult", "VL500 li::consult")
NO_PMS_LINK = blocked(
    "VL202 (amara)",
    "VL203 amara",
    "VL204 amara",
    "VL206 amara",
    "VL401 amara",
    "VL500 amara::consult",
)
NO_SUCH_PMS_LINK = blocked("VL203 (amara)", "VL206 amara", "VL500 amara::consult")
NO_SUCH_PMS_TYPE = [
    *blocked("VL304 (consult)", "VL500 amara::consult"),
    "VL304 consult: failed @ linked_to: '29'",
    *blocked("VL304 (consult)", "VL306 consult"),
]


def no_pms_type(line: str) -> Row:
    return [
        *blocked("VL303 (consult)", "VL500 amara::consult"),
        f"VL303 consult: failed @ {line}",
        *blocked("VL303 (consult)", "VL304 consult", "VL305 consult", "VL306 consult"),
        *blocked("VL303 (consult)", "VL308 consult"),
        "VL501 88213: failed @ pms_type: '29'",
    ]


def no_id(noun: str, where: str) -> Row:
    return [
        f'VL001 @ linked_to: false | linked_to is "false": that is no id of a PMS {noun}; look it'
        f" up ({where}), and write none where there is no link"
    ]


def unknown_pms_type(line: str) -> Row:
    return [
        *blocked("VL304 (consult)", "VL500 amara::consult"),
        f"VL304 consult: failed @ {line}",
        *blocked("VL304 (consult)", "VL306 consult"),
        f"VL308 consult: warning @ {line}",
        "VL501 88213: failed @ pms_type: '29'",
    ]


def no_video_type(line: str) -> Row:
    return [
        "VL004: failed @ - check: VL312",
        f"VL005: failed @ {line}",
        *blocked("VL005 (harbourside)", "VL310 amara"),
        "VL501 88213: failed @ pms_type: '29'",
        *gone(*PAIRS, *TYPE),
    ]


def nobody_offers(line: str) -> Row:
    return [
        "VL004: failed @ - check: VL312",
        *blocked("VL309 (consult)", "VL310 amara"),
        f"VL309 consult: failed @ {line}",
        *gone(*PAIRS),
    ]


UNWAIVED = "VL312 li::consult: warning @ visible_for_online_bookings: false"

FIELDS: dict[str, Rows] = {
    "videolink": {
        **no(
            "videolink",
            *("false", "none"),
            expected="expected 1, the version of the format that this release reads",
        ),
        **required("videolink", "The version of this format: 1.", first="clinic: harbourside"),
        **not_text("videolink"),
    },
    "clinic": {
        "false": [
            "VL001 @ clinic: false | clinic is false, but the file is named harbourside: name both"
            " alike"
        ],
        "none": [
            "VL001 @ clinic: none | clinic is none, but the file is named harbourside: name both"
            " alike"
        ],
        **required("clinic", "The clinic's id: this file's name without its ending."),
        **not_text("clinic"),
    },
    "name": {
        **nothing("false", "none"),
        **required("name", "Dashboard: the clinic's name."),
        **not_text("name"),
    },
    "timezone": {
        **no(
            "timezone",
            *("false", "none"),
            expected="expected an IANA time zone such as Australia/Sydney",
        ),
        **required(
            "timezone",
            "The clinic's IANA time zone, such as Australia/Sydney (PMS: the server's regional"
            " settings).",
        ),
        **not_text("timezone"),
    },
    "as_of": {
        **no("as_of", "false", "none", expected=TIME),
        "removed": ["VL003: failed @ videolink: 1", *without_record_date()],
        "blank": ["VL003: failed @ as_of:", *without_record_date()],
        "2026-10-01T08:30": [
            "VL003: failed @ as_of: 2026-10-01T08:30",
            "VL102: failed @ last_synced: 2026-11-23T08:25",
            *blocked("VL102 (harbourside)", *BOTH_PAIRS),
        ],
        **not_text("as_of"),
    },
    "dashboard": {
        **no("dashboard", "false", "none", expected=KEYS),
        "removed": ["VL102: not recorded", "VL601: not recorded"],
        "blank": ["VL102: not recorded", "VL601: not recorded"],
        "wrong type": [f"VL001 @ dashboard: | dashboard: {KEYS}"],
    },
    "dashboard.last_synced": {
        **no("last_synced", "false", "none", expected=TIME),
        "removed": ["VL102: not recorded"],
        "blank": ["VL102: not recorded"],
        "2026-11-23T08:00": [
            "VL102: failed @ last_synced: 2026-11-23T08:00",
            *blocked("VL102 (harbourside)", *BOTH_PAIRS),
        ],
        **not_text("last_synced"),
    },
    "dashboard.new_patient_approval": {
        **no(
            "new_patient_approval",
            *("false", "none"),
            expected="expected one of automatic, manual",
        ),
        "removed": ["VL601: not recorded"],
        "blank": ["VL601: not recorded"],
        "manual": ["VL601: warning @ new_patient_approval: manual"],
        **not_text("new_patient_approval"),
    },
    "dashboard.existing_patient_approval": {
        **no(
            "existing_patient_approval",
            *("false", "none"),
            expected="expected one of automatic, manual",
        ),
        "removed": ["VL601: not recorded"],
        "blank": ["VL601: not recorded"],
        "manual": ["VL601: warning @ existing_patient_approval: manual"],
        **not_text("existing_patient_approval"),
    },
    "pms": {
        **no("pms", "false", "none", expected=KEYS),
        **required("pms", "The practice management system."),
        "wrong type": [f"VL001 @ pms: | pms: {KEYS}"],
    },
    "pms.system": {
        "false": [
            "VL101: warning @ system: false",
            *gone("VL206 amara", "VL206 li", "VL308 consult"),
        ],
        "none": [
            "VL101: warning @ system: none",
            *gone("VL206 amara", "VL206 li", "VL308 consult"),
        ],
        **required(
            "system",
            "The practice management system: best-practice, pracsoft, zedmed or any other name."
            " PMS: its title bar or Help > About.",
            first="database: SQL01",
        ),
        "zedmed": gone("VL206 amara", "VL206 li", "VL308 consult"),
        **not_text("system"),
    },
    "pms.database": {
        **nothing("false", "none"),
        **required(
            "database",
            "A name for the PMS database (your IT provider or the PMS's log-in screen knows it)."
            " The same text in two clinics says that they share the database.",
            first="system: best-practice",
        ),
        **not_text("database"),
    },
    "pms.shares_database_with": {
        **no("shares_database_with", "false", expected=LIST),
        **no("shares_database_with", "none", expected=f"{LIST}{NO_ENTRY}shares_database_with: []"),
        "removed": [
            "VL402: failed @ system: best-practice",
            *blocked("VL402 (harbourside)", *BOTH_PAIRS),
        ],
        "blank": [
            "VL402: failed @ shares_database_with:",
            *blocked("VL402 (harbourside)", *BOTH_PAIRS),
        ],
        "dangling": [
            "VL402: failed @ shares_database_with:",
            *blocked("VL402 (harbourside)", *BOTH_PAIRS),
        ],
        "wrong type": [f"VL001 @ shares_database_with: | shares_database_with: {LIST}"],
    },
    "pms.connected": {
        "false": [
            "VL103: failed @ connected: false",
            *blocked("VL103 (harbourside)", *BOTH_PAIRS),
        ],
        **no("connected", "none", expected=SWITCH),
        "removed": [
            "VL103: failed @ system: best-practice",
            *blocked("VL103 (harbourside)", *BOTH_PAIRS),
        ],
        "blank": ["VL103: failed @ connected:", *blocked("VL103 (harbourside)", *BOTH_PAIRS)],
        **not_text("connected"),
    },
    "pms.practitioners": {
        **no("practitioners", "false", "none", expected=LIST),
        **same(
            [
                "VL203 amara: not recorded",
                "VL206 amara: not recorded",
                "VL203 li: not recorded",
                "VL206 li: not recorded",
            ],
            "removed",
            "blank",
        ),
        "wrong type": NO_TABLE,
    },
    "pms.practitioners[].id": {
        "false": ["VL203 amara: failed @ linked_to: '17'", *NO_SUCH_PMS_LINK],
        "none": ["VL203 amara: failed @ linked_to: '17'", *NO_SUCH_PMS_LINK],
        **required(
            "id",
            "The practitioner's id in the PMS. Best Practice: Setup > Users; Pracsoft: Appointment"
            " Book > Setup > Practitioners.",
            first="- name: Nwosu",
            entry=True,
        ),
        **not_text("id", entry=True),
    },
    "pms.practitioners[].name": {
        **nothing("false", "none"),
        **required("name", "The practitioner's name on the same PMS screen.", first="- id: '17'"),
        **not_text("name"),
    },
    "pms.practitioners[].active": {
        "false": ["VL203 amara: failed @ linked_to: '17'", *NO_SUCH_PMS_LINK],
        **no("active", "none", expected=SWITCH),
        **nothing("removed", "blank"),
        **not_text("active"),
    },
    "pms.practitioners[].in_appointment_book": {
        "false": ["VL206 amara: warning @ in_appointment_book: false"],
        **no("in_appointment_book", "none", expected=SWITCH),
        "removed": ["VL206 amara: not recorded"],
        "blank": ["VL206 amara: not recorded"],
        **not_text("in_appointment_book"),
    },
    "pms.appointment_types": {
        **no("appointment_types", "false", "none", expected=LIST),
        **same(
            [
                "VL311 li::consult: not recorded",
                "VL304 consult: not recorded",
                "VL306 consult: not recorded",
            ],
            "removed",
            "blank",
        ),
        "wrong type": NO_TABLE,
    },
    "pms.appointment_types[].id": {
        "false": NO_SUCH_PMS_TYPE,
        "none": NO_SUCH_PMS_TYPE,
        **required(
            "id",
            "The appointment type's id in the PMS. Best Practice: Setup > Configuration > Lists >"
            " Appointment type.",
            first="- name: Telehealth Consult",
            entry=True,
        ),
        **not_text("id", entry=True),
    },
    "pms.appointment_types[].name": {
        **nothing("false", "none"),
        **required(
            "name", "The appointment type's name on the same PMS screen.", first="- id: '29'"
        ),
        "Phone Consult": ["VL306 consult: warning @ name: Phone Consult"],
        **not_text("name"),
    },
    "pms.appointment_types[].active": {
        "false": NO_SUCH_PMS_TYPE,
        **no("active", "none", expected=SWITCH),
        **nothing("removed", "blank"),
        **not_text("active"),
    },
    "practitioners": {
        "false": [
            f'VL001 @ practitioners: false | practitioners is "false": {LIST}',
            *WITHOUT_PROFILES,
        ],
        "none": [
            f'VL001 @ practitioners: none | practitioners is "none": {LIST}',
            *WITHOUT_PROFILES,
        ],
        "removed": WITHOUT_PROFILES,
        "blank": WITHOUT_PROFILES,
        "wrong type": [f"VL001 @ practitioners: | practitioners: {LIST}", *WITHOUT_PROFILES],
    },
    "practitioners[].id": {
        "false": WITHOUT_PROFILES[:1],
        "none": WITHOUT_PROFILES[:1],
        "removed": [
            "VL001 @ - name: Dr Amara Nwosu | id is missing and must be there: Your own short id"
            " for the profile, such as dr-amara-nwosu. Dashboard > Bookings > Practitioner Setup"
            " lists the profiles.",
            WITHOUT_PROFILES[0],
        ],
        "blank": [
            "VL001 @ - id: | id is left blank and must be there: Your own short id for the profile,"
            " such as dr-amara-nwosu. Dashboard > Bookings > Practitioner Setup lists the"
            " profiles.",
            WITHOUT_PROFILES[0],
        ],
        "wrong type": [*not_text("id", entry=True)["wrong type"], WITHOUT_PROFILES[0]],
    },
    "practitioners[].name": {
        **nothing("false", "none"),
        **required(
            "name", "Dashboard > Bookings > Practitioner Setup: the name.", first="- id: amara"
        ),
        **not_text("name"),
    },
    "practitioners[].linked_to": {
        "false": no_id(
            "practitioner", "Dashboard > Bookings > Practitioner Setup > (practitioner) > Link to"
        ),
        "none": ["VL202 amara: failed @ linked_to: none", *NO_PMS_LINK],
        "removed": ["VL202 amara: failed @ - id: amara", *NO_PMS_LINK],
        "blank": ["VL202 amara: failed @ linked_to:", *NO_PMS_LINK],
        "dangling": ["VL203 amara: failed @ linked_to: '99'", *NO_SUCH_PMS_LINK],
        "wrong type": ["VL001 @ linked_to: | linked_to: expected text"],
    },
    "practitioners[].accepts_video_appointments": {
        "false": [
            "VL201 amara: failed @ accepts_video_appointments: false",
            *blocked("VL201 (amara)", "VL500 amara::consult"),
        ],
        **no("accepts_video_appointments", "none", expected=SWITCH),
        "removed": [
            "VL201 amara: failed @ - id: amara",
            *blocked("VL201 (amara)", "VL500 amara::consult"),
        ],
        "blank": [
            "VL201 amara: failed @ accepts_video_appointments:",
            *blocked("VL201 (amara)", "VL500 amara::consult"),
        ],
        **not_text("accepts_video_appointments"),
    },
    "practitioners[].visible_for_online_bookings": {
        "false": ["VL312 amara::consult: warning @ visible_for_online_bookings: false"],
        **no("visible_for_online_bookings", "none", expected=SWITCH),
        "removed": ["VL312 amara::consult: not recorded"],
        "blank": ["VL312 amara::consult: not recorded"],
        **not_text("visible_for_online_bookings"),
    },
    "practitioners[].archived": {
        **nothing("false", "removed", "blank"),
        **no("archived", "none", expected=SWITCH),
        "true": [
            "VL205 amara: warning @ archived: true",
            *gone(
                *("VL201 amara", "VL202 amara", "VL203 amara", "VL204 amara", "VL206 amara"),
                *("VL310 amara", "VL401 amara", "VL312 amara::consult", "VL500 amara::consult"),
            ),
        ],
        **not_text("archived"),
    },
    "practitioners[].expects_video": {
        **same(gone("VL310 amara"), "false", "removed", "blank"),
        **no("expects_video", "none", expected=SWITCH),
        **not_text("expects_video"),
    },
    "practitioners[].provider_number": {
        "false": ["VL701 amara: warning @ provider_number: false"],
        "none": ["VL701 amara: warning @ provider_number: none"],
        "removed": gone("VL701 amara"),
        "blank": gone("VL701 amara"),
        **not_text("provider_number"),
    },
    "practitioners[].changed_at": {
        **no("changed_at", "false", "none", expected=TIME),
        **nothing("removed", "blank"),
        **not_text("changed_at"),
    },
    "appointment_types": {
        **no("appointment_types", "false", "none", expected=LIST),
        "removed": no_video_type("videolink: 1"),
        "blank": no_video_type("appointment_types:"),
        "wrong type": [f"VL001 @ appointment_types: | appointment_types: {LIST}"],
    },
    "appointment_types[].id": {
        "false": renamed("false"),
        "none": renamed("none"),
        **required(
            "id",
            "Your own short id for the type, such as telehealth-video. Dashboard > Bookings >"
            " Appointment Types lists the types.",
            first="- name: Telehealth Consult",
            entry=True,
        ),
        **not_text("id", entry=True),
    },
    "appointment_types[].name": {
        **nothing("false", "none"),
        **required(
            "name", "Dashboard > Bookings > Appointment Types: the name.", first="- id: consult"
        ),
        **not_text("name"),
    },
    "appointment_types[].modality": {
        **no("modality", "false", expected=MODALITY),
        **no("modality", "none", expected=f"{MODALITY}; did you mean phone?"),
        **nothing("removed", "blank"),
        "phone": [
            "VL004: failed @ - check: VL312",
            "VL005: failed @ appointment_types:",
            *blocked("VL005 (harbourside)", "VL310 amara"),
            "VL307 consult: warning @ telehealth_video: true",
            "VL501 88213: failed @ pms_type: '29'",
            *gone(*PAIRS, *TYPE),
        ],
        **not_text("modality"),
    },
    "appointment_types[].online_bookings": {
        **same(
            [
                "VL004: failed @ - check: VL312",
                *gone("VL312 amara::consult", "VL312 li::consult"),
            ],
            "false",
            "removed",
            "blank",
        ),
        **no("online_bookings", "none", expected=SWITCH),
        **not_text("online_bookings"),
    },
    "appointment_types[].telehealth": {
        "false": [
            *blocked("VL301 (consult)", *BOTH_PAIRS),
            "VL301 consult: failed @ telehealth: false",
        ],
        **no("telehealth", "none", expected=SWITCH),
        "removed": [
            *blocked("VL301 (consult)", *BOTH_PAIRS),
            "VL301 consult: failed @ - id: consult",
        ],
        "blank": [*blocked("VL301 (consult)", *BOTH_PAIRS), "VL301 consult: failed @ telehealth:"],
        **not_text("telehealth"),
    },
    "appointment_types[].telehealth_video": {
        "false": [
            *blocked("VL302 (consult)", *BOTH_PAIRS),
            "VL302 consult: failed @ telehealth_video: false",
        ],
        **no("telehealth_video", "none", expected=SWITCH),
        "removed": [
            *blocked("VL302 (consult)", *BOTH_PAIRS),
            "VL302 consult: failed @ - id: consult",
        ],
        "blank": [
            *blocked("VL302 (consult)", *BOTH_PAIRS),
            "VL302 consult: failed @ telehealth_video:",
        ],
        **not_text("telehealth_video"),
    },
    "appointment_types[].linked_to": {
        "false": no_id(
            "appointment type",
            "Dashboard > Bookings > Appointment Types > Edit > Templates for practitioners",
        ),
        "none": no_pms_type("linked_to: none"),
        "removed": no_pms_type("- id: consult"),
        "blank": no_pms_type("linked_to:"),
        "dangling": unknown_pms_type("linked_to: '99'"),
        "wrong type": ["VL001 @ linked_to: | linked_to: expected text"],
    },
    "appointment_types[].practitioners": {
        **no("practitioners", "false", expected=OFFERING),
        **no("practitioners", "none", expected=f"{OFFERING}{NO_ENTRY}practitioners: []"),
        "removed": nobody_offers("- id: consult"),
        "blank": nobody_offers("practitioners:"),
        "all": gone("VL311 li::consult"),
        "wrong type": [f"VL001 @ practitioners: | practitioners: {OFFERING}"],
    },
    "appointment_types[].practitioners[].id": {
        "false": [f"VL001 @ - id: false | {STRANGER.format('false')}"],
        "none": [f"VL001 @ - id: none | {STRANGER.format('none')}"],
        **required(
            "id",
            "Id of a practitioner of this document who offers the type.",
            first="- linked_to: '31'",
            entry=True,
        ),
        "dangling": [f"VL001 @ - id: nobody | {STRANGER.format('nobody')}"],
        **not_text("id", entry=True),
    },
    "appointment_types[].practitioners[].linked_to": {
        "false": no_id(
            "appointment type",
            "Dashboard > Bookings > Practitioner Setup > (practitioner) > Appointment Types > Edit",
        ),
        "none": [
            "VL311 li::consult: failed @ linked_to: none",
            *blocked("VL311 (li::consult)", "VL500 li::consult"),
        ],
        "removed": gone("VL311 li::consult"),
        "blank": gone("VL311 li::consult"),
        "dangling": [
            "VL311 li::consult: failed @ linked_to: '99'",
            *blocked("VL311 (li::consult)", "VL500 li::consult"),
        ],
        "wrong type": ["VL001 @ linked_to: | linked_to: expected text"],
    },
    "appointment_types[].changed_at": {
        **no("changed_at", "false", "none", expected=TIME),
        **nothing("removed", "blank"),
        **not_text("changed_at"),
    },
    "appointments": {
        **unquoted("appointments", "false", "none", "soon", expected=LIST),
        "removed": gone("VL501 88213"),
        "blank": gone("VL501 88213"),
        "wrong type": [f"VL001 @ - x | appointments: {KEYS}"],
    },
    "appointments[].id": {
        "false": ["VL501 false: passed", *gone("VL501 88213")],
        "none": ["VL501 none: passed", *gone("VL501 88213")],
        **required(
            "id",
            "PMS appointment book: an id of the appointment, never a name.",
            first="- practitioner: amara",
            entry=True,
        ),
        **not_text("id", entry=True, private=True),
    },
    "appointments[].practitioner": {
        "false": ["VL501 88213: failed @ practitioner: false"],
        "none": ["VL501 88213: failed @ practitioner: none"],
        **required(
            "practitioner",
            "Id of the practitioner it is booked with.",
            first="- id: '88213'",
        ),
        "dangling": ["VL501 88213: failed @ practitioner: nobody"],
        **not_text("practitioner", private=True),
    },
    "appointments[].pms_type": {
        "false": ["VL501 88213: failed @ pms_type: false"],
        "none": ["VL501 88213: failed @ pms_type: none"],
        **required(
            "pms_type",
            "PMS appointment book: id of the PMS appointment type it was booked as.",
            first="- id: '88213'",
        ),
        "dangling": ["VL501 88213: failed @ pms_type: '99'"],
        **not_text("pms_type", private=True),
    },
    "appointments[].created": {
        **unquoted("created", "false", "none", expected=TIME),
        **required("created", "PMS appointment book: when it was booked.", first="- id: '88213'"),
        **not_text("created", private=True),
    },
    "appointments[].starts": {
        **unquoted("starts", "false", "none", expected=TIME),
        **required("starts", "PMS appointment book: when it starts.", first="- id: '88213'"),
        **not_text("starts", private=True),
    },
    "appointments[].link": {
        "false": ["VL501 88213: failed @ link: false", "VL502 88213: passed"],
        **unquoted("link", "none", "https://rooms.example/jane", expected=SWITCH),
        **required(
            "link",
            "PMS appointment book, the appointment's details: whether a video link is there. Never"
            " the link itself.",
            first="- id: '88213'",
        ),
        **not_text("link", private=True),
    },
    "appointments[].seen_at": {
        **unquoted("seen_at", "false", "none", expected=TIME),
        **nothing("removed", "blank"),
        **not_text("seen_at", private=True),
    },
    "appointments[].modality": {
        **unquoted("modality", "false", expected=MODALITY),
        **unquoted("modality", "none", expected=f"{MODALITY}; did you mean phone?"),
        **nothing("removed", "blank"),
        "phone": gone("VL501 88213"),
        **not_text("modality", private=True),
    },
    "waivers": {
        **no("waivers", "false", "none", expected=LIST),
        "removed": [UNWAIVED, *gone("VL004")],
        "blank": [UNWAIVED, *gone("VL004")],
        "wrong type": [f"VL001 @ waivers: | waivers: {LIST}"],
    },
    "waivers[].check": {
        "false": ["VL004: failed @ - check: false", UNWAIVED],
        "none": ["VL004: failed @ - check: none", UNWAIVED],
        **required(
            "check",
            "The check whose finding is accepted, such as VL312.",
            first="- 'on': li::consult",
            entry=True,
        ),
        "dangling": ["VL004: failed @ - check: VL999", UNWAIVED],
        **not_text("check", entry=True),
    },
    "waivers[].on": {
        "false": ["VL004: failed @ - check: VL312", UNWAIVED],
        "none": ["VL004: failed @ - check: VL312", UNWAIVED],
        **nothing("removed", "blank"),
        "dangling": ["VL004: failed @ - check: VL312", UNWAIVED],
        "wrong type": ["VL001 @ 'on': | on: expected text, and no list; write on: x"],
    },
    "waivers[].reason": {
        **nothing("false", "none"),
        **required("reason", "Why the finding is accepted for now.", first="- check: VL312"),
        **not_text("reason"),
    },
    "waivers[].owner": {
        **nothing("false", "none"),
        **required("owner", "Who accepted it and will put it right.", first="- check: VL312"),
        **not_text("owner"),
    },
    "waivers[].until": {
        **no("until", "false", "none", expected="expected a day such as 2026-12-31"),
        **required(
            "until",
            "The last day on which it holds, in the clinic's time zone.",
            first="- check: VL312",
        ),
        "2026-11-22": ["VL004: failed @ until: '2026-11-22'", UNWAIVED],
        **not_text("until"),
    },
}


def refused(key: str, expected: str) -> Rows:
    """What cannot be a value of a key of the day sheet, which may be left out."""
    said = f"VL001 @ {key}: {{}} | {key}: {expected}".format
    return {
        "false": [said("false")],
        "none": [said("none")],
        "wrong type": [said("").replace(":  |", ": |")],
        "removed": [],
        "blank": [],
    }


NOT_READ = ["VL007: failed @ csv: day.csv", *gone("VL501 88213")]
"""A column that is not there; a list of columns is one, too."""


def column(key: str) -> Rows:
    """A column that must be named."""
    lacking = [f"VL001 @ columns: | columns must name {key}"]
    return {**optional_column(), "removed": lacking, "blank": lacking}


def optional_column(*without: str) -> Rows:
    """The same of a column that a sheet may lack; what changes ``without`` it."""
    wrong = dict.fromkeys(("false", "none", "wrong type", "dangling"), NOT_READ)
    return {**wrong, **{key: list(without) for key in ("removed", "blank")}}


def only_one(key: str, said: str) -> Rows:
    """A key that contradicts another one, unless it is left out."""
    at = "csv: day.csv" if key == "xlsx" else f"{key}: {{}}"
    rows = {word: [f"VL001 @ {at.format(word)} | {said}"] for word in ("false", "none")}
    wrong = {"wrong type": [f"VL001 @ {key}: | {key}: expected text"]}
    return {**rows, **wrong, **nothing("removed", "blank")}


NO_FILE = "csv is missing: name one file, with csv or with xlsx"
LACKING = "columns must name practitioner, pms_type and starts"
ENCODINGS = (
    "expected one of utf-8, utf-16, utf-16-le, utf-16-be, cp1252, iso8859-1, iso8859-15, cp1250,"
    " cp1251, cp1253, cp1254, cp1257, cp1258, mac-roman, cp437, cp850"
)
EXPORTS = "bp-appointments, bp-appointments-table, bp-users, bp-services, bp-appointment-types"

SHEET_FIELDS: dict[str, Rows] = {
    "appointments.csv": {
        word: [f"VL007: failed @ csv: {path}", *gone("VL501 88213")]
        for word, path in (("false", "false"), ("none", "none"), ("dangling", "elsewhere.csv"))
    }
    | {
        "removed": [f"VL001 @ appointments: | {NO_FILE}"],
        "blank": [f"VL001 @ csv: | {NO_FILE}"],
        "wrong type": ["VL001 @ csv: | csv: expected text"],
    },
    "appointments.xlsx": only_one(
        "xlsx", "csv and xlsx exclude each other: name one file, with csv or with xlsx"
    ),
    "appointments.sheet": only_one(
        "sheet", "sheet says something of a table that is named with xlsx"
    ),
    "appointments.encoding": refused("encoding", ENCODINGS),
    "appointments.skip": refused(
        "skip", "expected keys of columns, each with the texts of the rows to be left out"
    ),
    "appointments.export": {
        word: [f"VL001 @ export: {word} | export: {word} is no known export; known here: {EXPORTS}"]
        for word in ("false", "none")
    }
    | {
        "wrong type": ["VL001 @ export: | export: expected the name of an export"],
        **nothing("removed", "blank"),
    },
    "appointments.columns": {
        **unquoted("columns", "false", "none", expected=KEYS),
        "removed": [f"VL001 @ appointments: | {LACKING}"],
        "blank": [f"VL001 @ columns: | {LACKING}"],
        "wrong type": [f"VL001 @ columns: | columns: {KEYS}"],
    },
    "appointments.columns.id": optional_column(
        "VL501 2026-11-24T0930-17: passed", *gone("VL501 88213")
    ),
    "appointments.columns.practitioner": column("practitioner"),
    "appointments.columns.pms_type": column("pms_type"),
    "appointments.columns.created": optional_column(),
    "appointments.columns.starts": column("starts"),
    "appointments.columns.link": optional_column("VL501 88213: not recorded"),
    "appointments.columns.seen_at": optional_column(),
    "appointments.columns.modality": optional_column(),
    "appointments.columns.status": optional_column(),
    "appointments.dates": {
        **refused("dates", "expected one of iso, dmy, mdy"),
        "wrong type": ["VL001 @ dates: | dates: expected text"],
    },
    "appointments.times": {
        **refused("times", "expected one of clock, seconds"),
        "wrong type": ["VL001 @ times: | times: expected text"],
    },
}

DANGLING: dict[str, Any] = {
    "pms.shares_database_with": ["atlantis"],
    "practitioners[].linked_to": "99",
    "appointment_types[].linked_to": "99",
    "appointment_types[].practitioners[].id": "nobody",
    "appointment_types[].practitioners[].linked_to": "99",
    "appointments[].practitioner": "nobody",
    "appointments[].pms_type": "99",
    "waivers[].check": "VL999",
    "waivers[].on": "nobody",
    "appointments.csv": "elsewhere.csv",
    **{field: "Elsewhere" for field in SHEET_FIELDS if ".columns." in field},
}

# Where a list of texts is a list of the right type, a mapping is the wrong one.
LISTS = {
    *("pms.shares_database_with", "pms.practitioners", "pms.appointment_types"),
    *("practitioners", "practitioners[].linked_to", "appointment_types", "waivers"),
    *("appointment_types[].linked_to", "appointment_types[].practitioners"),
    "appointment_types[].practitioners[].linked_to",
}


def mutated(field: str, mutation: str) -> list[Any]:
    """The values that a mutation puts in a field's place."""
    values: dict[str, list[Any]] = {
        "removed": [REMOVED],
        "blank": [None, ""],
        "wrong type": [{"a": "b"} if field in LISTS else ["x"]],
        "dangling": [DANGLING.get(field)],
    }
    return values.get(mutation) or [{"true": True, "false": False}.get(mutation, mutation)]


def place(field: str) -> str:
    """Where the entry is that the field is put wrong in: the first, or the one with a link."""
    listing = "appointment_types.0.practitioners.1."
    return field.replace("appointment_types[].practitioners[].", listing).replace("[]", ".0")


def outcomes(document: Document) -> dict[str, str]:
    """What becomes of each check, and at which line of the document."""
    text = to_yaml(document)
    source = MemorySource({"harbourside": text}, {"day.csv": SHEET})
    (entry,) = source.entries()
    fleet = Fleet(source, [entry])
    record = fleet.record(entry)

    def at(line: int) -> str:
        return text.splitlines()[line - 1].strip().removesuffix(" null").removesuffix(" ''")

    def outcome(judgement: Judgement) -> str:
        if judgement.state is State.BLOCKED:
            return judgement.reason
        said: str = judgement.state.value
        if judgement.state in (State.FAILED, State.WARNED):
            place = judgement.findings[0].at
            assert isinstance(place, tuple)
            said += f" @ {at(record.document.find(place).position.line)}"
        return said

    if record.clinic is None:
        return {
            f"VL001 @ {at(each.position.line)} | {each.message}": "" for each in record.problems
        }
    judge = Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, TERMS)
    return {
        each.check.id if each.subject is judge.clinic else f"{each.check.id} {each.subject.id}": (
            outcome(each)
        )
        for each in judge.judgements()
    }


@cache
def right() -> dict[str, str]:
    return outcomes(RIGHT)


@cache
def right_of_sheet() -> dict[str, str]:
    return outcomes(RIGHT_SHEET)


@cache
def in_the_rows() -> set[str]:
    """The checks that the tables name; what another one reads is told by its own tests."""
    rows = (
        row for table in (FIELDS, SHEET_FIELDS) for each in table.values() for row in each.values()
    )
    return {"VL002", *re.findall(r"VL\d{3}", str(list(rows)))}


def changes(document: Document, right: dict[str, str]) -> Row:
    """What is different of a clinic from one that is right."""
    now, before = (
        {name: said for name, said in each.items() if name.partition(" ")[0] in in_the_rows()}
        for each in (outcomes(document), right)
    )
    if any(name.startswith("VL001 @") for name in now):
        return list(now)
    changed = [f"{name}: {said}" for name, said in now.items() if before.get(name) != said]
    return [*changed, *gone(*(name for name in before if name not in now))]


def fields(keys: Iterable[Key], above: str = "") -> Iterator[str]:
    """Every key, and those in its value."""
    for key in keys:
        yield above + key.name
        listed = "[]" if isinstance(key.shape, Many) else ""
        yield from fields(key.keys, f"{above}{key.name}{listed}.")


EVERY_MUTATION = {"false", "none", "removed", "blank", "wrong type"}


def test_every_field_has_its_rows() -> None:
    assert list(FIELDS) == list(fields(keys_of(Clinic).values()))
    assert list(SHEET_FIELDS) == list(fields(keys_of(DaySheet).values(), "appointments."))
    for field, rows in {**FIELDS, **SHEET_FIELDS}.items():
        wanted = EVERY_MUTATION | ({"dangling"} if field in DANGLING else set())
        assert wanted <= set(rows), field


def test_the_clinic_is_right() -> None:
    assert {name: said for name, said in right().items() if said != "passed"} == {
        "VL312 li::consult": "waived"
    }
    assert outcomes(RIGHT_SHEET) == {**right(), "VL007": "passed"}


def rows(table: dict[str, Rows]) -> list[Any]:
    return [
        pytest.param(field, mutation, expected, id=f"{field} {mutation}")
        for field, each in table.items()
        for mutation, expected in each.items()
    ]


@pytest.mark.parametrize(("field", "mutation", "expected"), rows(FIELDS))
def test_a_field_put_wrong(field: str, mutation: str, expected: Row) -> None:
    for value in mutated(field, mutation):
        assert changes(edited(RIGHT, {place(field): value}), right()) == expected


def is_there(field: str) -> bool:
    """Whether the right day sheet says something of a field."""
    said: Any = RIGHT_SHEET
    for key in field.split("."):
        said = said.get(key, {})
    return said != {}


@pytest.mark.parametrize(("field", "mutation", "expected"), rows(SHEET_FIELDS))
def test_a_field_of_a_day_sheet_put_wrong(field: str, mutation: str, expected: Row) -> None:
    for value in mutated(field, mutation):
        if value is REMOVED and not is_there(field):
            continue
        document = edited(RIGHT_SHEET, {place(field): value})
        assert changes(document, right_of_sheet()) == expected
