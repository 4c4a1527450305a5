"""What there is to say about a judgement, and of a record that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from pytest_videolink.checks.rule import Check, Finding, Place
from pytest_videolink.judging.judge import Judgement
from pytest_videolink.record.clinic import Appointment, Clinic, Path
from pytest_videolink.record.document import START, Document, Node, Position, Problem
from pytest_videolink.record.labels import label_of, listed, where_to_look
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean, day_and_time, plural
from pytest_videolink.reports.report import Booking, Entry, Evidence, Excerpt, Explained
from pytest_videolink.sources.fleet import Record

MAX_PROBLEMS = 50
MAX_DETAIL = 12


def bookings(some: Sequence[Appointment], zone: tzinfo) -> tuple[Booking, ...]:
    """Appointments as they are named, with their starts on the clinic's clock."""
    return tuple(
        Booking(clean(each.id, 30), day_and_time(each.starts.astimezone(zone))) for each in some
    )


def placed_at(place: Position | Excerpt, document: Document | None = None) -> dict[str, Any]:
    """What an item tells of its place; a ``cell`` is one of its own document, if of any."""
    cell = place.cell if document is None or document.sheets else ""
    return {"line": place.line, "column": place.column, "cell": cell}


def rests_on(check: Check) -> dict[str, Any]:
    """The page that a check rests on and the day on which it was read, as the report has them."""
    if check.source is None:
        return {}
    return {"source": check.source.address, "source_read": check.source.read}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """All that it takes to explain a judgement; ``records`` are those that its places are in."""

    judgement: Judgement
    clinic: Clinic
    records: dict[str, tuple[str, Record]]
    recreate: tuple[Appointment, ...] = ()
    command: str
    sync_window: str

    def explained(self) -> Explained:
        judgement, check = self.judgement, self.judgement.check
        after = self._after()
        return Explained(
            summary=judgement.reason,
            facts=tuple(self._facts()),
            evidence=tuple(map(self._evidence, judgement.findings)),
            who=judgement.who,
            steps=tuple(self._steps()),
            after=after,
            recreate=bookings(self.recreate, self.clinic.timezone) if after else (),
            command=self.command,
            check=check.id,
            page=check.page,
            **rests_on(check),
        )

    def _facts(self) -> Iterator[Entry]:
        check, subject = self.judgement.check, self.judgement.subject
        yield Entry("Clinic", f"{self.clinic.name} ({self.clinic.id})")
        if subject is not self.clinic:
            scope = check.scope.replace("_", " ")
            id = "" if isinstance(subject, Appointment) else f" ({subject.id})"
            yield Entry(scope.capitalize(), f"{clean(subject.name)}{id}")
        yield Entry("For patients", check.why)
        _, record = self.records[self.clinic.id]
        if record.entry.origin:
            yield Entry("Fetched from", clean(record.entry.origin, 200))
        if check.basis == "inferred":
            yield Entry("Basis", "inferred; the vendor's articles do not say so themselves")
        waiver = self.judgement.waiver
        if waiver:
            yield Entry("Waived", f"until {waiver.until} by {waiver.owner}: {waiver.reason}")

    def _evidence(self, finding: Finding) -> Evidence:
        first = finding is self.judgement.findings[0]
        return Evidence(
            title="" if first else f"Also: {finding.summary}",
            facts=tuple(self._found(finding)),
            places=tuple(self._places(finding)),
            hint=finding.hint,
        )

    def _found(self, finding: Finding) -> Iterator[Entry]:
        unrecorded = finding.answer == "unrecorded"
        found = "not recorded" if unrecorded else finding.found
        expected = "" if unrecorded else finding.expected
        setting = self.judgement.check.setting if found or expected else ""
        entries = (Entry("Setting", setting), Entry("Found", found), Entry("Expected", expected))
        yield from (entry for entry in entries if entry.text)
        for number, line in enumerate(finding.detail[:MAX_DETAIL]):
            yield Entry("" if number else "Asserted", line)

    def _places(self, finding: Finding) -> Iterator[Excerpt]:
        assert isinstance(finding.at, tuple)
        for place in (Place(self.clinic.id, finding.at), *finding.also):
            file, record = self.records[place.clinic]
            if record.clinic is not None and (place.path or record.clinic is self.clinic):
                cell = _cell(file, record.clinic, place.path)
                yield cell or excerpt(file, record.document, place.path)
            # A record that cannot be read has its places in its own failure.

    def _steps(self) -> Iterator[str]:
        if not self.judgement.findings:  # the check itself could not answer
            return
        check, finding = self.judgement.check, self.judgement.findings[0]
        assert isinstance(finding.at, tuple)
        document = self.records[self.clinic.id][1].document
        where = where_to_look(document, finding.at) if finding.answer == "unrecorded" else ""
        if where:
            yield f"Look it up: {where}"
        else:
            yield from finding.steps or check.steps(self.judgement.subject, self.clinic)
        if finding.edit is not None or finding.record or finding.answer == "unrecorded":
            yield self._update(finding)

    def _update(self, finding: Finding) -> str:
        """Which value of the record to bring up to date, and where."""
        assert isinstance(finding.at, tuple)
        file, record = self.records[self.clinic.id]
        subject = self.judgement.subject
        if isinstance(subject, Appointment) and subject.row is not None:
            return "Export the day sheet again, and record its time as as_of"
        if _cell(file, self.clinic, finding.at):
            return "Export the list from the PMS again, and record its time as as_of"
        found = record.document.find(finding.at)
        names = [step for step in finding.at if isinstance(step, str)]
        edit = finding.edit
        value = listed(record.document, edit) if isinstance(edit, tuple) else edit or finding.record
        label = label_of(record.document, finding.at) or "the entry"
        changes = [f"{found.position}, {label}{f': {value}' if value else ''}"]
        if names[-1:] != ["as_of"]:
            as_of = record.document.find(("as_of",)).position
            label = label_of(record.document, ("as_of",)) or "as_of"
            changes.append(f"{as_of}, {label}: the time you read it")
        return f"Record it in {record.entry.origin or file}: {'; '.join(changes)}"

    def _after(self) -> str:
        unrecorded = all(each.answer == "unrecorded" for each in self.judgement.findings)
        if unrecorded or not self.judgement.check.affects_links:
            return ""
        return (
            "It does not repair appointments that are booked already: recreate them in the"
            f" appointment book. Their links usually appear {self.sync_window}."
        )


def _cell(file: str, clinic: Clinic, path: Path) -> Excerpt | None:
    """A place in a table that the PMS's list stands in, with nothing of what the cell holds."""
    table = clinic.table(".".join(map(str, path[:2])))
    if table is None or len(path) < 3 or not isinstance(path[2], int):
        return None
    row, key = table.entry_row(path[2]), str(path[-1])
    columns = table.reference.declaration.columns.get(key, ())
    cell = f"row {row}, column {clean(' + '.join(columns))}" if columns else f"row {row}"
    if table.sheet:
        cell = f"sheet {table.sheet}, {cell}"
    there = os.path.normpath(os.path.join(os.path.dirname(file), table.file))
    return Excerpt(there, row, 1, cell=cell)


def excerpt(file: str, document: Document, path: Path) -> Excerpt:
    """A place with the key and value that stand there, never the rest of the line."""
    found = document.find(path)
    if found.exact:
        key = label_of(document, path) if document.sheets else found.key
        label = f"{clean(key, 40)}: " if key is not None else "- "
        shown = "" if path[:1] == ("appointments",) else _shown(document, found.node)
        return _excerpt(file, found.position, label, shown, below=found.is_below)
    key = clean(label_of(document, path) or "")
    return _excerpt(file, found.position, f"{key}:", "", "missing; it belongs here")


def _excerpt(
    file: str, position: Position, label: str, value: str, note: str = "", *, below: bool = False
) -> Excerpt:
    """The place, what may be shown of the line, and a caret under the value, or under its key
    where there is no value or it stands in the lines ``below``.
    """
    under = " " * len(label) + "^" * len(value) if value and not below else "^"
    code = f"{label}{value}".rstrip()
    return Excerpt(
        file,
        position.line,
        position.column,
        code,
        f"{under} {note}".rstrip() if code else "",
        position.cell,
    )


def _shown(document: Document, node: Node) -> str:
    """A value as it was parsed, in short."""
    limit = 30
    if isinstance(node.value, str):
        return clean(node.value, limit)
    if isinstance(node.value, list):
        inside = (_shown(document, each) for each in node.value[:8])
        return clean(listed(document, inside), limit)
    if isinstance(node.value, dict):
        id = node.value.get("id")
        return f"{{id: {_shown(document, id[1])}, ...}}" if id else "{...}"
    return ""


# A record that cannot be read


def unreadable_reason(record: Record) -> str:
    """What is wrong with a record that cannot be read, in one line."""
    problems = record.problems
    more = f" (and {plural(len(problems) - 1, 'more problem')})" if len(problems) > 1 else ""
    summary = f"The record of {clean(record.id)} cannot be read: {problems[0].message}"
    return clean(summary, len(summary)).rstrip(".") + more


def unreadable(record: Record, file: str, check: Check, command: str) -> Explained:
    """VL001 of a record that cannot be read: every problem of its file with its place."""
    problems, origin = record.problems, record.entry.origin
    summary = unreadable_reason(record)
    steps = check.fix
    if origin:
        again = "the next run fetches it again"
        steps = (f"Put it right at {origin}, or have it put right by whoever runs it; {again}",)
    left = len(problems) - MAX_PROBLEMS
    return Explained(
        summary=summary,
        facts=(Entry("Clinic", clean(record.id)), Entry("For patients", check.why)),
        evidence=tuple(
            Evidence(title=each.message) if _is_placeless(record, each) else _problem(file, each)
            for each in problems[:MAX_PROBLEMS]
            if not (_is_placeless(record, each) and summary.endswith(each.message))
        ),
        more=f"and {plural(left, 'more problem')}" if left > 0 else "",
        who=check.who,
        steps=steps,
        command=command,
        check=check.id,
        page=check.page,
        **rests_on(check),
    )


def _is_placeless(record: Record, problem: Problem) -> bool:
    """Whether it is not about a place in the document, which may not be here at all."""
    return bool(record.entry.origin) and problem.position == START and problem.key is None


def _problem(file: str, problem: Problem) -> Evidence:
    label = "" if problem.key is None else f"{clean(problem.key, 40)}{problem.between}"
    shown = clean(problem.value, 30) if problem.value else ""
    return Evidence(title=problem.message, places=(_excerpt(file, problem.position, label, shown),))
