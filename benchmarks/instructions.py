"""How many instructions a row's sides take, which a noisy machine changes nothing of.

Counted by valgrind (Debian: ``valgrind``), which is fifty times slower than the processor. The
ratios stand in RESULTS.md, and ``--check`` holds them: a change that makes the start slower fails
by count, not by clock.
"""

from __future__ import annotations

import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from measure import HERE, Command
from rows import Bench, one_of_many_sides, start_sides

COUNTED: Mapping[str, Callable[[Bench], tuple[str, Mapping[str, Command]]]] = {
    "start": start_sides,
    "one-of-many": one_of_many_sides,
}
MARGIN = 0.05
RESULTS = HERE / "RESULTS.md"
TITLE = "## Instructions"

_VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
_COUNT = re.compile(r"I +refs: +([\d,]+)")
_ROW = re.compile(r"\| (\S+) \| [^|]* against ([^|]+) \| ([\d.]+) \|")


@dataclass(frozen=True)
class Counted:
    """How many times the instructions of another side one takes."""

    row: str
    what: str
    other: str
    ratio: float
    sides: str

    def __str__(self) -> str:
        what = f"{self.what} against {self.other}"
        return f"| {self.row} | {what} | {self.ratio:.3f} | {self.sides} |"


def counted(row: str, folder: Path) -> list[Counted]:
    """The first side of a row against each other one."""
    if shutil.which("valgrind") is None:
        raise SystemExit("--instructions takes valgrind, such as of `apt-get install valgrind`")
    what, sides = COUNTED[row](Bench(folder, 1))
    counts = {name: _count(command) for name, command in sides.items()}
    mine, *others = counts
    return [
        Counted(
            row,
            f"{what}: {mine}",
            other,
            counts[mine] / counts[other],
            f"{counts[mine] / 1e6:,.0f} and {counts[other] / 1e6:,.0f} million",
        )
        for other in others
    ]


def _count(command: Command) -> int:
    """The instructions of a command, once what is compiled or cached is so."""
    fixed = {**command.environment, "PYTHONHASHSEED": "0"}
    replace(command, environment=fixed).run()
    _, said = replace(command, words=(*_VALGRIND, *command.words), environment=fixed).run()
    found = _COUNT.search(said)
    if found is None:
        raise RuntimeError(f"valgrind counted nothing: {said[-500:]}")
    return int(found[1].replace(",", ""))


def table(lines: Sequence[Counted]) -> str:
    """The section of RESULTS.md."""
    head = "| row | what | ratio | instructions |\n| --- | --- | --- | --- |"
    return "\n".join((TITLE, "", f"By {_python()}.", "", head, *map(str, lines), ""))


def known() -> str:
    """The section as it stands in RESULTS.md, or nothing."""
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
    return text[text.index(TITLE) :] if TITLE in text else ""


def write(lines: Sequence[Counted]) -> None:
    """Write the section anew; it is the last."""
    text = RESULTS.read_text("utf-8")
    before = text.partition(TITLE)[0].rstrip()
    RESULTS.write_text(f"{before}\n\n{table(lines)}", encoding="utf-8")


def faults(lines: Sequence[Counted], section: str) -> list[str]:
    """Which of the ratios are not those of a section, by more than the margin either way.

    Another Python has other ratios: there they can be looked at only.
    """
    if f"By {_python()}." not in section:
        return []
    stands = {(row, other): float(ratio) for row, other, ratio in _ROW.findall(section)}
    found = []
    for line in lines:
        before = stands.get((line.row, line.other))
        name = f"{line.row}, against {line.other}"
        if before is None:
            found.append(f"{name}: not in RESULTS.md; write it with --instructions --write")
        elif abs(line.ratio / before - 1) > MARGIN:
            found.append(
                f"{name}: {line.ratio:.3f}, which is {line.ratio / before - 1:+.1%} of the"
                f" {before:.3f} in RESULTS.md"
            )
    return found


def _python() -> str:
    return f"{platform.python_implementation()} {'.'.join(platform.python_version_tuple()[:2])}"


def main(rows: Sequence[str], *, check: bool, write_down: bool) -> int:
    """Print the ratios; returns 1 where they are checked and differ."""
    lines: list[Counted] = []
    for row in rows or COUNTED:
        with tempfile.TemporaryDirectory() as folder:
            lines += counted(row, Path(folder))
    print(table(lines))
    if write_down:
        write(lines)
    found = faults(lines, known()) if check else []
    print("\n".join(found))
    return int(bool(found))
