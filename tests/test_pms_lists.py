"""What the PMS lists, in tables that a document names in place of the lists."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clinics
from support import Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import Judgement, State

USERS, TYPES = "exports/users.csv", "exports/types.csv"
BY_TABLES = {
    "pms.practitioners": {
        "csv": USERS,
        "columns": {
            "id": "UserID",
            "name": ["Title", "Firstname", "Surname"],
            "active": "Status",
            "in_appointment_book": "Appointments",
        },
    },
    "pms.appointment_types": {"csv": TYPES, "columns": {"id": "Code", "name": "Description"}},
}
HEADER = "UserID,Title,Surname,Firstname,Status,Appointments,Mobile\n"
LISTED = """\
17,Dr,Nwosu,Amara,Active,Yes,0491 570 006
18,Dr,Wei,Li,Active,Yes,
19,,Reception,Rita,Active,No,
"""
TYPE_ROWS = "Code,Description\n29,Telehealth Consult\n31,Telehealth Long\n40,Standard\n"
WHOLE = {USERS: HEADER + LISTED, TYPES: TYPE_ROWS}


def clinic(**edits: Any) -> Document:
    return edited(right_clinic(), {**BY_TABLES, **edits})


def bad(items: dict[str, Judgement]) -> dict[str, str]:
    """What does not pass, and why."""
    return {key: each.reason for key, each in items.items() if each.state is not State.PASSED}


def test_lists_in_tables_say_the_same_as_lists_in_the_document() -> None:
    items = judged(clinic(), tables=WHOLE)
    assert bad(items) == {}
    assert {*items} == {*judged(right_clinic()), "VL007"}


@pytest.mark.parametrize(
    ("edits", "link"),
    [
        ({"practitioners.0.linked_to": "Dr Amara Nwosu"}, "17"),
        ({"practitioners.0.linked_to": "dr amara  nwosu"}, "17"),
    ],
)
def test_a_link_may_be_a_name_of_the_table(edits: Document, link: str) -> None:
    items = judged(edited(clinic(), edits), tables=WHOLE)
    assert bad(items) == {}
    assert items["VL203 dr-amara-nwosu"].subject.pms_id == link  # type: ignore[union-attr]


def test_a_fresh_export_updates_what_the_pms_says(clinics: Clinics) -> None:
    clinics.write(clinic())
    clinics.write_file(TYPES, TYPE_ROWS)
    clinics.write_file(USERS, "List of users\n" + HEADER + LISTED.replace("Active", "Inactive", 1))
    result = clinics.run("--videolink-clinic=harbourside", "--videolink-report=r.json")
    text = " ".join(result.stdout.str().split())
    for part in (
        "Dr Amara Nwosu is linked to PMS practitioner 17, which is inactive",
        "clinics/exports/users.csv, row 3, column Status",
        f"{USERS}: 4 rows = 3 practitioners + 1 no practitioners",
        f"1 row of {USERS} is no practitioner: 1",
        f"{TYPES}: 3 rows = 3 appointment types",
    ):
        assert part in text
    clinics.write_file(
        USERS, HEADER + LISTED.replace("17,Dr,Nwosu,Amara,Active,Yes", "17,Dr,N,A,,No")
    )
    text = " ".join(clinics.run("--videolink-clinic=harbourside", *STRICT).stdout.str().split())
    assert "Export the list from the PMS again, and record its time as as_of" in text
    assert "clinics/exports/users.csv, row 2, column Appointments" in text


STRICT = ("-W", "error::pytest_videolink.ConfigurationWarning")


def test_what_a_list_that_cannot_be_read_whole_blocks() -> None:
    """Only links that are not found in it; the rest is judged."""
    broken = {USERS: HEADER + LISTED.replace("17,", "1.7E+12,"), TYPES: TYPE_ROWS}
    assert bad(judged(clinic(), tables=broken)) == {
        "VL007": f"{USERS}, row 2, column UserID: is a number that a spreadsheet has rounded, such"
        " as 5.14811E+17; export again, and open it with the column as text",
        "VL203 dr-amara-nwosu": "blocked by VL007 (harbourside)",
        "VL206 dr-amara-nwosu": "blocked by VL007 (harbourside)",
        "VL401 dr-amara-nwosu": "blocked by VL007 (harbourside)",
        "VL500 dr-amara-nwosu::telehealth-video": "blocked by VL007 (harbourside)",
    }


@pytest.mark.parametrize(("error", "refused"), [("#N/A", True), ("#REF!", True), ("#", False)])
def test_a_name_of_several_cells_of_which_one_is_an_error(error: str, refused: bool) -> None:
    tables = {USERS: HEADER + LISTED.replace("17,Dr,", f"17,{error},"), TYPES: TYPE_ROWS}
    said = (
        f"{USERS}, row 2, column Title + Firstname + Surname: holds what a spreadsheet shows for"
        " a cell that it could not work out, such as #N/A"
    )
    assert bad(judged(clinic(), tables=tables)).get("VL007") == (said if refused else None)


@pytest.mark.parametrize("types", [None, TYPE_ROWS.replace("29,", "#N/A,").replace("31,", "#N/A,")])
def test_what_a_list_of_types_that_cannot_be_read_blocks(types: str | None) -> None:
    tables = {USERS: WHOLE[USERS]} | ({TYPES: types} if types else {})
    blocked = bad(judged(clinic(), tables=tables))
    del blocked["VL007"]
    assert set(blocked.values()) == {"blocked by VL007 (harbourside)"}
    assert set(blocked) == {
        "VL304 telehealth-video",
        "VL306 telehealth-video",
        "VL311 dr-li-wei::telehealth-video",
        "VL500 dr-amara-nwosu::telehealth-video",
        "VL500 dr-li-wei::telehealth-video",
    }


def test_an_appointment_that_waits_for_a_list() -> None:
    booked = {
        "id": "1",
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40",
        "starts": "2026-11-24T09:30",
        "link": "no",
    }
    items = judged(clinic(appointments=[booked]), tables={TYPES: TYPE_ROWS})
    assert items["VL501 1"].reason == (
        f"Appointment 1 has no link (VL203): not known: {USERS} cannot be read: No such file or"
        " directory"
    )


# Neighbours


def north(**edits: Any) -> Document:
    return edited(
        right_clinic("north"), {**BY_TABLES, "pms.shares_database_with": ["harbourside"], **edits}
    )


def shared(tables: dict[str, str], **edits: Any) -> dict[str, str]:
    here = edited(right_clinic(), {"pms.shares_database_with": ["north"]})
    return bad(judged(here, north(**edits), tables=tables))


def test_a_neighbours_table_counts_as_its_list_does() -> None:
    edits = {"practitioners.0.linked_to": "Dr Amara Nwosu"}
    found = shared(WHOLE, **edits)
    assert found["VL401 dr-amara-nwosu"] == (
        "Dr Amara Nwosu is also linked on the Dashboard of north"
    )


def test_a_neighbours_table_that_cannot_be_read_is_told() -> None:
    found = shared({TYPES: TYPE_ROWS})
    assert found["VL002"] == (
        f"{USERS} of north cannot be read whole, and so it is not known whom its profiles are"
        " linked to"
    )
    assert found["VL401 dr-amara-nwosu"] == "blocked by VL002 (harbourside)"


def test_a_neighbours_table_of_which_every_link_is_read_is_none_of_ours() -> None:
    broken = {USERS: HEADER + LISTED.replace("19,", "1.9E+12,"), TYPES: TYPE_ROWS}
    assert "VL002" not in shared(broken)


# What is said of a table


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"csv": ""}, "csv is missing: name one file, with csv or with xlsx"),
        ({"columns.name": ""}, "columns must name name"),
        ({"columns.mobile": "Mobile"}, "mobile is no key of a clinic document; known here: id"),
        ({"dates": "dmy"}, "dates is no key of a clinic document; known here: csv"),
        (
            {"export": "bp-appointments"},
            'export is "bp-appointments": that export lists appointments; known here: bp-',
        ),
        (
            {"skip": {"group": "Reception"}},
            "skip names group, which is no key of columns: name its",
        ),
    ],
)
def test_what_cannot_be_said_of_a_table(clinics: Clinics, edits: Document, said: str) -> None:
    table = {f"pms.practitioners.{key}": value for key, value in edits.items()}
    clinics.write(edited(clinic(), table))
    result = clinics.run("--videolink-clinic=harbourside")
    result.assert_outcomes(failed=1)
    assert said in " ".join(result.stdout.str().split())


def test_a_known_export(clinics: Clinics) -> None:
    table = {"csv": USERS, "export": "bp-users", "skip": {"name": "Rita Reception"}}
    clinics.write(edited(right_clinic(), {"pms.practitioners": table}))
    clinics.write_file(USERS, HEADER + LISTED)
    text = clinics.run("--videolink-clinic=harbourside").stdout.str()
    assert f"{USERS}: 3 rows = 2 practitioners + 1 skipped" in text
