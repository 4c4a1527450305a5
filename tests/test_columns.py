"""Which columns of an export hold what, as ``--videolink-new-from`` finds them."""

from __future__ import annotations

import shlex

import pytest

from pytest_videolink.record.grid import BadTable
from pytest_videolink.sources.columns import Asked, NotTold, listed, parse

USERS = """\
User ID,Title,Surname,First name,Status,Has appointments,Notes
17,Dr,Nwosu,Amara,Active,Yes,Planted
018,,Wei,Li,Inactive,,Planted
"""


def entries(argument: str, text: str) -> list[tuple[object, ...]]:
    found = listed(text.encode(), parse(argument))
    assert found.table.faults == ()
    return [tuple(row.values.values()) for row in found.table.rows]


# What the option says


@pytest.mark.parametrize(
    ("argument", "asked"),
    [
        ("users.csv", Asked("users.csv", None, {})),
        ("practitioners=users.csv", Asked("users.csv", "practitioners", {})),
        ("users.csv:encoding=Windows-1252", Asked("users.csv", None, {}, "cp1252")),
        (
            "users.csv:encoding=cp850,id=No,name=Name",
            Asked("users.csv", None, {"id": ("No",), "name": ("Name",)}, "cp850"),
        ),
        ("types=a=b.csv", Asked("a=b.csv", "appointment_types", {})),
        ("appointment-types=t.csv", Asked("t.csv", "appointment_types", {})),
        (r"C:\exports of 2026\users.csv", Asked(r"C:\exports of 2026\users.csv", None, {})),
        (
            "users.csv:id=UserID,name=Title+Surname,active=Status",
            Asked(
                "users.csv",
                None,
                {"id": ("UserID",), "name": ("Title", "Surname"), "active": ("Status",)},
            ),
        ),
        (
            r"practitioners=C:\u.csv:Name=Surname, first + Title,ID=No",
            Asked(
                r"C:\u.csv",
                "practitioners",
                {"name": ("Surname, first", "Title"), "id": ("No",)},
            ),
        ),
    ],
)
def test_what_is_asked(argument: str, asked: Asked) -> None:
    assert parse(argument) == asked


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("u.csv:id=A", "say as well which column is the name"),
        ("u.csv:active=A", "say as well which column is the id and the name"),
        ("u.csv:id=A,encoding=cp1252", "say as well which column is the name"),
        (
            "u.csv:encoding=ansi",
            "ansi is no encoding that is known here; on Windows write cp1252",
        ),
        ("u.csv:id=A,name=+", "say as well which column is the name"),
        (
            "u.csv:id=A,nmae=B",
            "nmae is nothing that a column can hold; did you mean name?",
        ),
        (
            "u.csv:id=A,mobile=B",
            "mobile is nothing that a column can hold; known here: id, name, active,"
            " in_appointment_book",
        ),
    ],
)
def test_what_cannot_be_asked(argument: str, said: str) -> None:
    with pytest.raises(NotTold) as raised:
        parse(argument)
    assert str(raised.value) == said


# What is found


@pytest.mark.parametrize(
    ("argument", "text", "lists", "rows"),
    [
        (
            "u.csv",
            USERS,
            "practitioners",
            [("17", "Dr Amara Nwosu", True, True), ("018", "Li Wei", False, None)],
        ),
        (
            "exports/practitioners.csv",
            "ID;Name;Active;In appointment-book\n17;Dr Amara Nwosu;1;0\n",
            "practitioners",
            [("17", "Dr Amara Nwosu", True, False)],
        ),
        (
            "Appointment Types 2026.csv",
            "title\n\nname;id\nTelehealth Consult;29\nNull;true\n",
            "appointment_types",
            [("29", "Telehealth Consult"), ("true", "Null")],
        ),
        (
            "list.csv",
            "Code|Description|RecordStatus\nA|Standard|1\n",
            "appointment_types",
            [("A", "Standard")],
        ),
        (
            "practitioners=list.csv",
            "Code,Full name,Use\nAN,Dr Amara Nwosu,ticked\n",
            "practitioners",
            [("AN", "Dr Amara Nwosu", True)],
        ),
        (
            "types=list.csv",
            "ID,Name,Status,Use\n1,a,Active,x\n",
            "appointment_types",
            [("1", "a", True)],
        ),
        (
            "list.csv",
            "UserID,Surname,Firstname,InactiveDate\n1,A,B,\n2,C,D,30/06/2024\n"
            "3,E,F,2024-06-30 00:00:00.000\n",
            "practitioners",
            [("1", "B A", True), ("2", "D C", False), ("3", "F E", False)],
        ),
        (
            "users.csv:id=No,name=Given+Family,active=Gone",
            "No,Given,Family,Gone,Name\n1,B,A,0,x\n",
            "practitioners",
            [("1", "B A", False)],
        ),
        (
            "list.csv:id=No,name=Family,active=Inactive date",
            "No,Family,Inactive Date,Surname\n1,A,,x\n2,B,1/2/2024,x\n",
            "practitioners",
            [("1", "A", True), ("2", "B", False)],
        ),
    ],
)
def test_an_export(argument: str, text: str, lists: str, rows: list[tuple[object, ...]]) -> None:
    assert entries(argument, text) == rows
    assert listed(text.encode(), parse(argument)).lists == lists


def test_what_was_used_is_said_and_of_the_rest_where_it_stands() -> None:
    assert listed(USERS.encode(), parse("u.csv")).said == (
        "id: User ID (A); name: Title (B) + First name (D) + Surname (C); active: Status (E);"
        " in_appointment_book: Has appointments (F); not read: G"
    )
    said = listed(b"ID,Name\n1,a\n", parse("types=t.csv")).said
    assert said == "id: ID (A); name: Name (B)"


@pytest.mark.parametrize(
    ("argument", "text", "said"),
    [
        (
            "my users.csv",
            "ID,Code,Name\n",
            "its id could be ID (A) or Code (B); say which, such as"
            " '--videolink-new-from=my users.csv:id=ID,name=Name'",
        ),
        (
            "practitioners=u.csv",
            "ID,Name,Title,Surname\n",
            "its name could be Name (B) or Title (C) + Surname (D); say which, such as"
            " --videolink-new-from=practitioners=u.csv:id=ID,name=Name",
        ),
        (
            "users.csv",
            "ID,Name,Status,Inactive date\n",
            "its active could be Status (C) or Inactive date (D); say which, such as"
            " --videolink-new-from=users.csv:id=ID,name=Name,active=Status",
        ),
        (
            "list.csv",
            "ID,Name\n",
            "it cannot be told whether it lists practitioners or appointment types; say"
            " --videolink-new-from=practitioners=list.csv or"
            " --videolink-new-from=appointment_types=list.csv",
        ),
        (
            "user types.csv",
            "ID,Name\n",
            "it cannot be told whether it lists practitioners or appointment types; say"
            " '--videolink-new-from=practitioners=user types.csv' or"
            " '--videolink-new-from=appointment_types=user types.csv'",
        ),
        (
            "users.csv",
            "Planted,Nora\n",
            "none of its first 50 rows has usual names for an id and a name; say which columns"
            " they are: --videolink-new-from=users.csv:id=ID,name=Title+Surname",
        ),
        (
            "types=users.csv",
            "ID,Doctor,Planted\n",
            "no column of the appointment types has a usual name for the name; say which it is:"
            " --videolink-new-from=appointment_types=users.csv:id=ID,name=Name",
        ),
        (
            "users.csv:id=No,name=Who",
            "Planted,Nora\n",
            'none of its first 50 rows is a header with "No" and "Who"',
        ),
    ],
)
def test_what_cannot_be_told(argument: str, text: str, said: str) -> None:
    with pytest.raises(NotTold) as raised:
        listed(text.encode(), parse(argument))
    assert str(raised.value) == said
    assert "Planted" not in said


def test_the_command_that_is_proposed_is_right() -> None:
    text = "ID,Code,Name,First name,Surname,Status\n1,A,x,Amara,Nwosu,2\n"
    with pytest.raises(NotTold) as raised:
        listed(text.encode(), parse("the users.csv"))
    command = str(raised.value).partition("such as ")[2]
    [option] = shlex.split(command)
    asked = parse(option.removeprefix("--videolink-new-from="))
    assert asked.columns == {"id": ("ID",), "name": ("Name",), "active": ("Status",)}
    assert listed(text.encode(), asked).lists == "practitioners"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "ID,Name,Status\n1,a,1\n2,b,2\n",
            "column Status: 2 rows such as row 2 are numbers, and what they mean is not known;"
            " name the columns yourself, and leave this one out",
        ),
        (
            "ID,Name,Status\n1,a,Active\n2,b,Planted\n",
            "row 3, column Status: expected yes or no (or true, false, on, off, 1, 0, active,"
            " inactive, ticked)",
        ),
        (
            "ID,Name,Inactive date\n1,a,1899-12-30\n2,b,\n",
            "row 2, column Inactive date: is no day since 1970 on which somebody left; name the"
            " columns yourself, and leave this one out",
        ),
        (
            "ID,Name,Inactive date\n1,a,Planted\n2,b,30/6/2024\n",
            "row 2, column Inactive date: is no day since 1970 on which somebody left; name the"
            " columns yourself, and leave this one out",
        ),
    ],
)
def test_who_is_active_is_not_guessed(text: str, said: str) -> None:
    table = listed(text.encode(), parse("users.csv")).table
    assert list(map(str, table.faults)) == [said]


def test_what_is_not_unicode_is_read_as_it_is_said_to_be_written() -> None:
    raw = "ID,Name\n17,Zoë Ngaio\n".encode("cp1252")
    with pytest.raises(BadTable) as raised:
        listed(raw, parse("practitioners=the users.csv"))
    said, _, command = str(raised.value).partition("; say ")
    assert said == "the file is not Unicode text: byte 0xEB does not belong in UTF-8"
    option, *others = shlex.split(command)
    assert others == ["(as", "on", "Windows),", "or", "export", "it", "as", "UTF-8"]
    found = listed(raw, parse(option.removeprefix("--videolink-new-from=")))
    assert [row.values["name"] for row in found.table.rows] == ["Zoë Ngaio"]


def test_a_workbook_has_no_encoding() -> None:
    with pytest.raises(NotTold, match=r"^a workbook has no encoding: leave it out$"):
        listed(b"", parse("practitioners=users.xlsx:encoding=cp1252"))


def test_what_is_proposed_keeps_the_encoding() -> None:
    raw = "ID,Code,Name\n1,A,Zoë\n".encode("cp1252")
    with pytest.raises(NotTold) as raised:
        listed(raw, parse("practitioners=u.csv:encoding=cp1252"))
    assert str(raised.value) == (
        "its id could be ID (A) or Code (B); say which, such as"
        " --videolink-new-from=practitioners=u.csv:id=ID,name=Name,encoding=cp1252"
    )


def test_a_table_that_cannot_be_read() -> None:
    with pytest.raises(BadTable, match=r'^its columns "ID" \(A\) and "id" \(C\) are alike'):
        listed(b"ID,Name,id\n1,a,2\n", parse("users.csv:id=ID,name=Name"))
