"""What a failure says, whole: the texts of section 8, and what holds for all of them."""

from __future__ import annotations

import re
import shlex
import textwrap
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from hypothesis import given
from hypothesis import strategies as st
from support import ITEMS, REMOVED, Document, appointment, edited, judged, right_clinic, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.record.text import near_miss
from pytest_videolink.reports.text import wrapped

STRICT = "error::pytest_videolink.ConfigurationWarning"
OWNERS = {"practice manager", "PMS administrator", "reception", "vendor support"}


@pytest.fixture
def clinics(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> Clinics:
    """The plugin is there without an option, as where it is installed: commands rely on it."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p videolink")
    return clinics


def failures(clinics: Clinics, *arguments: str) -> dict[str, str]:
    """The texts of the items that failed (or are waived), by what stands after the clinic file."""
    recorder = clinics.pytester.inline_run(CLOCK, *arguments)
    return {
        _name(report.nodeid): report.longreprtext
        for report in recorder.getreports("pytest_runtest_logreport")
        if report.when == "call" and (report.failed or hasattr(report, "wasxfail"))
    }


def _name(nodeid: str) -> str:
    return re.sub(r"^.*?\.yaml::", "", nodeid)


def write(clinics: Clinics, edits: Mapping[str, Any]) -> None:
    clinics.write(edited(right_clinic(), edits))


# Whole texts

SWITCH_OFF = """\
Dr Amara Nwosu does not accept video appointments

  Clinic            Harbourside Medical Centre (harbourside)
  Practitioner      Dr Amara Nwosu (dr-amara-nwosu)
  For patients      No link is generated for this practitioner's appointments,
                    so their patients cannot join.

  Setting           Accepts Video Appointments
  Found             off
  Expected          on
clinics/harbourside.yaml:38:31
   38 | accepts_video_appointments: false
      |                             ^^^^^

How to fix it (practice manager):
  1. Dashboard > Bookings > Practitioner Setup > Dr Amara Nwosu
  2. Turn on Accepts Video Appointments and save
  3. Or, where Dr Amara Nwosu should do no video: take them off the video types,
     and record that they are not meant to (expects_video: false)
  4. Record it in clinics/harbourside.yaml: line 38, accepts_video_appointments:
     true; line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::dr-amara-nwosu::VL201-accepts-video
Read more: docs/checks/VL201.md, or pytest --videolink-explain=VL201
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/4403708855193"""


def test_a_switch_that_is_off(clinics: Clinics) -> None:
    write(clinics, {"practitioners.0.accepts_video_appointments": False})
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "dr-amara-nwosu::VL201-accepts-video": SWITCH_OFF
    }


def test_the_appointments_to_recreate_are_listed(clinics: Clinics) -> None:
    booked = {"practitioner": "dr-amara-nwosu", "pms_type": "29", "link": False}
    day = "2026-11-20T15:40:00+11:00"
    write(
        clinics,
        {
            "practitioners.0.accepts_video_appointments": False,
            "appointments": [
                {"id": "88213", **booked, "created": day, "starts": "2026-11-24T09:30:00+11:00"},
                {"id": "88214", **booked, "created": day, "starts": "2026-11-23T08:00:00+11:00"},
                {"id": "88215", **booked, "created": day, "starts": "2026-11-23T20:30:00Z"},
            ],
        },
    )
    recreate = """\
  appointment book. Their links usually appear within 15 minutes.
  Recreate 2 appointments: 88215 (Tue 24 Nov 2026 07:30), 88213 (Tue 24 Nov 2026
  09:30)
"""
    text = failures(clinics, "--videolink-clinic=harbourside")[
        "dr-amara-nwosu::VL201-accepts-video"
    ]
    assert text == SWITCH_OFF.replace(recreate.partition("  Recreate")[0], recreate)


def by_name(text: str) -> str:
    """A text as it is where the plugin has been named."""
    return text.replace("  pytest ", "  pytest -p videolink ")


def test_the_terminal_shows_the_text_and_nothing_of_ours(clinics: Clinics) -> None:
    write(clinics, {"practitioners.0.accepts_video_appointments": False})
    result = clinics.run("--videolink-clinic=harbourside")
    head = "___________ harbourside.yaml > dr-amara-nwosu > VL201-accepts-video ____________"
    assert f"\n{head}\n{by_name(SWITCH_OFF)}\n======" in result.stdout.str()
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*nodes.py*")


CONFLICT = """\
Dr Amara Nwosu is also linked on the Dashboard of bay-south

  Clinic            Bay North Medical Centre (bay-north)
  Practitioner      Dr Amara Nwosu (dr-amara-nwosu)
  For patients      The platform may be unable to tell which clinic should
                    generate the video room, and then the patient gets no link.

  Setting           Link to (practice management software)
  Found             PMS practitioner 17 is linked here and to Dr A. Nwosu
                    (dr-nwosu) on the Dashboard of Bay South Medical Centre
                    (bay-south)
  Expected          linked on one Dashboard of the shared PMS database
clinics/bay-north.yaml:38:14
   38 | linked_to: 17
      |            ^^
clinics/bay-south.yaml:29:14
   29 | linked_to: 17
      |            ^^

How to fix it (practice manager):
  1. Ask the booking platform's support how to solve it for you: the article
     names the conflict, the ways below are inferred
  2. Either give Dr Amara Nwosu a PMS entry of their own for each location, and
     link each Dashboard to its own: Dashboard > Bookings > Practitioner Setup >
     Link to
  3. Or decide with the other clinic which Dashboard the video appointments
     belong to, and unlink the profile on the other
  4. Record it in clinics/bay-north.yaml: line 38, linked_to: the link after the
     change, or none; line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/bay-north.yaml::dr-amara-nwosu::VL401-one-dashboard
Read more: docs/checks/VL401.md, or pytest --videolink-explain=VL401
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/4403708855193"""


def test_a_conflict_shows_its_place_in_both_clinics(clinics: Clinics) -> None:
    north = right_clinic("bay-north", "BAY-SQL")
    south = edited(
        right_clinic("bay-south", "BAY-SQL"),
        {
            "pms.practitioners": REMOVED,
            "practitioners": [{"id": "dr-nwosu", "name": "Dr A. Nwosu", "linked_to": "17"}],
            "appointment_types.0.practitioners": [],
            "pms.shares_database_with": ["bay-north"],
        },
    )
    clinics.write(edited(north, {"pms.shares_database_with": ["bay-south"]}), south)
    assert failures(clinics, "--videolink-clinic=bay-north") == {
        "dr-amara-nwosu::VL401-one-dashboard": CONFLICT
    }


CONNECTION_UNRECORDED = """\
The PMS connection is not recorded for Harbourside Medical Centre

  Clinic            Harbourside Medical Centre (harbourside)
  For patients      While the PMS is not connected no appointment syncs, so no
                    patient gets a link.
  Basis             inferred; the vendor's articles do not say so themselves

  Setting           The PMS connection
  Found             not recorded
clinics/harbourside.yaml:11:3
   11 | connected:
      | ^ missing; it belongs here

How to fix it (PMS administrator):
  1. Look it up: Dashboard Sidebar: false where it says No PMS or No Service
     PMS, or where the PMS shows an integration error; else true.
  2. Record it in clinics/harbourside.yaml: line 11, connected; line 5, as_of:
     the time you read it

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::VL103-pms-connected
Read more: docs/checks/VL103.md, or pytest --videolink-explain=VL103
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/360023052631"""

LINK_UNRECORDED = """\
The linked PMS appointment type is not recorded for Telehealth Video Consult

  Clinic            Harbourside Medical Centre (harbourside)
  Appointment type  Telehealth Video Consult (telehealth-video)
  For patients      What reception books in the PMS syncs as a standard
                    appointment, so the patient gets no video link.

  Setting           The linked PMS appointment type
  Found             not recorded
clinics/harbourside.yaml:48:3
   48 | linked_to:
      | ^ missing; it belongs here

How to fix it (practice manager):
  1. Look it up: Dashboard > Bookings > Appointment Types > Edit > Templates for
     practitioners: the id of the linked PMS appointment type, a list where
     there are several, or the word none.
  2. Record it in clinics/harbourside.yaml: line 48, linked_to; line 5, as_of:
     the time you read it

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::telehealth-video::VL303-linked-to-pms-type
Read more: docs/checks/VL303.md, or pytest --videolink-explain=VL303
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/4403708855193"""


def test_what_is_not_recorded_says_where_it_belongs_and_where_to_look(clinics: Clinics) -> None:
    write(clinics, {"pms.connected": REMOVED, "appointment_types.0.linked_to": REMOVED})
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "VL103-pms-connected": CONNECTION_UNRECORDED,
        "telehealth-video::VL303-linked-to-pms-type": LINK_UNRECORDED,
    }


def test_a_key_that_is_left_blank_is_shown_where_it_stands(clinics: Clinics) -> None:
    blank = to_yaml(right_clinic()).replace("  connected: true\n", "  connected:  # ask IT\n")
    clinics.write(harbourside=blank)
    missing = (
        "clinics/harbourside.yaml:11:3\n   11 | connected:\n      | ^ missing; it belongs here"
    )
    present = "clinics/harbourside.yaml:14:3\n   14 | connected:\n      | ^"
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "VL103-pms-connected": CONNECTION_UNRECORDED.replace(missing, present).replace(
            "line 11, connected; line 5, as_of:\n     the time",
            "line 14, connected; line 5, as_of:\n     the time",
        )
    }


PHONE_WITH_VIDEO = """\
Phone Consult is a phone type with Telehealth Video enabled

  Clinic            Harbourside Medical Centre (harbourside)
  Appointment type  Phone Consult (phone)
  For patients      Patients who booked a telephone call get a video link and
                    wait in an empty room.

  Setting           Enable Telehealth Video
  Found             on
  Expected          off
clinics/harbourside.yaml:71:21
   71 | telehealth_video: true
      |                   ^^^^

How to fix it (practice manager):
  1. Dashboard > Bookings > Appointment Types > Phone Consult > Edit
  2. Under Telehealth Settings turn off Enable Telehealth Video and save
  3. Record it in clinics/harbourside.yaml: line 71, telehealth_video: false;
     line 5, as_of: the time you read it

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
-W error::pytest_videolink.ConfigurationWarning \
clinics/harbourside.yaml::phone::VL307-phone-without-video
Read more: docs/checks/VL307.md, or pytest --videolink-explain=VL307
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/360040817171"""

PHONE: Document = {
    "id": "phone",
    "name": "Phone Consult",
    "modality": "phone",
    "telehealth_video": True,
}


def test_a_warning_that_is_made_an_error(clinics: Clinics) -> None:
    write(clinics, {"appointment_types.2": PHONE})
    assert failures(clinics, "-W", STRICT, "--videolink-clinic=harbourside") == {
        "phone::VL307-phone-without-video": PHONE_WITH_VIDEO
    }


WAIVED = """\
Telehealth Video Consult does not have Telehealth Video enabled

  Clinic            Harbourside Medical Centre (harbourside)
  Appointment type  Telehealth Video Consult (telehealth-video)
  For patients      Appointments of this type are telehealth but without video,
                    so patients get no video link.
  Waived            until 2026-12-31 by practice manager: Video starts in
                    December

  Setting           Enable Telehealth Video
  Found             off
  Expected          on
clinics/harbourside.yaml:54:21
   54 | telehealth_video: false
      |                   ^^^^^

How to fix it (practice manager):
  1. Dashboard > Bookings > Appointment Types > Telehealth Video Consult > Edit
  2. Under Telehealth Settings turn on Enable Telehealth Video and save
  3. Record it in clinics/harbourside.yaml: line 54, telehealth_video: true;
     line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::telehealth-video::VL302-video-on
Read more: docs/checks/VL302.md, or pytest --videolink-explain=VL302
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/360040817171"""

WAIVER = {
    "check": "VL302",
    "on": "telehealth-video",
    "reason": "Video starts in December",
    "owner": "practice manager",
    "until": "2026-12-31",
}


def test_a_waived_finding_keeps_its_text(clinics: Clinics) -> None:
    write(clinics, {"appointment_types.0.telehealth_video": False, "waivers": [WAIVER]})
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "telehealth-video::VL302-video-on": WAIVED
    }
    result = clinics.run("--videolink-clinic=harbourside", "-rx", "--xfail-tb")
    assert f"\n{by_name(WAIVED)}\n" in result.stdout.str()
    result.stdout.fnmatch_lines(
        [
            "XFAIL clinics/harbourside.yaml::telehealth-video::VL302-video-on - waived until"
            " 2026-12-31 by practice manager: Video starts in December"
        ]
    )
    assert result.ret == pytest.ExitCode.OK


def test_a_waiver_of_what_is_right_makes_no_unexpected_pass(clinics: Clinics) -> None:
    write(clinics, {"waivers": [WAIVER]})
    result = clinics.run("--videolink-clinic=harbourside", "-rX")
    result.assert_outcomes(passed=ITEMS, failed=1)
    result.stdout.no_fnmatch_line("XPASS*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


INFERRED = """\
Dr Amara Nwosu is not linked to a PMS practitioner

  Clinic            Harbourside Medical Centre (harbourside)
  Practitioner      Dr Amara Nwosu (dr-amara-nwosu)
  For patients      Appointments booked in the PMS cannot be told to be this
                    practitioner's, so their patients get no link.
  Basis             inferred; the vendor's articles do not say so themselves

  Setting           Link to (practice management software)
  Found             not linked
  Expected          linked to a PMS practitioner
clinics/harbourside.yaml:37:14
   37 | linked_to: none
      |            ^^^^

How to fix it (practice manager):
  1. Dashboard > Bookings > Practitioner Setup > Dr Amara Nwosu
  2. Choose the practitioner's PMS entry in Link to and save
  3. Record it in clinics/harbourside.yaml: line 37, linked_to: the id of the
     PMS practitioner; line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::dr-amara-nwosu::VL202-linked-to-pms
Read more: docs/checks/VL202.md, or pytest --videolink-explain=VL202
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/360000400703"""


def test_what_is_inferred_says_so(clinics: Clinics) -> None:
    write(clinics, {"practitioners.0.linked_to": "none"})
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "dr-amara-nwosu::VL202-linked-to-pms": INFERRED
    }


NEAR_MISS = """\
Dr Amara Nwosu is linked to PMS practitioner 17, which does not exist

  Clinic            Harbourside Medical Centre (harbourside)
  Practitioner      Dr Amara Nwosu (dr-amara-nwosu)
  For patients      The profile is linked to nobody who sees patients in the
                    PMS, so bookings with this practitioner get no link.
  Basis             inferred; the vendor's articles do not say so themselves

  Setting           Link to (practice management software)
  Found             linked to 17
  Expected          the id of an active PMS practitioner
clinics/harbourside.yaml:37:14
   37 | linked_to: 17
      |            ^^
{hint}

How to fix it (PMS administrator):
  1. In the PMS, look the practitioner up (Best Practice: Setup > Users;
     Pracsoft: Appointment Book > Setup > Practitioners) and make the entry
     active where it should be
  2. Dashboard > Bookings > Practitioner Setup > Dr Amara Nwosu
  3. Choose the practitioner's active PMS entry in Link to and save
  4. Record it in clinics/harbourside.yaml: line 37, linked_to: the id of the
     PMS practitioner; line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::dr-amara-nwosu::VL203-pms-link-resolves
Read more: docs/checks/VL203.md, or pytest --videolink-explain=VL203
What it rests on, as read on 2026-11-23:
  https://support.hotdoc.com.au/hc/en-gb/articles/360000400703"""


def test_a_near_miss(clinics: Clinics) -> None:
    write(clinics, {"pms.practitioners.0.id": "17 "})
    hint = '"17 " exists (mind the space at its edge): did you mean that one?'
    assert failures(clinics, "--videolink-clinic=harbourside") == {
        "dr-amara-nwosu::VL203-pms-link-resolves": NEAR_MISS.format(hint=hint)
    }


@pytest.mark.parametrize(
    ("link", "known", "hint"),
    [
        ("17", " 17", '" 17" exists (mind the space at its edge): did you mean that one?'),
        ("17", "017", '"017" exists: did you mean that one?'),
        ("dr1", "DR1", '"DR1" exists: did you mean that one?'),
        ("17 ", "17", '"17" exists (without a space at its edge): did you mean that one?'),
        ("Nwosu", "17", ""),
    ],
)
def test_what_may_be_meant_by_a_link_that_leads_nowhere(link: str, known: str, hint: str) -> None:
    edits = {"practitioners.0.linked_to": link, "pms.practitioners.0.id": known}
    (finding,) = judged(edited(right_clinic(), edits))["VL203 dr-amara-nwosu"].findings
    assert finding.hint == hint


def test_what_is_unseen_in_an_id_that_may_be_meant() -> None:
    """As a table of the PMS may have it; in a document it is an error."""
    hint = near_miss("18", {"17": "A", "1\u200b8": "B"})
    assert hint == '"1<U+200B>8" exists: did you mean that one?'


UNREADABLE = """
  Clinic            harbourside
  For patients      Nothing can be said about this clinic's video links until
                    its record can be read.

  timezone is "Australia/Sidney": expected an IANA time zone such as
  Australia/Sydney; did you mean Australia/Sydney?
clinics/harbourside.yaml:4:11
    4 | timezone: Australia/Sidney
      |           ^^^^^^^^^^^^^^^^

  acepts_video_appointments is no key of a clinic document; did you mean
  accepts_video_appointments?
clinics/harbourside.yaml:43:3
   43 | acepts_video_appointments:
      | ^

  telehealth is "1": expected true or false (or yes, no, on, off)
clinics/harbourside.yaml:54:15
   54 | telehealth: 1
      |             ^

How to fix it (practice manager):
  1. Correct the record at each place listed above

Check again:
  pytest --videolink-now=2026-11-23T09:00:00+11:00 \
clinics/harbourside.yaml::VL001-valid-document
Read more: docs/checks/VL001.md, or pytest --videolink-explain=VL001"""


def test_a_record_with_three_problems(clinics: Clinics) -> None:
    write(
        clinics,
        {
            "timezone": "Australia/Sidney",
            "practitioners.0.acepts_video_appointments": True,
            "appointment_types.0.telehealth": 1,
        },
    )
    (name, text), *others = failures(clinics, "--videolink-clinic=harbourside").items()
    first, _, rest = text.partition("\n")
    assert (name, others) == ("VL001-valid-document", [])
    assert first.startswith("The record of harbourside cannot be read")
    assert rest == UNREADABLE


# What holds for every failure

EVERYTHING_WRONG: Document = {
    "as_of": "2026-09-01T08:30:00+10:00",
    "dashboard.last_synced": "2026-09-01T07:00:00+10:00",
    "dashboard.new_patient_approval": "manual",
    "pms.shares_database_with": ["nowhere"],
    "pms.connected": False,
    "pms.practitioners": [
        {"id": "17", "name": "Dr Amara Nwosu", "in_appointment_book": False},
        {"id": "18 ", "name": "Dr Li Wei"},
    ],
    "pms.appointment_types": [
        {"id": "30", "name": "Phone"},
        {"id": "31", "name": "Telehealth Long", "active": False},
        {"id": "40", "name": "Standard"},
    ],
    "practitioners": [
        {
            "id": "dr-amara-nwosu",
            "name": "Dr Amara Nwosu",
            "linked_to": "17",
            "accepts_video_appointments": False,
            "visible_for_online_bookings": False,
            "provider_number": "2123451A",
        },
        {"id": "dr-li-wei", "name": "Dr Li Wei", "linked_to": "18"},
        {"id": "dr-kim", "name": "Dr Kim", "linked_to": "none", "expects_video": True},
        {"id": "dr-old", "name": "Dr Nwosu", "linked_to": "17", "expects_video": False},
        {"id": "dr-gone", "name": "Dr Gone", "archived": True},
    ],
    "appointment_types": [
        {
            "id": "telehealth-video",
            "name": "Telehealth Video Consult",
            "modality": "video",
            "online_bookings": True,
            "telehealth": False,
            "telehealth_video": False,
            "linked_to": "30",
            "practitioners": ["dr-amara-nwosu", {"id": "dr-li-wei", "linked_to": "31"}, "dr-gone"],
        },
        {
            "id": "old-video",
            "name": "Old Video",
            "modality": "video",
            "linked_to": ["99", "40"],
            "practitioners": [],
        },
        {"id": "new-video", "name": "New Video", "linked_to": "none"},
        {"id": "standard", "name": "Standard Consult", "modality": "in-person", "linked_to": "40"},
        PHONE,
    ],
    "appointments": [
        {
            "id": "88213",
            "practitioner": "dr-amara-nwosu",
            "pms_type": "30",
            "created": "2026-11-23T08:55:00+11:00",
            "starts": "2026-11-23T09:05:00+11:00",
            "link": False,
        },
    ],
    "waivers": [{**WAIVER, "check": "VL999"}],
}

EVERY_CHECK = {
    *("VL001", "VL002", "VL003", "VL004", "VL005", "VL101", "VL102", "VL103"),
    *("VL201", "VL202", "VL203", "VL204", "VL205", "VL206"),
    *("VL301", "VL302", "VL303", "VL304", "VL305", "VL306"),
    *("VL307", "VL308", "VL309", "VL310", "VL311", "VL312"),
    *("VL401", "VL402", "VL501", "VL502", "VL601", "VL701"),
}
"""All but VL500, which no record fails."""

NO_SETTING = {"VL001", "VL002", "VL004", "VL005", "VL101", "VL502"}
"""Those after whose steps there is no one value of the record to bring up to date."""

NO_SOURCE = {"VL001", "VL002", "VL003", "VL004", "VL206"}
"""Those that rest on no page of a vendor, or on several."""

LONGEST = 100
"""Columns of a first line, where the names in it are no longer than those of the right clinic."""


def everything_wrong() -> list[Document]:
    broken = {"timezone": "Australia/Sidney", "appointment_types.0.practitioners.0": "dr-amara"}
    none_of_type = {"appointment_types": [], "practitioners.0.expects_video": REMOVED}
    return [
        edited(right_clinic("all-wrong", "SHARED"), EVERYTHING_WRONG),
        edited(right_clinic("its-twin", "SHARED"), {"pms.shares_database_with": ["all-wrong"]}),
        edited(right_clinic("broken", "OTHER"), broken),
        right_clinic("its-neighbour", "OTHER"),
        edited(right_clinic("no-video", "THIRD"), {"pms.system": "genie", **none_of_type}),
        edited(
            right_clinic("idle", "FOURTH"), {"appointment_types.0.practitioners": ["dr-li-wei"]}
        ),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a folder of clinics in which every check fails somewhere."""
    project = tmp_path_factory.mktemp("everything-wrong")
    (project / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = {STRICT}\n")
    (project / "clinics").mkdir()
    for document in everything_wrong():
        file = project / "clinics" / f"{document['clinic']}.yaml"
        file.write_text(to_yaml(document))
    return project


@pytest.fixture(scope="module")
def texts(folder: Path) -> dict[str, str]:
    """The texts of failures of every check, by clinic file and item."""
    found: dict[str, str] = {}

    class Recorder:
        def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
            if report.failed:
                found[report.nodeid.removeprefix("clinics/")] = report.longreprtext

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.chdir(folder)
        options = ["-p", "videolink", "-p", "no:cacheprovider", "--videolink-clinic=*"]
        pytest.main([*options, CLOCK], plugins=[Recorder()])
    return found


def check_of(item: str) -> str:
    return item.rpartition("::")[2][:5]


def block(text: str, start: str) -> list[str]:
    """The lines of a text from one that starts in some way to the next empty one."""
    _, found, rest = text.partition(f"\n{start}")
    return f"{start}{rest}".partition("\n\n")[0].splitlines() if found else []


def test_there_is_a_failure_of_every_check(texts: dict[str, str]) -> None:
    assert {check_of(item) for item in texts} == EVERY_CHECK


def test_a_first_line_is_a_sentence_of_its_own(texts: dict[str, str]) -> None:
    for text in texts.values():
        first, second, *_ = text.splitlines()
        assert first[0].isalnum()
        assert not first.endswith((".", ":"))
        assert second == ""
        assert "Ensure" not in text


def test_a_first_line_names_its_subject(texts: dict[str, str]) -> None:
    for item, text in texts.items():
        subject = re.search(r"^  (?:Practitioner|Appointment type)  +(.+) \(", text, re.M)
        assert subject is None or subject[1] in text.splitlines()[0], item


# VL001's is what is wrong with a value, which is cut nowhere.
@pytest.mark.parametrize("check", sorted(EVERY_CHECK - {"VL001"}))
def test_a_first_line_is_short_where_names_are(texts: dict[str, str], check: str) -> None:
    first_lines = [text.splitlines()[0] for item, text in texts.items() if check_of(item) == check]
    # An appointment's carries the first line of the check that keeps it from its link.
    own = [re.sub(r"^Appointment \d+ has no link \(VL\d+\): ", "", line) for line in first_lines]
    assert [line for line in own if len(line) > LONGEST] == []


@pytest.mark.parametrize(
    ("finding", "edits"),
    [
        pytest.param(
            "VL102",
            {"dashboard.last_synced": "2026-11-23T07:00:00+11:00", "as_of": REMOVED},
            id="VL102 before now",
        ),
        pytest.param("VL003", {"as_of": REMOVED}, id="VL003 not recorded"),
        pytest.param(
            "VL305 telehealth-video", {"appointment_types.0.linked_to": "40"}, id="VL305 shared"
        ),
        pytest.param(
            "VL311 dr-amara-nwosu::telehealth-video",
            {"appointment_types.0.practitioners.0": {"id": "dr-amara-nwosu", "linked_to": "99"}},
            id="VL311 does not exist",
        ),
        pytest.param(
            "VL311 dr-amara-nwosu::telehealth-video",
            {"appointment_types.0.practitioners.0": {"id": "dr-amara-nwosu", "linked_to": "40"}},
            id="VL311 shared",
        ),
        pytest.param("VL402", {"pms.shares_database_with": ["bay-south"]}, id="VL402 does not"),
        pytest.param("VL402", {"pms.shares_database_with": ["bay-sout"]}, id="VL402 a near miss"),
        pytest.param("VL402", {"pms.shares_database_with": REMOVED}, id="VL402 not recorded"),
    ],
)
def test_the_longest_first_lines_are_short_enough(finding: str, edits: Document) -> None:
    clinics = edited(right_clinic(), edits), right_clinic("bay-south", "BAY-SQL")
    first, *_ = judged(*clinics)[finding].findings
    assert len(first.summary) <= LONGEST, first.summary


def test_every_further_line_fits_a_terminal(texts: dict[str, str]) -> None:
    for text in texts.values():
        for line in text.splitlines()[1:]:
            assert len(line) <= 80 or "/" in line, line


def test_the_parts_stand_in_order(texts: dict[str, str]) -> None:
    marks = [
        r"  Clinic  ",
        r"  (Practitioner|Appointment type|Pair)  ",
        r"  For patients  ",
        r"  Found  ",
        r"  Expected  ",
        r"clinics/\S+:\d+:\d+$",
        r"How to fix it \(",
        r"  1\. ",
        r"  \d\. Record it in ",
        r"After the fix:",
        r"Check again:",
        r"  pytest ",
        r"Read more: ",
    ]
    optional = {marks[1], marks[3], marks[4], marks[9]}
    for item, text in texts.items():
        found = {mark: re.search(f"^{mark}", text, re.M) for mark in marks}
        missing = {mark for mark, match in found.items() if match is None}
        assert missing <= optional | ({marks[8]} if check_of(item) in NO_SETTING else set()), item
        places = [match.start() for match in found.values() if match]
        assert places == sorted(places), item


def test_the_steps_are_numbered_and_say_who_does_them(texts: dict[str, str]) -> None:
    for text in texts.values():
        head, *steps = block(text, "How to fix it (")
        assert head.removeprefix("How to fix it (").removesuffix("):") in OWNERS
        numbers = [int(line[2]) for line in steps if re.match(r"  \d\. ", line)]
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("check", ["VL309", "VL310"])
def test_what_is_the_owners_choice_says_decide(texts: dict[str, str], check: str) -> None:
    text = next(text for item, text in texts.items() if check_of(item) == check)
    assert any(" Decide " in line for line in block(text, "How to fix it ("))


def test_a_bare_state_is_said_of_a_setting(texts: dict[str, str]) -> None:
    """Found off, expected on: of what, in the Dashboard's words?"""
    bare = {"on", "off", "manual", "automatic"}
    unnamed = set()
    for item, text in texts.items():
        found = re.search(r"^  Found +(.*)$", text, re.M)
        if found and found[1] in bare and "\n  Setting  " not in text:
            unnamed.add(check_of(item))
    assert unnamed == set()


def test_an_excerpt_shows_what_stands_at_its_place(texts: dict[str, str], folder: Path) -> None:
    excerpt = re.compile(
        r"^(clinics/\S+):(\d+):(\d+)\n +\2 \| (\S+:|-) ?(.*)\n +\| ( *)\^+(?P<note>.*)", re.M
    )
    count, elsewhere = 0, []
    for item, text in texts.items():
        for match in excerpt.finditer(text):
            file, line, column, key, value, indent, note = match.groups()
            source = (folder / file).read_text().splitlines()[int(line) - 1]
            pointed_at = source[int(column) - 1 :].lstrip("'\"")
            is_below = source.strip("- ") == key
            expected = key if is_below else value
            under = "" if is_below or not value else " " * len(f"{key} ")
            count += 1
            shows_it = key in source and pointed_at.startswith(expected) and indent == under
            if not note and not shows_it:
                elsewhere.append((item, match[0]))
    assert count > len(texts)
    assert elsewhere == []


LIST_BELOW_ITS_KEY = """\
clinics/harbourside.yaml:13:3
   13 | shares_database_with: [nowhere]
      | ^
"""

LIST_BESIDE_ITS_KEY = """\
clinics/harbourside.yaml:13:25
   13 | shares_database_with: [nowhere]
      |                       ^^^^^^^^^
"""


def test_a_list_has_its_place_at_its_key_or_beside_it(clinics: Clinics) -> None:
    below = to_yaml(edited(right_clinic(), {"pms.shares_database_with": ["nowhere"]}))
    beside = below.replace("with:\n  - nowhere\n", "with: [nowhere]\n")
    for document, place in [(below, LIST_BELOW_ITS_KEY), (beside, LIST_BESIDE_ITS_KEY)]:
        clinics.write(harbourside=document)
        (text,) = failures(clinics, "--videolink-clinic=harbourside").values()
        assert place in text
        assert "line 13, shares_database_with" in text


def test_an_entry_of_a_list_is_shown_without_a_key(clinics: Clinics) -> None:
    write(clinics, {"appointment_types.0.practitioners.0": "dr-amara"})
    (text,) = failures(clinics, "--videolink-clinic=harbourside").values()
    entry = "clinics/harbourside.yaml:57:5\n   57 | dr-amara\n      | ^^^^^^^^\n"
    assert entry in text


def test_what_to_record_is_not_what_is_recorded_already(texts: dict[str, str]) -> None:
    """An item that fails is not put right by the value that stands there."""
    unchanged = set()
    for item, text in texts.items():
        shown = re.search(r"^ +(\d+) \| (\w+): (\S+)\n", text, re.M)
        if shown and "Record it in" in text:
            steps = " ".join(line.strip() for line in block(text, "How to fix it ("))
            if re.search(rf"line {shown[1]}, {shown[2]}: {re.escape(shown[3])}\b", steps):
                unchanged.add(check_of(item))
    assert unchanged == set()


OVERRIDE_OF_ANOTHER_TYPE = """\
clinics/harbourside.yaml:69:16
   69 | linked_to: 29
      |            ^^
clinics/harbourside.yaml:55:14
   55 | linked_to: 29
      |            ^^

How to fix it (practice manager):
"""


def test_one_practitioners_link_is_not_put_right_for_everybody(clinics: Clinics) -> None:
    """The practitioner's own link is at fault, which is one of the standard type."""
    write(
        clinics,
        {"appointment_types.1.practitioners": [{"id": "dr-amara-nwosu", "linked_to": "29"}]},
    )
    (text,) = failures(clinics, "--videolink-clinic=harbourside").values()
    steps = " ".join(line.strip() for line in block(text, "How to fix it ("))
    assert OVERRIDE_OF_ANOTHER_TYPE in text
    assert "line 69, linked_to: the id of a PMS appointment type for Standard Consult only" in steps
    assert "Edit Standard Consult" in steps
    assert "Edit Telehealth Video Consult" not in steps


APPROVED_BY_HAND = """\
  Setting           How bookings are processed
  Found             manual
  Expected          automatic
clinics/harbourside.yaml:8:25
    8 | new_patient_approval: manual
      |                       ^^^^^^
"""

SAME_PMS_PRACTITIONER = """\
  Setting           Link to (practice management software)
  Found             also linked to 17: Dr Li Wei (dr-li-wei)
  Expected          one profile for each PMS practitioner
clinics/harbourside.yaml:37:14
   37 | linked_to: 17
      |            ^^
clinics/harbourside.yaml:45:14
   45 | linked_to: 17
      |            ^^
"""

NOT_BOOKABLE = """\
  Setting           Visible for Online Bookings
  Found             off
  Expected          on
clinics/harbourside.yaml:39:32
   39 | visible_for_online_bookings: false
      |                              ^^^^^
"""

NOT_IN_THE_BOOK = """\
How to fix it (PMS administrator):
  1. Best Practice: Setup > Users > Dr Amara Nwosu > Edit: tick Has appointments
  2. Record it in clinics/harbourside.yaml: line 19, in_appointment_book: true;
     line 5, as_of: the time you read it
"""

NOT_IN_PRACSOFTS_BOOK = """\
How to fix it (PMS administrator):
  1. Pracsoft: Appointment Book > Setup > Practitioners > Dr Amara Nwosu: tick
     Use
  2. Record it in clinics/harbourside.yaml: line 19, in_appointment_book: true;
     line 5, as_of: the time you read it
"""

OFFERS_NOTHING = """\
  Found             offers no video type
  Expected          offers a video type
clinics/harbourside.yaml:56:3
   56 | practitioners: [dr-li-wei]
      | ^
clinics/harbourside.yaml:41:18
   41 | expects_video: true
      |                ^^^^

How to fix it (practice manager):
  1. Decide which video type Dr Amara Nwosu should offer
  2. Dashboard > Bookings > Practitioner Setup > Dr Amara Nwosu > Appointment
     Types: add it and save
  3. Record it in clinics/harbourside.yaml: line 56, practitioners: the list of
     Telehealth Video Consult, or of the type you chose, with dr-amara-nwosu;
     line 5, as_of: the time you read it
"""

NOT_BOOKED_IN: Document = {"pms.practitioners.0.in_appointment_book": False}


@pytest.mark.parametrize(
    ("edits", "item", "part"),
    [
        (
            {"dashboard.new_patient_approval": "manual"},
            "VL601-approval-automatic",
            APPROVED_BY_HAND,
        ),
        (
            {"practitioners.1.linked_to": "17"},
            "dr-amara-nwosu::VL204-pms-link-unique",
            SAME_PMS_PRACTITIONER,
        ),
        (
            {"practitioners.0.visible_for_online_bookings": False},
            "dr-amara-nwosu::telehealth-video::VL312-pair-bookable",
            NOT_BOOKABLE,
        ),
        (NOT_BOOKED_IN, "dr-amara-nwosu::VL206-in-appointment-book", NOT_IN_THE_BOOK),
        (
            {**NOT_BOOKED_IN, "pms.system": "Pracsoft"},
            "dr-amara-nwosu::VL206-in-appointment-book",
            NOT_IN_PRACSOFTS_BOOK,
        ),
        (
            {"appointment_types.0.practitioners": ["dr-li-wei"]},
            "dr-amara-nwosu::VL310-offers-video",
            OFFERS_NOTHING,
        ),
    ],
    ids=["VL601", "VL204", "VL312", "VL206 Best Practice", "VL206 Pracsoft", "VL310"],
)
def test_what_was_found_where_and_what_to_do(
    clinics: Clinics, edits: Document, item: str, part: str
) -> None:
    write(clinics, edits)
    assert part in failures(clinics, "-W", STRICT, "--videolink-clinic=harbourside")[item]


def test_the_page_and_the_command_that_prints_it(texts: dict[str, str]) -> None:
    for item, text in texts.items():
        id = check_of(item)
        lines = text.splitlines()
        page = lines.index(f"Read more: docs/checks/{id}.md, or pytest --videolink-explain={id}")
        assert bool(lines[page + 1 :]) is (id not in NO_SOURCE), id


def test_the_last_lines_name_what_it_rests_on(texts: dict[str, str]) -> None:
    for item, text in texts.items():
        if (id := check_of(item)) not in NO_SOURCE:
            *_, when, where = text.splitlines()
            assert when == "What it rests on, as read on 2026-11-23:"
            source = next(check.source for check in CATALOGUE if check.id == id)
            assert source is not None
            assert where == f"  {source.address}"


HOSTILE = "\x1b[31m\x07\u202e\u2066\x9b2J\u200b\r\nnext\x00"


def test_nothing_that_a_terminal_would_obey_is_printed(clinics: Clinics) -> None:
    clinic = edited(right_clinic(), EVERYTHING_WRONG)
    edits: Document = {
        "name": f"Harbour{HOSTILE}side",
        "pms.system": f"best-practice{HOSTILE}",
        "pms.database": f"ONE{HOSTILE}",
        "practitioners.0.name": f"Dr Amara{HOSTILE}",
        "practitioners.0.provider_number": f"21{HOSTILE}",
        "practitioners.1.linked_to": f"18{HOSTILE}",
        "appointment_types.0.name": f"Video{HOSTILE}",
        "appointment_types.0.linked_to": f"30{HOSTILE}",
        "waivers.0.check": f"VL999{HOSTILE}",
        "waivers.0.reason": f"because{HOSTILE}",
        "waivers.0.owner": f"me{HOSTILE}",
    }
    unreadable = {"timezone": f"Mars{HOSTILE}", f"key{HOSTILE}": f"value{HOSTILE}"}
    clinics.write(edited(clinic, edits), edited(right_clinic("broken"), unreadable))
    result = clinics.run("-W", STRICT, "-rA", "--videolink-clinic=*")
    printed = result.stdout.str() + result.stderr.str()
    unsafe = {each for each in printed if unicodedata.category(each) in ("Cc", "Cf", "Cs")}
    assert unsafe == {"\n"}


# The command that checks again

AT_BOTH_ENDS: Document = {
    "pms.connected": False,
    "appointment_types.0.practitioners.1": {"id": "dr-li-wei", "linked_to": "99"},
}
ITS_FAILURES = {"VL103-pms-connected", "dr-li-wei::telehealth-video::VL311-pair-linked"}


def command(text: str) -> list[str]:
    """The words of the command that a text ends with, without the word pytest."""
    _, line = block(text, "Check again:")[:2]
    program, *words = shlex.split(line)
    assert program == "pytest"
    return words


def ran(clinics: Clinics, *arguments: str) -> list[pytest.TestReport]:
    """The reports of the items that a command runs."""
    recorder = clinics.pytester.inline_run(*arguments)
    reports = recorder.getreports("pytest_runtest_logreport")
    return [report for report in reports if report.when == "call"]


def assert_each_is_checked_again(clinics: Clinics, failed: list[pytest.TestReport]) -> None:
    """That the command which each failure ends with runs that item of that clinic alone."""
    for report in failed:
        again = ran(clinics, *command(report.longreprtext))
        assert [(each.nodeid, each.outcome) for each in again] == [(report.nodeid, "failed")]


def checked_again(clinics: Clinics, text: str) -> list[tuple[str, str]]:
    """What the printed command runs, in the current folder, and what comes of it."""
    return [(_name(report.nodeid), report.outcome) for report in ran(clinics, *command(text))]


def test_each_failure_can_be_checked_again(
    clinics: Clinics, texts: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    one_of_each = {check_of(item): item for item in reversed(texts)}
    for item in one_of_each.values():
        assert checked_again(clinics, texts[item]) == [(_name(item), "failed")]


@pytest.mark.parametrize(
    ("project", "source", "start", "arguments"),
    [
        pytest.param("p", "clinics", ".", [], id="from rootdir"),
        pytest.param("p", "clinics", "deep/er", [], id="from a folder below"),
        pytest.param("p", "clinics", "clinics", [], id="from the source"),
        pytest.param("p", "clinics", "../beside", ["--rootdir=../p"], id="--rootdir=DIR"),
        pytest.param("my project", "clinics", ".", [], id="a space above rootdir"),
        pytest.param("my project", "clinics", "../beside", ["--rootdir=../my project"], id="in it"),
        pytest.param("p[1]", "clinics", ".", [], id="a bracket above rootdir"),
        pytest.param("p[1]", "clinics", "../beside", ["--rootdir=../p[1]"], id="a bracket in it"),
        pytest.param("p", "a b", ".", ["--videolink-source=a b"], id="a source with a space"),
        pytest.param("p", "a[b]", ".", ["--videolink-source=a[b]"], id="a source with a bracket"),
        pytest.param("p", "it's", ".", ["--videolink-source=it's"], id="a source with a quote"),
        pytest.param("p", "a::b", ".", ["--videolink-source=a::b"], id="a source with colons"),
        pytest.param("p", "x", ".", ["--videolink-source", "x"], id="--videolink-source DIR"),
        pytest.param("p", "x", "deep", ["--videolink-source=../x"], id="a source beside"),
        pytest.param("p", "../x", ".", ["--videolink-source=../x"], id="a source outside"),
        pytest.param("p", "../x y", ".", ["--videolink-source=../x y"], id="outside, a space"),
        pytest.param("p", "x", ".", ["-o", "videolink_source=x"], id="-o videolink_source"),
        pytest.param("p", "-x", ".", ["--videolink-source=./-x"], id="a source like an option"),
    ],
)
def test_a_failure_is_checked_again_from_where_it_was_printed(
    clinics: Clinics,
    monkeypatch: pytest.MonkeyPatch,
    project: str,
    source: str,
    start: str,
    arguments: list[str],
) -> None:
    root = clinics.pytester.path / project
    clinics.folder = root / source
    write(clinics, AT_BOTH_ENDS)
    (root / "pytest.ini").write_text("[pytest]\n")
    (root / start).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(root / start)

    texts = failures(clinics, *arguments, "--videolink-clinic=*")
    assert set(texts) == ITS_FAILURES
    for name, text in texts.items():
        assert shlex.join(arguments) in shlex.join(command(text))
        assert checked_again(clinics, text) == [(name, "failed")]


@pytest.mark.parametrize("flag", ["-c{}", "--config-file={}"])
def test_a_failure_is_checked_again_with_its_configuration_file(
    clinics: Clinics, flag: str
) -> None:
    clinics.folder = clinics.pytester.path / "elsewhere"
    write(clinics, AT_BOTH_ENDS)
    settings = clinics.pytester.mkdir("settings") / "nightly.ini"
    settings.write_text("[pytest]\nvideolink_source = ../elsewhere\n")
    given = flag.format(Path("settings") / settings.name)
    texts = failures(clinics, given, "--videolink-clinic=harbourside")
    assert set(texts) == ITS_FAILURES
    for name, text in texts.items():
        assert given in command(text)
        assert checked_again(clinics, text) == [(name, "failed")]


SETTINGS = {
    "a source outside": ("videolink_source = ../fleet", []),
    "a source outside, on the command line": ("", ["--videolink-source=../fleet"]),
    "options that select": ("videolink_source = ../fleet\naddopts = --videolink-clinic=*", None),
    "options that select inside": ("addopts = --videolink-clinic *", None),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_failure_is_checked_again_by_the_same_ini(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Which alone makes VL003 fail; a path that lies elsewhere would lead pytest away from it."""
    ini, arguments = SETTINGS[case]
    root = clinics.pytester.mkdir("project")
    (root / "pytest.ini").write_text(f"[pytest]\nvideolink_max_age = 1\n{ini}\n")
    monkeypatch.chdir(root)
    clinics.folder = root / ("../fleet" if "../fleet" in f"{ini}{arguments}" else "clinics")
    old = {"as_of": "2026-11-21T08:30:00+11:00", "dashboard.last_synced": REMOVED}
    ids = ("harbourside", "north-harbourside")
    clinics.write(*(edited(right_clinic(id, id), {**AT_BOTH_ENDS, **old}) for id in ids))

    given = [] if arguments is None else [*arguments, "--videolink-clinic=*harbourside"]
    failed = [report for report in ran(clinics, CLOCK, *given) if report.failed]
    assert {_name(report.nodeid) for report in failed} == {*ITS_FAILURES, "VL003-recorded-recently"}
    assert len(failed) == len(ids) * 3
    assert_each_is_checked_again(clinics, failed)


def test_an_appointment_is_checked_again_where_an_ini_selects(clinics: Clinics) -> None:
    (clinics.pytester.path / "pytest.ini").write_text("[pytest]\naddopts = --videolink-clinic=*\n")
    booked = {"appointments": [appointment()]}
    clinics.write(*(edited(right_clinic(id, id), booked) for id in ("bayview", "bayview-north")))
    failed = [report for report in ran(clinics, CLOCK) if report.failed]
    assert len(failed) == 2
    assert_each_is_checked_again(clinics, failed)


@pytest.mark.parametrize("folder_name", ["unread", "unread clinics", "unread [clinics]"])
def test_a_record_that_cannot_be_read_is_checked_again(clinics: Clinics, folder_name: str) -> None:
    clinics.folder = clinics.pytester.path / folder_name
    clinics.write_file("harbourside.yaml", "videolink: 1\n")
    given = [f"--videolink-source={folder_name}", "--videolink-clinic=harbourside"]
    (text,) = failures(clinics, *given).values()
    assert checked_again(clinics, text) == [("VL001-valid-document", "failed")]


def test_the_printed_command_in_a_process_of_its_own(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.folder = clinics.pytester.path / "our clinics"
    write(clinics, {"practitioners.0.accepts_video_appointments": False})
    elsewhere = clinics.pytester.mkdir("elsewhere")
    monkeypatch.chdir(elsewhere)
    given = ["--videolink-source=../our clinics", "--videolink-clinic=harbourside"]
    (text,) = failures(clinics, *given).values()
    result = clinics.pytester.runpytest_subprocess(*command(text))
    result.assert_outcomes(failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_clinic_file_named_by_its_path_is_checked_again(clinics: Clinics) -> None:
    file = clinics.pytester.path / "inbox" / "harbourside.clinic.yaml"
    file.parent.mkdir()
    file.write_text(to_yaml(edited(right_clinic(), AT_BOTH_ENDS)))
    texts = failures(clinics, str(Path("inbox") / file.name))
    assert set(texts) == ITS_FAILURES
    for name, text in texts.items():
        assert checked_again(clinics, text) == [(name, "failed")]


@pytest.mark.parametrize("folder", ["clinics", "clinics [old]"])
def test_an_id_that_another_begins_with_is_not_checked_as_well(
    clinics: Clinics, folder: str
) -> None:
    off = {"linked_to": "17", "accepts_video_appointments": False}
    practitioners = [
        {"id": "dr-li", "name": "Dr Li", **off},
        {"id": "dr-li-wei", "name": "Dr Li Wei", **off},
    ]
    clinics.folder = clinics.pytester.path / folder
    write(
        clinics,
        {
            "practitioners": practitioners,
            "appointment_types.0.practitioners": ["dr-li", "dr-li-wei"],
        },
    )
    texts = failures(clinics, f"--videolink-source={folder}", "--videolink-clinic=harbourside")
    assert set(texts) == {"dr-li::VL201-accepts-video", "dr-li-wei::VL201-accepts-video"}
    for name, text in texts.items():
        assert checked_again(clinics, text) == [(name, "failed")]


@pytest.mark.parametrize(
    ("edits", "arguments", "failing"),
    [
        pytest.param(
            {"dashboard.last_synced": "2026-11-23T08:20:00+11:00"},
            ["--videolink-sync-window=5"],
            "VL102-synced-recently",
            id="--videolink-sync-window=MIN",
        ),
        pytest.param(
            {"dashboard.last_synced": "2026-11-23T08:20:00+11:00"},
            ["-o", "videolink_sync_window=5"],
            "VL102-synced-recently",
            id="-o videolink_sync_window",
        ),
        pytest.param(
            {"as_of": "2026-11-21T08:30:00+11:00", "dashboard.last_synced": REMOVED},
            ["--videolink-max-age", "1"],
            "VL003-recorded-recently",
            id="--videolink-max-age DAYS",
        ),
        pytest.param(
            {"as_of": "2026-11-21T08:30:00+11:00", "dashboard.last_synced": REMOVED},
            ["--override-ini=videolink_max_age=1"],
            "VL003-recorded-recently",
            id="--override-ini=videolink_max_age",
        ),
        pytest.param(
            {"appointment_types.0.telehealth_video": False, "waivers": [WAIVER]},
            ["--videolink-no-waivers"],
            "telehealth-video::VL302-video-on",
            id="--videolink-no-waivers",
        ),
        pytest.param(
            {"appointment_types.2": PHONE},
            ["-W", STRICT],
            "phone::VL307-phone-without-video",
            id="-W error",
        ),
    ],
)
def test_what_made_it_fail_is_in_the_command(
    clinics: Clinics, edits: Document, arguments: list[str], failing: str
) -> None:
    write(clinics, edits)
    ((name, text),) = failures(clinics, *arguments, "--videolink-clinic=harbourside").items()
    assert name == failing
    assert shlex.join(arguments) in shlex.join(command(text))
    assert checked_again(clinics, text) == [(failing, "failed")]


@given(st.text(" ab-:\t\n\N{NO-BREAK SPACE}", max_size=60), st.sampled_from(["", "  1. "]))
def test_lines_are_those_of_textwrap(text: str, first: str) -> None:
    rest = " " * len(first)
    lines = textwrap.wrap(
        text, 30, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    )
    told = [re.sub(r"^(\s*):(?=:)", r"\1: ", line) for line in lines]
    assert wrapped(text, first, rest, width=30) == told
