"""The kinds of value that a document has: how each is read, and how an editor may see it.

A scalar of a document is text or ``None`` and gets its type here and nowhere else. Editors type
scalars by themselves, so what is text here may be a number, a truth value or null (``name: Null``)
there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from pytest_videolink.record.slugs import (
    MADE_OF,
    MAX_SLUG,
    SLUG_EXPECTED,
    is_reserved,
    is_slug,
    slug_meant,
)
from pytest_videolink.record.text import (
    BadTime,
    clean,
    hint,
    listing,
    named,
    parse_date,
    parse_time,
)
from pytest_videolink.record.zones import NotAZone, zone_of

if TYPE_CHECKING:
    from pytest_videolink.record.known import Known
    from pytest_videolink.record.node import Node

VERSION = "1"
"""The version of the format of documents."""

TO_BE_REPLACED = "TO BE REPLACED"
"""What a text begins with that stands where somebody still has to answer."""

Links: TypeAlias = tuple[str, ...]
"""PMS ids that something is linked to; empty where it is recorded as not linked."""


class Wrong(ValueError):
    """A value that cannot be read; says what was expected instead.

    ``entry`` is the one of a list that is at fault.
    """

    def __init__(self, expected: str, entry: Node | None = None) -> None:
        super().__init__(expected)
        self.entry = entry


class Kind(NamedTuple):
    """A kind of value.

    ``read`` takes what stands there, be it of a document or of a table, and what is known of the
    rest of the document; it raises :class:`Wrong`. ``seen`` is the JSON Schema of it.
    """

    read: Callable[[object, Known], Any]
    seen: dict[str, Any]
    may_wait: bool = False
    """Whether a text that is still to be replaced can stand there meanwhile."""


def is_blank(value: object) -> bool:
    """Whether a value counts as left out."""
    return value is None or (isinstance(value, str) and not value.strip())


def is_open(text: str) -> bool:
    """Whether a text is still to be replaced by an answer."""
    return text.lstrip()[: len(TO_BE_REPLACED)].upper() == TO_BE_REPLACED


def name_or_id(name: str, id: str) -> str:
    """What a thing is called: by its id, where its name is still to be replaced and no more."""
    return id if name.strip().upper() == TO_BE_REPLACED else name


_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


# How each kind is read


def _text(value: object, _: Known | None = None) -> str:
    if isinstance(value, str):
        return value
    raise Wrong("expected text")


def _name(value: object, _: Known | None) -> str:
    return named(_text(value))


def _full_name(value: object, _: Known | None) -> str:
    text = _text(value)
    return named(text, limit=len(text))


def _own_slug(value: object, known: Known | None) -> str:
    text = _text(value)
    try:
        return _slug(text, known)
    except Wrong as wrong:
        raise Wrong(f"{wrong}{slug_meant(text)}") from None


def _slug(value: object, _: Known | None) -> str:
    text = _text(value)
    if is_slug(text):
        return text
    if is_reserved(text):
        raise Wrong("this id is reserved, choose another")
    raise Wrong(SLUG_EXPECTED)


def _profile(value: object, known: Known) -> str:
    """The id of a practitioner of the document, by itself or by their name."""
    text = _text(value)
    ids = known.profiles.named(text)
    if not ids:
        if text.strip().casefold() == "all":
            raise Wrong("the word all stands alone, without a list; write practitioners: all")
        try:
            return _slug(value, known)
        except Wrong as wrong:
            if text in known.profiles.ids:  # which is none there either
                raise Wrong(f"{wrong}{slug_meant(text)}") from None
            near = known.near(text)
            raise Wrong(f"{wrong}; {near}" if near else str(wrong)) from None
    if len(ids) > 1:
        shown = listing(f'"{clean(id, 60)}"' for id in ids)
        raise Wrong(f"several practitioners of this document may be meant, {shown}: write the id")
    return ids[0]


def _flag(value: object, _: Known | None) -> bool:
    flag = _FLAGS.get(_text(value).lower())
    if flag is None:
        raise Wrong("expected true or false (or yes, no, on, off)")
    return flag


def _time(value: object, known: Known) -> datetime:
    try:
        return parse_time(_text(value), known.zone)
    except BadTime as error:
        raise Wrong(str(error)) from None


def _day(value: object, _: Known | None) -> date:
    try:
        return parse_date(_text(value))
    except BadTime as error:
        raise Wrong(str(error)) from None


def _zone(value: object, _: Known | None) -> tzinfo:
    text = _text(value)
    if is_open(text):
        return timezone.utc
    try:
        return zone_of(text)
    except NotAZone as error:
        raise Wrong(str(error)) from None


def _version(value: object, _: Known | None) -> str:
    if _text(value) != VERSION:
        raise Wrong(f"expected {VERSION}, the version of the format that this release reads")
    return VERSION


# The kinds

SEEN_AS_TEXT: dict[str, Any] = {"pattern": r"\S", "type": ["string", "number", "boolean", "null"]}
TEXT = Kind(_text, SEEN_AS_TEXT, may_wait=True)
NAME = Kind(_name, SEEN_AS_TEXT, may_wait=True)
"""A name, cut to what is shown of it."""
FULL_NAME = Kind(_full_name, SEEN_AS_TEXT, may_wait=True)
"""A name whose every word counts."""
SLUG = Kind(
    _own_slug,
    {
        "maxLength": MAX_SLUG,
        "minimum": 0,
        "pattern": f"^(?!all$|appointment-){MADE_OF.pattern}$",
        "type": ["string", "number", "boolean"],
    },
)
PROFILE = Kind(_profile, SEEN_AS_TEXT)
"""A practitioner of the document."""
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
ZONE = Kind(_zone, {"type": "string"}, may_wait=True)
FORMAT = Kind(_version, {"enum": [int(VERSION), VERSION]})


def choice(*choices: str) -> Kind:
    """One of some words."""

    def read(value: object, _: Known | None) -> str:
        text = _text(value)
        if text in choices:
            return text
        raise Wrong(f"expected one of {', '.join(choices)}{hint(text, choices)}")

    return Kind(read, {"enum": list(choices), "type": "string"})
