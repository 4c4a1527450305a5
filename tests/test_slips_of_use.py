"""What people ordinarily get wrong in a record besides its YAML: names for ids, lists for texts."""

from __future__ import annotations

import json

import pytest
from conftest import Clinics
from reading import record
from support import Document, edited, right_clinic, to_yaml

from pytest_videolink.reports.explained import unreadable_reason

ASKED = "--videolink-clinic=harbourside"
SLUG = (
    "expected an id of lower-case letters, digits and single hyphens, at most 64 characters; did"
    " you mean "
)
STRANGER = "there is no practitioner {} in this document; "
LONG = f"Dr Amara {'Nwosu' * 12}"
CONFIGURED = "https://json-schema.org/draft/2020-12/schema"


def first_line(edits: Document) -> str:
    """What VL001 says first."""
    said = unreadable_reason(record(to_yaml(edited(right_clinic(), edits))))
    return said.removeprefix("The record of harbourside cannot be read: ")


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (
            {"appointment_types.0.practitioners.0": "Dr Amara Nwoso"},
            f'id is "Dr Amara Nwoso": {SLUG}dr-amara-nwosu (Dr Amara Nwosu)?',
        ),
        (
            {"appointment_types.0.practitioners.0": f"{LONG}x", "practitioners.0.name": LONG},
            f'id is "{LONG[:57]}...": {SLUG}dr-amara-nwosu ({LONG[:57]}...)?',
        ),
        (
            {
                "practitioners.0.id": "dr-amara",
                "practitioners.1.id": "Dr Wei",
                "appointment_types.0.practitioners": ["Dr Wei"],
            },
            f'id is "Dr Wei": {SLUG}dr-wei? (and 1 more problem)',
        ),
        (
            {"appointment_types.0.practitioners.0": "Nwosu"},
            'id is "Nwosu": expected an id of lower-case letters, digits and single hyphens, at'
            " most 64 characters",
        ),
        (
            {"appointment_types.0.practitioners.0": "17"},
            f"{STRANGER.format(17)}17 is the PMS's id of Dr Amara Nwosu: write dr-amara-nwosu",
        ),
        (
            {"appointment_types.0.practitioners.0": "dr-amara"},
            f"{STRANGER.format('dr-amara')}did you mean dr-amara-nwosu?",
        ),
        (
            {"appointment_types.0.practitioners.0": "dr-ama-li"},
            f"{STRANGER.format('dr-ama-li')}did you mean dr-amara-nwosu?",
        ),
        (
            {"appointment_types.0.practitioners.0": "22", "pms.practitioners.1.name": "Dr L Wei"},
            f"{STRANGER.format(22)}add the profile or remove the entry",
        ),
        (
            {"appointment_types.0.practitioners.0": "22", "practitioners.0.name": "Dr Li Wei"},
            f"{STRANGER.format(22)}add the profile or remove the entry",
        ),
        (
            {
                "appointment_types.0.practitioners.0": "7" * 61,
                "pms.practitioners.0.id": "7" * 61,
                "pms.practitioners.0.name": LONG,
                "practitioners.0.name": LONG,
            },
            f"{STRANGER.format('7' * 61)}{'7' * 57}... is the PMS's id of {LONG[:57]}...: write"
            " dr-amara-nwosu",
        ),
        (
            {"appointment_types.0.practitioners": "Dr Amara Nwosu"},
            'practitioners is "Dr Amara Nwosu": expected a list of practitioners, or the word all;'
            " write practitioners: [Dr Amara Nwosu]",
        ),
        (
            {"appointment_types.0.practitioners": "dr-somebody"},
            'practitioners is "dr-somebody": expected a list of practitioners, or the word all;'
            " write practitioners: [dr-somebody]",
        ),
        (
            {"appointment_types.0.practitioners": "everybody"},
            'practitioners is "everybody": expected a list of practitioners, or the word all',
        ),
        (
            {"appointment_types.0.practitioners": "Dr Li Wei"},
            'practitioners is "Dr Li Wei": expected a list of practitioners, or the word all;'
            " write practitioners: [Dr Li Wei]",
        ),
        (
            {"appointment_types.0.practitioners": "nobody"},
            'practitioners is "nobody": expected a list of practitioners, or the word all',
        ),
        (
            {"appointment_types.0.practitioners": f"dr-{'a' * 58}"},
            f'practitioners is "dr-{"a" * 54}...": expected a list of practitioners, or the word'
            f" all; write practitioners: [dr-{'a' * 54}...]",
        ),
        (
            {"pms.shares_database_with": "bayview"},
            'shares_database_with is "bayview": expected a list; write shares_database_with:'
            " [bayview]",
        ),
        (
            {"pms.shares_database_with": "none"},
            'shares_database_with is "none": expected a list; where there is none, write'
            " shares_database_with: []",
        ),
        (
            {"pms.shares_database_with": "tbc"},
            'shares_database_with is "tbc": expected a list',
        ),
        (
            {"appointment_types.0.modality": ["phone", "video"]},
            "modality: expected text, and no list; write one of them, modality: phone",
        ),
        ({"name": ["Harbourside"]}, "name: expected text, and no list; write name: Harbourside"),
        (
            {"name": [f"{'Harbour' * 9}"]},
            f"name: expected text, and no list; write name: {('Harbour' * 9)[:57]}",
        ),
        ({"name": [["Harbourside"]]}, "name: expected text"),
        (
            {"name": None, "pms.database": None},
            "name is left blank and must be there: Dashboard: the clinic's name (and 1 more"
            " problem)",
        ),
    ],
)
def test_how_it_should_read_is_said(edits: Document, said: str) -> None:
    assert first_line(edits) == said


def test_of_an_appointment_nothing_is_shown() -> None:
    assert "Alison" not in first_line({"appointments": [{"id": ["Alison Smith"]}]})


def test_it_is_what_a_run_says(clinics: Clinics) -> None:
    edits = {"appointment_types.0.practitioners.0": "dr-amara"}
    clinics.write(edited(right_clinic(), edits))
    result = clinics.run(ASKED)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"The record of harbourside cannot be read: {first_line(edits)}" in result.outlines


@pytest.mark.parametrize(
    ("name", "document", "kind"),
    [
        ("package", {"name": "group-site", "version": "1.0.0", "dependencies": {}}, "no clinic"),
        ("schema", {"$schema": CONFIGURED, "type": "object"}, "a JSON Schema, and no clinic"),
        ("settings", {"editor.tabSize": 2}, "no clinic"),
    ],
)
def test_what_is_plainly_no_clinic(
    harbourside: Clinics, name: str, document: Document, kind: str
) -> None:
    harbourside.write_file(f"{name}.json", json.dumps(document))
    result = harbourside.run("--videolink-clinic=*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            f"The record of {name} cannot be read: this is {kind} document, which has keys such as"
            " clinic and pms: keep it outside the folder of the clinics",
            f"clinics/{name}.json:1:1",
        ]
    )


@pytest.mark.parametrize("document", [{}, {"Clinic": "x"}, {"name": "x", "practitioners": []}])
def test_what_may_be_one_is_read_as_one(harbourside: Clinics, document: Document) -> None:
    harbourside.write_file("other.json", json.dumps(document))
    assert "no clinic document," not in harbourside.run("--videolink-clinic=*").stdout.str()


def test_two_of_one_name_are_told_apart(clinics: Clinics) -> None:
    twin = {
        "practitioners.1.name": "Dr Amara Nwosu",
        "practitioners.0.accepts_video_appointments": False,
        "practitioners.1.accepts_video_appointments": False,
    }
    clinics.write(edited(right_clinic(), twin))
    said = " ".join(clinics.run(ASKED).stdout.str().partition("What to do")[2].split())
    for id in ("dr-amara-nwosu", "dr-li-wei"):
        assert f"Dr Amara Nwosu ({id}) does not accept video appointments (VL201" in said
    rows = [line.split() for line in clinics.run(ASKED).outlines if line.startswith("  dr-")]
    assert rows == [["dr-amara-nwosu", "VL201"], ["dr-li-wei", "VL201"]]


UNSEEN = "<U+200B>"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--videolink-clinic=harbour{}side"], "--videolink-clinic=harbour{}side is no clinic in"),
        (["--videolink-clinic=harbour{}*"], "--videolink-clinic=harbour{}* matches no clinic in"),
        ([ASKED, "--videolink-appointment=88{}213"], "--videolink-appointment=88{}213 is no video"),
        (
            [ASKED, "--videolink-source=cli{}nics"],
            "cli{}nics: name the folder of your clinic files",
        ),
        ([ASKED, "--videolink-shard=1/{}2"], "--videolink-shard=1/{}2: expected K/N"),
        ([ASKED, "-o", "videolink_source=cli{}nics"], "cli{}nics: name the folder of your clinic"),
        (["--videolink-explain=VL2{}01"], "there is no check VL2{}01; nearest: VL201"),
        (["--videolink-new=bay{}side"], "--videolink-new=bay{}side: expected an id of lower-case"),
        (["--videolink-new=a", "--videolink-new-from={}a.csv"], "{}a.csv cannot be read: No such"),
        (["--videolink-now=2026-11-23{}", ASKED], "--videolink-now=2026-11-23{}: expected a time"),
    ],
)
def test_an_option_with_something_that_cannot_be_seen(
    harbourside: Clinics, options: list[str], said: str
) -> None:
    result = harbourside.run(*(option.format("\u200b") for option in options))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said.format(UNSEEN) in result.stderr.str()


@pytest.mark.parametrize(("value", "said"), [("\u200b5", r"'\u200b5'"), ("5\ufe0f", "'5<U+FE0F>'")])
def test_a_setting_with_something_that_cannot_be_seen(
    harbourside: Clinics, value: str, said: str
) -> None:
    result = harbourside.run(ASKED, "-o", f"videolink_soon={value}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.stderr.str().splitlines()[0] == (
        "ERROR: videolink_soon in the configuration file: expected a whole number from 0 to 366000,"
        f" found {said}"
    )
