"""The projects to measure in, and the commands to measure in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import fleet
from measure import HERE, Command

PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
PLUGIN = (*PYTEST, "-p", "pytest_videolink.plugin", f"--videolink-now={fleet.NOW}")
EXPRESSIBLE = ("VL103", "VL201", "VL202", "VL301", "VL302", "VL303")
"""The checks that Rego and JSON Schema can express of one clinic by itself."""

Found = set[tuple[str, str, str]]
"""What is wrong: clinic, check and subject."""

Row = tuple[str, str, str]
"""An item: its node id, its outcome and its text."""


def bare(folder: Path, files: int = 1, tests: int = 1) -> Path:
    """A project of ordinary tests, all empty."""
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    body = "\n".join(f"def test_{number}(): pass" for number in range(tests))
    for number in range(files):
        (folder / f"test_file_{number}.py").write_text(f"{body}\n")
    return folder


@dataclass(frozen=True)
class Project:
    """A project with a fleet, with the plugin's command and its peers'."""

    folder: Path
    clinics: int

    @classmethod
    def make(
        cls,
        folder: Path,
        clinics: int,
        shape: fleet.Shape = fleet.MEMBER,
        *,
        failing: float = 0,
    ) -> Project:
        folder.mkdir()
        (folder / "pytest.ini").write_text("[pytest]\n")
        fleet.write(folder / "clinics", clinics, shape, failing=failing)
        (folder / "items.noop").touch()
        return cls(folder, clinics)

    def plugin(self, *options: str, clinic: str = "*") -> Command:
        return Command((*PLUGIN, f"--videolink-clinic={clinic}", "-q", *options), self.folder)

    @cached_property
    def plan(self) -> Path:
        """What the plugin found, item by item, from a run of its own."""
        plan = self.folder / "plan.json"
        words = (*PLUGIN, "-p", "peers.record", "--videolink-clinic=*", "-q", "--tb=no")
        Command(words, self.folder, {"BENCH_RECORD": str(plan)}).run()
        return plan

    @cached_property
    def rows(self) -> list[Row]:
        return [(id, outcome, text) for id, outcome, text in json.loads(self.plan.read_text())]

    @property
    def items(self) -> int:
        return len(self.rows)

    @property
    def failing(self) -> int:
        return sum(outcome == "failed" for _, outcome, _ in self.rows)

    def noop(self, *options: str) -> Command:
        """As many ``pytest.Item``s that do nothing, and end in the same way."""
        words = (*PYTEST, "-p", "peers.noop", "items.noop", "-q", *options)
        return Command(words, self.folder, {"BENCH_PLAN": str(self.plan)})

    def parametrized(self, *options: str) -> Command:
        """As many rows of a parametrized test, which end in the same way."""
        file = str(HERE / "peers" / "parametrized.py")
        words = (*PYTEST, f"--rootdir={self.folder}", "-c", "pytest.ini", file, "-q", *options)
        return Command(words, self.folder, {"BENCH_PLAN": str(self.plan)})

    def rego(self) -> Command:
        return Command((sys.executable, str(HERE / "peers" / "rego.py"), "clinics"), self.folder)

    def jsonschema(self) -> Command:
        schema = str(HERE / "peers" / "clinic.schema.json")
        files = [f"clinics/{file.name}" for file in sorted((self.folder / "clinics").iterdir())]
        words = (sys.executable, "-m", "check_jsonschema", "--schemafile", schema, "-o", "json")
        return Command((*words, *files), self.folder)

    # What the sides found, before anything is timed

    def compare_pytest_peers(self) -> None:
        """That the peers within pytest end as the plugin's items do. Raises :class:`Differs`."""
        ours = [(id.replace("::", ".").replace("/", "."), end) for id, end, _ in self.rows]
        for name, command in (("noop", self.noop()), ("parametrized", self.parametrized())):
            seen = self.folder / f"{name}.json"
            environment = {**command.environment, "BENCH_RECORD": str(seen)}
            words = (*command.words, "-p", "peers.record", "--tb=no")
            Command(words, command.folder, environment).run()
            theirs = [
                (id.partition("::")[2].removeprefix("test_check[").removesuffix("]"), end)
                for id, end, _ in json.loads(seen.read_text())
            ]
            _same(f"{name} items", sorted(ours), sorted(theirs))

    def compare_policy_peers(self) -> int:
        """That Rego and JSON Schema find what the plugin finds, of what they can express.

        Returns how many findings that are. Raises :class:`Differs`.
        """
        ours = self._found_by_plugin()
        _same("Rego", sorted(ours), sorted(self._found_by_rego()))
        _same("check-jsonschema", sorted(ours), sorted(self._found_by_jsonschema()))
        return len(ours)

    def _found_by_plugin(self) -> Found:
        found: Found = set()
        for id, outcome, _ in self.rows:
            file, *subject, check = id.split("::")
            number, clinic = check.partition("-")[0], Path(file).stem
            if outcome == "failed" and number in EXPRESSIBLE:
                found.add((clinic, number, subject[0] if subject else clinic))
        return found

    def _found_by_rego(self) -> Found:
        _, said = self.rego().run()
        return {(clinic, check, subject) for clinic, check, subject in json.loads(said)}

    def _found_by_jsonschema(self) -> Found:
        _, said = self.jsonschema().run()
        ids = {(row[0].split("::")[0]).rpartition("/")[2]: row for row in self.rows}
        found: Found = set()
        for error in json.loads(said)["errors"]:
            file = error["filename"].rpartition("/")[2]
            assert file in ids
            clinic = Path(file).stem
            place, _, key = error["path"].removeprefix("$.").rpartition(".")
            section, _, index = place.partition("[")
            found.add(
                (clinic, _CHECK_OF[section, key], self._subject(file, section, index.rstrip("]")))
            )
        return found

    def _subject(self, file: str, section: str, index: str) -> str:
        """The id at an index of a section, as it stands in the clinic's file."""
        if not index:
            return Path(file).stem
        ids, inside = [], False
        for line in (self.folder / "clinics" / file).read_text().splitlines():
            if not line.startswith(" "):
                inside = line == f"{section}:"
            elif inside and line.startswith("  - id: "):
                ids.append(line.removeprefix("  - id: "))
        return ids[int(index)]


_CHECK_OF = {
    ("pms", "connected"): "VL103",
    ("practitioners", "accepts_video_appointments"): "VL201",
    ("practitioners", "linked_to"): "VL202",
    ("appointment_types", "telehealth"): "VL301",
    ("appointment_types", "telehealth_video"): "VL302",
    ("appointment_types", "linked_to"): "VL303",
}


class Differs(AssertionError):
    """A peer finds something else than the plugin, so the two are not to be compared."""


def _same(name: str, ours: Iterable[object], theirs: Iterable[object]) -> None:
    mine, other = list(ours), list(theirs)
    if mine != other:
        only = [each for each in mine if each not in other][:3]
        also = [each for each in other if each not in mine][:3]
        raise Differs(f"{name}: only the plugin has {only}; only the peer has {also}")
