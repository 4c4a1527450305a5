"""From the bytes of a file to its text, and places in it."""

from __future__ import annotations

import re

from pytest_videolink.record.node import Position, Problem, Unreadable

MAX_BYTES = 4 * 1024 * 1024


def decode(raw: bytes, remedy: str = "save it as UTF-8") -> str:
    """Text of UTF-8 or UTF-16 bytes, with or without a byte-order mark.

    Raises :class:`Unreadable` for other bytes, with what to do about them.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif len(raw) % 2 == 0 and raw[:1] == b"\0" != raw[1:2]:
        encoding = "utf-16-be"
    elif len(raw) % 2 == 0 and raw[1:2] == b"\0" != raw[:1]:
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        read = error.object  # without the byte-order mark
        before = read[: error.start].decode(encoding)
        raise Unreadable(
            Problem(
                f"the file is not Unicode text: byte 0x{read[error.start]:02X} does not belong in"
                f" {encoding.removesuffix('-sig').upper()}; {remedy}",
                position(before, len(before)),
            )
        ) from None


def position(text: str, index: int) -> Position:
    """The place of a character, by lines as an editor counts them."""
    lines = BREAK.split(text[:index])
    return Position(len(lines), len(lines[-1]) + 1)


BREAK = re.compile("\r\n|[\n\r]")
