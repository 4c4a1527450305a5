"""Peer: the same items as one parametrized test function."""

from __future__ import annotations

import pytest

from peers.plan import end, flat, rows


@pytest.mark.parametrize(
    ("outcome", "text"),
    [pytest.param(outcome, text, id=flat(nodeid)) for nodeid, outcome, text in rows()],
)
def test_check(outcome: str, text: str) -> None:
    end(outcome, text)
