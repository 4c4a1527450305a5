"""A workbook's document as bytes: what workers are handed, and what places are found in again.

So neither they nor a failure need the workbook, or the library that reads it.
"""

from __future__ import annotations

import json
from typing import Any

from pytest_videolink.record.node import Document, Node, Position

BEGINS = b"videolink workbook, read\n"


def pack(document: Document) -> bytes:
    """A document without problems as bytes."""
    index = {name: number for number, name in enumerate(("", *document.sheets))}

    def at(position: Position) -> list[int]:
        return [position.line, position.column, index[position.sheet]]

    def plain(node: Node) -> list[Any]:
        value: Any = node.value
        if isinstance(value, dict):
            value = {key: [*at(place), plain(each)] for key, (place, each) in value.items()}
        elif isinstance(value, list):
            value = [plain(each) for each in value]
        return [*at(node.position), value]

    open = [[*at(position), count] for position, count in document.open.items()]
    return BEGINS + json.dumps([document.sheets, open, plain(document.root)]).encode()


def unpack(raw: bytes) -> Document:
    """The document that was packed."""
    names, open, root = json.loads(raw[len(BEGINS) :])
    sheets = ("", *names)

    def node(line: int, column: int, sheet: int, value: Any) -> Node:
        position = Position(line, column, sheets[sheet])
        if isinstance(value, dict):
            return Node(
                position,
                {
                    key: (Position(place[0], place[1], sheets[place[2]]), node(*place[3]))
                    for key, place in value.items()
                },
            )
        if isinstance(value, list):
            return Node(position, [node(*each) for each in value])
        return Node(position, value)

    return Document(
        node(*root),
        (),
        sheets=tuple(names),
        open={Position(line, column, sheets[sheet]): count for line, column, sheet, count in open},
    )
