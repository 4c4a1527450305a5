#!/usr/bin/env bash
# regopy 1.5.2: a query for a rule that is not there is "ok".
#
# Guess: asking for a rule that no module defines is an error, or at least not ok. Seen: ok() is True and
# the output "undefined", so that whoever looks for an empty list of denials, or asks ok(), takes a
# misspelt name for a clinic without faults.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check regopy==1.5.2

venv/bin/python - <<'PY'
from regopy import Interpreter

rego = Interpreter()
rego.add_module(
    "clinic",
    "package clinic\nimport rego.v1\n"
    "deny contains who.id if { some who in input.practitioners; not who.video }\n",
)
rego.set_input({"practitioners": [{"id": "dr-a", "video": False}]})
right, misspelt = rego.query("data.clinic.deny"), rego.query("data.clinic.denies")
print(right, misspelt)
assert "dr-a" in str(right)
assert str(misspelt) == "undefined"
assert right.ok() and misspelt.ok()
PY
echo "as seen"
