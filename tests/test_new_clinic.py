"""``--videolink-new``: a document for a new clinic, whose failures are the guided checklist."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from books import read_book, table_book
from conftest import Clinics
from support import right_clinic

from pytest_videolink.record import reader
from pytest_videolink.record.clinic import Clinic
from pytest_videolink.record.document import parse
from pytest_videolink.record.keys import keys_of

CHECKLIST = {
    "VL003-recorded-recently": "failed",
    "VL006-answered": "failed",
    "VL103-pms-connected": "failed",
    "video-consult::VL301-telehealth-on": "failed",
    "video-consult::VL302-video-on": "failed",
    "video-consult::VL303-linked-to-pms-type": "failed",
    "video-consult::VL309-offered": "failed",
}
"""All that has to be recorded of any clinic that is to do video."""

PRACTITIONERS = """\
ID,Name,Active,Patient seen last,In appointment-book
17,Dr Amara Nwosu,yes,Erika Mustermann,yes
018,"Wei, Li: the #1",TRUE,Erika Mustermann,
19,Zoë Özdemir,,Erika Mustermann,no
20,Dr Amara Nwosu,yes,Erika Mustermann,yes
9,Dr Edgar Whitlock,no,Erika Mustermann,no
21,王,yes,Erika Mustermann,yes
22,all,yes,Erika Mustermann,yes
"""

TYPES = "name;id\nTelehealth Consult;29\nNull;true\n"


def new(clinics: Clinics, *arguments: str) -> pytest.RunResult:
    return clinics.pytester.runpytest_inprocess("-p", "videolink", *arguments)


def text_of(clinics: Clinics, id: str = "bayside") -> str:
    return (clinics.folder / f"{id}.yaml").read_text(encoding="utf-8")


def read(clinics: Clinics, id: str = "bayside") -> Clinic:
    clinic, problems = reader.read(parse(text_of(clinics, id).encode()), id, lambda *_: ())
    assert clinic is not None, problems
    return clinic


def export(clinics: Clinics, name: str, text: str | bytes) -> str:
    path = clinics.pytester.path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return f"--videolink-new-from={name}"


def test_it_is_written_and_says_what_comes_next(clinics: Clinics) -> None:
    result = new(clinics, "--videolink-new=bayside")
    assert result.ret == pytest.ExitCode.OK
    said = " ".join(result.stdout.str().split())
    match = re.fullmatch(
        r"(\S+) is written, with 29 questions to answer: 10 PMS 6 Dashboard > Bookings >"
        r" Appointment Types 5 Dashboard > Bookings > Practitioner Setup 5 your own answer"
        r" 2 Dashboard > Bookings > Settings 1 Dashboard What depends on an open answer, such as"
        r" who shares the PMS database, is told in a later run\. What is open, and where to look,"
        r" is what this says: pytest (.+)",
        said,
    )
    assert match is not None, said
    assert match[1] == os.path.join("clinics", "bayside.yaml")
    checklist = clinics.outcomes(*shlex.split(match[2]))
    assert {
        id.removeprefix("bayside.yaml::"): outcome
        for id, outcome in checklist.items()
        if outcome == "failed"
    } == CHECKLIST


def test_every_question_is_asked_once_with_where_to_look(clinics: Clinics) -> None:
    new(clinics, "--videolink-new=bayside")
    text = " ".join(text_of(clinics).replace("#", " ").split())
    assert text.count("Dashboard > Bookings > Appointment Types > Edit > Telehealth") == 2
    asked = 0
    stack = [key for key in keys_of(Clinic).values() if key.name not in ("appointments", "waivers")]
    while stack:
        key = stack.pop()
        if key.name == "practitioners" and not any(each.name == "name" for each in key.keys):
            assert key.description in text  # who offers a type
        else:
            listed = key.name in ("practitioners", "appointment_types") and "evidence" in (
                key.description
            )
            stack += [] if listed else key.keys
            assert key.description in text, key.name
            asked += 1
    assert asked > 30


def test_what_it_has_to_hold_says_that_it_is_to_be_replaced(clinics: Clinics) -> None:
    new(clinics, "--videolink-new=bayside")
    stand_ins = re.findall(r"^ *(?:- )?(\w+): TO BE REPLACED", text_of(clinics), re.M)
    assert stand_ins == ["name", "timezone", "system", "database", "name", "name"]
    assert len(read(clinics).unanswered) == len(stand_ins)


def test_lines_are_short(clinics: Clinics) -> None:
    new(clinics, "--videolink-new=bayside")
    assert max(map(len, text_of(clinics).splitlines())) <= 100


# The source


def test_into_a_folder_that_is_not_there_yet(clinics: Clinics) -> None:
    result = new(clinics, "--videolink-new=bayside", "--videolink-source=group/south coast")
    assert result.ret == pytest.ExitCode.OK
    assert (clinics.pytester.path / "group" / "south coast" / "bayside.yaml").is_file()
    command = "pytest '--videolink-source=group/south coast' --videolink-clinic=bayside"
    assert command in " ".join(result.stdout.str().split())


def test_into_the_folder_of_the_ini_file(clinics: Clinics) -> None:
    clinics.pytester.makeini("[pytest]\nvideolink_source = fleet\n")
    assert new(clinics, "--videolink-new=bayside").ret == pytest.ExitCode.OK
    assert (clinics.pytester.path / "fleet" / "bayside.yaml").is_file()


REFUSED: dict[str, tuple[list[str], str]] = {
    "no id": (
        ["--videolink-new=Bay Side"],
        "--videolink-new=Bay Side: expected an id of lower-case letters, digits and single"
        " hyphens, at most 64 characters, other than all and appointment-...; did you mean"
        " bay-side?",
    ),
    "a reserved id": (
        ["--videolink-new=all"],
        "--videolink-new=all: expected an id of lower-case letters, *",
    ),
    "a path": (
        ["--videolink-new=../bayside"],
        "--videolink-new=../bayside: expected an id of lower-case letters, *",
    ),
    "a clinic that is there": (
        ["--videolink-new=harbourside"],
        "--videolink-new=harbourside: there is such a clinic already, *harbourside.yaml; no file"
        " is written over",
    ),
    "one in a folder below": (
        ["--videolink-new=perth"],
        "--videolink-new=perth: there is such a clinic already, *perth.json; no file is written"
        " over",
    ),
    "a service": (
        ["--videolink-new=bayside", "--videolink-source=https://example.org/fleet"],
        "--videolink-new writes into a folder: --videolink-source=DIR",
    ),
    "a file for the folder": (
        ["--videolink-new=bayside", "--videolink-source=pytest.ini"],
        "--videolink-new=bayside: there is no folder *",
    ),
    "exports alone": (
        ["--videolink-new-from=practitioners.csv"],
        "--videolink-new-from goes with --videolink-new=ID",
    ),
    "an export that is not there": (
        ["--videolink-new=bayside", "--videolink-new-from=no/practitioners.csv"],
        "--videolink-new=bayside: practitioners.csv cannot be read: No such file or directory",
    ),
    "an export of what": (
        ["--videolink-new=bayside", "--videolink-new-from=list.csv"],
        "--videolink-new=bayside: list.csv: it cannot be told whether it lists practitioners or"
        " appointment types; say --videolink-new-from=practitioners=list.csv or"
        " --videolink-new-from=appointment_types=list.csv",
    ),
}


@pytest.mark.parametrize(("arguments", "error"), REFUSED.values(), ids=REFUSED)
def test_refused(harbourside: Clinics, arguments: list[str], error: str) -> None:
    harbourside.write_file("west/perth.json", "{}")
    export(harbourside, "list.csv", "id,name\n1,A\n")
    (harbourside.pytester.path / "pytest.ini").write_text("[pytest]\n")
    before = {file: file.read_bytes() for file in harbourside.folder.rglob("*.*")}
    result = new(harbourside, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {error}"])
    assert {file: file.read_bytes() for file in harbourside.folder.rglob("*.*")} == before


def test_a_folder_that_cannot_be_written(clinics: Clinics) -> None:
    blocked = clinics.pytester.path / "file"
    blocked.write_text("")
    result = new(clinics, "--videolink-new=bayside", "--videolink-source=file/clinics")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --videolink-new=bayside: *bayside.yaml cannot be written: *"]
    )


# Exports


def test_what_the_pms_lists_is_taken_over(clinics: Clinics) -> None:
    result = new(
        clinics,
        "--videolink-new=bayside",
        export(clinics, "practitioners.csv", PRACTITIONERS),
        export(clinics, "Appointment Types 2026.csv", TYPES),
    )
    assert result.ret == pytest.ExitCode.OK
    clinic = read(clinics)
    assert clinic.pms.practitioners is not None
    assert {
        id: (each.name, each.active, each.in_appointment_book)
        for id, each in clinic.pms.practitioners.items()
    } == {
        "17": ("Dr Amara Nwosu", True, True),
        "018": ("Wei, Li: the #1", True, None),
        "19": ("Zoë Özdemir", None, False),
        "20": ("Dr Amara Nwosu", True, True),
        "9": ("Dr Edgar Whitlock", False, False),
        "21": ("王", True, True),
        "22": ("all", True, True),
    }
    assert clinic.pms.appointment_types is not None
    assert {id: each.name for id, each in clinic.pms.appointment_types.items()} == {
        "29": "Telehealth Consult",
        "true": "Null",
    }
    assert {each.id: (each.name, each.linked_to) for each in clinic.practitioners} == {
        "dr-amara-nwosu": ("Dr Amara Nwosu", None),
        "wei-li-the-1": ("Wei, Li: the #1", None),
        "dr-amara-nwosu-2": ("Dr Amara Nwosu", None),
        "practitioner": ("王", None),
        "practitioner-2": ("all", None),
    }
    assert {each.expects_video for each in clinic.practitioners} == {None}
    assert [each.full_name for each in clinic.appointment_types] == [
        "TO BE REPLACED (Telehealth Consult)"
    ]
    said = " ".join(result.stdout.str().split())
    assert (
        "Taken over from practitioners.csv: 7 practitioners; id: ID (A); name: Name (B); active:"
        " Active (C); in_appointment_book: In appointment-book (E); not read: D"
    ) in said
    assert "Mustermann" not in text_of(clinics)
    assert "Mustermann" not in result.stdout.str()


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Dr Øystein Strauß", "dr-oystein-strauss"),
        ("ŁUKASZ ĐẶNG", "lukasz-dang"),
        ("Æsa Þórðardóttir", "aesa-thordardottir"),
        ("Ħelena Œuvrard", "helena-oeuvrard"),
        (
            "I\N{LATIN SMALL LETTER S WITH CEDILLA}\N{LATIN SMALL LETTER DOTLESS I}l İnci",
            "isil-inci",
        ),
        ("STRAẞE Ǿrum", "strasse-orum"),
        ("Łū Ŋa Ŧa", "lu-nga-ta"),
        ("Niall O\N{RIGHT SINGLE QUOTATION MARK}Brien-Müller", "niall-o-brien-muller"),
        ("Жанна", "practitioner"),
    ],
)
def test_letters_of_a_name_are_written_out_in_its_id(clinics: Clinics, name: str, id: str) -> None:
    new(
        clinics,
        "--videolink-new=bayside",
        export(clinics, "practitioners.csv", f"id,name\n1,{name}\n"),
    )
    assert [each.id for each in read(clinics).practitioners] == [id]


NAMES = [
    *("Null", "True", "No", "yes", "~", "1e3", "0012", "0x1F", ".5", "12:30", "2026-11-23", "<<"),
    *("=", "- a", "a: b", "# c", '"q"', "{x}", "&a", "*a", "!t"),
]


@pytest.mark.parametrize("name", NAMES)
def test_what_looks_like_something_else_is_read_back_as_it_is_called(
    clinics: Clinics, name: str
) -> None:
    cell = '"' + name.replace('"', '""') + '"'
    clinics.put("p.csv", f"UserID,Name,Active\n{cell},{cell},yes\n")
    clinics.put("t.csv", f'ID,Description\n{cell},{cell[:-1]} video"\n')
    given = ("p.csv", "appointment_types=t.csv:id=ID,name=Description")
    for target in ("null", "bayside.xlsx"):
        told = [f"--videolink-new-from={each}" for each in given]
        result = new(clinics, f"--videolink-new={target}", *told)
        assert result.ret == 0, result.stderr.str()
    book, problems, _ = read_book((clinics.folder / "bayside.xlsx").read_bytes(), "bayside")
    assert book is not None, problems
    for clinic in (read(clinics, "null"), book):
        assert clinic.pms.practitioners is not None
        assert {id: each.name for id, each in clinic.pms.practitioners.items()} == {name: name}
        assert [each.name for each in clinic.practitioners] == [name]
        (type,) = clinic.appointment_types
        assert (type.name, type.modality) == (f"TO BE REPLACED ({name} video)", "video")


def test_what_it_leaves_open_is_what_fails(clinics: Clinics) -> None:
    new(clinics, "--videolink-new=bayside", export(clinics, "practitioners.csv", PRACTITIONERS))
    outcomes = clinics.outcomes("--videolink-clinic=bayside")
    failed = {id.partition("::")[2] for id, outcome in outcomes.items() if outcome == "failed"}
    assert {"VL006-answered", "video-consult::VL309-offered"} < failed


BAD_EXPORTS: dict[str, tuple[str | bytes, str]] = {
    "no header": (
        "17,Dr Amara Nwosu\n",
        "none of its first 50 rows has usual names for an id and a name; say which columns they"
        " are: --videolink-new-from=practitioners.csv:id=ID,name=Title+Surname",
    ),
    "no name": ("id,active\n17,yes\n", "none of its first 50 rows has usual names for an id*"),
    "a column twice": ("id,ID,name\n1,2,x\n", "its id could be id (A) or ID (B); say which, *"),
    "an empty id": ("id,name,active\n17,A,\n,B,yes\n", "row 3, column id: is empty"),
    "an odd state": (
        "id,name,active\n17,A,SECRET\n",
        "row 2, column active: expected yes or no (or true, false, on, off, 1, 0, *",
    ),
    "cells that moved": ("id,name\n17,A,SECRET\n", "row 2: it has more cells than the header; *"),
    "another encoding": (
        "id,name\n17,Zo\xeb\n".encode("latin-1"),
        "the file is not Unicode text: byte 0xEB does not belong in UTF-8; say"
        " --videolink-new-from=practitioners.csv:encoding=cp1252 (as on Windows), or export it as"
        " UTF-8",
    ),
    "nothing": ("", "none of its first 50 rows has usual names for an id and a name; *"),
}


@pytest.mark.parametrize(("text", "fault"), BAD_EXPORTS.values(), ids=BAD_EXPORTS)
def test_an_export_that_cannot_be_read(clinics: Clinics, text: str | bytes, fault: str) -> None:
    result = new(clinics, "--videolink-new=bayside", export(clinics, "practitioners.csv", text))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    where = "--videolink-new=bayside: practitioners.csv"
    joint = ", " if fault.startswith("row") else ": "
    result.stderr.fnmatch_lines([f"ERROR: {where}{joint}{fault}"])
    assert "SECRET" not in result.stderr.str()
    assert list(clinics.folder.iterdir()) == []


def test_an_id_twice(clinics: Clinics) -> None:
    text = "id,name\n17,A\n17,B\n"
    result = new(clinics, "--videolink-new=bayside", export(clinics, "practitioners.csv", text))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --videolink-new=bayside: practitioners.csv, row 3, column id: the same id as*"]
    )


def test_nothing_is_run(harbourside: Clinics) -> None:
    harbourside.pytester.makepyfile(test_a="def test_a(): assert 0")
    result = new(harbourside, "--videolink-new=bayside", "--videolink-clinic=harbourside")
    assert result.ret == pytest.ExitCode.OK
    assert "test session starts" not in result.stdout.str()


def test_a_file_that_appears_in_between(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(right_clinic("bayside"))
    before = text_of(clinics)
    monkeypatch.setattr("pytest_videolink.sources.new._refuse_known", lambda *_: None)
    result = new(clinics, "--videolink-new=bayside")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *bayside.yaml cannot be written: File exists"])
    assert text_of(clinics) == before
    assert Path(clinics.folder / "bayside.yaml").is_file()


def test_columns_may_be_named_on_the_command_line(clinics: Clinics) -> None:
    users = "UserID,Code,Title,Surname,Status\n017,AN,Dr,Nwosu,1\n018,,,Wei,0\n"
    export(clinics, "users.csv", users)
    argument = "--videolink-new-from=users.csv:id=UserID,name=Title+Surname,active=Status"
    assert new(clinics, "--videolink-new=bayside", argument).ret == pytest.ExitCode.OK
    listed = read(clinics).pms.practitioners
    assert listed is not None
    assert {id: (each.name, each.active) for id, each in listed.items()} == {
        "017": ("Dr Nwosu", True),
        "018": ("Wei", False),
    }
    assert [each.name for each in read(clinics).practitioners] == ["Dr Nwosu"]


@pytest.mark.parametrize("there", [None, "*.tmp", "/day-sheets/\n"])
def test_day_sheets_are_kept_out_of_commits(clinics: Clinics, there: str | None) -> None:
    ignored = clinics.folder / ".gitignore"
    if there is not None:
        ignored.write_text(there, encoding="utf-8")
    new(clinics, "--videolink-new=bayside")
    lines = ignored.read_text(encoding="utf-8").splitlines()
    assert lines == (["*.tmp", "/day-sheets/"] if there == "*.tmp" else ["/day-sheets/"])


# The usual clinic: 12 practitioners and 8 types, from its PMS's exports

USUAL = Path(__file__).parent / "data" / "new-clinic"
SCREENS = """\
clinics/bayside.yaml is written, with 118 questions to answer:
    48  Dashboard > Bookings > Practitioner Setup
    28  your own answer
    27  PMS
    12  Dashboard > Bookings > Appointment Types
     2  Dashboard > Bookings > Settings
     1  Dashboard
"""
ANSWERS = {
    "timezone": "Australia/Sydney",
    "as_of": "2026-11-23T08:30:00+11:00",
    "last_synced": "2026-11-23T08:25:00+11:00",
    "new_patient_approval": "automatic",
    "existing_patient_approval": "automatic",
    "system": "Best Practice",
    "database": "BAYSIDE-SQL",
    "shares_database_with": "[]",
    "connected": "true",
    "accepts_video_appointments": "true",
    "telehealth": "true",
    "telehealth_video": "true",
    "practitioners": "all",
}
"""What is typed behind each key of the document that is blank or still to be replaced."""

AS_NAMED = ("name", "linked_to")
"""Keys behind which the name is typed that stands above."""


def answered(text: str) -> list[str]:
    """The lines of a new document once its questions are answered, each in its own line.

    A type is linked to the PMS's of the same name, and a profile to the practitioner.
    """
    lines, name, depth = [], "", 0
    for line in text.splitlines():
        match = re.fullmatch(r"( *)(- )?(\w+):(?: (.*))?", line)
        if match is None:
            lines.append(line)
            continue
        indent, dash, key, value = match.groups()
        depth = len(indent) + len(dash or "")
        stand_in = re.fullmatch(r"TO BE REPLACED(?: \((.*)\))?", value or "")
        if key == "name":
            name = stand_in[1] if stand_in and stand_in[1] else (value or "").strip('"')
        is_open = not value or stand_in is not None
        typed = ANSWERS.get(key, name if key in AS_NAMED else "")
        if is_open and typed and (depth or key not in ("practitioners", "appointment_types")):
            is_list = key == "practitioners" and depth == 2  # what the PMS lists
            lines.append(line if is_list else f"{indent}{dash or ''}{key}: {typed}")
        else:
            lines.append(line)
    return lines


def test_one_more_is_an_entry_that_is_copied_as_the_document_says(clinics: Clinics) -> None:
    assert new(clinics, "--videolink-new=bayside").ret == pytest.ExitCode.OK
    text = text_of(clinics)
    assert (
        "\n# One more practitioner or type is an entry more: copy one, from its dash down, with"
        " another id.\n"
    ) in text
    for id, other in (("practitioner-1", "dr-li-wei"), ("video-consult", "video-long")):
        entry = re.search(rf"^  - id: {id}\n(?:    .*\n)+", text, re.M)
        assert entry is not None
        text = text.replace(entry[0], entry[0] + entry[0].replace(id, other))
    clinics.write(bayside=text)
    clinic = read(clinics)
    assert [each.id for each in clinic.practitioners] == ["practitioner-1", "dr-li-wei"]
    assert [each.id for each in clinic.appointment_types] == ["video-consult", "video-long"]


def test_the_usual_clinic_has_no_line_to_copy(clinics: Clinics) -> None:
    """Whoever answers in the lines that are there, and adds none, has a clinic that is READY."""
    exports = (
        f"--videolink-new-from={USUAL / f'{each}.csv'}" for each in ("users", "appointment-types")
    )
    result = new(clinics, "--videolink-new=bayside", *exports)
    assert result.ret == pytest.ExitCode.OK
    assert SCREENS in result.stdout.str()
    text = text_of(clinics)
    lines = answered(text)
    changed = sum(before != after for before, after in zip(text.splitlines(), lines, strict=True))
    assert (len(lines), changed) == (321, 44)
    clinics.write(bayside="".join(f"{line}\n" for line in lines))
    clinic = read(clinics)
    assert (len(clinic.practitioners), len(clinic.video_types)) == (12, 2)
    run = clinics.run("--videolink-clinic=bayside")
    assert run.ret == pytest.ExitCode.OK, run.stdout.str()
    run.stdout.fnmatch_lines(["bayside: READY", "  24 pairs on offer = 24 link expected*"])


def test_the_usual_clinic_is_the_same_of_workbooks(clinics: Clinics) -> None:
    for each in ("users", "appointment-types"):
        rows = [
            re.split("[,;]", line)
            for line in (USUAL / f"{each}.csv").read_text(encoding="utf-8").splitlines()
        ]
        (clinics.pytester.path / f"{each}.xlsx").write_bytes(table_book(rows))
    for id, kind in (("bayside", "xlsx"), ("north", "csv")):
        folder = USUAL if kind == "csv" else clinics.pytester.path
        exports = (
            f"--videolink-new-from={folder / f'{each}.{kind}'}"
            for each in ("users", "appointment-types")
        )
        assert new(clinics, f"--videolink-new={id}", *exports).ret == pytest.ExitCode.OK
    assert text_of(clinics, "north").replace("north", "bayside").replace(
        "North", "Bayside"
    ) == text_of(clinics)
