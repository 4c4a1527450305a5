"""pytest-github-actions-annotate-failures: annotations stand at the place in the record."""

import pytest
from companions import ALL, ERROR, Fleet

COMPANION = "pytest-github-actions-annotate-failures"
WARNING = "Bayview Medical Centre approves bookings of new patients by hand"


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_annotations(fleet: Fleet, workers: list[str]) -> None:
    companions = [COMPANION, *(["pytest-xdist"] if workers else [])]
    variables = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(fleet.folder)}
    result = fleet.run(ALL, *workers, beside=companions, variables=variables)
    result.check()
    lines = sorted(line for line in result.text.splitlines() if line.startswith("::"))
    assert len(lines) == 3
    places = [line.split("::")[1] for line in lines]
    assert places == [
        "error file=clinics/bayview.yaml,line=37",
        "error file=clinics/perth.yaml,line=1",
        "warning file=clinics/bayview.yaml,line=7",
    ]
    failed, _, warned = lines
    assert f"VL201-accepts-video%0A%0A{ERROR}%0A" in failed
    assert "Turn on Accepts Video Appointments and save" in failed
    assert warned.endswith(f"::{WARNING}")


def test_elsewhere_there_are_none(fleet: Fleet) -> None:
    result = fleet.run(ALL, beside=[COMPANION])
    result.check()
    assert "\n::" not in result.text
