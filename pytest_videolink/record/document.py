"""YAML or JSON text to values with a position for every one of them.

A scalar is the text that stands there, or ``None``: typing it is the schema's business alone, so
``0012`` stays "0012" and ``No`` stays "No". Both formats are read through one stream of parser
events and one builder, so they have one set of rules: no duplicate keys, no tags, no cycles, and
bounds on depth, on size and on what aliases expand to.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field
from typing import Any

import yaml

from pytest_videolink.record.characters import BREAKS, DASHES, INVISIBLE, QUOTES, SPACES
from pytest_videolink.record.decoding import BREAK, MAX_BYTES, decode
from pytest_videolink.record.decoding import position as _position
from pytest_videolink.record.node import (
    START,
    Document,
    Found,
    Node,
    Plain,
    Position,
    Problem,
    Refusal,
    Unreadable,
)
from pytest_videolink.record.plain import dataclass
from pytest_videolink.record.text import named

__all__ = (  # what others know of a document, they know from here
    "MAX_BYTES",
    "START",
    "Document",
    "Found",
    "Node",
    "Plain",
    "Position",
    "Problem",
    "Unreadable",
    "decode",
    "parse",
)

MAX_DEPTH = 50
MAX_VALUES = 200_000
MAX_ALIASED_VALUES = 10_000

HAS_LIBYAML: bool = yaml.__with_libyaml__


def parse(raw: bytes, *, as_json: bool = False, closely: bool = False) -> Document:
    """Read the bytes of a clinic document.

    What is mistyped is a problem of the document, and the rest is read as it was meant; ``closely``
    also looks for what stands at a wrong place, as where something else is wrong with it. Raises
    :class:`Unreadable` for what is no YAML (or JSON) document in Unicode.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(
            Problem(
                f"the file has {len(raw):,} bytes, more than the {MAX_BYTES:,} that a clinic"
                " document may have"
            )
        )
    text = decode(raw)
    document = _read_json(text) if as_json else _parse_yaml(text, closely=closely)
    if "\\" not in text and not _is_strange(text):
        return document
    from pytest_videolink.record.mistyped.unseen import without_unseen

    return without_unseen(document)


def _parse_yaml(text: str, *, closely: bool) -> Document:
    signs = _has_signs(text)
    found = _read(text, disputed=signs or _is_disputed(text))
    if isinstance(found, Document) and not (closely or signs or _is_odd(text)):
        return found
    if isinstance(found, Problem) and not isinstance(found, Refusal):
        raise Unreadable(found)
    from pytest_videolink.record.mistyped import mending

    mended, slips = mending.look(text, found, _read_slowly, closely=closely)
    if isinstance(mended, Problem):
        raise Unreadable(*sorted((*slips, mended), key=lambda problem: problem.position))
    lines = frozenset(each.position.line for each in slips)
    others = (each for each in mended.problems if each.position.line not in lines)
    typed = found.root if isinstance(found, Document) else None
    return Document(mended.root, (*slips, *others), lines, typed)


def _read(text: str, *, disputed: bool) -> Document | Problem:
    """What a YAML text holds, or why it cannot be read."""
    if HAS_LIBYAML and not disputed:
        try:
            return _built(_unbroken(text), yaml.CSafeLoader)
        except (yaml.YAMLError, Unreadable):
            pass  # Python's parser has the last word, and the same words on every machine.
    return _read_slowly(text)


def _read_slowly(text: str) -> Document | Problem:
    text = _unbroken(text)
    try:
        return _built(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        return _yaml_problem(text, error)
    except Unreadable as error:
        return error.problem


@dataclass(slots=True)
class _Open:
    """A collection that is being built."""

    node: Node
    anchor: str | None
    values: int = 1
    key: tuple[str | None, Position] | None = None


@dataclass(slots=True)
class _Builder:
    """Puts what a parser comes to together to nodes, and collects the problems on the way."""

    root: Node | None = None
    problems: list[Problem] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    _aliased: int = 0
    _values: int = 0

    def begin_document(self, position: Position) -> None:
        if self.root is not None:
            raise Unreadable(
                Problem("the file holds several documents: one clinic a file", position)
            )

    def begin(self, node: Node, anchor: str | None = None) -> None:
        """Begin the collection whose node this is."""
        if len(self._open) == MAX_DEPTH:
            raise Unreadable(
                Problem(f"values are nested more than {MAX_DEPTH} deep", node.position)
            )
        self._open.append(_Open(node, anchor))
        if anchor:
            self._anchors[anchor] = None

    def end(self) -> None:
        done = self._open.pop()
        self.add(done.node, done.anchor, done.values)

    def tag(self, position: Position) -> None:
        said = "a tag (!) stands before a value: values are read as text, remove the tag"
        self.problems.append(Problem(said, position))

    def alias(self, name: str, position: Position) -> None:
        if name not in self._anchors:
            raise Unreadable(Refusal("an alias (*) stands for no anchor (&)", position))
        target = self._anchors[name]
        if target is None:
            raise Unreadable(
                Problem("an alias (*) stands inside the very value it repeats", position)
            )
        node, values = target
        self._aliased += values
        if self._aliased > MAX_ALIASED_VALUES:
            raise Unreadable(
                Problem(
                    f"aliases (*) expand to more than {MAX_ALIASED_VALUES:,} values",
                    position,
                )
            )
        self.add(node, None, values)

    def text(self, position: Position, value: str | None, anchor: str | None) -> None:
        """Put a text where it belongs; a key, of which there is no node, straight away."""
        if self._open and value is not None and not anchor:
            parent = self._open[-1]
            if parent.key is None and type(parent.node.value) is dict:
                parent.values += 1
                self._values += 1
                parent.key = (value, position)
                return
        self.add(Node(position, value), anchor)

    def add(self, node: Node, anchor: str | None = None, values: int = 1) -> None:
        """Put a value, or a key, where it belongs."""
        if anchor:
            self._anchors[anchor] = (node, values)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.values += values
        self._values += 1
        if self._values > MAX_VALUES:
            raise Unreadable(
                Problem(f"the file holds more than {MAX_VALUES:,} values", node.position)
            )
        above = parent.node.value
        if type(above) is list:
            above.append(node)
        elif parent.key is None:
            if not isinstance(node.value, str):
                self.problems.append(Problem("a key must be text", node.position))
                parent.key = (None, node.position)
            else:
                parent.key = (node.value, node.position)
        elif type(above) is dict:
            (key, position), parent.key = parent.key, None
            if key in above:
                first = above[key][0].line
                said = f"{named(key)} stands twice here, first in line {first}"
                self.problems.append(Problem(said, position, key))
            elif key is not None:
                above[key] = (position, node)

    def document(self) -> Document:
        root = self.root or Node(START, None)
        return Document(root, tuple(self.problems))


def _unbroken(text: str) -> str:
    """The text without what YAML takes for the end of a line and no editor does."""
    return text if text.isascii() else text.translate(_NO_BREAKS)


_NO_BREAKS = dict.fromkeys(map(ord, BREAKS), " ")


def _whole(text: str) -> str:
    """The text with the surrogate pairs that escapes left in it put together, and no lone ones."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_SURROGATE = re.compile("[\ud800-\udfff]")

# libyaml is several times faster than PyYAML's own parser, but takes and refuses a little more
# here and there. So it is asked only where the text has none of the rare constructs that the two
# may read differently, and PyYAML's own parser decides about the rest.
_SIGNS = "|>&*!@`%?"  # of block scalars, anchors, tags, directives, keys
_SIGN = re.compile(f"[-\\n\\r:,\\[{{] *[{_SIGNS}]")
_DISPUTED = "\t\\?\ufeff"  # odd white space, escapes, keys
_HOLES = tuple(  # in flow collections; each begins with one character, which is found soonest
    map(re.compile, (r":[,?\[\]{}]", r",\s*,", r"\[\s*,", r"\{\s*,"))
)

# What may be mistyped though YAML takes it, told so that a right document costs next to nothing.
_ODD = tuple(
    map(
        re.compile,
        (
            r"\n *-[^\s-]",  # no space after a dash
            r":(?<=[a-z_]:)[^\s:/]",  # or after a colon
            # several values, or a bracket that was not opened
            r":(?:(?<=_to:)|(?<=ners:)|(?<=with:)) *[^\s\"'\[{#][^\n#]{0,300}[,;\]]",
        ),
    )
)
_FROM_QUOTE = re.compile(r'"[^"\n]*(["\n])')  # to the next one, or to the end of the line
_CUT_OFF = re.compile(r" #(?![ #\n])")
_APOSTROPHE = re.compile(r"'(?<=[\w.)]')(?= *[,}\]\r\n#])")
_STRANGE = re.compile(f"[{SPACES}{INVISIBLE}{BREAKS}{QUOTES}{DASHES[:-1]}]")


def _has_signs(text: str) -> bool:
    """Whether a value or a line may begin with something that is not its text."""
    if not any(sign in text for sign in _SIGNS):
        return False
    return text[:1] in tuple("|>&*!@`%") or _SIGN.search(text) is not None


def _is_disputed(text: str) -> bool:
    """Whether the two parsers may read a text differently, besides its signs."""
    return any(each in text for each in _DISPUTED) or any(each.search(text) for each in _HOLES)


def _is_odd(text: str) -> bool:
    """Whether something may be mistyped in a text that YAML takes."""
    return (
        "\n" in _FROM_QUOTE.findall(text)
        or any(each.search(text) for each in _ODD)
        or any(_before(text, each).strip() for each in _CUT_OFF.finditer(text))
        or any(_before(text, each).count("'") % 2 == 0 for each in _APOSTROPHE.finditer(text))
        or _is_strange(text)
    )


def _is_strange(text: str) -> bool:
    """Whether a text has characters that cannot be seen, or that only look right."""
    return not text.isascii() and _STRANGE.search(text) is not None


def _before(text: str, found: re.Match[str]) -> str:
    """What stands in the same line before something."""
    start = max(text.rfind("\n", 0, found.start()) + 1, found.start() - 1_000)
    return text[start : found.start()]


def _built(text: str, kind: Any) -> Document:
    """What a YAML loader of that kind makes of a text."""
    loader = kind(text)
    try:
        return _of_events(iter(loader.get_event, None))
    except (ValueError, OverflowError):  # an escape or a version that PyYAML takes for a number
        mark = loader.get_mark()
        message = "this is not valid YAML: a number in an escape or a directive is too large"
        raise Unreadable(Problem(message, _at(mark))) from None
    finally:
        loader.dispose()


def _at(mark: Any) -> Position:
    return _new(Position, (mark.line + 1, mark.column + 1, ""))


_new = tuple.__new__  # a third of the time that NamedTuple's own takes


def _of_events(events: Iterator[Any]) -> Document:
    builder = _Builder()
    text, scalar = builder.text, yaml.ScalarEvent
    for event in events:
        if type(event) is not scalar:
            _take(builder, event)
            continue
        mark: Any = event.start_mark
        value = event.value
        position = _new(Position, (mark.line + 1, mark.column + 1, ""))
        if event.tag:
            builder.tag(position)
        is_null = value in _NULLS and not event.style
        whole = value if value.isascii() else _whole(value)
        text(position, None if is_null else whole, event.anchor)
    return builder.document()


def _take(builder: _Builder, event: Any) -> None:
    """Take what is no text."""
    if isinstance(event, yaml.CollectionEndEvent):
        builder.end()
    elif isinstance(event, yaml.CollectionStartEvent):
        position = _at(event.start_mark)
        if event.tag:
            builder.tag(position)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        builder.begin(Node(position, {} if is_mapping else []), event.anchor)
    elif isinstance(event, yaml.AliasEvent):
        builder.alias(event.anchor or "", _at(event.start_mark))
    elif isinstance(event, yaml.DocumentStartEvent):
        builder.begin_document(_at(event.start_mark))


_NULLS = frozenset(("", "~", "null"))


def _yaml_problem(text: str, error: yaml.YAMLError) -> Problem:
    """What a YAML parser says, without the line that it would quote."""
    if isinstance(error, yaml.reader.ReaderError):
        code = int(error.character)
        return Problem(
            f"character U+{code:04X} cannot stand in YAML", _position(text, error.position)
        )
    if not isinstance(error, yaml.MarkedYAMLError):
        return Refusal("this is not valid YAML")
    mark: Any = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    said = _QUOTED.sub("", said)
    position = Position(mark.line + 1, mark.column + 1) if mark else START
    return Refusal(f"this is not valid YAML: {said}", position)


_QUOTED = re.compile(r" '(?!<|\\)[^']{2,}'")

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^\s\[\]{}:,"]+')


def _read_json(text: str) -> Document:
    """What a JSON text holds. Python's JSON parser decides, then the tokens give positions."""
    _check_json(text)
    builder = _Builder()
    starts = [0, *(each.end() for each in BREAK.finditer(text))]
    for token in _JSON_TOKEN.finditer(text):
        start, word = token.start(), token[0]
        line = bisect_right(starts, start)
        position = Position(line, start - starts[line - 1] + 1)
        if word in ("[", "{"):
            builder.begin(Node(position, [] if word == "[" else {}))
        elif word in ("]", "}"):
            builder.end()
        elif word in _NO_JSON:
            raise Unreadable(Problem(f"this is not valid JSON: {word} is no JSON value", position))
        else:
            value = _whole(json.loads(word)) if word[0] == '"' else word
            builder.add(Node(position, None if word == "null" else value))
    return builder.document()


_NO_JSON = ("NaN", "Infinity", "-Infinity")


def _check_json(text: str) -> None:
    try:
        json.loads(text, parse_int=str)  # an int() may refuse to be that long
    except json.JSONDecodeError as error:
        from pytest_videolink.record.mistyped.json import mistake

        said, at = mistake(text, error.pos, error.msg)
        raise Unreadable(Problem(said, _position(text, at))) from None
    except RecursionError:
        pass  # The builder, which has a narrower bound, says where it is.
