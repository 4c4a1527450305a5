"""Read a day sheet: by the plugin's reader of tables, or by the standard library alone.

Prints the seconds of processor time that reading took.
"""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo


def read_by_plugin(file: Path) -> int:
    # Only here, so that the other sides do without its memory.
    from pytest_videolink.record.table import DAY_SHEET, Declaration, read  # noqa: PLC0415

    declared = Declaration(
        columns={
            "id": ("RecordID",),
            "practitioner": ("Provider",),
            "pms_type": ("AppointmentType",),
            "starts": ("AppointmentDate", "AppointmentTime"),
            "created": ("Created",),
            "link": ("VideoURL",),
            "status": ("Status",),
        },
        dates="dmy",
        skip={"status": ("Cancelled",)},
    )
    table = read(file.read_bytes(), DAY_SHEET, declared, ZoneInfo("Australia/Sydney"))
    assert not table.faults
    return table.count


def pass_by_library(file: Path) -> int:
    with file.open(encoding="utf-8", newline="") as opened:
        return sum(1 for _ in csv.DictReader(opened))


def keep_by_library(file: Path) -> int:
    with file.open(encoding="utf-8", newline="") as opened:
        return len(list(csv.DictReader(opened)))


WAYS = {"plugin": read_by_plugin, "passing": pass_by_library, "keeping": keep_by_library}

if __name__ == "__main__":
    way, file, rows = WAYS[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3])
    way(file.with_name("small.csv"))  # importing and compiling is no reading
    began = time.process_time()
    if way(file) != rows:
        sys.exit(f"not all of the {rows} rows were read")
    print(time.process_time() - began)
