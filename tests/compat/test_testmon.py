"""pytest-testmon: what it leaves out is named, and never passes for checked.

It follows changes of Python files alone. Of two clinics on one PMS database it does not see that an
edit of one concerns the other.
"""

from __future__ import annotations

import re

import pytest
from companions import Fleet, Result
from support import Document, edited, right_clinic, to_yaml

COMPANION = "pytest-testmon"
CLINICS = "--videolink-clinic=[ns]*"
NORTH = edited(right_clinic("north", "SHARED"), {"pms.shares_database_with": ["south"]})
SOUTH = edited(
    right_clinic("south", "SHARED"),
    {
        "pms.shares_database_with": ["north"],
        "pms.practitioners.2": {"id": "19", "name": "Dr Omar Aziz", "in_appointment_book": True},
        "pms.practitioners.3": {"id": "20", "name": "Dr Ruth Sato", "in_appointment_book": True},
        "practitioners.0.linked_to": "19",
        "practitioners.1.linked_to": "20",
    },
)
CONFLICT = edited(SOUTH, {"practitioners.0.linked_to": "17"})


@pytest.fixture
def project(fleet: Fleet) -> Fleet:
    return fleet.own()


def write(project: Fleet, *documents: Document) -> None:
    for document in documents:
        file = project.folder / "clinics" / f"{document['clinic']}.yaml"
        file.write_text(to_yaml(document), encoding="utf-8")


def run(project: Fleet, *arguments: str) -> Result:
    """Run beside it; it asks for ``--lf`` without asking whether there is a cache."""
    return project.run("-p", "cacheprovider", *arguments, beside=[COMPANION])


def test_a_conflict_that_an_edit_of_the_neighbour_made(project: Fleet) -> None:
    write(project, NORTH, SOUTH)
    assert run(project, CLINICS, "--testmon").code == 0
    write(project, CONFLICT)
    assert run(project, CLINICS).code == 1  # north has one PMS practitioner with south now
    result = run(project, CLINICS, "--testmon")
    assert result.code == 1
    said = " ".join(result.text.split())
    assert "north: UNKNOWN: none of its checks was run" in said
    assert "checks of north" in said
    assert "left out by the plugin TestmonSelect: nothing is known of what is selected" in said
    assert "--ignore" not in said


@pytest.mark.parametrize("asked", [CLINICS, "clinics/north.yaml", "clinics"])
def test_a_run_of_which_nothing_is_left_is_no_success(project: Fleet, asked: str) -> None:
    write(project, NORTH, SOUTH)
    (project.folder / "clinics" / "perth.yaml").unlink()
    (project.folder / "clinics" / "bayview.yaml").unlink()
    assert run(project, asked, "--testmon").code == 0
    result = run(project, asked, "--testmon")
    assert result.code not in (0, 4), result.text
    assert re.search("left out by .*the plugin TestmonSelect: ", " ".join(result.text.split()))
    assert "Nothing was checked" in result.text


def test_it_runs_everything_where_it_does_not_select(project: Fleet) -> None:
    write(project, NORTH, SOUTH)
    for _ in range(2):
        result = run(project, CLINICS, "--testmon-noselect")
        assert result.code == 0
        assert "north: READY" in result.text
        assert "south: READY" in result.text
