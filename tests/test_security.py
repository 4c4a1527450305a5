"""What docs/security.md says is held by tests: here those that stand nowhere else, and the page."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from reading import problems, record
from support import ITEMS, Document, edited, right_clinic, to_yaml

from pytest_videolink.record.document import parse

ALL = "--videolink-clinic=*"
PROJECT = Path(__file__).parent.parent
PAGE = PROJECT / "docs" / "security.md"

# The network

NO_SOCKETS = """\
import sys


def refuse(event, arguments):
    if event.startswith("socket."):
        raise AssertionError(f"{event} {arguments}")


sys.addaudithook(refuse)
"""


@pytest.mark.parametrize(
    ("source", "code"),
    [("clinics", pytest.ExitCode.TESTS_FAILED), ("http://127.0.0.1:9", None)],
    ids=["a folder", "a service"],
)
def test_no_socket_is_opened_without_a_url(
    clinics: Clinics, source: str, code: pytest.ExitCode | None
) -> None:
    """Python tells of every use of a socket, whoever makes it; a service shows that it does."""
    clinics.pytester.makepyfile(no_sockets=NO_SOCKETS)
    clinics.pytester.syspathinsert()
    sheet = {"csv": "day.csv", "columns": dict.fromkeys(COLUMNS, "A")}
    clinics.write(
        edited(right_clinic(), {"pms.connected": False}),
        edited(right_clinic("bayside", "BAY"), {"appointments": sheet}),
    )
    clinics.write_file("day.csv", "A\n")
    reports = [
        f"--videolink-report=r.{suffix}" for suffix in ("html", "md", "csv", "json", "sarif")
    ]
    result = clinics.pytester.run(
        *(sys.executable, "-m", "pytest", "-p", "no_sockets", "-p", "videolink", CLOCK, ALL),
        *(f"--videolink-source={source}", *reports, "--junitxml=junit.xml"),
    )
    if code is None:
        assert "AssertionError: socket." in result.stdout.str() + result.stderr.str()
    else:
        assert result.ret == code
        result.assert_outcomes(failed=1, passed=2 * ITEMS - 2, skipped=2)
        assert len(list(clinics.pytester.path.glob("r.*"))) == len(reports)


COLUMNS = ("id", "practitioner", "pms_type", "link", "created", "starts")


# Files


@pytest.mark.skipif(os.name == "nt", reason="Windows fills up the disk for such a file")
@pytest.mark.parametrize("name", ["harbourside.yaml", "harbourside.json"])
def test_a_file_without_end_is_not_read(clinics: Clinics, name: str) -> None:
    os.truncate(clinics.write_file(name, ""), 10**12)
    result = clinics.run(ALL)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*the file cannot be read: it has 1,000,000,000,000 bytes, more than 4,194,304"]
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows fills up the disk for such a file")
def test_a_neighbour_without_end_is_not_read_and_not_passed_over(harbourside: Clinics) -> None:
    os.truncate(harbourside.write_file("bayside.yaml", ""), 10**12)
    outcomes = harbourside.outcomes("--videolink-clinic=harbourside")
    assert {id for id, outcome in outcomes.items() if outcome == "failed"} == {
        "harbourside.yaml::VL002-neighbours-readable"
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows fills up the disk for such a file")
def test_a_day_sheet_without_end_is_not_read(clinics: Clinics) -> None:
    sheet = {"csv": "day.csv", "columns": dict.fromkeys(COLUMNS, "A")}
    clinics.write(edited(right_clinic(), {"appointments": sheet}))
    os.truncate(clinics.write_file("day.csv", ""), 10**12)
    assert clinics.outcomes(ALL, "-k", "VL007") == {
        "harbourside.yaml::VL007-tables-readable": "failed"
    }
    result = clinics.run(ALL)
    result.stdout.fnmatch_lines(["day.csv cannot be read: it has 1,000,000,000,000 bytes, more*"])


def test_a_document_of_too_many_values() -> None:
    (problem,) = problems(json.dumps({"name": ["a"] * 200_000}), "harbourside.json")
    assert problem.endswith(" the file holds more than 200,000 values")


# A clinic too large to be one


def people(count: int) -> list[Document]:
    return [{"id": f"p{number}", "name": "x"} for number in range(count)]


def types(count: int) -> list[Document]:
    return [{"id": f"t{number}", "name": "x"} for number in range(count)]


def booked(count: int) -> list[Document]:
    times = {"created": "2026-11-20T15:40", "starts": "2026-11-24T09:30"}
    fixed = {"practitioner": "p0", "pms_type": "29", "link": "no", **times}
    return [{"id": str(number), **fixed} for number in range(count)]


def waivers(count: int) -> list[Document]:
    return [{"check": "VL312", "reason": "x", "owner": "x", "until": "2026-12-31"}] * count


BOUNDS: dict[str, tuple[Callable[[int], Document], int, str]] = {
    **{
        name: (lambda count, name=name, some=some: {name: some(count)}, most, "")
        for name, some, most in (
            ("practitioners", people, 1000),
            ("appointment_types", types, 1000),
            ("pms.practitioners", people, 5000),
            ("pms.appointment_types", types, 5000),
            ("waivers", waivers, 200),
        )
    },
    "practitioners by types": (
        lambda count: {"practitioners": people(count), "appointment_types": types(500)},
        200,
        "201 practitioners by 500 appointment types are more than the 100,000 combinations of one"
        " clinic",
    ),
    "appointments by types": (
        lambda count: {"appointments": booked(count), "appointment_types": types(1000)},
        500,
        "501 appointments by 1,000 appointment types are more than the 500,000 combinations of one"
        " clinic",
    ),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_clinic_too_large_to_be_one(name: str) -> None:
    """Checking each of its parts against each would take for ever."""
    edits, most, said = BOUNDS[name]
    crowd = (
        f"{name} has {most + 1:,} entries, more than the {most:,} of one clinic: one clinic a file"
    )
    path = tuple(name.partition(" by ")[0].split("."))
    for count, expected in ((most, []), (most + 1, [said or crowd])):
        text = json.dumps(edited(LARGE, edits(count)))
        found = record(text, "harbourside.json")
        assert [each.message for each in found.problems] == expected
        place = parse(text.encode(), as_json=True).find(path).position
        assert {(each.position, each.key) for each in found.problems} <= {(place, path[-1])}


LARGE = edited(right_clinic(), {"practitioners": people(1), "appointment_types": []})


def test_all_lists_that_are_too_long_are_told_in_their_order() -> None:
    text = json.dumps({"waivers": waivers(201), **LARGE, "practitioners": people(1001)})
    assert [each.key for each in record(text, "harbourside.json").problems] == [
        "waivers",
        "practitioners",
    ]


def test_the_rows_of_a_day_sheet_count_as_well(clinics: Clinics) -> None:
    sheet = {"csv": "day.csv", "columns": {name: name for name in COLUMNS}}
    clinics.write(edited(LARGE, {"appointment_types": types(1000), "appointments": sheet}))
    rows = [",".join(COLUMNS), *(",".join(map(str, row.values())) for row in booked(501))]
    clinics.write_file("day.csv", "\n".join(rows))
    result = clinics.run(ALL)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["The record of * cannot be read: 501 appointments by 1,000 *"])


MANY: dict[str, Callable[[int], Document]] = {
    "unknown keys": lambda count: dict.fromkeys((f"key-{number}" for number in range(count)), "x"),
    "strangers": lambda count: {
        "appointment_types.0.practitioners": [f"q{number}" for number in range(count)]
    },
}


@pytest.mark.parametrize("kind", MANY)
def test_no_more_than_a_thousand_problems_of_a_kind_are_put_into_words(kind: str) -> None:
    def told(count: int) -> list[str]:
        text = json.dumps(edited(right_clinic(), MANY[kind](count)))
        return [each.message for each in record(text, "harbourside.json").problems]

    thousand = told(1000)
    assert len(set(thousand)) == 1000
    assert told(1001) == [*thousand, "1 more problem like the one before"]
    assert told(1500) == [*thousand, "500 more problems like the one before"]


def test_of_very_many_problems_the_first_are_told(clinics: Clinics) -> None:
    unknown = dict.fromkeys((f"key-{number}" for number in range(1000)), "x")
    clinics.write({**right_clinic(), **unknown})
    result = clinics.run(ALL)
    result.stdout.fnmatch_lines(["and 950 more problems"])
    assert "key-49 is no key" in result.stdout.str()
    assert "key-50 is no key" not in result.stdout.str()


def test_a_link_in_the_source_is_followed(clinics: Clinics) -> None:
    """A source may be put together of links; whoever can put one there can put a file there."""
    elsewhere = clinics.pytester.mkdir("elsewhere")
    (elsewhere / "bayside.yaml").write_text(to_yaml(right_clinic("bayside", "BAY")))
    (elsewhere / "north").mkdir()
    (elsewhere / "north" / "bayview.yaml").write_text(to_yaml(right_clinic("bayview", "VIEW")))
    (clinics.folder / "bayside.yaml").symlink_to(elsewhere / "bayside.yaml")
    (clinics.folder / "north").symlink_to(elsewhere / "north", target_is_directory=True)
    outcomes = clinics.outcomes(ALL)
    assert {id.split("::")[0] for id in outcomes} == {"bayside.yaml", "north/bayview.yaml"}
    assert set(outcomes.values()) == {"passed"}


def test_a_link_to_a_file_that_is_no_record_shows_none_of_its_lines(clinics: Clinics) -> None:
    secrets = clinics.pytester.makefile(".ini", secrets="[me]\npassword = hunter2\nname: hunter2\n")
    (clinics.folder / "bayside.yaml").symlink_to(secrets)
    result = clinics.run(ALL, "-rA", "--tb=long")
    result.assert_outcomes(failed=1)
    assert "hunter2" not in result.stdout.str()


# The page


def test_the_pages_policy_names_all_that_it_may_run() -> None:
    page = (PROJECT / "tests" / "golden" / "report.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    hashes = [
        f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for kind in ("style", "script")
        for text in re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
    ]
    assert [each.partition("-")[0] for each in hashes] == ["style", "script"]
    assert policy.replace("&#39;", "'").split("; ") == [
        "default-src 'none'",
        *hashes,
        "base-uri 'none'",
        "form-action 'none'",
    ]


# What the page of the documentation says


def statements() -> list[str]:
    """What the page says, one by one: its list entries, and the rows of its tables."""
    entries = re.split(r"\n(?=- )", PAGE.read_text(encoding="utf-8"))
    lists = [entry.partition("\n\n")[0] for entry in entries if entry.startswith("- ")]
    return lists + [" | ".join(row) for row in bounds()]


def bounds() -> list[list[str]]:
    """The cells of the table of bounds: what, how much, the name in the code, the test."""
    rows = re.findall(r"^\| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return [row.split(" | ") for row in rows[2:]]


def _tests_of(file: Path) -> set[str]:
    return {
        each.name
        for each in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    }


def test_the_page_has_statements() -> None:
    assert len(statements()) > 30
    assert len(bounds()) > 10


@pytest.mark.parametrize("statement", statements(), ids=lambda text: text[2:42])
def test_each_statement_names_tests_that_are_there(statement: str) -> None:
    named = re.findall(r"`(test\w+)\.py::(\w+)`", " ".join(statement.split()))
    assert named, "no test is named"
    for file, test in named:
        assert test in _tests_of(PROJECT / "tests" / f"{file}.py"), f"{file}.py has no {test}"


@pytest.mark.parametrize("row", bounds(), ids=lambda row: row[0])
def test_each_bound_is_that_of_the_code(row: list[str]) -> None:
    _, amount, name, _ = row
    module, _, attribute = name.strip("`").partition(".")
    found: Any = import_module(f"pytest_videolink.{module.replace('/', '.')}")
    while attribute:
        step, _, attribute = attribute.partition(".")
        found = getattr(found, step)
        if isinstance(found, dict):
            found, attribute = found[attribute], ""
    assert float(amount.split()[0].replace(",", "")) == found
