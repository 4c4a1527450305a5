"""The nodes of the tree that pytest sees: folder, clinic file, subject, check."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest

from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.record.clinic import Clinic, Subject
from pytest_videolink.record.document import Document, Position
from pytest_videolink.record.text import clean, printable
from pytest_videolink.session.run import TABLES_READABLE, Run, lacks_rows, node_name
from pytest_videolink.sources.fleet import Record

_PACKAGE = Path(__file__).parent.parent


class CheckFailed(AssertionError):
    """A check's finding; its text is what the failure says.

    An assertion's error, since other plugins take whatever else is raised for a broken test.
    """


class ConfigurationWarning(UserWarning):
    """A finding of a check of severity warning; ``text`` is what it says in full."""

    def __init__(self, summary: str, text: str = "") -> None:
        super().__init__(summary)
        self.text = text or summary


class ClinicFolder(pytest.Directory):
    """A folder with selected clinic files in it or below it.

    ``wanted`` are the files and folders that lead to them. They are known beforehand, so pytest's
    rules about folders to leave out (``norecursedirs``) hide no clinic. ``others`` says whether
    ordinary tests are collected as well.
    """

    def __init__(self, *, wanted: set[Path], others: bool, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._wanted = wanted
        self._others = others

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        for path in sorted(self.path.iterdir() if self._others else self._wanted):
            if path.is_dir():
                if path in self._wanted or not self._ignored(path):
                    folder = self.ihook.pytest_collect_directory(path=path, parent=self)
                    if folder is not None:
                        yield folder
            elif not self._ignored(path):
                yield from self.ihook.pytest_collect_file(file_path=path, parent=self)

    def _ignored(self, path: Path) -> bool:
        named = self.session.isinitpath(path)
        hook = self.ihook.pytest_ignore_collect
        return not named and bool(hook(collection_path=path, config=self.config))


class ClinicFile(pytest.File):
    """One clinic's document."""

    def __init__(self, *, run: Run, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.run = run
        self.shown = run.shown(self.path)
        self.said = ("clinic", clean(run.files[self.path][1].id)), ("file", self.shown)
        """What the reports of all its items carry of it."""
        self.located: str | None = None
        """The file's name in the locations of its items."""
        self._marks: dict[Check, pytest.MarkDecorator] = {}

    @property
    def record(self) -> Record:
        """What the file holds."""
        return self.run.record(self.path)

    @cached_property
    def judge(self) -> Judge | None:
        """Who judges the clinic; nobody where its record cannot be read."""
        return self.run.judge(self.path)

    def mark(self, check: Check) -> pytest.MarkDecorator:
        """The mark of a check's items in this file, which share it."""
        if check not in self._marks:
            self._marks[check] = pytest.mark.videolink(
                check=check.id,
                scope=check.scope,
                severity=check.severity,
                clinic=self.said[0][1],
            )
        return self._marks[check]

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        clinic, judge = self.record.clinic, self.judge
        if clinic is None or judge is None:
            position = self.record.problems[0].position
            yield UnreadableItem.of(self, VALID_DOCUMENT, position, file=self)
            return
        self.extra_keyword_matches.add(clinic.name)
        yield from self._subjects(clinic, judge, self.record.document)
        self.record.forget_positions()

    def teardown(self) -> None:
        """Its failures, which point at lines, have been told."""
        self.record.forget_positions()

    def _subjects(
        self, clinic: Clinic, judge: Judge, document: Document
    ) -> Iterator[pytest.Item | pytest.Collector]:
        """The clinic's own checks and a node for everything in it that has any."""
        if self.run.appointments:
            there = {each.id: each for each in clinic.appointments}
            for id, appointment in there.items():
                if id in self.run.appointments:
                    yield SubjectNode.of(self, self, appointment, judge, document)
            if lacks_rows(clinic) and not self.run.appointments <= there.keys():
                checks = (each for each in judge.checks_of(clinic) if each.id == TABLES_READABLE)
                yield from _items(self, self, checks, clinic, document)
            return
        yield from _items(self, self, judge.checks_of(clinic), clinic, document)
        for practitioner in clinic.practitioners:
            node = SubjectNode.of(self, self, practitioner, judge, document)
            for pair in clinic.pairs[practitioner]:
                node.add(SubjectNode.of(node, self, pair, judge, document, name=pair.type.id))
            if node.children:
                yield node
        rest: list[Subject] = [*clinic.appointment_types, *clinic.appointments]
        for subject in rest:
            node = SubjectNode.of(self, self, subject, judge, document)
            if node.children:
                yield node


class SubjectNode(pytest.Collector):
    """Everything about one practitioner, pair, appointment type or appointment."""

    children: list[pytest.Item | pytest.Collector]

    @classmethod
    def of(
        cls,
        parent: pytest.Collector,
        file: ClinicFile,
        subject: Subject,
        judge: Judge,
        document: Document,
        name: str = "",
    ) -> SubjectNode:
        node: SubjectNode = cls.from_parent(parent, name=name or node_name(subject))
        node.extra_keyword_matches.add(subject.name)
        node.children = list(_items(node, file, judge.checks_of(subject), subject, document))
        return node

    def add(self, part: SubjectNode) -> None:
        if part.children:
            self.children.append(part)

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        return self.children


def _items(
    parent: pytest.Collector,
    file: ClinicFile,
    checks: Iterable[Check],
    subject: Subject,
    document: Document,
) -> Iterator[CheckItem]:
    for check in checks:
        path = subject.at(*check.at.split(".")) if check.at else subject.path
        position = document.find(path).position
        yield JudgedItem.of(parent, check, position, file=file, subject=subject)


@cache
def _said_of(check: Check) -> tuple[tuple[str, str], ...]:
    """What the reports of every item of a check carry of it."""
    page = check.page or f"--videolink-explain={check.id}"
    return ("check", check.id), ("severity", check.severity), ("documentation", page)


class CheckItem(pytest.Item):
    """A check of one subject of a clinic."""

    def __init__(
        self, *, check: Check, position: Position, file: ClinicFile, **arguments: Any
    ) -> None:
        super().__init__(**arguments)
        self.check = check
        self.line = position.line
        self.cell = position.cell
        self.file = file

    @classmethod
    def of(
        cls,
        parent: pytest.Collector,
        check: Check,
        position: Position,
        *,
        file: ClinicFile,
        **arguments: Any,
    ) -> CheckItem:
        item: CheckItem = cls.from_parent(
            parent, name=check.name, check=check, position=position, file=file, **arguments
        )
        item.add_marker(file.mark(check))
        return item

    @property
    def names(self) -> list[str]:
        """The names below the clinic file that lead to this item, its own last."""
        return self.nodeid.removeprefix(self.file.nodeid).split("::")[1:]

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, " > ".join((printable(self.file.name), *self.names))

    @cached_property
    def location(self) -> tuple[str, int | None, str]:
        """As pytest's own, which works out the name of the same file anew for every item."""
        if self.file.located is None:
            self.file.located = super().location[0]
        return self.file.located, *self.reportinfo()[1:]

    def describe(self, subject: str, outcome: str, finding: str = "") -> None:
        """What reports carry of the item; plain values only, which xdist can send."""
        check, severity, documentation = _said_of(self.check)
        clinic, file = self.file.said
        self.user_properties[:] = [
            check,
            severity,
            clinic,
            ("subject", clean(subject)),
            file,
            ("line", self.line),
            *([("cell", self.cell)] if self.cell else []),
            documentation,
            ("outcome", outcome),
        ]
        if finding:
            self.user_properties.append(("finding", finding))

    def skip_of(self, reason: str) -> tuple[str, int, str]:
        """A skip as reports tell it: it stands where its setting is recorded, not in our code."""
        return str(self.path), self.line, reason

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any) -> Any:
        if isinstance(excinfo.value, CheckFailed):
            return str(excinfo.value)
        if isinstance(excinfo.value, ConfigurationWarning):
            return excinfo.value.text
        return super().repr_failure(excinfo, *args)


class UnreadableItem(CheckItem):
    """VL001 of a clinic whose record cannot be read."""

    def setup(self) -> None:
        reason = self.file.run.unreadable_reason(self.path)
        self.describe(self.file.record.id, State.FAILED.value, reason)

    def runtest(self) -> None:
        raise CheckFailed(self.file.run.unreadable_text(self.path, self.names))


class JudgedItem(CheckItem):
    """A check of a subject in a record that can be read."""

    def __init__(self, *, subject: Subject, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.subject = subject

    @property
    def judgement(self) -> Judgement:
        judge = self.file.judge
        assert judge is not None
        return judge.judge(self.check, self.subject)

    def setup(self) -> None:
        """Skip here what is neither right nor wrong.

        Other plugins take a skip in the test's own phase for one that it decided on while it
        passed (pytest-nunit 1.0.7, and Azure DevOps by its file).
        """
        self.prepare()
        if self.judgement.state.is_skip:
            pytest.skip(self.judgement.reason)

    def prepare(self) -> None:
        """Have the judgement ready: what the reports carry of it, and its waiver."""
        judgement = self.judgement
        outcome = judgement.state.value
        if judgement.state is State.BLOCKED and self.file.run.excuses(self.path, judgement):
            outcome = "excused"
        elif judgement.state is State.FAILED and self.known:
            outcome = "known"
            self.add_marker(pytest.mark.xfail(reason=self.known, strict=False))
        self.describe(self.subject.id, outcome, judgement.reason)
        waiver = judgement.waiver
        if waiver is not None:
            self.add_marker(
                pytest.mark.xfail(
                    reason=f"waived until {waiver.until} by {waiver.owner}: {waiver.reason}",
                    strict=False,
                )
            )

    @cached_property
    def known(self) -> str:
        """Since when the finding is known, in words, where that keeps it from failing the run."""
        day = self.file.run.known(self.path, self.judgement)
        return f"known since {day}" if day else ""

    def runtest(self) -> None:
        judgement = self.judgement
        if judgement.raised is not None:
            raise CheckFailed(self._crash(judgement.raised)) from judgement.raised
        if judgement.state in (State.FAILED, State.WAIVED):
            raise CheckFailed(self._text())
        if judgement.state is State.WARNED:
            try:
                self._warn()
            except ConfigurationWarning:  # which -W makes an error of
                if not self.known:
                    raise
                pytest.xfail(self.known)

    def _warn(self) -> None:
        # The angle brackets keep Python from quoting the file's line, which a cell has none of.
        cell = f" ({self.cell})" if self.cell else ""
        warnings.warn_explicit(
            ConfigurationWarning(f"{self.judgement.reason}{cell}", self._text()),
            ConfigurationWarning,
            filename=f"<{self.file.shown}>",
            lineno=self.line,
        )

    def _text(self) -> str:
        return self.file.run.text(self.path, self.judgement, self.names)

    def _crash(self, raised: BaseException) -> str:
        """What is said of a check that could not answer, with the frames of whoever wrote it."""
        fault = pytest.ExceptionInfo.from_exception(raised)
        theirs = fault.traceback.filter(lambda entry: _PACKAGE not in Path(entry.path).parents)
        if theirs:
            fault.traceback = theirs
            shown = str(fault.getrepr(style="short", funcargs=False))
        else:  # what the function gave is at fault
            place = f"{self.file.run.shown(Path(self.check.file))}:{self.check.line}"
            shown = f"{place}: in {self.check.function}\nE   {fault.exconly()}"
        return self.file.run.crash_text(self.path, self.judgement, self.names, shown)
