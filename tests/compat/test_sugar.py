"""pytest-sugar: its list at the end names the place in the record and the item."""

import pytest
from companions import ALL, Fleet

COMPANION = "pytest-sugar"
LINES = [
    "- clinics/bayview.yaml:37 bayview.yaml > dr-amara-nwosu > VL201-accepts-video",
    "- clinics/perth.yaml:1 perth.yaml > VL001-valid-document",
]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_list_at_the_end(fleet: Fleet, workers: list[str]) -> None:
    companions = [COMPANION, *(["pytest-xdist"] if workers else [])]
    result = fleet.run(ALL, "--force-sugar", "--color=no", *workers, beside=companions)
    result.check()
    _, _, end = result.text.partition("Results (")
    lines = [line.strip() for line in end.splitlines()]
    assert [line for line in lines if line.startswith("- ")] == LINES
    for count in ("68 passed", "2 failed", "1 xfailed", "3 skipped"):
        assert count in lines
