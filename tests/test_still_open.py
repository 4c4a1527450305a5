"""What a new document asks as required and nobody has answered: VL006, and what cannot be known."""

from __future__ import annotations

from typing import Any

import pytest
from meaning import read
from support import Document, edited, judged, right_clinic

from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.record.document import START, Node
from pytest_videolink.record.document import Document as Read
from pytest_videolink.record.keys import Part
from pytest_videolink.record.known import Known
from pytest_videolink.record.pms import PmsPractitioner
from pytest_videolink.record.tree import Reading

OPEN = "TO BE REPLACED"
WAIVER = {
    "check": "VL312",
    "on": "dr-li-wei::telehealth-video",
    "reason": "Reception books",
    "owner": "practice manager",
    "until": "2026-12-31",
}
PLACES = [
    *("name", "timezone", "pms.system", "pms.database"),
    *("practitioners.0.name", "appointment_types.0.name"),
    *("pms.practitioners.0.name", "pms.appointment_types.0.name"),
    *("pms.practitioners.2.id", "pms.appointment_types.3.id"),
    *("waivers.0.reason", "waivers.0.owner"),
]
OF_THE_DATABASE = ("pms.system", "pms.database")


def clinic(edits: dict[str, Any]) -> Document:
    """A clinic with one waiver that is needed, and PMS lists that hold one entry more."""
    return edited(
        right_clinic(),
        {
            "practitioners.1.visible_for_online_bookings": False,
            "pms.practitioners.2": {"id": "new", "name": "New"},
            "pms.appointment_types.3": {"id": "new", "name": "New"},
            "waivers": [dict(WAIVER)],
            **edits,
        },
    )


def blocked(judgements: dict[str, Judgement]) -> set[str]:
    """The checks that cannot be evaluated while VL006 fails."""
    return {
        key.split()[0]
        for key, each in judgements.items()
        if each.state is State.BLOCKED and "VL006" in {root.check.id for root in each.roots}
    }


def test_a_clinic_whose_questions_are_answered() -> None:
    judgements = judged(clinic({}))
    assert judgements["VL006"].state is State.PASSED
    assert {each.state for each in judgements.values()} == {State.PASSED, State.WAIVED}


@pytest.mark.parametrize("text", [OPEN, "To be replaced", f"{OPEN}: see Help > About"])
@pytest.mark.parametrize("place", PLACES)
def test_an_open_question(place: str, text: str) -> None:
    document = clinic({place: text})
    at = tuple(int(step) if step.isdigit() else step for step in place.split("."))
    if at[0] != "waivers":  # of which the oracle knows nothing
        assert read(document).unanswered == [at]

    judgements = judged(document)
    failed = {key for key, each in judgements.items() if each.state is State.FAILED}
    assert failed == {"VL006"}
    assert [finding.at for finding in judgements["VL006"].findings] == [at]
    if place in OF_THE_DATABASE:
        assert blocked(judgements) >= {"VL401", "VL402", "VL500"}
        # With the database alone open, whether the PMS is supported is known.
        assert "VL101" in blocked(judgements) or place == "pms.database"
    else:
        assert blocked(judgements) == set()


def test_all_open_questions_are_listed() -> None:
    judgement = judged(clinic(dict.fromkeys(PLACES, OPEN)))["VL006"]
    assert len(judgement.findings) == len(PLACES)


def test_it_cannot_be_waived() -> None:
    judgements = judged(clinic({"name": OPEN, "waivers.1": {**WAIVER, "check": "VL006"}}))
    assert judgements["VL006"].state is State.FAILED
    assert judgements["VL004"].state is State.FAILED


@pytest.mark.parametrize("key", ["system", "database"])
def test_what_is_open_is_equal_to_nobodys(key: str) -> None:
    north, south, east = (
        edited(right_clinic(id), {f"pms.{key}": OPEN if id != "east" else "EAST"})
        for id in ("north", "south", "east")
    )
    for first in (north, south):
        judgements = judged(first, *(each for each in (north, south, east) if each is not first))
        assert judgements["VL402"].state is State.BLOCKED
        assert judgements["VL401 dr-amara-nwosu"].state is State.BLOCKED
    judgements = judged(east, north, south)
    assert {each.state for key, each in judgements.items() if key != "VL101"} == {State.PASSED}


def test_an_open_link_is_no_question_but_a_word_that_is_no_id() -> None:
    document = clinic({"practitioners.0.linked_to": OPEN})
    reading = read(document)
    assert reading.unanswered == []
    assert list(reading.refused) == [("practitioners", 0, "linked_to")]


def test_of_an_entry_without_an_id_nothing_is_made_whatever_else_is_open() -> None:
    blank = Node(START, None)
    entry = Node(START, {"id": (START, blank), "name": (START, blank)})
    reading = Reading(Known(), Read(entry, (), sheets=("PMS practitioners",)))
    path = ("pms", "practitioners", 0)
    assert reading.part(Part(PmsPractitioner), entry, START, path) is None
    assert (reading.untold, reading.unanswered) == ([], [(*path, "id"), (*path, "name")])
