"""A day sheet that other programs have saved again is read the same, or refused by its row.

The programs themselves run here: LibreOffice, and pandas and csvkit (the extra `convert`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support import missing

from pytest_videolink.record.table import DAY_SHEET, Declaration, Row, Table, read

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


def saved_by_libreoffice(folder: Path, locale: str, opened: str | None) -> bytes:
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
            *("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"),
            *("--outdir", str(folder / "saved")),
            str(ORIGINAL),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "HOME": str(folder)},
    )
    return (folder / "saved" / ORIGINAL.name).read_bytes()


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


def python(code: str) -> bytes:
    for name in ("pandas", "csvkit"):
        if find_spec(name) is None:
            missing(f"{name} (the extra `convert`)")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(ORIGINAL)],
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
