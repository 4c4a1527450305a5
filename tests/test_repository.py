"""SARIF names a file from the root of its repository, wherever rootdir and the clinics are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import CLOCK, Clinics
from support import edited, right_clinic, to_yaml

WRONG = to_yaml(edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False}))


@pytest.fixture
def repository(pytester: pytest.Pytester) -> Path:
    """A folder with a repository in it, and pytest called beside it."""
    folder = pytester.path / "repository"
    (folder / ".git").mkdir(parents=True)
    return folder


def put(file: Path, text: str = WRONG) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def run(pytester: pytest.Pytester, rootdir: Path, *arguments: str) -> pytest.RunResult:
    rootdir.mkdir(parents=True, exist_ok=True)
    if not (rootdir / "pytest.ini").exists():
        put(rootdir / "pytest.ini", "[pytest]\n")
    os.chdir(rootdir)
    return pytester.runpytest_inprocess(
        *("-p", "videolink", CLOCK, "--videolink-clinic=*", "--videolink-report=now.sarif"),
        *arguments,
    )


def place(rootdir: Path) -> str:
    """The place of the one finding."""
    (log,) = json.loads((rootdir / "now.sarif").read_text(encoding="utf-8"))["runs"]
    assert log["originalUriBaseIds"] == {
        "%SRCROOT%": {"description": {"text": "The root of the repository."}}
    }
    (result,) = log["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] == "%SRCROOT%"
    return str(artifact["uri"])


PLACES = {
    "rootdir is the root": (".", "clinics", "clinics/harbourside.yaml"),
    "rootdir lies below it": ("tools/checks", "clinics", "tools/checks/clinics/harbourside.yaml"),
    "the clinics lie outside rootdir": ("tools", "../records", "records/harbourside.yaml"),
    "the clinics lie above rootdir": ("a/b", "../..", "harbourside.yaml"),
    "a name that a URI cannot hold": (
        ".",
        "new clinics é",
        "new%20clinics%20%C3%A9/harbourside.yaml",
    ),
}


@pytest.mark.parametrize(("rootdir", "source", "uri"), PLACES.values(), ids=PLACES)
def test_a_place_is_there(
    pytester: pytest.Pytester, repository: Path, rootdir: str, source: str, uri: str
) -> None:
    here = repository / rootdir
    put(here / source / "harbourside.yaml")
    run(pytester, here, f"--videolink-source={source}")
    assert place(here) == uri
    assert (repository / unquote(uri)).is_file()


def test_a_work_tree_and_a_submodule_have_a_file(
    pytester: pytest.Pytester, repository: Path
) -> None:
    (repository / ".git").rmdir()
    put(repository / ".git", "gitdir: ../elsewhere\n")
    put(repository / "checks" / "clinics" / "harbourside.yaml")
    run(pytester, repository / "checks")
    assert place(repository / "checks") == "checks/clinics/harbourside.yaml"


def test_the_nearest_repository_counts(pytester: pytest.Pytester, repository: Path) -> None:
    """As where the clinics are a submodule, or checked out below another repository."""
    put(repository / "clinics" / "harbourside.yaml")
    (repository / "clinics" / ".git").mkdir()
    run(pytester, repository)
    assert place(repository) == "harbourside.yaml"


@pytest.mark.skipif(os.name == "nt", reason="links take a privilege there")
@pytest.mark.parametrize("linked", ["folder", "file"])
def test_a_link_is_told_as_what_it_leads_to(
    pytester: pytest.Pytester, repository: Path, linked: str
) -> None:
    there = put(repository / "records" / "harbourside.yaml")
    if linked == "folder":
        (repository / "clinics").symlink_to("records")
    else:
        (repository / "clinics").mkdir()
        (repository / "clinics" / "harbourside.yaml").symlink_to(there)
    run(pytester, repository)
    assert place(repository) == "records/harbourside.yaml"


@pytest.mark.skipif(os.name == "nt", reason="links take a privilege there")
def test_a_link_out_of_the_repository_is_told_as_itself(
    pytester: pytest.Pytester, repository: Path
) -> None:
    put(pytester.path / "elsewhere" / "harbourside.yaml")
    (repository / "clinics").symlink_to(pytester.path / "elsewhere")
    run(pytester, repository)
    assert place(repository) == "clinics/harbourside.yaml"


@pytest.mark.parametrize(
    ("source", "uri"),
    [("clinics", "clinics/harbourside.yaml"), ("../records", "records/harbourside.yaml")],
    ids=["below rootdir", "outside"],
)
def test_without_a_repository(pytester: pytest.Pytester, source: str, uri: str) -> None:
    here = pytester.path / "project"
    put(here / source / "harbourside.yaml")
    run(pytester, here, f"--videolink-source={source}")
    assert place(here) == uri


# The root that is set


@pytest.mark.parametrize("root", ["..", "$ABOVE"])
def test_a_root_that_is_set(
    pytester: pytest.Pytester, repository: Path, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABOVE", str(pytester.path))
    put(repository / "pytest.ini", f"[pytest]\nvideolink_sarif_root = {root}\n")
    put(repository / "clinics" / "harbourside.yaml")
    run(pytester, repository)
    assert place(repository) == "repository/clinics/harbourside.yaml"


UNFIT = {
    "not there": ("nowhere", "*nowhere in the configuration file: there is no such folder"),
    "elsewhere": ("tools", "*tools in the configuration file: *harbourside.yaml lies outside it"),
    "a variable that is not set": (
        "$NOWHERE/x",
        "*sarif_root=$NOWHERE/x in the configuration file: the variable NOWHERE is not set",
    ),
    "empty": ("", "*videolink_sarif_root in the configuration file is empty*"),
}


@pytest.mark.parametrize(("root", "said"), UNFIT.values(), ids=UNFIT)
def test_a_root_that_is_none(
    pytester: pytest.Pytester, repository: Path, root: str, said: str
) -> None:
    (repository / "tools").mkdir()
    put(repository / "pytest.ini", f"[pytest]\nvideolink_sarif_root = {root}\n")
    put(repository / "clinics" / "harbourside.yaml")
    result = run(pytester, repository)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])


def test_the_parts_know_their_places(pytester: pytest.Pytester, repository: Path) -> None:
    """Their one result is made where the clinics are not."""
    put(repository / "checks" / "clinics" / "harbourside.yaml")
    run(pytester, repository / "checks", "--videolink-shard=1/1", "--videolink-report=part.json")
    (repository / "checks" / "part.json").rename(pytester.path / "part.json")
    os.chdir(pytester.path)
    pytester.runpytest_inprocess(
        "-p", "videolink", "--videolink-merge=part.json", "--videolink-report=now.sarif"
    )
    assert place(pytester.path) == "checks/clinics/harbourside.yaml"


def test_a_report_that_knows_no_place_names_the_node(harbourside: Clinics) -> None:
    """As one of a version before this."""
    harbourside.write_file("harbourside.yaml", WRONG)
    harbourside.run("--videolink-clinic=*", "--videolink-shard=1/1", "--videolink-report=part.json")
    file = harbourside.pytester.path / "part.json"
    report = json.loads(file.read_text(encoding="utf-8"))
    for clinic in report["clinics"]:
        assert clinic.pop("uri") == "clinics/harbourside.yaml"
    file.write_text(json.dumps(report), encoding="utf-8")
    harbourside.run("--videolink-merge=part.json", "--videolink-report=now.sarif")
    assert place(harbourside.pytester.path) == "clinics/harbourside.yaml"
