"""The ids of clinics, practitioners and appointment types: what one is made of, and is meant as."""

from __future__ import annotations

import re

from pytest_videolink.record.text import slug_of

MAX_SLUG = 64
MADE_OF = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
"""What an id is made of."""
SLUG_EXPECTED = (
    "expected an id of lower-case letters, digits and single hyphens, at most"
    f" {MAX_SLUG} characters"
)


def is_slug(text: str) -> bool:
    """Whether a text can be an id."""
    return len(text) <= MAX_SLUG and bool(MADE_OF.fullmatch(text)) and not is_reserved(text)


def is_reserved(text: str) -> bool:
    """Whether a text means something else where an id stands."""
    return text == "all" or text.startswith("appointment-")


def id_meant(text: str) -> str:
    """The id that a text is, or may be meant as; the text itself where no id can be made of it."""
    slug = text if is_slug(text) else slug_of(text)
    return slug if is_slug(slug) else text


def slug_meant(text: str) -> str:
    """The id that a text which is none may be meant as, as a question; or nothing."""
    slug = id_meant(text)
    return f"; did you mean {slug}?" if is_slug(slug) else ""
