"""Clinics behind a service of the group's own, over HTTP(S).

``GET {base}/clinics`` lists them, page by page; ``GET {base}/clinics/{id}`` is a clinic's document.
The contract stands in ``docs/openapi.yaml``, the bounds of every call in :class:`Limits`.
"""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from queue import SimpleQueue
from typing import Any, TypeVar

import anyio
import httpx
from anyio.from_thread import start_blocking_portal
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from pytest_videolink.record.document import MAX_BYTES
from pytest_videolink.record.text import clean, plural
from pytest_videolink.sources.source import Fetched, Listed, SourceError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of a fetch; times in seconds.

    ``silence`` is how long an answer may pause, ``call`` how long one call may take with all of its
    redirects, ``total`` how long the list, or all documents together, may take with every try.
    ``wait`` bounds one wait between tries: a service that asks for a longer one is not waited for.
    ``size`` is what one answer may have and ``together`` what the list, or all documents together,
    may have, in bytes after decompression.
    """

    connect: float = 5
    silence: float = 10
    call: float = 30
    total: float = 300
    tries: int = 4
    wait: float = 20
    size: int = MAX_BYTES
    together: int = 64 * MAX_BYTES
    pages: int = 1000
    redirects: int = 5
    at_once: int = 16


LIMITS = Limits()

_AGAIN = (429, 502, 503, 504)
_JSON = ("application/json",)
_YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")


class _Fault(Exception):
    """Why an answer cannot be used: a clause without a subject's capital or a full stop."""


class _Passing(_Fault):
    """A fault that may have passed by the next try. ``wait`` is what the service asks for."""

    def __init__(self, message: str, wait: float = 0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class _Answer:
    url: httpx.URL
    media: str
    body: bytes


class HttpSource:
    """A service that lists clinics and hands over their documents.

    ``token`` is sent as a Bearer token to the service's own origin (scheme, host and port) and
    nowhere else, and over plain HTTP only to this machine. Certificates are verified, against
    ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` where they are set. Nothing else is taken from the
    environment: no proxy, no ``.netrc``.

    Raises :class:`SourceError` for an address that cannot be used; the message does not repeat what
    may be a secret in it.
    """

    def __init__(self, location: str, token: str = "", limits: Limits | None = None) -> None:
        self._base = _base(location)
        self.location = str(self._base).rstrip("/")
        self._token = token.strip()
        self._limits = limits or LIMITS
        if self._token:
            if not (self._token.isascii() and self._token.isprintable()) or " " in self._token:
                raise SourceError("VIDEOLINK_TOKEN is no token: it has spaces or other characters")
            if self._base.scheme == "http" and not _is_this_machine(self._base.host):
                raise SourceError(
                    f"VIDEOLINK_TOKEN would be sent unencrypted to {self.location}: use https://"
                )

    def clinics(self) -> list[Listed]:
        with start_blocking_portal() as portal:
            try:
                return portal.call(self._list)
            except _Fault as fault:
                raise SourceError(f"the list of clinics cannot be had: {fault}") from None

    def documents(self, ids: Sequence[str]) -> Iterator[Fetched]:
        arrived: SimpleQueue[Fetched | None] = SimpleQueue()
        with start_blocking_portal() as portal:
            task = portal.start_task_soon(self._fetch, ids, arrived.put)
            task.add_done_callback(lambda _: arrived.put(None))
            while (fetched := arrived.get()) is not None:
                yield fetched
            task.result()

    # What is asked for

    async def _list(self) -> list[Listed]:
        url = self._url("clinics")
        seen: set[httpx.URL] = set()
        listed: list[Listed] = []
        room = self._limits.together
        page: httpx.URL | None = url
        with anyio.move_on_after(self._limits.total):
            async with self._client() as client:
                while page is not None:
                    if page in seen:
                        raise _Fault(f"a page names itself, or one before it, as the next ({page})")
                    if len(seen) == self._limits.pages:
                        raise _Fault(f"it has more than {self._limits.pages:,} pages ({url})")
                    seen.add(page)
                    answer = await self._get(client, page, _JSON)
                    room -= len(answer.body)
                    if room < 0:
                        raise _Fault(f"it has more than {self._limits.together:,} bytes ({url})")
                    clinics, following = _page(answer)
                    listed += clinics
                    page = self._next(answer.url, following)
                return listed
        raise _Fault(f"it takes longer than {self._limits.total:g} seconds ({url})")

    def _next(self, here: httpx.URL, following: str | None) -> httpx.URL | None:
        if following is None:
            return None
        try:
            url = here.join(following)
        except httpx.InvalidURL:
            raise _Fault(f"the address of the next page cannot be read ({here})") from None
        if _origin(url) != _origin(self._base):
            raise _Fault(f"it names a next page on another origin, {_shown_origin(url)} ({here})")
        return url

    async def _fetch(self, ids: Sequence[str], arrived: Callable[[Fetched], None]) -> None:
        waiting = iter(ids)
        open_ = set(ids)
        room = self._limits.together

        async def work() -> None:
            nonlocal room
            # A client of its own: a pool looks at all of its connections for every request.
            async with self._client() as client:
                for id in waiting:
                    fetched = await self._document(client, id)
                    room -= len(fetched.content)
                    if room < 0:
                        return
                    open_.discard(id)
                    arrived(fetched)

        with anyio.move_on_after(self._limits.total):
            async with anyio.create_task_group() as group:
                for _ in range(min(self._limits.at_once, len(ids))):
                    group.start_soon(work)
        bound = f"took longer than {self._limits.total:g} seconds"
        if room < 0:
            bound = f"have more than {self._limits.together:,} bytes"
        for id in sorted(open_):
            fault = f"all documents together {bound}: check fewer at a time (--videolink-shard)"
            arrived(Fetched(id, origin=str(self._url("clinics", id)), fault=fault))

    async def _document(self, client: httpx.AsyncClient, id: str) -> Fetched:
        url = self._url("clinics", id)
        try:
            answer = await self._get(client, url, _YAML + _JSON)
        except _Fault as fault:
            return Fetched(id, origin=str(url), fault=str(fault))
        format = "json" if _is(answer.media, _JSON) else "yaml"
        return Fetched(id, answer.body, format, str(url))

    # How it is asked for

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities that may vouch for the service; slow to load, so they are shared."""
        try:
            return httpx.create_ssl_context()
        except OSError as error:  # those of TLS are of its kind
            named = (name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name))
            raise SourceError(
                f"no certificate authority can be read from {next(named, 'certifi')}:"
                f" {_words(error)}"
            ) from None

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        limits = self._limits
        headers = {"Accept-Encoding": "gzip", "User-Agent": "pytest-videolink"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        async with httpx.AsyncClient(
            headers=headers,
            # The environment is asked for certificates alone, and not for proxies or passwords.
            verify=self._trusted,
            trust_env=False,
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
        ) as client:
            yield client

    async def _get(
        self, client: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> _Answer:
        """The answer to one question, asked again while its fault may pass. Raises _Fault."""
        tries = 0
        try:
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type(_Passing),
                stop=stop_after_attempt(self._limits.tries),
                wait=self._wait,
                sleep=anyio.sleep,
                reraise=True,
            ):
                with attempt:
                    tries += 1
                    return await self._try(client, url, media)
        except _Passing as fault:
            raise _Fault(f"{fault}, {plural(tries, 'try').replace('trys', 'tries')}") from None
        raise AssertionError("the last try either answers or raises")

    def _wait(self, state: RetryCallState) -> float:
        assert state.outcome is not None
        fault = state.outcome.exception()
        asked = fault.wait if isinstance(fault, _Passing) else 0
        return asked + wait_random_exponential(multiplier=0.5, max=self._limits.wait / 4)(state)

    async def _try(
        self, client: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> _Answer:
        at = f" ({url})"
        try:
            with anyio.fail_after(self._limits.call):
                return await self._follow(client, url, media)
        except (httpx.TimeoutException, TimeoutError) as error:
            raise _Fault(f"{self._slow(error)}{at}") from None
        except httpx.TransportError as error:
            if isinstance(error.__context__, httpx.InvalidURL):  # of the header Location
                raise _Fault(f"the service redirects to an address that is none{at}") from None
            problem = _certificate_problem(error)
            if problem:
                raise _Fault(f"its certificate is not trusted: {problem}{at}") from None
            raise _Passing(f"{_broken(error)}{at}") from None
        except _Passing as fault:
            if fault.wait > self._limits.wait:
                raise _Fault(
                    f"{fault} and asks to wait {fault.wait:,.0f} seconds, more than the"
                    f" {self._limits.wait:g} of a run{at}"
                ) from None
            raise _Passing(f"{fault}{at}", fault.wait) from None
        except (_Fault, httpx.InvalidURL) as fault:
            raise _Fault(f"{fault}{at}") from None

    def _slow(self, error: Exception) -> str:
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection within {self._limits.connect:g} seconds"
        if isinstance(error, httpx.TimeoutException):
            return f"the service was silent for {self._limits.silence:g} seconds"
        return f"the answer was not complete within {self._limits.call:g} seconds"

    async def _follow(
        self, client: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> _Answer:
        request = client.build_request("GET", url, headers={"Accept": ", ".join(media)})
        for _ in range(self._limits.redirects + 1):
            response = await client.send(request, stream=True)
            try:
                if any(self._holds_token(value) for _, value in response.headers.raw):
                    raise _Fault("the answer holds the token, so it is not read")
                if response.next_request is None:
                    return await self._answer(response, media)
            finally:
                await response.aclose()
            target = response.next_request.url
            if _origin(target) != _origin(self._base):
                raise _Fault(f"the service redirects to another origin, {_shown_origin(target)}")
            request = client.build_request("GET", target, headers={"Accept": ", ".join(media)})
        raise _Fault(f"the service redirects more than {self._limits.redirects} times")

    async def _answer(self, response: httpx.Response, media: tuple[str, ...]) -> _Answer:
        status = response.status_code
        if status in _AGAIN:
            raise _Passing(f"the service answered {_status(status)}", _retry_after(response))
        if status != HTTPStatus.OK:
            raise _Fault(f"the service answered {_status(status)}{self._hint(status)}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not _is(kind, media):
            said, wanted = clean(kind, 60) or "nothing", "application/json"
            if media != _JSON:
                wanted = "application/yaml or JSON"
            raise _Fault(f"the service calls its answer {said}, and not {wanted}")
        body = await self._body(response)
        if self._holds_token(body):
            raise _Fault("the answer holds the token, so it is not read")
        return _Answer(response.request.url, kind, body)

    def _holds_token(self, raw: bytes) -> bool:
        return bool(self._token) and self._token.encode() in raw

    def _hint(self, status: int) -> str:
        if status == HTTPStatus.UNAUTHORIZED and not self._token:
            return ": set VIDEOLINK_TOKEN"
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return " to the token in VIDEOLINK_TOKEN" if self._token else ""
        return ""

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, of which no more is unpacked than may be had."""
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", "x-gzip"):
            raise _Fault(f"the service packs its answer as {clean(coding, 40)}, not as gzip")
        unpack = _Gzip(self._limits.size) if "gzip" in coding else None
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += unpack(chunk) if unpack else chunk
            if len(body) > self._limits.size:
                raise _Fault(f"the answer has more than {self._limits.size:,} bytes")
        if unpack and not unpack.complete:
            raise _Passing("the answer broke off")
        return bytes(body)

    def _url(self, *path: str) -> httpx.URL:
        return self._base.copy_with(path="/".join((self._base.path.rstrip("/"), *path)))


class _Gzip:
    """Unpacks gzip, one member after another, never more than ``size`` bytes and one at a time."""

    def __init__(self, size: int) -> None:
        self._left = size + 1
        self._member = zlib.decompressobj(wbits=31)

    @property
    def complete(self) -> bool:
        return self._member.eof

    def __call__(self, chunk: bytes) -> bytes:
        unpacked = bytearray()
        try:
            while chunk and self._left:
                if self._member.eof:
                    self._member = zlib.decompressobj(wbits=31)
                some = self._member.decompress(chunk, self._left)
                self._left -= len(some)
                unpacked += some
                chunk = self._member.unconsumed_tail or self._member.unused_data
        except zlib.error:
            raise _Fault("the answer is called gzip and is none") from None
        return bytes(unpacked)


def _base(location: str) -> httpx.URL:
    try:
        url = httpx.URL(location)
    except httpx.InvalidURL:
        raise SourceError("the address of the source is no URL: check --videolink-source") from None
    if url.userinfo:
        raise SourceError(
            "the address of the source holds a name or a password: leave them out, and give the"
            " token in the environment as VIDEOLINK_TOKEN"
        )
    if url.query or url.fragment or "?" in location or "#" in location:
        raise SourceError(
            "the address of the source holds ? or #: give it without, and the token in the"
            " environment as VIDEOLINK_TOKEN"
        )
    if not url.host:
        raise SourceError(f"the address of the source names no host: {clean(location)}")
    return url.copy_with(path=url.path.rstrip("/") or "/")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host.lower(), url.port or default


def _shown_origin(url: httpx.URL) -> str:
    port = f":{url.port}" if url.port else ""
    return clean(f"{url.scheme}://{url.host}{port}", 80)


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is(kind: str, media: Iterable[str]) -> bool:
    """Whether a content type is one of those asked for, or one of their kind (``x/y+json``)."""
    endings = {f"+{each.rpartition('/')[2]}" for each in media}
    return kind in media or any(kind.endswith(ending) for ending in endings)


def _retry_after(response: httpx.Response) -> float:
    """The seconds that a service asks to wait; 0 where it does not say, or not in a known way."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return 0
    wait = (
        at.replace(tzinfo=at.tzinfo or timezone.utc) - datetime.now(timezone.utc)
    ).total_seconds()
    return max(wait, 0)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for each in getattr(error, "exceptions", ()):
            yield from _causes(each)
        error = error.__cause__ or error.__context__


def _certificate_problem(error: Exception) -> str:
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message.rstrip(".")
    return ""


def _broken(error: Exception) -> str:
    """What broke a connection, in the system's own words where it has some."""
    if not isinstance(error, httpx.ConnectError):
        return "the connection broke off"
    causes = [each for each in _causes(error) if isinstance(each, OSError)]
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return f"the service does not speak TLS as it should: {_words(causes[-1])}"
    why = [_words(each) for each in causes if each.errno] or ["no connection"]
    return f"the service cannot be reached: {why[-1]}"


def _words(error: OSError) -> str:
    """What an error is in the words of the system, or of the library for TLS."""
    if isinstance(error, ssl.SSLError):
        return (error.reason or "it gives no reason").replace("_", " ").lower()
    if isinstance(error, socket.gaierror):
        return str(error.strerror).lower()
    return os.strerror(error.errno).lower() if error.errno else type(error).__name__


# What a list says


_KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}


def _page(answer: _Answer) -> tuple[list[Listed], str | None]:
    """The clinics of a page, and the address of the next."""
    try:
        page = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise _Fault(f"the answer is no JSON ({answer.url})") from None

    def part(value: Any, kind: type[_T], name: str) -> _T:
        if not isinstance(value, kind):
            raise _Fault(f"{name} is not {_KINDS[kind]} ({answer.url})")
        return value

    def listed(row: Any, name: str) -> Listed:
        row = part(row, dict, name)
        id = part(row.get("id"), str, f"{name}.id")
        pms = part(row.get("pms") or {}, dict, f"{name}.pms")
        texts = {
            key: part(pms[key], str, f"{name}.pms.{key}")
            for key in ("system", "database")
            if pms.get(key) is not None
        }
        shares = None
        if "shares_database_with" in pms:
            label = f"{name}.pms.shares_database_with"
            shares = tuple(
                part(each, str, label)
                for each in part(pms["shares_database_with"] or [], list, label)
            )
        return Listed(id, shares_database_with=shares, **texts)

    page = part(page, dict, "the answer")
    rows = part(page.get("clinics"), list, "clinics")
    following = page.get("next")
    return (
        [listed(row, f"clinics.{index}") for index, row in enumerate(rows)],
        None if following is None else part(following, str, "next"),
    )
