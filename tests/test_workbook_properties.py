"""Workbooks against YAML over many clinics, and against the slips of people.

``VIDEOLINK_EXAMPLES=2000`` looks further than the suite has time for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from books import book_of, changed, read_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import fleets
from support import TERMS, Document, MemorySource, appointment, edited, right_clinic, waiver
from test_oracle import to_json

from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.judging.judge import Judge
from pytest_videolink.record import layout, reader
from pytest_videolink.record.document import parse
from pytest_videolink.sources.convert import NotConverted, to_workbook
from pytest_videolink.sources.fleet import Fleet
from pytest_videolink.sources.source import Entry

EXAMPLES = int(os.environ.get("VIDEOLINK_EXAMPLES", "25"))
examples = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


class Mixed(MemorySource):
    """Documents of which those that are bytes are workbooks."""

    def entries(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(id, self.root / f"{id}{'.xlsx' if raw[:2] == b'PK' else '.yaml'}")
            for id, raw in self._raw.items()
        )

    def may_concern(self, entry: Entry, clinics: object) -> bool:
        return True


def as_book(id: str, document: Document) -> bytes | str:
    """A document as a workbook; as it is where it has no cells."""
    text = to_json(document)
    read = parse(text.encode())
    clinic, _ = reader.read(read, id, lambda *_: ())
    plain = read.root.plain()
    if clinic is None or not isinstance(plain, dict):
        return text
    try:
        return to_workbook(id, plain, clinic, "pytest")
    except NotConverted:
        return text


def judgements(documents: dict[str, bytes | str]) -> dict[str, dict[str, Any]]:
    """What is said of each clinic that can be read, by check and subject."""
    source = Mixed(documents)
    fleet = Fleet(source, source.entries())
    said = {}
    for entry in source.entries():
        clinic = fleet.record(entry).clinic
        if clinic is not None:
            judge = Judge(clinic, fleet.neighbours(clinic), CATALOGUE, TERMS)
            said[entry.id] = {
                f"{each.check.id} {each.subject.id}": (
                    each.state,
                    each.reason.replace(".xlsx", ".yaml"),
                    [
                        (found.answer, found.summary.replace(".xlsx", ".yaml"), found.expected)
                        for found in each.findings
                    ],
                )
                for each in judge.judgements()
            }
    return said


@given(fleets())
@examples
def test_generated_clinics_as_workbooks_and_as_yaml(fleet: dict[str, Document]) -> None:
    books = {id: as_book(id, document) for id, document in fleet.items()}
    texts: dict[str, bytes | str] = {id: to_json(document) for id, document in fleet.items()}
    assert judgements(books) == judgements(texts)


# One slip in a right workbook

WHOLE = edited(
    edited(right_clinic(), waiver("VL201", "dr-li-wei")), {"appointments": [appointment()]}
)
RAW = book_of(WHOLE)
IDS = {
    *("Practitioners!B3", "Practitioners!B4", "Practitioners!I3", "Appointment types!F3"),
    *("Appointment types!H4", "PMS practitioners!A3", "PMS practitioners!A4", "PMS types!A5"),
    *("Waivers!A3", "Waivers!B3", "Appointments!A3", "Appointments!B3", "Appointments!C3"),
    "Clinic!B9",
}
FLAGS = {
    *("Practitioners!C3", "Practitioners!F3", "Appointment types!C3", "Appointment types!E4"),
    *("PMS practitioners!C3", "PMS types!C4", "Clinic!B11", "Appointments!F3"),
}
TIMES = {"Clinic!B4", "Clinic!B5", "Appointments!D3", "Appointments!E3", "Waivers!E3"}
ALL = sorted({*IDS, *FLAGS, *TIMES, "Practitioners!A3", "Offers!B4", "Offers!C3"})
HEADINGS = [
    f"{table.sheet}!{chr(ord('A') + place)}1"
    for table in layout.tables()
    for place in range(len(table.columns))
]


def put(value: Any) -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        cell.value = value

    return change


def as_text(value: str) -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        cell.value = value
        cell.data_type = "s"

    return change


def merged(cell: Any) -> None:
    cell.parent.merge_cells(
        start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column
    )


def renamed(cell: Any) -> None:
    cell.value = f"{cell.value}s of ours"


digits = st.integers(10, 10**9).map(str)
SLIPS: dict[str, tuple[list[str], st.SearchStrategy[Callable[[Any], None]]]] = {
    "a date for an id": (
        sorted(IDS),
        st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(put),
    ),
    "a number for an id": (sorted(IDS), st.integers(100, 10**9).map(put)),
    "digits lost": (sorted(IDS), st.integers(10**15, 10**18).map(put)),
    "a rounded number": (sorted(IDS), st.floats(1, 9).map(lambda x: as_text(f"{x:.5f}E+17"))),
    "a decimal": (sorted(IDS), digits.map(lambda text: as_text(f"{text}.0"))),
    "a number with spaces": (
        sorted(IDS),
        st.tuples(digits, st.sampled_from([" {}", "{} ", "\N{NO-BREAK SPACE}{}", "1 {}"])).map(
            lambda both: as_text(both[1].format(both[0]))
        ),
    ),
    "an unseen character": (
        sorted(IDS),
        st.sampled_from("\u200b\u00ad\u2060\ufeff").map(lambda each: as_text(f"1{each}7")),
    ),
    "no flag": (sorted(FLAGS), st.sampled_from(["maybe", "ja", "?", "2", "yess"]).map(as_text)),
    "no time": (
        sorted(TIMES),
        st.sampled_from(["24/11/2026 9:30", "3/4/26", "tomorrow", "8:30"]).map(as_text),
    ),
    "a number for a time": (sorted(TIMES), st.floats(40_000, 50_000).map(put)),
    "a formula": (ALL, st.sampled_from(["=A1", "=1", '="17"', "=NOW()"]).map(put)),
    "an error": (ALL, st.sampled_from(["#N/A", "#REF!", "#VALUE!", "#NAME?"]).map(put)),
    "a merged cell": (ALL, st.just(merged)),
    "a renamed heading": (HEADINGS, st.just(renamed)),
}


@pytest.mark.parametrize("name", SLIPS)
@given(data=st.data())
@settings(examples, max_examples=max(8, EXAMPLES // 4))
def test_one_slip_is_named_at_its_cell_and_never_read_as_right(
    name: str, data: st.DataObject
) -> None:
    places, slips = SLIPS[name]
    place, slip = data.draw(st.sampled_from(places)), data.draw(slips)
    sheet, _, cell = place.partition("!")
    typed = []

    def change(book: Any) -> None:
        slip(book[sheet][cell])
        typed.append(str(book[sheet][cell].value))

    clinic, problems, document = read_book(changed(RAW, change))
    assert clinic is None
    assert any(each.startswith(f"{place}: ") for each in problems), (place, problems)
    if sheet == "Appointments":
        assert document is not None
        private = [text for text in typed if len(text) > 3 and text not in ("#N/A", "None", "8:30")]
        assert not any(text in each.message for text in private for each in document.problems)
        assert not any(each.value for each in document.problems)


def test_the_workbook_without_a_slip_is_right() -> None:
    clinic, problems, _ = read_book(RAW)
    assert problems == []
    assert clinic is not None
