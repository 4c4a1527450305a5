"""Characters that nobody can see, in keys and in values of which something depends on each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pytest_videolink.record.characters import BREAKS, INVISIBLE, SPACES, called, visible
from pytest_videolink.record.mistyped.outline import KEYS
from pytest_videolink.record.mistyped.values import FREE
from pytest_videolink.record.node import Document, Node, Position, Problem
from pytest_videolink.record.not_ids import is_not_linked
from pytest_videolink.record.text import clean

_UNHARMED = FREE | {"check", "on"}
"""Of these nothing comes, or what they name is looked up and not found."""

_HIDDEN = re.compile(f"[{INVISIBLE}{BREAKS}]")
_EDGES = f" {SPACES}{BREAKS}"


def without_unseen(document: Document) -> Document:
    """A document as it is read without them, each of them a problem.

    They may be escaped, as software writes them, which also puts all of a document in one line: the
    lines do not tell.
    """
    found = list(_within(document.root, None, known=True))
    unseen = document.unseen | {each.position for each in found}
    return replace(document, problems=(*document.problems, *found), unseen=unseen)


def _within(node: Node, key: str | None, *, known: bool) -> Iterator[Problem]:
    """What is unseen in a value; it is put right."""
    if isinstance(node.value, list):
        for each in node.value:
            yield from _within(each, key, known=known)
    elif isinstance(node.value, dict):
        for name, (position, each) in list(node.value.items()):
            bare = _HIDDEN.sub("", name)
            if bare != name:
                yield _of_key(name, bare, position)
                if bare not in node.value:
                    node.value[bare] = node.value.pop(name)
            # Of an appointment ids are opaque, and what else is not known there fails by itself.
            if bare != "appointments":
                yield from _within(each, bare, known=known and bare in KEYS)
    elif node.value is not None and key not in _UNHARMED:
        bare = _bare(node.value, key)
        if bare != node.value and not (key == "linked_to" and is_not_linked(bare)):
            hidden = _HIDDEN.search(node.value)
            odd = hidden[0] if hidden else next(each for each in node.value if each in _EDGES[1:])
            shown = node.value if key and known else None
            yield _of_value(key if known else None, odd, shown, node.position)
        node.value = bare


def _bare(text: str, key: str | None) -> str:
    bare = _HIDDEN.sub("", text)
    return bare if key in ("system", "database") else _without_edges(bare)


def _without_edges(text: str) -> str:
    bare = text.strip(_EDGES)
    return text if bare == text.strip(" ") else bare


def _of_key(name: str, bare: str, position: Position) -> Problem:
    hidden = _HIDDEN.search(name)
    assert hidden is not None
    said = f"the key holds {called(hidden[0])}, which cannot be seen"
    if bare not in KEYS:
        return Problem(said, position)
    return Problem(f"{bare}: {said}: {clean(visible(name))}; write {bare}", position, visible(name))


def _of_value(key: str | None, odd: str, shown: str | None, position: Position) -> Problem:
    lead = f"{key}: " if key else ""
    said = f"{lead}{called(odd)} stands in the value, where it cannot be seen: remove it"
    return Problem(said, position, key, visible(shown) if shown else None)
