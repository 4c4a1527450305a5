"""Folders and files as people name them: none is passed over, or taken for another."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics
from service import Service
from support import edited, right_clinic, to_yaml

ASKED, ALL = "--videolink-clinic=harbourside", "--videolink-clinic=*"
USAGE = pytest.ExitCode.USAGE_ERROR
PERTH = to_yaml(right_clinic("perth", "PERTH"))
PYTHON_TEST = "def test_a(): pass\n"


def errors(result: pytest.RunResult) -> list[str]:
    """What a run that ended with a usage error says, and that it checked nothing."""
    assert result.ret == USAGE, result.stdout.str()
    assert "READY" not in result.stdout.str()
    return [line for line in result.errlines if line]


# Clinics outside the source


def told(document: str, ignore: bool = False, source: str = "clinics") -> str:
    place = os.path.dirname(document)
    or_else = f", or leave it out: --ignore={place}" if ignore else ""
    return (
        f"ERROR: {document} is a clinic's document outside the source, {source}, so this run would"
        " not check it: check each in a run of its own, pytest"
        f" --videolink-source={source} '--videolink-clinic=*' and pytest"
        f" --videolink-source={place} '--videolink-clinic=*'{or_else}"
    )


STAGING = "staging/perth.yaml"
STRAYS: dict[str, tuple[list[str], str, str]] = {
    "a second folder": (["clinics", "staging"], STAGING, told(STAGING)),
    "in the other order": (["staging", "clinics"], STAGING, told(STAGING)),
    "beside clinics by name": ([ALL, "staging"], STAGING, told(STAGING)),
    "beside a clinic": (["clinics/harbourside.yaml", "staging"], STAGING, told(STAGING)),
    "a file": ([ASKED, STAGING], STAGING, told(STAGING)),
    "a node id": ([ASKED, f"{STAGING}::VL103-pms-connected"], STAGING, told(STAGING)),
    "a file in capitals": ([ASKED, "staging"], "staging/PERTH.YAML", told("staging/PERTH.YAML")),
    "deep below": (
        [ASKED, "tests"],
        "tests/data/west/perth.yaml",
        told("tests/data/west/perth.yaml", ignore=True),
    ),
    "below the project": ([ASKED, "."], STAGING, told(STAGING, ignore=True)),
    "a file that says so by its name": (
        [ASKED, "drafts"],
        "drafts/perth.clinic.yaml",
        told("drafts/perth.clinic.yaml"),
    ),
}


@pytest.mark.parametrize(("arguments", "document", "said"), STRAYS.values(), ids=STRAYS)
def test_a_clinic_outside_the_source(
    harbourside: Clinics, arguments: list[str], document: str, said: str
) -> None:
    harbourside.put(document, PERTH)
    assert errors(harbourside.run(*arguments)) == [said]


def test_testpaths_name_folders_too(harbourside: Clinics) -> None:
    harbourside.put(STAGING, PERTH)
    harbourside.pytester.makeini("[pytest]\ntestpaths = clinics staging\n")
    assert errors(harbourside.run()) == [told(STAGING)]


def test_what_testpaths_name_is_not_run_where_clinics_alone_are(harbourside: Clinics) -> None:
    harbourside.put(STAGING, PERTH)
    harbourside.pytester.makeini("[pytest]\ntestpaths = staging\n")
    assert harbourside.files(ASKED) == {"clinics/harbourside.yaml"}


def test_two_projects_each_with_clinics_of_its_own(clinics: Clinics) -> None:
    """As with two work trees of one repository: rootdir is that of the first."""
    clinics.folder.rmdir()
    (clinics.pytester.path / "tox.ini").unlink()
    for project in ("a", "b"):
        clinics.put(f"{project}/pytest.ini", "[pytest]\n")
        clinics.put(f"{project}/clinics/perth.yaml", PERTH)
    for one, other in (("a", "b"), ("b", "a")):
        result = clinics.run(f"{one}/clinics", f"{other}/clinics")
        assert errors(result) == [told(f"{other}/clinics/perth.yaml", source=f"{one}/clinics")]


def test_what_is_said_to_do_does_it(harbourside: Clinics) -> None:
    harbourside.put("staging/perth.yaml", PERTH)
    assert harbourside.files("--videolink-source=staging", ALL) == {"staging/perth.yaml"}
    for ignored in ("--ignore=staging", "--ignore-glob=stag*"):
        assert harbourside.files(ALL, ".", ignored) == {"clinics/harbourside.yaml"}


def test_a_folder_that_a_link_leads_to(harbourside: Clinics, tmp_path: Path) -> None:
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "perth.yaml").write_text(PERTH)
    (harbourside.pytester.path / "tests").mkdir()
    (harbourside.pytester.path / "tests" / "more").symlink_to(tmp_path / "away")
    expected = told("tests/more/perth.yaml", ignore=True)
    assert errors(harbourside.run(ASKED, "tests")) == [expected]


def test_a_folder_beside_a_service(harbourside: Clinics, serve: Callable[..., Service]) -> None:
    service = serve(right_clinic("perth", "PERTH"))
    result = harbourside.run(f"--videolink-source={service.url}", ALL, "clinics")
    assert errors(result) == [told("clinics/harbourside.yaml", source=service.url)]
    assert "/clinics/perth" not in service.calls


def test_what_was_fetched_beside_a_folder(
    harbourside: Clinics, serve: Callable[..., Service]
) -> None:
    service = serve(right_clinic("perth", "PERTH"))
    kept = [f"--videolink-source={service.url}", "--videolink-snapshot=kept"]
    assert harbourside.run(*kept, ALL).ret == pytest.ExitCode.OK
    assert errors(harbourside.run(ALL, "kept")) == [told("kept/perth.yaml")]
    assert harbourside.files(ALL, ".") == {"clinics/harbourside.yaml"}


MISTAKEN = {
    "no version": re.sub("videolink: 1\n", "", PERTH),
    "no list of types": PERTH.partition("appointment_types:\n-")[0],
    "an unclosed quote": PERTH.replace("name: Perth", 'name: "Perth'),
    "a tab": PERTH.replace("pms:\n  system", "pms:\n\tsystem"),
    "a byte-order mark": f"\ufeff{PERTH}",
    "quoted keys": re.sub(r"(?m)^(\w+):", r'"\1":', PERTH),
    "the least": "videolink: 1\nclinic: perth\nname: P\ntimezone: UTC\npms: {system: a}\n",
    "one line": "{videolink: 1, clinic: perth, name: P, timezone: UTC, pms: {system: a}}\n",
}


@pytest.mark.parametrize("text", MISTAKEN.values(), ids=MISTAKEN)
def test_a_document_with_mistakes_is_one(harbourside: Clinics, text: str) -> None:
    harbourside.put(STAGING, text)
    assert errors(harbourside.run("clinics", "staging")) == [told(STAGING)]


@pytest.mark.parametrize("broken", ["", "}"])
def test_a_document_in_json_is_one(harbourside: Clinics, broken: str) -> None:
    text = json.dumps(right_clinic("perth", "PERTH"), indent=2)
    harbourside.put("staging/perth.json", text + broken)
    assert errors(harbourside.run("clinics", "staging")) == [told("staging/perth.json")]


OTHERS = {
    "values.yaml": "videolink:\n  enabled: true\n  clinic: perth\n",
    "fixture.yaml": "clinic: perth\npractitioners: [a, b]\n",
    "compose.yml": "services:\n  videolink: {image: a}\n  clinic: {image: b}\n  pms: {image: c}\n",
    "openapi.yaml": "paths:\n  /clinics:\n    videolink: 1\n    clinic: a\n    pms: b\n",
    "list.yaml": "- videolink: 1\n- clinic: perth\n- pms: a\n- practitioners: []\n",
    "words.yaml": "# videolink clinic pms practitioners appointment_types\na: b\n",
    "broken.yaml": "a: [\nvideolink clinic pms practitioners\n",
    "list.json": '{"clinics": [{"clinic": "a", "pms": {}, "videolink": 1}]}',
    "package.json": '{"name": "videolink-clinic-pms"}',
    "latin.yaml": "clinic: Zo\xeb",
    "empty.yaml": "",
    "readme.md": "videolink: 1\nclinic: perth\npms: a\n",
    ".hidden.yaml": PERTH,
    ".hidden/perth.yaml": PERTH,
    "node_modules/perth.yaml": PERTH,
    "venv/pyvenv.cfg": "",
    "venv/perth.yaml": PERTH,
    "ignored/perth.yaml": PERTH,
    "conftest.py": "collect_ignore = ['ignored']\n",
}
"""What lies in many a folder of tests, and is no clinic's document, or is none of pytest's."""


def test_yaml_of_another_kind_is_none(harbourside: Clinics) -> None:
    for name, text in OTHERS.items():
        harbourside.put(f"tests/{name}", text)
    harbourside.put("tests/test_a.py", PYTHON_TEST)
    schema = Path(__file__).parents[1] / "docs" / "clinic.schema.json"
    harbourside.put("tests/clinic.schema.json", schema.read_text(encoding="utf-8"))
    expected = {"clinics/harbourside.yaml", "tests/test_a.py"}
    for arguments in (["clinics", "tests"], [ASKED, "tests"], [ASKED, "."]):
        assert harbourside.files(*arguments) == expected


def test_a_report_of_ours_is_none(harbourside: Clinics) -> None:
    report = "--videolink-report=tests/report.json"
    for _ in range(2):
        assert harbourside.files(ASKED, "clinics", report) == {"clinics/harbourside.yaml"}
    harbourside.put("tests/test_a.py", PYTHON_TEST)
    assert "tests/test_a.py" in harbourside.files(ASKED, "tests")


@pytest.mark.parametrize("arguments", [[], ["."], ["staging"], ["staging", "tests"], ["tests"]])
def test_a_run_that_asks_for_no_clinic_is_left_alone(
    harbourside: Clinics, arguments: list[str]
) -> None:
    harbourside.put(STAGING, PERTH)
    harbourside.put("staging/test_b.py", PYTHON_TEST)
    harbourside.put("tests/test_a.py", PYTHON_TEST)
    result = harbourside.run(*arguments)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*videolink[: ]*")


# Links


@pytest.fixture
def linked(harbourside: Clinics, tmp_path: Path) -> Clinics:
    """A project with clinics in a folder and one below it, and links to all of that."""
    harbourside.put("clinics/west/perth.yaml", PERTH)
    root = harbourside.pytester.path
    (root / "current").symlink_to("clinics")
    (root / "west").symlink_to(root / "clinics" / "west")
    (root / "one.yaml").symlink_to("clinics/harbourside.yaml")
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "above").symlink_to(root.parent)
    return harbourside


HARBOURSIDE, WEST = "clinics/harbourside.yaml", "clinics/west/perth.yaml"
LINKED: dict[str, tuple[list[str], set[str]]] = {
    "a link to the source": (["current/harbourside.yaml"], {HARBOURSIDE}),
    "the link itself": (["current"], {HARBOURSIDE, WEST}),
    "a folder of it": (["current/west"], {WEST}),
    "a link to a folder in it": (["west"], {WEST}),
    "a file there": (["west/perth.yaml"], {WEST}),
    "a link to a file": (["one.yaml"], {HARBOURSIDE}),
    "two ways": (["clinics/harbourside.yaml", "current/harbourside.yaml"], {HARBOURSIDE}),
    "a node id": (["current/west/perth.yaml::VL103-pms-connected"], {WEST}),
    "beside --videolink-clinic": ([ALL, "current/harbourside.yaml"], {HARBOURSIDE}),
    "an absolute path": (["{root}/current/harbourside.yaml"], {HARBOURSIDE}),
    "a path through another project's link": (["{links}/link/clinics/west"], {WEST}),
    "a linked rootdir": (["--rootdir={links}/link", "clinics/harbourside.yaml"], {HARBOURSIDE}),
    "a linked rootdir, by name": (["--rootdir={links}/link", ASKED], {HARBOURSIDE}),
    "a rootdir below a link": (["--rootdir={links}/above/{name}", "clinics/west"], {WEST}),
    "a linked rootdir, and the source": (
        ["--rootdir={links}/link", "--videolink-source=clinics", ASKED],
        {HARBOURSIDE},
    ),
    "a linked rootdir, and the source's real path": (
        ["--rootdir={links}/link", "--videolink-source={root}/clinics", "clinics/west"],
        {WEST},
    ),
    "a linked rootdir, and a path through it": (
        ["--rootdir={links}/link", "{links}/link/clinics/harbourside.yaml"],
        {HARBOURSIDE},
    ),
    "a configuration file through a link": (["-c", "{links}/link/tox.ini", "clinics/west"], {WEST}),
}


@pytest.mark.parametrize(("arguments", "expected"), LINKED.values(), ids=LINKED)
def test_every_way_leads_to_the_same_ids(
    linked: Clinics, tmp_path: Path, arguments: list[str], expected: set[str]
) -> None:
    root = linked.pytester.path
    given = [each.format(root=root, links=tmp_path, name=root.name) for each in arguments]
    assert linked.files(*given) == expected


def test_the_ids_of_clinics_of_a_deep_source(linked: Clinics, tmp_path: Path) -> None:
    """Outside rootdir ids would begin with the source's name alone."""
    linked.put("data/fleet/perth.yaml", PERTH)
    for more in ([], [f"--rootdir={tmp_path}/link"]):
        arguments = ["--videolink-source=data/fleet", *more]
        assert linked.files(*arguments, ALL) == {"data/fleet/perth.yaml"}
        assert linked.files(*arguments, "data/fleet") == {"data/fleet/perth.yaml"}


def test_lf_through_a_link(linked: Clinics, tmp_path: Path) -> None:
    linked.write(edited(right_clinic(), {"pms.connected": False}))
    failing = {f"{HARBOURSIDE}::VL103-pms-connected"}
    rootdir = f"--rootdir={tmp_path}/link"
    for arguments in (["current"], ["current", "--lf"], [rootdir, "clinics", "--lf"]):
        outcomes = linked.outcomes(*arguments)
        assert {f"clinics/{id}" for id, each in outcomes.items() if each == "failed"} == failing


def test_a_source_that_is_a_link(linked: Clinics) -> None:
    arguments = ["--videolink-source=current"]
    assert linked.files(*arguments, ASKED) == {"current/harbourside.yaml"}
    assert linked.files(*arguments, "clinics/west") == {"current/west/perth.yaml"}


def test_a_clinic_that_only_a_link_of_the_source_leads_to(harbourside: Clinics) -> None:
    """It is no stray, and where it is not among what is checked it is told so."""
    harbourside.put(STAGING, PERTH)
    (harbourside.folder / "west").symlink_to("../staging")
    assert harbourside.files(ALL, ".") == {HARBOURSIDE, WEST}
    assert harbourside.files(ALL, "clinics", "staging") == {HARBOURSIDE, WEST}
    assert errors(harbourside.run(HARBOURSIDE, "staging")) == [told(STAGING)]


# The order of folders


TREE = ["b/perth.yaml", "b/deep/albany.yaml", "d/broome.yaml", "harbourside.yaml"]
LINKS = {"a": "b", "c": "b/deep", "b/again": "../d", "d/up": "..", "z": "../away", "y": "../away"}


@pytest.mark.parametrize("order", ["sorted", "reversed"])
def test_which_path_a_clinic_has_does_not_depend_on_the_disk(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    for name in TREE:
        id = Path(name).stem
        clinics.put(f"clinics/{name}", to_yaml(right_clinic(id, id)))
    clinics.put("away/hobart.yaml", to_yaml(right_clinic("hobart", "hobart")))
    for name, target in LINKS.items():
        (clinics.folder / name).symlink_to(target)
    scandir: Callable[..., Any] = os.scandir

    class Scan:
        def __init__(self, path: Any) -> None:
            with scandir(path) as found:
                self.found = sorted(found, key=lambda each: each.name, reverse=order == "reversed")

        def __enter__(self) -> Iterator[Any]:
            return iter(self.found)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("pytest_videolink.sources.directory.os.scandir", Scan)
    expected = {*(f"clinics/{name}" for name in TREE), "clinics/y/hobart.yaml"}
    assert clinics.files(ALL, "-p", "no:cacheprovider") == expected


# Arguments in a file


def test_options_in_a_file_that_ask_for_no_clinic(harbourside: Clinics) -> None:
    for option in ("--videolink-source", "--videolink-shard", "--videolink-report"):
        harbourside.put("args.txt", f"{option}=1/2.md\n")
        harbourside.put("more.txt", "@args.txt\n-q\n")
        for arguments in (["@args.txt"], ["@more.txt"]):
            assert errors(harbourside.run(*arguments)) == [
                f"ERROR: {option} asks for no clinic: add --videolink-clinic=ID, or '*' for every"
                " clinic"
            ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("--videolink-clinic=*\n", {HARBOURSIDE}),
        ("clinics/harbourside.yaml\n", {HARBOURSIDE}),
        ("--videolink-clinic\n*\nclinics/harbourside.yaml::VL103-pms-connected\n", {HARBOURSIDE}),
        ("--videolink-source\nour clinics\n--videolink-clinic=perth\n", {"our clinics/perth.yaml"}),
    ],
)
def test_clinics_asked_for_in_a_file(harbourside: Clinics, lines: str, expected: set[str]) -> None:
    harbourside.put("our clinics/perth.yaml", PERTH)
    harbourside.put("args.txt", lines)
    assert harbourside.files("@args.txt") == expected


def test_a_stray_named_in_a_file(harbourside: Clinics) -> None:
    harbourside.put(STAGING, PERTH)
    harbourside.put("args.txt", "clinics\nstaging\n")
    assert errors(harbourside.run("@args.txt")) == [told(STAGING)]
