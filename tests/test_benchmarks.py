"""The benchmarks can be run: nothing is timed here."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
    "row",
    [
        "start",
        "unused-autoload",
        "start-autoload",
        "policies",
        "day-sheet",
        "pms-lists",
        "parse",
        "workbook",
    ],
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


@pytest.mark.parametrize(
    ("ratio", "fault"),
    [
        (1.58, ""),
        (1.66, "start, against bare pytest: 1.660, which is +5.7% of the 1.570 in RESULTS.md"),
        (1.48, "start, against bare pytest: 1.480, which is -5.7% of the 1.570 in RESULTS.md"),
    ],
)
def test_a_ratio_of_instructions_is_held(
    ratio: float, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(RUN.parent))
    counts = importlib.import_module("instructions")

    def start(of: float, other: str = "bare pytest") -> Any:
        return counts.Counted("start", "one clinic of 186 items: plugin", other, of, "3 and 2")

    section = counts.table([start(1.57)])
    assert counts.faults([start(ratio)], section) == ([fault] if fault else [])
    assert counts.faults([start(1, "others")], section) == [
        "start, against others: not in RESULTS.md; write it with --instructions --write"
    ]
    assert counts.faults([start(9)], section.replace("By ", "By another ")) == []
