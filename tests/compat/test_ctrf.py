"""pytest-json-ctrf: the report has every item, and what a failure says."""

import json

from companions import ALL, ERROR, FAILED, ITEMS, NOT_PASSED, PASSED, Fleet

COMPANION = "pytest-json-ctrf"


def test_the_report(fleet: Fleet) -> None:
    fleet.run(ALL, "--ctrf={}/ctrf.json", beside=[COMPANION]).check()
    results = json.loads((fleet.written / "ctrf.json").read_text(encoding="utf-8"))["results"]
    counted = [results["summary"][kind] for kind in ("tests", "passed", "failed", "skipped")]
    assert counted == [ITEMS, PASSED, 2, 4]
    tests = {each["name"]: each for each in results["tests"]}
    assert {id for id, each in tests.items() if each["status"] != "passed"} == {*NOT_PASSED}
    assert ERROR in str(tests[FAILED[0]])
    assert {each["filePath"] for each in tests.values()} == {
        f"clinics/{name}.yaml" for name in ("bayview", "harbourside", "perth")
    }
