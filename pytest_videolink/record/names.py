"""What the name of an appointment type says about video."""

from __future__ import annotations

import re


def words(name: str) -> list[str]:
    """The words of a name: its runs of letters and digits, case folded."""
    return re.findall(r"[^\W_]+", name.casefold())


def says_video(name: str) -> bool:
    """Whether a word of the name begins with "video"."""
    return any(word.startswith("video") for word in words(name))


def may_be_video(name: str) -> bool:
    """Whether a word of a PMS type's name begins with "video" or, but for "telephon", "tele"."""
    return says_video(name) or any(
        word.startswith("tele") and not word.startswith("telephon") for word in words(name)
    )
