"""What a text means that stands where the id of an entry of the PMS is expected.

People write words there, and names. What they ordinarily write is read for what it means; what has
no safe meaning is refused, and nothing is guessed (the contract, "Links").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pytest_videolink.record.characters import QUOTES
from pytest_videolink.record.known import Known, Names, folded
from pytest_videolink.record.not_ids import NO_ID, NOT_LINKED, is_not_linked, word
from pytest_videolink.record.text import clean, listing
from pytest_videolink.record.values import SEEN_AS_TEXT, Kind, Links, Wrong, is_blank, is_open

if TYPE_CHECKING:
    from pytest_videolink.record.node import Node

QUOTED = tuple(QUOTES)

_DIGIT = re.compile("[0-9]")
_CODES = frozenset({"na", "no"})
"""Of the words that say that there is no link those that are a doctor's code now and then."""


class MaybeCode(tuple[str, ...]):
    """Recorded as not linked, by a ``word`` that may be meant as a code of the PMS."""

    word: str

    @classmethod
    def of(cls, word: str) -> MaybeCode:
        links = cls()
        links.word = word
        return links


def maybe_code(links: Links | None, entries: str) -> str:
    """A hint where a word that says "not linked" may be meant as an id."""
    if not isinstance(links, MaybeCode):
        return ""
    return (
        f"{links.word} says that there is no link. Where it is an id of the PMS, record the PMS's"
        f" list, which has it (pms: {entries}), and write [{links.word}]."
    )


class _Reader:
    """Reads links to the entries of one of the PMS's lists, which people look up on a screen."""

    def __init__(
        self, entries: Literal["practitioners", "appointment_types"], where: str, several: bool
    ) -> None:
        self._entries = entries
        self._noun = entries.replace("_", " ").removesuffix("s")
        self._where = where
        self._several = several

    def read(self, value: object, known: Known) -> Links:
        listed = known.pms_list(self._entries)
        if not isinstance(value, list):
            if not isinstance(value, str):
                raise Wrong("expected text")
            return self._alone(value, listed, known)
        texts = [node.value for node in value]
        if any(not isinstance(text, str) or is_blank(text) for text in texts):
            raise Wrong("expected PMS ids as text in the list")
        links = tuple(dict.fromkeys(self._in_list(node, listed, known) for node in value))
        if len(links) > 1 and not self._several:
            raise Wrong("expected one PMS id, or the word none")
        return links

    def _alone(self, text: str, listed: Names | None, known: Known) -> Links:
        said = word(text)
        if said not in NOT_LINKED:
            return (self._id(text, listed, known),)
        like = [id for id in (listed.ids if listed else ()) if word(id) == said]
        if like and text != "none":
            id = clean(like[0], 60)
            raise Wrong(
                f"the PMS's list has the id {id}: write none where there is no link, or [{id}] for"
                " that id"
            )
        return MaybeCode.of(text.strip()) if listed is None and said in _CODES else ()

    def _in_list(self, node: Node, listed: Names | None, known: Known) -> str:
        text = str(node.value)
        try:
            if listed and text in listed.ids:
                return text
            if not is_not_linked(text):
                return self._id(text, listed, known)
            unless = f" unless the PMS's list has it (pms: {self._entries})"
            raise Wrong(
                f"that is no id of a PMS {self._noun}{unless if listed is None else ''}; look it up"
                f" ({self._where}), and write none alone, without a list, where there is no link"
            )
        except Wrong as wrong:
            raise Wrong(str(wrong), node) from None

    def _id(self, text: str, listed: Names | None, known: Known) -> str:
        if listed and text in listed.ids:
            return text
        if word(text) in NO_ID or is_open(text):
            raise Wrong(
                f"that is no id of a PMS {self._noun}; look it up ({self._where}), and write none"
                " where there is no link"
            )
        if text.strip()[:1] in QUOTED or text.strip()[-1:] in QUOTED:
            bare = clean(text.strip().strip(QUOTES), 60)
            raise Wrong(
                f'typographic quotes stand round the id; write "{bare}" as it is shown'
                f" ({self._where})"
            )
        if self._are_several(text, listed):
            raise Wrong(
                f"several values in one text; write a list such as"
                f" [{', '.join(_parts(text))}], each as it is shown ({self._where})"
                if self._several
                else f"several values in one text; write the one id that is shown ({self._where})"
            )
        return self._unlisted(text, known) if listed is None else self._named(text, listed)

    def _are_several(self, text: str, listed: Names | None) -> bool:
        parts = _parts(text)
        if listed is None:
            return len(parts) > 1 and all(map(_DIGIT.search, parts))
        return len(parts) > 1 and not listed.meant(text) and all(map(listed.meant, parts))

    def _named(self, text: str, listed: Names) -> str:
        """The id of the one entry of that name, or the text as an id that is not in the list."""
        ids = listed.named(text)
        if len(ids) > 1:
            shown = listing(f'"{clean(id, 60)}"' for id in ids)
            raise Wrong(f"the PMS lists several entries that this may be, {shown}: write the id")
        return ids[0] if ids else text

    def _unlisted(self, text: str, known: Known) -> str:
        """An id that cannot be looked up, as the PMS's list is not recorded."""
        if text in known.own_ids:
            meant = "that is an id of this document's own"
        elif folded(text) in known.own_names:
            meant = "that is a name"
        elif any(map(str.isspace, text)):
            meant = "that is a name, or holds a space"
        elif len(_parts(text)) > 1:
            meant = "that is a name, or several values"
        else:
            return text
        raise Wrong(
            f"{meant}; expected the id of the PMS {self._noun} ({self._where}), or the PMS's list"
            f" recorded (pms: {self._entries}), in which the name can be looked up"
        )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split("[,;]", text) if part.strip()]


_SEEN: Mapping[str, Any] = {
    "anyOf": [SEEN_AS_TEXT, {"items": SEEN_AS_TEXT, "type": "array"}],
}


def link_to(
    entries: Literal["practitioners", "appointment_types"], where: str, *, several: bool
) -> Kind:
    """A link to an entry of that list of the PMS, or to several; ``where`` the id is shown."""
    return Kind(_Reader(entries, where, several).read, dict(_SEEN))
