"""The words of a report that are one of a few."""

from __future__ import annotations

from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["READY", "READY WITH WAIVERS", "NOT READY", "UNKNOWN"]
Outcome: TypeAlias = Literal[
    "passed", "failed", "warning", "waived", "blocked", "not recorded", "pending"
]
Severity: TypeAlias = Literal["error", "warning"]
Duty: TypeAlias = Literal["recreate", "telephone"]
FINDINGS: tuple[Outcome, ...] = ("failed", "warning", "waived")
Reason: TypeAlias = Literal["", "wrong", "not recorded", "not answered"]
Kind: TypeAlias = Literal["practitioner", "appointment type"]
Change: TypeAlias = Literal["", "new", "open"]

NOT_RUN = "none of its checks was run"
"""Why nothing can be said of a clinic that was selected."""
