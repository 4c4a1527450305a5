"""A new check: what the command begins, and what is said of one that lacks a part."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import new_check
import pytest
import refresh
import yaml

from pytest_videolink.checks.builtin import CATALOGUE

PROJECT = Path(__file__).parents[1]
SAYS = "is not in the list"
PARTS = (
    *("docs/checks", "tests/checks", "tests/golden"),
    *("docs/*.py", "docs/reference/*.md", "tests/support.py"),
)
UNWRITTEN = [
    'title="TO BE WRITTEN: what holds where it passes",',
    'fix=["TO BE WRITTEN: where to put it right"],',
    '"""TO BE WRITTEN: what it costs the patient."""',
    "holds = True  # TO BE WRITTEN",
    "TO BE WRITTEN: right",
    "TO BE WRITTEN: wrong",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a check is a part of, for the command to write into."""
    package = new_check.PACKAGES / "pytest_videolink"
    shutil.copytree(package, tmp_path / package.name)
    for part in PARTS:
        for origin in PROJECT.glob(part):
            target = tmp_path / origin.relative_to(PROJECT)
            target.parent.mkdir(parents=True, exist_ok=True)
            copy: Callable[..., object] = shutil.copytree if origin.is_dir() else shutil.copy
            copy(origin, target)
    monkeypatch.setattr(new_check, "PROJECT", tmp_path)
    monkeypatch.setattr(new_check, "PACKAGES", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("id", "module", "key"),
    [
        ("VL098", "record", "VL098"),
        ("VL100", "sync", "VL100"),
        ("VL298", "practitioner", "VL298 dr-amara-nwosu"),
        ("VL300", "appointment_type", "VL300 telehealth-video"),
        ("VL398", "offering", "VL398 dr-amara-nwosu::telehealth-video"),
        ("VL498", "dashboards", "VL498"),
        ("VL598", "diagnosis", "VL598 88213"),
        ("VL698", "delivery", "VL698"),
        ("VL798", "identifiers", "VL798 dr-amara-nwosu"),
    ],
)
def test_a_check_is_begun_where_it_belongs(project: Path, id: str, module: str, key: str) -> None:
    files = [
        f"pytest_videolink/checks/{module}.py",
        "pytest_videolink/checks/examples.yaml",
        f"tests/checks/test_{module}.py",
    ]
    before = {file: (project / file).read_text(encoding="utf-8") for file in files}
    assert new_check.begin(id, "in-the-list", SAYS) == files
    rule, examples, tests = ((project / file).read_text(encoding="utf-8") for file in files)
    assert f'@check(\n    "{id}",\n    "in-the-list",\n    since="' in rule
    assert f'.name}} {SAYS}")\n' in rule
    assert f'assert_example("{key}", side, state, reason)\n' in tests
    names = [node.name for node in ast.parse(rule).body if isinstance(node, ast.FunctionDef)]
    assert names.count("in_the_list") == 1
    assert "assert_example" in {
        each.name
        for node in ast.parse(tests).body
        if isinstance(node, ast.ImportFrom) and node.module == "support"
        for each in node.names
    }
    entries = yaml.load(examples, yaml.BaseLoader)
    assert set(entries[id]) == {"right", "wrong"}
    assert set(entries) - {id} == set(yaml.load(before[files[1]], yaml.BaseLoader))
    for file in files[:2]:  # all else is as it was
        lines = (project / file).read_text(encoding="utf-8").splitlines()
        assert [line for line in before[file].splitlines() if line not in lines] == []
    assert [each.partition(": ")[2] for each in new_check.by_hand()] == UNWRITTEN


@pytest.mark.parametrize(
    ("id", "slug", "says", "why"),
    [
        ("VL201", "in-the-list", "", "VL201 in-the-list: VL201-accepts-video is there already"),
        ("VL298", "accepts-video", "", "VL298 accepts-video: VL201-accepts-video is there already"),
        ("ACME01", "own", "", "ACME01 own: expected an id and a slug such as VL207 in-the-list"),
        ("VL298", "In list", "", "VL298 In list: expected an id and a slug such as VL207 "),
        ("VL298", "own", 'is "odd"', 'is "odd": expected words that can stand in quotes '),
        ("VL901", "own", "", "VL901: no module has this hundred yet; "),
    ],
)
@pytest.mark.usefixtures("project")
def test_what_cannot_be_begun(id: str, slug: str, says: str, why: str) -> None:
    with pytest.raises(new_check.NotWritten, match=f"^{re.escape(why)}"):
        new_check.begin(id, slug, says)
    assert new_check.by_hand() == []


def test_what_a_check_lacks_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = next(check for check in CATALOGUE if check.id == "VL206")
    bare = replace(known, id="VL298", since="")
    monkeypatch.setattr(new_check, "CATALOGUE", (*CATALOGUE, bare))
    assert new_check.missing() == [
        "pytest_videolink/checks/practitioner.py: VL298 does not say since which version it is"
        " there (since)",
        "pytest_videolink/checks/examples.yaml: VL298 has no example, lines that are right and"
        " that are wrong",
        "tests/checks/test_practitioner.py: VL298 has no test",
        "docs/checks/VL298.md: there is no such page; run: python docs/refresh.py",
        "tests/golden/report.json: VL298 is not in the reports; run: python docs/refresh.py",
    ]


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    paths = (project, project / "docs", project / "tests")
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


FILLED_IN = {
    "pytest_videolink/checks/practitioner.py": {
        "TO BE WRITTEN: what holds where it passes": "The profile was changed this year",
        "TO BE WRITTEN: where to put it right": "Look through the profile of {practitioner.name}",
        "TO BE WRITTEN: what it costs the patient.": "Patients get what nobody has looked at.",
        "holds = True  # TO BE WRITTEN": "changed = practitioner.changed_at",
        "if not holds:": "if changed is not None and changed.year < 2026:",
    },
    "pytest_videolink/checks/examples.yaml": {
        "TO BE WRITTEN: right": "changed_at: 2026-11-20T10:00:00+11:00",
        "TO BE WRITTEN: wrong": "changed_at: 2025-11-20T10:00:00+11:00",
    },
}
"""All that is written by hand."""

PAGE = """\
import new_check, refresh
check = next(check for check in refresh.CATALOGUE if check.id == "VL298")
page = refresh.check_page(check, refresh.example_of(check))
print(*page, *new_check.missing(), sep="\\n")
"""


def test_from_the_command_to_a_whole_check(project: Path) -> None:
    begun = run(project, "docs/refresh.py", "--new-check", "VL298", "in-the-list", "--says", SAYS)
    assert begun.returncode == 0, begun.stderr
    assert begun.stdout.endswith(
        "tests/checks/test_practitioner.py: what is TO BE WRITTEN there is yours\n"
    )
    early = run(project, "docs/refresh.py")
    assert early.returncode == 1
    assert [line.partition(": ")[2] for line in early.stderr.splitlines()] == UNWRITTEN
    for file, changes in FILLED_IN.items():
        text = (project / file).read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        (project / file).write_text(text, encoding="utf-8")
    tests = "tests/checks/test_practitioner.py"
    done = run(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests, "-k", "in_the_list")
    assert "2 passed" in done.stdout, done.stdout
    said = run(project, "-c", PAGE).stdout
    assert "# VL298 in-the-list\n\nThe profile was changed this year.\n" in said
    assert "\nDr Amara Nwosu is not in the list\n\n  Clinic  " in said
    assert said.splitlines()[-2:] == [
        "docs/checks/VL298.md: there is no such page; run: python docs/refresh.py",
        "tests/golden/report.json: VL298 is not in the reports; run: python docs/refresh.py",
    ]
    assert "VL298 has no" not in said


@pytest.mark.parametrize(
    ("left", "code"), [([], 0), (["write it", "and that"], "write it\nand that")]
)
def test_the_command_fails_where_something_is_left_to_do(
    monkeypatch: pytest.MonkeyPatch, left: list[str], code: object
) -> None:
    monkeypatch.setattr(sys, "argv", ["refresh.py"])
    monkeypatch.setattr(refresh, "write", lambda: left)
    with pytest.raises(SystemExit) as done:
        refresh.main()
    assert done.value.code == code
