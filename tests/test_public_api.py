"""The public names: exported, documented, typed."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support import missing

import pytest_videolink
from pytest_videolink.checks import rule

PROJECT = Path(__file__).parents[1]
EXTENDING = PROJECT / "examples" / "extending"
GUIDE = (PROJECT / "docs" / "extending.md").read_text(encoding="utf-8")

NAMES = [
    *("Appointment", "AppointmentType", "Check", "Clinic", "ConfigurationWarning", "Context"),
    *("Fetched", "Finding", "Listed", "Pair", "Place", "Practitioner", "Source", "SourceError"),
    *("check", "unrecorded", "wrong"),
]


def test_the_public_names() -> None:
    assert pytest_videolink.__all__ == NAMES
    assert set(NAMES) <= set(dir(pytest_videolink))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_exported_as_itself(name: str) -> None:
    # Twice, as importing a module of that name would take its place.
    assert getattr(pytest_videolink, name) is getattr(pytest_videolink, name)
    assert not inspect.ismodule(getattr(pytest_videolink, name))
    assert getattr(pytest_videolink, name).__name__ == name


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_documented(name: str) -> None:
    named: Any = getattr(pytest_videolink, name)
    assert named.__doc__
    assert not named.__doc__.startswith(f"{name}("), "the docstring that dataclasses make up"
    assert f"`{name}`" in GUIDE


def test_every_parameter_of_a_check_is_documented() -> None:
    document = inspect.getdoc(pytest_videolink.check) or ""
    values = set(inspect.signature(pytest_videolink.check).parameters) - {"subject", "said"}
    parameters = values | set(rule._Said.__annotations__)
    assert {"id", "fix", "when", "title", "severity", "source", "blocked_by"} <= parameters
    assert {name for name in parameters if f"``{name}``" not in document} == set()
    assert {name for name in parameters if f"`{name}`" not in GUIDE} == set()


def test_it_is_typed() -> None:
    assert (Path(pytest_videolink.__file__).parent / "py.typed").is_file()


MISUSED = """\
from __future__ import annotations
from pytest_videolink import Check, Clinic, Context, Finding, Practitioner, check, wrong

@check("ACME01", "one", subject=Practitioner, fix=["x"])  # error
def one(clinic: Clinic) -> None: ...

@check("ACME02", "two", subject=str, fix=["x"])  # error
def two(text: str) -> None: ...

@check("ACME03", "three", subject=Clinic, fix=["x"], severity="warn")  # error
def three(clinic: Clinic) -> None: ...

@check("ACME04", "four", subject=Clinic, fix=["x"])  # error
def four(clinic: Clinic) -> bool: return True

@check("ACME05", "five", subject=Clinic, fix=["x"])
def five(clinic: Clinic, context: Context) -> Finding:
    context.clinics  # error
    return wrong("x", founded="y")  # error

@check("ACME06", "six", subject=Clinic, fix=["x"], when=lambda clinic, context: bool(context.now))
def six(clinic: Clinic, context: Context) -> list[str]:
    reveal_type(clinic.practitioners[0].pms_id)  # note: "str | None"
    return [clinic.name]

reveal_type(six)  # note: "pytest_videolink.checks.rule.Check"

def pytest_videolink_checks() -> list[Check]:
    return [six]
"""


REVEALED = "\n".join(
    ("import pytest_videolink", *(f"reveal_type(pytest_videolink.{name})" for name in NAMES))
)


def test_users_are_told_of_their_mistakes_by_a_type_checker(tmp_path: Path) -> None:
    (tmp_path / "misused.py").write_text(MISUSED)
    (tmp_path / "revealed.py").write_text(REVEALED)
    typed = [EXTENDING / "conftest.py", EXTENDING / "tests", EXTENDING / "pytest-videolink-acme"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-error-summary"),
            *(f"--cache-dir={tmp_path / 'cache'}", "misused.py", "revealed.py", *map(str, typed)),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if "No module named mypy" in done.stderr:
        missing("mypy")
    assert done.stderr == ""
    said: dict[int, list[str]] = {}
    revealed: list[str] = []
    for line in done.stdout.splitlines():
        file, number, text = line.split(":", 2)
        if file == "revealed.py":
            revealed.append(text)
            continue
        assert file == "misused.py", line  # the example project has no mistake
        said.setdefault(int(number), []).append(text.strip())
    lines = MISUSED.splitlines()
    expected = {number for number, line in enumerate(lines, 1) if "# error" in line}
    notes = {number for number, line in enumerate(lines, 1) if "# note" in line}
    assert {number for number, texts in said.items() if texts[0].startswith("error")} == expected
    for number in notes:
        assert said[number] == [f"note: Revealed type is {lines[number - 1].split('note: ')[1]}"]
    assert len(revealed) == len(NAMES)
    for name, type in zip(NAMES, revealed, strict=True):
        home = getattr(pytest_videolink, name).__module__
        as_called = ("check", "unrecorded", "wrong", "Source")  # shown by what they take and give
        assert name in as_called or f"{home}.{name}" in type, type
        assert re.search(r"Revealed type is \"(Overload\()?def ", type), type


def test_the_types_are_those_of_what_is_there() -> None:
    """Stubtest holds what a type checker sees of a module against what is there to import."""
    homes = {name: getattr(pytest_videolink, name).__module__ for name in NAMES}
    modules = {*homes.values(), "pytest_videolink.hookspecs", "pytest_videolink.session.fixtures"}
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "--concise", *modules],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    if "No module named mypy" in done.stderr:
        missing("mypy")
    assert done.stderr == ""
    names = {f"{home}.{name}" for name, home in homes.items()}
    names |= {"pytest_videolink.hookspecs", "pytest_videolink.session.fixtures"}
    public = re.compile("|".join(rf"{re.escape(name)}\b" for name in names))
    assert [line for line in done.stdout.splitlines() if public.match(line)] == []
