"""What a run was measured against, and how it ended."""

from __future__ import annotations

from pytest_videolink.record.plain import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsReport:
    """What records are measured against: minutes that a link may take, days that a record may be
    old, whether waivers count, and the days within which it is told what lapses.
    """

    sync_window: int
    max_age: int
    waivers: bool
    soon: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredReport:
    """A blocked item that was run, and whose blockers are not all accepted or known."""

    id: str
    check: str
    clinic: str
    subject: str
    finding: str


@dataclass(frozen=True, slots=True)
class TakenReport:
    """How many checks of a clinic are left out though they are asked for, and by whom."""

    who: str
    clinic: str
    checks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitReport:
    """The exit code of the run, and what besides the outcomes of items it comes from.

    ``fault`` is why the run cannot be trusted; ``unanswered`` are the blocked items, ``strict`` is
    how many warnings were made failures; ``not_run`` are items that were selected and kept from
    running, ``hidden`` those that fail and were reported as something else; ``taken`` is what is
    left out of what was asked for. ``ran`` says whether
    any check was run, ``failed`` whether any of them fails, ``tested`` whether ordinary tests
    were given clinics, and ``only_new`` whether it fails for new findings alone.
    """

    code: int = 0
    fault: str = ""
    unanswered: tuple[UnansweredReport, ...] = ()
    strict: int = 0
    not_run: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    taken: tuple[TakenReport, ...] = ()
    ran: bool = False
    failed: bool = False
    tested: bool = False
    only_new: bool = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing was checked of any clinic."""
        return not (self.ran or self.tested)


UNTOLD = ExitReport()
"""That of a report that does not tell."""
