"""What the project runs on, tried for real: `nox` runs all of it, `nox --list` names the parts.

    pip install '.[matrix]'
    nox                                   every session below
    nox -s matrix                         Python x pytest
    nox -t ci                             what CI has the time for
    nox -s "matrix(3.12, pytest 9.1)"     one cell
    nox -s service                        clinics behind a service, over httpx and httpx2
    nox -s matrix -- --whole              all tests in every cell, not just the core

The same tests bring the environments: tests/test_environments.py runs the plugin under several hash
seeds, in the C locale, below a rootdir with spaces and foreign letters and below one that is
read-only (root gives up, by setpriv, what lets it write there all the same), without a home, and
with every warning an error and asserts compiled away. They are part of the core, so each cell runs
them. What stays here is what takes another interpreter, other libraries, or the suite itself.

An interpreter that is not on this machine is skipped with a word; where CI=true it is an error.
"""

from __future__ import annotations

import os
from pathlib import Path

import nox
from nox.command import CommandFailed
from packaging.requirements import Requirement

nox.needs_version = ">=2025.2.9"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = os.environ.get("CI") == "true"
nox.options.stop_on_first_error = False

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
OLDEST, NEWEST = PYTHONS[0], PYTHONS[-1]
IN_PLACE = "3.13"
"""The newest that machines of CI have by themselves: .ci/newest brings the later ones."""

PYTESTS = {"9.0": "pytest==9.0.*", "9.1": "pytest==9.1.*", "newest": "pytest"}
IN_CI = {("3.12", "9.1")}
"""What CI runs of these: `lowest` is the oldest of both, and .ci/newest tries the newest."""

CORE = [
    "tests/test_custom_checks.py",  # assertion rewriting, which is pytest's own of each version
    "tests/test_environments.py",
    "tests/test_false_green.py",
    "tests/test_fixtures.py",
    "tests/test_inert.py",
    "tests/test_items.py",
    "tests/test_lean.py",
    "tests/test_many_failures.py",
    "tests/test_pytest_habits.py",
    "tests/test_selection.py",
    "tests/test_sockets.py",
    "tests/test_xdist.py",
]
"""The tests of what differs between versions of Python and pytest: collection, reports, exit codes,
options, warnings, locales, processes. The others read documents and judge them, the same
everywhere; `--whole` runs them too, which takes some minutes a cell.
"""

SERVICE = ["tests/test_http_faults.py", "tests/test_http_source.py", "tests/test_snapshot.py"]
"""The tests of clinics behind a service: every fault, over real sockets."""

# Interpreters of pyenv count, whichever of them is chosen at the moment.
_PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
for _folder in sorted(_PYENV.glob("versions/3.*/bin")):
    os.environ["PATH"] = f"{_folder}{os.pathsep}{os.environ['PATH']}"


def run_tests(
    session: nox.Session, *options: str, tests: list[str] = CORE, **variables: str | None
) -> None:
    """Run some tests, or all, on two cores."""
    arguments = [each for each in session.posargs if each != "--whole"]
    chosen = arguments or tests
    if "--whole" in session.posargs:
        apart = ("test_benchmarks", "test_converters", "test_report_page", "test_spreadsheets")
        chosen = [f"--ignore=tests/{name}.py" for name in apart]
    session.run("python", "-m", "pytest", "--version", "--version")
    session.run(
        *("python", *options, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *chosen),
        env={"PYTEST_ADDOPTS": "--ignore=tests/compat", **variables},
    )


@nox.session
@nox.parametrize(
    ("python", "pytest"),
    [
        nox.param(
            python,
            pytest,
            id=f"{python}, pytest {pytest}",
            tags=["ci"] if (python, pytest) in IN_CI else [],
        )
        for python in PYTHONS
        for pytest in PYTESTS
    ],
)
def matrix(session: nox.Session, pytest: str) -> None:
    """Every Python with every pytest."""
    session.install(PYTESTS[pytest], ".[test]")
    run_tests(session)


@nox.session
@nox.parametrize(
    ("python", "library"),
    [
        nox.param(OLDEST, "httpx", id=f"{OLDEST}, httpx"),
        nox.param(NEWEST, "httpx", id=f"{NEWEST}, httpx"),
        nox.param("3.11", "httpx2", id="3.11, httpx2"),
        nox.param(NEWEST, "httpx2", id=f"{NEWEST}, httpx2"),
        nox.param(IN_PLACE, "httpx2", id=f"{IN_PLACE}, httpx2", tags=["ci"]),
    ],
)
def service(session: nox.Session, library: str) -> None:
    """Clinics behind a service, with each library that may speak HTTP: httpx2 is taken if there."""
    session.install(".[test]", library)
    run_tests(session, tests=SERVICE)


@nox.session(python=NEWEST)
def prerelease(session: nox.Session) -> None:
    """What pytest and pluggy will be next. May fail: that is a warning of what is to come."""
    session.install(".[test]")
    try:
        session.install("--pre", "--upgrade", "pytest", "pluggy")
        run_tests(session)
    except CommandFailed:
        session.skip("a pre-release fails, which it may")


def lower_bounds(*extras: str) -> list[str]:
    """A constraint for each requirement in pyproject.toml, to the lowest version that it allows."""
    project = nox.project.load_toml("pyproject.toml")["project"]
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    lowest: dict[str, str] = {}
    for requirement in map(Requirement, texts):
        for bound in requirement.specifier:
            lowest[requirement.name] = f"{requirement.name}=={bound.version}"
    return sorted(lowest.values())


@nox.session(python=OLDEST, tags=["ci"])
def lowest(session: nox.Session) -> None:
    """The lowest version of everything that is needed to run, and of every companion plugin."""
    # Not in create_tmp(), which moves all temporary folders into this repository.
    constraints = Path(session.virtualenv.location, "lowest.txt")
    constraints.write_text("\n".join(lower_bounds("http", "service", "compat")) + "\n")
    session.install("-c", str(constraints), ".[compat]")
    run_tests(session, tests=[*CORE, *SERVICE])
    run_compat(session)


def run_compat(session: nox.Session) -> None:
    session.run(
        *("python", "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-p", "videolink"),
        *("-p", "xdist", "tests/compat"),
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "CI": "true"},
    )


@nox.session
@nox.parametrize(
    ("python", "pytest"),
    [
        nox.param(OLDEST, "9.0", id=f"{OLDEST}, pytest 9.0"),
        nox.param(IN_PLACE, "newest", id=f"{IN_PLACE}, pytest newest", tags=["ci"]),
        nox.param(NEWEST, "newest", id=f"{NEWEST}, pytest newest"),
    ],
)
def compat(session: nox.Session, pytest: str) -> None:
    """Beside each companion plugin, and beside all of them at once."""
    session.install(PYTESTS[pytest], ".[compat]")
    run_compat(session)


SURROUNDINGS: dict[str, tuple[list[str], dict[str, str | None]]] = {
    "hash seed 0": ([], {"PYTHONHASHSEED": "0"}),
    "hash seed 1": ([], {"PYTHONHASHSEED": "1"}),
    "C locale": ([], {"LC_ALL": "C", "LANG": None}),
    "no home": ([], {"HOME": None, "XDG_CACHE_HOME": None, "XDG_CONFIG_HOME": None}),
    "warnings are errors": (["-W", "error"], {}),
}


@nox.session(python="3.12")
@nox.parametrize("surroundings", list(SURROUNDINGS), ids=list(SURROUNDINGS))
def suite(session: nox.Session, surroundings: str) -> None:
    """The core itself in other surroundings (not -O, which would compile its asserts away)."""
    session.install(".[test]")
    options, variables = SURROUNDINGS[surroundings]
    run_tests(session, *options, **variables)
