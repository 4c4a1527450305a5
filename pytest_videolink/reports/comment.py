"""The report as Markdown that a comment takes, on a pull request or an issue."""

from __future__ import annotations

from pytest_videolink.reports.markdown import BEGINS, within
from pytest_videolink.reports.report import Report

__all__ = ["BEGINS", "render"]

CHARACTERS = 65_536
"""How many GitHub takes."""


def render(report: Report) -> str:
    return within(report, _fits)


def _fits(text: str) -> bool:
    # As JavaScript counts them, which is never less than others do.
    return len(text.encode("utf-16-le", "replace")) // 2 <= CHARACTERS
