"""What a failure says: the full text of a finding, for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from pytest_videolink import schema
from pytest_videolink.clinic import (
    Appointment,
    Clinic,
    Path,
)
from pytest_videolink.document import START, Document, Node, Position, Problem
from pytest_videolink.fleet import Record
from pytest_videolink.judge import Judgement
from pytest_videolink.rule import Check, Finding, Place
from pytest_videolink.text import clean, day_and_time, plural

WIDTH = 80
LONGEST = 100  # a first line, which cannot be wrapped
MAX_PROBLEMS = 50
MAX_APPOINTMENTS = 10
MAX_DETAIL = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """All that the text of a judgement needs; ``records`` are those that its places are in."""

    judgement: Judgement
    clinic: Clinic
    records: dict[str, tuple[str, Record]]
    recreate: tuple[Appointment, ...] = ()
    command: str
    sync_window: str

    def text(self) -> str:
        """The full text. Its first line says what is wrong, in one sentence."""
        findings = self.judgement.findings
        return _join(
            [findings[0].summary],
            self._head(),
            *(self._evidence(finding) for finding in findings),
            self._steps(),
            self._after(),
            _closing(self.command, self.judgement.check),
        )

    def crash(self, traceback: str) -> str:
        """What is said of a check that could not answer, with where it broke off."""
        lines = (clean(line, 200) for line in traceback.splitlines())
        return _join(
            [self.judgement.reason],
            self._head(),
            lines,
            _closing(self.command, self.judgement.check),
        )

    def _head(self) -> Iterator[str]:
        check, subject = self.judgement.check, self.judgement.subject
        yield from _entry("Clinic", f"{self.clinic.name} ({self.clinic.id})")
        if subject is not self.clinic:
            scope = check.scope.replace("_", " ")
            id = "" if isinstance(subject, Appointment) else f" ({subject.id})"
            yield from _entry(scope.capitalize(), f"{clean(subject.name)}{id}")
        yield from _entry("For patients", check.why)
        _, record = self.records[self.clinic.id]
        if record.entry.origin:
            yield from _entry("Fetched from", clean(record.entry.origin, 200))
        if check.basis == "inferred":
            yield from _entry("Basis", "inferred; the vendor's articles do not say so themselves")
        waiver = self.judgement.waiver
        if waiver:
            yield from _entry("Waived", f"until {waiver.until} by {waiver.owner}: {waiver.reason}")

    def _evidence(self, finding: Finding) -> Iterator[str]:
        assert isinstance(finding.at, tuple)
        if finding is not self.judgement.findings[0]:
            yield from textwrap.wrap(f"Also: {finding.summary}", WIDTH)
        setting = self.judgement.check.setting
        found = "not recorded" if finding.answer == "unrecorded" else finding.found
        expected = "" if finding.answer == "unrecorded" else finding.expected
        if setting and (found or expected):
            yield from _entry("Setting", setting)
        if found:
            yield from _entry("Found", found)
        if expected:
            yield from _entry("Expected", expected)
        for number, line in enumerate(finding.detail[:MAX_DETAIL]):
            yield from _entry("" if number else "Asserted", line)
        for place in (Place(self.clinic.id, finding.at), *finding.also):
            if not place.path and place.clinic != self.clinic.id:
                continue  # a record that cannot be read has its places in its own failure
            file, record = self.records[place.clinic]
            yield from excerpt(file, record.document, place.path)
        if finding.hint:
            yield from textwrap.wrap(finding.hint, WIDTH)

    def _steps(self) -> Iterator[str]:
        check, finding = self.judgement.check, self.judgement.findings[0]
        assert isinstance(finding.at, tuple)
        yield f"How to fix it ({check.who}):"
        if finding.answer == "unrecorded":
            where = schema.describe(finding.at)
            steps = [f"Look it up: {where}"] if where else []
        if finding.answer != "unrecorded" or not steps:
            steps = list(finding.steps) or check.steps(self.judgement.subject, self.clinic)
        if finding.to_write or finding.answer == "unrecorded":
            steps.append(self._update(finding))
        for number, step in enumerate(steps, 1):
            yield from _wrap(step, f"  {number}. ")

    def _update(self, finding: Finding) -> str:
        """Which value of the record to bring up to date, and where."""
        assert isinstance(finding.at, tuple)
        file, record = self.records[self.clinic.id]
        subject = self.judgement.subject
        if isinstance(subject, Appointment) and subject.row is not None:
            return "Export the day sheet again, and record its time as as_of"
        found = record.document.find(finding.at)
        names = [step for step in finding.at if isinstance(step, str)]
        value = f": {finding.to_write}" if finding.to_write else ""
        changes = [f"line {found.position.line}, {names[-1] if names else 'the entry'}{value}"]
        if names[-1:] != ["as_of"]:
            line = record.document.find(("as_of",)).position.line
            changes.append(f"line {line}, as_of: the time you read it")
        return f"Record it in {record.entry.origin or file}: {'; '.join(changes)}"

    def _after(self) -> Iterator[str]:
        check = self.judgement.check
        if not check.affects_links or all(
            each.answer == "unrecorded" for each in self.judgement.findings
        ):
            return
        yield "After the fix:"
        yield from _wrap(
            "It does not repair appointments that are booked already: recreate them in the"
            f" appointment book. Their links usually appear within {self.sync_window}.",
            "  ",
        )
        if self.recreate:
            some = appointments(self.recreate, self.clinic.timezone)
            yield from _wrap(f"Recreate {some}", "  ")


def appointments(some: Sequence[Appointment], zone: tzinfo) -> str:
    """Appointments with their starts in the clinic's zone; shortened past ten."""
    shown = [
        f"{clean(each.id, 30)} ({day_and_time(each.starts.astimezone(zone))})"
        for each in some[:MAX_APPOINTMENTS]
    ]
    more = f", and {len(some) - len(shown)} more" if len(some) > len(shown) else ""
    return f"{plural(len(some), 'appointment')}: {', '.join(shown)}{more}"


def excerpt(file: str, document: Document, path: Path) -> Iterator[str]:
    """A place with the key and value that stand there, never the rest of the line."""
    found = document.find(path)
    if found.exact:
        label = f"{clean(found.key, 40)}: " if found.key is not None else "- "
        shown = "" if path[:1] == ("appointments",) else _shown(found.node)
        yield from _lines(file, found.position, label, shown, below=found.is_below)
    else:
        key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
        yield from _lines(file, found.position, f"{clean(key)}:", "", "missing; it belongs here")


def _problem(file: str, problem: Problem, *, is_fetched: bool) -> Iterator[str]:
    yield from _wrap(problem.message, "  ")
    if is_fetched and problem.position == START and problem.key is None:
        return  # it is not about a place in the document, which may not be here at all
    label = "" if problem.key is None else f"{clean(problem.key, 40)}: "
    shown = clean(problem.value, 30) if problem.value else ""
    yield from _lines(file, problem.position, label, shown)


def _lines(
    file: str, position: Position, label: str, value: str, note: str = "", *, below: bool = False
) -> Iterator[str]:
    """The place, what may be shown of the line, and a caret under the value, or under its key
    where there is no value or it stands in the lines ``below``.
    """
    line, column = position
    yield f"{file}:{line}:{column}"
    if label or value:
        yield f"{line:>5} | {label}{value}".rstrip()
        under = " " * len(label) + "^" * len(value) if value and not below else "^"
        yield f"      | {under} {note}".rstrip()


def _shown(node: Node) -> str:
    """A value as it was parsed, in short."""
    limit = 30
    if isinstance(node.value, str):
        return clean(node.value, limit)
    if isinstance(node.value, list):
        inside = ", ".join(_shown(each) for each in node.value[:8])
        return clean(f"[{inside}]", limit)
    if isinstance(node.value, dict):
        id = node.value.get("id")
        return f"{{id: {_shown(id[1])}, ...}}" if id else "{...}"
    return ""


def unreadable_summary(record: Record) -> str:
    """What is wrong with a record that cannot be read, in one line."""
    problems = record.problems
    more = f" (and {plural(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
    summary = f"The record of {clean(record.id)} cannot be read: {problems[0].message}"
    return clean(summary, LONGEST - len(more)) + more


def unreadable(record: Record, file: str, check: Check, command: str) -> str:
    """The text of VL001: every problem of a file with its place."""
    problems, origin = record.problems, record.entry.origin
    steps = [f"Put it right at {origin}; the next run fetches it again"] if origin else check.fix
    return _join(
        [unreadable_summary(record)],
        [*_entry("Clinic", clean(record.id)), *_entry("For patients", check.why)],
        *(_problem(file, each, is_fetched=bool(origin)) for each in problems[:MAX_PROBLEMS]),
        [f"and {plural(len(problems) - MAX_PROBLEMS, 'more problem')}"]
        if len(problems) > MAX_PROBLEMS
        else [],
        [
            f"How to fix it ({check.who}):",
            *(line for step in steps for line in _wrap(step, "  1. ")),
        ],
        _closing(command, check),
    )


def _closing(command: str, check: Check) -> Iterator[str]:
    yield "Check again:"
    yield f"  {command}"
    page = f"{check.page}, or " if check.page else ""
    yield f"Read more: {page}pytest --videolink-explain={check.id}"


def _entry(label: str, text: str) -> list[str]:
    return _wrap(text, f"  {label:<18}")


def _wrap(text: str, prefix: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=prefix,
        subsequent_indent=" " * len(prefix),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _join(*blocks: Iterable[str]) -> str:
    """Blocks of lines with an empty line between them."""
    return "\n\n".join(text for block in blocks if (text := "\n".join(block)))
