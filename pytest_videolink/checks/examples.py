"""What is right and what is wrong in the eyes of each check: lines of clinic documents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from pytest_videolink.checks.rule import Check
from pytest_videolink.record.document import parse
from pytest_videolink.record.plain import dataclass


@dataclass(frozen=True, kw_only=True)
class Example:
    """The lines of a clinic document that are right for a check, and those that are wrong.

    ``neighbour`` are lines of a second clinic, the same beside both or one for each. ``table`` is a
    file that the lines name: its name, and its text beside each.
    """

    right: str
    wrong: str
    neighbour: str | dict[str, str] = ""
    table: dict[str, str] | None = None
    note: str = ""

    def fragments(self, side: str) -> list[str]:
        """The clinic's lines, and its neighbour's where there is one."""
        neighbour = self.neighbour
        beside = neighbour[side] if isinstance(neighbour, dict) else neighbour
        return [text for text in (getattr(self, side), beside) if text]


def example_of(check: Check) -> Example | None:
    """The example that a check brings along, or the one that the plugin has for it."""
    if check.right or check.wrong:
        return Example(right=check.right, wrong=check.wrong)
    entry = _entries().get(check.id)
    return None if entry is None else Example(**entry)


def clinic_of_examples() -> dict[str, Any]:
    """The document whose lines the examples change or add to; everything is right on it."""
    document: dict[str, Any] = _entries()["base"]
    return document


def page(example: Example) -> Iterator[str]:
    """An example, as a check's page shows it."""
    for heading, side in (("Right", "right"), ("Wrong", "wrong")):
        clinic, *neighbours = example.fragments(side) or [""]
        if not clinic:
            continue
        yield f"\n## {heading}\n"
        yield _block(clinic)
        for neighbour in neighbours:
            id = parse(neighbour.encode()).root.plain()["clinic"]  # type: ignore[index, call-overload]
            yield f"\nand beside it, in `clinics/{id}.yaml`:\n"
            yield _block(neighbour)
        if example.table:
            title = f"clinics/{example.table['file']}"
            yield ""
            yield _block(example.table[side], f'csv title="{title}"')
    if example.note:
        yield f"\n{example.note}"


def _block(text: str, language: str = "yaml") -> str:
    return f"```{language}\n{text.rstrip()}\n```"


@cache
def _entries() -> dict[str, Any]:
    file = resources.files("pytest_videolink") / "checks" / "examples.yaml"
    entries: Any = parse(file.read_bytes()).root.plain()
    return dict(entries)
