"""What a page of the list says: clinics, and the address of the next page."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pytest_videolink.sources.http.client import Answer
from pytest_videolink.sources.http.faults import Fault
from pytest_videolink.sources.source import Listed

_T = TypeVar("_T")

_KINDS: dict[type, str] = {dict: "an object", list: "a list", str: "a text"}


def page(answer: Answer) -> tuple[list[Listed], str | None]:
    """The clinics of a page, and the address of the next. Raises :class:`Fault`."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Fault(f"the answer is no JSON ({answer.url})") from None

    def part(value: Any, kind: type[_T], name: str) -> _T:
        if not isinstance(value, kind):
            raise Fault(f"{name} is not {_KINDS[kind]} ({answer.url})")
        return value

    def listed(row: Any, name: str) -> Listed:
        row = part(row, dict, name)
        id = part(row.get("id"), str, f"{name}.id")
        pms = part(row.get("pms") or {}, dict, f"{name}.pms")
        texts = {
            key: part(pms[key], str, f"{name}.pms.{key}")
            for key in ("system", "database")
            if pms.get(key) is not None
        }
        shares = None
        if "shares_database_with" in pms:
            label = f"{name}.pms.shares_database_with"
            shares = tuple(
                part(each, str, label)
                for each in part(pms["shares_database_with"] or [], list, label)
            )
        return Listed(id, shares_database_with=shares, **texts)

    said = part(said, dict, "the answer")
    rows = part(said.get("clinics"), list, "clinics")
    following = said.get("next")
    return (
        [listed(row, f"clinics.{index}") for index, row in enumerate(rows)],
        None if following is None else part(following, str, "next"),
    )
