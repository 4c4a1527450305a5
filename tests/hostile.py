"""Clinics whose names would be something else in a page, a table or a log."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from support import Document, edited, right_clinic, to_yaml

NAMES = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "bars": "a|b||c \\| `code` ``` ~~~",
    "formula": "=cmd|'/C calc'!A0",
    "full-width": "\uff1dcmd()",
    "separator": 'x;=cmd();"=1+1',
    "order": "%0A::error::gone %0D ::set-output name=x::y",
    "long": "Z" * 10_000,
    "override": "Dr \u202egnp.exe\u2066 \u200f\u200b",
    "markdown": "[a](http://evil.example) ![b](x) *c* _d_ @octocat #1 www.evil.example :tada: $x$",
    "template": "{{ 7 * 7 }} {% raw %} ${x} {0}",
    "entity": "&lt;b&gt; &#60;i&#62; &amp;",
    "comment": "--> <!-- ]]> </style></title>",
    "list": "1. x",
}


def compared(text: str) -> str:
    """A text as it may stand where each character counts: without those that nobody can see."""
    return "".join(
        each for each in text if unicodedata.category(each) not in ("Cf", "Zl", "Zp", "Cc")
    )


def hostile_clinic(id: str, name: str) -> Document:
    """A clinic that bears the name everywhere, with a finding of each outcome."""
    waiver = {
        "check": "VL312",
        "on": "dr-li-wei::telehealth-video",
        "reason": name,
        "owner": name,
        "until": "2026-12-31",
    }
    return edited(
        right_clinic(id, database=f"{id} {compared(name)}"),
        {
            "name": name,
            "practitioners.0.name": name,
            "practitioners.0.accepts_video_appointments": False,
            "practitioners.0.provider_number": compared(name),
            "practitioners.1.name": name,
            "practitioners.1.visible_for_online_bookings": False,
            "practitioners.1.linked_to": compared(name),
            "appointment_types.0.name": f"{name} video",
            "appointment_types.0.linked_to": compared(name),
            "waivers": [waiver],
        },
    )


def write_hostile_clinics(folder: Path) -> None:
    """Write a clinic for each of the names."""
    folder.mkdir()
    for id, name in NAMES.items():
        text = to_yaml(hostile_clinic(id, name))
        (folder / f"{id}.yaml").write_text(text, encoding="utf-8")
