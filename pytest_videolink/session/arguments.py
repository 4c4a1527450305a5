"""Where a run's command line and ini point to. Light: every run of pytest imports this."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Set
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

DEFAULT_SOURCE = "clinics"
DEFAULT_SNAPSHOT = ".videolink"
APPOINTMENT = "appointment-"
"""What the id of an appointment's node begins with."""

WORKER_INPUT = "videolink"
"""What xdist's controller hands to a worker stands under this key of the worker's input."""

_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})", re.ASCII)


def words_given(config: pytest.Config) -> list[str]:
    """The words of the command line, with those that stand in a file that it names: ``@FILE``."""
    return list(_words(map(str, config.invocation_params.args), config.invocation_params.dir))


def _words(given: Iterable[str], here: Path) -> Iterator[str]:
    for word in given:
        if not word.startswith("@"):
            yield word
        elif (here / word[1:]).is_file():  # a pipe can be read only once, and pytest has done so
            text = (here / word[1:]).read_text(
                sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
            )
            yield from _words(text.splitlines(), here)


def time_given(config: pytest.Config) -> datetime | None:
    """The time of ``--videolink-now``, if one is given. Raises :class:`pytest.UsageError`."""
    from pytest_videolink.record.text import BadTime, as_typed, parse_time

    given = config.option.videolink_now
    if given is None:
        return None
    try:
        now = parse_time(given, None, such_as="2026-11-23T08:30:00+11:00")
        if parse_time(given, timezone(timedelta(hours=1))) != now:
            raise BadTime("expected an offset, such as +11:00, at the end")
    except BadTime as error:
        raise pytest.UsageError(f"--videolink-now={as_typed(given)}: {error}") from None
    return now


def still_quoted(option: str, given: str) -> str:
    """What to say of a value that is still in its quotes, which only a Unix shell takes off."""
    from pytest_videolink.record.text import as_typed

    if not re.fullmatch("'.+'", given, re.DOTALL):
        return ""
    return f"the quotes count here (cmd.exe hands them on): write {option}={as_typed(given[1:-1])}"


def once_for_each(option: str, given: str, known: Set[str]) -> str:
    """What to say of several names in one value, where all of them are known."""
    names = re.findall(r"[^\s,;]+", given)
    if len(names) < 2 or not known >= {*names}:
        return ""
    return f"write {' '.join(f'{option}={name}' for name in names)}"


def expanded(path: str) -> str:
    """A path as pytest reads its own: with the home folder for ``~``, and values for variables."""
    return os.path.expanduser(os.path.expandvars(path))


def lead_to_source(config: pytest.Config) -> None:
    """Have pytest come to the clinics of a source by the one path that their ids are made of.

    They are asked for through other links too, and, where the source lies outside rootdir, by their
    ids, which begin with the name of its folder.
    """
    folder = clinic_folder(config)
    if config.args_source is config.ArgsSource.INVOCATION_DIR or not os.path.isdir(folder):
        return
    here, outside = config.invocation_params.dir, not folder.is_relative_to(config.rootpath)

    @cache  # an editor gives the ids of many checks of a file
    def ours(path: Path) -> Path | None:
        there = _path_within(folder, path)
        if there is None and outside and not os.path.exists(path):
            by_id = folder.parent / os.path.relpath(path, here)
            there = by_id if by_id.is_relative_to(folder) and by_id.exists() else None
        return there

    for index, argument in enumerate(config.args):
        path = _path(config, argument)
        there = ours(path)
        if there is not None and there != path:
            config.args[index] = f"{seen_from(there, here)}{argument[len(_path_part(argument)) :]}"


def relative_below(path: Path, here: Path) -> Path:
    """A path as it is named from here, where it lies below."""
    return path.relative_to(here) if path.is_relative_to(here) else path


def _path_within(folder: Path, path: Path) -> Path | None:
    """A path as one below a folder, where links lead there; else nothing."""
    if path.is_relative_to(folder):
        return path
    if not os.path.exists(path):  # which asks about any text, even one that is no path
        return None
    real = os.path.realpath(folder)
    for seen in (os.path.join(os.path.realpath(path.parent), path.name), os.path.realpath(path)):
        if Path(seen).is_relative_to(real):
            return folder / os.path.relpath(seen, real)
    return None


def seen_from(path: Path, here: Path) -> str:
    """A path as seen from here: pytest takes no bracket above it, where an absolute one has it."""
    try:
        return os.path.relpath(path, here)
    except ValueError:  # another drive
        return str(path)


def argument_paths(config: pytest.Config) -> Iterator[tuple[str, Path]]:
    """The arguments that pytest was given, or ``testpaths``, each with the path that it names."""
    if config.args_source is config.ArgsSource.INVOCATION_DIR:
        return
    for argument in config.args:
        yield argument, _path(config, argument)


def appointments_asked(config: pytest.Config) -> frozenset[str]:
    """The ids of appointments that are asked for, by the option or by node ids."""
    nodes = (node for argument in config.args for node in argument.split("::")[1:])
    named = (
        unquote(node.removeprefix(APPOINTMENT), errors="surrogatepass")
        for node in nodes
        if node.startswith(APPOINTMENT)
    )
    return frozenset((*config.option.videolink_appointment, *named))


def _path(config: pytest.Config, argument: str) -> Path:
    return Path(os.path.abspath(config.invocation_params.dir / _path_part(argument)))


def _path_part(argument: str) -> str:
    return argument.partition("[")[0].partition("::")[0]


def _ini(config: pytest.Config, name: str) -> str | None:
    try:
        given = config.getini(name)
    except TypeError as error:  # pytest 9.0 lets it through; from 9.2 it is a usage error
        raise pytest.UsageError(f"{name}: {error}") from None
    return None if given is None else str(given)


def _given(config: pytest.Config, name: str) -> tuple[Path, str]:
    """An option's value, or that of the ini option, and the folder that it is relative to."""
    given = getattr(config.option, name, None)
    if given is not None:
        return config.invocation_params.dir, given
    return config.rootpath, _as_the_system_has_it(_ini(config, name) or "")


def _as_the_system_has_it(name: str) -> str:
    """A file's name from an ini file, which is UTF-8, also where the system's encoding is not."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return os.fsdecode(name.encode())
    return name


def refuse_blanks(config: pytest.Config) -> None:
    """Refuse an option of ours with nothing in it: a variable that is not set stands behind it."""
    for name, value in vars(config.option).items():
        if name.startswith("videolink_"):
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, str) and not each.strip():
                    raise _blank(f"--{name.replace('_', '-')}")


def _blank(option: str) -> pytest.UsageError:
    return pytest.UsageError(
        f"{option} is empty: give it a value, or leave it out (is a variable in it not set?)"
    )


def refuse_unfit_paths(config: pytest.Config) -> None:
    """Refuse a path that holds a variable that is not set, or a home folder that nobody has.

    What was made there would get that name, such as ``~``.
    """
    option, here = config.option, config.invocation_params.dir
    paths = [(f"--videolink-report={each}", here, each) for each in option.videolink_report]
    exports = option.videolink_new_from
    paths += [(f"--videolink-new-from={each}", here, _export(each)) for each in exports]
    if option.videolink_since is not None:
        paths.append((f"--videolink-since={option.videolink_since}", here, option.videolink_since))
    paths += [(f"--videolink-merge={each}", here, each) for each in option.videolink_merge]
    for name in ("videolink_source", "videolink_snapshot", "videolink_sarif_root"):
        folder, path = _given(config, name)
        shown = f"--{name.replace('_', '-')}={path}"
        if getattr(option, name, None) is None:
            shown = f"{name}={path} in the configuration file"
            if _ini(config, name) == "":
                raise _blank(f"{name} in the configuration file")
        paths.append((shown, folder, path))
    for shown, folder, path in paths:
        why = "" if is_address(path) else _left_open(path)
        if why and not (folder / expanded(path)).exists():
            raise pytest.UsageError(f"{shown}: {why}")


def _export(argument: str) -> str:
    """The path in an argument that names an export, and perhaps its columns."""
    from pytest_videolink.sources.columns import NotTold, parse

    try:
        return parse(argument).path
    except NotTold:  # it is said where the export is read
        return argument


def _left_open(path: str) -> str:
    """What keeps a path from being known."""
    names = [match[1] or match[2] for match in _VARIABLE.finditer(path)]
    unset = [name for name in names if name not in os.environ]
    if unset:
        return f"the variable {unset[0]} is not set"
    return "nobody here has such a home folder" if expanded(path).startswith("~") else ""


def is_source_given(config: pytest.Config) -> bool:
    """Whether the source of the clinic documents is named, or only the usual folder looked at."""
    return bool(_given(config, "videolink_source")[1])


def is_address(location: str) -> bool:
    """Whether a location is no folder but an address, such as a URL."""
    return bool(_ADDRESS.match(location))


def source_location(config: pytest.Config) -> str:
    """Where the clinic documents are: an address as it was given, or the folder's full path."""
    here, given = _given(config, "videolink_source")
    location = given if is_address(given) else expanded(given)
    if is_address(location):
        return location
    return str(_folder(config, here / (location or DEFAULT_SOURCE)))


def snapshot_folder(config: pytest.Config) -> Path:
    """The folder that keeps what is fetched, absolute."""
    here, given = _given(config, "videolink_snapshot")
    return _folder(config, here / (expanded(given) or DEFAULT_SNAPSHOT))


def repository_root(config: pytest.Config) -> Path | None:
    """The folder that SARIF names files from, absolute, where it is set."""
    here, given = _given(config, "videolink_sarif_root")
    return Path(os.path.abspath(here / expanded(given))) if given else None


def _folder(config: pytest.Config, path: Path) -> Path:
    """A folder's full path; below rootdir, where links lead there, as ids are made of that."""
    folder = Path(os.path.abspath(path))
    return _path_within(config.rootpath, folder) or folder


def clinic_folder(config: pytest.Config) -> Path:
    """The folder that the clinics' files are in, or will be when they have been fetched."""
    location = source_location(config)
    return snapshot_folder(config) if is_address(location) else Path(location)
