"""The rooms stay small enough to be read at one sitting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_videolink
from pytest_videolink import checks
from pytest_videolink.checks.builtin import CATALOGUE

PROJECT = Path(__file__).parents[1]
PACKAGE = Path(pytest_videolink.__file__).parent
MODULE, FUNCTION = 450, 60
"""How many lines a module may have, and a function with its decorators."""


def too_long(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    name = file.relative_to(PACKAGE).as_posix()
    if (lines := len(text.splitlines())) > MODULE:
        yield f"{name} has {lines} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if (lines := (node.end_lineno or first) - first + 1) > FUNCTION:
                yield f"{name}:{node.lineno} {node.name} has {lines} lines"


def test_no_module_and_no_function_is_too_long() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert {file.parent.name for file in files} > {"record", "mistyped", "checks", "http"}
    assert [each for file in files for each in too_long(file)] == []


def test_every_wing_names_its_rooms() -> None:
    page = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
    wings = [file.parent for file in PACKAGE.rglob("*/__init__.py") if file.parent != PACKAGE]
    assert {f"`{wing.name}/`" for wing in wings if wing.parent == PACKAGE} == set(
        re.findall(r"^\| \d \| (`\w+/`)", page, re.MULTILINE)
    )
    for wing in wings:
        text = (wing / "__init__.py").read_text(encoding="utf-8")
        named = set(re.findall("``(\\w+)``", ast.get_docstring(ast.parse(text)) or ""))
        rooms = (*wing.glob("*.py"), *(each.parent for each in wing.glob("*/__init__.py")))
        assert {each.stem for each in rooms} - {"__init__"} == named, wing.name


def test_every_room_says_what_it_is() -> None:
    for file in PACKAGE.rglob("*.py"):
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
        assert said, file
        assert said.splitlines()[0].endswith((".", "?")), file


def test_the_wing_of_checks_says_which_hundred_is_where() -> None:
    there = {(Path(check.file).stem, f"{check.id[:3]}xx") for check in CATALOGUE}
    said = re.findall(r"((?:``\w+``(?: and )?)+)(?: has)?\s+(VL\dxx)", checks.__doc__ or "")
    assert there == {
        (room, hundred) for rooms, hundred in said for room in re.findall("``(\\w+)``", rooms)
    }


def test_what_is_too_long_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_rooms.PACKAGE", tmp_path)
    file = tmp_path / "room.py"
    file.write_text("@cached\ndef f():\n" + "    pass\n" * 58 + "x = 1\n" * 390)
    assert list(too_long(file)) == []
    file.write_text("@cached\nasync def f():\n" + "    pass\n" * 59 + "x = 1\n" * 390)
    assert list(too_long(file)) == ["room.py has 451 lines", "room.py:2 f has 61 lines"]
