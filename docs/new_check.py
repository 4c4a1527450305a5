"""A check that is new: its stub, its example and its test table; and what a check still lacks.

``python docs/refresh.py --new-check VL207 in-the-list --says "is not in the list"`` writes them.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import pytest_videolink
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.examples import example_of
from pytest_videolink.checks.rule import Check

PROJECT = Path(__file__).parents[1]
PACKAGES = Path(pytest_videolink.__file__).parents[1]
"""Where the package lies: in the project, or where a wheel of it was installed."""

CHECKS = PurePosixPath("pytest_videolink/checks")
EXAMPLES = CHECKS / "examples.yaml"
TESTS = PurePosixPath("tests/checks")
PAGES = PurePosixPath("docs/checks")
REPORT = PurePosixPath("tests/golden/report.json")

UNWRITTEN = "TO BE WRITTEN"
REFRESH = "run: python docs/refresh.py"

WIDTH = 100


class NotWritten(ValueError):
    """A check that cannot be begun; says why."""


# What is missing


def missing() -> list[str]:
    """What the checks still lack, and where it belongs: first what is written by hand."""
    return [*by_hand(), *_without_test(), *_not_generated()]


def by_hand() -> list[str]:
    """What has to be there before pages can be made of it."""
    return [*_unwritten(), *_without_version(), *_without_example()]


def _unwritten() -> Iterator[str]:
    """The lines that the command began and nobody has written yet."""
    modules = sorted(file.name for file in _file(CHECKS).glob("*.py"))
    for path in (*(CHECKS / name for name in modules), EXAMPLES):
        for number, line in enumerate(_read(path).splitlines(), 1):
            if UNWRITTEN in line:
                yield f"{path}:{number}: {line.strip()}"


def _without_version() -> Iterator[str]:
    for check in CATALOGUE:
        if not check.since:
            file = CHECKS / Path(check.file).name
            yield f"{file}: {check.id} does not say since which version it is there (since)"


def _without_example() -> Iterator[str]:
    for check in CATALOGUE:
        if example_of(check) is None:
            yield f"{EXAMPLES}: {check.id} has no example, lines that are right and that are wrong"


def _without_test() -> Iterator[str]:
    tests = [file.read_text(encoding="utf-8") for file in (PROJECT / TESTS).glob("test_*.py")]
    for check in CATALOGUE:
        if not any(check.id in text for text in tests):
            yield f"{_test_file(check)}: {check.id} has no test"


def _not_generated() -> Iterator[str]:
    told = {check["id"] for check in json.loads(_read(REPORT))["checks"]}
    for check in CATALOGUE:
        if not (PROJECT / PAGES / f"{check.id}.md").is_file():
            yield f"{PAGES}/{check.id}.md: there is no such page; {REFRESH}"
        if check.id not in told:
            yield f"{REPORT}: {check.id} is not in the reports; {REFRESH}"


def _test_file(check: Check) -> PurePosixPath:
    return TESTS / f"test_{Path(check.file).stem}.py"


# What is begun

SUBJECTS = {
    "clinic": ("", "Harbourside Medical Centre", "dashboard:\n  {}"),
    "practitioner": (
        "dr-amara-nwosu",
        "Dr Amara Nwosu",
        "practitioners:\n  - id: dr-amara-nwosu\n    {}",
    ),
    "pair": (
        "dr-amara-nwosu::telehealth-video",
        "Dr Amara Nwosu with Telehealth Video Consult",
        "appointment_types:\n  - id: telehealth-video\n    {}",
    ),
    "appointment_type": (
        "telehealth-video",
        "Telehealth Video Consult",
        "appointment_types:\n  - id: telehealth-video\n    {}",
    ),
    "appointment": ("88213", "88213", 'appointments:\n  - id: "88213"\n    {}'),
}
"""Of each kind of subject the one in the example: its id, its name and lines of its record."""

STUB = '''\
@check(
    "{id}",
    "{slug}",
    since="{since}",
    title="TO BE WRITTEN: what holds where it passes",
    subject={subject},
    basis="inferred",
    fix=["TO BE WRITTEN: where to put it right"],
)
def {function}({parameter}: {subject}) -> Iterator[Finding]:
    """TO BE WRITTEN: what it costs the patient."""
    holds = True  # TO BE WRITTEN
    if not holds:
        yield wrong(f"{{{parameter}.name}} {says}")
'''

TABLE = """\
@pytest.mark.parametrize(
    ("side", "state", "reason"),
    [
        ("right", State.PASSED, ""),
        ("wrong", State.FAILED, "{sentence}"),
    ],
)
def test_{function}(side: str, state: State, reason: str) -> None:
    assert_example("{key}", side, state, reason)
"""


def begin(id: str, slug: str, says: str) -> list[str]:
    """Write what a check consists of, beside its nearest neighbour; gives the files.

    ``says`` is what its failure says of a subject, after its name. Raises :class:`NotWritten`.
    """
    neighbour = _neighbour(id, slug, says)
    module, tests = CHECKS / Path(neighbour.file).name, _test_file(neighbour)
    someone, name, lines = SUBJECTS[neighbour.scope]
    says = says or f"is not {slug.replace('-', ' ')}"
    above = _function(module, neighbour)
    given = {
        "id": id,
        "slug": slug,
        "since": version("pytest-videolink"),
        "subject": neighbour.subject.__name__,
        "function": slug.replace("-", "_"),
        "parameter": above.args.args[0].arg,
        "says": says,
        "sentence": f"{name} {says}",
        "key": f"{id} {someone}".strip(),
    }
    table = f"{_read(tests).rstrip()}\n\n\n{TABLE.format(**given)}"
    texts = {
        module: _behind(above, _read(module), STUB.format(**given)),
        EXAMPLES: _after_entry(neighbour.id, id, lines),
        tests: _importing(table, "support", "assert_example"),
    }
    for path, text in texts.items():
        _file(path).write_text(text, encoding="utf-8", newline="\n")
    return list(map(str, texts))


def _neighbour(id: str, slug: str, says: str) -> Check:
    """The check that a new one stands behind, whose module, subject and tests it shares."""
    if not re.fullmatch(r"VL\d{3}", id) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise NotWritten(f"{id} {slug}: expected an id and a slug such as VL207 in-the-list")
    if {'"', "{", "\\"} & set(says):
        raise NotWritten(f"{says}: expected words that can stand in quotes as they are")
    for check in CATALOGUE:
        if id in check.ids or slug == check.slug:
            raise NotWritten(f"{id} {slug}: {check.name} is there already")
    hundred = [check for check in CATALOGUE if check.id[:3] == id[:3]]
    if not hundred:
        raise NotWritten(
            f"{id}: no module has this hundred yet; write one with its first check, name it in"
            " checks/builtin.py, and give it a file in tests/checks"
        )
    return max([each for each in hundred if each.id < id] or hundred[:1], key=lambda each: each.id)


def _file(path: PurePosixPath) -> Path:
    return (PACKAGES if path.is_relative_to(CHECKS) else PROJECT) / path


def _read(path: PurePosixPath) -> str:
    return _file(path).read_text(encoding="utf-8")


def _function(path: PurePosixPath, check: Check) -> ast.FunctionDef:
    """The function that a check is made of, as it stands in its module."""
    functions = (node for node in ast.parse(_read(path)).body if isinstance(node, ast.FunctionDef))
    return next(each for each in functions if each.name == check.function)


def _behind(above: ast.FunctionDef, text: str, stub: str) -> str:
    """A module with a function more, behind another one."""
    lines = text.splitlines(keepends=True)
    return "".join((*lines[: above.end_lineno], "\n\n", stub, *lines[above.end_lineno :]))


def _after_entry(neighbour: str, id: str, lines: str) -> str:
    """The examples with one more, behind another one."""
    text = _read(EXAMPLES).rstrip() + "\n"
    sides = (
        f"  {side}: |\n{textwrap.indent(lines.format(f'{UNWRITTEN}: {side}'), '    ')}\n"
        for side in ("right", "wrong")
    )
    entry = f"{id}:\n{''.join(sides)}\n"
    behind = re.search(rf"^{neighbour}:\n(?:(?: .*)?\n)*", text, re.M)
    assert behind is not None
    before, after = text[: behind.end()].rstrip(), text[behind.end() :]
    return f"{before}\n\n{entry}{after}".rstrip() + "\n"


def _importing(text: str, module: str, name: str) -> str:
    """A module that imports a name from another one, from which it imports others already."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module == module:
            names = {each.name for each in node.names} | {name}
            order = sorted(names, key=lambda each: (not each.isupper(), each[0].islower(), each))
            line = f"from {module} import {', '.join(order)}"
            if len(line) > WIDTH:
                line = "\n".join(
                    (f"from {module} import (", *(f"    {each}," for each in order), ")")
                )
            lines = text.splitlines()
            lines[node.lineno - 1 : node.end_lineno] = [line]
            return "\n".join(lines) + "\n"
    raise NotWritten(f"the tests import nothing from {module}")
