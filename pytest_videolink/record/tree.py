"""From the tree of a document to values, read against the keys of a class.

Everything that is wrong is found at once. A node has its position with it, so a problem has one
without being looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from pytest_videolink.record.clinic import Path
from pytest_videolink.record.document import START, Document, Found, Node, Position, Problem
from pytest_videolink.record.keys import Key, Many, Part, Shape, is_placed, keys_of
from pytest_videolink.record.known import Known
from pytest_videolink.record.labels import label_of
from pytest_videolink.record.not_ids import is_no_id, is_not_linked
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.record.text import clean, hint_or_all, named, plural
from pytest_videolink.record.values import (
    TO_BE_REPLACED,
    Kind,
    Wrong,
    is_blank,
    is_open,
    name_or_id,
)

MAX_TOLD = 1_000
"""How many problems of a kind are put into words; of the others it is said how many they are."""

Untold: TypeAlias = Callable[[], Problem]
"""A problem that is not put into words yet."""


def told(untold: Sequence[Untold]) -> Iterator[Problem]:
    """The problems of a kind, put into words."""
    for tell in untold[:MAX_TOLD]:
        yield tell()
    if len(untold) > MAX_TOLD:
        left = plural(len(untold) - MAX_TOLD, "more problem")
        yield Problem(f"{left} like the one before", untold[MAX_TOLD]().position)


class Reading:
    """Reads nodes by what is known of their document, and collects the problems on the way.

    A ``path`` is that of the node from the top of the document, and ``at`` the position of its key,
    or its own where it is an entry of a list. What is read counts only where there is no problem.
    """

    def __init__(self, known: Known, document: Document | None = None) -> None:
        self.untold: list[Untold] = []
        self.unanswered: list[Path] = []
        """Where a text that must be there is still to be replaced."""
        self.blank: dict[Path, int] = {}
        """Where of those cells are blank, and how many."""
        self._known = known
        self._document = document or Document(Node(START, None), ())

    def part(self, part: Part, node: Node, at: Position, path: Path) -> Any:
        """The value that some keys make; ``None`` once there is a problem, or while it is open."""
        entries = node.value
        if part.bare and not isinstance(entries, dict | list):
            entries = {} if is_blank(entries) else {part.bare: (node.position, node)}
        if not isinstance(entries, dict):
            self._wrong("expected keys with values", node, at, path)
            return None
        values: dict[str, Any] = {"path": path} if is_placed(part.of) else {}
        keys, waits = keys_of(part.of), False
        for name, key in keys.items():
            there = entries.get(name)
            if there is None or is_blank(there[1].value):
                if key.required:
                    waits |= not self._stands_in(key, values, node, (*path, name))
            else:
                below = (*path, name)
                values[key.attribute] = self._value(key.shape, there[1], there[0], below)
                if key.required and _waits(key.shape, there[1].value):
                    self.unanswered.append(below)
        for name in entries:
            if name not in keys:
                self.untold.append(partial(_unknown, name, entries[name][0], keys))
        called, id = values.get("name"), values.get("id")
        if isinstance(called, str) and isinstance(id, str):
            # Not the columns of a table, whose keys are called so, too.
            values["name"] = name_or_id(called, id)
        return None if self.untold or waits else part.of(**values)

    def _stands_in(self, key: Key, values: dict[str, Any], above: Node, path: Path) -> bool:
        """Whether something can stand in for what must be there; what is not there is a problem.

        A blank cell of a workbook is open. Nothing can stand in for an id: what has none yet is
        left out.
        """
        there = above.value.get(key.name) if isinstance(above.value, dict) else None
        if there is None or not self._document.sheets:
            label = label_of(self._document, path) or key.name
            self.untold.append(partial(_missing, key, label, above, there))
            return True
        self._is_blank(path, 1)
        can = isinstance(key.shape, Kind) and key.shape.may_wait and key.name != "id"
        if isinstance(key.shape, Kind) and can:
            values[key.attribute] = key.shape.read(TO_BE_REPLACED, self._known)
        return can

    def _is_blank(self, path: Path, count: int) -> None:
        self.unanswered.append(path)
        self.blank[path] = count

    def _value(self, shape: Shape, node: Node, at: Position, path: Path) -> Any:
        if isinstance(shape, Kind):
            try:
                return shape.read(node.value, self._known)
            except Wrong as wrong:
                if wrong.entry is None:
                    how = _as_text(node, path) if str(wrong) == "expected text" else ""
                    return self._wrong(f"{wrong}{how}", node, at, path)
                key = str(label_of(self._document, path))
                self.untold.append(partial(_no_entry, str(wrong), key, wrong.entry, node))
                return None
        if isinstance(shape, Part):
            return self.part(shape, node, at, path)
        return self._many(shape, node, at, path)

    def _many(self, many: Many, node: Node, at: Position, path: Path) -> Any:
        if many.word and isinstance(node.value, str) and node.value.lower() == many.word:
            return many.word
        if not isinstance(node.value, list):
            how = _as_list(many, node, path, self._known)
            return self._wrong(f"{many.expected}{how}", node, at, path)
        values = [
            self._value(many.each, each, each.position, (*path, index))
            for index, each in enumerate(node.value)
        ]
        if node.position in self._document.open:
            self._is_blank(path, self._document.open[node.position])
        if many.by_id and not self.untold:
            return {each.id: each for each in values if each is not None}
        return tuple(each for each in values if each is not None)

    def _wrong(self, expected: str, node: Node, at: Position, path: Path) -> None:
        key = label_of(self._document, path)
        self.untold.append(partial(_not_read, expected, key, node, at, path))


def _waits(shape: Shape, value: object) -> bool:
    return isinstance(shape, Kind) and shape.may_wait and isinstance(value, str) and is_open(value)


def _missing(key: Key, label: str, above: Node, there: tuple[Position, Node] | None) -> Problem:
    state = "is missing" if there is None else "is left blank"
    position = above.position if there is None else place(label, *there)
    said = f"{label} {state} and must be there: {key.description}"
    return Problem(said, position, label, "")


def _unknown(name: str, at: Position, keys: Mapping[str, Key]) -> Problem:
    said = f"{named(name)} is no key of a clinic document; {hint_or_all(name, keys)}"
    return Problem(said, at, named(name))


def _not_read(expected: str, key: str | None, node: Node, at: Position, path: Path) -> Problem:
    position = place(key, at, node)
    if key is None or path[0] == "appointments" or not isinstance(node.value, str):
        return Problem(f"{key or 'the document'}: {expected}", position, key)
    return Problem(f'{key} is "{clean(node.value, 60)}": {expected}', position, key, node.value)


def _as_text(node: Node, path: Path) -> str:
    """How to write a list, where one text is expected."""
    texts = [each.value for each in node.value] if isinstance(node.value, list) else []
    if not texts or path[0] == "appointments" or not all(isinstance(each, str) for each in texts):
        return ""
    which = "one of them, " if len(texts) > 1 else ""
    return f", and no list; write {which}{path[-1]}: {clean(str(texts[0]), 60)}"


def _as_list(many: Many, node: Node, path: Path, known: Known) -> str:
    """How to write a text, where a list of texts is expected."""
    text = node.value
    if not isinstance(text, str) or not (isinstance(many.each, Kind) or many.each.bare):
        return ""
    if is_not_linked(text):
        return f"; where there is none, write {path[-1]}: []"
    if isinstance(many.each, Kind):
        is_entry = not is_no_id(text)
    else:  # a single word may mean something else, such as everybody
        is_entry = bool(known.profiles.meant(text)) or (is_slug(text) and "-" in text)
    return f"; write {path[-1]}: [{clean(text, 60)}]" if is_entry else ""


def _no_entry(expected: str, key: str, entry: Node, above: Node) -> Problem:
    """What is wrong with one text of a list that is a value as a whole."""
    text, entries = str(entry.value), above.value
    said = f'{key} holds "{clean(text, 60)}": {expected}'
    if entry.position.line != above.position.line or not isinstance(entries, list):
        return Problem(said, entry.position, value=text)
    before = ": [" if entries[0] is entry else ": [..., "
    return Problem(said, entry.position, key, text, before)


def place(key: str | None, at: Position, node: Node) -> Position:
    """Where a value that stands in the document is shown, which may be its key."""
    return Found(key, at, node, exact=True).position
