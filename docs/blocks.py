"""The blocks of the pages, and pages as scripts: what a page shows is what happens.

A page is played from top to bottom in a folder of its own:

- a block with a title, as in ``yaml title="clinics/bayside.yaml"``, is a file of that folder. Where
  the file is there already, a YAML block holds the values to fill into it;
- an ``sh`` block holds commands, one a line;
- a ``text`` block below it is what they print. A line ``…`` stands for lines that are left out, and
  ``…`` within a line for the folder.

``refresh.py`` writes what is printed into the pages, and tests compare it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

PROJECT = Path(__file__).parents[1]

NOW = "2026-11-23T09:00:00+11:00"
"""The time at which the pages are played, and their example clinics were read."""

ELIDED = "…"

EXAMPLES = {"examples/clinics": "clinics"}
PLACES: dict[str, Mapping[str, str]] = {
    "README.md": {"examples": "examples", "docs": "docs", "pyproject.toml": "pyproject.toml"},
    "README.md#Your own clinics": {
        "examples/clinics/wattle-street.yaml": "clinics/wattle-street.yaml",
        "examples/clinics/exports": "clinics/exports",
    },
    "docs/service.md": EXAMPLES,
    "docs/how-to/ci.md": EXAMPLES,
    "docs/how-to/fleet.md": EXAMPLES,
    "docs/how-to/editors.md": EXAMPLES,
    "docs/how-to/nights.md": EXAMPLES,
    "docs/how-to/waivers.md": {"examples/clinics/harbourside.yaml": "clinics/harbourside.yaml"},
    "docs/how-to/custom-source.md": {"examples/clinics": "vault"},
    "docs/how-to/day-sheet.md": {"examples/clinics/harbourside.yaml": "clinics/harbourside.yaml"},
    "docs/extending.md": {"examples/clinics/harbourside.yaml": "clinics/harbourside.yaml"},
    "examples/README.md": {"examples": "."},
}
"""What of the project the folder of a page, or of its chapter, holds when it begins, and where.

Otherwise it is empty.
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a page. ``line`` is that of its first line of text."""

    page: str
    line: int
    language: str
    title: str
    heading: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


ELSEWHERE: dict[str, list[tuple[str, str, str]]] = {
    ".ci/run, as they take packages from an index": [
        ("README.md", "sh", "python3 -m venv .venv && .venv/bin/pip install -q . "),
        ("docs/how-to/install.md", "sh", "pip install 'pytest-videolink"),
    ],
    "tests/test_installation.py, which does it without an index": [
        ("docs/how-to/install.md", "sh", "python3 -m venv .venv\nsource "),
    ],
    "tests/test_service.py, but for what takes packages from an index": [
        ("README.md", "sh", "python3 -m venv .venv && .venv/bin/pip install -q '.[service]' "),
        ("docs/service.md", "sh", "python3 -m venv .venv && .venv/bin/pip install "),
    ],
    "tests/test_service.py, which asks the reference service": [
        ("docs/service.md", "http", "GET ")
    ],
    "tests/test_readme.py, which looks for it in a longer output": [
        ("README.md", "text", "Dr Tomasz Okafor does not accept"),
        ("README.md", "text", "bayview: NOT READY"),
        ("README.md", "text", "Appointment W-106"),
    ],
    "tests/test_editor_schema.py, which follows that line": [
        ("README.md", "yaml", "# yaml-language-server: "),
        ("docs/how-to/editors.md", "yaml", "# yaml-language-server: "),
    ],
    "tests/test_docs.py, which runs the example above it": [("docs/checks/*.md", "text", "")],
    "docs/architecture.md, where it is a drawing": [
        ("docs/architecture.md", "", "folder or service --sources--> "),
    ],
    "mutation/run.py, which takes some minutes and changes the code": [
        ("docs/mutation.md", "", "python3 -m venv "),
    ],
    "tests/test_remote_workers.py, with a worker of another Python": [
        ("docs/how-to/fleet.md", "sh", "python -m execnet.script.socketserver "),
    ],
    "tests/test_extending.py, with the package installed": [
        ("examples/extending/README.md", "sh", "pytest "),
    ],
}
"""What is not played but run elsewhere, and why: blocks by page, language and beginning."""


def elsewhere(block: Block) -> str | None:
    """What runs a block that is not played, and why."""
    return next(
        (where for where, those in ELSEWHERE.items() if any(is_at(block, *each) for each in those)),
        None,
    )


def is_at(block: Block, page: str, language: str, begins: str) -> bool:
    """Whether a block is on a page (or one of a pattern of pages) and begins like that."""
    is_there = fnmatchcase(block.page, page) and block.language == language
    return is_there and block.text.startswith(begins)


def pages() -> list[str]:
    """The pages of the project, by their paths in it."""
    files = [
        PROJECT / "README.md",
        *PROJECT.glob("docs/**/*.md"),
        *PROJECT.glob("examples/**/*.md"),
    ]
    return sorted(file.relative_to(PROJECT).as_posix() for file in files)


def blocks_of(page: str) -> Iterator[Block]:
    """The blocks of a page, fenced or indented, in their order."""
    heading = ""
    tokens = MarkdownIt().parse((PROJECT / page).read_text(encoding="utf-8"))
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[number + 1].content
        if token.type in ("fence", "code_block"):
            assert token.map is not None
            language, _, options = token.info.partition(" ")
            title = re.search(r'title="(.*?)"', options)
            line = token.map[0] + (2 if token.type == "fence" else 1)
            yield Block(page, line, language, title[1] if title else "", heading, token.content)


def outputs(page: str) -> dict[Block, Block]:
    """The blocks that show an output, each with the commands above that print it."""
    blocks = list(blocks_of(page))
    return {
        shown: above
        for above, shown in pairwise(blocks)
        if (above.language, shown.language) == ("sh", "text") and not elsewhere(shown)
    }


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    command: str
    code: int
    output: str


@dataclass
class Stage:
    """Where a page is played: a folder for it, and one for each of its chapters in ``PLACES``."""

    root: Path
    instead: Mapping[str, str] = field(default_factory=dict)
    """What stands in for words of a command, such as the address of a service."""

    def folder(self, block: Block) -> Path:
        """The folder of a block, with all that it holds when its page begins."""
        chapter = f"{block.page}#{block.heading}"
        place = chapter if chapter in PLACES else block.page
        folder = self.root / re.sub(r"\W+", "-", place)
        if not folder.exists():
            folder.mkdir()
            for origin, target in PLACES.get(place, {}).items():
                _copy(PROJECT / origin, folder / target)
        return folder

    def put(self, block: Block) -> None:
        """Write the file that a block is, or fill it in."""
        file = self.folder(block) / block.title
        file.parent.mkdir(parents=True, exist_ok=True)
        fills = file.suffix == ".yaml" and file.exists() and "\nclinic:" not in block.text
        text = filled(file.read_text(encoding="utf-8"), block.text) if fills else block.text
        file.write_text(text, encoding="utf-8", newline="\n")

    def run(self, block: Block, command: str) -> Done:
        """Run a command of a block as a reader does, at the time of the pages."""
        line = command
        for words, others in self.instead.items():
            line = line.replace(words, others)
        left_out = ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "VIDEOLINK_TOKEN")
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        bash = shutil.which("bash")
        assert bash is not None
        done = subprocess.run(  # noqa: S603 - commands of the pages
            [bash, "-eo", "pipefail", "-c", line],
            cwd=self.folder(block),
            env=kept
            | {
                "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                "PYTEST_ADDOPTS": f"-p videolink -p xdist --videolink-now={NOW}",
                "PYTHONDONTWRITEBYTECODE": "1",
                "COLUMNS": "80",
                "NO_COLOR": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        return Done(command, done.returncode, settled(done.stdout, self.folder(block)))


def _copy(origin: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if origin.is_dir():
        shutil.copytree(origin, target, dirs_exist_ok=True)
    else:
        shutil.copy(origin, target)


def settled(output: str, folder: Path) -> str:
    """An output without what differs from run to run: times, and the folder that it was made in."""
    lines = (line.rstrip() for line in output.strip("\n").splitlines())
    text = re.sub(r"\bin \d+\.\d\ds", "in 0.10s", "\n".join(lines)) + "\n"
    for path in (folder.resolve(), folder):
        text = text.replace(str(path), ELIDED)
    return text


def shows(shown: str, output: str) -> bool:
    """Whether a text is an output, but for the lines that it leaves out."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ELIDED else re.escape(line) + "\n" for line in shown.splitlines()
    )
    return re.fullmatch(pattern, output) is not None


def renewed(shown: str, output: str) -> str:
    """An output, without the lines that a text leaves out.

    A part of the text reaches from its first to its last line in the output, or to lines like
    them. Raises :class:`LookupError` where there are none: what is left out can no longer be told.
    """
    lines, place, result = output.splitlines(), 0, list[str]()
    parts = [part.splitlines() for part in re.split(rf"^{ELIDED}$\n?", shown, flags=re.M)]
    for number, part in enumerate(parts):
        result += [ELIDED] if number else []
        if not part:
            continue
        first = _place_of(part[0], lines, place) if number else 0
        is_last = number == len(parts) - 1
        place = len(lines) if is_last else _place_of(part[-1], lines, first) + 1
        result += lines[first:place]
    return "\n".join(result) + "\n"


def _place_of(line: str, lines: list[str], start: int) -> int:
    """Where a line stands, or the one that is most like it: a count in it may have changed."""
    rest = lines[start:]
    near = [line] if line in rest else get_close_matches(line, rest, n=1, cutoff=0.8)
    if not near:
        raise LookupError(line)
    return start + rest.index(near[0])


def play(page: str, stage: Stage) -> Iterator[tuple[Block, list[Done]]]:
    """Play a page: what each of its blocks that holds commands has come to."""
    for block in blocks_of(page):
        if elsewhere(block):
            continue
        if block.title:
            stage.put(block)
        if commands := commands_of(block):
            yield block, [stage.run(block, command) for command in commands]


def commands_of(block: Block) -> list[str]:
    """The commands of a block: its lines, or what a workflow runs.

    Of a workflow without what installs the plugin: that takes it from an index of packages.
    """
    if block.language == "sh":
        lines = block.text.replace("\\\n", " ").splitlines()
        return [line.strip() for line in lines if line.strip()]
    if block.language == "yaml" and re.search("^jobs:", block.text, re.M):
        commands = _workflow_commands(block.text)
        return [command for command in commands if not command.startswith("pip install ")]
    return []


def _workflow_commands(text: str) -> Iterator[str]:
    """What a workflow runs, in the first of the combinations of its matrix."""
    for job in yaml.safe_load(text)["jobs"].values():
        matrix = job.get("strategy", {}).get("matrix", {})
        for step in job["steps"]:
            command = step.get("run", "")
            for name, values in matrix.items():
                command = command.replace(f"${{{{ matrix.{name} }}}}", str(values[0]))
            yield from command.splitlines()


def refreshed(page: str, stage: Stage) -> tuple[str, list[Block]]:
    """A page with what its commands print now, and the blocks to be written by hand.

    Those are left as they are: of the lines that they leave out too few are like what is printed.
    """
    lines = (PROJECT / page).read_text(encoding="utf-8").splitlines(keepends=True)
    printed = {block: "".join(each.output for each in done) for block, done in play(page, stage)}
    by_hand = []
    for shown, above in reversed(outputs(page).items()):
        if above in printed and not shows(shown.text, printed[above]):
            first, count = shown.line - 1, len(shown.text.splitlines())
            try:
                lines[first : first + count] = [renewed(shown.text, printed[above])]
            except LookupError:
                by_hand.append(shown)
    return "".join(lines), by_hand


# Filling in


def filled(text: str, fragment: str) -> str:
    """The text of a clinic file with the values of a fragment filled in, as by hand.

    What has keys on both sides is filled in key by key, lists of such entries in their order; the
    lines of any other value are replaced. A key that the file's top does not have is added there.
    """
    for key, value in _compose(fragment).value:
        text = _filled(text, (), fragment, key, value)
    return text


def _compose(text: str) -> yaml.MappingNode:
    node = yaml.compose(text, yaml.BaseLoader)
    assert isinstance(node, yaml.MappingNode)
    return node


def _filled(
    text: str, path: tuple[str | int, ...], fragment: str, key: yaml.Node, value: yaml.Node
) -> str:
    entry = _entry(text, (*path, key.value))
    source = fragment[key.start_mark.index : value.end_mark.index].rstrip()
    if entry is None:
        if path:
            raise LookupError(f"there is no {key.value} at {path}")
        return f"{text.rstrip()}\n\n{source}\n"
    known, old = entry
    if isinstance(value, yaml.MappingNode) and isinstance(old, yaml.MappingNode):
        for each, part in value.value:
            text = _filled(text, (*path, key.value), fragment, each, part)
        return text
    if _holds_mappings(value) and _holds_mappings(old):
        for number, part in enumerate(value.value):
            for each, inner in part.value:
                text = _filled(text, (*path, key.value, number), fragment, each, inner)
        return text
    lines = text.splitlines(keepends=True)
    first, column = known.start_mark.line, known.start_mark.column
    lines[first : _last_line(old) + 1] = [f"{lines[first][:column]}{source}\n"]
    return "".join(lines)


def _last_line(node: yaml.Node) -> int:
    """The last line of a value; that of a block, as PyYAML sees it, reaches to the next key."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line)


def _holds_mappings(node: yaml.Node) -> bool:
    is_list = isinstance(node, yaml.SequenceNode)
    return is_list and all(isinstance(each, yaml.MappingNode) for each in node.value)


def _entry(text: str, path: tuple[str | int, ...]) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value at a path of a YAML text."""
    found: tuple[yaml.Node, yaml.Node] | None = None
    node: yaml.Node = _compose(text)
    for step in path:
        if isinstance(step, int):
            node = node.value[step]
            continue
        found = next((each for each in node.value if each[0].value == step), None)
        if found is None:
            return None
        node = found[1]
    return found
