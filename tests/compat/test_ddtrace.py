"""ddtrace (Datadog): its agent is told of every item, and none is run otherwise than without it."""

from collecting import collecting
from companions import ALL, FAILED, ITEMS, NOT_PASSED, PASSED, Fleet

COMPANION = "ddtrace"
OFFERS = b'{"endpoints": ["/evp_proxy/v4/"]}'
ABOVE = {"pass": 1, "fail": 4, "skip": 0}
"""What is told of the three files, the folder and the run beside their items."""


def statuses(told: bytes) -> dict[str, int]:
    """How often each status stands in a text of MessagePack."""
    return {
        each: told.count(b"test.status" + bytes([0xA0 + len(each)]) + each.encode())
        for each in ABOVE
    }


def test_what_the_agent_is_told(fleet: Fleet) -> None:
    with collecting(offers=OFFERS, answer=b"{}") as (address, bodies):
        variables = {
            "DD_TRACE_AGENT_URL": address,
            "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
        }
        fleet.run(ALL, "--ddtrace", beside=[COMPANION], variables=variables).check()
    items = {"pass": PASSED, "fail": len(FAILED), "skip": len(NOT_PASSED) - len(FAILED)}
    assert sum(items.values()) == ITEMS
    told = statuses(b"".join(bodies))
    assert {each: count - ABOVE[each] for each, count in told.items()} == items
