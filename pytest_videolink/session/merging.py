"""One result of the parts of a run on several machines; nothing is collected for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from glob import glob, has_magic
from pathlib import Path

import pytest

from pytest_videolink.record.text import clean, printable
from pytest_videolink.reports.changes import compared, remembered
from pytest_videolink.reports.closing import Line, section, unexpected
from pytest_videolink.reports.files import UnfitReport, report_files, write
from pytest_videolink.reports.merge import NotMerged, merged
from pytest_videolink.reports.report import Report
from pytest_videolink.session.arguments import expanded, still_quoted, time_given
from pytest_videolink.session.before import earlier, report_at
from pytest_videolink.session.terminal import width, write_section

OPTION = "--videolink-merge"


def merge(config: pytest.Config) -> int:
    """Print the closing section of the whole run, and write its reports. Returns the exit code.

    Raises :class:`pytest.UsageError`.
    """
    report = _read(config)
    folder = config.invocation_params.dir
    ids = [*dict.fromkeys(clinic.id for clinic in report.clinics)]
    try:
        files = report_files(map(expanded, config.option.videolink_report), folder, [], ids)
    except UnfitReport as error:
        raise pytest.UsageError(str(error)) from None
    written: list[str] = []
    unwritten: list[str] = []
    for name, why in write(files, report):
        (unwritten if why else written).append(why or f"Report: {name}")
    verbosity, columns = config.get_verbosity(), width()
    lines: list[Line] = []
    if verbosity >= -1:
        lines += section(report, brief=verbosity < 0, width=columns)
        lines += map(Line, written)
    lines += unexpected(report.exit, unwritten=unwritten, width=columns)
    if config.pluginmanager.has_plugin("terminal"):
        write_section(pytest.TerminalReporter(config, sys.stdout), lines)
    code = report.exit.code
    return int(pytest.ExitCode.INTERNAL_ERROR) if unwritten and not code else code


def _read(config: pytest.Config) -> Report:
    _refuse_names(config)
    parts: dict[str, Report] = {}
    for given in config.option.videolink_merge:
        for path in _files(config.invocation_params.dir, given):
            name = printable(path)
            parts[name] = report_at(config.invocation_params.dir / path, f"{OPTION}={name}")
    try:
        report = merged(parts)
    except NotMerged as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from None
    _refuse_others(config, report)
    then = earlier(config, datetime.fromisoformat(report.checked_as_of), report.ids)
    if then is None:
        return _forgetful(report)
    if report.changes is None:
        return compared(report, then)
    if report.changes.since != then.checked_as_of:
        raise pytest.UsageError(
            f"{OPTION}: the parts were compared with another report than that of --videolink-since"
        )
    return remembered(report, then)


def _refuse_names(config: pytest.Config) -> None:
    """Refuse reports that stand by themselves: a pattern that the shell has written out."""
    names = [each for each in config.option.file_or_dir if each.lower().endswith(".json")]
    if names:
        raise pytest.UsageError(
            f"{printable(names[0])} stands beside {OPTION}, which takes one name: write it before"
            " each part, or name them all by one pattern in quotes"
        )


def _forgetful(report: Report) -> Report:
    """A report that says so where the parts compare and one is missing, and nothing tells of it."""
    if report.changes is None or not any(clinic.is_lost for clinic in report.clinics):
        return report
    fault = (
        f"{report.exit.fault} Since when their findings are known is lost as well: add the"
        " --videolink-since of the parts."
    )
    return replace(report, exit=replace(report.exit, fault=fault))


def _refuse_others(config: pytest.Config, report: Report) -> None:
    """Refuse options that ask for another run than the parts are of: nothing is checked anew."""
    option, terms, now = config.option, report.terms, time_given(config)
    asked, answered = {*map(clean, option.videolink_clinic)}, {one.id for one in report.answers}
    assert terms is not None  # a part tells
    is_other = {
        "--videolink-clinic": asked and asked != {*report.asked},
        "--videolink-appointment": {*option.videolink_appointment} - answered,
        "--videolink-now": now and now != datetime.fromisoformat(report.checked_as_of),
        "--videolink-sync-window": option.videolink_sync_window not in (None, terms.sync_window),
        "--videolink-max-age": option.videolink_max_age not in (None, terms.max_age),
        "--videolink-soon": option.videolink_soon not in (None, terms.soon),
        "--videolink-no-waivers": option.videolink_no_waivers and terms.waivers,
        "--videolink-fail-on": option.videolink_fail_on and not report.exit.only_new,
        "--videolink-shard": option.videolink_shard is not None,
    }
    for name, is_asked in is_other.items():
        if is_asked:
            raise pytest.UsageError(
                f"{OPTION} takes the parts as they were run, and {name} asks for something else:"
                " leave it out here, or give it to each part"
            )


def _files(folder: Path, given: str) -> Iterator[str]:
    """The files that a name or a pattern stands for."""
    pattern = expanded(given)
    if (folder / pattern).is_dir():
        raise pytest.UsageError(
            f"{OPTION}={printable(given)} is a folder: name the reports in it, such as"
            f" {printable(str(Path(given, '*.json')))}"
        )
    found = sorted(glob(pattern, root_dir=folder, recursive=True))
    if not found and has_magic(pattern) and not (folder / pattern).exists():
        quoted = still_quoted(OPTION, given)
        raise pytest.UsageError(
            f"{OPTION}={printable(given)} matches no file{'; ' * bool(quoted)}{quoted}"
        )
    yield from found or [pattern]
