"""Can a clinic go live with video, and if not, what keeps each pair from its link?

Worked out from all judgements of a clinic, whichever items a run has selected; whether all of them
were run decides only if there is a verdict at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from enum import Enum

from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.clinic import Appointment
from pytest_videolink.record.text import listing

LINK = "VL500"
UNCERTAIN = ("VL001", "VL002")
UNNAMED_PMS = "VL101"
ONLY_A_PART = "only a part of its checks was run"
MAX_ACCEPTED = 3


class Readiness(Enum):
    """The answer for a clinic."""

    READY = "READY"
    WITH_WAIVERS = "READY WITH WAIVERS"
    NOT_READY = "NOT READY"
    UNKNOWN = "UNKNOWN"


def readiness(judgements: Collection[Judgement], *, complete: bool) -> tuple[Readiness, str]:
    """The verdict on a clinic, and what there is to add to it.

    ``complete`` says whether all of its items were run.
    """
    failed = [each for each in judgements if each.state is State.FAILED]
    uncertain = next((each for each in failed if each.check.id in UNCERTAIN), None)
    if uncertain is not None:
        return Readiness.UNKNOWN, uncertain.reason
    if not complete:
        return Readiness.UNKNOWN, ONLY_A_PART
    blocked = any(each.state is State.BLOCKED and not each.excused for each in judgements)
    if failed or blocked:
        return Readiness.NOT_READY, ""
    waived = [each for each in judgements if each.state is State.WAIVED]
    but = next((each for each in judgements if each.check.id == UNNAMED_PMS), None)
    said = _reservation(but) if but is not None and but.state is State.WARNED else ""
    if waived:
        return Readiness.WITH_WAIVERS, "; but ".join(filter(None, (_accepted(waived), said)))
    return Readiness.READY, said


def _reservation(judgement: Judgement) -> str:
    """What a clinic that is ready is told all the same: nobody says that its PMS makes links."""
    finding = judgement.findings[0]
    near = f" ({finding.hint[0].lower()}{finding.hint[1:]})" if finding.hint else ""
    return f"{finding.found} is not among the PMSs that the video articles name{near}"


def _accepted(waived: Iterable[Judgement]) -> str:
    """What is accepted, and until when. An appointment is not named: this travels far."""
    names = []
    for judgement in waived:
        assert judgement.waiver is not None
        subject = judgement.subject
        id = "an appointment" if isinstance(subject, Appointment) else subject.id
        names.append(f"{judgement.check.id} ({id}) until {judgement.waiver.until}")
    more = [f"{len(names) - MAX_ACCEPTED} more"] if len(names) > MAX_ACCEPTED else []
    return listing([*names[:MAX_ACCEPTED], *more])


def links(judgements: Iterable[Judgement]) -> list[Judgement]:
    """The judgement on each pair on offer: its patients get their link, or not."""
    return [each for each in judgements if each.check.id == LINK]


def cause(link: Judgement) -> Judgement | None:
    """The first cause that keeps a pair from its link, one that is certain before others."""
    if link.state is State.PASSED:
        return None
    certain = (root for root in link.roots if root.check.id not in UNCERTAIN)
    return next(certain, link.roots[0] if link.roots else link)


def is_unrecorded(judgement: Judgement) -> bool:
    return any(finding.answer == "unrecorded" for finding in judgement.findings)


def unrecorded(judgements: Iterable[Judgement]) -> dict[str, int]:
    """How many judgements of a check, by its name, find that nothing is recorded."""
    names = Counter(
        each.check.name
        for each in judgements
        if each.state is State.UNRECORDED or (each.state is State.FAILED and is_unrecorded(each))
    )
    return dict(sorted(names.items()))
