"""The reference service, asked over a real socket, and the description that it keeps to."""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import Message
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NoReturn

import pytest
import uvicorn
import yaml
from books import book_of, table_book
from conftest import Clinics
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from reference_service import COMMAND, command, said_until_it_listens
from support import TERMS, edited, right_clinic, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge
from pytest_videolink.record import reader
from pytest_videolink.record.characters import INVISIBLE
from pytest_videolink.record.document import parse
from pytest_videolink.record.slugs import is_slug
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.http import HttpSource
from pytest_videolink.sources.snapshot import LiveFolder
from pytest_videolink.sources.source import Folder

PROJECT = Path(__file__).parents[1]
EXAMPLES = PROJECT / "examples" / "clinics"
OPENAPI = PROJECT / "docs" / "openapi.yaml"
PAGE = (PROJECT / "docs" / "service.md").read_text(encoding="utf-8")

sys.path.append(str(COMMAND.parent))
import clinic_files  # noqa: E402
from clinic_service import clinic_service  # noqa: E402

TOKEN = "correct-horse-battery"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["detail"])


@dataclass
class Service:
    """A service that runs, and whoever asks it."""

    port: int
    folder: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Answer:
        """The answer to a request whose path is sent exactly as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, headers={"Connection": "close", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.msg, response.read())
        finally:
            connection.close()

    def pages(self, path: str) -> Iterator[list[dict[str, Any]]]:
        """The pages from a path on; each ``next`` has to be on this origin."""
        while path:
            page = self.ask(path).json
            yield page["clinics"]
            assert page["next"] is None or page["next"].startswith(f"{self.origin}/clinics?")
            path = (page["next"] or "").removeprefix(self.origin)

    def listed(self) -> dict[str, Any]:
        """The entries of the list by id."""
        return {each["id"]: each for each in self.ask("/clinics?limit=500").json["clinics"]}

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path


@contextmanager
def running(folder: Path, token: str | None = None) -> Iterator[Service]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        clinic_service(folder, token), lifespan="off", ws="none", log_config=None, log_level="info"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Service(listener.getsockname()[1], folder)
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A service of an empty folder, without a token."""
    folder = tmp_path / "clinics"
    folder.mkdir()
    with running(folder) as service:
        yield service


@pytest.fixture(scope="module")
def examples() -> Iterator[Service]:
    """A service of the example clinics, without a token."""
    with running(EXAMPLES) as service:
        yield service


@pytest.fixture(scope="module")
def guarded() -> Iterator[Service]:
    """A service of the example clinics that asks for a token."""
    with running(EXAMPLES, TOKEN) as service:
        yield service


# The list


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 9, 500])
def test_the_pages_have_every_clinic_once(examples: Service, limit: int) -> None:
    pages = list(examples.pages(f"/clinics?limit={limit}"))
    assert [each["id"] for page in pages for each in page] == sorted(
        entry.id for entry in Directory(EXAMPLES).entries()
    )
    assert {len(page) for page in pages[:-1]} <= {limit}
    assert 1 <= len(pages[-1]) <= limit


def test_a_page_has_100_clinics_unless_asked_otherwise(service: Service) -> None:
    for number in range(101):
        service.write(f"c{number:03}.yaml", "")
    assert [len(page) for page in service.pages("/clinics")] == [100, 1]


def test_no_clinics_are_one_empty_page(service: Service) -> None:
    assert service.ask("/clinics").json == {"clinics": [], "next": None}


def test_what_comes_and_goes_during_the_walk_moves_no_other_clinic(service: Service) -> None:
    for name in "bdfhj":
        service.write(f"{name}.yaml", "")
    pages = service.pages("/clinics?limit=2")
    seen = [next(pages)]
    (service.folder / "b.yaml").unlink()
    (service.folder / "d.yaml").unlink()
    service.write("a.yaml", "")
    service.write("g.yaml", "")
    seen += pages
    assert [[each["id"] for each in page] for page in seen] == [["b", "d"], ["f", "g"], ["h", "j"]]


@pytest.mark.parametrize("limit", ["0", "-1", "501", "", "x", "1.0", " 1", "+1", "٣", "9" * 5000])
def test_a_limit_that_is_none_is_refused(examples: Service, limit: str) -> None:
    answer = examples.ask("/clinics?limit=" + "".join(f"%{byte:02X}" for byte in limit.encode()))
    assert answer.status == 400
    assert answer.detail == "limit is to be a number from 1 to 500"


@pytest.mark.parametrize(
    ("file", "id"),
    [
        ("bayview.yaml", "bayview"),
        ("bayview.yml", "bayview"),
        ("bayview.JSON", "bayview"),
        ("bayview.clinic.yaml", "bayview"),
        ("south/deep/bayview.yaml", "bayview"),
        (".bayview.yaml", None),
        (".hidden/bayview.yaml", None),
        ("bayview.txt", None),
        ("bayview", None),
        ("exports/sheet.csv", None),
    ],
)
def test_which_files_are_clinics(service: Service, file: str, id: str | None) -> None:
    service.write(file, to_yaml(right_clinic("bayview")))
    assert list(service.listed()) == ([] if id is None else [id])
    assert service.ask("/clinics/bayview").status == (404 if id is None else 200)


@pytest.mark.parametrize(
    ("edits", "pms"),
    [
        (
            {},
            {
                "system": "best-practice",
                "database": "HARBOUR-SQL01",
                "shares_database_with": [],
            },
        ),
        (
            {
                "pms.database": "0012",
                "pms.shares_database_with": ["bayview", "karri-tide"],
            },
            {
                "system": "best-practice",
                "database": "0012",
                "shares_database_with": ["bayview", "karri-tide"],
            },
        ),
        (
            {"pms.shares_database_with": None, "pms.database": "Größe \U0001f3e5"},
            {
                "system": "best-practice",
                "database": "Größe \U0001f3e5",
                "shares_database_with": None,
            },
        ),
    ],
)
def test_the_list_says_what_the_document_says(
    service: Service, edits: dict[str, Any], pms: dict[str, Any]
) -> None:
    service.write("harbourside.yaml", to_yaml(edited(right_clinic(), edits)))
    assert service.listed() == {"harbourside": {"id": "harbourside", "pms": pms}}


FAULTY = {
    "empty": b"",
    "no YAML": b"videolink: [1\n",
    "no text": b"\xff\xfe\xfa",
    "a key twice": to_yaml(right_clinic()).encode() + b"clinic: harbourside\n",
    "another clinic's": to_yaml(right_clinic("bayview")).encode(),
    "no system": to_yaml(edited(right_clinic(), {"pms.system": None})).encode(),
    "an unknown key": to_yaml(edited(right_clinic(), {"patient": "Jane"})).encode(),
    "neighbours that are no ids": to_yaml(
        edited(right_clinic(), {"pms.shares_database_with": ["Bay View"]})
    ).encode(),
}


@pytest.mark.parametrize("raw", FAULTY.values(), ids=FAULTY)
def test_a_faulty_clinic_is_listed_and_handed_over_as_it_stands(
    service: Service, raw: bytes
) -> None:
    service.write("harbourside.yaml", raw)
    service.write("bayview.yaml", to_yaml(right_clinic("bayview")))
    listed = service.listed()
    assert listed["harbourside"] == {"id": "harbourside"}
    assert listed["bayview"]["pms"]["system"] == "best-practice"
    answer = service.ask("/clinics/harbourside")
    assert (answer.status, answer.body) == (200, raw)


@pytest.mark.parametrize("name", ["My Clinic.yaml", "a--b.yaml", "all.json", f"{'x' * 65}.yml"])
def test_a_file_that_is_named_like_no_clinic_is_not_left_out_silently(
    service: Service, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    service.write("bayview.yaml", to_yaml(right_clinic("bayview")))
    service.write(f"south/{name}", "")
    answer = service.ask("/clinics")
    assert answer.status == 500
    assert answer.detail.startswith(f"south/{name} is named like no clinic: rename it")
    assert f"south/{name} is named like no clinic" in caplog.text


def test_a_folder_that_is_gone_is_told_without_its_path(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.folder.rmdir()
    for path in ("/clinics", "/clinics/bayview"):
        answer = service.ask(path)
        assert answer.status == 500
        assert answer.detail == "the folder of the clinic files cannot be searched"
    assert str(service.folder) in caplog.text


# Documents


@pytest.mark.parametrize("id", sorted(entry.id for entry in Directory(EXAMPLES).entries()))
def test_a_document_is_its_file(examples: Service, id: str) -> None:
    entry = next(each for each in Directory(EXAMPLES).entries() if each.id == id)
    answer = examples.ask(f"/clinics/{id}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == (
        "application/json" if entry.file.suffix == ".json" else "application/yaml"
    )
    assert (answer.body == entry.file.read_bytes()) == (id != "wattle-street")


def test_a_change_shows_in_the_next_answer(service: Service) -> None:
    path = "/clinics/harbourside"
    assert service.ask(path).status == 404
    file = service.write("harbourside.yaml", to_yaml(right_clinic(database="ONE")))
    assert b"database: ONE" in service.ask(path).body
    service.write("harbourside.yaml", to_yaml(right_clinic(database="TWO")))
    assert b"database: TWO" in service.ask(path).body
    assert service.listed()["harbourside"]["pms"]["database"] == "TWO"
    file.unlink()
    assert service.ask(path).status == 404
    assert service.listed() == {}


def test_two_files_for_one_clinic_are_no_clinic(service: Service) -> None:
    service.write("bayview.yaml", to_yaml(right_clinic("bayview")))
    service.write("south/bayview.json", json.dumps(right_clinic("bayview")))
    assert service.listed() == {"bayview": {"id": "bayview"}}
    answer = service.ask("/clinics/bayview")
    assert answer.status == 500
    assert (
        answer.detail
        == "bayview.yaml and south/bayview.json are files for one clinic: keep one of them"
    )


def test_a_file_that_cannot_be_read_is_listed_and_says_so(service: Service) -> None:
    (service.folder / "bayview.yaml").symlink_to("nowhere.yaml")
    assert service.listed() == {"bayview": {"id": "bayview"}}
    answer = service.ask("/clinics/bayview")
    assert answer.status == 500
    assert answer.detail == "bayview.yaml cannot be read: No such file or directory"


# Day sheets

SHEET = """\
When,Who,Patient,Phone,Type,No,Room,Booked
24/11,17,Jane Roe,0400 000 000,29,A-1,,
"""

COLUMNS = {
    "id": "No",
    "practitioner": "Who",
    "pms_type": "Type",
    "created": "Booked",
    "starts": "When",
    "link": "Room",
}


def with_sheet(**edits: Any) -> dict[str, Any]:
    sheet = {"csv": "exports/sheet.csv", "columns": COLUMNS}
    return edited(right_clinic(), {"appointments": sheet, **edits})


def sheet(*rows: str) -> str:
    return "When,Who,Patient,Phone,Type,No,Room,Booked\n" + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize("write", [to_yaml, json.dumps], ids=["yaml", "json"])
def test_a_day_sheet_is_written_out(
    service: Service, write: Callable[[dict[str, Any]], str]
) -> None:
    suffix = "json" if write is json.dumps else "yaml"
    service.write(f"harbourside.{suffix}", write(with_sheet(name="null")))
    service.write(
        "exports/sheet.csv",
        sheet(
            "2026-11-24T09:30,17,Jane Roe,0400 000 000,29,A-1,,2026-11-20T15:40Z",
            "2026-11-24T10:00,dr-li-wei,Joe Bloggs,0400 111 222,31,A-2,"
            "https://video.example/room,2026-11-20T15:45",
        ),
    )
    answer = service.ask("/clinics/harbourside")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/yaml")
    document = yaml.load(answer.body, Loader=yaml.BaseLoader)
    assert document["appointments"] == [
        {
            "id": "A-1",
            "practitioner": "dr-amara-nwosu",
            "pms_type": "29",
            "created": "2026-11-21T02:40:00+11:00",
            "starts": "2026-11-24T09:30:00+11:00",
            "link": "false",
        },
        {
            "id": "A-2",
            "practitioner": "dr-li-wei",
            "pms_type": "31",
            "created": "2026-11-20T15:45:00+11:00",
            "starts": "2026-11-24T10:00:00+11:00",
            "link": "true",
        },
    ]
    for private in (b"Jane", b"Joe", b"0400", b"video.example", b"csv"):
        assert private not in answer.body
    clinic, problems = reader.read(parse(answer.body), "harbourside", no_file)
    assert clinic is not None, problems
    assert clinic.name == "null"


def no_file(*named: object) -> NoReturn:
    raise AssertionError(f"{named} is asked for")


NOTHING = {"rows": [], "none": [], "repeated": [], "skipped": []}


@pytest.mark.parametrize(
    ("csv", "read"),
    [
        pytest.param(None, {"why": "No such file or directory"}, id="no file"),
        pytest.param(
            "No,Who\n",
            {"why": 'its header lacks the columns "Type", "Booked", "When" and "Room"', "row": "1"},
            id="no such column",
        ),
        pytest.param(
            sheet("Jane,17,Jane,0400,29,A-1,,2026-11-20T15:45"),
            {
                **NOTHING,
                "faults": [
                    {
                        "place": "row 2, column When",
                        "message": "expected a day such as 2026-11-24",
                        "rows": ["2"],
                        "column": "When",
                    }
                ],
            },
            id="no time",
        ),
        pytest.param(
            sheet(",17,Jane,0400,29,A-1,,2026-11-20T15:45"),
            {
                **NOTHING,
                "faults": [
                    {
                        "place": "row 2, column When",
                        "message": "is empty",
                        "rows": ["2"],
                        "column": "When",
                    }
                ],
            },
            id="an empty cell",
        ),
        pytest.param(
            sheet("2026-11-24T09:30,17,Jane,0400,29,A-1,,"),
            {
                **NOTHING,
                "rows": [
                    {
                        "row": "2",
                        "id": "A-1",
                        "practitioner": "17",
                        "pms_type": "29",
                        "starts": "2026-11-24T09:30:00+11:00",
                        "link": "no",
                    }
                ],
                "faults": [],
            },
            id="booked at an unknown time",
        ),
    ],
)
def test_a_day_sheet_that_cannot_be_written_out_stays_there(
    service: Service, csv: str | None, read: dict[str, Any]
) -> None:
    service.write("harbourside.yaml", to_yaml(with_sheet()))
    if csv is not None:
        service.write("exports/sheet.csv", csv)
    assert set(service.listed()["harbourside"]) > {"id"}
    answer = service.ask("/clinics/harbourside")
    document = yaml.load(answer.body, Loader=yaml.BaseLoader)
    named = {"csv": "exports/sheet.csv", "columns": COLUMNS}
    assert document["appointments"] == {**named, "read": read}
    assert b"Jane" not in answer.body
    assert b"0400" not in answer.body


def test_a_day_sheet_outside_the_folder_stays_there(service: Service) -> None:
    (service.folder.parent / "sheet.csv").write_text(SHEET, encoding="utf-8")
    document = with_sheet()
    document["appointments"]["csv"] = "../sheet.csv"
    service.write("harbourside.yaml", to_yaml(document))
    answer = service.ask("/clinics/harbourside")
    assert yaml.load(answer.body, Loader=yaml.BaseLoader)["appointments"]["csv"] == "../sheet.csv"


def test_what_the_pms_lists_in_tables_is_written_out(service: Service) -> None:
    edits = {
        "pms.practitioners": {"csv": "users.csv", "columns": {"id": "No", "name": "Name"}},
        "pms.appointment_types": {
            "csv": "types.csv",
            "columns": {"id": "No", "name": "Name", "active": "Used"},
        },
    }
    service.write("harbourside.yaml", to_yaml(edited(right_clinic(), edits)))
    service.write("users.csv", "No,Name,Notes\n017,Dr Amara Nwosu,Private\n")
    service.write("types.csv", "No,Name,Used\n29,Telehealth Consult,yes\n40,Standard,\n")
    pms = yaml.load(service.ask("/clinics/harbourside").body, Loader=yaml.BaseLoader)["pms"]
    assert pms["practitioners"] == [{"id": "017", "name": "Dr Amara Nwosu"}]
    assert pms["appointment_types"] == [
        {"id": "29", "name": "Telehealth Consult", "active": "true"},
        {"id": "40", "name": "Standard"},
    ]


TABLES = {
    "users.csv": "Title line\nNo,Name,Notes\n17,Dr Amara Nwosu,Private\n#N/A,Jane Roe,Private\n",
    "types.csv": "No,Name\n29,Telehealth Consult\n31,Long\n40,Standard\n",
    "exports/sheet.csv": sheet(
        "2026-11-24T09:30,17,Jane Roe,0400 000 000,29,A-1,,2026-11-20T15:40",
        "2026-11-24T10:00,17,Joe Bloggs,0400 111 222,Telehealth Consult,A-2,yes,",
        "24/11/2026,17,Jane Roe,0400 000 000,29,A-3,,2026-11-20T15:40",
        "2026-11-24T11:00,17,Jane Roe,0400 000 000,40,A-4,,2026-11-20T15:40",
        "2026-11-24T12:00,17,Jane Roe,0400 000 000,29,A-5,cancelled,2026-11-20T15:40",
        ",,Lunch,,,,,",
        "2026-11-24T13:00,Jane Roe,Jane Roe,0400 000 000,29,A-6,,2026-11-20T15:40",
        "2026-11-24T09:30,17,Jane Roe,0400 000 000,29,A-1,,2026-11-20T15:40",
        ",,25 in all,,,,,",
    ),
}
BY_TABLES = {
    "pms.practitioners": {"csv": "users.csv", "columns": {"id": "No", "name": "Name"}},
    "pms.appointment_types": {"csv": "types.csv", "columns": {"id": "No", "name": "Name"}},
    "appointments.skip": {"id": ["A-5", "A-9"]},
}


def told(folder: Folder, id: str) -> dict[tuple[str, str], tuple[object, ...]]:
    """Every judgement of a clinic with what it says."""
    [entry] = folder.fetch([each for each in folder.entries() if each.id == id])
    fleet = Fleet(folder, [entry])
    record = fleet.record(entry)
    assert record.clinic is not None, record.problems
    judge = Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, TERMS)
    return {
        (each.check.id, each.subject.id): (
            each.state,
            [finding.summary for finding in each.findings],
        )
        for each in judge.judgements()
    }


@pytest.mark.parametrize("lost", [(), ("users.csv",), ("types.csv",), tuple(TABLES)])
def test_tables_that_are_not_whole_fail_for_their_reasons_at_the_client(
    service: Service, tmp_path: Path, lost: tuple[str, ...]
) -> None:
    """All other rows and settings are judged, as they are where the files lie."""
    service.write("harbourside.yaml", to_yaml(with_sheet(**BY_TABLES)))
    for name, text in TABLES.items():
        if name not in lost:
            service.write(name, text)
    here = told(Directory(service.folder), "harbourside")
    there = told(LiveFolder(tmp_path / "snapshot", HttpSource(service.origin)), "harbourside")
    assert there == here
    said = str(here["VL007", "harbourside"])
    assert ("users.csv, row 4, column No: holds what a spreadsheet shows" in said) != bool(
        "users.csv" in lost
    )
    body = service.ask("/clinics/harbourside").body
    assert not [word for word in (b"Jane", b"Joe", b"0400", b"Private", b"Lunch") if word in body]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("by", [-3, -2, -1, 1, 2, 3])
def test_a_name_that_has_moved_is_neither_handed_over_nor_kept(
    clinics: Clinics, service: Service, by: int, suffix: str
) -> None:
    moved = [
        "Jane",
        "Roe",
        "2026-11-24T09:30",
        "17",
        "Jane Roe",
        "0400 000 000",
        "29",
        "A-1",
        "",
        "Jane",
    ]
    right = [
        "2026-11-24T10:30",
        "17",
        "Jane Roe",
        "0400 000 000",
        "29",
        "A-2",
        "",
        "2026-11-20T15:40",
    ]
    header = ["When", "Who", "Patient", "Phone", "Type", "No", "Room", "Booked"]
    rows = [header, (["", "", "", *moved])[3 - by :] if by > 0 else moved[-by:], right]
    named = {suffix: f"exports/sheet.{suffix}", "columns": COLUMNS}
    service.write("harbourside.yaml", to_yaml(edited(right_clinic(), {"appointments": named})))
    text = "".join(f"{','.join(row)}\n" for row in rows)
    service.write(f"exports/sheet.{suffix}", text if suffix == "csv" else table_book(rows))
    asked = ("--videolink-clinic=harbourside", f"--videolink-source={service.origin}")
    result = clinics.run(*asked, "-v", "--full-trace", "-l", "--junitxml=j.xml")
    assert result.ret == 1
    files = [each for each in clinics.pytester.path.rglob("*") if each.is_file()]
    assert any(each.name == "harbourside.yaml" for each in files)
    said = [each.read_text(encoding="utf-8", errors="replace") for each in files]
    said += [
        result.stdout.str(),
        result.stderr.str(),
        service.ask("/clinics/harbourside").body.decode(),
    ]
    assert not [word for word in ("Jane", "Roe", "0400") for text in said if word in text]


def test_what_was_read_of_tables_is_kept_in_a_snapshot(clinics: Clinics, service: Service) -> None:
    service.write("harbourside.yaml", to_yaml(with_sheet(**BY_TABLES)))
    for name, text in TABLES.items():
        service.write(name, text)
    asked = "--videolink-clinic=harbourside"
    first = clinics.run(asked, f"--videolink-source={service.origin}", "--videolink-report=1.json")
    again = clinics.run(asked, "--videolink-source=.videolink", "--videolink-report=2.json")
    local = clinics.run(asked, f"--videolink-source={service.folder}", "--videolink-report=3.json")
    assert first.ret == again.ret == local.ret == 1
    reports = [
        json.loads((clinics.pytester.path / f"{each}.json").read_text())["clinics"][0]
        for each in "123"
    ]
    outcomes = [{each["name"]: each["outcome"] for each in report["items"]} for report in reports]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    sheets = [[each for each in r["tables"] if each["of"] == "appointments"] for r in reports]
    assert sheets[0] == sheets[1] == sheets[2]
    [counts] = sheets[0]
    assert (counts["rows"], counts["read"], counts["none"], counts["repeated"]) == (
        9,
        2,
        [7, 10],
        [9],
    )
    assert [each["text"] for each in counts["skipped"]] == ["A-5", "A-9"]
    assert counts["unread"] == [4, 8]
    assert [(each["type"], each["rows"]) for each in counts["left_out"]] == [("Standard", [5])]


@pytest.mark.parametrize(
    "read",
    [
        "x",
        ["x"],
        {},
        {"why": ""},
        {"why": {"x": "y"}},
        {"rows": [{"id": "1"}], "none": [], "repeated": [], "skipped": [], "faults": []},
        {"rows": [{"row": "1"}], "none": [], "repeated": [], "skipped": [], "faults": []},
        {"rows": [{"row": "50001"}], "none": [], "repeated": [], "skipped": [], "faults": []},
        {"rows": [{"row": "2"}] * 2, "none": [], "repeated": [], "skipped": [], "faults": []},
        {"rows": [{"row": "2", "id": []}], "none": [], "repeated": [], "skipped": [], "faults": []},
        {**NOTHING, "faults": [{"place": "", "message": "x", "rows": []}]},
        {**NOTHING, "faults": [{"place": "", "message": "", "rows": ["2"]}]},
        {**NOTHING, "skipped": [{"key": "id", "text": "x", "rows": "all"}], "faults": []},
        {**NOTHING, "none": ["-1"], "faults": []},
    ],
)
def test_what_a_service_may_not_say_of_a_table(read: object) -> None:
    document = with_sheet(**{"appointments.read": read})
    clinic, problems = reader.read(parse(to_yaml(document).encode()), "harbourside", no_file)
    assert clinic is None
    assert [each.message for each in problems] == [
        "read: expected what a service writes here that has the table: rows, none, repeated,"
        " skipped and faults, or why"
    ]


def test_a_row_that_a_service_hands_over_is_read_as_any_other() -> None:
    rows = [{"row": "3", "id": "1", "practitioner": "17", "pms_type": "29", "starts": "Tuesday"}]
    read = {**NOTHING, "rows": rows, "faults": []}
    document = with_sheet(**{"appointments.read": read})
    clinic, problems = reader.read(parse(to_yaml(document).encode()), "harbourside", no_file)
    assert clinic is not None, problems
    assert [fault for table in clinic.tables for fault in table.faults()] == [
        "exports/sheet.csv, row 3, column starts: expected a day such as 2026-11-24"
    ]


@settings(max_examples=50)
@given(
    st.recursive(
        # What cannot be seen (white space, too, but for a space) is refused wherever it stands.
        st.none()
        | st.text(
            st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp"]).filter(
                lambda character: not re.match(f"[{INVISIBLE}]", character)
            )
            | st.just(" "),
            max_size=20,
        ),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_a_document_that_is_written_anew_says_the_same(value: Any) -> None:
    for plain in ({"value": value}, {"value": ["null", "~", "", "0012", "12:30", "No", "<<"]}):
        assert parse(clinic_files._to_yaml(plain)).root.plain() == plain


def test_the_examples_are_judged_as_they_are_from_their_folder(
    examples: Service, tmp_path: Path
) -> None:
    def judged(folder: Folder) -> dict[tuple[str, str, str], str]:
        fleet = Fleet(folder, folder.fetch(folder.entries()))
        found = {}
        for entry in fleet.selected:
            record = fleet.record(entry)
            assert record.clinic is not None, record.problems
            judge = Judge(record.clinic, fleet.neighbours(record.clinic), CATALOGUE, TERMS)
            for each in judge.judgements():
                if each.check.id != "VL007":  # of the tables, which the service writes out
                    found[entry.id, each.check.id, each.subject.id] = each.state.value
        return found

    expected = judged(Directory(EXAMPLES))
    assert judged(LiveFolder(tmp_path, HttpSource(examples.origin))) == expected
    assert len(set(expected.values())) >= 5


# Answers that need not be sent again, or are sent small


@pytest.mark.parametrize("path", ["/clinics", "/clinics?limit=3", "/clinics/bayview"])
def test_whoever_has_the_content_is_not_sent_it_again(examples: Service, path: str) -> None:
    tag = examples.ask(path).headers["ETag"]
    strong = tag.removeprefix("W/")
    for had in (tag, strong, f'"x", {tag}', f'W/"y",{strong},"z"', "*"):
        answer = examples.ask(path, {"If-None-Match": had})
        assert (answer.status, answer.body) == (304, b""), had
        assert answer.headers["ETag"] == tag
    for had in ('"x"', strong[:-2] + '"', strong.strip('"'), ""):
        assert examples.ask(path, {"If-None-Match": had}).status == 200, had


def test_another_content_has_another_tag(service: Service) -> None:
    service.write("a.yaml", to_yaml(right_clinic("a")))
    service.write("b.yaml", to_yaml(right_clinic("b")))
    paths = ("/clinics", "/clinics/a", "/clinics/b")
    before = {path: service.ask(path).headers["ETag"] for path in paths}
    service.write("a.yaml", to_yaml(right_clinic("a", database="OTHER")))
    after = {path: service.ask(path, {"If-None-Match": before[path]}).status for path in before}
    assert after == {"/clinics": 200, "/clinics/a": 200, "/clinics/b": 304}
    assert len(set(before.values())) == 3


@pytest.mark.parametrize("path", ["/clinics", "/clinics/bayview"])
def test_who_accepts_gzip_gets_it(examples: Service, path: str) -> None:
    plain = examples.ask(path)
    small = examples.ask(path, {"Accept-Encoding": "gzip"})
    assert plain.headers["Content-Encoding"] is None
    assert small.headers["Content-Encoding"] == "gzip"
    assert small.headers["Vary"] == "Accept-Encoding"
    assert len(small.body) < len(plain.body)
    assert gzip.decompress(small.body) == plain.body
    assert small.headers["ETag"] == plain.headers["ETag"]
    assert small.headers["Cache-Control"] == "private, no-cache"


def test_head_is_get_without_the_body(examples: Service) -> None:
    got, head = (examples.ask("/clinics/bayview", method=method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == got.headers[name]


# Who is let in


@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        (None, "a Bearer token is needed"),
        ("", "a Bearer token is needed"),
        (TOKEN, "a Bearer token is needed"),
        (f"Basic {TOKEN}", "a Bearer token is needed"),
        ("Bearer", "the token is not the right one"),
        ("Bearer ", "the token is not the right one"),
        ("Bearer wrong-guess", "the token is not the right one"),
        (f"Bearer {TOKEN[:-1]}", "the token is not the right one"),
        (f"Bearer {TOKEN}x", "the token is not the right one"),
        (f"Bearer {TOKEN.upper()}", "the token is not the right one"),
        ("Bearer schl\xfcssel", "the token is not the right one"),
    ],
)
def test_who_has_not_the_token_learns_nothing(
    guarded: Service,
    authorization: str | None,
    detail: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    headers = {} if authorization is None else {"Authorization": authorization}
    answers = [
        guarded.ask(path, headers)
        for path in ("/clinics", "/clinics/bayview", "/clinics/unknown", "/nowhere", "/")
    ]
    assert {(each.status, each.detail) for each in answers} == {(401, detail)}
    assert {each.body for each in answers} == {answers[0].body}
    for each in answers:
        assert each.headers["WWW-Authenticate"].startswith('Bearer realm="clinics"')
        said = f"{each.headers}{each.body!r}"
        assert TOKEN not in said
        assert "wrong-guess" not in said
    assert '"GET /clinics HTTP/1.1" 401' in caplog.text
    assert TOKEN not in caplog.text
    assert "wrong-guess" not in caplog.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_who_has_the_token_is_let_in(
    guarded: Service, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    headers = {"Authorization": f"{scheme} {TOKEN}"}
    for path, status in (
        ("/clinics", 200),
        ("/clinics/bayview", 200),
        ("/clinics/unknown", 404),
        ("/clinics?limit=0", 400),
        ("/nowhere", 404),
    ):
        answer = guarded.ask(path, headers)
        assert answer.status == status
        assert TOKEN not in f"{answer.headers}{answer.body!r}"
    assert '"GET /clinics HTTP/1.1" 200' in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8765"])
def test_without_a_token_this_machine_is_answered(examples: Service, host: str) -> None:
    assert examples.ask("/clinics", {"Host": host}).status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2"])
def test_without_a_token_no_other_name_is_answered(examples: Service, host: str) -> None:
    answer = examples.ask("/clinics", {"Host": host})
    assert answer.status == 403
    assert answer.detail == "without a token, only this machine is answered"


# What there is not


@pytest.mark.parametrize(
    "path",
    [
        "/clinics/../pyproject.toml",
        "/clinics/%2e%2e%2fservice%2fserve.py",
        "/clinics/..%2f..%2fpyproject.toml",
        "/clinics/..",
        "/clinics/%2e%2e",
        "/clinics/.",
        "/clinics/south-australia/quandong-row",
        "/clinics/south-australia%2Fquandong-row",
        "/clinics/bayview.yaml",
        "/clinics/bayview%00",
        "/clinics/BAYVIEW",
        "/clinics/..%5c..%5cpyproject.toml",
        "/clinics/%2Fetc%2Fpasswd",
        "/clinics//etc/passwd",
        "/clinics/exports",
        "/clinics/",
        f"/clinics/{'x' * 300}",
        "//clinics",
        "/",
        "/docs",
    ],
)
def test_only_clinics_are_found(examples: Service, path: str) -> None:
    answer = examples.ask(path)
    assert answer.status == 404
    assert answer.detail in ("there is no such clinic", "Not Found")
    assert answer.headers["Location"] is None


@pytest.mark.parametrize("path", ["/clinics", "/clinics/bayview"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_service_only_reads(examples: Service, method: str, path: str) -> None:
    answer = examples.ask(path, method=method)
    assert answer.status == 405
    assert {each.strip() for each in answer.headers["Allow"].split(",")} == {"GET", "HEAD"}


# The description


@pytest.fixture(scope="module")
def description() -> Any:
    return yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))


def test_the_description_is_valid(description: Any) -> None:
    validate(description)


def found(description: Any, part: Any) -> Any:
    """A part of the description, or what it refers to."""
    if "$ref" not in part:
        return part
    for step in part["$ref"].removeprefix("#/").split("/"):
        description = description[step]
    return description


def test_the_examples_of_the_description_are_valid(description: Any) -> None:
    count = 0
    for path in description["paths"].values():
        for status, answer in path["get"]["responses"].items():
            for media in found(description, answer).get("content", {}).values():
                named = media.get("examples", {}).values()
                examples = [media["example"]] if "example" in media else [e["value"] for e in named]
                assert examples
                validator = OAS31Validator(
                    {**media["schema"], "components": description["components"]}
                )
                for example in examples:
                    validator.validate(example)
                    assert example.get("status", int(status)) == int(status)
                    count += 1
    assert count == 17


@pytest.mark.parametrize(
    "id",
    ["a", "0", "a-b", "x" * 64, "x" * 65, "", "-a", "a-", "a--b", "A", "ä", "a_b", "a.b", "a\n"],
)
def test_the_description_has_the_plugins_rule_of_ids(description: Any, id: str) -> None:
    rule = description["components"]["schemas"]["ClinicId"]
    described = bool(re.search(rule["pattern"].replace("$", r"\Z"), id))
    assert (described and len(id) <= rule["maxLength"]) == is_slug(id)


def test_the_service_keeps_to_the_description(tmp_path: Path) -> None:
    """schemathesis asks all it can think of and holds each answer against the description."""
    folder = tmp_path / "clinics"
    folder.mkdir()
    for id in ("bayview", "harbourside"):
        (folder / f"{id}.yaml").write_text(to_yaml(right_clinic(id)), encoding="utf-8")
    (folder / "karri-tide.json").write_text(json.dumps(right_clinic("karri-tide")), "utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(OPENAPI), "--no-color"]
    bounds = ["--checks=all", "--max-examples=6", "--generation-deterministic"]
    with running(folder, TOKEN) as service:
        run = subprocess.run(
            [
                *command,
                *bounds,
                f"--url={service.origin}",
                f"--header=Authorization:Bearer {TOKEN}",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            timeout=120,
            check=False,
        )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "2 selected / 2 total" in run.stdout
    counted = re.search(r"(\d+) generated, (\d+) passed", run.stdout)
    assert counted is not None, run.stdout
    assert counted[1] == counted[2]
    assert int(counted[1]) > 50


# The command


@pytest.mark.parametrize("token", [None, "", " ", TOKEN])
def test_the_command_serves_and_says_where(token: str | None) -> None:
    with command("examples/clinics", "--port=0", token=token) as process:
        said = said_until_it_listens(process)
        address = re.search(
            r"^8 clinics of examples.clinics on http://127\.0\.0\.1:(\d+)$", said, re.MULTILINE
        )
        assert address is not None, said
        service = Service(int(address[1]), EXAMPLES)
        guarded = token == TOKEN
        assert ("It asks for the token in VIDEOLINK_TOKEN." in said) == guarded
        assert ("it asks for no token and is for this machine alone." in said) == (not guarded)
        assert service.ask("/clinics").status == (401 if guarded else 200)
        assert len(service.ask("/clinics", BEARER).json["clinics"]) == 8
        if os.name != "nt":
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=10)
            assert process.returncode == 0, rest
            assert "Traceback" not in rest
            assert TOKEN not in said + rest


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["examples/clinics", "--host=0.0.0.0"], "0.0.0.0 can be reached from other machines"),
        (["examples/clinics", "--host=::"], ":: can be reached from other machines"),
        (["examples/clinics", "--port=99999"], "cannot listen on 127.0.0.1 port 99999"),
        (["examples/nothing"], "the folder of the clinic files cannot be searched"),
        (["examples/service"], "there is no clinic file in it"),
    ],
)
def test_the_command_says_why_it_does_not_serve(arguments: list[str], why: str) -> None:
    with command(*arguments) as process:
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert why in " ".join(said.split())


def test_the_command_says_that_the_port_is_taken() -> None:
    with ExitStack() as stack:
        taken = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = taken.getsockname()[1]
        process = stack.enter_context(command("examples/clinics", f"--port={port}"))
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in " ".join(said.split())


# The documentation


def exchanges() -> list[tuple[str, str]]:
    """The requests and answers that the page shows."""
    blocks = re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)
    return [(request, answer) for request, _, answer in (each.partition("\n\n") for each in blocks)]


def headers_of(lines: list[str]) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in lines)


def test_the_page_shows_what_is_answered(guarded: Service) -> None:
    """``…`` stands for the token, and for the ETag of the answer before."""
    tag = ""
    for request, shown in exchanges():
        (method, path, _), *asked = request.splitlines()[0].split(), *request.splitlines()[1:]
        headers = headers_of(asked)
        if "Authorization" in headers:
            headers["Authorization"] = headers["Authorization"].replace("…", TOKEN)
        if "If-None-Match" in headers:
            headers["If-None-Match"] = tag
        answer = guarded.ask(path, headers, method)
        head, _, body = shown.partition("\n\n")
        status, *lines = head.splitlines()
        assert status.split()[1] == str(answer.status)
        for name, value in headers_of(lines).items():
            assert fnmatchcase(answer.headers[name], value.replace("…", "*")), name
        if body:
            assert json.loads(body) == answer.json
        tag = answer.headers["ETag"] or tag
    assert len(exchanges()) == 5


@pytest.mark.parametrize("page", ["README.md", "docs/service.md"])
def test_the_command_that_is_named_starts_the_service(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "'.[service]'" in line)
    *_, python, script, folder = shlex.split(line)
    assert (python, PROJECT / script) == (".venv/bin/python", COMMAND)
    with command(folder, "--port=0") as process:
        assert "8 clinics" in said_until_it_listens(process)


def test_a_workbook_is_handed_over_as_yaml(tmp_path: Path) -> None:
    (tmp_path / "harbourside.xlsx").write_bytes(book_of())
    (tmp_path / "wrong.xlsx").write_bytes(b"PK")
    files = clinic_files.ClinicFiles(tmp_path)
    served = files.document("harbourside")
    assert served.media_type == clinic_files.YAML
    clinic, problems = reader.read(parse(served.body), "harbourside", lambda *_: ())
    assert problems == []
    assert clinic is not None
    shown = files.pms("harbourside")
    assert shown is not None
    assert shown["database"] == "HARBOUR-SQL01"
    with pytest.raises(clinic_files.CannotServe, match=r"wrong\.xlsx is no clinic: wrong\.xlsx"):
        files.document("wrong")
