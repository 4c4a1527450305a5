"""The report as SARIF without what is waived, for GitHub's code scanning.

That takes no notice of suppressions: it would show what is waived as open.
"""

from __future__ import annotations

from pytest_videolink.reports.report import Report
from pytest_videolink.reports.sarif import BEGINS, rendered

__all__ = ["BEGINS", "render"]


def render(report: Report) -> str:
    return rendered(report, with_waived=False)
