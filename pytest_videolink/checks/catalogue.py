"""The checks of a run as people look them up: the list of them, and all there is to say of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pytest_videolink.checks import examples
from pytest_videolink.checks.articles import NO_LINK
from pytest_videolink.checks.rule import Check, is_ours
from pytest_videolink.record.clinic import Appointment, AppointmentType, Pair, Practitioner
from pytest_videolink.record.text import as_typed, did_you_mean, listing

HEADINGS = ("check", "subject", "severity", "since", "passes when")


def in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Checks by id, its number read as a number."""

    def key(check: Check) -> tuple[str, int]:
        letters = check.id.rstrip("0123456789")
        return letters, int(check.id[len(letters) :])

    return tuple(sorted(checks, key=key))


def table(checks: Iterable[Check]) -> str:
    """One line a check, under a line of headings."""
    rows = [HEADINGS, *map(row, checks)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip()
        for each in rows
    )


def row(check: Check) -> tuple[str, ...]:
    """What the list says of a check, under its :data:`HEADINGS`."""
    title = f"{check.title} (formerly {', '.join(check.was)})" if check.was else check.title
    return check.name, check.scope.replace("_", " "), check.severity, check.since, title


class UnknownCheck(LookupError):
    """A name that no check has; the message gives the nearest."""


def find(name: str, checks: Sequence[Check]) -> Check:
    """A check by its id, one that it had before, or its slug. Raises :class:`UnknownCheck`."""
    for check in checks:
        if name.upper() in check.ids or name in (check.slug, check.name):
            return check
    known = [word for check in checks for word in (*check.ids, check.slug)]
    near = listing(did_you_mean(name, known) or ["VL201", "accepts-video"], "or")
    raise UnknownCheck(
        f"there is no check {as_typed(name)}; nearest: {near} (see --videolink-checks)"
    )


def page(check: Check, checks: Sequence[Check]) -> str:
    """All there is to say about a check, in Markdown."""
    return "\n".join(_page(check, checks))


def _page(check: Check, checks: Sequence[Check]) -> Iterator[str]:
    yield f"# {check.id} {check.slug}"
    yield f"\n{check.title}."
    if check.why:
        yield f"\n{check.why}"
    if check.detail:
        yield f"\n{check.detail}"
    yield ""
    yield from _facts(check)
    yield f"\n## How to fix it ({check.who})\n"
    for number, step in enumerate(check.fix, 1):
        yield f"{number}. {_plain(step)}"
    example = examples.example_of(check)
    if example is not None:
        yield from examples.page(example)
    if check.waivable:
        yield from _waiver(check)
    related = [other for other in checks if other is not check and _are_related(check, other)]
    if related:
        yield "\n## Related checks\n"
        for other in related:
            yield f"- {other.id} {other.slug}: {other.title}"


def _facts(check: Check) -> Iterator[str]:
    yield f"- Subject: {check.scope.replace('_', ' ')}"
    yield f"- Severity: {check.severity}"
    if is_ours(check.id):
        yield f"- Help article: {_article(check)}"
    else:
        yield f"- Defined by: {check.origin}"
    if check.since:
        yield f"- Since: {check.since}"
    if check.was:
        yield f"- Formerly: {', '.join(check.was)}"
    yield f"- Basis: {_BASIS[check.basis]}"
    if check.source:
        yield f"- Rests on: {check.source.address} (read {check.source.read})"
    if check.needs or check.setting:
        must = "must be recorded" if check.must else "skipped where it is not recorded"
        yield f"- Setting: {check.setting or check.needs} ({must})"
    blocked = [part for part in (", ".join(check.blocked_by), check.blocked_besides) if part]
    if blocked:
        yield f"- Blocked by: {'; '.join(blocked)}"
    yield f"- Can be waived: {'yes' if check.waivable else 'no'}"
    if check.documentation:
        yield f"- Read more: {check.documentation}"


_BASIS = {
    "documented": "documented",
    "inferred": "inferred; the vendor's articles do not say so themselves",
    "own": "a rule of your own",
}


def _article(check: Check) -> str:
    """Where the help article speaks of what is checked."""
    address, _ = NO_LINK
    if check.article is not None:
        return f"check {check.article} of {address}"
    return f"the question of {address}" if check.id.startswith("VL5") else "beyond its checks"


def _plain(step: str) -> str:
    """A fix step with its placeholders in words."""
    for name in ("practitioner", "type", "clinic", "pair", "appointment"):
        spoken = "appointment type" if name == "type" else name
        step = step.replace(f"{{{name}.name}}", f"({spoken})")
        step = step.replace(f"{{{name}.id}}", f"(id of the {spoken})")
    return step.replace("{{", "{").replace("}}", "}")


_SOMEBODY: dict[type, str] = {
    Practitioner: "dr-amara-nwosu",
    Pair: "dr-amara-nwosu::telehealth-video",
    AppointmentType: "telehealth-video",
    Appointment: '"88213"',
}


def _waiver(check: Check) -> Iterator[str]:
    yield "\n## To accept it for a while\n"
    yield "Add to the clinic's document, with your own words and a day of your own:\n"
    yield "```yaml"
    yield "waivers:"
    yield f"  - check: {check.id}"
    if check.subject in _SOMEBODY:
        scope = check.scope.replace("_", " ")
        yield f"    on: {_SOMEBODY[check.subject]}    # left out: every {scope}"
    yield "    reason: why this is right for now"
    yield f"    owner: {check.who}"
    yield "    until: 2026-12-31    # the last day"
    yield "```"


def _are_related(check: Check, other: Check) -> bool:
    """Whether one blocks the other, or both are about the same value."""
    if check.id in other.blocked_by or other.id in check.blocked_by:
        return True
    return bool(check.at) and (check.subject, check.at) == (other.subject, other.at)
