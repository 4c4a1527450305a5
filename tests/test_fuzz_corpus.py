"""What fuzzing starts from and what it found: the reader's promises hold of all of it."""

from __future__ import annotations

import re
import sys
from datetime import datetime
from pathlib import Path
from random import random
from typing import Any

import pytest
from conftest import READERS

from pytest_videolink.record import reader
from pytest_videolink.record.cells import BadCell, Complaint
from pytest_videolink.record.document import Position
from pytest_videolink.record.text import BadTime

FUZZ = Path(__file__).parent.parent / "fuzz"
sys.path.append(str(FUZZ))

import properties  # noqa: E402

CORPUS = sorted((FUZZ / "corpus").iterdir())


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.name)
def test_the_promises_hold(file: Path) -> None:
    properties.hold(file.read_bytes())


def test_the_corpus_has_clinics_and_what_is_none() -> None:
    def is_clinic(file: Path) -> bool:
        raw, _, sheet = file.read_bytes().partition(b"\f")
        return properties.read(raw, sheet).clinic is not None

    assert {is_clinic(file) for file in CORPUS} == {True, False}
    assert sum(file.stat().st_size for file in CORPUS) < 50_000


# A promise that is broken is noticed


def _quotes(text: str, _: object) -> datetime:
    raise BadTime(f"{text} is no time")


def _quotes_a_cell(_: object, text: str) -> None:
    raise BadCell(Complaint(f"{text} is nobody", f"are nobody, such as {text}"))


def _counts_line_feeds(text: str, index: int) -> Position:
    return Position(text.count("\n", 0, index) + 1, 1)


def _fails(*_: object) -> None:
    raise RuntimeError


FAULTS: dict[str, tuple[str, str, Any, str]] = {
    "a time is quoted": (
        "private.yaml",
        "record.values.parse_time",
        _quotes,
        "a value of an appointment",
    ),
    "one of a day sheet": (
        "sheet.yaml",
        "record.lookup.People.find",
        _quotes_a_cell,
        "a value of an appointment",
    ),
    "a mistyped appointment is shown": (
        "mistyped.yaml",
        "record.mistyped.outline._APPOINTMENTS",
        re.compile("a^"),
        "what the text holds",
    ),
    "other lines": (
        "breaks.yaml",
        "record.document._position",
        _counts_line_feeds,
        "it stands elsewhere",
    ),
    "libyaml alone": (
        "disputed.yaml",
        "record.document._DISPUTED",
        (),
        "libyaml and PyYAML's",
    ),
    "a random order": (
        "wrong.json",
        "record.tree.hint_or_all",
        lambda *_: str(random()),
        "read again",
    ),
    "a text of JSON with more to it": (
        "least.yaml",
        "record.document._whole",
        lambda text: f"{text}!",
        "as JSON it is another",
    ),
}


@pytest.mark.parametrize(("file", "name", "fault", "noticed"), FAULTS.values(), ids=FAULTS)
def test_a_broken_promise_is_noticed(
    monkeypatch: pytest.MonkeyPatch, file: str, name: str, fault: Any, noticed: str
) -> None:
    if name.endswith("_DISPUTED") and READERS == [False]:
        pytest.skip("there is no libyaml here to differ")
    monkeypatch.setattr(f"pytest_videolink.{name}", fault)
    with pytest.raises(AssertionError, match=noticed):
        properties.hold((FUZZ / "corpus" / file).read_bytes())


def test_a_crash_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "broken_rules", _fails)
    with pytest.raises(RuntimeError):
        properties.hold((FUZZ / "corpus" / "least.yaml").read_bytes())
