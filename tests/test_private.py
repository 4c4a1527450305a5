"""What a clinic file says of a patient gets out by no way at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from conftest import CLOCK, Clinics
from support import Document, edited, right_clinic, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE

PATIENT = "Jane Citizen"
MOBILE = "0412 345 678"
ROOM = "https://rooms.example/r/7f3a9"
SECRETS = ("janecitizen", "0412345678", "rooms.example", "7f3a9")

LOOK = (
    *("--videolink-clinic=*", "-v", "-rA", "--tb=long", "-l", "--durations=0"),
    *("--junitxml=junit.xml", "-o", "junit_logging=all"),
)


def traces(clinics: Clinics, *arguments: str) -> dict[str, str]:
    """All that a failing run leaves behind: output and files, by name."""
    result = clinics.run(*LOOK, *arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    places = {"output": result.stdout.str(), "errors": result.stderr.str()}
    root = clinics.pytester.path
    for file in root.rglob("*"):
        if file.is_file() and clinics.folder not in file.parents:
            places[file.relative_to(root).as_posix()] = file.read_text("utf-8", "replace")
    assert {"junit.xml", ".pytest_cache/v/cache/lastfailed"} <= set(places)
    return places


def leaks(places: dict[str, str]) -> list[str]:
    """Where something of the patient turns up."""
    return [
        f"{secret} in {place}"
        for place, text in places.items()
        for secret in SECRETS
        if secret in "".join(text.split()).casefold()
    ]


BOOKED = {
    "id": "88213",
    "practitioner": "dr-amara-nwosu",
    "pms_type": "29",
    "created": "2026-11-20T15:40",
    "starts": "2026-11-24T09:30",
    "link": False,
}
WRONG = {
    "as_of": "2026-10-01T08:30",
    "dashboard.new_patient_approval": "manual",
    "pms.connected": False,
    "practitioners.0.accepts_video_appointments": False,
    "practitioners.0.provider_number": "2123451X",
    "practitioners.1.visible_for_online_bookings": False,
    "appointment_types.0.telehealth": False,
    "appointments": [BOOKED],
}


def commented(document: Document) -> str:
    """A document with something of the patient in a comment on every line and between."""
    note = f"# {PATIENT} {MOBILE} {ROOM}"
    return "".join(f"{note}\n{line}  {note}\n" for line in to_yaml(document).splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-W", "error::pytest_videolink.ConfigurationWarning"),
        pytest.param(
            ("-p", "no:warnings"),
            marks=pytest.mark.filterwarnings("ignore::pytest_videolink.ConfigurationWarning"),
        ),
        ("--tb=short",),
        ("--tb=native",),
        ("-q", "-q"),
        ("--maxfail=1",),
    ],
    ids=" ".join,
)
def test_comments(clinics: Clinics, arguments: tuple[str, ...]) -> None:
    clinics.write(harbourside=commented(edited(right_clinic(), WRONG)))
    clinics.write(bayside=commented(edited(right_clinic("bayside"), {"practitioners.0.id": "X"})))
    assert leaks(traces(clinics, *arguments)) == []


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ([], "clinics/harbourside.yaml:16"),
        (["-p", "xdist", "-n", "1"], "clinics/harbourside.yaml:16"),
        (["-p", "no:warnings"], "<clinics/harbourside.yaml>:16"),
    ],
    ids=["pytest's", "a worker's", "Python's own"],
)
def test_a_warning_shows_its_place_and_no_line_of_the_file(
    clinics: Clinics, arguments: list[str], place: str
) -> None:
    edits = {"dashboard.new_patient_approval": "manual"}
    clinics.write(harbourside=commented(edited(right_clinic(), edits)))
    options = ("-p", "videolink", CLOCK, "--videolink-clinic=harbourside", "-s")
    result = clinics.pytester.runpytest_subprocess(*options, *arguments)
    assert result.ret == pytest.ExitCode.OK
    said = result.stdout.str() + result.stderr.str()
    finding = "Harbourside Medical Centre approves bookings of new patients by hand"
    assert f"{place}: ConfigurationWarning: {finding}" in said
    assert PATIENT not in said
    assert "new_patient_approval: manual" not in said


# Files that cannot be read


def appointment(**values: Any) -> Document:
    return edited(right_clinic(), {"appointments": [{**BOOKED, **values}]})


RIGHT = to_yaml(right_clinic())
UNREADABLE: dict[str, str | Document] = {
    "an unknown key": edited(right_clinic(), {"patient": PATIENT}),
    "an unknown key with more below": edited(
        right_clinic(), {"notes": [{"name": PATIENT, "rooms": [ROOM, {"mobile": MOBILE}]}]}
    ),
    "an unknown key of a practitioner": edited(
        right_clinic(), {"practitioners.0.patients": [PATIENT, MOBILE]}
    ),
    "an unknown key of the PMS": edited(right_clinic(), {"pms.next_patient": PATIENT}),
    "appointments misspelt": edited(right_clinic(), {"apointments": [{"patient": PATIENT}]}),
    "an unknown key of an appointment": appointment(patient=PATIENT, mobile=MOBILE),
    "unknown keys below an appointment": appointment(patient={"name": PATIENT, "x": [MOBILE]}),
    "a room for the link": appointment(link=ROOM),
    "a list of rooms for the link": appointment(link=[ROOM]),
    "a name for a time": appointment(created=PATIENT, starts=MOBILE, seen_at=PATIENT),
    "a name for the modality": appointment(modality=PATIENT),
    "a list for the practitioner": appointment(practitioner=[PATIENT], pms_type={"is": MOBILE}),
    "an appointment of text": edited(right_clinic(), {"appointments": [f"{PATIENT} {MOBILE}"]}),
    "appointments of text": edited(right_clinic(), {"appointments": f"{PATIENT} {MOBILE}"}),
    "appointments by name": edited(right_clinic(), {"appointments": {"csv": [PATIENT]}}),
    "two appointments of one id": edited(
        right_clinic(), {"appointments": [{**BOOKED, "id": PATIENT}, {**BOOKED, "id": PATIENT}]}
    ),
    "the clinic's own keys wrong as well": appointment(link=ROOM) | {"timezone": "Sydney"},
    "a duplicate key": f"{RIGHT}appointments:\n- {{link: {ROOM}, link: {PATIENT}}}\n",
    "a key that is no text": f"{RIGHT}appointments:\n- ? [{PATIENT}, {MOBILE}]\n  : {ROOM}\n",
    "a merge key": f"{RIGHT}appointments:\n- <<: {{patient: {PATIENT}}}\n",
    "a tag": f"{RIGHT}appointments:\n- patient: !name {PATIENT}\n",
    "a tag of their name": f"{RIGHT}appointments:\n- patient: !{PATIENT.replace(' ', '')} x\n",
    "a handle of their name": f"{RIGHT}appointments:\n- patient: !{PATIENT.replace(' ', '')}!x y\n",
    "an anchor of their name": f"{RIGHT}appointments:\n- &JaneCitizen [*JaneCitizen]\n",
    "an alias of their name": f"{RIGHT}appointments:\n- patient: *JaneCitizen\n",
    "a colon too many": f"{RIGHT}appointments:\n- patient: {PATIENT}: {MOBILE}\n",
    "a quote not closed": f"{RIGHT}appointments:\n- patient: '{PATIENT}\n  mobile: {MOBILE}\n",
    "a bracket not closed": f"{RIGHT}appointments: [{{patient: {PATIENT}, mobile: {MOBILE}\n",
    "an escape": f'{RIGHT}appointments:\n- patient: "{PATIENT}\\q{MOBILE}"\n',
    "a character past the end": f'{RIGHT}appointments:\n- patient: "{PATIENT}\\UFFFFFFFF"\n',
    "a tab": f"{RIGHT}appointments:\n\t- patient: {PATIENT}\n",
    "a NUL": f"{RIGHT}appointments:\n- patient: {PATIENT}\0{MOBILE}\n",
    "a second document": f"{RIGHT}---\npatient: {PATIENT}\n",
    "prose": f"{PATIENT} rang from {MOBILE}.\n\nHer room is {ROOM}\n",
    "prose with colons": f"Rang today\n{PATIENT}: {MOBILE}\nroom: {ROOM}\n",
    "a letter": f"Dear team,\n\n- {PATIENT} has no link\n- call {MOBILE}\n\nThanks: {PATIENT}\n",
    "a table": f"name,mobile,room\n{PATIENT},{MOBILE},{ROOM}\n",
    "a mail": f"From: {PATIENT} <jane@{ROOM[8:21]}>\nSubject: no link!\n\n{MOBILE}\n",
    "a page": f"<html><body>{PATIENT} &amp; {MOBILE}<a href='{ROOM}'>\n",
}


@pytest.mark.parametrize("document", UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read(clinics: Clinics, document: str | Document) -> None:
    text = document if isinstance(document, str) else to_yaml(document)
    clinics.write(right_clinic("bayside"), harbourside=text)
    assert leaks(traces(clinics)) == []


def test_an_unknown_key_of_an_appointment_is_named(clinics: Clinics) -> None:
    clinics.write(appointment(mobile=MOBILE))
    result = clinics.run("--videolink-clinic=harbourside")
    result.stdout.fnmatch_lines(
        [
            "  mobile is no key of a clinic document; known here: id, practitioner, pms_type,",
            "  created, starts, link, seen_at, modality",
            "* | mobile:",
        ]
    )


@pytest.mark.parametrize(
    "raw",
    [
        f'{{"appointments": [{{"patient": "{PATIENT}", "mobile": {MOBILE}}}]}}'.encode(),
        f'{{"appointments": [{{"patient": "{PATIENT}\n"}}]}}'.encode(),
        f'{{"appointments": [{{"patient": "{PATIENT}", "link": "{ROOM}", "link": NaN}}]}}'.encode(),
        f'{{"appointments": [{{"patient": "{PATIENT}", "link": "{ROOM}"}}]}}'.encode(),
        f"{PATIENT} {MOBILE} {ROOM}".encode(),
        f'{{"patient": "{PATIENT} \xe9"}}'.encode("latin-1"),
    ],
    ids=["number", "line break", "NaN", "unknown keys", "prose", "Latin-1"],
)
def test_json_that_cannot_be_read(clinics: Clinics, raw: bytes) -> None:
    clinics.write_file("harbourside.json", raw)
    assert leaks(traces(clinics)) == []


# Appointments that can be read


FACTS: dict[str, Document] = {
    "an unknown practitioner": {"practitioner": PATIENT},
    "an unknown type": {"pms_type": MOBILE},
    "both": {"practitioner": PATIENT, "pms_type": ROOM},
    "booked in the future": {"practitioner": PATIENT, "created": "2026-12-01T08:30"},
    "a link that is not mapped": {"pms_type": MOBILE, "link": True},
}


@pytest.mark.parametrize("facts", FACTS.values(), ids=FACTS)
@pytest.mark.parametrize("wrong", [{}, WRONG], ids=["right clinic", "wrong clinic"])
def test_facts_of_an_appointment(clinics: Clinics, facts: Document, wrong: Document) -> None:
    document = edited(right_clinic(), {**wrong, "appointments": [{**BOOKED, **facts}]})
    clinics.write(document)
    assert leaks(traces(clinics)) == []


# Crashes


def _raises(*_: Any) -> Iterator[Any]:
    raise RuntimeError("a bug of the check")


@pytest.mark.parametrize("check", ["VL102", "VL500", "VL501", "VL502"])
def test_a_check_that_raises(clinics: Clinics, monkeypatch: pytest.MonkeyPatch, check: str) -> None:
    checks = tuple(replace(each, run=_raises) if each.id == check else each for each in CATALOGUE)
    monkeypatch.setattr("pytest_videolink.checks.builtin.CATALOGUE", checks)
    number = MOBILE.replace(" ", "")
    clinics.write(appointment(practitioner="dr-amara-nwosu", pms_type=number))
    found = traces(clinics)
    assert "a bug of the check" in found["output"]
    assert leaks(found) == []


# Day sheets

SHEET = f"""\
Appt,Patient,Mobile,Doctor,Type,Booked,Start,Video
88213,{PATIENT},{MOBILE},17,29,2026-11-20T15:40,2026-11-24T09:30,{ROOM}
88214,{PATIENT},{MOBILE},17,29,2026-11-20T15:40,2026-11-24T09:30,
"""
BY_SHEET = edited(
    right_clinic(),
    {
        "appointments": {
            "csv": "day.csv",
            "columns": {
                "id": "Appt",
                "practitioner": "Doctor",
                "pms_type": "Type",
                "created": "Booked",
                "starts": "Start",
                "link": "Video",
            },
        }
    },
)


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(SHEET, id="right"),
        pytest.param(SHEET.replace(",17,", f",{PATIENT},"), id="a name for the practitioner"),
        pytest.param(SHEET.replace(",29,", f",{MOBILE},"), id="a mobile for the type"),
        pytest.param(SHEET.replace("2026-11-24T09:30", PATIENT), id="a name for the start"),
        pytest.param(SHEET.replace("Doctor", "Who"), id="a column missing"),
        pytest.param(SHEET.replace("Mobile", "Type"), id="a column twice"),
        pytest.param(SHEET.replace(f",{PATIENT}", f',"{PATIENT}'), id="a quote not closed"),
        pytest.param(SHEET.replace("88214", "88213"), id="an id twice"),
        pytest.param(SHEET.replace("88213,", ","), id="no id"),
        pytest.param(SHEET.split("\n", 1)[1], id="no header"),
        pytest.param(SHEET.replace(PATIENT, f"{PATIENT}\0"), id="a NUL"),
        pytest.param(SHEET.replace("Mobile", "M\xe9").encode("latin-1"), id="Latin-1"),
    ],
)
def test_a_day_sheet(clinics: Clinics, sheet: str | bytes) -> None:
    clinics.write(BY_SHEET)
    clinics.write_file("day.csv", sheet)
    assert leaks(traces(clinics)) == []
