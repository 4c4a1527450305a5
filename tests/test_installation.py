"""A plain installation, without any extra, and what it says of what takes one."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import metadata
from pathlib import Path

import pytest
from conftest import CLOCK, Clinics
from service import Service
from support import right_clinic
from test_custom_source import ARGUMENTS, with_source

PROJECT = Path(__file__).parent.parent
sys.path.append(str(PROJECT / "benchmarks"))
environments = pytest.importorskip("environments", reason="the benchmarks are not in this tree")

ALL = "--videolink-clinic=*"
HTTP = {"anyio", "httpcore", "httpx", "sniffio", "tenacity"}
"""What the extra `http` is there for, and what that brings along."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of an environment with the plugin and what it needs."""
    known = metadata("pytest-videolink").get_all("Provides-Extra") or []
    assert "http" in known, "what is installed is older than pyproject.toml: pip install -e . again"
    return str(environments.python(tmp_path_factory.mktemp("plain"), "pytest-videolink"))


def run(plain: str, clinics: Clinics, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run as users have it, the plugin loaded by its entry point."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PY")}
    return subprocess.run(
        [plain, "-m", "pytest", CLOCK, *arguments],
        cwd=clinics.pytester.path,
        env={**kept, "COLUMNS": "80"},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def test_what_a_plain_installation_brings() -> None:
    brought = set(environments.needed("pytest-videolink"))
    assert not brought & HTTP
    assert set(environments.needed("pytest-videolink[http]")) - brought >= HTTP
    assert set(environments.needed("pytest-videolink[service]")) >= HTTP


def test_readme_says_what_is_installed() -> None:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = " ".join(text.partition("## What is installed")[2].partition("\n## ")[0].split())
    plain = set(environments.needed("pytest-videolink"))
    more = set(environments.needed("pytest-videolink[http]")) - plain
    for said, brought in (
        (re.search(r"brings (.*?) with what these need: (\d+)", section), plain),
        (re.search(r"adds (.*?) with what these need: (\d+)", section), more),
    ):
        assert said is not None
        names = re.split(r", | and ", said[1].lower())
        assert set(names) <= brought
        assert brought <= set(environments.needed(*names)) | {"pytest-videolink"}
        # Each Python has packages of its own to make up for what it lacks.
        assert sys.version_info[:2] != (3, 11) or len(brought) == int(said[2])


def test_it_checks_a_folder_of_clinics_and_writes_every_report(
    plain: str, harbourside: Clinics
) -> None:
    names = [f"report.{suffix}" for suffix in ("html", "md", "csv", "json", "sarif")]
    done = run(plain, harbourside, ALL, *(f"--videolink-report={name}" for name in names))
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    assert "harbourside: READY" in done.stdout
    assert "plugins: videolink-" in done.stdout
    assert all((harbourside.pytester.path / name).is_file() for name in names)


def test_a_source_of_ones_own_takes_no_extra(plain: str, clinics: Clinics) -> None:
    with_source(clinics, harbourside=json.dumps(right_clinic()))
    assert run(plain, clinics, *ARGUMENTS).returncode == pytest.ExitCode.OK


@pytest.mark.parametrize("given", ["option", "ini"])
@pytest.mark.parametrize("address", ["https://me:hunter2@clinics.example/", "HTTP://127.0.0.1:9"])
def test_an_address_is_told_what_it_takes(
    plain: str, clinics: Clinics, address: str, given: str
) -> None:
    arguments = [ALL, f"--videolink-source={address}"]
    if given == "ini":
        clinics.pytester.makeini(f"[pytest]\nvideolink_source = {address}\n")
        arguments = ["--videolink-clinic=harbourside"]
    done = run(plain, clinics, *arguments)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stdout == ""
    assert [*filter(None, done.stderr.splitlines())] == [
        "ERROR: the source is a service, which takes the extra `http` (anyio is not installed):"
        " pip install 'pytest-videolink[http]'"
    ]
    assert not (clinics.pytester.path / ".videolink").exists()


def test_the_page_makes_a_wheel_and_installs_it(clinics: Clinics) -> None:
    """Without an index, so without what the plugin needs, and with what builds it from here."""
    page = (PROJECT / "docs/how-to/install.md").read_text(encoding="utf-8")
    make, install = re.findall("^pip (?:wheel|install wheels).*$", page, re.M)
    clinics.pytester.mkdir("installed")
    for command in (
        make.replace("path/to/pytest-videolink", str(PROJECT)) + " --no-build-isolation",
        f"{install} --no-deps --target installed",
    ):
        line = command.replace("pip ", f"{shlex.quote(sys.executable)} -m pip --no-input ", 1)
        done = subprocess.run(
            line, shell=True, cwd=clinics.pytester.path, capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    installed = clinics.pytester.path / "installed"
    assert list(installed.glob("pytest_videolink-*.dist-info"))
    is_whole = (PROJECT / "pytest_videolink").is_dir()  # not where the tests of a wheel are run
    assert (installed / "pytest_videolink/plugin.py").is_file() == is_whole


def test_a_part_of_the_extra_is_not_enough(clinics: Clinics, tmp_path: Path) -> None:
    half = environments.python(tmp_path / "half", "pytest-videolink", "httpx")
    done = run(half, clinics, ALL, "--videolink-source=https://clinics.example")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "takes the extra `http` (tenacity is not installed): pip install " in done.stderr


@pytest.mark.parametrize("option", ["--help", "--markers", "--videolink-checks"])
def test_what_only_tells_of_the_plugin_takes_none(
    plain: str, clinics: Clinics, option: str
) -> None:
    done = run(plain, clinics, "--videolink-source=https://clinics.example", option)
    assert done.returncode == pytest.ExitCode.OK, done.stderr


def test_what_was_fetched_is_checked_again_without_it(
    plain: str, clinics: Clinics, serve: Callable[..., Service]
) -> None:
    service = serve(right_clinic())
    assert clinics.run(ALL, f"--videolink-source={service.url}").ret == pytest.ExitCode.OK
    done = run(plain, clinics, ALL, "--videolink-source=.videolink")
    assert done.returncode == pytest.ExitCode.OK, done.stdout + done.stderr
    assert "harbourside: READY" in done.stdout
