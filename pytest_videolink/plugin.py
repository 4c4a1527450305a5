"""The plugin's face to pytest: options, ini, and the switch that wakes the rest.

Imports only what every run of pytest needs of it: one that asks for no clinic pays for nothing else
and sees nothing of the plugin.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_videolink.session.arguments import (
    DEFAULT_SNAPSHOT,
    DEFAULT_SOURCE,
    WORKER_INPUT,
    argument_paths,
    clinic_folder,
    expanded,
    is_address,
    lead_to_source,
    refuse_blanks,
    refuse_unfit_paths,
    relative_below,
    snapshot_folder,
    source_location,
    words_given,
)
from pytest_videolink.session.fixtures import (  # noqa: F401 - pytest finds fixtures in a plugin's module
    videolink_appointment_type,
    videolink_clinic,
    videolink_pair,
    videolink_practitioner,
)

if TYPE_CHECKING:
    from pytest_videolink.checks.rule import Check
    from pytest_videolink.sources.source import Source

MARKER = (
    "videolink(check, scope, severity, clinic): set on every item of a clinic, so that"
    " -m 'videolink(severity=\"error\")' selects among them."
)


_ONE: dict[str, Any] = {}
_NUMBER: dict[str, Any] = {"type": int}
_SEVERAL: dict[str, Any] = {"action": "append", "default": []}
_SWITCH: dict[str, Any] = {"action": "store_true"}

OPTIONS: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "--videolink-clinic=ID",
        _SEVERAL,
        "check this clinic; repeatable; shell patterns such as 'sydney-*' or '*'",
    ),
    (
        "--videolink-source=DIR-or-URL",
        _ONE,
        "folder, snapshot or service with the clinic documents (ini: videolink_source,"
        " default: clinics); the token of a service is taken from VIDEOLINK_TOKEN",
    ),
    (
        "--videolink-snapshot=DIR",
        _ONE,
        "folder that keeps what is fetched (ini: videolink_snapshot, default: .videolink)",
    ),
    (
        "--videolink-appointment=ID",
        _SEVERAL,
        "check only this booked appointment: why has it no link? repeatable",
    ),
    (
        "--videolink-now=ISO",
        _ONE,
        "the time to check against, an ISO 8601 time with offset (default: now)",
    ),
    (
        "--videolink-sync-window=MIN",
        _NUMBER,
        "minutes that a link may take (ini: videolink_sync_window, default: 15)",
    ),
    (
        "--videolink-max-age=DAYS",
        _NUMBER,
        "days that a record may be old (ini: videolink_max_age, default: 30)",
    ),
    (
        "--videolink-soon=DAYS",
        _NUMBER,
        "list what lapses within so many days (ini: videolink_soon, default: 7)",
    ),
    (
        "--videolink-report=FILE",
        _SEVERAL,
        "write a report, format by suffix: .html .md .csv .xlsx .json .sarif; repeatable",
    ),
    (
        "--videolink-since=FILE.json",
        _ONE,
        "say what changed since an earlier report",
    ),
    (
        "--videolink-fail-on=new",
        {"choices": ["new"]},
        "with --videolink-since: fail for new findings alone",
    ),
    (
        "--videolink-no-waivers",
        _SWITCH,
        "audit view: ignore every waiver",
    ),
    (
        "--videolink-shard=K/N",
        _ONE,
        "of the selected clinics check the K-th of N parts, which a hash of their ids makes",
    ),
    (
        "--videolink-merge=FILE.json",
        _SEVERAL,
        "print one result of the parts of a sharded run, write its reports and exit; repeatable,"
        " patterns too",
    ),
    (
        "--videolink-checks",
        _SWITCH,
        "print the catalogue of checks and exit",
    ),
    (
        "--videolink-explain=CHECK",
        _SEVERAL,
        "print the page of a check, such as VL201 or accepts-video, and exit; repeatable",
    ),
    (
        "--videolink-new=ID",
        _ONE,
        "write a document for a new clinic, with every question to answer, and exit; a workbook"
        " where the name ends in .xlsx",
    ),
    (
        "--videolink-new-from=TABLE",
        _SEVERAL,
        "with --videolink-new: take over what the PMS lists from an export such as users.csv, or"
        " users.csv:id=UserID,name=Title+Surname,active=Status; repeatable; or a whole document of"
        " another form, a workbook as YAML or the other way round",
    ),
)
"""What the command line takes: an option as ``--help`` shows it, how it is read, what it is for."""

SETTINGS: tuple[tuple[str, dict[str, Any], str], ...] = (
    (
        "videolink_source",
        {"default": None},
        "folder, relative to rootdir, or URL with the clinic documents"
        f" (default: {DEFAULT_SOURCE})",
    ),
    (
        "videolink_snapshot",
        {"default": None},
        f"folder that keeps what is fetched, relative to rootdir (default: {DEFAULT_SNAPSHOT})",
    ),
    (
        "videolink_sync_window",
        {"default": 15, "type": "int"},
        "minutes that a link may take",
    ),
    (
        "videolink_max_age",
        {"default": 30, "type": "int"},
        "days that a record may be old",
    ),
    (
        "videolink_soon",
        {"default": 7, "type": "int"},
        "days within which it is listed what lapses",
    ),
    (
        "videolink_sarif_root",
        {"default": None},
        "folder, relative to rootdir, that SARIF names files from (default: the root of the"
        " repository that they are in)",
    ),
)
"""What the ini file takes: a setting, how it is read, what it is for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("videolink", "telehealth video links (pytest-videolink)")
    for option, how, purpose in OPTIONS:
        name, _, metavar = option.partition("=")
        value = {"metavar": metavar} if metavar else {}
        dest = name.removeprefix("--").replace("-", "_")
        group.addoption(name, dest=dest, help=purpose, **value, **how)
    for name, how, purpose in SETTINGS:
        parser.addini(name, purpose, **how)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    from pytest_videolink import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


def pytest_videolink_checks() -> Iterable[Check]:
    from pytest_videolink.checks.builtin import CATALOGUE

    return CATALOGUE


@pytest.hookimpl(trylast=True)
def pytest_videolink_source(location: str) -> Source | Path | None:
    """The sources that come with the plugin: folders, and services over HTTP."""
    if not is_address(location):
        return Path(location)
    if location.lower().startswith(("http://", "https://")):
        return _service(location)
    return None


def _service(location: str) -> Source:
    try:
        from pytest_videolink.sources.http import HttpSource
    except ModuleNotFoundError as error:
        from pytest_videolink.sources.source import SourceError

        raise SourceError(
            f"the source is a service, which takes the extra `http` ({error.name} is not"
            " installed): pip install 'pytest-videolink[http]'"
        ) from None
    return HttpSource(location, os.environ.get("VIDEOLINK_TOKEN", ""))


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    option = config.option
    new = option.videolink_new is not None or option.videolink_new_from
    asked = new or option.videolink_merge or option.videolink_checks
    if not (asked or option.videolink_explain):
        return None
    from pytest_videolink.session.terminal import take_every_character, width

    refuse_blanks(config)
    take_every_character(config)
    if option.videolink_merge:
        from pytest_videolink.session.merging import merge

        refuse_unfit_paths(config)
        return merge(config)
    if new:
        return _write_new_clinic(config)
    from pytest_videolink.checks import catalogue
    from pytest_videolink.reports.pages import plain
    from pytest_videolink.session.registry import checks_of

    checks = checks_of(config)
    if option.videolink_checks:
        print(catalogue.table(checks))
    try:
        names = ",".join(option.videolink_explain).split(",")
        found = [catalogue.find(name.strip(), checks) for name in names if name.strip()]
    except catalogue.UnknownCheck as error:
        raise pytest.UsageError(str(error)) from None
    if found:
        pages = (plain(catalogue.page(check, checks), width()) for check in found)
        print("\n\n\n".join(pages))
    return 0


_LATER = (
    "What depends on an open answer, such as who shares the PMS database, is told in a later run."
)
_OPEN = "What is open, and where to look, is what this says:"


def _write_new_clinic(config: pytest.Config) -> int:
    import shlex

    from pytest_videolink.record.book import NoLibrary
    from pytest_videolink.sources import convert, new

    option = config.option
    id, source = option.videolink_new, option.videolink_source
    if id is None:
        raise pytest.UsageError("--videolink-new-from goes with --videolink-new=ID")
    refuse_unfit_paths(config)
    folder = source_location(config)
    if is_address(folder):
        raise pytest.UsageError("--videolink-new writes into a folder: --videolink-source=DIR")
    here = config.invocation_params.dir
    given = option.videolink_new_from

    def find(path: str) -> Path:
        return here / expanded(path)

    exports = [find(path) for path in given]
    where = [] if source is None else [f"--videolink-source={source}"]
    is_other_form = convert.is_asked_for(id, exports)
    clinic = id.removesuffix(convert.BOOK)
    command = shlex.join(["pytest", *where, f"--videolink-clinic={clinic}"])
    try:
        if is_other_form:
            other, said = convert.write(
                Path(folder), id, exports, lambda clinic: new.listed(clinic, given, find), command
            )
            print(f"{relative_below(other, here)} is written. {said}")
            later = [] if any(map(convert.is_document, exports)) else [_LATER]
            print(*later, f"{_OPEN} {command}", sep="\n")
            return 0
        written = new.write(Path(folder), id, given, find)
    except new.NotWritten as error:
        raise pytest.UsageError(f"--videolink-new={error}") from None
    except (convert.NotConverted, NoLibrary) as error:
        raise pytest.UsageError(f"--videolink-new={id}: {error}") from None
    for said in written.taken_over:
        print(f"Taken over from {said}")
    questions = sum(written.questions.values())
    print(f"{relative_below(written.file, here)} is written, with {questions} questions to answer:")
    for screen, count in written.questions.items():
        print(f"  {count:>4}  {screen}")
    print(_LATER, f"{_OPEN} {command}", sep="\n")
    return 0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    only_help = any(getattr(config.option, name, False) for name in ("help", "markers"))
    if only_help:
        return
    refuse_blanks(config)
    lead_to_source(config)
    if not _asked(config):
        _refuse_half_a_question(config)
        return
    from pytest_videolink.session.collection import start

    start(config)


_DOCUMENTS = (".yaml", ".yml", ".json")


def _may_be_clinics(path: Path) -> bool:
    """Whether a path that is asked for may be of clinics in no source; in most runs none is."""
    try:
        is_folder = path.name == DEFAULT_SOURCE and path.is_dir()
        return any(
            file.suffix.lower() in _DOCUMENTS
            and file.is_file()
            and b"videolink" in file.read_bytes()
            for file in (path.iterdir() if is_folder else (path,))
        )
    except OSError:  # pytest itself says what it cannot read; this run asks nothing of us
        return False


_HALF = (
    "--videolink-source",
    "--videolink-shard",
    "--videolink-report",
    "--videolink-since",
    "--videolink-fail-on",
)
"""The options that say how to check clinics, and are a slip where none is asked for."""


def _refuse_half_a_question(config: pytest.Config) -> None:
    """An option that only says how to check clinics asks for none; that it is given here is a slip.

    In ``addopts`` it is no slip: it waits there for the runs that do ask. A path into what was
    fetched, as failures name it, leaves open whether to check that or to fetch again.
    """
    kept, here = snapshot_folder(config), config.invocation_params.dir
    for argument, path in argument_paths(config):
        if _may_be_clinics(path) and not path.is_relative_to(kept):
            from pytest_videolink.session.strays import refuse_elsewhere

            refuse_elsewhere(config, argument, path)
        if path.is_relative_to(kept):
            from pytest_videolink.sources.snapshot import is_snapshot

            if not is_snapshot(kept):
                continue
            raise pytest.UsageError(
                f"{argument} lies in what was fetched: add"
                f" --videolink-source={relative_below(kept, here)} to check that once more, or the"
                " --videolink-source that it was fetched from"
            )
    for word in words_given(config):
        option = word.partition("=")[0]
        if option in _HALF:
            raise pytest.UsageError(
                f"{option} asks for no clinic: add --videolink-clinic=ID, or '*' for every clinic"
            )


def _asked(config: pytest.Config) -> bool:
    """Whether this run is about clinics: an option or a path on the command line says so."""
    option = config.option
    handed = WORKER_INPUT in getattr(config, "workerinput", {})
    if handed or option.videolink_clinic or option.videolink_appointment:
        return True
    folder = clinic_folder(config)
    fetched = is_address(source_location(config))
    return any(
        (path.is_relative_to(folder) and (fetched or path.exists()))
        or (".clinic." in path.name and path.exists())
        for _, path in argument_paths(config)
    )
