"""Whole processes, side by side: their time, their memory, and how one compares with another."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds by the clock, seconds of processor, bytes at the most.

    Processor time is that of its children too; memory is that of the largest of them.
    """

    wall: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Command:
    """A process to measure. ``codes`` are the exit codes with which it has done its work."""

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    codes: tuple[int, ...] = (0, 1)

    def run(self) -> tuple[Cost, str]:
        """What it cost, and what it printed. Raises :class:`RuntimeError` where it went wrong."""
        with tempfile.TemporaryDirectory() as folder:
            costs, output = Path(folder, "costs"), Path(folder, "output")
            with output.open("wb") as out:
                subprocess.run(
                    (sys.executable, "-E", "-S", str(HERE / "launch.py"), str(costs), *self.words),
                    cwd=self.folder,
                    env=_environment(self.environment),
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    check=True,
                )
            code, wall, cpu, memory = map(float, costs.read_text("ascii").split())
            said = output.read_text("utf-8", errors="replace")
        if code not in self.codes:
            raise RuntimeError(f"exit {code:g} of {' '.join(self.words)}\n{said}")
        return Cost(wall, cpu, memory * (1 if sys.platform == "darwin" else 1024)), said


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    # PYTHONDONTWRITEBYTECODE would have the plugin compiled anew for every process of a checkout.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PY")}
    return {
        **kept,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(HERE),
        "COLUMNS": "80",
        **more,
    }


def interleaved(sides: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """What each side costs, one after the other in every round, so that all meet the same noise.

    Every other round goes the other way round.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for command in sides.values() if rounds > 1 else ():
        command.run()  # what is compiled or cached once is so for all
    for number in range(rounds):
        names = list(sides)
        for name in names if number % 2 == 0 else reversed(names):
            costs[name].append(sides[name].run()[0])
    return costs


@dataclass(frozen=True)
class Spread:
    """A figure of several rounds: the middle one, the least and the greatest."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        known = sorted(values)
        return cls(statistics.median(known), known[0], known[-1])

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}-{self.most:.2f})"


def ratio(some: Sequence[Cost], others: Sequence[Cost], what: str) -> Spread:
    """How many times the one costs what the other does, round by round."""
    return Spread.of(
        getattr(one, what) / getattr(other, what) for one, other in zip(some, others, strict=True)
    )
