"""The fixtures that give ordinary tests the selected clinics and their parts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import Clinics
from support import REMOVED, edited, right_clinic

import pytest_videolink

CLINIC = "--videolink-clinic=harbourside"

TESTS = """\
def test_clinic(videolink_clinic): assert videolink_clinic.name
def test_practitioner(videolink_practitioner): assert videolink_practitioner.name
def test_type(videolink_appointment_type): assert videolink_appointment_type.name
def test_pair(videolink_pair): assert videolink_pair.name
"""

OF_HARBOURSIDE = {
    "test_clinic[harbourside]",
    "test_practitioner[harbourside/dr-amara-nwosu]",
    "test_practitioner[harbourside/dr-li-wei]",
    "test_type[harbourside/telehealth-video]",
    "test_type[harbourside/standard]",
    "test_pair[harbourside/dr-amara-nwosu/telehealth-video]",
    "test_pair[harbourside/dr-li-wei/telehealth-video]",
}


def write_tests(clinics: Clinics, source: str) -> None:
    clinics.pytester.mkdir("tests")
    clinics.pytester.path.joinpath("tests", "test_own.py").write_text(source)


def own(clinics: Clinics, *arguments: str) -> dict[str, str]:
    """The outcomes of the ordinary tests by their name with its parameters."""
    outcomes = clinics.outcomes(*arguments).items()
    return {
        id.removeprefix("tests/test_own.py::"): outcome
        for id, outcome in outcomes
        if id.startswith("tests/")
    }


@pytest.mark.parametrize("xdist", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "xdist"])
def test_a_test_is_run_for_each_of_the_selected(harbourside: Clinics, xdist: list[str]) -> None:
    harbourside.write(right_clinic("north", "NORTH"))
    write_tests(harbourside, TESTS)
    outcomes = own(harbourside, CLINIC, "tests", *xdist)
    assert outcomes == dict.fromkeys(OF_HARBOURSIDE, "passed")
    both = own(harbourside, "--videolink-clinic=*", "tests", *xdist)
    norths = {id.replace("harbourside", "north") for id in OF_HARBOURSIDE}
    assert both == dict.fromkeys(OF_HARBOURSIDE | norths, "passed")


@pytest.mark.parametrize(
    "arguments",
    [["clinics/harbourside.yaml", "tests"], ["clinics/harbourside.yaml::dr-li-wei", "tests"]],
    ids=["file", "node id"],
)
def test_a_clinic_selected_by_its_path(harbourside: Clinics, arguments: list[str]) -> None:
    write_tests(harbourside, TESTS)
    assert set(own(harbourside, *arguments)) == OF_HARBOURSIDE


def test_with_appointments_asked_for(clinics: Clinics) -> None:
    booked = {
        "id": "88213",
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": "2026-11-24T09:30:00+11:00",
        "link": True,
    }
    clinics.write(edited(right_clinic(), {"appointments": [booked]}))
    write_tests(clinics, TESTS)
    assert set(own(clinics, CLINIC, "--videolink-appointment=88213", "tests")) == OF_HARBOURSIDE


def test_several_fixtures_of_a_test_belong_together(harbourside: Clinics) -> None:
    harbourside.write(right_clinic("north", "NORTH"))
    write_tests(
        harbourside,
        """\
def test_practitioner(videolink_practitioner, videolink_clinic):
    assert videolink_practitioner in videolink_clinic.practitioners

def test_both(videolink_practitioner, videolink_appointment_type, videolink_clinic):
    assert videolink_practitioner in videolink_clinic.practitioners
    assert videolink_appointment_type in videolink_clinic.appointment_types

def test_pair(videolink_pair, videolink_practitioner, videolink_appointment_type, videolink_clinic):
    assert videolink_pair.practitioner is videolink_practitioner
    assert videolink_pair.type is videolink_appointment_type
    assert videolink_pair in videolink_clinic.pairs[videolink_practitioner]
""",
    )
    outcomes = own(harbourside, "--videolink-clinic=*", "tests")
    assert set(outcomes.values()) == {"passed"}
    assert {id for id in outcomes if id.startswith("test_both[harb")} == {
        f"test_both[harbourside/{who}/{type}]"
        for who in ("dr-amara-nwosu", "dr-li-wei")
        for type in ("telehealth-video", "standard")
    }
    assert len(outcomes) == 2 * (2 + 4 + 2)


def test_with_parameters_and_fixtures_of_its_own(harbourside: Clinics) -> None:
    write_tests(
        harbourside,
        """\
import pytest

@pytest.fixture
def upper(videolink_clinic): return videolink_clinic.name.upper()

@pytest.mark.parametrize("n", [1, 2])
def test_upper(n, upper): assert upper == "HARBOURSIDE MEDICAL CENTRE"
""",
    )
    assert own(harbourside, CLINIC, "tests") == {
        f"test_upper[{ids}]": "passed" for ids in ("harbourside-1", "harbourside-2")
    }


def test_without_a_clinic_they_skip(harbourside: Clinics) -> None:
    write_tests(harbourside, TESTS)
    result = harbourside.pytester.runpytest_inprocess("-p", "videolink", "tests", "-rs")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(skipped=4)
    result.stdout.fnmatch_lines(
        ["SKIPPED *no clinic is selected: add --videolink-clinic=ID, or '[*]' for every clinic"]
    )


EMPTY = {
    "test_practitioner[no-practitioner]": "practitioner",
    "test_type[no-appointment-type]": "appointment type",
    "test_pair[no-pair]": "pair of a practitioner and a video type",
}


def test_a_selection_without_any_fails(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"practitioners": REMOVED, "appointment_types": REMOVED}))
    write_tests(clinics, TESTS)
    result = clinics.run(CLINIC, "tests/test_own.py", "-k", "test_own")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, errors=3)
    for id, what in EMPTY.items():
        assert f"ERROR tests/test_own.py::{id}" in result.stdout.str()
        result.stdout.fnmatch_lines([f"the selected clinics have no {what}: there is nothing to*"])


def test_a_clinic_that_cannot_be_read_fails(harbourside: Clinics) -> None:
    harbourside.write(north="videolink: 2")
    write_tests(harbourside, TESTS)
    result = harbourside.run("--videolink-clinic=*", "tests/test_own.py", "-k", "test_own")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=7, errors=4)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_pair[[]north[]]*", "The record of north cannot be read: *"]
    )


def test_an_empty_part_skips(harbourside: Clinics) -> None:
    write_tests(harbourside, TESTS)
    arguments = ("--videolink-clinic=*", "--videolink-shard=1/2", "tests", "-rs")
    result = harbourside.run(*arguments)
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(skipped=4)
    result.stdout.fnmatch_lines(["SKIPPED *part 1/2 holds no clinic"])


def test_asked_for_in_passing_it_is_no_skip(harbourside: Clinics) -> None:
    write_tests(harbourside, 'def test_a(request): request.getfixturevalue("videolink_clinic")')
    result = harbourside.run(CLINIC, "tests", "-k", "test_own")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*videolink_clinic has to be among the test's own arguments"])


def test_by_its_id(harbourside: Clinics) -> None:
    write_tests(harbourside, TESTS)
    id = "test_pair[harbourside/dr-li-wei/telehealth-video]"
    assert set(own(harbourside, CLINIC, f"tests/test_own.py::{id}")) == {id}


WRONG = TESTS.replace("assert videolink_pair.name", "assert 'Li' not in videolink_pair.name")


def test_what_failed_last(harbourside: Clinics) -> None:
    write_tests(harbourside, WRONG)
    id = "tests/test_own.py::test_pair[harbourside/dr-li-wei/telehealth-video]"
    harbourside.run(CLINIC, "tests")
    kept = harbourside.pytester.path / ".pytest_cache" / "v" / "cache" / "lastfailed"
    assert set(json.loads(kept.read_text())) == {id}
    again = harbourside.run(CLINIC, "tests", "--lf")
    assert again.ret == pytest.ExitCode.TESTS_FAILED
    assert again.parseoutcomes()["failed"] == 1
    assert "passed" not in again.parseoutcomes()
    harbourside.pytester.path.joinpath("tests", "test_own.py").write_text(TESTS + "\n\n")
    right = harbourside.run(CLINIC, "tests", "--lf")
    assert right.ret == pytest.ExitCode.OK
    assert right.parseoutcomes()["passed"] == 1
    assert "Nothing was checked" not in right.stdout.str()


def test_other_tests_alone_check_no_clinic(harbourside: Clinics) -> None:
    write_tests(harbourside, "def test_other(): pass")
    result = harbourside.run(CLINIC, "tests", "-k", "test_other")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_junit_names_the_clinic(harbourside: Clinics) -> None:
    write_tests(harbourside, TESTS)
    harbourside.run(CLINIC, "tests", "--junitxml=junit.xml")
    suite = ElementTree.parse(harbourside.pytester.path / "junit.xml")
    cases = {str(case.get("name")): case for case in suite.iter("testcase")}
    for id in OF_HARBOURSIDE:
        (clinic,) = cases[id].iter("property")
        assert (clinic.get("name"), clinic.get("value")) == ("clinic", "harbourside")


def test_a_failure_shows_the_subjects_by_their_ids(harbourside: Clinics) -> None:
    write_tests(
        harbourside, "def test_a(videolink_clinic): assert not videolink_clinic.video_types"
    )
    result = harbourside.run(CLINIC, "tests")
    result.stdout.fnmatch_lines(
        ["*where (AppointmentType('telehealth-video'),) = Clinic('harbourside').video_types"]
    )


def test_each_is_described(clinics: Clinics) -> None:
    said = clinics.pytester.runpytest_inprocess("-p", "videolink", "--fixtures").stdout.str()
    described = dict(
        re.findall(r"^(videolink_\w+).*\n    .*\(pytest_videolink\.(\w+)\)", said, re.M)
    )
    assert described == {
        "videolink_clinic": "Clinic",
        "videolink_practitioner": "Practitioner",
        "videolink_appointment_type": "AppointmentType",
        "videolink_pair": "Pair",
    }
    assert set(described.values()) <= set(pytest_videolink.__all__)
