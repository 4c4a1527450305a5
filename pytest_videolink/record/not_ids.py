"""Words that people write where the id of an entry of the PMS is expected."""

from __future__ import annotations

from pytest_videolink.record.characters import QUOTES

NOT_LINKED = frozenset({"none", "no", "nil", "n/a", "na", "not linked", "unlinked", "-"})
"""The words that say that there is no link."""

NO_ID = frozenset(
    (
        *("yes", "y", "true", "on", "x", "ok", "linked", "is linked", "ticked", "tick", "checked"),
        *("enabled", "active", "done", "set", "false", "off", "n", "unticked", "not-linked"),
        *("un-linked", "?", "??", "???", "...", "tbc", "tba", "tbd", "todo", "to-do", "to do"),
        *("to be confirmed", "to be advised", "to be replaced", "pending", "unknown", "not known"),
        *("not sure", "unsure", "n.a.", "blank", "empty", "missing", "nothing", "nobody"),
        *("see above", "as above", "same", "--", "---", "\N{HORIZONTAL ELLIPSIS}"),
        *("\N{EN DASH}", "\N{EM DASH}", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}"),
    )
)
"""The words that answer another question, or none yet."""


def word(text: str) -> str:
    """A text as words are compared: case, outer space and quotes do not count."""
    return " ".join(text.strip(f" \t'\"{QUOTES}").casefold().split())


def is_no_id(text: str) -> bool:
    """Whether a text answers another question, or none yet."""
    return word(text) in NO_ID


def is_not_linked(text: str) -> bool:
    """Whether a text says that nothing is linked."""
    return word(text) in NOT_LINKED
