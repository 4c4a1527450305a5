"""pytest-sugar: its list at the end names the place in the record and the item."""

from companions import ALL, PASSED, Fleet

COMPANION = "pytest-sugar"
LINES = [
    "- clinics/bayview.yaml:37 bayview.yaml > dr-amara-nwosu > VL201-accepts-video",
    "- clinics/perth.yaml:1 perth.yaml > VL001-valid-document",
]


def test_the_list_at_the_end(fleet: Fleet, workers: list[str]) -> None:
    result = fleet.run(ALL, "--force-sugar", "--color=no", *workers, beside=[COMPANION])
    result.check()
    _, _, end = result.text.partition("Results (")
    lines = [line.strip() for line in end.splitlines()]
    assert [line for line in lines if line.startswith("- ")] == LINES
    for count in (f"{PASSED} passed", "2 failed", "1 xfailed", "3 skipped"):
        assert count in lines
