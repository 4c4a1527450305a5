"""The examples for continuous integration: what they say is what they do."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[1]
CLINICS = PROJECT / "examples" / "clinics"
EVERY = [each.stem for each in CLINICS.rglob("*") if each.suffix in (".yaml", ".json")]


def load(path: str) -> Any:
    return yaml.safe_load((PROJECT / path).read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository of the example clinics, on the morning that they were read."""
    shutil.copytree(CLINICS, tmp_path / "clinics")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -p videolink --videolink-now=2026-11-23T09:00:00+11:00\n"
    )
    return tmp_path


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a script as a CI service does, with this Python's pytest."""
    bash = shutil.which("bash")
    assert bash is not None
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return subprocess.run(
        [bash, "-eo", "pipefail", "-c", command],
        cwd=folder,
        env=os.environ | variables | {"PATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def checked(junit: Path) -> set[str]:
    """The clinics in a JUnit report."""
    return set(re.findall(r'name="clinic" value="(.*?)"', junit.read_text(encoding="utf-8")))


def test_github(project: Path) -> None:
    job = load("examples/ci/github-workflow.yml")["jobs"]["check"]
    commands = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    assert list(commands) == ["Install", "Check", "Show the verdict on the run's page"]
    assert commands["Install"] == "pip install pytest-videolink"
    summary = project / "summary.md"
    seen: list[str] = []
    codes = []
    shards = job["strategy"]["matrix"]["shard"]
    for shard in shards:
        command = commands["Check"].replace("${{ matrix.shard }}", str(shard))
        assert "${{" not in command
        codes.append(run(command, project).returncode)
        show = commands["Show the verdict on the run's page"]
        assert run(show, project, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
        seen += checked(project / "video-links.xml")
        for step in job["steps"]:
            given = step.get("with", {})
            for file in (given.get("sarif_file", ""), *given.get("path", "").split()):
                assert (project / file).exists()
    assert sorted(seen) == sorted(EVERY)
    assert set(codes) == {0, 1}
    assert summary.read_text(encoding="utf-8").count("## Telehealth video links") == len(shards)
    assert len(json.loads((project / "video-links.sarif").read_text(encoding="utf-8"))["runs"]) == 1


def test_github_goes_on_to_report_what_fails() -> None:
    steps = load("examples/ci/github-workflow.yml")["jobs"]["check"]["steps"]
    names = [step.get("name") for step in steps]
    after = steps[names.index("Check") + 1 :]
    assert {step["if"] for step in after} == {"${{ !cancelled() }}"}
    assert "with" in after[-1]


def test_gitlab(project: Path) -> None:
    job = load("examples/ci/gitlab-ci.yml")["video-links"]
    install, check = job["script"]
    assert install == "pip install pytest-videolink"
    seen: list[str] = []
    total = str(job["parallel"])
    for index in range(1, job["parallel"] + 1):
        result = run(check, project, CI_NODE_INDEX=str(index), CI_NODE_TOTAL=total)
        assert result.returncode in (0, 1), result.stdout
        for file in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
            assert (project / file).exists()
        seen += checked(project / job["artifacts"]["reports"]["junit"])
    assert sorted(seen) == sorted(EVERY)


@pytest.mark.parametrize(
    ("file", "is_checked"),
    [
        ("clinics/harbourside.yaml", True),
        ("clinics/south-australia/quandong-row.yaml", True),
        ("clinics/karri-tide.json", True),
        ("elsewhere/bayside.clinic.yml", True),
        ("clinics/exports/wattle-street-day-sheet.csv", False),
        ("docs/clinics/notes.md", False),
        ("pyproject.toml", False),
    ],
)
def test_the_hook_takes_clinic_files(file: str, is_checked: bool) -> None:
    (hook,) = load(".pre-commit-hooks.yaml")
    assert bool(re.search(hook["files"], file)) is is_checked


@pytest.mark.parametrize(
    ("files", "code", "clinics"),
    [
        (["harbourside.yaml"], 0, {"harbourside"}),
        (["bayview.yaml", "karri-tide.json"], 1, {"bayview", "karri-tide"}),
        (["south-australia/quandong-row.yaml"], 0, {"quandong-row"}),
    ],
    ids=["right", "wrong", "below"],
)
def test_the_hook_checks_the_changed_clinics(
    project: Path, files: list[str], code: int, clinics: set[str]
) -> None:
    (hook,) = load(".pre-commit-hooks.yaml")
    names = shlex.join(f"clinics/{file}" for file in files)
    result = run(f"{hook['entry']} --junitxml=hook.xml {names}", project)
    assert result.returncode == code, result.stdout
    assert checked(project / "hook.xml") == clinics
