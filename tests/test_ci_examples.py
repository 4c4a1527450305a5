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
from books import table_book as book

from pytest_videolink.sources.directory import Directory, is_named_clinic

OWN = """\
import pytest_videolink


@pytest_videolink.check("ACME01", "never", subject=pytest_videolink.Clinic, fix=["Give up"])
def never(clinic):
    "Nothing is ever right."
    yield "never"


def pytest_videolink_checks():
    return [never]
"""

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
    assert commands["Install"] == "pip install wheels/pytest_videolink-*.whl"
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
    assert install == "pip install wheels/pytest_videolink-*.whl"
    seen: list[str] = []
    total = str(job["parallel"])
    for index in range(1, job["parallel"] + 1):
        result = run(check, project, CI_NODE_INDEX=str(index), CI_NODE_TOTAL=total)
        assert result.returncode in (0, 1), result.stdout
        for file in (*job["artifacts"]["paths"], job["artifacts"]["reports"]["junit"]):
            assert (project / file).exists()
        seen += checked(project / job["artifacts"]["reports"]["junit"])
    assert sorted(seen) == sorted(EVERY)


NAMES = [
    *("harbourside.yaml", "harbourside.yml", "karri-tide.json", "BAYVIEW.YAML", "bayview.Json"),
    *("a b.yaml", "south-australia/quandong-row.yaml", "a/b.c/d.clinic.yml", "x.clinic.YAML"),
    *(".hidden.yaml", ".hidden/bayview.yaml", "a/.hidden/b.yaml", "a/.hidden.yml", ".yaml"),
    *("exports/day.csv", "exports/day-sheet.CSV", "day-sheets/monday.csv", "notes.md"),
    *("exports/bayview-day-sheet.csv", "exports/Day_sheet.txt", ".exports/users.csv"),
    *(
        "exports/.users.csv",
        "exports/users.csv.bak",
        "bayview.yaml.bak",
        "bayviewyaml",
        "bayview.yaml5",
    ),
]


LISTS = ["exports/users.csv", "Types.TSV", "a/b.tab", "exports/pms/holidays.txt"]
"""Tables that clinics may name."""


def test_the_hook_takes_what_the_source_reads(tmp_path: Path) -> None:
    hook, of_records = load(".pre-commit-hooks.yaml")
    keys = ("files", "types", "types_or", "language", "require_serial")
    assert [hook[key] for key in keys] == [of_records[key] for key in keys]
    assert of_records["entry"].startswith(hook["entry"])
    folder = tmp_path / "clinics"
    for name in (*NAMES, *LISTS):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "linked.yaml").symlink_to("harbourside.yaml")
    names = {each.relative_to(tmp_path).as_posix() for each in folder.rglob("*") if each.is_file()}
    read = {each.file.relative_to(tmp_path).as_posix() for each in Directory(folder).entries()}
    assert {each for each in names if re.search(hook["files"], each)} == read | {
        f"clinics/{each}" for each in LISTS
    }
    assert len(read) == 10
    # As pre-commit tells kinds apart, a link is no file.
    assert (hook["types"], hook["types_or"]) == ([], ["file", "symlink"])


def test_the_hook_takes_what_says_by_its_name_that_it_is_a_clinic() -> None:
    hook, _ = load(".pre-commit-hooks.yaml")
    for name in (*NAMES, *LISTS):
        taken = bool(re.search(hook["files"], f"elsewhere/{name}"))
        is_hidden = any(part.startswith(".") for part in name.split("/"))
        assert taken == (is_named_clinic(name.rpartition("/")[2]) and not is_hidden), name


def hook_run(
    project: Path, *names: str, of_records: bool = False
) -> subprocess.CompletedProcess[str]:
    hook = load(".pre-commit-hooks.yaml")[of_records]
    now = "--videolink-now=2026-11-23T09:00:00+11:00"
    return run(f"{hook['entry']} {shlex.join(names)}", project, PYTEST_ADDOPTS=now)


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
    result = hook_run(project, "--junitxml=hook.xml", *(f"clinics/{file}" for file in files))
    assert result.returncode == code, result.stdout
    assert checked(project / "hook.xml") == clinics


BY_LISTS = """\
  practitioners:
    {key}: {path}
    columns: {{id: ID, name: Name, active: Active}}
"""


def by_list(project: Path, clinic: str, path: str) -> None:
    """Have a clinic's PMS list its practitioners in a table."""
    file = project / "clinics" / f"{clinic}.yaml"
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"\n  practitioners:.*\n(?:    .*\n)+", "\n", text, count=1)
    named = BY_LISTS.format(key=path.rpartition(".")[2].lower(), path=path)
    assert text.count("\npms:\n") == 1
    file.write_text(text.replace("\npms:\n", f"\npms:\n{named}"), encoding="utf-8")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_alone_starts_the_checks_of_the_clinics_that_name_it(
    project: Path, suffix: str
) -> None:
    by_list(project, "harbourside", f"exports/users.{suffix}")
    rows = [["ID", "Name", "Active"], ["17", "Dr Amara Nwosu", "no"], ["18", "Dr Li Wei", "yes"]]
    table = project / "clinics" / "exports" / f"users.{suffix}"
    if suffix == "csv":
        table.write_text("".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    else:
        table.write_bytes(book(rows))
    result = hook_run(project, "--junitxml=hook.xml", f"clinics/exports/users.{suffix}")
    assert result.returncode == 1, result.stdout + result.stderr
    assert checked(project / "hook.xml") == {"harbourside"}
    assert "is linked to PMS practitioner 17, which is inactive" in result.stdout
    records = hook_run(project, f"clinics/exports/users.{suffix}", of_records=True)
    assert records.returncode == 0, records.stdout


def test_a_table_and_its_clinic_are_checked_once(project: Path) -> None:
    by_list(project, "harbourside", "exports/users.csv")
    (project / "clinics" / "exports" / "users.csv").write_text(
        "ID,Name,Active\n17,Dr Amara Nwosu,yes\n18,Dr Li Wei,yes\n", encoding="utf-8"
    )
    one = hook_run(project, "clinics/exports/users.csv")
    assert one.returncode in (0, 1)
    (project / "clinics" / "notes.txt").write_text("notes\n")
    both = hook_run(
        project, "clinics/harbourside.yaml", "clinics/notes.txt", "clinics/exports/users.csv"
    )
    counts = [re.findall(r"(\d+ passed.*) in ", each.stdout)[0] for each in (one, both)]
    assert counts[0] == counts[1]


def test_a_table_that_no_clinic_names_starts_nothing(project: Path) -> None:
    (project / "clinics" / "notes.txt").write_text("notes\n")
    result = hook_run(project, "clinics/notes.txt")
    assert result.returncode == 0
    assert result.stderr == (
        "Exit: no clinic names clinics/notes.txt as a table, so there is nothing to check\n"
    )
    other = hook_run(project, "--videolink-clinic=bayview", "clinics/notes.txt")
    assert other.returncode == 4
    assert "no clinic names clinics/notes.txt as a table" in other.stderr


def test_a_table_that_an_unreadable_clinic_names_fails_it(project: Path) -> None:
    file = project / "clinics" / "harbourside.yaml"
    broken = "pms: {practitioners: {csv: exports/users.csv\n"
    file.write_text(broken, encoding="utf-8")
    (project / "clinics" / "exports" / "users.csv").write_text("ID,Name\n", encoding="utf-8")
    result = hook_run(project, "clinics/exports/users.csv")
    assert result.returncode == 1
    assert "harbourside" in result.stdout


SETTINGS = {
    "options of plugins that are not here": "addopts = --cov=src -n auto --ds=settings",
    "another selection": "addopts = -m smoke -k nothing",
    "plugins that are not here": "required_plugins = pytest-django>=4 pytest-cov",
    "settings of plugins that are not here": "asyncio_mode = auto",
    "the same, where that is an error": "strict = true\nasyncio_mode = auto",
    "the same by the option's own name": "strict_config = true\nDJANGO_SETTINGS_MODULE = settings",
    "warnings as errors": "filterwarnings = error\nasyncio_mode = auto",
    "warnings of a package that is not here": "filterwarnings =\n  error\n  ignore::django.Nope",
    "folders": "testpaths = tests\nnorecursedirs = clinics\npython_files = check_*.py",
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_hook_runs_whatever_the_project_asks_of_pytest(project: Path, settings: str) -> None:
    (project / "pytest.ini").write_text(f"[pytest]\n{settings}\n")
    result = hook_run(project, "clinics/harbourside.yaml")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "harbourside: READY\n" in result.stdout
    assert "warning" not in result.stdout


CONFTESTS = {
    "a package": ("import django", "No module named 'django'"),
    "a plugin": ("pytest_plugins = ['pytest_django']", "No module named 'pytest_django'"),
    "a hook": ("def pytest_xdist_setupnodes(): ...", "unknown hook 'pytest_xdist_setupnodes'"),
    "an option": (
        "def pytest_configure(config): config.getoption('--cov')",
        "no option named '--cov'",
    ),
}


@pytest.mark.parametrize(("conftest", "said"), CONFTESTS.values(), ids=CONFTESTS)
def test_the_hook_says_what_a_conftest_lacks_and_runs_without_it(
    project: Path, conftest: str, said: str
) -> None:
    (project / "conftest.py").write_text(f"{conftest}\n")
    stopped = hook_run(project, "clinics/harbourside.yaml")
    assert stopped.returncode not in (0, 1)
    assert said in stopped.stdout + stopped.stderr
    assert hook_run(project, "--noconftest", "clinics/harbourside.yaml").returncode == 0


def test_the_hook_counts_rules_of_ones_own(project: Path) -> None:
    (project / "conftest.py").write_text(OWN)
    result = hook_run(project, "clinics/harbourside.yaml")
    assert result.returncode == 1
    assert "ACME01-never" in result.stdout


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("accepts_video_appointments: true", "accepts_video_appointments: false"), 0),
        (("as_of:", "as_off:"), 1),
        (("timezone: Australia/Sydney", "timezone: TO BE REPLACED"), 1),
    ],
    ids=["wrong on the Dashboard", "cannot be read", "still to be answered"],
)
def test_the_hook_of_records_takes_what_is_wrong_on_the_dashboard(
    project: Path, edit: tuple[str, str], code: int
) -> None:
    file = project / "clinics" / "harbourside.yaml"
    text = file.read_text(encoding="utf-8")
    assert edit[0] in text
    file.write_text(text.replace(*edit), encoding="utf-8")
    result = hook_run(project, "clinics/harbourside.yaml", of_records=True)
    assert result.returncode == code, result.stdout
