"""Where a run's command line and ini point to. Light: every run of pytest imports this."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


def argument_paths(config: pytest.Config) -> Iterator[Path]:
    """The existing paths that pytest was given, by its arguments or by ``testpaths``."""
    if config.args_source is config.ArgsSource.INVOCATION_DIR:
        return
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("[")[0].partition("::")[0]
        if path.exists():
            yield Path(os.path.abspath(path))


def source_folder(config: pytest.Config) -> Path:
    """The folder of the clinic documents, absolute."""
    given = config.option.videolink_source
    if given is not None:
        folder = config.invocation_params.dir / given
    else:
        folder = config.rootpath / config.getini("videolink_source")
    return Path(os.path.abspath(folder))
