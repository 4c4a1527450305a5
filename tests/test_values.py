"""Each kind of value of a clinic document: what is read, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import FrozenInstanceError
from datetime import datetime, timezone
from typing import Any

import pytest
from reading import CLINIC, clinic_of, problems, record

from pytest_videolink.record import reader, rules
from pytest_videolink.record.clinic import Clinic, Listing, Pair, Practitioner
from pytest_videolink.record.document import Problem, parse
from pytest_videolink.record.grid import BadTable
from pytest_videolink.record.keys import Key, describe, keys_of, title_of
from pytest_videolink.record.named_table import Reference
from pytest_videolink.record.pms import PmsAppointmentType, PmsPractitioner
from pytest_videolink.record.slugs import id_meant, slug_meant
from pytest_videolink.record.table import Table
from pytest_videolink.record.values import Links, is_open

UTC = timezone.utc
MISSING = "is missing and must be there: Id of a practitioner of this document who offers the type."
BLANK = MISSING.replace("missing", "left blank")
NO_FLAG = "expected true or false (or yes, no, on, off)"
NO_TIME = "expected a time such as 2026-11-23 08:30"


def practitioner(values: str) -> str:
    return f"{CLINIC}practitioners:\n- {{id: li, name: Li, {values}}}\n"


def type_with(values: str) -> str:
    return f"{CLINIC}appointment_types:\n- {{id: video, name: Video, {values}}}\n"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        *((text, True) for text in ("true", "yes", "on", "TRUE", "Yes", "oN", "'true'")),
        *((text, False) for text in ("false", "no", "off", "False", "NO", "'Off'")),
    ],
)
def test_a_truth_value(value: str, read: bool) -> None:
    (who,) = clinic_of(practitioner(f"accepts_video_appointments: {value}")).practitioners
    assert who.accepts_video_appointments is read


@pytest.mark.parametrize("value", ["1", "y", "t", "'true '", "maybe"])
def test_no_truth_value(value: str) -> None:
    said = value.strip("'")
    assert problems(practitioner(f"archived: {value}")) == [
        f'9:32 archived is "{said}": expected true or false (or yes, no, on, off)'
    ]


def test_a_truth_value_is_no_list() -> None:
    assert problems(practitioner("archived: [true]")) == [
        "9:32 archived: expected text, and no list; write archived: true"
    ]


@pytest.mark.parametrize(
    ("value", "links"),
    [
        ("none", ()),
        ("'none'", ()),
        ("[]", ()),
        ("'17'", ("17",)),
        ("None", ()),
        ("[17]", ("17",)),
        ("[17, 17]", ("17",)),
        ("", None),
    ],
)
def test_a_link(value: str, links: Links | None) -> None:
    (who,) = clinic_of(practitioner(f"linked_to: {value}")).practitioners
    assert who.linked_to == links
    (type,) = clinic_of(type_with(f"linked_to: {value}")).appointment_types
    assert type.linked_to == links


def test_several_links() -> None:
    (type,) = clinic_of(type_with("linked_to: [31, 29, 31]")).appointment_types
    assert type.linked_to == ("31", "29")


LINK_FAULTS = [
    ("['']", "expected PMS ids as text in the list"),
    ("[~]", "expected PMS ids as text in the list"),
    ("[[a]]", "expected PMS ids as text in the list"),
    ("{a: b}", "expected text"),
]


@pytest.mark.parametrize(("value", "said"), LINK_FAULTS)
def test_no_link(value: str, said: str) -> None:
    assert problems(practitioner(f"linked_to: {value}")) == [f"9:33 linked_to: {said}"]
    assert problems(type_with(f"linked_to: {value}")) == [f"9:39 linked_to: {said}"]


NO_ENTRIES = [
    ("waivers: [~]\n", "8:11 waivers: expected keys with values"),
    ("waivers:\n-\n- [a]\n", "9:2 waivers: expected keys with values"),
    ("  shares_database_with: [~]\n", "8:26 shares_database_with: expected text"),
    ("appointment_types: [{id: v, name: V, practitioners: [~]}]\n", f"8:54 id {MISSING}"),
    ("appointment_types: [{id: v, name: V, practitioners: ['']}]\n", f"8:54 id {MISSING}"),
    ("appointment_types: [{id: v, name: V, practitioners: [{}]}]\n", f"8:54 id {MISSING}"),
    ("appointment_types: [{id: v, name: V, practitioners: [{id: }]}]\n", f"8:55 id {BLANK}"),
]


@pytest.mark.parametrize(("text", "said"), NO_ENTRIES)
def test_what_is_no_entry_of_a_list(text: str, said: str) -> None:
    assert problems(CLINIC + text)[0] == said


def test_a_practitioner_has_one_link() -> None:
    assert problems(practitioner("linked_to: [17, 18]")) == [
        "9:33 linked_to: expected one PMS id, or the word none"
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("video", ""),
        ("phone", ""),
        ("in-person", ""),
        ("Video", "expected one of video, phone, in-person; did you mean video?"),
        ("telepathy", "expected one of video, phone, in-person"),
    ],
)
def test_a_modality(value: str, said: str) -> None:
    text = type_with(f"modality: {value}")
    if said:
        assert problems(text) == [f'9:38 modality is "{value}": {said}']
    else:
        assert clinic_of(text).appointment_types[0].modality == value


def test_an_approval() -> None:
    assert problems(f"{CLINIC}dashboard: {{new_patient_approval: automatik}}\n") == [
        '8:35 new_patient_approval is "automatik": expected one of automatic, manual;'
        " did you mean automatic?"
    ]


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Australia/Sidney", "; did you mean Australia/Sydney?"),
        ("x", ""),
        ("/etc/localtime", None),
        ("../Sydney", None),
    ],
)
def test_no_time_zone(zone: str, said: str | None) -> None:
    (problem,) = problems(CLINIC.replace("Australia/Sydney", zone))
    start = f'4:11 timezone is "{zone}": expected an IANA time zone such as Australia/Sydney'
    assert problem.startswith(start)
    assert said is None or problem == start + said


def test_a_time_is_in_the_clinics_zone() -> None:
    assert clinic_of(f"{CLINIC}as_of: 2026-11-23T08:30\n").as_of == datetime(
        2026, 11, 22, 21, 30, tzinfo=UTC
    )


def test_a_time_where_the_zone_is_not_known() -> None:
    text = CLINIC.replace("Australia/Sydney", "x") + "as_of: 2026-11-23T08:30\n"
    assert [each[:15] for each in problems(text)] == ["4:11 timezone i"]


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-02-30", "expected a day such as 2026-12-31"),
        ("tomorrow", "expected a day such as 2026-12-31"),
    ],
)
def test_no_day(until: str, said: str) -> None:
    waiver = f"waivers: [{{check: VL312, reason: r, owner: o, until: {until}}}]\n"
    assert problems(CLINIC + waiver) == [f'8:54 until is "{until}": {said}']


def test_no_time() -> None:
    assert problems(f"{CLINIC}as_of: yesterday\n") == [
        '8:8 as_of is "yesterday": expected a time such as 2026-11-23 08:30'
    ]


TWICE = [
    (
        CLINIC + "  appointment_types: [{id: a, name: A}, {id: a, name: B}]\n",
        "8:46 the id a stands twice, first in line 8",
    ),
    (
        CLINIC + f"  practitioners: [{{id: {'a' * 61}, name: A}}, {{id: {'a' * 61}, name: B}}]\n",
        f"8:102 the id {'a' * 57}... stands twice, first in line 8",
    ),
    (
        CLINIC + "practitioners:\n- {id: dr-li, name: Li}\nappointment_types:\n"
        "- {id: dr-li, name: Li}\n",
        "11:8 the id dr-li stands twice, first in line 9",
    ),
    (
        CLINIC + "practitioners: [{id: dr-li, name: Li}]\nappointment_types:\n"
        "- {id: video, name: Video, practitioners: [dr-lee]}\n",
        "10:44 there is no practitioner dr-lee in this document; did you mean dr-li?",
    ),
    (
        CLINIC + "appointment_types:\n- {id: video, name: Video, practitioners: [kim]}\n",
        "9:44 there is no practitioner kim in this document; add the profile or remove the entry",
    ),
]


@pytest.mark.parametrize(("text", "said"), TWICE)
def test_ids_that_stand_twice_or_nowhere(text: str, said: str) -> None:
    assert problems(text) == [said]


def test_an_appointment_twice() -> None:
    one = f"{{id: '1', {APPOINTMENT}, link: no}}"
    assert problems(f"{CLINIC}appointments:\n- {one}\n- {one}\n") == [
        "10:8 an id stands twice, first in line 9"
    ]


def test_what_the_pms_lists() -> None:
    text = CLINIC + "  appointment_types: [{id: a, name: A, active: no}]\n"
    text += "  practitioners: [{id: b, name: B, in_appointment_book: yes}]\n"
    pms = clinic_of(text).pms
    assert pms.appointment_types == {"a": PmsAppointmentType(id="a", full_name="A", active=False)}
    assert pms.practitioners == {"b": PmsPractitioner(id="b", name="B", in_appointment_book=True)}


SHOWN = [
    (CLINIC.replace("name: Harbourside\n", ""), "name", ""),
    (f"{CLINIC}as_off: 2026\n", "as_off", None),
    (f"{CLINIC}as_of: soon\n", "as_of", "soon"),
    (f"{CLINIC}as_of: [soon]\n", "as_of", None),
    (f"{CLINIC}practitioners: no\n", "practitioners", "no"),
    ("[]", None, None),
    (CLINIC.replace("clinic: harbourside", "clinic: bayside"), "clinic", "bayside"),
    (f"{CLINIC}practitioners: [{{id: li, name: Li}}, {{id: li, name: Li}}]\n", "id", "li"),
    (
        f"{CLINIC}appointment_types: [{{id: video, name: Video, practitioners: [li]}}]\n",
        None,
        "li",
    ),
    (
        f"{CLINIC}appointment_types: [{{id: video, name: Video, practitioners: [{{id: li}}]}}]\n",
        "id",
        "li",
    ),
]


@pytest.mark.parametrize(("text", "key", "value"), SHOWN)
def test_what_an_excerpt_may_show(text: str, key: str | None, value: str | None) -> None:
    (problem,) = record(text).problems
    assert (problem.key, problem.value) == (key, value)


APPOINTMENT = "practitioner: li, pms_type: a, created: 2026-11-20T15:40, starts: 2026-11-24T09:30"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f"[{{id: '1', {APPOINTMENT}, link: maybe}}]", "link"),
        (f"[{{id: '1', {APPOINTMENT}, link: }}]", "link"),
        (f"[{{id: '1', {APPOINTMENT}, link: no, patient: Jane}}]", "patient"),
        (f"[{{id: '1', {APPOINTMENT}, link: no}}, {{id: '1', {APPOINTMENT}, link: no}}]", "id"),
    ],
)
def test_no_value_of_an_appointment_is_shown(text: str, key: str) -> None:
    (problem,) = record(f"{CLINIC}appointments: {text}\n").problems
    assert problem.key == key
    assert problem.value in (None, "")
    assert "maybe" not in problem.message
    assert "Jane" not in problem.message


def test_problems_of_the_text_and_of_a_day_sheet_are_told_together() -> None:
    text = f"{CLINIC}name: Bayside\nappointments: {{csv: a.csv, columns: a}}\n"
    assert problems(text) == [
        "8:1 name stands twice here, first in line 3",
        "9:37 columns: expected keys with values",
    ]


SHEET = f"""\
{CLINIC}\
practitioners:
- {{id: li, name: Li, linked_to: '17'}}
- {{id: kim, name: Kim, linked_to: '18'}}
- {{id: tan, name: Tan, linked_to: '18'}}
- {{id: old, name: Old, linked_to: '19', archived: true}}
appointments:
  csv: day.csv
  columns: {{id: A, practitioner: B, pms_type: C, created: D, starts: "E\\n", link: F}}
"""
CELLS = {
    "id": "1",
    "practitioner": "17",
    "pms_type": "29",
    "created": "2026-11-20 15:40",
    "starts": "2026-11-24 09:30",
    "link": "false",
}


HEADER = "A,B,C,D,E,F\n"


def read_sheet(*rows: str | Exception, more: str = "") -> tuple[Clinic | None, list[Problem]]:
    """The clinic with a day sheet of such rows, and what is wrong with it."""

    def table(named: Reference, read: Callable[[bytes], Table]) -> Table:
        assert (named.path, named.of) == ("day.csv", "appointments")
        for row in rows:
            if isinstance(row, Exception):
                raise row
        return read((HEADER + "".join(f"{row}\n" for row in rows)).encode())

    return reader.read(parse(f"{SHEET}{more}".encode()), "harbourside", table)


def booked(id: str, practitioner: str = "17") -> str:
    return ",".join({**CELLS, "id": id, "practitioner": practitioner}.values())


LINKED = "appointment_types: [{id: video, name: Video, linked_to: '29'}]\n"


def test_a_day_sheet() -> None:
    clinic, faults = read_sheet(
        booked("1"),
        *(booked(f"{n}", f"{n}") for n in (18, 19, 20)),
        booked("21", "kim"),
        more=LINKED,
    )
    assert faults == []
    assert clinic is not None
    first, *others = clinic.appointments
    assert (first.id, first.practitioner, first.row) == ("1", "li", 2)
    assert first.path == ("appointments", "csv")
    assert first.created == datetime(2026, 11, 20, 4, 40, tzinfo=UTC)
    # One PMS practitioner may have several profiles; one that is archived counts where it is alone.
    assert [each.profiles for each in others] == [("kim", "tan"), ("old",), ("kim",)]
    assert [table.table.unread for table in clinic.tables] == [(5,)]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (FileNotFoundError(2, "No such file"), "day.csv cannot be read: No such file"),
        (PermissionError(), "day.csv cannot be read: PermissionError"),
        (BadTable("it is odd"), "day.csv cannot be read: it is odd"),
        (BadTable("it is odd", 4), "day.csv, row 4 cannot be read: it is odd"),
    ],
)
def test_no_day_sheet(fault: Exception, said: str) -> None:
    clinic, problems = read_sheet(fault)
    assert problems == []
    assert clinic is not None
    assert [[*table.faults()] for table in clinic.tables] == [[said]]


def test_the_rows_of_a_day_sheet_count_towards_the_size_of_a_clinic(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(rules.MAX_COMBINATIONS, "appointments", 4)
    types = LINKED.replace("}]", "}, {id: phone, name: Phone}]")
    rows = [booked(f"{number}") for number in (2, 3, 4)]
    assert read_sheet(*rows[:2], more=types)[1] == []
    said = "3 appointments by 2 appointment types are more than the 4 combinations of one clinic"
    assert [each.message for each in read_sheet(*rows, more=types)[1]] == [said]


LONG = "::".join(["##[x"] * 60)
SAFE = ": :".join(["## [x"] * 60)


def test_the_whole_of_a_types_name_is_kept_and_what_is_shown_is_short() -> None:
    (type,) = clinic_of(
        f'{CLINIC}appointment_types: [{{id: video, name: "{LONG}"}}]\n'
    ).appointment_types
    assert type.full_name == SAFE
    assert type.name == f"{SAFE[:117]}..."


DESCRIPTIONS: list[tuple[tuple[str | int, ...], str]] = [
    ((), ""),
    (("clinic",), "The clinic's id: this file's name without its ending."),
    (("none",), ""),
    (("pms", "none"), ""),
    (("waivers",), "Findings that are accepted until a day, each with a reason and an owner."),
    (("waivers", 0, "reason"), "Why the finding is accepted for now."),
    (("waivers", 0, "reason", "none"), "Why the finding is accepted for now."),
    (
        ("appointment_types", 0, "practitioners", 1, "id"),
        "Id of a practitioner of this document who offers the type.",
    ),
]


@pytest.mark.parametrize(("path", "said"), DESCRIPTIONS)
def test_where_a_value_is_copied_from(path: tuple[str | int, ...], said: str) -> None:
    assert describe(Clinic, path) == said


TITLES: list[tuple[type, str, str]] = [
    (Practitioner, "linked_to", "Link to (practice management software)"),
    (Practitioner, "id", ""),
    (Practitioner, "pms_id", ""),
    (Practitioner, "", ""),
    (Listing, "override", "the practitioner's own link"),
    (Listing, "linked_to", ""),
    (Clinic, "dashboard.last_synced", "last sync"),
    (Clinic, "dashboard", ""),
    (Clinic, "dashboard.none", ""),
    (Clinic, "appointment_types.practitioners", "who offers it"),
    (Pair, "practitioner", ""),
    (int, "real", ""),
]


@pytest.mark.parametrize(("cls", "attributes", "title"), TITLES)
def test_what_a_value_is_called_on_the_screen(cls: type, attributes: str, title: str) -> None:
    assert title_of(cls, attributes) == title


def test_a_key_stays_as_it_is() -> None:
    (key, *_) = keys_of(Clinic).values()
    with pytest.raises(FrozenInstanceError):
        key.name = "b"  # type: ignore[misc]
    assert not hasattr(key, "__dict__")


def test_the_keys_of_a_document() -> None:
    def outline(keys: Iterable[Key]) -> dict[str, Any]:
        return {f"{key.name}{'!' if key.required else ''}": outline(key.keys) for key in keys}

    found = outline(keys_of(Clinic).values())
    assert list(found) == [
        *("videolink!", "clinic!", "name!", "timezone!", "as_of", "dashboard", "pms!"),
        *("practitioners", "appointment_types", "appointments", "waivers"),
    ]
    assert found["clinic!"] == {}
    assert list(found["waivers"]) == ["check!", "on", "reason!", "owner!", "until!"]
    assert list(found["appointment_types"]["practitioners"]) == ["id!", "linked_to"]
    assert list(found["dashboard"]) == [
        *("last_synced", "new_patient_approval", "existing_patient_approval"),
    ]
    clinic = keys_of(Clinic)["clinic"]
    assert clinic.description == "The clinic's id: this file's name without its ending."


@pytest.mark.parametrize(
    ("text", "id", "said"),
    [
        ("dr-li-wei", "dr-li-wei", "; did you mean dr-li-wei?"),
        ("a" * 50, "a" * 50, f"; did you mean {'a' * 50}?"),  # no shorter, as of a name
        ("Nurse Kim Lee", "nurse-kim-lee", "; did you mean nurse-kim-lee?"),
        ("Appointment 7", "Appointment 7", ""),  # its id would be reserved
        ("All", "All", ""),
        ("\u674e", "\u674e", ""),
    ],
)
def test_the_id_that_a_text_is_meant_as(text: str, id: str, said: str) -> None:
    assert (id_meant(text), slug_meant(text)) == (id, said)


TWO_OF_A_NAME = (
    f"{{id: dr-a, name: Dr A}}, {{id: dr-{'b' * 60}, name: Dr A}}, {{id: Dr C, name: C}}"
)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            "Dr A",
            'several practitioners of this document may be meant, "dr-a" and'
            f' "dr-{"b" * 54}...": write the id',
        ),
        (
            "Dr C",
            "expected an id of lower-case letters, digits and single hyphens, at most 64"
            " characters; did you mean dr-c?",
        ),
        (
            "Dr Z",
            "expected an id of lower-case letters, digits and single hyphens, at most 64"
            " characters; did you mean dr-c?",
        ),
        (
            "All",
            "the word all stands alone, without a list; write practitioners: all",
        ),
        ("appointment-1", "this id is reserved, choose another"),
    ],
)
def test_who_is_named_by_a_type(named: str, said: str) -> None:
    text = f"practitioners: [{TWO_OF_A_NAME}]\nappointment_types:\n"
    found = problems(f"{CLINIC}{text}- {{id: video, name: Video, practitioners: [{named}]}}\n")
    (where,) = (each for each in found if each.startswith("10:"))
    assert where.partition(": ")[2] == said


@pytest.mark.parametrize("text", ["TO BE REPLACED", "  to be replaced (ask)", "To Be Replaced"])
def test_a_question_that_is_open(text: str) -> None:
    assert is_open(text)
    assert not is_open(f"nothing is {text}")
