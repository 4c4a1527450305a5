"""Clinics' workbooks as spreadsheet programs and other libraries write and read them.

LibreOffice itself runs here (with Python's UNO), and XlsxWriter and python-calamine (the extra
`convert`).
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from books import facts, read_book
from support import missing
from test_converters import LOCALE

from pytest_videolink.record import layout, reader
from pytest_videolink.record.document import parse
from pytest_videolink.record.sheets import open_book
from pytest_videolink.sources.fill_in import render

EXAMPLES = Path(__file__).parents[1] / "examples" / "clinics"
CLINICS = ("harbourside", "bayview", "ironwood-landing")
PYTHON = "/usr/bin/python3"


def recorded(id: str) -> tuple[dict[str, Any], Any]:
    """What an example records, as plain values, and as a clinic."""
    document = parse((EXAMPLES / f"{id}.yaml").read_bytes())
    clinic, problems = reader.read(document, id, lambda *_: ())
    assert problems == []
    plain = document.root.plain()
    assert isinstance(plain, dict)
    return plain, facts(clinic)


def texts_of(raw: bytes) -> dict[str, list[tuple[int, int, str]]]:
    """What stands in the cells of a workbook, as it is typed."""
    book = open_book(raw)
    return {
        name: [(cell.row, cell.column, str(cell.value)) for row in book.rows(name) for cell in row]
        for name in book.names
    }


def answers_of(id: str, plain: dict[str, Any]) -> dict[str, list[tuple[int, int, str]]]:
    """What somebody types into an empty workbook to record a clinic."""
    empty = {
        sheet: {cell[:2] for cell in cells}
        for sheet, cells in texts_of(render(id, {"clinic": id}, "pytest")).items()
    }
    full = texts_of(render(id, plain, "pytest"))
    return {
        sheet: [cell for cell in cells if cell[:2] not in empty[sheet]]
        for sheet, cells in full.items()
    }


class Office:
    """LibreOffice of a locale."""

    def __init__(self, folder: Path, locale: str) -> None:
        self._program = shutil.which("soffice") or missing("LibreOffice")
        has_uno = subprocess.run([PYTHON, "-c", "import uno"], check=False, capture_output=True)
        if has_uno.returncode:
            missing("UNO for Python (python3-uno)")
        self._profile = folder / "profile"
        (self._profile / "user").mkdir(parents=True, exist_ok=True)
        settings = self._profile / "user" / "registrymodifications.xcu"
        settings.write_text(LOCALE.format(locale))

    def do(self, *jobs: dict[str, Any]) -> None:
        asked = {"office": self._program, "profile": self._profile.as_uri(), "jobs": jobs}
        done = subprocess.run(
            [PYTHON, str(Path(__file__).parent / "office.py")],
            input=json.dumps(asked, default=str),
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.stdout.strip().endswith("done"), done.stderr


@pytest.mark.parametrize("locale", ["en-AU", "en-US"])
def test_what_is_typed_in_libreoffice_is_what_yaml_records(tmp_path: Path, locale: str) -> None:
    jobs: list[dict[str, Any]] = []
    expected: dict[Path, tuple[str, Any]] = {}
    for id in CLINICS:
        plain, facts_of = recorded(id)
        empty = tmp_path / f"{id}.xlsx"
        empty.write_bytes(render(id, {"clinic": id}, "pytest"))
        filled = tmp_path / f"{id}-filled.xlsx"
        jobs.append({"open": empty, "type": answers_of(id, plain), "save": filled})
        through = tmp_path / f"{id}.ods"
        back = tmp_path / f"{id}-back.xlsx"
        jobs += [{"open": filled, "save": through}, {"open": through, "save": back}]
        expected[filled] = expected[back] = id, facts_of
    Office(tmp_path, locale).do(*jobs)
    for file, (id, facts_of) in expected.items():
        clinic, problems, _ = read_book(file.read_bytes(), id)
        assert (file.name, problems) == (file.name, [])
        assert facts(clinic) == facts_of


TYPED = {
    "Practitioners!B4": "0012",
    "Practitioners!C3": "TRUE",
    "Practitioners!C4": "FALSE",
    "Clinic!B4": "2026-11-23 08:30",
    "Clinic!B10": "none",
    "Practitioners!G3": "=1+1",
}


def test_what_a_text_cell_makes_of_what_is_typed(tmp_path: Path) -> None:
    plain, _ = recorded("harbourside")
    (tmp_path / "a.xlsx").write_bytes(render("harbourside", plain, "pytest"))
    typed: dict[str, list[tuple[int, int, str]]] = {}
    for place, text in TYPED.items():
        sheet, _, name = place.partition("!")
        typed.setdefault(sheet, []).append((int(name[1:]), ord(name[0]) - 64, text))
    Office(tmp_path, "en-AU").do(
        {"open": tmp_path / "a.xlsx", "type": typed, "save": tmp_path / "b.xlsx"}
    )
    clinic, problems, _ = read_book((tmp_path / "b.xlsx").read_bytes())
    assert problems == []
    assert clinic is not None
    assert clinic.practitioners[1].linked_to == ("0012",)
    assert clinic.practitioners[0].accepts_video_appointments is True
    assert clinic.practitioners[1].accepts_video_appointments is False
    assert clinic.practitioners[0].provider_number == "=1+1"
    assert clinic.as_of is not None
    assert clinic.as_of.isoformat() == "2026-11-22T21:30:00+00:00"
    assert clinic.pms.shares_database_with == ()


@pytest.mark.parametrize(
    "done",
    [["sort"], ["insert"], ["hide"], ["filter"], ["format_below"], ["sort", "filter", "hide"]],
)
def test_what_people_do_in_libreoffice_changes_nothing(tmp_path: Path, done: list[str]) -> None:
    plain, expected = recorded("harbourside")
    (tmp_path / "a.xlsx").write_bytes(render("harbourside", plain, "pytest"))
    Office(tmp_path, "en-AU").do(
        {"open": tmp_path / "a.xlsx", "do": done, "save": tmp_path / "b.xlsx"}
    )
    clinic, problems, _ = read_book((tmp_path / "b.xlsx").read_bytes())
    assert problems == []
    now = facts(clinic)
    for each in (now, expected):
        each["practitioners"].sort(key=lambda entry: entry["id"])
    for each in (*now["appointment_types"], *expected["appointment_types"]):
        if isinstance(each["practitioners"], list):
            each["practitioners"].sort(key=lambda entry: entry["practitioner"])
    assert now == expected


def test_an_empty_workbook_keeps_its_texts_and_suggestions(tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "a.xlsx").write_bytes(render("bayside", {"clinic": "bayside"}, "pytest"))
    far_down = {"PMS types": [(900, 1, "0012"), (900, 2, "1E5")]}
    Office(tmp_path, "en-US").do(
        {"open": tmp_path / "a.xlsx", "type": far_down, "save": tmp_path / "b.xlsx"}
    )
    before, after = (openpyxl.load_workbook(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    for name in layout.SHEETS:
        choices = [
            sorted(rule.formula1.strip("=") for rule in book[name].data_validations.dataValidation)
            for book in (before, after)
        ]
        assert choices[0] == choices[1]
    last = open_book((tmp_path / "b.xlsx").read_bytes()).rows("PMS types")[-1]
    assert [(cell.row, cell.value) for cell in last] == [(900, "0012"), (900, "1E5")]


# Other libraries


def test_python_calamine_reads_what_is_written() -> None:
    if find_spec("python_calamine") is None:
        missing("python-calamine")
    from python_calamine import CalamineWorkbook

    for id in CLINICS:
        raw = render(id, recorded(id)[0], "pytest")
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        assert tuple(book.sheet_names) == layout.SHEETS
        for name, cells in texts_of(raw).items():
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            seen = [
                (row, column, value)
                for row, values in enumerate(rows, 1)
                for column, value in enumerate(values, 1)
                if value != ""
            ]
            assert seen == cells


def test_what_xlsxwriter_writes_is_read() -> None:
    if find_spec("xlsxwriter") is None:
        missing("XlsxWriter")
    import xlsxwriter

    for id in CLINICS:
        plain, expected = recorded(id)
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            for name, cells in texts_of(render(id, plain, "pytest")).items():
                sheet = book.add_worksheet(name)
                for row, column, text in cells:
                    if text in ("yes", "no") and name == "Practitioners":
                        sheet.write_boolean(row - 1, column - 1, text == "yes")
                    else:
                        sheet.write_string(row - 1, column - 1, text)
        clinic, problems, _ = read_book(stream.getvalue(), id)
        assert problems == []
        assert facts(clinic) == expected
