"""The report as JSON: everything. Its schema is ``docs/report.schema.json``."""

from __future__ import annotations

import json
from dataclasses import asdict

from pytest_videolink.reports.report import Report

BEGINS = '{\n  "videolink_report": '


def render(report: Report) -> str:
    return json.dumps(asdict(report), indent=2, ensure_ascii=False) + "\n"
