"""The catalogue of checks as people look it up: a table, and a page for each check."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_videolink.check import Check
from pytest_videolink.checks import CATALOGUE
from pytest_videolink.text import did_you_mean, listing


def table() -> str:
    """One line a check: id and slug, what it is about, severity, and what it asks for."""
    rows = [("check", "subject", "severity", "passes when")]
    rows += [
        (check.name, check.scope.replace("_", " "), check.severity, check.title)
        for check in CATALOGUE
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]))
        for row in rows
    )


class UnknownCheck(LookupError):
    """A name that no check has; the message gives the nearest."""


def find(name: str) -> Check:
    """A check by its id or slug. Raises :class:`UnknownCheck`."""
    for check in CATALOGUE:
        if name.upper() == check.id or name in (check.slug, check.name):
            return check
    known = [word for check in CATALOGUE for word in (check.id, check.slug)]
    near = listing(did_you_mean(name, known) or ["VL201", "accepts-video"], "or")
    raise UnknownCheck(f"there is no check {name}; nearest: {near} (see --videolink-checks)")


def page(name: str) -> str:
    """All there is to say about a check, in Markdown that also reads well in a terminal."""
    return "\n".join(_page(find(name)))


def _page(check: Check) -> Iterator[str]:
    yield f"# {check.id} {check.slug}"
    yield f"\n{check.title}.\n"
    yield check.why
    if check.detail:
        yield f"\n{check.detail}"
    yield f"\n- Subject: {check.scope.replace('_', ' ')}"
    yield f"- Severity: {check.severity}"
    yield f"- Help article: {_article(check)}"
    yield f"- Basis: {check.basis}"
    if check.setting:
        must = "must be recorded" if check.must else "skipped where it is not recorded"
        yield f"- Setting: {check.setting} ({must})"
    blocked = [part for part in (", ".join(check.blocked_by), check.blocked_besides) if part]
    if blocked:
        yield f"- Blocked by: {'; '.join(blocked)}"
    yield f"- Can be waived: {'yes' if check.waivable else 'no'}"
    yield f"\n## How to fix it ({check.who})\n"
    for number, step in enumerate(check.fix, 1):
        yield f"{number}. {_plain(step)}"


def _article(check: Check) -> str:
    """Where the help article speaks of what is checked."""
    if check.article is not None:
        return f"check {check.article}"
    return "its question" if check.id.startswith("VL5") else "beyond its checks"


def _plain(step: str) -> str:
    """A fix step with its placeholders in words."""
    for name in ("practitioner", "type", "clinic", "pair"):
        spoken = "appointment type" if name == "type" else name
        step = step.replace(f"{{{name}.name}}", f"({spoken})")
    return step
