"""What people write for links, systems and questions still open, and what it is taken for.

The words of the contract's section 14, worked out from it without the plugin: ``read`` gives a
document in PMS ids and ids of profiles alone, which is all that the oracle has to understand, and
says what has no safe meaning, and what nobody has answered yet.

A document is as the oracle takes it. The usual names of the PMS are those of the page in ``docs/``.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]
Place: TypeAlias = tuple[str | int, ...]
"""Keys and indexes that lead to a value of a document."""

__all__ = ["OTHER_SYSTEMS", "USUAL_NAMES", "Kind", "Place", "Reading"]
__all__ += ["bare", "glued", "is_near_miss", "is_open", "read"]

NOT_LINKED = frozenset({"none", "no", "nil", "n/a", "na", "not linked", "unlinked", "-"})
# The contract ends its list with "and the like"; the second line is what that is taken for here.
NO_ID = frozenset(
    {"yes", "y", "true", "on", "linked", "ticked", "tbc", "tba", "todo", "unknown", "?"}
    | {"tick", "x", "✓", "✔", "tbd", "to do", "to-do", "pending", "??", "???", "…", "..."}
    | {"false", "n", "off", "unticked", "not-linked", "un-linked", "\N{EN DASH}", "\N{EM DASH}"}
)
# “ ” „ ‟ and their single kin, and the French ones
TYPOGRAPHIC = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u2039\u203a"
STILL_OPEN = "to be replaced"


class Kind:
    """Why a value has no safe meaning."""

    NO_ID = "a word that is no id"
    WORD_AND_ID = "not linked, or the id of that text"
    WORD_IN_LIST = "a word that stands in a list"
    QUOTES = "typographic quotes"
    TWO_OF_THE_NAME = "two entries of that name"
    NAME_AND_ID = "the name of one entry and the id of another"
    ID_EXPECTED = "an id is expected"
    SEVERAL = "several values in one text"
    ONE_EXPECTED = "one link is expected"
    LIST_EXPECTED = "a list is expected"
    NOBODY = "the name of nobody"
    TWICE = "listed twice"


class Refused(ValueError):
    """A value without a safe meaning; says its kind."""


@dataclass
class Reading:
    """A document as it is understood."""

    meant: dict[str, Any]
    """The document with links as lists of PMS ids (empty: not linked; None: not recorded), who
    offers a type by ids of profiles, and system and database as they are compared (None: still to
    be replaced). It is of use where nothing is refused; system and database always are."""
    refused: dict[Place, str] = field(default_factory=dict)
    """The kind of each value that has no safe meaning: what VL001 lists."""
    unanswered: list[Place] = field(default_factory=list)
    """The required texts that are still to be replaced: what VL006 lists."""


def read(document: Record) -> Reading:
    """What a document that is otherwise valid means."""
    reading = Reading(copy.deepcopy(dict(document)))
    reading.unanswered = [place for place, text in required(document) if is_open(text)]
    pms = reading.meant["pms"]
    profiles = reading.meant.get("practitioners") or []
    types = reading.meant.get("appointment_types") or []
    own = own_words([*profiles, *types])
    practitioner_ids = Entries(pms.get("practitioners"), own)
    type_ids = Entries(pms.get("appointment_types"), own)
    for index, profile in enumerate(profiles):
        read_links(reading, ("practitioners", index), profile, practitioner_ids)
        if len(profile["linked_to"] or []) > 1:
            reading.refused["practitioners", index, "linked_to"] = Kind.ONE_EXPECTED
    for index, each in enumerate(types):
        place = ("appointment_types", index)
        read_links(reading, place, each, type_ids)
        read_offering(reading, (*place, "practitioners"), each, profiles, type_ids)
    pms["system"] = system(pms["system"])
    pms["database"] = None if is_open(pms["database"]) else outer(pms["database"])
    return reading


# Links


@dataclass(frozen=True)
class Entries:
    """What a link may stand for."""

    listed: Sequence[Record] | None
    """What the PMS lists; None where that is not recorded."""
    own: frozenset[str]
    """The names and ids that the document gives to its own practitioners and types."""

    def has(self, id: str) -> bool:
        return any(entry["id"] == id for entry in self.listed or [])

    def named(self, text: str) -> list[Record]:
        return [entry for entry in self.listed or [] if bare(entry["name"]) == bare(text)]

    def has_id_like(self, text: str, *, but: Record | None = None) -> bool:
        """Whether there is an entry of that id, case aside; of another than one entry."""
        return any(
            outer(entry["id"]) == outer(text) for entry in self.listed or [] if entry is not but
        )


def read_links(reading: Reading, place: Place, record: dict[str, Any], entries: Entries) -> None:
    """Put the PMS ids in the place of what is written; what is refused counts as not recorded."""
    written = record.get("linked_to")
    record["linked_to"] = None
    place = (*place, "linked_to")
    if isinstance(written, list):
        ids = []
        for index, text in enumerate(written):
            try:
                ids.append(listed_link(text, entries))
            except Refused as refused:
                reading.refused[(*place, index)] = str(refused)
        record["linked_to"] = list(dict.fromkeys(ids))
    elif written is not None and written.strip():
        try:
            record["linked_to"] = single_link(written, entries)
        except Refused as refused:
            reading.refused[place] = str(refused)


def single_link(text: str, entries: Entries) -> list[str]:
    """The PMS id for a text that stands by itself; none where it says "not linked"."""
    if word(text) not in NOT_LINKED:
        return [pms_id(text, entries)]
    # The word none says "not linked" whatever there is: it is what people are told to write.
    if word(text) != "none" and entries.has_id_like(word(text)):
        raise Refused(Kind.WORD_AND_ID)
    return []


def listed_link(text: str, entries: Entries) -> str:
    """The PMS id for a text that stands in a list."""
    if not text.strip():
        raise Refused(Kind.ID_EXPECTED)
    if word(text) in NOT_LINKED and not entries.has(text):
        raise Refused(Kind.WORD_IN_LIST)
    return pms_id(text, entries)


def pms_id(text: str, entries: Entries) -> str:
    """The PMS id for a text; the text itself where nothing is known of it."""
    if entries.has(text):
        return text
    if word(text) in NO_ID or is_open(text):
        raise Refused(Kind.NO_ID)
    if text.strip()[0] in TYPOGRAPHIC and text.strip()[-1] in TYPOGRAPHIC:
        raise Refused(Kind.QUOTES)
    if entries.listed is None:
        return unlisted_id(text, entries)
    named = entries.named(text)
    if len(named) > 1:
        raise Refused(Kind.TWO_OF_THE_NAME)
    if named:
        if entries.has_id_like(text, but=named[0]):
            raise Refused(Kind.NAME_AND_ID)
        return str(named[0]["id"])
    several = parts(text)
    if len(several) > 1 and all(entries.has(part) or entries.named(part) for part in several):
        raise Refused(Kind.SEVERAL)
    return text


def unlisted_id(text: str, entries: Entries) -> str:
    """The text as a PMS id, where the PMS's list is not recorded."""
    if len(parts(text)) > 1:
        raise Refused(Kind.SEVERAL)
    if any(character.isspace() for character in text) or bare(text) in entries.own:
        raise Refused(Kind.ID_EXPECTED)
    return text


# Who offers a type


def read_offering(
    reading: Reading,
    place: Place,
    type: dict[str, Any],
    profiles: Sequence[Record],
    type_ids: Entries,
) -> None:
    """Put ids of profiles in the place of names, as records with the links of their own."""
    written = type.get("practitioners")
    type["practitioners"] = None
    if isinstance(written, str) and bare(written) == "all":
        type["practitioners"] = "all"
    elif isinstance(written, str) and written.strip():
        reading.refused[place] = Kind.LIST_EXPECTED
    elif isinstance(written, list):
        type["practitioners"] = offering = []
        for index, each in enumerate(written):
            entry = {"id": each} if isinstance(each, str) else each
            try:
                entry["id"] = profile_id(entry["id"], profiles)
                if any(entry["id"] == other["id"] for other in offering):
                    raise Refused(Kind.TWICE)
            except Refused as refused:
                reading.refused[(*place, index)] = str(refused)
            read_links(reading, (*place, index), entry, type_ids)
            offering.append(entry)


def profile_id(text: str, profiles: Sequence[Record]) -> str:
    """The id of the profile that a text names."""
    if any(profile["id"] == text for profile in profiles):
        return text
    named = [profile["id"] for profile in profiles if bare(profile["name"]) == bare(text)]
    if not named:
        raise Refused(Kind.NOBODY)
    if len(named) > 1:
        raise Refused(Kind.TWO_OF_THE_NAME)
    if any(profile["id"] == outer(text) != named[0] for profile in profiles):
        raise Refused(Kind.NAME_AND_ID)
    return str(named[0])


# Systems

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "pms-names.md"


def usual_names() -> dict[str, list[str]]:
    """The names of each system on the page of the documentation."""
    names: dict[str, list[str]] = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, *lines = section.splitlines()
        rows = [line for line in lines if line.startswith("| ")]
        names[heading] = [row.split("|")[1].strip() for row in rows[2:]]
    return names


USUAL_NAMES = usual_names()
OTHER_SYSTEMS = USUAL_NAMES.pop("Other systems")


def system(text: str) -> str | None:
    """A system as it is compared with others; None: still to be replaced, and equal to nobody's."""
    if is_open(text):
        return None
    for name, usual in USUAL_NAMES.items():
        if glued(text) in map(glued, [name, *usual]):
            return name
    return outer(text)


def is_near_miss(one: str | None, other: str | None) -> bool:
    """Whether two systems, as they are compared, are nearly one."""
    if one is None or other is None or one == other or {one, other} <= USUAL_NAMES.keys():
        return False
    return any(
        few_edits(glued(spelling), glued(other_spelling))
        for spelling in [one, *USUAL_NAMES.get(one, [])]
        for other_spelling in [other, *USUAL_NAMES.get(other, [])]
    )


def few_edits(one: str, other: str) -> bool:
    """Whether two texts of some length are a slip or two of the keyboard apart."""
    shorter = min(len(one), len(other))
    return edits(one, other) <= (2 if shorter >= 6 else 1 if shorter >= 4 else 0)


def edits(one: str, other: str) -> int:
    """How many letters are missing, too many, others, or in the other order."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, other_letter in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other_letter)))
            if i > 1 and j > 1 and one[i - 2 : i] == other_letter + other[j - 2]:
                row[-1] = min(row[-1], above[j - 2] + 1)
    return row[-1]


# Questions still open


def required(document: Record) -> Iterable[tuple[Place, str]]:
    """The texts that have to be there, each with its place; ids of one's own are no texts."""
    pms = document["pms"]
    yield ("name",), document["name"]
    yield ("timezone",), document["timezone"]
    yield ("pms", "system"), pms["system"]
    yield ("pms", "database"), pms["database"]
    for section in ("practitioners", "appointment_types"):
        for index, each in enumerate(document.get(section) or []):
            yield (section, index, "name"), each["name"]
        for index, each in enumerate(pms.get(section) or []):
            yield ("pms", section, index, "id"), each["id"]
            yield ("pms", section, index, "name"), each["name"]


def is_open(text: str) -> bool:
    """Whether a text is still to be replaced."""
    return outer(text).startswith(STILL_OPEN)


# Texts


def outer(text: str) -> str:
    """A text without case and outer space."""
    return text.strip().casefold()


def bare(text: str) -> str:
    """A text without case and spaces."""
    return "".join(text.split()).casefold()


def glued(text: str) -> str:
    """A text without case, spaces and hyphens."""
    return bare(text).replace("-", "")


def word(text: str) -> str:
    """A text without case, outer space and typographic quotes."""
    return " ".join(text.strip().strip(TYPOGRAPHIC).split()).casefold()


def parts(text: str) -> list[str]:
    """The values that commas or semicolons separate; one where they separate none."""
    return [part.strip() for part in re.split("[,;]", text) if part.strip()]


def own_words(records: Iterable[Record]) -> frozenset[str]:
    """The names and ids that a document gives, as they are compared."""
    return frozenset(bare(each[key]) for each in records for key in ("name", "id"))
