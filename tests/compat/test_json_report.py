"""pytest-json-report: every item with its outcome, and what a failure and a warning say."""

import json

from companions import ALL, ERROR, FAILED, ITEMS, NOT_PASSED, PASSED, WARNED, Fleet

COMPANION = "pytest-json-report"


def test_the_file(fleet: Fleet, workers: list[str]) -> None:
    options = ["--json-report", "--json-report-file={}/report.json"]
    fleet.run(ALL, *options, *workers, beside=[COMPANION, "pytest-metadata"]).check()
    report = json.loads((fleet.written / "report.json").read_text())
    assert report["exitcode"] == 1
    assert report["summary"] == {
        "passed": PASSED,
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
