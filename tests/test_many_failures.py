"""A run with many failures does not search every passing report for each of them."""

from __future__ import annotations

import pytest
from conftest import Clinics
from support import edited, right_clinic

WATCH = """\
import pytest

@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    ours = [each.nodeid for each in terminalreporter.getreports("") if "clinics/" in each.nodeid]
    print(f"searched: {sorted(set(ours))}")
"""

PRINTS = """\
def pytest_runtest_teardown(item):
    if item.name.startswith("VL102"):
        print("let go of it")
"""


@pytest.fixture
def failing(clinics: Clinics) -> Clinics:
    clinics.write(edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False}))
    return clinics


def test_passing_set_ups_and_tear_downs_are_not_searched(failing: Clinics) -> None:
    failing.pytester.makeconftest(WATCH)
    result = failing.run("--videolink-clinic=harbourside")
    result.stdout.fnmatch_lines(["searched: []", "*1 failed, * passed*"])


def test_what_a_tear_down_prints_is_still_shown(failing: Clinics) -> None:
    failing.pytester.makeconftest(WATCH + PRINTS)
    result = failing.run("--videolink-clinic=harbourside", "-rA")
    result.stdout.fnmatch_lines(
        [
            "*Captured stdout teardown*",
            "let go of it",
            "searched: ['clinics/harbourside.yaml::VL102-synced-recently']",
        ]
    )


def test_the_reports_of_other_tests_stay_where_they_were(failing: Clinics) -> None:
    failing.pytester.makeconftest(WATCH.replace('if "clinics/" in each.nodeid', ""))
    failing.pytester.makepyfile(test_a="def test_a(): pass")
    result = failing.run("--videolink-clinic=harbourside", "test_a.py")
    result.stdout.fnmatch_lines(["searched: ['test_a.py::test_a']", "*1 failed, * passed*"])


ASKS = """\
import pytest

class Asks:
    def __init__(self, config):
        self.config = config
        self.told = set()

    def pytest_runtest_logreport(self, report):
        hook = self.config.hook.pytest_report_teststatus
        self.told.add((report.when, hook(report=report, config=self.config)[0]))

    def pytest_terminal_summary(self):
        print(f"told: {sorted(self.told)}")

def pytest_configure(config):
    config.pluginmanager.register(Asks(config))
"""


def test_other_plugins_are_told_of_them_as_of_any_test(failing: Clinics) -> None:
    failing.pytester.makeconftest(ASKS)
    result = failing.run("--videolink-clinic=harbourside", "-k", "VL201")
    told = [("call", "failed"), ("call", "passed"), ("setup", ""), ("teardown", "")]
    assert f"told: {told}" in result.stdout.lines
