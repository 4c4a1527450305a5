"""A check put to a subject: what its rule answers, as findings that are fit to be shown."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from pytest_videolink.checks.rule import Answer, Check, Context, Finding, is_ours, unrecorded, wrong
from pytest_videolink.record.clinic import Appointment, Subject
from pytest_videolink.record.text import clean, named


def findings(check: Check, subject: Subject, context: Context) -> Iterator[Finding]:
    """What a check finds with a subject; first of all whether what it needs is recorded.

    What the rule asserts and does not hold is a finding like any other. Raises what else the
    rule raises, and :class:`TypeError` for an answer that is none.
    """
    if check.needs and attrgetter(check.needs)(subject) is None:
        setting = check.setting or check.needs.rpartition(".")[2].replace("_", " ")
        said = f"{setting[0].upper()}{setting[1:]} is not recorded for {subject.name}"
        yield unrecorded(said, at=check.needs)
        return
    try:
        for each in _each(check.run(subject, context)):
            finding = wrong(each) if isinstance(each, str) else each
            if not isinstance(finding, Finding):
                raise TypeError(f"a check yields what is wrong, not {type(each).__name__}")
            if not finding.summary.strip():
                raise ValueError("a check yields what is wrong in a sentence; this one is empty")
            for place in finding.also:
                own = place.clinic == context.clinic.id
                if not own and place.clinic not in context.neighbours.ids:
                    raise ValueError(
                        f"`also` names a clinic that the source does not have: {place.clinic!r}"
                    )
            yield finding if is_ours(check.id) else _printable(finding)
    except AssertionError as error:
        yield _asserted(check, error, subject)


def _asserted(check: Check, error: AssertionError, subject: Subject) -> Finding:
    """What an assertion says that does not hold: its own message first, then the values."""
    source = traceback.extract_tb(error.__traceback__)[-1].line or ""
    # Addresses in memory are other ones in every run.
    text = re.sub(r" at 0x[0-9a-f]+", "", str(error))
    said = [clean(line, 200) for line in text.splitlines()] or [source]
    expression = next(
        (place for place, line in enumerate(said) if line.startswith("assert")), len(said)
    )
    message, values = " ".join(" ".join(said[:expression]).split()), said[expression:]
    if check.subject is Appointment:  # whose values are shown nowhere
        values = [source]
    summary = message or f"{clean(subject.name)} fails {check.id}: {check.title}"
    return _printable(wrong(summary, detail=tuple(values)))


def _printable(finding: Finding) -> Finding:
    """A finding whose texts are fit to be printed, whatever of a record they quote."""
    return replace(
        finding,
        summary=named(finding.summary, 1000),
        found=clean(finding.found, 1000),
        expected=clean(finding.expected, 1000),
        record=clean(finding.record, 1000),
        hint=clean(finding.hint, 1000),
        steps=tuple(clean(step, 1000) for step in finding.steps),
        detail=tuple(clean(line, 1000) for line in finding.detail),
    )


def _each(answer: Answer) -> Iterable[Finding | str]:
    if answer is None:
        return ()
    if isinstance(answer, Finding | str):
        return (answer,)
    if isinstance(answer, Iterable) and not isinstance(answer, Mapping | bytes):
        return answer
    raise TypeError(
        f"a check asserts, or gives back what is wrong; this one gave {type(answer).__name__}"
    )
