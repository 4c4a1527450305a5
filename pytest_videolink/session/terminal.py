"""The terminal as a run finds it: how wide it is, its colours, and what its encoding takes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_videolink.reports.closing import Line
    from pytest_videolink.reports.words import Verdict

MAX_WIDTH = 100
"""Columns of a text that is still read with ease, however wide the terminal is."""
MIN_WIDTH = 40
"""Columns that there are at least, for pytest as well: less is a terminal that does not say."""
USUAL_WIDTH = 80

COLOURS: dict[Verdict, str] = {
    "READY": "green",
    "READY WITH WAIVERS": "yellow",
    "NOT READY": "red",
    "UNKNOWN": "red",
}
"""The verdicts as pytest colours what passes, what is expected to fail, and what fails."""


def width() -> int:
    """The columns that a text takes."""
    columns = shutil.get_terminal_size((USUAL_WIDTH, 24)).columns
    return min(columns if columns >= MIN_WIDTH else USUAL_WIDTH, MAX_WIDTH)


def write_section(terminal: pytest.TerminalReporter, lines: Sequence[Line]) -> None:
    """Write the section that closes a run, each verdict in its colour where there are colours."""
    if lines:
        terminal.write_sep("=", "videolink")
    for line in lines:
        verdict = line.verdict
        before, _, after = line.text.partition(verdict) if verdict else (line.text, "", "")
        terminal.write(before)
        if verdict:
            terminal.write(verdict, **{COLOURS[verdict]: True})
        terminal.line(after)


def take_every_character(config: pytest.Config) -> None:
    """Have standard output escape what its encoding cannot take, until the run is over.

    pytest does so by itself with what goes through its own writer, but of a text of many lines it
    makes one.
    """
    stream = sys.stdout
    if not isinstance(stream, TextIOWrapper):
        return
    errors = stream.errors
    if errors not in ("strict", "surrogateescape"):  # those that leave something out
        return

    def take_back() -> None:
        with suppress(ValueError, OSError):  # it is closed by now, or nobody reads any more
            stream.reconfigure(errors=errors)

    with suppress(OSError):
        stream.reconfigure(errors="backslashreplace")
        config.add_cleanup(take_back)
