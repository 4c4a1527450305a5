"""How fast the plugin is, side by side with its peers: ``python benchmarks/run.py --help``.

Needs the extra ``bench``. Each figure is a ratio of whole processes that ran one after the other,
the middle one of several rounds with the least and the greatest.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

import instructions
from measure import HERE
from rows import ROWS, Bench, Line

LIBRARIES = (
    "pytest-videolink",
    "pytest",
    "pluggy",
    "PyYAML",
    "httpx",
    "pytest-xdist",
    "regopy",
    "check-jsonschema",
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of: {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="small fleets, few rounds: a look")
    parser.add_argument("--rounds", type=int, help="how often to run each side (9; quick: 3)")
    parser.add_argument("--scale", type=float, help="part of the clinics of a row (1; quick: 0.02)")
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md as well")
    parser.add_argument(
        "--instructions",
        action="store_true",
        help=f"count instructions, with valgrind, of {', '.join(instructions.COUNTED)}",
    )
    parser.add_argument(
        "--check", action="store_true", help="fail where they are not those of RESULTS.md"
    )
    asked = parser.parse_args()
    there = instructions.COUNTED if asked.instructions else ROWS
    unknown = set(asked.rows) - set(there)
    if unknown:
        parser.error(f"no row {', '.join(sorted(unknown))}; there are {', '.join(there)}")
    return asked


def _table(lines: list[Line]) -> list[str]:
    head = ("row", "what", "ratio", "target", "reached", "CPU", "memory", "load", "measured")
    rows = [
        (
            line.row,
            line.what,
            str(line.ratio),
            f"{line.target:g}" if line.target is not None else "",
            line.reached,
            str(line.cpu or ""),
            str(line.memory or ""),
            f"{line.load:.1f}",
            line.sides,
        )
        for line in lines
    ]
    cells = (head, ("---",) * len(head), *rows)
    return [f"| {' | '.join(row)} |" for row in cells]


def _results(lines: list[Line]) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{os.cpu_count()} shared cores, {platform.system()}"
    words = [word for word in sys.argv[1:] if word != "--write"]
    command = shlex.join(["python", "benchmarks/run.py", *words])
    return "\n".join(
        (
            "# How fast: one run",
            "",
            f"{date.today().isoformat()}; {machine}; {python}; {libraries}.",
            "",
            f"By `{command}` (see `README.md` here). A ratio is the middle one of the rounds, with",
            "the least and the greatest; below 1 the plugin is faster. The load is the",
            "average of the minute before, of which the row's own process is one.",
            "",
            *_table(lines),
            "",
            instructions.known(),
        )
    )


def main() -> int:
    asked = _arguments()
    if asked.instructions:
        return instructions.main(asked.rows, check=asked.check, write_down=asked.write)
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(
            Path(folder),
            asked.rounds or (3 if asked.quick else 9),
            asked.scale or (0.02 if asked.quick else 1),
        )
        print("\n".join(_table([])))
        for name in asked.rows or ROWS:
            for line in ROWS[name](bench):
                lines.append(line)
                print(_table([line])[-1], flush=True)
    if asked.write:
        (HERE / "RESULTS.md").write_text(_results(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
