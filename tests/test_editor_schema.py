"""The JSON Schema for editors: it takes every document that can be read, and describes each key.

Editors type scalars by themselves, after YAML 1.2, which check-jsonschema does as well.
"""

from __future__ import annotations

import copy
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from strategies import Fleet, fleets
from support import REMOVED, Document, edited, right_clinic, to_yaml

from pytest_videolink.record import editor, reader
from pytest_videolink.record.document import parse

PROJECT = Path(__file__).parents[1]
FILE = PROJECT / "docs" / "clinic.schema.json"
EXAMPLES = sorted(
    file for file in (PROJECT / "examples" / "clinics").rglob("*.*") if file.suffix != ".csv"
)
VALIDATOR = Draft202012Validator(editor.json_schema())

SHEET = {
    "csv": "day.csv",
    "columns": {
        key: f"Column {key}"
        for key in ("id", "practitioner", "pms_type", "created", "starts", "link")
    },
}
BOOKED = {
    "id": "88213",
    "practitioner": "dr-amara-nwosu",
    "pms_type": "29",
    "created": "2026-11-20T15:40:00+11:00",
    "starts": "2026-11-24 09:30",
    "link": True,
}
WAIVER = {"check": "VL312", "reason": "r", "owner": "o", "until": "2026-12-31"}


class _Editor(SafeConstructor):
    """YAML 1.2 has no times."""


_Editor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def faults(text: str) -> list[str]:
    """What an editor says of a document, by the path of its place."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Editor
    seen = reader.load(io.StringIO(text))
    return sorted(error.json_path for error in VALIDATOR.iter_errors(seen))


def can_be_read(text: str) -> bool:
    clinic, _ = reader.read(parse(text.encode()), "harbourside", lambda *_: ())
    return clinic is not None


def check_jsonschema(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(editor.json_schema())
    assert editor.json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_file_is_up_to_date() -> None:
    written = json.loads(FILE.read_text(encoding="utf-8"))
    assert written == editor.json_schema(), "run: python docs/refresh.py"


@pytest.mark.parametrize("option", ["-Werror", "-OO"])
def test_an_installation_writes_it(tmp_path: Path, option: str) -> None:
    """Who has a wheel has no docs; -OO has no docstrings."""
    command = [sys.executable, option, "-m", "pytest_videolink.record.editor"]
    done = subprocess.run([*command, "clinic.schema.json"], cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "clinic.schema.json").read_bytes() == FILE.read_bytes()
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    usage = "usage: python -m pytest_videolink.record.editor FILE\n"
    assert (asked.returncode, asked.stderr) == (1, usage)


def test_the_examples_are_valid() -> None:
    assert len(EXAMPLES) == 8
    done = check_jsonschema("--schemafile", FILE, *EXAMPLES)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n"), done.stdout


@pytest.mark.parametrize("file", [file for file in EXAMPLES if file.suffix == ".yaml"], ids=str)
def test_an_example_says_where_the_schema_is(file: Path) -> None:
    first = file.read_text(encoding="utf-8").splitlines()[0]
    path = first.removeprefix("# yaml-language-server: $schema=")
    assert (file.parent / path).resolve() == FILE


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/editors.md"])
def test_a_page_leads_from_a_record_to_what_its_command_writes(page: str) -> None:
    """The command is run beside the folder ``clinics``."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    written = re.search(r"python -m pytest_videolink\.record\.editor ([\w.]+)", text)
    leads = re.search(r"^# yaml-language-server: \$schema=(\S+)$", text, re.M)
    assert written is not None
    assert leads is not None
    assert Path(os.path.normpath(Path("clinics", leads[1]))) == Path(written[1])


def test_a_mistake_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "harbourside.yaml"
    wrong.write_text(to_yaml(edited(right_clinic(), {"practitioners.0.linkd_to": "17"})))
    done = check_jsonschema("--schemafile", FILE, wrong)
    assert done.returncode == 1
    assert "'linkd_to' was unexpected" in done.stdout


# Every document that can be read


class _Plain(yaml.SafeDumper):
    """Writes text without quotes, but for the little that would be null without them."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"))]
        for first in ("", "~", "n")
    }


def plain(document: Document) -> str:
    return str(yaml.dump(_as_text(document), Dumper=_Plain, sort_keys=False, allow_unicode=True))


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return value if value is None else str(value)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(fleets(), st.sampled_from([to_yaml, plain]))
def test_documents_that_can_be_read(fleet: Fleet, write: Callable[[Document], str]) -> None:
    for document in fleet.values():
        assert faults(write(document)) == []


LEGAL: dict[str, str] = {
    "a bare link": "practitioners.0.linked_to: 17",
    "a link with zeros": "practitioners.0.linked_to: 0017",
    "a link like an exponent": "practitioners.0.linked_to: 1e3",
    "no link": "practitioners.0.linked_to: none",
    "no link as a list": "practitioners.0.linked_to: []",
    "a link in a list": "practitioners.0.linked_to: [17]",
    "one link twice": "practitioners.0.linked_to: [17, 17]",
    "links": "appointment_types.0.linked_to: [29, 0x1D, 3.1, .inf]",
    "a blank link": "practitioners.0.linked_to:",
    "an empty link": 'practitioners.0.linked_to: " "',
    "yes": "practitioners.0.archived: yes",
    "ON": "practitioners.0.archived: ON",
    "quoted truth": 'practitioners.0.archived: "False"',
    "a blank truth value": "practitioners.0.archived: ~",
    "a name like a number": "name: 12.5",
    "a name like null": "name: Null",
    "a name like a truth value": "name: No",
    "a version in quotes": 'videolink: "1"',
    "a time with a space": "as_of: 2026-11-23 08:30",
    "a time with a fraction": "as_of: 2026-11-23T08:30:00.5Z",
    "a blank time": "as_of: null",
    "everybody": "appointment_types.0.practitioners: all",
    "nobody": "appointment_types.0.practitioners: []",
    "unknown who": "appointment_types.0.practitioners:",
    "an override": "appointment_types.0.practitioners: [{id: dr-li-wei, linked_to: [29, 31]}]",
    "a blank override": "appointment_types.0.practitioners: [{id: dr-li-wei, linked_to: }]",
    "a blank part": "dashboard:",
    "a blank list": "waivers:",
    "blank text for a list": 'waivers: ""',
    "lists that are not recorded": "pms.practitioners:",
    "an appointment": f"appointments: [{BOOKED}]",
    "a waiver": f"waivers: [{WAIVER}]",
    "a waiver of a number": f"waivers: [{ {**WAIVER, 'on': 88213} }]",
}


def changed(line: str) -> str:
    """A right clinic with one line of YAML set at a dotted path, as it stands there."""
    path, _, value = line.partition(":")
    text = to_yaml(edited(right_clinic(), {path: "PLACEHOLDER"}))
    return text.replace("PLACEHOLDER", value.strip())


@pytest.mark.parametrize("line", LEGAL.values(), ids=LEGAL)
def test_what_can_be_read_is_valid(line: str) -> None:
    text = changed(line)
    assert can_be_read(text)
    assert faults(text) == []


def test_a_day_sheet_is_valid() -> None:
    assert faults(to_yaml(edited(right_clinic(), {"appointments": SHEET}))) == []


@pytest.mark.parametrize("number", [1, 7, 20260101])
@pytest.mark.parametrize("where", ["clinic", "practitioners.0.id", "appointment_types.0.id"])
def test_an_id_of_digits_is_valid(where: str, number: int) -> None:
    assert faults(changed(f"{where}: {number}")) == []


# What cannot be read, as far as a schema can tell

ILLEGAL: dict[str, tuple[Document, str]] = {
    "an unknown key": ({"colour": "red"}, "$"),
    "an unknown key of a practitioner": ({"practitioners.0.linkd_to": "17"}, "$.practitioners"),
    "a key missing": ({"pms.database": REMOVED}, "$.pms"),
    "a part missing": ({"pms": REMOVED}, "$"),
    "a blank name": ({"name": ""}, "$.name"),
    "another version": ({"videolink": 2}, "$.videolink"),
    "a bad id": ({"clinic": "Harbour Side"}, "$.clinic"),
    "a reserved id": ({"clinic": "all"}, "$.clinic"),
    "a reserved id of an appointment": ({"clinic": "appointment-1"}, "$.clinic"),
    "a negative id": ({"clinic": -1}, "$.clinic"),
    "a long id": ({"clinic": "a" * 65}, "$.clinic"),
    "a bad choice": ({"dashboard.new_patient_approval": "auto"}, "$.dashboard"),
    "a bad truth value": ({"pms.connected": "maybe"}, "$.pms.connected"),
    "a number for a truth value": ({"pms.connected": 1}, "$.pms.connected"),
    "a bad time": ({"as_of": "23/11/2026"}, "$.as_of"),
    "a number for a time": ({"as_of": 20261123}, "$.as_of"),
    "a name for a list": ({"practitioners": "Dr Li"}, "$.practitioners"),
    "a bad day": ({"waivers": [{**WAIVER, "until": "soon"}]}, "$.waivers"),
    "a patient": ({"appointments": [{**BOOKED, "patient": "x"}]}, "$.appointments"),
    "a day sheet in an unknown order": (
        {"appointments": {"csv": "a.csv", "dates": "day first"}},
        "$.appointments",
    ),
}


@pytest.mark.parametrize(("edits", "place"), ILLEGAL.values(), ids=ILLEGAL)
def test_what_cannot_be_read_is_found(edits: Document, place: str) -> None:
    text = to_yaml(edited(right_clinic(), edits))
    assert not can_be_read(text)
    found = faults(text)
    assert found
    assert all(path.startswith(place) for path in found)


# What editors show


def _objects(part: Any, path: str = "$") -> Iterator[tuple[str, Document]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield path, part
        for key, value in part.items():
            yield from _objects(value, f"{path}.{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _objects(value, f"{path}[{index}]")


def test_every_key_is_described_and_no_other_allowed() -> None:
    objects = dict(_objects(copy.deepcopy(editor.json_schema())))
    assert len(objects) == 16
    for path, part in objects.items():
        assert part["additionalProperties"] is False, path
        for key, value in part["properties"].items():
            assert value["description"].endswith("."), f"{path}.{key}"
