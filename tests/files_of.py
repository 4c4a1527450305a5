"""The files that a generated fleet may stand in: renamed, waived, unreadable, tables, workbooks."""

from __future__ import annotations

import copy
from typing import Any

from books import book_of
from conftest import Clinics
from hypothesis import strategies as st
from strategies import NOW, PMS_OTHER_TYPES, PMS_VIDEO_TYPES, Document, Fleet, to_yaml

Files = dict[str, "str | bytes"]

_WAIVED = ("VL201", "VL202", "VL301", "VL304", "VL306")
_SHEET = {
    "id": "No",
    "practitioner": "Who",
    "pms_type": "Type",
    "starts": "Start",
    "link": "Link",
}


@st.composite
def files_of(draw: st.DrawFn, fleet: Fleet) -> Files:
    """One way to write the fleet down, by the names of the files below the folder of clinics."""
    files: Files = {}
    for id, given in fleet.items():
        document = copy.deepcopy(given)
        form = draw(st.sampled_from(["yaml", "yaml", "tables", "tables", "workbook", "unreadable"]))
        if form == "unreadable":
            files[f"{id}.yaml"] = f"clinic: {id}\n"
            continue
        if draw(st.booleans()):
            _rename(document)
        if draw(st.booleans()):
            _waive(draw, document)
        if form == "workbook":
            files[f"{id}.xlsx"] = book_of(document)
            continue
        if form == "tables":
            files |= _in_tables(draw, id, document)
        files[f"{id}.yaml"] = to_yaml(document)
    return files


def put_alone(clinics: Clinics, files: Files) -> None:
    """Have the folder of clinics hold these files and no others."""
    for file in [*clinics.folder.rglob("*")]:
        if file.is_file():
            file.unlink()
    for name, content in files.items():
        clinics.write_file(name, content)


def _rename(document: Document) -> None:
    """The first practitioner gets another id, wherever it stands."""
    practitioners = document.get("practitioners") or []
    if not practitioners:
        return
    old, new = practitioners[0]["id"], "renamed"
    practitioners[0]["id"] = new
    for type in document.get("appointment_types") or []:
        listed = type.get("practitioners")
        for index, entry in enumerate(listed if isinstance(listed, list) else []):
            if entry == old:
                listed[index] = new
            elif isinstance(entry, dict) and entry["id"] == old:
                entry["id"] = new


def _waive(draw: st.DrawFn, document: Document) -> None:
    """A waiver, of something or of nothing; in force, or over."""
    subjects = [
        each["id"]
        for key in ("practitioners", "appointment_types")
        for each in document.get(key) or []
    ]
    document["waivers"] = [
        {
            "check": draw(st.sampled_from(_WAIVED)),
            "on": draw(st.sampled_from(subjects or ["nobody"])),
            "reason": "Agreed",
            "owner": "practice manager",
            "until": draw(st.sampled_from(["2026-11-22", "2026-11-25", "2026-12-31"])),
        }
    ]


def _in_tables(draw: st.DrawFn, id: str, document: Document) -> Files:
    """A day sheet, and the PMS's list of practitioners as an export; perhaps with a bad row."""
    rows = [",".join(_SHEET.values())]
    links = [each.get("linked_to") for each in document.get("practitioners") or []]
    numbers = [each for each in links if isinstance(each, str)] or ["17"]
    for number in range(draw(st.integers(0, 2))):
        type = draw(st.sampled_from([*PMS_VIDEO_TYPES, *PMS_OTHER_TYPES]))
        who, link = draw(st.sampled_from(numbers)), draw(st.sampled_from(["yes", "no", "perhaps"]))
        rows.append(f"{number},{who},{type},{NOW:%Y-%m-%d} 1{number}:00,{link}")
    document["appointments"] = {"csv": f"tables/{id}-day.csv", "columns": _SHEET}
    files: Files = {f"tables/{id}-day.csv": "\n".join(rows) + "\n"}
    listed: Any = document["pms"].get("practitioners")
    if listed:
        rows = ["UserID,Name"] + [f"{each['id']},{each.get('name', '')}" for each in listed]
        columns = {"id": "UserID", "name": "Name"}
        document["pms"]["practitioners"] = {"csv": f"tables/{id}-users.csv", "columns": columns}
        files[f"tables/{id}-users.csv"] = "\n".join(rows) + "\n"
    return files
