"""Clinic documents that lie where nobody looks for them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pytest_videolink.record.document import Unreadable, parse
from pytest_videolink.record.text import WORKBOOKS
from pytest_videolink.sources.directory import is_document, read
from pytest_videolink.sources.search import workbook_is_clinic
from pytest_videolink.sources.snapshot import is_snapshot

_KEYS = ("videolink", "clinic", "pms", "practitioners", "appointment_types")
_ENOUGH = 3
"""How many of these keys no document of another kind has together."""

_KEY = re.compile(r"""^[\s{]*["']?(\w+)["']?\s*:""", re.ASCII | re.MULTILINE)


def documents_at(path: Path, passes_over: Callable[[Path], bool]) -> Iterator[Path]:
    """The clinic documents at a path or below it, in order; what is hidden is left out.

    ``passes_over`` says which folders and files below it are not looked at. A folder that keeps
    what was fetched is not searched, unless it is the one that is asked about.
    """
    if path.is_file():
        if is_document(path.name) and is_clinic(path):
            yield path
        return
    seen = {os.path.realpath(path)}
    for folder, below, names in os.walk(path, followlinks=True):
        here = Path(folder)
        below[:] = [name for name in sorted(below) if _is_searched(here / name, seen, passes_over)]
        for name in sorted(filter(is_document, names)):
            if is_clinic(here / name) and not passes_over(here / name):
                yield here / name


def _is_searched(folder: Path, seen: set[str], passes_over: Callable[[Path], bool]) -> bool:
    """Whether a folder is looked into; one that a link leads to only once."""
    real = os.path.realpath(folder)
    if folder.name.startswith(".") or real in seen or passes_over(folder) or is_snapshot(folder):
        return False
    seen.add(real)
    return True


def is_clinic(file: Path) -> bool:
    """Whether a file is a clinic's document by its keys, though there be mistakes in it.

    YAML and JSON of other kinds, which lie in many a folder of tests, are none.
    """
    try:
        raw = read(file)
    except OSError:
        return False
    if file.suffix.lower() in WORKBOOKS:
        return workbook_is_clinic(raw)
    if sum(key.encode() in raw for key in _KEYS) < _ENOUGH:
        return False
    try:
        value = parse(raw, as_json=file.suffix.lower() == ".json").root.value
        keys = set(value) if isinstance(value, dict) else set()
    except Unreadable:
        keys = set(_KEY.findall(raw.decode("utf-8", "replace")))
    return len(keys.intersection(_KEYS)) >= _ENOUGH
