"""The kinds of value that a document has: how each is read, and how an editor may see it.

A scalar of a document is text or ``None`` and gets its type here and nowhere else. Editors type
scalars by themselves, so what is text here may be a number, a truth value or null (``name: Null``)
there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple, TypeAlias

from pytest_videolink.record.text import BadTime, did_you_mean, named, parse_date, parse_time
from pytest_videolink.record.zones import NotAZone, zone_of

VERSION = "1"
"""The version of the format of documents."""

MAX_SLUG = 64
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Links: TypeAlias = tuple[str, ...]
"""PMS ids that something is linked to; empty where it is recorded as not linked."""


class Wrong(ValueError):
    """A value that cannot be read; says what was expected instead."""


class Kind(NamedTuple):
    """A kind of value.

    ``read`` takes what stands there, be it of a document or of a table, and the clinic's time zone,
    ``None`` where that is not known; it raises :class:`Wrong`. ``seen`` is the JSON Schema of it.
    """

    read: Callable[[object, tzinfo | None], Any]
    seen: dict[str, Any]


def is_blank(value: object) -> bool:
    """Whether a value counts as left out."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_slug(text: str) -> bool:
    """Whether a text can be the id of a clinic, a practitioner or an appointment type."""
    reserved = text == "all" or text.startswith("appointment-")
    return len(text) <= MAX_SLUG and bool(_SLUG.fullmatch(text)) and not reserved


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def is_flag(text: str) -> bool:
    """Whether a text is read as true or false."""
    return text.lower() in _FLAGS


# How each kind is read


def _text(value: object, _: tzinfo | None = None) -> str:
    if isinstance(value, str):
        return value
    raise Wrong("expected text")


def _name(value: object, _: tzinfo | None) -> str:
    return named(_text(value))


def _full_name(value: object, _: tzinfo | None) -> str:
    text = _text(value)
    return named(text, limit=len(text))


def _slug(value: object, _: tzinfo | None) -> str:
    text = _text(value)
    if is_slug(text):
        return text
    if text == "all" or text.startswith("appointment-"):
        raise Wrong("this id is reserved, choose another")
    raise Wrong(
        f"expected an id of lower-case letters, digits and single hyphens, at most {MAX_SLUG}"
        " characters"
    )


def _flag(value: object, _: tzinfo | None) -> bool:
    flag = _FLAGS.get(_text(value).lower())
    if flag is None:
        raise Wrong("expected true or false (or yes, no, on, off)")
    return flag


def _time(value: object, zone: tzinfo | None) -> datetime:
    try:
        return parse_time(_text(value), zone)
    except BadTime as error:
        raise Wrong(str(error)) from None


def _day(value: object, _: tzinfo | None) -> date:
    try:
        return parse_date(_text(value))
    except BadTime as error:
        raise Wrong(str(error)) from None


def _zone(value: object, _: tzinfo | None) -> tzinfo:
    try:
        return zone_of(_text(value))
    except NotAZone as error:
        raise Wrong(str(error)) from None


def _links(value: object, _: tzinfo | None) -> Links:
    """One PMS id, a list of them, or ``none``; an empty list says the same as ``none``."""
    if value == "none":
        return ()
    if not isinstance(value, list):
        return (_text(value),)
    ids = [each.value for each in value]
    if any(not isinstance(id, str) or is_blank(id) for id in ids):
        raise Wrong("expected PMS ids as text in the list")
    if "none" in ids:
        raise Wrong("the word none says that there is no link: write it alone, without a list")
    return tuple(dict.fromkeys(ids))


def _link(value: object, _: tzinfo | None) -> Links:
    links = _links(value, None)
    if len(links) > 1:
        raise Wrong("expected one PMS id, or the word none")
    return links


def _version(value: object, _: tzinfo | None) -> str:
    if _text(value) != VERSION:
        raise Wrong(f"expected {VERSION}, the version of the format that this release reads")
    return VERSION


def _hint(word: str, known: tuple[str, ...]) -> str:
    near = did_you_mean(word, known)
    return f"; did you mean {near[0]}?" if near else ""


# The kinds

_SEEN_AS_TEXT: dict[str, Any] = {"pattern": r"\S", "type": ["string", "number", "boolean", "null"]}
_SEEN_AS_LINKS: dict[str, Any] = {
    "anyOf": [
        _SEEN_AS_TEXT,
        {"items": {"not": {"const": "none"}, **_SEEN_AS_TEXT}, "type": "array"},
    ]
}

TEXT = Kind(_text, _SEEN_AS_TEXT)
NAME = Kind(_name, _SEEN_AS_TEXT)
"""A name, cut to what is shown of it."""
FULL_NAME = Kind(_full_name, _SEEN_AS_TEXT)
"""A name whose every word counts."""
SLUG = Kind(
    _slug,
    {
        "maxLength": MAX_SLUG,
        "minimum": 0,
        "pattern": r"^(?!all$|appointment-)[a-z0-9]+(-[a-z0-9]+)*$",
        "type": ["string", "number", "boolean"],
    },
)
FLAG = Kind(
    _flag,
    {
        "anyOf": [
            {"type": "boolean"},
            {
                "pattern": "^([Tt][Rr][Uu][Ee]|[Yy][Ee][Ss]|[Oo][Nn]"
                "|[Ff][Aa][Ll][Ss][Ee]|[Nn][Oo]|[Oo][Ff][Ff])$",
                "type": "string",
            },
        ]
    },
)
TIME = Kind(
    _time,
    {
        "examples": ["2026-11-23T08:30:00+11:00"],
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})?$",
        "type": "string",
    },
)
DAY = Kind(_day, {"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "type": "string"})
ZONE = Kind(_zone, {"type": "string"})
LINK = Kind(_link, _SEEN_AS_LINKS)
"""One PMS id, or none."""
LINKS = Kind(_links, _SEEN_AS_LINKS)
FORMAT = Kind(_version, {"enum": [int(VERSION), VERSION]})


def choice(*choices: str) -> Kind:
    """One of some words."""

    def read(value: object, _: tzinfo | None) -> str:
        text = _text(value)
        if text in choices:
            return text
        raise Wrong(f"expected one of {', '.join(choices)}{_hint(text, choices)}")

    return Kind(read, {"enum": list(choices), "type": "string"})
