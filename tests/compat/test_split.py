"""pytest-split: the groups together are the whole, and a group cannot say more than it has run."""

import json

import pytest
from companions import ALL, ITEMS, NOT_PASSED, Fleet

COMPANION = "pytest-split"
GROUPS = 3
ALGORITHMS = ["duration_based_chunks", "least_duration"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_groups(fleet: Fleet, algorithm: str) -> None:
    durations = fleet.written / "durations.json"
    whole = fleet.run(ALL, "--store-durations", f"--durations-path={durations}", beside=[COMPANION])
    whole.check()
    assert len(json.loads(durations.read_text())) == ITEMS
    items: list[tuple[str, str]] = []
    for group in range(1, GROUPS + 1):
        part = fleet.run(
            ALL,
            f"--splits={GROUPS}",
            f"--group={group}",
            f"--splitting-algorithm={algorithm}",
            f"--durations-path={durations}",
            beside=[COMPANION],
        )
        assert part.code == int(any(NOT_PASSED.get(id) == "failed" for id, _ in part.items))
        assert 0 < len(part.items) < ITEMS
        assert "bayview: READY" not in part.text
        items += part.items
    assert sorted(items) == sorted(whole.items)
