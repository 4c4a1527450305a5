"""Where a file lies in its repository, which is how code scanning and reviews name it.

pytest names files from rootdir, which may lie below the repository's root, or beside the clinics.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pytest

from pytest_videolink.record.text import printable
from pytest_videolink.session.arguments import repository_root

SETTING = "videolink_sarif_root"
MARK = ".git"
"""What lies in the root of a repository: a folder, or, in a work tree or a submodule, a file."""


class Repository:
    """The repository that the clinics of a run are kept in: as set, or found for each folder."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._found: dict[Path, Path] = {}

    def uri(self, file: Path) -> str:
        """A file's path from the root, as a URI reference; empty where it lies outside.

        A link is told as what it leads to, where that is in the repository: the link has no lines.
        """
        root = self._given or self._root_of(file.parent)
        top = os.path.realpath(root)
        for path, above in ((Path(os.path.realpath(file)), top), (file, root)):
            if path.is_relative_to(above):
                return quote(os.fsencode(path.relative_to(above).as_posix()))
        return ""

    def refuse_outside(self, files: Iterable[Path]) -> None:
        """Refuse a root that is set and is none. Raises :class:`pytest.UsageError`."""
        root = self._given
        if root is None:
            return
        shown = f"{SETTING}={printable(str(root))} in the configuration file"
        if not root.is_dir():
            raise pytest.UsageError(f"{shown}: there is no such folder")
        outside = next((file for file in files if not self.uri(file)), None)
        if outside is not None:
            raise pytest.UsageError(f"{shown}: {printable(str(outside))} lies outside it")

    @cached_property
    def _given(self) -> Path | None:
        return repository_root(self._config)

    def _root_of(self, folder: Path) -> Path:
        """The folder at or above one that holds a repository, or rootdir where none does."""
        if folder not in self._found:
            found = (each for each in (folder, *folder.parents) if (each / MARK).exists())
            self._found[folder] = next(found, self._config.rootpath)
        return self._found[folder]
