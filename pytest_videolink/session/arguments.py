"""Where a run's command line and ini point to. Light: every run of pytest imports this."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DEFAULT_SOURCE = "clinics"
DEFAULT_SNAPSHOT = ".videolink"
WORKER_INPUT = "videolink"
"""What xdist's controller hands to a worker stands under this key of the worker's input."""

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


def lead_outside(config: pytest.Config) -> None:
    """Have pytest find the clinics of a source outside rootdir by their own ids, which begin with
    the name of its folder.
    """
    strays = [argument for argument, path in argument_paths(config) if not path.exists()]
    folder = clinic_folder(config) if strays else config.rootpath
    if folder.is_relative_to(config.rootpath):
        return
    for index, argument in enumerate(config.args):
        there = os.path.join(folder.parent, argument)
        path = _path(config, there)
        if argument in strays and path.is_relative_to(folder) and path.exists():
            config.args[index] = there


def argument_paths(config: pytest.Config) -> Iterator[tuple[str, Path]]:
    """The arguments that pytest was given, or ``testpaths``, each with the path that it names."""
    if config.args_source is config.ArgsSource.INVOCATION_DIR:
        return
    for argument in config.args:
        yield argument, _path(config, argument)


def _path(config: pytest.Config, argument: str) -> Path:
    path = config.invocation_params.dir / argument.partition("[")[0].partition("::")[0]
    return Path(os.path.abspath(path))


def _ini(config: pytest.Config, name: str) -> str:
    try:
        return str(config.getini(name))
    except TypeError as error:  # pytest 9.0 lets it through; from 9.2 it is a usage error
        raise pytest.UsageError(f"{name}: {error}") from None


def _given(config: pytest.Config, name: str) -> tuple[Path, str]:
    """An option's value, or that of the ini option, and the folder that it is relative to."""
    given = getattr(config.option, name)
    if given is not None:
        return config.invocation_params.dir, given
    return config.rootpath, _ini(config, name)


def is_source_given(config: pytest.Config) -> bool:
    """Whether the source of the clinic documents is named, or only the usual folder looked at."""
    return bool(_given(config, "videolink_source")[1])


def is_address(location: str) -> bool:
    """Whether a location is no folder but an address, such as a URL."""
    return bool(_ADDRESS.match(location))


def source_location(config: pytest.Config) -> str:
    """Where the clinic documents are: an address as it was given, or the folder's full path."""
    here, given = _given(config, "videolink_source")
    return given if is_address(given) else os.path.abspath(here / (given or DEFAULT_SOURCE))


def snapshot_folder(config: pytest.Config) -> Path:
    """The folder that keeps what is fetched, absolute."""
    here, given = _given(config, "videolink_snapshot")
    return Path(os.path.abspath(here / (given or DEFAULT_SNAPSHOT)))


def clinic_folder(config: pytest.Config) -> Path:
    """The folder that the clinics' files are in, or will be when they have been fetched."""
    location = source_location(config)
    return snapshot_folder(config) if is_address(location) else Path(location)
