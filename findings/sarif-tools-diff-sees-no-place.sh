#!/usr/bin/env bash
# sarif-tools 3.0.5: "diff" compares how often a text occurs, and no places or fingerprints.
#
# Guess: a result in another file, with another fingerprint, is new, and the one that is no longer there
# is gone. Seen: where the same rule says the same of another file, it reports "no changes", and
# "--check error" ends with exit 0: one clinic was put right and another broke in the same night.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check sarif-tools==3.0.5

cat >make.py <<'PY'
import json

for night, clinic in (("yesterday", "a"), ("today", "b")):
    place = {"artifactLocation": {"uri": f"clinics/{clinic}.yaml"}, "region": {"startLine": 3}}
    result = {
        "ruleId": "VIDEO",
        "level": "error",
        "message": {"text": "video is off"},
        "partialFingerprints": {"clinic/v1": clinic},
        "locations": [{"physicalLocation": place}],
    }
    tool = {"driver": {"name": "example", "rules": [{"id": "VIDEO"}]}}
    log = {"version": "2.1.0", "runs": [{"tool": tool, "results": [result]}]}
    with open(f"{night}.sarif", "w") as file:
        json.dump(log, file)
PY
python3 make.py
venv/bin/sarif --check error diff yesterday.sarif today.sarif >said
cat said
grep -q "^error level: +0 -0 no changes" said
echo "as seen"
