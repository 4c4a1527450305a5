"""teamcity-messages, which PyCharm runs as well: each item starts, and ends as what it came to."""

import re
from collections import Counter

from companions import ALL, ERROR, ITEMS, Fleet

COMPANION = "teamcity-messages"


def test_the_messages(fleet: Fleet, workers: list[str]) -> None:
    result = fleet.run(ALL, "--teamcity", *workers, beside=[COMPANION])
    result.check()
    messages = re.findall(r"##teamcity\[(\w+) .*?name='(clinics\.[^']*)'", result.text)
    assert len({name for _, name in messages}) == ITEMS
    assert Counter(kind for kind, _ in messages) == {
        "testStarted": ITEMS,
        "testFinished": ITEMS,
        "testFailed": 2,
        "testIgnored": 4,
    }
    (failed,) = (line for line in result.text.splitlines() if f"details='{ERROR}|n" in line)
    assert "Turn on Accepts Video Appointments and save" in failed
