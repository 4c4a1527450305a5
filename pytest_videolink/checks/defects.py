"""What is wrong with checks, each by itself and all of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from string import Formatter
from typing import get_args

from pytest_videolink.checks import builtin
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
from pytest_videolink.record.slugs import MADE_OF, MAX_SLUG
from pytest_videolink.record.text import BadTime, hint, listing, parse_date

_ID = re.compile(r"([A-Z]{2,12})([0-9]{1,6})", re.ASCII)
_ADDRESS = re.compile(r"https?://[!-~]+", re.ASCII)

_OWNERS: dict[type, tuple[type, ...]] = {
    Clinic: (Clinic,),
    Practitioner: (Practitioner, Clinic),
    Pair: (Pair, Practitioner, AppointmentType, Clinic),
    AppointmentType: (AppointmentType, Clinic),
    Appointment: (Appointment, Clinic),
}
"""A subject and what it belongs to: what a check may be blocked by."""


def defects(checks: Sequence[Check]) -> Iterator[tuple[Check, str]]:
    """What is wrong with checks, each by itself and all of them together."""
    by_id: dict[str, Check] = {}
    by_slug: dict[str, Check] = {}
    for check in sorted(checks, key=lambda check: check not in builtin.CATALOGUE):
        if check not in builtin.CATALOGUE:  # those are held to it by a test
            yield from ((check, defect) for defect in own_defects(check))
        taken = list(_taken_ids(check, by_id))
        yield from ((check, defect) for defect in taken)
        alike = by_slug.setdefault(check.slug, check)
        if alike is not check and not taken:
            yield check, f"the slug {check.slug} is that of {alike.id} already"
    for check in checks:
        yield from ((check, defect) for defect in _blocker_defects(check, by_id))
    cycle = _cycle(by_id)
    if cycle:
        ring = " > ".join(check.id for check in (*cycle, cycle[0]))
        yield cycle[0], f"blocked_by leads back to itself: {ring}"


def _taken_ids(check: Check, by_id: dict[str, Check]) -> Iterator[str]:
    """Which ids of a check, former ones among them, are another one's already."""
    for id in check.ids:
        first = by_id.setdefault(id, check)
        refused = is_ours(id) and check not in builtin.CATALOGUE
        if first is not check and not refused:
            own = "the id" if id == check.id else "its former id"
            theirs = "that" if id == first.id else "a former one"
            yield f"{own} {id} is {theirs} of {first.origin} already"


def own_defects(check: Check) -> Iterator[str]:
    """What is wrong with a check by itself."""
    if not _ID.fullmatch(check.id):
        yield f"the id {check.id!r} is not capital letters and then digits, such as ACME01"
    elif is_ours(check.id) and check not in builtin.CATALOGUE:
        yield f"the id {check.id} is the plugin's own: take another prefix than VL"
    if not MADE_OF.fullmatch(check.slug) or len(check.slug) > MAX_SLUG:
        yield (
            f"the slug {check.slug!r} is not lower-case letters, digits and single hyphens, at most"
            f" {MAX_SLUG} of them, such as has-hpi"
        )
    yield from _life_defects(check)
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
    yield from _needs_defects(check)
    if not check.fix or not all(step.strip() for step in check.fix):
        yield "a step of its fix is empty" if check.fix else "its fix has no step"
    for step in check.fix:
        yield from _placeholder_defects(step, PLACEHOLDERS[check.subject])


def _life_defects(check: Check) -> Iterator[str]:
    """What is wrong with its former ids, and with the page that it rests on."""
    for id in check.was:
        if not _ID.fullmatch(id):
            yield f"its former id {id!r} is not capital letters and then digits, such as ACME01"
        elif is_ours(id) and check not in builtin.CATALOGUE:
            yield f"its former id {id} is the plugin's own"
        elif id == check.id:
            yield f"its former id {id} is the one that it has"
    if check.source is not None:
        if not _ADDRESS.fullmatch(check.source.address):
            yield f"its source {check.source.address!r} is no address: expected https://..."
        try:
            parse_date(check.source.read)
        except BadTime as error:
            yield f"its source was read on {check.source.read!r}: {error}"


def _needs_defects(check: Check) -> Iterator[str]:
    if not check.needs:
        return
    name = check.needs.partition(".")[0]
    known = [each.name for each in fields(check.subject)] + [
        each for each in vars(check.subject) if not each.startswith("_")
    ]
    if name not in known:
        scope, near = check.scope.replace("_", " "), hint(name, known)
        yield f"needs is {check.needs!r}, which nothing of the {scope} is called{near}"


def _placeholder_defects(step: str, names: Sequence[str]) -> Iterator[str]:
    known = [f"{name}.{part}" for name in names for part in ("name", "id")]
    try:
        for _, placeholder, form, conversion in Formatter().parse(step):
            if placeholder is not None and (placeholder not in known or form or conversion):
                every = listing((f"{{{each}}}" for each in known), "or")
                yield f"{{{placeholder}}} in its fix stands for nothing: expected {every}"
    except ValueError as error:
        yield f"a step of its fix cannot be filled in ({error}): {step!r}"


def _blocker_defects(check: Check, by_id: dict[str, Check]) -> Iterator[str]:
    for id in check.blocked_by:
        blocker = by_id.get(id)
        if blocker is not None and id != blocker.id:
            yield f"blocked_by names {id!r}, which is {blocker.id} now"
        elif blocker is None:
            yield f"blocked_by names {id!r}, which is no check{hint(id, by_id)}"
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
