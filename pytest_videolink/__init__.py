"""A clinic's telehealth configuration as pytest items: find out why there would be no video link.

The public names are imported when they are first used, so that installing the plugin costs a run
that does not use it nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_videolink.nodes import ConfigurationWarning
    from pytest_videolink.sources import Fetched, Listed, Source, SourceError

__all__ = ["ConfigurationWarning", "Fetched", "Listed", "Source", "SourceError"]

_HOMES = {
    "ConfigurationWarning": "pytest_videolink.nodes",
    "Fetched": "pytest_videolink.sources",
    "Listed": "pytest_videolink.sources",
    "Source": "pytest_videolink.sources",
    "SourceError": "pytest_videolink.sources",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
