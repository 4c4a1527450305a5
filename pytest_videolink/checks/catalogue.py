"""The checks of a run as one catalogue: what makes them fit together, and how to look them up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from string import Formatter
from typing import get_args

from pytest_videolink.checks import builtin, examples
from pytest_videolink.checks.rule import (
    PLACEHOLDERS,
    SCOPES,
    Basis,
    Check,
    Owner,
    Severity,
    is_ours,
)
from pytest_videolink.record.clinic import (
    Appointment,
    AppointmentType,
    Clinic,
    Pair,
    Practitioner,
)
from pytest_videolink.record.text import did_you_mean, listing
from pytest_videolink.record.values import MAX_SLUG

ARTICLE = "https://support.hotdoc.com.au/hc/en-gb/articles/4403708855193"
"""Why didn't this Telehealth Video consultation generate a link?"""

_ID = re.compile(r"([A-Z]{2,12})([0-9]{1,6})", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)

_OWNERS: dict[type, tuple[type, ...]] = {
    Clinic: (Clinic,),
    Practitioner: (Practitioner, Clinic),
    Pair: (Pair, Practitioner, AppointmentType, Clinic),
    AppointmentType: (AppointmentType, Clinic),
    Appointment: (Appointment, Clinic),
}
"""A subject and what it belongs to: what a check may be blocked by."""


def in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Checks by id, its number read as a number."""

    def key(check: Check) -> tuple[str, int]:
        letters = check.id.rstrip("0123456789")
        return letters, int(check.id[len(letters) :])

    return tuple(sorted(checks, key=key))


# What is wrong with a catalogue


def faults(checks: Sequence[Check]) -> Iterator[tuple[Check, str]]:
    """What is wrong with checks, each by itself and all of them together."""
    by_id: dict[str, Check] = {}
    by_slug: dict[str, Check] = {}
    for check in sorted(checks, key=lambda check: check not in builtin.CATALOGUE):
        if check not in builtin.CATALOGUE:  # those are held to it by a test
            yield from ((check, fault) for fault in own_faults(check))
        first = by_id.setdefault(check.id, check)
        alike = by_slug.setdefault(check.slug, check)
        if first is not check and not is_ours(check.id):
            yield check, f"the id {check.id} is that of {_shown(first)} already"
        elif alike is not check:
            yield check, f"the slug {check.slug} is that of {alike.id} already"
    for check in checks:
        yield from ((check, fault) for fault in _blocker_faults(check, by_id))
    cycle = _cycle(by_id)
    if cycle:
        ring = " > ".join(check.id for check in (*cycle, cycle[0]))
        yield cycle[0], f"blocked_by leads back to itself: {ring}"


def own_faults(check: Check) -> Iterator[str]:
    """What is wrong with a check by itself."""
    if not _ID.fullmatch(check.id):
        yield f"the id {check.id!r} is not capital letters and then digits, such as ACME01"
    elif is_ours(check.id) and check not in builtin.CATALOGUE:
        yield f"the id {check.id} is the plugin's own: take another prefix than VL"
    if not _SLUG.fullmatch(check.slug) or len(check.slug) > MAX_SLUG:
        yield (
            f"the slug {check.slug!r} is not lower-case letters, digits and single hyphens, at most"
            f" {MAX_SLUG} of them, such as has-hpi"
        )
    for name, value, known in (
        ("severity", check.severity, get_args(Severity)),
        ("who", check.who, get_args(Owner)),
        ("basis", check.basis, get_args(Basis)),
    ):
        if value not in known:
            yield f"{name} is {value!r}: expected {listing(map(repr, known), 'or')}"
    if check.subject not in SCOPES:
        names = listing((kind.__name__ for kind in SCOPES), "or")
        given = getattr(check.subject, "__name__", repr(check.subject))
        yield f"the subject is {given}: expected {names}"
        return
    yield from _needs_fault(check)
    if not check.fix or not all(step.strip() for step in check.fix):
        yield "a step of its fix is empty" if check.fix else "its fix has no step"
    for step in check.fix:
        yield from _placeholder_faults(step, PLACEHOLDERS[check.subject])


def _needs_fault(check: Check) -> Iterator[str]:
    if not check.needs:
        return
    name = check.needs.partition(".")[0]
    known = [each.name for each in fields(check.subject)] + [
        each for each in vars(check.subject) if not each.startswith("_")
    ]
    if name not in known:
        near = did_you_mean(name, known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        scope = check.scope.replace("_", " ")
        yield f"needs is {check.needs!r}, which nothing of the {scope} is called{hint}"


def _placeholder_faults(step: str, names: Sequence[str]) -> Iterator[str]:
    known = [f"{name}.{part}" for name in names for part in ("name", "id")]
    try:
        for _, placeholder, form, conversion in Formatter().parse(step):
            if placeholder is not None and (placeholder not in known or form or conversion):
                every = listing((f"{{{each}}}" for each in known), "or")
                yield f"{{{placeholder}}} in its fix stands for nothing: expected {every}"
    except ValueError as error:
        yield f"a step of its fix cannot be filled in ({error}): {step!r}"


def _blocker_faults(check: Check, by_id: dict[str, Check]) -> Iterator[str]:
    for id in check.blocked_by:
        blocker = by_id.get(id)
        if blocker is None:
            near = did_you_mean(id, by_id, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"blocked_by names {id!r}, which is no check{hint}"
        elif check.subject in _OWNERS and blocker.subject not in _OWNERS[check.subject]:
            scope = check.scope.replace("_", " ")
            yield f"it cannot be blocked by {id}, which is not about the {scope} or its clinic"


def _cycle(by_id: dict[str, Check]) -> list[Check]:
    """Checks of which each is blocked by the next, and the last by the first; or none."""
    done: set[str] = set()

    def walk(check: Check, path: list[Check]) -> list[Check]:
        if check in path:
            return path[path.index(check) :]
        if check.id in done:
            return []
        done.add(check.id)
        for id in check.blocked_by:
            found = walk(by_id[id], [*path, check]) if id in by_id else []
            if found:
                return found
        return []

    return next((found for check in by_id.values() if (found := walk(check, []))), [])


def _shown(check: Check) -> str:
    return f"{check.function} ({_place(check)})"


def _place(check: Check) -> str:
    return f"{Path(check.file).name}:{check.line}"


# Looking up


def table(checks: Iterable[Check]) -> str:
    """One line a check: id and slug, what it is about, severity, and what it asks for."""
    rows = [("check", "subject", "severity", "passes when")]
    rows += [
        (check.name, check.scope.replace("_", " "), check.severity, check.title) for check in checks
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]))
        for row in rows
    )


class UnknownCheck(LookupError):
    """A name that no check has; the message gives the nearest."""


def find(name: str, checks: Sequence[Check]) -> Check:
    """A check by its id or slug. Raises :class:`UnknownCheck`."""
    for check in checks:
        if name.upper() == check.id or name in (check.slug, check.name):
            return check
    known = [word for check in checks for word in (check.id, check.slug)]
    near = listing(did_you_mean(name, known) or ["VL201", "accepts-video"], "or")
    raise UnknownCheck(f"there is no check {name}; nearest: {near} (see --videolink-checks)")


def page(check: Check, checks: Sequence[Check]) -> str:
    """All there is to say about a check, in Markdown that also reads well in a terminal."""
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
        yield f"- Defined by: {check.function} ({_place(check)})"
    yield f"- Basis: {_BASIS[check.basis]}"
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
    if check.article is not None:
        return f"check {check.article} of {ARTICLE}"
    return f"the question of {ARTICLE}" if check.id.startswith("VL5") else "beyond its checks"


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
