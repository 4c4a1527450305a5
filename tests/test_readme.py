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


@pytest.fixture(scope="module")
def bayview() -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--videolink-clinic=bayview",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_first_command_shows_the_mistakes_and_fails(
    bayview: subprocess.CompletedProcess[str],
) -> None:
    assert bayview.returncode == pytest.ExitCode.TESTS_FAILED
    assert "5 failed" in bayview.stdout.splitlines()[-1]


@pytest.mark.parametrize("block", blocks("text")[:2])
def test_the_output_shown_is_real(block: str, bayview: subprocess.CompletedProcess[str]) -> None:
    assert block in bayview.stdout


def test_every_option_is_named() -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "videolink", "--help"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    options = set(re.findall(r"--videolink-[\w-]+", helped.stdout))
    assert options
    assert {option for option in options if option not in README} == set()
