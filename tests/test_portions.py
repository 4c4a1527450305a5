"""{clinic} and {owner} in a report's path: one report for each, of its part alone."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from conftest import Clinics
from support import Document, edited, right_clinic

from pytest_videolink.reports.portions import portions

ALL = "--videolink-clinic=*"
OFF = {"practitioners.0.accepts_video_appointments": False}
OWNERS = ["pms-administrator", "practice-manager", "reception", "vendor-support"]


def documents() -> list[Document]:
    return [
        edited(right_clinic(), {**OFF, "name": "Quoll Street Doctors"}),
        edited(right_clinic("wattle", database="W"), {"pms.connected": False}),
        right_clinic("manly", database="M"),
    ]


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    clinics.write(*documents())
    return clinics


def written(clinics: Clinics, folder: str = "out") -> list[str]:
    return sorted(each.name for each in (clinics.pytester.path / folder).iterdir())


def work(clinics: Clinics, name: str) -> list[str]:
    text = (clinics.pytester.path / "out" / name).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [f"{row['no']} {row['clinic']} {row['check']}" for row in rows]


def test_one_for_each_clinic(fleet: Clinics) -> None:
    result = fleet.run(ALL, "--videolink-report=out/{clinic}.csv")
    assert written(fleet) == ["harbourside.csv", "manly.csv", "wattle.csv"]
    assert work(fleet, "harbourside.csv") == ["1 harbourside VL201"]
    assert work(fleet, "wattle.csv") == ["1 wattle VL103"]
    assert work(fleet, "manly.csv") == []
    assert [line for line in result.outlines if line.startswith("Report: ")] == [
        "Report: out/{clinic}.csv (3 files)"
    ]


def test_one_for_each_owner_though_empty(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=out/{owner}.csv", "--videolink-report=all.csv")
    assert written(fleet) == [f"{owner}.csv" for owner in OWNERS]
    assert work(fleet, "practice-manager.csv") == ["1 harbourside VL201"]
    assert work(fleet, "pms-administrator.csv") == ["1 wattle VL103"]
    assert work(fleet, "reception.csv") == work(fleet, "vendor-support.csv") == []


def test_one_for_each_of_both_and_other_braces_stay(fleet: Clinics) -> None:
    fleet.run("--videolink-clinic=harbourside", "--videolink-report=out/{a}/{clinic}-{owner}.md")
    names = written(fleet, "out/{a}")
    assert names == [f"harbourside-{owner}.md" for owner in OWNERS]
    said = "Nothing to do of clinic harbourside, what is for vendor support"
    page = fleet.pytester.path / "out/{a}/harbourside-vendor-support.md"
    assert said in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["html", "md", "csv", "json", "sarif", "baseline.json"])
def test_nothing_of_another_clinic_is_in_it(fleet: Clinics, suffix: str) -> None:
    fleet.run(ALL, f"--videolink-report=out/{{clinic}}.{suffix}")
    text = (fleet.pytester.path / "out" / f"manly.{suffix}").read_text(encoding="utf-8")
    assert "Quoll" not in text
    assert "Wattle" not in text


def test_a_fault_of_two_clinics_is_in_both(clinics: Clinics) -> None:
    clinics.write(right_clinic(), right_clinic("bayside"))
    clinics.run(ALL, "--videolink-report=out/{clinic}.csv", "--videolink-report=all.csv")
    for name in ("harbourside", "bayside"):
        assert any("VL401" in line for line in work(clinics, f"{name}.csv"))


def test_what_changed_at_a_clinic(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=then.json")
    fleet.write(right_clinic("wattle", database="wattle"))
    fleet.run(ALL, "--videolink-since=then.json", "--videolink-report=out/{clinic}.md")
    out = fleet.pytester.path / "out"
    pages = {each.stem: each.read_text(encoding="utf-8") for each in out.iterdir()}
    assert "Newly READY" in pages["wattle"]
    assert [id for id, page in pages.items() if "What changed" in page] == ["wattle"]


def test_what_is_open_of_a_clinic_and_what_it_has_no_answer_to(clinics: Clinics) -> None:
    links = {"appointment_types.0.linked_to": ["29", "98"]}
    other = {"practitioners.1.accepts_video_appointments": False}
    wattle = edited(right_clinic("wattle", database="W"), {**OFF, **other, **links})
    clinics.write(edited(right_clinic(), OFF), wattle)
    clinics.run(ALL, "--videolink-report=then.json")
    fixed = {"practitioners.1.accepts_video_appointments": True}
    clinics.write(edited(wattle, {**fixed, "appointment_types.0.linked_to": "none"}))
    reports = ("now.json", "out/{clinic}.json", "out/{owner}.json")
    clinics.run(ALL, "--videolink-since=then.json", *map("--videolink-report={}".format, reports))

    def counts(name: str) -> tuple[int, ...]:
        changes = json.loads((clinics.pytester.path / name).read_text(encoding="utf-8"))["changes"]
        return changes["open"], changes["held"], len(changes["new"])

    assert counts("now.json") == (2, 1, 1)
    assert counts("out/wattle.json") == (1, 1, 1)
    assert counts("out/harbourside.json") == (1, 0, 0)
    assert counts("out/practice-manager.json") == (2, 0, 1)


@pytest.mark.parametrize("option", ["--videolink-since", "--videolink-merge"])
def test_it_is_no_baseline_and_no_part(fleet: Clinics, option: str) -> None:
    fleet.run(ALL, "--videolink-report=out/{clinic}.json")
    result = fleet.run(ALL, f"{option}=out/manly.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "out/manly.json holds clinic manly alone" in "\n".join(result.errlines)


def test_the_parts_write_them_when_they_are_merged(fleet: Clinics) -> None:
    for part in (1, 2):
        fleet.run(ALL, f"--videolink-shard={part}/2", f"--videolink-report=part-{part}.json")
    fleet.run("--videolink-merge=part-*.json", "--videolink-report=out/{clinic}.csv")
    assert written(fleet) == ["harbourside.csv", "manly.csv", "wattle.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["Manly"], "Manly and manly differ in case alone"),
        (["con"], "con is a name that Windows keeps for itself"),
        (["LPT1"], "LPT1 is a name that Windows keeps for itself"),
    ],
)
def test_a_name_that_cannot_be_a_files(fleet: Clinics, names: list[str], why: str) -> None:
    for name in names:
        fleet.write_file(f"{name}.yaml", "clinic: broken\n")
    result = fleet.run(ALL, "--videolink-report=out/{clinic}.md")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"--videolink-report=out/{{clinic}}.md: {why}" in "\n".join(result.errlines)
    assert not (fleet.pytester.path / "out").exists()


@pytest.mark.parametrize(
    ("name", "path", "why"),
    [
        ("con", "out/x-{clinic}.md", ""),
        ("con", "out/{clinic}-video.md", ""),
        ("con", "out/{clinic}/links.md", "con is a name that Windows keeps for itself"),
        ("1", "out/com{clinic}.md", "com1 is a name that Windows keeps for itself"),
    ],
)
def test_what_the_name_of_a_file_comes_to(fleet: Clinics, name: str, path: str, why: str) -> None:
    fleet.write(right_clinic(name, database="N"))
    result = fleet.run(ALL, f"--videolink-report={path}")
    made = fleet.pytester.path / path.replace("{clinic}", name)
    if not why:
        assert made.exists()
    else:
        assert f"--videolink-report={path}: {why}" in "\n".join(result.errlines)
        assert not made.exists()


def test_a_name_of_dots_alone_is_no_folder() -> None:
    paths = [path for path, _ in portions("out/{clinic}/links.md", ["..", ".a", "b.", "..."])]
    names = ["%2E%2E", ".a", "b.", "%2E%2E%2E"]
    assert paths == [f"out/{name}/links.md" for name in names]


def test_a_name_that_is_unsafe_is_written_out(fleet: Clinics) -> None:
    fleet.write_file("o'hara & sons.yaml", "clinic: broken\n")
    fleet.run(ALL, "--videolink-report=out/{clinic}.json")
    (name,) = (each for each in written(fleet) if each.startswith("o"))
    assert name == "o%27hara%20%26%20sons.json"
    report = json.loads(Path(fleet.pytester.path / "out" / name).read_text(encoding="utf-8"))
    assert [clinic["id"] for clinic in report["clinics"]] == ["o'hara & sons"]
