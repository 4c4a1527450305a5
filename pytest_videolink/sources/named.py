"""Tables that a clinic's record names: no clinics themselves, and which clinics they are of."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from pytest_videolink.record.document import Unreadable, parse
from pytest_videolink.record.node import Node
from pytest_videolink.record.text import TABLES, WORKBOOKS

Read = Callable[[Path], bytes]


def named_tables(files: Iterable[Path], books: Collection[Path], read: Read) -> set[Path]:
    """Those of the workbooks that one of the files names. What may name one alone is parsed."""
    tables: dict[str, set[Path]] = {}
    for book in books:
        tables.setdefault(os.path.realpath(book), set()).add(book)
    found: set[Path] = set()
    for file in files:
        found.update(*(tables[path] for path in _named_in(file, tables, read)))
    return found


def naming(files: Iterable[Path], table: Path, read: Read) -> list[Path]:
    """The files that name a table."""
    tables = {os.path.realpath(table): {table}}
    return [file for file in files if _named_in(file, tables, read)]


def _named_in(file: Path, tables: Mapping[str, Collection[Path]], read: Read) -> set[str]:
    """Those of the tables, by their real paths with those that lead there, that a file names."""
    if file.suffix.lower() in WORKBOOKS:
        return set()
    try:
        raw = read(file)
    except OSError:
        return set()
    # In UTF-16, or with escapes, a name stands otherwise in the bytes.
    may_be = [
        table
        for table, links in tables.items()
        if any(each.name.encode() in raw for each in (Path(table), *links))
    ]
    if not may_be and b"\0" not in raw[:4] and b"\\" not in raw:
        return set()
    try:
        texts = list(_texts(parse(raw, as_json=file.suffix.lower() == ".json").root))
    except Unreadable:  # it names them, for all that can be told
        return set(may_be)
    paths = {os.path.realpath(file.parent / text) for text in texts if "\0" not in text}
    return paths.intersection(tables)


def _texts(node: Node) -> Iterator[str]:
    """The texts in a document that may be the path of a table."""
    if isinstance(node.value, str):
        if node.value.lower().endswith(TABLES):
            yield node.value
    elif isinstance(node.value, list):
        for each in node.value:
            yield from _texts(each)
    elif isinstance(node.value, dict):
        for _, each in node.value.values():
            yield from _texts(each)
