"""What becomes of each row of a day sheet, worked out from the contract without the plugin.

A row is a mapping of a column's key to the text of its cell. The clinic is a document in PMS ids
and ids of profiles alone, as ``meaning.read`` gives one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from meaning import bare

Row = Mapping[str, str]

YES = {"yes", "y", "true", "1", "on", "active", "ticked", "x"}
NO = {"no", "n", "false", "0", "off", "inactive", "none", "n/a", "-", "na", "nil"}
DAYS = {"iso": ("%Y-%m-%d",), "dmy": ("%d/%m/%Y", "%d.%m.%Y"), "mdy": ("%m/%d/%Y",)}
CLOCKS = ("%H:%M", "%I:%M %p")


class Unread(ValueError):
    """A cell without a safe meaning."""


class Fates(NamedTuple):
    """The numbers of the rows by what becomes of them, and who and what each judged one is of."""

    judged: dict[int, tuple[str, str, str, bool | None]]
    left_out: dict[int, str]
    none: list[int]
    skipped: list[int]
    repeated: list[int]
    unread: list[int]
    ids: list[str]
    """Those of the judged rows, in order of the alphabet."""


def fates(clinic: Mapping[str, Any], rows: Mapping[int, Row], dates: str, skip: str) -> Fates:
    """What becomes of the rows, by their numbers."""
    found = Fates({}, {}, [], [], [], [], [])
    seen: list[Row] = []
    ids: set[str] = set()
    slots: list[tuple[bool, str, str]] = []
    for number, row in rows.items():
        if not any(row.values()):
            continue
        if is_none(row):
            found.none.append(number)
        elif skip and bare(row.get("status", "")) == bare(skip):
            found.skipped.append(number)
        elif row.get("id") and row in seen:
            found.repeated.append(number)
        else:
            seen.append(row)
            try:
                starts, who, type, link, is_video = meant(clinic, row, dates)
                if row.get("id") in ids:
                    raise Unread
            except Unread:
                found.unread.append(number)
                if row.get("id") and re.search("[0-9]", row["id"]):
                    ids.add(row["id"])
                continue
            ids.add(row.get("id", ""))
            ids.discard("")
            if is_video:
                found.judged[number] = (f"{starts:%Y-%m-%d %H:%M}", who[1], type, link)
            else:
                found.left_out[number] = type
            slots.append((is_video, row.get("id", ""), f"{starts:%Y-%m-%dT%H%M}-{who[0]}"))
    found.ids.extend(sorted(made(slots)))
    return found


def is_none(row: Row) -> bool:
    """Whether a row is a title, a total or a slot that nobody has booked."""
    nobody = not row["practitioner"] and not row["pms_type"]
    nothing = not any(row.get(key) for key in ("starts", "pms_type", "link", "created"))
    return nobody or nothing


def made(slots: Sequence[tuple[bool, str, str]]) -> list[str]:
    """The ids of the judged rows; those that are made begin with the start and the PMS id."""
    ids = [id for _, id, _ in slots if id]
    judged = [id for is_video, id, _ in slots if id and is_video]
    for is_video, id, slot in slots:
        if not id and is_video:
            names = [slot, *(f"{slot}-{number}" for number in range(2, 100))]
            judged.append(next(name for name in names if name not in ids))
            ids.append(judged[-1])
    return judged


def meant(
    clinic: Mapping[str, Any], row: Row, dates: str
) -> tuple[datetime, tuple[str, str], str, bool | None, bool]:
    """Start, PMS id and profile, PMS type, link, and whether video is meant; raises Unread."""
    if row.get("id") and not re.search("[0-9]", row["id"]):
        raise Unread
    who = practitioner(clinic, row["practitioner"])
    type = pms_type(clinic, row["pms_type"])
    starts = time(row["starts"], dates)
    if row.get("created"):
        time(row["created"], dates)
    link = None if "link" not in row else has_link(row["link"])
    modality = bare(row.get("modality", ""))
    if modality not in ("", "video", "phone", "in-person", "inperson"):
        raise Unread
    video = modality == "video" if modality else is_video(clinic, who[1], type)
    return starts, who, type, link, video


def time(text: str, dates: str) -> datetime:
    for day in DAYS[dates]:
        for clock in CLOCKS:
            try:
                return datetime.strptime(text, f"{day} {clock}")
            except ValueError:
                continue
    raise Unread


def has_link(text: str) -> bool:
    if text.casefold() in YES or re.match("https?://", text):
        return True
    if not text or text.casefold() in NO:
        return False
    raise Unread


def practitioner(clinic: Mapping[str, Any], text: str) -> tuple[str, str]:
    """The PMS id and the profile that a text stands for: ids first, then names that are one's."""
    profiles = clinic["practitioners"]
    listed = clinic["pms"].get("practitioners") or []
    by_link = {(each["linked_to"] or [""])[0]: each["id"] for each in profiles}
    by_link.pop("", None)
    links = {profile: id for id, profile in by_link.items()}
    if text in by_link or any(each["id"] == text for each in listed):
        return text, by_link.get(text, text)
    if any(each["id"] == text for each in profiles):
        return links.get(text, text), text
    named = [each["id"] for each in listed if bare(each["name"]) == bare(text)]
    if named:
        return one(named), by_link.get(named[0], named[0])
    id = one([each["id"] for each in profiles if bare(each["name"]) == bare(text)])
    return links.get(id, id), id


def pms_type(clinic: Mapping[str, Any], text: str) -> str:
    listed = clinic["pms"].get("appointment_types")
    if not text:
        raise Unread
    if text in linked(clinic) or any(each["id"] == text for each in listed or []):
        return text
    if listed is None:  # it waits for the list
        raise Unread
    return one([each["id"] for each in listed if bare(each["name"]) == bare(text)])


def one(ids: Sequence[str]) -> str:
    if len(ids) != 1:
        raise Unread
    return ids[0]


def linked(clinic: Mapping[str, Any]) -> set[str]:
    """All PMS types that anything is linked to."""
    return {id for each in clinic["appointment_types"] for links in all_links(each) for id in links}


def all_links(type: Mapping[str, Any]) -> list[list[str]]:
    listed = type["practitioners"] if isinstance(type["practitioners"], list) else []
    return [type["linked_to"] or [], *(each.get("linked_to") or [] for each in listed)]


def is_video(clinic: Mapping[str, Any], profile: str, id: str) -> bool:
    """Whether an appointment as this PMS type is meant as video."""
    types = clinic["appointment_types"]
    own = [type for type in types if id in links_of(type, profile)]
    meant = own or [type for type in types if any(id in links for links in all_links(type))]
    if meant:
        return any(type.get("modality") in ("video", None) for type in meant)
    name = next(each["name"] for each in clinic["pms"]["appointment_types"] if each["id"] == id)
    words = re.findall(r"[^\W_]+", name.casefold())
    return any(
        word.startswith(("video", "tele")) and not word.startswith("telephon") for word in words
    )


def links_of(type: Mapping[str, Any], profile: str) -> list[str]:
    """The PMS types that lead to a type for a practitioner who offers it."""
    if type["practitioners"] == "all":
        return list(type["linked_to"] or [])
    for each in type["practitioners"] or []:
        if each["id"] == profile:
            return list(each.get("linked_to") or type["linked_to"] or [])
    return []
