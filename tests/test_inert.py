"""Installed and not used, the plugin changes nothing."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CLOCK, Clinics
from support import right_clinic, to_yaml

import pytest_videolink

TESTS = """\
import pytest
import warnings

def test_pass(): pass
def test_fail(): assert 1 == 2
def test_warn(): warnings.warn("old", UserWarning)
@pytest.mark.skip(reason="later")
def test_skip(): pass
@pytest.mark.xfail(reason="known")
def test_xfail(): assert 0
@pytest.mark.parametrize("n", [1, 2])
def test_many(n): pass
class TestClass:
    def test_method(self, tmp_path): pass
"""

LOADED = """\
import json
import sys

def pytest_sessionfinish():
    with open("loaded.json", "w") as file:
        json.dump(sorted(sys.modules), file)
"""

HTTP = {"anyio", "httpcore", "httpcore2", "httpx", "httpx2", "sniffio", "tenacity"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that has clinics and Python tests."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "clinics").mkdir()
    (folder / "clinics" / "harbourside.yaml").write_text(to_yaml(right_clinic()))
    (folder / "perth.clinic.yaml").write_text("[")
    (folder / "tests").mkdir()
    (folder / "tests" / "test_a.py").write_text(TESTS)
    (folder / "tests" / "data.yaml").write_text("[")
    (folder / "conftest.py").write_text(LOADED)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return folder


def run(project: Path, *arguments: str) -> tuple[int, list[str], set[str]]:
    """A run in a process of its own: exit code, what it printed, and the modules it loaded."""
    (project / "loaded.json").unlink(missing_ok=True)
    kept = {name: text for name, text in os.environ.items() if "PYTEST" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env={**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "80"},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    printed = [
        re.sub(r" in \d+\.\d+s", "", line)
        for line in (done.stdout + done.stderr).splitlines()
        if not line.startswith("plugins: ")
    ]
    loaded = json.loads((project / "loaded.json").read_text())
    return done.returncode, [line.strip(" =") for line in printed], set(loaded)


def top(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("arguments", [["-rA", "-v"], ["tests", "-rA"]], ids=["plain", "by-path"])
def test_a_run_that_asks_for_no_clinic(project: Path, arguments: list[str]) -> None:
    code, printed, loaded = run(project, *arguments)
    with_code, with_printed, with_loaded = run(project, "-p", "videolink", *arguments)
    assert with_printed == printed
    assert with_code == code == 1
    assert not any("videolink" in line.lower() for line in with_printed)
    extra = with_loaded - loaded
    assert not {"yaml", "jinja2", *HTTP} & top(extra)
    ours = {name for name in extra if name.startswith("pytest_videolink")}
    assert top(extra - ours) <= set(sys.stdlib_module_names)
    assert "pytest_videolink.session.collection" not in ours
    assert "pytest_videolink.checks" not in ours


def test_a_run_of_a_folder_of_clinics_imports_nothing_that_speaks_http(project: Path) -> None:
    code, _, loaded = run(project, "-p", "videolink", "--videolink-clinic=harbourside", CLOCK)
    assert code == pytest.ExitCode.OK
    assert "yaml" in loaded
    assert not HTTP & top(loaded)


def test_what_the_entry_point_imports() -> None:
    code = """\
import sys
import pytest
before = set(sys.modules)
import pytest_videolink.plugin
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "pytest_videolink.plugin" in loaded
    assert top(loaded) - set(sys.stdlib_module_names) == {"pytest_videolink"}


def test_every_public_name_resolves() -> None:
    assert pytest_videolink.__all__
    for name in pytest_videolink.__all__:
        assert getattr(pytest_videolink, name) is not None
    assert issubclass(pytest_videolink.ConfigurationWarning, UserWarning)


def test_another_name_does_not_resolve() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        importlib.import_module("pytest_videolink").nothing  # noqa: B018


def test_markers_and_help_tell_of_the_plugin(clinics: Clinics) -> None:
    assert "@pytest.mark.videolink(" in clinics.run("--markers").stdout.str()
    assert "--videolink-clinic" in clinics.run("--help").stdout.str()


def test_switched_off_its_options_are_unknown(harbourside: Clinics) -> None:
    result = harbourside.pytester.runpytest_inprocess(
        "-p", "no:videolink", "--videolink-clinic=harbourside"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*unrecognized arguments: --videolink-clinic=harbourside"])


@pytest.mark.parametrize(
    "arguments",
    [[], ["."], ["tests"], ["test_a.py"], ["--co"], ["-k", "test_a"], ["-m", "not videolink"]],
)
def test_clinics_in_the_project_are_not_collected_unasked(
    harbourside: Clinics, arguments: list[str]
) -> None:
    harbourside.pytester.makepyfile(test_a="def test_a(): pass")
    harbourside.pytester.makepyfile(**{"tests/test_a_too": "def test_a(): pass"})
    harbourside.write(perth="[")
    result = harbourside.pytester.runpytest_inprocess("-p", "videolink", *arguments)
    assert result.ret == pytest.ExitCode.OK
    assert "harbourside" not in result.stdout.str().partition("rootdir:")[2].partition("\n")[2]
    assert "= videolink =" not in result.stdout.str()


def test_a_source_that_is_missing_or_bad_is_nobodys_business(clinics: Clinics) -> None:
    clinics.pytester.makeini("[pytest]\nvideolink_source = missing\nvideolink_sync_window = soon\n")
    clinics.pytester.makepyfile(test_a="def test_a(): pass")
    result = clinics.pytester.runpytest_inprocess("-p", "videolink")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)
