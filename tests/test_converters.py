"""A day sheet that other programs have saved again is read the same, or refused by its row.

The programs themselves run here: LibreOffice, and pandas and csvkit (the extra `convert`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

import pytest
from conftest import Clinics
from support import edited, missing, right_clinic

from pytest_videolink.record.table import DAY_SHEET, Declaration, Row, Table, read

Saves: TypeAlias = Callable[[Path, Path], bytes]
"""From a file, and a folder to work in, to what a program saves."""

SYDNEY = ZoneInfo("Australia/Sydney")
ORIGINAL = Path(__file__).parent / "data" / "exports" / "converted-original.csv"
DECLARED = Declaration(
    columns={
        "id": ("RecordID",),
        "practitioner": ("Provider",),
        "pms_type": ("Type",),
        "starts": ("Date", "Time"),
        "created": ("Created",),
        "link": ("Video",),
        "status": ("Status",),
    },
    dates="dmy",
    skip={"status": ("Cancelled",)},
)
LOCALE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"
 oor:op="fuse"><value>{}</value></prop></item>
</oor:items>
"""


def table_of(raw: bytes) -> Table:
    return read(raw, DAY_SHEET, DECLARED, SYDNEY)


def refused(raw: bytes) -> list[int]:
    """The rows of a converted day sheet that are refused; all others are read as in the original.

    Those that are skipped are so in both.
    """
    original, converted = table_of(ORIGINAL.read_bytes()), table_of(raw)
    right: dict[int, Row] = {row.number: row for row in original.rows}
    assert {row.number: row for row in converted.rows} == {
        number: row for number, row in right.items() if number not in converted.unread
    }
    assert converted.skipped == original.skipped
    assert converted.count == original.count
    return list(converted.unread)


def saved_by_libreoffice(
    folder: Path,
    locale: str,
    opened: str | None,
    file: Path = ORIGINAL,
    to: str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
) -> bytes:
    """What LibreOffice of a locale saves; ``opened`` is how it opens the file, with what filter."""
    office = shutil.which("soffice") or missing("LibreOffice")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(LOCALE.format(locale))
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            *([] if opened is None else [f"--infilter={opened}"]),
            *("--convert-to", to),
            *("--outdir", str(folder / "saved")),
            str(file),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    return (folder / "saved" / file.name).with_suffix(f".{to.partition(':')[0]}").read_bytes()


DATES_KNOWN = "CSV:44,34,76,1,,{},false,true"
AUSTRALIA = "3081"
"""How LibreOffice is told the language of a file: the last but two of its eight words."""


@pytest.mark.parametrize(
    ("locale", "opened", "rows"),
    [
        pytest.param("en-AU", DATES_KNOWN.format(0), [4], id="Australia"),
        pytest.param("en-US", DATES_KNOWN.format(0), [4], id="USA"),
        pytest.param("en-AU", None, [4], id="as it opens files by itself"),
        pytest.param(
            # Every day is saved month first: two of them could be read otherwise, and none is.
            "en-US",
            DATES_KNOWN.format(AUSTRALIA),
            [2, 3, 4],
            id="an Australian file in the USA",
        ),
    ],
)
def test_libreoffice(tmp_path: Path, locale: str, opened: str | None, rows: list[int]) -> None:
    """The id in row 4 has eighteen digits, of which a spreadsheet keeps fifteen."""
    assert refused(saved_by_libreoffice(tmp_path, locale, opened)) == rows


def python(code: str, file: Path = ORIGINAL) -> bytes:
    for name in ("pandas", "csvkit"):
        if find_spec(name) is None:
            missing(f"{name} (the extra `convert`)")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(file)],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    return done.stdout


@pytest.mark.parametrize(
    ("arguments", "rows"),
    [
        ("", []),
        ("dtype=str", []),
        # In an order that pandas finds out for each column; this one it finds out rightly.
        ("parse_dates=['Date']", [2, 3, 4]),
        ("parse_dates=['Date'], dayfirst=True", [2, 3, 4]),
    ],
)
def test_pandas(arguments: str, rows: list[int]) -> None:
    code = (
        "import sys, pandas\n"
        f"pandas.read_csv(sys.argv[1], {arguments}).to_csv(sys.stdout, index=False)"
    )
    assert refused(python(code)) == rows


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        ([], [2, 3, 4]),  # 9:30 becomes nine and a half minutes
        (["--no-inference"], []),
    ],
)
def test_csvkit(options: list[str], rows: list[int]) -> None:
    code = (
        "import sys\nfrom csvkit.utilities.in2csv import In2CSV\n"
        f"In2CSV([*{options!r}, sys.argv[1]]).run()"
    )
    assert refused(python(code)) == rows


# Whole runs: a clinic whose day sheet and PMS list other programs have saved again

USERS = """\
UserID,Title,Firstname,Surname,Status,Appointments,Notes
17,Dr,Amara,Nwosu,Active,TRUE,
18,Dr,Li,Wei,Active,yes,Planted
20,,Rita,Reception,Active,no,
21,Dr,Zoë,Özdemir,Inactive,yes,
"""
LISTED = {
    "id": "UserID",
    "name": ["Title", "Firstname", "Surname"],
    "active": "Status",
    "in_appointment_book": "Appointments",
}
SHOWN = {
    key: names[0] if len(names) == 1 else list(names) for key, names in DECLARED.columns.items()
}
XLSX = "xlsx:Calc MS Excel 2007 XML"


def outcomes(clinics: Clinics, kind: str, sheet: bytes, users: bytes) -> dict[str, str]:
    """The outcome of every item of a clinic that names these tables; and nothing private."""
    sheets = {
        "appointments": {
            kind: f"exports/day.{kind}",
            "columns": SHOWN,
            "dates": "dmy",
            "skip": {"status": ["Cancelled"]},
        },
        "pms.practitioners": {kind: f"exports/users.{kind}", "columns": LISTED},
    }
    clinics.write(edited(right_clinic(), sheets))
    clinics.write_file(f"exports/day.{kind}", sheet)
    clinics.write_file(f"exports/users.{kind}", users)
    said = clinics.run("--videolink-clinic=harbourside", "-v").stdout.str()
    assert not [word for word in ("Planted", "Invented", "room.example") if word in said]
    return clinics.outcomes("--videolink-clinic=harbourside")


def by_libreoffice(locale: str, to: str | None) -> Saves:
    def save(file: Path, folder: Path) -> bytes:
        opened = DATES_KNOWN.format(AUSTRALIA if to else 0)
        if to is None:
            return saved_by_libreoffice(folder, locale, opened, file)
        return saved_by_libreoffice(folder, locale, opened, file, to)

    return save


def by_pandas(read: str, write: str) -> Saves:
    def save(file: Path, folder: Path) -> bytes:
        to = folder / ("saved.xlsx" if "excel" in write else "saved.csv")
        code = f"import sys, pandas\npandas.read_csv(sys.argv[1], {read}).{write.format(to)}"
        python(code, file)
        return to.read_bytes()

    return save


def by_csvkit(*options: str) -> Saves:
    def save(file: Path, _: Path) -> bytes:
        code = "import sys\nfrom csvkit.utilities.in2csv import In2CSV\n"
        return python(f"{code}In2CSV([*{options!r}, sys.argv[1]]).run()", file)

    return save


RUNS: dict[str, tuple[str, Saves, set[str]]] = {
    "LibreOffice, Australia": ("csv", by_libreoffice("en-AU", None), {"514811000000000017"}),
    "LibreOffice, USA": ("csv", by_libreoffice("en-US", None), {"514811000000000017"}),
    "LibreOffice, a workbook of Australia": (
        "xlsx",
        by_libreoffice("en-AU", XLSX),
        {"514811000000000017"},
    ),
    "LibreOffice, a workbook of the USA": (
        "xlsx",
        by_libreoffice("en-US", XLSX),
        {"514811000000000017"},
    ),
    "pandas": ("csv", by_pandas("", "to_csv('{}', index=False)"), set()),
    "pandas, texts": ("csv", by_pandas("dtype=str", "to_csv('{}', index=False)"), set()),
    "pandas, a workbook": (
        "xlsx",
        by_pandas("", "to_excel('{}', index=False, engine='openpyxl')"),
        {"514811000000000017"},
    ),
    "pandas, a workbook of dates": (
        "xlsx",
        by_pandas(
            "parse_dates=[c for c in open(sys.argv[1]).readline().strip().split(',')"
            " if c in ('Date', 'Created')], dayfirst=True",
            "to_excel('{}', index=False, engine='openpyxl')",
        ),
        {"514811000000000017"},
    ),
    "csvkit": ("csv", by_csvkit(), {"88213", "88214", "514811000000000017"}),
    "csvkit, texts": ("csv", by_csvkit("--no-inference"), set()),
}
"""How the tables are saved, and the appointments that cannot be read then."""


@pytest.mark.parametrize(("kind", "save", "lost"), RUNS.values(), ids=RUNS)
def test_a_clinic_of_tables_that_were_saved_again(
    clinics: Clinics, tmp_path: Path, kind: str, save: Saves, lost: set[str]
) -> None:
    """The outcomes are those of the originals, but for what is refused, which fails."""
    users = tmp_path / "users.csv"
    users.write_text(USERS, encoding="utf-8")
    expected = outcomes(clinics, "csv", ORIGINAL.read_bytes(), USERS.encode())
    assert {id for id in expected if "appointment-" in id and "VL501" in id} == {
        f"harbourside.yaml::appointment-{id}::VL501-link-generated"
        for id in ("88213", "88214", "514811000000000017")
    }
    saved = []
    for file in (ORIGINAL, users):
        folder = tmp_path / file.stem
        folder.mkdir()
        saved.append(save(file, folder))
    came = outcomes(clinics, kind, *saved)
    for id in lost:
        expected = {
            name: each for name, each in expected.items() if f"appointment-{id}::" not in name
        }
    expected["harbourside.yaml::VL007-tables-readable"] = "failed" if lost else "passed"
    assert came == expected


def test_zeros_that_a_program_has_taken_from_an_id_are_missed(
    clinics: Clinics, tmp_path: Path
) -> None:
    """A file cannot tell 17 from 0017: a link to what is no longer listed fails."""
    users = tmp_path / "users.csv"
    users.write_text(USERS.replace("17,Dr", "0017,Dr"), encoding="utf-8")
    linked = {"practitioners.0.linked_to": "0017"}
    for save, state in (
        (by_pandas("dtype=str", "to_csv('{}', index=False)"), "passed"),
        (by_pandas("", "to_csv('{}', index=False)"), "failed"),
    ):
        table = {"csv": "exports/users.csv", "columns": LISTED}
        clinics.write(edited(right_clinic(), {"pms.practitioners": table, **linked}))
        clinics.write_file("exports/users.csv", save(users, tmp_path))
        came = clinics.outcomes("--videolink-clinic=harbourside")
        assert came["harbourside.yaml::dr-amara-nwosu::VL203-pms-link-resolves"] == state
