"""Fixtures: a folder of clinics, and pytest run on it in this process."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
import yaml
from service import Service
from support import NOW, Document, missing, right_clinic, to_yaml

import pytest_videolink

# Once, and not anew for every run in this process, which would not have what a test has put there.
for module in walk_packages(pytest_videolink.__path__, "pytest_videolink."):
    if not module.name.startswith("pytest_videolink.sources.http"):
        import_module(module.name)

try:
    from pytest_videolink.sources.http.library import httpx
except ModuleNotFoundError:
    pass  # README's first command loads this file as well, and needs no extra.
else:
    # Once, and not anew for every run in this process, each with exceptions of its own.
    import_module({"httpx": "httpcore", "httpx2": "httpcore2"}[httpx.__name__])

CLOCK = f"--videolink-now={NOW.isoformat()}"

READERS = [True, False] if yaml.__with_libyaml__ else [False]
each_reader = pytest.mark.usefixtures("_each_reader")
"""A test is run with libyaml, where it is there, and without."""


def pytest_collection_finish() -> None:
    """What this run was called with is no concern of the runs in it, a module's fixtures included.

    (Workers of xdist have read it by now, and their controller collects nothing.)
    """
    os.environ.pop("PYTEST_ADDOPTS", None)


@dataclass
class Clinics:
    """A project with a folder of clinic files."""

    pytester: pytest.Pytester
    folder: Path

    def write(self, *documents: Document, **texts: str | bytes) -> None:
        """Write clinic documents, and texts as ``<name>.yaml``."""
        for document in documents:
            self.write_file(f"{document['clinic']}.yaml", to_yaml(document))
        for name, text in texts.items():
            self.write_file(f"{name.replace('_', '-')}.yaml", text)

    def write_file(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def put(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        return self.write_file(str(self.pytester.path / name), text)

    def run(self, *arguments: str) -> pytest.RunResult:
        """Run pytest in this process, with no other plugin, at the tests' own time."""
        return self.pytester.runpytest_inprocess("-p", "videolink", CLOCK, *arguments)

    def outcomes(self, *arguments: str) -> dict[str, str]:
        """The outcome of every item by node id, without the source folder's name."""
        recorder = self.pytester.inline_run("-p", "videolink", CLOCK, *arguments)
        outcomes: dict[str, str] = {}
        for report in recorder.getreports("pytest_runtest_logreport"):
            if report.when == "call" or report.skipped:
                kind = "xfailed" if hasattr(report, "wasxfail") else report.outcome
                outcomes[report.nodeid.removeprefix("clinics/")] = kind
        return outcomes

    def files(self, *arguments: str) -> set[str]:
        """The files of which items were run, as their ids have them."""
        recorder = self.pytester.inline_run("-p", "videolink", CLOCK, *arguments)
        reports = recorder.getreports("pytest_runtest_logreport")
        return {report.nodeid.split("::")[0] for report in reports}


@pytest.fixture(autouse=True)
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI runs the tests of the reader without libyaml as well."""
    if os.environ.get("VIDEOLINK_TEST_NO_LIBYAML"):
        monkeypatch.setattr("pytest_videolink.record.document.HAS_LIBYAML", False)


@pytest.fixture(params=READERS, ids=lambda fast: "libyaml" if fast else "PyYAML")
def _each_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_videolink.record.document.HAS_LIBYAML", request.param)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("CI", "BUILD_NUMBER", "GITHUB_ACTIONS", "PYTEST_ADDOPTS", "VIDEOLINK_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clinics(pytester: pytest.Pytester) -> Clinics:
    """An empty folder ``clinics`` in an empty project."""
    pytester.makeini("[pytest]\n")
    folder = pytester.path / "clinics"
    folder.mkdir()
    return Clinics(pytester, folder)


@pytest.fixture
def harbourside(clinics: Clinics) -> Clinics:
    """The folder with one clinic in it, on which everything is right."""
    clinics.write(right_clinic())
    return clinics


@pytest.fixture(scope="session")
def every_check_is_whole() -> None:
    """What is generated is compared where no check lacks a part; one test lists those that do."""
    import new_check

    if new_check.missing():
        pytest.skip("a check is not whole: test_docs.py says what it lacks")


def by_name(properties: Mapping[str, Any] | list[tuple[str, Any]]) -> dict[str, Any]:
    """The user properties of a report by name."""
    return dict(properties)


@pytest.fixture
def serve() -> Iterator[Callable[..., Service]]:
    """Start services of clinics, which end with the test."""
    services: list[Service] = []

    def start(*documents: Document, tls: ssl.SSLContext | None = None, **texts: str) -> Service:
        by_id: dict[str, Document | str] = {str(each["clinic"]): each for each in documents}
        services.append(Service(by_id | texts, tls))
        return services[-1]

    yield start
    for service in services:
        service.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, which can reach nothing but files."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright (the extra `browser`)")
    names = ("chromium", "chromium-browser", "chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        missing("Chromium")
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND"
    quiet = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=[*quiet, nowhere])
        yield browser
        browser.close()
