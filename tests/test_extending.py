"""examples/extending: a project with a rule of its own; a package with two more and a source."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from conftest import by_name

EXTENDING = Path(__file__).parents[1] / "examples" / "extending"
CLINIC = "--videolink-clinic=lorikeet-bay"
ACME10 = "clinics/lorikeet-bay.yaml::video-consult::ACME10-type-name"
ACME11 = "clinics/lorikeet-bay.yaml::ACME11-two-do-video"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the package is installed in, as pip does it."""
    target = tmp_path_factory.mktemp("site-packages")
    # From a copy, as building leaves files behind.
    package = tmp_path_factory.mktemp("package")
    for file in (EXTENDING / "pytest-videolink-acme").glob("*.*"):
        (package / file.name).write_bytes(file.read_bytes())
    offline = ("--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", *offline, "--target", target, package],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "CI" not in os.environ:
        pytest.skip(f"the package cannot be installed here: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr
    return target


def line_of(beginning: str) -> int:
    """The first line of the package that begins like this."""
    module = EXTENDING / "pytest-videolink-acme" / "pytest_videolink_acme.py"
    lines = module.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pytest in the example's folder, with the package installed."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    del environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
    # Not on the command line, of which the command to check again keeps it.
    without = (f"-pno:{name}" for name in ("cacheprovider", "randomly", "schemathesis"))
    environment["PYTEST_ADDOPTS"] = " ".join(without)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=EXTENDING,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_rule_of_the_project_takes_ten_lines() -> None:
    lines = (EXTENDING / "conftest.py").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) <= 10


def test_what_the_readme_says(installed: Path, tmp_path: Path) -> None:
    commands = re.findall(r"^pytest (.+)$", (EXTENDING / "README.md").read_text("utf-8"), re.M)
    assert len(commands) == 5
    kept = f"--override-ini=videolink_snapshot={tmp_path}"
    codes = [run(installed, kept, *shlex.split(command)).returncode for command in commands]
    assert codes == [1, 1, 0, 0, 1]


def test_the_run(installed: Path) -> None:
    done = run(installed, CLINIC, "tests", "-rfxw")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    for said in (
        f"FAILED {ACME10} - Video Con",
        f"XFAIL {ACME11} - waived until 2027-01-31 by practice manager: Dr Pryce is trained",
        "ConfigurationWarning: Dr Owen Pryce has no provider number",
        "Video Consult is not named as the group names its video appointments\n\n  Clinic   ",
        "clinics/lorikeet-bay.yaml:36:11\n   36 | name: Video Consult\n      |       ^^^^^^^^^^^^^",
        "  1. Dashboard > Bookings > Appointment Types > Video Consult > Edit\n",
        f"Check again:\n  pytest {ACME10}\n",
        "Read more: https://intranet.example.org/telehealth#names, or pytest"
        " --videolink-explain=ACME10\n",
        "lorikeet-bay: NOT READY\n",
        "  practice manager, Dashboard > Bookings > Appointment Types\n    1. Video Consult is not",
        "1 failed, ",
        ", 1 xfailed, 1 warning in ",
    ):
        assert said in done.stdout, said


def test_without_the_waiver(installed: Path) -> None:
    done = run(installed, ACME11, "--videolink-no-waivers")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "Lorikeet Bay Family Practice has 1 practitioner for video\n" in done.stdout
    assert "clinics/lorikeet-bay.yaml:19:1\n   19 | practitioners:" in done.stdout


def test_the_catalogue_and_a_page(installed: Path) -> None:
    listed = run(installed, "--videolink-checks").stdout
    for row in (
        r"ACME01-has-number +practitioner +warning +Has number",
        r"ACME10-type-name +appointment type +error +The video type has the group's name",
        r"ACME11-two-do-video +clinic +error +At least two practitioners do video",
        r"VL001-valid-document +clinic +error +0.1.0 +The record can be read",
    ):
        assert re.search(f"^{row}$", listed, re.M), row
    page = run(installed, "--videolink-explain=type-name").stdout
    for line in (
        "ACME10 type-name",
        "Patients who move between the group's clinics do not find video under its usual\nname.",
        f"  Defined by: type_name (pytest_videolink_acme.py:{line_of('@check(')})",
        "  Read more: https://intranet.example.org/telehealth#names",
        "      name: Telehealth Video Consult",
        "    - check: ACME10",
    ):
        assert f"\n{line}\n" in f"\n{page}", line


def test_junit(installed: Path, tmp_path: Path) -> None:
    run(installed, CLINIC, f"--junitxml={tmp_path / 'junit.xml'}")
    cases = {
        str(case.get("name")): case
        for case in ElementTree.parse(tmp_path / "junit.xml").iter("testcase")
    }
    properties = [
        (each.get("name"), each.get("value")) for each in cases["ACME10-type-name"].iter("property")
    ]
    assert by_name(properties) == {  # type: ignore[arg-type]
        "check": "ACME10",
        "severity": "error",
        "clinic": "lorikeet-bay",
        "subject": "video-consult",
        "file": os.path.join("clinics", "lorikeet-bay.yaml"),
        "line": "36",
        "documentation": "https://intranet.example.org/telehealth#names",
        "outcome": "failed",
        "finding": "Video Consult is not named as the group names its video appointments",
    }


SOURCE = "--videolink-source=acme://export.json"
FETCHED = "currawong-creek.json::telehealth-video::ACME10-type-name"


def test_the_clinics_of_the_source(installed: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "kept"
    done = run(installed, SOURCE, "--videolink-clinic=*", f"--videolink-snapshot={snapshot}")
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    place = os.path.relpath(snapshot / "currawong-creek.json", EXTENDING)
    for said in (
        "videolink: 2 of 2 clinics of acme://export.json, checked as of 2026-11-23T09:00+11:00\n",
        f"\n{place}:43:15\n   43 | name: Video Consult\n",
        "  Fetched from      acme://export.json#currawong-creek\n",
        f"FAILED kept/{FETCHED} - Video",
        "ConfigurationWarning: Dr Theo Marchetti has no provider number\n",
        "currawong-creek: NOT READY\n",
        "dotterel-point: READY\n",
        "  practice manager, Dashboard > Bookings > Appointment Types\n    1. Video Consult is not",
    ):
        assert said in done.stdout, said
    replayed = run(installed, f"--videolink-source={snapshot}", "--videolink-clinic=*")
    assert outcome_of(replayed) == outcome_of(done)


def outcome_of(done: subprocess.CompletedProcess[str]) -> str:
    """The last line of a run, without its time."""
    return done.stdout.splitlines()[-1].rpartition(" in ")[0]


def test_a_clinic_of_the_source_comes_with_its_neighbour(installed: Path, tmp_path: Path) -> None:
    done = run(
        installed, SOURCE, "--videolink-clinic=dotterel-point", f"--videolink-snapshot={tmp_path}"
    )
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert {file.name for file in tmp_path.glob("[!.]*")} == {
        "currawong-creek.json",
        "dotterel-point.json",
    }


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("acme://missing.json", "FileNotFoundError("),
        ("acme://pytest.ini", "JSONDecodeError("),
    ],
)
def test_an_export_that_cannot_be_read(installed: Path, location: str, why: str) -> None:
    done = run(installed, f"--videolink-source={location}", "--videolink-clinic=*")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {location} is no export of the intranet: {why}" in done.stderr


def test_reports_show_custom_checks_as_they_show_built_in_ones(
    installed: Path, tmp_path: Path
) -> None:
    files = {
        suffix: tmp_path / f"report.{suffix}" for suffix in ("html", "md", "csv", "json", "sarif")
    }
    run(installed, CLINIC, *(f"--videolink-report={file}" for file in files.values()))
    texts = {suffix: file.read_text(encoding="utf-8") for suffix, file in files.items()}
    summary = "Video Consult is not named as the group names its video appointments"
    for suffix, text in texts.items():
        assert summary in text, suffix
        assert "ACME10" in text, suffix
    for suffix in ("html", "md", "json", "sarif"):
        assert "Dr Pryce is trained in January" in texts[suffix], suffix

    (clinic,) = json.loads(texts["json"])["clinics"]
    items = {item["id"]: item for item in clinic["items"]}
    failed = items[ACME10]
    assert (failed["outcome"], failed["line"], failed["column"]) == ("failed", 36, 11)
    assert failed["explained"]["steps"][1] == "Let the name begin with Telehealth Video and save"
    assert items[ACME11]["outcome"] == "waived"
    assert items["clinics/lorikeet-bay.yaml::dr-owen-pryce::ACME01-has-number"]["outcome"] == (
        "warning"
    )

    (sarif,) = json.loads(texts["sarif"])["runs"]
    rules = {rule["id"]: rule for rule in sarif["tool"]["driver"]["rules"]}
    assert "https://intranet.example.org/telehealth#names" in rules["ACME10"]["help"]["text"]
    (result,) = [each for each in sarif["results"] if each["ruleId"] == "ACME10"]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 36
