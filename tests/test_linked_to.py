"""What people write for a link where no PMS list is recorded, as in the tutorial: none is READY.

Without the PMS's list nothing shows that an id is wrong, so what is plainly no id has to be refused
where it stands, and what says "not linked" has to be read as that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from conftest import Clinics
from support import REMOVED, edited, right_clinic, to_yaml

HERE = "@@"
"""Where the value is written."""


@dataclass(frozen=True)
class Setting:
    """A link of the clinic, and what may be mistaken for it."""

    path: str
    id: str
    other_id: str
    name: str
    one_word: str
    """A name of the document's own without a space."""
    slug: str
    unlinked: str
    """The item that fails where it says "not linked"."""
    screens: str
    """Where the id may be copied from."""


TYPE_SCREENS = "Bookings > Appointment Types|Lists > Appointment type"
SETTINGS = {
    "profile": Setting(
        "practitioners.0.linked_to",
        *("17", "18", "Dr Amara Nwosu", "Locum", "dr-amara-nwosu"),
        "dr-amara-nwosu::VL202-linked-to-pms",
        "Bookings > Practitioner Setup|Setup > Users",
    ),
    "type": Setting(
        "appointment_types.0.linked_to",
        *("29", "31", "Telehealth Video Consult", "Standard", "telehealth-video"),
        "telehealth-video::VL303-linked-to-pms-type",
        TYPE_SCREENS,
    ),
    "own link": Setting(
        "appointment_types.0.practitioners.1.linked_to",
        *("31", "29", "Telehealth Video Consult", "Standard", "telehealth-video"),
        "dr-li-wei::telehealth-video::VL311-pair-linked",
        # An own link is shown with the practitioner.
        f"{TYPE_SCREENS}|Practitioner Setup > .* > Appointment Types",
    ),
}
each_setting = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)

NOT_LINKED = [
    *("None", "NONE", "No", "not linked", "n/a", "NA", "nil", "unlinked", "'-'", "“none”"),
]
NO_ID = [
    # Words
    *("Yes", "y", "true", "on", "linked", "ticked", "tbc", "TBA", "todo", "unknown", "'?'"),
    "TO BE REPLACED",
    # The document's own names and ids, and more than an id
    *("{name}", "{one_word}", "{slug}", "{id} {name}"),
    # Marks
    *("[none]", "[tbc]"),
]
SEVERAL_OR_QUOTED = ["“{id}”", "{id}, {other_id}"]
"""What is told how it should read, and needs no screen."""
LIKEWISE = [
    # What the contract calls "and the like": read as "not linked" or refused.
    *("False", "off", "n", "x", "✓", "tick", "tbd", "to do", "pending", "??", "not-linked"),
    *("\N{EN DASH}", "\N{EM DASH}", "\u2018{id}\u2019", "[n/a]", "[no]", "[{id}, none]"),
    *("{id},{other_id}", "{id};{other_id}", '" {id}"', "see the PMS"),
]
MISTYPED = ["-", "?", "#{id}", "@{id}", "*{id}"]
"""What YAML takes for marks of its own."""


@dataclass(frozen=True)
class Said:
    """What a run said of the clinic."""

    code: int
    failed: set[str]
    """Items that failed, without the file."""
    text: str
    """All of it, with its lines joined."""
    lines: set[int]
    """The lines of the record that are pointed at."""


def run(clinics: Clinics, setting: Setting, value: str) -> tuple[Said, int]:
    """What is said where a link is written so, and the line it is written at."""
    document = edited(
        right_clinic(),
        {
            "pms.practitioners": REMOVED,
            "pms.appointment_types": REMOVED,
            "practitioners.1.name": "Locum",
            "appointment_types.1.name": "Standard",
            setting.path: HERE,
        },
    )
    text = to_yaml(document).replace(f"'{HERE}'", value)
    clinics.write(harbourside=text)
    result = clinics.run("--videolink-clinic=harbourside")
    output = result.stdout.str()
    file = r"clinics/harbourside\.yaml"
    said = Said(
        result.ret,
        set(re.findall(rf"^FAILED {file}::(\S+)", output, re.MULTILINE)),
        " ".join(output.split()),
        {int(line) for line in re.findall(rf"^{file}:(\d+):\d", output, re.MULTILINE)},
    )
    return said, text[: text.index(f"linked_to: {value}")].count("\n") + 1


def written(value: str, setting: Setting) -> str:
    return value.format(**vars(setting))


def names(text: str, value: str) -> bool:
    """Whether a text shows a value: as the setting's, or in quotes."""
    shown = re.escape(value.split(", none", maxsplit=1)[-1].strip("'\"[] \u201c\u201d\u2018\u2019"))
    return bool(re.search(rf'linked_to: [\'"[ ]*{shown}|"{shown}"', text))


@each_setting
def test_the_id_alone_is_ready(clinics: Clinics, setting: Setting) -> None:
    said, _ = run(clinics, setting, f"'{setting.id}'")
    assert (said.code, said.failed) == (0, set())
    assert "harbourside: READY" in said.text


def test_the_list_is_of_thirty() -> None:
    assert len({*NOT_LINKED, *NO_ID, *SEVERAL_OR_QUOTED}) == 30


@each_setting
@pytest.mark.parametrize("value", NOT_LINKED)
def test_not_linked(clinics: Clinics, setting: Setting, value: str) -> None:
    said, line = run(clinics, setting, value)
    assert said.code == pytest.ExitCode.TESTS_FAILED
    assert setting.unlinked in said.failed
    assert "harbourside: NOT READY" in said.text
    assert line in said.lines
    assert names(said.text, value)
    assert re.search(setting.screens, said.text)


@each_setting
@pytest.mark.parametrize("value", NO_ID)
def test_no_id(clinics: Clinics, setting: Setting, value: str) -> None:
    value = written(value, setting)
    said, line = run(clinics, setting, value)
    assert said.code == pytest.ExitCode.TESTS_FAILED
    assert said.failed == {"VL001-valid-document"}
    assert "harbourside: UNKNOWN" in said.text
    assert said.lines == {line}
    assert names(said.text, value)
    assert re.search(setting.screens, said.text)


@each_setting
@pytest.mark.parametrize("value", SEVERAL_OR_QUOTED)
def test_what_is_told_how_it_should_read(clinics: Clinics, setting: Setting, value: str) -> None:
    value = written(value, setting)
    said, line = run(clinics, setting, value)
    assert said.code == pytest.ExitCode.TESTS_FAILED
    assert said.failed == {"VL001-valid-document"}
    assert said.lines == {line}
    assert names(said.text, value)


@each_setting
@pytest.mark.parametrize("value", LIKEWISE)
def test_what_is_no_id_either(clinics: Clinics, setting: Setting, value: str) -> None:
    value = written(value, setting)
    said, line = run(clinics, setting, value)
    assert said.code == pytest.ExitCode.TESTS_FAILED
    assert said.failed & {"VL001-valid-document", setting.unlinked}
    assert re.search("harbourside: (NOT READY|UNKNOWN)", said.text)
    assert said.lines & {line, line + 1}
    assert names(said.text, value)


@each_setting
@pytest.mark.parametrize("value", MISTYPED)
def test_what_is_mistyped(clinics: Clinics, setting: Setting, value: str) -> None:
    said, line = run(clinics, setting, written(value, setting))
    assert said.code == pytest.ExitCode.TESTS_FAILED
    assert said.failed & {"VL001-valid-document", setting.unlinked}
    assert re.search("harbourside: (NOT READY|UNKNOWN)", said.text)
    assert said.lines & {line, line + 1}


@pytest.mark.parametrize("value", ["NA", "NO"])
@pytest.mark.parametrize("name", ["profile", "type"])
def test_a_word_that_may_be_a_code_is_told_how_to_be_one(
    clinics: Clinics, name: str, value: str
) -> None:
    said, _ = run(clinics, SETTINGS[name], value)
    assert said.failed >= {SETTINGS[name].unlinked}
    assert f"[{value}]" in said.text
    said, _ = run(clinics, SETTINGS[name], f"[{value}]")
    assert said.failed == {"VL001-valid-document"}
    assert "unless the PMS's list has it" in said.text
