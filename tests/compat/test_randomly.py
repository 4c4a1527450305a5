"""pytest-randomly: the order is another, and nothing else."""

import pytest
from companions import ALL, Fleet

COMPANION = "pytest-randomly"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_a_random_order(fleet: Fleet, workers: list[str]) -> None:
    companions = [COMPANION, *(["pytest-xdist"] if workers else [])]
    orders = set()
    for seed in (1, 2, 3):
        result = fleet.run(ALL, f"--randomly-seed={seed}", *workers, beside=companions)
        result.check()
        orders.add(tuple(id for id, _ in result.items))
    plain = fleet.run(ALL, beside=[])
    orders.add(tuple(id for id, _ in plain.items))
    assert len(orders) == 4
