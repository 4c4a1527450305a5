#!/usr/bin/env bash
# pytest-testmon 2.2.0, pytest 9.2.0: a run in which nothing was run ends with exit 0.
#
# Guess: where testmon leaves out every test, pytest's own rule holds, exit 5 for "no tests ran"; and a
# test whose data file has changed is run again. Seen: testmon follows Python files alone, so a test
# that would fail by now is left out; nothing is run, and the exit code is 0.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-testmon==2.2.0

cat >test_clinic.py <<'PY'
import json
from pathlib import Path


def test_accepts_video():
    assert json.loads(Path("clinic.json").read_text())["accepts_video"]
PY
echo '{"accepts_video": true}' >clinic.json
venv/bin/pytest -q --testmon
echo '{"accepts_video": false}' >clinic.json
code=0
venv/bin/pytest -q --testmon >said || code=$?
cat said
grep -q "no tests ran" said
test "$code" = 0
code=0
venv/bin/pytest -q >said || code=$?
grep -q "1 failed" said
test "$code" = 1
echo "as seen"
