"""What must hold of any bytes that stand for a sheet in a clinic's workbook."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from pytest_videolink.record import reader, workbook
from pytest_videolink.record.archive import Archive
from pytest_videolink.record.document import Unreadable
from pytest_videolink.sources.fill_in import render

BEGINS = b"<worksheet"
CANARY = "Zq9canary"
ID = "bayview"
SHEETS = ("Practitioners", "Appointments")


def hold(xml: bytes) -> None:
    """Raise where the reader of workbooks breaks a promise on a sheet of these bytes."""
    for sheet in SHEETS:
        raw = _with(sheet, xml)
        came = read(raw)
        assert came == read(raw), "read again, it is another"
        if sheet == "Appointments":
            assert not any(CANARY in each for each in came), "a value of an appointment is told"


def read(raw: bytes) -> list[str]:
    """What is wrong with a workbook, by place and in words; nothing where it is a clinic."""
    try:
        document = workbook.parse(raw, ID)
    except Unreadable as error:
        return [each.message for each in error.problems]
    clinic, problems = reader.read(document, ID, lambda *_: ())
    assert (clinic is None) == bool(problems), "neither a clinic nor a problem, or both"
    for each in problems:
        assert each.position.sheet in document.sheets, "a problem stands in no sheet"
    return [f"{each.position} {each.message} {each.value}" for each in problems]


@cache
def _parts() -> dict[str, bytes]:
    """The parts of a right workbook."""
    recorded = {
        "clinic": ID,
        "name": "Bayview",
        "timezone": "Australia/Melbourne",
        "pms": {"system": "pracsoft", "database": "B"},
    }
    raw = render(ID, recorded, "pytest")
    archive = zipfile.ZipFile(io.BytesIO(raw))
    return {name: archive.read(name) for name in archive.namelist()}


@cache
def _part_of(sheet: str) -> str:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in _parts().items():
            archive.writestr(name, content)
    return Archive(stream.getvalue()).sheets[sheet]


def _with(sheet: str, xml: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in _parts().items():
            archive.writestr(name, xml if name == _part_of(sheet) else content)
    return stream.getvalue()
