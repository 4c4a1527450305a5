"""The checks of a run: those that plugins and the project's conftest.py give, the built-in too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from pytest_videolink.checks import catalogue
from pytest_videolink.checks.defects import defects
from pytest_videolink.checks.rule import Check, is_ours
from pytest_videolink.session.arguments import relative_below

HOOK = "pytest_videolink_checks"


def checks_of(config: pytest.Config) -> tuple[Check, ...]:
    """Every check that is given, by id.

    Raises :class:`pytest.UsageError` for what is no check, or none that could be relied on.
    """
    misplaced = misplaced_hooks(config)
    if misplaced:
        raise pytest.UsageError(misplaced)
    given = list(_given(config))
    checks = [each for each in dict.fromkeys(given) if isinstance(each, Check)]
    said = [_no_check(each) for each in given if not isinstance(each, Check)]
    for check, defect in defects(checks):
        said.append(f"the check {check.function} ({_place(check, config)}): {defect}")
    said += _compiled_away(checks, config)
    if said:
        raise pytest.UsageError(*said)
    return catalogue.in_order(checks)


def misplaced_hooks(config: pytest.Config) -> str:
    """What is wrong where a conftest.py other than the one in rootdir gives checks, or nothing."""
    for implementation in getattr(config.hook, HOOK).get_hookimpls():
        file = Path(getattr(implementation.plugin, "__file__", None) or "")
        if file.name == "conftest.py" and not os.path.samefile(file.parent, config.rootpath):
            here = config.invocation_params.dir
            return (
                f"{relative_below(file, here)} gives checks ({HOOK}), but not every run reads it,"
                " and the same clinics would be ready in one run and not in another: move the hook"
                f" to {relative_below(config.rootpath / 'conftest.py', here)} or into a plugin"
            )
    return ""


def _given(config: pytest.Config) -> Iterator[object]:
    for answer in config.hook.pytest_videolink_checks(config=config):
        yield from answer if isinstance(answer, Iterable) else (answer,)


def _no_check(given: object) -> str:
    code = getattr(given, "__code__", None)
    if code is None:
        return f"{HOOK} gave a {type(given).__name__}, which is no check"
    return (
        f"{HOOK} gave the function {code.co_name} ({code.co_filename}:{code.co_firstlineno}): make"
        " a check of it with @pytest_videolink.check(...)"
    )


def _compiled_away(checks: list[Check], config: pytest.Config) -> Iterator[str]:
    """Under ``python -O`` a check that asserts may be unable to fail."""
    theirs = [check for check in checks if not is_ours(check.id)]
    if sys.flags.optimize and theirs:
        first = theirs[0]
        yield (
            "Python runs optimized (-O, PYTHONOPTIMIZE), which compiles assertions away: a check"
            f" such as {first.function} ({_place(first, config)}) could not fail; run pytest"
            " without it"
        )


def _place(check: Check, config: pytest.Config) -> str:
    return f"{relative_below(Path(check.file), config.invocation_params.dir)}:{check.line}"
