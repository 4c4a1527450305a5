"""The public YAML test suite as clinic files: each gives VL001 with a place, and nothing crashes.

What PyYAML itself takes for one well-formed document can be read here, and nothing else can. Where
the two differ on purpose the case stands below, with the reason.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Clinics, each_reader
from reading import record

from pytest_videolink.record.document import Document, Unreadable, parse

SUITE = json.loads((Path(__file__).parent / "data" / "yaml-test-suite.json").read_text("utf-8"))
CASES: dict[str, str] = SUITE["cases"]


def ids(text: str) -> set[str]:
    return set(text.split())


ANCHORED_TWICE = {"3GZX"}
"""YAML lets an anchor stand for something else from here on; PyYAML does not."""

SEVERAL = ids(
    "35KP 5TYM 6WLZ 6XDY 6ZKB 9DXL 9HCY 9KAX 9WXW EB22 JHB9 KSS4 L383 MUS6-01 PUW8 RHX7 RZT7 U9NS"
)
"""Several documents in one file, which PyYAML can read: a clinic file holds one."""

PROBLEMS = {
    "a tag (!) stands before a value: values are read as text, remove the tag": ids(
        "2AUY 2XXW 33X3 52DL 565N 57H4 6JWB 735Y 74H7 7FWL 8MK2 BU8L C4HZ CC74 CUP7 EHF6"
        " FH7J HMQ5 J7PZ L94M LE5A M5C3 P76L U3C3 U99R UGM3 UKK6-02"
    ),
    "a key must be text": ids(
        "4FJ6 6BFJ 6PBE 9MMW DFF7 FH7J KK5P LX3P M2N8-01 M5DY Q9WF RZP5 SBG9 V9D5 X38W XW4D"
    ),
}
"""What PyYAML makes objects of, and what no clinic document has: read, and refused by its place."""

LENIENT = ids("9C9N 9JBA CVW2 DK95-01 G5U8 QB6E S98Z SU5Z U99R YJV2")
"""No YAML by the suite, which goes by YAML 1.2; PyYAML reads it, and so it can be read here."""


MISTYPED = ids("6CK3 7BMT CN3R F2C7 HM87-01 S4JQ U3XV Y2GN Z67P Z9M4 ZH7C")
"""What PyYAML reads without what was typed: anchors that nothing repeats, tags, a question mark."""


def test_the_whole_suite_is_here() -> None:
    assert len(CASES) == 402
    assert len(SUITE["invalid"]) == 94


def ours(text: str) -> Document | None:
    """What is read of a text as it stands; ``None`` where it is refused, also as mistyped."""
    try:
        document = parse(text.encode())
    except Unreadable:
        return None
    return None if document.mistyped else document


def documents_for_pyyaml(text: str) -> int | None:
    """How many documents PyYAML reads; ``None`` where it says that this is no YAML."""
    try:
        return len(list(yaml.compose_all(text, yaml.SafeLoader)))
    except yaml.YAMLError:
        return None


@each_reader
def test_what_is_well_formed_is_what_pyyaml_says() -> None:
    for_pyyaml = {id: documents_for_pyyaml(text) for id, text in CASES.items()}
    read = {id for id, text in CASES.items() if ours(text) is not None}
    assert {id for id, count in for_pyyaml.items() if count is not None and count > 1} == SEVERAL
    assert {id for id in read if for_pyyaml[id] is None} == ANCHORED_TWICE
    assert {id for id in CASES if for_pyyaml[id] is not None} - read == SEVERAL | MISTYPED
    assert read & set(SUITE["invalid"]) == LENIENT


@each_reader
def test_what_is_refused_in_a_text_that_can_be_read() -> None:
    found: dict[str, set[str]] = {}
    for id, text in CASES.items():
        document = ours(text)
        for problem in document.problems if document else ():
            found.setdefault(problem.message, set()).add(id)
    assert found == PROBLEMS


@each_reader
def test_the_values_are_those_that_pyyaml_reads() -> None:
    compared = 0
    for id, text in CASES.items():
        document = ours(text)
        if document is not None and not document.problems and id not in ANCHORED_TWICE:
            assert _is(document.root.plain(), yaml.load(text, yaml.BaseLoader)), id
            compared += 1
    assert compared == 195


def _is(ours: Any, theirs: Any) -> bool:
    """Whether a value is the one that PyYAML reads as text, ``None`` being any way to write it."""
    if ours is None:
        return theirs in (None, "", "~", "null")
    if isinstance(ours, dict):
        same_keys = isinstance(theirs, dict) and ours.keys() == theirs.keys()
        return same_keys and all(_is(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        same_length = isinstance(theirs, list) and len(ours) == len(theirs)
        return same_length and all(map(_is, ours, theirs))
    return bool(ours == theirs)


@each_reader
@pytest.mark.parametrize("name", ["harbourside.yaml", "harbourside.json"])
def test_every_problem_of_a_case_as_a_clinic_has_a_place_in_it(name: str) -> None:
    for id, text in CASES.items():
        lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
        found = record(text, name)
        assert found.problems, id
        for line, column, _ in (each.position for each in found.problems):
            assert 1 <= line <= len(lines), id
            assert 1 <= column <= len(lines[line - 1]) + 1, id


def test_each_case_is_one_failing_item(clinics: Clinics) -> None:
    for id, text in CASES.items():
        clinics.write_file(f"{id.lower()}.yaml", text)
    outcomes = clinics.outcomes("--videolink-clinic=*", "--tb=no", "-q")
    assert outcomes == {f"{id.lower()}.yaml::VL001-valid-document": "failed" for id in CASES}
