"""--videolink-shard and --videolink-merge: the parts of a run are the whole of it again."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import Any

import pytest
from conftest import Clinics
from files_of import files_of, put_alone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import fleets
from support import REMOVED, Document, appointment, edited, right_clinic

from pytest_videolink.record.text import listing
from pytest_videolink.reports.earlier import read
from pytest_videolink.reports.shards import part_of

ALL = "--videolink-clinic=*"
SUFFIXES = ("html", "md", "csv", "json", "sarif", "baseline.json")
MERGE = "--videolink-merge=part-*.json"


def documents() -> list[Document]:
    """Clinics of which some share a database, faults and neighbours that cannot be read."""
    off = {"practitioners.0.accepts_video_appointments": False, "pms.connected": False}
    booked = {"appointments": [appointment(), appointment(id="9", link=True)]}
    return [
        edited(right_clinic(), {**off, **booked}),
        right_clinic("bayside"),
        right_clinic("coogee"),
        edited(right_clinic("manly", database="M"), {"pms.shares_database_with": ["nowhere"]}),
        edited(right_clinic("wattle", database="M"), {"appointment_types": REMOVED, **off}),
        edited(right_clinic("zephyr", database="Z"), {"dashboard.new_patient_approval": "manual"}),
        {"clinic": "broken"},
        {"clinic": "torn", "pms": {"database": "M"}},
    ]


@pytest.fixture
def fleet(clinics: Clinics) -> Clinics:
    clinics.write(*documents())
    return clinics


def text(clinics: Clinics, name: str) -> str:
    return (clinics.pytester.path / name).read_text(encoding="utf-8")


def in_parts(clinics: Clinics, count: int, *arguments: str) -> list[int]:
    """Run every part. Returns the exit codes."""
    return [
        int(
            clinics.run(
                ALL,
                f"--videolink-shard={number}/{count}",
                f"--videolink-report=part-{number}.json",
                *arguments,
            ).ret
        )
        for number in range(1, count + 1)
    ]


def section(result: pytest.RunResult) -> list[str]:
    """The section, and nothing that pytest says below it."""
    start = next(n for n, line in enumerate(result.outlines) if " videolink =" in line)
    lines = result.outlines[start:]
    end = next((n for n, line in enumerate(lines[1:], 1) if line[:1] == "="), len(lines))
    return [line for line in lines[:end] if not line.startswith("Report: ")]


def reports(prefix: str) -> list[str]:
    return [f"--videolink-report={prefix}.{suffix}" for suffix in SUFFIXES]


def check_merge(clinics: Clinics, count: int, *arguments: str) -> None:
    whole = clinics.run(ALL, *reports("whole"), *arguments)
    in_parts(clinics, count, *arguments)
    one = clinics.pytester.runpytest_inprocess("-p", "videolink", MERGE, *reports("one"))
    assert section(one) == section(whole)
    assert one.ret == whole.ret
    for suffix in SUFFIXES:
        assert text(clinics, f"one.{suffix}") == text(clinics, f"whole.{suffix}"), suffix


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_the_parts_are_the_whole_again(fleet: Clinics, count: int) -> None:
    check_merge(fleet, count)


RUNS = {
    "blocked alone": ["-k", "dr-amara-nwosu and VL500"],
    "strict": ["-W", "error::pytest_videolink.ConfigurationWarning"],
    "deselected": ["--deselect=clinics/zephyr.yaml::VL102-synced-recently"],
    "a day in which little lasts": ["--videolink-max-age=0"],
}


@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_what_else_decides_the_exit_code_is_merged(fleet: Clinics, arguments: list[str]) -> None:
    check_merge(fleet, 3, *arguments)


def test_a_green_run_is_green(clinics: Clinics) -> None:
    clinics.write(right_clinic(), right_clinic("wattle", database="W"))
    check_merge(clinics, 2)
    assert clinics.run(MERGE).ret == pytest.ExitCode.OK


def test_rows_of_a_day_sheet_are_merged_each_by_itself(clinics: Clinics) -> None:
    """They stand in one place of the record, and are wrong in the same way."""
    columns = {"id": "ID", "practitioner": "P", "pms_type": "T", "created": "C", "starts": "S"}
    sheet = {"csv": "day.csv", "columns": {**columns, "link": "L"}}
    types = [{"id": id, "name": f"Video {id}", "active": True} for id in ("50", "51")]
    listed = {f"pms.appointment_types.{number}": type for number, type in enumerate(types, 3)}
    clinics.write(edited(right_clinic(), {**listed, "appointments": sheet}))
    row = "17,29,2026-11-25 09:00,2026-11-24 09:30,no\n"  # booked after its start
    rows = [f"{number},{row}" for number in range(1, 5)]
    for number, type in ((2, "50"), (3, "51")):  # two causes, each put right for all
        rows[number] = rows[number].replace("29,2026-11-25", f"{type},2026-11-20")
    clinics.write_file("day.csv", "".join(["ID,P,T,C,S,L\n", *rows]).encode())
    check_merge(clinics, 2)


@settings(
    max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data(), count=st.integers(1, 4))
def test_any_fleet_in_any_parts(clinics: Clinics, data: st.DataObject, count: int) -> None:
    """Of a second night, in whatever files the clinics stand in each."""
    for file in clinics.pytester.path.glob("part-*.json"):
        file.unlink()
    fleet = data.draw(fleets())
    put_alone(clinics, data.draw(files_of(fleet)))
    clinics.run(ALL, "--videolink-report=then.json")
    put_alone(clinics, data.draw(files_of(fleet)))
    check_merge(clinics, count, "--videolink-since=then.json")


def test_what_changed_is_merged(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=then.json", "--videolink-now=2026-11-23T08:45:00+11:00")
    edits: dict[str, Any] = {"practitioners.1.accepts_video_appointments": False}
    fleet.write(edited(right_clinic(), edits), edited(right_clinic("coogee"), edits))
    (fleet.folder / "manly.yaml").unlink()
    check_merge(fleet, 3, "--videolink-since=then.json")


def test_the_whole_is_compared_where_the_parts_are_not(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=then.json", "--videolink-now=2026-11-23T08:45:00+11:00")
    (fleet.folder / "manly.yaml").unlink()
    whole = fleet.run(ALL, "--videolink-since=then.json", "--videolink-report=whole.json")
    in_parts(fleet, 2)
    one = fleet.run(MERGE, "--videolink-since=then.json", "--videolink-report=one.json")
    assert section(one) == section(whole)
    # The command that checks something again compares, where its run did.
    compares = "--videolink-since=then.json "
    assert text(fleet, "one.json") == text(fleet, "whole.json").replace(compares, "")


def test_nothing_is_collected_and_no_clinic_is_read(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    for file in fleet.folder.iterdir():
        file.unlink()
    result = fleet.run(MERGE)
    result.stdout.no_fnmatch_line("*session starts*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(("quiet", "lines"), [("-q", 1), ("-qq", 0)])
def test_quietly(clinics: Clinics, quiet: str, lines: int) -> None:
    clinics.write(right_clinic())
    in_parts(clinics, 2)
    result = clinics.run(MERGE, quiet)
    assert result.outlines[1:] == ["harbourside: READY"] * lines


# False green


def merge(clinics: Clinics, *names: str) -> pytest.RunResult:
    return clinics.run(*(f"--videolink-merge={name}" for name in names))


def refused(result: pytest.RunResult) -> str:
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    return "\n".join(result.errlines).strip()


def test_a_part_is_missing(clinics: Clinics) -> None:
    ids = ("bayside", "coogee", "manly", "wattle", "zephyr", "north")
    clinics.write(*(right_clinic(id, database=id) for id in ids))
    in_parts(clinics, 2)
    missing = [id for id in ids if part_of(id, 2) == 2]
    assert missing
    (clinics.pytester.path / "part-2.json").unlink()
    result = clinics.run(MERGE, "--videolink-report=one.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    lines = section(result)
    for id in missing:
        assert f"{id}: UNKNOWN: part 2/2 of the run is missing" in lines
    assert "ERROR: part 2/2 of the run is missing: nothing is known of its" in "\n".join(lines)
    report = read(text(clinics, "one.json"))
    assert report.partial.startswith("Part 2/2 of the run is missing")
    assert report.exit.code == pytest.ExitCode.TESTS_FAILED


def test_of_a_part_that_is_missing_nothing_is_said_to_have_changed(clinics: Clinics) -> None:
    ids = ("bayside", "coogee", "manly", "wattle", "zephyr", "north")
    off = {"practitioners.0.accepts_video_appointments": False}
    lost = sorted(id for id in ids if part_of(id, 2) == 2)
    broken, *_ = lost
    clinics.write(*(right_clinic(id, database=id) for id in ids))
    assert clinics.run(ALL, "--videolink-report=whole.json").ret == pytest.ExitCode.OK
    in_parts(clinics, 2, "--videolink-since=whole.json")
    (clinics.pytester.path / "part-2.json").unlink()
    now = clinics.run(MERGE, "--videolink-report=one.json")
    assert f"    not checked now: {listing(lost)}" in now.outlines
    clinics.write(edited(right_clinic(broken, database=broken), off))
    later = clinics.run(ALL, "--videolink-since=one.json", "--videolink-report=later.json")
    assert f"    not checked then: {listing(lost)}" in later.outlines
    changes = read(text(clinics, "later.json")).changes
    assert changes is not None
    assert (changes.ready, changes.unready, changes.new) == ((), (), ())


def test_parts_that_are_compared_with_another_report(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    for minutes in (15, 30):
        now = f"--videolink-now=2026-11-23T08:{minutes}:00+11:00"
        clinics.run(ALL, f"--videolink-report=of-{minutes}.json", now)
    in_parts(clinics, 2, "--videolink-since=of-15.json")
    assert refused(clinics.run(MERGE, "--videolink-since=of-30.json")) == (
        "ERROR: --videolink-merge: the parts were compared with another report than that of"
        " --videolink-since"
    )


@pytest.mark.parametrize("tells", [True, False])
def test_what_is_known_of_a_part_that_is_missing_is_carried_on(
    clinics: Clinics, tells: bool
) -> None:
    ids = ("bayside", "coogee", "manly", "wattle")
    off = {"practitioners.0.accepts_video_appointments": False}
    clinics.write(*(edited(right_clinic(id, database=id), off) for id in ids))
    clinics.run(ALL, "--videolink-report=first.json", "--videolink-now=2026-11-23T08:45:00+11:00")
    since = "--videolink-since=first.json"
    in_parts(clinics, 2, since)
    (clinics.pytester.path / "part-2.json").unlink()
    result = clinics.run(MERGE, "--videolink-report=second.json", *([since] if tells else []))
    says = "Since when their findings are known is lost as well: add the --videolink-since of the"
    assert (says in " ".join(result.outlines)) is not tells
    clinics.run(
        ALL,
        "--videolink-now=2026-11-23T09:30:00+11:00",
        "--videolink-since=second.json",
        "--videolink-report=third.json",
    )
    found = {
        clinic.id: item.first_seen[11:16]
        for clinic in read(text(clinics, "third.json")).clinics
        for item in clinic.findings
    }
    lost = "08:45" if tells else "09:30"
    assert found == {id: lost if part_of(id, 2) == 2 else "08:45" for id in ids}
    assert {part_of(id, 2) for id in ids} == {1, 2}


def test_an_empty_part_is_missed_too(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    in_parts(clinics, 2)
    empty = 3 - part_of("harbourside", 2)
    (clinics.pytester.path / f"part-{empty}.json").unlink()
    assert clinics.run(MERGE).ret == pytest.ExitCode.TESTS_FAILED


def test_a_part_twice(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    (fleet.pytester.path / "again.json").write_text(text(fleet, "part-1.json"), encoding="utf-8")
    assert refused(merge(fleet, "part-*.json", "again.json")) == (
        "ERROR: --videolink-merge: part-1.json and again.json are both part 1/2"
    )


def test_a_pattern_that_the_shell_has_written_out(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    assert refused(fleet.run("--videolink-merge", "part-1.json", "part-2.json")) == (
        "ERROR: part-2.json stands beside --videolink-merge, which takes one name: write it before"
        " each part, or name them all by one pattern in quotes"
    )


def test_the_folder_of_the_parts(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-shard=1/1", "--videolink-report=parts/1.json")
    assert refused(merge(fleet, "parts")) == (
        "ERROR: --videolink-merge=parts is a folder: name the reports in it, such as parts/*.json"
    )


def test_the_same_file_twice_is_one(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    once = merge(fleet, "part-*.json")
    assert section(merge(fleet, "part-*.json", "part-1.json")) == section(once)


DIFFERENT = {
    "another time": (
        ["--videolink-now=2026-11-23T09:00:01+11:00"],
        "the time checked against (give all parts one --videolink-now),"
        " 2026-11-23T09:00:00+11:00 and 2026-11-23T09:00:01+11:00",
    ),
    "another age": (["--videolink-max-age=31"], "--videolink-max-age, 30 and 31"),
    "another window": (["--videolink-sync-window=16"], "--videolink-sync-window, 15 and 16"),
    "another span": (["--videolink-soon=8"], "--videolink-soon, 7 and 8"),
    "an audit": (["--videolink-no-waivers"], "--videolink-no-waivers"),
    "other clinics": (["--videolink-clinic=harbourside"], "the clinics that are asked for"),
    "another number": (["--videolink-shard=2/3"], "the number of parts, 2 and 3"),
}


@pytest.mark.parametrize(("arguments", "why"), DIFFERENT.values(), ids=DIFFERENT)
def test_parts_of_different_runs(fleet: Clinics, arguments: list[str], why: str) -> None:
    in_parts(fleet, 2)
    fleet.run(ALL, "--videolink-shard=2/2", "--videolink-report=part-2.json", *arguments)
    message = refused(merge(fleet, "part-*.json"))
    said = "ERROR: --videolink-merge: part-1.json and part-2.json are parts of different runs"
    assert message == f"{said}: they differ in {why}"


def test_parts_of_different_versions(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    ours = version("pytest-videolink")
    part = text(fleet, "part-2.json").replace(f'"version": "{ours}"', '"version": "9.9"')
    (fleet.pytester.path / "part-2.json").write_text(part, encoding="utf-8")
    assert refused(merge(fleet, "part-*.json")).endswith(
        f"they differ in the version of pytest-videolink, {ours} and 9.9"
    )


OTHERWISE = [
    "--videolink-clinic=harbourside",
    "--videolink-appointment=88213",
    "--videolink-now=2026-11-23T09:00:01+11:00",
    "--videolink-sync-window=16",
    "--videolink-max-age=31",
    "--videolink-soon=8",
    "--videolink-no-waivers",
    "--videolink-fail-on=new",
    "--videolink-shard=1/2",
]


def test_what_asks_for_another_run_is_refused(clinics: Clinics) -> None:
    clinics.write(right_clinic())
    in_parts(clinics, 2)
    for argument in OTHERWISE:
        option = argument.partition("=")[0]
        result = clinics.pytester.runpytest_inprocess("-p", "videolink", MERGE, argument)
        assert refused(result) == (
            f"ERROR: --videolink-merge takes the parts as they were run, and {option} asks for"
            " something else: leave it out here, or give it to each part"
        )
    same = ("--videolink-clinic=*", "--videolink-max-age=30", "--videolink-soon=7")
    assert clinics.run(MERGE, *same).ret == pytest.ExitCode.OK


def test_what_the_parts_were_run_with_is_no_other_run(clinics: Clinics) -> None:
    clinics.write(edited(right_clinic(), {"practitioners.0.accepts_video_appointments": False}))
    clinics.run(ALL, "--videolink-report=then.json")
    options = ("--videolink-no-waivers", "--videolink-since=then.json", "--videolink-fail-on=new")
    assert in_parts(clinics, 2, *options) == [0, 0]
    assert clinics.run(MERGE, *options).ret == pytest.ExitCode.OK


def test_a_source_that_changed_in_between(fleet: Clinics) -> None:
    in_parts(fleet, 2)
    fleet.write(right_clinic("new", database="N"))
    fleet.run(ALL, "--videolink-shard=2/2", "--videolink-report=part-2.json")
    assert refused(merge(fleet, "part-*.json")).endswith("differ in the clinics of the source")


def test_what_is_no_part(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=whole.json")
    assert "whole.json is no part of a run (--videolink-shard=K/N)" in refused(
        merge(fleet, "whole.json")
    )
    assert "--videolink-merge=none.json cannot be read: No such file" in refused(
        merge(fleet, "none.json")
    )
    assert "--videolink-merge=none-*.json matches no file" in refused(merge(fleet, "none-*.json"))
    assert (
        "--videolink-merge='part-*.json' matches no file; the quotes count here (cmd.exe hands them"
        " on): write --videolink-merge=part-*.json"
    ) in refused(merge(fleet, "'part-*.json'"))
    assert "--videolink-merge is empty" in refused(merge(fleet, ""))


# Which part a clinic is in


@pytest.mark.parametrize("id", ["harbourside", "bayside", "x", "7"])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_the_part_is_a_hash_of_the_id(id: str, count: int) -> None:
    first_eight = sha256(id.encode()).digest()[:8]
    assert part_of(id, count) == int.from_bytes(first_eight, "big") % count + 1


def test_a_new_clinic_moves_no_other(fleet: Clinics) -> None:
    before = [fleet.files(ALL, f"--videolink-shard={number}/3") for number in (1, 2, 3)]
    fleet.write(right_clinic("a-new-one", database="N"))
    after = [fleet.files(ALL, f"--videolink-shard={number}/3") for number in (1, 2, 3)]
    moved = [then ^ now for then, now in zip(before, after, strict=True)]
    assert sorted(map(len, moved)) == [0, 0, 1]


def test_a_part_compares_the_clinics_that_are_gone_from_it_alone(fleet: Clinics) -> None:
    fleet.run(ALL, "--videolink-report=then.json")
    (fleet.folder / "manly.yaml").unlink()
    told = [
        "    manly: UNKNOWN then, 1 finding"
        in section(fleet.run(ALL, "--videolink-since=then.json", f"--videolink-shard={each}/3"))
        for each in (1, 2, 3)
    ]
    assert told == [part_of("manly", 3) == each for each in (1, 2, 3)]
