"""The source: the list of a service's clinics, and their documents, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue

import anyio
from anyio.from_thread import start_blocking_portal

from pytest_videolink.sources.http.addresses import (
    base,
    is_this_machine,
    named,
    origin,
    shown_origin,
)
from pytest_videolink.sources.http.client import JSON, YAML, Client
from pytest_videolink.sources.http.faults import Fault
from pytest_videolink.sources.http.library import httpx
from pytest_videolink.sources.http.limits import LIMITS, Limits
from pytest_videolink.sources.http.pages import page
from pytest_videolink.sources.source import Fetched, Listed, SourceError


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
        self._base = base(location)
        self.location = str(self._base).rstrip("/")
        self._limits = limits or LIMITS
        token = token.strip()
        if token:
            if not (token.isascii() and token.isprintable()) or " " in token:
                raise SourceError("VIDEOLINK_TOKEN is no token: it has spaces or other characters")
            if self._base.scheme == "http" and not is_this_machine(self._base):
                raise SourceError(
                    f"VIDEOLINK_TOKEN would be sent unencrypted to {self.location}: use https://"
                )
        self._client = Client(self._base, token, self._limits)

    def clinics(self) -> list[Listed]:
        with start_blocking_portal() as portal:
            try:
                return portal.call(self._list)
            except Fault as fault:
                raise SourceError(f"the list of clinics cannot be had: {fault}") from None

    def documents(self, ids: Sequence[str]) -> Iterator[Fetched]:
        arrived: SimpleQueue[Fetched | None] = SimpleQueue()
        with start_blocking_portal() as portal:
            task = portal.start_task_soon(self._fetch, ids, arrived.put)
            task.add_done_callback(lambda _: arrived.put(None))
            while (fetched := arrived.get()) is not None:
                yield fetched
            task.result()

    async def _list(self) -> list[Listed]:
        url = self._url("clinics")
        seen: set[httpx.URL] = set()
        listed: list[Listed] = []
        room = self._limits.together
        here: httpx.URL | None = url
        with anyio.move_on_after(self._limits.total):
            async with self._client.connection() as connection:
                while here is not None:
                    if here in seen:
                        raise Fault(f"a page names itself, or one before it, as the next ({here})")
                    if len(seen) == self._limits.pages:
                        raise Fault(f"it has more than {self._limits.pages:,} pages ({url})")
                    seen.add(here)
                    answer = await self._client.ask(connection, here, JSON)
                    room -= len(answer.body)
                    if room < 0:
                        raise Fault(f"it has more than {self._limits.together:,} bytes ({url})")
                    clinics, following = page(answer)
                    listed += clinics
                    here = self._next(answer.url, following)
                return listed
        raise Fault(f"it takes longer than {self._limits.total:g} seconds ({url})")

    def _next(self, here: httpx.URL, following: str | None) -> httpx.URL | None:
        if following is None:
            return None
        url = named(here, following)
        if url is None:
            raise Fault(f"the address of the next page cannot be read ({here})")
        if origin(url) != origin(self._base):
            raise Fault(f"it names a next page on another origin, {shown_origin(url)} ({here})")
        return url

    async def _fetch(self, ids: Sequence[str], arrived: Callable[[Fetched], None]) -> None:
        waiting = iter(ids)
        open_ = set(ids)
        room = self._limits.together

        async def work() -> None:
            nonlocal room
            # A connection of its own: a pool looks at all of its connections for every request.
            async with self._client.connection() as connection:
                for id in waiting:
                    fetched = await self._document(connection, id)
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

    async def _document(self, connection: httpx.AsyncClient, id: str) -> Fetched:
        url = self._url("clinics", id)
        try:
            answer = await self._client.ask(connection, url, YAML + JSON)
        except Fault as fault:
            return Fetched(id, origin=str(url), fault=str(fault))
        return Fetched(id, answer.body, "json" if answer.is_json else "yaml", str(url))

    def _url(self, *path: str) -> httpx.URL:
        return self._base.copy_with(path="/".join((self._base.path.rstrip("/"), *path)))
