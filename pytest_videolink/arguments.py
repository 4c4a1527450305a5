"""Where a run's command line and ini point to. Light: every run of pytest imports this."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

DEFAULT_SOURCE = "clinics"


def argument_paths(config: pytest.Config) -> Iterator[tuple[str, Path]]:
    """The arguments that pytest was given, or ``testpaths``, each with the path that it names."""
    if config.args_source is config.ArgsSource.INVOCATION_DIR:
        return
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("[")[0].partition("::")[0]
        yield argument, Path(os.path.abspath(path))


def _ini_source(config: pytest.Config) -> str:
    try:
        return str(config.getini("videolink_source"))
    except TypeError as error:  # pytest 9.0 lets it through; from 9.2 it is a usage error
        raise pytest.UsageError(f"videolink_source: {error}") from None


def is_source_given(config: pytest.Config) -> bool:
    """Whether the folder of the clinic documents is named, or only the usual one is looked at."""
    return config.option.videolink_source is not None or bool(_ini_source(config))


def source_folder(config: pytest.Config) -> Path:
    """The folder of the clinic documents, absolute."""
    given = config.option.videolink_source
    if given is not None:
        folder = config.invocation_params.dir / given
    else:
        folder = config.rootpath / (_ini_source(config) or DEFAULT_SOURCE)
    return Path(os.path.abspath(folder))
