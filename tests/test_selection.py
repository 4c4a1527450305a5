"""Which clinics a run checks: options, ini, paths, patterns, shards."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from support import ITEMS, edited, outcomes_of, right_clinic, to_yaml

import pytest_videolink.session.collection  # noqa: F401  (loaded once for all runs in this process)
from pytest_videolink.reports.shards import part_of

PYTHON_TEST = "def test_a(): pass\n"
NWOSU = [
    name.removeprefix("dr-amara-nwosu::")
    for name in outcomes_of(right_clinic())
    if name.startswith("dr-amara-nwosu::")
]
"""The items of Dr Nwosu in the clinic on which everything is right."""


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    """Three clinics, each on a database of its own."""
    for id in ("melbourne", "sydney-north", "sydney-south"):
        clinics.write(right_clinic(id, id.upper()))
    return clinics


def files(clinics: Clinics, *arguments: str) -> list[str]:
    """The files that items were run of, in order, without the source folder's name."""
    one_each = ["-k", "VL001 or test_a or test_inside"]
    outcomes = clinics.outcomes(*one_each, *arguments)
    return list(dict.fromkeys(id.split("::")[0] for id in outcomes))


def errors(result: pytest.RunResult) -> list[str]:
    """What a run that ended with a usage error says, one clean line each."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    return [line for line in result.errlines if line]


# --videolink-clinic


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["melbourne"], ["melbourne"]),
        (["sydney-south", "melbourne"], ["melbourne", "sydney-south"]),
        (["melbourne", "melbourne"], ["melbourne"]),
        (["sydney-*"], ["sydney-north", "sydney-south"]),
        (["*"], ["melbourne", "sydney-north", "sydney-south"]),
        (["?elbourne"], ["melbourne"]),
        (["sydney-[a-n]*"], ["sydney-north"]),
        (["*-north", "melbourne"], ["melbourne", "sydney-north"]),
        (["sydney-*", "sydney-north"], ["sydney-north", "sydney-south"]),
    ],
)
def test_clinics_by_id_and_pattern(fleet: Clinics, asked: list[str], expected: list[str]) -> None:
    arguments = [f"--videolink-clinic={each}" for each in asked]
    assert files(fleet, *arguments) == [f"{id}.yaml" for id in expected]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("sydney-nort", "is no clinic in {}, which has 3 clinics; nearest: sydney-north"),
        ("Melbourne", "is no clinic in {}, which has 3 clinics; nearest: melbourne"),
        ("melbourne.yaml", "is no clinic in {}, which has 3 clinics; nearest: melbourne"),
        (
            "clinics/the-group/sydney-south.yaml",
            "is no clinic in {}, which has 3 clinics; nearest: sydney-south",
        ),
        (
            "melbourne, sydney-north",
            "is no clinic in {}, which has 3 clinics; write --videolink-clinic=melbourne"
            " --videolink-clinic=sydney-north",
        ),
        ("melbourne,sydney", "is no clinic in {}, which has 3 clinics; nearest: melbourne"),
        (
            "'*'",
            "matches no clinic in {}, which has 3 clinics; the quotes count here (cmd.exe hands"
            " them on): write --videolink-clinic=*",
        ),
        (
            "'melbourne'",
            "is no clinic in {}, which has 3 clinics; the quotes count here (cmd.exe hands them"
            " on): write --videolink-clinic=melbourne",
        ),
        ("perth-*", "matches no clinic in {}, which has 3 clinics; nearest: "),
        ("[", "matches no clinic in {}, which has 3 clinics; nearest: "),
    ],
)
def test_an_unknown_clinic_is_a_usage_error(fleet: Clinics, asked: str, said: str) -> None:
    [line] = errors(fleet.run(f"--videolink-clinic={asked}"))
    assert line.startswith(f"ERROR: --videolink-clinic={asked} {said.format(fleet.folder)}")


def test_where_no_id_is_near_some_are_named(fleet: Clinics) -> None:
    assert errors(fleet.run("--videolink-clinic=xyzzy")) == [
        f"ERROR: --videolink-clinic=xyzzy is no clinic in {fleet.folder}, which has 3 clinics;"
        " nearest: melbourne, sydney-north or sydney-south"
    ]


def test_one_unknown_clinic_among_known_ones_ends_the_run(fleet: Clinics) -> None:
    result = fleet.run("--videolink-clinic=melbourne", "--videolink-clinic=hobart")
    [line] = errors(result)
    assert "--videolink-clinic=hobart is no clinic" in line
    assert "passed" not in result.stdout.str()


def test_a_clinic_alone_collects_no_python_test(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(test_a=PYTHON_TEST)
    fleet.write_file("test_inside.py", PYTHON_TEST)
    assert files(fleet, "--videolink-clinic=melbourne") == ["melbourne.yaml"]


def test_a_clinic_alone_overrules_testpaths(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(**{"tests/test_a": PYTHON_TEST})
    fleet.pytester.makeini("[pytest]\ntestpaths = tests\n")
    assert files(fleet, "--videolink-clinic=melbourne") == ["melbourne.yaml"]


# Paths


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("clinics/melbourne.yaml", ["melbourne.yaml"]),
        ("clinics", ["melbourne.yaml", "sydney-north.yaml", "sydney-south.yaml"]),
        ("clinics/", ["melbourne.yaml", "sydney-north.yaml", "sydney-south.yaml"]),
        ("./clinics/../clinics/melbourne.yaml", ["melbourne.yaml"]),
        ("clinics/melbourne.yaml clinics/melbourne.yaml", ["melbourne.yaml"]),
        (
            "clinics/sydney-south.yaml clinics/melbourne.yaml",
            ["sydney-south.yaml", "melbourne.yaml"],
        ),
    ],
)
def test_paths_in_the_source_need_no_option(fleet: Clinics, path: str, expected: list[str]) -> None:
    assert files(fleet, *path.split()) == expected


def test_an_absolute_path(fleet: Clinics) -> None:
    assert files(fleet, str(fleet.folder / "melbourne.yaml")) == ["melbourne.yaml"]


def test_a_folder_of_the_source(fleet: Clinics) -> None:
    fleet.write_file("west/perth.yaml", to_yaml(right_clinic("perth", "PERTH")))
    assert files(fleet, "clinics/west") == ["west/perth.yaml"]
    assert files(fleet, "--videolink-clinic=perth") == ["west/perth.yaml"]


@pytest.mark.parametrize(
    ("below", "path"),
    [
        ("clinics", "melbourne.yaml"),
        ("clinics", "./melbourne.yaml"),
        ("docs/notes", "../../clinics/melbourne.yaml"),
    ],
)
def test_paths_are_relative_to_the_current_folder(
    fleet: Clinics, monkeypatch: pytest.MonkeyPatch, below: str, path: str
) -> None:
    here = fleet.pytester.path / below
    here.mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(here)
    assert files(fleet, path) == ["melbourne.yaml"]


def test_the_source_folder_from_inside(fleet: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(fleet.folder)
    everything = ["melbourne.yaml", "sydney-north.yaml", "sydney-south.yaml"]
    assert files(fleet, ".") == everything
    assert files(fleet, "--videolink-clinic=*") == everything


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("VL102-synced-recently", ["VL102-synced-recently"]),
        ("dr-amara-nwosu", [f"dr-amara-nwosu::{name}" for name in NWOSU]),
        ("dr-amara-nwosu::VL201-accepts-video", ["dr-amara-nwosu::VL201-accepts-video"]),
        (
            "dr-amara-nwosu::telehealth-video",
            [
                "dr-amara-nwosu::telehealth-video::VL312-pair-bookable",
                "dr-amara-nwosu::telehealth-video::VL500-link-expected",
            ],
        ),
        (
            "dr-amara-nwosu::telehealth-video::VL500-link-expected",
            ["dr-amara-nwosu::telehealth-video::VL500-link-expected"],
        ),
        ("telehealth-video::VL302-video-on", ["telehealth-video::VL302-video-on"]),
    ],
)
def test_node_ids_and_subtrees(harbourside: Clinics, below: str, expected: list[str]) -> None:
    outcomes = harbourside.outcomes(f"clinics/harbourside.yaml::{below}")
    assert list(outcomes) == [f"harbourside.yaml::{name}" for name in expected]


def test_node_ids_of_several_clinics(fleet: Clinics) -> None:
    ids = [
        "melbourne.yaml::dr-li-wei::VL202-linked-to-pms",
        "sydney-south.yaml::VL103-pms-connected",
    ]
    assert list(fleet.outcomes(*(f"clinics/{id}" for id in ids))) == ids


def test_an_unknown_node_id_is_a_usage_error(harbourside: Clinics) -> None:
    result = harbourside.run("clinics/harbourside.yaml::dr-nobody")
    assert errors(result)[0] == (
        f"ERROR: not found: {harbourside.folder}/harbourside.yaml::dr-nobody"
    )


def test_a_file_that_ends_in_clinic_yaml_anywhere(fleet: Clinics) -> None:
    fleet.pytester.mkdir("drafts")
    draft = fleet.pytester.path / "drafts" / "perth.clinic.yaml"
    draft.write_text(to_yaml(right_clinic("perth", "PERTH")))
    outcomes = fleet.outcomes("drafts/perth.clinic.yaml::VL003-recorded-recently")
    assert outcomes == {"drafts/perth.clinic.yaml::VL003-recorded-recently": "passed"}


def test_a_clinic_yaml_file_in_the_source_has_its_stem_as_id(clinics: Clinics) -> None:
    clinics.write_file("perth.clinic.yaml", to_yaml(right_clinic("perth")))
    outcomes = clinics.outcomes("--videolink-clinic=perth")
    assert {id.split("::")[0] for id in outcomes} == {"perth.clinic.yaml"}
    assert set(outcomes.values()) == {"passed"}


def test_other_yaml_files_outside_the_source_are_none_of_ours(fleet: Clinics) -> None:
    outside = fleet.pytester.path / "perth.yaml"
    outside.write_text(to_yaml(right_clinic("perth", "PERTH")))
    draft = fleet.pytester.path / "drafts" / "perth.clinic.yaml"
    draft.parent.mkdir()
    draft.write_text(to_yaml(right_clinic("perth", "PERTH")))
    fleet.pytester.makepyfile(test_a=PYTHON_TEST)
    assert files(fleet, "test_a.py", "clinics/melbourne.yaml") == ["test_a.py", "melbourne.yaml"]


# Paths and --videolink-clinic


def test_a_path_and_a_clinic_collect_both(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(**{"tests/test_a": PYTHON_TEST})
    assert files(fleet, "tests", "--videolink-clinic=melbourne") == [
        "tests/test_a.py",
        "melbourne.yaml",
    ]


def test_a_path_and_a_clinic_collect_nothing_else(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(**{"tests/test_a": PYTHON_TEST})
    fleet.write_file("test_inside.py", PYTHON_TEST)
    ran = files(fleet, "tests/test_a.py", "--videolink-clinic=melbourne")
    assert ran == ["tests/test_a.py", "melbourne.yaml"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("clinics/test_inside.py", ["melbourne.yaml", "test_inside.py"]),
        (".", ["melbourne.yaml", "test_a.py", "test_inside.py"]),
        ("clinics", ["melbourne.yaml", "test_inside.py"]),
    ],
)
def test_paths_around_the_source_and_a_clinic(
    fleet: Clinics, path: str, expected: list[str]
) -> None:
    fleet.pytester.makepyfile(test_a=PYTHON_TEST)
    fleet.write_file("test_inside.py", PYTHON_TEST)
    assert sorted(files(fleet, path, "--videolink-clinic=melbourne")) == expected


def test_a_python_test_in_the_source_alone(fleet: Clinics) -> None:
    fleet.write_file("test_inside.py", PYTHON_TEST)
    assert files(fleet, "clinics/test_inside.py") == ["test_inside.py"]


def test_a_path_with_python_tests_and_clinics(fleet: Clinics) -> None:
    fleet.write_file("test_inside.py", PYTHON_TEST)
    assert files(fleet, "clinics") == [
        "melbourne.yaml",
        "sydney-north.yaml",
        "sydney-south.yaml",
        "test_inside.py",
    ]


def test_testpaths_are_paths(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(**{"tests/test_a": PYTHON_TEST})
    fleet.pytester.makeini("[pytest]\ntestpaths = tests clinics\n")
    assert files(fleet) == [
        "tests/test_a.py",
        "melbourne.yaml",
        "sydney-north.yaml",
        "sydney-south.yaml",
    ]


# The source


def test_the_source_on_the_command_line_is_relative_to_the_current_folder(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = clinics.pytester.mkdir("here")
    monkeypatch.chdir(here)
    (here / "records").mkdir()
    (here / "records" / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    assert files(clinics, "--videolink-source=records", "--videolink-clinic=*") == [
        "here/records/perth.yaml"
    ]


def test_the_source_in_the_ini_is_relative_to_rootdir(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.pytester.makeini("[pytest]\nvideolink_source = data/records\n")
    records = clinics.pytester.path / "data" / "records"
    records.mkdir(parents=True)
    (records / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    monkeypatch.chdir(clinics.pytester.mkdir("here"))
    assert files(clinics, "--videolink-clinic=*") == ["data/records/perth.yaml"]


def test_the_default_source_is_clinics_in_rootdir(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    (harbourside.pytester.path / "here" / "clinics").mkdir(parents=True)
    monkeypatch.chdir(harbourside.pytester.path / "here")
    assert files(harbourside, "--videolink-clinic=*") == ["harbourside.yaml"]


def test_the_option_overrules_the_ini(harbourside: Clinics) -> None:
    harbourside.pytester.makeini("[pytest]\nvideolink_source = nowhere\n")
    ran = files(harbourside, "--videolink-source=clinics", "--videolink-clinic=*")
    assert ran == ["harbourside.yaml"]


def test_a_rootdir_other_than_the_current_folder(harbourside: Clinics) -> None:
    project = harbourside.pytester.path
    ids = harbourside.outcomes(
        f"--rootdir={project.parent}",
        "--videolink-source=clinics",
        "--videolink-clinic=harbourside",
        "-k",
        "VL103",
    )
    assert ids == {f"{project.name}/clinics/harbourside.yaml::VL103-pms-connected": "passed"}


def test_a_source_outside_rootdir(harbourside: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    harbourside.write_file("west/perth.yaml", to_yaml(right_clinic("perth", "PERTH")))
    project = harbourside.pytester.mkdir("project")
    (project / "pytest.ini").write_text("[pytest]\nvideolink_source = ../clinics\n")
    monkeypatch.chdir(project)
    assert harbourside.outcomes("--videolink-clinic=*", "-k", "VL103") == {
        "harbourside.yaml::VL103-pms-connected": "passed",
        "west/perth.yaml::VL103-pms-connected": "passed",
    }
    for folder in ("../clinics", "clinics"):  # its path, and its own id
        outcomes = harbourside.outcomes(f"{folder}/west/perth.yaml::VL103-pms-connected")
        assert outcomes == {"west/perth.yaml::VL103-pms-connected": "passed"}
    whole = harbourside.outcomes("clinics/harbourside.yaml", "-n2", "-p", "xdist")
    assert len(whole) == ITEMS
    missing = "ERROR: file or directory not found: clinics/nowhere.yaml"
    assert missing in errors(harbourside.run("clinics/nowhere.yaml"))


def test_clinics_whose_ids_would_meet_are_refused(
    harbourside: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = harbourside.pytester.mkdir("project")
    paths = ["clinics/perth.clinic.yaml", "../clinics/perth.clinic.yaml"]
    monkeypatch.chdir(project)
    for path in map(Path, paths):
        path.parent.mkdir(exist_ok=True)
        path.write_text(to_yaml(right_clinic("perth", "PERTH")))
    [line] = errors(harbourside.run(f"--rootdir={project}", *paths))
    assert str(project / "clinics" / "perth.clinic.yaml") in line
    assert str(harbourside.folder / "perth.clinic.yaml") in line
    assert "would be one item (clinics/perth.clinic.yaml)" in line


@pytest.mark.parametrize("name", ["our clinics", "clinics [new]", "cliniqués", "a::b", "100%"])
def test_characters_in_the_path(clinics: Clinics, name: str) -> None:
    folder = clinics.pytester.mkdir(name)
    (folder / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    arguments = [f"--videolink-source={name}", "--videolink-clinic=perth", "-k", "VL103"]
    outcomes = clinics.outcomes(*arguments)
    assert outcomes == {f"{name}/perth.yaml::VL103-pms-connected": "passed"}


@pytest.mark.parametrize("name", ["our project", "project [new]", "projét"])
def test_characters_in_the_path_to_rootdir(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    project = clinics.pytester.mkdir(name)
    (project / "pytest.ini").write_text("[pytest]\n")
    (project / "clinics").mkdir()
    (project / "clinics" / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    monkeypatch.chdir(project)
    assert clinics.outcomes("--videolink-clinic=perth", "-k", "VL103") == {
        "perth.yaml::VL103-pms-connected": "passed"
    }
    assert clinics.outcomes("clinics", "-k", "VL103") == {
        "perth.yaml::VL103-pms-connected": "passed"
    }


@pytest.mark.parametrize("name", ["our clinics", "cliniqués"])
def test_a_node_id_with_a_space_or_a_letter_beyond_ascii(clinics: Clinics, name: str) -> None:
    folder = clinics.pytester.mkdir(name)
    (folder / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    id = f"{name}/perth.yaml::dr-li-wei::VL202-linked-to-pms"
    assert clinics.outcomes(f"--videolink-source={name}", id) == {id: "passed"}


def test_a_linked_folder_is_a_source(harbourside: Clinics) -> None:
    (harbourside.pytester.path / "linked").symlink_to("clinics")
    arguments = ["--videolink-source=linked", "-k", "VL103"]
    expected = {"linked/harbourside.yaml::VL103-pms-connected": "passed"}
    assert harbourside.outcomes(*arguments, "--videolink-clinic=*") == expected
    assert harbourside.outcomes(*arguments, "linked/harbourside.yaml") == expected


def test_every_suffix_and_folder_of_a_source(clinics: Clinics) -> None:
    for file in ("albany.yaml", "broome.yml", "w/carnarvon.yaml", "w/x/y/derby.yaml", "esp.YAML"):
        id = Path(file).stem
        clinics.write_file(file, to_yaml(right_clinic(id, id)))
    json = '{"videolink": 1, "clinic": "fremantle"}'
    clinics.write_file("fremantle.json", json)
    for file in ("README.md", "notes.txt", "yaml", "x.yaml.bak", "x.yaml~"):
        clinics.write_file(file, "not a clinic")
    assert sorted(files(clinics, "--videolink-clinic=*")) == [
        "albany.yaml",
        "broome.yml",
        "esp.YAML",
        "fremantle.json",
        "w/carnarvon.yaml",
        "w/x/y/derby.yaml",
    ]


FOLDERS = ("build", "dist", "node_modules", "CVS", "_darcs", "{arch}", "old.egg", "venv")
"""Folders that pytest's norecursedirs leaves out."""


@pytest.mark.parametrize("arguments", [["--videolink-clinic=*"], ["clinics"]])
def test_no_folder_but_a_hidden_one_is_left_out(clinics: Clinics, arguments: list[str]) -> None:
    ids = {folder: f"clinic-{number}" for number, folder in enumerate(FOLDERS)}
    for folder, id in ids.items():
        clinics.write_file(f"{folder}/{id}.yaml", to_yaml(right_clinic(id, id)))
    clinics.write_file("venv/pyvenv.cfg", "")
    clinics.write_file("venv/conda-meta/history", "")
    for hidden in (".git/config.yaml", ".hidden/perth.yaml", ".perth.yaml", "build/.x.yaml"):
        clinics.write_file(hidden, to_yaml(right_clinic("perth")))
    ran = files(clinics, *arguments)
    assert sorted(ran) == sorted(f"{folder}/{id}.yaml" for folder, id in ids.items())


def test_a_source_below_a_folder_that_pytest_leaves_out(clinics: Clinics) -> None:
    folder = clinics.pytester.path / "build" / "dist"
    folder.mkdir(parents=True)
    (folder / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    ran = files(clinics, "--videolink-source=build/dist", "--videolink-clinic=perth")
    assert ran == ["build/dist/perth.yaml"]


@pytest.mark.parametrize("arguments", [["--videolink-clinic=*"], ["--videolink-clinic=perth"]])
def test_a_missing_source(clinics: Clinics, arguments: list[str]) -> None:
    missing = clinics.pytester.path / "missing"
    assert errors(clinics.run("--videolink-source=missing", *arguments)) == [
        f"ERROR: there is no folder {missing}: name the folder of your clinic files with"
        " --videolink-source=DIR or the ini option videolink_source"
    ]


@pytest.mark.parametrize("arguments", [["--videolink-clinic=*"], ["--videolink-clinic=perth"]])
def test_an_empty_source(clinics: Clinics, arguments: list[str]) -> None:
    clinics.write_file("README.md", "The clinics go here.")
    clinics.write_file(".perth.yaml", to_yaml(right_clinic("perth")))
    assert errors(clinics.run(*arguments)) == [
        f"ERROR: there is no clinic file (.yaml, .yml, .json or .xlsx) in {clinics.folder}: put the"
        " clinics' documents there, or name their folder with --videolink-source=DIR"
    ]


def test_a_source_that_is_a_file(harbourside: Clinics) -> None:
    file = harbourside.folder / "harbourside.yaml"
    [line] = errors(harbourside.run(f"--videolink-source={file}", "--videolink-clinic=*"))
    assert line.startswith(f"ERROR: there is no folder {file}")


def test_a_selected_clinic_that_pytest_was_told_to_leave_out(fleet: Clinics) -> None:
    result = fleet.run("--videolink-clinic=*", "--ignore=clinics/melbourne.yaml")
    assert errors(result) == [
        "ERROR: nothing was collected of clinic melbourne: an option or a conftest.py leaves the"
        " file out (--ignore, collect_ignore)"
    ]


def test_the_header_says_what_is_checked_and_when(fleet: Clinics) -> None:
    result = fleet.run("--videolink-clinic=sydney-*")
    result.stdout.fnmatch_lines(
        ["videolink: 2 of 3 clinics, checked as of 2026-11-23T09:00+11:00*"]
    )


# Shards


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("1/1", ["melbourne", "sydney-north", "sydney-south"]),
        ("1/2", ["sydney-north"]),
        ("2/2", ["melbourne", "sydney-south"]),
        ("1/3", []),
        ("2/3", []),
        ("3/3", ["melbourne", "sydney-north", "sydney-south"]),
        ("3/8", ["sydney-north"]),
    ],
)
def test_a_part_is_by_a_hash_of_the_id(fleet: Clinics, part: str, expected: list[str]) -> None:
    for arguments in (["--videolink-clinic=*"], ["clinics"]):
        ran = files(fleet, *arguments, f"--videolink-shard={part}")
        assert ran == [f"{id}.yaml" for id in expected]


def test_a_part_is_of_those_that_are_selected(fleet: Clinics) -> None:
    ran = files(fleet, "--videolink-clinic=sydney-north", "--videolink-shard=1/2")
    assert ran == ["sydney-north.yaml"]
    assert not files(fleet, "--videolink-clinic=sydney-north", "--videolink-shard=2/2")


def test_it_makes_no_difference_where_the_files_lie(clinics: Clinics) -> None:
    where = {"albany": "z/", "broome": "", "carnarvon": "a/"}
    for id, folder in where.items():
        clinics.write_file(f"{folder}{id}.yaml", to_yaml(right_clinic(id, id)))
    for number in (1, 2):
        ran = files(clinics, "--videolink-clinic=*", f"--videolink-shard={number}/2")
        ids = [id for id in where if part_of(id, 2) == number]
        assert sorted(ran) == sorted(f"{where[id]}{id}.yaml" for id in ids)


def test_two_files_for_one_id_are_in_one_part(clinics: Clinics) -> None:
    for file in ("albany.yaml", "west/albany.json", "broome.yaml", "carnarvon.yaml"):
        id = Path(file).stem
        clinics.write_file(file, json.dumps(right_clinic(id, id)))
    parts = [
        files(clinics, "--videolink-clinic=*", f"--videolink-shard={part}/3") for part in (1, 2, 3)
    ]
    albany = part_of("albany", 3)
    assert [file for file in parts[albany - 1] if "albany" in file] == [
        "albany.yaml",
        "west/albany.json",
    ]
    assert sorted(file for part in parts for file in part) == [
        "albany.yaml",
        "broome.yaml",
        "carnarvon.yaml",
        "west/albany.json",
    ]


def test_the_parts_together_are_the_whole(fleet: Clinics) -> None:
    whole = fleet.outcomes("--videolink-clinic=*")
    parts = [
        fleet.outcomes("--videolink-clinic=*", f"--videolink-shard={part}/5")
        for part in range(1, 6)
    ]
    assert sum(map(len, parts)) == len(whole) == 3 * ITEMS
    assert {id: outcome for part in parts for id, outcome in part.items()} == whole


def test_a_part_of_files_and_node_ids(fleet: Clinics) -> None:
    fleet.pytester.makepyfile(test_a=PYTHON_TEST)
    arguments = [
        "test_a.py",
        "clinics/melbourne.yaml::VL103-pms-connected",
        "clinics/sydney-north.yaml",
        "-k",
        "VL103 or test_a",
    ]
    for number in range(1, 3):
        ran = files(fleet, *arguments, f"--videolink-shard={number}/2")
        ids = [id for id in ("melbourne", "sydney-north") if part_of(id, 2) == number]
        assert ran == ["test_a.py", *(f"{id}.yaml" for id in ids)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--videolink-clinic=*"],
        ["--videolink-clinic=*", "-q"],
        ["clinics/melbourne.yaml", "clinics/sydney-north.yaml"],
    ],
)
def test_an_empty_part_exits_0_and_says_so(fleet: Clinics, arguments: list[str]) -> None:
    result = fleet.run(*arguments, "--videolink-shard=1/8")
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes()
    result.stdout.fnmatch_lines(["Part 1/8 holds no clinic: there is nothing to check in it."])


def test_an_empty_part_of_a_folder_on_the_command_line(fleet: Clinics) -> None:
    result = fleet.run("clinics", "--videolink-shard=1/8")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["Part 1/8 holds no clinic: there is nothing to check in it."])


@pytest.mark.parametrize(
    "part", ["0/2", "3/2", "1", "1/0", "0/0", "a/b", "-1/2", "+1/2", "1/2/3", "1.5/2", "/"]
)
def test_a_bad_part_is_a_usage_error(fleet: Clinics, part: str) -> None:
    assert errors(fleet.run("--videolink-clinic=*", f"--videolink-shard={part}")) == [
        f"ERROR: --videolink-shard={part}: expected K/N with K from 1 to N, such as 2/8"
    ]


def test_an_unknown_clinic_is_an_error_in_every_part(fleet: Clinics) -> None:
    [line] = errors(fleet.run("--videolink-clinic=hobart", "--videolink-shard=2/2"))
    assert "--videolink-clinic=hobart is no clinic" in line


def test_a_path_that_is_not_there_is_an_error_in_every_part(fleet: Clinics) -> None:
    for part in ("1/2", "2/2"):
        arguments = ["clinics/melbourne.yaml", "clinics/nowhere.yaml"]
        result = fleet.run(*arguments, f"--videolink-shard={part}")
        assert errors(result) == ["ERROR: file or directory not found: clinics/nowhere.yaml"]


# What is read off the clock and the other numbers


def wrong(clinics: Clinics, *arguments: str) -> list[str]:
    outcomes = clinics.outcomes("--videolink-clinic=harbourside", *arguments)
    return [id.split("::")[-1] for id, outcome in outcomes.items() if outcome == "failed"]


SYNCED, RECENT = "VL102-synced-recently", "VL003-recorded-recently"


@pytest.mark.parametrize(
    ("ini", "arguments", "expected"),
    [
        ("", [], []),
        ("", ["--videolink-sync-window=5"], []),
        ("", ["--videolink-sync-window=4"], [SYNCED]),
        ("", ["--videolink-sync-window=0"], [SYNCED]),
        ("", ["--videolink-max-age=0"], [RECENT]),
        ("", ["--videolink-max-age=1"], []),
        ("videolink_sync_window = 4", [], [SYNCED]),
        ("videolink_sync_window = 4", ["--videolink-sync-window=5"], []),
        ("videolink_max_age = 0", [], [RECENT]),
        ("videolink_max_age = 0", ["--videolink-max-age=1"], []),
        ("videolink_max_age = 1", ["--videolink-max-age=0"], [RECENT]),
    ],
)
def test_the_numbers(
    harbourside: Clinics, ini: str, arguments: list[str], expected: list[str]
) -> None:
    harbourside.pytester.makeini(f"[pytest]\n{ini}\n")
    assert wrong(harbourside, *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "window"),
    [([], "15 minutes"), (["--videolink-sync-window=90"], "1 hour 30 minutes")],
)
def test_the_default_window_is_15_minutes(
    clinics: Clinics, arguments: list[str], window: str
) -> None:
    clinics.write(edited(right_clinic(), {"dashboard.last_synced": "2026-11-23T06:59:59+11:00"}))
    result = clinics.run("--videolink-clinic=harbourside", "-k", "VL102", *arguments)
    result.stdout.fnmatch_lines([f"*links usually appear within {window}."])


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T08:30:00+11:00", []),
        ("2026-11-23T08:29:59+11:00", [RECENT]),
        ("2026-11-22T21:30:00Z", []),
        ("2026-11-22T21:30Z", []),
        ("2026-12-23 08:30:00+11:00", []),
        ("2026-12-23T08:30:01+1100", [RECENT]),
    ],
)
def test_the_clock(harbourside: Clinics, now: str, expected: list[str]) -> None:
    assert wrong(harbourside, f"--videolink-now={now}") == expected


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23T09:00:00", "expected an offset, such as +11:00, at the end"),
        ("2026-11-23", "expected a time such as 2026-11-23T08:30:00+11:00"),
        ("now", "expected a time such as 2026-11-23T08:30:00+11:00"),
        ("1795384800", "expected a time such as 2026-11-23T08:30:00+11:00"),
        (
            "2026-02-30T09:00:00+11:00",
            "there is no such time; check day, month, hour and minute",
        ),
    ],
)
def test_a_bad_clock_is_a_usage_error(harbourside: Clinics, now: str, said: str) -> None:
    result = harbourside.run("--videolink-clinic=harbourside", f"--videolink-now={now}")
    assert errors(result) == [f"ERROR: --videolink-now={now}: {said}"]


@pytest.mark.parametrize("option", ["--videolink-sync-window", "--videolink-max-age"])
def test_a_number_out_of_range_is_a_usage_error(harbourside: Clinics, option: str) -> None:
    for value in ("-1", "999999999"):
        [line] = errors(harbourside.run("--videolink-clinic=harbourside", f"{option}={value}"))
        name = option.removeprefix("--").replace("-", "_")
        assert line.startswith(f"ERROR: {name} is {value}: expected a number from 0 to ")


@pytest.mark.parametrize("option", ["--videolink-sync-window", "--videolink-max-age"])
def test_what_is_no_number_is_a_usage_error(harbourside: Clinics, option: str) -> None:
    for value in ("soon", "1.5", ""):
        result = harbourside.run("--videolink-clinic=harbourside", f"{option}={value}")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"*argument {option}: invalid int value: '{value}'"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pytest.ini", "[pytest]\nvideolink_sync_window = soon\n", "*videolink_sync_window*"),
        ("pytest.ini", "[pytest]\nvideolink_max_age = 1.5\n", "*videolink_max_age*"),
        ("pytest.ini", "[pytest]\nvideolink_max_age = -1\n", "*videolink_max_age*-1*"),
        ("pyproject.toml", '[tool.pytest]\nvideolink_max_age = "30"\n', "*videolink_max_age*"),
        ("pyproject.toml", "[tool.pytest]\nvideolink_max_age = true\n", "*videolink_max_age*"),
        ("pyproject.toml", "[tool.pytest]\nvideolink_source = 3\n", "*videolink_source*"),
        ("pyproject.toml", '[tool.pytest]\nvideolink_source = ["a"]\n', "*videolink_source*"),
    ],
)
def test_a_bad_ini_value_is_a_usage_error(
    harbourside: Clinics, name: str, text: str, said: str
) -> None:
    (harbourside.pytester.path / "tox.ini").unlink()
    (harbourside.pytester.path / name).write_text(text)
    [line] = errors(harbourside.run("--videolink-clinic=harbourside"))
    assert line.startswith("ERROR: ")
    pytest.LineMatcher([line]).fnmatch_lines([said])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\nvideolink_source = records\nvideolink_max_age = 0\n"),
        ("tox.ini", "[pytest]\nvideolink_source = records\nvideolink_max_age = 0\n"),
        ("setup.cfg", "[tool:pytest]\nvideolink_source = records\nvideolink_max_age = 0\n"),
        ("pytest.toml", '[pytest]\nvideolink_source = "records"\nvideolink_max_age = 0\n'),
        ("pyproject.toml", '[tool.pytest]\nvideolink_source = "records"\nvideolink_max_age = 0\n'),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\nvideolink_source = "records"\nvideolink_max_age = "0"\n',
        ),
    ],
)
def test_every_form_of_configuration_file(clinics: Clinics, name: str, text: str) -> None:
    project = clinics.pytester.path
    (project / "tox.ini").unlink()
    (project / name).write_text(text)
    (project / "records").mkdir()
    (project / "records" / "perth.yaml").write_text(to_yaml(right_clinic("perth")))
    outcomes = clinics.outcomes("--videolink-clinic=perth", "-k", "VL003", "--strict-config")
    assert outcomes == {"records/perth.yaml::VL003-recorded-recently": "failed"}


def test_no_waivers(clinics: Clinics) -> None:
    waiver = {"check": "VL103", "reason": "being moved", "owner": "Kim", "until": "2026-12-31"}
    clinics.write(edited(right_clinic(), {"pms.connected": False, "waivers": [waiver]}))
    arguments = ["--videolink-clinic=harbourside", "-k", "VL103 or VL004"]
    assert list(clinics.outcomes(*arguments).values()) == ["passed", "xfailed"]
    assert list(clinics.outcomes(*arguments, "--videolink-no-waivers").values()) == [
        "passed",
        "failed",
    ]


# Options that read no source


@pytest.mark.parametrize(
    ("option", "lines"),
    [
        ("--help", ["telehealth video links (pytest-videolink):", "*--videolink-clinic=ID*"]),
        ("--markers", ["@pytest.mark.videolink(check, scope, severity, clinic): *"]),
        (
            "--videolink-checks",
            ["VL201-accepts-video *practitioner *error *", "VL601-approval-automatic * warning *"],
        ),
        ("--videolink-explain=VL201", ["VL201 accepts-video", "*How to fix it*", "*1. *"]),
    ],
)
def test_they_read_no_source(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, option: str, lines: list[str]
) -> None:
    opened, file = os.open, clinics.folder / "harbourside.yaml"

    def refuse(name: Any, *arguments: Any, **options: Any) -> Any:
        assert name != file, f"{name} is read"
        return opened(name, *arguments, **options)

    clinics.write(harbourside="[not a clinic")
    monkeypatch.setattr("os.open", refuse)
    clinics.run("--videolink-clinic=*").stdout.fnmatch_lines(["*harbourside.yaml is read*"])
    for arguments in (
        [],
        ["clinics"],
        ["--videolink-clinic=harbourside"],
        ["--videolink-clinic=*", "--videolink-source=missing", "--videolink-shard=9/1"],
    ):
        result = clinics.run(option, *arguments)
        assert result.ret == pytest.ExitCode.OK
        result.stdout.fnmatch_lines(lines)


@pytest.mark.parametrize("option", ["--videolink-checks", "--videolink-explain=VL201"])
def test_the_catalogue_runs_no_test(harbourside: Clinics, option: str) -> None:
    harbourside.pytester.makepyfile(test_a="def test_a(): assert 0")
    result = harbourside.run(option)
    assert result.ret == pytest.ExitCode.OK
    assert "test session starts" not in result.stdout.str()


@pytest.mark.parametrize("name", ["VL201", "vl201", "accepts-video", "VL201-accepts-video"])
def test_explain_takes_an_id_or_a_slug(clinics: Clinics, name: str) -> None:
    result = clinics.run(f"--videolink-explain={name}")
    assert result.ret == pytest.ExitCode.OK
    assert result.outlines[0] == "VL201 accepts-video"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("VL999", ""), ("acepts-video", "accepts-video")],
)
def test_explain_of_an_unknown_check_is_a_usage_error(
    clinics: Clinics, name: str, nearest: str
) -> None:
    [line] = errors(clinics.run(f"--videolink-explain={name}"))
    assert line.startswith(f"ERROR: there is no check {name}; nearest: {nearest}")
    assert line.endswith(" (see --videolink-checks)")


def test_help_names_every_option_with_its_ini(clinics: Clinics) -> None:
    text = clinics.run("--help").stdout.str()
    for option in (
        "--videolink-clinic=ID",
        "--videolink-source=DIR",
        "--videolink-now=ISO",
        "--videolink-sync-window=MIN",
        "--videolink-max-age=DAYS",
        "--videolink-no-waivers",
        "--videolink-shard=K/N",
        "--videolink-checks",
        "--videolink-explain=",
    ):
        assert option in text
    for ini in ("videolink_source (string):", "videolink_sync_window (int):", "videolink_max_age"):
        assert ini in text


def test_without_an_option_or_a_path_nothing_is_collected(harbourside: Clinics) -> None:
    harbourside.pytester.makepyfile(test_a=PYTHON_TEST)
    result = harbourside.pytester.runpytest_inprocess("-p", "videolink", CLOCK)
    result.assert_outcomes(passed=1)
    assert "harbourside" not in result.stdout.str()


def test_a_file_that_cannot_be_read_is_no_matter_of_a_run_without_clinics(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, so the system's refusal is played."""

    read = Path.read_bytes

    def refuse(file: Path) -> bytes:
        if file.suffix == ".json":
            raise PermissionError(13, "Permission denied")
        return read(file)

    folder = clinics.pytester.mkdir("elsewhere").joinpath("clinics")
    folder.mkdir()
    (folder / "data.json").write_text("{}")
    (folder / "test_own.py").write_text("def test_own(): pass\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    clinics.run("elsewhere/clinics").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--videolink-clinic=harbourside"],
            "and clinics lie here: --videolink-source=clinics",
        ),
        (
            ["clinics/harbourside.yaml"],
            "clinics/harbourside.yaml is a clinic outside the source, elsewhere/clinics"
            " (videolink_source, or clinics in rootdir, {}): add --videolink-source=clinics",
        ),
        (["clinics"], "clinics is a folder of clinics outside the source, elsewhere/clinics"),
    ],
)
def test_a_rootdir_elsewhere_is_told_with_the_folder_that_is_meant(
    harbourside: Clinics, arguments: list[str], said: str
) -> None:
    root = harbourside.pytester.mkdir("elsewhere")
    result = harbourside.run(f"--rootdir={root}", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said.format(root) in " ".join(result.stderr.str().replace("\\", "/").split())
    assert harbourside.run(f"--rootdir={root}", *arguments, "--videolink-source=clinics").ret == 0


@pytest.mark.parametrize(
    ("ini", "folder", "here", "said"),
    [
        ("", "clinics", "notes", "above: --videolink-source=../clinics"),
        ("", "clinics", "notes/2026", "above: --videolink-source=../../clinics"),
        (
            "videolink_source = own/records",
            "own/records",
            "",
            "here: --videolink-source=own/records",
        ),
        ("videolink_source = records", "records", "notes", "above: --videolink-source=../records"),
        ("videolink_source = records", "clinics", "clinics", "here: --videolink-source=."),
    ],
)
def test_a_source_that_is_missing_is_told_with_the_folder_that_is_meant(
    harbourside: Clinics, ini: str, folder: str, here: str, said: str
) -> None:
    """As where the settings lie apart, and where pytest is run below the project."""
    project = harbourside.pytester.mkdir("project")
    (project / folder).parent.mkdir(exist_ok=True)
    harbourside.folder.rename(project / folder)
    (project / here).mkdir(parents=True, exist_ok=True)
    settings = harbourside.pytester.mkdir("settings") / "pytest.ini"
    settings.write_text(f"[pytest]\n{ini}\n")
    os.chdir(project / here)
    result = harbourside.run(f"--config-file={settings}", "--videolink-clinic=harbourside")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    text = " ".join(result.stderr.str().replace("\\", "/").split())
    assert f"rootdir is {settings.parent}, and clinics lie {said}" in text
    hint = said.partition(": ")[2]
    again = harbourside.run(f"--config-file={settings}", "--videolink-clinic=harbourside", hint)
    assert again.ret == pytest.ExitCode.OK


def test_other_yaml_and_folders_with_tests_are_left_alone(harbourside: Clinics) -> None:
    root = harbourside.pytester.mkdir("elsewhere")
    (harbourside.folder / "test_a.py").write_text("def test_a(): pass\n")
    harbourside.run(f"--rootdir={root}", "clinics").assert_outcomes(passed=1)
