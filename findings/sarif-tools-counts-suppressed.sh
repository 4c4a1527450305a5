#!/usr/bin/env bash
# sarif-tools 3.0.5: results that are suppressed, or absent by now, count as errors.
#
# Guess: "sarif --check error summary" passes over what the file marks as suppressed (accepted, with a
# justification) and over results whose baselineState is "absent", which only tell what is gone. Seen:
# each is counted as one error like any other, and the check ends with exit 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sarif-tools==3.0.5

cat >make.py <<'PY'
import json

for name, more in (
    ("waived", {"suppressions": [{"kind": "external", "justification": "accepted"}]}),
    ("gone", {"baselineState": "absent"}),
):
    place = {"artifactLocation": {"uri": "clinics/a.yaml"}, "region": {"startLine": 3}}
    result = {
        "ruleId": "VIDEO",
        "level": "error",
        "message": {"text": "video is off"},
        "locations": [{"physicalLocation": place}],
        **more,
    }
    tool = {"driver": {"name": "example", "rules": [{"id": "VIDEO"}]}}
    log = {"version": "2.1.0", "runs": [{"tool": tool, "results": [result]}]}
    with open(f"{name}.sarif", "w") as file:
        json.dump(log, file)
PY
python3 make.py
for name in waived gone; do
    code=0
    venv/bin/sarif --check error summary "$name.sarif" >said || code=$?
    cat said
    grep -q "^error: 1" said
    test "$code" = 1
done
echo "as seen"
