"""A document as it was read: its values, each with its place, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple, TypeAlias

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import column_letters

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"


class Position(NamedTuple):
    """A place in a text, or in a ``sheet`` of a workbook: there a line is a row.

    Line and column count from 1, columns of a text in characters.
    """

    line: int
    column: int
    sheet: str = ""

    @property
    def cell(self) -> str:
        """Sheet and cell, such as ``Practitioners!D5``; empty in a text."""
        return f"{self.sheet}!{column_letters(self.column)}{self.line}" if self.sheet else ""

    def __str__(self) -> str:
        return self.cell or f"line {self.line}"


START = Position(1, 1)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a text from being read as a clinic.

    ``key`` and ``value`` are what an excerpt may show; ``None`` where there is nothing to show or
    it must not be shown.
    """

    message: str
    position: Position = START
    key: str | None = None
    value: str | None = None
    between: str = ": "  # what stands between key and value


@dataclass(frozen=True, slots=True)
class Refusal(Problem):
    """A problem because of which a parser cannot go on: something may be mistyped."""


@dataclass(slots=True)
class Node:
    """A value: text, ``None``, a list of nodes, or keys with nodes; and where it stands."""

    position: Position
    value: str | list[Node] | dict[str, tuple[Position, Node]] | None

    def plain(self) -> Plain:
        """The value without its positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, (_, node) in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


class Found(NamedTuple):
    """What stands at a path, or, where ``exact`` is false, the nearest thing above it.

    ``position`` is that of the value, or of its key where the value is unset or is a block of lines
    below the key.
    """

    key: str | None
    key_position: Position
    node: Node
    exact: bool

    @property
    def position(self) -> Position:
        unset = self.node.value is None
        return self.key_position if unset or self.is_below else self.node.position

    @property
    def is_below(self) -> bool:
        """Whether the value is a block of lines below its key."""
        is_block = self.exact and self.key is not None and isinstance(self.node.value, list | dict)
        return is_block and self.node.position.line > self.key_position.line


@dataclass(frozen=True, slots=True)
class Document:
    """A text that could be read, and the problems that it has all the same.

    Lines that are ``mistyped`` are read as they were meant, and so may not be relied on, nor what
    stands at a place where something is ``unseen``. ``typed`` is what the text is read as without
    that, where it can be. Of a workbook there are its
    ``sheets``, in their order, and how many cells are ``open`` that make a value together, by its
    position.
    """

    root: Node
    problems: tuple[Problem, ...]
    mistyped: frozenset[int] = frozenset()
    typed: Node | None = None
    unseen: frozenset[Position] = frozenset()
    sheets: tuple[str, ...] = ()
    open: Mapping[Position, int] = field(default_factory=dict)

    def text(self, path: Sequence[str | int]) -> str | None:
        """The text at a path that can be relied on; ``None`` where there is none."""
        found = self.find(path)
        places = {found.position, found.key_position}
        if places & self.unseen or {each.line for each in places} & self.mistyped:
            return None
        meant = _text(self.root, path)
        is_sure = not self.mistyped or (self.typed and _text(self.typed, path) == meant)
        return meant if is_sure else None

    def in_order(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems in the order of their places."""

        def order(problem: Problem) -> tuple[int, Position]:
            sheet = problem.position.sheet
            return self.sheets.index(sheet) if sheet in self.sheets else -1, problem.position

        return sorted(problems, key=order)

    def find(self, path: Sequence[str | int]) -> Found:
        """What stands at a path. What is missing is placed at what it would stand in."""
        key, key_position, node = None, self.root.position, self.root
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                key_position, node = node.value[str(step)]
                key = str(step)
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                key, key_position = None, node.position
            else:
                return Found(key, key_position, node, exact=False)
        return Found(key, key_position, node, exact=True)

    def besides(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems without those that may come of what is mistyped or unseen, which is told."""
        return [
            each
            for each in problems
            if each in self.problems
            or (each.position.line not in self.mistyped and each.position not in self.unseen)
        ]


def _text(node: Node, keys: Sequence[str | int]) -> str | None:
    """The text at some keys, or ``None`` where there is none."""
    for key in keys:
        if not isinstance(node.value, dict) or key not in node.value:
            return None
        node = node.value[str(key)][1]
    return node.value if isinstance(node.value, str) and node.value.strip() else None


class Unreadable(Exception):
    """A text that cannot be read at all; carries the problems that say why."""

    def __init__(self, *problems: Problem) -> None:
        self.problem = problems[0]
        self.problems = problems
        super().__init__(self.problem.message)
