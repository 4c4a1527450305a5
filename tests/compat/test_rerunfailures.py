"""pytest-rerunfailures: what is flaky is run again, and no check, whose answer cannot change."""

import pytest
from companions import ALL, Fleet

COMPANION = "pytest-rerunfailures"
WAYS = {
    "asked": ["--reruns=2"],
    "asked in the ini": ["-o", "reruns=2"],
    "for all": ["--force-reruns=2"],
    "on top of marks": ["--reruns=2", "--reruns-mode=append"],
    "with workers": ["--reruns=2", "-n", "2"],
}


@pytest.mark.parametrize("arguments", WAYS.values(), ids=WAYS)
def test_only_the_ordinary_test_is_run_again(fleet: Fleet, arguments: list[str]) -> None:
    companions = [COMPANION, "pytest-xdist"] if "-n" in arguments else [COMPANION]
    result = fleet.run(ALL, "test_ordinary.py", "-rR", *arguments, beside=companions)
    again = [id for id, outcome in result.items if outcome == "rerun"]
    assert again == ["test_ordinary.py::test_wrong"] * 2, result.text
    result.having([item for item in result.items if item[1] != "rerun"]).check()
    assert "RERUN clinics/" not in result.text


def test_a_choice_by_its_mark_leaves_no_clinic_out(fleet: Fleet) -> None:
    fleet.run(ALL, "--reruns=2", "-m", "not flaky", beside=[COMPANION]).check()


def test_not_asked_it_has_nothing_to_do(fleet: Fleet) -> None:
    fleet.run(ALL, beside=[COMPANION]).check()
