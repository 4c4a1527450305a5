"""The reader of clinic documents: what is taken, and what is said of the rest, and where.

``VIDEOLINK_EXAMPLES=20000`` looks further than the suite has time for.
"""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from conftest import READERS, Clinics, each_reader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import CLINIC, problems, record
from support import right_clinic, to_yaml

from pytest_videolink.record.document import Document, Node, Position, Problem, Unreadable, parse

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "400"))

JSON = """\
{"videolink": 1, "clinic": "harbourside",
 "name": "Harbourside",
 "timezone": "Australia/Sydney",
 "pms": {"system": "zedmed", "database": "SQL01"}}
"""

NAME = "name: Harbourside\n"
JSON_NAME = '"Harbourside"'


def named(yaml_name: str) -> str:
    """The clinic with something else for its name's line, which is the third."""
    return CLINIC.replace(NAME, yaml_name)


def not_unicode(position: str, byte: str, encoding: str = "UTF-8") -> str:
    return (
        f"{position} the file is not Unicode text: byte 0x{byte} does not belong in {encoding};"
        " save it as UTF-8"
    )


# What is read


@each_reader
@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(CLINIC, "Harbourside", id="plain"),
        pytest.param(CLINIC.encode("utf-8-sig"), "Harbourside", id="UTF-8 with mark"),
        pytest.param(named("name: Café\n").encode("utf-16"), "Café", id="UTF-16 with mark"),
        pytest.param(
            b"\xfe\xff" + named("name: Café\n").encode("utf-16-be"), "Café", id="UTF-16BE with mark"
        ),
        pytest.param(named("name: Café\n").encode("utf-16-le"), "Café", id="UTF-16LE"),
        pytest.param(named("name: Café\n").encode("utf-16-be"), "Café", id="UTF-16BE"),
        pytest.param(named("name: Cafés\n").encode("utf-16-le"), "Cafés", id="UTF-16LE, longer"),
        pytest.param(named("name: Cafés\n").encode("utf-16-be"), "Cafés", id="UTF-16BE, longer"),
        pytest.param(CLINIC.replace("\n", "\r\n"), "Harbourside", id="CRLF"),
        pytest.param(CLINIC.replace("\n", "\r"), "Harbourside", id="CR alone"),
        pytest.param(CLINIC.rstrip("\n"), "Harbourside", id="no last line break"),
        pytest.param(f"# read off\n\n{CLINIC}\n# end", "Harbourside", id="comments"),
        pytest.param(f"---\n{CLINIC}...\n", "Harbourside", id="document marks"),
        pytest.param(f"%YAML 1.1\n---\n{CLINIC}", "Harbourside", id="directive"),
        pytest.param(JSON, "Harbourside", id="JSON as YAML"),
        pytest.param(named('name: "Harbour\tside"\n'), "Harbour side", id="tab in quotes"),
        pytest.param(named("name: Harbourside   \n"), "Harbourside", id="trailing spaces"),
        pytest.param(
            named("name: Harbour\n  side\n\n  Clinic\n"), "Harbour side Clinic", id="long"
        ),
        pytest.param(named("name: >-\n  Harbour\n  side\n"), "Harbour side", id="folded block"),
        pytest.param(named("name: |\n  Harbourside\n"), "Harbourside ", id="literal block"),
        pytest.param(named("name: 'O''Brien''s'\n"), "O'Brien's", id="single quotes"),
        pytest.param(named('name: "Caf\\u00e9\\x21"\n'), "Café!", id="escapes"),
        pytest.param(named('name: "\\ud83d\\ude00"\n'), "\N{GRINNING FACE}", id="surrogate pair"),
        pytest.param(named('name: "a\\ud83db"\n'), "a\N{REPLACEMENT CHARACTER}b", id="surrogate"),
        pytest.param(
            named("name: 診療所 \N{GRINNING FACE}\n"), "診療所 \N{GRINNING FACE}", id="any"
        ),
        pytest.param(named("name: 8am: open\n".replace(": open", ":open")), "8am:open", id="colon"),
        pytest.param(named("? name\n: Harbourside\n"), "Harbourside", id="question mark key"),
        pytest.param(named("name: Open late?\n"), "Open late?", id="question mark"),
        pytest.param(
            named("name: R&D#1 *new* 50% @home!\n"), "R&D#1 *new* 50% @home!", id="signs inside"
        ),
        pytest.param(named("name: R&D # 1 *new*\n"), "R&D", id="a comment"),
        pytest.param(named("name: R&D ## 1 *new*\n"), "R&D", id="a comment of two signs"),
        pytest.param(
            named("name: Harbourside\nas_of: &read 2026-11-23T08:30\n")
            + "dashboard: {last_synced: *read}\n",
            "Harbourside",
            id="anchors and aliases",
        ),
    ],
)
def test_a_clinic_is_read(raw: str | bytes, name: str) -> None:
    found = record(raw)
    assert found.problems == ()
    assert found.clinic is not None
    assert found.clinic.name == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(JSON, "Harbourside", id="plain"),
        pytest.param(JSON.encode("utf-8-sig"), "Harbourside", id="UTF-8 with mark"),
        pytest.param(JSON.encode("utf-16"), "Harbourside", id="UTF-16 with mark"),
        pytest.param(JSON.encode("utf-16-le"), "Harbourside", id="UTF-16LE"),
        pytest.param(JSON.replace("\n", "\r\n\t"), "Harbourside", id="CRLF and tabs"),
        pytest.param(JSON.replace(JSON_NAME, '"Caf\\u00e9"'), "Café", id="escape"),
        pytest.param(
            JSON.replace(JSON_NAME, '"\\ud83d\\ude00"'), "\N{GRINNING FACE}", id="surrogate pair"
        ),
        pytest.param(
            JSON.replace(JSON_NAME, '"a\\ud83db"'),
            "a\N{REPLACEMENT CHARACTER}b",
            id="lone surrogate",
        ),
        pytest.param(JSON.replace(JSON_NAME, '"a\\u2028b"'), "a b", id="line separator"),
        pytest.param(JSON.replace(JSON_NAME, '"null"'), "null", id="the word null"),
        pytest.param(JSON.replace(JSON_NAME, "12.50"), "12.50", id="a number as it stands"),
        pytest.param(JSON.replace(JSON_NAME, "true"), "true", id="a boolean as it stands"),
        pytest.param(JSON.replace(JSON_NAME, '"{[:,]} \\"#\\""'), '{[:,]} "#"', id="punctuation"),
    ],
)
def test_json_is_read(raw: str | bytes, name: str) -> None:
    found = record(raw, "harbourside.json")
    assert found.problems == ()
    assert found.clinic is not None
    assert found.clinic.name == name


# What is not read, and what is said of it

MISSING = [
    "1:1 videolink is missing and must be there: The version of this format: 1.",
    "1:1 clinic is missing and must be there: The clinic's id: this file's name without its"
    " ending.",
    "1:1 name is missing and must be there: Dashboard: the clinic's name.",
    "1:1 timezone is missing and must be there: The clinic's IANA time zone, such as"
    " Australia/Sydney (PMS: the server's regional settings).",
    "1:1 pms is missing and must be there: The practice management system.",
]
KNOWN = (
    "known here: videolink, clinic, name, timezone, as_of, dashboard, pms, practitioners,"
    " appointment_types, appointments, waivers"
)
INVALID = "this is not valid YAML:"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]\n"
    for below, name in zip("abcdefg", "bcdefgh", strict=True)
)
ALIASES = "anchor: &a [x, x, x, x, x, x, x, x, x]\naliases: [{}]\n"


@each_reader
@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("", ["1:1 the file is empty"], id="empty"),
        pytest.param(" \n\n", ["1:1 the file is empty"], id="white space"),
        pytest.param("# Harbourside\n# soon\n", ["1:1 the file is empty"], id="comments"),
        pytest.param("---\n...\n", ["1:1 the file is empty"], id="an empty document"),
        pytest.param("null\n", ["1:1 the file is empty"], id="null"),
        pytest.param(b"\xef\xbb\xbf", ["1:1 the file is empty"], id="a mark alone"),
        pytest.param("{}\n", MISSING, id="no keys"),
        pytest.param(
            "Harbourside\nis closed\n", ["1:1 the document: expected keys with values"], id="prose"
        ),
        pytest.param("- a\n- b\n", ["1:1 the document: expected keys with values"], id="a list"),
        # duplicate and unknown keys
        pytest.param(
            CLINIC + "name: Bayside\n", ["8:1 name stands twice here, first in line 3"], id="twice"
        ),
        pytest.param(
            CLINIC + "  system: pracsoft\n  system: zedmed\n",
            [
                "8:3 system stands twice here, first in line 6",
                "9:3 system stands twice here, first in line 6",
            ],
            id="three times",
        ),
        pytest.param(
            CLINIC + "dashboard: {last_synced: , 'last_synced': }\n",
            ["8:28 last_synced stands twice here, first in line 8"],
            id="twice in braces",
        ),
        pytest.param(
            CLINIC + "as_off: 2026-11-23T08:30\n",
            ["8:1 as_off is no key of a clinic document; did you mean as_of?"],
            id="unknown key",
        ),
        pytest.param(
            CLINIC + "  databse: SQL02\n",
            ["8:3 databse is no key of a clinic document; did you mean database?"],
            id="unknown key below",
        ),
        pytest.param(
            CLINIC + "practitioners:\n- {id: li, name: Li, accept_video_appointments: yes}\n",
            [
                "9:22 accept_video_appointments is no key of a clinic document; did you mean"
                " accepts_video_appointments?"
            ],
            id="unknown key in a list",
        ),
        pytest.param(
            CLINIC + "appointment_types:\n- {id: video, name: Video, practitioners: [{idd: li}]}\n",
            [
                "9:44 id is missing and must be there: Id of a practitioner of this document who"
                " offers the type.",
                "9:45 idd is no key of a clinic document; did you mean id?",
            ],
            id="unknown key in a list in a list",
        ),
        pytest.param(
            CLINIC + "x-notes: {a: 1}\n",
            [f"8:1 x-notes is no key of a clinic document; {KNOWN}"],
            id="unknown key like no other",
        ),
        pytest.param(
            CLINIC + "CLINIC: bayside\n",
            ["8:1 CLINIC is no key of a clinic document; did you mean clinic?"],
            id="keys have a case",
        ),
        pytest.param(
            "base: &base {system: zedmed}\n"
            + CLINIC.replace("  system: zedmed\n", "  <<: *base\n  system: zedmed\n"),
            [
                f"1:1 base is no key of a clinic document; {KNOWN}",
                "7:3 << is no key of a clinic document; known here: system, database,"
                " shares_database_with, connected, practitioners, appointment_types",
            ],
            id="merge key",
        ),
        pytest.param(CLINIC + "[a]: b\n", ["8:1 a key must be text"], id="a list for a key"),
        pytest.param(CLINIC + "? {a: b}\n", ["8:3 a key must be text"], id="a mapping for a key"),
        pytest.param(CLINIC + "~: b\n", ["8:1 a key must be text"], id="null for a key"),
        pytest.param(
            CLINIC + "1: b\n", [f"8:1 1 is no key of a clinic document; {KNOWN}"], id="a number"
        ),
        # anchors, aliases and depth
        pytest.param(
            named("name: *door\n"),
            [
                '3:7 name: a text that begins with * must stand in quotes; write name: "*door", or'
                " leave the * out"
            ],
            id="no anchor",
        ),
        pytest.param(
            "a: &a\n  b: [*a]\n",
            ["2:7 an alias (*) stands inside the very value it repeats"],
            id="recursion",
        ),
        pytest.param(BOMB, ["4:36 aliases (*) expand to more than 10,000 values"], id="bomb"),
        pytest.param(
            CLINIC + ALIASES.format(", ".join(["*a"] * 1000)),
            [
                f"8:1 anchor is no key of a clinic document; {KNOWN}",
                f"9:1 aliases is no key of a clinic document; {KNOWN}",
            ],
            id="many aliases",
        ),
        pytest.param(
            CLINIC + ALIASES.format(", ".join(["*a"] * 1001)),
            ["9:4011 aliases (*) expand to more than 10,000 values"],
            id="too many aliases",
        ),
        pytest.param("[" * 100_000, ["1:51 values are nested more than 50 deep"], id="[[["),
        pytest.param(
            '{"a":' * 100_000, ["1:251 values are nested more than 50 deep"], id='{"a":{"a":'
        ),
        pytest.param("- " * 100_000, ["1:101 values are nested more than 50 deep"], id="- - -"),
        pytest.param("? " * 100_000, ["1:101 values are nested more than 50 deep"], id="? ? ?"),
        pytest.param(
            CLINIC + f"deep: {'[' * 49}{']' * 49}\n",
            [f"8:1 deep is no key of a clinic document; {KNOWN}"],
            id="50 deep",
        ),
        # tags
        pytest.param(
            named("name: !!str Harbourside\n"),
            ["3:7 a tag (!) stands before a value: values are read as text, remove the tag"],
            id="tag",
        ),
        pytest.param(
            named("name: !<tag:yaml.org,2002:str> Harbourside\n"),
            ["3:7 a tag (!) stands before a value: values are read as text, remove the tag"],
            id="tag in full",
        ),
        pytest.param(
            named("name: !!python/object/apply:os.system ['true']\n"),
            [
                "3:7 a tag (!) stands before a value: values are read as text, remove the tag",
                "3:7 name: expected text, and no list; write name: true",
            ],
            id="tag that would run",
        ),
        *(
            pytest.param(
                CLINIC + f"practitioners: [{{id: {id}, name: Li}}]\n",
                [f'8:22 id is "{id}": this id is reserved, choose another'],
                id=f"the id {id}",
            )
            for id in ("all", "appointment-1")
        ),
        *(
            pytest.param(
                CLINIC
                + "practitioners: [{id: li, name: Li}]\n"
                + f"appointment_types: [{{id: v, name: V, practitioners: [{all}]}}]\n",
                [
                    f'9:54 id is "{all}": the word all stands alone, without a list; write'
                    " practitioners: all"
                ],
                id=f"the word {all} in a list",
            )
            for all in ("all", "All")
        ),
        # encodings and characters
        pytest.param(
            named("name: Café\n").encode("latin-1"),
            [not_unicode("3:10", "E9")],
            id="Latin-1",
        ),
        pytest.param(
            b"\xef\xbb\xbf" + named("name: Café\n").encode("latin-1"),
            [not_unicode("3:10", "E9")],
            id="Latin-1 with mark",
        ),
        pytest.param(
            named("name: Li \N{EN DASH} Video\n").encode("windows-1252"),
            [not_unicode("3:10", "96")],
            id="Windows-1252",
        ),
        pytest.param(
            named("name: 診療所\n").encode("shift-jis"),
            [not_unicode("3:7", "90")],
            id="Shift JIS",
        ),
        pytest.param(
            CLINIC.encode("utf-16") + b"\n",
            [not_unicode("8:1", "0A", "UTF-16")],
            id="half a character",
        ),
        pytest.param(
            named("name: Harbour\0side\n"), ["3:14 character U+0000 cannot stand in YAML"], id="NUL"
        ),
        pytest.param(
            named("name: \x1b[31mred\n"), ["3:7 character U+001B cannot stand in YAML"], id="escape"
        ),
        pytest.param(
            CLINIC.replace("\n", "\r") + " \0",
            ["8:2 character U+0000 cannot stand in YAML"],
            id="NUL after lines that end as on old Macs",
        ),
        pytest.param(
            CLINIC.replace("\n", "\r\n") + "a\x85b\N{LINE SEPARATOR}cd\0",
            ["8:7 character U+0000 cannot stand in YAML"],
            id="NUL after what ends a line in YAML alone",
        ),
        pytest.param(
            f"{CLINIC}a\rb".encode() + b"\xff",
            [not_unicode("9:2", "FF")],
            id="no Unicode after a line that ends as on old Macs",
        ),
        pytest.param(CLINIC + "\x7f", ["8:1 character U+007F cannot stand in YAML"], id="delete"),
        pytest.param("\n \x7f", ["2:2 character U+007F cannot stand in YAML"], id="in line two"),
        pytest.param(
            CLINIC.encode("utf-32"), ["1:1 character U+0000 cannot stand in YAML"], id="UTF-32"
        ),
        pytest.param(bytes(range(128, 256)), [not_unicode("1:1", "80")], id="no text at all"),
        pytest.param(b"\0\0\xd8\0\0\xd8", [not_unicode("1:3", "D8")], id="zeros"),
        # form
        pytest.param(
            named("name:\tHarbourside\n"),
            [
                "3:5 name: a tab stands after the colon, where a space belongs; write name:"
                " Harbourside"
            ],
            id="tab after a colon",
        ),
        pytest.param(
            named("name: Harbourside\t\n"),
            ["3:7 name: a tab stands behind the value; write name: Harbourside"],
            id="tab after a value",
        ),
        pytest.param(
            CLINIC.replace("  system", "\tsystem"),
            ["6:1 system has a tab before it; write 2 spaces"],
            id="tab for indentation",
        ),
        pytest.param(
            f"{CLINIC}---\n{CLINIC}",
            ["8:1 the file holds several documents: one clinic a file"],
            id="several documents",
        ),
        pytest.param(
            f"{CLINIC}---\n",
            ["8:1 the file holds several documents: one clinic a file"],
            id="an empty second document",
        ),
        pytest.param(
            named("name: Harbour: side\n"),
            [
                "3:7 name: a text that holds a colon and a space must stand in quotes; write name:"
                ' "Harbour: side"'
            ],
            id="two colons",
        ),
        pytest.param(
            named("name: 'Harbour\n"),
            ['3:7 name: the quote before the value is not closed; write name: "Harbour"'],
            id="a quote not closed",
        ),
        pytest.param(
            named("name: [Harbour\n"),
            ['3:7 name: a text that begins with [ must stand in quotes; write name: "[Harbour"'],
            id="a bracket not closed",
        ),
        pytest.param(
            named("name: @home\n"),
            [
                "3:7 name: a text that begins with @ must stand in quotes; write name:"
                ' "@home", or leave the @ out'
            ],
            id="an at sign",
        ),
        pytest.param(
            named('name: "C:\\Docs"\n'),
            [
                f"3:11 {INVALID} while scanning a double-quoted scalar, found unknown escape"
                " character 'D'"
            ],
            id="a backslash",
        ),
        pytest.param(
            named(" name: Harbourside\n"),
            [
                "3:1 name has 1 space before it; write none, so that it begins exactly below clinic"
                " of line 2"
            ],
            id="a space too many",
        ),
        pytest.param(
            f"dashboard: {{last_synced: {'9' * 20}?}}\n",
            [f"1:46 {INVALID} while parsing a flow mapping, expected ',' or '}}', but got '?'"],
            id="a question mark in braces",
        ),
        pytest.param(
            b"a" * 50_000_000,
            [
                "1:1 the file has 50,000,000 bytes, more than the 4,194,304 that a clinic document"
                " may have"
            ],
            id="50 MB",
        ),
    ],
)
def test_a_file_that_cannot_be_read(raw: str | bytes, expected: list[str]) -> None:
    assert problems(raw) == expected


@each_reader
@pytest.mark.parametrize(
    ("raw", "position"),
    [
        pytest.param(named('name: "\\U00110000"\n'), (3, 10), id="a character past Unicode's end"),
        pytest.param(named('name: "\\UFFFFFFFF"\n'), (3, 10), id="a character past all numbers"),
        pytest.param(f"%YAML 1.{'1' * 5000}\n---\n{CLINIC}", (1, 9), id="an endless version"),
    ],
)
def test_what_the_yaml_library_itself_chokes_on(raw: str, position: tuple[int, int]) -> None:
    (problem,) = record(raw).problems
    assert problem == Problem(
        "this is not valid YAML: a number in an escape or a directive is too large",
        Position(*position),
    )


@each_reader
def test_a_tag_handle_is_not_quoted() -> None:
    (said,) = problems(CLINIC + "appointments: [{id: !Jane-Citizen!x y}]\n")
    assert said == "8:21 id: a text that begins with ! must stand in quotes"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("", ["1:1 the file is empty"], id="empty"),
        pytest.param("null", ["1:1 the file is empty"], id="null"),
        pytest.param("{}", MISSING, id="no keys"),
        pytest.param("[]", ["1:1 the document: expected keys with values"], id="a list"),
        pytest.param('"text"', ["1:1 the document: expected keys with values"], id="text"),
        pytest.param(CLINIC, ["1:1 this is no JSON, which begins with {"], id="YAML"),
        pytest.param(
            JSON.replace(JSON_NAME, "'Harbourside'"),
            ["2:10 single quotes stand round a text, where double quotes must stand"],
            id="single quotes",
        ),
        pytest.param(
            JSON.replace(JSON_NAME, "0012"),
            ["2:10 a number cannot begin with 0: put it in double quotes"],
            id="leading zeros",
        ),
        pytest.param(
            JSON.replace(JSON_NAME, "NaN"),
            ["2:10 this is not valid JSON: NaN is no JSON value"],
            id="NaN",
        ),
        pytest.param(
            JSON.replace(JSON_NAME, "-Infinity"),
            ["2:10 this is not valid JSON: -Infinity is no JSON value"],
            id="infinity",
        ),
        pytest.param(
            f"// Harbourside\n{JSON}",
            ["1:1 a comment stands here, and JSON has none: remove it"],
            id="comment",
        ),
        pytest.param(
            f"{JSON}{JSON}",
            ["5:1 the file holds several documents: one clinic a file"],
            id="several documents",
        ),
        pytest.param(
            JSON.replace(JSON_NAME, '"Harbour\nside"'),
            ["2:18 the quote before this text is not closed in its line"],
            id="line break in text",
        ),
        pytest.param(
            JSON.replace(JSON_NAME, '"Harbourside'),
            ["2:23 the quote before this text is not closed in its line"],
            id="a quote not closed",
        ),
        pytest.param(
            JSON.replace('"timezone"', '"name": "Bayside",\n "timezone"'),
            ["3:2 name stands twice here, first in line 2"],
            id="duplicate key",
        ),
        pytest.param(
            JSON.replace('"timezone"', '"n\\u0061me": "Bayside",\n "timezone"'),
            ["3:2 name stands twice here, first in line 2"],
            id="duplicate key, escaped",
        ),
        pytest.param(
            JSON.replace('"timezone"', '"\\ud83d\\ude00": 1, "pmss": {},\n "timezone"'),
            [
                f"3:2 \N{GRINNING FACE} is no key of a clinic document; {KNOWN}",
                "3:21 pmss is no key of a clinic document; did you mean pms?",
            ],
            id="unknown keys",
        ),
        pytest.param(
            JSON.replace('"timezone"', '"a\\ud83db": 1, "pmss": {},\n "timezone"'),
            [
                f"3:2 a\N{REPLACEMENT CHARACTER}b is no key of a clinic document; {KNOWN}",
                "3:17 pmss is no key of a clinic document; did you mean pms?",
            ],
            id="unknown key with a lone surrogate",
        ),
        pytest.param(
            JSON.replace("1,", "1.0,"),
            [
                '1:15 videolink is "1.0": expected 1, the version of the format that this release'
                " reads"
            ],
            id="a number of another spelling",
        ),
        pytest.param(
            '["\N{GRINNING FACE}", NaN]',
            ["1:7 this is not valid JSON: NaN is no JSON value"],
            id="columns count characters",
        ),
        pytest.param("[" * 100_000, ["1:51 values are nested more than 50 deep"], id="[[["),
        pytest.param(
            '{"a":' * 100_000, ["1:251 values are nested more than 50 deep"], id='{"a":{"a":'
        ),
        pytest.param(
            "[" * 51 + "]" * 51, ["1:51 values are nested more than 50 deep"], id="51 deep"
        ),
        pytest.param(
            JSON.encode("utf-16")[:-1],
            [not_unicode("4:51", "0A", "UTF-16")],
            id="half a character",
        ),
        pytest.param(
            b" " * 50_000_000,
            [
                "1:1 the file has 50,000,000 bytes, more than the 4,194,304 that a clinic document"
                " may have"
            ],
            id="50 MB",
        ),
        pytest.param(
            "\n" + JSON.replace('"name"', '"nam"'),
            [
                "2:1 name is missing and must be there: Dashboard: the clinic's name.",
                "3:2 nam is no key of a clinic document; did you mean name?",
            ],
            id="from the second line on",
        ),
        pytest.param(
            JSON.replace('\n "name"', '\n\n\n  "nam"'),
            [
                "1:1 name is missing and must be there: Dashboard: the clinic's name.",
                "4:3 nam is no key of a clinic document; did you mean name?",
            ],
            id="after empty lines",
        ),
        pytest.param(
            JSON.replace(": 1,", f": {'1' * 5000},"),
            [
                f'1:15 videolink is "{"1" * 57}...": expected 1, the version of the format that'
                " this release reads"
            ],
            id="an endless number",
        ),
    ],
)
def test_json_that_cannot_be_read(raw: str | bytes, expected: list[str]) -> None:
    assert problems(raw, "harbourside.json") == expected


def test_a_trailing_comma_in_json() -> None:
    assert problems(JSON.replace("}}", "},}"), "harbourside.json") == [
        "4:50 a comma stands behind the last entry: remove it"
    ]


# All problems at once

WRONG = """\
videolink: 2
clinic: bayside
timezone: Australia/Sidney
as_of: yesterday
as_of: today
pms:
  system: zedmed
  connected: 1
  practitioners: [{id: "17", name: Dr Li}, {id: "17", name: Dr Wu}]
practitioners:
  - id: Dr Li
    name: Dr Li
    archived: maybe
  - dr-wu
appointment_types:
  - id: telehealth
    name: !!str Telehealth
    modalty: video
    linked_to: ["29", none]
    practitioners: [dr-lee, dr-lee]
waivers:
  - {check: VL312, reason: later, owner: manager, until: 2026-02-30}
"""


@each_reader
def test_every_problem_is_told_at_once_in_order() -> None:
    assert problems(WRONG) == [
        "1:1 name is missing and must be there: Dashboard: the clinic's name.",
        '1:12 videolink is "2": expected 1, the version of the format that this release reads',
        "2:9 clinic is bayside, but the file is named harbourside: name both alike",
        '3:11 timezone is "Australia/Sidney": expected an IANA time zone such as Australia/Sydney;'
        " did you mean Australia/Sydney?",
        '4:8 as_of is "yesterday": expected a time such as 2026-11-23 08:30',
        "5:1 as_of stands twice here, first in line 4",
        "7:3 database is missing and must be there: A name for the PMS database (your IT provider"
        " or the PMS's log-in screen knows it). The same text in two clinics says that they share"
        " the database.",
        '8:14 connected is "1": expected true or false (or yes, no, on, off)',
        "9:49 the id 17 stands twice, first in line 9",
        '11:9 id is "Dr Li": expected an id of lower-case letters, digits and single hyphens, at'
        " most 64 characters; did you mean dr-li?",
        '13:15 archived is "maybe": expected true or false (or yes, no, on, off)',
        '14:5 practitioners is "dr-wu": expected keys with values',
        "17:11 a tag (!) stands before a value: values are read as text, remove the tag",
        "18:5 modalty is no key of a clinic document; did you mean modality?",
        '19:23 linked_to holds "none": that is no id of a PMS appointment type unless the PMS\'s'
        " list has it (pms: appointment_types); look it up (Dashboard > Bookings > Appointment"
        " Types > Edit > Templates for practitioners), and write none alone, without a list, where"
        " there is no link",
        "20:21 there is no practitioner dr-lee in this document; add the profile or remove the"
        " entry",
        "20:29 the id dr-lee stands twice, first in line 20",
        "20:29 there is no practitioner dr-lee in this document; add the profile or remove the"
        " entry",
        '22:58 until is "2026-02-30": expected a day such as 2026-12-31',
    ]


def test_the_first_line_counts_the_others(clinics: Clinics) -> None:
    clinics.write(harbourside=WRONG)
    result = clinics.run("--videolink-clinic=harbourside")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "The record of harbourside cannot be read: name is missing and must be there:"
            " Dashboard: the clinic's name (and 18 more problems)",
            "clinics/harbourside.yaml:5:1",
            "    5 | as_of:",
            "clinics/harbourside.yaml:8:14",
            "    8 | connected: 1",
            "      |            ^",
        ]
    )


def test_the_first_line_of_a_single_problem(clinics: Clinics) -> None:
    clinics.write(harbourside=named('name: "C:\\Docs"\n'))
    result = clinics.run("--videolink-clinic=harbourside")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "The record of harbourside cannot be read: this is not valid YAML: while scanning a"
            " double-quoted scalar, found unknown escape character 'D'",
            "  this is not valid YAML: while scanning a double-quoted scalar, found unknown",
            "  escape character 'D'",
            "clinics/harbourside.yaml:3:11",
        ]
    )


def test_two_files_for_one_clinic_fail_both(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    clinics.write_file("old/harbourside.json", JSON)
    result = clinics.run("--videolink-clinic=harbourside")
    result.assert_outcomes(failed=2)
    said = "  {} is a file for clinic harbourside too: keep one of them"
    result.stdout.fnmatch_lines_random(
        [said.format("harbourside.yaml"), said.format("old/harbourside.json")]
    )


def test_a_file_may_have_just_so_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"a: [1, 2]"  # the key, two texts, the list
    monkeypatch.setattr("pytest_videolink.record.document.MAX_VALUES", 4)
    assert parse(text).root.plain() == {"a": ["1", "2"]}
    monkeypatch.setattr("pytest_videolink.record.document.MAX_VALUES", 3)
    with pytest.raises(Unreadable) as raised:
        parse(text)
    assert raised.value.problem == Problem("the file holds more than 3 values", Position(1, 4))


@pytest.mark.parametrize(
    ("bound", "text", "values", "place"),
    [
        ("MAX_VALUES", "a: b\nc: d\n", 4, Position(2, 4)),
        # the keys, two texts, and the list or the like that they stand in
        ("MAX_ALIASED_VALUES", "a: &x {b: c, d: e}\nf: *x\n", 5, Position(2, 4)),
        ("MAX_ALIASED_VALUES", "a: &x [b, c]\nf: *x\n", 3, Position(2, 4)),
        ("MAX_ALIASED_VALUES", "a: &x [&y [b, c], *y]\nf: *x\n", 10, Position(2, 4)),
    ],
)
def test_keys_count_among_the_values(
    monkeypatch: pytest.MonkeyPatch, bound: str, text: str, values: int, place: Position
) -> None:
    monkeypatch.setattr(f"pytest_videolink.record.document.{bound}", values)
    assert parse(text.encode()).problems == ()
    monkeypatch.setattr(f"pytest_videolink.record.document.{bound}", values - 1)
    with pytest.raises(Unreadable) as raised:
        parse(text.encode())
    assert raised.value.problem.position == place


AT_ANOTHER_PLACE = "pms:\n  system: best-practice\ndatabase: BP\n"
MISTYPED = "name: A\npms: {system: best-practice, database: BP}\nlinked_to: 12, 13\n"


def test_what_stands_at_another_place_is_looked_for_closely_alone() -> None:
    assert parse(AT_ANOTHER_PLACE.encode()).problems == ()
    (problem,) = parse(AT_ANOTHER_PLACE.encode(), closely=True).problems
    assert problem.message == (
        "database has no spaces before it; write 2, so that it begins exactly below system of"
        " line 2"
    )


def test_what_else_a_mistyped_text_says_can_be_relied_on_where_it_is_read_without() -> None:
    document = parse(MISTYPED.encode())
    assert [each.position.line for each in document.problems] == [3]
    assert document.text(("pms", "database")) == "BP"
    assert document.text(("linked_to",)) is None
    # Here it is not read at all until it is put right.
    document = parse(MISTYPED.replace("name: A", "name:A").encode())
    assert document.text(("pms", "database")) is None


# Where things stand

PLACES = """\
a: "1"
list:
  - x
  - {id: y}
beside: [p, q]
blank:
map:
  inner: v
"""

PATHS = [
    pytest.param((), (None, (1, 1), (1, 1), False, True), id="the top"),
    pytest.param(("a",), ("a", (1, 1), (1, 4), False, True), id="text"),
    pytest.param(("a", "b"), ("a", (1, 1), (1, 4), False, False), id="a key of text"),
    pytest.param(("a", 0), ("a", (1, 1), (1, 4), False, False), id="an entry of text"),
    pytest.param(("list",), ("list", (2, 1), (2, 1), True, True), id="a list below its key"),
    pytest.param(("list", 0), (None, (3, 5), (3, 5), False, True), id="the first entry"),
    pytest.param(("list", 1), (None, (4, 5), (4, 5), False, True), id="the last entry"),
    pytest.param(("list", 2), ("list", (2, 1), (3, 3), False, False), id="past the last entry"),
    pytest.param(("list", "id"), ("list", (2, 1), (3, 3), False, False), id="a key of a list"),
    pytest.param(("list", 1, "id"), ("id", (4, 6), (4, 10), False, True), id="in an entry"),
    pytest.param(("list", 1, "name"), (None, (4, 5), (4, 5), False, False), id="not in an entry"),
    pytest.param(("beside",), ("beside", (5, 1), (5, 9), False, True), id="a list in brackets"),
    pytest.param(("blank",), ("blank", (6, 1), (6, 1), False, True), id="nothing"),
    pytest.param(("map",), ("map", (7, 1), (7, 1), True, True), id="keys below their key"),
    pytest.param(("map", "none"), ("map", (7, 1), (8, 3), False, False), id="no such key"),
    pytest.param(("none", "below"), (None, (1, 1), (1, 1), False, False), id="nothing at all"),
]


@pytest.mark.parametrize(("path", "place"), PATHS)
def test_what_stands_at_a_path(path: tuple[str | int, ...], place: tuple[Any, ...]) -> None:
    found = parse(PLACES.encode()).find(path)
    assert (
        found.key,
        found.key_position[:2],
        found.position[:2],
        found.is_below,
        found.exact,
    ) == place


@pytest.mark.parametrize(("value", "name"), [(Problem("a"), "message"), (parse(b"a: b"), "root")])
def test_a_value_stays_as_it_is(value: Problem | Document, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    assert not hasattr(value, "__dict__")


def test_nothing_is_shown_of_a_problem_by_itself() -> None:
    assert (Problem("a").key, Problem("a").value) == (None, None)
    (twice,) = record(f"{CLINIC}name: Bayside\n").problems
    assert (twice.key, twice.value) == ("name", None)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_no_json(word: str) -> None:
    assert problems(JSON.replace(": 1,", f": {word},"), "harbourside.json") == [
        f"1:15 this is not valid JSON: {word} is no JSON value"
    ]


def test_what_there_are_many_of_is_small() -> None:
    assert not hasattr(parse(b"a: b").root, "__dict__")


def test_a_document_without_anything_stands_at_the_top() -> None:
    document = parse(b"")
    assert (document.root, document.problems) == (Node(Position(1, 1), None), ())


def test_the_exception_says_what_the_problem_says() -> None:
    with pytest.raises(Unreadable) as raised:
        parse(b'a: "\\q"')
    assert str(raised.value) == raised.value.problem.message
    assert str(raised.value).startswith("this is not valid YAML: ")


def test_a_file_may_have_just_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_videolink.record.document.MAX_BYTES", len(CLINIC))
    assert problems(CLINIC) == []
    assert problems(f"{CLINIC}\n") == [
        f"1:1 the file has {len(CLINIC) + 1} bytes, more than the {len(CLINIC)} that a clinic"
        " document may have"
    ]


# The same with and without libyaml


def seen(text: str, *, libyaml: bool) -> object:
    """All that a clinic's verdict and its texts can depend on: values, positions, problems."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pytest_videolink.record.document.HAS_LIBYAML", libyaml)
        try:
            document = parse(text.encode())
        except Unreadable as error:
            return error.problem
        return _shape(document.root), document.problems


def test_a_byte_order_mark_anywhere_is_the_same_with_and_without_libyaml() -> None:
    text = 'clinic: a\npms: {system: b}\nlist:\n  - id: "17"\n  - c # d\n'
    for place in range(len(text) + 1):
        marked = f"{text[:place]}\ufeff{text[place:]}"
        assert seen(marked, libyaml=READERS[0]) == seen(marked, libyaml=False), place


def _shape(node: Node) -> Any:
    """A value with the positions that can be shown; a null is shown at its key."""
    if isinstance(node.value, dict):
        return node.position, [(key, at, _shape(each)) for key, (at, each) in node.value.items()]
    if isinstance(node.value, list):
        return node.position, [(each.position, _shape(each)) for each in node.value]
    return None if node.value is None else (node.position, node.value)


MANY_LINES = "# a long comment, so that the end is not read at once\n" * 1000

PECULIAR = """\
a:
-
- -
-x
--
--- a
--- --- a
a: [-]
a: [- b]
a: [-, b]
a: [?]
a: [b?]
a: [b?c, d]
a: {b?: c}
a: {b: c?}
a: [? b]
a: [? b : c]
? a : b
?a: b
a? : b
a: b?
:a: b
a:: b
a : b
a :b
a: :b
a: [b:c]
a: [b::c]
a: [:]
a: [: b]
a: [b:]
a: [b: ]
a: [b: , c]
a: [, b]
a: [b,]
a: [b, , c]
a: {b}
a: {b, c: d}
a: {b:c}
a: {b: }
a: {: b}
a: {,}
a: {b: c d: e}
a: ["b":c]
a: ["b": c]
a: {"b":c}
a: [[b]: c]
a: {[b]: c}
a: [b]c
a: [b] c
a: [b]#c
a: [b] #c
a: [#b]
a: b#c
a: b #c
a# b: c
'a' #b: c
'a'#b: c
"a"b: c
'a''b': c
a: 'b' c
a: "b
a: b, c
a: b]
a: [b
a: {b
a]: b
}
, a
@a
`a`
a: @b
a: b@c
%a
a: %b
a: 'b%'
a: [b, %c]
<<: a
=: a
a: =
~
~: a
a: ~
a: ~b
null: a
"null": a
a: Null
a: \N{NO-BREAK SPACE}b
\N{NO-BREAK SPACE}a: b
a:\N{NO-BREAK SPACE}b
\N{ZERO WIDTH SPACE}a: b
a: \N{GRINNING FACE} b: c
[\N{GRINNING FACE}, {b: c}]
a: https://harbourside.example/x?y=z#frag
a: [https://harbourside.example/x?y=z]
a: *b
a: &b
a: &b c
a: !b
a: !!b c
a: |
a: >-
a: | b
a: "\\q"
a: "\\u12"
a: "\\/"
a: '\\'
...
... a
...a""".splitlines()

STAGGERED = [
    "",
    "a:\n- b\n- c\nd: e\n",
    "a:\n  b: c\n d: e\n",
    "- a: b\n  c: d\n- e\n",
    "- a: b\n c: d\n",
    "  a: b\nc: d\n",
    "a: b\n  c\n\n  d\n",
    "a\nb: c\n",
    "a: 'b\n\n  c'\n",
    "a: 'b\n--- c'\n",
    "a: 'b\n... c'\n",
    '"a\n b": c\n',
    "a: [b,\nc]\n",
    "a: {\nb: c}\n",
    "a: [b\n# c\n]\n",
    "{a: b\n}: c\n",
    "a: b\n...\n",
    "a: b\n...\nc: d\n",
    "a: b\n...\n---\n",
    "---\n---\n",
    "%YAML 1.1\n---\na: b\n",
    "%YAML 2.0\n---\na: b\n",
    "%TAG ! tag:x,2000:\n---\na: b\n",
    "a: |\n  b\n   c\n d\n",
    "a: >\n\n b\n\n\n c\n",
    "a: |2\n   b\n",
    "a:\tb\n",
    "a: b\t\n",
    "a: b\t# c\n",
    "\ta: b\n",
    "a:\n\t- b\n",
    "a: 'b\tc'\n",
    "a: b\rc: d\r",
    "a: b\r\rc: d",
    "a: b\r\n\r\nc: d\r\n",
    "a: 'b\rc'\n",
    "\r|#",
    "a:\r|\r  b\r",
    "a: b\r% c\r",
    "a: b\N{LINE SEPARATOR}c: d\n",
    "a: b\N{PARAGRAPH SEPARATOR}- c\n",
    "a: b\N{NEXT LINE}c: d\n",
    "a: \N{ZERO WIDTH NO-BREAK SPACE}b\n",
    "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}a: b\n",
    "a: \x0c b\n",
    "a: b\x00",
    "a: \x9f\n",
    "a: \ufffe\n",
    "a: \U0001fffe\n",
    f"{'a' * 1024}: b\n",
    f"{'a' * 1025}: b\n",
    f"{'é' * 1024}: b\n",
    f'"{"a" * 1023}": b\n',
    f"{{{'a' * 1100}: b}}\n",
    f"[{'a, ' * 500}b]: c\n",
    f"a: b\n---\nc: d\n{MANY_LINES}\x00",
    f"{'- ' * 51}a: b\n{MANY_LINES}\x00",
    f"a: b: c\n{MANY_LINES}\x00",
    f"a: b\na: c\n{MANY_LINES}\x00",
    "a: [b?]\n# \t\\?\N{ZERO WIDTH NO-BREAK SPACE}\n",
    CLINIC,
    JSON,
    WRONG,
    to_yaml(right_clinic()),
]


@pytest.mark.parametrize(
    "text", [*PECULIAR, *STAGGERED], ids=lambda text: ascii(f"{text[:30]} {len(text)}")
)
def test_the_same_with_and_without_libyaml(text: str) -> None:
    assert seen(text, libyaml=READERS[0]) == seen(text, libyaml=False)


CHARACTERS = [
    *" \n:-?[]{},#&*!|>'\"%@`~<.=ab0\\\t\r\0",
    *("\n  ", "\n- ", ": ", " :", "- ", " #", "? ", "---", "...", "\r\n", "<<", "null", ", "),
    *("é", "\N{NO-BREAK SPACE}", "\N{LINE SEPARATOR}", "\N{NEXT LINE}", "\N{GRINNING FACE}"),
]

LINES = to_yaml(right_clinic()).splitlines(keepends=True)


@st.composite
def near_yaml(draw: st.DrawFn) -> str:
    """Some lines of a clinic document, or a peculiar text, with a few slips of the keyboard."""
    start = draw(st.integers(0, len(LINES)))
    lines = "".join(LINES[start : start + draw(st.integers(1, 8))])
    text = draw(st.sampled_from([lines, CLINIC, JSON, *PECULIAR, *STAGGERED[:49]]))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        slip = draw(st.sampled_from(["insert", "insert", "delete", "swap", "repeat"]))
        if slip == "insert":
            text = text[:at] + draw(st.sampled_from(CHARACTERS)) + text[at:]
        elif slip == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 3)) :]
        elif slip == "swap":
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        else:
            text = text[:at] + text[at : at + draw(st.integers(1, 12))] + text[at:]
    return text


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(near_yaml())
def test_any_text_is_the_same_with_and_without_libyaml(text: str) -> None:
    assert seen(text, libyaml=READERS[0]) == seen(text, libyaml=False)
