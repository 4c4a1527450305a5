"""What values are called where they stand: by their keys, or in a workbook by their headings."""

from __future__ import annotations

from pytest_videolink.record.clinic import Clinic, Path
from pytest_videolink.record.keys import heading_of
from pytest_videolink.record.node import Document


def label_of(document: Document, path: Path) -> str | None:
    """What the value at a path is called; ``None`` for an entry that has no name."""
    name = next((step for step in reversed(path) if isinstance(step, str)), None)
    return (heading_of(Clinic, path) or name) if document.sheets else name
