"""Read clinics: as workbooks or as YAML by the plugin's readers, or their cells by openpyxl alone.

Importing what it takes is a part of the process.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Only in the functions, so that each side does without what the others import.


def by_plugin(file: Path) -> bool:
    from pytest_videolink.record import reader, workbook  # noqa: PLC0415

    document = workbook.parse(file.with_suffix(".xlsx").read_bytes(), file.stem)
    return reader.read(document, file.stem, lambda *_: ())[0] is not None


def as_yaml(file: Path) -> bool:
    from pytest_videolink.record import reader  # noqa: PLC0415
    from pytest_videolink.record.document import parse  # noqa: PLC0415

    document = parse(file.read_bytes())
    return reader.read(document, file.stem, lambda *_: ())[0] is not None


def by_library(file: Path) -> bool:
    from openpyxl import load_workbook  # noqa: PLC0415

    book = load_workbook(file.with_suffix(".xlsx"), read_only=True)
    cells = sum(
        cell.value is not None for sheet in book for row in sheet.iter_rows() for cell in row
    )
    return cells > 0


WAYS = {"plugin": by_plugin, "yaml": as_yaml, "library": by_library}

if __name__ == "__main__":
    way, folder = WAYS[sys.argv[1]], Path(sys.argv[2])
    if not all(way(file) for file in sorted(folder.glob("*.yaml"))):
        sys.exit("not all of the clinics were read")
