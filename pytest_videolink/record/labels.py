"""How values are told where they stand: by keys, as in YAML, or by headings, as in cells."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_videolink.record.clinic import Clinic, Path
from pytest_videolink.record.keys import describe, heading_of
from pytest_videolink.record.node import Document


def label_of(document: Document, path: Path) -> str | None:
    """What the value at a path is called; ``None`` for an entry that has no name."""
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    return (heading_of(Clinic, path) or name) if document.sheets else name


def where_to_look(document: Document, path: Path) -> str:
    """Where the value at a path is copied from; nothing where none can stand."""
    said = describe(Clinic, path)
    return said.replace("[]", listed(document, ())) if document.sheets else said


def listed(document: Document, texts: Iterable[str]) -> str:
    """Several texts as they are written: ``[a, b]``, or in a cell ``a; b`` and ``none``."""
    if document.sheets:
        return "; ".join(texts) or "none"
    return f"[{', '.join(texts)}]"
