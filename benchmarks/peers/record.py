"""A pytest plugin that writes down what a run found: the plan that no-op peers go by."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


class Recorder:
    """Writes ``[node id, outcome, text]`` for every item."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: list[tuple[str, str, str]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and not report.skipped:
            return
        text = report.longrepr
        said = text[2].removeprefix("Skipped: ") if isinstance(text, tuple) else str(text or "")
        self._rows.append((report.nodeid, report.outcome, said))

    def pytest_sessionfinish(self) -> None:
        self._file.write_text(json.dumps(self._rows), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Recorder(Path(os.environ["BENCH_RECORD"])))
