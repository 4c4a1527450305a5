"""Workbooks in a source: which files are clinics, their neighbours, workers, reports and forms."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import book_of, changed, facts, read_book, typed
from conftest import Clinics
from support import appointment, edited, judged, right_clinic, to_yaml, waiver

from pytest_videolink.record import reader
from pytest_videolink.record.document import parse
from pytest_videolink.record.sheets import open_book

WRONG = {"Practitioners!C4": "no", "Appointment types!E3": "no"}
HARBOURSIDE = "--videolink-clinic=harbourside"


@pytest.fixture
def workbook(clinics: Clinics) -> Clinics:
    """A project with Harbourside as a workbook, with two things wrong."""
    clinics.write_file("harbourside.xlsx", typed(book_of(), WRONG))
    return clinics


def test_a_workbook_is_a_clinic_of_a_source(workbook: Clinics) -> None:
    outcomes = workbook.outcomes(HARBOURSIDE)
    as_yaml = judged(
        edited(
            right_clinic(),
            {
                "practitioners.1.accepts_video_appointments": "no",
                "appointment_types.0.telehealth_video": "no",
            },
        )
    )
    failed = [id.partition("::")[2] for id, outcome in outcomes.items() if outcome == "failed"]
    assert failed == ["dr-li-wei::VL201-accepts-video", "telehealth-video::VL302-video-on"]
    assert len(failed) == sum(each.state.value == "failed" for each in as_yaml.values())


def test_a_failure_names_the_cell(workbook: Clinics) -> None:
    said = workbook.run(HARBOURSIDE).stdout.str()
    place = "clinics/harbourside.xlsx, Practitioners!C4".replace(
        "/", "\\" if sys.platform == "win32" else "/"
    )
    assert f"{place}\n   C4 | Accepts Video Appointments: no\n" in said
    together = " ".join(said.split())
    assert (
        "Record it in clinics/harbourside.xlsx: Practitioners!C4, Accepts Video Appointments:"
        " true; Clinic!B4, When the record was read: the time you read it"
    ) in together
    assert "pytest" in together
    assert "clinics/harbourside.xlsx::dr-li-wei::VL201-accepts-video" in together


# Which files are clinics


def test_what_lies_beside_an_open_file_is_no_clinic(workbook: Clinics) -> None:
    for name in ("~$harbourside.xlsx", "~$x.yaml", ".~lock.harbourside.xlsx#", "~$y.json"):
        workbook.write_file(name, b"\0")
    assert workbook.files("--videolink-clinic=*") == {"clinics/harbourside.xlsx"}


def test_a_workbook_beside_another_form_of_the_clinic(workbook: Clinics) -> None:
    workbook.write(right_clinic())
    result = workbook.run(HARBOURSIDE)
    result.assert_outcomes(failed=2)
    said = " ".join(result.stdout.str().split())
    assert "harbourside.yaml is a file for clinic harbourside too: keep one of them" in said
    assert "harbourside.xlsx is a file for clinic harbourside too: keep one of them" in said


@pytest.mark.parametrize("suffix", [".xlsm", ".xlsb", ".xls", ".ods", ".XLS"])
def test_other_workbooks_are_refused_with_what_to_do(clinics: Clinics, suffix: str) -> None:
    clinics.write_file(f"harbourside{suffix}", book_of())
    result = clinics.run(HARBOURSIDE)
    result.assert_outcomes(failed=1)
    ending = suffix.lower()
    assert (
        f"a workbook that ends in {ending} is not read: open it, save it as an Excel workbook"
        f" (.xlsx), and take the {ending} file away"
    ) in " ".join(result.stdout.str().split())
    assert f"clinics/harbourside{suffix}\n" in result.stdout.str()


@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_a_workbook_of_another_kind_fails_once_and_may_share_the_database_of_all(
    clinics: Clinics, suffix: str
) -> None:
    """What it holds is not known, so nothing is READY beside it."""
    clinics.write(right_clinic())
    clinics.write_file(f"north{suffix}", book_of())
    outcomes = clinics.outcomes("--videolink-clinic=*")
    assert [id for id, outcome in outcomes.items() if outcome == "failed"] == [
        "harbourside.yaml::VL002-neighbours-readable",
        f"north{suffix}::VL001-valid-document",
    ]
    assert [id for id in outcomes if id.startswith("north")] == [
        f"north{suffix}::VL001-valid-document"
    ]
    clinics.run(HARBOURSIDE).stdout.fnmatch_lines(["harbourside: UNKNOWN: *may share*"])


def test_a_table_that_a_record_names_is_no_clinic(clinics: Clinics) -> None:
    document = edited(right_clinic(), {"pms.note": {"xlsx": "exports/users.xlsx"}})
    clinics.write(document)
    clinics.write_file("exports/users.xlsx", b"PK")
    clinics.write_file("users.xlsx", b"PK")  # of the same name, and named by nobody
    assert clinics.files("--videolink-clinic=*") == {
        "clinics/harbourside.yaml",
        "clinics/users.xlsx",
    }


@pytest.mark.parametrize("suffix", [".xls", ".XLS", ".ods"])
def test_a_table_of_a_form_that_is_not_read_is_no_clinic(clinics: Clinics, suffix: str) -> None:
    """It fails VL007 alone, and its clinic is not ready for a fault that somebody can mend."""
    columns = {"id": "ID", "name": "Name"}
    table = {"xlsx": f"users{suffix}", "columns": columns}
    clinics.write(edited(right_clinic(), {"pms.practitioners": table}))
    clinics.write_file(f"users{suffix}", b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    outcomes = clinics.outcomes("--videolink-clinic=*")
    assert [id for id, outcome in outcomes.items() if outcome == "failed"] == [
        "harbourside.yaml::VL007-tables-readable"
    ]
    clinics.run(HARBOURSIDE).stdout.fnmatch_lines(["harbourside: NOT READY"])


# Neighbours


def test_a_workbook_is_a_neighbour(workbook: Clinics) -> None:
    clinics = workbook
    clinics.write(right_clinic("bayside"))
    clinics.write_file("far-away.xlsx", book_of(right_clinic("far-away", database="ELSEWHERE")))
    failed = {
        id: outcome
        for id, outcome in clinics.outcomes("--videolink-clinic=bayside").items()
        if outcome == "failed"
    }
    assert {id.rpartition("::")[2] for id in failed} == {
        "VL401-one-dashboard",
        "VL402-shared-database-known",
    } or all("VL4" in id for id in failed)
    assert failed


def test_a_neighbour_elsewhere_is_not_read(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.write(right_clinic())
    raw = book_of(right_clinic("far-away", database="ELSEWHERE"))
    clinics.write_file("far-away.xlsx", raw)

    def fail(*_: object) -> None:
        raise AssertionError("it is read")

    monkeypatch.setattr("pytest_videolink.record.workbook.open_book", fail)
    assert clinics.run(HARBOURSIDE).ret == pytest.ExitCode.OK


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        pytest.param({"Practitioners!J9": "x"}, 0, id="wrong, of another database"),
        pytest.param(
            {"Practitioners!J9": "x", "Clinic!B9": "harbour-sql01"}, 1, id="wrong, of the same"
        ),
        pytest.param({"Clinic!B9": '="HARBOUR-SQL01"'}, 1, id="a formula for the database"),
    ],
)
def test_a_neighbour_that_cannot_be_read(
    clinics: Clinics, cells: dict[str, str], code: int
) -> None:
    clinics.write(right_clinic())
    raw = book_of(right_clinic("far-away", database="ELSEWHERE"))
    clinics.write_file("far-away.xlsx", typed(raw, cells))
    result = clinics.run(HARBOURSIDE)
    assert result.ret == code
    assert ("VL002-neighbours-readable" in result.stdout.str()) == bool(code)


def test_without_the_library_one_clear_error(
    workbook: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = workbook.run(HARBOURSIDE)
    result.assert_outcomes(failed=1)
    said = " ".join(result.stdout.str().split())
    assert "reading a workbook takes the extra `excel` (openpyxl is not installed): pip" in said
    assert "install 'pytest-videolink[excel]'" in said
    result = workbook.pytester.runpytest_inprocess("-p", "videolink", "--videolink-new=x.xlsx")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "writing a workbook takes the extra `excel`" in result.stderr.str()


# Workers, and reports


def test_workers_get_values_and_not_files(
    workbook: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = workbook.run(HARBOURSIDE, "-rA", "-p", "no:randomly").parseoutcomes()
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    workbook.put(
        "conftest.py",
        "import sys\n"
        "def pytest_configure(config):\n"
        "    if hasattr(config, 'workerinput'):\n"
        "        sys.modules['openpyxl'] = None\n",
    )
    shared = workbook.run(HARBOURSIDE, "-p", "xdist", "-n", "2", "--videolink-report=r.html")
    assert shared.parseoutcomes() == alone
    page = (workbook.pytester.path / "r.html").read_text(encoding="utf-8")
    assert "harbourside.xlsx, Practitioners!C4" in page


def test_places_in_every_report(workbook: Clinics) -> None:
    kinds = ("html", "md", "csv", "json", "sarif")
    reports = [f"--videolink-report=r.{kind}" for kind in kinds]
    workbook.run(HARBOURSIDE, *reports, "--junitxml=r.xml", "-o", "junit_family=xunit1")
    here = workbook.pytester.path
    text = {kind: (here / f"r.{kind}").read_text(encoding="utf-8") for kind in (*kinds, "xml")}
    for kind in ("html", "md", "csv"):
        assert "Practitioners!C4" in text[kind].replace("&#33;", "!"), kind
    assert '<property name="cell" value="Practitioners!C4"' in text["xml"]
    assert '<property name="line" value="4"' in text["xml"]
    (run,) = json.loads(text["sarif"])["runs"]
    locations = [result["locations"][0] for result in run["results"]]
    assert {"text": "Practitioners!C4"} in [each.get("message") for each in locations]
    regions = [each["physicalLocation"]["region"] for each in locations]
    assert {"startLine": 4, "startColumn": 3} in regions
    items = json.loads(text["json"])["clinics"][0]["items"]
    placed = [(each["line"], each["column"]) for each in items if each["outcome"] == "failed"]
    assert placed == [(4, 3), (3, 5)]


def test_a_problem_of_a_workbook_is_told_by_its_cell(clinics: Clinics) -> None:
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Practitioners!B3": 4711}))
    said = clinics.run(HARBOURSIDE).stdout.str()
    assert "clinics/harbourside.xlsx, Practitioners!B3\n   B3 | Link to: 4711\n" in said


def test_a_blank_cell_fails_as_a_question(clinics: Clinics) -> None:
    clinics.write_file(
        "harbourside.xlsx",
        typed(book_of(), {"Clinic!B9": None, "Offers!B3": None, "Offers!B5": None}),
    )
    said = clinics.run(HARBOURSIDE).stdout.str()
    assert "PMS database is open: 1 cell is blank" in said
    assert "Who offers it (Telehealth Video Consult) is open: 1 cell is blank" in " ".join(
        said.split()
    )
    assert "Clinic!B9" in said
    assert "Offers!B1" in said


def test_a_type_without_a_column_is_told_where_its_column_belongs(clinics: Clinics) -> None:
    """Each has a column of its own, in the first row behind those that are there."""
    more = {"A5": "Video A", "B5": "video", "A6": "Video B", "B6": "video"}
    cells = {f"Appointment types!{place}": value for place, value in more.items()}
    clinics.write_file("harbourside.xlsx", typed(book_of(), cells))
    said = clinics.run(HARBOURSIDE).stdout.str()
    for name, place in (("Video A", "D1"), ("Video B", "E1")):
        _, _, text = said.partition(f"\nNobody is recorded to offer {name}\n\n")
        assert f", Offers!{place}\n   {place} | Who offers it:\n" in text.partition("How to")[0]
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Offers!B1": None, **cells}))
    assert "Offers!A1: the first cell" not in clinics.run(HARBOURSIDE).stdout.str()


def test_a_warning_names_the_cell(clinics: Clinics) -> None:
    """pytest tells of it by a file and a line, and there is no column in that."""
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Clinic!B6": "manual"}))
    result = clinics.run(HARBOURSIDE)
    said = result.stdout.str().replace("\\", "/")
    summary = said.partition("= warnings summary =")[2].partition("= videolink =")[0]
    [warned] = [line for line in summary.splitlines() if "ConfigurationWarning" in line]
    assert warned.startswith("  clinics/harbourside.xlsx:6: ConfigurationWarning: ")
    assert warned.endswith(" (Clinic!B6)")
    assert "(Clinic!B6)" not in said.partition("= videolink =")[2]


# One form and the other


def new(clinics: Clinics, *arguments: str) -> pytest.RunResult:
    return clinics.pytester.runpytest_inprocess("-p", "videolink", *arguments)


def test_a_new_workbook_asks_all_that_a_new_document_asks(clinics: Clinics) -> None:
    result = new(clinics, "--videolink-new=bayside.xlsx")
    assert result.ret == pytest.ExitCode.OK
    assert " ".join(result.stdout.str().split()) == (
        f"{Path('clinics', 'bayside.xlsx')} is written. Fill it in with a spreadsheet program, and"
        " save it as an Excel workbook (.xlsx). What depends on an open answer, such as who shares"
        " the PMS database, is told in a later run. What is open, and where to look, is what this"
        " says: pytest --videolink-clinic=bayside"
    )
    clinic, problems, _ = read_book((clinics.folder / "bayside.xlsx").read_bytes(), "bayside")
    assert problems == []
    assert clinic is not None
    assert [".".join(map(str, path)) for path in clinic.unanswered] == [
        *("name", "timezone", "pms.system", "pms.database"),
    ]
    failed = {
        id.rpartition("::")[2]
        for id, outcome in clinics.outcomes("--videolink-clinic=bayside").items()
        if outcome == "failed"
    }
    assert {"VL003-recorded-recently", "VL005-does-video", "VL006-answered"} <= failed


def test_a_new_workbook_of_what_the_pms_lists(clinics: Clinics) -> None:
    clinics.put("practitioners.csv", "id,name,active\n017,Dr Amara Nwosu,yes\n18,=Dr Li Wei,no\n")
    clinics.put("types.csv", "id,name\n29,Telehealth Consult\n")
    result = new(
        clinics,
        "--videolink-new=bayside.xlsx",
        "--videolink-new-from=practitioners.csv",
        "--videolink-new-from=types.csv",
    )
    assert result.ret == pytest.ExitCode.OK, result.stderr.str()
    raw = (clinics.folder / "bayside.xlsx").read_bytes()
    clinic, problems, _ = read_book(raw, "bayside")
    assert problems == []
    assert clinic is not None
    assert clinic.pms.practitioners is not None
    assert list(clinic.pms.practitioners) == ["017", "18"]
    assert [each.id for each in clinic.practitioners] == ["dr-amara-nwosu"]
    assert open_book(raw).rows("Offers")[3][0].value == "Dr Amara Nwosu"


def test_a_new_workbook_keeps_day_sheets_out_of_commits(clinics: Clinics) -> None:
    assert new(clinics, "--videolink-new=bayside.xlsx").ret == 0
    assert (clinics.folder / ".gitignore").read_text(encoding="utf-8") == "/day-sheets/\n"


def test_a_new_workbook_has_the_types_whose_names_say_video(clinics: Clinics) -> None:
    clinics.put("types.csv", "ID,Description,Active\n1,Standard,yes\n29,Telehealth Long,yes\n")
    told = "--videolink-new-from=appointment_types=types.csv:id=ID,name=Description,active=Active"
    assert new(clinics, "--videolink-new=bayside.xlsx", told).ret == 0
    raw = (clinics.folder / "bayside.xlsx").read_bytes()
    clinic, problems, _ = read_book(raw, "bayside")
    assert clinic is not None, problems
    (type,) = clinic.appointment_types
    assert (type.id, type.name) == ("telehealth-long", "TO BE REPLACED (Telehealth Long)")
    # The sheet of offers goes on knowing it, when its name has been replaced.
    answered = typed(raw, {"Appointment types!A3": "Video Long", "Offers!B3": "yes"})
    clinic, problems, _ = read_book(answered, "bayside")
    assert clinic is not None, problems
    (type,) = clinic.appointment_types
    assert (type.name, type.practitioners) == ("Video Long", "all")


def test_what_has_no_name_yet_is_called_by_its_id(clinics: Clinics) -> None:
    clinics.write_file(
        "harbourside.xlsx", typed(book_of(), {"Clinic!B2": None, "Clinic!B11": "no"})
    )
    said = clinics.run(HARBOURSIDE).stdout.str()
    assert "TO BE REPLACED" not in said
    assert "Clinic            harbourside (harbourside)" in said
    assert "Name is open: 1 cell is blank" in said
    edits = {
        "name": "TO BE REPLACED",
        "practitioners.0.name": "to be replaced",
        "practitioners.0.accepts_video_appointments": "false",
        "appointment_types.0.name": "TO BE REPLACED",
        "appointment_types.0.telehealth": "false",
    }
    found = judged(edited(right_clinic(), edits))
    assert (
        found["VL201 dr-amara-nwosu"].reason == "dr-amara-nwosu does not accept video appointments"
    )
    assert found["VL301 telehealth-video"].reason.startswith("telehealth-video is not")
    none = {"appointment_types.0.modality": "phone", "name": "TO BE REPLACED"}
    found = judged(edited(right_clinic(), none))
    assert found["VL005"].reason == ("harbourside has no video appointment type recorded")


def test_an_empty_list_is_told_as_cells_have_it(clinics: Clinics) -> None:
    neighbour = edited(right_clinic(), {"clinic": "sister"})
    clinics.write(neighbour)
    clinics.write_file("harbourside.xlsx", book_of())
    said = clinics.run(HARBOURSIDE, "-k", "VL402").stdout.str()
    assert "B10 | The clinics that share the PMS database: none\n" in said
    assert "PMS database: sister; Clinic!B4" in " ".join(said.split())
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Clinic!B10": "north; south"}))
    (clinics.folder / "sister.yaml").unlink()
    said = clinics.run(HARBOURSIDE, "-k", "VL402").stdout.str()
    assert "B10 | The clinics that share the PMS database: north; south\n" in said
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Clinic!B10": "harbourside"}))
    said = clinics.run(HARBOURSIDE, "-k", "VL402").stdout.str()
    assert "PMS database: none; Clinic!B4" in " ".join(said.split())
    clinics.write_file("harbourside.xlsx", typed(book_of(), {"Clinic!B10": None}))
    said = " ".join(clinics.run(HARBOURSIDE, "-k", "VL402").stdout.str().split())
    assert "on this PMS database, none where there are none: PMS" in said


def test_there_and_back(clinics: Clinics) -> None:
    document = edited(right_clinic("bayside"), waiver("VL201", "dr-li-wei"))
    document = edited(document, {"appointments": [appointment()]})
    clinics.put("old/bayside.yaml", to_yaml(document))
    for arguments in (
        ("--videolink-new=bayside.xlsx", "--videolink-new-from=old/bayside.yaml"),
        ("--videolink-new=bayside", "--videolink-new-from=clinics/bayside.xlsx"),
    ):
        result = new(clinics, *arguments)
        assert result.ret == pytest.ExitCode.OK, result.stderr.str()
        assert "is told in a later run" not in result.stdout.str()  # nothing is open in it
    assert "Keep one of the two: a clinic has one file." in result.stdout.str()
    again, problems = reader.read(
        parse((clinics.folder / "bayside.yaml").read_bytes()), "bayside", lambda *_: ()
    )
    before, _ = reader.read(parse(to_yaml(document).encode()), "bayside", lambda *_: ())
    assert problems == []
    assert facts(again) == facts(before)


def test_under_another_id(clinics: Clinics) -> None:
    clinics.put("old/harbourside.yaml", to_yaml(right_clinic()))
    result = new(
        clinics, "--videolink-new=bayside.xlsx", "--videolink-new-from=old/harbourside.yaml"
    )
    assert result.ret == pytest.ExitCode.OK, result.stderr.str()
    clinic, problems, _ = read_book((clinics.folder / "bayside.xlsx").read_bytes(), "bayside")
    assert problems == []
    assert clinic is not None
    assert clinic.id == "bayside"


LOST = {
    "a day sheet": (
        {"appointments": {"csv": "a.csv", "columns": {}}},
        "appointments is a table in another file, for which a workbook has no cell; write its"
        " entries into the document, or leave them out",
    ),
    "a list that is recorded as empty": (
        {"pms.practitioners": []},
        "pms.practitioners: a workbook has no cell that says the same",
    ),
    "an id with a space at its edge": (
        {"pms.practitioners.0.id": " 17"},
        "what it holds has no cell that says the same: PMS practitioners!A3: Id is a number with"
        " spaces in it; type it without",
    ),
    "a document that cannot be read": (
        {"timezone": "Mars"},
        'harbourside.yaml cannot be read: line 4: timezone is "Mars":',
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_what_has_no_cell_is_refused_by_name(clinics: Clinics, name: str) -> None:
    edits, said = LOST[name]
    clinics.put("old/harbourside.yaml", to_yaml(edited(right_clinic(), edits)))
    result = new(
        clinics, "--videolink-new=harbourside.xlsx", "--videolink-new-from=old/harbourside.yaml"
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"--videolink-new=harbourside.xlsx: {said}" in " ".join(result.stderr.str().split())
    assert not (clinics.folder / "harbourside.xlsx").exists()


REFUSED = {
    "no id": (
        ("--videolink-new=Bay Side.xlsx",),
        "expected an id of lower-case letters, digits and single hyphens, at most 64 characters,"
        " other than all and appointment-...; did you mean bay-side?",
    ),
    "a clinic that is there": (
        ("--videolink-new=harbourside.xlsx",),
        "there is such a clinic already,",
    ),
    "the same form": (
        ("--videolink-new=bayside.xlsx", "--videolink-new-from=clinics/harbourside.xlsx"),
        "harbourside.xlsx is of that form already: copy the file",
    ),
    "two documents": (
        (
            "--videolink-new=bayside",
            "--videolink-new-from=clinics/harbourside.xlsx",
            "--videolink-new-from=types.csv",
        ),
        "harbourside.xlsx is a whole document: name no other file beside it",
    ),
    "a workbook that is open": (
        ("--videolink-new=bayside", "--videolink-new-from=open.xlsx"),
        "Offers!B1 is still blank (Who offers it): fill it in first",
    ),
    "a workbook that cannot be read": (
        ("--videolink-new=bayside", "--videolink-new-from=wrong.xlsx"),
        "wrong.xlsx cannot be read: Practitioners!B3: Link to is a number",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_written(workbook: Clinics, name: str) -> None:
    arguments, said = REFUSED[name]
    here = workbook.pytester.path
    (here / "open.xlsx").write_bytes(typed(book_of(), {"Offers!B3": None, "Offers!B5": None}))
    (here / "wrong.xlsx").write_bytes(typed(book_of(), {"Practitioners!B3": 4711}))
    result = new(workbook, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in " ".join(result.stderr.str().split())
    assert {file.name for file in workbook.folder.iterdir()} == {"harbourside.xlsx"}


def test_a_workbook_holds_texts_alone() -> None:
    raw = book_of(edited(right_clinic(), {"practitioners.0.name": "=1+1"}))
    book = open_book(raw)
    types = {cell.type for name in book.names for row in book.rows(name) for cell in row}
    assert types == {"text"}
    assert not any(book.merged(name) for name in book.names)


# The work list


def test_the_work_list_as_a_workbook(workbook: Clinics) -> None:
    document = edited(right_clinic(), {"practitioners.1.name": "=Dr Li Wei"})
    workbook.write_file("harbourside.xlsx", typed(book_of(document), WRONG))
    file = workbook.pytester.path / "work.xlsx"
    for _ in range(2):  # it may be written over
        result = workbook.run(HARBOURSIDE, "--videolink-report=work.xlsx")
        assert result.ret == pytest.ExitCode.TESTS_FAILED
    rows = open_book(file.read_bytes()).rows("Work list")
    heads = {cell.column: str(cell.value) for cell in rows[0]}
    jobs = [{heads[cell.column]: cell.value for cell in row} for row in rows[1:]]
    assert {"done", "by whom", "when"} <= set(heads.values())
    assert [(job["no"], job["check"], job["place"]) for job in jobs] == [
        ("1", "VL302", "Appointment types!E3"),
        ("2", "VL201", "Practitioners!C4"),
    ]
    assert jobs[1]["what to do"] == "=Dr Li Wei does not accept video appointments"
    sheet = openpyxl.load_workbook(file)["Work list"]
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref == "A1:R3"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mine.xlsx", "it holds something else than such a report"),
        ("clinics/work.xlsx", "lies in the folder of the clinics, where it would be taken for one"),
    ],
)
def test_where_no_work_list_is_written(workbook: Clinics, name: str, said: str) -> None:
    (workbook.pytester.path / "mine.xlsx").write_bytes(book_of())
    result = workbook.run(HARBOURSIDE, f"--videolink-report={name}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in " ".join(result.stderr.str().split())
    assert (workbook.pytester.path / "mine.xlsx").read_bytes()[:2] == b"PK"


def test_no_work_list_without_the_library(
    workbook: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    result = workbook.run(HARBOURSIDE, "--videolink-report=work.xlsx")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--videolink-report=work.xlsx: writing a workbook takes the extra `excel`" in " ".join(
        result.stderr.str().split()
    )


def test_a_workbook_that_nobody_would_check_is_told(workbook: Clinics) -> None:
    workbook.write_file("../elsewhere/bayside.xlsx", book_of(right_clinic("bayside")))
    workbook.write_file("../elsewhere/budget.xlsx", changed(book_of(), rename))
    result = workbook.run(HARBOURSIDE, "elsewhere/bayside.xlsx")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "bayside.xlsx" in result.stderr.str()
    result = workbook.run(HARBOURSIDE, "elsewhere/budget.xlsx")
    assert "budget.xlsx is no" not in result.stderr.str()


def test_a_workbook_beside_the_tests(clinics: Clinics) -> None:
    clinics.put("tests/harbourside.clinic.xlsx", "")
    path = clinics.pytester.path / "tests" / "harbourside.clinic.xlsx"
    path.write_bytes(book_of())
    clinics.run("tests/harbourside.clinic.xlsx").assert_outcomes(passed=37)


def rename(book: Any) -> None:
    for sheet in book:
        sheet.title = f"Old {sheet.title}"
