"""VL4xx: several Dashboards on one PMS database, and which files count as neighbours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from conftest import Clinics
from support import (
    REMOVED,
    TERMS,
    Document,
    MemorySource,
    edited,
    judged,
    right_clinic,
    to_yaml,
)

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge, Judgement, State
from pytest_videolink.sources.directory import Directory
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.source import Entry, Folder

Edits: TypeAlias = dict[str, Any]

PASSED, FAILED, BLOCKED, WAIVED = State.PASSED, State.FAILED, State.BLOCKED, State.WAIVED

SHARED = "HARBOUR-SQL01"
SHARES = "pms.shares_database_with"
AMARA, LI_WEI = "VL401 dr-amara-nwosu", "VL401 dr-li-wei"


def waiver(check: str) -> Document:
    return {
        "check": check,
        "reason": "The databases are being separated",
        "owner": "PMS administrator",
        "until": "2026-12-31",
    }


def dashboard(id: str, *others: str, first_id: int = 17) -> Document:
    """A right clinic on the shared database, linked to two PMS practitioners from an id on."""
    listed = [
        {"id": str(each), "name": f"Practitioner {each}", "in_appointment_book": True}
        for each in range(17, 60)
    ]
    return edited(
        right_clinic(id, SHARED),
        {
            SHARES: list(others),
            "pms.practitioners": listed,
            "practitioners.0.linked_to": str(first_id),
            "practitioners.1.linked_to": str(first_id + 1),
        },
    )


HARBOURSIDE = dashboard("harbourside", "bayside")
BAYSIDE = dashboard("bayside", "harbourside", first_id=27)
SAME_AS_AMARA = {"practitioners.0.linked_to": "17"}
ALSO_ON_BAYSIDE = "Dr Amara Nwosu is also linked on the Dashboard of bayside"
ALSO_ON_HARBOURSIDE = "Dr Amara Nwosu is also linked on the Dashboard of harbourside"


def states(items: dict[str, Judgement]) -> dict[str, State]:
    """What did not pass."""
    return {key: item.state for key, item in items.items() if item.state is not PASSED}


# VL401


def test_practitioners_on_one_dashboard_each() -> None:
    assert states(judged(HARBOURSIDE, BAYSIDE)) == {}
    assert states(judged(HARBOURSIDE, BAYSIDE, clinic="bayside")) == {}


@pytest.mark.parametrize(
    "there",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"pms.system": "  BEST-practice "}, id="case and outer space of the system"),
        pytest.param({"pms.database": "harbour-sql01 "}, id="case and outer space of the database"),
        pytest.param({"practitioners.0.name": "A. Nwosu"}, id="under another name"),
        pytest.param({"practitioners.0.expects_video": False}, id="not meant to do video"),
        pytest.param(
            {
                "practitioners.0.expects_video": False,
                "practitioners.0.accepts_video_appointments": False,
                "appointment_types.0.practitioners": ["dr-li-wei"],
            },
            id="no video practitioner there",
        ),
        pytest.param(
            {"practitioners.0.visible_for_online_bookings": False}, id="not visible there"
        ),
        pytest.param({"appointment_types": []}, id="no appointment types there"),
    ],
)
def test_one_pms_practitioner_on_two_dashboards(there: Edits) -> None:
    bayside = edited(edited(BAYSIDE, SAME_AS_AMARA), there)
    items = judged(HARBOURSIDE, bayside)
    assert (items[AMARA].state, items[AMARA].reason) == (FAILED, ALSO_ON_BAYSIDE)
    assert items[LI_WEI].state is PASSED


def test_both_dashboards_fail() -> None:
    bayside = edited(BAYSIDE, SAME_AS_AMARA)
    pair = "VL500 dr-amara-nwosu::telehealth-video"
    for clinic, line in (("harbourside", ALSO_ON_BAYSIDE), ("bayside", ALSO_ON_HARBOURSIDE)):
        items = judged(HARBOURSIDE, bayside, clinic=clinic)
        assert states(items) == {AMARA: FAILED, pair: BLOCKED}
        assert items[AMARA].reason == line


def test_only_the_side_that_does_video_fails() -> None:
    bayside = edited(
        BAYSIDE,
        {
            **SAME_AS_AMARA,
            "practitioners.0.expects_video": False,
            "appointment_types.0.practitioners": ["dr-li-wei"],
        },
    )
    assert judged(HARBOURSIDE, bayside)[AMARA].state is FAILED
    assert AMARA not in judged(HARBOURSIDE, bayside, clinic="bayside")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        pytest.param({}, {"practitioners.0.linked_to": "27"}, id="the same name, other ids"),
        pytest.param(
            {SHARES: []},
            {**SAME_AS_AMARA, "pms.database": "BAY-SQL02", SHARES: []},
            id="the same id in another database",
        ),
        pytest.param(
            {SHARES: []},
            {**SAME_AS_AMARA, "pms.system": "pracsoft", SHARES: []},
            id="the same id and database name in another system",
        ),
        pytest.param({}, {**SAME_AS_AMARA, "practitioners.0.archived": True}, id="archived there"),
        pytest.param({}, {"practitioners.0.linked_to": REMOVED}, id="link not recorded there"),
        pytest.param({}, {"practitioners.0.linked_to": "none"}, id="not linked there"),
        pytest.param({}, {"practitioners": REMOVED, "appointment_types": []}, id="nobody there"),
        pytest.param({}, {"practitioners.0.linked_to": "017"}, id="an id with a leading zero"),
        pytest.param(
            {"practitioners.0.linked_to": "a17"},
            {"practitioners.0.linked_to": "A17"},
            id="an id in another case",
        ),
    ],
)
def test_no_conflict(here: Edits, there: Edits) -> None:
    items = judged(edited(HARBOURSIDE, here), edited(BAYSIDE, there))
    assert (items[AMARA].state, items["VL402"].state) == (PASSED, PASSED)


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({"practitioners.0.archived": True}, id="archived"),
        pytest.param(
            {
                "practitioners.0.expects_video": False,
                "appointment_types.0.practitioners": ["dr-li-wei"],
            },
            id="does no video",
        ),
    ],
)
def test_one_dashboard_is_asked_of_video_practitioners_only(edits: Edits) -> None:
    assert AMARA not in judged(edited(HARBOURSIDE, edits), edited(BAYSIDE, SAME_AS_AMARA))


@pytest.mark.parametrize("link", ["none", REMOVED])
def test_one_dashboard_waits_for_a_link(link: Any) -> None:
    clinic = edited(HARBOURSIDE, {"practitioners.0.linked_to": link})
    item = judged(clinic, edited(BAYSIDE, SAME_AS_AMARA))[AMARA]
    assert (item.state, item.reason) == (BLOCKED, "blocked by VL202 (dr-amara-nwosu)")


def test_a_conflict_with_two_other_dashboards() -> None:
    items = judged(
        edited(HARBOURSIDE, {SHARES: ["bayside", "coogee"]}),
        edited(BAYSIDE, SAME_AS_AMARA),
        dashboard("coogee", "bayside", "harbourside", first_id=17),
    )
    assert [finding.summary for finding in items[AMARA].findings] == [
        ALSO_ON_BAYSIDE,
        "Dr Amara Nwosu is also linked on the Dashboard of coogee",
    ]
    assert items[LI_WEI].reason == "Dr Li Wei is also linked on the Dashboard of coogee"


def test_a_conflict_names_both_places() -> None:
    finding = judged(HARBOURSIDE, edited(BAYSIDE, SAME_AS_AMARA))[AMARA].findings[0]
    assert finding.at == ("practitioners", 0, "linked_to")
    assert [(place.clinic, place.path) for place in finding.also] == [
        ("bayside", ("practitioners", 0, "linked_to"))
    ]


def test_a_conflict_is_waived() -> None:
    clinic = edited(HARBOURSIDE, {"waivers": [waiver("VL401")]})
    items = judged(clinic, edited(BAYSIDE, SAME_AS_AMARA))
    assert (items[AMARA].state, items[AMARA].reason) == (WAIVED, ALSO_ON_BAYSIDE)
    assert items["VL004"].state is PASSED


# VL402

CLINIC = "Harbourside Medical Centre"
BAYSIDE_DOES_NOT = f"{CLINIC} says that it shares a PMS database with bayside, which does not"
BAYSIDE_IS_LEFT_OUT = f"{CLINIC} does not say that it shares its PMS database with bayside"
BAYSIDE_SAYS_SO = f"bayside says that it shares a PMS database with {CLINIC}, which does not"
NOT_RECORDED = f"Which clinics share the PMS database is not recorded for {CLINIC}"


def _not_there(id: str) -> str:
    return f"{CLINIC} shares its PMS database with {id}, which is not in the source"


def on(database: str, *named: str, id: str = "bayside") -> Document:
    return edited(right_clinic(id, database), {SHARES: list(named)})


AGREED: list[Any] = [
    pytest.param([], [], id="alone"),
    pytest.param([], [on("BAY-SQL02")], id="neighbour on another database"),
    pytest.param([], [edited(on("BAY-SQL02"), {SHARES: REMOVED})], id="and it does not say"),
    pytest.param([], [edited(on(SHARED), {"pms.system": "zedmed"})], id="another system"),
    pytest.param(["bayside"], [on(SHARED, "harbourside")], id="both say so"),
    pytest.param(["bayside"], [on(SHARED)], id="the other's list is its own matter"),
    pytest.param(["bayside"], [on(" harbour-SQL01 ")], id="case and outer space"),
    pytest.param(
        ["coogee", "bayside"], [on(SHARED), on(SHARED, id="coogee")], id="in whichever order"
    ),
]

DISPUTED: list[Any] = [
    pytest.param(["bayside"], [], [_not_there("bayside")], id="not in the source"),
    pytest.param(
        ["baysyde", "bayside"],
        [on(SHARED)],
        [_not_there("baysyde")],
        id="misspelt",
    ),
    pytest.param(["bayside"], [on("BAY-SQL02")], [BAYSIDE_DOES_NOT], id="another database"),
    pytest.param(
        ["bayside"],
        [edited(on(SHARED), {"pms.system": "zedmed"})],
        [BAYSIDE_DOES_NOT],
        id="another system",
    ),
    pytest.param(
        ["bayside"], [on("BAY-SQL02", "harbourside")], [BAYSIDE_DOES_NOT], id="both say so"
    ),
    pytest.param([], [on(SHARED)], [BAYSIDE_IS_LEFT_OUT], id="neither says so"),
    pytest.param([], [on(SHARED, "harbourside")], [BAYSIDE_IS_LEFT_OUT], id="left out here"),
    pytest.param(
        [], [on("BAY-SQL02", "harbourside")], [BAYSIDE_SAYS_SO], id="only the other says so"
    ),
    pytest.param(
        ["bayside", "nowhere"],
        [
            on("BAY-SQL02"),
            on(SHARED, id="coogee"),
            on("MANLY-SQL", "harbourside", id="manly"),
        ],
        [
            _not_there("nowhere"),
            BAYSIDE_DOES_NOT,
            BAYSIDE_IS_LEFT_OUT.replace("bayside", "coogee"),
            BAYSIDE_SAYS_SO.replace("bayside", "manly"),
        ],
        id="everything at once",
    ),
]


@pytest.mark.parametrize(("named", "others"), AGREED)
def test_database_agreed(named: list[str], others: list[Document]) -> None:
    assert judged(on(SHARED, *named, id="harbourside"), *others)["VL402"].state is PASSED


@pytest.mark.parametrize(("named", "others", "lines"), DISPUTED)
def test_database_disputed(named: list[str], others: list[Document], lines: list[str]) -> None:
    judgement = judged(on(SHARED, *named, id="harbourside"), *others)["VL402"]
    assert judgement.state is FAILED
    assert [finding.summary for finding in judgement.findings] == lines


@pytest.mark.parametrize(("named", "hint"), [("baysyde", "Did you mean bayside?"), ("nowhere", "")])
def test_a_near_miss_of_a_clinics_id(named: str, hint: str) -> None:
    judgement = judged(on(SHARED, named, "bayside", id="harbourside"), on(SHARED))["VL402"]
    assert [finding.hint for finding in judgement.findings] == [hint]


def test_a_clinic_that_names_itself() -> None:
    """It is not one of the other clinics, and saying that it does not share would be odd."""
    judgement = judged(on(SHARED, "harbourside", id="harbourside"))["VL402"]
    assert judgement.state is FAILED
    assert "which does not" not in judgement.reason


@pytest.mark.parametrize("unsaid", [REMOVED, None, ""])
@pytest.mark.parametrize(
    "others",
    [
        pytest.param([], id="alone"),
        pytest.param([on(SHARED)], id="sharing"),
        pytest.param([on("BAY-SQL02", "harbourside")], id="named by another"),
    ],
)
def test_who_shares_must_be_recorded(unsaid: Any, others: list[Document]) -> None:
    judgement = judged(edited(right_clinic(), {SHARES: unsaid}), *others)["VL402"]
    assert judgement.state is FAILED
    assert [finding.summary for finding in judgement.findings] == [NOT_RECORDED]


def test_a_dispute_is_waived_and_blocks_links() -> None:
    clinic = edited(right_clinic(), {"waivers": [waiver("VL402")]})
    items = judged(clinic, dashboard("bayside", first_id=27))
    assert (items["VL402"].state, items["VL402"].reason) == (WAIVED, BAYSIDE_IS_LEFT_OUT)
    link = items["VL500 dr-amara-nwosu::telehealth-video"]
    assert (link.reason, link.excused) == ("blocked by VL402 (harbourside)", True)


@pytest.mark.parametrize(("named", "others", "lines"), DISPUTED)
def test_a_dispute_in_a_run(
    clinics: Clinics, named: list[str], others: list[Document], lines: list[str]
) -> None:
    clinics.write(on(SHARED, *named, id="harbourside"), *others)
    result = clinics.run("clinics/harbourside.yaml::VL402-database-agreed")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    assert "Error" not in result.stdout.str()
    said = " ".join(result.stdout.str().split())
    for line in lines:
        assert line in said


def test_clinics_that_are_not_selected_have_no_items(clinics: Clinics) -> None:
    clinics.write(HARBOURSIDE, edited(BAYSIDE, SAME_AS_AMARA), on("BAY-SQL02", id="coogee"))
    outcomes = clinics.outcomes("--videolink-clinic=harbourside")
    assert {key for key, outcome in outcomes.items() if outcome != "passed"} == {
        "harbourside.yaml::dr-amara-nwosu::VL401-one-dashboard",
        "harbourside.yaml::dr-amara-nwosu::telehealth-video::VL500-link-expected",
    }
    assert all(key.startswith("harbourside.yaml::") for key in outcomes)


# Neighbours, found by their text


WHICHEVER_IS_SELECTED = pytest.mark.parametrize(
    "whole_fleet", [False, True], ids=["alone", "whole fleet"]
)
"""With the whole fleet selected every file is parsed, so none can be overlooked."""


def harbourside_of(source: Folder, whole_fleet: bool = False) -> dict[str, Judgement]:
    """Harbourside's judgements in a source, where it alone is selected or every clinic."""
    entries = source.entries()
    here = next(entry for entry in entries if entry.id == "harbourside")
    fleet = Fleet(source, entries if whole_fleet else [here])
    clinic = fleet.record(here).clinic
    assert clinic is not None
    judge = Judge(clinic, fleet.neighbours(clinic), CATALOGUE, TERMS)
    return {
        each.check.id if each.subject is clinic else f"{each.check.id} {each.subject.id}": each
        for each in judge.judgements()
    }


def folder_of(
    folder: Path, files: dict[str, str | bytes], harbourside: Document | None = None
) -> Directory:
    """A folder with Harbourside and further files."""
    for name, text in {"harbourside.yaml": to_yaml(harbourside or right_clinic()), **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Directory(folder)


def neighbour(below_pms: str, top: str = "") -> str:
    """The text of Bayside's record, with lines as they stand below ``pms``."""
    return (
        "videolink: 1\nclinic: bayside\nname: Bayside Medical Centre\n"
        f"timezone: Australia/Sydney\n{top}pms:\n  system: best-practice\n{below_pms}\n"
    )


def as_json(database: str, **more: Any) -> str:
    return json.dumps(
        {
            "videolink": 1,
            "clinic": "bayside",
            "name": "Bayside Medical Centre",
            "timezone": "Australia/Sydney",
            "pms": {"system": "best-practice", "database": database, **more},
        }
    )


PLAIN = neighbour(f"  database: {SHARED}")
ACCENTED = neighbour("  database: Zürich Straße")

HIDDEN: list[Any] = [
    pytest.param(SHARED, PLAIN, id="plain"),
    pytest.param(SHARED, neighbour("  database: harbour-sql01"), id="lower case"),
    pytest.param("harbour-sql01", PLAIN, id="upper case"),
    pytest.param(SHARED, neighbour(f"  database: '  {SHARED} '"), id="outer space"),
    pytest.param(f" {SHARED}  ", PLAIN, id="outer space here"),
    pytest.param(SHARED, neighbour(f'  "database" : "{SHARED}"'), id="in quotes"),
    pytest.param(SHARED, neighbour('  database: "HARBOUR\\x2DSQL01"'), id="escaped hyphen"),
    pytest.param(SHARED, neighbour('  database: "\\u0048ARBOUR-SQL01"'), id="escaped letter"),
    pytest.param(SHARED, neighbour('  database: "HARBOUR-\\\n    SQL01"'), id="escaped line end"),
    pytest.param(SHARED, neighbour(f'  "data\\x62ase": {SHARED}'), id="escaped key"),
    pytest.param(SHARED, neighbour(f"  database:\n    {SHARED}"), id="on the next line"),
    pytest.param(SHARED, neighbour(f"  database: |-\n    {SHARED}"), id="literal block"),
    pytest.param(SHARED, neighbour(f"  database: >\n    {SHARED}"), id="folded block"),
    pytest.param(SHARED, neighbour(f"  ? database\n  : {SHARED}"), id="explicit key"),
    pytest.param(SHARED, neighbour(f"  database: &db '{SHARED}'"), id="anchor"),
    pytest.param(
        SHARED,
        neighbour("  database: *db").replace("Bayside Medical Centre", f"&db {SHARED}"),
        id="alias",
    ),
    pytest.param(SHARED, neighbour(f"  database: {SHARED} # the shared one"), id="comment"),
    pytest.param(
        SHARED,
        PLAIN.replace("pms:\n  system: best-practice\n  ", "pms: {system: best-practice, ").rstrip()
        + "}",
        id="flow",
    ),
    pytest.param(SHARED, PLAIN.replace("\n", "\r\n"), id="Windows line ends"),
    pytest.param(SHARED, PLAIN.replace("\n", "\r"), id="line ends of an old Mac"),
    pytest.param(SHARED, PLAIN.encode("utf-8-sig"), id="UTF-8 with a mark"),
    pytest.param(SHARED, PLAIN.encode("utf-16"), id="UTF-16 with a mark"),
    pytest.param(SHARED, PLAIN.encode("utf-16-le"), id="UTF-16, low byte first"),
    pytest.param(SHARED, PLAIN.encode("utf-16-be"), id="UTF-16, high byte first"),
    pytest.param(
        "Harbour SQL Server", neighbour("  database: Harbour\n    SQL\n    server"), id="folded"
    ),
    pytest.param(
        "Harbour SQL Server",
        neighbour("  database: 'Harbour\n    SQL server'"),
        id="folded in single quotes",
    ),
    pytest.param(
        "Harbour SQL", neighbour('  database: "Harbour\r\n      SQL"'), id="folded in double quotes"
    ),
    pytest.param(
        "Harbour SQL", neighbour("  database: >-\n    Harbour\n    SQL"), id="folded in a block"
    ),
    pytest.param(
        "Harbour\nSQL", neighbour("  database: Harbour\n\n    SQL"), id="with a line break in it"
    ),
    pytest.param(
        "O'Brien's SQL", neighbour("  database: 'O''Brien''s SQL'"), id="doubled single quotes"
    ),
    pytest.param("O'Brien's SQL", neighbour("  database: O'Brien's SQL"), id="single quotes"),
    pytest.param('The "old" SQL', neighbour('  database: The "old" SQL'), id="double quotes"),
    pytest.param(
        'The "old" SQL', neighbour('  database: "the \\"OLD\\" sql"'), id="escaped double quotes"
    ),
    pytest.param("SRV\\SQL01", neighbour("  database: srv\\sql01"), id="backslash"),
    pytest.param("SRV\\SQL01", neighbour('  database: "SRV\\\\SQL01"'), id="escaped backslash"),
    pytest.param("SRV#1: main", neighbour("  database: 'srv#1: MAIN'"), id="punctuation"),
    pytest.param("0012", neighbour("  database: 0012"), id="digits"),
    pytest.param("zürich strasse", ACCENTED, id="non-ASCII letters fold"),
    pytest.param("ZÜRICH STRASSE", ACCENTED.encode("utf-16"), id="non-ASCII letters in UTF-16"),
    pytest.param(
        "ZÜRICH STRASSE", neighbour('  database: "Z\\xFCrich Stra\\u00dfe"'), id="escaped letters"
    ),
    pytest.param("ΒΑΣΗ ΟΔΟΣ", neighbour("  database: βαση οδος"), id="a final sigma"),
    pytest.param("Klinik \U0001f3e5", neighbour("  database: klinik \U0001f3e5"), id="a symbol"),
    pytest.param(
        "Klinik \U0001f3e5",
        neighbour('  database: "klinik \\uD83C\\uDFE5"'),
        id="a symbol as two escapes",
    ),
]

HIDDEN_IN_JSON: list[Any] = [
    pytest.param(SHARED, as_json(SHARED), id="plain"),
    pytest.param(SHARED, as_json(SHARED).replace("HARBOUR", "\\u0048arbour"), id="escaped letter"),
    pytest.param(SHARED, as_json(SHARED).replace("database", "\\u0064atabase"), id="escaped key"),
    pytest.param("SRV/SQL01", as_json("srv\\/sql01").replace("\\\\", "\\"), id="escaped slash"),
    pytest.param("SRV\\SQL01", as_json("SRV\\SQL01"), id="escaped backslash"),
    pytest.param("Zürich Straße", as_json("ZÜRICH STRASSE"), id="escaped letters"),
    pytest.param("Klinik \U0001f3e5", as_json("Klinik \U0001f3e5"), id="a symbol as two escapes"),
    pytest.param(SHARED, as_json(SHARED).encode("utf-16"), id="UTF-16"),
]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize(("database", "text"), HIDDEN)
def test_a_neighbour_is_found(
    tmp_path: Path, database: str, text: str | bytes, whole_fleet: bool
) -> None:
    source = folder_of(tmp_path, {"bayside.yaml": text}, right_clinic(database=database))
    findings = harbourside_of(source, whole_fleet)["VL402"].findings
    assert [finding.summary for finding in findings] == [BAYSIDE_IS_LEFT_OUT]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize(("database", "text"), HIDDEN_IN_JSON)
def test_a_neighbour_in_json_is_found(
    tmp_path: Path, database: str, text: str | bytes, whole_fleet: bool
) -> None:
    source = folder_of(tmp_path, {"bayside.json": text}, right_clinic(database=database))
    findings = harbourside_of(source, whole_fleet)["VL402"].findings
    assert [finding.summary for finding in findings] == [BAYSIDE_IS_LEFT_OUT]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize(
    "listed",
    [
        "[harbourside]",
        "[ 'harbourside' ]",
        "\n  - harbourside",
        "\n    - harbourside",
        '["\\x68arbourside"]',
        '["harbour\\\n      side"]',
        "[coogee, harbourside]",
    ],
)
def test_a_clinic_that_names_this_one_is_found(
    tmp_path: Path, listed: str, whole_fleet: bool
) -> None:
    text = neighbour(f"  database: BAY-SQL02\n  shares_database_with: {listed}")
    findings = harbourside_of(folder_of(tmp_path, {"bayside.yaml": text}), whole_fleet)[
        "VL402"
    ].findings
    assert [finding.summary for finding in findings] == [BAYSIDE_SAYS_SO]


STRANGERS: list[Any] = [
    pytest.param(SHARED, neighbour("  database: BAY-SQL02"), id="another database"),
    pytest.param(SHARED, neighbour(f"  database: {SHARED}1"), id="a longer name"),
    pytest.param(SHARED, neighbour("  database: HARBOUR"), id="a shorter name"),
    pytest.param(SHARED, neighbour("  database: HARBOUR SQL01"), id="a space for the hyphen"),
    pytest.param(
        "Harbour  SQL", neighbour("  database: Harbour\n    SQL"), id="other space within"
    ),
    pytest.param("Harbour SQL", neighbour("  database: SQL Harbour"), id="words the other way"),
    pytest.param(
        SHARED, neighbour(f"  database: BAY-SQL02 # was {SHARED}"), id="named in a comment"
    ),
    pytest.param(
        SHARED,
        PLAIN.replace("Bayside Medical Centre", SHARED).replace(
            f"database: {SHARED}", "database: B"
        ),
        id="named elsewhere",
    ),
    pytest.param(
        SHARED,
        PLAIN.replace("system: best-practice", "system: pracsoft"),
        id="another system",
    ),
    pytest.param(SHARED, neighbour('  database: "HARBOUR\\x2DSQL02"'), id="escapes"),
    pytest.param(SHARED, PLAIN.replace("SQL01", "SQL02").encode("utf-16"), id="UTF-16"),
]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize(("database", "text"), STRANGERS)
def test_a_stranger_is_no_neighbour(
    tmp_path: Path, database: str, text: str | bytes, whole_fleet: bool
) -> None:
    source = folder_of(tmp_path, {"bayside.yaml": text}, right_clinic(database=database))
    assert states(harbourside_of(source, whole_fleet)) == {}


# Neighbours that cannot be read

MAY_SHARE = (
    "bayside.yaml cannot be read, and it may share Harbourside Medical Centre's PMS database"
)
COLOUR = "colour: blue\n"

UNREADABLE: list[Any] = [
    # Files that do not parse
    pytest.param(PLAIN + "practitioners: [", id="no YAML, names the database"),
    pytest.param(
        neighbour("  database: harbour-SQL01") + "practitioners: [", id="and in another case"
    ),
    pytest.param(
        neighbour("  database: BAY-SQL02 # not harbour-sql01") + "practitioners: [",
        id="no YAML, names the database in a comment",
    ),
    pytest.param(
        neighbour("  database: BAY-SQL02\n  shares_database_with: [harbourside"),
        id="no YAML, names the clinic",
    ),
    pytest.param("videolink: 1\nclinic: [", id="no YAML, states no database"),
    pytest.param(neighbour("  database:") + "practitioners: [", id="no YAML, a blank database"),
    pytest.param("", id="empty"),
    pytest.param("\n# nothing yet\n", id="a comment only"),
    pytest.param(b"\x00\x01\x02\x03", id="no text"),
    pytest.param(PLAIN.replace("Bayside", "Caf\xe9").encode("latin-1"), id="Latin-1"),
    pytest.param(PLAIN + "---\n" + PLAIN, id="two documents"),
    # Files that parse but break the format
    pytest.param(PLAIN + COLOUR, id="unknown key"),
    pytest.param(
        neighbour("  database: ' harbour-sql01'", top=COLOUR), id="unknown key, another case"
    ),
    pytest.param(PLAIN.replace("clinic: bayside", "clinic: bondi"), id="another id"),
    pytest.param(
        PLAIN.replace("best-practice", "Best-PRACTICE") + COLOUR, id="system in another case"
    ),
    pytest.param(PLAIN.replace("  system: best-practice\n", ""), id="no system"),
    pytest.param(PLAIN.replace("best-practice", ""), id="a blank system"),
    pytest.param(PLAIN.replace("best-practice", "[zedmed]"), id="a list for the system"),
    pytest.param(neighbour("  connected: true"), id="no database"),
    pytest.param(neighbour(""), id="a PMS with a system only"),
    pytest.param(neighbour("").replace("pms:\n  system: best-practice\n", ""), id="no PMS"),
    pytest.param(neighbour("").replace("pms:\n  system:", "pms:"), id="text for the PMS"),
    pytest.param(neighbour("  database:"), id="a blank database"),
    pytest.param(neighbour("  database: # ask the IT provider"), id="blank with a comment"),
    pytest.param(neighbour("  database: null"), id="null"),
    pytest.param(neighbour("  database: ~"), id="tilde"),
    pytest.param(neighbour("  database: ''"), id="empty in single quotes"),
    pytest.param(neighbour('  database: ""'), id="empty in double quotes"),
    pytest.param(neighbour('  database: "  "'), id="space in quotes"),
    pytest.param(neighbour("  database:\n    - BAY-SQL02"), id="a list for the database"),
    pytest.param(neighbour("  database: [BAY-SQL02]"), id="a list in brackets"),
    pytest.param(neighbour("  database:\n    name: BAY-SQL02"), id="keys for the database"),
    pytest.param(neighbour("  database: {name: BAY-SQL02}"), id="keys in braces"),
    pytest.param(neighbour("  # database: BAY-SQL02"), id="a database in a comment"),
    pytest.param(
        neighbour("  connected: true", top="# Which database: ask the IT provider\n"),
        id="a comment about the database",
    ),
    pytest.param(
        neighbour("  database: # PMS > Help > Database: ask the IT provider"),
        id="blank with a comment about the database",
    ),
]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize("text", UNREADABLE)
def test_a_neighbour_that_cannot_be_read(
    tmp_path: Path, text: str | bytes, whole_fleet: bool
) -> None:
    items = harbourside_of(folder_of(tmp_path, {"bayside.yaml": text}), whole_fleet)
    assert (items["VL002"].state, items["VL002"].reason) == (FAILED, MAY_SHARE)
    assert {item.reason for item in items.values() if item.state is BLOCKED} == {
        "blocked by VL002 (harbourside)"
    }
    assert states(items) == {
        "VL002": FAILED,
        "VL402": BLOCKED,
        AMARA: BLOCKED,
        LI_WEI: BLOCKED,
        "VL500 dr-amara-nwosu::telehealth-video": BLOCKED,
        "VL500 dr-li-wei::telehealth-video": BLOCKED,
    }


OF_NO_CONCERN: list[Any] = [
    pytest.param(neighbour("  database: BAY-SQL02") + "practitioners: [", id="no YAML"),
    pytest.param(neighbour("  database: BAY-SQL02", top=COLOUR), id="unknown key"),
    pytest.param(
        neighbour(f"  database: BAY-SQL02 # was {SHARED}", top=COLOUR),
        id="names the database in a comment",
    ),
    pytest.param(
        neighbour("  database: BAY-SQL02\n  shares_database_with: [harbourside]", top=COLOUR),
        id="names the clinic, and counts for nothing",
    ),
    pytest.param(PLAIN.replace("best-practice", "zedmed") + COLOUR, id="another system"),
    pytest.param(
        PLAIN.replace("best-practice", "zedmed").replace(f"  database: {SHARED}\n", ""),
        id="another system, no database",
    ),
    pytest.param(
        neighbour("  database: [HARBOUR-SQL01]").replace("best-practice", "zedmed"),
        id="another system, a list for the database",
    ),
    pytest.param(
        neighbour("  database: BAY-SQL02").replace("  system: best-practice\n", ""),
        id="another database, no system",
    ),
]


@WHICHEVER_IS_SELECTED
@pytest.mark.parametrize("text", OF_NO_CONCERN)
def test_a_broken_file_of_no_concern(tmp_path: Path, text: str | bytes, whole_fleet: bool) -> None:
    source = folder_of(tmp_path, {"bayside.yaml": text})
    assert states(harbourside_of(source, whole_fleet)) == {}


class UnreadableSource(MemorySource):
    """A source in which one clinic's file cannot be opened."""

    def read(self, entry: Entry) -> bytes:
        if entry.id == "bayside":
            raise PermissionError(13, "Permission denied")
        return super().read(entry)


@WHICHEVER_IS_SELECTED
def test_a_file_that_cannot_be_opened(whole_fleet: bool) -> None:
    source = UnreadableSource({"harbourside": right_clinic(), "bayside": ""})
    item = harbourside_of(source, whole_fleet)["VL002"]
    assert (item.state, item.reason) == (FAILED, MAY_SHARE)


@WHICHEVER_IS_SELECTED
def test_two_files_for_one_neighbour(tmp_path: Path, whole_fleet: bool) -> None:
    source = folder_of(tmp_path, {"bayside.yaml": PLAIN, "bayside.json": as_json(SHARED)})
    findings = harbourside_of(source, whole_fleet)["VL002"].findings
    assert [finding.summary for finding in findings] == [
        MAY_SHARE.replace(".yaml", ".json"),
        MAY_SHARE,
    ]


def test_a_broken_neighbour_in_a_folder(tmp_path: Path) -> None:
    source = folder_of(tmp_path, {"nsw/north/bayside.yaml": PLAIN + COLOUR})
    assert harbourside_of(source)["VL002"].reason == f"nsw/north/{MAY_SHARE}"


def test_waiving_a_broken_neighbour_excuses_what_it_blocks(tmp_path: Path) -> None:
    harbourside = edited(right_clinic(), {"waivers": [waiver("VL002")]})
    items = harbourside_of(folder_of(tmp_path, {"bayside.yaml": PLAIN + COLOUR}, harbourside))
    assert (items["VL002"].state, items["VL002"].reason) == (WAIVED, MAY_SHARE)
    assert [item.excused for item in items.values() if item.state is BLOCKED] == [True] * 5


def test_what_is_not_recorded_waits_for_a_broken_neighbour(tmp_path: Path) -> None:
    harbourside = edited(right_clinic(), {SHARES: REMOVED})
    source = folder_of(tmp_path, {"bayside.yaml": PLAIN + COLOUR}, harbourside)
    item = harbourside_of(source)["VL402"]
    assert (item.state, item.reason) == (BLOCKED, "blocked by VL002 (harbourside)")
