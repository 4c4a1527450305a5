"""A path or a node id beside --videolink-clinic, as editors give them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Clinics
from support import ITEMS, right_clinic, to_yaml

ALL = "--videolink-clinic=*"
LINKED, CONNECTED = "dr-li-wei::VL202-linked-to-pms", "VL103-pms-connected"
PYTHON_TEST = "def test_a(): pass\n"


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    """Three clinics, each on a database of its own, and ordinary tests beside and among them."""
    for id in ("melbourne", "sydney-north", "sydney-south"):
        clinics.write(right_clinic(id, id.upper()))
    clinics.pytester.makepyfile(**{"tests/test_a": PYTHON_TEST})
    clinics.write_file("test_inside.py", PYTHON_TEST)
    return clinics


def whole(id: str) -> set[str]:
    return {f"{id}.yaml"}


ONE = "melbourne.yaml::VL103-pms-connected"
NARROWED = {
    "a check": ([f"clinics/{ONE}", ALL], {ONE}),
    "the option first": ([ALL, f"clinics/{ONE}"], {ONE}),
    "by the clinic's own id": (["--videolink-clinic=melbourne", f"clinics/{ONE}"], {ONE}),
    "by a pattern": (["--videolink-clinic=m*", f"clinics/{ONE}"], {ONE}),
    "by a pattern and an id": (
        ["--videolink-clinic=s*", "--videolink-clinic=melbourne", f"clinics/{ONE}"],
        {ONE},
    ),
    "a practitioner": (
        [ALL, "clinics/melbourne.yaml::dr-li-wei", "-k", "VL202"],
        {f"melbourne.yaml::{LINKED}"},
    ),
    "checks of two clinics": (
        [ALL, f"clinics/{ONE}", f"clinics/sydney-south.yaml::{LINKED}"],
        {ONE, f"sydney-south.yaml::{LINKED}"},
    ),
    "a clinic": ([ALL, "clinics/melbourne.yaml"], whole("melbourne")),
    "two clinics": (
        [ALL, "clinics/melbourne.yaml", "clinics/sydney-north.yaml"],
        whole("melbourne") | whole("sydney-north"),
    ),
    "the folder, and one of its clinics": (
        ["--videolink-clinic=melbourne", "clinics"],
        whole("melbourne") | {"test_inside.py"},
    ),
    "the folder, and some of its clinics": (
        ["--videolink-clinic=sydney-*", "clinics"],
        whole("sydney-north") | whole("sydney-south") | {"test_inside.py"},
    ),
    "a part of them": (
        [ALL, "clinics/melbourne.yaml", "clinics/sydney-north.yaml", "--videolink-shard=1/2"],
        whole("sydney-north"),
    ),
    "ordinary tests": ([ALL, "tests", f"clinics/{ONE}"], {ONE, "tests/test_a.py"}),
    "an ordinary test": (
        [ALL, "tests/test_a.py::test_a", "clinics/melbourne.yaml"],
        whole("melbourne") | {"tests/test_a.py"},
    ),
    "ordinary tests alone": (
        ["--videolink-clinic=melbourne", "tests"],
        whole("melbourne") | {"tests/test_a.py"},
    ),
    "an ordinary test among the clinics": (
        ["--videolink-clinic=melbourne", "clinics/test_inside.py::test_a"],
        whole("melbourne") | {"test_inside.py"},
    ),
}


def ran(clinics: Clinics, arguments: list[str], wanted: set[str]) -> set[str]:
    """The ids of what was run; of what is wanted whole, or is an ordinary test, the file alone."""
    ids = clinics.outcomes(*arguments)
    return {
        id.partition("::")[0] if id.partition("::")[0] in wanted or ".py" in id else id
        for id in ids
    }


@pytest.mark.parametrize(("arguments", "wanted"), NARROWED.values(), ids=NARROWED)
def test_what_is_run(fleet: Clinics, arguments: list[str], wanted: set[str]) -> None:
    assert ran(fleet, arguments, wanted) == wanted


@pytest.mark.parametrize("case", ["a check", "two clinics", "a part of them", "ordinary tests"])
def test_what_workers_run(fleet: Clinics, case: str) -> None:
    """Each works out anew which paths lead to what its controller has handed over."""
    arguments, _ = NARROWED[case]
    alone, workers = (fleet.run(*arguments, *more) for more in ([], ["-p", "xdist", "-n1"]))
    assert workers.parseoutcomes() == alone.parseoutcomes()


def test_a_click_in_an_editor(fleet: Clinics) -> None:
    """Visual Studio Code gives rootdir, and an absolute path; the options are in its settings."""
    root = fleet.pytester.path
    result = fleet.run(f"--rootdir={root}", ALL, f"{root}/clinics/{ONE}")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["videolink: 1 of 3 clinics*", "melbourne: UNKNOWN: only a part of its checks was run"]
    )
    result.stdout.no_fnmatch_line("*sydney*")


def test_a_click_where_the_folder_is_a_link(fleet: Clinics, tmp_path: Path) -> None:
    """Of a workspace that is a link the editor gives rootdir as that link."""
    link = tmp_path / "linked"
    link.symlink_to(fleet.pytester.path)
    outcomes = fleet.outcomes(f"--rootdir={link}", ALL, f"{link}/clinics/{ONE}")
    assert set(outcomes) == {ONE}


def test_where_an_ini_asks_for_every_clinic(fleet: Clinics) -> None:
    fleet.pytester.makeini("[pytest]\naddopts = --videolink-clinic=*\n")
    assert set(fleet.outcomes(f"clinics/{ONE}")) == {ONE}
    assert len(fleet.outcomes()) == 3 * ITEMS


def test_where_testpaths_are_set(fleet: Clinics) -> None:
    """They are not on the command line, and narrow nothing."""
    fleet.pytester.makeini("[pytest]\ntestpaths = tests clinics/melbourne.yaml\n")
    assert len(fleet.outcomes(ALL)) == 3 * ITEMS


def test_the_clinic_counts_as_a_whole_where_all_of_it_is_run(fleet: Clinics) -> None:
    result = fleet.run(ALL, "clinics/melbourne.yaml")
    result.stdout.fnmatch_lines(["melbourne: READY"])
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("asked", ["*", "perth", "p*"])
def test_a_clinic_file_outside_the_source(fleet: Clinics, asked: str) -> None:
    """The option asks for clinics of the source, so one of them has to be there."""
    draft = fleet.pytester.mkdir("drafts") / "perth.clinic.yaml"
    draft.write_text(to_yaml(right_clinic("perth", "PERTH")))
    fleet.write(right_clinic("perth", "PERTH"))
    outcomes = fleet.outcomes(f"--videolink-clinic={asked}", f"drafts/{draft.name}::{CONNECTED}")
    assert set(outcomes) == {f"drafts/perth.clinic.yaml::{CONNECTED}"}


CONTRADICTIONS = {
    "another clinic": (
        ["--videolink-clinic=melbourne", "clinics/sydney-south.yaml"],
        "clinics/sydney-south.yaml has no clinic of --videolink-clinic=melbourne: leave out one of"
        " the two",
    ),
    "one of two": (
        ["--videolink-clinic=m*", f"clinics/{ONE}", f"clinics/sydney-south.yaml::{CONNECTED}"],
        f"clinics/sydney-south.yaml::{CONNECTED} has no clinic of --videolink-clinic=m*: leave out"
        " one of the two",
    ),
    "a folder of others": (
        ["--videolink-clinic=melbourne", "--videolink-clinic=sydney-north", "clinics/west"],
        "clinics/west has no clinic of --videolink-clinic=melbourne or sydney-north: leave out one"
        " of the two",
    ),
    "a clinic that there is not": (
        ["--videolink-clinic=hobart", f"clinics/{ONE}"],
        "--videolink-clinic=hobart is no clinic in {}, which has 4 clinics; nearest: albany,"
        " melbourne or sydney-north",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_contradiction(fleet: Clinics, arguments: list[str], said: str) -> None:
    """Whatever was run, something that is asked for would not be."""
    fleet.write_file("west/albany.yaml", to_yaml(right_clinic("albany", "ALBANY")))
    result = fleet.run(*arguments)
    assert [line for line in result.errlines if line] == [f"ERROR: {said.format(fleet.folder)}"]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_clinic_that_is_narrowed_to_and_left_out(fleet: Clinics) -> None:
    result = fleet.run(ALL, "clinics/melbourne.yaml", "clinics", "--ignore=clinics/melbourne.yaml")
    assert "nothing was collected of clinic melbourne" in result.stderr.str()
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_the_settings_of_the_page(fleet: Clinics) -> None:
    """What they list, and a click on one of it, as the extension for Python does both."""
    page = Path(__file__).parents[1] / "docs" / "how-to" / "editors.md"
    text = page.read_text(encoding="utf-8").partition("```json")[2].partition("```")[0]
    given = json.loads(text[text.index("{") :])["python.testing.pytestArgs"]
    listed = fleet.run("--collect-only", "-q", *given)
    assert sum("::" in line for line in listed.outlines) == 3 * ITEMS
    root = fleet.pytester.path
    assert set(fleet.outcomes("--rootdir", str(root), *given, f"{root}/clinics/{ONE}")) == {ONE}
