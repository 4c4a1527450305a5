"""Coverage-guided fuzzing of the reader of clinic documents; ``fuzz/run`` starts it."""

from __future__ import annotations

import random
import sys

import atheris

with atheris.instrument_imports(include=["pytest_videolink", "yaml", "properties", "workbooks"]):
    import properties

MARKS = [
    b": ",
    b"- ",
    b"{",
    b"}",
    b"[",
    b"]",
    b", ",
    b"#",
    b"&a ",
    b"*a",
    b"|\n",
    b"? ",
    b"'",
    b'"',
]


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Slips of a person who edits lines, or of a machine that changes bytes."""
    dice = random.Random(seed)
    lines = data.splitlines(keepends=True)
    if not lines or dice.random() < 0.5:
        return bytes(atheris.Mutate(data, max_size))
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(lines))
        line, other = lines[at], dice.choice(lines)
        slip = dice.randrange(7)
        if slip == 0:
            lines.insert(at, other)
        elif slip == 1 and len(lines) > 1:
            del lines[at]
        elif slip == 2:
            lines[at] = b"  " + line
        elif slip == 3:
            lines[at] = line.removeprefix(b"  ")
        elif slip == 4:
            lines[at] = line.partition(b":")[0] + b":" + other.partition(b":")[2]
        elif slip == 5:
            lines[at] = other.partition(b":")[0] + b":" + line.partition(b":")[2]
        else:
            cut = dice.randint(0, len(line))
            lines[at] = line[:cut] + dice.choice(MARKS) + line[cut:]
    return b"".join(lines)[:max_size]


atheris.Setup(sys.argv, properties.hold, custom_mutator=mutate)
atheris.Fuzz()
