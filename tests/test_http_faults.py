"""What becomes of a run when the service behind it fails: each fault over a real socket."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import trustme
from conftest import Clinics
from service import JSON, YAML, Answer, Handler, Service
from support import ITEMS, Document, edited, right_clinic, to_yaml

from pytest_videolink.sources.http import source
from pytest_videolink.sources.http.limits import Limits

TOKEN = "planted-t0ken-8675309"
LIMITS = Limits(
    connect=2,
    silence=2,
    call=3,
    total=20,
    tries=3,
    wait=0.4,
    size=100_000,
    together=300_000,
    pages=20,
)
ALL = "--videolink-clinic=*"
Serve = Callable[..., Service]


@pytest.fixture(autouse=True)
def _limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LIMITS", LIMITS)
    monkeypatch.setenv("VIDEOLINK_TOKEN", TOKEN)


def bayview(**edits: object) -> Document:
    return edited(right_clinic("bayview", "BAY"), edits)


def partly(kind: str = YAML, *, chunked: bool = False) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"5\r\nvideo\r\n" if chunked else b"videolink: 1\n")
        handler.reset()

    return answer


def drip(*, in_headers: bool) -> Answer:
    def answer(handler: Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/yaml\r\n")
        handler.wfile.write(b"X-Slow: " if in_headers else b"Content-Length: 5000\r\n\r\n")
        while not handler.server.service.over.wait(0.1):
            handler.wfile.write(b"#")

    return answer


def endless(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/yaml\r\n\r\n")
    while not handler.server.service.over.is_set():
        handler.wfile.write(b"# and so on\n" * 1000)


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.say(b"a page of the proxy", "text/html", code, **headers)


def said(body: str | bytes, kind: str, **headers: str) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.say(raw, kind, **headers)


def moved(to: str) -> Answer:
    return lambda handler: handler.say(status=302, Location=to)


BOMB = gzip.compress(b"#" * 50_000_000)
RIGHT = to_yaml(bayview())
BROKE = "the connection broke off ({url}), 3 tries"

# A fault of one clinic's document, what people read of it, and how often the service was asked.
FAULTS: dict[str, tuple[Answer, str, int]] = {
    "closed at once": (Handler.reset, BROKE, 3),
    "reset in the middle of a body": (partly(), BROKE, 3),
    "reset in the middle of a chunk": (partly(chunked=True), BROKE, 3),
    "silent for ever": (Handler.wait, "the service was silent for 2 seconds ({url})", 1),
    "a drip of headers": (
        drip(in_headers=True),
        "the answer was not complete within 3 seconds ({url})",
        1,
    ),
    "a drip of the body": (
        drip(in_headers=False),
        "the answer was not complete within 3 seconds ({url})",
        1,
    ),
    "not HTTP": (
        lambda handler: (handler.wfile.write(b"\x00\x01 nonsense\r\n\r\n"), handler.reset())[1],
        BROKE,
        3,
    ),
    "401": (
        status(401),
        "the service answered 401 Unauthorized to the token in VIDEOLINK_TOKEN ({url})",
        1,
    ),
    "403": (
        status(403),
        "the service answered 403 Forbidden to the token in VIDEOLINK_TOKEN ({url})",
        1,
    ),
    "404": (status(404), "the service answered 404 Not Found ({url})", 1),
    "500": (status(500), "the service answered 500 Internal Server Error ({url})", 1),
    "299": (status(299), "the service answered 299 ({url})", 1),
    "429": (status(429), "the service answered 429 Too Many Requests ({url}), 3 tries", 3),
    "429, wait for an hour": (
        status(429, Retry_After="3600"),
        "the service answered 429 Too Many Requests and asks to wait 3,600 seconds, more than the"
        " 0.4 of a run ({url})",
        1,
    ),
    "503, come back next century": (
        status(503, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT"),
        "the service answered 503 Service Unavailable and asks to wait",
        1,
    ),
    "503, wait for nonsense": (
        status(503, Retry_After="soon"),
        "the service answered 503 Service Unavailable ({url}), 3 tries",
        3,
    ),
    "502": (status(502), "the service answered 502 Bad Gateway ({url}), 3 tries", 3),
    "504": (status(504), "the service answered 504 Gateway Timeout ({url}), 3 tries", 3),
    "HTML": (
        said("<h1>Log in</h1>", "text/html; charset=utf-8"),
        "the service calls its answer text/html, and not application/yaml or JSON ({url})",
        1,
    ),
    "no content type": (
        said(RIGHT, ""),
        "the service calls its answer nothing, and not application/yaml or JSON ({url})",
        1,
    ),
    "gzip bomb": (
        said(BOMB, YAML, Content_Encoding="gzip"),
        "the answer has more than 100,000 bytes ({url})",
        1,
    ),
    "endless": (endless, "the answer has more than 100,000 bytes ({url})", 1),
    "gzip that is none": (
        said(RIGHT, YAML, Content_Encoding="gzip"),
        "the answer is called gzip and is none ({url})",
        1,
    ),
    "gzip that breaks off": (
        said(gzip.compress(RIGHT.encode())[:-9], YAML, Content_Encoding="gzip"),
        "the answer broke off ({url}), 3 tries",
        3,
    ),
    "brotli": (
        said(RIGHT, YAML, Content_Encoding="br"),
        "the service packs its answer as br, not as gzip ({url})",
        1,
    ),
    "redirect loop": (
        moved("/clinics/bayview"),
        "the service redirects more than 5 times ({url})",
        6,
    ),
    "redirect to another protocol": (
        moved("ftp://127.0.0.1/clinics"),
        "the service redirects to another origin, ftp://127.0.0.1 ({url})",
        1,
    ),
    "redirect to no address": (
        moved("http://[::1"),
        "the service redirects to an address that is none ({url})",
        1,
    ),
    "redirect to a host without a name": (
        moved("http://xn--a/"),
        "the service redirects to another origin, http://xn--a ({url})",
        1,
    ),
    "redirect to an address of the sixth version": (
        moved("http://[::1]:9/"),
        "the service redirects to another origin, http://[::1]:9 ({url})",
        1,
    ),
    "the token in an address": (
        moved(f"http://{TOKEN}.example/"),
        "the answer holds the token, so it is not read ({url})",
        1,
    ),
    "the token in a content type": (
        said(RIGHT, f"text/{TOKEN}"),
        "the answer holds the token, so it is not read ({url})",
        1,
    ),
    "the token in the answer": (
        said(f"{RIGHT}# {TOKEN}\n", YAML),
        "the answer holds the token, so it is not read ({url})",
        1,
    ),
}


def run(clinics: Clinics, service: Service, *arguments: str) -> tuple[pytest.RunResult, str]:
    """Run on a service; the token must appear nowhere, in what is printed or written."""
    result = clinics.run(f"--videolink-source={service.url}", "-p", "no:cacheprovider", *arguments)
    text = f"{result.stdout}\n{result.stderr}"
    files = [file for file in clinics.pytester.path.rglob("*") if file.is_file()]
    assert TOKEN not in text
    assert [file for file in files if TOKEN.encode() in file.read_bytes()] == []
    return result, text


def joined(text: str) -> str:
    """A text without its line breaks and indents."""
    return " ".join(text.split())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_clinic_that_cannot_be_fetched(clinics: Clinics, serve: Serve, fault: str) -> None:
    answer, sentence, calls = FAULTS[fault]
    service = serve(right_clinic(), bayview())
    service.answers["/clinics/bayview"] = answer
    started = time.monotonic()
    result, text = run(clinics, service, ALL)
    assert time.monotonic() - started < LIMITS.total
    url = f"{service.url}/clinics/bayview"
    said = f"The record of bayview cannot be read: it could not be fetched: {sentence}"
    first = [line for line in text.splitlines() if line.startswith(said.format(url=url))]
    assert len(first) == 1
    assert url in first[0]
    assert f"Put it right at {url}, or have it put right by whoever runs it;" in joined(text)
    assert service.calls["/clinics/bayview"] == calls
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1, passed=ITEMS)
    assert f"--videolink-source={service.url} --videolink-clinic=bayview -k VL001" in text
    assert "bayview: UNKNOWN" in text
    assert "harbourside: READY" in text
    assert not (clinics.pytester.path / ".videolink/bayview.yaml").exists()


PASSING: dict[str, Answer] = {
    "503": status(503),
    "503, wait a moment": status(503, Retry_After="0"),
    "429, wait until a time that has passed": status(429, Retry_After="Mon, 01 Jan 2024 00:00 GMT"),
    "reset": partly(),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes(clinics: Clinics, serve: Serve, fault: str) -> None:
    service = serve(right_clinic())

    def answer(handler: Handler) -> None:
        right = said(service.documents["harbourside"], YAML)
        (PASSING[fault] if handler.calls < 3 else right)(handler)

    service.answers["/clinics/harbourside"] = answer
    result, _ = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    assert service.calls["/clinics/harbourside"] == 3


def test_what_the_service_asks_to_wait_is_waited(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LIMITS", Limits(wait=5))
    service = serve(right_clinic())
    times: list[float] = []

    def answer(handler: Handler) -> None:
        times.append(time.monotonic())
        right = said(service.documents["harbourside"], YAML)
        (status(429, Retry_After="1") if handler.calls == 1 else right)(handler)

    service.answers["/clinics/harbourside"] = answer
    result, _ = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    assert times[1] - times[0] >= 1


# A document that is no clinic document is not kept, and its problems are said.
BROKEN: dict[str, tuple[str, str, str]] = {
    "truncated JSON": ('{"videolink": 1, "clinic": ', JSON, "/clinics/bayview:1:28"),
    "another clinic": (
        RIGHT.replace("clinic: bayview", "clinic: harbourside"),
        YAML,
        "/clinics/bayview:2:9",
    ),
    "a patient's name": (
        f"{RIGHT}appointments:\n- {{id: '1', patient: Mary Quinn}}\n",
        YAML,
        "patient",
    ),
    "nothing": ("", YAML, "the file is empty"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_document_that_is_none(clinics: Clinics, serve: Serve, fault: str) -> None:
    text, kind, expected = BROKEN[fault]
    service = serve(right_clinic(), bayview())
    service.answers["/clinics/bayview"] = said(text, kind)
    result, shown = run(clinics, service, ALL)
    result.assert_outcomes(failed=1, passed=ITEMS)
    assert expected in joined(shown)
    kept = b"".join(
        file.read_bytes() for file in clinics.pytester.path.rglob("*") if file.is_file()
    )
    assert b"Mary Quinn" not in kept
    assert "Mary Quinn" not in shown
    assert not list(clinics.pytester.path.glob(".videolink/bayview.*"))


def test_a_day_sheet_that_is_not_handed_over(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic(), bayview())
    service.answers["/clinics/bayview"] = said(
        f"{RIGHT}appointments: {{csv: day.csv, columns: {{id: a, practitioner: b, pms_type: c,"
        " created: d, starts: e, link: f}}\n",
        YAML,
    )
    result, shown = run(clinics, service, ALL)
    result.assert_outcomes(failed=1, passed=2 * ITEMS)
    assert "FAILED .videolink/bayview.yaml::VL007-tables-readable" in shown
    assert "a document that is fetched has to hold what it lists itself" in joined(shown)


# Faults of the list end the run.


def pages(length: int = 0) -> Answer:
    """One page after another, of so many bytes at least."""

    def answer(handler: Handler) -> None:
        service = handler.server.service
        number = int(handler.path.partition("=")[2] or 0)
        following = f"/clinics?page={number + 1}"
        service.answers[following] = answer
        page = {"clinics": [], "next": following, "more": "x" * length}
        handler.say(json.dumps(page).encode())

    return answer


def listed(*rows: object, next: object = None) -> Answer:
    return said(json.dumps({"clinics": rows, "next": next}), JSON)


LISTS: dict[str, tuple[Answer, str, int]] = {
    "404": (status(404), "the service answered 404 Not Found ({url})", 1),
    "401": (
        status(401),
        "the service answered 401 Unauthorized to the token in VIDEOLINK_TOKEN ({url})",
        1,
    ),
    "reset": (partly(JSON), BROKE, 3),
    "silent": (Handler.wait, "the service was silent for 2 seconds ({url})", 1),
    "HTML": (
        said("<h1>Log in</h1>", "text/html"),
        "the service calls its answer text/html, and not application/json ({url})",
        1,
    ),
    "truncated": (said('{"clinics": [', JSON), "the answer is no JSON ({url})", 1),
    "too deep": (said("[" * 50_000, JSON), "the answer is no JSON ({url})", 1),
    "a list": (said("[]", JSON), "the answer is not an object ({url})", 1),
    "no clinics": (said("{}", JSON), "clinics is not a list ({url})", 1),
    "a clinic without an id": (listed({}), "clinics.0.id is not a text ({url})", 1),
    "a clinic by number": (listed({"id": 7}), "clinics.0.id is not a text ({url})", 1),
    "a database by number": (
        listed({"id": "bayview", "pms": {"database": 7}}),
        "clinics.0.pms.database is not a text ({url})",
        1,
    ),
    "endless pages": (pages(), "it has more than 20 pages ({url})", 1),
    "large pages": (pages(90_000), "it has more than 300,000 bytes ({url})", 1),
    "a page that names itself": (
        listed(next="/clinics"),
        "a page names itself, or one before it, as the next ({url})",
        1,
    ),
    "a page elsewhere": (
        listed(next="http://127.0.0.1:1/clinics"),
        "it names a next page on another origin, http://127.0.0.1:1 ({url})",
        1,
    ),
    "a page of a host without a name": (
        listed(next="http://xn--a/clinics"),
        "it names a next page on another origin, http://xn--a ({url})",
        1,
    ),
    "a page of no address": (
        listed(next="/clinics?\ud800"),
        "the address of the next page cannot be read ({url})",
        1,
    ),
    "a page by number": (listed(next=2), "next is not a text ({url})", 1),
    "the token as an id": (
        listed({"id": TOKEN}),
        "the answer holds the token, so it is not read ({url})",
        1,
    ),
}


@pytest.mark.parametrize("fault", LISTS)
def test_a_list_that_cannot_be_had(clinics: Clinics, serve: Serve, fault: str) -> None:
    answer, sentence, calls = LISTS[fault]
    service = serve(right_clinic())
    service.answers["/clinics"] = answer
    result, text = run(clinics, service, ALL)
    url = f"{service.url}/clinics"
    expected = f"ERROR: the list of clinics cannot be had: {sentence.format(url=url)}"
    assert [line for line in text.splitlines() if line.strip()] == [expected]
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert service.calls["/clinics"] == calls
    assert service.calls["/clinics/harbourside"] == 0


def test_an_empty_list(clinics: Clinics, serve: Serve) -> None:
    service = serve()
    result, text = run(clinics, service, ALL)
    assert text.strip() == f"ERROR: there is no clinic in the list of {service.url}"
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_nobody_listens(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    service.close()
    result, text = run(clinics, service, ALL)
    assert text.strip() == (
        "ERROR: the list of clinics cannot be had: the service cannot be reached: connection"
        f" refused ({service.url}/clinics), 3 tries"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_no_such_host(clinics: Clinics) -> None:
    result = clinics.run(ALL, "--videolink-source=https://clinics.invalid/api")
    (line,) = filter(None, result.stderr.lines)
    assert line.startswith(
        "ERROR: the list of clinics cannot be had: the service cannot be reached: "
    )
    assert line.endswith(" (https://clinics.invalid/api/clinics), 3 tries")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_host_whose_letters_stand_for_nothing(clinics: Clinics) -> None:
    """httpx does not ask it, httpx2 looks for it."""
    result = clinics.run(ALL, "--videolink-source=https://xn--a.invalid")
    (line,) = filter(None, result.stderr.lines)
    assert line.startswith(
        (
            "ERROR: the address of the source is no URL: ",
            "ERROR: the list of clinics cannot be had: the service cannot be reached: ",
        )
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR


# Where the token goes


@pytest.mark.parametrize("path", ["/clinics", "/clinics/harbourside"])
def test_a_redirect_to_another_origin(clinics: Clinics, serve: Serve, path: str) -> None:
    other = serve(right_clinic())
    service = serve(right_clinic())
    service.answers[path] = moved(f"{other.url}{path}?token=abc")
    result, text = run(clinics, service, ALL)
    assert f"the service redirects to another origin, {other.url} (" in joined(text)
    assert "token=abc" not in text
    assert other.calls == {}
    assert result.ret != pytest.ExitCode.OK


def test_a_redirect_within_the_origin_takes_the_token_along(clinics: Clinics, serve: Serve) -> None:
    service = serve(right_clinic())
    service.answers["/clinics/harbourside"] = moved("/v2/harbourside")
    service.answers["/v2/harbourside"] = said(service.documents["harbourside"], YAML)
    result, _ = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    assert {headers["Authorization"] for _, headers in service.headers} == {f"Bearer {TOKEN}"}


def test_a_password_in_an_address_of_the_service_is_neither_sent_nor_shown(
    clinics: Clinics, serve: Serve
) -> None:
    """A client would send it in the place of the token."""
    service = serve(right_clinic(), bayview())
    there = service.url.replace("http://", "http://me:hunter2@")
    service.answers["/clinics"] = listed({"id": "harbourside"}, next=f"{there}/clinics?page=1")
    service.answers["/clinics?page=1"] = listed({"id": "bayview"}, next=f"{there}/none")
    result, text = run(clinics, service, ALL)
    assert text.strip() == (
        "ERROR: the list of clinics cannot be had: the service answered 404 Not Found"
        f" ({service.url}/none)"
    )
    service.answers["/clinics?page=1"] = listed({"id": "bayview"})
    service.answers["/clinics/bayview"] = moved(f"{there}/v2/bayview")
    service.answers["/v2/bayview"] = said(service.documents["bayview"], YAML)
    result, text = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    assert "hunter2" not in text
    assert {headers["Authorization"] for _, headers in service.headers} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize("host", ["clinics.example", "10.0.0.7", "127.0.0.1.example", "0.0.0.0"])
def test_no_token_over_plain_http(clinics: Clinics, host: str) -> None:
    result = clinics.run(ALL, f"--videolink-source=http://{host}/api")
    assert [*filter(None, result.stderr.lines)] == [
        f"ERROR: VIDEOLINK_TOKEN would be sent unencrypted to http://{host}/api: use https://"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize("token", ["two words", "a\nb", "schl\u00fcssel", "\x1b[31m"])
def test_a_token_that_is_none(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("VIDEOLINK_TOKEN", token)
    service = serve(right_clinic())
    result = clinics.run(ALL, f"--videolink-source={service.url}")
    assert [*filter(None, result.stderr.lines)] == [
        "ERROR: VIDEOLINK_TOKEN is no token: it has spaces or other characters"
    ]
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert service.calls == {}


def test_without_a_token(clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEOLINK_TOKEN", " ")
    service = serve(right_clinic())
    assert run(clinics, service, ALL)[0].ret == pytest.ExitCode.OK
    assert all("Authorization" not in headers for _, headers in service.headers)
    service.answers["/clinics"] = status(401)
    assert "answered 401 Unauthorized: set VIDEOLINK_TOKEN (" in run(clinics, service, ALL)[1]


ADDRESSES = {
    "https://me:pass@clinics.example": "the address of the source holds a name or a password: leave"
    " them out, and give the token in the environment as VIDEOLINK_TOKEN",
    "https://clinics.example/?key=pass": "the address of the source holds ? or #: give it without,"
    " and the token in the environment as VIDEOLINK_TOKEN",
    "https://clinics.example/#pass": "the address of the source holds ? or #: give it without,"
    " and the token in the environment as VIDEOLINK_TOKEN",
    "https:///pass": "the address of the source names no host: https:///pass",
    "https://clinics.example:pass/": "the address of the source is no URL: check"
    " --videolink-source",
    **dict.fromkeys(
        ("https://clinics.example:65536/", "https://clinics.example/\udcff"),
        "the address of the source is no URL: check --videolink-source",
    ),
    "halo://pass@clinics": "no plugin that is installed knows the source halo://: expected a"
    " folder, or an address that begins with https:// or http://",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_cannot_be_used(clinics: Clinics, address: str) -> None:
    result = clinics.run(ALL, f"--videolink-source={address}")
    assert [*filter(None, result.stderr.lines)] == [f"ERROR: {ADDRESSES[address]}"]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_environment_names_no_proxy_and_no_password(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("VIDEOLINK_TOKEN")
    proxy = serve()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    service = serve(right_clinic())
    assert run(clinics, service, ALL)[0].ret == pytest.ExitCode.OK
    assert proxy.calls == {}
    assert all("Authorization" not in headers for _, headers in service.headers)


# Certificates


def context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    return tls


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """An authority that the machine trusts through SSL_CERT_FILE."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


def test_a_certificate_that_is_trusted(
    clinics: Clinics, serve: Serve, authority: trustme.CA
) -> None:
    service = serve(right_clinic(), tls=context(authority.issue_cert("localhost")))
    result, _ = run(clinics, service, ALL)
    assert result.ret == pytest.ExitCode.OK
    assert {headers["Authorization"] for _, headers in service.headers} == {f"Bearer {TOKEN}"}


def self_signed() -> trustme.LeafCert:
    own = trustme.CA()
    return trustme.LeafCert(own.private_key_pem.bytes(), own.cert_pem.bytes(), [])


CERTIFICATES: dict[str, tuple[Callable[[trustme.CA], trustme.LeafCert], str]] = {
    "expired": (
        lambda authority: authority.issue_cert(
            "localhost", not_after=datetime.now(timezone.utc) - timedelta(days=1)
        ),
        "certificate has expired",
    ),
    "of an unknown authority": (
        lambda _: trustme.CA().issue_cert("localhost"),
        "unable to get local issuer certificate",
    ),
    "self-signed": (
        lambda _: self_signed(),
        "self-signed certificate",
    ),
    "of another host": (
        lambda authority: authority.issue_cert("elsewhere.example"),
        "Hostname mismatch, certificate is not valid for 'localhost'",
    ),
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_certificate_that_is_not_trusted(
    clinics: Clinics, serve: Serve, authority: trustme.CA, kind: str
) -> None:
    make, problem = CERTIFICATES[kind]
    service = serve(right_clinic(), tls=context(make(authority)))
    result, text = run(clinics, service, ALL)
    assert text.strip() == (
        "ERROR: the list of clinics cannot be had: its certificate is not trusted:"
        f" {problem} ({service.url}/clinics)"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert service.headers == []


def test_a_service_that_takes_connections_and_no_more(clinics: Clinics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://localhost:{listener.getsockname()[1]}"
        result = clinics.run(ALL, f"--videolink-source={url}")
    (line,) = filter(None, result.stderr.lines)
    assert line == (
        "ERROR: the list of clinics cannot be had: no connection within 2 seconds"
        f" ({url}/clinics), 3 tries"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_service_without_tls(clinics: Clinics, serve: Serve) -> None:
    url = serve(right_clinic()).url.replace("http:", "https:")
    result = clinics.run(ALL, f"--videolink-source={url}")
    (line,) = filter(None, result.stderr.lines)
    assert re.fullmatch(
        r"ERROR: the list of clinics cannot be had: the service does not speak TLS as it should:"
        rf" [a-z ]+ \({url}/clinics\), 3 tries",
        line,
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_service_that_ends_the_handshake(
    clinics: Clinics, serve: Serve, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older libraries for TLS have no name for it."""

    def ended(_: ssl.SSLObject) -> None:
        fault = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
        fault.reason = None  # type: ignore[assignment]  # which typeshed does not know of
        raise fault

    monkeypatch.setattr(ssl.SSLObject, "do_handshake", ended)
    service = serve(right_clinic(), tls=context(authority.issue_cert("localhost")))
    result, text = run(clinics, service, ALL)
    assert text.strip() == (
        "ERROR: the list of clinics cannot be had: the service does not speak TLS as it should:"
        f" it gives no reason ({service.url}/clinics), 3 tries"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR


AUTHORITIES = {
    "not there": (None, "no such file or directory"),
    "no certificate": ("harbourside\n", "no certificate or crl found"),
}


@pytest.mark.parametrize("case", AUTHORITIES)
def test_authorities_that_cannot_be_read(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: str
) -> None:
    content, why = AUTHORITIES[case]
    if content is not None:
        (tmp_path / "own.pem").write_text(content, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "own.pem"))
    result = clinics.run(ALL, "--videolink-source=https://localhost")
    (line,) = filter(None, result.stderr.lines)
    assert line == f"ERROR: no certificate authority can be read from SSL_CERT_FILE: {why}"
    assert result.ret == pytest.ExitCode.USAGE_ERROR


# Bounds of the whole


def test_all_documents_together_have_their_time(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LIMITS", Limits(total=1, at_once=2))
    documents = [right_clinic(f"slow-{number}", f"DB-{number}") for number in range(4)]
    service = serve(right_clinic(), *documents)
    for document in documents:
        service.answers[f"/clinics/{document['clinic']}"] = Handler.wait
    started = time.monotonic()
    result, text = run(clinics, service, ALL)
    assert time.monotonic() - started < 6
    assert "all documents together took longer than 1 seconds: check fewer at a" in joined(text)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=4, passed=ITEMS)


def test_all_documents_together_have_their_room(
    clinics: Clinics, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LIMITS", Limits(together=50_000, at_once=1))
    documents = [right_clinic(f"large-{number}", f"DB-{number}") for number in range(4)]
    service = serve(*documents)
    for id, text in service.documents.items():
        service.documents[id] = f"{text}#{'x' * 20_000}\n"
    result, text = run(clinics, service, ALL)
    assert "all documents together have more than 50,000 bytes: check fewer at a" in joined(text)
    assert sum(service.calls[f"/clinics/{id}"] for id in service.documents) == 3
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=2, passed=2 * ITEMS)


def test_the_bounds_are_those_of_the_docs() -> None:
    page = (Path(__file__).parent.parent / "docs/service.md").read_text(encoding="utf-8")
    bounds = page.partition("Every call is bounded:")[2].partition("A service that asks")[0]
    written = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", bounds)]
    limits = Limits()
    assert written == [
        limits.connect,
        limits.silence,
        limits.redirects,
        limits.call,
        limits.total,
        limits.tries,
        limits.wait,
        limits.wait / 4,
        limits.size,
        limits.together,
        limits.pages,
    ]
    assert f"{limits.at_once} at a time" in page
