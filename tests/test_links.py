"""What is said of a link that has no safe meaning, with the PMS's list recorded and without."""

from __future__ import annotations

import pytest
from reading import CLINIC, clinic_of, problems, record

from pytest_videolink.record.links import maybe_code
from pytest_videolink.record.not_ids import NO_ID, NOT_LINKED

LISTS = """\
  practitioners: [{id: "17", name: Nwosu}, {id: "18", name: Tran}]
  appointment_types:
  - {id: "29", name: Consult}
  - {id: "30", name: Review}
  - {id: "31", name: review}
  - {id: NO, name: Nurse}
  - {id: loc, name: Locum visit}
  - {id: "33", name: LOC}
"""
LISTED, UNLISTED = CLINIC + LISTS, CLINIC
TYPE = "appointment_types: [{{id: v, name: Video, modality: video, linked_to: {}}}]\n"
WHO = "practitioners: [{{id: li, name: Dr Li, linked_to: {}}}]\n"

TYPE_SHOWN = "Dashboard > Bookings > Appointment Types > Edit > Templates for practitioners"
WHO_SHOWN = "Dashboard > Bookings > Practitioner Setup > (practitioner) > Link to"

NO_TYPE = f"that is no id of a PMS appointment type; look it up ({TYPE_SHOWN}), and write none"
NO_PRACTITIONER = f"that is no id of a PMS practitioner; look it up ({WHO_SHOWN}), and write none"
UNLESS = "that is no id of a PMS appointment type unless the PMS's list has it (pms:"
ALONE = f"look it up ({TYPE_SHOWN}), and write none alone, without a list, where there is no link"
TYPE_EXPECTED = (
    f"expected the id of the PMS appointment type ({TYPE_SHOWN}), or the PMS's list recorded"
    " (pms: appointment_types), in which the name can be looked up"
)
WHO_EXPECTED = (
    f"expected the id of the PMS practitioner ({WHO_SHOWN}), or the PMS's list recorded"
    " (pms: practitioners), in which the name can be looked up"
)
SEVERAL = "the PMS lists several entries that this may be,"

NO_LINK = [
    (LISTED, TYPE, "tbc", f'is "tbc": {NO_TYPE} where there is no link'),
    (LISTED, TYPE, "TO BE REPLACED", f'is "TO BE REPLACED": {NO_TYPE} where there is no link'),
    (UNLISTED, WHO, "ticked", f'is "ticked": {NO_PRACTITIONER} where there is no link'),
    # Words of which more is to be said than how they were typed.
    (LISTED, TYPE, "?", f'is "?": {NO_TYPE} where there is no link'),
    (LISTED, TYPE, "??", f'is "??": {NO_TYPE} where there is no link'),
    (UNLISTED, WHO, "\u201cyes\u201d", f'is "yes": {NO_PRACTITIONER} where there is no link'),
    (UNLISTED, WHO, "tbc\u00a0", f'is "tbc": {NO_PRACTITIONER} where there is no link'),
    (LISTED, TYPE, "[n/a]", f'holds "n/a": {NO_TYPE.split(";", maxsplit=1)[0]}; {ALONE}'),
    (UNLISTED, TYPE, "[none]", f'holds "none": {UNLESS} appointment_types); {ALONE}'),
    (
        LISTED,
        TYPE,
        "nO",
        'is "nO": the PMS\'s list has the id NO: write none where there is no link, or [NO] for'
        " that id",
    ),
    (LISTED, TYPE, "REVIEW", f'is "REVIEW": {SEVERAL} "30" and "31": write the id'),
    (LISTED, TYPE, "Loc", f'is "Loc": {SEVERAL} "33" and "loc": write the id'),
    (LISTED, TYPE, "[29, REVIEW]", f'holds "REVIEW": {SEVERAL} "30" and "31": write the id'),
    (
        LISTED,
        TYPE,
        "'\u201c29\u201d'",
        'is "\u201c29\u201d": typographic quotes stand round the id; write "29" as it is shown'
        f" ({TYPE_SHOWN})",
    ),
    (
        UNLISTED,
        WHO,
        "'17\u2019'",
        'is "17\u2019": typographic quotes stand round the id; write "17" as it is shown'
        f" ({WHO_SHOWN})",
    ),
    (
        LISTED,
        TYPE,
        "29; Consult",
        'is "29; Consult": several values in one text; write a list such as [29, Consult], each'
        f" as it is shown ({TYPE_SHOWN})",
    ),
    (
        UNLISTED,
        WHO,
        "17;18",
        f'is "17;18": several values in one text; write the one id that is shown ({WHO_SHOWN})',
    ),
    (
        LISTED,
        WHO,
        "'\u201817'",
        'is "\u201817": typographic quotes stand round the id; write "17" as it is shown'
        f" ({WHO_SHOWN})",
    ),
    (LISTED, WHO, "[17, Tran]", "expected one PMS id, or the word none"),
    (UNLISTED, TYPE, "v", f'is "v": that is an id of this document\'s own; {TYPE_EXPECTED}'),
    (UNLISTED, TYPE, "[video]", f'holds "video": that is a name; {TYPE_EXPECTED}'),
    (UNLISTED, WHO, "dr li", f'is "dr li": that is a name; {WHO_EXPECTED}'),
    (UNLISTED, WHO, "A Tran", f'is "A Tran": that is a name, or holds a space; {WHO_EXPECTED}'),
    (UNLISTED, WHO, "'29 '", f'is "29 ": that is a name, or holds a space; {WHO_EXPECTED}'),
    (UNLISTED, WHO, "17;b", f'is "17;b": that is a name, or several values; {WHO_EXPECTED}'),
    (LISTED, TYPE, "{a: b}", "expected text"),
    (LISTED, TYPE, "[29, '']", "expected PMS ids as text in the list"),
    (LISTED, TYPE, "[29, [30]]", "expected PMS ids as text in the list"),
]


@pytest.mark.parametrize(("before", "line", "written", "said"), NO_LINK)
def test_no_link(before: str, line: str, written: str, said: str) -> None:
    (found,) = problems(before + line.format(written))
    between = " " if said.startswith(("is ", "holds ")) else ": "
    assert found.partition(" linked_to")[2] == between + said


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        (LISTED, "29", ("29",)),
        (LISTED, "consult", ("29",)),
        (LISTED, "loc", ("loc",)),
        (LISTED, "[NO, Consult, 29, 29]", ("NO", "29")),
        (LISTED, "none", ()),
        (LISTED, "99; 98", ("99; 98",)),
        (LISTED, "29; 99", ("29; 99",)),
        (LISTED, "29;", ("29;",)),
        (LISTED, "a consult", ("a consult",)),
        (UNLISTED, "[29, 30]", ("29", "30")),
        (UNLISTED, "29;", ("29;",)),
        (UNLISTED, "' n/a '", ()),
        (UNLISTED, "na", ()),
    ],
)
def test_a_link(text: str, written: str, meant: tuple[str, ...]) -> None:
    (type,) = clinic_of(text + TYPE.format(written)).appointment_types
    assert type.linked_to == meant


LONG = "x" * 61
CUT = "x" * 57 + "..."


@pytest.mark.parametrize(
    ("listed", "written", "said"),
    [
        (LONG, f"'\u201c{LONG}\u201d'", f'write "{CUT}" as it is shown'),
        (LONG, "Twin", f'several entries that this may be, "9" and "{CUT}"'),
        (f"not{' ' * 51}linked", "not linked", f"or [not{' ' * 51}linked] for that id"),
        (f"not{' ' * 52}linked", "not linked", f"or [not{' ' * 52}li...] for that id"),
    ],
)
def test_a_long_id_is_cut(listed: str, written: str, said: str) -> None:
    lists = f'  appointment_types: [{{id: "9", name: Twin}}, {{id: "{listed}", name: twin}}]\n'
    (found,) = problems(CLINIC + lists + TYPE.format(written))
    assert said in found


NO_ENTRY = f'linked_to holds "tbc": {NO_TYPE} where there is no link'


@pytest.mark.parametrize(
    ("written", "place", "shown"),
    [
        ("[tbc, 30]", (8, 71), ("linked_to", "tbc", ": [")),
        ("[30, tbc]", (8, 75), ("linked_to", "tbc", ": [..., ")),
        ("[30,\n  tbc]", (9, 3), (None, "tbc", ": ")),
    ],
)
def test_where_an_entry_stands_that_is_no_link(
    written: str, place: tuple[int, int], shown: tuple[str | None, str, str]
) -> None:
    (found,) = record(UNLISTED + TYPE.format(written)).problems
    assert (found.message, found.position[:2]) == (NO_ENTRY, place)
    assert (found.key, found.value, found.between) == shown


def test_a_long_entry_is_cut() -> None:
    for text, cut in (("x" * 59, "x" * 59), ("x" * 60, "x" * 57 + "...")):
        (found,) = problems(UNLISTED + TYPE.format(f"['{text} ']"))
        assert f'linked_to holds "{cut}' in found


def test_none_is_none_though_the_pms_has_an_id_of_that_name() -> None:
    lists = "  appointment_types: [{id: none, name: Consult}]\n"
    (type,) = clinic_of(CLINIC + lists + TYPE.format("none")).appointment_types
    assert type.linked_to == ()


@pytest.mark.parametrize("word", sorted(NO_ID))
def test_each_word_that_is_no_id(word: str) -> None:
    (found,) = problems(UNLISTED + TYPE.format(f"'{word}'"))
    assert NO_TYPE in found


@pytest.mark.parametrize("word", sorted(NOT_LINKED))
def test_each_word_that_says_that_there_is_no_link(word: str) -> None:
    (type,) = clinic_of(UNLISTED + TYPE.format(f"'{word}'")).appointment_types
    assert type.linked_to == ()
    assert maybe_code(type.linked_to, "appointment_types") == (
        f"{word} says that there is no link. Where it is an id of the PMS, record the PMS's list,"
        f" which has it (pms: appointment_types), and write [{word}]."
        if word in ("na", "no")
        else ""
    )
    (type,) = clinic_of(LISTED.replace("NO", "NE") + TYPE.format(f"'{word}'")).appointment_types
    assert (type.linked_to, maybe_code(type.linked_to, "")) == ((), "")
