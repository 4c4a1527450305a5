"""What a run is pointed at by name and would not check: clinics outside its source."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection, Iterable
from pathlib import Path

import pytest

from pytest_videolink.record.text import printable
from pytest_videolink.session.arguments import clinic_folder, seen_from
from pytest_videolink.sources.directory import is_document
from pytest_videolink.sources.snapshot import LiveFolder
from pytest_videolink.sources.source import Folder
from pytest_videolink.sources.stray import documents_at, is_clinic


def refuse_strays(
    config: pytest.Config, folder: Folder, paths: Iterable[Path], chosen: Collection[Path]
) -> None:
    """Refuse a run where one of its paths has a clinic's document that is not checked.

    Whoever names a folder takes its clinics for checked. ``folder`` is the source of the run,
    ``chosen`` are the files that are checked. Raises :class:`pytest.UsageError`.
    """
    outside = [path for path in paths if not path.is_relative_to(folder.root)]
    if not outside:
        return
    root, checked = os.path.realpath(folder.root), {os.path.realpath(file) for file in chosen}

    def passes_over(path: Path) -> bool:
        ignores = config.hook.pytest_ignore_collect
        return os.path.realpath(path) == root or bool(ignores(collection_path=path, config=config))

    for path in outside:
        for document in documents_at(path, passes_over):
            if os.path.realpath(document) not in checked:
                raise pytest.UsageError(_told(config, folder, path, document))


def refuse_elsewhere(config: pytest.Config, argument: str, path: Path) -> None:
    """Refuse a clinic's file that is named and lies in no source, as where rootdir is elsewhere.

    A folder of them is refused like it, where there are no tests in it. Raises
    :class:`pytest.UsageError`.
    """
    folder = path.parent if path.is_file() else path
    if path.is_dir() and any(path.rglob("*.py")):
        return
    if next(documents_at(path, lambda _: False), None) is not None:
        raise pytest.UsageError(
            f"{argument} is {'a clinic' if path.is_file() else 'a folder of clinics'} outside the"
            f" source, {_shown(config, clinic_folder(config))} (videolink_source, or clinics in"
            f" rootdir, {config.rootpath}): add --videolink-source={_shown(config, folder)}"
        )


def elsewhere(config: pytest.Config, missing: Path) -> str:
    """Where the clinics may be instead, if the folder of the settings or the usual one is missing.

    As where rootdir is another than expected, or pytest is run in a folder below the project.
    """
    here, root = config.invocation_params.dir, config.rootpath
    name = missing.relative_to(root) if missing.is_relative_to(root) else Path(missing.name)
    for folder in (here / name, here, *(parent / name for parent in here.parents)):
        if _holds_clinics(folder):
            place = "here" if folder.is_relative_to(here) else "above"
            return (
                f"; rootdir is {root}, and clinics lie {place}:"
                f" --videolink-source={_shown(config, folder)}"
            )
    return ""


def _holds_clinics(folder: Path) -> bool:
    try:
        files = [folder / name for name in sorted(os.listdir(folder)) if is_document(name)]
    except OSError:  # there is none, or it is another's
        return False
    return any(file.is_file() and is_clinic(file) for file in files)


def _told(config: pytest.Config, folder: Folder, path: Path, document: Path) -> str:
    source = folder.location if isinstance(folder, LiveFolder) else _shown(config, folder.root)
    place = _shown(config, document.parent)
    each = " and ".join(
        shlex.join(["pytest", f"--videolink-source={one}", "--videolink-clinic=*"])
        for one in (source, place)
    )
    or_else = "" if path in (document, document.parent) else f", or leave it out: --ignore={place}"
    return (
        f"{_shown(config, document)} is a clinic's document outside the source, {source}, so this"
        f" run would not check it: check each in a run of its own, {each}{or_else}"
    )


def _shown(config: pytest.Config, path: Path) -> str:
    return printable(seen_from(path, config.invocation_params.dir))
