#!/usr/bin/env bash
# python-calamine 0.9.1, openpyxl 3.1.5: an error in a cell is an empty text, and rows lose their numbers.
#
# Guess: a reader of workbooks gives an error cell as an error, or at least as its text (#N/A), and the
# first list it gives is row 1 of the sheet.
# Seen: `#N/A` comes as "", the same as a cell that somebody left blank. A formula that no program has
# worked out yet is no cell at all; where row 1 holds nothing else, the first list is that of row 2.
# So a lookup that failed reads as "nobody filled this in", and a problem is told one row too high.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check python-calamine==0.9.1 openpyxl==3.1.5

venv/bin/python - <<'PY'
import openpyxl
from python_calamine import CalamineWorkbook

book = openpyxl.Workbook()
sheet = book.active
sheet["A1"] = "=VLOOKUP(17, PMS!A:B, 2)"
sheet["A2"] = "Dr Amara Nwosu"
sheet["A3"] = "#N/A"
sheet["A3"].data_type = "e"
sheet["A4"] = "last"
book.save("practitioners.xlsx")

rows = CalamineWorkbook.from_path("practitioners.xlsx").get_sheet_by_index(0).to_python()
print("calamine:", rows)
again = openpyxl.load_workbook("practitioners.xlsx").active
print("openpyxl:", [(cell.value, cell.data_type) for cell in again["A"]])
assert rows == [["Dr Amara Nwosu"], [""], ["last"]], rows
assert again["A3"].value == "#N/A"
PY
echo "as seen"
