"""pytest-html: the page has a row for every item, and what a failure says."""

import html
import json
import re
from collections import Counter

import pytest
from companions import ALL, ERROR, FAILED, ITEMS, NOT_PASSED, Fleet

COMPANION = "pytest-html"
RESULTS = {"failed": "Failed", "skipped": "Skipped", "xfailed": "XFailed"}
STEPS = "Turn on Accepts Video Appointments and save"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_page(fleet: Fleet, workers: list[str]) -> None:
    companions = [COMPANION, "pytest-metadata", *(["pytest-xdist"] if workers else [])]
    options = ["--html={}/page.html", "--self-contained-html"]
    fleet.run(ALL, *options, *workers, beside=companions).check()
    page = (fleet.written / "page.html").read_text(encoding="utf-8")
    blob = re.search(r'data-jsonblob="([^"]*)"', page)
    assert blob is not None
    tests = json.loads(html.unescape(blob[1]))["tests"]
    assert len(tests) == ITEMS
    assert {id: tests[id][0]["result"] for id in NOT_PASSED} == {
        id: RESULTS[kind] for id, kind in NOT_PASSED.items()
    }
    counts = Counter(row["result"] for rows in tests.values() for row in rows)
    assert counts["Passed"] == ITEMS - len(NOT_PASSED)
    log = html.unescape(tests[FAILED[0]][0]["log"])
    assert ERROR in log
    assert STEPS in log
    assert "CheckFailed" not in page
