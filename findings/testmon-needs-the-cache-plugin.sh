#!/usr/bin/env bash
# pytest-testmon 2.2.0, pytest 9.2.0: with `-p no:cacheprovider` it ends pytest with an internal error.
#
# Guess: it keeps what it knows in a database of its own (.testmondata), so CI that switches pytest's cache
# off can use it. Seen: it reads the option --lf, which that plugin defines, and raises KeyError ('lf');
# pytest's exit code is 3, and no test was run.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest-testmon==2.2.0 pytest==9.2.0

echo 'def test_a(): pass' >test_a.py
venv/bin/pytest -q --testmon test_a.py | tail -n 1
code=0
venv/bin/pytest -q --testmon -p no:cacheprovider test_a.py >said 2>&1 || code=$?
grep "KeyError" said
echo "exit $code"
test "$code" -eq 3
echo "as seen"
