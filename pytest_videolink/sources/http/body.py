"""The body of an answer, of which no more is unpacked than may be had."""

from __future__ import annotations

import zlib

from pytest_videolink.record.text import clean
from pytest_videolink.sources.http.faults import Fault, Passing
from pytest_videolink.sources.http.library import httpx


async def body(response: httpx.Response, size: int) -> bytes:
    """The body of an answer, at most ``size`` bytes. Raises :class:`Fault`."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Fault(f"the service packs its answer as {clean(coding, 40)}, not as gzip")
    unpack = _Gzip(size) if "gzip" in coding else None
    had = bytearray()
    async for chunk in response.aiter_raw():
        had += unpack(chunk) if unpack else chunk
        if len(had) > size:
            raise Fault(f"the answer has more than {size:,} bytes")
    if unpack and not unpack.complete:
        raise Passing("the answer broke off")
    return bytes(had)


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
            raise Fault("the answer is called gzip and is none") from None
        return bytes(unpacked)
