"""Each rule for links and people by one example, asked of the oracle and of the plugin alike."""

from __future__ import annotations

import json
from typing import Any

import pytest
from meaning import Kind, read
from reading import record
from support import Document, judged

LIST = [
    {"id": "29", "name": "Telehealth Consult"},
    {"id": "30", "name": "Phone  Consult"},
    {"id": "31", "name": "telehealth LONG", "active": False},
    {"id": "32", "name": "Review"},
    {"id": "33", "name": "review ", "active": False},
    {"id": "NO", "name": "Nurse Obstetrics"},
    {"id": "TBC", "name": "To be confirmed by phone"},
    {"id": "Flu", "name": "Vaccination"},
    {"id": "34", "name": "FLU"},
    {"id": "35", "name": "Flu"},
    {"id": "n29", "name": "N29"},
    {"id": "36", "name": "Wei, Li"},
    {"id": "loc", "name": "Locum visit"},
    {"id": "37", "name": "Loc", "active": False},
]

# What is written, and the PMS ids that it means, or why it has no safe meaning
LISTED = [
    ("29", ["29"]),
    (["29", "99"], ["29", "99"]),
    ("99", ["99"]),
    (" 29", [" 29"]),
    # Names
    ("Telehealth Consult", ["29"]),
    (" telehealth\u00a0 CONSULT", ["29"]),
    ("TelehealthConsult", ["29"]),
    ("phone consult", ["30"]),
    ("Telehealth Long", ["31"]),
    ("Telehealth Longer", ["Telehealth Longer"]),
    (["Telehealth Consult", "31"], ["29", "31"]),
    (["Telehealth Consult", "29"], ["29"]),
    ("Review", Kind.TWO_OF_THE_NAME),
    (["29", "REVIEW"], Kind.TWO_OF_THE_NAME),
    ("Wei, Li", ["36"]),
    ("N29", ["n29"]),
    ("wei,li", ["36"]),
    # Names and ids
    ("Flu", ["Flu"]),
    ("flu", Kind.TWO_OF_THE_NAME),
    ("loc", ["loc"]),
    ("LOC", Kind.NAME_AND_ID),
    # Words
    ("none", []),
    ("None", []),
    (" Not  Linked ", []),
    ("\u201cn/a\u201d", []),
    ("-", []),
    ([], []),
    ("", None),
    (None, None),
    ("NA", []),
    ("NO", Kind.WORD_AND_ID),
    ("no", Kind.WORD_AND_ID),
    ("\u2018No\u2019", Kind.WORD_AND_ID),
    (["NO"], ["NO"]),
    (["no"], Kind.WORD_IN_LIST),
    (["NA"], Kind.WORD_IN_LIST),
    (["none"], Kind.WORD_IN_LIST),
    (["29", "n/a"], Kind.WORD_IN_LIST),
    ("TBC", ["TBC"]),
    ("tbc", Kind.NO_ID),
    (["TBC"], ["TBC"]),
    (["tbc"], Kind.NO_ID),
    ("Yes", Kind.NO_ID),
    ("\u201cticked\u201d", Kind.NO_ID),
    ("?", Kind.NO_ID),
    ("TO BE REPLACED", Kind.NO_ID),
    ("\u201c29\u201d", Kind.QUOTES),
    (["\u201829\u2019"], Kind.QUOTES),
    ("29, 31", Kind.SEVERAL),
    ("29;Telehealth Long", Kind.SEVERAL),
    # The document's own names and ids are nothing to a list.
    ("dr-li", ["dr-li"]),
    ("Dr Li", ["Dr Li"]),
]

UNLISTED = [
    ("29", ["29"]),
    (["29", "31"], ["29", "31"]),
    ("Flu", ["Flu"]),
    ("not linked", []),
    ("NA", []),
    ("NO", []),
    (["NA"], Kind.WORD_IN_LIST),
    (["NO"], Kind.WORD_IN_LIST),
    (["none"], Kind.WORD_IN_LIST),
    (["n/a"], Kind.WORD_IN_LIST),
    ("TBC", Kind.NO_ID),
    (["TBC"], Kind.NO_ID),
    ("Telehealth Consult", Kind.ID_EXPECTED),
    (["29", "Telehealth Consult"], Kind.ID_EXPECTED),
    ("29\u00a031", Kind.ID_EXPECTED),
    (" 29", Kind.ID_EXPECTED),
    ("dr-li", Kind.ID_EXPECTED),
    ("video", Kind.ID_EXPECTED),
    ("Locum", Kind.ID_EXPECTED),
    ("LOCUM", Kind.ID_EXPECTED),
    (["Consult"], Kind.ID_EXPECTED),
    ("\u201c29\u201d", Kind.QUOTES),
    ("29,31", Kind.SEVERAL),
]

LINKS = [(LIST, *row) for row in LISTED] + [(None, *row) for row in UNLISTED]
LINKS += [([], "29", ["29"]), ([], "Telehealth Consult", ["Telehealth Consult"])]

# What is written, and whom it means, or why it has no safe meaning
OFFERS = [
    ("all", "all"),
    ("All", "all"),
    ("ALL", "all"),
    (["dr-li"], ["dr-li"]),
    (["Dr Li"], ["dr-li"]),
    (["dr  LI", "locum"], ["dr-li", "locum"]),
    ([{"id": "Dr Li", "linked_to": "31"}], ["dr-li"]),
    (["Locum"], ["locum"]),
    (["Kim"], Kind.TWO_OF_THE_NAME),
    (["kim-a"], ["kim-a"]),
    (["Tan"], Kind.NAME_AND_ID),
    (["tan"], ["tan"]),
    (["Dr Who"], Kind.NOBODY),
    (["dr-li", "Dr Li"], Kind.TWICE),
    ("dr-li", Kind.LIST_EXPECTED),
    ("Dr Li, Locum", Kind.LIST_EXPECTED),
    ([], []),
    ("", None),
    (None, None),
]


def clinic(**type: Any) -> Document:
    return {
        "videolink": 1,
        "clinic": "harbourside",
        "name": "Harbourside",
        "timezone": "Australia/Sydney",
        "pms": {"system": "zedmed", "database": "ONE"},
        "practitioners": [
            {"id": "dr-li", "name": "Dr Li"},
            {"id": "locum", "name": "Locum"},
            {"id": "kim-a", "name": "Kim"},
            {"id": "kim-b", "name": "KIM", "archived": True},
            {"id": "tan", "name": "Dr T. An"},
            {"id": "tan-b", "name": "Tan"},
        ],
        "appointment_types": [{"id": "video", "name": "Consult", "modality": "video", **type}],
    }


def linked(listed: list[Document] | None, written: Any) -> Document:
    document = clinic(linked_to=written)
    document["pms"]["appointment_types"] = listed
    return document


each_link = pytest.mark.parametrize(("listed", "written", "meant"), LINKS)
each_offer = pytest.mark.parametrize(("written", "meant"), OFFERS)


def understood(document: Document) -> Any:
    """The type as the oracle understands it, or the kind of the one value it refuses."""
    reading = read(document)
    (type,) = reading.meant["appointment_types"]
    (kind,) = reading.refused.values() or [None]
    return kind or type


@each_link
def test_a_link_to_the_oracle(listed: list[Document] | None, written: Any, meant: Any) -> None:
    found = understood(linked(listed, written))
    assert meant == (found if isinstance(found, str) else found["linked_to"])


@each_link
def test_a_link(listed: list[Document] | None, written: Any, meant: Any) -> None:
    found = record(json.dumps(linked(listed, written)), "harbourside.json")
    if found.clinic is None:
        assert isinstance(meant, str)
        assert len(found.problems) == 1
    else:
        (type,) = found.clinic.appointment_types
        assert meant == (None if type.linked_to is None else list(type.linked_to))


@each_offer
def test_who_offers_a_type_to_the_oracle(written: Any, meant: Any) -> None:
    found = understood(clinic(linked_to="29", practitioners=written))
    if isinstance(found, dict):
        found = found["practitioners"]
    assert meant == ([each["id"] for each in found] if isinstance(found, list) else found)


@each_offer
def test_who_offers_a_type(written: Any, meant: Any) -> None:
    document = clinic(linked_to="29", practitioners=written)
    found = record(json.dumps(document), "harbourside.json")
    if found.clinic is None:
        assert meant not in ("all", None)
        assert isinstance(meant, str)
        assert len(found.problems) == 1
    else:
        everybody = [each["id"] for each in document["practitioners"] if not each.get("archived")]
        offered = [
            key.removeprefix("VL500 ").removesuffix("::video")
            for key in judged(document)
            if key.startswith("VL500 ")
        ]
        assert offered == (everybody if meant == "all" else meant or [])
