"""The section that closes a run: can we go live, and if not, what do we do first?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from conftest import Clinics
from hostile import compared
from support import ITEMS, REMOVED, Document, appointment, edited, made_of, right_clinic

from pytest_videolink.judging import todo, verdict
from pytest_videolink.reports import closing
from pytest_videolink.reports.report import Report
from pytest_videolink.reports.shards import part_of
from pytest_videolink.session import ending
from pytest_videolink.session.run import Run

HARBOURSIDE = "--videolink-clinic=harbourside"
ALL = "--videolink-clinic=*"
STATISTICS = re.compile(r"\d+ (passed|failed|skipped|xfailed|deselected)\b.* in \d")
NWOSU_OFF = {"practitioners.0.accepts_video_appointments": False}
WAIVED = {
    "waivers": [
        {
            "check": "VL201",
            "on": "dr-amara-nwosu",
            "reason": "Starts in December",
            "owner": "practice manager",
            "until": "2026-12-31",
        }
    ]
}


def section(result: pytest.RunResult) -> list[str]:
    """The lines below the heading, up to what pytest says next."""
    lines = iter(result.outlines)
    assert any(re.fullmatch("=+ videolink =+", line) for line in lines), "no section"
    found: list[str] = []
    for line in lines:
        if line.startswith("=") or STATISTICS.match(line):
            break
        found.append(line)
    while found and not found[0]:
        del found[0]
    return found


def told(result: pytest.RunResult) -> str:
    return "\n".join(section(result)) + "\n"


def has_section(result: pytest.RunResult) -> bool:
    return any(" videolink =" in line for line in result.outlines)


def work_list(lines: list[str]) -> list[str]:
    """The tasks, each in one line."""
    _, _, text = "\n".join(lines).partition("What to do")
    return [
        " ".join(task.split()) for task in re.findall(r"^ +\d+\. (.*(?:\n {7}.*)*)", text, re.M)
    ]


def booked(id: str, starts: str, **facts: Any) -> Document:
    """An appointment with Dr Nwosu that has no link."""
    return {
        "id": id,
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": starts,
        "link": False,
        **facts,
    }


def not_ready() -> Document:
    """A clinic with a switch off, a link to choose, warnings, and appointments booked already."""
    return edited(
        right_clinic(),
        {
            **NWOSU_OFF,
            "dashboard.new_patient_approval": "manual",
            "pms.practitioners": REMOVED,
            "practitioners.2": {
                "id": "nurse-ada-brook",
                "name": "Nurse Ada Brook",
                "linked_to": "19",
                "expects_video": True,
            },
            "appointment_types.2": {
                "id": "video-long",
                "name": "Long Video Consult",
                "modality": "video",
                "telehealth": True,
                "telehealth_video": True,
                "linked_to": "none",
                "practitioners": ["dr-amara-nwosu", "nurse-ada-brook"],
            },
            "appointments": [
                booked("88213", "2026-11-24T09:30:00+11:00"),
                booked("88190", "2026-11-23T09:10:00+11:00"),
                booked(
                    "88301",
                    "2026-11-25T11:00:00+11:00",
                    practitioner="dr-li-wei",
                    pms_type="31",
                    created="2026-11-23T08:20:00+11:00",
                ),
            ],
        },
    )


def large(practitioners: int = 60, types: int = 12) -> Document:
    """Every third practitioner does not accept video, and the last type has video off."""
    return edited(
        right_clinic(),
        {
            "pms.practitioners": REMOVED,
            "pms.appointment_types": REMOVED,
            "practitioners": [
                {
                    "id": f"dr-{number:02}",
                    "name": f"Dr {number:02} Featherstonehaugh-Cholmondeley",
                    "linked_to": f"{number}",
                    "accepts_video_appointments": number % 3 != 0,
                }
                for number in range(1, practitioners + 1)
            ],
            "appointment_types": [
                {
                    "id": f"video-{number:02}",
                    "name": f"Video {number:02} for the care of a chronic disease, over an hour",
                    "modality": "video",
                    "telehealth": True,
                    "telehealth_video": number != types,
                    "linked_to": f"V{number}",
                    "practitioners": "all",
                }
                for number in range(1, types + 1)
            ],
        },
    )


NOT_CHECKED = """\
Not checked: whether a link reaches the patient (reminders, contact data), and
whether the record is still what the Dashboard says.
"""

READY = f"""\
harbourside: READY

Harbourside Medical Centre (harbourside)
  T1 = Telehealth Video Consult
                            T1
  Dr Amara Nwosu            link
  Dr Li Wei                 link
  2 pairs on offer = 2 link expected + 0 blocked + 0 failed

pair = practitioner and appointment type

{NOT_CHECKED}"""


NOT_READY = f"""\
harbourside: NOT READY

Harbourside Medical Centre (harbourside)
  T1 = Telehealth Video Consult
  T2 = Long Video Consult
                            T1      T2
  Dr Amara Nwosu            VL201   VL201
  Dr Li Wei                 link    .
  Nurse Ada Brook           .       VL201
  4 pairs on offer = 1 link expected + 3 blocked + 0 failed
  not recorded: VL201-accepts-video (1), VL203-pms-link-resolves (3),
    VL206-in-appointment-book (3)
  1 appointment pending: look again later

VLnnn = first cause why no link is expected, . = not on offer, pair =
practitioner and appointment type

{NOT_CHECKED}
What to do, what unblocks most first:
  practice manager, Dashboard > Bookings > Practitioner Setup
    1. Dr Amara Nwosu does not accept video appointments (VL201, harbourside,
       holds up 2 pairs)
    2. Accepts Video Appointments is not recorded for Nurse Ada Brook (VL201,
       harbourside, holds up 1 pair)
  practice manager, Dashboard > Bookings > Appointment Types
    3. Long Video Consult is not linked to a PMS appointment type (VL303,
       harbourside, holds up 2 pairs)
  practice manager, Dashboard > Bookings > Settings
    4. Harbourside Medical Centre approves bookings of new patients by hand
       (VL601, harbourside, warning, decide)
  Then, at harbourside, recreate 1 appointment: 88213 (Tue 24 Nov 2026 09:30)
  Then, at harbourside, telephone the patients of, or rebook, 1 appointment:
  88190 (Mon 23 Nov 2026 09:10)
"""


# One clinic


def test_a_clinic_that_is_ready(harbourside: Clinics) -> None:
    result = harbourside.run(HARBOURSIDE)
    assert told(result) == READY
    assert result.ret == 0


def test_the_verdict_stands_right_below_the_heading(harbourside: Clinics) -> None:
    lines = harbourside.run(HARBOURSIDE).outlines
    heading = next(number for number, line in enumerate(lines) if " videolink =" in line)
    assert lines[heading + 1] == "harbourside: READY"


def test_a_clinic_that_is_not_ready(clinics: Clinics) -> None:
    clinics.write(not_ready())
    result = clinics.run(HARBOURSIDE)
    assert told(result) == NOT_READY
    assert result.ret == 1


def test_a_clinic_that_is_ready_with_waivers(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {**NWOSU_OFF, **WAIVED}))
    result = clinics.run(HARBOURSIDE)
    assert (
        told(result)
        == f"""\
harbourside: READY WITH WAIVERS
    VL201 (dr-amara-nwosu) until 2026-12-31

Harbourside Medical Centre (harbourside)
  T1 = Telehealth Video Consult
                            T1
  Dr Amara Nwosu            (VL201)
  Dr Li Wei                 link
  2 pairs on offer = 1 link expected + 1 blocked + 0 failed

(VLnnn) = waived, pair = practitioner and appointment type

{NOT_CHECKED}"""
    )
    assert result.ret == 0


def test_an_audit_does_not_take_the_waiver(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {**NWOSU_OFF, **WAIVED}))
    result = clinics.run(HARBOURSIDE, "--videolink-no-waivers")
    assert section(result)[0] == "harbourside: NOT READY"
    assert result.ret == 1


def test_a_record_that_cannot_be_read(clinics: Clinics) -> None:
    clinics.write(harbourside="clinic: harbourside\n")
    result = clinics.run(HARBOURSIDE)
    verdict, _, _ = told(result).partition("\n\n")
    assert " ".join(verdict.split()).startswith(
        "harbourside: UNKNOWN: The record of harbourside cannot be read: videolink is missing"
    )
    assert " ".join(verdict.split()).endswith("(and 3 more problems)")
    assert result.ret == 1


def test_a_record_that_cannot_be_read_is_a_thing_to_do(clinics: Clinics) -> None:
    north = "clinic: north\npms: {system: best-practice, database: NORTH-SQL}\n"
    clinics.write(edited(right_clinic(), NWOSU_OFF), north=north)
    tasks = work_list(section(clinics.run(ALL)))
    assert len(tasks) == 2
    assert [task for task in tasks if "north cannot be read" in task]


def test_a_record_that_others_wait_for_is_one_thing_to_do(clinics: Clinics) -> None:
    clinics.write(right_clinic(), right_clinic("south", "SOUTH-SQL"), north="clinic: north\n")
    assert len(work_list(section(clinics.run(ALL)))) == 1


# Several clinics


def test_only_clinics_that_are_not_ready_in_detail(clinics: Clinics) -> None:
    clinics.write(
        right_clinic(),
        edited(right_clinic("north", "NORTH-SQL"), {"pms.connected": False}),
        edited(right_clinic("south", "SOUTH-SQL"), NWOSU_OFF),
    )
    result = clinics.run(ALL)
    assert (
        told(result)
        == f"""\
harbourside: READY
north: NOT READY
south: NOT READY

North Medical Centre (north)
  T1 = Telehealth Video Consult
                            T1
  Dr Amara Nwosu            VL103
  Dr Li Wei                 VL103
  2 pairs on offer = 0 link expected + 2 blocked + 0 failed

South Medical Centre (south)
  T1 = Telehealth Video Consult
                            T1
  Dr Amara Nwosu            VL201
  Dr Li Wei                 link
  2 pairs on offer = 1 link expected + 1 blocked + 0 failed

VLnnn = first cause why no link is expected, pair = practitioner and appointment
type

{NOT_CHECKED}
What to do, what unblocks most first:
  PMS administrator, PMS
    1. North Medical Centre is not connected to its PMS (VL103, north, holds up
       2 pairs)
  practice manager, Dashboard > Bookings > Practitioner Setup
    2. Dr Amara Nwosu does not accept video appointments (VL201, south, holds up
       1 pair)
"""
    )
    assert result.ret == 1


def test_a_clinic_that_is_ready_with_waivers_leaves_the_room_to_the_others(
    clinics: Clinics,
) -> None:
    waived = {**NWOSU_OFF, **WAIVED}
    for number in range(10):
        clinics.write(edited(right_clinic(f"accepted-{number}", f"{number}"), waived))
    clinics.write(edited(right_clinic(), NWOSU_OFF))
    lines = section(clinics.run(ALL))
    first = lines.index("accepted-0: READY WITH WAIVERS")
    assert lines[first + 1] == "    VL201 (dr-amara-nwosu) until 2026-12-31"
    assert "Harbourside Medical Centre (harbourside)" in lines
    assert "Accepted 0 Medical Centre (accepted-0)" not in lines


def test_a_fleet_that_is_ready(clinics: Clinics) -> None:
    clinics.write(right_clinic(), right_clinic("north", "NORTH-SQL"))
    assert told(clinics.run(ALL)) == f"harbourside: READY\nnorth: READY\n\n{NOT_CHECKED}"


def test_a_conflict_between_two_clinics_is_one_thing_to_do(clinics: Clinics) -> None:
    for id, other in (("harbourside", "north"), ("north", "harbourside")):
        clinics.write(
            edited(
                right_clinic(id),
                {"pms.shares_database_with": [other], "practitioners.1.linked_to": f"{id}-18"},
            )
        )
    tasks = work_list(section(clinics.run(ALL)))
    assert len([task for task in tasks if "Dr Amara Nwosu" in task]) == 1


def test_a_fleet_too_large_to_be_told_in_full(clinics: Clinics) -> None:
    for number in range(13):
        id = f"clinic-{number:02}"
        clinics.write(edited(right_clinic(id, id), NWOSU_OFF if number < 11 else {}))
    lines = section(clinics.run(ALL))
    assert lines[:13] == [
        *(f"clinic-{number:02}: NOT READY" for number in range(11)),
        "2 clinics more: READY",
        "",
    ]
    assert "1 clinic more left out here" in lines
    assert "Clinic 09 Medical Centre (clinic-09)" in lines
    assert "Clinic 10 Medical Centre (clinic-10)" not in lines


# How much is told


def test_60_practitioners_and_12_types_at_80_columns(clinics: Clinics) -> None:
    clinics.write(large())
    lines = section(clinics.run(HARBOURSIDE, "--tb=no"))
    assert max(map(len, lines)) <= 80
    assert len(lines) < 200
    assert lines[:4] == [
        "harbourside: NOT READY",
        "",
        "Harbourside Medical Centre (harbourside)",
        "  T1 = Video 01 for the care of a chronic disease, over an hour",
    ]
    for line in (
        "                            T1      T2      T3      T4      T5      T6",
        "  Dr 01 Featherstonehaug... link    link    link    link    link    link",
        "  Dr 03 Featherstonehaug... VL201   VL201   VL201   VL201   VL201   VL201",
        "                            T7      T8      T9      T10     T11     T12",
        "  Dr 01 Featherstonehaug... link    link    link    link    link    VL302",
        "  and 45 practitioners more, left out here",
        "  720 pairs on offer = 440 link expected + 280 blocked + 0 failed",
    ):
        assert line in lines
    assert work_list(lines)[0] == (
        "Video 12 for the care of a chronic disease, over an hour does not have Telehealth"
        " Video enabled (VL302, harbourside, holds up 60 pairs)"
    )


def test_the_rows_of_a_large_clinic_are_those_with_trouble(clinics: Clinics) -> None:
    switches = {f"practitioners.{n}.accepts_video_appointments": n != 10 for n in range(20)}
    switches["appointment_types.0.telehealth_video"] = True
    clinics.write(edited(large(20, 1), switches))
    lines = section(clinics.run(HARBOURSIDE))
    rows = [line for line in lines if line.startswith("  Dr ")]
    assert rows == ["  Dr 11 Featherstonehaug... VL201"]
    assert "  and 19 practitioners more, who get their links" in lines


def test_a_long_work_list_says_what_it_leaves_out(clinics: Clinics) -> None:
    switches = {f"practitioners.{n}.accepts_video_appointments": False for n in range(45)}
    clinics.write(edited(large(45, 1), switches))
    lines = section(clinics.run(HARBOURSIDE, "--tb=no"))
    assert len(work_list(lines)) == 40
    assert lines[-1] == "  and 7 tasks more"


def test_failures_come_before_warnings(clinics: Clinics) -> None:
    """Whatever screen they are on. Neither type has Start Video, and the second has no video."""
    clinics.write(large(3, 2))
    tasks = work_list(section(clinics.run(HARBOURSIDE)))
    assert [re.findall(r"VL\d+|warning", task) for task in tasks] == [
        ["VL302"],
        ["VL201"],
        ["VL308", "warning"],
        ["VL308", "warning"],
    ]


@pytest.mark.parametrize("arguments", [[], ["-k", "VL500"]], ids=["all", "a part"])
def test_the_longest_names_at_80_columns(clinics: Clinics, arguments: list[str]) -> None:
    id, long = "h" * 64, "Harbourside " * 20
    clinics.write(
        edited(
            right_clinic(id),
            {
                **NWOSU_OFF,
                "name": long,
                "pms.connected": False,
                "practitioners.0.id": "n" * 64,
                "practitioners.0.name": long,
                "appointment_types.0.id": "t" * 64,
                "appointment_types.0.name": long,
                "appointment_types.0.practitioners": ["n" * 64],
                "appointments": [booked("8" * 100, "2026-11-24T09:30:00+11:00")],
            },
        )
    )
    lines = section(clinics.run(f"--videolink-clinic={id}", *arguments))
    assert [line for line in lines if len(line) > 80] == []


def test_only_an_appointment_is_left_to_do(clinics: Clinics) -> None:
    changed = "2026-11-21T10:00:00+11:00"
    edits = {"appointments": [appointment()], "practitioners.0.changed_at": changed}
    clinics.write(edited(right_clinic(), edits))
    text = " ".join(told(clinics.run(HARBOURSIDE)).split())
    assert text.endswith(
        "What to do, what unblocks most first:"
        " At harbourside, recreate 1 appointment: 88213 (Tue 24 Nov 2026 09:30)"
    )


BOB = {"id": "dr-bob", "name": "Dr Bob", "linked_to": "19", "expects_video": False}
LISTED = {"id": "19", "name": "Dr Bob", "active": True, "in_appointment_book": True}
CAUSES: dict[str, tuple[Document, Document, str]] = {
    "a type that nothing is linked to": (
        {"pms.appointment_types.3": {"id": "50", "name": "Video Review", "active": True}},
        {"pms_type": "50"},
        "Video Review (50) is linked to no video type (2 appointments) (VL501, harbourside)",
    ),
    "a type that is not listed": (
        {"pms.appointment_types": None},
        {"pms_type": "77"},
        "The PMS type that it was booked as is linked to no video type (2 appointments) (VL501,"
        " harbourside)",
    ),
    "a practitioner without a profile": (
        {"pms.practitioners.2": LISTED},
        {"practitioner": "19"},
        "Dr Bob, whom the PMS lists, has no profile here (2 appointments) (VL501, harbourside,"
        " decide)",
    ),
    "a practitioner who does not offer the type": (
        {"pms.practitioners.2": LISTED, "practitioners.2": BOB},
        {"practitioner": "dr-bob"},
        "Dr Bob does not offer Telehealth Video Consult (2 appointments) (VL501, harbourside,"
        " decide)",
    ),
}
"""What keeps appointments from their links, and no other check tells of."""


@pytest.mark.parametrize(("edits", "facts", "fix"), CAUSES.values(), ids=CAUSES)
def test_what_keeps_appointments_from_their_links_is_put_right_once(
    clinics: Clinics, edits: Document, facts: Document, fix: str
) -> None:
    appointments = [booked(id, "2026-11-24T09:30:00+11:00", **facts) for id in ("1", "2")]
    clinics.write(edited(right_clinic(), {**edits, "appointments": appointments}))
    lines = section(clinics.run(HARBOURSIDE))
    assert work_list(lines) == [fix]
    assert [line for line in lines if line.startswith("  practice manager, Dashboard > Bookings")]
    assert "Then, at harbourside, recreate 2 appointments: 1 (Tue 24 Nov" in " ".join(lines)


def test_the_appointments_to_recreate_are_shortened_past_ten(clinics: Clinics) -> None:
    booking = [booked(f"{n}", "2026-11-24T09:30:00+11:00") for n in range(101, 113)]
    clinics.write(edited(right_clinic(), {**NWOSU_OFF, "appointments": booking}))
    text = " ".join(told(clinics.run(HARBOURSIDE)).split())
    assert "Then, at harbourside, recreate 12 appointments: 101 (Tue 24 Nov 2026 09:30), " in text
    assert text.endswith(", 110 (Tue 24 Nov 2026 09:30), and 2 more")


def test_names_with_control_characters(clinics: Clinics) -> None:
    hostile = "Li\x1b[31m\u202eW\x07e\u2028i\r\n\x9b"
    document = edited(
        not_ready(),
        {
            "name": hostile,
            "practitioners.0.name": hostile,
            "appointment_types.0.name": hostile,
            "appointments.0.id": hostile,
            "pms.database": compared(hostile),
        },
    )
    clinics.write(harbourside=json.dumps(document))
    text = told(clinics.run(HARBOURSIDE))
    assert "Li[31mWe i" in text
    assert {unicodedata.category(each) for each in text.replace("\n", "")}.isdisjoint(
        {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )


# Quiet runs, and runs that only look


def test_under_q_the_verdicts_alone(clinics: Clinics) -> None:
    clinics.write(not_ready(), right_clinic("north", "NORTH-SQL"))
    result = clinics.run(ALL, "-q")
    assert told(result) == "harbourside: NOT READY\nnorth: READY\n"
    assert result.ret == 1


def test_under_qq_nothing(clinics: Clinics) -> None:
    clinics.write(not_ready())
    result = clinics.run(HARBOURSIDE, "-qq")
    assert not has_section(result)
    assert "NOT READY" not in result.stdout.str()
    assert result.ret == 1


@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_a_run_that_only_collects_has_no_verdict(clinics: Clinics, quiet: list[str]) -> None:
    clinics.write(not_ready())
    result = clinics.run(HARBOURSIDE, "--collect-only", *quiet)
    assert not has_section(result)
    assert "READY" not in result.stdout.str()
    assert result.ret == 0


def test_no_summary_is_about_pytests_own_summary(harbourside: Clinics) -> None:
    """As pytest means it from 9.2 on; before that it asks no plugin."""
    result = harbourside.run(HARBOURSIDE, "--no-summary")
    assert has_section(result) == (pytest.version_tuple >= (9, 2))
    assert result.ret == 0


@pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning")
@pytest.mark.parametrize(
    "arguments",
    [["-p", "no:warnings"], ["--disable-warnings"], ["--tb=no"], ["-v"], ["-rA"]],
    ids=" ".join,
)
def test_it_is_the_same_whatever_pytest_shows(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write(not_ready())
    text = told(clinics.run(HARBOURSIDE, *arguments))
    assert " ".join(text.split()) == " ".join(told(clinics.run(HARBOURSIDE)).split())
    assert "(VL601, harbourside, warning, decide)" in text


# A part of a run


PARTS = [
    ["-k", "VL201"],
    ["-k", "not VL601"],
    ["-m", 'videolink(severity="error")'],
    ["clinics/harbourside.yaml::dr-amara-nwosu"],
    ["clinics/harbourside.yaml::VL103-pms-connected"],
    ["--videolink-appointment=88213"],
]


@pytest.mark.parametrize("arguments", PARTS, ids=" ".join)
def test_a_part_gives_no_verdict(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write(
        edited(
            right_clinic(),
            {"appointments": [booked("88213", "2026-11-24T09:30:00+11:00", link=True)]},
        )
    )
    select = [] if any("::" in each and "=" not in each for each in arguments) else [HARBOURSIDE]
    result = clinics.run(*select, *arguments)
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"
    assert "READY" not in result.stdout.str()
    assert result.ret == 0
    # What the matrix does not know is not expected either.
    [tally] = [line for line in section(result) if "on offer =" in line]
    cells = [line.split()[-1] for line in section(result) if line.startswith("  Dr ")]
    unchecked = cells.count("?")
    more = f" + {unchecked} not checked in this run" if unchecked else ""
    expected = f"{cells.count('link')} link expected + 0 blocked + 0 failed{more}"
    assert tally == f"  2 pairs on offer = {expected}"


def test_lf_gives_no_verdict_even_where_all_of_it_passes(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), NWOSU_OFF))
    assert clinics.run(HARBOURSIDE).ret == 1
    clinics.write(right_clinic())
    result = clinics.run(HARBOURSIDE, "--lf")
    result.assert_outcomes(passed=1, deselected=ITEMS - 1)
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"
    again = clinics.run(HARBOURSIDE, "--lf")
    assert section(again)[0] == "harbourside: READY"


def test_a_run_that_stops_early_gives_no_verdict(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), NWOSU_OFF))
    result = clinics.run(HARBOURSIDE, "-x")
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"
    assert result.ret == 1


def test_a_part_of_one_clinic_is_no_part_of_the_other(clinics: Clinics) -> None:
    clinics.write(right_clinic(), edited(right_clinic("north", "NORTH-SQL"), NWOSU_OFF))
    result = clinics.run(ALL, "-k", "harbourside or VL103")
    assert section(result)[:2] == [
        "harbourside: READY",
        "north: UNKNOWN: only a part of its checks was run",
    ]


def test_an_item_that_somebody_skips_was_not_run(harbourside: Clinics) -> None:
    harbourside.pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            items[0].add_marker(pytest.mark.skip(reason="not today"))
        """
    )
    result = harbourside.run(HARBOURSIDE)
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"


def test_nothing_was_run(harbourside: Clinics) -> None:
    result = harbourside.run(HARBOURSIDE, "-k", "nothing")
    assert told(result) == "Nothing was checked: no check of the selected clinics was run.\n"
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_only_ordinary_tests_were_run(harbourside: Clinics) -> None:
    harbourside.pytester.makepyfile(
        test_ours="def test_name(videolink_practitioner): assert videolink_practitioner.name"
    )
    result = harbourside.run(HARBOURSIDE, "test_ours.py", "-k", "test_name")
    result.assert_outcomes(passed=2, deselected=ITEMS)
    assert section(result) == ["harbourside: UNKNOWN: none of its checks was run"]


def test_a_shard_tells_of_its_own_clinics(clinics: Clinics) -> None:
    for id in ("ashfield", "bondi", "coogee"):
        clinics.write(right_clinic(id, id))
    for number in (1, 2):
        ids = [id for id in ("ashfield", "bondi", "coogee") if part_of(id, 2) == number]
        lines = section(clinics.run(ALL, f"--videolink-shard={number}/2"))
        assert [line for line in lines if line.endswith("READY")] == [f"{id}: READY" for id in ids]
    empty = clinics.run(ALL, "--videolink-shard=3/4")
    assert told(empty) == "Part 3/4 holds no clinic: there is nothing to check in it.\n"
    assert empty.ret == 0


# Blocked by what was not run


BLOCKED = """\
The run fails: 1 check could not be answered, because another check, which was
not run, fails:
"""


def test_a_run_that_fails_by_what_it_did_not_run_says_why(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), NWOSU_OFF))
    result = clinics.run(HARBOURSIDE, "-k", "VL500")
    result.assert_outcomes(passed=1, skipped=1, deselected=ITEMS - 2)
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"
    assert BLOCKED in told(result)
    assert (
        "VL500 harbourside, dr-amara-nwosu::telehealth-video: blocked by VL201 (dr-amara-nwosu)"
    ) in " ".join(told(result).split())
    assert result.ret == 1


def test_it_says_why_under_q_too(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), NWOSU_OFF))
    result = clinics.run(HARBOURSIDE, "-k", "VL500", "-q")
    assert BLOCKED in told(result)
    assert "VL201 (dr-amara-nwosu)" in told(result)
    assert result.ret == 1


def test_what_blocks_and_is_waived_fails_no_run(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {**NWOSU_OFF, **WAIVED}))
    result = clinics.run(HARBOURSIDE, "-k", "VL500")
    assert "The run fails" not in told(result)
    assert result.ret == 0


def test_besides_a_failure_the_work_list_says_why(clinics: Clinics) -> None:
    clinics.write(
        edited(right_clinic(), NWOSU_OFF),
        edited(right_clinic("north", "NORTH-SQL"), {"pms.connected": False}),
    )
    result = clinics.run(ALL, "-k", "VL500 or (north and VL103)")
    result.assert_outcomes(failed=1, passed=1, skipped=3, deselected=2 * ITEMS - 5)
    assert work_list(section(result)) == [
        "North Medical Centre is not connected to its PMS (VL103, north, holds up 2 pairs)",
        "Dr Amara Nwosu does not accept video appointments (VL201, harbourside, holds up 1 pair)",
    ]


def test_many_blocked_checks_are_told_in_short_at_80_columns(clinics: Clinics) -> None:
    clinics.write(edited(large(20, 12), {"pms.connected": False}))
    lines = section(clinics.run(HARBOURSIDE, "-k", "VL500", "-q"))
    assert "The run fails: 240 checks could not be answered" in " ".join(lines)
    assert [line for line in lines if len(line) > 80] == []
    assert len(lines) < 60


# With workers, and in random order


@pytest.fixture
def two(clinics: Clinics) -> Clinics:
    clinics.write(not_ready(), edited(right_clinic("north", "NORTH-SQL"), NWOSU_OFF))
    return clinics


def test_it_is_the_same_with_workers(two: Clinics) -> None:
    alone, workers = two.run(ALL), two.run(ALL, "-p", "xdist", "-n2")
    assert told(workers) == told(alone)
    assert workers.ret == alone.ret == 1


def test_a_part_is_a_part_with_workers_too(harbourside: Clinics) -> None:
    result = harbourside.run(HARBOURSIDE, "-p", "xdist", "-n2", "-k", "VL201")
    assert section(result)[0] == "harbourside: UNKNOWN: only a part of its checks was run"


def test_it_is_the_same_in_random_order(two: Clinics) -> None:
    order = list(two.outcomes(ALL))
    random = [ALL, "-p", "randomly", "--randomly-seed=5"]
    shuffled = list(two.outcomes(*random))
    assert shuffled != order
    assert sorted(shuffled) == sorted(order)
    assert told(two.run(*random)) == told(two.run(ALL))


# What it is made of


@pytest.mark.parametrize("report", [[], ["--videolink-report=report.json"]], ids=["alone", "whole"])
@pytest.mark.parametrize("selected", [[], ["-x"], ["-k", "VL1 or VL601"], ["-q"]], ids=" ".join)
def test_it_is_made_of_the_report_alone(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, selected: list[str], report: list[str]
) -> None:
    """Of the same report as plain values, of which a run can be told anew, come the same lines."""
    told_of: list[tuple[Report, bool]] = []

    def section_of(report: Report, *, brief: bool, width: int) -> Iterator[closing.Line]:
        told_of.append((report, brief))
        return closing.section(report, brief=brief, width=width)

    monkeypatch.setattr(ending, "section", section_of)
    clinics.write(
        not_ready(),
        edited(right_clinic("accepted", "ACCEPTED-SQL"), {**NWOSU_OFF, **WAIVED}),
        edited(large(130, 1), {"clinic": "large", "pms.database": "LARGE-SQL"}),
        right_clinic("ready", "READY-SQL"),
        north="clinic: north\n",
    )
    result = clinics.run(ALL, "--tb=no", *selected, *report)
    ((whole, brief),) = told_of
    again = made_of(json.loads(json.dumps(asdict(whole))), Report)
    assert again == whole
    lines = [line.text for line in closing.section(again, brief=brief)]
    assert lines == [line for line in section(result) if not line.startswith("Report: ")]


def test_texts_and_places_are_worked_out_where_a_format_asks_for_them(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained: list[str] = []
    whole = Run.explained

    def noted(self: Run, *arguments: Any) -> Any:
        explained.append(arguments[1].check.id)
        return whole(self, *arguments)

    monkeypatch.setattr(Run, "explained", noted)
    clinics.write(not_ready())
    nothing_wrong = (HARBOURSIDE, "-k", "VL103")
    assert len(work_list(section(clinics.run(*nothing_wrong)))) == 4
    assert explained == []
    clinics.run(*nothing_wrong, "--videolink-report=report.csv")
    assert explained == ["VL201", "VL303", "VL201", "VL601", "VL501", "VL501"]


def test_a_quiet_run_works_out_the_verdicts_alone(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    for room, name in (
        (verdict, "links"),
        (verdict, "unrecorded"),
        (todo, "duties"),
        (todo, "tasks"),
    ):
        monkeypatch.setattr(room, name, refuse)
    clinics.write(not_ready())
    assert section(clinics.run(HARBOURSIDE, "--tb=no", "-q"))[0] == "harbourside: NOT READY"
