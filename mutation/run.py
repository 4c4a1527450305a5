"""Whether the tests notice it when the code is wrong: ``python mutation/run.py [MODULE ...]``.

A mutant is a module with one thing changed, as mutmut's operators change it: a comparison turned
round, an argument left out, a text altered. mutmut itself leaves decorated functions and the top of
a module alone, and those are most of a catalogue of checks; so its operators are asked here, at
every place of a module.

Speed comes from forks. For a change within a function, a fork of a pytest session that has already
collected the tests gives the function its changed code, and runs the tests that call the function,
until one fails. For any other change a fork of a process that has imported pytest and the libraries
imports the changed module before anything else of the package, and runs the tests of the module.

``docs/mutation.md`` lists the mutants that survive, each with its reason. Another one that survives
is an error, and so is a row of the page for one that does not, and fewer killed than ``BAR``.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import importlib
import importlib.abc
import importlib.util
import inspect
import os
import pickle
import re
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import libcst as cst
import libcst.matchers as m
import pytest
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper
from mutmut.mutation.mutators import mutation_operators, operator_string

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "pytest_videolink"
PAGE = PROJECT / "docs" / "mutation.md"

BAR = 95.0
"""The percentage of mutants that the tests have to notice."""

CATALOGUE = (
    "tests/test_docs.py::test_page_begins_with_what_is_said_of_the_check",
    "tests/test_docs.py::test_after_whose_fix_appointments_have_to_be_recreated",
    "tests/test_items.py::test_an_item_stands_where_its_check_looks",
    "tests/test_new_check.py::test_what_a_check_lacks_is_told_at_once",
)
"""The tests that see what a check's decorator says, none of which calls the check."""

FINDINGS = "tests/checks/test_findings.py"
EDITOR = "tests/test_editor_schema.py::test_the_file_is_up_to_date"
TESTS: dict[str, tuple[str, ...]] = {
    **{
        f"checks/{name}.py": (
            f"tests/checks/test_{name}.py",
            FINDINGS,
            *CATALOGUE,
            "tests/test_judge.py",
            "tests/test_fields.py",
        )
        for name in (
            *("record", "sync", "practitioner", "appointment_type", "offering", "dashboards"),
            *("link", "diagnosis", "delivery", "identifiers"),
        )
    },
    "checks/builtin.py": (CATALOGUE[0], FINDINGS),
    "judging/judge.py": (
        *("tests/test_judge.py", FINDINGS, "tests/checks/test_record.py"),
        *("tests/checks/test_link.py", "tests/checks/test_diagnosis.py", "tests/test_fields.py"),
    ),
    **{
        f"record/{name}.py": (
            *("tests/test_document.py", "tests/test_mistyped.py", "tests/test_values.py"),
            "tests/test_yaml_suite.py",
        )
        for name in ("document", "node")
    },
    "record/editor.py": (EDITOR,),
    **{
        f"record/{name}.py": (
            likeliest,
            *(EDITOR, "tests/test_values.py", "tests/test_fields.py", "tests/test_document.py"),
            *("tests/test_domain.py", "tests/test_meaning.py", "tests/test_pms_names.py"),
            *("tests/test_still_open.py", "tests/test_links.py", "tests/test_text.py::test_a_slug"),
            "tests/test_slips_of_use.py::test_how_it_should_read_is_said",
            "tests/test_workbook.py::test_blank_cells_that_must_be_filled_in_are_open",
            "tests/test_workbook.py::test_who_offers_a_type",
            "tests/test_security.py::test_a_clinic_too_large_to_be_one",
            "tests/test_security.py::test_all_lists_that_are_too_long_are_told_in_their_order",
            "tests/test_security.py::test_no_more_than_a_thousand_problems_of_a_kind_are_put_into_words",
        )
        for likeliest, names in {
            EDITOR: ("reader", "tree", "rules", "values", "slugs", "keys", "pms", "clinic"),
            "tests/test_links.py": ("known", "links", "not_ids"),
        }.items()
        for name in names
    },
    "record/daysheet.py": (
        *("tests/test_day_sheet.py", "tests/test_pms_lists.py", "tests/test_values.py"),
        *("tests/test_fields.py", "tests/test_linked_to.py", "tests/checks/test_diagnosis.py"),
    ),
    "record/characters.py": ("tests/test_mistyped.py", "tests/test_document.py"),
    "record/zones.py": ("tests/test_zones.py", "tests/test_values.py"),
    **{
        f"record/mistyped/{name}.py": ("tests/test_mistyped.py", "tests/test_document.py")
        for name in ("json", "unseen")
    },
    **{
        f"record/{name}.py": (
            "tests/test_table.py",
            "tests/test_exports.py",
            "tests/test_columns.py",
        )
        for name in ("grid", "sift", "cells", "times", "faults", "table", "made_ids", "exports")
    },
}
"""The tests that hold each module."""

SLOW = ("tests/test_mistyped.py::test_a_slip_shows_nothing_private",)
"""Tests that take seconds each, and tell little that others do not."""

BY_NAME = {"record/editor.py": EDITOR}
"""Tests that take all of a module from it by name, so that they see what is put into it later."""

WARM = (
    *("hypothesis", "hypothesis.strategies", "http.server", "httpcore", "httpx", "jinja2"),
    *(
        "jsonschema",
        "ruamel.yaml",
        "tenacity",
        "trustme",
        "yaml",
    ),
)
"""What the package and its tests import, so that no fork has to."""

PYTEST = ("-s", "-p", "videolink", "-p", "no:cacheprovider", "-p", "no:terminal")

SECONDS, BYTES = 60, 4 << 30
"""The bounds of a fork: of a processor's time, and of memory. A mutant beyond is noticed."""


# The mutants of a module


@dataclass(frozen=True)
class Mutant:
    """A module with one thing changed.

    ``function`` is the outermost function that holds the change; with ``decorator`` it is in what
    decorates that function.
    """

    module: str
    line: int
    function: str
    decorator: bool
    before: str
    after: str
    source: str = field(repr=False)

    @property
    def row(self) -> str:
        """How the page shows it, but for the reason."""
        change = f"{_code(self.before)} | {_code(self.after)}"
        return f"| `{self.module}` | `{self.function or 'module'}` | {change} |"


def _code(text: str) -> str:
    return "`" + text.replace("|", r"\|") + "`" if text else "(nothing)"


_FOR_THE_TYPE_CHECKER = (
    m.Annotation()
    | m.AnnAssign(annotation=m.Annotation(m.Name("TypeAlias")))
    | m.Assign(value=m.Call(func=m.Name("TypeVar")))
    | m.Assign(targets=[m.AssignTarget(m.Name("__all__"))])
)
_STRICT = re.compile(r", *(?:strict=\w+)?\)")
"""What ends a call of zip() that is an assertion as well: of two that are never of two lengths."""
_NEVER_MUTATED = m.Call(func=m.Name("len") | m.Name("isinstance"))  # as in mutmut


@dataclass
class _Place:
    start: int
    end: int
    function: str
    decorator: bool
    instead: cst.CSTNode


class _Places(cst.CSTVisitor):
    """The places of a module with what may stand there instead."""

    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Place] = []
        self._classes: list[str] = []
        self._functions: list[str] = []
        self._decorators = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, _FOR_THE_TYPE_CHECKER | _NEVER_MUTATED):
            return False
        if isinstance(node, cst.ClassDef):
            self._classes.append(node.name.value)
        elif isinstance(node, cst.FunctionDef):
            self._functions.append(node.name.value)
        elif isinstance(node, cst.Decorator):
            self._decorators += 1
        function = ".".join([*self._classes, *self._functions[:1]]) if self._functions else ""
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                span = self.get_metadata(ByteSpanPositionProvider, node)
                # Of a text one mutant: where texts are compared whole, other changes of its
                # letters are no harder to notice.
                count = 1 if operator is operator_string else None
                self.found += [
                    _Place(
                        span.start, span.start + span.length, function, self._decorators > 0, each
                    )
                    for each in list(operator(node))[:count]
                ]
        return True

    def on_leave(self, node: cst.CSTNode) -> None:
        if m.matches(node, _FOR_THE_TYPE_CHECKER | _NEVER_MUTATED):
            return
        if isinstance(node, cst.ClassDef):
            self._classes.pop()
        elif isinstance(node, cst.FunctionDef):
            self._functions.pop()
        elif isinstance(node, cst.Decorator):
            self._decorators -= 1


def mutants(module: str) -> Iterator[Mutant]:
    """The mutants of a module, each once."""
    raw = (PACKAGE / module).read_bytes()
    lines = raw.decode().splitlines()
    places = _Places()
    MetadataWrapper(cst.parse_module(raw)).visit(places)
    seen = {raw}
    for place in places.found:
        instead = cst.Module([]).code_for_node(place.instead).encode()
        mutated = raw[: place.start] + instead + raw[place.end :]
        if mutated in seen:
            continue
        seen.add(mutated)
        try:
            compile(mutated, module, "exec", dont_inherit=True)
        except SyntaxError:
            continue
        before, after = _changed(lines, mutated.decode().splitlines())
        if "zip(" in before and _STRICT.sub(")", before) == _STRICT.sub(")", after):
            continue
        yield Mutant(
            module,
            raw.count(b"\n", 0, place.start) + 1,
            place.function,
            place.decorator,
            before,
            after,
            mutated.decode(),
        )


def unchanged(mutant: Mutant) -> Mutant:
    """The module of a mutant as it is."""
    return replace(mutant, source=(PACKAGE / mutant.module).read_text(encoding="utf-8"))


def _changed(before: list[str], after: list[str]) -> tuple[str, str]:
    """The lines that are not alike, as one each."""
    old, new = [line.strip() for line in before], [line.strip() for line in after]
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return " ".join(old), " ".join(new)


# Forks


@dataclass(frozen=True)
class Decided:
    """What became of a mutant: what noticed it, or nothing."""

    mutant: Mutant
    by: str


CANNOT = 99
"""The exit code of a fork in which what is imported already could not tell."""


def in_forks(
    todo: Iterable[Mutant], run: Callable[[Mutant, Callable[[str], object]], int], jobs: int = 1
) -> Iterator[tuple[Mutant, int, str]]:
    """Run something on each mutant, some at a time: its exit code, and what it said."""
    waiting = iter(todo)
    forks: dict[int, tuple[Mutant, int]] = {}
    try:
        while True:
            while len(forks) < jobs and (mutant := next(waiting, None)):
                reading, writing = os.pipe()
                pid = os.fork()
                if not pid:
                    code = 1
                    try:
                        code = _bounded(mutant, run, writing)
                    finally:
                        os._exit(code)
                os.close(writing)
                forks[pid] = mutant, reading
            if not forks:
                return
            pid, status = os.wait()
            mutant, reading = forks.pop(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # what tests have left behind
            with open(reading, "rb") as pipe:
                said = pipe.read().decode(errors="replace")
            yield mutant, os.waitstatus_to_exitcode(status), said
    finally:
        for pid in forks:
            os.killpg(pid, signal.SIGKILL)


def _bounded(mutant: Mutant, run: Callable[[Mutant, Callable[[str], object]], int], to: int) -> int:
    def say(text: str) -> None:
        os.write(to, text.encode(errors="replace")[:4000])

    os.setsid()
    signal.alarm(20 * SECONDS)  # should it wait for something
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    try:
        return run(mutant, say)
    except BaseException as error:
        say(f"{type(error).__name__}: {error}")
        return 1


class _Failures:
    """Tells which tests fail, of those that are asked."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.some = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.some:
            self.some = True
            self.say(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.some = True
            self.say(f"{report.nodeid}: {report.longrepr}")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if _is_asked(item)]


def _is_asked(item: pytest.Item) -> bool:
    """Whether a test is one of those that decide. Random examples would let two runs differ, and
    runs of pytest within a test take too long, but for the one that is named.
    """
    if item.nodeid.startswith(SLOW):
        return False
    is_random = hasattr(getattr(item, "function", None), "hypothesis")
    runs_pytest = "pytester" in getattr(item, "fixturenames", ())
    return not is_random and (not runs_pytest or item.nodeid.startswith(CATALOGUE))


# A mutant that is imported


class _InPlace(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module of the package from a source of its own."""

    def __init__(self, module: str, source: str) -> None:
        self._file = PACKAGE / module
        self._name = _name(module)
        self._source = source

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != self._name:
            return None
        package = self._file.name == "__init__.py"
        spec = importlib.util.spec_from_loader(
            fullname, self, origin=str(self._file), is_package=package
        )
        assert spec is not None
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [str(self._file.parent)]
        return spec

    def get_source(self, fullname: str) -> str:
        return self._source

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, self._file, "exec", dont_inherit=True), vars(module))


def _name(module: str) -> str:
    dotted = module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    return f"{PACKAGE.name}.{dotted}"


def imported(mutant: Mutant, say: Callable[[str], object]) -> int:
    """Import a mutant in its module's place and run the tests of the module."""
    sys.meta_path.insert(0, _InPlace(mutant.module, mutant.source))
    importlib.import_module(_name(mutant.module))
    likeliest, *others = TESTS[mutant.module]
    for tests in filter(None, ([likeliest], others)):
        code = pytest.main([*PYTEST, "-x", *tests], plugins=[_Failures(say)])
        if code:
            return int(code)
    return 0


# A mutant that is a function's code


def _function(owner: Any, path: str) -> FunctionType:
    """A function by its dotted name in a namespace, whatever is wrapped around it."""
    for step in path.split("."):
        owner = owner[step] if isinstance(owner, dict) else vars(owner)[step]
    if isinstance(owner, property):
        owner = owner.fget
    elif isinstance(owner, cached_property):
        owner = owner.func
    elif hasattr(owner, "blocked_by"):  # a check
        owner = owner.run
        inside = [cell.cell_contents for cell in owner.__closure__ or ()]
        owner = inside[0] if inside else owner
    function = inspect.unwrap(getattr(owner, "__func__", owner))
    assert isinstance(function, FunctionType), path
    return function


def _change(mutant: Mutant) -> None:
    """Give what is imported already the code of a mutant."""
    module = sys.modules[_name(mutant.module)]
    namespace = {"__name__": module.__name__, "__file__": module.__file__}
    file = str(PACKAGE / mutant.module)
    exec(compile(mutant.source, file, "exec", dont_inherit=True), namespace)
    if not _is_quick(mutant):
        vars(module).update(namespace)
        return
    if mutant.decorator:
        old, new = vars(module)[mutant.function], namespace[mutant.function]
        for each in fields(old):
            if each.name != "run":
                object.__setattr__(old, each.name, getattr(new, each.name))
        return
    function, other = (
        _function(vars(module), mutant.function),
        _function(namespace, mutant.function),
    )
    function.__code__ = other.__code__
    function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
    _forget(mutant.module)


def _forget(module: str) -> None:
    """Let the functions of a module answer anew, whatever they have answered before."""
    for each in vars(sys.modules[_name(module)]).values():
        if hasattr(each, "cache_clear"):
            each.cache_clear()


def _is_quick(mutant: Mutant) -> bool:
    """Whether the change can be given to what is imported already."""
    if mutant.decorator:
        is_check = mutant.module.startswith("checks/") and "." not in mutant.function
        return is_check and bool(mutant.function)
    return bool(mutant.function)


class _Session:
    """A pytest session that decides mutants instead of running its tests."""

    def __init__(self, todo: list[Mutant], to: Path, jobs: int) -> None:
        self._todo = todo
        self._jobs = jobs
        self._to = to
        self._kills: dict[str, Counter[str]] = defaultdict(Counter)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items if _is_asked(item)}
        for module in {mutant.module for mutant in self._todo}:
            importlib.import_module(_name(module))  # which may be imported only where it is needed
        ((_, code, said),) = in_forks(self._todo[:1], self._look)
        if code:
            raise SystemExit(f"{said} fails where nothing is wrong")
        with self._to.open("rb") as file:
            self._calls, self._seconds = pickle.load(file)
        by_name = [unchanged(mutant) for mutant in self._todo if not _is_quick(mutant)]
        for _, code, said in in_forks(by_name[:1], self._decide):
            if code != CANNOT:
                raise SystemExit(f"{said} fails where nothing is wrong")
        gc.freeze()
        with self._to.open("wb") as file:
            for mutant, code, said in in_forks(self._todo, self._decide, self._jobs):
                if code:
                    self._kills[mutant.function][said] += 1
                pickle.dump((mutant, code, said), file)
        return True

    def _look(self, _: Mutant, say: Callable[[str], object]) -> int:
        """Which functions of the modules each test calls, and how long it takes."""
        called: set[tuple[str, str]] = set()
        for module in {mutant.module for mutant in self._todo}:
            _report_calls(module, called)
        for mutant in self._todo:
            if mutant.decorator and _is_quick(mutant):
                _change(unchanged(mutant))  # which has to change nothing
        failures = _Failures(say)
        calls, seconds = {}, {}
        for nodeid, item in self._items.items():
            called.clear()
            for module in {mutant.module for mutant in self._todo}:
                _forget(module)
            began = time.perf_counter()
            _run(item, None, failures)
            seconds[nodeid] = time.perf_counter() - began
            calls[nodeid] = set(called)
        with self._to.open("wb") as file:
            pickle.dump((calls, seconds), file)
        return int(failures.some)

    def _tests(self, mutant: Mutant) -> list[pytest.Item]:
        """The tests that could notice a mutant, the likeliest and quickest first."""
        if not _is_quick(mutant):
            return [self._items[BY_NAME[mutant.module]]]
        kills = self._kills[mutant.function]
        # A check that comes to apply to more, or to less, is seen where it is not called.
        besides = (*CATALOGUE, TESTS[mutant.module][0]) if mutant.decorator else ()
        concerned = (
            nodeid
            for nodeid, called in self._calls.items()
            if (mutant.module, mutant.function) in called or nodeid.startswith(besides)
        )
        order = sorted(concerned, key=lambda nodeid: (-kills[nodeid], self._seconds[nodeid]))
        return [self._items[nodeid] for nodeid in order]

    def _decide(self, mutant: Mutant, say: Callable[[str], object]) -> int:
        try:
            _change(mutant)
        except ValueError:  # of another number of variables from around it
            return CANNOT
        items = self._tests(mutant)
        failures = _Failures(say)
        for item, following in zip(items, [*items[1:], None], strict=True):
            _run(item, following, failures)
            if failures.some:
                return 1
        return 0 if _is_quick(mutant) else CANNOT


def _run(item: pytest.Item, following: pytest.Item | None, failures: _Failures) -> None:
    plugins = item.config.pluginmanager
    if not plugins.is_registered(failures):
        plugins.register(failures)
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _report_calls(module: str, to: set[tuple[str, str]]) -> None:
    """Let each function of a module add its name when it is called."""
    loaded = sys.modules[_name(module)]
    file = PACKAGE / module
    tree = ast.parse(file.read_bytes())
    functions: list[str] = []

    def instrument(body: list[ast.stmt], above: tuple[str, ...]) -> None:
        for each in body:
            if isinstance(each, ast.ClassDef):
                instrument(each.body, (*above, each.name))
            elif isinstance(each, ast.FunctionDef):
                name = ".".join((*above, each.name))
                each.body[:0] = ast.parse(f"_calls_seen.add(({module!r}, {name!r}))").body
                functions.append(name)

    instrument(tree.body, ())
    namespace = {"__name__": loaded.__name__, "__file__": loaded.__file__, "_calls_seen": to}
    exec(compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True), namespace)
    vars(loaded)["_calls_seen"] = to
    for name in functions:
        _function(vars(loaded), name).__code__ = _function(namespace, name).__code__


def decided(module: str, jobs: int, function: str | None) -> Iterator[Decided]:
    """Decide the mutants of a module, or of one of its functions."""
    quick: list[Mutant] = []
    slow: list[Mutant] = []
    for mutant in mutants(module):
        if function not in (None, mutant.function):
            continue
        (quick if _is_quick(mutant) or module in BY_NAME else slow).append(mutant)
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "decided"
        for mutant, code, said in _apart(
            len(quick), to, lambda: _in_session(module, quick, to, jobs)
        ):
            if code == CANNOT:
                slow.append(mutant)
            else:
                yield Decided(mutant, (said or f"exit code {code}") if code else "")
        for mutant, code, said in _apart(
            len(slow), to, lambda: _with_imports(module, slow, to, jobs)
        ):
            yield Decided(mutant, (said or f"exit code {code}") if code else "")


def _apart(count: int, to: Path, work: Callable[[], int]) -> Iterator[tuple[Mutant, int, str]]:
    """What some work writes about that many mutants, in a process that may import what it likes."""
    if not count:
        return
    pid = os.fork()
    if not pid:
        code = 1
        try:
            code = work()
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
        finally:
            os._exit(code)
    try:
        failed = os.waitpid(pid, 0)[1]
    except BaseException:
        os.kill(pid, signal.SIGTERM)
        raise
    if failed:
        raise SystemExit("the tests cannot be run")
    with to.open("rb") as file:
        yield from (pickle.load(file) for _ in range(count))


def _in_session(module: str, todo: list[Mutant], to: Path, jobs: int) -> int:
    return int(pytest.main([*PYTEST, *TESTS[module]], plugins=[_Session(todo, to, jobs)]))


def _with_imports(module: str, todo: list[Mutant], to: Path, jobs: int) -> int:
    """Import all of the package that does without a module, and then its mutants."""
    sys.modules[_name(module)] = None  # type: ignore[assignment]
    for file in sorted(PACKAGE.rglob("*.py")):
        with contextlib.suppress(ImportError):
            importlib.import_module(_name(str(file.relative_to(PACKAGE))))
    del sys.modules[_name(module)]
    gc.freeze()
    ((_, code, said),) = in_forks([unchanged(todo[0])], imported)
    if code:
        raise SystemExit(f"{said or code} where nothing is wrong with {module}")
    with to.open("wb") as results:
        for result in in_forks(todo, imported, jobs):
            pickle.dump(result, results)
    return 0


def accepted() -> set[str]:
    """The rows of the page, without their reasons; one without a reason does not count."""
    rows = re.findall(
        r"^(\| `[^`]*` \| `.*\|) *[^| ][^|]*\|$", PAGE.read_text(encoding="utf-8"), re.M
    )
    return {row.strip() for row in rows}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n\n")[0],
        epilog=f"The modules: {', '.join(TESTS)}. Without any: all.",
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--jobs", type=int, default=2, help="how many forks at a time (2)")
    parser.add_argument("--function", help="only what is changed in a function of that name")
    asked = parser.parse_args(arguments)
    modules = asked.modules or list(TESTS)
    if unknown := set(modules) - set(TESTS):
        parser.error(f"there are no tests named here for {', '.join(sorted(unknown))}")
    os.nice(10)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.chdir(PROJECT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.dont_write_bytecode = True
    for name in WARM:
        importlib.import_module(name)

    known = {
        row
        for row in accepted()
        if row.split("`")[1] in modules and asked.function in (None, row.split("`")[3])
    }
    surviving: set[str] = set()
    print("| module | mutants | killed | survive | |\n| --- | ---: | ---: | ---: | ---: |")
    total: list[Decided] = []
    for module in modules:
        found = list(decided(module, asked.jobs, asked.function))
        total += found
        print(_figures(f"`{module}`", found), flush=True)
        surviving |= {each.mutant.row for each in found if not each.by}
    print(_figures("together", total))
    _list("They survive, and the page has no reason why", surviving - known)
    _list("The page lists them, and they do not survive", known - surviving)
    is_enough = _share(total) >= BAR
    if not is_enough:
        print(f"\nFewer than {BAR:g} % are killed.")
    return int(surviving != known or not is_enough)


def _share(found: list[Decided]) -> float:
    return 100 * sum(bool(each.by) for each in found) / len(found)


def _figures(name: str, found: list[Decided]) -> str:
    killed = sum(bool(each.by) for each in found)
    share = f"{_share(found):.1f} %"
    return f"| {name} | {len(found):,} | {killed:,} | {len(found) - killed} | {share} |"


def _list(title: str, rows: set[str]) -> None:
    if rows:
        print(f"\n{title}:\n\n" + "\n".join(sorted(rows)))


if __name__ == "__main__":
    sys.exit(main())
