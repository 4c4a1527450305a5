"""The rows of the table: what is measured against what, and the target where there is one."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import environments
import fleet
from measure import HERE, Command, Cost, Spread, interleaved, ratio
from projects import PLUGIN, PYTEST, Differs, Project, bare

MEGABYTE = 1024 * 1024
DELAY = 0.05
AT_ONCE = 16


@dataclass(frozen=True)
class Line:
    """A line of the table. ``sides`` are what was measured, in words.

    ``ratio`` is one of times by the clock where nothing else is said. The target is about processor
    time where there is one, which other processes on the machine change less.
    """

    row: str
    what: str
    sides: str
    ratio: Spread
    target: float | None = None
    cpu: Spread | None = None
    memory: Spread | None = None
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """How many processes wanted to run when it was measured, this one included."""

    by_clock: bool = False
    """Whether the target is about time by the clock where there is processor time as well."""

    @property
    def reached(self) -> str:
        if self.target is None:
            return ""
        figure = self.ratio if self.cpu is None or self.by_clock else self.cpu
        return "yes" if figure.middle <= self.target else "no"


@dataclass(frozen=True)
class Bench:
    """Where to measure, how often, and how large: ``scale`` 1 is what the targets are about."""

    folder: Path
    rounds: int
    scale: float = 1

    def count(self, clinics: int) -> int:
        return max(2, round(clinics * self.scale))

    @property
    def long_rounds(self) -> int:
        """How often to run what takes minutes."""
        return max(1, self.rounds // 3)

    def place(self, name: str) -> Path:
        return self.folder / name


def _sides(costs: Mapping[str, Sequence[Cost]]) -> str:
    """Each side's middle costs."""
    return "; ".join(
        f"{name} {Spread.of(each.wall for each in some).middle:.2f} s,"
        f" {Spread.of(each.cpu for each in some).middle:.2f} s CPU,"
        f" {Spread.of(each.memory for each in some).middle / MEGABYTE:.0f} MB"
        for name, some in costs.items()
    )


def _line(
    row: str,
    what: str,
    mine: str,
    other: str,
    costs: Mapping[str, Sequence[Cost]],
    target: float | None = None,
) -> Line:
    """One side against another."""
    pair = {name: costs[name] for name in (mine, other)}
    return Line(
        row,
        f"{what}: {mine} against {other}",
        _sides(pair),
        ratio(costs[mine], costs[other], "wall"),
        target,
        ratio(costs[mine], costs[other], "cpu"),
        ratio(costs[mine], costs[other], "memory"),
    )


def _compared(
    row: str, what: str, sides: Mapping[str, Command], rounds: int, target: float | None = None
) -> Iterator[Line]:
    """The first side against each other one. The target is about the first of those."""
    costs = interleaved(sides, rounds)
    mine, *others = costs
    for index, other in enumerate(others):
        yield _line(row, what, mine, other, costs, None if index else target)


# The rows of the targets


def unused(bench: Bench) -> Iterator[Line]:
    project = bare(bench.place("unused"), files=10, tests=20)
    sides = {
        "installed and unused": Command(
            (*PYTEST, "-p", "pytest_videolink.plugin", "-q"), project, codes=(0,)
        ),
        "not loaded": Command((*PYTEST, "-q"), project, codes=(0,)),
    }
    yield from _compared(
        "unused", "another project, 200 empty tests", sides, 2 * bench.rounds, 1.02
    )


def start(bench: Bench) -> Iterator[Line]:
    what, sides = start_sides(bench)
    yield from _compared("start", what, sides, bench.rounds, 1.45)


def start_sides(bench: Bench) -> tuple[str, dict[str, Command]]:
    project = Project.make(bench.place("start"), 1, fleet.CLINIC)
    sides = {
        "plugin": project.plugin(),
        "bare pytest with one empty test": Command(
            (*PYTEST, "-q"), bare(bench.place("bare")), codes=(0,)
        ),
        "as many no-op items": project.noop(),
    }
    project.compare_pytest_peers()
    return f"one clinic of {project.items} items", sides


# The same as users have it: plugins loaded by their entry points, in environments of their own


def _environment(bench: Bench, *requirements: str) -> tuple[str, ...]:
    """pytest in an environment with these, which is made once."""
    folder = bench.place(" ".join(("environment with", *requirements)))
    return (environments.python(folder, *requirements), *PYTEST[1:], "-q")


def _without(bench: Bench) -> Command:
    """One empty test where the plugin is not installed."""
    project = bench.place("one-test")
    project = project if project.exists() else bare(project)
    words = _environment(bench, "pytest")
    return Command(words, project, environments.VARIABLES, codes=(0,))


def unused_autoload(bench: Bench) -> Iterator[Line]:
    without = _without(bench)
    sides = {
        "installed and unused": replace(without, words=_environment(bench, environments.OURS)),
        "not installed": without,
        "installed with the extra http": replace(
            without, words=_environment(bench, f"{environments.OURS}[http]")
        ),
    }
    costs = interleaved(sides, 2 * bench.rounds)
    mine, other, with_http = sides
    row, what = "unused-autoload", "one empty test, plugins by entry point"
    yield _line(row, what, mine, other, costs, 1.04)
    yield _line(row, what, with_http, other, costs)


def start_autoload(bench: Bench) -> Iterator[Line]:
    project = bench.place("start-autoload")
    (project / "clinics").mkdir(parents=True)
    (project / "pytest.ini").write_text("[pytest]\n")
    shutil.copy(HERE.parent / "examples" / "clinics" / "harbourside.yaml", project / "clinics")
    words = _environment(bench, environments.OURS)
    asked = ("--videolink-clinic=harbourside", f"--videolink-now={fleet.NOW}")
    sides = {
        "plugin": Command((*words, *asked), project, environments.VARIABLES, codes=(0,)),
        "one empty test, not installed": _without(bench),
    }
    what = "the example harbourside, plugins by entry point"
    yield from _compared("start-autoload", what, sides, bench.rounds, 1.6)


# Many clinics, many items


def one_of_many(bench: Bench) -> Iterator[Line]:
    what, sides = one_of_many_sides(bench)
    yield from _compared("one-of-many", what, sides, bench.rounds, 1.15)


def one_of_many_sides(bench: Bench) -> tuple[str, dict[str, Command]]:
    alone = replace(fleet.MEMBER, sharing=1)
    count = bench.count(3000)
    sides = {
        "plugin": Project.make(bench.place("many"), count, alone).plugin(clinic="clinic-0000"),
        "the same clinic alone": Project.make(bench.place("alone"), 1, alone).plugin(),
    }
    return f"one clinic of {count:,} files", sides


def failing(bench: Bench) -> Iterator[Line]:
    project = Project.make(bench.place("failing"), bench.count(488), failing=True)
    project.compare_pytest_peers()
    sides = {"plugin": project.plugin(), "no-op items": project.noop()}
    what = f"{project.items:,} items, {project.failing:,} failing, full text"
    yield from _compared("failing", what, sides, bench.long_rounds, 0.15)


def passing(bench: Bench) -> Iterator[Line]:
    project = Project.make(bench.place("passing"), bench.count(2560))
    few = Project.make(bench.place("few"), max(5, bench.count(26)))
    project.compare_pytest_peers()
    costs = interleaved(
        {"plugin": project.plugin(), "no-op items": project.noop()}, bench.long_rounds
    )
    small = interleaved({"plugin": few.plugin(), "no-op items": few.noop()}, bench.rounds)
    one = Project.make(bench.place("one"), 1)
    least = interleaved({"plugin": one.plugin(), "no-op items": one.noop()}, bench.rounds)
    what = f"{project.items:,} passing items"
    yield _line("passing", what, "plugin", "no-op items", costs, 0.65)

    def per_item(name: str, some: Sequence[Cost], of: Project, figure: str) -> Spread:
        """What an item costs; what one clinic costs, start-up and all, is taken off."""
        base = Spread.of(getattr(each, figure) for each in least[name]).middle
        items = of.items - one.items
        return Spread.of((getattr(each, figure) - base) / items for each in some)

    def against(some: Spread, other: Spread) -> Spread:
        return Spread(some.middle / other.middle, some.least / other.most, some.most / other.least)

    for name, figure, unit, by in (
        ("time", "cpu", "us CPU", 1e6),
        ("memory", "memory", "kB", 1 / 1024),
    ):
        mine = per_item("plugin", costs["plugin"], project, figure)
        before = per_item("plugin", small["plugin"], few, figure)
        floor = per_item("no-op items", costs["no-op items"], project, figure)
        yield Line(
            "per-item",
            f"{name} per item, {project.items:,} against {few.items:,} items",
            f"{mine.middle * by:.2f} and {before.middle * by:.2f} {unit} an item",
            against(mine, before),
            1.15 if name == "time" else 1.1,
        )
        yield Line(
            "per-item",
            f"{name} per item against no-op items",
            f"{mine.middle * by:.2f} and {floor.middle * by:.2f} {unit} an item",
            against(mine, floor),
            0.95 if name == "memory" else None,
        )


def parse(bench: Bench) -> Iterator[Line]:
    folder = bench.place("parse")
    fleet.write(folder, 1)
    peer, times = str(HERE / "peers" / "parse.py"), str(bench.count(500))
    sides = {
        name: Command((sys.executable, peer, way, "clinic-0000.yaml", times), folder, codes=(0,))
        for name, way in (("plugin", "plugin"), ("libyaml's bare events", "bare"))
    }
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for number in range(bench.rounds):
        for name in list(sides) if number % 2 == 0 else reversed(sides):
            cost, said = sides[name].run()
            costs[name].append(replace(cost, cpu=float(said)))  # of parsing alone
    took = "; ".join(
        f"{name} {Spread.of(each.cpu for each in some).middle * 1e6:.0f} us CPU"
        for name, some in costs.items()
    )
    spread = ratio(costs["plugin"], costs["libyaml's bare events"], "cpu")
    what = "a document of 2 kB: plugin against libyaml's bare events"
    yield Line("parse", what, took, spread, 2.5, spread)


def whole_fleet(bench: Bench) -> Iterator[Line]:
    """Two parts of a fleet side by side, as two jobs would check them, against one process."""
    count = bench.count(10_000)
    project = Project.make(bench.place("fleet"), count)
    parts = " & ".join(
        shlex.join(project.plugin(f"--videolink-shard={part}/2").words) for part in (1, 2)
    )
    sides = {
        "two parts side by side": Command(("sh", "-c", f"{parts} & wait"), project.folder),
        "one process": project.plugin(),
        "-n 2": project.plugin("-pxdist", "-n2"),
    }
    costs = interleaved(sides, bench.long_rounds)
    what = f"{count:,} clinics"
    sharded = _line("fleet", what, "two parts side by side", "one process", costs, 0.6)
    yield replace(sharded, by_clock=True)
    yield _line("fleet", what, "-n 2", "one process", costs)


def nights(bench: Bench) -> Iterator[Line]:
    """A night compared with the one before, and eight parts of it put together."""
    count, parts = bench.count(3000), 8
    before = Project.make(bench.place("night-before"), count, failing=0.4)
    before.plugin("--tb=no", "--videolink-report=then.json").run()
    project = Project.make(bench.place("night"), count, failing=0.41)
    shutil.move(before.folder / "then.json", project.folder)
    shown = f"{count:,} clinics, {project.items:,} items, {project.failing:,} failing"
    for report in ([], ["--videolink-report=now.json"]):
        plain = project.plugin("--tb=no", *report)
        since = project.plugin("--tb=no", *report, "--videolink-since=then.json")
        what = f"{shown}{', with its report' if report else ''}"
        sides = {"--videolink-since": since, "without": plain}
        yield from _compared("since", what, sides, bench.long_rounds, 1.05)
    for part in range(1, parts + 1):
        shard = (f"--videolink-shard={part}/{parts}", f"--videolink-report=part-{part}.json")
        project.plugin("--tb=no", *shard).run()
    merge = (*PLUGIN, "--videolink-merge=part-*.json", "-q", "--videolink-report=merged.json")
    sides = {
        f"{parts} parts merged": Command(merge, project.folder),
        "the run": project.plugin("--tb=no", "--videolink-report=now.json"),
    }
    yield from _compared("merge", shown, sides, bench.long_rounds, 0.15)
    _same_file(project.folder, "merged.json", "now.json")


def _same_file(folder: Path, one: str, other: str) -> None:
    if (folder / one).read_bytes() != (folder / other).read_bytes():
        raise Differs(f"{one} is not {other}")


def http(bench: Bench) -> Iterator[Line]:
    count = bench.count(1000)
    project = Project.make(bench.place("http"), count)
    words = (sys.executable, str(HERE / "service.py"), "clinics", str(DELAY))
    with subprocess.Popen(
        words, cwd=project.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdin is not None
        assert service.stdout is not None
        address = service.stdout.readline().strip()
        ideal = count * DELAY / AT_ONCE
        fetch = Command(
            (sys.executable, str(HERE / "peers" / "fetch.py"), address, str(count)),
            project.folder,
            codes=(0,),
        )
        times = [float(fetch.run()[1]) for _ in range(bench.long_rounds + 1)]
        what = f"{count:,} clinics at {DELAY * 1000:.0f} ms a call, {AT_ONCE} at a time"
        taken = Spread.of(each / ideal for each in times)
        sides = f"fetched in {taken.middle * ideal:.2f} s; ideal {ideal:.2f} s"
        yield Line("http", f"{what}: against the ideal", sides, taken, 1.3)
        # What a run by this adds to one from the folder: fetching, checking twice, keeping.
        costs = interleaved(
            {
                "from the service": project.plugin(
                    f"--videolink-source={address}", "--collect-only", "-qq"
                ),
                "from the folder": project.plugin("--collect-only", "-qq"),
            },
            bench.long_rounds,
        )
        added = Spread.of(
            (one.wall - other.wall) / ideal
            for one, other in zip(costs["from the service"], costs["from the folder"], strict=True)
        )
        yield Line("http", "what it adds to collecting from the folder", _sides(costs), added)
        service.stdin.close()


def day_sheet(bench: Bench) -> Iterator[Line]:
    rows, folder = bench.count(5000), bench.place("day-sheet")
    folder.mkdir()
    fleet.write_day_sheet(folder / "small.csv", 10)
    fleet.write_day_sheet(folder / "sheet.csv", rows)
    peer = str(HERE / "peers" / "day_sheet.py")
    ways = {"plugin": "plugin", "csv.DictReader": "passing", "its rows kept": "keeping"}
    sides = {
        name: Command((sys.executable, peer, way, "sheet.csv", str(rows)), folder, codes=(0,))
        for name, way in ways.items()
    }
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for number in range(3 * bench.rounds):
        for name in list(sides) if number % 2 == 0 else reversed(sides):
            cost, said = sides[name].run()
            costs[name].append(replace(cost, cpu=float(said)))  # of reading alone
    for name in ("csv.DictReader", "its rows kept"):
        what = f"a day sheet of {rows:,} rows: plugin against {name}"
        took = "; ".join(
            f"{side} {Spread.of(each.cpu for each in costs[side]).middle * 1000:.1f} ms CPU,"
            f" {Spread.of(each.memory for each in costs[side]).middle / MEGABYTE:.0f} MB"
            for side in ("plugin", name)
        )
        cpu, memory = (ratio(costs["plugin"], costs[name], of) for of in ("cpu", "memory"))
        is_target = name == "csv.DictReader"
        yield Line("day-sheet", f"{what}, time", took, cpu, 6 if is_target else None, cpu)
        yield Line("day-sheet", f"{what}, memory", took, memory, 2 if is_target else None)


def pms_lists(bench: Bench) -> Iterator[Line]:
    written, named = (
        Project.make(bench.place(f"pms-lists-{how}"), bench.count(1000))
        for how in ("written", "named")
    )
    fleet.by_reference(named.folder / "clinics")
    each = {id.split("::")[0] for id, _, _ in named.rows}
    assert named.items == written.items + len(each)  # a table has a check of its own
    sides = {"named as tables": named.plugin(), "written in": written.plugin()}
    what = f"{written.clinics:,} clinics, what their PMS lists"
    yield from _compared("pms-lists", what, sides, bench.rounds, 1.3)


def workbook(bench: Bench) -> Iterator[Line]:
    from pytest_videolink.record.document import parse  # noqa: PLC0415 - for this row alone
    from pytest_videolink.sources.fill_in import render  # noqa: PLC0415

    peer = str(HERE / "peers" / "workbook.py")
    for clinics in (1, bench.count(100)):
        folder = bench.place(f"workbooks-{clinics}")
        fleet.write(folder, clinics, fleet.CLINIC)
        for file in folder.glob("*.yaml"):
            plain = parse(file.read_bytes()).root.plain()
            assert isinstance(plain, dict)
            file.with_suffix(".xlsx").write_bytes(render(file.stem, plain, "pytest"))
        ways = {"plugin": "plugin", "openpyxl, its cells": "library", "as YAML": "yaml"}
        sides = {
            name: Command((sys.executable, peer, way, str(folder)), folder, codes=(0,))
            for name, way in ways.items()
        }
        what = "one clinic" if clinics == 1 else f"{clinics} clinics"
        yield from _compared("workbook", f"{what} as a workbook", sides, bench.rounds, 1.5)


# The rows of the peers


def sizes(bench: Bench) -> Iterator[Line]:
    for clinics in (1, 10, 100, 1000, 3000):
        if clinics * bench.scale < 1:
            continue
        for is_failing in (False, True):
            name = f"size-{clinics}{'-failing' * is_failing}"
            project = Project.make(
                bench.place(name), round(clinics * bench.scale) or 1, failing=is_failing
            )
            if clinics <= 100:
                project.compare_pytest_peers()
            # Stock pytest's summary is quadratic in failures: past 100 clinics it takes minutes.
            for tb in ("short", "no") if clinics <= 100 else ("no",):
                sides = {
                    "plugin": project.plugin(f"--tb={tb}"),
                    "no-op items": project.noop(f"--tb={tb}"),
                    "parametrize": project.parametrized(f"--tb={tb}"),
                }
                kind = f"{project.failing:,} failing" if is_failing else "healthy"
                what = f"{project.clinics:,} clinics, {project.items:,} items, {kind}, --tb={tb}"
                rounds = bench.rounds if clinics <= 10 else bench.long_rounds
                yield from _compared("sizes", what, sides, rounds if clinics <= 1000 else 1)


def options(bench: Bench) -> Iterator[Line]:
    project = Project.make(bench.place("options"), bench.count(100), failing=True)
    for option in (("--junitxml=out.xml",), ("-pxdist", "-n2")):
        sides = {
            "plugin": project.plugin(*option),
            "no-op items": project.noop(*option),
            "parametrize": project.parametrized(*option),
        }
        what = f"{project.clinics:,} clinics, {project.items:,} items, {' '.join(option)}"
        yield from _compared("options", what, sides, bench.long_rounds)
    sides = {
        "one of two shards": project.plugin("--videolink-shard=1/2"),
        "the whole": project.plugin(),
    }
    yield from _compared("options", f"{project.clinics:,} clinics", sides, bench.long_rounds)


def policies(bench: Bench) -> Iterator[Line]:
    for clinics in (1, 100, 1000):
        project = Project.make(
            bench.place(f"policy-{clinics}"),
            clinics if clinics == 1 else bench.count(clinics),
            failing=True,
        )
        found = project.compare_policy_peers()
        sides = {
            "plugin (every check)": project.plugin("--tb=no"),
            "Rego (6 checks)": project.rego(),
            "check-jsonschema (6 checks)": project.jsonschema(),
        }
        what = f"{project.clinics:,} clinics, {found} common findings"
        yield from _compared("policies", what, sides, bench.long_rounds)


ROWS: dict[str, Callable[[Bench], Iterator[Line]]] = {
    "unused": unused,
    "start": start,
    "unused-autoload": unused_autoload,
    "start-autoload": start_autoload,
    "one-of-many": one_of_many,
    "failing": failing,
    "passing": passing,
    "nights": nights,
    "parse": parse,
    "http": http,
    "day-sheet": day_sheet,
    "pms-lists": pms_lists,
    "workbook": workbook,
    "options": options,
    "policies": policies,
    "sizes": sizes,
    "fleet": whole_fleet,
}
