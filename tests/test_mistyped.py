"""What is mistyped in a document is named where it was typed, and how it should read is shown.

``VIDEOLINK_EXAMPLES=20000`` looks further than the suite has time for.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics, each_reader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import CLINIC, OneFile, problems, record
from slips import Slip, slips

from pytest_videolink.checks.builtin import VALID_DOCUMENT
from pytest_videolink.record.characters import DASHES, INVISIBLE, SPACES
from pytest_videolink.record.declared import (
    DaySheet,
    PractitionerColumns,
    PractitionerTable,
    SheetColumns,
    TypeColumns,
    TypeTable,
)
from pytest_videolink.record.document import Problem, Unreadable, parse
from pytest_videolink.record.keys import keys_of
from pytest_videolink.record.mistyped import mending
from pytest_videolink.record.mistyped.outline import KEYS_AT
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.table import Table
from pytest_videolink.reports.explained import unreadable
from pytest_videolink.sources.fleet import Fleet, Record
from pytest_videolink.sources.source import Entry

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "250"))

RIGHT = """\
videolink: 1
clinic: harbourside
name: Harbourside Medical Centre
timezone: Australia/Sydney   # in summer
as_of: 2026-11-23T08:30

pms:
  system: best-practice
  database: HARBOUR-SQL01
  shares_database_with: [bayside, north]
  connected: true
  practitioners:
    - {id: "17", name: Dr Amara Nwosu, active: true}
    - {id: "18", name: Dr Li Wei, active: true}

practitioners:
  - id: dr-amara-nwosu
    name: Dr Amara Nwosu
    linked_to: "17"   # looked up
    accepts_video_appointments: true
    archived: false
  - id: dr-li-wei
    name: Dr Li Wei
    linked_to: "18"

appointment_types:
  - id: telehealth-video
    name: Telehealth Video
    telehealth: true
    linked_to: ["29", "31"]
    practitioners:
      - dr-amara-nwosu
      - dr-li-wei
  - id: standard
    name: Standard
    practitioners: [dr-li-wei]

appointments:
  - id: "88213"
    practitioner: dr-amara-nwosu
    pms_type: "29"
    created: 2026-11-20T15:40
    starts: 2026-11-24T09:30
    link: false

waivers:
  - check: VL312
    reason: Seen by referral
    owner: practice manager
    until: 2026-12-31
"""


def test_what_is_right_is_right() -> None:
    assert problems(RIGHT) == []


@pytest.mark.parametrize(
    "links",
    ['["telehealth consult", "29"]', "[telehealth consult, 29]", "\n      - telehealth consult"],
)
def test_a_name_that_begins_like_a_key_is_no_mistake_beside_one(links: str) -> None:
    there, name = '    linked_to: ["29", "31"]\n', "name: Dr Li Wei,"
    assert there in RIGHT
    assert name in RIGHT
    text = RIGHT.replace(there, f"    linked_to: {links}\n").replace(name, "name: “Dr Li Wei”,")
    assert [each.message for each in parse(text.encode()).problems] == [
        'name: typographic quotes stand round the value; write name: "Dr Li Wei"'
    ]


ONE_SLIP = {
    "no space after a colon": (
        "accepts_video_appointments: true",
        "accepts_video_appointments:true",
        (
            "20:31 accepts_video_appointments: a space is missing after the colon; write"
            " accepts_video_appointments: true"
        ),
        "accepts_video_appointments:true",
    ),
    "no space after a colon, and a comment": (
        "timezone: Australia/Sydney ",
        "timezone:Australia/Sydney ",
        "4:9 timezone: a space is missing after the colon; write timezone: Australia/Sydney",
        "timezone:Australia/Sydney",
    ),
    "no space after a colon in braces": (
        '{id: "18"',
        '{id:"18"',
        '14:10 id: a space is missing after the colon; write id: "18"',
        'id:"18"',
    ),
    "no space after a colon, in an appointment": (
        "link: false",
        "link:false",
        "44:9 link: a space is missing after the colon",
        "link:",
    ),
    "a no-break space after a colon": (
        "system: best-practice",
        "system:\xa0best-practice",
        (
            "8:9 system: a no-break space (U+00A0) stands after the colon, where a space"
            " belongs; write system: best-practice"
        ),
        "system:<U+00A0>best-practice",
    ),
    "a tab after a colon": (
        "connected: true",
        "connected:\ttrue",
        (
            "11:12 connected: a tab stands after the colon, where a space belongs; write"
            " connected: true"
        ),
        "connected:<tab>true",
    ),
    "a tab behind a value": (
        "connected: true",
        "connected: true\t",
        "11:14 connected: a tab stands behind the value; write connected: true",
        "connected: true<tab>",
    ),
    "a tab before a line": (
        "  connected: true",
        "\tconnected: true",
        (
            "11:1 connected has a tab before it; write 2 spaces, so that it begins exactly"
            " below shares_database_with of line 10"
        ),
        "connected:",
    ),
    "no-break spaces before a line": (
        "  connected: true",
        "\xa0\xa0connected: true",
        (
            "11:1 connected: a no-break space (U+00A0) stands at the beginning of the line,"
            " where a space belongs"
        ),
        "connected:",
    ),
    "a no-break space behind a name": (
        "name: Harbourside Medical Centre",
        "name: Harbourside Medical Centre\xa0",
        (
            "3:7 name: a no-break space (U+00A0) stands behind the value; write name:"
            " Harbourside Medical Centre"
        ),
        "name: Harbourside Medical Centre<...",
    ),
    "a no-break space behind an id": (
        'linked_to: "18"',
        "linked_to: 18\xa0",
        "24:16 linked_to: a no-break space (U+00A0) stands behind the value; write linked_to: 18",
        "linked_to: 18<U+00A0>",
    ),
    "a no-break space before an id": (
        'linked_to: "18"',
        "linked_to: \xa018",
        (
            "24:14 linked_to: a no-break space (U+00A0) stands after the colon, where a space"
            " belongs; write linked_to: 18"
        ),
        "linked_to: <U+00A0>18",
    ),
    "a quote that is not closed": (
        'linked_to: "17" ',
        'linked_to: "17 ',
        '19:16 linked_to: the quote before the value is not closed; write linked_to: "17"',
        'linked_to: "17',
    ),
    "a quote that is not closed, in braces": (
        '{id: "18", ',
        '{id: "18, ',
        '14:12 id: the quote before the value is not closed; write id: "18"',
        'id: "18',
    ),
    "a quote that is not opened": (
        'linked_to: "18"',
        'linked_to: 18"',
        '24:16 linked_to: the quote behind the value was not opened; write linked_to: "18"',
        'linked_to: 18"',
    ),
    "typographic quotes": (
        'linked_to: "18"',
        "linked_to: \u201c18\u201d",
        '24:16 linked_to: typographic quotes stand round the value; write linked_to: "18"',
        "linked_to: \u201c18\u201d",
    ),
    "typographic quotes round a key": (
        "database: H",
        "\u201cdatabase\u201d: H",
        "9:3 database: typographic quotes stand round the key; write database: HARBOUR-SQL01",
        "database: HARBOUR-SQL01",
    ),
    "one typographic quote": (
        'linked_to: "18"',
        'linked_to: "18\u201d',
        '24:16 linked_to: typographic quotes stand round the value; write linked_to: "18"',
        'linked_to: "18\u201d',
    ),
    "a name that begins with a quoted word": (
        "name: Telehealth Video",
        'name: "Telehealth" Video',
        "28:11 name: something stands behind the closing quote; write name: '\"Telehealth\" Video'",
        'name: "Telehealth" Video',
    ),
    "a comment without its sign": (
        'linked_to: "17" ',
        'linked_to: "17" Jane',
        '19:16 linked_to: something stands behind the closing quote; write linked_to: "17"',
        'linked_to: "17"',
    ),
    "a question mark": (
        'linked_to: "18"',
        "linked_to: ? 18",
        (
            "24:16 linked_to: a text that begins with ? must stand in quotes; write linked_to:"
            ' "? 18", or leave the ? out'
        ),
        "linked_to: ? 18",
    ),
    "a question mark at a value": (
        'linked_to: "18"',
        "linked_to: ?18",
        (
            "24:16 linked_to: a text that begins with ? must stand in quotes; write linked_to:"
            ' "?18", or leave the ? out'
        ),
        "linked_to: ?18",
    ),
    "a per cent sign before a flag": (
        "archived: false",
        "archived: %false",
        "21:15 archived: % stands before the value; write archived: false",
        "archived: %false",
    ),
    "an at sign": (
        "name: Telehealth Video",
        "name: @home Video",
        (
            '28:11 name: a text that begins with @ must stand in quotes; write name: "@home'
            ' Video", or leave the @ out'
        ),
        "name: @home Video",
    ),
    "a backtick": (
        "database: HARBOUR-SQL01",
        "database: `HARBOUR-SQL01`",
        (
            "9:13 database: a text that begins with ` must stand in quotes; write database:"
            ' "`HARBOUR-SQL01`", or leave the ` out'
        ),
        "database: `HARBOUR-SQL01`",
    ),
    "an asterisk": (
        'linked_to: "18"',
        "linked_to: *18",
        (
            "24:16 linked_to: a text that begins with * must stand in quotes; write linked_to:"
            ' "*18", or leave the * out'
        ),
        "linked_to: *18",
    ),
    "a word in asterisks": (
        "name: Telehealth Video",
        "name: *new* Video",
        (
            '28:11 name: a text that begins with * must stand in quotes; write name: "*new*'
            ' Video", or leave the * out'
        ),
        "name: *new* Video",
    ),
    "an ampersand": (
        "name: Telehealth Video",
        "name: &Co Video",
        (
            '28:11 name: a text that begins with & must stand in quotes; write name: "&Co'
            ' Video", or leave the & out'
        ),
        "name: &Co Video",
    ),
    "an exclamation mark": (
        "name: Telehealth Video",
        "name: !new Video",
        (
            '28:11 name: a text that begins with ! must stand in quotes; write name: "!new'
            ' Video", or leave the ! out'
        ),
        "name: !new Video",
    ),
    "a bar": (
        "name: Telehealth Video",
        "name: | Video",
        (
            '28:11 name: a text that begins with | must stand in quotes; write name: "| Video",'
            " or leave the | out"
        ),
        "name: | Video",
    ),
    "a greater-than sign": (
        "owner: practice manager",
        "owner: > manager",
        (
            '49:12 owner: a text that begins with > must stand in quotes; write owner: ">'
            ' manager", or leave the > out'
        ),
        "owner: > manager",
    ),
    "a word in brackets": (
        "name: Telehealth Video",
        "name: [new] Video",
        '28:11 name: a text that begins with [ must stand in quotes; write name: "[new] Video"',
        "name: [new] Video",
    ),
    "a word in braces": (
        "name: Telehealth Video",
        "name: {new} Video",
        '28:11 name: a text that begins with { must stand in quotes; write name: "{new} Video"',
        "name: {new} Video",
    ),
    "a number sign before a value": (
        'linked_to: "18"',
        "linked_to: #18",
        (
            '24:15 linked_to: what stands behind the # is not read; write linked_to: "#...", or'
            " a space behind the # if a comment begins there"
        ),
        "linked_to:",
    ),
    "a number sign in a name": (
        "name: Telehealth Video",
        "name: Telehealth Video #1",
        (
            '28:27 name: what stands behind the # is not read; write name: "Telehealth Video'
            ' #...", or a space behind the # if a comment begins there'
        ),
        "name: Telehealth Video",
    ),
    "a comment without a space": (
        "archived: false",
        "archived: false #Jane asked",
        "21:20 archived: what stands behind the # is not read; write archived: false # ...",
        "archived: false",
    ),
    "a dash for a value": (
        "archived: false",
        "archived: -",
        "21:15 archived: nothing but - stands there: write the value, or leave it blank",
        "archived: -",
    ),
    "a question mark for a value": (
        'linked_to: "18"',
        "linked_to: ?",
        '24:16 linked_to is "?": that is no id of a PMS practitioner; look it up (Dashboard >'
        " Bookings > Practitioner Setup > (practitioner) > Link to), and write none where there is"
        " no link",
        "linked_to: ?",
    ),
    "a key that stands too deep": (
        "  database: H",
        "    database: H",
        (
            "9:1 database has 4 spaces before it; write 2, so that it begins exactly below"
            " system of line 8"
        ),
        "database:",
    ),
    "a key that stands not deep enough": (
        '    linked_to: "18"',
        '   linked_to: "18"',
        (
            "24:1 linked_to has 3 spaces before it; write 4, so that it begins exactly below"
            " name of line 23"
        ),
        "linked_to:",
    ),
    "a key at the margin": (
        "  database: H",
        "database: H",
        (
            "9:1 database has no spaces before it; write 2, so that it begins exactly below"
            " system of line 8"
        ),
        "database:",
    ),
    "a key below a blank one": (
        "    archived: false",
        "    archived:\n      expects_video: true",
        (
            "22:1 expects_video has 6 spaces before it; write 4, so that it begins exactly"
            " below archived of line 21"
        ),
        "expects_video:",
    ),
    "the first key too deep": (
        "  system: best-practice",
        "    system: best-practice",
        "8:1 system has 4 spaces before it; write 2",
        "system:",
    ),
    "an entry that stands too deep": (
        "  - id: dr-li-wei",
        "    - id: dr-li-wei",
        (
            "22:1 the dash has 4 spaces before it; write 2, so that it stands exactly below the"
            " dash of line 17"
        ),
        "id:",
    ),
    "an id in a list too deep": (
        "      - dr-li-wei",
        "        - dr-li-wei",
        (
            "33:1 the dash has 8 spaces before it; write 6, so that it stands exactly below the"
            " dash of line 32"
        ),
        "",
    ),
    "a section that stands too deep": (
        "appointment_types:",
        "  appointment_types:",
        (
            "26:1 appointment_types has 2 spaces before it; write none, so that it begins"
            " exactly below practitioners of line 16"
        ),
        "appointment_types:",
    ),
    "a colon in a name": (
        "name: Telehealth Video",
        "name: Telehealth: Video",
        (
            "28:11 name: a text that holds a colon and a space must stand in quotes; write"
            ' name: "Telehealth: Video"'
        ),
        "name: Telehealth: Video",
    ),
    "a colon behind a reason": (
        "reason: Seen by referral",
        "reason: Seen by referral:",
        (
            "48:13 reason: a text that ends with a colon must stand in quotes; write reason:"
            ' "Seen by referral:"'
        ),
        "reason: Seen by referral:",
    ),
    "a colon behind a flag": (
        "archived: false",
        "archived: false: left",
        "21:15 archived: a colon stands behind the value; write archived: false",
        "archived: false:",
    ),
    "no colon": (
        "name: Telehealth Video",
        "name Telehealth Video",
        "28:9 name: a colon is missing after the key; write name: Telehealth Video",
        "name Telehealth Video",
    ),
    "no colon after a section": (
        "practitioners:\n  - id: dr-amara",
        "practitioners\n  - id: dr-amara",
        "16:14 practitioners: a colon is missing after the key; write practitioners:",
        "practitioners",
    ),
    "an equals sign": (
        "connected: true",
        "connected = true",
        "11:12 connected: = stands where a colon belongs; write connected: true",
        "connected = true",
    ),
    "an equals sign without spaces": (
        "connected: true",
        "connected=true",
        "11:12 connected: = stands where a colon belongs; write connected: true",
        "connected=true",
    ),
    "a semicolon for a colon": (
        "connected: true",
        "connected; true",
        "11:12 connected: ; stands where a colon belongs; write connected: true",
        "connected; true",
    ),
    "no colon in braces": (
        '{id: "18", ',
        '{id "18", ',
        '14:10 id: a colon is missing after the key; write id: "18"',
        'id "18"',
    ),
    "no space after a dash": (
        "      - dr-li-wei",
        "      -dr-li-wei",
        "33:7 a space is missing after the dash; write - dr-li-wei",
        "-dr-li-wei",
    ),
    "no space after a dash before a key": (
        "  - id: dr-li-wei",
        "  -id: dr-li-wei",
        "22:3 a space is missing after the dash; write - id: dr-li-wei",
        "-id: dr-li-wei",
    ),
    "a long dash": (
        "      - dr-li-wei",
        "      \u2013 dr-li-wei",
        "33:7 an en dash (U+2013) stands where a dash and a space belong; write - dr-li-wei",
        "\u2013 dr-li-wei",
    ),
    "a bullet": (
        "  - id: dr-li-wei",
        "  \u2022 id: dr-li-wei",
        "22:3 a bullet (U+2022) stands where a dash and a space belong; write - id: dr-li-wei",
        "\u2022 id: dr-li-wei",
    ),
    "an asterisk for a dash": (
        "      - dr-li-wei",
        "      * dr-li-wei",
        "33:7 an asterisk (U+002A) stands where a dash and a space belong; write - dr-li-wei",
        "* dr-li-wei",
    ),
    "no dash before an entry": (
        "  - id: dr-li-wei",
        "    id: dr-li-wei",
        "22:5 id: a dash is missing before it; write - id: dr-li-wei",
        "id: dr-li-wei",
    ),
    "no dash before an id": (
        "      - dr-li-wei",
        "      dr-li-wei",
        "33:7 a dash is missing before it; write - dr-li-wei",
        "dr-li-wei",
    ),
    "several practitioners without brackets": (
        "practitioners: [dr-li-wei]",
        "practitioners: dr-li-wei, dr-amara-nwosu",
        (
            "36:20 practitioners: several values must stand in brackets; write practitioners:"
            " [dr-li-wei, dr-amara-nwosu]"
        ),
        "practitioners: dr-li-wei, dr-amara-nwosu",
    ),
    "several practitioners by semicolons": (
        "practitioners: [dr-li-wei]",
        "practitioners: dr-li-wei; dr-amara-nwosu",
        (
            "36:20 practitioners: several values must stand in brackets; write practitioners:"
            " [dr-li-wei, dr-amara-nwosu]"
        ),
        "practitioners: dr-li-wei; dr-amara-nwosu",
    ),
    "several links without brackets": (
        'linked_to: ["29", "31"]',
        "linked_to: 29, 31",
        '30:16 linked_to: several values must stand in brackets; write linked_to: ["29", "31"]',
        "linked_to: 29, 31",
    ),
    "several clinics without brackets": (
        "shares_database_with: [bayside, north]",
        "shares_database_with: bayside, north",
        (
            "10:25 shares_database_with: several values must stand in brackets; write"
            " shares_database_with: [bayside, north]"
        ),
        "shares_database_with: bayside, north",
    ),
    "a bracket that is not closed": (
        "practitioners: [dr-li-wei]",
        "practitioners: [dr-li-wei",
        (
            "36:20 practitioners: the bracket [ is not closed: a ] is missing at its end; write"
            " practitioners: [dr-li-wei]"
        ),
        "practitioners: [dr-li-wei",
    ),
    "a bracket that is not opened": (
        "practitioners: [dr-li-wei]",
        "practitioners: dr-li-wei]",
        "36:20 practitioners: the bracket ] was not opened; write practitioners: [dr-li-wei]",
        "practitioners: dr-li-wei]",
    ),
    "a brace that is not closed": (
        "name: Dr Li Wei, active: true}",
        "name: Dr Li Wei, active: true",
        "14:7 the bracket { is not closed: a } is missing at its end",
        "",
    ),
    "a brace that is not opened": (
        '- {id: "18"',
        '- id: "18"',
        "14:7 id: several keys in one line must stand in brackets, { before them and } behind",
        "id:",
    ),
    "no comma in braces": (
        '{id: "18", ',
        '{id: "18" ',
        '14:12 id: a comma is missing behind the value; write id: "18",',
        'id: "18"',
    ),
    "a value at the margin": (
        "reason: Seen by referral",
        "reason:\nSeen by referral",
        "49:1 reason: the value stands in a line of its own; write reason: Seen by referral",
        "Seen by referral",
    ),
    "a value in a line of its own": (
        "    reason: Seen by referral",
        "    reason:\n    Seen by referral",
        "49:5 reason: the value stands in a line of its own; write reason: Seen by referral",
        "Seen by referral",
    ),
    "an invisible character in a key": (
        "timezone: A",
        "timezone\u200b: A",
        (
            "4:1 timezone: the key holds a zero width space (U+200B), which cannot be seen:"
            " timezone<U+200B>; write timezone: Australia/Sydney"
        ),
        "timezone: Australia/Sydney",
    ),
    "what a word processor leaves of a picture in a key": (
        "timezone: A",
        "timezone\ufffc: A",
        (
            "4:1 timezone: the key holds an object replacement character (U+FFFC), which cannot"
            " be seen: timezone<U+FFFC>; write timezone: Australia/Sydney"
        ),
        "timezone: Australia/Sydney",
    ),
    "a character of a word processor's own fonts in a key": (
        "timezone: A",
        "timezone\uf0a7: A",
        (
            "4:1 timezone: the key holds a character (U+F0A7), which cannot be seen:"
            " timezone<U+F0A7>; write timezone: Australia/Sydney"
        ),
        "timezone: Australia/Sydney",
    ),
    "a character of a word processor's own fonts in a value": (
        "timezone: Australia/Sydney ",
        "timezone: Australia/\uf0a7Sydney ",
        (
            "4:11 timezone: a character (U+F0A7), which cannot be seen, stands in the value;"
            " write timezone: Australia/Sydney"
        ),
        "timezone: Australia/<U+F0A7>Sydney",
    ),
    "an invisible character in a time zone": (
        "timezone: Australia/Sydney ",
        "timezone: Australia/Sydney\u200b ",
        (
            "4:11 timezone: a zero width space (U+200B) stands behind the value; write"
            " timezone: Australia/Sydney"
        ),
        "timezone: Australia/Sydney<U+200B>",
    ),
    "a byte-order mark in the middle": (
        "pms:\n",
        "\ufeffpms:\n",
        (
            "7:1 pms: a byte-order mark (U+FEFF) stands at the beginning of the line,"
            " where it cannot be seen"
        ),
        "pms:",
    ),
    "a soft hyphen": (
        "database: HARBOUR-SQL01",
        "database: HARBOUR\xad-SQL01",
        (
            "9:13 database: a soft hyphen (U+00AD), which cannot be seen, stands in the value;"
            " write database: HARBOUR-SQL01"
        ),
        "database: HARBOUR<U+00AD>-SQL01",
    ),
    "a line separator": (
        "database: HARBOUR-SQL01",
        "database: HARBOUR\u2028-SQL01",
        (
            "9:13 database: a line separator (U+2028), which cannot be seen, stands in the"
            " value; write database: HARBOUR-SQL01"
        ),
        "database: HARBOUR<U+2028>-SQL01",
    ),
    "a line twice": (
        "  connected: true",
        "  connected: true\n  connected: true",
        "12:3 connected stands twice here, first in line 11",
        "connected:",
    ),
    "an at sign, in an appointment": (
        "practitioner: dr-amara-nwosu",
        "practitioner: @dr-amara-nwosu",
        "40:19 practitioner: @ stands before the value",
        "practitioner:",
    ),
    "a quote that is not closed, in an appointment": (
        'pms_type: "29"',
        'pms_type: "29',
        "41:15 pms_type: the quote before the value is not closed",
        "pms_type:",
    ),
    "a number sign, in an appointment": (
        "starts: 2026-11-24T09:30",
        "starts: 2026-11-24T09:30 #Jane",
        "43:29 starts: what stands behind the # is not read",
        "starts:",
    ),
    "a key that is not deep enough, in an appointment": (
        "    starts: 2026",
        "   starts: 2026",
        (
            "43:1 starts has 3 spaces before it; write 4, so that it begins exactly below"
            " created of line 42"
        ),
        "starts:",
    ),
    "no space after the colon of an unknown key": (
        "archived: false",
        "archvd:false",
        "21:12 a space is missing after the colon",
        "",
    ),
}
"""By one slip each: what stands in the document, what was typed instead, what is said, and what is
shown of the line."""


@each_reader
@pytest.mark.parametrize(("right", "typed", "said", "shown"), ONE_SLIP.values(), ids=ONE_SLIP)
def test_one_slip(right: str, typed: str, said: str, shown: str) -> None:
    assert RIGHT.count(right) == 1
    found = record(RIGHT.replace(right, typed))
    assert told(found.problems) == [said]
    assert excerpts(found) == [shown]


def test_the_characters_that_look_like_a_space_or_like_none_are_those_of_unicode() -> None:
    by_category: dict[str, set[int]] = defaultdict(set)
    for each in range(sys.maxunicode + 1):
        by_category[unicodedata.category(chr(each))].add(each)
    assert set(map(ord, SPACES)) == by_category["Zs"] - {ord(" ")}
    # Signs of Arabic, Syriac, Kaithi and of Egypt.
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2}
    drawn |= {0x110BD, 0x110CD, *range(0x13430, 0x13440)}
    # Those of which each font makes what it likes are for private use.
    formats = (by_category["Cf"] - drawn) | by_category["Co"]
    hidden = re.compile(f"[{INVISIBLE}]")
    found = {each for each in range(sys.maxunicode + 1) if hidden.match(chr(each))}
    assert formats < found
    # What else has Default_Ignorable_Code_Point, Braille's blank, what a picture leaves: most of it
    # is not assigned.
    assert found - formats == {
        *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2065, 0x2800),
        *(0x3164, *range(0xFE00, 0xFE10), 0xFFA0, *range(0xFFF0, 0xFFF9), 0xFFFC),
        *(set(range(0xE0000, 0xE1000)) - by_category["Cf"]),
    }


@pytest.mark.parametrize("odd", ["\ufe0f", "\u3164", "\u034f", "\u2800", "\U000e0041", "\uffa0"])
@pytest.mark.parametrize(
    ("right", "typed"),
    [
        ("timezone: A", "timezone{}: A"),
        ("timezone: Australia/Sydney ", "timezone: Australia/Syd{}ney "),
        ("timezone: Australia/Sydney ", "timezone: Australia/Sydney{} "),
        ('linked_to: "17"', 'linked_to: "17{}"'),
        ("accepts_video_appointments: true", "accepts_video_appointments: tr{}ue"),
    ],
)
def test_whatever_cannot_be_seen_is_named(odd: str, right: str, typed: str) -> None:
    assert right in RIGHT
    (found,) = record(RIGHT.replace(right, typed.format(odd), 1)).problems
    assert f"{unicodedata.name(odd).lower()} (U+{ord(odd):04X})" in found.message


@pytest.mark.parametrize("dash", DASHES)
def test_what_stands_for_a_dash(dash: str) -> None:
    right = "      - dr-li-wei"
    assert RIGHT.count(right) == 1
    (found,) = record(RIGHT.replace(right, f"      {dash} dr-li-wei")).problems
    assert "stands where a dash and a space belong; write - dr-li-wei" in found.message
    assert f"(U+{ord(dash):04X})" in found.message


@pytest.mark.parametrize("dashes", [range(0x2010, 0x2016), (0x2212, 0x2022, 0xB7, 0x2023, 0x2043)])
def test_dashes_and_bullets_are_known(dashes: Iterable[int]) -> None:
    assert set(map(chr, dashes)) < set(DASHES)


def told(found: Iterable[Problem]) -> list[str]:
    return [f"{each.position[0]}:{each.position[1]} {each.message}" for each in found]


def excerpts(found: Record) -> list[str]:
    """What VL001 shows of the lines at fault."""
    explained = unreadable(found, "clinics/harbourside.yaml", VALID_DOCUMENT, "pytest")
    return [place.code for each in explained.evidence for place in each.places]


# What looks like a mistake and is none

SOUND = {
    "an apostrophe": "name: Dr O'Brien's Practice",
    "an apostrophe of a word processor": "name: Dr O\u2019Brien",
    "an apostrophe at the end": "name: The Nurses'",
    "quoted words": "name: The \u201cBig\u201d Clinic",
    "a quoted first word": "name: \u201cBig\u201d Clinic",
    "inches": 'name: "12\\" Clinic"',
    "a number sign in quotes": 'name: "Room #1"',
    "a number sign in a word": "name: Room A#1",
    "a comment": "name: Room # 1",
    "a comment of two signs": "name: Room ## 1",
    "a comment behind quotes": 'name: "Room" #1',
    "an entry that is commented out": "#name: Old\nname: Room",
    "a key that is commented out": "name: Room\n  #  database: OLD",
    "a colon in a word": "name: 8:30 Clinic",
    "an address": "name: https://harbourside.example",
    "a dash": "name: -Clinic-",
    "a question": "name: Open late?",
    "a question in a comment": "name: Room # is it right?",
    "an equals sign": "name: A = B",
    "commas": "name: Harbour, Side; Clinic",
    "brackets at the end": "name: Clinic (Bayview) [new]",
    "a text of several lines": "name: >-\n  Harbour\n  - side: #1",
    "a text that goes on": "name: Harbour\n  name side\n  pms Clinic",
    "quotes over several lines": 'name: "Harbour\n  name:x #1\n  side"',
    "a value below its key": "name:\n  Harbourside",
    "an alias": "name: &it Harbourside\npractitioners:\n- {id: x, name: *it}",
    "a list over several lines": (
        "name: X\npractitioners: [\n  {id: x, name: X},\n  {id: y,\n   name: Y}\n]"
    ),
    "keys in quotes without spaces": 'name: X\npractitioners: [{"id":"x","name":"X"}]',
    "none in quotes of a word processor": (
        "name: X\npractitioners:\n- {id: x, name: X, linked_to: \u201cnone\u201d}"
    ),
    "typographic quotes within others, round a word that a key is": (
        'name: X\npractitioners:\n- {id: x, name: X, linked_to: ["\u2018on\u2019"]}\n'
        "appointment_types: [{practitioners: [\"\u201cname\u201d\", '\u2018on\u2019']}]"
    ),
    "none before a no-break space": (
        "name: X\npractitioners:\n- {id: x, name: X, linked_to: none\u00a0}"
    ),
    "a name with a comma for a link": (
        "name: X\nappointment_types:\n- {id: v, name: V}\npractitioners:\n- id: x\n  name:"
        " X\n  linked_to: Nwosu, Amara"
    ),
}


@each_reader
@pytest.mark.parametrize("typed", SOUND.values(), ids=SOUND)
def test_what_is_sound_is_read(typed: str) -> None:
    document = parse(CLINIC.replace("name: Harbourside", typed).encode(), closely=True)
    assert document.problems == ()
    assert document.mistyped == frozenset()


@each_reader
def test_a_sign_is_noticed_where_a_text_holds_each_of_them() -> None:
    (problem,) = parse(b'a: "|>*!@`%?"\nname: &Co Clinic\n').problems
    assert problem.message.startswith("name: a text that begins with & must stand in quotes")


@pytest.mark.parametrize(
    "typed",
    [
        *("", "a: it's\n", "a: 1\nb: it's\n", "a: 1\nb: 'it'\n"),
        "a: ['it', her']\nb: 'its'\n",
    ],
)
def test_a_quote_that_nothing_opens_is_noticed_though_nothing_else_is_odd(typed: str) -> None:
    *_, problem = parse(f"{typed}name: Harbourside'\n".encode()).problems
    assert problem.message == (
        'name: the quote behind the value was not opened; write name: "Harbourside"'
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a: ['b', c']\n", "the quote behind the value was not opened"),
        ("'a': b'\n", "the quote behind the value was not opened"),
        ("practitioners:\n- id:b\n", "id: a space is missing after the colon; write id: b"),
        ("practitioners:\n  -b\n", "a space is missing after the dash; write - b"),
        ("linked_to: 12, 13\n", "linked_to: several values must stand in brackets"),
    ],
)
def test_one_slip_alone_is_noticed(typed: str, said: str) -> None:
    assert [each.message for each in parse(typed.encode()).problems] == [said]


@pytest.mark.parametrize("dash", DASHES[:-1])
def test_a_dash_that_yaml_takes_for_text_is_noticed(dash: str) -> None:
    (problem,) = parse(f"practitioners:\n  {dash} dr-a\n".encode()).problems
    assert problem.message.endswith("stands where a dash and a space belong; write - dr-a")


def test_a_lone_dash_for_a_link_is_a_text() -> None:
    text = RIGHT.replace('linked_to: "18"', "linked_to: -  # not linked")
    document = parse(text.encode())
    assert document.problems == ()
    assert document.find(("practitioners", 1, "linked_to")).node.value == "-"


def test_an_entry_of_the_pms_may_have_several_words_for_an_id() -> None:
    assert parse(RIGHT.replace('["29", "31"]', "Nwosu, Amara").encode()).problems == ()


# Several at once

SEVERAL = """\
videolink: 1
clinic: harbourside
name: Harbourside #1
timezone:Australia/Sydney
pms:
  system: zedmed
    database: B1
practitioners:
  -id: dr-x
   name: \u201cDr X\u201d
   accepts_video_appointments= yes
   linked_to: 17, 18
  -id: dr-y
   nmae: Dr Y
"""


@each_reader
def test_all_are_told_at_once_and_what_else_is_wrong() -> None:
    assert problems(SEVERAL) == [
        (
            '3:18 name: what stands behind the # is not read; write name: "Harbourside'
            ' #...", or a space behind the # if a comment begins there'
        ),
        "4:9 timezone: a space is missing after the colon; write timezone: Australia/Sydney",
        (
            "7:1 database has 4 spaces before it; write 2, so that it begins exactly below"
            " system of line 6"
        ),
        "9:3 a space is missing after the dash; write - id: dr-x",
        "10:1 name has 3 spaces before it; write 4, and move 2 lines below it likewise",
        '10:11 name: typographic quotes stand round the value; write name: "Dr X"',
        (
            "11:31 accepts_video_appointments: = stands where a colon belongs; write"
            " accepts_video_appointments: yes"
        ),
        '12:16 linked_to: several values must stand in brackets; write linked_to: ["17", "18"]',
        "13:3 a space is missing after the dash; write - id: dr-y",
        (
            "14:1 the line has 3 spaces before it; write 4, so that it begins exactly below"
            " id of line 13"
        ),
    ]


# Lines as an editor counts them


@each_reader
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_does(end: str) -> None:
    text = RIGHT.replace("in summer", "in\u2028summer\u2029or\x85so").replace("\n", end)
    assert problems(text) == []
    assert problems(text.replace("archived: false", "archived:false")) == [
        "21:13 archived: a space is missing after the colon; write archived: false"
    ]
    assert [each.partition(" ")[0] for each in problems(text.replace("VL312", "VL312\0"))] == [
        "47:17"
    ]


# JSON

JSON = """\
{
  "videolink": 1,
  "clinic": "harbourside",
  "name": "Harbourside",
  "timezone": "Australia/Sydney",
  "pms": {"system": "zedmed", "database": "SQL01", "connected": true}
}
"""

ONE_SLIP_IN_JSON = {
    "a comma too many": (
        "true}",
        "true,}",
        "6:69 a comma stands behind the last entry: remove it",
    ),
    "a comma too many, at a line's end": (
        "true}\n",
        "true},\n",
        "6:70 a comma stands behind the last entry: remove it",
    ),
    "no comma": (
        'side",\n  "time',
        'side"\n  "time',
        "4:24 a comma is missing behind this value",
    ),
    "no comma in a line": (
        '"zedmed", ',
        '"zedmed" ',
        "6:29 a comma is missing behind this value",
    ),
    "two commas": (
        '"zedmed", ',
        '"zedmed",, ',
        "6:30 a comma stands where a value belongs",
    ),
    "a semicolon": (
        '"zedmed", ',
        '"zedmed"; ',
        "6:29 ; stands where a comma belongs",
    ),
    "no colon": (
        '"name": ',
        '"name" ',
        "4:9 a colon is missing behind the key",
    ),
    "an equals sign": (
        '"name": ',
        '"name" = ',
        "4:10 = stands where a colon belongs",
    ),
    "single quotes": (
        '"zedmed"',
        "'zedmed'",
        "6:21 single quotes stand round a text, where double quotes must stand",
    ),
    "single quotes round a key": (
        '"name"',
        "'name'",
        "4:3 single quotes stand round a text, where double quotes must stand",
    ),
    "typographic quotes": (
        '"zedmed"',
        "\u201czedmed\u201d",
        "6:21 typographic quotes stand round a text, where double quotes must stand",
    ),
    "no quotes": (
        '"zedmed"',
        "zedmed",
        "6:21 a text must stand in double quotes",
    ),
    "no quotes round a key": (
        '"name"',
        "name",
        "4:3 a text must stand in double quotes",
    ),
    "a word in capital letters": (
        "true",
        "True",
        "6:65 true, false and null must be written in lower-case letters",
    ),
    "a comment": (
        '  "name"',
        '  // the name\n  "name"',
        "4:3 a comment stands here, and JSON has none: remove it",
    ),
    "a comment as in YAML": (
        '"SQL01",',
        '"SQL01", # the server',
        "6:52 a comment stands here, and JSON has none: remove it",
    ),
    "a no-break space": (
        '"name": ',
        '"name":\xa0',
        "4:10 a no-break space (U+00A0) stands between the values: remove it",
    ),
    "a byte-order mark": (
        '  "name"',
        '\ufeff  "name"',
        "4:1 a byte-order mark (U+FEFF) stands between the values: remove it",
    ),
    "a quote that is not closed": (
        '"harbourside"',
        '"harbourside',
        "3:26 the quote before this text is not closed in its line",
    ),
    "a tab in a text": (
        '"SQL01"',
        '"SQL\t01"',
        "6:47 a tab stands in a text: write a space",
    ),
    "a backslash": (
        '"SQL01"',
        '"C:\\SQL01"',
        "6:46 a backslash in a text must be written twice, \\\\",
    ),
    "a bracket that is not closed": (
        "true}",
        "true",
        "7:2 the file ends too soon: a bracket is not closed",
    ),
    "a bracket too many": (
        "true}",
        "true}}",
        "7:1 a bracket too many stands here",
    ),
    "two documents": (
        "}\n}\n",
        "}\n}\n{}\n",
        "8:1 the file holds several documents: one clinic a file",
    ),
    "a comma too many in a list": (
        '"SQL01"',
        '["SQL01",]',
        "6:51 a comma stands behind the last entry: remove it",
    ),
    "a file that was cut off": (
        "true}\n}\n",
        "true  ",
        "6:71 the file ends too soon: a bracket is not closed",
    ),
    "a text that was cut off": (
        "true}\n}\n",
        'true, "modal',
        "6:71 the quote that stands here is not closed",
    ),
    "a quote that is not closed in a line of Windows": (
        '"harbourside",\n',
        '"harbourside,\r\n',
        "3:26 the quote before this text is not closed in its line",
    ),
    "a comment as in C": (
        '  "name"',
        '  /* the name */\n  "name"',
        "4:3 a comment stands here, and JSON has none: remove it",
    ),
    "a semicolon for a colon": (
        '"name": ',
        '"name"; ',
        "4:9 ; stands where a colon belongs",
    ),
    "a full stop for a comma": (
        '"zedmed", ',
        '"zedmed". ',
        "6:29 . stands where a comma belongs",
    ),
    "an equals sign for a comma": (
        '"zedmed", ',
        '"zedmed" = ',
        "6:30 = stands where a comma belongs",
    ),
    "a number that begins with 0": (
        '"videolink": 1',
        '"videolink": 01',
        "2:16 a number cannot begin with 0: put it in double quotes",
    ),
    "no comma between numbers": (
        '"SQL01"',
        "[1 2]",
        "6:45 a comma is missing behind this value",
    ),
    "no comma behind a 0": (
        '"SQL01"',
        '[0 "1"]',
        "6:45 a comma is missing behind this value",
    ),
    "another word in capital letters": (
        "true",
        "FALSE",
        "6:65 true, false and null must be written in lower-case letters",
    ),
    "nothing, in capital letters": (
        "true",
        "Null",
        "6:65 true, false and null must be written in lower-case letters",
    ),
    "a document and a list": (
        "}\n}\n",
        "}\n}\n[]\n",
        "8:1 the file holds several documents: one clinic a file",
    ),
    "nothing": (
        JSON,
        " \n",
        "1:1 the file is empty",
    ),
    "an invisible character in a key": (
        '"timezone"',
        '"time\u200bzone"',
        (
            "5:3 timezone: the key holds a zero width space (U+200B), which cannot be seen:"
            " time<U+200B>zone; write timezone"
        ),
    ),
    "an escaped invisible character in a key": (
        '"timezone"',
        '"timezone\\u200b"',
        (
            "5:3 timezone: the key holds a zero width space (U+200B), which cannot be seen:"
            " timezone<U+200B>; write timezone"
        ),
    ),
    "an invisible character in a value": (
        "Australia/Sydney",
        "Australia/Sydney\u200b",
        (
            "5:15 timezone: a zero width space (U+200B) stands in the value, where it"
            " cannot be seen: remove it"
        ),
    ),
}


@pytest.mark.parametrize(
    ("right", "typed", "said"), ONE_SLIP_IN_JSON.values(), ids=ONE_SLIP_IN_JSON
)
def test_one_slip_in_json(right: str, typed: str, said: str) -> None:
    assert problems(JSON, "harbourside.json") == []
    assert JSON.count(right) == 1
    assert problems(JSON.replace(right, typed), "harbourside.json") == [said]


ZERO, NO_BREAK = "a zero width space (U+200B)", "a no-break space (U+00A0)"
IN_VALUE = "stands in the value, where it cannot be seen: remove it"
IN_KEY = "the key holds a zero width space (U+200B), which cannot be seen"

UNSEEN: list[tuple[dict[str, Any], list[tuple[str, str | None, str | None]]]] = [
    (
        {"timezone": "Perth\u200b"},
        [(f"2 timezone: {ZERO} {IN_VALUE}", "timezone", "Perth<U+200B>")],
    ),
    (
        {"timezone": "\u00a0Perth "},
        [(f"2 timezone: {NO_BREAK} {IN_VALUE}", "timezone", "<U+00A0>Perth ")],
    ),
    (
        {"timezone": "Perth \u2028"},
        [
            (
                f"2 timezone: a line separator (U+2028) {IN_VALUE}",
                "timezone",
                "Perth <U+2028>",
            )
        ],
    ),
    ({"timezone": " New\u00a0York "}, []),
    ({"timezone": "\tXXX "}, []),
    ({"pms": {"system": "zedmed\u00a0", "database": "\u00a0A"}}, []),
    (
        {"pms": {"database": "A\u200bB"}},
        [(f"3 database: {ZERO} {IN_VALUE}", "database", "A<U+200B>B")],
    ),
    (
        {"name": "N\u200b", "waivers": [{"check": "A\u200b", "on": "\u200b", "reason": "\u200b"}]},
        [],
    ),
    ({"appointments": [{"id": "8\u200b"}], "pms": {"appointments": "8\u200b"}}, []),
    ({"practitioners": [{"linked_to": "none\u00a0"}]}, []),
    (
        {"practitioners": [{"linked_to": ["17\u200b", "none\u200b"]}]},
        [(f"5 linked_to: {ZERO} {IN_VALUE}", "linked_to", "17<U+200B>")],
    ),
    (
        {"practitioners": [{"id": "none\u200b"}]},
        [(f"4 id: {ZERO} {IN_VALUE}", "id", "none<U+200B>")],
    ),
    ({"odd": "x\u200b"}, [(f"2 {ZERO} {IN_VALUE}", None, None)]),
    ({"odd": [{"id": "x\u200b"}]}, [(f"4 {ZERO} {IN_VALUE}", None, None)]),
    ({"od\u200bd": 1, "clinic": "a"}, [(f"2 {IN_KEY}", None, None)]),
    (
        {"clinic": 1, "time\u200bzone": 1, "timezone": "UTC"},
        [
            (
                f"3 timezone: {IN_KEY}: time<U+200B>zone; write timezone",
                "time<U+200B>zone",
                None,
            )
        ],
    ),
]


@pytest.mark.parametrize(("document", "said"), UNSEEN)
@pytest.mark.parametrize("is_escaped", [True, False])
def test_what_cannot_be_seen(
    document: dict[str, Any], said: list[tuple[str, str | None, str | None]], is_escaped: bool
) -> None:
    raw = json.dumps(document, indent=1, ensure_ascii=is_escaped).encode()
    found = parse(raw, as_json=True)
    lines = [
        (f"{each.position.line} {each.message}", each.key, each.value) for each in found.problems
    ]
    assert lines == said
    assert found.unseen == {each.position for each in found.problems}


def test_what_else_a_text_with_something_unseen_says() -> None:
    raw = b'{"timezone": "Perth\\u200b",\n "pms": {"system": "zedmed",\n "database": "\\u200bA"}}'
    found = parse(raw, as_json=True)
    assert found.root.plain() == {
        "timezone": "Perth",
        "pms": {"system": "zedmed", "database": "A"},
    }
    assert (found.text(("pms", "system")), found.text(("pms", "database"))) == ("zedmed", None)
    alone = raw.replace(b"\n", b"")  # as software writes it
    assert parse(alone).text(("pms", "system")) == "zedmed"
    twice = b'timezone: "Perth\\u200b"\npms:\n  system:zedmed\n  database: A\n'
    assert parse(twice).text(("pms", "system")) is None
    assert parse(twice).text(("pms", "database")) is None


# Anywhere in the examples

CLINICS = Path(__file__).parent.parent / "examples" / "clinics"
FILES = sorted(CLINICS.rglob("*.yaml"))


class Example(OneFile):
    """One of the example clinics, its text another."""

    def __init__(self, file: Path, text: str) -> None:
        super().__init__(file.name, text)
        self._folder = file.parent

    def table(self, entry: Entry, named: Reference, read: Callable[[bytes], Table]) -> Table:
        return read((self._folder / named.path).read_bytes())


def read_as(file: Path, text: str) -> Record:
    source = Example(file, text)
    (entry,) = source.entries()
    return Fleet(source, [entry]).record(entry)


@cache
def slips_of(file: Path) -> tuple[Slip, ...]:
    return tuple(slips(file.read_text("utf-8")))


@cache
def meant(file: Path) -> Any:
    return seen(read_as(file, file.read_text("utf-8")))


NAMES = ("name", "full_name", "reason", "owner", "database", "system")


def seen(found: Record) -> Any:
    """A clinic as a reader sees it: of a name letters and digits."""
    assert found.clinic is not None
    return _seen("", asdict(found.clinic))


def _seen(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _seen(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_seen(key, each) for each in value]
    return "".join(filter(str.isalnum, value)) if key in NAMES and value else value


anywhere = st.sampled_from(FILES).flatmap(
    lambda file: st.tuples(st.just(file), st.sampled_from(slips_of(file)))
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(anywhere)
def test_a_slip_is_named_where_it_is_or_changes_nothing(place: tuple[Path, Slip]) -> None:
    file, slip = place
    found = read_as(file, slip.of(file.read_text("utf-8")))
    if found.problems:
        lines = {each.position.line for each in found.problems}
        assert lines & {slip.line, slip.line + 1}
        assert not [each for each in found.problems if "not valid YAML" in each.message]
    else:
        assert seen(found) == meant(file)


def test_each_kind_of_slip_can_be_made() -> None:
    kinds = {slip.kind for file in FILES for slip in slips_of(file)}
    assert len(kinds) == 35
    assert sum(len(slips_of(file)) for file in FILES) > 40_000


# Nothing private gets out

PRIVATE = """\
videolink: 1
clinic: harbourside
name: Harbourside  # Zq9canary asked
timezone: Australia/Sydney
pms: {system: zedmed, database: SQL01}  # Zq9canary
notes:
  - Zq9canary
  - name: Zq9canary
appointments:  # of Zq9canary
  - id: Zq9canary
    practitioner: Zq9canary
    pms_type: "Zq9canary"
    created: Zq9canary # Zq9canary
    name: Zq9canary
    patient: Zq9canary
  - {id: Zq9canary, practitioner: "Zq9canary", link: Zq9canary}  # Zq9canary
"""


@pytest.mark.parametrize("line", range(1, PRIVATE.count("\n") + 1))
def test_a_slip_shows_nothing_private(line: int) -> None:
    shown = []
    for slip in slips(PRIVATE):
        if slip.line == line:
            found = record(slip.of(PRIVATE))
            shown += [(slip.typed, each) for each in found.problems if _tells(each, "Zq9canary")]
    assert shown == []


def _tells(problem: Problem, canary: str) -> bool:
    return canary in f"{problem.message} {problem.key} {problem.value} {problem.between}"


def test_what_is_not_tried_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{CLINIC}appointments: [{{id: !Jane-Citizen!x y}}]\n"
    assert problems(text) == ["8:21 id: a text that begins with ! must stand in quotes"]
    monkeypatch.setattr(mending, "MAX_READ", 0)
    assert problems(text) == [
        "8:21 this is not valid YAML: while parsing a node, found undefined tag handle"
    ]


# Bounds


def test_only_so_much_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "MAX_READ", 1)  # so once
    text = RIGHT.replace("archived: false", "archived:false")
    assert problems(text) == [
        "21:13 archived: a space is missing after the colon; write archived: false"
    ]
    with pytest.raises(Unreadable) as raised:
        parse(text.replace("VL312", "*VL312").encode())
    assert told(raised.value.problems) == [
        "21:13 archived: a space is missing after the colon; write archived: false",
        "47:12 an alias (*) stands for no anchor (&)",
    ]


def test_what_is_taken_for_something_else_is_told_though_nothing_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mending, "MAX_READ", 0)
    assert problems(RIGHT.replace('linked_to: "18"', 'linked_to: 18"')) == [
        '24:16 linked_to: the quote behind the value was not opened; write linked_to: "18"'
    ]


def test_only_so_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    text = RIGHT.replace("name: ", "name:")
    assert len(problems(text)) == 7
    monkeypatch.setattr(mending, "MAX_SLIPS", 2)
    assert [each.partition(" ")[0] for each in problems(text)][:2] == ["3:5", "18:9"]


# What is known of the format


def test_the_keys_of_tables_are_known() -> None:
    for place, table, columns in (
        ("appointments", DaySheet, SheetColumns),
        ("pms.practitioners", PractitionerTable, PractitionerColumns),
        ("pms.appointment_types", TypeTable, TypeColumns),
    ):
        assert set(keys_of(table)) <= KEYS_AT[place]
        assert set(keys_of(columns)) <= KEYS_AT[f"{place}.columns"]


# What VL001 says

TEXT = """\
  timezone: a space is missing after the colon; write timezone: Australia/Sydney
clinics/harbourside.yaml:4:9
    4 | timezone:Australia/Sydney
      |          ^^^^^^^^^^^^^^^^

  database has 4 spaces before it; write 2, so that it begins exactly below
  system of line 6
clinics/harbourside.yaml:7:1
    7 | database:
      | ^

  a space is missing after the dash; write - id: dr-x
clinics/harbourside.yaml:9:3
    9 | -id: dr-x
      | ^^^^^^^^^

  name has 3 spaces before it; write 4, and move 2 lines below it likewise
clinics/harbourside.yaml:10:1
   10 | name:
      | ^
"""


def test_the_text_as_a_whole(clinics: Clinics) -> None:
    clinics.write(harbourside=SEVERAL)
    result = clinics.run("--videolink-clinic=harbourside")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    assert TEXT in result.stdout.str()


@pytest.mark.parametrize(
    ("right", "typed", "said"),
    [
        ("archived: false", "archived:false", "archived: a space is missing after the colon;*"),
        ("archived: false", "archived: false #Jane", "archived: what stands behind the # is not*"),
        ('linked_to: "18"', "linked_to: \u201c18\u201d", "linked_to: typographic quotes stand*"),
        ("link: false", "link: @https://rooms.example", "link: @ stands before the value"),
    ],
)
def test_one_slip_is_one_failure(clinics: Clinics, right: str, typed: str, said: str) -> None:
    clinics.write(harbourside=RIGHT.replace(right, typed))
    result = clinics.run("--videolink-clinic=harbourside")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"The record of harbourside cannot be read: {said}"])
    result.stdout.no_fnmatch_line("*Jane*")
    result.stdout.no_fnmatch_line("*rooms.example*")


def test_a_clinic_that_may_share_the_database_is_mistyped(clinics: Clinics) -> None:
    """What is mistyped is not relied on, so it may be a neighbour."""
    clinics.write(bayside=RIGHT.replace("harbourside", "bayside").replace("HARBOUR", "OTHER"))
    clinics.write(harbourside=RIGHT)
    assert clinics.outcomes("--videolink-clinic=harbourside", "-k", "VL002") == {
        "harbourside.yaml::VL002-neighbours-readable": "passed"
    }
    typed = RIGHT.replace("harbourside", "bayside").replace("database: HARBOUR", "database:HARBOUR")
    clinics.write(bayside=typed)
    assert clinics.outcomes("--videolink-clinic=harbourside", "-k", "VL002") == {
        "harbourside.yaml::VL002-neighbours-readable": "failed"
    }
