#!/usr/bin/env bash
# pytest-watcher 0.6.3: `--patterns='*.yaml'` watches the files of one folder, and says nothing of the rest.
#
# Guess: a pattern without a slash is compared with a file's name, as by .gitignore, find and fnmatch.
# Seen: `*` ends at a slash. `clinics/a.yaml` is saved and nothing is run, nor for `*.py` and
# clinics/test_a.py; with `**/*.yaml` it is.
set -euo pipefail
work=$(mktemp -d)
trap 'kill "${watcher:-$$x}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest-watcher==0.6.3 pytest==9.2.0
mkdir clinics
echo "name: Bayside" >clinics/a.yaml
echo "def test_a(): ..." >clinics/test_a.py

runs() { # how often pytest is started for what is written to a file, which is to be as said
    : >said.txt
    venv/bin/pytest-watcher . "--patterns=$1" --runner venv/bin/pytest -q clinics </dev/null >said.txt 2>&1 &
    watcher=$!
    until grep -q "Waiting for file changes" said.txt; do sleep 0.2; done
    sleep 3
    echo "# saved" >>"$2"
    sleep 6
    kill "$watcher"
    wait "$watcher" || true
    times=$(grep -c "passed in" said.txt || true)
    echo "--patterns=$1, $2 saved: $times"
    test "$((times > 0))" -eq "$3"
}
runs '*.yaml' clinics/a.yaml 0
runs '**/*.yaml' clinics/a.yaml 1
runs '*.py' clinics/test_a.py 0
echo "as seen"
