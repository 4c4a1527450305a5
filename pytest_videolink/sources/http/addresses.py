"""Which addresses are asked: the one that a source is known by, and those that it names itself."""

from __future__ import annotations

import ipaddress

from pytest_videolink.record.text import clean
from pytest_videolink.sources.http.library import httpx
from pytest_videolink.sources.source import SourceError

_NO_ADDRESS = (httpx.InvalidURL, ValueError)
"""What reading a text as an address raises; the latter comes of some that are no text even."""


def base(location: str) -> httpx.URL:
    """The address that all of a service lies below.

    Raises :class:`SourceError`, which does not repeat what may be a secret in it.
    """
    try:
        url = httpx.URL(location)
        host = url.host
        if not 0 <= (url.port or 0) <= 65535:
            raise ValueError(url.port)
    except _NO_ADDRESS:
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
    if not host:
        raise SourceError(f"the address of the source names no host: {clean(location)}")
    return url.copy_with(path=url.path.rstrip("/") or "/")


def is_this_machine(url: httpx.URL) -> bool:
    host = _host(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def named(here: httpx.URL, address: str) -> httpx.URL | None:
    """The address that an answer names, seen from its own; ``None`` where it is none.

    A name and a password in it are left out: they would be sent instead of the token, and printed.
    """
    try:
        return here.join(address).copy_with(userinfo=b"")
    except _NO_ADDRESS:
        return None


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Scheme, host and port: where the token may go to."""
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, _host(url), url.port or default


def shown_origin(url: httpx.URL) -> str:
    return clean(f"{url.scheme}://{url.netloc.decode('ascii')}", 80)


def _host(url: httpx.URL) -> str:
    """The host as it is asked for. ``url.host`` is what its letters stand for, if for anything."""
    return url.raw_host.decode("ascii").lower()
