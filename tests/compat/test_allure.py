"""allure-pytest: a history for every item, its place in the tree, and what a failure says."""

import json
from collections import Counter
from typing import Any

import pytest
from companions import ALL, ERROR, FAILED, ITEMS, PASSED, Fleet

COMPANION = "allure-pytest"
BLOCKED = "dr-amara-nwosu.telehealth-video#VL500-link-expected"


def results_of(fleet: Fleet, *arguments: str, beside: list[str]) -> dict[str, Any]:
    """Allure's results of a run by full name."""
    fleet.run(ALL, "--alluredir={}/allure", "--clean-alluredir", *arguments, beside=beside).check()
    files = (fleet.written / "allure").glob("*-result.json")
    results = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    assert len(results) == ITEMS
    return {result["fullName"]: result for result in results}


def histories(results: dict[str, Any]) -> dict[str, str]:
    return {result["historyId"]: name for name, result in results.items()}


def test_the_results(fleet: Fleet) -> None:
    results = results_of(fleet, beside=[COMPANION])
    assert len(histories(results)) == ITEMS
    statuses = Counter(result["status"] for result in results.values())
    assert statuses == {"passed": PASSED, "skipped": 4, "failed": 2}
    failed = results["clinics.bayview.dr-amara-nwosu#VL201-accepts-video"]
    assert failed["status"] == "failed"
    assert ERROR in failed["statusDetails"]["message"]
    labels = {label["name"]: label["value"] for label in failed["labels"]}
    suites = [labels[name] for name in ("parentSuite", "suite", "subSuite")]
    assert suites == ["clinics", "bayview", "dr-amara-nwosu"]
    blocked = results[f"clinics.bayview.{BLOCKED}"]["statusDetails"]
    assert "blocked by VL103 (bayview), VL201 (dr-amara-nwosu)" in blocked["message"]
    assert "bayview.yaml" in blocked["trace"]
    assert "pytest_videolink" not in blocked["trace"]
    assert "waived until 2026-12-31 by Kim" in str(
        results["clinics.bayview#VL103-pms-connected"]["statusDetails"]
    )


def test_a_history_goes_on_in_the_next_run_and_in_workers(fleet: Fleet) -> None:
    first = histories(results_of(fleet, beside=[COMPANION]))
    assert histories(results_of(fleet, beside=[COMPANION])) == first
    shared = results_of(fleet, "-n", "2", beside=[COMPANION])
    assert histories(shared) == first


@pytest.mark.parametrize("id", FAILED)
def test_a_test_plan_selects_items(fleet: Fleet, id: str) -> None:
    """As Allure's own server does to run some items again."""
    path, *names, name = id.split("::")
    module = path.removesuffix(".yaml").replace("/", ".")
    selector = f"{'.'.join([module, *names])}#{name}"
    plan = fleet.written / "plan.json"
    plan.write_text(json.dumps({"version": "1.0", "tests": [{"selector": selector}]}))
    result = fleet.run(ALL, beside=[COMPANION], variables={"ALLURE_TESTPLAN_PATH": str(plan)})
    assert result.items == [(id, "failed")]
    assert result.code == 1
