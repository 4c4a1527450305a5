"""A small fleet with every outcome in it, and ways to check it beside another plugin."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import processes
from support import REMOVED, edited, judged, right_clinic, to_yaml

ALL = "--videolink-clinic=*"
ERROR = "Dr Amara Nwosu does not accept video appointments"
"""What the failure of VL201 says first."""

NOT_PASSED = {
    "clinics/bayview.yaml::dr-amara-nwosu::VL201-accepts-video": "failed",
    "clinics/bayview.yaml::dr-amara-nwosu::telehealth-video::VL500-link-expected": "skipped",
    "clinics/bayview.yaml::VL102-synced-recently": "skipped",
    "clinics/bayview.yaml::VL103-pms-connected": "xfailed",
    "clinics/bayview.yaml::dr-li-wei::telehealth-video::VL500-link-expected": "skipped",
    "clinics/perth.yaml::VL001-valid-document": "failed",
}
"""The outcomes of the fleet's items that do not pass."""

WARNED = "clinics/bayview.yaml::VL601-approval-automatic"
FAILED = [id for id, outcome in NOT_PASSED.items() if outcome == "failed"]
SKIPPED = {id for id, outcome in NOT_PASSED.items() if outcome == "skipped"}

BAYVIEW = edited(
    right_clinic("bayview", "BAYVIEW"),
    {
        "practitioners.0.accepts_video_appointments": False,
        "dashboard.new_patient_approval": "manual",
        "dashboard.last_synced": REMOVED,
        "pms.connected": False,
        "waivers": [{"check": "VL103", "reason": "moving", "owner": "Kim", "until": "2026-12-31"}],
    },
)
"""A clinic with every outcome."""

RIGHT = right_clinic()
ITEMS = len(judged(RIGHT)) + len(judged(BAYVIEW)) + 1
PASSED = ITEMS - len(NOT_PASSED)

TESTS = """\
import warnings

import pytest


def test_right():
    warnings.warn("an ordinary warning", UserWarning)


def test_wrong():
    assert 1 + 1 == 3


@pytest.mark.skip(reason="not today")
def test_skipped():
    pass
"""

RECORDER = """\
import json


class Recorder:
    def __init__(self, file):
        self.file = file
        self.items = []

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            kind = "xfailed" if hasattr(report, "wasxfail") else report.outcome
            self.items.append((report.nodeid, kind))

    def pytest_unconfigure(self):
        with open(self.file, "w") as file:
            json.dump(self.items, file)


def pytest_addoption(parser):
    parser.addoption("--outcomes", dest="outcomes")


def pytest_configure(config):
    if config.option.outcomes and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(config.option.outcomes))
"""


def plugins_of(companions: Iterable[str]) -> list[str]:
    """``-p`` and the name of each plugin that a distribution brings; skips where it is missing."""
    options: list[str] = []
    for name in companions:
        try:
            points = distribution(name).entry_points.select(group="pytest11")
        except PackageNotFoundError:
            processes.cannot(f"{name} is not installed: pip install '.[compat]'")
        for point in points:
            options += ["-p", point.name]
    return options


@dataclass(frozen=True)
class Result:
    """A run that has ended: its exit code, what it said, and the outcome of each item it ran."""

    code: int
    text: str
    items: list[tuple[str, str]]

    def having(self, items: list[tuple[str, str]]) -> Result:
        """The same run with these items instead."""
        return Result(self.code, self.text, items)

    @property
    def outcomes(self) -> dict[str, str]:
        """By node id; an item that was run more than once is an error."""
        often = [id for id, count in Counter(id for id, _ in self.items).items() if count > 1]
        assert often == []
        return dict(self.items)

    def check(self) -> None:
        """Every item of the fleet was run once, came to what it has to, and was accounted for."""
        clinics = {id: kind for id, kind in self.outcomes.items() if id.startswith("clinics/")}
        wrong = {id: kind for id, kind in clinics.items() if kind != "passed"}
        assert wrong == NOT_PASSED, self.text
        assert (len(clinics), self.code) == (ITEMS, 1)
        closing = self.text.rpartition("= videolink =")[2]
        assert "bayview: NOT READY" in closing
        assert "harbourside: READY" in closing
        assert "perth: UNKNOWN" in closing


@dataclass
class Fleet:
    """The fleet's project, which all cases share and none writes to; each has a folder of its own
    for what it writes.
    """

    folder: Path
    written: Path

    def own(self, conftest: str = "", **modules: str) -> Fleet:
        """The same fleet in the case's own folder, with more in its conftest.py, and modules."""
        folder = self.written / "project"
        folder.mkdir()
        write_fleet(folder)
        (folder / "conftest.py").write_text(RECORDER + conftest)
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text)
        return Fleet(folder, self.written)

    def run(
        self, *arguments: str, beside: Iterable[str], variables: Mapping[str, str] | None = None
    ) -> Result:
        """Check the fleet beside these companions, and pytest-xdist where workers are asked for.

        ``{}`` stands for the case's own folder.
        """
        xdist = ["pytest-xdist"] if "-n" in arguments else []
        outcomes = self.written / "outcomes.json"
        done = processes.run(
            self.folder,
            *plugins_of(sorted({*beside, *xdist})),
            "-p",
            "no:cacheprovider",
            f"--outcomes={outcomes}",
            *(argument.replace("{}", str(self.written)) for argument in arguments),
            variables={"COLUMNS": "200", "NO_COLOR": "1", **(variables or {})},
        )
        items = json.loads(outcomes.read_text()) if outcomes.exists() else []
        return Result(done.code, done.text, [(id, kind) for id, kind in items])


def write_fleet(folder: Path) -> None:
    """A clinic that is right, one with every outcome, one that cannot be read; ordinary tests."""
    clinics = folder / "clinics"
    clinics.mkdir()
    for document in (RIGHT, BAYVIEW):
        (clinics / f"{document['clinic']}.yaml").write_text(to_yaml(document), encoding="utf-8")
    (clinics / "perth.yaml").write_text(
        "videolink: 1\nclinic: perth\npms: {system: zedmed, database: PERTH}\n"
    )
    (folder / "test_ordinary.py").write_text(TESTS)
    (folder / "conftest.py").write_text(RECORDER)
    (folder / "pytest.ini").write_text("[pytest]\n")
