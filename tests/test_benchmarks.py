"""The benchmarks can be run: nothing is timed here."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from support import missing

RUN = Path(__file__).parent.parent / "benchmarks" / "run.py"

pytestmark = pytest.mark.skipif(not RUN.exists(), reason="the benchmarks are not in this tree")


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    for name in ("regopy", "check_jsonschema"):
        if find_spec(name) is None:
            missing(f"{name} (the extra `bench`)")
    return subprocess.run(
        [sys.executable, str(RUN), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "row", ["start", "unused-autoload", "start-autoload", "policies", "day-sheet"]
)
def test_the_peers_find_what_the_plugin_finds_and_a_row_comes_of_it(row: str) -> None:
    done = bench("--quick", "--rounds=1", row)
    assert done.returncode == 0, done.stderr
    head, _, *lines = done.stdout.splitlines()
    columns = [cell.strip() for cell in head.strip("|").split("|")]
    assert columns[:3] == ["row", "what", "ratio"]
    assert lines
    for line in lines:
        cells = dict(
            zip(columns, (cell.strip() for cell in line.strip("|").split("|")), strict=True)
        )
        assert cells["row"] == row
        assert float(cells["ratio"].partition(" ")[0]) > 0


def test_an_unknown_row_is_told_from_the_known_ones() -> None:
    done = bench("startup")
    assert done.returncode == 2
    assert "no row startup; there are unused, start, " in done.stderr
