"""The fleet that the tests of companions share."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.register_assert_rewrite("companions")

from companions import Fleet, write_fleet  # noqa: E402


@pytest.fixture(scope="session")
def _project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet")
    write_fleet(folder)
    return folder


@pytest.fixture
def fleet(_project: Path, tmp_path: Path) -> Fleet:
    """The shared fleet, with a folder of this test's own for what is written."""
    return Fleet(_project, tmp_path)
