#!/usr/bin/env bash
# csvkit 2.2.0 (agate 1.14.2): a tool that sorts rows writes their cells anew.
#
# Guess: `csvsort` changes the order of the rows and nothing else, as `csvcut` only takes columns away.
# Seen: it types every column first. The start 9:30 is a duration of nine and a half minutes, the PMS id
# 0012 the number 12, the doctors' codes NA and NO an empty cell and False, and it writes those.
# So a day sheet that was only sorted has lost its ids, its times and its codes, without a word.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check csvkit==2.2.0 agate==1.14.2

cat >day.csv <<'CSV'
id,starts,code,type
0013,14:05,NO,31
0012,9:30,NA,29
CSV

echo "csvcut -c starts:"
venv/bin/csvcut -c starts day.csv | tee cut.txt
echo "csvsort -c id:"
venv/bin/csvsort -c id day.csv | tee sorted.txt

printf 'starts\n14:05\n9:30\n' | diff - cut.txt
printf 'id,starts,code,type\n12,0:09:30,,29\n13,0:14:05,False,31\n' | diff - sorted.txt
echo "as seen"
