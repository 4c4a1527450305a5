"""pytest-json-report: every item with its outcome, and what a failure and a warning say."""

import json

import pytest
from companions import ALL, ERROR, FAILED, ITEMS, NOT_PASSED, WARNED, Fleet

COMPANION = "pytest-json-report"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_file(fleet: Fleet, workers: list[str]) -> None:
    companions = [COMPANION, "pytest-metadata", *(["pytest-xdist"] if workers else [])]
    options = ["--json-report", "--json-report-file={}/report.json"]
    fleet.run(ALL, *options, *workers, beside=companions).check()
    report = json.loads((fleet.written / "report.json").read_text())
    assert report["exitcode"] == 1
    assert report["summary"] == {
        "passed": 68,
        "failed": 2,
        "skipped": 3,
        "xfailed": 1,
        "total": ITEMS,
        "collected": ITEMS,
    }
    tests = {test["nodeid"]: test for test in report["tests"]}
    wrong = {id: test["outcome"] for id, test in tests.items() if test["outcome"] != "passed"}
    assert wrong == NOT_PASSED
    failed = tests[FAILED[0]]
    assert ERROR in failed["call"]["longrepr"]
    assert f"clinics/bayview.yaml:{failed['lineno'] + 1}:31" in failed["call"]["longrepr"]
    (warning,) = report["warnings"]
    assert warning["filename"] == WARNED.partition("::")[0]
    assert warning["lineno"] == 7
    assert warning["category"] == "ConfigurationWarning"
