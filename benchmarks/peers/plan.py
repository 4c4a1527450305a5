"""The items that the peers within pytest make, and how each ends: as the plugin's own did.

Nothing is checked, so what is measured is pytest's own work for as many items with the same ends
and the same texts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


class Wrong(Exception):
    """A failure with a text that is given."""


def rows() -> list[tuple[str, str, str]]:
    """Node id, outcome and text of each item."""
    plan: list[tuple[str, str, str]] = json.loads(
        Path(os.environ["BENCH_PLAN"]).read_text(encoding="utf-8")
    )
    return plan


def end(outcome: str, text: str) -> None:
    if outcome == "failed":
        raise Wrong(text)
    if outcome == "skipped":
        pytest.skip(text)


def flat(nodeid: str) -> str:
    """A name that pytest takes for no path and no parameter."""
    return nodeid.replace("::", ".").replace("/", ".")
