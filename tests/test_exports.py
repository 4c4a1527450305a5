"""Made-up exports, each of a shape that is documented or seen, with the exact rows that come of it.

What is expected of ``tests/data/exports/NAME.csv`` stands beside it, in ``NAME.expected.yaml``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from pytest_videolink.record.exports import EXPORTS, holds_patients_id, lacking, no_such_export
from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.table import DAY_SHEET, PMS_LIST, Declaration, Table, read
from pytest_videolink.record.times import DATES, TIMES

FOLDER = Path(__file__).parent / "data" / "exports"
SAMPLES = sorted(file.name.removesuffix(".expected.yaml") for file in FOLDER.glob("*.yaml"))
SYDNEY = ZoneInfo("Australia/Sydney")
PRIVATE = ("planted", "invented", "0491", "room.example", "rooms.example", "4711")
"""Something of each patient in the samples, and of the rooms."""


def expected_of(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        (FOLDER / f"{name}.expected.yaml").read_text(encoding="utf-8")
    )
    return loaded


def export_of(name: str) -> bytes:
    [file] = (file for file in FOLDER.glob(f"{name}.*") if file.suffix in (".csv", ".txt"))
    return file.read_bytes()


def declaration(
    export: str | None = None,
    columns: dict[str, str | list[str]] | None = None,
    skip: dict[str, list[str]] | None = None,
    **more: Any,
) -> Declaration:
    """What a sample declares, as a document does; what is given besides a profile wins."""
    given = {
        key: (names,) if isinstance(names, str) else tuple(names)
        for key, names in (columns or {}).items()
    }
    if export is not None:
        known = EXPORTS[export]
        given = {**known.columns, **given}
        more = {"dates": known.dates, "times": known.times, **more}
    skipped = {key: tuple(texts) for key, texts in (skip or {}).items()}
    return Declaration(columns=given, skip=skipped, **more)


def shown(value: Any) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(SYDNEY)
        return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
    return str({True: "yes", False: "no", None: ""}.get(value, value))


def what_came(table: Table) -> dict[str, Any]:
    """A table as the expectations write it."""
    came = {
        "rows": [
            " | ".join(
                [str(row.number), *(f"{key}={shown(each)}" for key, each in row.values.items())]
            )
            for row in table.rows
        ],
        "none": list(table.none),
        "repeated": list(table.repeated),
        "skipped": [
            f"{key} {text!r}: {', '.join(map(str, rows)) or 'no row'}"
            for (key, text), rows in table.skipped.items()
        ],
        "faults": list(map(str, table.faults)),
    }
    kept = {key: value for key, value in came.items() if value or key == "rows"}
    return {**kept, "count": table.count}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_comes_of_an_export(name: str) -> None:
    expected = expected_of(name)
    declared = dict(expected["declared"])
    kind = DAY_SHEET if declared.pop("lists") == "appointments" else PMS_LIST
    came: dict[str, Any]
    try:
        table = read(export_of(name), kind, declaration(**declared), SYDNEY)
    except BadTable as error:
        came = {"cannot be read": f"row {error.row}: {error}" if error.row else str(error)}
    else:
        came = what_came(table)
    came = {"shape": expected["shape"], "declared": expected["declared"], **came}
    assert came == expected
    assert [word for word in PRIVATE if word in str(came).casefold()] == []


def test_there_are_samples_enough() -> None:
    exports = {file.stem for file in FOLDER.iterdir() if file.suffix in (".csv", ".txt")}
    assert exports == set(SAMPLES)
    assert len(SAMPLES) > 50
    assert {expected_of(name)["declared"].get("export") for name in SAMPLES} == {None, *EXPORTS}


# Known exports


def test_a_profile_names_what_must_be_named() -> None:
    for export in EXPORTS.values():
        kind = DAY_SHEET if export.lists == "appointments" else PMS_LIST
        assert lacking(kind.required, export.columns) == ""
        assert not any(map(holds_patients_id, export.columns.get("id", ())))
        assert export.dates in DATES
        assert export.times in TIMES
        assert export.inferred


def test_a_column_that_must_be_named() -> None:
    assert lacking(DAY_SHEET.required, {"starts": ("Start",), "pms_type": ()}) == (
        "columns must name practitioner and pms_type"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bp-appointment", "bp-appointment is no known export; did you mean bp-appointments?"),
        (
            "Zedmed",
            "no export of Zedmed is known; name its columns under columns, or take one of"
            " bp-appointments, bp-appointments-table, bp-users, bp-services, bp-appointment-types",
        ),
        (
            "excel",
            "excel is no known export; known here: bp-appointments, bp-appointments-table,"
            " bp-users, bp-services, bp-appointment-types",
        ),
        (
            "Best Practice",
            "Best Practice has several exports; name its columns under columns, or take one of"
            " bp-appointments, bp-appointments-table, bp-users, bp-services, bp-appointment-types",
        ),
    ],
)
def test_no_such_export(name: str, said: str) -> None:
    assert no_such_export(name) == said


@pytest.mark.parametrize(
    ("column", "is_patients"),
    [
        ("InternalID", True),
        ("internal_id", True),
        ("PatientID", True),
        ("Patient No.", True),
        ("Patient", True),
        ("UR No", True),
        ("MRN", True),
        ("Medicare Number", True),
        ("File-No", True),
        ("Client ID", True),
        ("RecordID", False),
        ("ID", False),
        ("Appointment ID", False),
        ("Patient Appointment ID", False),
        ("PatientApptNo", False),
        ("Booking reference of patient", False),
    ],
)
def test_a_column_with_the_patients_id(column: str, is_patients: bool) -> None:
    assert holds_patients_id(column) is is_patients
