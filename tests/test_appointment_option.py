"""--videolink-appointment: why has this one appointment no link?"""

from __future__ import annotations

import json
import shlex
from itertools import pairwise
from typing import Any

import pytest
from conftest import Clinics
from support import Document, edited, right_clinic, to_yaml

ASKED = "--videolink-clinic=harbourside"


def appointment(id: str, **facts: Any) -> Document:
    return {
        "id": id,
        "practitioner": "dr-amara-nwosu",
        "pms_type": "29",
        "created": "2026-11-20T15:40:00+11:00",
        "starts": "2026-11-24T09:30:00+11:00",
        "link": False,
        **facts,
    }


def clinic(*appointments: Document, id: str = "harbourside") -> Document:
    return edited(right_clinic(id, id.upper()), {"appointments": list(appointments)})


def one(id: str) -> str:
    return f"--videolink-appointment={id}"


@pytest.fixture
def booked(clinics: Clinics) -> Clinics:
    """A clinic with appointments of every kind, and another clinic with one of the same id."""
    clinics.write(
        clinic(
            appointment("88213"),
            appointment("88214", link=True),
            appointment("88215", created="2026-11-23T08:50:00+11:00"),
            appointment("88216", modality="phone"),
            appointment("88217", practitioner="dr-nobody"),
        ),
        clinic(appointment("88214"), appointment("S1", link=True), id="southside"),
    )
    return clinics


def link(name: str, clinic: str = "harbourside") -> str:
    return f"{clinic}.yaml::appointment-{name}::VL501-link-generated"


def notice(name: str, clinic: str = "harbourside") -> str:
    return f"{clinic}.yaml::appointment-{name}::VL502-enough-notice"


# What is selected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([ASKED, one("88213")], {link("88213"): "failed", notice("88213"): "passed"}),
        ([ASKED, one("88214")], {link("88214"): "passed"}),
        ([ASKED, one("88215")], {link("88215"): "skipped", notice("88215"): "passed"}),
        ([ASKED, one("88217")], {link("88217"): "failed"}),
        (
            [ASKED, one("88214"), one("88213")],
            {link("88213"): "failed", notice("88213"): "passed", link("88214"): "passed"},
        ),
        ([ASKED, one("88214"), one("88214")], {link("88214"): "passed"}),
        ([ASKED, one("88213"), "-k", "VL501"], {link("88213"): "failed"}),
        (["clinics/harbourside.yaml", one("88214")], {link("88214"): "passed"}),
        (["--videolink-clinic=*", one("S1")], {link("S1", "southside"): "passed"}),
        (
            ["--videolink-clinic=*", one("88214")],
            {
                link("88214"): "passed",
                link("88214", "southside"): "failed",
                notice("88214", "southside"): "passed",
            },
        ),
        (
            [ASKED, "--videolink-clinic=southside", one("S1"), one("88217")],
            {link("88217"): "failed", link("S1", "southside"): "passed"},
        ),
    ],
    ids=[
        "without a link",
        "with a link",
        "pending",
        "with bad facts",
        "two",
        "the same twice",
        "with -k",
        "by path",
        "of many clinics",
        "in two clinics",
        "in one each",
    ],
)
def test_only_that_appointment_is_checked(
    booked: Clinics, arguments: list[str], expected: dict[str, str]
) -> None:
    outcomes = booked.outcomes(*arguments)
    assert outcomes == expected
    assert list(outcomes) == list(expected)


def test_no_python_test_is_collected(booked: Clinics) -> None:
    booked.pytester.makepyfile(test_a="def test_a(): pass\n")
    assert booked.outcomes(ASKED, one("88214")) == {link("88214"): "passed"}


def test_one_of_a_day_sheet(clinics: Clinics) -> None:
    columns = {
        "id": "No",
        "practitioner": "Who",
        "pms_type": "Type",
        "created": "Booked",
        "starts": "Start",
        "link": "Link",
    }
    sheet = {"csv": "day.csv", "columns": columns}
    clinics.write(edited(right_clinic(), {"appointments": sheet}))
    clinics.write_file(
        "day.csv",
        "No,Who,Type,Booked,Start,Link\n"
        "A/1,17,29,2026-11-20 15:40,2026-11-24 09:30,x\n"
        "A/2,17,29,2026-11-20 15:40,2026-11-24 09:30,\n",
    )
    assert clinics.outcomes(ASKED, one("A/1")) == {link("A%2F1"): "passed"}
    assert clinics.outcomes("clinics/harbourside.yaml::appointment-A%2F2") == {
        link("A%2F2"): "failed",
        notice("A%2F2"): "passed",
    }


def test_what_is_selected_is_listed_by_collect_only(booked: Clinics) -> None:
    result = booked.run(ASKED, one("88213"), "--collect-only", "-q")
    assert result.ret == 0
    assert [line for line in result.outlines if "::" in line] == [
        f"clinics/{link('88213')}",
        f"clinics/{notice('88213')}",
    ]


# What cannot be selected


def error(clinics: Clinics, *arguments: str) -> str:
    """What a run that ends with a usage error says."""
    result = clinics.run(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in str(result.stdout) + str(result.stderr)
    [line] = [line for line in result.errlines if line]
    return line.removeprefix("ERROR: --videolink-appointment")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--videolink-clinic=southside", one("88241")],
            "=88241 is no video appointment of the selected clinics, which record 2 video"
            " appointments; nearest: 88214",
        ),
        (
            [ASKED, one("88213x")],
            "=88213x is no video appointment of the selected clinics, which record 4 video"
            " appointments; nearest: 88213, 88217 or 88215",
        ),
        (
            [ASKED, one("Dr Nwosu")],
            "=Dr Nwosu is no video appointment of the selected clinics, which record 4 video"
            " appointments; nearest: 88213, 88214 or 88215",
        ),
        (
            ["--videolink-clinic=southside", one("88213")],
            "=88213 is no video appointment of the selected clinics, which record 2 video"
            " appointments; nearest: 88214",
        ),
        (
            ["clinics/southside.yaml", one("s1")],
            "=s1 is no video appointment of the selected clinics, which record 2 video"
            " appointments; nearest: S1",
        ),
        (
            ["--videolink-clinic=*", one("1")],
            "=1 is no video appointment of the selected clinics, which record 5 video"
            " appointments; nearest: S1",
        ),
    ],
    ids=["near", "too long", "nothing near", "another clinic's", "another case", "two clinics"],
)
def test_an_unknown_appointment_names_the_nearest(
    booked: Clinics, arguments: list[str], said: str
) -> None:
    assert error(booked, *arguments) == said


@pytest.mark.parametrize("id", ["88216", "*", "882*", "appointment-88213"])
def test_what_is_no_video_appointment(booked: Clinics, id: str) -> None:
    assert error(booked, ASKED, one(id)).startswith(
        f"={id} is no video appointment of the selected clinics, which record 4 video appointments"
    )


def test_one_unknown_appointment_among_known_ones_ends_the_run(booked: Clinics) -> None:
    assert error(booked, ASKED, one("88213"), one("99999")).startswith("=99999 is no video")


def test_a_clinic_without_appointments(harbourside: Clinics) -> None:
    assert error(harbourside, ASKED, one("88213")) == (
        "=88213 is no video appointment of the selected clinics, which record 0 video appointments"
    )


@pytest.mark.parametrize(
    ("skipped", "said"),
    [
        (["Moved"], "3 video appointments; nearest: 88215, 88214 or 88213"),
        (
            ["Cancelled"],
            "2 video appointments; nearest: 88215 or 88213; or it is in the row that skip leaves"
            " out, where no id is read",
        ),
        (
            ["Cancelled", "DNA"],
            "1 video appointment; nearest: 88213; or it is in one of the 2 rows that skip leaves"
            " out, where no id is read",
        ),
    ],
)
def test_an_appointment_that_may_be_in_a_row_that_is_skipped(
    clinics: Clinics, skipped: list[str], said: str
) -> None:
    columns = {"id": "No", "practitioner": "With", "pms_type": "Type", "starts": "Start"}
    named = {"columns": {**columns, "link": "Link", "status": "Status"}}
    sheet = {"csv": "day.csv", "skip": {"status": skipped}, **named}
    clinics.write(edited(right_clinic(), {"appointments": sheet}))
    clinics.write_file(
        "day.csv",
        "No,With,Type,Start,Link,Status\n"
        "88213,17,29,2026-11-24 09:30,yes,Booked\n"
        "88214,17,29,2026-11-24 10:00,yes,Cancelled\n"
        "88215,17,29,2026-11-24 10:30,yes,DNA\n",
    )
    assert error(clinics, ASKED, one("88216")) == (
        f"=88216 is no video appointment of the selected clinics, which record {said}"
    )


def test_an_unknown_id_is_printed_safely(clinics: Clinics) -> None:
    clinics.write(clinic(appointment("a\x1b[31mb\u202e\nc")))
    assert error(clinics, ASKED, one("\x1b[31m\u202eab\n")) == (
        "=[31m<U+202E>ab  is no video appointment of the selected clinics, which record 1 video"
        " appointment; nearest: a[31mb c"
    )


GOES_WITH = " goes with the clinic it is booked at: add --videolink-clinic=ID"


def test_without_a_clinic(booked: Clinics) -> None:
    assert error(booked, one("88213")) == GOES_WITH


def test_with_paths_that_are_no_clinic(booked: Clinics) -> None:
    booked.pytester.makepyfile(test_a="def test_a(): pass\n")
    assert error(booked, "test_a.py", one("88213")) == GOES_WITH


def test_an_unknown_clinic_is_told_first(booked: Clinics) -> None:
    result = booked.run("--videolink-clinic=harborside", one("88213"))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --videolink-clinic=harborside is no clinic in *"])


@pytest.mark.parametrize("id", ["88213", "99999"])
def test_a_clinic_that_cannot_be_read_fails(clinics: Clinics, id: str) -> None:
    clinics.write(edited(clinic(appointment("88213")), {"name": None}))
    assert clinics.outcomes(ASKED, one(id)) == {"harbourside.yaml::VL001-valid-document": "failed"}


def test_another_clinic_that_cannot_be_read_fails_too(booked: Clinics) -> None:
    booked.write(broken="")
    assert booked.outcomes("--videolink-clinic=*", one("S1")) == {
        "broken.yaml::VL001-valid-document": "failed",
        link("S1", "southside"): "passed",
    }


# Ids of any text

IDS = {
    "88213": "88213",
    "A.b_c-9": "A.b_c-9",
    "..": "..",
    "-1": "-1",
    "24/11": "24%2F11",
    "a[b]": "a%5Bb%5D",
    "[": "%5B",
    "a::b": "a%3A%3Ab",
    "two words": "two%20words",
    "~": "%7E",
    "Zoë": "Zo%C3%AB",
    "予約": "%E4%BA%88%E7%B4%84",
    "😀": "%F0%9F%98%80",
    "100%": "100%25",
    "%2F": "%252F",
    "a+b=c&d": "a%2Bb%3Dc%26d",
    "*": "%2A",
    "C:\\x": "C%3A%5Cx",
    "a\tb": "a%09b",
    'it\'s "x"': "it%27s%20%22x%22",
    "all": "all",
}
"""Ids, and how they stand in a node id."""


@pytest.mark.parametrize("id", ["88213", "24/11", "a[b]", "a::b", "two words", "~", "Zoë"])
def test_by_node_id(clinics: Clinics, id: str) -> None:
    clinics.write(clinic(appointment(id), appointment("another", link=True)))
    name = IDS[id]
    assert clinics.outcomes(f"clinics/harbourside.yaml::appointment-{name}") == {
        link(name): "failed",
        notice(name): "passed",
    }


def test_ids_that_look_alike_stay_apart(clinics: Clinics) -> None:
    alike = {"a/b": "a%2Fb", "a%2Fb": "a%252Fb", "A/b": "A%2Fb", "a%2fb": "a%252fb"}
    clinics.write(clinic(*(appointment(id, link=True) for id in alike)))
    assert list(clinics.outcomes(ASKED, "-k", "VL501")) == [link(name) for name in alike.values()]
    for id, name in alike.items():
        assert clinics.outcomes(ASKED, one(id)) == {link(name): "passed"}


def test_half_a_character(clinics: Clinics) -> None:
    clinics.write_file("harbourside.json", json.dumps(clinic(appointment("a\ud83d"))))
    name = "harbourside.json::appointment-a%EF%BF%BD::VL501-link-generated"
    result = clinics.run(ASKED, "-k", "VL501", "-v")
    result.assert_outcomes(failed=1)
    assert f"clinics/{name} FAILED" in str(result.stdout)
    assert clinics.outcomes(f"clinics/{name}") == {name: "failed"}


@pytest.mark.parametrize("id", ["24/11", "a[b]", "a::b", "two words"])
def test_what_failed_last_is_run_again(clinics: Clinics, id: str) -> None:
    clinics.write(clinic(appointment("first", link=True), appointment(id), appointment("3")))
    clinics.run(ASKED, "--deselect=clinics/harbourside.yaml::appointment-3")
    assert clinics.outcomes(ASKED, "--lf") == {link(IDS[id]): "failed"}


# The command that checks again


def command(result: pytest.RunResult) -> list[str]:
    """The words of the one command that a run's failures give."""
    lines = result.outlines
    [given] = {following.strip() for line, following in pairwise(lines) if line == "Check again:"}
    first, *words = shlex.split(given)
    assert first == "pytest"
    return words


def check_again(clinics: Clinics, *arguments: str) -> pytest.RunResult:
    """Run pytest with exactly these words."""
    return clinics.pytester.runpytest_inprocess(*arguments)


@pytest.mark.parametrize(("id", "name"), IDS.items(), ids=IDS.values())
def test_an_id_of_any_text_is_found_and_checked_again(clinics: Clinics, id: str, name: str) -> None:
    clinics.write(clinic(appointment(id), appointment(f"{id}x"), appointment(f"x{id}")))
    result = clinics.run(ASKED, one(id))
    result.assert_outcomes(failed=1, passed=1)
    words = command(result)
    now = "--videolink-now=2026-11-23T09:00:00+11:00"
    assert words == ["-p", "videolink", now, f"clinics/{link(name)}"]
    result = check_again(clinics, *words)
    result.assert_outcomes(failed=1)
    assert command(result) == words


@pytest.mark.parametrize("id", ["88213", "24/11", "two words", "100%"])
def test_the_command_where_the_folder_has_a_bracket(clinics: Clinics, id: str) -> None:
    document = clinic(appointment(id), appointment(f"{id}4"), appointment(f"1{id}"))
    clinics.write_file("group [south]/harbourside.yaml", to_yaml(document))
    words = command(clinics.run(ASKED, one(id)))
    check_again(clinics, *words).assert_outcomes(failed=1)


def test_the_command_from_another_folder(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(clinic(appointment("24/11")))
    below = clinics.pytester.mkdir("notes")
    monkeypatch.chdir(below)
    words = command(clinics.run(ASKED, one("24/11")))
    assert words[-1] == f"../clinics/{link('24%2F11')}"
    check_again(clinics, *words).assert_outcomes(failed=1)


# What the run as a whole says


@pytest.mark.parametrize(
    ("id", "code", "counts"),
    [
        ("88213", 1, {"failed": 1, "passed": 1}),
        ("88214", 0, {"passed": 1}),
        ("88215", 0, {"skipped": 1, "passed": 1}),
        ("88217", 1, {"failed": 1}),
    ],
    ids=["no link", "link", "pending", "bad facts"],
)
def test_the_run_gives_no_verdict(
    booked: Clinics, id: str, code: int, counts: dict[str, int]
) -> None:
    result = booked.run(ASKED, one(id))
    result.assert_outcomes(**counts)
    assert result.ret == code
    assert "harbourside: UNKNOWN: only a part of its checks was run" in result.outlines
    assert "READY" not in str(result.stdout)


def test_no_verdict_of_other_clinics_either(booked: Clinics) -> None:
    result = booked.run("--videolink-clinic=*", one("S1"), "-q")
    assert [line for line in result.outlines if "UNKNOWN" in line or "READY" in line] == [
        "harbourside: UNKNOWN: none of its checks was run",
        "southside: UNKNOWN: only a part of its checks was run",
    ]


def test_a_pending_appointment_says_when_to_look_again(booked: Clinics) -> None:
    result = booked.run(ASKED, one("88215"), "-rs")
    [skip] = [line for line in result.outlines if line.startswith("SKIPPED")]
    assert skip.endswith("(check 1); look again at 09:05")
    assert "  1 appointment pending: look again later" in result.outlines


def test_short_notice_is_a_warning(clinics: Clinics) -> None:
    facts = {"created": "2026-11-23T08:55:00+11:00", "starts": "2026-11-23T09:05:00+11:00"}
    clinics.write(clinic(appointment("88213", **facts)))
    result = clinics.run(ASKED, one("88213"))
    result.assert_outcomes(skipped=1, passed=1, warnings=1)
    assert result.ret == 0
    strict = ("-W", "error::pytest_videolink.ConfigurationWarning")
    result = clinics.run(ASKED, one("88213"), *strict)
    result.assert_outcomes(skipped=1, failed=1)
    result.stdout.fnmatch_lines(
        ["Appointment 88213 was booked less than 15 minutes before its start"]
    )


def test_causes_are_found_though_their_checks_are_not_run(clinics: Clinics) -> None:
    document = clinic(appointment("88213"))
    clinics.write(edited(document, {"practitioners.0.accepts_video_appointments": False}))
    result = clinics.run(ASKED, one("88213"))
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(
        ["Appointment 88213 has no link (VL201): Dr Amara Nwosu does not accept video appointments"]
    )


# What the closing section answers


def answers(clinics: Clinics, *arguments: str) -> str:
    """What the closing section says between the verdicts and what is not checked, as one line."""
    _, _, section = clinics.run(*arguments).stdout.str().partition("= videolink =")
    said = " ".join(section.partition("= short test summary")[0].split())
    return said.partition("checks was run ")[2].partition(" Not checked:")[0]


STARTS = "Tue 24 Nov 2026 09:30:"


@pytest.mark.parametrize("more", [[], ["-q"], ["-p", "xdist", "-n2"]], ids=["", "brief", "workers"])
def test_each_appointment_is_answered(clinics: Clinics, more: list[str]) -> None:
    clinics.write(
        clinic(
            appointment("no"),
            appointment("there", link=True),
            appointment("soon", created="2026-11-23T08:50:00+11:00"),
            appointment("other", pms_type="40"),
            appointment("not asked"),
        )
    )
    ids = ("no", "there", "soon", "other")
    said = answers(clinics, ASKED, *map(one, ids), *more)
    parts = [
        f"no (harbourside), {STARTS} Appointment no has no link though every setting is right"
        " 1. Contact the booking platform's support with exactly this and nothing more:"
        " practitioner name: Dr Amara Nwosu; appointment date and time: Tue 24 Nov 2026 09:30"
        " (Australia/Sydney) 2. Record it in",
        f"there (harbourside), {STARTS} the link is there",
        f"soon (harbourside), {STARTS} pending: it was booked within 15 minutes before the link was"
        " looked for (check 1); look again at 09:05",
        f"other (harbourside), {STARTS} Appointment other synced as a standard appointment: its PMS"
        " type is linked to no video type 1. Book it as a PMS type that",
    ]
    for part in parts:
        assert f"Appointment {part}" in said
    assert "not asked" not in said


def test_an_answer_of_a_part_that_does_not_look_for_the_link(clinics: Clinics) -> None:
    clinics.write(clinic(appointment("no")))
    said = answers(clinics, ASKED, one("no"), "-k", "VL502")
    assert (
        f"Appointment no (harbourside), {STARTS} whether its link is there was not checked" in said
    )


def test_the_work_list_is_about_what_is_asked(clinics: Clinics) -> None:
    document = edited(
        clinic(appointment("A"), appointment("B", practitioner="dr-li-wei", pms_type="31")),
        {
            "practitioners.0.accepts_video_appointments": False,
            "practitioners.1.linked_to": "none",
            "dashboard.new_patient_approval": "manual",
        },
    )
    clinics.write(document)
    said = " ".join(clinics.run(ASKED, one("A")).stdout.str().partition("What to do")[2].split())
    assert "Dr Amara Nwosu does not accept video appointments (VL201" in said
    assert "recreate 1 appointment: A (" in said
    for other in ("Dr Li Wei", "VL601", "VL202", " B "):
        assert other not in said


def test_an_appointment_of_each_clinic_is_answered(booked: Clinics) -> None:
    said = answers(booked, "--videolink-clinic=*", one("88214"))
    assert f"Appointment 88214 (harbourside), {STARTS} the link is there" in said
    assert f"Appointment 88214 (southside), {STARTS} Appointment 88214 has no link" in said


# Two that nothing explains


UNEXPLAINED = [
    (
        "Appointment {} has no link though every setting is right: Dr Amara Nwosu, Tue 24 Nov 2026"
        " 09:30 (Australia/Sydney)"
    ),
    (
        "Appointment {} has no link though every setting is right: Dr Li Wei, Wed 25 Nov 2026 10:15"
        " (Australia/Sydney)"
    ),
]


@pytest.fixture(params=["by hand", "day sheet"])
def unexplained(request: pytest.FixtureRequest, clinics: Clinics) -> Clinics:
    if request.param == "by hand":
        other = {"practitioner": "dr-li-wei", "pms_type": "31", "starts": "2026-11-25T10:15"}
        clinics.write(clinic(appointment("A1"), appointment("A2", **other)))
        return clinics
    columns = {"id": "No", "practitioner": "Who", "pms_type": "Type", "created": "Booked"}
    sheet = {"csv": "day.csv", "columns": {**columns, "starts": "Start", "link": "Link"}}
    clinics.write(edited(right_clinic(), {"appointments": sheet}))
    clinics.write_file(
        "day.csv",
        "No,Who,Type,Booked,Start,Link\n"
        "A1,17,29,2026-11-20 15:40,2026-11-24 09:30,\n"
        "A2,18,31,2026-11-20 15:40,2026-11-25 10:15,\n",
    )
    return clinics


def test_two_that_nothing_explains_are_two_jobs(unexplained: Clinics) -> None:
    names = ("work.csv", "work.json", "work.html")
    options = [f"--videolink-report={name}" for name in names]
    result = unexplained.run(ASKED, *options)
    jobs = [each.format(id) for each, id in zip(UNEXPLAINED, ("A1", "A2"), strict=True)]
    said = " ".join(result.stdout.str().split())
    first, second = (f"{job} (VL501, harbourside)" for job in jobs)
    assert f"vendor support, support request 1. {first} 2. {second}" in said
    folder = unexplained.pytester.path
    work = json.loads((folder / "work.json").read_text(encoding="utf-8"))["work"]
    assert [(each["what"], each["who"]) for each in work] == [
        (job, "vendor support") for job in jobs
    ]
    table = (folder / "work.csv").read_text(encoding="utf-8-sig")
    page = (folder / "work.html").read_text(encoding="utf-8")
    for job in jobs:
        assert f'"vendor support","support request","{job}"' in table
        assert job in " ".join(page.split())
