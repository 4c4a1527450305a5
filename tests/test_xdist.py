"""Several processes: one fetch, one clock, and the same bytes for all, on other machines too."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from service import YAML, Handler, Service
from support import Document, edited, right_clinic, to_yaml

from pytest_videolink.session import xdist
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet

ALL = "--videolink-clinic=*"
Serve = Callable[..., Service]


def clinic(id: str, database: str, *shares: str, **edits: Any) -> Document:
    return edited(right_clinic(id, database), {"pms.shares_database_with": list(shares), **edits})


def run(clinics: Clinics, *arguments: str) -> pytest.RunResult:
    """Run pytest with xdist in a process of its own."""
    plugins = ("-p", "xdist", "-p", "videolink", "-p", "no:cacheprovider")
    return clinics.pytester.runpytest_subprocess(*plugins, CLOCK, *arguments)


def finished(result: pytest.RunResult) -> list[str]:
    """The closing section and the summary, which are the same however many processes there are."""
    lines = result.stdout.lines
    start = next(place for place, line in enumerate(lines) if "= videolink =" in line)
    closing = lines[start:-1]
    failed = closing.index(next(line for line in closing if "short test summary" in line))
    return closing[:failed] + sorted(closing[failed:])


def test_four_workers_and_a_service_that_answers_differently_each_time(
    clinics: Clinics, serve: Serve
) -> None:
    service = serve(right_clinic(), clinic("bayview", "BAY"))
    switch = itertools.cycle(["true", "false"])

    def answer(handler: Handler) -> None:
        text = service.documents["bayview"].replace(
            "accepts_video_appointments: true", f"accepts_video_appointments: {next(switch)}"
        )
        handler.say(text.encode(), YAML)

    service.answers["/clinics/bayview"] = answer
    result = run(clinics, ALL, f"--videolink-source={service.url}", "-n", "4")
    assert service.calls == {"/clinics": 1, "/clinics/bayview": 1, "/clinics/harbourside": 1}
    assert result.ret == pytest.ExitCode.OK
    # The next answer of the same service, to the next run.
    result = run(clinics, ALL, f"--videolink-source={service.url}", "-n", "4")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["bayview: NOT READY"])


@pytest.mark.parametrize(("minutes", "code"), [(1, 0), (60, 1)])
@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["one", "two"])
def test_a_clock_that_is_behind_the_records(
    clinics: Clinics, processes: list[str], minutes: int, code: int
) -> None:
    """The clock of this machine, and not one that is given, which is taken as it is."""
    as_of = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    stamp = as_of.isoformat(timespec="seconds")
    clinics.write(edited(right_clinic(), {"as_of": stamp, "dashboard.last_synced": stamp}))
    plugins = ("-p", "xdist", "-p", "videolink", "-p", "no:cacheprovider", ALL, *processes)
    assert clinics.pytester.runpytest_subprocess(*plugins).ret == code
    now = (as_of - timedelta(minutes=1)).isoformat()
    given = clinics.pytester.runpytest_subprocess(*plugins, f"--videolink-now={now}")
    assert given.ret == pytest.ExitCode.TESTS_FAILED
    given.stdout.fnmatch_lines(["*is dated in the future*"])


MODES = [["--dist=load"], ["--dist=loadfile"], ["--dist=loadscope"], ["--dist=worksteal"]]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode[0].removeprefix("--dist="))
def test_the_outcome_is_that_of_one_process(
    clinics: Clinics, serve: Serve, mode: list[str]
) -> None:
    wrong = clinic("bayview", "DB", **{"practitioners.0.accepts_video_appointments": False})
    service = serve(right_clinic(), wrong, clinic("north", "DB", "bayview"))
    source = f"--videolink-source={service.url}"
    alone = run(clinics, ALL, source)
    several = run(clinics, ALL, source, "-n", "2", *mode)
    assert finished(several) == finished(alone)
    assert several.ret == alone.ret == pytest.ExitCode.TESTS_FAILED
    assert several.parseoutcomes() == alone.parseoutcomes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-n", "2", "clinics/harbourside.yaml::VL103-pms-connected"],
        ["-n", "3", "--dist=loadfile", ALL],
    ],
    ids=["one item", "one file"],
)
def test_a_worker_that_has_nothing_to_run(harbourside: Clinics, arguments: list[str]) -> None:
    """Where there are fewer items than workers, or files, one that is idle ends like any other."""
    result = run(harbourside, *arguments)
    assert result.ret == pytest.ExitCode.OK
    assert "node down" not in result.stdout.str()
    assert "replacing" not in result.stdout.str()


@pytest.mark.parametrize("kind", ["service", "folder"])
def test_workers_elsewhere_without_the_files(
    clinics: Clinics, serve: Serve, tmp_path: Path, kind: str
) -> None:
    """Workers whose current folder, rootdir and settings are others, and who see no clinic file."""
    wrong = clinic("bayview", "DB", **{"practitioners.0.accepts_video_appointments": False})
    documents = (wrong, clinic("north", "DB", "bayview"))
    clinics.pytester.makeini("[pytest]\nvideolink_max_age = 0\n")
    if kind == "service":
        source = f"--videolink-source={serve(*documents).url}"
    else:
        clinics.write(*documents)
        source = "--videolink-source=clinics"
    one = "--videolink-clinic=bayview"
    alone = run(clinics, one, source)
    away = tmp_path / "another machine"
    away.mkdir()
    hide = clinics.pytester.makepyfile(
        hide="""
        import pathlib
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(config):
            if hasattr(config, "workerinput"):
                real = pathlib.Path.is_dir
                hidden = ("clinics", ".videolink")
                pathlib.Path.is_dir = lambda path: path.name not in hidden and real(path)
        """
    )
    several = run(
        clinics, one, source, "-p", hide.stem, "--dist=load", f"--tx=2*popen//chdir={away}"
    )
    assert several.parseoutcomes() == alone.parseoutcomes(), several.stdout
    assert several.ret == alone.ret == pytest.ExitCode.TESTS_FAILED
    assert finished(several) == finished(alone)


def test_a_worker_with_other_checks(clinics: Clinics) -> None:
    """As where another version of the plugin is installed on another machine."""
    clinics.write(right_clinic())
    clinics.pytester.makeconftest(
        """
        import pytest
        from pytest_videolink.checks import builtin

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(config):
            if hasattr(config, "workerinput"):
                builtin.CATALOGUE = builtin.CATALOGUE[:-1]
        """
    )
    result = run(clinics, ALL, "-n", "2")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "ERROR: a worker of xdist has other checks of clinics/harbourside.yaml than its",
            "controller: have the same version of pytest-videolink, and of what adds checks,",
            "on both",
        ]
    )


SHEET = """\
ApptID,Patient,Mobile,Provider,Type,Booked,Start,VideoURL
A-1,Mary Quinn,0400 111 222,dr-amara-nwosu,29,2026-11-20T15:40,2026-11-24T09:30,https://room.example/s3cret
A-2,Omar Haddad,0400 333 444,dr-amara-nwosu,29,2026-11-20T15:45,2026-11-24T10:30,
"""
COLUMNS = {
    "id": "ApptID",
    "practitioner": "Provider",
    "pms_type": "Type",
    "created": "Booked",
    "starts": "Start",
    "link": "VideoURL",
}


def test_workers_get_the_named_columns_of_a_sheet_and_never_the_sheet(clinics: Clinics) -> None:
    sheet = {"csv": "day.csv", "columns": COLUMNS}
    clinics.write({**right_clinic(), "appointments": sheet})
    clinics.write_file("day.csv", SHEET)
    alone = run(clinics, ALL)
    clinics.pytester.makeconftest(
        f"""
        import builtins, pathlib
        import pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(config):
            handed = getattr(config, "workerinput", {{}}).get("videolink")
            if handed is not None:
                for private in ("Mary", "Quinn", "0400", "s3cret", "Omar"):
                    assert private not in repr(handed)
                assert "A-1" in repr(handed)
                pathlib.Path({str(clinics.folder / "day.csv")!r}).unlink(missing_ok=True)
        """
    )
    several = run(clinics, ALL, "-n", "2")
    assert several.parseoutcomes() == alone.parseoutcomes(), several.stdout
    assert several.parseoutcomes()["failed"] == 1
    assert not (clinics.folder / "day.csv").exists()


BROKEN = {
    "a sheet with a bad time": SHEET.replace("2026-11-24T09:30", "tomorrow"),
    "a sheet without a column": SHEET.replace("VideoURL", "URL"),
    "no sheet": None,
}


@pytest.mark.parametrize("case", BROKEN)
def test_workers_say_the_same_of_a_sheet_that_is_broken(clinics: Clinics, case: str) -> None:
    clinics.write({**right_clinic(), "appointments": {"csv": "day.csv", "columns": COLUMNS}})
    text = BROKEN[case]
    if text is not None:
        clinics.write_file("day.csv", text)
    alone, several = run(clinics, ALL), run(clinics, ALL, "-n", "1")
    assert finished(several) == finished(alone)
    assert failures(several) == failures(alone)
    assert "day.csv" in failures(several)[1]


def failures(result: pytest.RunResult) -> list[str]:
    """What is told of each failure, without which worker it was."""
    lines = str(result.stdout).partition("= FAILURES =")[2].partition("= videolink =")[0]
    return [line for line in lines.splitlines()[1:-1] if not line.startswith("[gw")]


def test_what_is_handed_over_is_plain(tmp_path: Path) -> None:
    """xdist sends nothing else."""
    documents = [
        right_clinic(),
        clinic("north", "HARBOUR-SQL01"),
        clinic("far", "FAR"),
    ]
    for document in documents:
        (tmp_path / f"{document['clinic']}.yaml").write_text(to_yaml(document), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("pms: [", encoding="utf-8")
    folder = Directory(tmp_path)
    fleet = Fleet(folder, [each for each in folder.entries() if each.id == "harbourside"])
    handed = xdist.hand_over(fleet)
    assert json.loads(json.dumps(handed, default=bytes.decode))
    # Of a clinic that is no concern only its name is handed over.
    assert [Path(file).name for file in handed["records"]] == [
        "broken.yaml",
        "harbourside.yaml",
        "north.yaml",
    ]
    there = xdist.take_over(handed)
    here, taken = (each.record(each.selected[0]).clinic for each in (fleet, there))
    assert here is not None
    assert taken is not None
    assert taken.name == here.name
    assert len(taken.appointment_types) == len(here.appointment_types) == 2
    assert there.neighbours(taken).unreadable == fleet.neighbours(here).unreadable != ()
    assert [each.id for each in there.neighbours(taken).sharing] == ["north"]
    assert there.neighbours(taken).ids == {"harbourside", "north", "far", "broken"}
