"""The report as SARIF 2.1.0, for code scanning.

It travels far, so it says nothing of appointments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import quote
from zlib import compress

from pytest_videolink.record.text import plural
from pytest_videolink.reports.report import CheckReport, ClinicReport, ItemReport, Report
from pytest_videolink.reports.tables import sentences

Json: TypeAlias = dict[str, Any]
Found: TypeAlias = tuple[ClinicReport, ItemReport]

ROOT = "%SRCROOT%"
MAX_RESULTS = 5000
"""How many results code scanning keeps of a file; the worst come first."""
MAX_PACKED = 10_000_000
"""How many bytes it takes, packed."""
_RANK = {"failed": 0, "warning": 1, "waived": 2}
BEGINS = """{
  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "pytest-videolink","""


def render(report: Report) -> str:
    return rendered(report, with_waived=True)


def rendered(report: Report, *, with_waived: bool) -> str:
    """The report, with as many results as code scanning takes."""
    found = [
        (clinic, item)
        for clinic in report.clinics
        for item in clinic.findings
        if not item.is_appointment
    ]
    found.sort(key=lambda each: _RANK[each[1].outcome])
    told = found if with_waived else [each for each in found if each[1].outcome != "waived"]
    most, waived = MAX_RESULTS, len(found) - len(told)
    while True:
        text = json.dumps(_log(report, told, most, waived), indent=2, ensure_ascii=False) + "\n"
        if not most or _is_light(text):
            return text
        most //= 2


def _is_light(text: str) -> bool:
    raw = text.encode("utf-8", "replace")
    return len(raw) <= MAX_PACKED or len(compress(raw)) <= MAX_PACKED


def _log(report: Report, found: Sequence[Found], most: int, waived: int) -> Json:
    """The worst findings; of the others, and of what is waived, how many there are."""
    rules = [check for check in report.checks if check.scope != "appointment"]
    driver = {
        "name": "pytest-videolink",
        "fullName": f"pytest-videolink {report.version}",
        "semanticVersion": report.version,
        "rules": [_rule(check) for check in rules],
    }
    index = {check.id: number for number, check in enumerate(rules)}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"video-links/{report.part.replace('/', '-of-')}"},
        "invocations": [_invocation(report, len(found) - most, waived)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(clinic, item, index[item.check]) for clinic, item in found[:most]],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }


def _invocation(report: Report, left: int, waived: int) -> Json:
    told = [
        _notice("note", f"{clinic.id}: {'. '.join(sentences(table))}")
        for clinic in report.clinics
        for table in clinic.tables
    ]
    if waived:
        told.insert(0, _notice("note", f"{plural(waived, 'finding')} waived, left out here"))
    if left > 0:
        more = f"{plural(left, 'finding')} more, none of them worse, left out here"
        told.insert(0, _notice("warning", more))
    if report.partial:
        told.insert(0, _notice("error", f"Partial report. {report.partial}"))
    notices = {"toolExecutionNotifications": told} if told else {}
    return {"executionSuccessful": not report.partial, **notices}


def _notice(level: str, text: str) -> Json:
    return {"level": level, "message": {"text": plain(text)}}


def _rule(check: CheckReport) -> Json:
    rule = {
        "id": check.id,
        "name": "".join(word.capitalize() for word in re.split(r"\W+", check.name)[1:]),
        "shortDescription": {"text": f"{check.title}."},
        "fullDescription": {"text": check.why},
        "help": {"text": check.help, "markdown": check.help},
        "defaultConfiguration": {"level": check.severity},
        "properties": {"tags": ["telehealth", check.scope.replace("_", "-")]},
    }
    if check.was:
        rule["deprecatedIds"] = list(check.was)
    if check.source:
        rule["helpUri"] = check.source
    return rule


def _result(clinic: ClinicReport, item: ItemReport, index: int) -> Json:
    result = {
        "ruleId": item.check,
        "ruleIndex": index,
        "level": "warning" if item.outcome == "warning" else item.severity,
        "message": {"text": plain("\n".join(_message(item)))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": clinic.uri or quote(clinic.node),
                        "uriBaseId": ROOT,
                    },
                    "region": {"startLine": item.line, "startColumn": item.column},
                },
                **({"message": {"text": plain(item.cell)}} if item.cell else {}),
                "logicalLocations": [{"fullyQualifiedName": item.id}],
            }
        ],
        # Of what is checked, and not of the place, so that it stays when lines move.
        "partialFingerprints": {"videolinkItem/v1": sha256(item.id.encode()).hexdigest()},
        "suppressions": list(_suppressions(item)),
    }
    if item.change:
        result["baselineState"] = _STATES[item.change]
    return result


_STATES = {"new": "new", "open": "unchanged"}
"""A finding beside the earlier report, in SARIF's words."""


def _message(item: ItemReport) -> Iterator[str]:
    explained = item.explained
    assert explained is not None
    yield f"{item.summary}."
    for evidence in explained.evidence:
        if evidence.title:
            yield f"{evidence.title}."
    if explained.steps:
        yield f"How to fix it ({explained.who}):"
        yield from (f"{number}. {step}" for number, step in enumerate(explained.steps, 1))


def _suppressions(item: ItemReport) -> Iterator[Json]:
    waiver = item.waiver
    if waiver is not None:
        accepted = f"Waived until {waiver.until} by {waiver.owner}: {waiver.reason}"
        yield {"kind": "inSource", "status": "accepted", "justification": accepted}


def plain(text: str) -> str:
    """Text in which no bracket begins a link."""
    return re.sub(r"([\\\[\]])", r"\\\1", text)
