"""Tables against an oracle that reads them without the plugin; VIDEOLINK_EXAMPLES says how far."""

from __future__ import annotations

import copy
import csv
import io
from typing import Any
from zoneinfo import ZoneInfo

import oracle
from day_sheets import fates
from handwriting import Handwritten, handwritten
from hypothesis import given
from hypothesis import strategies as st
from meaning import read
from strategies import fleets
from support import NOW, Document, MemorySource, edited, right_clinic, to_yaml
from test_oracle import examples, exit_code, judge_fleet

from pytest_videolink.judging.judge import State
from pytest_videolink.record.clinic import Pair
from pytest_videolink.sources.fleet import Fleet

SYDNEY = ZoneInfo("Australia/Sydney")
NAMES = {
    "id": "No",
    "practitioner": "Who",
    "pms_type": "Type",
    "starts": "When",
    "created": "Booked",
    "link": "Room",
    "modality": "How",
    "status": "State",
}
CELLS = {
    "id": ["A-1", "A-2", "88213", "88214", "9", "", "", "Jane Roe"],
    "practitioner": [
        *("17", "18", "17", "18", "dr-li-wei", "Dr Amara Nwosu", "dr li  wei", "DR LI WEI"),
        *("19", "Locum", "Kim Lee", "Jane Roe", "99", ""),
    ],
    "pms_type": [
        *("29", "31", "40", "29", "31", "50", "51", "52", "telehealth consult", "Standard"),
        *("Flu clinic", "Telephone call", "Twice", "99", "Lunch", ""),
    ],
    "modality": ["", "", "", "video", "Phone", "in-person", "fax"],
    "link": ["", "yes", "No", "https://room.example/1", "-", "TRUE", "n/a", "Jane Roe"],
    "status": ["Booked", "Booked", "", "cancelled ", "CANCELLED"],
}
TIMES = {
    "iso": ["2026-11-24 09:30", "2026-11-24 9:30 am", "2026-11-24 10:00", "2026-11-25 02:15 PM"],
    "dmy": ["24/11/2026 09:30", "24.11.2026 9:30 AM", "24/11/2026 10:00", "25/11/2026 2:15 pm"],
    "mdy": ["11/24/2026 09:30", "11/24/2026 9:30 AM", "11/24/2026 10:00", "11/25/2026 2:15 pm"],
}
LISTED = {
    "pms.practitioners.2": {"id": "19", "name": "Locum"},
    "pms.practitioners.3": {"id": "20", "name": "Kim Lee"},
    "pms.practitioners.4": {"id": "21", "name": "Kim Lee"},
    **{
        f"pms.appointment_types.{place}": {"id": id, "name": name}
        for place, (id, name) in enumerate(
            [
                *(("50", "Flu clinic"), ("51", "Tele-review"), ("52", "Telephone call")),
                *(("53", "Twice"), ("54", "twice")),
            ],
            3,
        )
    },
}


@st.composite
def days(draw: st.DrawFn) -> tuple[Document, list[dict[str, str]], str, list[str]]:
    """A clinic, the rows of its day sheet, the order of its dates, and what is linked or listed."""
    document = edited(right_clinic(), LISTED)
    if draw(st.booleans()):
        document["appointment_types"][1]["modality"] = draw(st.sampled_from(["phone", None]))
    for section in ("practitioners", "appointment_types"):
        if draw(st.integers(0, 3)) == 0:
            del document["pms"][section]
    dates = draw(st.sampled_from(sorted(TIMES)))
    optional = [key for key in NAMES if key not in ("practitioner", "pms_type", "starts")]
    keys = ["practitioner", "pms_type", "starts"]
    keys += [key for key in optional if draw(st.booleans())]
    care = draw(st.sampled_from([1, 4, 8]))  # how often what is odd is put right
    cells = {**CELLS, "starts": [*TIMES[dates], "soon", ""], "created": [*TIMES[dates], "", "x"]}

    def row() -> dict[str, str]:
        made = {}
        for key in keys:
            pool = cells[key] if draw(st.integers(0, care)) == 0 else cells[key][:2]
            made[key] = draw(st.sampled_from(pool))
        return made

    rows = [row() for _ in range(draw(st.integers(0, 9)))]
    for _ in range(draw(st.integers(0, 2)) if rows else 0):
        rows.insert(draw(st.integers(0, len(rows))), dict(draw(st.sampled_from(rows))))
    blank = dict.fromkeys(keys, "")
    for extra in draw(st.lists(st.sampled_from([blank, {**blank, "starts": "25 in all"}]))):
        rows.insert(draw(st.integers(0, len(rows))), dict(extra))
    return document, rows, dates, keys


def to_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


@examples()
@given(day=days(), title=st.booleans(), delimiter=st.sampled_from(",;\t|"))
def test_each_row_of_a_day_sheet_becomes_what_the_oracle_says(
    day: tuple[Document, list[dict[str, str]], str, list[str]], title: bool, delimiter: str
) -> None:
    document, rows, dates, keys = day
    # A column of no interest, without which a row of an empty cell would be an empty line.
    table = [["Patient", *(NAMES[key] for key in keys)]]
    table += [["Jane Roe" if any(row.values()) else "", *row.values()] for row in rows]
    above = [["Tuesday"], []] if title else []
    first = len(above) + 2
    skip = {"status": ["Cancelled"]} if "status" in keys else {}
    named = {"csv": "day.csv", "columns": {key: NAMES[key] for key in keys}, "dates": dates}
    written = {**document, "appointments": {**named, **({"skip": skip} if skip else {})}}
    source = MemorySource(
        {"harbourside": to_yaml(written)}, {"day.csv": to_csv(above + table, delimiter)}
    )
    [entry] = source.entries()
    record = Fleet(source, [entry]).record(entry)
    assert record.clinic is not None, record.problems
    [sheet] = record.clinic.tables
    assert sheet.why is None, sheet.why

    expected = fates(
        read(document).meant, dict(enumerate(rows, first)), dates, "Cancelled" if skip else ""
    )
    skipped = [number for rows in sheet.table.skipped.values() for number in rows]
    assert list(sheet.table.unread) == expected.unread
    assert [each for each in sheet.table.none if each >= first] == expected.none
    assert (skipped, list(sheet.table.repeated)) == (expected.skipped, expected.repeated)
    assert {
        each.row: (
            f"{each.starts.astimezone(SYDNEY):%Y-%m-%d %H:%M}",
            each.practitioner,
            each.pms_type,
            each.link,
        )
        for each in record.clinic.appointments
    } == expected.judged
    assert sorted(each.id for each in record.clinic.appointments) == expected.ids
    left = {number for each in sheet.left_out for number in each.rows}
    assert left == set(expected.left_out)
    ends = (expected.judged, left, expected.none, skipped, expected.repeated, expected.unread)
    assert sheet.count == sum(map(len, ends)) + title


# Lists by reference


def by_reference(
    documents: dict[str, Document], data: st.DataObject, *, has_faults: bool = True
) -> tuple[dict[str, Document], dict[str, str], dict[str, set[str]]]:
    """A fleet with its lists in tables, those tables, and of which clinics some cannot be read."""
    written, tables = copy.deepcopy(documents), {}
    unread: dict[str, set[str]] = {}
    for id, document in written.items():
        for section in ("practitioners", "appointment_types"):
            entries = document["pms"].get(section)
            if not entries or not data.draw(st.booleans()):
                continue
            path = f"{id}-{section}.csv"
            flags = {True: "Active", False: "no"}
            rows = [
                [each["id"], each["name"], flags.get(each.get("active"), ""), "x"]
                for each in entries
            ]
            if has_faults and data.draw(st.integers(0, 3)) == 0:
                place = data.draw(st.integers(0, len(rows)))
                rows.insert(place, ["5.1E+17", "Jane Roe", "", ""])
                unread.setdefault(id, set()).add(section)
            if data.draw(st.booleans()):
                rows.append(rows[0])
            rows = [["List of all"], ["ID", "Full name", "Status", "x"], *rows, ["", "", "", "9"]]
            tables[path] = to_csv(rows)
            columns = {"id": "id", "name": "FullName", "active": "status"}
            document["pms"][section] = {"csv": path, "columns": columns}
    return written, tables, unread


@examples(0.5)
@given(documents=fleets(), data=st.data())
def test_lists_in_tables_mean_what_lists_in_the_document_mean(
    documents: dict[str, Document], data: st.DataObject
) -> None:
    written, tables, unread = by_reference(documents, data)
    for id, judgements in judge_fleet(written, tables).items():
        others = {other: each for other, each in documents.items() if other != id}
        hidden = any(
            oracle.same_database(read(documents[id]).meant, read(other).meant)
            and "practitioners" in unread.get(name, ())
            and is_lacking(other)
            for name, other in others.items()
        )
        said: dict[Any, State] = {
            (each.subject.practitioner.id, each.subject.type.id): each.state
            for each in judgements.values()
            if isinstance(each.subject, Pair) and each.check.id == "VL500"
        }
        assert said == {
            pair: State.PASSED
            if oracle.link_expected(documents, id, *pair, NOW) and not hidden
            else State.BLOCKED
            for pair in oracle.pairs(documents, id)
        }
        assert ("VL007", id) in judgements or not names_a_list(written[id])
        if ("VL007", id) in judgements:
            assert (judgements["VL007", id].state is State.FAILED) is bool(unread.get(id))
        assert (judgements["VL002", id].state is State.FAILED) is hidden
        fails = bool(unread.get(id)) or hidden
        assert exit_code(judgements) == max(oracle.exit_code(documents, id, NOW), fails)


@examples(0.3)
@given(written=handwritten(), data=st.data())
def test_names_in_tables_stand_for_the_same_ids(written: Handwritten, data: st.DataObject) -> None:
    """What people write for a link means in a list by reference what it means in a written one."""
    named, tables, _ = by_reference(written.documents, data, has_faults=False)
    for id, document in named.items():
        if not names_a_list(document):
            continue
        source = MemorySource({id: to_yaml(document)}, tables)
        [entry] = source.entries()
        record = Fleet(source, [entry]).record(entry)
        reading = read(written.documents[id])
        assert (record.clinic is None) is bool(reading.refused)
        if record.clinic is None:
            continue
        for section in ("practitioners", "appointment_types"):
            assert {
                each.id: None if each.linked_to is None else list(each.linked_to)
                for each in getattr(record.clinic, section)
            } == {each["id"]: each["linked_to"] for each in reading.meant.get(section) or []}


def names_a_list(document: Document) -> bool:
    return any(
        isinstance(document["pms"].get(section), dict)
        for section in ("practitioners", "appointment_types")
    )


def is_lacking(document: Document) -> bool:
    """Whether a live profile is linked to what the list does not have, as far as it is read."""
    listed = {each["id"] for each in document["pms"]["practitioners"]}
    return any(
        not set(each["linked_to"] or []) <= listed
        for each in read(document).meant["practitioners"] or []
        if not each.get("archived")
    )
