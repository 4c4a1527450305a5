"""Peer: how long a document takes, by the plugin or as libyaml's bare events.

``parse.py plugin FILE TIMES`` or ``parse.py bare FILE TIMES`` prints seconds of processor a time.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import yaml

from pytest_videolink.record.document import parse


def bare(raw: bytes) -> None:
    loader = yaml.CSafeLoader(raw.decode())
    while loader.get_event() is not None:
        pass


def main(way: str, file: str, times: str) -> None:
    read = {"plugin": parse, "bare": bare}[way]
    raw, count = Path(file).read_bytes(), int(times)
    read(raw)
    began = time.process_time()
    for _ in range(count):
        read(raw)
    print((time.process_time() - began) / count)


if __name__ == "__main__":
    main(*sys.argv[1:])
