"""The keys of a document: what there is to say of each, said once, where its value is kept.

A class of the domain describes its fields with :func:`key`. How they are read, what is said of
those that are missing, what an editor shows, what a new document asks and what the pages list all
come from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, field, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.values import Kind


class Part(NamedTuple):
    """Keys with values, which make a value of a class; a bare text may stand for one of them."""

    of: type
    bare: str = ""


class Many(NamedTuple):
    """A list, which makes a tuple or, with ``by_id``, a dict; a ``word`` may stand in its place."""

    each: Kind | Part
    by_id: bool = False
    word: str = ""
    expected: str = "expected a list"


Shape: TypeAlias = Kind | Part | Many


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a document.

    ``attribute`` is the name of its value in the domain. ``description`` says where the value is
    copied from, ``title`` what it is called on the screen, where it has a name there.
    """

    name: str
    attribute: str
    shape: Shape
    description: str
    title: str
    required: bool

    @property
    def heading(self) -> str:
        """What its cells in a workbook are called."""
        said = self.title.partition(" (")[0] or self.name.replace("_", " ").replace("pms", "PMS")
        return f"{said[0].upper()}{said[1:]}"

    @property
    def part(self) -> Part | None:
        """What its value, or each entry of a list, consists of, where that has keys itself."""
        shape = self.shape.each if isinstance(self.shape, Many) else self.shape
        return shape if isinstance(shape, Part) else None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of its value, or of each entry of a list."""
        return tuple(keys_of(self.part.of).values()) if self.part else ()


def key(shape: Shape, description: str, *, title: str = "", name: str = "") -> dict[str, Any]:
    """What makes a field a key of a document, as its metadata.

    ``name`` is that of the key where it differs from that of the field.
    """
    return {"shape": shape, "description": description, "title": title, "name": name}


def optional(
    shape: Shape, description: str, *, title: str = "", name: str = "", default: Any = None
) -> Any:
    """A field that is a key of a document, and may be left out or blank."""
    return field(default=default, metadata=key(shape, description, title=title, name=name))


@cache
def keys_of(cls: type) -> dict[str, Key]:
    """The keys that make a value of a class, by their names, in their order."""
    found = (
        Key(
            each.metadata["name"] or each.name,
            each.name,
            each.metadata["shape"],
            each.metadata["description"],
            each.metadata["title"],
            required=each.default is MISSING,
        )
        for each in (fields(cls) if is_dataclass(cls) else ())
        if "shape" in each.metadata
    )
    return {key.name: key for key in found}


@cache
def is_placed(cls: type) -> bool:
    """Whether a value of a class carries the path at which it stands."""
    return any(each.name == "path" for each in fields(cls))


def describe(cls: type, path: Iterable[str | int]) -> str:
    """Where the value at a path below a class is copied from; nothing where none can stand."""
    key = _key_at(cls, path)
    return key.description if key else ""


def heading_of(cls: type, path: Iterable[str | int]) -> str:
    """What the cells of the value at a path below a class are called, as :func:`describe`."""
    key = _key_at(cls, path)
    return key.heading if key else ""


def _key_at(cls: type, path: Iterable[str | int]) -> Key | None:
    keys, found = keys_of(cls), None
    for name in path:
        if keys and isinstance(name, str):
            if name not in keys:
                return None
            found = keys[name]
            keys = {each.name: each for each in found.keys}
    return found


def title_of(cls: type, attributes: str) -> str:
    """What a value below a class, such as ``dashboard.last_synced``, is called on the screen."""
    keys, title = tuple(keys_of(cls).values()), ""
    for attribute in attributes.split("."):
        found = next((each for each in keys if each.attribute == attribute), None)
        if found is None:
            return ""
        keys, title = found.keys, found.title
    return title
