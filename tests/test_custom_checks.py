"""Checks of one's own: as good as the built-in ones, from a conftest.py or from a plugin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import CLOCK, Clinics, by_name
from support import appointment, edited, right_clinic

HEAD = """\
from __future__ import annotations
import pytest
import pytest_videolink
from pytest_videolink import (
    Appointment, AppointmentType, Check, Clinic, Context, Finding, Pair, Place, Practitioner,
    check, unrecorded, wrong,
)

"""

TEN_LINES = """\
import pytest_videolink
from pytest_videolink import Practitioner
@pytest_videolink.check("ACME01", "has-number", subject=Practitioner, severity="warning",
                        fix=["Enter the number of {practitioner.name} in the PMS"])
def has_number(practitioner):
    "A claim for the patient's appointment is rejected."
    assert practitioner.provider_number

def pytest_videolink_checks(config):
    return [has_number]
"""

ITEM = "harbourside.yaml::dr-li-wei::ACME01-has-number"
FAILS = ("-W", "error::pytest_videolink.ConfigurationWarning")
CLINIC = "--videolink-clinic=harbourside"


def conftest(clinics: Clinics, *checks: str, head: str = HEAD) -> None:
    """A conftest.py with functions, of which those are checks that have a decorator."""
    source = "\n".join(checks)
    names = re.findall(r"^@(?:pytest_videolink\.)?check\(.*?^def (\w+)", source, re.M | re.S)
    hook = f"\ndef pytest_videolink_checks(config):\n    return [{', '.join(names)}]\n"
    clinics.pytester.makeconftest(head + source + hook)


def rule(body: str, options: str = "", subject: str = "Clinic", id: str = "ACME01") -> str:
    """A check with a body and further arguments of the decorator."""
    return f"""\
@check("{id}", "own-{id.lower()}", subject={subject}, fix=["Do it"], {options})
def own_{id.lower()}(subject, context):
    {body}
"""


@pytest.fixture
def ten_lines(harbourside: Clinics) -> Clinics:
    harbourside.pytester.makeconftest(TEN_LINES)
    return harbourside


# What a custom check gets


def test_it_is_an_item_beside_the_built_in_ones(ten_lines: Clinics) -> None:
    outcomes = ten_lines.outcomes(CLINIC, *FAILS)
    assert {name for name in outcomes if "ACME01" in name} == {
        "harbourside.yaml::dr-amara-nwosu::ACME01-has-number",
        ITEM,
    }
    assert outcomes[ITEM] == "failed"
    assert list(outcomes.values()).count("failed") == 1


def test_its_failure_says_everything(ten_lines: Clinics) -> None:
    result = ten_lines.run(f"clinics/{ITEM}", *FAILS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "Dr Li Wei fails ACME01: Has number",
            "  Clinic            Harbourside Medical Centre (harbourside)",
            "  Practitioner      Dr Li Wei (dr-li-wei)",
            "  For patients      A claim for the patient's appointment is rejected.",
            "  Asserted          assert None",
            "                     +  where None = Practitioner('dr-li-wei').provider_number",
            "clinics/harbourside.yaml:43:3",
            "   43 | - {id: dr-li-wei, ...}",
            "How to fix it (practice manager):",
            "  1. Enter the number of Dr Li Wei in the PMS",
            "Check again:",
            f"*clinics/{ITEM}",
            "Read more: pytest --videolink-explain=ACME01",
        ]
    )


def test_a_warning_is_shown_and_in_the_work_list(ten_lines: Clinics) -> None:
    result = ten_lines.run(CLINIC)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "*ConfigurationWarning: Dr Li Wei fails ACME01: Has number",
            "harbourside: READY",
            "*1. Dr Li Wei fails ACME01: Has number (ACME01, harbourside, warning)",
        ]
    )


def test_its_marker_selects_it(ten_lines: Clinics) -> None:
    assert set(ten_lines.outcomes(CLINIC, "-m", 'videolink(check="ACME01")')) == {
        "harbourside.yaml::dr-amara-nwosu::ACME01-has-number",
        ITEM,
    }


def test_junit_properties(ten_lines: Clinics) -> None:
    ten_lines.run(CLINIC, "--junitxml=junit.xml")
    suite = ElementTree.parse(ten_lines.pytester.path / "junit.xml")
    (case,) = [
        case
        for case in suite.iter("testcase")
        if case.get("name") == "ACME01-has-number" and "li-wei" in str(case.get("classname"))
    ]
    properties = [(each.get("name"), each.get("value")) for each in case.iter("property")]
    assert by_name(properties) == {  # type: ignore[arg-type]
        "check": "ACME01",
        "severity": "warning",
        "clinic": "harbourside",
        "subject": "dr-li-wei",
        "file": os.path.join("clinics", "harbourside.yaml"),
        "line": "43",
        "documentation": "--videolink-explain=ACME01",
        "outcome": "warning",
        "finding": "Dr Li Wei fails ACME01: Has number",
    }


WAIVER = {
    "check": "ACME01",
    "on": "dr-li-wei",
    "reason": "the number is ordered",
    "owner": "practice manager",
    "until": "2026-12-31",
}


def test_a_waiver_accepts_it(ten_lines: Clinics) -> None:
    ten_lines.write(edited(right_clinic(), {"waivers": [WAIVER]}))
    outcomes = ten_lines.outcomes(CLINIC, *FAILS)
    assert outcomes[ITEM] == "xfailed"
    assert outcomes["harbourside.yaml::VL004-waivers-in-force"] == "passed"


def test_a_waiver_of_a_check_that_this_run_does_not_know(harbourside: Clinics) -> None:
    harbourside.write(edited(right_clinic(), {"waivers": [WAIVER]}))
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["There is no check ACME01*"])


def test_the_catalogue_and_its_page(ten_lines: Clinics) -> None:
    listed = ten_lines.run("--videolink-checks")
    assert listed.ret == pytest.ExitCode.OK
    listed.stdout.re_match_lines(
        [r"check +subject", r"ACME01-has-number +practitioner +warning +Has number", r"VL001-"]
    )
    page = ten_lines.run("--videolink-explain=has-number")
    assert page.ret == pytest.ExitCode.OK
    page.stdout.fnmatch_lines(
        [
            "ACME01 has-number",
            "A claim for the patient's appointment is rejected.",
            "  Severity: warning",
            "  Defined by: has_number (conftest.py:3)",
            "  Basis: a rule of your own",
            "  1. Enter the number of (practitioner) in the PMS",
            "    - check: ACME01",
            "      on: dr-amara-nwosu *",
        ]
    )
    page.stdout.no_fnmatch_line("*Help article*")
    near = ten_lines.run("--videolink-explain=has-nmber")
    assert near.ret == pytest.ExitCode.USAGE_ERROR
    near.stderr.fnmatch_lines(["ERROR: there is no check has-nmber; nearest: has-number*"])


def test_its_page_holds_all_that_it_is_given(harbourside: Clinics) -> None:
    conftest(
        harbourside,
        rule(
            '"""Costs.\n\n    Limits."""',
            'needs="provider_number", must=True, blocked_by=["VL202"], who="reception",'
            ' documentation="https://example.org/ACME01", right="a: 1", wrong="a: 2"',
            subject="Practitioner",
        ),
    )
    page = harbourside.run("--videolink-explain=ACME01").stdout.str() + "\n"
    for line in (
        "Costs.",
        "Limits.",
        "  Setting: Medicare provider number (must be recorded)",
        "  Blocked by: VL202",
        "  Read more: https://example.org/ACME01",
        "How to fix it (reception):",
        "Right:\n  a: 1\n",
        "Wrong:\n  a: 2\n",
        "  VL202 linked-to-pms: The profile is linked to a PMS practitioner",
        "  VL701 provider-number: The Medicare provider number is well-formed",
    ):
        assert f"{line}\n" in page, line


def test_with_xdist_as_without(ten_lines: Clinics) -> None:
    result = ten_lines.run(CLINIC, *FAILS, "-p", "xdist", "-n", "2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["Dr Li Wei fails ACME01: Has number", "harbourside: READY"])


# Its life: since when it is there, what it was called, what it rests on

ADDRESS = "https://intranet.example.org/policies/7"
LIFE = f'since="1.4", was=["OLD1", "OLD2"], source=("{ADDRESS}", "2026-11-02")'
RENAMED_WAIVER = {**WAIVER, "check": "OLD1", "on": "harbourside"}
IN_FORCE = "The waiver of OLD1 is in force, but that check is called ACME01 now"
WAIVERS = "harbourside.yaml::VL004-waivers-in-force"


@pytest.fixture
def renamed(harbourside: Clinics) -> Clinics:
    """A check that had two other ids before, and a clinic with a waiver by one of them."""
    conftest(harbourside, rule('"""Costs."""; return "The name is odd"', LIFE))
    harbourside.write(edited(right_clinic(), {"waivers": [RENAMED_WAIVER]}))
    return harbourside


def test_a_waiver_by_a_former_id_works_and_the_run_says_that_it_has_changed(
    renamed: Clinics,
) -> None:
    outcomes = renamed.outcomes(CLINIC)
    assert outcomes["harbourside.yaml::ACME01-own-acme01"] == "xfailed"
    assert outcomes[WAIVERS] == "passed"
    result = renamed.run(CLINIC)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            f"*ConfigurationWarning: {IN_FORCE}",
            "harbourside: READY WITH WAIVERS",
            "    ACME01 (harbourside) until 2026-12-31",
            f"    1. {IN_FORCE}",
            "       (VL004, harbourside, warning)",
        ]
    )


def test_what_to_write_instead_of_a_former_id(renamed: Clinics) -> None:
    result = renamed.run(f"clinics/{WAIVERS}", *FAILS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            IN_FORCE,
            "  Found             OLD1",
            "  Expected          ACME01",
            "clinics/harbourside.yaml:*",
            "   *| check: OLD1",
            "How to fix it (practice manager):",
            "  1. Let the waiver name ACME01; nothing else about it changes",
            "  2. Record it in clinics/harbourside.yaml: line *, check: ACME01; line *",
        ]
    )


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"until": "2026-10-31"}, "The waiver of OLD1 is over: its last day was 2026-10-31"),
        ({"on": "nobody"}, "The waiver of OLD1 on nobody matches nothing in this clinic"),
        ({"check": "OLD3"}, "There is no check OLD3*"),
    ],
)
def test_a_waiver_by_a_former_id_is_held_to_the_rules_for_all(
    renamed: Clinics, changes: dict[str, str], line: str
) -> None:
    renamed.write(edited(right_clinic(), {"waivers": [{**RENAMED_WAIVER, **changes}]}))
    result = renamed.run(CLINIC)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([line, "harbourside: NOT READY"])
    result.stdout.no_fnmatch_line("*is called ACME01 now*")


def test_one_waiver_that_ended_and_one_by_a_former_id(renamed: Clinics) -> None:
    ended = {**WAIVER, "check": "VL601", "on": "harbourside", "until": "2026-10-31"}
    renamed.write(edited(right_clinic(), {"waivers": [RENAMED_WAIVER, ended]}))
    result = renamed.run(f"clinics/{WAIVERS}")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([IN_FORCE, "  Also: The waiver of VL601 is over: *"])


@pytest.mark.parametrize("name", ["OLD1", "old2", "ACME01"])
def test_explain_finds_it_by_a_former_id(renamed: Clinics, name: str) -> None:
    page = renamed.run(f"--videolink-explain={name}")
    assert page.ret == pytest.ExitCode.OK
    page.stdout.fnmatch_lines(
        [
            "ACME01 own-acme01",
            "  Since: 1.4",
            "  Formerly: OLD1, OLD2",
            f"  Rests on: {ADDRESS} (read 2026-11-02)",
            "    - check: ACME01",
        ]
    )


def test_the_catalogue_says_since_when_and_what_it_was_called(renamed: Clinics) -> None:
    listed = renamed.run("--videolink-checks").stdout
    listed.re_match_lines(
        [
            r"check +subject +severity +since +passes when$",
            r"ACME01-own-acme01 +clinic +error +1\.4 +Own acme01 \(formerly OLD1, OLD2\)$",
            r"VL001-valid-document +clinic +error +0\.1\.0 +The record can be read$",
        ]
    )


def test_a_failure_ends_with_what_it_rests_on(renamed: Clinics) -> None:
    result = renamed.run(CLINIC, "-k", "ACME01", "--videolink-no-waivers")
    result.stdout.fnmatch_lines(
        [
            "Read more: pytest --videolink-explain=ACME01",
            "What it rests on, as read on 2026-11-02:",
            f"  {ADDRESS}",
            "=*",
        ],
        consecutive=True,
    )


def test_reports_carry_former_ids_and_what_it_rests_on(renamed: Clinics) -> None:
    suffixes = ("html", "sarif")
    renamed.run(CLINIC, *(f"--videolink-report=r.{suffix}" for suffix in suffixes))
    texts = {
        suffix: (renamed.pytester.path / f"r.{suffix}").read_text(encoding="utf-8")
        for suffix in suffixes
    }
    assert f'as read on 2026-11-02: <a href="{ADDRESS}">{ADDRESS}</a>' in texts["html"]
    (run,) = json.loads(texts["sarif"])["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["ACME01"]["deprecatedIds"] == ["OLD1", "OLD2"]
    assert rules["ACME01"]["helpUri"] == ADDRESS
    assert not {"deprecatedIds", "helpUri"} & set(rules["VL001"])
    levels = {each["ruleId"]: each["level"] for each in run["results"]}
    assert levels == {"ACME01": "error", "VL004": "warning"}


# What it may say

SAID: dict[str, tuple[str, list[str]]] = {
    "an assertion with a message": (
        'assert subject.name == "x", "The name is odd"',
        ["The name is odd", "*Asserted          assert 'Harbourside Medical Centre' == 'x'"],
    ),
    "a message of several lines": (
        'assert False, "One\\ntwo"',
        ["One two", "*Asserted          assert False"],
    ),
    "an assertion of a method": (
        'assert subject.name.startswith("x")',
        [
            "Harbourside Medical Centre fails ACME01: Own acme01",
            "  Asserted          assert False",
            "                     +  where False = <built-in method startswith of str",
            "                    object>('x')",
        ],
    ),
    "a sentence": ('return "The name is odd"', ["The name is odd"]),
    "a generator of sentences": (
        'yield "One"; yield "Two"',
        ["One", "  Also: Two"],
    ),
    "a list of findings": (
        'return [wrong("One", at="name", found="f", expected="e", hint="h")]',
        [
            "One",
            "  Found             f",
            "  Expected          e",
            "clinics/harbourside.yaml:3:7",
            "    3 | name: Harbourside Medical Centre",
            "h",
        ],
    ),
    "a finding": ('return Finding(summary="One", at=("pms", "system"))', ["One", "*:11:11"]),
    "a finding and then an assertion": ('yield "One"; assert 0, "Two"', ["One", "  Also: Two"]),
    "text of a record": (
        'return wrong("a\\x1b[31m\\nb", found="\\u202ec")',
        ["a[[]31m b", "  Found             c"],
    ),
    "an order to a service": ('return "::error::x"', [": :error: :x"]),
}


@pytest.mark.parametrize(("body", "lines"), SAID.values(), ids=SAID)
def test_what_is_wrong(harbourside: Clinics, body: str, lines: list[str]) -> None:
    conftest(harbourside, rule(body))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(lines)
    assert "\x1b" not in result.stdout.str()


RIGHT = ["assert True", "return None", "return []", "return ()", "yield from ()"]


@pytest.mark.parametrize("body", RIGHT)
def test_what_is_right(harbourside: Clinics, body: str) -> None:
    conftest(harbourside, rule(body))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)


DUTIES: dict[str, tuple[str, str, str]] = {
    "to a patient who is to be called": (
        "Appointment",
        'return wrong("The line is down", duty="telephone")',
        "At harbourside, telephone the patients of, or rebook, 1 appointment: 88213 (Tue 24 Nov"
        " 2026 09:30)",
    ),
    "where there is no appointment": (
        "Practitioner",
        'return [wrong("The line is down", duty="telephone")] if "li-wei" in subject.id else []',
        "practice manager, the record 1. The line is down (ACME01, harbourside)",
    ),
}


@pytest.mark.parametrize(("subject", "body", "line"), DUTIES.values(), ids=DUTIES)
def test_what_is_owed_is_in_the_work_list_and_in_reports(
    clinics: Clinics, subject: str, body: str, line: str
) -> None:
    phone = appointment(modality="phone", pms_type="40")
    clinics.write(edited(right_clinic(), {"appointments": [phone]}))
    conftest(clinics, rule(body, subject=subject))
    result = clinics.run(CLINIC, "--videolink-report=report.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert line in " ".join(result.stdout.str().split())
    (job,) = json.loads((clinics.pytester.path / "report.json").read_text())["work"]
    assert job["check"] == "ACME01"
    assert [id.rpartition("::")[2] for id in job["items"]] == ["ACME01-own-acme01"]


NO_ANSWER: dict[str, tuple[str, str]] = {
    "an exception": ('{}["nope"]', "E   KeyError: 'nope'"),
    "an exception midway": ('yield from (); {}["nope"]', "E   KeyError: 'nope'"),
    "a truth value": ("return False", "E   TypeError: *; this one gave bool"),
    "the other truth value": ("return True", "E   TypeError: *; this one gave bool"),
    "no finding": ("return [17]", "E   TypeError: a check yields what is wrong, not int"),
    "an empty sentence": ('return ""', "E   ValueError: *; this one is empty"),
    "an empty dictionary": ("return {}", "E   TypeError: *; this one gave dict"),
    "a place in an unknown clinic": (
        'yield wrong("Bad", also=(Place("nowhere", ("name",)),))',
        "E   ValueError: `also` names a clinic that the source does not have: 'nowhere'",
    ),
    "a skip": ('pytest.skip("later")', "E   Skipped: later"),
    "a failure": ('pytest.fail("bad")', "E   Failed: bad"),
    "an expected failure": ('pytest.xfail("known")', "E   *XFailed: known"),
    "an end of the run": ('pytest.exit("enough")', "E   *Exit: enough"),
    "an end of Python": ("raise SystemExit(0)", "E   SystemExit: 0"),
    "an end of a generator": ("raise GeneratorExit", "E   GeneratorExit"),
}


def test_a_place_in_a_clinic_that_cannot_be_read_is_left_out(harbourside: Clinics) -> None:
    harbourside.write(north="clinic: north\n")
    conftest(harbourside, rule('yield wrong("Bad", also=(Place("north", ("name",)),))'))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Bad", "clinics?harbourside.yaml:*"])
    assert "north.yaml:" not in result.stdout.str()


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize(("body", "line"), NO_ANSWER.values(), ids=NO_ANSWER)
def test_no_answer_is_a_failure(harbourside: Clinics, body: str, line: str, severity: str) -> None:
    conftest(harbourside, rule(body, f'severity="{severity}"'))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["ACME01 could not be answered for Harbourside Medical Centre (*)", "conftest.py:*", line]
    )
    result.stdout.fnmatch_lines(["harbourside: UNKNOWN: only a part of its checks was run"])
    assert "judge.py" not in result.stdout.str()


def test_a_condition_that_cannot_be_told(harbourside: Clinics) -> None:
    conftest(harbourside, rule("assert True", "when=lambda subject: subject.nothing"))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E   AttributeError: 'Clinic' object has no attribute 'nothing'"])


@pytest.mark.parametrize("parameters", ["who", "who, context"])
def test_only_where_it_applies(harbourside: Clinics, parameters: str) -> None:
    when = f"when=lambda {parameters}: who.expects_video"
    conftest(harbourside, rule("assert True", when, subject="Practitioner"))
    assert set(harbourside.outcomes(CLINIC, "-k", "ACME01")) == {
        "harbourside.yaml::dr-amara-nwosu::ACME01-own-acme01"
    }


@pytest.mark.parametrize(
    ("options", "outcome", "text"),
    [
        ("", "skipped", "Medicare provider number is not recorded for Dr Li Wei"),
        ("must=True", "failed", "Medicare provider number is not recorded for Dr Li Wei"),
        ('setting="The number"', "skipped", "The number is not recorded for Dr Li Wei"),
    ],
)
def test_what_is_not_recorded(harbourside: Clinics, options: str, outcome: str, text: str) -> None:
    options = f'needs="provider_number", {options}'
    conftest(harbourside, rule("assert False", options, subject="Practitioner"))
    result = harbourside.run(CLINIC, "-k", "ACME01 and li-wei", "-rA")
    result.assert_outcomes(**{outcome: 1})
    result.stdout.fnmatch_lines([f"*{text}*"])


def test_what_is_not_recorded_by_its_own_word(harbourside: Clinics) -> None:
    conftest(harbourside, rule('yield unrecorded("Nobody knows", at="nowhere")', "must=True"))
    result = harbourside.run(CLINIC, "-k", "ACME01")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["Nobody knows", "  Found             not recorded", "  1. Do it"])


def test_blocked_by_a_built_in_check_and_by_another(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False}))
    conftest(
        clinics,
        rule("assert 0", 'blocked_by=["VL201"]', subject="Pair"),
        rule("assert 0", 'blocked_by=["ACME01"]', subject="Pair", id="ACME02"),
    )
    result = clinics.run(CLINIC, "-k", "amara and ACME", "-rs")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED [[]2] *blocked by VL201 (dr-amara-nwosu)"])


def test_values_of_an_appointment_stay_out(clinics: Clinics) -> None:
    booked = {
        "id": "88213",
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29-SECRET",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": "2026-11-24T09:30:00+11:00",
        "link": True,
    }
    clinics.write(edited(right_clinic(), {"appointments": [booked]}))
    conftest(
        clinics,
        rule('assert subject.pms_type == "29"', subject="Appointment"),
        rule("assert not subject.appointments[0]", id="ACME02"),
    )
    result = clinics.run(CLINIC, "-k", "ACME", "-rA")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "Harbourside Medical Centre fails ACME02*",
            "  Asserted          assert not Appointment(...)",
            "88213 fails ACME01: Own acme01",
            '  Asserted          assert subject.pms_type == "29"',
        ]
    )
    assert "SECRET" not in result.stdout.str()


# Asserts


def python(clinics: Clinics, *options: str) -> subprocess.CompletedProcess[str]:
    """pytest in a process of its own: in this one assertions are rewritten already."""
    return subprocess.run(
        [sys.executable, *options],
        cwd=clinics.pytester.path,
        capture_output=True,
        text=True,
        check=False,
    )


PYTEST = ("-m", "pytest", "-p", "videolink", CLINIC, CLOCK, *FAILS)


def test_plain_assertions_fail_as_well(ten_lines: Clinics) -> None:
    done = python(ten_lines, *PYTEST, "--assert=plain")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "Dr Li Wei fails ACME01: Has number\n" in done.stdout
    assert "  Asserted          assert practitioner.provider_number\n" in done.stdout


@pytest.mark.parametrize("mode", ["rewrite", "plain"])
def test_where_assertions_are_compiled_away_the_run_is_refused(
    ten_lines: Clinics, mode: str
) -> None:
    done = python(ten_lines, "-O", *PYTEST, f"--assert={mode}")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "has_number (conftest.py:3) could not fail" in done.stderr
    assert "passed" not in done.stdout


# Errors at the start

BAD: dict[str, tuple[str, str]] = {
    "a bad id": (
        '@check("acme-1", "own", subject=Clinic, fix=["x"])',
        "the id 'acme-1' is not capital letters and then digits, such as ACME01",
    ),
    "an id of the plugin": (
        '@check("VL950", "own", subject=Clinic, fix=["x"])',
        "the id VL950 is the plugin's own: take another prefix than VL",
    ),
    "an id that is taken": (
        '@check("VL201", "own", subject=Clinic, fix=["x"])',
        "the id VL201 is the plugin's own: take another prefix than VL",
    ),
    "a slug that is taken": (
        '@check("ACME01", "accepts-video", subject=Clinic, fix=["x"])',
        "the slug accepts-video is that of VL201 already",
    ),
    "a bad slug": (
        '@check("ACME01", "Has number", subject=Clinic, fix=["x"])',
        "the slug 'Has number' is not lower-case letters, digits and single hyphens, at most 64 of"
        " them, such as has-hpi",
    ),
    "an unknown subject": (
        '@check("ACME01", "own", subject=dict, fix=["x"])',
        "the subject is dict: expected Clinic, Practitioner, Pair, AppointmentType or Appointment",
    ),
    "an unknown severity": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], severity="warn")',
        "severity is 'warn': expected 'error' or 'warning'",
    ),
    "an unknown owner": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], who="me")',
        "who is 'me': expected 'practice manager', 'PMS administrator', 'reception' or"
        " 'vendor support'",
    ),
    "no fix": ('@check("ACME01", "own", subject=Clinic, fix=[])', "its fix has no step"),
    "an empty step": (
        '@check("ACME01", "own", subject=Clinic, fix=["x", " "])',
        "a step of its fix is empty",
    ),
    "an unknown placeholder": (
        '@check("ACME01", "own", subject=Clinic, fix=["{practitioner.name}"])',
        "{practitioner.name} in its fix stands for nothing: expected {clinic.name} or {clinic.id}",
    ),
    "a placeholder for a value": (
        '@check("ACME01", "own", subject=Clinic, fix=["{clinic.pms.database}"])',
        "{clinic.pms.database} in its fix stands for nothing: expected {clinic.name} or"
        " {clinic.id}",
    ),
    "a placeholder without a name": (
        '@check("ACME01", "own", subject=Clinic, fix=["{}"])',
        "{} in its fix stands for nothing: expected {clinic.name} or {clinic.id}",
    ),
    "half a placeholder": (
        '@check("ACME01", "own", subject=Clinic, fix=["a { b"])',
        "a step of its fix cannot be filled in (expected '}' before end of string): 'a { b'",
    ),
    "an unknown value": (
        '@check("ACME01", "own", subject=Practitioner, fix=["x"], needs="provider_no")',
        "needs is 'provider_no', which nothing of the practitioner is called; did you mean"
        " provider_number?",
    ),
    "an unknown blocker": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], blocked_by=["VL70"])',
        "blocked_by names 'VL70', which is no check; did you mean VL701?",
    ),
    "a blocker of another subject": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], blocked_by=["VL201"])',
        "it cannot be blocked by VL201, which is not about the clinic or its clinic",
    ),
    "a bad former id": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], was=["acme-1"])',
        "its former id 'acme-1' is not capital letters and then digits, such as ACME01",
    ),
    "a former id of the plugin": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], was=["VL950"])',
        "its former id VL950 is the plugin's own",
    ),
    "a former id that is the present one": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], was=["ACME01"])',
        "its former id ACME01 is the one that it has",
    ),
    "a source that is no address": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], source=("the wiki", "2026-11-02"))',
        "its source 'the wiki' is no address: expected https://...",
    ),
    "a source that was read on no day": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], source=("https://a.example", "May"))',
        "its source was read on 'May': expected a day such as 2026-12-31",
    ),
    "a blocker that is itself": (
        '@check("ACME01", "own", subject=Clinic, fix=["x"], blocked_by=["ACME01"])',
        "blocked_by leads back to itself: ACME01 > ACME01",
    ),
}


@pytest.mark.parametrize("option", [CLINIC, "--videolink-checks"])
@pytest.mark.parametrize(("decorator", "fault"), BAD.values(), ids=BAD)
def test_a_mistake_in_a_check(
    harbourside: Clinics, decorator: str, fault: str, option: str
) -> None:
    conftest(harbourside, f"{decorator}\ndef own(subject): pass\n")
    result = harbourside.run(option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    errors = [line for line in result.stderr.lines if line]
    assert errors == [f"ERROR: the check own (conftest.py:9): {fault}"]


def test_every_mistake_is_told_at_once(harbourside: Clinics) -> None:
    conftest(
        harbourside,
        rule("pass", 'blocked_by=["ACME03"]', id="ACME02"),
        rule("pass", 'blocked_by=["ACME02"], severity="no"', id="ACME03"),
    )
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line.partition("): ")[2] for line in result.stderr.lines if line] == [
        "severity is 'no': expected 'error' or 'warning'",
        "blocked_by leads back to itself: ACME02 > ACME03 > ACME02",
    ]


def test_a_blocker_by_its_former_id(harbourside: Clinics) -> None:
    second = rule("pass", 'blocked_by=["OLD1"]', id="ACME02")
    conftest(harbourside, rule("pass", 'was="OLD1"'), second)
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: the check own_acme02 *: blocked_by names 'OLD1', which is ACME01 now"]
    )


def test_one_id_twice(harbourside: Clinics) -> None:
    second = rule("pass").replace("own-acme01", "other").replace("def own_acme01", "def other")
    conftest(harbourside, rule("pass"), second)
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: the check other (conftest.py:13): the id ACME01 is that of own_acme01"
            " (conftest.py:9) already"
        ]
    )


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ('was=["OLD1"]', 'was=["OLD1"]', "its former id OLD1 is a former one of own_acme01"),
        ("", 'was=["ACME01"]', "its former id ACME01 is that of own_acme01"),
        ('was=["ACME02"]', "", "the id ACME02 is a former one of own_acme01"),
    ],
)
def test_no_two_checks_go_by_one_id(
    harbourside: Clinics, first: str, second: str, fault: str
) -> None:
    conftest(harbourside, rule("pass", first), rule("pass", second, id="ACME02"))
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    errors = [line for line in result.stderr.lines if line]
    assert errors == [
        f"ERROR: the check own_acme02 (conftest.py:13): {fault} (conftest.py:9) already"
    ]


@pytest.mark.parametrize("source", ['"https://a.example"', '("https://a.example",)', "17"])
def test_what_a_source_is(harbourside: Clinics, source: str) -> None:
    conftest(harbourside, rule("pass", f"source={source}"))
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["E*TypeError: ACME01: source is an address and the day it was read, not *"]
    )


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("[plain]", "*gave the function plain (*conftest.py:9): make a check of it with*"),
        ("[17]", "*gave a int, which is no check"),
        ("17", "*gave a int, which is no check"),
        ("'ACME'", "*gave a str, which is no check"),
    ],
)
def test_what_is_no_check(harbourside: Clinics, given: str, fault: str) -> None:
    harbourside.pytester.makeconftest(
        f"{HEAD}def plain(clinic): pass\n\ndef pytest_videolink_checks(config): return {given}\n"
    )
    result = harbourside.run(CLINIC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {fault}"])


@pytest.mark.parametrize("made_of", ["lambda clinic: None", "print", "dict"])
def test_what_a_check_is_made_of(harbourside: Clinics, made_of: str) -> None:
    conftest(harbourside, f'own = check("ACME01", "own", subject=Clinic, fix=["x"])({made_of})')
    result = harbourside.run(CLINIC)
    if made_of.startswith("lambda"):
        assert result.ret == pytest.ExitCode.OK
    else:
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["E*TypeError: ACME01: a check is made of a plain function*"])


# Where checks come from


@pytest.mark.parametrize("folder", ["clinics", "tests", "tests/deep"])
@pytest.mark.parametrize("paths", [[], ["tests"], ["clinics", "tests/deep"]], ids=" ".join)
def test_another_conftest_gives_no_checks(
    harbourside: Clinics, folder: str, paths: list[str]
) -> None:
    for name in ("tests", "tests/deep"):
        harbourside.pytester.mkdir(name)
        harbourside.pytester.path.joinpath(name, "test_a.py").write_text("def test_a(): pass")
    harbourside.pytester.path.joinpath(folder, "conftest.py").write_text(TEN_LINES)
    result = harbourside.run(CLINIC, *paths)
    read = folder == "clinics" or "tests" in paths or "tests/deep" in paths or folder == "tests"
    if not read:
        assert result.ret == pytest.ExitCode.OK  # such a run knows nothing of it
        return
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            f"ERROR: {os.path.join(folder, 'conftest.py')} gives checks (pytest_videolink_checks),"
            " but not every run reads it*: move the hook to conftest.py or into a plugin"
        ]
    )


def test_with_xdist_another_conftest_gives_no_checks_either(harbourside: Clinics) -> None:
    harbourside.pytester.path.joinpath("clinics", "conftest.py").write_text(TEN_LINES)
    result = harbourside.run(CLINIC, "-p", "xdist", "-n", "1")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "gives checks (pytest_videolink_checks)" in " ".join(result.stdout.str().split())


def test_a_plugin_gives_checks(harbourside: Clinics) -> None:
    harbourside.pytester.makepyfile(acme_rules=TEN_LINES)
    harbourside.pytester.syspathinsert()
    outcomes = harbourside.outcomes(CLINIC, "-p", "acme_rules", "-k", "ACME01", *FAILS)
    assert outcomes[ITEM] == "failed"


def test_given_twice_it_is_one(ten_lines: Clinics) -> None:
    ten_lines.pytester.makeconftest(TEN_LINES.replace("[has_number]", "[has_number, has_number]"))
    assert len(ten_lines.outcomes(CLINIC, "-k", "ACME01", *FAILS)) == 2


def test_nobody_is_asked_for_checks_in_a_run_without_clinics(clinics: Clinics) -> None:
    clinics.pytester.makeconftest("def pytest_videolink_checks(config): raise RuntimeError")
    clinics.pytester.makepyfile(test_a="def test_a(): pass")
    result = clinics.pytester.runpytest_inprocess("-p", "videolink")
    assert result.ret == pytest.ExitCode.OK
