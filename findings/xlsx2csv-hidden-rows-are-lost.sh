#!/usr/bin/env bash
# xlsx2csv 0.8.6, pyexcel-xlsx 0.6.1, openpyxl 3.1.5: rows that a filter or a person has hidden are lost.
#
# Guess: a converter hands over all rows of a sheet, as LibreOffice's own does. Seen: xlsx2csv writes an
# empty line for a hidden row, while hidden sheets are written with --all; pyexcel leaves the row out
# altogether, so that rows below it have other numbers. Both have an option for it, and say nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check \
    xlsx2csv==0.8.6 pyexcel==0.7.6 pyexcel-xlsx==0.6.1 openpyxl==3.1.5

cat >make.py <<'PY'
import openpyxl

book = openpyxl.Workbook()
sheet = book.active
for row in (["User ID", "Name"], ["17", "Dr A"], ["18", "Dr B"], ["19", "Dr C"]):
    sheet.append(row)
sheet.row_dimensions[3].hidden = True
other = book.create_sheet("Hidden")
other.sheet_state = "hidden"
other["A1"] = "there"
book.save("users.xlsx")
PY
venv/bin/python make.py
venv/bin/xlsx2csv users.xlsx | tr -d '\r' >said
cat said
printf 'User ID,Name\n17,Dr A\n\n19,Dr C\n' | diff - said
venv/bin/xlsx2csv --include-hidden-rows users.xlsx | grep -q "18,Dr B"
venv/bin/xlsx2csv --all users.xlsx | grep -q "there"
venv/bin/python - <<'PY'
import pyexcel

rows = pyexcel.get_array(file_name="users.xlsx")
print(rows)
assert rows == [["User ID", "Name"], ["17", "Dr A"], ["19", "Dr C"]]
PY
echo "as seen"
