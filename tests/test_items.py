"""The items of a clinic: their ids, order, markers, places and what reports carry of them."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from conftest import CLOCK, Clinics
from support import Document, edited, outcomes_of, right_clinic, to_yaml

import pytest_videolink.session.collection  # noqa: F401  (loaded once for all runs in this process)
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import State

ASKED = "--videolink-clinic=harbourside"

EVERY_OUTCOME = """\
videolink: 1
clinic: harbourside
name: Harbourside Medical Centre
timezone: Australia/Sydney
as_of: 2026-11-23T08:30:00+11:00
dashboard: {new_patient_approval: manual}  # a comment that is nobody's business
pms:
  system: zedmed
  database: HARBOUR-SQL01
  shares_database_with: []
  connected: true
practitioners:
  - id: dr-amara-nwosu
    name: Dr Amara Nwosu
    linked_to: "17"
    accepts_video_appointments: false
    expects_video: true
  - id: dr-li-wei
    name: Dr Li Wei
    linked_to: "18"
    accepts_video_appointments: true
    visible_for_online_bookings: false
appointment_types:
  - id: telehealth-video
    name: Telehealth Video Consult
    modality: video
    online_bookings: true
    telehealth: true
    telehealth_video: true
    linked_to: "29"
    practitioners:
      - dr-amara-nwosu
      - dr-li-wei
waivers:
  - check: VL312
    on: dr-li-wei::telehealth-video
    reason: booked by reception
    owner: Kim
    until: 2026-12-31
"""

WRITTEN = {
    "VL001-valid-document": "passed",
    "VL002-neighbours-readable": "passed",
    "VL003-recorded-recently": "passed",
    "VL004-waivers-in-force": "passed",
    "VL005-does-video": "passed",
    "VL101-pms-supported": "passed",
    "VL102-synced-recently": "skipped",
    "VL103-pms-connected": "passed",
    "VL402-database-agreed": "passed",
    "VL601-approval-automatic": "passed",
    "dr-amara-nwosu::VL201-accepts-video": "failed",
    "dr-amara-nwosu::VL202-linked-to-pms": "passed",
    "dr-amara-nwosu::VL203-pms-link-resolves": "skipped",
    "dr-amara-nwosu::VL204-pms-link-unique": "passed",
    "dr-amara-nwosu::VL310-offers-video": "passed",
    "dr-amara-nwosu::VL401-one-dashboard": "passed",
    "dr-amara-nwosu::telehealth-video::VL312-pair-bookable": "skipped",
    "dr-amara-nwosu::telehealth-video::VL500-link-expected": "skipped",
    "dr-li-wei::VL201-accepts-video": "passed",
    "dr-li-wei::VL202-linked-to-pms": "passed",
    "dr-li-wei::VL203-pms-link-resolves": "skipped",
    "dr-li-wei::VL204-pms-link-unique": "passed",
    "dr-li-wei::VL401-one-dashboard": "passed",
    "dr-li-wei::telehealth-video::VL312-pair-bookable": "xfailed",
    "dr-li-wei::telehealth-video::VL500-link-expected": "passed",
    "telehealth-video::VL301-telehealth-on": "passed",
    "telehealth-video::VL302-video-on": "passed",
    "telehealth-video::VL303-linked-to-pms-type": "passed",
    "telehealth-video::VL304-pms-type-resolves": "skipped",
    "telehealth-video::VL305-pms-type-unambiguous": "passed",
    "telehealth-video::VL306-pms-type-name-fits": "skipped",
    "telehealth-video::VL309-offered": "passed",
}
"""What becomes of its items; those of checks that are newer may stand between them."""

BECOMES = {
    State.FAILED: "failed",
    State.WARNED: "passed",
    State.WAIVED: "xfailed",
    **dict.fromkeys((State.UNRECORDED, State.BLOCKED), "skipped"),
    State.PASSED: "passed",
}
OUTCOMES = {name: BECOMES[state] for name, state in outcomes_of(EVERY_OUTCOME).items()}


@pytest.fixture
def every_outcome(clinics: Clinics) -> Clinics:
    clinics.write(harbourside=EVERY_OUTCOME)
    return clinics


def items(clinics: Clinics, *arguments: str) -> list[pytest.Item]:
    found, _ = clinics.pytester.inline_genitems("-p", "videolink", CLOCK, *arguments)
    return found


def names(clinics: Clinics, *arguments: str) -> list[str]:
    """What was run of harbourside, below its file."""
    return [id.removeprefix("harbourside.yaml::") for id in clinics.outcomes(ASKED, *arguments)]


# Ids, order, outcomes


def test_ids_order_and_outcomes(every_outcome: Clinics) -> None:
    outcomes = every_outcome.outcomes(ASKED)
    assert list(outcomes.items()) == [
        (f"harbourside.yaml::{name}", outcome) for name, outcome in OUTCOMES.items()
    ]
    assert [each for each in OUTCOMES.items() if each[0] in WRITTEN] == list(WRITTEN.items())


def test_a_node_id_starts_at_rootdir(every_outcome: Clinics) -> None:
    assert items(every_outcome, ASKED)[0].nodeid == "clinics/harbourside.yaml::VL001-valid-document"


def with_new_practitioner(document: Document) -> Document:
    new = {"id": "dr-aaron-abbot", "name": "Dr Aaron Abbot", "linked_to": "19"}
    result = copy.deepcopy(document)
    result["practitioners"].insert(0, {**new, "accepts_video_appointments": True})
    result["appointment_types"][0]["practitioners"].insert(0, new["id"])
    result["pms"]["practitioners"].insert(0, {"id": "19", "name": new["name"]})
    return result


def test_a_new_practitioner_renames_no_other_item(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    before = names(clinics)
    clinics.write(with_new_practitioner(right_clinic()))
    after = names(clinics)
    assert [name for name in after if not name.startswith("dr-aaron-abbot::")] == before
    assert set(after) - set(before) >= {
        "dr-aaron-abbot::VL201-accepts-video",
        "dr-aaron-abbot::VL202-linked-to-pms",
        "dr-aaron-abbot::telehealth-video::VL312-pair-bookable",
        "dr-aaron-abbot::telehealth-video::VL500-link-expected",
    }


def test_a_new_name_renames_no_item(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    before = names(clinics)
    renamed = {
        "name": "New Name",
        "practitioners.0.name": "Dr New Name",
        "appointment_types.0.name": "Video [new]::name",
    }
    clinics.write(edited(right_clinic(), renamed))
    assert names(clinics) == before


def test_subjects_stand_in_document_order(clinics: Clinics) -> None:
    document = right_clinic()
    document["practitioners"].reverse()
    document["appointment_types"].reverse()
    document["appointment_types"].append(
        {"id": "a-video-long", "name": "Video", "modality": "video", "practitioners": "all"}
    )
    clinics.write(document)
    subjects = [name.rpartition("::")[0] for name in names(clinics)]
    assert list(dict.fromkeys(subjects)) == [
        "",
        "dr-li-wei",
        "dr-li-wei::telehealth-video",
        "dr-li-wei::a-video-long",
        "dr-amara-nwosu",
        "dr-amara-nwosu::telehealth-video",
        "dr-amara-nwosu::a-video-long",
        "telehealth-video",
        "a-video-long",
    ]


def test_an_unreadable_clinic_has_one_item(clinics: Clinics) -> None:
    clinics.write(right_clinic("perth", "PERTH"), harbourside="videolink: 1\nclinic: elsewhere\n")
    assert clinics.outcomes(ASKED) == {"harbourside.yaml::VL001-valid-document": "failed"}


def test_what_a_name_holds_stays_out_of_ids_and_off_the_terminal(clinics: Clinics) -> None:
    hostile = "Dr \\e[31m [x]::y/z \\u202e<&>"
    clinics.write(harbourside=EVERY_OUTCOME.replace("Dr Amara Nwosu", f'"{hostile}"'))
    assert names(clinics) == list(OUTCOMES)
    result = clinics.run(ASKED, "-rA", "-v", "--color=no")
    text = result.stdout.str() + result.stderr.str()
    assert "Dr [31m [x]: :y/z <&> does not accept video appointments" in text
    assert not {"\x1b", "\u202e"} & set(text)


@pytest.mark.parametrize("name", ["esc\x1b[31m", "new\nline", "right\u202eleft"])
def test_what_a_file_name_holds_stays_off_the_terminal(clinics: Clinics, name: str) -> None:
    clinics.write_file(f"{name}.yaml", to_yaml(right_clinic()))
    result = clinics.run("--videolink-clinic=*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    unknown = clinics.run("--videolink-clinic=unknown")
    text = result.stdout.str() + result.stderr.str() + unknown.stderr.str()
    assert name not in text
    assert not {"\x1b", "\u202e"} & set(text)


# Selecting among them


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("VL201", ["dr-amara-nwosu::VL201-accepts-video", "dr-li-wei::VL201-accepts-video"]),
        ("vl202 and li-wei", ["dr-li-wei::VL202-linked-to-pms"]),
        ("synced-recently", ["VL102-synced-recently"]),
        ("dr-amara-nwosu", [name for name in OUTCOMES if name.startswith("dr-amara-nwosu::")]),
        (
            "telehealth-video and VL500",
            [
                "dr-amara-nwosu::telehealth-video::VL500-link-expected",
                "dr-li-wei::telehealth-video::VL500-link-expected",
            ],
        ),
        ("Amara and VL202", ["dr-amara-nwosu::VL202-linked-to-pms"]),
        ("Wei and VL5", ["dr-li-wei::telehealth-video::VL500-link-expected"]),
        ("Consult and VL302", ["telehealth-video::VL302-video-on"]),
        ("Medical and Centre and VL103", ["VL103-pms-connected"]),
        ("VL103 or VL102", ["VL102-synced-recently", "VL103-pms-connected"]),
    ],
)
def test_k_takes_ids_and_human_names(
    every_outcome: Clinics, expression: str, expected: list[str]
) -> None:
    assert names(every_outcome, "-k", expression) == expected


def named(severity: str, *scopes: str) -> list[str]:
    """The items of the checks of a severity that are about such subjects."""
    checks = {
        check.name
        for check in CATALOGUE
        if check.severity == severity and (check.scope in scopes or not scopes)
    }
    return [name for name in OUTCOMES if name.rpartition("::")[2] in checks]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("videolink", list(OUTCOMES)),
        ('videolink(severity="warning")', named("warning")),
        ('videolink(severity="error")', named("error")),
        ('videolink(clinic="harbourside", check="VL103")', ["VL103-pms-connected"]),
        ('videolink(clinic="bayview")', []),
        (
            'videolink(scope="practitioner") and not videolink(severity="error")',
            named("warning", "practitioner"),
        ),
        (
            'videolink(scope="pair", severity="error")',
            named("error", "pair"),
        ),
        ("not videolink", []),
    ],
)
def test_m_selects_by_marker(every_outcome: Clinics, expression: str, expected: list[str]) -> None:
    assert names(every_outcome, "--strict-markers", "-m", expression) == expected


@pytest.mark.parametrize(
    ("id", "marker"),
    [
        ("VL102-synced-recently", ("VL102", "clinic", "error")),
        ("dr-li-wei::VL201-accepts-video", ("VL201", "practitioner", "error")),
        ("dr-li-wei::telehealth-video::VL312-pair-bookable", ("VL312", "pair", "warning")),
        ("telehealth-video::VL302-video-on", ("VL302", "appointment_type", "error")),
    ],
)
def test_the_marker(every_outcome: Clinics, id: str, marker: tuple[str, str, str]) -> None:
    [item] = items(every_outcome, f"clinics/harbourside.yaml::{id}")
    [found] = item.iter_markers("videolink")
    check, scope, severity = marker
    expected = {"check": check, "scope": scope, "severity": severity, "clinic": "harbourside"}
    assert found.kwargs == expected
    assert found.args == ()


def test_the_marker_of_an_unreadable_clinic(clinics: Clinics) -> None:
    clinics.write(harbourside="[")
    [item] = items(clinics, ASKED)
    [found] = item.iter_markers("videolink")
    assert found.kwargs == {
        "check": "VL001",
        "scope": "clinic",
        "severity": "error",
        "clinic": "harbourside",
    }


# Places


@pytest.mark.parametrize(
    ("id", "line", "head"),
    [
        ("VL003-recorded-recently", 5, "harbourside.yaml > VL003-recorded-recently"),
        ("VL103-pms-connected", 11, "harbourside.yaml > VL103-pms-connected"),
        (
            "dr-amara-nwosu::VL201-accepts-video",
            16,
            "harbourside.yaml > dr-amara-nwosu > VL201-accepts-video",
        ),
        (
            "dr-li-wei::VL202-linked-to-pms",
            20,
            "harbourside.yaml > dr-li-wei > VL202-linked-to-pms",
        ),
        (
            "telehealth-video::VL302-video-on",
            29,
            "harbourside.yaml > telehealth-video > VL302-video-on",
        ),
        (
            "dr-li-wei::telehealth-video::VL500-link-expected",
            33,
            "harbourside.yaml > dr-li-wei > telehealth-video > VL500-link-expected",
        ),
    ],
)
def test_an_item_stands_where_its_setting_is_recorded(
    every_outcome: Clinics, id: str, line: int, head: str
) -> None:
    [item] = items(every_outcome, f"clinics/harbourside.yaml::{id}")
    assert item.reportinfo() == (every_outcome.folder / "harbourside.yaml", line - 1, head)
    assert item.location == ("clinics/harbourside.yaml", line - 1, head)


def test_every_item_has_a_line(every_outcome: Clinics) -> None:
    every_outcome.write(broken="", worse="[")
    lines = [item.reportinfo()[1] for item in items(every_outcome, "--videolink-clinic=*")]
    assert len(lines) == len(OUTCOMES) + 2
    assert all(type(line) is int and 0 <= line < 40 for line in lines)


def test_a_skip_stands_where_its_setting_is_recorded(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "-rs", "--tb=no")
    assert [line for line in result.outlines if line.startswith("SKIPPED")] == [
        "SKIPPED [1] clinics/harbourside.yaml:6: The last sync is not recorded for"
        " Harbourside Medical Centre",
        "SKIPPED [1] clinics/harbourside.yaml:15: The PMS's list of practitioners is not recorded",
        "SKIPPED [1] clinics/harbourside.yaml:32: Visible for Online Bookings is not recorded"
        " for Dr Amara Nwosu",
        "SKIPPED [1] clinics/harbourside.yaml:32: blocked by VL201 (dr-amara-nwosu)",
        "SKIPPED [1] clinics/harbourside.yaml:20: The PMS's list of practitioners is not recorded",
        "SKIPPED [2] clinics/harbourside.yaml:30: The PMS's list of appointment types is not"
        " recorded",
    ]


def test_a_skip_mark_of_the_user_stands_at_the_item(every_outcome: Clinics) -> None:
    every_outcome.pytester.makeconftest(
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.skip(reason="not today"))
        """
    )
    result = every_outcome.run(ASKED, "-k", "VL201", "-rs")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED [[]2[]] clinics/harbourside.yaml: not today"])


# What reports carry


def junit_cases(clinics: Clinics, *arguments: str) -> dict[str, ET.Element]:
    clinics.run(ASKED, "--junitxml=junit.xml", *arguments)
    root = ET.parse(clinics.pytester.path / "junit.xml").getroot()
    return {f"{case.get('classname')} {case.get('name')}": case for case in root.iter("testcase")}


def properties(case: ET.Element) -> dict[str | None, str | None]:
    return {each.get("name"): each.get("value") for each in case.iter("property")}


def test_junit_names_where_each_item_belongs(every_outcome: Clinics) -> None:
    cases = junit_cases(every_outcome)
    assert list(cases) == [
        " ".join(
            (".".join(("clinics.harbourside.yaml", *name.split("::")[:-1])), name.split("::")[-1])
        )
        for name in OUTCOMES
    ]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "clinics.harbourside.yaml VL103-pms-connected",
            {"check": "VL103", "severity": "error", "subject": "harbourside", "line": "11"},
        ),
        (
            "clinics.harbourside.yaml.dr-amara-nwosu VL201-accepts-video",
            {
                "check": "VL201",
                "severity": "error",
                "subject": "dr-amara-nwosu",
                "line": "16",
                "finding": "Dr Amara Nwosu does not accept video appointments",
            },
        ),
        (
            "clinics.harbourside.yaml.dr-li-wei.telehealth-video VL500-link-expected",
            {
                "check": "VL500",
                "severity": "error",
                "subject": "dr-li-wei::telehealth-video",
                "line": "33",
            },
        ),
        (
            "clinics.harbourside.yaml VL601-approval-automatic",
            {
                "check": "VL601",
                "severity": "warning",
                "subject": "harbourside",
                "finding": "Harbourside Medical Centre approves bookings of new patients by hand",
            },
        ),
        (
            "clinics.harbourside.yaml VL102-synced-recently",
            {
                "check": "VL102",
                "subject": "harbourside",
                "finding": "The last sync is not recorded for Harbourside Medical Centre",
            },
        ),
    ],
)
def test_junit_properties(every_outcome: Clinics, case: str, expected: dict[str, str]) -> None:
    found = properties(junit_cases(every_outcome)[case])
    expected |= {"clinic": "harbourside", "file": "clinics/harbourside.yaml"}
    assert {name: found[name] for name in expected} == expected
    assert expected["check"] in str(found["documentation"])
    assert ("finding" in found) == ("finding" in expected)


def test_junit_of_a_failure_begins_with_what_is_wrong(every_outcome: Clinics) -> None:
    case = junit_cases(every_outcome)["clinics.harbourside.yaml.dr-amara-nwosu VL201-accepts-video"]
    [failure] = case.iter("failure")
    first = "Dr Amara Nwosu does not accept video appointments\n"
    assert str(failure.get("message")).startswith(first)
    assert str(failure.text).startswith(first)
    assert "clinics/harbourside.yaml:16:33" in str(failure.text)


def test_junit_of_a_waived_finding_keeps_it(every_outcome: Clinics) -> None:
    cases = junit_cases(every_outcome)
    case = cases["clinics.harbourside.yaml.dr-li-wei.telehealth-video VL312-pair-bookable"]
    assert "Dr Li Wei" in str(properties(case)["finding"])
    [skipped] = case.iter("skipped")
    assert "waived until 2026-12-31 by Kim: booked by reception" in str(skipped.get("message"))


@pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning")
def test_junit_keeps_a_warning_whatever_becomes_of_warnings(every_outcome: Clinics) -> None:
    for arguments in (["-p", "no:warnings"], ["-W", "ignore"], ["--disable-warnings"]):
        case = junit_cases(every_outcome, *arguments)[
            "clinics.harbourside.yaml VL601-approval-automatic"
        ]
        assert "new patients by hand" in str(properties(case)["finding"])


@pytest.mark.parametrize("options", [[], ["-p", "no:videolink-lean"]], ids=["lean", "as pytest"])
def test_what_is_neither_right_nor_wrong_is_skipped_while_it_is_set_up(
    every_outcome: Clinics, options: list[str]
) -> None:
    """Some readers of reports take a skip in the test's own phase for one that passed."""
    recorder = every_outcome.pytester.inline_run("-p", "videolink", CLOCK, ASKED, *options)
    reports = recorder.getreports("pytest_runtest_logreport")
    phases = [each.when for each in reports if each.skipped and not hasattr(each, "wasxfail")]
    assert phases == ["setup"] * Counter(OUTCOMES.values())["skipped"]
    assert phases


def test_properties_are_plain_values(every_outcome: Clinics) -> None:
    every_outcome.write(broken="[")
    recorder = every_outcome.pytester.inline_run("-p", "videolink", CLOCK, "--videolink-clinic=*")
    reports = recorder.getreports("pytest_runtest_logreport")
    values = [value for report in reports for _, value in report.user_properties]
    assert {type(value) for value in values} == {str, int}
    wanted = {"check", "severity", "clinic", "subject", "file", "line", "documentation"}
    for report in reports:
        if report.when == "call" or report.skipped:
            assert wanted <= dict(report.user_properties).keys()
            assert len(dict(report.user_properties)) == len(report.user_properties)


# On the terminal


def test_collect_only_lists_the_ids(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "--collect-only", "-q")
    assert result.ret == pytest.ExitCode.OK
    listed = [line for line in result.outlines if "::" in line]
    assert listed == [f"clinics/harbourside.yaml::{name}" for name in OUTCOMES]
    assert "does not accept" not in result.stdout.str()


def test_collect_only_shows_the_tree(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "--collect-only")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            f"collected {len(OUTCOMES)} items",
            "  <* clinics>",
            "    <* harbourside.yaml>",
            "      <* VL001-valid-document>",
            "      <* dr-amara-nwosu>",
            "        <* VL201-accepts-video>",
            "        <* telehealth-video>",
            "          <* VL500-link-expected>",
            "      <* dr-li-wei>",
            "      <* telehealth-video>",
            "        <* VL301-telehealth-on>",
        ]
    )


def test_verbose_names_every_item(every_outcome: Clinics) -> None:
    words = {"passed": "PASSED", "failed": "FAILED", "skipped": "SKIPPED", "xfailed": "XFAIL"}
    result = every_outcome.run(ASKED, "-v", "--tb=no")
    lines = [line.split()[:2] for line in result.outlines if "%]" in line]
    assert lines == [
        [f"clinics/harbourside.yaml::{name}", words[outcome]] for name, outcome in OUTCOMES.items()
    ]


def test_one_letter_an_item(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "--tb=no", "-W", "ignore")
    letters = {"passed": ".", "failed": "F", "skipped": "s", "xfailed": "x"}
    line = "".join(letters[outcome] for outcome in OUTCOMES.values())
    result.stdout.fnmatch_lines([f"clinics/harbourside.yaml {line} *"])
    result.assert_outcomes(**Counter(OUTCOMES.values()))


def test_the_head_of_a_failure(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED)
    result.stdout.fnmatch_lines(
        [
            "*_ harbourside.yaml > dr-amara-nwosu > VL201-accepts-video _*",
            "Dr Amara Nwosu does not accept video appointments",
        ],
        consecutive=True,
    )
    assert "Traceback" not in result.stdout.str()
    assert "nodes.py" not in result.stdout.str()


def test_the_short_summary_gives_id_and_first_line(
    every_outcome: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = every_outcome.run(ASKED, "--tb=no")
    result.stdout.fnmatch_lines(
        [
            "FAILED clinics/harbourside.yaml::dr-amara-nwosu::VL201-accepts-video"
            " - Dr Amara Nwosu does not accept video appointments"
        ]
    )


def test_a_waived_item_gives_its_waiver(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "-rx", "-k", "VL312", "-v")
    result.stdout.fnmatch_lines(
        [
            "XFAIL clinics/harbourside.yaml::dr-li-wei::telehealth-video::VL312-pair-bookable"
            " - waived until 2026-12-31 by Kim: booked by reception*"
        ]
    )


@pytest.mark.parametrize("ini", ["xfail_strict = true", "strict_xfail = true", "strict = true"])
def test_a_waived_item_is_xfailed_where_xfail_is_strict(every_outcome: Clinics, ini: str) -> None:
    every_outcome.pytester.makeini(f"[pytest]\n{ini}\n")
    outcomes = every_outcome.outcomes(ASKED, "-k", "VL312 or VL004")
    assert list(outcomes.values()) == ["passed", "skipped", "xfailed"]


def test_the_warnings_summary_quotes_nothing_of_the_file(every_outcome: Clinics) -> None:
    result = every_outcome.run(ASKED, "--tb=no")
    result.assert_outcomes(**Counter(OUTCOMES.values()), warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*= warnings summary =*",
            "clinics/harbourside.yaml::VL601-approval-automatic",
            "  *ConfigurationWarning: Harbourside Medical Centre approves bookings of new"
            " patients by hand",
            "",
        ],
        consecutive=True,
    )
    assert "nobody's business" not in result.stdout.str()
    assert "manual" not in result.stdout.str()


EVERY_SUBJECT: Document = {
    "practitioners.2": {"id": "dr-old", "name": "Dr Old", "archived": True},
    "appointment_types.0.practitioners.2": "dr-old",
    "appointment_types.2": {
        "id": "phone",
        "name": "Phone Consult",
        "modality": "phone",
        "telehealth_video": False,
    },
    "appointments": [
        {
            "id": "88213",
            "practitioner": "dr-amara-nwosu",
            "pms_type": "29",
            "created": "2026-11-23T08:50:00+11:00",
            "starts": "2026-11-23T09:10:00+11:00",
            "link": False,
        }
    ],
    "waivers": [{"check": "VL312", "reason": "Known", "owner": "Kim", "until": "2026-12-31"}],
}
"""With this, every check of ``PLACES`` has an item."""


LINKED = "linked_to: '17'"
TYPE_LINKED = "linked_to: '29'"
PLACES = {
    "VL001": "videolink: 1",
    "VL002": "database: HARBOUR-SQL01",
    "VL003": "as_of: '2026-11-23T08:30:00+11:00'",
    "VL004": "waivers:",
    "VL005": "appointment_types:",
    "VL101": "system: best-practice",
    "VL102": "last_synced: '2026-11-23T08:25:00+11:00'",
    "VL103": "connected: true",
    "VL201": "accepts_video_appointments: true",
    **dict.fromkeys(("VL202", "VL203", "VL204", "VL206", "VL401"), LINKED),
    "VL205": "archived: true",
    "VL301": "telehealth: true",
    "VL302": "telehealth_video: true",
    **dict.fromkeys(("VL303", "VL304", "VL305", "VL306", "VL308"), TYPE_LINKED),
    "VL307": "telehealth_video: false",
    "VL309": "practitioners:",
    "VL310": "expects_video: true",
    "VL311": "- id: dr-li-wei",
    "VL312": "- dr-amara-nwosu",
    "VL402": "shares_database_with: []",
    "VL500": "- dr-amara-nwosu",
    "VL501": "link: false",
    "VL502": "created: '2026-11-23T08:50:00+11:00'",
    "VL601": "new_patient_approval: automatic",
    "VL701": "provider_number: 2123451T",
}


def test_an_item_stands_where_its_check_looks(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), EVERY_SUBJECT))
    lines = (clinics.folder / "harbourside.yaml").read_text().splitlines()
    found: dict[str, str] = {}
    for item in items(clinics, ASKED):
        line = item.reportinfo()[1]
        assert line is not None
        found.setdefault(item.name.partition("-")[0], lines[line].strip())
    assert {id: place for id, place in found.items() if id in PLACES} == PLACES
