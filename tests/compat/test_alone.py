"""The fleet without any companion: what the other files compare with is true."""

from companions import ALL, Fleet


def test_the_fleet_has_every_outcome(fleet: Fleet) -> None:
    result = fleet.run(ALL, beside=[])
    result.check()
    assert "1 warning" in result.text
