"""The examples for continuous integration: what they say is what they do."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from string import Template

import pytest
import workflow
import yaml
from books import table_book as book
from workflow import GitHub, Yaml, load

from pytest_videolink.reports.earlier import read
from pytest_videolink.sources.directory import SUFFIXES, Directory, is_named_clinic

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
sys.path.append(str(PROJECT / "benchmarks"))  # for environments of their own
CLINICS = PROJECT / "examples" / "clinics"
EVERY = [each.stem for each in CLINICS.rglob("*") if each.suffix in (".yaml", ".json")]


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


# GitHub: two nights, each of three parts, with files handed from job to job

MORNINGS = ("2026-11-22T22:00:00Z", "2026-11-23T22:00:00Z")
WORKFLOW = "examples/ci/github-workflow.yml"
PRIVATE: Yaml = {"repository.private": True}
APPOINTMENT = re.compile(r"\bW-1\d\d\b|appointment-W|2026-11-24T\d\d:\d\d")
"""What a booked appointment of the examples is known by."""


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python for the action to install into, from this tree and without an index."""
    if not (PROJECT / "pytest_videolink").is_dir():
        pytest.skip("the package is not in this tree")
    environments = pytest.importorskip("environments", reason="the benchmarks are not in this tree")
    needed = {*environments.needed("pytest-videolink")} - {"pytest-videolink"}
    folder = tmp_path_factory.mktemp("python")
    python = environments.python(folder, "hatchling", "pip", *sorted(needed))
    workflow.write_tools(folder / "tools", python)
    return folder / "tools"


@pytest.fixture
def hub(tmp_path: Path, tools: Path) -> Callable[[Yaml], GitHub]:
    """A repository of the example clinics at GitHub, for what GitHub says of an event."""
    repository = tmp_path / "repository"
    shutil.copytree(CLINICS, repository / "clinics")
    (repository / ".git").mkdir()
    (repository / "pytest.ini").write_text("[pytest]\n")
    return lambda event: GitHub(repository, tmp_path, tools, event)


def nightly() -> Yaml:
    return load("examples/ci/github-workflow.yml")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def summary_of(night: workflow.Night) -> str:
    """The summary of a run, as it reads."""
    return unescape(night.summary.replace("\u200b", ""))


def test_two_nights_at_github(hub: Callable[[Yaml], GitHub]) -> None:
    github = hub(PRIVATE)
    clinics = github.repository / "clinics"
    first = github.run(nightly(), MORNINGS[0])
    assert first.results["begin"] == "success"
    assert first.results["report"] == "failure"
    assert (
        "::notice::No night has left a report yet, so nothing is compared." in first.logs["begin"]
    )
    assert "What changed" not in first.summary
    parts = [f"video-links-{part}-of-3" for part in (1, 2, 3)]
    assert {each.name for each in first.artifacts.iterdir()} == {"begin", "video-links", *parts}
    assert first.files("begin") == ["arguments"]
    assert first.files("video-links") == ["video-links.html", "video-links.json"]
    assert first.files(parts[0]) == [f"{parts[0]}.json", f"{parts[0]}.xml"]
    seen = [id for part in parts for id in checked(first.artifacts / part / f"{part}.xml")]
    assert sorted(seen) == sorted(EVERY)
    check_scanned(first, github.repository)
    assert APPOINTMENT.search(first.everything)

    edit(clinics / "harbourside.yaml", "modality: video", "modality: phone")
    now = github.run(nightly(), MORNINGS[1])
    assert set(now.results.values()) == {"success", "failure"}
    assert now.files("begin") == ["arguments", "since.json"]
    assert summary_of(now).startswith(
        "<!-- pytest-videolink report -->\n## Telehealth video links\n\n"
        "### What changed since Sun 22 Nov 2026 22:00, 1 day before\n\n"
    )
    report = read(now.text("video-links", "video-links.json"))
    assert report.changes is not None
    assert report.changes.since == first_time(first)
    assert [each.clinic for each in report.changes.unready] == ["harbourside"]
    assert "harbourside: READY then, NOT READY now" in summary_of(now)
    assert [clinic.id for clinic in report.clinics] == sorted(EVERY)


def first_time(night: workflow.Night) -> str:
    return read(night.text("video-links", "video-links.json")).checked_as_of


def check_scanned(night: workflow.Night, repository: Path) -> None:
    """One upload under one category, of places that are there, and nothing that is waived."""
    ((category, text),) = night.sarif
    assert category == "video-links"
    (log,) = json.loads(text)["runs"]
    assert log["automationDetails"]["id"] == "video-links/"
    assert log["results"]
    for result in log["results"]:
        assert not result["suppressions"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert (repository / uri).is_file()


def test_what_anybody_may_read_names_no_appointment(hub: Callable[[Yaml], GitHub]) -> None:
    github = hub({"repository.private": False})
    nights = [github.run(nightly(), morning) for morning in MORNINGS]
    for night in nights:
        check_public(night)
        check_scanned(night, github.repository)
    assert "booked appointments: that report leaves them out" in summary_of(nights[1])


def test_a_fork_of_which_nothing_is_known(hub: Callable[[Yaml], GitHub]) -> None:
    """It counts as public, and shows nothing beside the code, which it may not."""
    night = hub({"pull_request.head.repo.fork": True}).run(nightly(), MORNINGS[0])
    check_public(night)
    assert night.sarif == []


def check_public(night: workflow.Night) -> None:
    name = "video-links-1-of-3"
    assert night.files("video-links") == ["video-links.baseline.json"]
    assert night.files(name) == [f"{name}.baseline.json"]
    assert APPOINTMENT.search(night.everything) is None
    assert "Bayview" in summary_of(night)


def test_only_new_findings_fail_where_that_is_asked_for(hub: Callable[[Yaml], GitHub]) -> None:
    github = hub(PRIVATE)
    text = (PROJECT / WORKFLOW).read_text(encoding="utf-8")
    line = 'echo "--videolink-fail-on=new" >>begin/arguments'
    assert f"# {line}" in text
    asked = yaml.safe_load(text.replace(f"# {line}", line))
    first, second = (github.run(asked, MORNINGS[0]) for _ in range(2))
    assert set(first.results.values()) == {"success", "failure"}
    assert set(second.results.values()) == {"success"}
    assert "did not fail this run" in summary_of(second)


def test_a_part_that_is_lost_is_missed(hub: Callable[[Yaml], GitHub]) -> None:
    github = hub(PRIVATE)
    github.lost = {"video-links-2-of-3"}
    night = github.run(nightly(), MORNINGS[0])
    assert night.results["report"] == "failure"
    assert "**Partial report.** Part 2/3 of the run is missing" in summary_of(night)
    assert "UNKNOWN" in night.summary


def test_a_run_whose_parts_are_all_lost(hub: Callable[[Yaml], GitHub]) -> None:
    jobs = nightly()["jobs"]
    some = {name: jobs[name] for name in ("begin", "report")}
    night = hub(PRIVATE).run({"jobs": some}, MORNINGS[0])
    assert night.results == {"begin": "success", "report": "failure"}
    assert "--videolink-merge=parts/*.json matches no file" in night.logs["report"]
    assert (night.sarif, night.summary) == ([], "")
    assert [each.name for each in night.artifacts.iterdir()] == ["begin"]


def test_the_action_alone_checks_all_at_once(hub: Callable[[Yaml], GitHub]) -> None:
    github = hub(PRIVATE)
    jobs = nightly()["jobs"]
    checkout, setup, _, ours = jobs["check"]["steps"]
    given = {"clinics": "bayview*\nkarri-tide\n", "source": "clinics", "arguments": "-q\n--tb=no"}
    night = github.run(
        {"jobs": {"check": {"steps": [checkout, setup, {**ours, "with": given}]}}}, MORNINGS[0]
    )
    assert night.results == {"check": "failure"}
    assert night.files("video-links") == [f"video-links.{kind}" for kind in ("html", "json", "xml")]
    xml = night.artifacts / "video-links" / "video-links.xml"
    assert checked(xml) == {"bayview", "bayview-north", "karri-tide"}
    assert len(night.sarif) == 1


@pytest.mark.parametrize("path", ["action.yml", WORKFLOW])
def test_no_expression_stands_in_a_script(path: str) -> None:
    found = [*workflow.expressions(load(path))]
    assert found
    assert {above for above, _ in found} == {"env", "with"}


@pytest.mark.parametrize("path", ["action.yml", WORKFLOW])
def test_actions_are_pinned_and_keep_no_credentials(path: str) -> None:
    text = (PROJECT / path).read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+)@(\S+)(.*)", text)
    assert used
    for name, commit, comment in used:
        assert re.fullmatch("[0-9a-f]{40}", commit)
        assert name == workflow.OURS or re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    checks_out = text.count("actions/checkout@")
    assert text.count("persist-credentials: false") == checks_out


# GitLab: two nights, each of three parts


def gitlab(project: Path, runs: Path, now: str, source: str) -> tuple[Path, list[int]]:
    """Run a pipeline. Returns what its jobs have left, and their exit codes.

    Each job has a folder of its own: the repository, what is cached, and earlier jobs' artifacts.
    """
    config = load("examples/ci/gitlab-ci.yml")
    (install,) = config["default"]["before_script"]
    assert install == "pip install wheels/pytest_videolink-*.whl"
    kept = runs / str(len([*runs.glob("*")]))
    kept.mkdir(parents=True)
    codes = []
    for name in ("check", "report"):
        job = config[name]
        variables = job.get("variables", {})
        rule = job.get("rules", [{}])[-1 if source == "push" else 0]
        assert rule.get("if", "") in ("", '$CI_PIPELINE_SOURCE == "schedule"')
        variables = variables | rule.get("variables", {})
        cache = job["cache"]
        policy = Template(cache["policy"]).substitute(variables)
        total = job.get("parallel", 1)
        for index in range(1, total + 1):
            here = runs.parent / f"{kept.name}-{name}-{index}"
            shutil.copytree(project, here)
            shutil.copytree(kept, here, dirs_exist_ok=True)
            shutil.rmtree(here / "last", ignore_errors=True)
            (path,) = cache["paths"]
            cached = runs.parent / "cache" / cache["key"] / path
            if cached.exists() and "pull" in policy:
                shutil.copytree(cached, here / path)
            given = {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(total)}
            given |= {"CI_PIPELINE_CREATED_AT": now}
            result = run("\n".join(job["script"]), here, **given)
            codes.append(result.returncode)
            assert result.returncode in (0, 1), result.stdout + result.stderr
            artifacts = job["artifacts"]
            for pattern in (*artifacts["paths"], artifacts.get("reports", {}).get("junit")):
                for file in here.glob(pattern or "-"):
                    to = kept / file.relative_to(here)
                    to.parent.mkdir(exist_ok=True)
                    shutil.copy(file, to)
            if "push" in policy:
                shutil.copytree(here / path, cached, dirs_exist_ok=True)
    return kept, codes


def test_two_nights_at_gitlab(project: Path, tmp_path: Path) -> None:
    ini = "[pytest]\naddopts = -p videolink\n"
    (project / "pytest.ini").write_text(ini)
    here, runs = tmp_path / "project", tmp_path / "gitlab" / "runs"
    here.mkdir()
    for name in ("clinics", "pytest.ini"):
        (project / name).rename(here / name)
    first, codes = gitlab(here, runs, MORNINGS[0], "schedule")
    assert sorted({*codes[:3]}) == [0, 1]
    assert codes[3] == 1
    seen = [id for each in (1, 2, 3) for id in checked(first / f"parts/{each}.xml")]
    assert sorted(seen) == sorted(EVERY)
    assert "What changed" not in (first / "video-links.html").read_text(encoding="utf-8")

    edit(here / "clinics" / "harbourside.yaml", "modality: video", "modality: phone")
    for source in ("push", "schedule"):  # a change in between does not become the night before
        now, _ = gitlab(here, runs, MORNINGS[1], source)
        page = (now / "video-links.html").read_text(encoding="utf-8")
        assert "What changed since Sun 22 Nov 2026 22:00, 1 day before" in page
        report = read((now / "last/video-links.json").read_text(encoding="utf-8"))
        assert report.changes is not None
        assert [each.clinic for each in report.changes.unready] == ["harbourside"]


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
    *(f"every/kind{suffix}" for suffix in SUFFIXES),
    *("~$harbourside.xlsx", "a/~$b.xlsx", "~$c.clinic.xlsx", "~c.xlsx", "a.xlsx~", "a.xlsy"),
]


LISTS = ["exports/users.csv", "Types.TSV", "a/b.tab", "exports/pms/holidays.txt"]
"""Tables that clinics may name."""


def test_the_hook_takes_what_the_source_reads(tmp_path: Path) -> None:
    hook, of_records = load(".pre-commit-hooks.yaml")
    keys = ("files", "types", "types_or", "language", "require_serial", "additional_dependencies")
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
    assert len(read) == 11 + len(SUFFIXES)
    # As pre-commit tells kinds apart, a link is no file.
    assert (hook["types"], hook["types_or"]) == ([], ["file", "symlink"])


def test_the_hook_reads_workbooks() -> None:
    """Nobody can add the extra to its environment by hand."""
    settings = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    extra = re.search(r'^excel = \[.*\n +"(.+)",\n\]', settings, re.M)
    assert extra is not None
    assert load(".pre-commit-hooks.yaml")[0]["additional_dependencies"] == [extra[1]]


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
    command = f"{hook['entry']} {shlex.join(names)}"
    return run(command, project, PYTEST_ADDOPTS=now, PRE_COMMIT="1")


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
    # Nobody can call the hook's own pytest, nor would type what it is given.
    again = "\nCheck again:\n  pre-commit run --files clinics/harbourside.yaml\n"
    assert (again in result.stdout) == bool(code)
