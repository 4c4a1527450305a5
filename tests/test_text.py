"""Texts, times and names of a clinic document: what each stands for, and what it must not be."""

from __future__ import annotations

from datetime import timezone
from pathlib import Path

import pytest
from conftest import Clinics
from reading import CLINIC, clinic_of, problems
from support import edited, right_clinic, to_yaml

from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet, Record

WIDE_ONE = "\N{FULLWIDTH DIGIT ONE}"
PRACTITIONER = "practitioners: [{id: dr-li, name: Dr Li}]\n"


def value_of(lines: str) -> str:
    """What is said of the wrong value in some further lines, without its position."""
    (said,) = problems(CLINIC + lines)
    return said.partition(" ")[2]


# Text stays the text that stands there


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("No", "No"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("y", "y"),
        ("true", "true"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("0012", "0012"),
        ("0o14", "0o14"),
        ("0x1D", "0x1D"),
        ("0b11", "0b11"),
        ("1_0", "1_0"),
        ("1e3", "1e3"),
        ("1.50", "1.50"),
        ("+1", "+1"),
        (".inf", ".inf"),
        (".NaN", ".NaN"),
        ("20261123", "20261123"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23 08:30:00", "2026-11-23 08:30:00"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("Null", "Null"),
        ("NULL", "NULL"),
        ('"null"', "null"),
        ("'~'", "~"),
        ("none", "none"),
        ("None", "None"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_a_name_and_an_id_are_text(written: str, text: str) -> None:
    clinic = clinic_of(
        CLINIC.replace("name: Harbourside", f"name: {written}")
        + f"  practitioners: [{{id: {written}, name: Dr Li}}]\n"
    )
    assert clinic.name == text
    assert clinic.pms.practitioners is not None
    assert list(clinic.pms.practitioners) == [text]


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("17", ("17",)),
        ("0017", ("0017",)),
        ("1e3", ("1e3",)),
        ("12:30", ("12:30",)),
        ("no", ()),
        ("[17]", ("17",)),
        ("None", ()),
        ("NONE", ()),
        ("nones", ("nones",)),
        ('"null"', ("null",)),
        ("Null", ("Null",)),
        ("none", ()),
        ('"none"', ()),
        ("'none'", ()),
        ("[]", ()),
        ("", None),
        ("~", None),
        ("null", None),
        ('""', None),
        ('"  "', None),
    ],
)
def test_a_link_to_a_pms_practitioner(written: str, links: tuple[str, ...] | None) -> None:
    clinic = clinic_of(f"{CLINIC}practitioners:\n- id: dr-li\n  name: Li\n  linked_to: {written}\n")
    assert clinic.practitioners[0].linked_to == links


@pytest.mark.parametrize(
    ("written", "links"),
    [
        ("29", ("29",)),
        ("[29, 031, 1e3]", ("29", "031", "1e3")),
        ("[nones, Null, 12:30]", ("nones", "Null", "12:30")),
        ("none", ()),
        ("[]", ()),
        ("", None),
    ],
)
def test_links_to_pms_types(written: str, links: tuple[str, ...] | None) -> None:
    text = (
        f"{CLINIC}{PRACTITIONER}"
        f"appointment_types:\n- id: video\n  name: Video\n  linked_to: {written}\n"
        f"  practitioners: [{{id: dr-li, linked_to: {written}}}]\n"
    )
    clinic = clinic_of(text)
    (type,) = clinic.appointment_types
    assert type.linked_to == links
    assert type.listed["dr-li"].override == links


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[~]", "linked_to: expected PMS ids as text in the list"),
        ("[29, null]", "linked_to: expected PMS ids as text in the list"),
        ('[29, ""]', "linked_to: expected PMS ids as text in the list"),
        ("[[29]]", "linked_to: expected PMS ids as text in the list"),
        ("{id: 29}", "linked_to: expected text"),
    ],
)
def test_no_link(written: str, said: str) -> None:
    entry = f"[{{id: video, name: Video, linked_to: {written}}}]"
    assert value_of(f"appointment_types: {entry}\n") == said
    entry = f"[{{id: dr-li, name: Dr Li, linked_to: {written}}}]"
    assert value_of(f"practitioners: {entry}\n") == said


def test_a_profile_has_one_link() -> None:
    entry = "[{id: dr-li, name: Dr Li, linked_to: [17, 18]}]"
    assert value_of(f"practitioners: {entry}\n") == (
        "linked_to: expected one PMS id, or the word none"
    )


# Booleans


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *((word, True) for word in ("true", "True", "TRUE", "tRuE", "yes", "YES", "on", "On")),
        *((word, False) for word in ("false", "False", "no", "No", "NO", "off", "OFF")),
        *((word, True) for word in ('"true"', "'yes'")),
        *((word, None) for word in ("", "~", "null", '""', "' '")),
    ],
)
def test_a_switch(written: str, value: bool | None) -> None:
    assert clinic_of(f"{CLINIC}  connected: {written}\n").pms.connected is value


@pytest.mark.parametrize(
    "written",
    ["1", "0", "y", "n", "Y", "t", "f", "T", "none", "Null", "enabled", "true ?", WIDE_ONE, "ja"],
)
def test_no_switch(written: str) -> None:
    assert value_of(f"  connected: {written}\n") == (
        f'connected is "{written}": expected true or false (or yes, no, on, off)'
    )


def test_a_switch_of_json(clinics: Clinics) -> None:
    clinics.write_file(
        "harbourside.json",
        '{"videolink": 1, "clinic": "harbourside", "name": "H", "timezone": "Australia/Sydney",\n'
        ' "pms": {"system": "x", "database": "y", "connected": 1}}',
    )
    result = clinics.run("--videolink-clinic=harbourside")
    result.stdout.fnmatch_lines(
        [
            'The record of harbourside cannot be read: connected is "1": expected true or false (or'
            " yes, no, on, off)",
            '  connected is "1": expected true or false (or yes, no, on, off)',
            "clinics/harbourside.json:2:55",
        ]
    )


# Times


@pytest.mark.parametrize(
    ("zone", "written", "utc"),
    [
        ("Sydney", "2026-11-23T08:30:00+11:00", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-23T08:30:00+1100", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-23T08:30+11:00", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-23 08:30:00+11:00", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-22T21:30:00Z", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-22T21:30Z", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-22T18:00:00-03:30", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-22T21:30:00-00:00", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-23T08:30:00.5+11:00", "2026-11-22T21:30:00.500000"),
        ("Sydney", "2026-11-23T08:30:00.123+11:00", "2026-11-22T21:30:00.123000"),
        ("Sydney", "2026-11-23T08:30:00.25", "2026-11-22T21:30:00.250000"),
        ("Sydney", "2026-11-23T08:30", "2026-11-22T21:30:00"),
        ("Sydney", "2026-11-23 08:30", "2026-11-22T21:30:00"),
        ("Sydney", '"2026-11-23T08:30"', "2026-11-22T21:30:00"),
        ("Sydney", "2026-07-01T08:30", "2026-06-30T22:30:00"),
        ("Sydney", "2024-02-29T00:00", "2024-02-28T13:00:00"),
        ("Sydney", "2026-04-05T01:59:59", "2026-04-04T14:59:59"),
        ("Sydney", "2026-04-05T02:30+11:00", "2026-04-04T15:30:00"),
        ("Sydney", "2026-04-05T02:30+10:00", "2026-04-04T16:30:00"),
        ("Sydney", "2026-04-05T03:00", "2026-04-04T17:00:00"),
        ("Sydney", "2026-10-04T01:59:59", "2026-10-03T15:59:59"),
        ("Sydney", "2026-10-04T02:30+11:00", "2026-10-03T15:30:00"),
        ("Sydney", "2026-10-04T03:00", "2026-10-03T16:00:00"),
        ("Sydney", "2026-11-28 8:30", "2026-11-27T21:30:00"),
        ("Sydney", "2026-11-28T8:30:00+11:00", "2026-11-27T21:30:00"),
        ("Sydney", "2026-11-28 0:30", "2026-11-27T13:30:00"),
        ("Adelaide", "2026-11-23T08:30", "2026-11-22T22:00:00"),
        ("Adelaide", "2026-07-01T08:30", "2026-06-30T23:00:00"),
        ("Brisbane", "2026-11-23T08:30", "2026-11-22T22:30:00"),
        ("Brisbane", "2026-07-01T08:30", "2026-06-30T22:30:00"),
        ("Brisbane", "2026-04-05T02:30", "2026-04-04T16:30:00"),
        ("Brisbane", "2026-10-04T02:30", "2026-10-03T16:30:00"),
        ("Perth", "2026-11-23T08:30", "2026-11-23T00:30:00"),
        ("Perth", "2026-07-01T08:30", "2026-07-01T00:30:00"),
    ],
)
def test_a_time(zone: str, written: str, utc: str) -> None:
    text = CLINIC.replace("Sydney", zone) + f"as_of: {written}\n"
    as_of = clinic_of(text).as_of
    assert as_of is not None
    assert as_of.astimezone(timezone.utc).replace(tzinfo=None).isoformat() == utc


TIME = "expected a time such as 2026-11-23 08:30"
OFFSET = "there is no such offset; expected one such as +11:00"
NO_TIME = "there is no such time; check day, month, hour and minute"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20261123", TIME),
        ("1795383000", TIME),
        ("12:30", TIME),
        ("2026", TIME),
        ("2026-11-23", TIME),
        ("20261123T0830", TIME),
        ("2026-11-23T008:30", TIME),
        ("2026-11-23T8:3", TIME),
        ("2026-1-23T08:30", TIME),
        ("26-11-23T08:30", TIME),
        ("2026-11-23t08:30", TIME),
        ("2026-11-23T08:30z", TIME),
        ("2026-11-23  08:30", TIME),
        ("2026-11-23T08", TIME),
        ("2026-11-23T08:30:00,5", TIME),
        ("2026-11-23T08:30.5", TIME),
        ("2026-11-23T08:30:00.", TIME),
        ("2026-11-23T08:30+11", TIME),
        ("2026-11-23T08:30 +11:00", TIME),
        ("2026-11-23T08:30UTC", TIME),
        ("2026-11-23T08:30 AEDT", TIME),
        ("2026-W48-1T08:30", TIME),
        ("23/11/2026 08:30", TIME),
        ("'2026-11-23T08:30 '", TIME),
        ('"2026-11-23T08:30\\n"', TIME),
        ("now", TIME),
        ("none", TIME),
        (f"202{WIDE_ONE}-11-23T08:30", TIME),
        ("2026-11-23T08:٣0", TIME),
        (f"2026-11-23T08:30+1{WIDE_ONE}:00", TIME),
        ("2026-02-30T08:30", NO_TIME),
        ("2026-02-29T08:30", NO_TIME),
        ("2026-13-01T08:30", NO_TIME),
        ("2026-00-01T08:30", NO_TIME),
        ("2026-11-00T08:30", NO_TIME),
        ("2026-11-23T24:00", NO_TIME),
        ("2026-11-23T25:00", NO_TIME),
        ("2026-11-23T08:60", NO_TIME),
        ("2026-11-23T08:30:60", NO_TIME),
        ("2026-12-31T23:59:60Z", NO_TIME),
        ("0000-11-23T08:30", NO_TIME),
        ("0001-01-01T00:00+14:00", "expected a year from 1900 to 2999"),
        ("9999-12-31T23:59-12:00", "expected a year from 1900 to 2999"),
        ("2026-11-23T08:30+24:00", OFFSET),
        ("2026-11-23T08:30-11:60", OFFSET),
        ("2026-11-23T08:30+9999", OFFSET),
    ],
)
def test_no_time(written: str, expected: str) -> None:
    shown = written.strip("'\"").replace("\\n", " ")
    assert value_of(f"as_of: {written}\n") == f'as_of is "{shown}": {expected}'


TWICE = "the clocks change: this time happens twice in {}; add an offset such as +11:00"
NEVER = "the clocks change: this time never happens in {}; add an offset such as +11:00"


@pytest.mark.parametrize(
    ("zone", "written", "expected"),
    [
        ("Australia/Sydney", "2026-04-05T02:00", TWICE),
        ("Australia/Sydney", "2026-04-05T02:30", TWICE),
        ("Australia/Sydney", "2026-04-05T02:59:59.999", TWICE),
        ("Australia/Sydney", "2026-10-04T02:00", NEVER),
        ("Australia/Sydney", "2026-10-04T02:30", NEVER),
        ("Australia/Sydney", "2026-10-04T02:59:59.999", NEVER),
        ("Australia/Adelaide", "2026-04-05T02:30", TWICE),
        ("Australia/Adelaide", "2026-10-04T02:30", NEVER),
        ("Australia/Lord_Howe", "2026-04-05T01:45", TWICE),
        ("Australia/Lord_Howe", "2026-10-04T02:15", NEVER),
    ],
)
def test_a_time_when_the_clocks_change(zone: str, written: str, expected: str) -> None:
    text = CLINIC.replace("Australia/Sydney", zone) + f"as_of: {written}\n"
    assert problems(text) == [f'8:8 as_of is "{written}": {expected.format(zone)}']


EVERY_TIME = """\
dashboard: {last_synced: 2026-10-04T02:30}
practitioners: [{id: dr-li, name: Dr Li, changed_at: 2026-10-04T02:30}]
appointment_types: [{id: video, name: Video, changed_at: 2026-10-04T02:30}]
appointments:
- {id: 1, practitioner: dr-li, pms_type: 29, created: 2026-10-04T02:30,
   starts: 2026-10-04T02:30, link: false, seen_at: 2026-10-04T02:30}
"""


def test_every_time_is_in_the_clinics_zone() -> None:
    never = NEVER.format("Australia/Sydney")
    assert problems(CLINIC + EVERY_TIME) == [
        f'8:26 last_synced is "2026-10-04T02:30": {never}',
        f'9:54 changed_at is "2026-10-04T02:30": {never}',
        f'10:58 changed_at is "2026-10-04T02:30": {never}',
        f"12:55 created: {never}",
        f"13:12 starts: {never}",
        f"13:52 seen_at: {never}",
    ]
    assert problems(CLINIC.replace("Sydney", "Perth") + EVERY_TIME) == []


@pytest.mark.parametrize(
    "written", ["2026-11-23T08:30+77:77", "7777-11-23T08:30", "2026-11-23T08:77", "77"]
)
def test_a_time_of_an_appointment_is_not_quoted(written: str) -> None:
    lines = EVERY_TIME.replace("2026-10-04T02:30", "2026-10-05T02:30")
    (said,) = problems(CLINIC + lines.replace("seen_at: 2026-10-05T02:30", f"seen_at: {written}"))
    assert said.startswith("13:52 seen_at: ")
    assert "77" not in said


def test_a_time_is_not_blamed_for_a_zone_that_is_wrong() -> None:
    text = CLINIC.replace("Sydney", "Sidney") + "as_of: 2026-10-04T02:30\n"
    assert problems(text) == [
        '4:11 timezone is "Australia/Sidney": expected an IANA time zone such as Australia/Sydney;'
        " did you mean Australia/Sydney?"
    ]


ZONE = "expected an IANA time zone such as Australia/Sydney"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Australia/Sidney", f"{ZONE}; did you mean Australia/Sydney?"),
        ("Australia/sydney", f"{ZONE}; did you mean Australia/Sydney?"),
        ("localtime", ZONE),
        ("posixrules", ZONE),
        ("right/Australia/Sydney", f"{ZONE}; did you mean Australia/Sydney?"),
        (
            "+11:00",
            f"{ZONE}; +11:00 is no place; in Australia: Australia/Hobart, Australia/Lord_Howe,"
            " Australia/Melbourne or Australia/Sydney",
        ),
        ("Australia", f"{ZONE}; did you mean Australia/NSW?"),
        ("../../etc/passwd", ZONE),
        ("/etc/localtime", ZONE),
        ("zone.tab", ZONE),
        ("none", ZONE),
    ],
)
def test_no_time_zone(written: str, expected: str) -> None:
    (said,) = problems(CLINIC.replace("Australia/Sydney", written))
    assert said == f'4:11 timezone is "{written}": {expected}'


@pytest.mark.parametrize("written", ['"\\0"', '"\\ud800"', "'.'", "x" * 10_000, "'a/\nb'"])
def test_a_hostile_time_zone(written: str) -> None:
    (said,) = problems(CLINIC.replace("Australia/Sydney", written))
    assert ZONE in said


@pytest.mark.parametrize(
    "written",
    [
        "20261231",
        "2026-02-30",
        "2026-12-31T00:00",
        "31/12/2026",
        f"2026-12-3{WIDE_ONE}",
        "never",
        "none",
    ],
)
def test_no_day(written: str) -> None:
    waiver = f"{{check: VL312, reason: later, owner: manager, until: {written}}}"
    assert value_of(f"waivers: [{waiver}]\n") == (
        f'until is "{written}": expected a day such as 2026-12-31'
    )


# Ids of clinics, practitioners and types

SLUG = "expected an id of lower-case letters, digits and single hyphens, at most 64 characters"
RESERVED = "this id is reserved, choose another"

ALONE = "the word all stands alone, without a list; write practitioners: all"

NO_SLUGS = [
    ("Dr-Li", f"{SLUG}; did you mean dr-li?"),
    ("dr_li", f"{SLUG}; did you mean dr-li?"),
    ("Nurse Kim Lee", f"{SLUG}; did you mean nurse-kim-lee?"),
    ("dr.li", f"{SLUG}; did you mean dr-li?"),
    ("dr/li", f"{SLUG}; did you mean dr-li?"),
    ("dr::li", f"{SLUG}; did you mean dr-li?"),
    ("'dr[li]'", f"{SLUG}; did you mean dr-li?"),
    ("-dr", f"{SLUG}; did you mean dr?"),
    ("dr-", f"{SLUG}; did you mean dr?"),
    ("dr--li", f"{SLUG}; did you mean dr-li?"),
    ("zoë", f"{SLUG}; did you mean zoe?"),
    (f"dr-{WIDE_ONE}", f"{SLUG}; did you mean dr-1?"),
    ('"dr-li\\n"', f"{SLUG}; did you mean dr-li?"),
    ("' dr-li'", f"{SLUG}; did you mean dr-li?"),
    ("a" * 65, f"{SLUG}; did you mean {'a' * 40}?"),
    ("All", SLUG),
    ("'#!'", SLUG),
    ("all", RESERVED),
    ("appointment-1", RESERVED),
    ("appointment-type", RESERVED),
]


@pytest.mark.parametrize(
    "slug", ["a", "7", "0012", "dr-li", "no", "null-1", "a-1-b-2", "appointment", "a" * 64]
)
def test_a_slug(slug: str) -> None:
    clinic = clinic_of(
        CLINIC.replace("harbourside", slug)
        + f"practitioners: [{{id: {slug}, name: Dr Li}}]\n"
        + f"appointment_types: [{{id: x{slug}, name: Video, practitioners: [{slug}]}}]\n".replace(
            "x" + "a" * 64, "x"
        ),
        f"{slug}.yaml",
    )
    assert clinic.id == slug
    assert [who.id for who in clinic.practitioners] == [slug]
    assert list(clinic.appointment_types[0].listed) == [slug]


@pytest.mark.parametrize(("written", "expected"), NO_SLUGS)
@pytest.mark.parametrize(
    ("lines", "key"),
    [
        ("practitioners: [{{id: {}, name: Dr Li}}]\n", "id"),
        ("appointment_types: [{{id: {}, name: Video}}]\n", "id"),
        ("appointment_types: [{{id: video, name: Video, practitioners: [{{id: {}}}]}}]\n", "id"),
        ("  shares_database_with: [{}]\n", "shares_database_with"),
    ],
    ids=["practitioner", "type", "listing", "neighbour"],
)
def test_no_slug(written: str, expected: str, lines: str, key: str) -> None:
    """In a type's list stands the id of somebody who is there, and no new one is made up."""
    if "id: video" in lines:
        is_all = written.casefold() == "all"
        expected = ALONE if is_all else expected.partition("; did you mean")[0]
    said = value_of(lines.format(written))
    assert said.startswith(f'{key} is "')
    assert said.endswith(f'": {expected}')


@pytest.mark.parametrize(("written", "expected"), NO_SLUGS)
def test_no_slug_for_a_clinic(written: str, expected: str) -> None:
    (said,) = problems(CLINIC.replace("harbourside", written))
    assert said.startswith('2:9 clinic is "')
    assert said.endswith(f'": {expected}')


# Uniqueness


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "practitioners:\n- {id: li, name: Li}\n- {id: wu, name: Wu}\n- {id: li, name: Li}\n",
            ["11:8 the id li stands twice, first in line 9"],
            id="practitioners",
        ),
        pytest.param(
            "appointment_types:\n- {id: video, name: V}\n- {id: video, name: W}\n",
            ["10:8 the id video stands twice, first in line 9"],
            id="types",
        ),
        pytest.param(
            "appointment_types: [{id: li, name: V}]\npractitioners: [{id: li, name: Li}]\n",
            ["8:26 the id li stands twice, first in line 9"],
            id="a practitioner and a type",
        ),
        pytest.param(
            "  practitioners: [{id: 17, name: Li},\n    {id: 17, name: Wu}]\n",
            ["9:10 the id 17 stands twice, first in line 8"],
            id="practitioners of the PMS",
        ),
        pytest.param(
            "  appointment_types: [{id: 29, name: V},\n    {id: '29', name: W}]\n",
            ["9:10 the id 29 stands twice, first in line 8"],
            id="types of the PMS",
        ),
        pytest.param(
            f"{PRACTITIONER}appointment_types:\n- id: video\n  name: V\n"
            "  practitioners: [dr-li, {id: dr-li, linked_to: 31}]\n",
            ["12:31 the id dr-li stands twice, first in line 12"],
            id="one listed twice",
        ),
        pytest.param(
            f"{PRACTITIONER}appointments:\n"
            "- {id: 881, practitioner: dr-li, pms_type: 29, created: 2026-11-20T08:30,\n"
            "   starts: 2026-11-24T08:30, link: no}\n"
            "- {id: 881, practitioner: dr-li, pms_type: 29, created: 2026-11-20T08:30,\n"
            "   starts: 2026-11-24T08:30, link: no}\n",
            ["12:8 an id stands twice, first in line 10"],
            id="appointments",
        ),
        pytest.param(
            "  practitioners: [{id: 17, name: Li}, {id: 017, name: Wu}, {id: 17.0, name: Xu}]\n"
            "  appointment_types: [{id: 17, name: V}, {id: a, name: W}, {id: A, name: X}]\n"
            "practitioners: [{id: '17', name: Li}]\n",
            [],
            id="different texts, different lists",
        ),
    ],
)
def test_ids_are_unique(lines: str, expected: list[str]) -> None:
    assert problems(CLINIC + lines) == expected


# References


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "appointment_types: [{id: video, name: V, practitioners: [dr-lii]}]\n",
            ["9:58 there is no practitioner dr-lii in this document; did you mean dr-li?"],
            id="near",
        ),
        pytest.param(
            "appointment_types: [{id: video, name: V, practitioners: [{id: nurse}]}]\n",
            [
                "9:63 there is no practitioner nurse in this document; add the profile or remove"
                " the entry"
            ],
            id="like nobody",
        ),
        pytest.param(
            "appointment_types: [{id: video, name: V, practitioners: [video]}]\n",
            [
                "9:58 there is no practitioner video in this document; add the profile or remove"
                " the entry"
            ],
            id="a type is no practitioner",
        ),
        pytest.param(
            "appointment_types: [{id: video, name: V, practitioners: everybody}]\n",
            [
                '9:57 practitioners is "everybody": expected a list of practitioners, or the word'
                " all"
            ],
            id="not the word all",
        ),
        pytest.param(
            "appointment_types: [{id: video, name: V, practitioners: [all]}]\n",
            [f'9:58 id is "all": {ALONE}'],
            id="the word all in a list",
        ),
        pytest.param(
            "appointments:\n"
            "- {id: 881, practitioner: Dr Who, pms_type: 29, created: 2026-11-20T08:30,\n"
            "   starts: 2026-11-24T08:30, link: no}\n",
            [],
            id="an appointment's practitioner is its own matter",
        ),
        pytest.param(
            "waivers: [{check: VL999, on: nobody, reason: r, owner: o, until: 2026-12-31}]\n",
            [],
            id="a waiver's is VL004's",
        ),
    ],
)
def test_references(lines: str, expected: list[str]) -> None:
    assert problems(CLINIC + PRACTITIONER + lines) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(
            "practitioners: [{id: Dr-Li, name: Li}]\n"
            "appointment_types: [{id: video, name: V, practitioners: [dr-li]}]\n",
            [f'8:22 id is "Dr-Li": {SLUG}; did you mean dr-li?'],
            id="as the id should be",
        ),
        pytest.param(
            "practitioners: [{id: dr-o'neil, name: Cara}]\n"
            "appointment_types: [{id: video, name: V, practitioners: [dr-oneil, cara-x]}]\n",
            [
                f'8:22 id is "dr-o\'neil": {SLUG}; did you mean dr-o-neil?',
                "9:58 there is no practitioner dr-oneil in this document; did you mean dr-o-neil?",
                "9:68 there is no practitioner cara-x in this document; did you mean dr-o-neil"
                " (Cara)?",
            ],
            id="nearly as the id should be",
        ),
    ],
)
def test_references_to_an_id_that_is_none(lines: str, expected: list[str]) -> None:
    assert problems(CLINIC + lines) == expected


def test_an_archived_practitioner_may_be_listed() -> None:
    lines = "practitioners: [{id: li, name: Li, archived: yes}]\n"
    types = "appointment_types: [{id: video, name: V, practitioners: [li]}]\n"
    assert problems(CLINIC + lines + types) == []


def test_a_neighbour_that_does_not_exist_can_be_read() -> None:
    assert problems(f"{CLINIC}  shares_database_with: [atlantis]\n") == []


# The clinic's id and its file's name


def record_of(file: Path) -> Record:
    source = Directory(file.parent)
    (entry,) = source.entries()
    return Fleet(source, [entry]).record(entry)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("harbourside.yaml", None),
        ("harbourside.yml", None),
        ("harbourside.YAML", None),
        ("harbourside.clinic.yaml", None),
        ("harbourside.clinic.json", None),
        ("bayside.yaml", "bayside"),
        ("bayside.clinic.yml", "bayside"),
        ("Harbourside.yaml", "Harbourside"),
        ("harbourside.old.yaml", "harbourside.old"),
        ("harbourside .yaml", "harbourside "),
        ("harbourside.clinic.clinic.yaml", "harbourside.clinic"),
    ],
)
def test_the_file_is_named_as_the_clinic(tmp_path: Path, name: str, expected: str | None) -> None:
    file = tmp_path / name
    text = '{"videolink": 1, "clinic": "harbourside", "name": "H", "timezone": "UTC",'
    file.write_text(text + ' "pms": {"system": "x", "database": "y"}}')
    said = [problem.message for problem in record_of(file).problems]
    assert said == (
        [f"clinic is harbourside, but the file is named {expected}: name both alike"]
        if expected
        else []
    )


# To the end


def test_text_traps_make_items(clinics: Clinics) -> None:
    """Ids that YAML would take for numbers, times and booleans lead from link to list."""
    ids = {"17": "0012", "18": "12:30", "29": "1e3", "31": "nope", "40": "1_0"}
    text = to_yaml(edited(right_clinic(), {"name": "No", "practitioners.0.name": "Null"}))
    for before, after in ids.items():
        text = text.replace(f"'{before}'", after)
    clinics.write(harbourside=text)
    outcomes = clinics.outcomes("--videolink-clinic=harbourside")
    assert "harbourside.yaml::dr-amara-nwosu::VL203-pms-link-resolves" in outcomes
    assert {name for name, outcome in outcomes.items() if outcome != "passed"} == set()
    result = clinics.run("--videolink-clinic=harbourside", "-W", "ignore")
    assert result.ret == pytest.ExitCode.OK
