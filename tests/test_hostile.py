"""Clinic files that mean harm, or look like it: nothing raw is printed, and nothing crashes.

``VIDEOLINK_EXAMPLES=20000`` looks further than the suite has time for.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from typing import Any
from xml.etree import ElementTree

import pytest
import strategies
from conftest import CLOCK, Clinics
from hostile import compared
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import CLINIC, clinic_of, record
from support import TERMS, Document, MemorySource, edited, right_clinic, to_yaml

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge
from pytest_videolink.sources.fleet import Fleet

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "300"))


def examples(share: float = 1) -> settings:
    return settings(
        max_examples=max(1, int(EXAMPLES * share)),
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


NASTY = {
    "colours": "\x1b[31;1mred\x1b[0m",
    "title": "\x1b]0;pwned\x07",
    "C1 control": "\x9b31mred",
    "backspace": "safe\x08\x08\x08\x08evil",
    "NUL": "a\0b",
    "override": "\u202egnihton\u202c",
    "isolate": "\u2066left\u2069",
    "mark": "\u200fright",
    "tag characters": "x\U000e0041\U000e0042",
    "lone surrogate": "a\ud83db",
    "swapped surrogates": "\ude00\ud83d",
    "bracket": "[a]",
    "colons": "a::b",
    "slash": "a/b\\c",
    "line break": "a\nFAILED b",
    "carriage return": "a\rb",
    "line separator": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "braces": "{practitioner.name} {0} {} %s %(x)s",
    "markup": "<b>&amp;]]></b>",
    "10,000 characters": "a" * 10_000,
    "500 accents": "a" + "\u0301" * 500,
    "emoji": "\N{GRINNING FACE}",
    "white space": "  a  b\t",
}


def defaced(text: str) -> Document:
    """A clinic with almost everything wrong, so that every text of it is wanted somewhere."""
    id = compared(text)
    return {
        "videolink": "1",
        "clinic": "harbourside",
        "name": text,
        "timezone": "Australia/Sydney",
        "as_of": "2026-10-01T08:30",
        "dashboard": {"last_synced": "2026-10-01T07:00", "new_patient_approval": "manual"},
        "pms": {
            "system": id,
            "database": id,
            "shares_database_with": ["atlantis"],
            "connected": "no",
            "practitioners": [{"id": id, "name": text, "active": "no"}],
            "appointment_types": [
                {"id": id, "name": f"{text} phone", "active": "no"},
                {"id": f" {id}", "name": f"{text} phone"},
            ],
        },
        "practitioners": [
            {
                "id": "amara",
                "name": text,
                "linked_to": id,
                "accepts_video_appointments": "no",
                "visible_for_online_bookings": "no",
                "provider_number": id,
            },
            {"id": "li", "name": text, "linked_to": id, "expects_video": "yes"},
            {"id": "wu", "name": text, "linked_to": f"{id}?", "archived": "yes"},
            {"id": "xu", "name": text, "linked_to": f"0{id}", "expects_video": "yes"},
        ],
        "appointment_types": [
            {
                "id": "consult",
                "name": text,
                "modality": "video",
                "online_bookings": "yes",
                "linked_to": [id, f" {id}", f"{id}!"],
                "practitioners": ["amara", {"id": "li", "linked_to": f"{id}?"}, "wu"],
            },
            {"id": "standard", "name": text, "modality": "in-person", "linked_to": id},
            {"id": "phone", "name": text, "modality": "phone", "telehealth_video": "yes"},
        ],
        "appointments": [
            {
                "id": text,
                "practitioner": "li",
                "pms_type": text,
                "created": "2026-11-20T15:40",
                "starts": "2026-11-24T09:30",
                "link": "no",
            },
            {
                "id": f"{text}2",
                "practitioner": text,
                "pms_type": text,
                "created": "2026-11-20T15:40",
                "starts": "2026-11-24T09:30",
                "link": "no",
            },
        ],
        "waivers": [
            {"check": id, "on": id, "reason": text, "owner": text, "until": "2026-12-31"},
            {"check": "VL201", "on": id, "reason": text, "owner": text, "until": "2026-12-31"},
            {"check": "VL312", "reason": text, "owner": text, "until": "2026-12-31"},
            {"check": "VL701", "reason": text, "owner": text, "until": "2026-11-01"},
        ],
    }


def unreadable(text: str) -> str:
    """A clinic that breaks the rules of its format with the same text all over."""
    document = json.dumps(
        {
            **dict.fromkeys(("videolink", "clinic", "timezone", "as_of", "dashboard"), text),
            text: text,
            "pms": {text: text, "system": [text], "connected": text},
            "practitioners": [{"id": text, "name": [], text: text}, text],
            "appointment_types": [{"id": text, "modality": text, "practitioners": text}],
            "appointments": [{"id": text, text: text, "created": text, "link": text}],
            "waivers": [{"until": text}],
        }
    )
    twice = json.dumps(text)
    return f"{document[:-1]}, {twice}: 1}}"


def raw_lines(text: str) -> list[str]:
    """Lines with what must reach no terminal: control, bidirectional and invisible characters."""
    return [ascii(line) for line in text.split("\n") if any(map(_is_raw, line))]


def _is_raw(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def lines_of_commands(text: str) -> list[str]:
    """Lines that a continuous integration service would take for orders."""
    return [line for line in text.splitlines() if line.lstrip().startswith(("::", "##["))]


LOOK = ("--videolink-clinic=*", "-rA", "-v", "--junitxml=junit.xml")


def printed(clinics: Clinics, *arguments: str) -> str:
    """All that a run prints, and its XML, which must both be safe."""
    result = clinics.run(*LOOK, *arguments)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    output = result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in output
    assert "Traceback" not in output
    xml = (clinics.pytester.path / "junit.xml").read_text("utf-8")
    ElementTree.fromstring(xml)
    assert raw_lines(output) == []
    assert raw_lines(xml) == []
    return output


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_raw_is_printed(clinics: Clinics, text: str) -> None:
    clinics.write_file("harbourside.json", json.dumps(defaced(text)))
    output = printed(clinics)
    assert "VL301-telehealth-on FAILED" in output
    assert "FAILED b" not in output.splitlines()


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_raw_is_printed_of_what_cannot_be_read(clinics: Clinics, text: str) -> None:
    clinics.write_file("harbourside.json", unreadable(text))
    output = printed(clinics)
    assert "VL001-valid-document FAILED" in output
    assert len(max(output.splitlines(), key=len)) < 400


def test_no_line_is_an_order_to_a_continuous_integration_service(clinics: Clinics) -> None:
    text = "::error file=app.py::gotcha"
    clinics.write_file("harbourside.json", json.dumps(defaced(text)))
    clinics.write_file("bayside.json", unreadable(text))
    assert lines_of_commands(printed(clinics)) == []


def test_the_items_are_the_same_whatever_the_names(clinics: Clinics) -> None:
    tame = defaced("a")
    # What is booked is looked up by names as well.
    booked = [{**each, "practitioner": "li", "pms_type": "other"} for each in tame["appointments"]]
    clinics.write_file("harbourside.json", json.dumps({**tame, "appointments": booked}))
    ids = set(clinics.outcomes("--videolink-clinic=*"))
    assert "harbourside.json::li::consult::VL500-link-expected" in ids
    for text in ("[a]::b/c", "\x1b[31m\n", "\ud83d"):
        document = {**defaced(text), "appointments": booked}
        clinics.write_file("harbourside.json", json.dumps(document))
        assert set(clinics.outcomes("--videolink-clinic=*")) == ids


def test_nothing_raw_is_printed_in_ascii(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    text = "".join(NASTY[name] for name in ("colours", "override", "lone surrogate", "emoji"))
    clinics.write_file("harbourside.json", json.dumps(defaced(f"Dr Zoë {text}")))
    clinics.write_file("bayside.json", unreadable(text))
    result = clinics.pytester.run(sys.executable, "-m", "pytest", "-p", "videolink", CLOCK, *LOOK)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    output = result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in output
    assert "UnicodeEncodeError" not in output
    assert output.isascii()
    assert raw_lines(output) == []


# Ids of appointments


APPOINTMENTS = {
    "88213": "88213",
    "A-1_2.x": "A-1_2.x",
    "a b": "a%20b",
    " 1": "%201",
    "a/b": "a%2Fb",
    "a::b": "a%3A%3Ab",
    "[a]": "%5Ba%5D",
    "100%": "100%25",
    "%41": "%2541",
    "a~b": "a%7Eb",
    "a+b": "a%2Bb",
    "zoë": "zo%C3%AB",
    "\N{GRINNING FACE}": "%F0%9F%98%80",
    "\x1b[31m": "%1B%5B31m",
    "a\nb": "a%0Ab",
    "\0": "%00",
    "\u202eb": "%E2%80%AEb",
    "\N{FULLWIDTH DIGIT ONE}": "%EF%BC%91",
    "..": "..",
    "all": "all",
    "a" * 500: "a" * 500,
}


def test_the_ids_of_appointments_items(clinics: Clinics) -> None:
    clinics.write_file("harbourside.json", json.dumps(with_appointments(*APPOINTMENTS)))
    outcomes = clinics.outcomes("--videolink-clinic=harbourside")
    ids = [
        f"harbourside.json::appointment-{name}::VL501-link-generated"
        for name in APPOINTMENTS.values()
    ]
    assert [each for each in outcomes if "::VL501-" in each] == ids
    again = clinics.outcomes(*(f"clinics/{id}" for id in ids))
    assert again == dict.fromkeys(ids, "passed")


@pytest.mark.parametrize("id", ["\ud83d", "\ude00\ud83d", "a" * 10_000, "\u0301" * 1000])
def test_the_id_of_any_appointments_item(clinics: Clinics, id: str) -> None:
    clinics.write_file("harbourside.json", json.dumps(with_appointments(id)))
    outcomes = clinics.outcomes("--videolink-clinic=harbourside")
    (name,) = [each for each in outcomes if each.endswith("::VL501-link-generated")]
    assert re.fullmatch(r"harbourside\.json::appointment-[\w.%-]+::VL501-link-generated", name)
    assert name.isascii()
    assert outcomes[name] == "passed"


def with_appointments(*ids: str) -> Document:
    return edited(
        right_clinic(),
        {
            "appointments": [
                {
                    "id": id,
                    "practitioner": "dr-amara-nwosu",
                    "pms_type": "29",
                    "created": "2026-11-20T15:40",
                    "starts": "2026-11-24T09:30",
                    "link": "yes",
                }
                for id in ids
            ]
        },
    )


# Any bytes


@examples(0.4)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@pytest.mark.parametrize("name", ["harbourside.yaml", "harbourside.json"])
def test_any_bytes_are_a_clinic_or_problems(name: str, raw: bytes) -> None:
    assert record(raw, name).problems


KEYS = [
    *("videolink", "clinic", "name", "timezone", "as_of", "dashboard", "last_synced", "pms"),
    *("system", "database", "practitioners", "appointment_types", "appointments", "waivers"),
    *("id", "linked_to", "shares_database_with", "connected", "csv", "columns", "on", "until"),
]
SCALARS = st.sampled_from(
    [None, True, 0, 1, "none", "all", "", " ", "~", "harbourside", "Australia/Sydney", "2026-11-23"]
) | st.text(max_size=5)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), below, max_size=4)
    ),
    max_leaves=15,
)


@examples(0.4)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8))
def test_any_value_of_any_field_is_a_clinic_or_problems(edits: dict[str, Any]) -> None:
    found = record(json.dumps({**right_clinic(), **edits}), "harbourside.json")
    assert (found.clinic is None) == bool(found.problems)


@examples(0.4)
@given(st.data())
def test_any_clinic_is_judged(data: st.DataObject) -> None:
    """Whatever stands at one place of a clinic's record, no check raises."""
    document = right_clinic()
    steps = data.draw(st.sampled_from(list(_places(document))))
    found = record(json.dumps(edited(document, {steps: data.draw(VALUES)})), "harbourside.json")
    if found.clinic is not None:
        fleet = Fleet(MemorySource({}), [])
        judge = Judge(found.clinic, fleet.neighbours(found.clinic), CATALOGUE, TERMS)
        assert [each.raised for each in judge.judgements() if each.raised] == []


def _places(value: Any, above: str = "") -> Any:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in parts:
        yield f"{above}{key}"
        if isinstance(each, dict | list):
            yield from _places(each, f"{above}{key}.")


BYTES = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"\xff\xfe\x00\xd8",
    b"\xef\xbb\xbf\xff",
    bytes(range(256)) * 4,
    b"\x1b[31m: \x1b[0m",
    "\u202e: \u2066\n\u202e: x".encode(),
    b'"\\e[31m": 1\n"\\e[31m": 2\n"\\n": 3\n',
    b"a: &a [*a]\n",
    b"[" * 10_000,
    b"{" * 10_000 + b"}" * 10_000,
    b"? " * 1_000,
    b"!!python/object/apply:os.system [true]\n",
    b"%YAML 9.9\n---\na\n",
    b'"\\UFFFFFFFF"\n',
    b"- - - - a: b: c: d\n",
    CLINIC.encode()[:-9],
    CLINIC.encode().replace(b"Harbourside", b"'\xe2\x80\xae'"),
]


def test_nasty_bytes_fail_one_item_each(clinics: Clinics) -> None:
    for number, raw in enumerate(BYTES):
        clinics.write_file(f"clinic-{number}.yaml", raw)
        clinics.write_file(f"clinic-{number}-j.json", raw)
    clinics.write(right_clinic("sound"))
    output = printed(clinics)
    failures = set(re.findall(r"^clinics/(clinic-\S+) FAILED", output, re.MULTILINE))
    assert failures == {
        f"{name}::VL001-valid-document"
        for number in range(len(BYTES))
        for name in (f"clinic-{number}.yaml", f"clinic-{number}-j.json")
    }
    assert "clinics/sound.yaml::VL102-synced-recently PASSED" in output


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_nothing_raw_is_printed_of_a_neighbours_file_name(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    clinics.write_file("har\x1b[31m\u202ebour.yaml", to_yaml(right_clinic()))
    result = clinics.run("--videolink-clinic=harbourside")
    result.stdout.fnmatch_lines(["*VL002-neighbours-readable*"])
    assert raw_lines(result.stdout.str()) == []


# Order


@examples(0.15)
@given(strategies.fleets(), st.randoms(use_true_random=False))
def test_the_order_of_lists_and_keys_changes_no_judgement(
    fleet: dict[str, Document], random: Any
) -> None:
    assert judged(shuffled(fleet, random)) == judged(fleet)


def shuffled(value: Any, random: Any) -> Any:
    """The same with the keys and entries of everything in another order."""
    if isinstance(value, dict):
        keys = list(value)
        random.shuffle(keys)
        return {key: shuffled(value[key], random) for key in keys}
    if isinstance(value, list):
        entries = [shuffled(each, random) for each in value]
        random.shuffle(entries)
        return entries
    return value


def judged(documents: dict[str, Document]) -> dict[tuple[str, str, str], Any]:
    """What came of every check of every clinic."""
    source = MemorySource({id: strategies.to_yaml(each) for id, each in documents.items()})
    fleet = Fleet(source, source.entries())
    said: dict[tuple[str, str, str], Any] = {}
    for entry in source.entries():
        clinic = fleet.record(entry).clinic
        assert clinic is not None
        for each in Judge(clinic, fleet.neighbours(clinic), CATALOGUE, TERMS).judgements():
            roots = sorted((root.check.id, root.subject.id) for root in each.roots)
            said[entry.id, each.check.id, each.subject.id] = each.state, roots, len(each.findings)
    return said


def test_a_long_name_is_read_to_its_end() -> None:
    document = edited(
        right_clinic(),
        {"appointment_types.2": {"id": "long", "name": f"{'very ' * 50}long video consult"}},
    )
    clinic = clinic_of(to_yaml(document))
    assert [type.id for type in clinic.video_types] == ["telehealth-video", "long"]
