"""Hooks that a conftest.py or another plugin may implement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_videolink.sources import Source


@pytest.hookspec(firstresult=True)
def pytest_videolink_source(config: pytest.Config, location: str) -> Source | Path | None:
    """Return the source that a location (``--videolink-source``) stands for.

    Return a :class:`~pytest_videolink.Source`, or the path of a folder that holds clinic documents;
    return ``None`` to leave the location to others. Raise :class:`~pytest_videolink.SourceError`
    where it cannot be used.
    """
