"""pytest-cov: what runs while clinics are checked is measured, the project's checks included."""

import json

import pytest
from companions import ALL, Fleet, write_fleet

COMPANION = "pytest-cov"
CHECKS = """\
import pytest_videolink


@pytest_videolink.check(
    "ACME01", "named", subject=pytest_videolink.Clinic, fix=["Name {clinic.name}"]
)
def named(clinic):
    "Nobody knows which clinic it is."
    if not clinic.name:
        yield "no name"
"""
HOOK = """

import acme


def pytest_videolink_checks(config):
    return [acme.named]
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_a_check_of_the_project_is_measured(fleet: Fleet, workers: list[str]) -> None:
    project = fleet.written / "project"
    project.mkdir()
    write_fleet(project)
    (project / "acme.py").write_text(CHECKS)
    with (project / "conftest.py").open("a") as file:
        file.write(HOOK)
    result = Fleet(project, fleet.written).run(
        "--videolink-clinic=harbourside",
        "--cov=acme",
        "--cov-report=json:{}/coverage.json",
        *workers,
        beside=[COMPANION, *(["pytest-xdist"] if workers else [])],
    )
    assert result.code == 0, result.text
    measured = json.loads((fleet.written / "coverage.json").read_text())["files"]["acme.py"]
    assert measured["missing_lines"] == [CHECKS.splitlines().index('        yield "no name"') + 1]


def test_the_plugin_itself_is_measured(fleet: Fleet) -> None:
    options = ["--cov=pytest_videolink", "--cov-report=json:{}/coverage.json"]
    fleet.run(ALL, *options, beside=[COMPANION]).check()
    files = json.loads((fleet.written / "coverage.json").read_text())["files"]
    (judge,) = (file for name, file in files.items() if name.endswith("judge.py"))
    assert judge["summary"]["percent_covered"] > 70
