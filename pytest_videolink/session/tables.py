"""A table on the command line stands for the clinics that name it.

A hook, or what watches files, names one where it alone has changed.
"""

from __future__ import annotations

import os

import pytest

from pytest_videolink.record.text import TABLES, listing, printable
from pytest_videolink.session.arguments import argument_paths
from pytest_videolink.sources.directory import Directory, read
from pytest_videolink.sources.source import Folder


def lead_to_clinics(config: pytest.Config, folder: Folder) -> None:
    """Put the clinics that name a table in its place on the command line.

    A table that no clinic names is left out; where nothing else is asked for, the run ends, and
    says so.
    """
    named = [
        (argument, path)
        for argument, path in argument_paths(config)
        if path.suffix.lower() in TABLES and path.is_relative_to(folder.root) and path.is_file()
    ]
    if not named or not isinstance(folder, Directory):
        return
    from pytest_videolink.sources.named import naming  # which few need

    files = [entry.file for entry in folder.entries()]
    here = config.invocation_params.dir
    places = {
        argument: [os.path.relpath(file, here) for file in naming(files, path, read)]
        for argument, path in named
        if path not in files
    }
    if not places:
        return
    config.args = list(
        dict.fromkeys(each for given in config.args for each in places.get(given, (given,)))
    )
    if not config.args:
        tables = listing(map(printable, places))
        said = f"no clinic names {tables} as a table, so there is nothing to check"
        if config.option.videolink_clinic:
            raise pytest.UsageError(said)
        pytest.exit(said, returncode=pytest.ExitCode.OK)
