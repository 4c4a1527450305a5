"""Fleets as people write them: what is meant is known beforehand, and so is what nobody can tell.

A right or wrong fleet is taken, and its links, systems and lists of practitioners are written in
other words. By a slip of the clerk a value loses its meaning, and the kind of the slip is kept.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from meaning import OTHER_SYSTEMS, USUAL_NAMES, Kind, Place, bare, glued, is_open
from strategies import Clerk, Document, Fleet, fleets

__all__ = ["Handwritten", "handwritten"]

NO_BREAK = "\N{NO-BREAK SPACE}"
QUOTED = ["\u201c{}\u201d", "\u2018{}\u2019", " \u201e{}\u201c "]

# A doctor's code that is a word for "not linked", and codes that are words which are no id.
UNLINKED_CODES = ["NO", "NA"]
WORD_CODES = ["TBC", "ON", "Y"]
RENAMED = ["17", "18", "29", "31", "40"]

NOT_LINKED = ["none", "no", "nil", "n/a", "na", "not linked", "unlinked", "-"]
NEVER_IN_LISTS = ["none", "nil", "n/a", "not linked", "unlinked", "-"]
NO_ID = ["yes", "y", "true", "on", "linked", "ticked", "tbc", "tba", "todo", "unknown", "?"]

ENTRY_NAMES = {
    "practitioners": [
        *("Dr Amara Nwosu", "Dr Lï Wei", "O'Brien, Pat", "Nurse Kim", "Wei-Ling Tan"),
        *("Locum", "Dr J. Smith", "Registrar 2", "Zoë", "Dr Li  Wei (Monday)"),
    ],
    "appointment_types": [
        *("Telehealth Consult", "Video Review", "Standard (20 min)", "Evideo"),
        *("Flu clinic", "Long/Short", "Telehealth"),
    ],
}
STRANGERS = ["Dr Who", "17 Dr Amara Nwosu", "not recorded", "see the PMS", "Dr" + NO_BREAK + "Who"]
STILL_OPEN = ["TO BE REPLACED", "to be replaced", "TO BE REPLACED: see Help > About"]


@dataclass
class Handwritten:
    """A fleet as it is written, and what is meant by it."""

    documents: Fleet
    meant: Fleet
    """The same in PMS ids and ids of profiles alone; of no use where something is refused."""
    refused: dict[str, dict[Place, str]]
    """By clinic: which values have no safe meaning, and of what kind they are."""


@st.composite
def handwritten(draw: st.DrawFn) -> Handwritten:
    """A fleet of one to three clinics as people write them."""
    meant = draw(fleets())
    clerk = Clerk(draw)
    use_codes(clerk, meant)
    use_systems(clerk, meant)
    lists = {
        (clinic_id, section): PmsList.named_anew(clerk, document, section)
        for clinic_id, document in meant.items()
        for section in ENTRY_NAMES
    }
    for document in meant.values():
        name_one_like_another(clerk, document)
        leave_open(clerk, document)
    pens = {
        clinic_id: Pen(
            Clerk(draw),
            copy.deepcopy(document),
            {section: lists[clinic_id, section] for section in ENTRY_NAMES},
        )
        for clinic_id, document in meant.items()
    }
    for pen in pens.values():
        pen.write()
    return Handwritten(
        {clinic_id: pen.document for clinic_id, pen in pens.items()},
        meant,
        {clinic_id: pen.refused for clinic_id, pen in pens.items()},
    )


# What the fleet is about, before anybody writes it


def use_codes(clerk: Clerk, fleet: Fleet) -> None:
    """Let some PMS ids be words, in all clinics alike."""
    names = {bare(each["name"]) for document in fleet.values() for each in own_entries(document)}
    codes = [code for code in UNLINKED_CODES + WORD_CODES if bare(code) not in names]
    used = clerk.some(codes, at_least=1)[:2] if clerk.one_of([True, False]) else []
    renamed = dict(zip(clerk.some(RENAMED, at_least=2), used, strict=False))
    for document in fleet.values():
        for section in ENTRY_NAMES:
            for entry in document["pms"].get(section) or []:
                entry["id"] = renamed.get(entry["id"], entry["id"])
        for _, record, _ in linked_records(document):
            link = record.get("linked_to")
            if isinstance(link, list):
                record["linked_to"] = [renamed.get(each, each) for each in link]
            elif link in renamed:
                # In a list it is an id, in all cases where there is a way to write it.
                record["linked_to"] = [renamed[link]]


def use_systems(clerk: Clerk, fleet: Fleet) -> None:
    """Let the clinics work with any systems; by a slip one is mistyped."""
    best_practice, own = (
        clerk.one_of(list(USUAL_NAMES)),
        clerk.one_of(["Own PMS", "Genie", *OTHER_SYSTEMS]),
    )
    for document in fleet.values():
        pms = document["pms"]
        pms["system"] = own if bare(pms["system"]) == "ownpms" else best_practice
        if clerk.slips():
            names = [pms["system"], *USUAL_NAMES.get(pms["system"], [])]
            long = [name for name in names if len(glued(name)) >= 6]
            pms["system"] = mistyped(clerk, clerk.one_of(long)) if long else pms["system"]


def mistyped(clerk: Clerk, name: str) -> str:
    """The name with one slip of the keyboard in it."""
    at = clerk.draw(st.integers(1, len(name) - 3))
    typed: str = clerk.one_of(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + "q" + name[at + 1 :],
        ]
    )
    known = [glued(usual) for usual_names in USUAL_NAMES.values() for usual in usual_names]
    return name if glued(typed) in known else typed


def name_one_like_another(clerk: Clerk, document: Document) -> None:
    """By a slip a profile has the name that is another's id."""
    profiles = document.get("practitioners") or []
    if len(profiles) > 1 and clerk.slips():
        profiles[0]["name"] = profiles[1]["id"].upper()


def leave_open(clerk: Clerk, document: Document) -> None:
    """By a slip a required text is still to be replaced."""
    if not clerk.slips():
        return
    pms = document["pms"]
    places = [(document, "name"), (document, "timezone"), (pms, "system"), (pms, "database")]
    # Where the modality is not recorded, the name says what the type is.
    types = [each for each in document.get("appointment_types") or [] if each.get("modality")]
    places += [(each, "name") for each in types]
    for entries in (pms[section] for section in ENTRY_NAMES if pms.get(section)):
        places += [(entries, "id"), (entries, "name")]
    record, key = clerk.draw(st.sampled_from(places))
    text = clerk.one_of(STILL_OPEN)
    if isinstance(record, list):
        record.append({"id": "new", "name": "New", key: text})
    else:
        record[key] = text


@dataclass
class PmsList:
    """What a link can be written for: a list of the PMS."""

    recorded: bool
    ids: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """The names of entries by id."""
    slips: dict[str, str] = field(default_factory=dict)
    """By id, why an entry's name does not stand for it."""

    @classmethod
    def named_anew(cls, clerk: Clerk, document: Document, section: str) -> PmsList:
        """The list of a clinic, with names that tell its entries apart, but for slips."""
        entries = document["pms"].get(section)
        if entries is None:
            return cls(recorded=False)
        pool = ENTRY_NAMES[section]
        names = clerk.some(pool, at_least=len(pool))
        for entry, name in zip(entries, names, strict=False):
            entry["name"] = name
        known = cls(True, [each["id"] for each in entries])
        if len(entries) > 1 and clerk.one_of([True, False]):
            one, other = clerk.some(entries, at_least=2)[:2]
            if is_opaque(other["id"]):
                one["name"] = other["id"].swapcase()
                known.slips = {one["id"]: Kind.NAME_AND_ID}
            else:
                one["name"] = clerk.one_of(spellings(other["name"]))
                known.slips = dict.fromkeys((one["id"], other["id"]), Kind.TWO_OF_THE_NAME)
        known.names = {each["id"]: each["name"] for each in entries[: len(names)]}
        return known


def is_opaque(id: str) -> bool:
    """Whether an id is no word, and another text in other case."""
    return id.swapcase() != id and id not in UNLINKED_CODES + WORD_CODES


def own_entries(document: Document) -> list[Document]:
    """The practitioners and types of the Dashboard."""
    return [*(document.get("practitioners") or []), *(document.get("appointment_types") or [])]


def linked_records(document: Document) -> Iterable[tuple[Place, Document, str]]:
    """Each record that may have a link, with its place and the list that the link is of."""
    for index, profile in enumerate(document.get("practitioners") or []):
        yield ("practitioners", index), profile, "practitioners"
    for index, each in enumerate(document.get("appointment_types") or []):
        yield ("appointment_types", index), each, "appointment_types"
        listed = each.get("practitioners") or []
        for position, entry in enumerate([] if listed == "all" else listed):
            if not isinstance(entry, str):
                place = ("appointment_types", index, "practitioners", position)
                yield place, entry, "appointment_types"


# Writing it


@dataclass
class Pen:
    """Writes a clinic's document in other words."""

    clerk: Clerk
    document: Document
    lists: Mapping[str, PmsList]
    refused: dict[Place, str] = field(default_factory=dict)

    def write(self) -> None:
        for place, record, section in linked_records(self.document):
            if record.get("linked_to") is not None:
                self.link((*place, "linked_to"), record, section)
        for index, each in enumerate(self.document.get("appointment_types") or []):
            if each.get("practitioners"):
                self.offering(("appointment_types", index, "practitioners"), each)
        self.system()

    # Links

    def link(self, place: Place, record: Document, section: str) -> None:
        """Write what a record is linked to."""
        known = self.lists[section]
        link = record["linked_to"]
        ids = [] if link in ("none", []) else [link] if isinstance(link, str) else link
        if self.clerk.slips():
            mistakes = self.mistakes(known, ids, single=place[0] == "practitioners")
            kind = self.clerk.one_of(list(mistakes))
            record["linked_to"], at = self.clerk.one_of(mistakes[kind])
            self.refused[place + at] = kind
        elif not ids:
            record["linked_to"] = self.not_linked(known)
        else:
            texts = [self.pms_id(known, id, (*place, index)) for index, id in enumerate(ids)]
            if len(texts) == 1 and self.stands_alone(place, texts[0], known):
                record["linked_to"] = texts[0]
                if (*place, 0) in self.refused:
                    self.refused[place] = self.refused.pop((*place, 0))
            else:
                record["linked_to"] = texts

    def stands_alone(self, place: Place, text: str, known: PmsList) -> bool:
        """Whether a text is written by itself and not in a list."""
        if text not in UNLINKED_CODES:
            return bool(self.clerk.one_of([True, True, False]))
        if text not in known.ids or not self.is_careless():
            return False
        self.refused[place] = Kind.WORD_AND_ID
        return True

    def pms_id(self, known: PmsList, id: str, place: Place) -> str:
        """Write a PMS id as it is or by the name of its entry."""
        if id in known.names and self.clerk.one_of([True, False]):
            kind = known.slips.get(id)
            if kind is None or self.is_careless():
                if kind is not None:
                    self.refused[place] = kind
                return self.spelt(known.names[id], but=known.ids)
        if id in WORD_CODES and id not in known.ids:
            self.refused[place] = Kind.NO_ID
        if id in UNLINKED_CODES and id not in known.ids:
            self.refused[place] = Kind.WORD_IN_LIST
        return id

    def not_linked(self, known: PmsList) -> Any:
        """Write that there is no link."""
        codes = {id.casefold() for id in known.ids}
        words = [word for word in NOT_LINKED if word == "none" or word not in codes]
        return self.clerk.one_of([[], *self.worded(words)])

    def mistakes(
        self, known: PmsList, ids: list[str], *, single: bool
    ) -> dict[str, list[tuple[Any, Place]]]:
        """What can be written by mistake, by kind: the values, and where in them the mistake is."""
        plain = [id for id in [*ids, *known.ids] if id not in UNLINKED_CODES + WORD_CODES]
        plain = list(dict.fromkeys([*plain, "17"]))[:2]
        words = [word for word in self.worded(NO_ID) if word not in known.ids]
        # The rarest first: examples tend to the beginning.
        mistakes: dict[str, list[tuple[Any, Place]]] = {}
        if codes := [code for code in UNLINKED_CODES if code in known.ids]:
            mistakes[Kind.WORD_AND_ID] = [(word, ()) for word in self.worded(codes)]
        if not known.recorded:
            own = [each for entry in own_entries(self.document) for each in names_of(entry)]
            mistakes[Kind.ID_EXPECTED] = alone_and_listed([*own, *STRANGERS, f" {plain[0]}"])
        if len(plain) > 1 and single:
            mistakes[Kind.ONE_EXPECTED] = [(plain, ())]
        if len(plain) > 1 and (not known.recorded or {*plain} <= {*known.ids}):
            several = [form.format(*plain) for form in ("{},{}", "{}, {}", "{};{}")]
            mistakes[Kind.SEVERAL] = alone_and_listed(several)
        mistakes[Kind.QUOTES] = alone_and_listed([form.format(plain[0]) for form in QUOTED])
        mistakes[Kind.WORD_IN_LIST] = [
            *(([word], (0,)) for word in self.worded(NEVER_IN_LISTS)),
            *(([plain[0], word], (1,)) for word in NEVER_IN_LISTS),
        ]
        mistakes[Kind.NO_ID] = alone_and_listed([*STILL_OPEN, *words])
        return mistakes

    # Who offers a type

    def offering(self, place: Place, type: Document) -> None:
        """Write who offers a type."""
        listed = type["practitioners"]
        profiles = self.document.get("practitioners") or []
        if listed == "all":
            type["practitioners"] = self.clerk.one_of(["all", "All", "ALL"])
            return
        if self.clerk.slips():
            lone = listed[0] if isinstance(listed[0], str) else listed[0]["id"]
            # What was wrong in the list is there no more.
            self.refused = {at: kind for at, kind in self.refused.items() if at[:3] != place}
            self.refused[place] = Kind.LIST_EXPECTED
            type["practitioners"] = self.clerk.one_of([lone, f"{lone}, nurse", "everyone"])
            return
        for index, entry in enumerate(listed):
            id = entry if isinstance(entry, str) else entry["id"]
            written = self.profile((*place, index), id, profiles)
            if isinstance(entry, str):
                listed[index] = written
            else:
                entry["id"] = written
        if self.clerk.slips():
            stranger, twice = "Dr Who", self.clerk.one_of(profiles)["id"]
            again = any(twice == each["id"] for each in self.offered(listed, profiles))
            self.refused[(*place, len(listed))] = Kind.TWICE if again else Kind.NOBODY
            listed.append(twice if again else stranger)

    @staticmethod
    def offered(listed: list[Any], profiles: list[Document]) -> list[Document]:
        """The profiles that a list names, by id or by name, where it is plain whom it means."""
        texts = [each if isinstance(each, str) else each["id"] for each in listed]
        return [each for each in profiles if each["id"] in texts]

    def profile(self, place: Place, id: str, profiles: list[Document]) -> str:
        """Write a profile's id as it is or by the profile's name."""
        (name,) = (each["name"] for each in profiles if each["id"] == id)
        namesakes = [each for each in profiles if bare(each["name"]) == bare(name)]
        like_id = any(each["id"] == name.casefold() for each in profiles)
        kind = Kind.TWO_OF_THE_NAME if len(namesakes) > 1 else Kind.NAME_AND_ID if like_id else None
        if not self.clerk.one_of([True, False]) or (kind is not None and not self.is_careless()):
            return id
        if kind is not None:
            self.refused[place] = kind
        return self.spelt(name, but=[each["id"] for each in profiles])

    # Systems and spellings

    def system(self) -> None:
        """Write the system by one of its names."""
        pms = self.document["pms"]
        name = self.clerk.one_of([pms["system"], *USUAL_NAMES.get(pms["system"], [])])
        forms = [name, name.upper(), name.lower(), f" {name} "]
        if pms["system"] in USUAL_NAMES:
            forms += [name.replace(" ", "-"), name.replace(" ", ""), name.replace("-", " ")]
        pms["system"] = self.clerk.one_of(forms)

    def is_careless(self) -> bool:
        """Whether a name is written although others have it, by who makes slips at all."""
        return self.clerk.care is not None and bool(self.clerk.one_of([True, False]))

    def spelt(self, name: str, but: Iterable[str] = ()) -> str:
        """A name in other case and with other spaces; never an id."""
        return str(self.clerk.one_of([each for each in spellings(name) if each not in but]))

    @staticmethod
    def worded(words: Iterable[str]) -> list[str]:
        """Words in the ways that make no difference."""
        return [
            form
            for word in words
            for form in (
                *(word, word.upper(), word.title(), f" {word} "),
                *(quoted.format(word) for quoted in QUOTED),
            )
        ]


def alone_and_listed(texts: Iterable[str]) -> list[tuple[Any, Place]]:
    """Texts by themselves and in a list, each with where it stands."""
    return [each for text in texts for each in ((text, ()), ([text], (0,)))]


def names_of(entry: Document) -> list[str]:
    """What the document itself calls one of its own; not what says "not linked" or is open."""
    texts = [entry["id"], *spellings(entry["name"])]
    return [text for text in texts if bare(text) not in NOT_LINKED and not is_open(text)]


def spellings(name: str) -> list[str]:
    """A name in the ways that make no difference."""
    return [
        *(name, name.upper(), name.lower(), f" {name}", f"{name} "),
        *(name.replace(" ", "  "), name.replace(" ", NO_BREAK), name.replace(" ", "")),
    ]
