#!/usr/bin/env bash
# csv-diff 1.2: of two rows with one key the last one is compared, and the other is not mentioned.
#
# Guess: a key that stands twice in a file is an error, or both rows are compared. Seen: where an export
# lists a doctor twice, once as he was yesterday, "no change" is said (nothing at all) with exit 0,
# though a row with another value has come.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check csv-diff==1.2

printf 'id,name,video\n17,Dr A,yes\n18,Dr B,yes\n' >yesterday.csv
printf 'id,name,video\n17,Dr A,no\n18,Dr B,yes\n17,Dr A,yes\n' >today.csv
venv/bin/csv-diff yesterday.csv today.csv --key=id >said
cat said
test -z "$(tr -d '[:space:]' <said)"
printf 'id,name,video\n17,Dr A,no\n18,Dr B,yes\n' >today.csv
venv/bin/csv-diff yesterday.csv today.csv --key=id | grep -q '"yes" => "no"'
echo "as seen"
