"""A check's page, which is Markdown, as plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import indent

from pytest_videolink.reports.text import WIDTH, wrapped

_CODE = re.compile(r"^```(.*)\n((?:.*\n)*?)```$", re.MULTILINE)
_TITLE = re.compile(r'title="([^"]*)"')
_HEADING = re.compile(r"^(#+) +(.*)$", re.MULTILINE)
_EMPTY = re.compile(r"\n(?:[ \t]*\n)+")
_ENTRY = re.compile(r"^(?:[-*]|(\d+)[.)]) +", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_MARKS = re.compile(r"(``?|\*\*)(?=\S)(.+?)(?<=\S)\1")
_INDENT = "  "
_AS_IT_IS = "    "
"""What stands before each line of a paragraph that Markdown takes for code."""


def plain(page: str, width: int = WIDTH) -> str:
    """The page in lines of so many columns; code stays as it is."""
    return "".join(_blocks(page, width)).rstrip("\n")


def _blocks(page: str, width: int) -> Iterator[str]:
    """Its blocks, each with what separates it from the next."""
    parts = iter(_CODE.split(f"{page}\n"))
    yield from _prose(next(parts), width)
    for head, code, prose in zip(parts, parts, parts, strict=True):
        title = _TITLE.search(head)
        if title:
            yield f"{title[1]}:\n"
        yield f"{indent(code, _INDENT)}\n"
        yield from _prose(prose, width)


def _prose(text: str, width: int) -> Iterator[str]:
    apart = _HEADING.sub(r"\n\g<0>\n", text).strip("\n")
    for paragraph in _EMPTY.split(apart):
        heading = _HEADING.match(paragraph)
        if heading:
            yield f"{_words(heading[2])}\n\n" if heading[1] == "#" else f"{_words(heading[2])}:\n"
        elif paragraph.startswith(_AS_IT_IS):
            yield f"{paragraph}\n\n"
        elif paragraph:
            yield "\n".join([*_filled(paragraph, width), "\n"])


def _filled(paragraph: str, width: int) -> Iterator[str]:
    """A paragraph, or the entries of a list, which stand below each other."""
    starts = [0, *(entry.start() for entry in _ENTRY.finditer(paragraph) if entry.start())]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        text = paragraph[start:end]
        entry = _ENTRY.match(text)
        first = f"{_INDENT}{entry[1]}. " if entry and entry[1] else _INDENT if entry else ""
        rest = " " * len(first) if entry and entry[1] else _INDENT * 2 if entry else ""
        said = _words(text[entry.end() :] if entry else text)
        yield from wrapped(said, first, rest, width=width, break_long_words=False)


def _words(text: str) -> str:
    """Text in one line, without marks."""
    return " ".join(_MARKS.sub(r"\2", _LINK.sub(r"\1 (\2)", text)).split())
