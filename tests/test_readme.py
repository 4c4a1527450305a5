"""README shows what really happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "videolink", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def bayview() -> subprocess.CompletedProcess[str]:
    return run("--videolink-clinic=bayview")


def test_the_first_command_shows_the_mistakes_and_fails(
    bayview: subprocess.CompletedProcess[str],
) -> None:
    assert bayview.returncode == pytest.ExitCode.TESTS_FAILED
    assert "5 failed" in bayview.stdout.splitlines()[-1]


@pytest.mark.parametrize("block", blocks("text")[:2])
def test_the_output_shown_is_real(block: str, bayview: subprocess.CompletedProcess[str]) -> None:
    assert block in bayview.stdout


def test_the_diagnosis_shown_is_real() -> None:
    diagnosis = run("--videolink-clinic=wattle-street", "--videolink-appointment=W-106")
    assert diagnosis.returncode == pytest.ExitCode.TESTS_FAILED
    assert blocks("text")[2] in diagnosis.stdout


def test_every_option_is_named() -> None:
    options = set(re.findall(r"--videolink-[\w-]+", run("--help").stdout))
    assert options
    assert {option for option in options if option not in README} == set()
