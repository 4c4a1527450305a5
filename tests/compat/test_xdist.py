"""pytest-xdist: however items are shared out, each is run and comes to the same."""

from xml.etree import ElementTree

import pytest
from companions import ALL, ITEMS, Fleet

COMPANION = "pytest-xdist"


@pytest.mark.parametrize("mode", ["load", "loadfile", "loadscope", "worksteal"])
def test_a_way_to_share_out(fleet: Fleet, mode: str) -> None:
    result = fleet.run(
        ALL, "-n", "2", f"--dist={mode}", "--junitxml={}/junit.xml", beside=[COMPANION]
    )
    result.check()
    cases = ElementTree.parse(fleet.written / "junit.xml").findall(".//testcase")
    names = {(case.get("classname"), case.get("name")) for case in cases}
    assert len(cases) == len(names) == ITEMS


def test_each_runs_all_of_it_in_every_worker(fleet: Fleet) -> None:
    result = fleet.run(ALL, "--dist=each", "--tx=2*popen", beside=[COMPANION])
    first, second = sorted(result.items)[::2], sorted(result.items)[1::2]
    assert first == second
    result.having(first).check()
    assert "2 failed" not in result.text
    assert "4 failed" in result.text


def test_workers_that_are_not_asked_for(fleet: Fleet) -> None:
    fleet.run(ALL, "-n", "0", beside=[COMPANION]).check()
