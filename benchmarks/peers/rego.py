"""Peer: the checks that a Rego policy can express, over a folder of clinic files.

Prints what it finds as JSON: ``[clinic, check, subject]``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from regopy import Input, Interpreter


def main(folder: Path) -> None:
    rego = Interpreter()
    rego.add_module("videolink", Path(__file__).with_name("policy.rego").read_text("utf-8"))
    found = []
    for file in sorted(folder.glob("*.yaml")):
        clinic = yaml.load(file.read_bytes(), yaml.CSafeLoader)
        # Times are of no use to it.
        rego.set_input(Input(json.loads(json.dumps(clinic, default=str))))
        output = rego.query("data.videolink.found")
        answer = json.loads(str(output))
        for check, subject in answer["expressions"][0]:
            found.append((clinic["clinic"], check, subject))
    print(json.dumps(sorted(found)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
