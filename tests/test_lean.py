"""The short way through pytest's protocol is told from pytest's own by nothing but time."""

from __future__ import annotations

import gc
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import CLOCK, Clinics
from support import edited, right_clinic

EXAMPLES = Path(__file__).parent.parent / "examples" / "clinics"

LONG_WAY = ("-p", "no:videolink-lean")

SHUFFLED = """\
import random

def pytest_collection_modifyitems(items):
    random.Random({seed}).shuffle(items)
"""


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    """Clinics that end in every way there is, in two folders, and one that nobody can read."""
    for name in ("jabiru-lane.yaml", "karri-tide.json", "south-australia/quandong-row.yaml"):
        clinics.write_file(name, (EXAMPLES / name).read_bytes())
    clinics.write(unreadable="pms: {system: zedmed, database: OF-ITS-OWN}\nclinic: ]")
    clinics.write(
        edited(
            right_clinic("quarry", "QUARRY-SQL"),
            {
                "practitioners.1.visible_for_online_bookings": None,
                "practitioners.0.accepts_video_appointments": False,
                "pms.appointment_types": None,
                "appointments": [
                    {
                        "id": "7",
                        "practitioner": "dr-li-wei",
                        "pms_type": "29",
                        "created": "2026-11-23T08:55:00+11:00",
                        "starts": "2026-11-24T09:30:00+11:00",
                        "link": False,
                    }
                ],
            },
        )
    )
    return clinics


def told(clinics: Clinics, *arguments: str) -> tuple[list[Any], int, Counter[str]]:
    """Every report of a run without its times, its exit code, and which hooks it called."""
    recorder = clinics.pytester.inline_run(
        "-p", "videolink", CLOCK, "--videolink-clinic=*", *arguments
    )
    reports = [
        {
            "nodeid": report.nodeid,
            "keywords": dict(report.keywords),
            "longrepr": str(report.longrepr),
            **{
                name: value
                for name, value in vars(report).items()
                if name
                not in (
                    "_id",
                    "keywords",
                    "longrepr",
                    "start",
                    "stop",
                    "duration",
                    "_report_unserialize_failure",
                )
                and not name.startswith("worker")
                and name not in ("node", "item_index", "testrun_uid")
            },
        }
        for report in recorder.getreports("pytest_runtest_logreport")
    ]
    calls = Counter(call._name for call in recorder.calls)
    return reports, int(recorder.ret), calls


FLAGS = (
    (),
    ("-v",),
    ("-q",),
    ("-rA",),
    ("-s",),
    ("-x",),
    ("--maxfail=3",),
    ("--tb=short",),
    ("--tb=no",),
    ("--durations=0", "-vv"),
    ("--junitxml=out.xml",),
    ("--junitxml=out.xml", "-o", "junit_family=xunit1"),
    ("--capture=sys",),
    ("--strict-markers",),
    ("--log-level=DEBUG",),
    ("-o", "log_cli=true"),
    ("-p", "no:logging"),
    ("-p", "no:skipping"),
    pytest.param(
        ("-p", "no:warnings"),
        marks=pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning"),
    ),
    ("-p", "no:terminal"),
    ("-k", "VL500"),
    ("-m", 'videolink(severity="error")'),
    ("--videolink-no-waivers",),
    ("--videolink-shard=1/2",),
    ("-W", "error::pytest_videolink.ConfigurationWarning"),
    ("-W", "ignore::pytest_videolink.ConfigurationWarning"),
)
"""What a run that goes the short way may be called with."""


HEARD = (
    "pytest_runtest_logstart",
    "pytest_runtest_logreport",
    "pytest_runtest_logfinish",
    "pytest_runtest_protocol",
    "pytest_exception_interact",
    "pytest_warning_recorded",
)


@pytest.mark.parametrize("flags", FLAGS, ids=" ".join)
def test_the_same_reports(fleet: Clinics, flags: tuple[str, ...]) -> None:
    short, code, hooks = told(fleet, *flags)
    long, code_of_long, hooks_of_long = told(fleet, *flags, *LONG_WAY)
    assert short == long
    assert code == code_of_long
    for name in HEARD:
        assert hooks[name] == hooks_of_long[name], name
    for name in ("setup", "call"):
        assert hooks[f"pytest_runtest_{name}"] < hooks_of_long[f"pytest_runtest_{name}"]


def test_the_same_reports_of_known_findings(fleet: Clinics) -> None:
    fleet.outcomes("--videolink-clinic=*", "--videolink-report=then.json")
    flags = ("--videolink-since=then.json", "--videolink-fail-on=new")
    short, code, _ = told(fleet, *flags)
    assert (short, code) == told(fleet, *flags, *LONG_WAY)[:2]
    assert any("known since" in str(report.get("wasxfail")) for report in short)


OTHERS_FLAGS = (
    ("--setup-show",),
    ("--setup-only",),
    ("--setup-plan",),
    ("--runxfail",),
    ("--trace",),
)
"""What makes a run go pytest's own way."""


@pytest.mark.parametrize("flags", OTHERS_FLAGS, ids=" ".join)
def test_the_long_way_where_it_is_watched(fleet: Clinics, flags: tuple[str, ...]) -> None:
    reports, code, hooks = told(fleet, *flags)
    assert (reports, code) == told(fleet, *flags, *LONG_WAY)[:2]
    assert hooks["pytest_runtest_setup"] == hooks["pytest_runtest_protocol"]


@pytest.mark.parametrize("hook", ["protocol", "setup", "call", "teardown", "makereport"])
def test_the_long_way_where_somebody_takes_part(fleet: Clinics, hook: str) -> None:
    more = (
        ", call"
        if hook == "makereport"
        else ", nextitem"
        if hook in ("protocol", "teardown")
        else ""
    )
    fleet.pytester.makeconftest(
        f"def pytest_runtest_{hook}(item{more}):\n    print('seen', item.name)\n"
    )
    _, _, hooks = told(fleet)
    assert hooks["pytest_runtest_setup"] == hooks["pytest_runtest_protocol"]


def test_the_long_way_among_other_tests(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(test_a="def test_a(): pass")
    _, _, hooks = told(fleet, "clinics", "test_a.py")
    assert hooks["pytest_runtest_setup"] == hooks["pytest_runtest_protocol"]


def test_the_long_way_of_an_item_that_somebody_has_marked(fleet: Clinics) -> None:
    fleet.pytester.makeconftest(
        "import pytest\n\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        if 'VL103' in item.name:\n"
        "            item.add_marker(pytest.mark.skip(reason='not today'))\n"
    )
    reports, code, _ = told(fleet)
    assert (reports, code) == told(fleet, *LONG_WAY)[:2]
    assert any("not today" in report["longrepr"] for report in reports)


def test_the_long_way_of_a_check_of_ones_own(fleet: Clinics) -> None:
    fleet.pytester.makeconftest(
        "from pytest_videolink import Clinic, check\n\n"
        "@check('ACME01', 'talks', subject=Clinic, fix=['Nothing'])\n"
        "def talks(clinic):\n"
        "    'Nobody minds.'\n"
        "    print('said by', clinic.id)\n\n"
        "def pytest_videolink_checks(config):\n"
        "    return [talks]\n"
    )
    reports, code, _ = told(fleet)
    assert (reports, code) == told(fleet, *LONG_WAY)[:2]
    said = [report["sections"] for report in reports if "ACME01" in report["nodeid"]]
    assert any(("Captured stdout setup", "said by quarry\n") in sections for sections in said)


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order(fleet: Clinics, seed: int) -> None:
    """What pytest has set up for an item is taken down before the next one needs it gone."""
    fleet.pytester.makeconftest(SHUFFLED.format(seed=seed))
    reports, code, hooks = told(fleet)
    assert (reports, code) == told(fleet, *LONG_WAY)[:2]
    assert not any(report["when"] != "call" and report["outcome"] == "failed" for report in reports)
    assert hooks["pytest_runtest_setup"] < hooks["pytest_runtest_protocol"]


@pytest.mark.parametrize("again", ["--lf", "--ff", "--sw", "--nf"])
def test_a_second_run(fleet: Clinics, again: str) -> None:
    runs = []
    for way in ((), LONG_WAY):
        shutil.rmtree(fleet.pytester.path / ".pytest_cache", ignore_errors=True)
        runs.append([told(fleet, *way, *more)[:2] for more in ((), (again,))])
    assert runs[0] == runs[1]


def _plain(text: str) -> str:
    return re.sub(r"\d+\.\d+s( \(\d+:\d+:\d+\))?", "", text)


@pytest.mark.parametrize(
    "flags",
    [(), ("-v",), ("-q",), ("-rA",), ("-x",), ("--tb=line",), ("-o", "console_output_style=count")],
    ids=" ".join,
)
def test_the_same_on_the_terminal(fleet: Clinics, flags: tuple[str, ...]) -> None:
    short, long = (fleet.run("--videolink-clinic=*", *flags, *way) for way in ((), LONG_WAY))
    assert _plain(short.stdout.str()) == _plain(long.stdout.str())
    assert short.ret == long.ret


def test_the_same_durations(fleet: Clinics) -> None:
    def shown(*way: str) -> list[str]:
        result = fleet.run("--videolink-clinic=*", "--durations=0", "-vv", *way)
        return sorted(
            line
            for line in map(_plain, result.outlines)
            if re.match(r" (setup|call|teardown) ", line)
        )

    assert shown() == shown(*LONG_WAY)
    assert " setup    clinics/quarry.yaml::VL103-pms-connected" in shown()


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_the_same_junit(fleet: Clinics, family: str) -> None:
    def written(*way: str) -> str:
        fleet.run(
            "--videolink-clinic=*", "--junitxml=out.xml", "-o", f"junit_family={family}", *way
        )
        root = ElementTree.parse(fleet.pytester.path / "out.xml").getroot()
        for element in root.iter():
            for name in ("time", "timestamp"):
                element.attrib.pop(name, None)
        return ElementTree.tostring(root, encoding="unicode")

    assert written() == written(*LONG_WAY)


@pytest.mark.parametrize("dist", ["load", "each"])
def test_the_same_with_workers(fleet: Clinics, dist: str) -> None:
    pytest.importorskip("xdist")
    flags = ("-p", "xdist", "--dist", dist, "--tx", "2*popen")

    def by_id(*way: str) -> tuple[list[Any], int]:
        reports, code, _ = told(fleet, *flags, *way)
        return sorted(reports, key=lambda report: (report["nodeid"], report["when"])), code

    assert by_id() == by_id(*LONG_WAY)


COLLECTOR = """\
import gc

STATES, BEFORE = [], gc.get_freeze_count()

def state():
    return gc.isenabled(), gc.get_freeze_count() > BEFORE

def pytest_itemcollected(item):
    STATES.append(("collecting", *state()))

def pytest_runtest_logreport(report):
    STATES.append(("running", *state()))

def pytest_unconfigure(config):
    STATES.append(("unconfigured", *state()))
    print("states:", sorted(set(STATES)))
"""

FREE, OFF = (True, False), (False, False)
FROZEN = (True, hasattr(gc, "freeze"))
"""Also where Python itself begins with some objects frozen, as 3.12 does."""


@pytest.mark.parametrize(
    ("arguments", "during"),
    [
        (("--videolink-clinic=*",), (OFF, FROZEN)),
        (("--videolink-clinic=*", *LONG_WAY), (FREE, FREE)),
        (("--videolink-clinic=*", "--setup-show"), (OFF, FREE)),
        (("clinics", "test_a.py"), (OFF, FREE)),
        (("test_a.py",), (FREE, FREE)),
    ],
    ids=lambda each: " ".join(each) if isinstance(each[0], str) else "",
)
def test_the_garbage_collector_passes_over_a_run_of_clinics_alone(
    fleet: Clinics, arguments: tuple[str, ...], during: tuple[tuple[bool, bool], ...]
) -> None:
    """And by the time that pytest looks for what could not be raised, it passes over nothing."""
    fleet.pytester.makeconftest(COLLECTOR)
    fleet.pytester.makepyfile(test_a="def test_a(): pass")
    done = fleet.pytester.runpytest_subprocess("-p", "videolink", CLOCK, *arguments)
    collecting, running = during
    states = [("collecting", *collecting), ("running", *running), ("unconfigured", *FREE)]
    assert f"states: {sorted(states)}" in done.stdout.str()


@pytest.mark.parametrize("is_on", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("end", ["pass", "pytest.exit('enough')", "raise RuntimeError"])
def test_the_garbage_collector_is_as_it_was_after_a_run(
    fleet: Clinics, end: str, is_on: bool
) -> None:
    fleet.pytester.makeconftest(
        "import pytest\n\ndef pytest_runtest_logreport(report):\n"
        f"    if 'VL103' in report.nodeid:\n        {end}\n"
    )
    before = gc.isenabled(), gc.get_freeze_count()
    try:
        if not is_on:
            gc.disable()
        fleet.pytester.runpytest_inprocess("-p", "videolink", CLOCK, "--videolink-clinic=*")
        assert (gc.isenabled(), gc.get_freeze_count()) == (is_on, before[1])
    finally:
        gc.enable()


def test_a_python_whose_collector_freezes_nothing(
    fleet: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PyPy is one."""
    usual = fleet.outcomes("--videolink-clinic=*")
    for name in ("freeze", "unfreeze", "get_freeze_count"):
        monkeypatch.delattr(gc, name, raising=False)
    assert fleet.outcomes("--videolink-clinic=*") == usual != {}


LOSER = """\
class Lost:
    def __init__(self):
        self.itself = self

    def __del__(self):
        raise RuntimeError("nobody catches this")

kept = []

def pytest_configure(config):
    kept.append(Lost())

def pytest_sessionfinish(session):
    kept.clear()
"""


def test_pytest_still_finds_what_others_have_lost(fleet: Clinics) -> None:
    """A cycle that was there before the clinics, and is let go of when the run is over."""
    fleet.pytester.makeconftest(LOSER)
    for way in ((), LONG_WAY):
        done = fleet.pytester.runpytest_subprocess(
            "-p", "videolink", CLOCK, "--videolink-clinic=karri-tide", *way
        )
        assert "nobody catches this" in done.stdout.str() + done.stderr.str()
        assert "PytestUnraisableExceptionWarning" in done.stdout.str() + done.stderr.str()


KEEPER = """\
import pytest

class Keeper:
    def pytest_collection_finish(self, session):
        self.session = session

keeper = Keeper()
pytest.main(["-p", "videolink", "{clock}", "--videolink-clinic=*"], plugins=[keeper])
print("kept:", len(keeper.session.items))
"""

WEAK = """\
import atexit, weakref

there = weakref.WeakSet()
atexit.register(lambda: print("left:", len(there)))

def pytest_collection_finish(session):
    there.update(session.items)
"""


def test_what_ran_is_let_go_of_at_the_end(fleet: Clinics) -> None:
    fleet.pytester.makeconftest(WEAK)
    # Of the last failure that went pytest's own way Python keeps the traceback, and so the item.
    asked = ("--videolink-clinic=quarry", "--videolink-clinic=karri-tide")
    done = fleet.pytester.runpytest_subprocess("-p", "videolink", CLOCK, *asked)
    assert "left: 0" in done.stdout.str()


def test_what_ran_is_there_for_whoever_may_look_at_it(fleet: Clinics) -> None:
    script = fleet.pytester.makepyfile(keeper=KEEPER.format(clock=CLOCK))
    assert "kept: 0" not in fleet.pytester.runpython(script).stdout.str()
    fleet.pytester.makeconftest(
        "def pytest_unconfigure(config):\n"
        "    print('kept:', len(config.pluginmanager.get_plugin('session').items))\n"
    )
    done = fleet.pytester.runpytest_subprocess("-p", "videolink", CLOCK, "--videolink-clinic=*")
    assert "kept: " in done.stdout.str()
    assert "kept: 0" not in done.stdout.str()
