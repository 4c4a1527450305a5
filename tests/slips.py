"""Slips of the keyboard: the mistakes that people make in YAML, each wherever it can be made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NO_BREAK, EM, ZERO, MARK = "\u00a0", "\u2003", "\u200b", "\ufeff"
SIGNS = "?%@`*&!|>#[{]},'\""
STRAYS = [*SIGNS, *(f"{sign} " for sign in SIGNS if sign != "#"), "- "]
"""What may stand before a value by mistake; `# ` begins a comment, and -17 is a text."""


class Slip(NamedTuple):
    """A line of a document, counted from 1, with one slip in it."""

    kind: str
    line: int
    typed: str

    def of(self, text: str) -> str:
        """The document with the slip."""
        lines = text.split("\n")
        lines[self.line - 1] = self.typed
        return "\n".join(lines)


class _Pair(NamedTuple):
    """A key with its value, and what stands before and behind them."""

    before: str
    key: str
    value: str
    behind: str

    def but(self, between: str, value: str | None = None) -> str:
        """The line with something else between key and value, or for the value."""
        text = self.value if value is None else value
        return f"{self.before}{self.key}{between}{text}{self.behind}"


_BLOCK = re.compile(r"( *(?:- )?)(\w+):(?: +([^#\s][^#\n]*?))?( *| +#.*)$")
_IN_BRACES = re.compile(r'(\w+): ("[^"]*"|[^,}]*)')
_ENTRY = re.compile(r"( *)- (.*)$")


def slips(text: str) -> Iterator[Slip]:
    """Each kind of slip at each line of a document."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and line.lstrip()[0] != "#":
            yield from (Slip(kind, number, typed) for kind, typed in _in(line))


def _in(line: str) -> Iterator[tuple[str, str]]:
    yield from _of_lines(line)
    entry, block = _ENTRY.match(line), _BLOCK.match(line)
    if entry:
        yield from _of_dashes(*entry.groups())
    if entry and entry[2][0] == "{":
        for found in _IN_BRACES.finditer(line, 0, line.index("}")):
            pair = _Pair(line[: found.start()], found[1], found[2], line[found.end() :])
            yield from _of_keys(pair, in_braces=True)
            yield from _of_values(pair)
        yield from _of_brackets(line)
    elif block:
        pair = _Pair(block[1], block[2], block[3] or "", block[4])
        yield from _of_keys(pair)
        if pair.value:
            yield from _of_values(pair)
            yield from _of_blocks(pair)


def _of_lines(line: str) -> Iterator[tuple[str, str]]:
    """Slips in how far a line is indented."""
    bare = line.lstrip()
    indent = len(line) - len(bare)
    for more in (1, 2, 4):
        yield "a space too many", " " * more + line
    for fewer in sorted({1, 2, indent} - {0} if indent > 1 else {indent} - {0}):
        yield "a space too few", line[fewer:]
    yield "a tab before a line", f"\t{bare}"
    yield "a tab before a line", f"{line[:indent]}\t{bare}"
    yield "a no-break space before a line", f"{NO_BREAK * max(indent, 1)}{bare}"
    yield "an invisible character before a line", f"{MARK}{line}"
    yield "a line twice", f"{line}\n{line}"


def _of_dashes(indent: str, rest: str) -> Iterator[tuple[str, str]]:
    yield "no space after a dash", f"{indent}-{rest}"
    for dash in "\u2013\u2014\u2022*\u00b7\u2212":
        yield "another sign for a dash", f"{indent}{dash} {rest}"
        yield "another sign for a dash", f"{indent}{dash}{rest}"
    yield "no dash", f"{indent}  {rest}"
    yield "no plain space after a dash", f"{indent}-{NO_BREAK}{rest}"
    yield "no plain space after a dash", f"{indent}-\t{rest}"


def _of_keys(pair: _Pair, *, in_braces: bool = False) -> Iterator[tuple[str, str]]:
    if pair.value:
        yield "no space after a colon", pair.but(":")
        for space in (NO_BREAK, EM, "\t"):
            yield "another space after a colon", pair.but(f":{space}")
    for sign in ("", " =", "=", ";", "\uff1a"):
        if pair.value or sign:
            yield "no colon", pair.but(f"{sign} " if sign != "=" else sign)
    yield "a space before a colon", pair.but(" : ")
    yield "a no-break space before a colon", pair.but(f"{NO_BREAK}: ")
    for hidden in (ZERO, MARK):
        yield "an invisible character in a key", pair.but(f"{hidden}: ")
        before = pair._replace(before=f"{pair.before}{hidden}")
        yield "an invisible character in a key", before.but(": ")
    if not in_braces:
        yield (
            "typographic quotes round a key",
            pair._replace(key=f"\u201c{pair.key}\u201d").but(": "),
        )
        for sign in "%@`*&!|>?,":
            yield "a sign before a key", pair._replace(key=f"{sign}{pair.key}").but(": ")


def _of_values(pair: _Pair) -> Iterator[tuple[str, str]]:
    value, bare = pair.value, pair.value.strip('"')
    half = len(bare) // 2
    for sign in STRAYS:
        yield "a sign before a value", pair.but(": ", f"{sign}{value}")
    for space in (NO_BREAK, "\t", f" {NO_BREAK}", ZERO):
        yield "something unseen behind a value", pair.but(": ", f"{value}{space}")
        if space != "\t":
            yield "something unseen before a value", pair.but(": ", f"{space}{value}")
    for mark in ("\u2028", "\u2029", "\x85"):
        yield "a line separator", pair.but(": ", f"{value}{mark}")
    if value[0] in "[{":
        return
    yield (
        "something unseen in a value",
        pair.but(": ", value.replace(bare, f"{bare[:half]}{ZERO}{bare[half:]}")),
    )
    yield (
        "something unseen in a value",
        pair.but(": ", value.replace(bare, f"{bare[:half]}\x85{bare[half:]}")),
    )
    for first, last in ("\u201c\u201d", "\u2018\u2019", "\u201e\u201c", '\u201c"', '"\u201d'):
        yield "typographic quotes", pair.but(": ", f"{first}{bare}{last}")
    yield "a quote that is not closed", pair.but(": ", f'"{bare}')
    yield "a quote that is not opened", pair.but(": ", f'{bare}"')
    if value[0] != '"':
        yield "a quote that is not closed", pair.but(": ", f"'{bare}")
        yield "a quote that is not opened", pair.but(": ", f"{bare}'")
        yield "a number sign in a text", pair.but(": ", f"{value} #1")
        yield "a colon in a text", pair.but(": ", f"{value}: long")


def _of_blocks(pair: _Pair) -> Iterator[tuple[str, str]]:
    value = pair.value
    indent = re.sub("[^ ]", " ", pair.before)
    if value[0] in "[{":
        yield "a bracket that is not closed", pair.but(": ", value[:-1])
        yield "a bracket that is not opened", pair.but(": ", value[1:])
        if value.count(",") == 1:
            yield "no brackets", pair.but(": ", value[1:-1])
        return
    if value[0] != '"':
        yield "a colon behind a text", pair.but(": ", f"{value}:")
    for column in ("", indent, f"{indent}  "):
        yield "a value in a line of its own", f"{pair.but(':', '')}\n{column}{value}"


def _of_brackets(line: str) -> Iterator[tuple[str, str]]:
    yield "a bracket that is not closed", line.replace("}", "", 1)
    yield "a bracket that is not opened", line.replace("{", "", 1)
    yield "no brackets", line.replace("{", "", 1).replace("}", "", 1)
    yield "another sign for a comma", line.replace(", ", "; ", 1)
    yield "no comma", line.replace(", ", " ", 1)
