"""VL7xx: identifiers that claims and other systems rely on."""

from __future__ import annotations

from typing import Any

import pytest
from support import REMOVED, edited, judged, right_clinic

from pytest_videolink.judging.judge import State

NUMBER = "practitioners.0.provider_number"
ITEM = "VL701 dr-amara-nwosu"

MALFORMED = "Dr Amara Nwosu's provider number is not a Medicare provider number"
MISTYPED = "Dr Amara Nwosu's provider number has a wrong check character"


@pytest.mark.parametrize(
    "number",
    [
        # Every check character in turn.
        *("2123456Y", "2123458X", "212345AW", "2123451T", "2123453L", "2123455K"),
        *("2123457J", "2123459H", "2123450F", "2123452B", "2123454A"),
        # Every digit's own weight.
        *("1000000T", "0100000K", "0010000F", "0001000L", "0000100W", "0000010X", "0000000Y"),
        # Location characters next to those that are left out, and the last.
        *("212345BF", "212345HY", "212345JJ", "212345NF", "212345PT", "212345RL", "212345TA"),
        "212345YH",
        # The sample of the published rule.
        "4024742F",
        # Case and spaces.
        *("2123451t", "212345aw", " 2123 451T ", "21 23 45 1 T"),
    ],
)
def test_a_right_provider_number(number: str) -> None:
    assert judged(edited(right_clinic(), {NUMBER: number}))[ITEM].state is State.PASSED


@pytest.mark.parametrize(
    ("number", "line"),
    [
        pytest.param("2123451X", MISTYPED, id="wrong check character"),
        pytest.param("2123461T", MISTYPED, id="one digit mistyped"),
        pytest.param("1223451T", MISTYPED, id="two digits swapped"),
        pytest.param("2123452T", MISTYPED, id="another location"),
        pytest.param("1234561A", MISTYPED, id="the sample of AU Base"),
        pytest.param("4024742f2", MALFORMED, id="too long"),
        pytest.param("2123451", MALFORMED, id="too short"),
        pytest.param("0", MALFORMED, id="one digit"),
        pytest.param("A123451T", MALFORMED, id="a letter among the digits"),
        pytest.param("212345IT", MALFORMED, id="location I"),
        pytest.param("212345OT", MALFORMED, id="location O"),
        pytest.param("212345ST", MALFORMED, id="location S"),
        pytest.param("212345ZT", MALFORMED, id="location Z"),
        pytest.param("2123451C", MALFORMED, id="no check character"),
        pytest.param("21234511", MALFORMED, id="a digit for the check character"),
        pytest.param("2123-451T", MALFORMED, id="a hyphen"),
        pytest.param("\uff12123451T", MALFORMED, id="a full-width digit"),
        pytest.param("\u0662123451T", MALFORMED, id="an Arabic digit"),
        pytest.param("unknown", MALFORMED, id="a word"),
    ],
)
def test_a_wrong_provider_number(number: str, line: str) -> None:
    judgement = judged(edited(right_clinic(), {NUMBER: number}))[ITEM]
    assert (judgement.state, judgement.reason) == (State.WARNED, line)


@pytest.mark.parametrize(
    ("number", "found", "expected"),
    [
        ("2123451x", "2123451X, which ends in X", "2123451 would end in T"),
        ("12 3456 1A", "1234561A, which ends in A", "1234561 would end in B"),
        ("212345", "212345", "six digits, a location character and a check character"),
    ],
)
def test_what_is_found_and_expected(number: str, found: str, expected: str) -> None:
    finding = judged(edited(right_clinic(), {NUMBER: number}))[ITEM].findings[0]
    assert (finding.found, finding.expected) == (found, expected)
    assert finding.at == ("practitioners", 0, "provider_number")


@pytest.mark.parametrize("number", [REMOVED, None, "", "  "])
def test_without_a_number_there_is_nothing_to_check(number: Any) -> None:
    assert ITEM not in judged(edited(right_clinic(), {NUMBER: number}))


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({"practitioners.0.archived": True}, id="archived"),
        pytest.param(
            {
                "practitioners.0.expects_video": False,
                "appointment_types.0.practitioners": ["dr-li-wei"],
            },
            id="does no video",
        ),
    ],
)
def test_every_recorded_number_is_checked(edits: dict[str, Any]) -> None:
    judgement = judged(edited(right_clinic(), {**edits, NUMBER: "2123451X"}))[ITEM]
    assert (judgement.state, judgement.reason) == (State.WARNED, MISTYPED)


def test_a_number_that_was_issued_wrong_is_waived() -> None:
    accepted = {
        "check": "VL701",
        "on": "dr-amara-nwosu",
        "reason": "Issued so by Medicare",
        "owner": "practice manager",
        "until": "2026-12-31",
    }
    items = judged(edited(right_clinic(), {NUMBER: "1234561A", "waivers": [accepted]}))
    assert (items[ITEM].state, items[ITEM].reason) == (State.WAIVED, MISTYPED)


def test_a_wrong_number_blocks_no_link() -> None:
    items = judged(edited(right_clinic(), {NUMBER: "1234561A"}))
    assert [key for key, item in items.items() if item.state is not State.PASSED] == [ITEM]
