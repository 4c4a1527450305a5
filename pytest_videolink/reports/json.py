"""The report as JSON: everything. Its schema is ``docs/report.schema.json``."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import cache
from typing import Any

from pytest_videolink.reports.report import Report

BEGINS = '{\n  "videolink_report": '


def render(report: Report) -> str:
    return json.dumps(report, indent=2, ensure_ascii=False, default=_mapping) + "\n"


@cache
def keys(kind: Any) -> tuple[str, ...]:
    """The keys of a part of the report."""
    return tuple(key.name for key in fields(kind))


def _mapping(part: Any) -> dict[str, Any]:
    return {key: getattr(part, key) for key in keys(part.__class__)}
