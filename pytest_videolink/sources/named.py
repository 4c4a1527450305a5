"""Workbooks that are no clinics: tables that a clinic's record names."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from pytest_videolink.record.document import Unreadable, parse
from pytest_videolink.record.node import Node
from pytest_videolink.record.text import WORKBOOKS


def named_tables(
    files: Iterable[Path], books: Collection[Path], read: Callable[[Path], bytes]
) -> set[Path]:
    """Those of the workbooks that one of the files names. What may name one alone is parsed."""
    by_name = {book.name.encode(): book for book in books}
    real = {os.path.realpath(book): book for book in books}
    found: set[Path] = set()
    for file in files:
        if file.suffix.lower() in WORKBOOKS:
            continue
        try:
            raw = read(file)
        except OSError:
            continue
        named = [book for name, book in by_name.items() if name in raw]
        if not named:
            continue
        try:
            texts = list(_texts(parse(raw, as_json=file.suffix.lower() == ".json").root))
        except Unreadable:  # it names them, for all that can be told
            found.update(named)
            continue
        for text in texts:
            path = os.path.realpath(os.path.join(file.parent, text)) if "\0" not in text else ""
            if path in real:
                found.add(real[path])
    return found


def _texts(node: Node) -> Iterator[str]:
    """The texts in a document that may be the path of a workbook."""
    if isinstance(node.value, str):
        if node.value.lower().endswith(WORKBOOKS[0]):
            yield node.value
    elif isinstance(node.value, list):
        for each in node.value:
            yield from _texts(each)
    elif isinstance(node.value, dict):
        for _, each in node.value.values():
            yield from _texts(each)
