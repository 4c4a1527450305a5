"""pytest-reportlog: a line for every report, with what is said of the item beside it."""

import json
from collections import Counter

from companions import ALL, ERROR, FAILED, ITEMS, NOT_PASSED, Fleet

COMPANION = "pytest-reportlog"


def test_the_log(fleet: Fleet, workers: list[str]) -> None:
    fleet.run(ALL, "--report-log={}/log.jsonl", *workers, beside=[COMPANION]).check()
    lines = (fleet.written / "log.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [each for each in map(json.loads, lines) if each.get("$report_type") == "TestReport"]
    worst = {each["nodeid"]: each["outcome"] for each in reports if each["outcome"] != "passed"}
    assert worst == {
        id: {"xfailed": "skipped"}.get(outcome, outcome) for id, outcome in NOT_PASSED.items()
    }
    assert Counter(each["when"] for each in reports)["setup"] == ITEMS
    (failed,) = (
        each for each in reports if each["nodeid"] == FAILED[0] and each["outcome"] == "failed"
    )
    assert ERROR in str(failed["longrepr"])
    assert ["line", 37] in failed["user_properties"]
