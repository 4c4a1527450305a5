"""Clinics behind a service: what is asked for, what is selected, and what people read."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from service import JSON, YAML, Answer, Handler, Service
from support import Document, edited, right_clinic

from pytest_videolink.reports.shards import part_of
from pytest_videolink.sources.http import library

ALL = "--videolink-clinic=*"
ONE = "--videolink-clinic=harbourside"
Serve = Callable[..., Service]


def clinic(id: str, database: str, *shares: str, **edits: Any) -> Document:
    return edited(right_clinic(id, database), {"pms.shares_database_with": list(shares), **edits})


def run(clinics: Clinics, service: Service, *arguments: str) -> pytest.RunResult:
    return clinics.run(f"--videolink-source={service.url}", *arguments)


def fetched(service: Service) -> set[str]:
    return {path.removeprefix("/clinics/") for path in service.calls if path != "/clinics"}


def test_the_items_are_those_of_a_folder(clinics: Clinics, serve: Serve) -> None:
    bayview = clinic("bayview", "BAY", **{"practitioners.0.accepts_video_appointments": False})
    clinics.write(right_clinic(), bayview)
    service = serve(right_clinic(), bayview)
    here = clinics.outcomes(ALL)
    there = clinics.outcomes(ALL, f"--videolink-source={service.url}")
    assert {id.removeprefix(".videolink/"): each for id, each in there.items()} == here
    assert service.calls == {"/clinics": 1, "/clinics/harbourside": 1, "/clinics/bayview": 1}


def test_the_text_says_where_the_document_is(clinics: Clinics, serve: Serve) -> None:
    service = serve(clinic("harbourside", "DB", **{"pms.connected": False}))
    result = run(clinics, service, ONE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    url = f"{service.url}/clinics/harbourside"
    result.stdout.fnmatch_lines(
        [
            f"videolink: 1 of 1 clinic of {service.url}, checked as of 2026-11-23T09:00+11:00",
            f"  Fetched from      {url}",
            ".videolink/harbourside.yaml:*:*",
            f"  *. Record it in {url}: line *",
            f"  pytest * --videolink-source={service.url}"
            " .videolink/harbourside.yaml::VL103-pms-connected",
            "FAILED .videolink/harbourside.yaml::VL103-pms-connected - *",
        ]
    )


def test_the_command_fetches_again(clinics: Clinics, serve: Serve) -> None:
    wrong = clinic("harbourside", "DB", **{"pms.connected": False})
    service = serve(wrong, clinic("bayview", "BAY"))
    id = ".videolink/harbourside.yaml::VL103-pms-connected"
    assert run(clinics, service, id).ret == pytest.ExitCode.TESTS_FAILED
    service.documents["harbourside"] = service.documents["harbourside"].replace(
        "connected: false", "connected: true"
    )
    result = run(clinics, service, id)
    result.assert_outcomes(passed=1)
    assert fetched(service) == {"harbourside"}


def test_the_ini_may_name_a_service(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    clinics.pytester.makeini(
        f"[pytest]\nvideolink_source = {service.url}\nvideolink_snapshot = kept/here\n"
    )
    assert clinics.run(ONE).ret == pytest.ExitCode.OK
    assert (clinics.pytester.path / "kept/here/harbourside.yaml").is_file()
    result = clinics.run("kept/here/harbourside.yaml::VL103-pms-connected")
    result.assert_outcomes(passed=1)
    assert service.calls["/clinics/harbourside"] == 2


@pytest.mark.parametrize("base", ["", "/", "/api/v1", "/api/v1/"])
def test_the_address_of_the_service(clinics: Clinics, serve: Serve, base: str) -> None:
    service = serve(right_clinic())
    path = base.rstrip("/")
    service.answers[f"{path}/clinics"] = lambda handler: handler.say(service.list())
    service.answers[f"{path}/clinics/harbourside"] = lambda handler: handler.say(
        service.documents["harbourside"].encode(), YAML
    )
    assert clinics.run(ONE, f"--videolink-source={service.url}{base}").ret == pytest.ExitCode.OK


def paged(*pages: tuple[list[str], str | None]) -> dict[str, Answer]:
    """Answers with some pages of ids; the first at ``/clinics``, the others at ``/clinics?pN``."""

    def page(ids: list[str], following: str | None) -> Answer:
        body = json.dumps({"clinics": [{"id": id} for id in ids], "next": following}).encode()
        return lambda handler: handler.say(body)

    return {
        f"/clinics?p{number}" if number else "/clinics": page(*each)
        for number, each in enumerate(pages)
    }


def test_pages(clinics: Clinics, serve: Serve) -> None:
    ids = ["bayview", "cove", "dale", "eastgate", "harbourside"]
    service = serve(*(clinic(id, id.upper()) for id in ids))
    service.answers |= paged(
        (ids[:2], "/clinics?p1"), ([], f"{service.url}/clinics?p2"), (ids[2:], None)
    )
    result = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines([f"videolink: 5 of 5 clinics of {service.url},*"])


FORMATS: dict[str, tuple[str, bool]] = {
    "application/yaml": ("yaml", False),
    "text/yaml; charset=utf-8": ("yaml", False),
    "application/vnd.clinic+yaml": ("yaml", False),
    "application/json": ("json", True),
    "Application/JSON ; charset=UTF-8": ("json", True),
    "application/problem+json": ("json", True),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_formats(clinics: Clinics, serve: Serve, kind: str, packed: bool) -> None:
    suffix, as_json = FORMATS[kind]
    service = serve(right_clinic())
    text = json.dumps(right_clinic()) if as_json else service.documents["harbourside"]

    def answer(handler: Handler) -> None:
        assert handler.headers["Accept-Encoding"] == "gzip"
        if packed:
            # In two members, as some servers pack what they put together.
            raw = gzip.compress(text.encode()[:99]) + gzip.compress(text.encode()[99:])
            handler.say(raw, kind, Content_Encoding="gzip")
        else:
            handler.say(text.encode(), kind)

    service.answers["/clinics/harbourside"] = answer
    assert run(clinics, service, ONE).ret == pytest.ExitCode.OK
    kept = clinics.pytester.path / f".videolink/harbourside.{suffix}"
    assert kept.read_text(encoding="utf-8") == text


def test_httpx2_is_taken_where_it_is_installed() -> None:
    assert library.httpx.__name__ == ("httpx2" if find_spec("httpx2") else "httpx")


# Only what is needed is fetched


NEIGHBOURS: dict[str, tuple[Document, dict[str, Any] | None, bool]] = {
    "another database": (clinic("north", "NORTH"), {}, False),
    "the same database": (clinic("north", "Harbour-sql01 "), {}, True),
    "another system": (clinic("north", "HARBOUR-SQL01", **{"pms.system": "zedmed"}), {}, False),
    "it names the clinic": (clinic("north", "NORTH", "harbourside"), {}, True),
    "no database in the list": (clinic("north", "NORTH"), {"database": None}, True),
    "no system in the list": (clinic("north", "HARBOUR-SQL01"), {"system": None}, True),
    "nothing of the PMS in the list": (clinic("north", "NORTH"), None, True),
}


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_who_is_fetched_besides(clinics: Clinics, serve: Serve, case: str) -> None:
    north, listed, is_fetched = NEIGHBOURS[case]
    service = serve(right_clinic(), north)
    if listed is None:
        del service.listed["north"]
    else:
        service.listed["north"] |= listed
    here, there = Clinics(clinics.pytester, clinics.folder), clinics
    here.write(right_clinic(), north)
    expected = here.outcomes(ONE)
    outcomes = there.outcomes(ONE, f"--videolink-source={service.url}")
    assert {id.removeprefix(".videolink/"): each for id, each in outcomes.items()} == expected
    assert fetched(service) == ({"harbourside", "north"} if is_fetched else {"harbourside"})


def test_a_list_without_the_sharing_clinics(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic(), clinic("north", "NORTH", "harbourside"))
    del service.listed["north"]["shares_database_with"]
    result = run(clinics, service, ONE)
    assert fetched(service) == {"harbourside", "north"}
    result.stdout.fnmatch_lines(["FAILED .videolink/harbourside.yaml::VL402-database-agreed*"])


def test_the_document_counts_where_the_list_says_otherwise(clinics: Clinics, serve: Serve) -> None:
    service = serve(clinic("harbourside", "SHARED"), clinic("north", "SHARED"))
    service.listed["harbourside"]["database"] = "ANOTHER"
    result = run(clinics, service, ONE)
    assert fetched(service) == {"harbourside", "north"}
    result.stdout.fnmatch_lines(["FAILED .videolink/harbourside.yaml::VL402-database-agreed*"])


def test_a_neighbour_that_cannot_be_fetched(clinics: Clinics, serve: Serve) -> None:
    service = serve(clinic("harbourside", "DB", "north"), clinic("north", "DB", "harbourside"))
    service.answers["/clinics/north"] = lambda handler: handler.say(status=404)
    result = run(clinics, service, ONE)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "north.yaml cannot be read, and it may share Harbourside Medical Centre's PMS database",
            "harbourside: UNKNOWN: *",
        ]
    )


# Usage errors

IDS = [
    "../x",
    "C:\\x",
    "nul\0",
    "CON",
    "con",
    "lpt1",
    "a/b",
    "x" * 65,
    "x" * 300,
    "",
    "all",
    "é",
    "ok\u202e",
]


@pytest.mark.parametrize("id", IDS)
def test_an_id_that_is_no_id(clinics: Clinics, serve: Serve, id: str) -> None:
    service = serve(right_clinic())
    before = {path for path in clinics.pytester.path.parent.rglob("*") if path.is_file()}
    service.answers["/clinics"] = lambda handler: handler.say(
        json.dumps({"clinics": [{"id": "harbourside"}, {"id": id}]}).encode()
    )
    result = run(clinics, service, ALL)
    (line,) = filter(None, result.stderr.lines)
    assert line.startswith(
        f"ERROR: the list of clinics at {service.url} is refused: {id[:40]!a} is no id"
    )
    assert line.endswith(
        " is no id of a clinic (lower-case letters, digits and single hyphens, at most 64; no"
        " reserved name)"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert fetched(service) == set()
    assert {path for path in clinics.pytester.path.parent.rglob("*") if path.is_file()} == before


def test_a_clinic_that_is_listed_twice(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    service.answers |= paged((["harbourside"], "/clinics?p1"), (["harbourside"], None))
    result = run(clinics, service, ALL)
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: the list of clinics at {service.url} is refused: it has harbourside twice"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_an_unknown_clinic(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic(), clinic("bayview", "BAY"))
    result = run(clinics, service, "--videolink-clinic=harborside")
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: --videolink-clinic=harborside is no clinic in {service.url}, which has 2 clinics;"
        " nearest: harbourside"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert fetched(service) == set()


@pytest.mark.parametrize("option", ["--help", "--markers", "--videolink-checks"])
def test_what_only_tells_of_the_plugin_fetches_nothing(
    clinics: Clinics, serve: Serve, option: str
) -> None:
    service = serve(right_clinic())
    assert run(clinics, service, ALL, option).ret == pytest.ExitCode.OK
    assert service.calls == {}


# Shards


def test_the_parts_are_the_whole(clinics: Clinics, serve: Serve) -> None:
    ids = [f"clinic-{letter}" for letter in "abcdefg"]
    service = serve(*(clinic(id, id.upper()) for id in ids))
    source = f"--videolink-source={service.url}"
    whole = clinics.outcomes(ALL, source)
    parts: dict[str, str] = {}
    for part in range(1, 4):
        service.calls.clear()
        outcomes = clinics.outcomes(ALL, source, f"--videolink-shard={part}/3")
        assert not set(outcomes) & set(parts)
        parts |= outcomes
        assert fetched(service) == {id for id in ids if part_of(id, 3) == part}
    assert parts == whole


def test_an_empty_part_fetches_nothing(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    result = run(clinics, service, ALL, "--videolink-shard=1/2")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["Part 1/2 holds no clinic: there is nothing to check in it."])
    assert fetched(service) == set()


# How it is fetched


def test_sixteen_at_a_time_over_connections_that_last(clinics: Clinics, serve: Serve) -> None:
    ids = [f"clinic-{number}" for number in range(60)]
    service = serve(*(clinic(id, id.upper()) for id in ids))
    lock, sixteen = threading.Lock(), threading.Event()
    now, most, connections = [0], [0], set()

    def together(id: str) -> Answer:
        def answer(handler: Handler) -> None:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
                connections.add(handler.client_address)
                if now[0] == 16:
                    sixteen.set()
            sixteen.wait(5)
            with lock:
                now[0] -= 1
            handler.say(service.documents[id].encode(), YAML)

        return answer

    service.answers |= {f"/clinics/{id}": together(id) for id in ids}
    assert run(clinics, service, ALL, "-q").ret == pytest.ExitCode.OK
    assert most[0] == 16
    assert len(connections) <= 16


@pytest.mark.skipif(os.name == "nt", reason="a terminal of its own needs POSIX")
def test_a_line_on_a_terminal_says_how_far_it_is(clinics: Clinics, serve: Serve) -> None:
    import pty

    service = serve(right_clinic(), clinic("bayview", "BAY"))
    command = [sys.executable, "-m", "pytest", "-p", "videolink", CLOCK, ALL]
    ours, theirs = pty.openpty()
    with open(ours, "rb", buffering=0) as terminal:
        result = subprocess.run(
            [*command, f"--videolink-source={service.url}"],
            cwd=clinics.pytester.path,
            stdout=subprocess.PIPE,
            stderr=theirs,
            check=True,
        )
        os.close(theirs)
        shown = terminal.read(10_000).decode()
    assert shown == (
        "\rvideolink: 1 of 2 documents fetched\rvideolink: 2 of 2 documents fetched\r\n"
    )
    assert b"documents fetched" not in result.stdout


def test_without_a_terminal_there_is_no_such_line(clinics: Clinics, serve: Serve) -> None:
    assert "fetched" not in str(run(clinics, serve(right_clinic()), ALL).stderr)


def test_json_with_a_place(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    text = json.dumps(clinic("harbourside", "DB", **{"pms.connected": False}), indent=2)
    service.answers["/clinics/harbourside"] = lambda handler: handler.say(text.encode(), JSON)
    line = text.splitlines().index('    "connected": false,') + 1
    run(clinics, service, ONE).stdout.fnmatch_lines([f".videolink/harbourside.json:{line}:18"])
