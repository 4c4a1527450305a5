"""The command to check again works as it is printed, whatever the run was called with."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import CLOCK, Clinics
from support import edited, right_clinic

FAILING = {
    "clinics/harbourside.yaml::VL103-pms-connected",
    "clinics/harbourside.yaml::dr-amara-nwosu::VL201-accepts-video",
}
OFF = {"pms.connected": False, "practitioners.0.accepts_video_appointments": False}
ASKED = "--videolink-clinic=harbourside"

RULES = """\
import pytest_videolink

@pytest_videolink.check(
    "ACME01", "has-number", subject=pytest_videolink.Practitioner, severity="error",
    title="A provider number", at="provider_number", fix=["Ask for it"],
)
def has_number(practitioner):
    \"\"\"Claims need it.\"\"\"
    assert practitioner.id == "dr-li-wei"

def pytest_videolink_checks(config):
    return [has_number]
"""
HIDES = "def pytest_collection_modifyitems(items):\n    items[:] = []\n"
"""A conftest.py with which nothing would be found again."""

RECORDER = """\
class Recorder:
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.skipped:
            kind = "xfailed" if hasattr(report, "wasxfail") else report.outcome
            with open("ran.txt", "a", encoding="utf-8") as file:
                print(report.nodeid, kind, file=file)
            if kind == "failed":
                with open("texts.txt", "a", encoding="utf-8") as file:
                    print(report.longreprtext, end="\\0", file=file)

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())
"""


@dataclass(frozen=True)
class Way:
    """A way to call pytest, and what stands of it in the command."""

    arguments: list[str]
    kept: list[str]
    files: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=lambda: FAILING)
    alone: bool = False
    """Whether it needs a process of its own."""
    autoload: bool = False


NAMED = ["-p", "videolink"]
WAIVER = "{check: VL103, reason: later, owner: Kim, until: 2026-12-31}"

WAYS = {
    "-p NAME": Way(NAMED, NAMED),
    "-pNAME": Way(["-pvideolink"], ["-pvideolink"]),
    "-o behind other letters": Way(
        [*NAMED, "-vo", "videolink_max_age=99"], [*NAMED, "-o", "videolink_max_age=99"]
    ),
    "-p no:NAME": Way([*NAMED, "-p", "no:logging"], [*NAMED, "-p", "no:logging"]),
    "-pno:NAME": Way([*NAMED, "-pno:logging"], [*NAMED, "-pno:logging"]),
    "without our short way": Way([*NAMED, "-p", "no:videolink-lean", "-v"], NAMED),
    "-p of checks of one's own": Way(
        [*NAMED, "-p", "rules"],
        [*NAMED, "-p", "rules"],
        {"rules.py": RULES},
        {*FAILING, "clinics/harbourside.yaml::dr-amara-nwosu::ACME01-has-number"},
    ),
    "--disable-plugin-autoload": Way(
        ["--disable-plugin-autoload", *NAMED],
        [*NAMED, "--disable-plugin-autoload"],
        alone=True,
        autoload=True,
    ),
    "no option, but installed": Way([], [], alone=True, autoload=True),
    "--noconftest": Way(["--noconftest", *NAMED], [*NAMED, "--noconftest"], {"conftest.py": HIDES}),
    "--confcutdir=DIR": Way(
        [*NAMED, "--confcutdir=clinics"],
        [*NAMED, "--confcutdir=clinics"],
        {"conftest.py": HIDES},
    ),
    "--confcutdir DIR": Way(
        [*NAMED, "--confcutdir", "clinics"],
        [*NAMED, "--confcutdir", "clinics"],
        {"conftest.py": HIDES},
    ),
    "--import-mode": Way([*NAMED, "--import-mode=importlib"], [*NAMED, "--import-mode=importlib"]),
    "--runxfail": Way(
        [*NAMED, "--runxfail"],
        [*NAMED, "--runxfail"],
        {"clinics/waived.yaml": f"waivers: [{WAIVER}]"},
        {"clinics/waived.yaml::VL103-pms-connected"},
    ),
    "@FILE": Way(
        [*NAMED, "@args.txt"],
        [*NAMED, "--videolink-max-age=99"],
        {"args.txt": "-rA\n--videolink-max-age=99\n"},
    ),
    "@FILE in a @FILE": Way(
        ["@args.txt", *NAMED],
        [*NAMED, "--confcutdir", "clinics", "--noconftest"],
        {"args.txt": "@more.txt\n--noconftest\n", "more.txt": "--confcutdir\nclinics\n"},
    ),
    "-p in a @FILE, where pytest does not look for it": Way(
        ["@args.txt", *NAMED], NAMED, {"args.txt": "-p\nno:videolink\n"}
    ),
    "@FILE with a source": Way(
        [*NAMED, "@my args.txt"],
        [*NAMED, "--videolink-source", "our clinics"],
        {"my args.txt": "--videolink-source\nour clinics\n", "our clinics/perth.yaml": ""},
        {"our clinics/perth.yaml::VL103-pms-connected"},
    ),
    "--": Way([*NAMED, "--", "clinics"], NAMED),
    "workers": Way([*NAMED, "-p", "xdist", "-n2"], [*NAMED, "-p", "xdist"], alone=True),
    "options of an ini": Way(
        [*NAMED, "-p", "no:logging"],
        [*NAMED, "-p", "no:logging"],
        {"pytest.ini": "[pytest]\naddopts = --videolink-clinic=* -rA\n"},
    ),
}


@pytest.fixture
def project(clinics: Clinics) -> Callable[[Way], Clinics]:
    """Write what a way needs: its failing clinics, and its files."""

    def make(way: Way) -> Clinics:
        root = clinics.pytester.path
        for id in sorted({Path(item.split("::")[0]).stem for item in way.failing}):
            edits = {"pms.connected": False} if id != "harbourside" else OFF
            clinics.write(edited(right_clinic(id, id), edits))
        for name, text in {**way.files, "recorder.py": RECORDER}.items():
            path = root / name
            path.parent.mkdir(exist_ok=True)
            above = (clinics.folder / path.name).read_text() if path.suffix == ".yaml" else ""
            path.write_text(above + text)
        return clinics

    return make


def run(clinics: Clinics, way: Way, *words: str) -> dict[str, str]:
    """The outcomes of what a command runs."""
    root = clinics.pytester.path
    for name in ("ran.txt", "texts.txt"):
        (root / name).write_text("")
    pytester = clinics.pytester
    run = pytester.runpytest_subprocess if way.alone else pytester.runpytest_inprocess
    assert run(*words).ret == pytest.ExitCode.TESTS_FAILED
    lines = (root / "ran.txt").read_text(encoding="utf-8").splitlines()
    return {id: outcome for id, _, outcome in (line.rpartition(" ") for line in lines)}


def commands(clinics: Clinics) -> list[list[str]]:
    """The words of every command that was printed, without the word pytest."""
    texts = (clinics.pytester.path / "texts.txt").read_text(encoding="utf-8").split("\0")[:-1]
    lines = [text.partition("Check again:\n")[2].splitlines()[0] for text in texts]
    return [shlex.split(line)[1:] for line in lines]


@pytest.mark.parametrize("case", WAYS)
def test_the_command_finds_that_item_alone(
    project: Callable[[Way], Clinics], case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = WAYS[case]
    clinics = project(way)
    monkeypatch.syspath_prepend(str(clinics.pytester.path))
    monkeypatch.setenv("PYTHONPATH", str(clinics.pytester.path))
    monkeypatch.setenv("PYTEST_PLUGINS", "recorder")
    if way.autoload:
        monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    asked = [] if "--" in way.arguments or "pytest.ini" in way.files else ["--videolink-clinic=*"]
    outcomes = run(clinics, way, CLOCK, *asked, *way.arguments)
    assert {id for id, outcome in outcomes.items() if outcome == "failed"} == way.failing
    printed = commands(clinics)
    assert len(printed) == len(way.failing)
    found = []
    for words in printed:
        assert [word for word in words if word != CLOCK][: len(way.kept)] == way.kept
        found.append(run(clinics, way, *words))
    assert sorted(found, key=str) == sorted(({id: "failed"} for id in way.failing), key=str)
