"""--videolink-fail-on=new: known findings do not fail a run, and nothing else is known."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from conftest import Clinics
from support import NOW, REMOVED, Document, appointment, edited, right_clinic, waiver

from pytest_videolink.reports.earlier import read

ALL = "--videolink-clinic=*"
RIGHT = right_clinic()
OFF = {"practitioners.0.accepts_video_appointments": False}
OTHER_OFF = {"practitioners.1.accepts_video_appointments": False}
WRONG = edited(RIGHT, OFF)
TWO_LINKS = edited(RIGHT, {"appointment_types.0.linked_to": ["29", "98"]})
NO_LINK = edited(RIGHT, {"appointment_types.0.linked_to": "none"})
VL201 = "harbourside.yaml::dr-amara-nwosu::VL201-accepts-video"
STRICT = ("-W", "error::pytest_videolink.ConfigurationWarning")


def clock(hours: int) -> str:
    return f"--videolink-now={(NOW + timedelta(hours=hours)).isoformat()}"


def before(clinics: Clinics, *documents: Document, then: str = "then.json") -> None:
    clinics.write(*documents)
    clinics.run(ALL, f"--videolink-report={then}")


def options(hours: int = 1, then: str = "then.json") -> list[str]:
    return [clock(hours), f"--videolink-since={then}", "--videolink-fail-on=new"]


def run(clinics: Clinics, *arguments: str, **given: Any) -> pytest.RunResult:
    return clinics.run(ALL, *options(**given), *arguments)


def test_a_known_finding_does_not_fail_the_run(clinics: Clinics) -> None:
    before(clinics, WRONG)
    result = run(clinics, "-rx")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "videolink: *compared with the report of 2026-11-23T09:00:00+11:00; new findings alone"
            " fail",
            "1 known finding is open, and did not fail this run: new ones alone do.",
            "harbourside: NOT READY",
            f"XFAIL clinics/{VL201} - known since 23 Nov 2026",
        ]
    )
    assert clinics.outcomes(ALL, *options())[VL201] == "xfailed"


def test_a_new_one_fails_it(clinics: Clinics) -> None:
    before(clinics, WRONG)
    clinics.write(edited(WRONG, OTHER_OFF))
    result = run(clinics)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1, xfailed=1, passed=33, skipped=2)


def test_what_known_findings_block_does_not_fail_it(clinics: Clinics) -> None:
    before(clinics, WRONG)
    clinics.write(WRONG)
    result = run(clinics)
    result.assert_outcomes(xfailed=1, passed=35, skipped=1)
    assert result.ret == pytest.ExitCode.OK


def test_the_report_says_which_are_known(clinics: Clinics) -> None:
    before(clinics, WRONG)
    run(clinics, "--videolink-report=now.json", "--videolink-report=now.md")
    report = read((clinics.pytester.path / "now.json").read_text(encoding="utf-8"))
    (item,) = report.clinics[0].findings
    assert (item.outcome, item.known, report.exit.code) == ("failed", True, 0)
    assert report.clinics[0].verdict == "NOT READY"
    text = (clinics.pytester.path / "now.md").read_text(encoding="utf-8")
    assert "1 known finding is open, and did not fail this run: new ones alone do." in text


def test_a_report_of_one_night_serves_for_weeks(clinics: Clinics) -> None:
    before(clinics, WRONG)
    for hours in (1, 2, 3):
        assert run(clinics, hours=hours).ret == pytest.ExitCode.OK


def test_runxfail_makes_known_ones_red(clinics: Clinics) -> None:
    before(clinics, WRONG)
    result = run(clinics, "--runxfail")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["videolink: *; known findings fail, too (--runxfail)"])


def test_it_takes_an_earlier_report(clinics: Clinics) -> None:
    clinics.write(WRONG)
    result = clinics.run(ALL, "--videolink-fail-on=new")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --videolink-fail-on=new needs the report that tells*"])


def test_it_takes_no_other_word(clinics: Clinics) -> None:
    clinics.write(WRONG)
    result = clinics.run(ALL, "--videolink-fail-on=old")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_command_to_check_again_does_the_same(clinics: Clinics) -> None:
    before(clinics, RIGHT)
    clinics.write(WRONG)
    result = run(clinics)
    (command,) = {line.strip() for line in result.outlines if line.startswith("  pytest ")}
    for option in ("--videolink-since=then.json", "--videolink-fail-on=new"):
        assert option in command


def test_it_is_the_same_with_workers(clinics: Clinics) -> None:
    before(clinics, WRONG, right_clinic("wattle", database="W"))
    clinics.write(edited(WRONG, OTHER_OFF))
    found = []
    for more in ([], ["-n", "2"]):
        result = clinics.pytester.runpytest_subprocess(
            *("-p", "videolink", "-p", "xdist", *more, ALL, *options())
        )
        found.append((result.ret, result.parseoutcomes()))
    assert found[0] == found[1]
    assert found[0][1]["xfailed"] == 1


# Warnings


MANUAL = edited(RIGHT, {"dashboard.new_patient_approval": "manual"})


@pytest.mark.parametrize(("night", "code"), [(MANUAL, 0), (RIGHT, 1)], ids=["known", "new"])
def test_a_warning_that_is_made_an_error(clinics: Clinics, night: Document, code: int) -> None:
    before(clinics, night)
    clinics.write(MANUAL)
    result = run(clinics, *STRICT)
    assert result.ret == code
    assert result.parseoutcomes().get("xfailed", 0) == 1 - code


def test_a_known_warning_is_raised_as_one(clinics: Clinics) -> None:
    before(clinics, MANUAL)
    result = run(clinics)
    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["warnings"] == 1


# False green: never known


def test_what_was_fixed_and_came_back_is_new(clinics: Clinics) -> None:
    before(clinics, WRONG)
    clinics.write(RIGHT)
    assert run(clinics, "--videolink-report=second.json").ret == pytest.ExitCode.OK
    clinics.write(WRONG)
    assert run(clinics, hours=2, then="second.json").ret == pytest.ExitCode.TESTS_FAILED


def test_what_could_not_be_answered_in_between_is_known(clinics: Clinics) -> None:
    before(clinics, TWO_LINKS)
    clinics.write(NO_LINK)
    assert run(clinics, "--videolink-report=second.json").ret == pytest.ExitCode.TESTS_FAILED
    clinics.write(TWO_LINKS)
    assert run(clinics, hours=2, then="second.json").ret == pytest.ExitCode.OK


def test_a_finding_whose_text_changed_is_the_same(clinics: Clinics) -> None:
    before(clinics, WRONG)
    clinics.write(edited(WRONG, {"practitioners.0.name": "Dr Amara Nwosu-Smith"}))
    assert run(clinics).ret == pytest.ExitCode.OK


def on_two_dashboards(*ids: str, here: str = "dr-amara-nwosu") -> list[Document]:
    """Two clinics of one database, with Dr Nwosu on both Dashboards; there under these ids."""
    north = edited(
        right_clinic("north"),
        {
            "practitioners": [{"id": id, "name": "Dr Nwosu", "linked_to": "17"} for id in ids],
            "pms.shares_database_with": ["harbourside"],
            "appointment_types.0.practitioners": "all",
        },
    )
    mine = {"practitioners.0.id": here, "appointment_types.0.practitioners.0": here}
    return [edited(RIGHT, {"pms.shares_database_with": ["north"], **mine}), north]


TWINS = [{"id": f"twin-{number}", "name": f"Twin {number}", "linked_to": "17"} for number in (1, 2)]
PHONE = {
    "id": "phone",
    "name": "Phone",
    "modality": "phone",
    "telehealth": True,
    "telehealth_video": False,
    "linked_to": "29",
    "practitioners": [],
}
ALSO_29 = {"appointment_types.1.linked_to": "29"}
OWN_98 = {"appointment_types.0.practitioners.1.linked_to": ["31", "98"]}
OWN_99 = {"appointment_types.0.practitioners.1.linked_to": ["31", "98", "99"]}
SHARES = {"pms.shares_database_with": ["nowhere"]}
SHARES_MORE = {"pms.shares_database_with": ["nowhere", "elsewhere"]}

PARTS: dict[str, tuple[list[Document], list[Document]]] = {
    "VL204": (
        [edited(RIGHT, {"practitioners.2": TWINS[0]})],
        [edited(RIGHT, {"practitioners.2": TWINS[0], "practitioners.3": TWINS[1]})],
    ),
    "VL304": (
        [TWO_LINKS],
        [edited(RIGHT, {"appointment_types.0.linked_to": ["29", "98", "99"]})],
    ),
    "VL305": (
        [edited(RIGHT, ALSO_29)],
        [edited(RIGHT, {**ALSO_29, "appointment_types.2": PHONE})],
    ),
    "VL311": ([edited(RIGHT, OWN_98)], [edited(RIGHT, OWN_99)]),
    "VL401": (on_two_dashboards("dr-nwosu"), on_two_dashboards("dr-nwosu", "dr-a-nwosu")),
    "VL402": ([edited(RIGHT, SHARES)], [edited(RIGHT, SHARES_MORE)]),
}


ITEMS = {
    "VL204": "dr-amara-nwosu::VL204-pms-link-unique",
    "VL304": "telehealth-video::VL304-pms-type-resolves",
    "VL305": "telehealth-video::VL305-pms-type-unambiguous",
    "VL311": "dr-li-wei::telehealth-video::VL311-pair-linked",
    "VL401": "dr-amara-nwosu::VL401-one-dashboard",
    "VL402": "VL402-database-agreed",
}


@pytest.mark.parametrize("check", PARTS)
def test_a_part_more_is_new_and_a_part_less_is_not(clinics: Clinics, check: str) -> None:
    """Of every check that can find several parts."""
    few, many = PARTS[check]
    item = f"harbourside.yaml::{ITEMS[check]}"
    for then, now, outcome in (
        (few, many, "failed"),
        (many, few, "xfailed"),
        (few, few, "xfailed"),
    ):
        before(clinics, *then)
        clinics.write(*now)
        assert clinics.outcomes(ALL, *options(), *STRICT)[item] == outcome


def test_it_is_known_since_its_first_part_was_found(clinics: Clinics) -> None:
    few, many = PARTS["VL304"]
    before(clinics, *few)
    clinics.write(*many)
    run(clinics, "--videolink-report=week.json", hours=9 * 24)
    result = run(clinics, "-rx", hours=10 * 24, then="week.json")
    result.stdout.fnmatch_lines([f"XFAIL *{ITEMS['VL304']} - known since 23 Nov 2026"])


def test_parts_that_the_format_before_did_not_tell_are_new_and_said_to_be(clinics: Clinics) -> None:
    (few,) = PARTS["VL304"][0]
    before(clinics, few)
    file = clinics.pytester.path / "then.json"
    then = json.loads(file.read_text(encoding="utf-8"))
    then["terms"] = None
    for item in then["clinics"][0]["items"]:
        item["parts"] = []
    file.write_text(json.dumps(then), encoding="utf-8")
    result = run(clinics)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "  No comparison:",
            "    which parts were at fault, that report does not tell: harbourside",
            f"FAILED *{ITEMS['VL304']}*",
        ]
    )


@pytest.mark.parametrize(
    ("here", "there"),
    [("dr-nwosu", "dr-amara-nwosu"), ("dr-amara-nwosu", "dr-nwosu"), ("dr-nwosu", "dr-nwosu")],
    ids=["here", "there", "in both"],
)
def test_a_profile_of_another_dashboard_is_known_under_another_id(
    clinics: Clinics, here: str, there: str
) -> None:
    before(clinics, *on_two_dashboards("dr-amara-nwosu"))
    clinics.write(*on_two_dashboards(there, here=here))
    outcomes = clinics.outcomes(ALL, *options(), "--videolink-report=now.json")
    assert {each for id, each in outcomes.items() if "::VL401-" in id} == {"xfailed", "passed"}
    changes = read((clinics.pytester.path / "now.json").read_text(encoding="utf-8")).changes
    assert changes is not None
    assert (changes.new, changes.fixed) == ((), ())


WAIVED = edited(WRONG, waiver("VL201", "dr-amara-nwosu"))

TOO_OLD = edited(
    RIGHT,
    {
        "as_of": "2026-10-01T08:30:00+10:00",
        "dashboard.last_synced": "2026-10-01T08:25:00+10:00",
    },
)

NEVER: dict[str, tuple[list[Document], list[Document]]] = {
    "another reason": (
        [WRONG],
        [edited(RIGHT, {"practitioners.0.accepts_video_appointments": REMOVED})],
    ),
    "a part more": (
        [TWO_LINKS],
        [edited(RIGHT, {"appointment_types.0.linked_to": ["29", "98", "99"]})],
    ),
    "another part": (
        [TWO_LINKS],
        [edited(RIGHT, {"appointment_types.0.linked_to": ["29", "99"]})],
    ),
    "waived then": ([WAIVED], [WRONG]),
    "another clinic": (
        [RIGHT, right_clinic("wattle", database="W")],
        [edited(right_clinic("wattle", database="W"), OFF)],
    ),
    "a clinic that was not there": ([RIGHT], [edited(right_clinic("wattle", database="W"), OFF)]),
    "unreadable": ([edited(RIGHT, {"pms": "x"})],) * 2,
    "unreadable then": ([edited(RIGHT, {"pms": "x"})], [WRONG]),
    "a neighbour unreadable": ([RIGHT, {"clinic": "bayside"}],) * 2,
    "too old": ([TOO_OLD], [TOO_OLD]),
    "a waiver that is over": (
        [edited(RIGHT, {"waivers": [{**WAIVED["waivers"][0], "until": "2026-11-22"}]})],
    )
    * 2,
    "a question that is open": ([edited(RIGHT, {"pms.database": "TO BE REPLACED"})],) * 2,
}


@pytest.mark.parametrize(("then", "now"), NEVER.values(), ids=NEVER)
def test_never_known(clinics: Clinics, then: list[Document], now: list[Document]) -> None:
    before(clinics, *then)
    clinics.write(*now)
    assert run(clinics).ret == pytest.ExitCode.TESTS_FAILED


SHEET = {"id": "No", "practitioner": "Who", "pms_type": "Type", "starts": "Start", "link": "Link"}


@pytest.mark.parametrize("unread", [1, 2])
def test_rows_that_cannot_be_read_are_never_known(clinics: Clinics, unread: int) -> None:
    document = edited(RIGHT, {"appointments": {"csv": "day.csv", "columns": SHEET}})
    rows = [",".join(SHEET.values()), "1,17,29,2026-11-24 09:30,yes"]
    bad = [f"{number},17,29,2026-11-24 1{number}:00,perhaps" for number in (2, 3)]
    clinics.write_file("day.csv", "\n".join([*rows, *bad[:1], ""]))
    before(clinics, document)
    clinics.write_file("day.csv", "\n".join([*rows, *bad[:unread], ""]))
    result = run(clinics)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED clinics/harbourside.yaml::VL007-tables-readable*"])


@pytest.mark.parametrize("arguments", [["-k", "VL201"], [f"clinics/{VL201}"]])
def test_a_part_is_not_compared(clinics: Clinics, arguments: list[str]) -> None:
    before(clinics, WRONG)
    assert run(clinics, *arguments).ret == pytest.ExitCode.TESTS_FAILED


def test_a_part_then_is_not_compared(clinics: Clinics) -> None:
    clinics.write(WRONG)
    clinics.run(ALL, "-k", "VL201", "--videolink-report=then.json")
    assert run(clinics).ret == pytest.ExitCode.TESTS_FAILED


def test_an_audit_takes_nothing_waived_for_known(clinics: Clinics) -> None:
    before(clinics, WAIVED)
    assert run(clinics).ret == pytest.ExitCode.OK
    assert run(clinics, "--videolink-no-waivers").ret == pytest.ExitCode.TESTS_FAILED


def test_a_check_that_crashes_is_not_known(clinics: Clinics) -> None:
    clinics.put(
        "conftest.py",
        """
import pytest_videolink
from pytest_videolink import Clinic

@pytest_videolink.check("ACME01", "has-it", subject=Clinic, fix=["Ask"])
def rule(clinic):
    \"\"\"It costs.\"\"\"
    raise RuntimeError

def pytest_videolink_checks(config):
    return [rule]
""",
    )
    before(clinics, RIGHT)
    assert run(clinics).ret == pytest.ExitCode.TESTS_FAILED


def test_appointments_are_not_known_to_a_baseline(clinics: Clinics) -> None:
    booked = edited(RIGHT, {"appointments": [appointment()]})
    before(clinics, booked, then="then.baseline.json")
    assert run(clinics, then="then.baseline.json").ret == pytest.ExitCode.TESTS_FAILED
    before(clinics, booked)
    assert run(clinics).ret == pytest.ExitCode.OK


def test_who_hides_a_new_finding_is_told_on(clinics: Clinics) -> None:
    """A known finding is xfailed by us, and that excuses nobody else."""
    before(clinics, WRONG)
    clinics.write(edited(TOO_OLD, OFF))
    clinics.put(
        "conftest.py",
        """
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.endswith("VL003-recorded-recently"):
            item.add_marker(pytest.mark.xfail)
""",
    )
    result = run(clinics)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ERROR: clinics/*::VL003-recorded-recently is failing, and*"])
