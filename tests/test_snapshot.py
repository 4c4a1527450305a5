"""What is kept of a fetch, and checking it again without the service."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from service import Handler, Service
from support import ITEMS, Document, edited, missing, right_clinic

from pytest_videolink.sources import snapshot

ALL = "--videolink-clinic=*"
REPLAY = "--videolink-source=.videolink"
Serve = Callable[..., Service]


def clinic(id: str, database: str, *shares: str, **edits: Any) -> Document:
    return edited(right_clinic(id, database), {"pms.shares_database_with": list(shares), **edits})


NORTH = clinic("north", "DB", "harbourside")
WRONG = clinic(
    "harbourside", "DB", "north", **{"practitioners.0.accepts_video_appointments": False}
)


BROKEN = """\
clinic: bayview
pms: {system: zedmed, database: BAY, patient: Mary Quinn}
"""


def fetch(clinics: Clinics, service: Service, *arguments: str) -> pytest.RunResult:
    return clinics.run(f"--videolink-source={service.url}", *arguments)


def kept(clinics: Clinics) -> Path:
    return clinics.pytester.path / ".videolink"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def told(result: pytest.RunResult) -> list[str]:
    """What a run printed but for its head, where the source is named, and its times."""
    lines = [line for line in result.stdout.lines if not line.startswith(("videolink: ", "====="))]
    return [line for line in lines if "--videolink-source" not in line]


def test_a_replay_is_the_same_without_the_service(clinics: Clinics, serve: Serve) -> None:
    service = serve(WRONG, NORTH, clinic("far", "FAR"))
    service.answers["/clinics/far"] = lambda handler: handler.say(status=404)
    first = fetch(clinics, service, ALL)
    service.close()
    # Without --videolink-now: the snapshot has the time that it was checked against.
    again = clinics.pytester.runpytest_inprocess("-p", "videolink", ALL, REPLAY)
    assert told(again) == told(first)
    assert again.ret == first.ret == pytest.ExitCode.TESTS_FAILED
    again.stdout.fnmatch_lines(
        [
            f"videolink: 3 of 3 clinics of {service.url}, as fetched 20*+00:00,"
            " checked as of 2026-11-23T09:00+11:00"
        ]
    )


def test_a_replay_of_a_document_that_was_broken(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic(), bayview=BROKEN)
    first = fetch(clinics, service, ALL)
    service.close()
    again = clinics.run(ALL, REPLAY)
    again.assert_outcomes(failed=1, passed=ITEMS)
    for text in (str(first.stdout), str(again.stdout)):
        assert f"{service.url}/clinics/bayview:2:38" in text
        assert "Mary Quinn" not in text
    assert b"Mary Quinn" not in (kept(clinics) / ".snapshot.json").read_bytes()
    assert names(kept(clinics)) == [".gitignore", ".snapshot.json", "harbourside.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_can_read_it(clinics: Clinics, serve: Serve) -> None:
    fetch(clinics, serve(right_clinic()), ALL)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (kept(clinics), *kept(clinics).iterdir())
    }
    assert modes == {
        ".videolink": 0o700,
        ".gitignore": 0o600,
        ".snapshot.json": 0o600,
        "harbourside.yaml": 0o600,
    }


def test_git_ignores_it(clinics: Clinics, serve: Serve) -> None:
    if shutil.which("git") is None:
        missing("git")
    fetch(clinics, serve(right_clinic()), ALL)
    git = ["git", "-C", str(clinics.pytester.path)]
    subprocess.run([*git, "init", "-q"], check=True)
    status = subprocess.run(
        [*git, "status", "--porcelain", "--untracked-files=all"], check=True, capture_output=True
    )
    assert b".videolink" not in status.stdout


def test_a_new_fetch_takes_the_place_of_the_old_one(clinics: Clinics, serve: Serve) -> None:
    fetch(clinics, serve(right_clinic(), clinic("bayview", "BAY")), ALL)
    assert "bayview.yaml" in names(kept(clinics))
    fetch(clinics, serve(right_clinic()), ALL)
    assert names(kept(clinics)) == [".gitignore", ".snapshot.json", "harbourside.yaml"]


def test_another_folder(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    fetch(clinics, service, ALL, "--videolink-snapshot=kept/2026")
    assert not kept(clinics).exists()
    assert clinics.run(ALL, "--videolink-source=kept/2026").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("name", ["notes.txt", "harbourside.yaml", ".keep"])
def test_a_folder_with_other_files_is_left_alone(clinics: Clinics, serve: Serve, name: str) -> None:
    service = serve(right_clinic())
    clinics.write_file(name, "mine")
    result = fetch(clinics, service, ALL, "--videolink-snapshot=clinics")
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: {clinics.folder} holds other files, so what is fetched is not put there: name"
        " another folder with --videolink-snapshot=DIR"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert names(clinics.folder) == [name]
    assert service.calls == {}


def test_a_folder_that_cannot_be_made(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    (clinics.pytester.path / "file").write_text("")
    result = fetch(clinics, service, ALL, "--videolink-snapshot=file/below")
    (line,) = filter(None, result.stderr.lines)
    assert line == (
        f"ERROR: what is fetched cannot be kept in {clinics.pytester.path / 'file/below'} (Not a"
        " directory): name another folder with --videolink-snapshot=DIR"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert service.calls == {}


# Whoever is interrupted leaves the old snapshot or the new one


class Killed(BaseException):
    """Stands for a process that ends here and now."""


@pytest.mark.parametrize("last", range(14))
def test_an_interrupted_fetch(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    """Killed before its every step on the disk in turn."""
    old, new = clinic("harbourside", "OLD"), clinic("harbourside", "NEW")
    fetch(clinics, serve(old, clinic("north", "OLD-2")), ALL)
    service = serve(new, clinic("south", "NEW-2"))
    steps = [0]

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **options: Any) -> Any:
            steps[0] += 1
            if steps[0] > last:
                raise Killed
            return real(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr(snapshot.os, "fsync", dying(os.fsync))
        patch.setattr(snapshot.os, "replace", dying(os.replace))
        patch.setattr(snapshot.shutil, "rmtree", dying(snapshot.shutil.rmtree))
        patch.setattr(snapshot.Path, "unlink", dying(Path.unlink))
        folder = snapshot.LiveFolder(kept(clinics), source_of(service))
        entries = folder.fetch(folder.entries())
        try:
            folder.keep([entry.id for entry in entries], {}, CLOCK_TIME)
        except Killed:
            pass
        else:
            assert last >= 9, "the test kills it at every step"
    outcomes = clinics.outcomes(ALL, REPLAY)
    ids = {id.split("/")[1].partition("::")[0] for id in outcomes}
    assert ids in ({"harbourside.yaml", "north.yaml"}, {"harbourside.yaml", "south.yaml"})
    assert set(outcomes.values()) <= {"passed", "skipped"}
    # And the next fetch is whole again.
    assert fetch(clinics, service, ALL).ret == pytest.ExitCode.OK
    assert clinics.run(ALL, REPLAY).ret == pytest.ExitCode.OK


def source_of(service: Service) -> Any:
    from pytest_videolink.sources.http import HttpSource

    return HttpSource(service.url)


CLOCK_TIME = snapshot.datetime.fromisoformat(CLOCK.partition("=")[2])


def test_a_first_fetch_that_is_killed_leaves_no_snapshot(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    service.answers["/clinics/harbourside"] = Handler.wait
    command = [sys.executable, "-m", "pytest", "-p", "videolink", ALL, CLOCK]
    with subprocess.Popen(
        [*command, f"--videolink-source={service.url}"],
        cwd=clinics.pytester.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not service.calls["/clinics/harbourside"]:
            service.over.wait(0.05)
        process.kill()
    result = clinics.run(ALL, REPLAY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    service.answers.clear()
    assert fetch(clinics, service, ALL).ret == pytest.ExitCode.OK


# What is no longer as it was fetched

DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "edited": (
        lambda file: file.write_text(file.read_text().replace("connected: true", "connected: yes")),
        "harbourside.yaml is not what was fetched: fetch it again",
    ),
    "gone": (Path.unlink, "harbourside.yaml is not what was fetched: fetch it again"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_document_that_was_changed(clinics: Clinics, serve: Serve, kind: str) -> None:
    damage, sentence = DAMAGE[kind]
    fetch(clinics, serve(right_clinic(), clinic("bayview", "BAY")), ALL)
    damage(kept(clinics) / "harbourside.yaml")
    result = clinics.run(ALL, REPLAY)
    result.assert_outcomes(failed=1, passed=ITEMS)
    result.stdout.fnmatch_lines([f"The record of harbourside cannot be read: {sentence}"])


CONTENTS = ["", "{}", "[]", "{", '{"videolink_snapshot": 2}', "null"]


@pytest.mark.parametrize("text", CONTENTS)
def test_a_table_of_contents_that_is_damaged(clinics: Clinics, serve: Serve, text: str) -> None:
    fetch(clinics, serve(right_clinic()), ALL)
    (kept(clinics) / ".snapshot.json").write_text(text)
    result = clinics.run(ALL, REPLAY)
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: the snapshot {kept(clinics)} cannot be read: its table of contents,"
        " .snapshot.json, is damaged or of another version; fetch it again"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("id", ["../../outside", "/etc/hostname"])
def test_a_table_of_contents_that_leads_outside(clinics: Clinics, serve: Serve, id: str) -> None:
    fetch(clinics, serve(right_clinic()), ALL)
    file = kept(clinics) / ".snapshot.json"
    contents = json.loads(file.read_text())
    contents["clinics"][0]["id"] = id
    file.write_text(json.dumps(contents))
    result = clinics.run(ALL, REPLAY)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert " is refused: '" in str(result.stderr)


# A snapshot answers for those that it was fetched for


@pytest.mark.parametrize("asked", ["north", "far", "*"])
def test_clinics_that_it_was_not_fetched_for(clinics: Clinics, serve: Serve, asked: str) -> None:
    service = serve(WRONG, NORTH, clinic("far", "FAR"))
    fetch(clinics, service, "--videolink-clinic=harbourside")
    result = clinics.run(f"--videolink-clinic={asked}", REPLAY)
    missing = "far and north" if asked == "*" else asked
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: the snapshot {kept(clinics)} was not fetched for {missing}: check harbourside, or"
        f" fetch again with --videolink-source={service.url}"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_part_is_replayed_as_a_part(clinics: Clinics, serve: Serve) -> None:
    ids = ["a", "b", "c", "d"]
    service = serve(*(clinic(id, id.upper()) for id in ids))
    part = "--videolink-shard=2/2"
    first = clinics.outcomes(ALL, part, f"--videolink-source={service.url}")
    assert first
    assert clinics.outcomes(ALL, part, REPLAY) == first
    assert clinics.run(ALL, REPLAY).ret == pytest.ExitCode.USAGE_ERROR


def test_a_path_into_a_snapshot(clinics: Clinics, serve: Serve) -> None:
    fetch(clinics, serve(right_clinic()), ALL)
    result = clinics.run(REPLAY, ".videolink/harbourside.yaml::VL103-pms-connected")
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "path", [".videolink", ".videolink/harbourside.yaml::VL103-pms-connected", ".videolink/x.yaml"]
)
def test_a_path_into_a_snapshot_alone_does_not_say_what_to_check(
    clinics: Clinics, serve: Serve, path: str
) -> None:
    fetch(clinics, serve(right_clinic()), ALL)
    result = clinics.run(path)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.stderr.lines)
    assert line == (
        f"ERROR: {path} lies in what was fetched: add --videolink-source=.videolink to check that"
        " once more, or the --videolink-source that it was fetched from"
    )


def test_a_folder_of_that_name_that_is_no_snapshot_is_any_folder(clinics: Clinics) -> None:
    folder = clinics.pytester.mkdir(".videolink")
    (folder / "test_own.py").write_text("def test_own(): pass\n")
    clinics.run(".videolink/test_own.py").assert_outcomes(passed=1)
