#!/usr/bin/env bash
# openpyxl 3.1.5: a workbook whose filter covers whole rows cannot be opened at all.
#
# Guess: a filter is decoration: a reader that does not know its reference passes over it, and reads
# the cells. Seen: `load_workbook` raises ValueError, which blames "invalid XML", for a filter over
# whole rows (`ref="1:2"`, as LibreOffice writes it where rows were selected); the same file with
# `A1:B2` is read. `read_only=True` reads both.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check openpyxl==3.1.5

cat >try.py <<'PY'
import zipfile

import openpyxl

book = openpyxl.Workbook()
book.active.append(["Id", "Name"])
book.active.append(["17", "Dr Amara Nwosu"])
book.active.auto_filter.ref = "A1:B2"
book.save("cells.xlsx")
with zipfile.ZipFile("cells.xlsx") as cells, zipfile.ZipFile("rows.xlsx", "w") as rows:
    for name in cells.namelist():
        rows.writestr(name, cells.read(name).replace(b'ref="A1:B2" />', b'ref="1:2" />'))

for name in ("cells.xlsx", "rows.xlsx"):
    for read_only in (False, True):
        try:
            sheet = openpyxl.load_workbook(name, read_only=read_only).worksheets[0]
            said = [cell.value for cell in next(sheet.iter_rows(min_row=2))]
        except ValueError as error:
            said = str(error).splitlines()[0]
        print(name, read_only, said)
PY
venv/bin/python try.py | tee seen
diff - seen <<'SEEN'
cells.xlsx False ['17', 'Dr Amara Nwosu']
cells.xlsx True ['17', 'Dr Amara Nwosu']
rows.xlsx False Unable to read workbook: could not read worksheets from rows.xlsx.
rows.xlsx True ['17', 'Dr Amara Nwosu']
SEEN
echo "as seen"
