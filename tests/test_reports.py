"""All reports tell of the same run: the example fleet, and a clinic whose names are hostile."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema
from conftest import Clinics
from hostile import NAMES, write_hostile_clinics
from markdown_it import MarkdownIt
from support import NOW, edited, right_clinic

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.reports.csv import harmless
from pytest_videolink.reports.markdown import code, escaped

PROJECT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = ("html", "md", "csv", "json", "sarif")
EVERY = [f"--videolink-report=report.{suffix}" for suffix in SUFFIXES]


@dataclass(frozen=True)
class Reports:
    """The reports of one run in a folder, each as a reader of its format has it."""

    folder: Path

    def text(self, suffix: str) -> str:
        return (self.folder / f"report.{suffix}").read_text(encoding="utf-8")

    @cached_property
    def json(self) -> Any:
        return json.loads(self.text("json"))

    @cached_property
    def sarif(self) -> Any:
        return json.loads(self.text("sarif"))["runs"][0]

    @property
    def rows(self) -> list[dict[str, str]]:
        text = (self.folder / "report.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    @property
    def items(self) -> dict[str, Any]:
        return {each["id"]: each for clinic in self.json["clinics"] for each in clinic["items"]}

    @property
    def junit(self) -> ET.ElementTree[Any]:
        return ET.parse(self.folder / "junit.xml")


def is_about_appointment(id: str) -> bool:
    return "::appointment-" in id


def check(project: Path, *arguments: str, to: Path | None = None) -> Path:
    """Run pytest in a project, with a report of each format. Returns the folder with them."""
    folder = to or project
    reports = [f"--videolink-report={folder / f'report.{suffix}'}" for suffix in SUFFIXES]
    # On the command line these would stand in the commands to check again.
    options = {"PYTEST_ADDOPTS": "-p videolink -p no:cacheprovider"}
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **options}
    junit = f"--junitxml={folder / 'junit.xml'}"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", junit, *arguments, *reports],
        cwd=project,
        env={**os.environ, **alone},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
    return folder


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """The reports of the example fleet."""
    return Reports(check(PROJECT, "--videolink-clinic=*", to=tmp_path_factory.mktemp("fleet")))


@pytest.mark.usefixtures("every_check_is_whole")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_reports_of_the_examples(suffix: str, fleet: Reports) -> None:
    golden = (GOLDEN / f"report.{suffix}").read_bytes()
    # Not compared as a whole by assert, whose diff of two pages takes minutes.
    same = (fleet.folder / f"report.{suffix}").read_bytes() == golden
    assert same, "look at the difference; where it is right, run: python docs/refresh.py"


# The same items everywhere


def ids_of_json(reports: Reports) -> set[str]:
    return {id for id, each in reports.items.items() if each["outcome"] == "failed"}


def ids_of_junit(reports: Reports) -> set[str]:
    """Of JUnit, where an item is told by its properties; all that fail but for warnings."""
    known = {
        (clinic["id"], each["subject"], each["check"]): each["id"]
        for clinic in reports.json["clinics"]
        for each in clinic["items"]
    }
    found = set()
    for case in reports.junit.iter("testcase"):
        if case.find("failure") is not None:
            of = {each.get("name"): each.get("value") for each in case.iter("property")}
            found.add(known[of["clinic"], of["subject"], of["check"]])
    return found


def ids_of_sarif(reports: Reports) -> set[str]:
    return {
        result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
        for result in reports.sarif["results"]
        if result["level"] == "error" and not result["suppressions"]
    }


def ids_of_table(reports: Reports) -> set[str]:
    return {
        id for row in reports.rows if row["severity"] == "error" for id in row["items"].split("\n")
    } - {""}


def ids_of_markdown(reports: Reports) -> set[str]:
    rows = tables(reports.text("md"))[-1][1:]
    return {row[3] for row in rows if row[0] == "failed"}


def ids_of_page(reports: Reports) -> set[str]:
    tags = re.findall(r'<details class="finding"[^>]*>', reports.text("html"))
    found = (re.search(r'data-item="(.*?)".*data-severity="error"', tag) for tag in tags)
    return {unescape(each[1]) for each in found if each}


READERS = {
    "json": ids_of_json,
    "junit": ids_of_junit,
    "sarif": ids_of_sarif,
    "csv": ids_of_table,
    "md": ids_of_markdown,
    "html": ids_of_page,
}


def failing(reports: Reports) -> dict[str, list[str]]:
    return {name: sorted(read(reports)) for name, read in READERS.items()}


def test_every_failing_item_is_in_every_report(fleet: Reports) -> None:
    found = failing(fleet)
    every = found["json"]
    settings = [id for id in every if not is_about_appointment(id)]
    assert len(every) == 12
    assert len(settings) == 7
    assert found == dict.fromkeys(READERS, every) | {"sarif": settings, "md": settings}


def test_what_is_not_right_is_in_every_report_by_a_part_of_the_run(clinics: Clinics) -> None:
    """Reports tell of the items that were run, and of no others."""
    edits = {
        "practitioners.0.accepts_video_appointments": False,
        "appointment_types.0.telehealth": False,
        "pms.connected": False,
    }
    clinics.write(edited(right_clinic(), edits))
    clinics.run("--videolink-clinic=harbourside", "-k", "VL201", "--junitxml=junit.xml", *EVERY)
    only = ["clinics/harbourside.yaml::dr-amara-nwosu::VL201-accepts-video"]
    found = failing(Reports(clinics.pytester.path))
    assert found == dict.fromkeys(READERS, only)


def test_a_fault_of_two_clinics_is_one_job_for_both_items(clinics: Clinics) -> None:
    clinics.write(right_clinic(), right_clinic("bayside"))
    clinics.run("--videolink-clinic=*", *EVERY, "--junitxml=junit.xml")
    found = failing(Reports(clinics.pytester.path))
    assert len(found["json"]) > 2
    assert found == dict.fromkeys(READERS, found["json"])


def test_a_neighbour_that_cannot_be_read_leaves_a_link_unknown(clinics: Clinics) -> None:
    off = {"practitioners.0.accepts_video_appointments": False}
    clinics.write(edited(right_clinic(), off), bayside="clinic: bayside\n")
    clinics.run("--videolink-clinic=harbourside", *EVERY)
    reports = Reports(clinics.pytester.path)
    (clinic,) = json.loads(reports.text("json"))["clinics"]
    cells = [cell for row in clinic["matrix"] for cell in row["cells"]]
    assert [(cell["state"], cell["check"]) for cell in cells] == [
        ("no link", "VL201"),
        ("unknown", "VL002"),
    ]
    assert "2 on offer, links unknown" in reports.text("html")
    assert "| \u2754 UNKNOWN | unknown | " in reports.text("md")


def test_what_waits_for_a_record_is_settled_with_it(clinics: Clinics) -> None:
    clinics.write(right_clinic(), bayside="clinic: bayside\n")
    clinics.run("--videolink-clinic=*", *EVERY, "--junitxml=junit.xml")
    reports = Reports(clinics.pytester.path)
    assert [row["items"].split("\n") for row in reports.rows] == [
        [
            "clinics/bayside.yaml::VL001-valid-document",
            "clinics/harbourside.yaml::VL002-neighbours-readable",
        ]
    ]
    found = failing(reports)
    assert found == dict.fromkeys(READERS, found["json"])


@pytest.mark.parametrize("suffix", ["md", "sarif"])
def test_reports_that_travel_far_leave_appointments_out(suffix: str, fleet: Reports) -> None:
    text = fleet.text(suffix)
    booked = [each for each in fleet.items.values() if each["scope"] == "appointment"]
    assert len(booked) > 5
    assert [each["subject"] for each in booked if each["subject"] in text] == []
    assert not re.search(r"VL50[12]|W-\d", text)
    assert "Recreate" not in text


def test_a_waiver_for_an_appointment_leaves_it_out_too(clinics: Clinics) -> None:
    waiver = {
        "check": "VL502",
        "on": "SECRET-88213",
        "reason": "accepted",
        "owner": "reception",
        "until": "2026-12-31",
    }
    clinics.write(edited(right_clinic(), {"waivers": [waiver]}))
    clinics.run("--videolink-clinic=harbourside", *EVERY)
    reports = Reports(clinics.pytester.path)
    assert "VL004" in reports.text("md")
    assert "SECRET-88213" not in reports.text("md") + reports.text("sarif")


# Each format by its own rules


def test_the_json_fits_its_schema(fleet: Reports) -> None:
    schema = json.loads((PROJECT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert list(validator.iter_errors(fleet.json)) == []
    for wrong in ({}, fleet.json | {"videolink_report": 1}, fleet.json | {"more": 1}):
        assert list(validator.iter_errors(wrong)) != []


def test_the_json_has_every_item(fleet: Reports) -> None:
    passed = sum(len(clinic["passed"]) for clinic in fleet.json["clinics"])
    assert len(fleet.items) + passed == len(list(fleet.junit.iter("testcase")))


def sarif_errors(log: Any) -> list[str]:
    schema = json.loads((DATA / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(log)]


def test_the_sarif_fits_the_official_schema(fleet: Reports) -> None:
    log = json.loads(fleet.text("sarif"))
    assert sarif_errors(log) == []
    log["runs"][0]["results"][0]["level"] = "bad"
    assert sarif_errors(log) != []


def test_the_rules_of_the_sarif_are_the_catalogue(fleet: Reports) -> None:
    rules = fleet.sarif["tool"]["driver"]["rules"]
    catalogue = {each.id: each for each in CATALOGUE if each.scope != "appointment"}
    assert [rule["id"] for rule in rules] == list(catalogue)
    for rule in rules:
        assert catalogue[rule["id"]].why in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] == catalogue[rule["id"]].severity


def test_a_result_of_the_sarif(fleet: Reports) -> None:
    (result,) = (each for each in fleet.sarif["results"] if each["ruleId"] == "VL201")
    (location,) = result["locations"]
    assert fleet.sarif["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "VL201"
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "examples/clinics/bayview.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 58, "startColumn": 33},
    }
    assert result["message"]["text"].startswith(
        "Dr Tomasz Okafor does not accept video appointments.\nHow to fix it (practice manager):\n"
        "1. Dashboard > Bookings > Practitioner Setup > Dr Tomasz Okafor\n"
    )


def test_what_is_waived_is_suppressed_in_the_sarif(fleet: Reports) -> None:
    suppressed = {each["ruleId"]: each["suppressions"] for each in fleet.sarif["results"]}
    (waived,) = suppressed.pop("VL312")
    assert waived["justification"].startswith("Waived until 2027-12-31 by practice manager: ")
    assert set(map(len, suppressed.values())) == {0}


def test_fingerprints_of_the_sarif_stay_when_lines_move(clinics: Clinics) -> None:
    wrong = edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False})
    file = clinics.folder / "harbourside.yaml"
    found = []
    clinics.write(wrong)
    for _ in range(2):
        clinics.run("--videolink-clinic=harbourside", "--videolink-report=report.sarif")
        (result,) = Reports(clinics.pytester.path).sarif["results"]
        region = result["locations"][0]["physicalLocation"]["region"]
        found.append((region["startLine"], result["partialFingerprints"]))
        file.write_text(f"# a comment\n\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    (line, fingerprint), (moved, same) = found
    assert (moved, same) == (line + 2, fingerprint)


def test_junit_fits_the_schema_without_its_properties(fleet: Reports) -> None:
    schema = xmlschema.XMLSchema(DATA / "junit-10.xsd")
    tree = fleet.junit
    assert not schema.is_valid(tree)  # the newest pytest's own properties of a testcase
    for case in tree.iter("testcase"):
        for properties in case.findall("properties"):
            case.remove(properties)
    schema.validate(tree)


def test_the_table_is_one_that_excel_reads(fleet: Reports) -> None:
    raw = (fleet.folder / "report.csv").read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"no","done","clinic",')
    assert raw.endswith(b"\r\n")
    numbers = [int(row["no"]) for row in fleet.rows if row["no"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [row["what to do"] for row in fleet.rows if not row["no"]] == [
        "exports/wattle-street-day-sheet.csv: 7 rows = 7 judged"
    ]
    assert {row["partial"] for row in fleet.rows} == {""}


def test_the_work_list_is_the_terminals(fleet: Reports, clinics: Clinics) -> None:
    source = f"--videolink-source={PROJECT / 'examples' / 'clinics'}"
    result = clinics.run(source, "--videolink-clinic=*")
    lines = result.stdout.str().partition("What to do, what unblocks most first:")[2]
    told = re.findall(
        r"^ {2,4}\d+\. ([\s\S]*?)(?=^ {2,4}(?:\d+\. |\S)|^\S|^=)", lines, re.MULTILINE
    )
    fixes = [
        row["what to do"] for row in fleet.rows if row["what to do"][:4] not in ("Recr", "Tele")
    ]
    said = [" ".join(each.split()) for each in told]
    fixes = [job["what"] for job in fleet.json["work"] if job["kind"] == "fix"]
    assert len(said) == len(fixes) == 10
    for line, fix in zip(said, fixes, strict=True):
        assert line.startswith(fix)


# Names that would be something else


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """The reports of clinics that bear such names everywhere."""
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_clinics(folder / "clinics")
    return Reports(check(folder, "--videolink-clinic=*", f"--videolink-now={NOW.isoformat()}"))


def tables(markdown: str) -> list[list[list[str]]]:
    """The tables of a Markdown text, as rows of the text that their cells show."""
    result: list[list[list[str]]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "table_open":
            result.append([])
        elif token.type == "tr_open":
            result[-1].append([])
        elif token.type == "inline" and result and token.level > 3:
            result[-1][-1].append(shown(token.children or []))
    return result


def shown(tokens: list[Any]) -> str:
    return "".join(token.content for token in tokens if token.type == "text")


def inline(markdown: str) -> Iterator[Any]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield from token.children or []


def test_a_hostile_name_in_markdown(hostile: Reports) -> None:
    text = hostile.text("md")
    kinds = {token.type for token in inline(text)}
    assert kinds <= {"text", "strong_open", "strong_close", "html_inline", "softbreak"}
    tags = {token.content for token in inline(text) if token.type == "html_inline"}
    assert tags == {"<code>", "</code>"}
    for head, *rows in tables(text):
        assert {len(row) for row in rows} == {len(head)}
    blocks = {token.type for token in MarkdownIt("commonmark").enable("table").parse(text)}
    assert not blocks & {"fence", "code_block", "hr", "bullet_list_open"}
    assert not re.search(r"(?<!\u200b)(@octocat|//evil)|www\.evil", unescape(text))


def test_a_hostile_name_in_the_table(hostile: Reports) -> None:
    for row in hostile.rows:
        for cell in row.values():
            assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell)
            for part in re.split(r'[,;\t"]', cell):
                assert not re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]", part)
    assert {len(row) for row in hostile.rows} == {18}
    assert all(None not in row for row in hostile.rows)


def test_a_hostile_name_in_sarif_and_json(hostile: Reports) -> None:
    assert sarif_errors(json.loads(hostile.text("sarif"))) == []
    schema = json.loads((PROJECT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(hostile.json, schema)
    for result in hostile.sarif["results"]:
        assert not re.search(r"(?<!\\)[\[\]]", result["message"]["text"])


def test_a_hostile_name_is_clean_and_short_everywhere(hostile: Reports) -> None:
    for suffix in SUFFIXES:
        text = hostile.text(suffix).replace("\u200b", "").removeprefix("\ufeff")
        odd = {each for each in text if unicodedata.category(each) in ("Cf", "Cc")} - set("\r\n")
        assert odd == set()
        assert "Z" * 200 not in text
        assert not re.search(r"^\s*(::|##\[)", text, re.MULTILINE)


def test_a_hostile_name_is_in_every_report_with_the_same_items(hostile: Reports) -> None:
    found = failing(hostile)
    assert len(found["json"]) >= 2
    assert found == dict.fromkeys(READERS, found["json"])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("  -2", "  '-2"),
        ("@x", "'@x"),
        ("\t=1", "\t'=1"),
        ("a;=1", "a;'=1"),
        ('a"+1', "a\"'+1"),
        ("1. Turn it on\n-x", "1. Turn it on\n'-x"),
        ("\uff0d1", "'\uff0d1"),
        ("a - b = c, d", "a - b = c, d"),
        ("Dashboard > Bookings", "Dashboard > Bookings"),
    ],
)
def test_no_cell_is_a_formula(text: str, written: str) -> None:
    assert harmless(text) == written


@pytest.mark.parametrize("text", [*NAMES.values(), "- a", "+ b", "10) c", "a\nb", "# d", "> e"])
def test_markdown_shows_text_as_it_is(text: str) -> None:
    for written in (f"| {escaped(text)} |\n| --- |", f"1. {escaped(text)}", escaped(text)):
        tokens = MarkdownIt("commonmark").enable("table").parse(written)
        (content,) = (token for token in tokens if token.type == "inline")
        assert shown(content.children or []).replace("\u200b", "") == " ".join(
            text.replace("\u200b", "").split()
        )
    plain = " ".join(text.split())
    assert unescape(code(plain)) == f"<code>{plain}</code>"
