"""pytest-split: the groups together are the whole, and a group cannot say more than it has run."""

import json

import pytest
from companions import ALL, FAILED, ITEMS, Fleet

COMPANION = "pytest-split"
GROUPS = 3
RED = {*FAILED, "clinics/bayview.yaml::dr-amara-nwosu::telehealth-video::VL500-link-expected"}
"""What makes a group fail: an item that does, or one that such an item blocks in another group."""
ALGORITHMS = ["duration_based_chunks", "least_duration"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_the_groups(fleet: Fleet, algorithm: str) -> None:
    durations = fleet.written / "durations.json"
    whole = fleet.run(ALL, "--store-durations", f"--durations-path={durations}", beside=[COMPANION])
    whole.check()
    stored = json.loads(durations.read_text())
    assert len(stored) == ITEMS
    durations.write_text(json.dumps(dict.fromkeys(stored, 1.0)))  # not as busy as this machine was
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
        assert part.code == int(any(id in RED for id, _ in part.items))
        assert 0 < len(part.items) < ITEMS
        assert "bayview: READY" not in part.text
        items += part.items
    assert sorted(items) == sorted(whole.items)
