"""What is said of the project about itself is so."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
VERSION = re.search(r'^version = "(.*)"$', (PROJECT / "pyproject.toml").read_text("utf-8"), re.M)[1]


def test_the_changelog_begins_with_the_version() -> None:
    heading = re.search(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert heading is not None
    assert heading[1] == VERSION == version("pytest-videolink")


def test_no_module_repeats_the_version() -> None:
    modules = (PROJECT / "pytest_videolink").rglob("*.py")
    # That a check came with it stays so in every later version.
    texts = {file.name: re.sub('since=".*"', "", file.read_text("utf-8")) for file in modules}
    assert [name for name, text in texts.items() if f'"{VERSION}"' in text] == []


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "docs/fuzzing.md"])
def test_the_files_that_a_page_names_are_there(page: str) -> None:
    text = (PROJECT / page).read_text("utf-8")
    commands = re.findall(r"`([^`]+)`", text)
    words = {word for command in commands for word in command.split()}
    paths = {word for word in words if re.fullmatch(r"\.?[a-z]+/[\w./-]+", word)}
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link}
    assert paths | links
    made = (".venv/", "dist/", "fuzz/found/", "checks/")
    if not (PROJECT / ".ci").exists():  # which no sdist has
        made += (".ci/",)
    here = {each for each in paths if not each.startswith(made)}
    assert [each for each in here if not (PROJECT / each).exists()] == []
    assert [each for each in links if not (PROJECT / page).parent.joinpath(each).exists()] == []
