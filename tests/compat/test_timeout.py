"""pytest-timeout: it lets what is quick be, and ends a check of one's own that hangs."""

import pytest
from companions import ALL, Fleet, write_fleet

COMPANION = "pytest-timeout"
HANGS = """

import time
import pytest_videolink


@pytest_videolink.check(
    "ACME01", "hangs", subject=pytest_videolink.Clinic, fix=["Wait for {clinic.name}"]
)
def hangs(clinic):
    "It never answers."
    time.sleep(60)


def pytest_videolink_checks(config):
    return [hangs]
"""


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_what_is_quick(fleet: Fleet, method: str) -> None:
    fleet.run(ALL, "--timeout=30", f"--timeout-method={method}", beside=[COMPANION]).check()


def test_a_check_that_hangs(fleet: Fleet) -> None:
    project = fleet.written / "project"
    project.mkdir()
    write_fleet(project)
    with (project / "conftest.py").open("a") as file:
        file.write(HANGS)
    hanging = Fleet(project, fleet.written)
    result = hanging.run("--videolink-clinic=harbourside", "--timeout=1", beside=[COMPANION])
    assert result.code == 1
    wrong = [(id, kind) for id, kind in result.items if kind != "passed"]
    assert wrong == [("clinics/harbourside.yaml::ACME01-hangs", "failed")]
    assert "Timeout (>1.0s)" in result.text
    assert "harbourside: READY" not in result.text
