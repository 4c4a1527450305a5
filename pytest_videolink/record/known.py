"""What a document says elsewhere that bears on what a value means: its zone, ids and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pytest_videolink.record.slugs import id_meant
from pytest_videolink.record.text import clean, did_you_mean, named

if TYPE_CHECKING:
    from pytest_videolink.record.node import Node


def folded(name: str) -> str:
    """What names are compared by: case and spaces do not count."""
    return "".join(name.split()).casefold()


class Names:
    """The entries of a list: their ids, and who has which name."""

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self.ids: dict[str, str] = {}
        for id, name in entries:
            self.ids.setdefault(id, name)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        by_name: dict[str, list[str]] = defaultdict(list)
        for id, name in self.ids.items():
            by_name[folded(name)].append(id)
        return by_name

    def meant(self, text: str) -> list[str]:
        """The ids of the entries that a text may stand for: the exact id's alone, or all that have
        it as their name, or, case aside, as their id.
        """
        if text in self.ids:
            return [text]
        alike = (id for id in self.ids if folded(id) == folded(text))
        return list(dict.fromkeys((*self._by_name.get(folded(text), ()), *alike)))

    def named(self, text: str) -> list[str]:
        """The same of a text that is the name of one, case and spaces aside; else none."""
        return self.meant(text) if folded(text) in self._by_name else []


class Known:
    """What is known of a document before its values are read; of a table there may be nothing."""

    def __init__(
        self,
        zone: tzinfo | None = None,
        root: Node | None = None,
        listed: Mapping[str, Names] | None = None,
    ) -> None:
        self.zone = zone
        self._root = root
        self._lists: dict[str, Names | None] = dict(listed or {})
        """The PMS's lists; those that stand in tables are known from the beginning."""

    def pms_list(self, entries: Literal["practitioners", "appointment_types"]) -> Names | None:
        """What the PMS itself lists; ``None`` where that is not recorded."""
        if entries not in self._lists:
            node = _below(_below(self._root, "pms"), entries)
            is_recorded = node is not None and isinstance(node.value, list)
            self._lists[entries] = Names(_entries(node)) if is_recorded else None
        return self._lists[entries]

    @cached_property
    def profiles(self) -> Names:
        """The document's own practitioners."""
        return Names(_entries(_below(self._root, "practitioners")))

    def near(self, text: str) -> str:
        """Which practitioner of the document may be meant by a text that is none, or nothing."""
        own, listed = self.profiles, self.pms_list("practitioners")
        if listed is not None and text in listed.ids:
            name = listed.ids[text]
            ids = own.named(name) if name else []
            if len(ids) == 1:
                id = id_meant(ids[0])
                return f"{clean(text, 60)} is the PMS's id of {named(name, 60)}: write {id}"
        names = {name: id for id, name in own.ids.items() if name}
        near = did_you_mean(text, [*own.ids, *names])[:1]
        if not near:
            return ""
        id = id_meant(names.get(near[0], near[0]))
        by_name = f" ({named(near[0], 60)})" if near[0] in names else ""
        return f"did you mean {id}{by_name}?"

    @cached_property
    def _types(self) -> Names:
        return Names(_entries(_below(self._root, "appointment_types")))

    @cached_property
    def own_ids(self) -> frozenset[str]:
        """The ids that the document gives to practitioners and types."""
        return frozenset((*self.profiles.ids, *self._types.ids))

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names that it gives them, folded."""
        names = (*self.profiles.ids.values(), *self._types.ids.values())
        return frozenset(map(folded, filter(None, names)))


def _below(node: Node | None, key: str) -> Node | None:
    there = node.value.get(key) if node is not None and isinstance(node.value, dict) else None
    return there[1] if there else None


def _entries(node: Node | None) -> Iterator[tuple[str, str]]:
    """The ids and names in a list of a document, as far as they are texts."""
    for entry in node.value if node is not None and isinstance(node.value, list) else ():
        id, name = _below(entry, "id"), _below(entry, "name")
        if id is not None and isinstance(id.value, str):
            is_text = name is not None and isinstance(name.value, str)
            yield id.value, str(name.value) if name is not None and is_text else ""
