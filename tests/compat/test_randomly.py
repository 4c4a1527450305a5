"""pytest-randomly: the order is another, and nothing else."""

from companions import ALL, Fleet

COMPANION = "pytest-randomly"


def test_a_random_order(fleet: Fleet, workers: list[str]) -> None:
    orders = set()
    for seed in (1, 2, 3):
        result = fleet.run(ALL, f"--randomly-seed={seed}", *workers, beside=[COMPANION])
        result.check()
        orders.add(tuple(id for id, _ in result.items))
    plain = fleet.run(ALL, beside=[])
    orders.add(tuple(id for id, _ in plain.items))
    assert len(orders) == 4
