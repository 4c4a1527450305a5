#!/usr/bin/env bash
# pandas 3.1.1: a table that is only read and written again has other ids and other codes.
#
# Guess: `read_csv` and `to_csv` without a word about types keep each cell as it stands.
# Seen: the PMS id 0012 is written as 12, and where one cell of the column is empty every id gets a
# fraction (17 becomes 17.0). The doctor's code NA is an empty cell; so are None, null and n/a, which say
# "not linked" in a clinic's record. `dtype=str, keep_default_na=False` keeps them all.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pandas==3.1.1

cat >users.csv <<'CSV'
id,manager,code
0012,17,NA
0013,,NO
0014,18,None
CSV
cat >convert.py <<'PY'
import pandas

pandas.read_csv("users.csv").to_csv("plain.csv", index=False)
pandas.read_csv("users.csv", dtype=str, keep_default_na=False).to_csv("text.csv", index=False)
PY
venv/bin/python convert.py
cat plain.csv
printf 'id,manager,code\n12,17.0,\n13,,NO\n14,18.0,\n' | diff - plain.csv
diff users.csv text.csv
echo "as seen"
