"""pytest-azurepipelines with pytest-nunit: what Azure DevOps is told, and the file it is given."""

import re
from collections import Counter
from xml.etree import ElementTree

from companions import ALL, ERROR, FAILED, ITEMS, SKIPPED, Fleet

COMPANIONS = ["pytest-azurepipelines", "pytest-nunit"]


def test_what_azure_is_told(fleet: Fleet, workers: list[str]) -> None:
    result = fleet.run(ALL, "--nunit-xml={}/nunit.xml", *workers, beside=COMPANIONS)
    result.check()
    told = re.findall(r"##vso\[(\S+) (.*?)\](.*)", result.text)
    assert [said for kind, _, said in told if kind == "task.logissue"] == [
        "Bayview Medical Centre approves bookings of new patients by hand",
        f"2 test(s) failed, {ITEMS} test(s) collected.",
    ]
    (published,) = (rest for kind, _, rest in told if kind == "results.publish")
    assert published == str(fleet.written / "nunit.xml")


def test_the_file(fleet: Fleet, workers: list[str]) -> None:
    fleet.run(ALL, "--nunit-xml={}/nunit.xml", *workers, beside=["pytest-nunit"]).check()
    cases = {
        str(each.get("fullname")): each
        for each in ElementTree.parse(fleet.written / "nunit.xml").iter("test-case")
    }
    results = {id: case.get("result") for id, case in cases.items()}
    assert Counter(results.values()) == {
        "Failed": 2,
        "Skipped": len(SKIPPED),
        "Passed": ITEMS - 2 - len(SKIPPED),
    }
    assert {id for id, result in results.items() if result == "Skipped"} == SKIPPED
    assert ERROR in str(cases[FAILED[0]].findtext("failure/message"))
