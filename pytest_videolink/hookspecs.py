"""The hooks of pytest-videolink, for a ``conftest.py`` beside the ini file or for a plugin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_videolink.checks.rule import Check
    from pytest_videolink.sources.source import Source


@pytest.hookspec
def pytest_videolink_checks(config: pytest.Config) -> Iterable[Check]:
    """Return checks, made with :func:`pytest_videolink.check`, that every clinic is to pass.

    The built-in checks come by this hook as well. Of the conftest.py files only the one in rootdir
    is asked, which every run of a project reads: whether a clinic is ready must not depend on the
    paths that a run is given.
    """
    raise NotImplementedError


@pytest.hookspec(firstresult=True)
def pytest_videolink_source(config: pytest.Config, location: str) -> Source | Path | None:
    """Return the source that a location (``--videolink-source``) stands for.

    Return a :class:`~pytest_videolink.Source`, or the path of a folder that holds clinic documents;
    return ``None`` to leave the location to others. Raise :class:`~pytest_videolink.SourceError`
    where it cannot be used.
    """
