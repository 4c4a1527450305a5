"""One question to a service: who is trusted, where it is sent, and what may be in the answer."""

from __future__ import annotations

import os
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import cached_property
from http import HTTPStatus

import anyio

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import clean
from pytest_videolink.sources.http import retries
from pytest_videolink.sources.http.addresses import named, origin, shown_origin
from pytest_videolink.sources.http.body import body
from pytest_videolink.sources.http.faults import Fault, Passing, told, words
from pytest_videolink.sources.http.library import httpx
from pytest_videolink.sources.http.limits import Limits
from pytest_videolink.sources.source import SourceError

JSON = ("application/json",)
YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered. ``url`` is where that was, after redirects."""

    url: httpx.URL
    media: str
    body: bytes

    @property
    def is_json(self) -> bool:
        return _is(self.media, JSON)


class _Moved(Exception):
    """The service says to ask elsewhere; the message is the address that it names."""


class Client:
    """Asks the service below an address, within bounds, with a token for its origin alone."""

    def __init__(self, base: httpx.URL, token: str, limits: Limits) -> None:
        self._base = base
        self._token = token
        self._limits = limits

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[httpx.AsyncClient]:
        """What one question after the other is asked over. Raises :class:`SourceError`."""
        headers = {"Accept-Encoding": "gzip", "User-Agent": "pytest-videolink"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        async with httpx.AsyncClient(
            headers=headers,
            # The environment is asked for certificates alone, and not for proxies or passwords.
            verify=self._trusted,
            trust_env=False,
            timeout=httpx.Timeout(self._limits.silence, connect=self._limits.connect),
            event_hooks={"response": [self._look_at_headers]},
        ) as connection:
            yield connection

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities that may vouch for the service; slow to load, so they are shared."""
        try:
            return httpx.create_ssl_context()
        except OSError as error:  # those of TLS are of its kind
            given = (name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name))
            raise SourceError(
                "no certificate authority can be read from"
                f" {next(given, f'where {httpx.__name__} has them')}: {words(error)}"
            ) from None

    async def ask(
        self, connection: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> Answer:
        """The answer to one question, asked again while its fault may pass. Raises Fault."""
        return await retries.until_it_passes(
            lambda: self._once(connection, url, media), self._limits
        )

    async def _once(
        self, connection: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> Answer:
        try:
            with anyio.fail_after(self._limits.call):
                return await self._follow(connection, url, media)
        except (httpx.TransportError, TimeoutError) as error:
            fault = told(error, self._limits)
        except Fault as other:
            fault = other
        if isinstance(fault, Passing):
            raise Passing(f"{fault} ({url})", fault.wait)
        raise Fault(f"{fault} ({url})")

    async def _follow(
        self, connection: httpx.AsyncClient, url: httpx.URL, media: tuple[str, ...]
    ) -> Answer:
        accept = {"Accept": ", ".join(media)}
        for _ in range(self._limits.redirects + 1):
            try:
                async with connection.stream("GET", url, headers=accept) as response:
                    return await self._answer(response, media)
            except _Moved as moved:
                target = named(url, str(moved))
            if target is None:
                raise Fault("the service redirects to an address that is none")
            if origin(target) != origin(self._base):
                raise Fault(f"the service redirects to another origin, {shown_origin(target)}")
            url = target
        raise Fault(f"the service redirects more than {self._limits.redirects} times")

    async def _look_at_headers(self, response: httpx.Response) -> None:
        """Refuses them, or takes a redirect out of the library's hands.

        It would read the address for us, and not the same ones in each version.
        """
        if any(self._holds_token(value) for _, value in response.headers.raw):
            raise Fault("the answer holds the token, so it is not read")
        if response.has_redirect_location:
            raise _Moved(response.headers["Location"])

    async def _answer(self, response: httpx.Response, media: tuple[str, ...]) -> Answer:
        status = response.status_code
        said = f"the service answered {_status(status)}"
        if status in retries.BUSY:
            raise retries.busy(said, response.headers.get("Retry-After", ""), self._limits)
        if status != HTTPStatus.OK:
            raise Fault(f"{said}{self._hint(status)}")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not _is(kind, media):
            wanted = "application/json" if media == JSON else "application/yaml or JSON"
            called = clean(kind, 60) or "nothing"
            raise Fault(f"the service calls its answer {called}, and not {wanted}")
        raw = await body(response, self._limits.size)
        if self._holds_token(raw):
            raise Fault("the answer holds the token, so it is not read")
        return Answer(response.request.url, kind, raw)

    def _holds_token(self, raw: bytes) -> bool:
        return bool(self._token) and self._token.encode() in raw

    def _hint(self, status: int) -> str:
        if status == HTTPStatus.UNAUTHORIZED and not self._token:
            return ": set VIDEOLINK_TOKEN"
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return " to the token in VIDEOLINK_TOKEN" if self._token else ""
        return ""


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _is(kind: str, media: Iterable[str]) -> bool:
    """Whether a content type is one of those asked for, or one of their kind (``x/y+json``)."""
    endings = {f"+{each.rpartition('/')[2]}" for each in media}
    return kind in media or any(kind.endswith(ending) for ending in endings)
