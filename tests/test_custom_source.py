"""Sources that a conftest.py or another plugin adds."""

from __future__ import annotations

import json

import pytest
from conftest import Clinics
from support import ITEMS, edited, right_clinic, to_yaml

MEMORY = """\
import pytest
from pytest_videolink import Fetched, Listed, SourceError

class Memory:
    location = "memory://"

    def clinics(self):
        return [Listed(id) for id in DOCUMENTS]

    def documents(self, ids):
        for id in ids:
            yield Fetched(id, DOCUMENTS[id].encode())

def pytest_videolink_source(config, location):
    return Memory() if location.startswith("memory://") else None
"""
ARGUMENTS = ("--videolink-clinic=*", "--videolink-source=memory://")


def with_source(clinics: Clinics, text: str = MEMORY, **documents: str) -> None:
    clinics.pytester.makeconftest(f"{text}\nDOCUMENTS = {documents!r}\n")


def test_a_source_of_under_twenty_lines(clinics: Clinics) -> None:
    assert len(MEMORY.splitlines()) < 20
    wrong = edited(right_clinic("bayview", "BAY"), {"pms.connected": False})
    with_source(clinics, harbourside=to_yaml(right_clinic()), bayview=to_yaml(wrong))
    result = clinics.run(*ARGUMENTS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "videolink: 2 of 2 clinics of memory://, checked as of *",
            "  Fetched from      memory://",
            "bayview: NOT READY",
            "harbourside: READY",
        ]
    )
    replayed = clinics.run("--videolink-clinic=*", "--videolink-source=.videolink")
    assert replayed.parseoutcomes() == result.parseoutcomes()


@pytest.mark.parametrize("folder", ["config.rootpath / 'clinics'", "Path('clinics')"])
def test_a_source_may_be_a_folder(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    clinics.write(edited(right_clinic(), {"pms.connected": False}))
    clinics.pytester.makeconftest(
        "from pathlib import Path\n"
        "def pytest_videolink_source(config, location):\n"
        f"    return {folder} if location == 'git+https://x' else None\n"
    )
    monkeypatch.chdir(clinics.pytester.mkdir("below"))
    source = "--videolink-source=git+https://x"
    result = clinics.run("--videolink-clinic=*", source)
    result.assert_outcomes(failed=1, passed=ITEMS - 3, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "Check again:",
            f"  pytest * {source} --videolink-clinic=harbourside -k VL103-pms-connected",
        ]
    )
    assert not (clinics.pytester.path / ".videolink").exists()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "return Memory()",
            "return 'clinics'",
            "ERROR: a plugin gave a str for the source memory://: expected a Path, or an object"
            " with clinics() and documents(ids) (pytest_videolink_source)",
        ),
        (
            "return [Listed(id) for id in DOCUMENTS]",
            "raise SourceError('the vault is sealed: open it')",
            "ERROR: the vault is sealed: open it",
        ),
        (
            "Fetched(id, DOCUMENTS[id].encode())",
            "Fetched('other', b'')",
            "ERROR: memory:// handed over 'other' as 'yaml', which was not asked for",
        ),
        (
            "Fetched(id, DOCUMENTS[id].encode())",
            "Fetched(id, b'', 'toml')",
            "ERROR: memory:// handed over 'harbourside' as 'toml', which was not asked for",
        ),
        (
            "Listed(id) for id in DOCUMENTS",
            "",
            "ERROR: there is no clinic in the list of memory://",
        ),
    ],
    ids=["no source", "refused", "another id", "another format", "empty"],
)
def test_a_source_that_cannot_be_used(clinics: Clinics, old: str, new: str, expected: str) -> None:
    with_source(clinics, MEMORY.replace(old, new), harbourside=to_yaml(right_clinic()))
    result = clinics.run(*ARGUMENTS)
    assert [*filter(None, result.stderr.lines)] == [expected]
    assert result.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("Fetched(id, fault='it is away')", "it could not be fetched: it is away"),
        ("from ()", "it could not be fetched: its source handed nothing over"),
    ],
    ids=["a fault", "nothing"],
)
def test_a_document_that_is_not_handed_over(clinics: Clinics, new: str, expected: str) -> None:
    with_source(
        clinics,
        MEMORY.replace("Fetched(id, DOCUMENTS[id].encode())", new),
        harbourside=to_yaml(right_clinic()),
    )
    result = clinics.run(*ARGUMENTS)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"The record of harbourside cannot be read: {expected}"])


def test_a_neighbour_that_is_handed_over_as_json(clinics: Clinics) -> None:
    """Before it is fetched nobody knows its format, and so not the name of its file."""
    shared = {"pms.shares_database_with": ["bayview"]}
    with_source(
        clinics,
        MEMORY.replace("DOCUMENTS[id].encode())", "DOCUMENTS[id].encode(), 'json')"),
        harbourside=json.dumps(edited(right_clinic(), shared)),
        bayview=json.dumps(
            edited(
                right_clinic("bayview"),
                {
                    "pms.shares_database_with": ["harbourside"],
                    "practitioners.0.linked_to": "21",
                    "practitioners.1.linked_to": "22",
                },
            )
        ),
    )
    result = clinics.run("--videolink-clinic=harbourside", "--videolink-source=memory://")
    assert result.ret == pytest.ExitCode.OK, result.stdout.str()
    replayed = clinics.run("--videolink-clinic=harbourside", "--videolink-source=.videolink")
    assert replayed.parseoutcomes() == result.parseoutcomes()
