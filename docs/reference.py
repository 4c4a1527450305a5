"""What the reference holds of the parser, of the schema of documents and of that of reports."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any, TypeAlias, cast

from pytest_videolink import plugin
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.record.editor import json_schema
from pytest_videolink.reports.csv import COLUMNS

Part: TypeAlias = dict[str, Any]


class _Recorder:
    """Takes the place of pytest's parser, to see what the plugin asks for."""

    def __init__(self) -> None:
        self.options: list[tuple[str, Part]] = []
        self.settings: list[tuple[str, str, Part]] = []

    def getgroup(self, *_: str) -> _Recorder:
        return self

    def addoption(self, name: str, **given: Any) -> None:
        self.options.append((name, given))

    def addini(self, name: str, help: str, **given: Any) -> None:
        self.settings.append((name, help, given))


def _asked() -> _Recorder:
    recorder: Any = _Recorder()
    plugin.pytest_addoption(recorder)
    return cast("_Recorder", recorder)


def options() -> Iterator[str]:
    yield "| option | meaning |"
    yield "| --- | --- |"
    for name, given in _asked().options:
        metavar = f"={given['metavar']}" if "metavar" in given else ""
        yield f"| `{name}{metavar}` | {_cell(given['help'])} |"


def settings() -> Iterator[str]:
    yield "| setting | meaning |"
    yield "| --- | --- |"
    for name, help, given in _asked().settings:
        default = f" (default: {given['default']})" if given["default"] else ""
        yield f"| `{name}` | {_cell(help)}{default} |"


def _cell(text: str) -> str:
    """A text that stands in a table, without marks of Markdown."""
    return re.sub(r"([|*<\[])", r"\\\1", text)


# The clinic document


def document() -> Iterator[str]:
    whole = json_schema()
    yield from _keys_of(whole["$defs"], whole, "")


def _keys_of(parts: dict[str, Part], part: Part, path: str) -> Iterator[str]:
    """The table of some keys, and below it those of their values."""
    yield f"## {f'`{path}`' if path else 'The clinic'}\n"
    if path and "description" in part:
        yield f"{_cell(part['description'])}\n"
    yield "| key | value | where to find it |"
    yield "| --- | --- | --- |"
    below: list[tuple[str, Part]] = []
    for name, value in part["properties"].items():
        key = f"{path}.{name}".lstrip(".")
        needed = _needed(key, name in part.get("required", ()))
        yield f"| `{name}`{needed} | {_kind(value)} | {_cell(value['description'])} |"
        below += [(f"{key}{mark}", parts[ref]) for ref, mark in _references(value)]
    yield ""
    for name, inner in below:
        objects = [each for each in inner.get("anyOf", [inner]) if "properties" in each]
        yield from _keys_of(parts, objects[0], name)


def _needed(key: str, required: bool) -> str:
    if required:
        return ", required"
    ids = [f"[{check.id}](../checks/{check.id}.md)" for check in CATALOGUE if _asks(check, key)]
    return f", must be recorded: {', '.join(ids)}" if ids else ""


def _asks(check: Any, key: str) -> bool:
    prefix = {"practitioner": "practitioners[].", "appointment_type": "appointment_types[]."}
    return bool(check.must and prefix.get(check.scope, "") + (check.needs or check.at) == key)


def _references(value: Part) -> Iterator[tuple[str, str]]:
    """The parts that a value consists of, and ``[]`` for those that are entries of a list."""
    for each in value.get("anyOf", [value]):
        if "$ref" in each:
            yield each["$ref"].rpartition("/")[2], ""
        elif "$ref" in each.get("items", {}):
            yield each["items"]["$ref"].rpartition("/")[2], "[]"


WORDS = {
    r"^\s*$": "",  # blank
    r"\S": "text",
    "^(?!all$|appointment-)[a-z0-9]+(-[a-z0-9]+)*$": "id of your own",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "day",
}


def _kind(value: Part) -> str:
    """What a value may be, in words."""
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return " or ".join(f"`{each}`" for each in dict.fromkeys(map(str, value["enum"])))
    if "$ref" in value:
        return "keys, below"
    if value.get("type") == "array":
        inner = value["items"]
        return "list, below" if "$ref" in inner else f"list of {_kind(inner)}"
    if "anyOf" in value:
        if {"type": "boolean"} in value["anyOf"]:
            return "true or false"
        return " or ".join(filter(None, map(_kind, value["anyOf"])))
    if "examples" in value:
        return "time"
    return WORDS.get(value.get("pattern", ""), "text")


# Reports


def columns() -> Iterator[str]:
    yield ", ".join(COLUMNS) + "."


def report(whole: Part) -> Iterator[str]:
    """``whole`` is the JSON Schema of a report."""
    names = {"Report": whole, **whole["$defs"]}
    for name, part in names.items():
        if "properties" not in part:
            continue
        yield f"### {name}\n"
        yield f"{inspect.cleandoc(part['description']).replace('``', '`')}\n"
        yield "| key | value |"
        yield "| --- | --- |"
        for key, value in part["properties"].items():
            yield f"| `{key}` | {_json_kind(value)} |"
        yield ""


def _json_kind(value: Part) -> str:
    if "const" in value:
        return f"`{value['const']}`"
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in value:
        return ", ".join(f"`{each}`" for each in value["enum"])
    if "anyOf" in value:
        return " or ".join(map(_json_kind, value["anyOf"]))
    if value["type"] == "array":
        return f"list of {_json_kind(value['items'])}"
    return str(value["type"])
