"""GitHub's runner, as far as our workflow and action go: their steps run as they stand, by bash.

Each job has a machine of its own: an empty folder. What leaves it does so as an artifact, a summary
or an upload of SARIF. An expression, an action or a key that is not known here is an error.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeAlias

import yaml

Yaml: TypeAlias = dict[str, Any]

PROJECT = Path(__file__).parents[1]
OURS = "your-group/pytest-videolink"
SUCCESS, FAILURE, SKIPPED = "success", "failure", "skipped"

_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
_NAME = re.compile(r"\b[a-z]+(?:\.[\w-]+)+|'[^']*'")
_KEYS = {
    "step": {"name", "id", "if", "uses", "with", "run", "env", "shell"},
    "job": {"name", "needs", "if", "runs-on", "permissions", "strategy", "steps"},
}


def load(path: str) -> Yaml:
    loaded: Yaml = yaml.safe_load((PROJECT / path).read_text(encoding="utf-8"))
    return loaded


def expressions(part: Any, above: str = "") -> Iterator[tuple[str, str]]:
    """Each expression in a workflow, with the key that it stands under, the last but its own."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            is_text = isinstance(value, str) and "${{" in value
            yield from [(above, value)] if is_text else expressions(value, str(key))
    elif isinstance(part, list):
        for each in part:
            yield from expressions(each, above)
    elif isinstance(part, str) and "${{" in part:
        yield above, part


@dataclass
class Night:
    """What a run of the workflow has left."""

    results: dict[str, str] = field(default_factory=dict)
    """Each job, with its part, and what became of it."""
    logs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    sarif: list[tuple[str, str]] = field(default_factory=list)
    """What was uploaded to code scanning, each with its category."""
    artifacts: Path = Path()

    def files(self, name: str) -> list[str]:
        """The files of an artifact."""
        return sorted(each.name for each in (self.artifacts / name).iterdir())

    def text(self, artifact: str, file: str) -> str:
        return (self.artifacts / artifact / file).read_text(encoding="utf-8")

    @property
    def everything(self) -> str:
        """All that anybody could read."""
        files = [each for each in self.artifacts.rglob("*") if each.is_file()]
        texts = [each.read_text(encoding="utf-8") for each in files]
        return "\n".join((*texts, *self.logs.values(), self.summary, *dict(self.sarif).values()))


class Broken(Exception):
    """A step did what GitHub would not take."""


class GitHub:
    """A repository of clinics at GitHub, and what its runs have left, by their numbers."""

    def __init__(self, repository: Path, folder: Path, tools: Path, event: Yaml) -> None:
        self.repository = repository
        self.event = event
        self.lost: set[str] = set()
        """Artifacts that are lost on their way."""
        self._folder = folder
        self._tools = tools
        """The folder of ``python``, ``gh`` and ``date``."""
        self._numbers = itertools.count(1)

    def run(self, workflow: Yaml, now: str) -> Night:
        """Run all jobs, at that time."""
        number = next(self._numbers)
        night = Night(artifacts=self._folder / "runs" / str(number))
        night.artifacts.mkdir(parents=True)
        results: dict[str, str] = {}
        for name, job in workflow["jobs"].items():
            assert set(job) <= _KEYS["job"], set(job)
            matrix = job.get("strategy", {}).get("matrix", {"": [""]})
            ((key, values),) = matrix.items()
            needed = results.get(job.get("needs", ""), SUCCESS)
            is_on = {SUCCESS: needed == SUCCESS, FAILURE: needed == FAILURE}
            found = []
            for value in values:
                machine = Machine(self, night, now, {f"matrix.{key}": value})
                machine.folder = self._folder / f"machine-{number}-{name}-{len(found)}"
                on = machine.value(job.get("if", "success()"), is_on)
                found.append(machine.job(job) if on else SKIPPED)
                night.results[f"{name} {value}".strip()] = found[-1]
                night.logs[f"{name} {value}".strip()] = machine.log
            results[name] = next((each for each in (FAILURE, SKIPPED) if each in found), SUCCESS)
        return night


class Machine:
    """The machine of a job."""

    folder: Path

    def __init__(self, github: GitHub, night: Night, now: str, known: Mapping[str, Any]) -> None:
        self.log = ""
        self._github = github
        self._night = night
        self._now = now
        self._known = {
            "github.token": "a token",
            "github.repository": "group/clinics",
            **{f"github.event.{key}": value for key, value in github.event.items()},
            **known,
        }
        self._is_green = True

    def job(self, job: Yaml) -> str:
        self._known["runner.temp"] = str(self.folder / "temp")
        for name in ("work", "temp"):
            (self.folder / name).mkdir(parents=True)
        self._steps(job["steps"])
        return SUCCESS if self._is_green else FAILURE

    def value(self, expression: str, is_on: Mapping[str, bool]) -> Any:
        """What an expression comes to, of the few kinds that are used."""

        def known(match: re.Match[str]) -> str:
            name = match[0]
            if name.startswith("'"):
                return name
            if not name.startswith(("github.event.", "steps.")) and name not in self._known:
                raise Broken(f"nothing is known of {name}")
            return repr(self._known.get(name, ""))

        python = _NAME.sub(known, expression).replace("||", " or ").replace("&&", " and ")
        python = re.sub(r"\btrue\b", "True", python)
        names: dict[str, Any] = {
            "__builtins__": {},
            "success": lambda: is_on[SUCCESS],
            "failure": lambda: is_on[FAILURE],
        }
        return eval(python, names)

    def _filled(self, text: Any) -> str:
        """A text with a value in place of each expression."""
        is_on: dict[str, bool] = {}
        return _EXPRESSION.sub(lambda each: _text(self.value(each[1], is_on)), _text(text))

    def _steps(self, steps: list[Yaml]) -> None:
        for step in steps:
            assert set(step) <= _KEYS["step"], set(step)
            is_on = {SUCCESS: self._is_green, FAILURE: not self._is_green}
            if not self.value(step.get("if", "success()"), is_on):
                continue
            if "run" in step:
                self._run(step)
            else:
                given = {key: self._filled(value) for key, value in step.get("with", {}).items()}
                self._use(step, given)

    def _run(self, step: Yaml) -> None:
        """Run a script, as GitHub does where the shell is named and where it is not."""
        named = ("--noprofile", "--norc", "-eo", "pipefail")
        options = named if step.get("shell") == "bash" else ("-e",)
        script = self.folder / "script.sh"
        script.write_text(step["run"], encoding="utf-8")
        output, summary = self.folder / "output", self.folder / "summary.md"
        for file in (output, summary):
            file.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", *options, str(script)],
            cwd=self.folder / "work",
            env={
                "PATH": os.pathsep.join((str(self._github._tools), os.environ["PATH"])),
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "NOW": self._now,
                "RUNS": str(self._night.artifacts.parent),
                "PIP_NO_INDEX": "1",
                "PIP_NO_BUILD_ISOLATION": "0",  # which is how pip says that there is none
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
                **{key: self._filled(value) for key, value in step.get("env", {}).items()},
            },
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        self.log += done.stdout
        self._is_green &= done.returncode == 0
        self._night.summary += summary.read_text(encoding="utf-8")
        for name, value in _outputs(output.read_text(encoding="utf-8")):
            self._known[f"steps.{step['id']}.outputs.{name}"] = value

    def _use(self, step: Yaml, given: Mapping[str, str]) -> None:
        name, _, commit = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", commit), step["uses"]
        if name == OURS:
            self._ours(given)
            return
        actions: dict[str, Callable[[Mapping[str, str]], None]] = {
            "actions/checkout": self._check_out,
            "actions/setup-python": lambda _: None,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
            "github/codeql-action/upload-sarif": self._scan,
        }
        try:
            actions[name](given)
        except Broken as error:
            self.log += f"{error}\n"
            self._is_green = False

    def _ours(self, given: Mapping[str, str]) -> None:
        action = load("action.yml")
        assert set(given) <= set(action["inputs"]), set(given)
        inputs = {key: each["default"] for key, each in action["inputs"].items()} | dict(given)
        self._known |= {f"inputs.{key}": value for key, value in inputs.items()}
        self._known["github.action_path"] = str(PROJECT)
        self._steps(action["runs"]["steps"])

    def _check_out(self, given: Mapping[str, str]) -> None:
        assert given["persist-credentials"] == "false"
        shutil.copytree(self._github.repository, self.folder / "work", dirs_exist_ok=True)

    def _upload(self, given: Mapping[str, str]) -> None:
        paths = [self.folder / "work" / each for each in given["path"].split("\n") if each]
        (path, *_) = paths
        files = [*path.rglob("*")] if path.is_dir() else paths
        if not all(each.exists() for each in files):
            raise Broken("there is nothing to upload")
        to = self._night.artifacts / given["name"]
        if to.exists() and given.get("overwrite") != "true":
            raise Broken("there is one of that name")
        assert len({each.parent for each in files}) == 1, "the folders above would be kept"
        to.mkdir(exist_ok=True)
        for each in files:
            shutil.copy(each, to)

    def _download(self, given: Mapping[str, str]) -> None:
        wanted = given.get("name") or given["pattern"]
        assert ("pattern" in given) == (given.get("merge-multiple") == "true")
        names = [each.name for each in self._night.artifacts.iterdir()]
        found = {each for each in names if fnmatch(each, wanted)} - self._github.lost
        if not found and "name" in given:
            raise Broken(f"there is no artifact {wanted}")
        for each in found:
            to = self.folder / "work" / given["path"]
            shutil.copytree(self._night.artifacts / each, to, dirs_exist_ok=True)

    def _scan(self, given: Mapping[str, str]) -> None:
        text = Path(given["sarif_file"]).read_text(encoding="utf-8")
        self._night.sarif.append((given["category"], text))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _outputs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values in a file of outputs."""
    lines = iter(text.splitlines())
    for line in lines:
        name, marked, end = line.partition("<<")
        if marked:
            yield name, "\n".join(itertools.takewhile(lambda each, end=end: each != end, lines))
        else:
            yield line.partition("=")[0], line.partition("=")[2]


GH = """\
#!/usr/bin/env bash
# The command line of GitHub: the nights that there were, the newest first, and their artifacts.
set -eu
cd "$RUNS"
test -n "$GH_TOKEN" && test "$GH_REPO" = group/clinics
if [ "$*" = "run list --workflow=video-links.yml --event=schedule --status=completed --limit=7 \
--json=databaseId --jq=.[].databaseId" ]; then
    ls | sort -rn | sed 1d  # but for the one that is running
elif [ "$1 $2 $4" = "run download --name=video-links" ] && [ "$5" = --dir=last ]; then
    cp -r "$3/video-links" "$OLDPWD/last"
else
    echo "gh is asked for something else: $*" >&2
    exit 2
fi
"""
DATE = """\
#!/usr/bin/env bash
test "$*" = "-u +%Y-%m-%dT%H:%M:%SZ" && echo "$NOW"
"""


PYTHON = """\
#!/usr/bin/env bash
# One Python for all machines, into which the action is installed once.
if [ "$1 $2 $3" = "-m pip install" ]; then
    test ! -e "$0.installed" || exit 0
    touch "$0.installed"
fi
exec PYTHON "$@"
"""


def write_tools(folder: Path, python: str) -> None:
    """Write what stands for the outside, and for Python, beside what is really in that place."""
    folder.mkdir()
    tools = {"gh": GH, "date": DATE, "python": PYTHON.replace("PYTHON", shlex.quote(python))}
    for name, text in tools.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
