"""The names of time zones that a document may hold, and what is said of others."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from conftest import Clinics
from reading import CLINIC, problems
from support import edited, right_clinic

from pytest_videolink.record.zones import EXPECTED, NotAZone, zone_of

EAST = (
    "Australia/Brisbane, Australia/Hobart, Australia/Lindeman, Australia/Melbourne or"
    " Australia/Sydney"
)
CENTRE = "Australia/Adelaide, Australia/Broken_Hill or Australia/Darwin"
EVERYWHERE = (
    "Australia/Adelaide, Australia/Brisbane, Australia/Broken_Hill, Australia/Darwin,"
    " Australia/Eucla, Australia/Hobart, Australia/Lindeman, Australia/Lord_Howe,"
    " Australia/Melbourne, Australia/Perth or Australia/Sydney"
)


def table(name: str) -> list[str]:
    return files("tzdata").joinpath(name).read_text("utf-8").splitlines()


def taken() -> set[str]:
    """Those of IANA's names that are taken."""

    def is_taken(name: str) -> bool:
        try:
            return str(zone_of(name)) == name
        except NotAZone:
            return False

    return set(filter(is_taken, table("zones")))


def test_the_names_of_places_are_taken_and_utc() -> None:
    """As IANA's own tables have them: the zones of countries, and other names of these."""
    listed = {row.split("\t")[2] for row in table("zoneinfo/zone.tab") if row[0] != "#"}
    links = {row.split()[2]: row.split()[1] for row in table("zoneinfo/tzdata.zi") if row[0] == "L"}
    listed |= {links[name] for name in listed & set(links)}
    of_unix = {"CET", "EET", "MET", "WET", "EST", "MST", "HST"}
    of_unix |= {"EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT"}
    places = listed | {name for name, target in links.items() if target in listed}
    assert taken() == (places & set(table("zones"))) - of_unix | {"UTC", "Etc/UTC"}
    assert len(taken()) > 500


def test_the_names_that_are_not_taken() -> None:
    assert {name for name in set(table("zones")) - taken() if not name.startswith("Etc/")} == {
        *("CET", "EET", "MET", "WET", "EST", "MST", "HST", "EST5EDT", "CST6CDT", "MST7MDT"),
        *("PST8PDT", "GMT", "GMT0", "GMT+0", "GMT-0", "Greenwich", "UCT", "Universal", "Zulu"),
        "Factory",
    }


@pytest.mark.parametrize("name", ["Australia/ACT", "NZ", "US/Eastern", "Asia/Calcutta", "UTC"])
def test_a_name_is_taken_as_it_stands(name: str) -> None:
    assert problems(CLINIC.replace("Australia/Sydney", name)) == []
    assert zone_of(name) == ZoneInfo(name)


FIXED = {
    "EST": f"no place but UTC-5, the hours of …America/Lima…; in Australia: {EAST}",
    "MST": f"no place but UTC-7, the hours of …America/Phoenix…; in Australia: {EVERYWHERE}",
    "HST": f"no place but UTC-10, the hours of …Pacific/Honolulu…; in Australia: {EVERYWHERE}",
    "EET": f"no place but the hours of …Europe/Athens…; in Australia: {EVERYWHERE}",
    "CET": f"no place but the hours of …Europe/Paris…; in Australia: {EVERYWHERE}",
    "EST5EDT": f"no place but the hours of …America/New_York…; in Australia: {EAST}",
    "Etc/GMT+10": f"no place but UTC-10, the hours of …Pacific/Honolulu…; in Australia: {EAST}",
    "Etc/GMT-10": f"no place but UTC+10, the hours of …Pacific/Guam…; in Australia: {EAST}",
    "Etc/GMT-8": "no place but UTC+8, the hours of …Asia/Shanghai…; in Australia: Australia/Perth",
    "Etc/GMT+12": f"no place but UTC-12; in Australia: {EVERYWHERE}",
    "GMT": f"no place but UTC+0, the hours of …Africa/Abidjan…; in Australia: {EVERYWHERE}",
}
"""IANA's names of hours that are the same all over the world; … stands for places whose hours are
these in some of its releases.
"""

USED = {
    "AEST": f"no place; in Australia: {EAST}",
    "aest": f"no place; in Australia: {EAST}",
    "AEST/AEDT": f"no place; in Australia: {EAST}",
    "AEST (UTC+10)": f"no place; in Australia: {EAST}",
    "AEDT": "no place; in Australia: Australia/Hobart, Australia/Melbourne or Australia/Sydney",
    "ACST": f"no place; in Australia: {CENTRE}",
    "ACDT": "no place; in Australia: Australia/Adelaide or Australia/Broken_Hill",
    "AWST": "no place; in Australia: Australia/Perth",
    "WST": "no place; in Australia: Australia/Perth",
    "CST": f"no place but the hours of …America/Chicago…; in Australia: {CENTRE}",
    "NZST": "no place but the hours of Pacific/Auckland",
    "Eastern Standard Time": f"no place but the hours of …America/New_York…; in Australia: {EAST}",
    "Australian Eastern Standard Time": f"no place; in Australia: {EAST}",
    "AUS Central Standard Time": f"no place; in Australia: {CENTRE}",
}
"""What the hours of places are called."""

OFFSETS = {
    "+10:00": f"no place; in Australia: {EAST}",
    "+1000": f"no place; in Australia: {EAST}",
    "UTC+10": f"no place; in Australia: {EAST}",
    "UTC +10": f"no place; in Australia: {EAST}",
    "GMT+10": f"no place; in Australia: {EAST}",
    "utc+10": f"no place; in Australia: {EAST}",
    "GMT-10": f"no place; in Australia: {EAST}",
    "+9:30": f"no place; in Australia: {CENTRE}",
    "+08:45": "no place; in Australia: Australia/Eucla",
    "Etc/GMT+9:30": f"no place; in Australia: {CENTRE}",
    "+03:00": "",
}

NEAR = {
    "sydney": "Australia/Sydney",
    "Perth": "Australia/Perth",
    "australia/sydney": "Australia/Sydney",
    "Lord Howe": "Australia/Lord_Howe",
    "New York": "America/New_York",
    "NSW": "Australia/NSW",
    "South Australia": "Australia/South",
    "Australia/Sidney": "Australia/Sydney",
    "Austrlia/Adelaid": "Australia/Adelaide",
    "Australia/Nort": "Australia/North",
    "America/Indiana/Knoxx": "America/Indiana/Knox",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "(UTC+10:00) Canberra, Melbourne, Sydney": "Australia/Canberra, Australia/Melbourne or"
    " Australia/Sydney",
    "(UTC+09:30) Darwin": "Australia/Darwin",
    "UCT": "UTC",
    "Etc/Zulu": "UTC",
    "utc": "UTC",
}

UNKNOWN = [
    "Australia/Eastern",
    "Greenwih",
    "local",
    "SYSTEM",
    "../../etc/passwd",
    "\x1b[31m",
    "x" * 100_000,
]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        *(
            (name, about and f"; {name} is {about}")
            for name, about in (FIXED | USED | OFFSETS).items()
        ),
        *((name, f"; did you mean {near}?") for name, near in NEAR.items()),
        *((name, "") for name in UNKNOWN),
    ],
)
def test_what_is_said_of_another_name(written: str, said: str) -> None:
    with pytest.raises(NotAZone) as raised:
        zone_of(written)
    pattern = ".*".join(map(re.escape, f"{EXPECTED}{said}".split("…")))
    assert re.fullmatch(pattern, str(raised.value))


def test_a_long_name_is_cut() -> None:
    for rest, shown in (("x" * 35, "x" * 35), ("x" * 36, "x" * 32 + "...")):
        with pytest.raises(NotAZone, match=f"; NZST {shown} is no place but the hours of"):
            zone_of(f"NZST {rest}")


@pytest.mark.parametrize("written", ["EST", "Etc/GMT+10", "AEST"])
def test_a_start_is_never_read_in_other_hours(clinics: Clinics, written: str) -> None:
    """At nine in Sydney, nine o'clock in New York would still be to come."""
    soon = {"id": "1", "practitioner": "dr-amara-nwosu", "pms_type": "29", "link": True}
    times = {"created": "2026-11-20T15:40", "starts": "2026-11-23T08:30"}
    clinics.write(edited(right_clinic(), {"timezone": written, "appointments": [soon | times]}))
    result = clinics.run("--videolink-clinic=harbourside")
    result.assert_outcomes(failed=1)
    assert f'timezone is "{written}": {EXPECTED};' in " ".join(result.stdout.str().split())
    assert "harbourside: UNKNOWN" in result.stdout.str()


def test_the_tables_are_not_read_for_the_name_of_a_place() -> None:
    code = """\
import importlib.resources
from pytest_videolink.record import zones
read = []
table = zones._table
zones._table = lambda name: read.append(name) or table(name)
zones.zone_of("Australia/Sydney"), zones.zone_of("UTC")
print(read)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "['zones']\n"
