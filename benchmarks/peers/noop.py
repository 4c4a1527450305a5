"""Peer: custom ``pytest.Item``s that do nothing, all in one file. pytest's own floor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from peers.plan import Wrong, end, flat, rows


class NoopItem(pytest.Item):
    """An item that ends as it is told to."""

    def __init__(self, *, outcome: str, text: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.outcome = outcome
        self.text = text

    def runtest(self) -> None:
        end(self.outcome, self.text)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        if isinstance(excinfo.value, Wrong):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args)


class NoopFile(pytest.File):
    """The file that all items stand in."""

    def collect(self) -> Iterator[NoopItem]:
        for nodeid, outcome, text in rows():
            yield NoopItem.from_parent(self, name=flat(nodeid), outcome=outcome, text=text)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".noop":
        return None
    file: NoopFile = NoopFile.from_parent(parent, path=file_path)
    return file
