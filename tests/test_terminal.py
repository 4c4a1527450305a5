"""What people read in the terminal: colours, width, plain text, and what its encoding takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from conftest import Clinics
from processes import environment, run
from support import REMOVED, edited, right_clinic, to_yaml
from test_closing import ALL, NWOSU_OFF, WAIVED, large, not_ready, section, told

from pytest_videolink.checks import catalogue
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.reports.pages import plain

# Colours

GREEN, YELLOW, RED, END = "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"


@pytest.fixture
def four(clinics: Clinics) -> Clinics:
    """A clinic of each verdict."""
    clinics.write(
        edited(right_clinic("accepted", "ACCEPTED-SQL"), {**NWOSU_OFF, **WAIVED}),
        edited(right_clinic("off", "OFF-SQL"), NWOSU_OFF),
        right_clinic("ready", "READY-SQL"),
        edited(right_clinic("unread", "UNREAD-SQL"), {"timezone": REMOVED}),
    )
    return clinics


VERDICTS = {
    "accepted": f"{YELLOW}READY WITH WAIVERS{END}",
    "off": f"{RED}NOT READY{END}",
    "ready": f"{GREEN}READY{END}",
    "unread": f"{RED}UNKNOWN{END}: The record of unread cannot be read: timezone is missing",
}


def test_verdicts_have_pytests_colours(four: Clinics) -> None:
    result = four.run(ALL, "--color=yes", "--tb=no")
    for id, verdict in VERDICTS.items():
        assert f"\n{id}: {verdict}" in result.stdout.str()


def test_verdicts_of_parts_have_them_too(four: Clinics) -> None:
    four.run(ALL, "--videolink-shard=1/1", "--videolink-report=part.json", "--tb=no")
    merged = four.run("--videolink-merge=part.json", "--color=yes")
    for id, verdict in VERDICTS.items():
        assert f"\n{id}: {verdict}" in merged.stdout.str()


def test_many_that_are_ready_and_those_of_which_nothing_was_run(clinics: Clinics) -> None:
    clinics.write(*(right_clinic(f"clinic-{each:02}", f"SQL-{each}") for each in range(13)))
    said = clinics.run(ALL, "--color=yes").stdout.str()
    assert f"\n13 clinics more: {GREEN}READY{END}\n" in said
    part = clinics.run(ALL, "--color=yes", "-k", "clinic-00").stdout.str()
    assert f"\n{RED}UNKNOWN{END}, as none of their checks was run: clinic-01, " in part


@pytest.mark.parametrize("option", [["--color=no"], ["--color=auto"]], ids=" ".join)
def test_no_colour_where_pytest_has_none(four: Clinics, option: list[str]) -> None:
    plainly = four.run(ALL, "--tb=no", *option).stdout.str()
    assert "\x1b" not in plainly
    assert "\noff: NOT READY\n" in plainly


# Width


def widest(lines: list[str]) -> int:
    return max(map(len, lines))


@pytest.mark.parametrize(
    ("columns", "width"),
    [("60", 60), ("80", 80), ("91", 91), ("100", 100), ("200", 100), ("9", 80)],
)
def test_the_section_uses_the_width_there_is(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    clinics.write(not_ready())
    monkeypatch.setenv("COLUMNS", columns)
    lines = [line for line in section(clinics.run(ALL, "--tb=no")) if "pairs" not in line]
    assert width - 20 < widest(lines) <= width


def test_the_same_is_said_in_every_width(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    clinics.write(not_ready())
    narrow = told(clinics.run(ALL, "--tb=no"))
    monkeypatch.setenv("COLUMNS", "100")
    wide = told(clinics.run(ALL, "--tb=no"))
    assert narrow != wide
    assert narrow.split() == wide.split()


def test_a_wide_terminal_has_more_columns_of_the_matrix(
    clinics: Clinics, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinics.write(large(4, 12))

    def heads() -> list[str]:
        lines = section(clinics.run(ALL, "--tb=no"))
        return [" ".join(line.split()) for line in lines if re.match(r" +T\d+( +T\d+)*$", line)]

    assert heads() == ["T1 T2 T3 T4 T5 T6", "T7 T8 T9 T10 T11 T12"]
    monkeypatch.setenv("COLUMNS", "120")
    assert heads() == ["T1 T2 T3 T4 T5 T6 T7 T8 T9", "T10 T11 T12"]


# A check's page

PAGE = """\
# ACME01 own-rule

One **bold** word, `code`, and ``more of it``; see [the
policy](https://intranet.example.org/7).

- Subject: clinic
- Help article: a line that is longer than the sixty columns of this test

## How to fix it (reception)

1. Do this
2. Then do something that takes more words than one line of this test has

```yaml
# a comment, which is no heading
waivers:
  - check: ACME01   `as it is`
```

```csv title="clinics/day.csv"
ID;Name
```
and on:

    kept:  as it is
"""

SHOWN = """\
ACME01 own-rule

One bold word, code, and more of it; see the policy
(https://intranet.example.org/7).

  Subject: clinic
  Help article: a line that is longer than the sixty columns
    of this test

How to fix it (reception):
  1. Do this
  2. Then do something that takes more words than one line
     of this test has

  # a comment, which is no heading
  waivers:
    - check: ACME01   `as it is`

clinics/day.csv:
  ID;Name

and on:

    kept:  as it is"""


def test_a_page_as_plain_text() -> None:
    assert plain(PAGE, 60) == SHOWN


@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.id)
def test_no_page_shows_marks(check: Any) -> None:
    page = catalogue.page(check, CATALOGUE)
    shown = plain(page)
    assert not re.search(r"^#|^[-*] |`|\*\*|\]\(", shown, re.MULTILINE), shown
    assert len(max(shown.splitlines(), key=len)) <= 100
    # And no word is lost.
    words = re.findall(r"[\w.'-]{2,}", re.sub(r"```\w*( title=)?|^\d+\.|^- ", "", page, flags=re.M))
    assert [word for word in words if word not in shown] == []


def test_pages_use_the_width_there_is(clinics: Clinics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "132")
    result = clinics.run("--videolink-explain=VL501", "--videolink-explain=VL102")
    assert result.ret == pytest.ExitCode.OK
    prose = [line for line in result.outlines if "http" not in line]
    assert 90 < widest(prose) <= 100
    heads = [line for line in result.outlines if re.fullmatch(r"VL\d+ [\w-]+", line)]
    assert heads == ["VL501 link-generated", "VL102 synced-recently"]


# Encodings

CONFTEST = '''
import pytest_videolink
from pytest_videolink import Practitioner


@pytest_videolink.check(
    "ACME01", "nummer", subject=Practitioner, severity="warning",
    title="Für jede Ärztin eine Nummer", fix=["Nummer für {practitioner.name} eintragen"],
)
def number(practitioner):
    """Ohne sie fällt die Prüfung über."""
    yield "Für " + practitioner.name + " fehlt eine Nummer \\N{LATIN SMALL LETTER L WITH STROKE}"


def pytest_videolink_checks(config):
    return [number]
'''

ENCODINGS: dict[str, dict[str, str]] = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}

NAMES = {
    "name": "\N{LATIN CAPITAL LETTER L WITH STROKE}ódź Ärzte",
    "practitioners.0.name": "Dr Änne Łuczak",
    "practitioners.0.accepts_video_appointments": False,
}

ROADS: dict[str, tuple[list[str], int, str]] = {
    "a run": (["--videolink-clinic=*", "-v"], 1, r"Dr \xc4nne \u0141uczak does not accept"),
    "without the terminal": (["--videolink-clinic=*", "-p", "no:terminal"], 1, ""),
    "reports": (
        ["--videolink-clinic=*", "--videolink-report=ü.html", "--videolink-report=ü.json"],
        1,
        r"Report: \xfc.html",
    ),
    "the tree": (["--videolink-clinic=*", "--collect-only"], 0, r"praxen-\xfc"),
    "the catalogue": (["--videolink-checks"], 0, r"F\xfcr jede \xc4rztin eine Nummer"),
    "a page": (["--videolink-explain=nummer"], 0, r"Ohne sie f\xe4llt die Pr\xfcfung \xfcber."),
    "parts as one": (["--videolink-merge=part-ü.json"], 1, r"Dr \xc4nne \u0141uczak"),
    "a new document": (["--videolink-new=neu"], 0, r"praxen-\xfc"),
    "a slip": (["--videolink-clinic=zürich"], 4, r"--videolink-clinic=z\xfcrich is no clinic in"),
}


@pytest.fixture(scope="module")
def umlauts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose folder, clinic and own check have letters beyond ASCII and cp1252."""
    folder = tmp_path_factory.mktemp("umlauts")
    (folder / "praxen-ü").mkdir()
    settings = "[pytest]\nvideolink_source = praxen-ü\n"
    (folder / "pytest.ini").write_text(settings, encoding="utf-8")
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    document = edited(right_clinic(), NAMES)
    (folder / "praxen-ü" / "harbourside.yaml").write_text(to_yaml(document), encoding="utf-8")
    part = ("--videolink-shard=1/1", "--videolink-report=part-ü.json")
    assert run(folder, "--videolink-clinic=*", *part).code == 1
    return folder


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_the_encoding_cannot_take_is_replaced(
    umlauts: Path, tmp_path: Path, encoding: str, road: str
) -> None:
    project = shutil.copytree(umlauts, tmp_path / "project")
    arguments, code, said = ROADS[road]
    done = run(project, *arguments, variables=ENCODINGS[encoding])
    assert "Traceback" not in done.text
    assert "UnicodeEncodeError" not in done.text
    assert done.code == code, done.text
    if encoding != "C":  # where names of files and arguments are whatever the system makes of them
        raw = said.encode("ascii").decode("unicode-escape").encode(encoding, "backslashreplace")
        assert raw.decode("utf-8", "replace") in done.text


def test_a_text_of_many_lines_stays_one(umlauts: Path) -> None:
    done = run(umlauts, "--videolink-clinic=*", variables=ENCODINGS["ascii"])
    assert "\\n" not in done.text
    assert (
        "\nDr \\xc4nne \\u0141uczak does not accept video appointments\n\n"
        "  Clinic            \\u0141\\xf3d\\u017a \\xc4rzte (harbourside)\n"
    ) in done.text


def test_the_stream_is_given_back_as_it_was(umlauts: Path, tmp_path: Path) -> None:
    script = textwrap.dedent("""\
        import sys, pytest
        for asked in (["--videolink-checks"], ["--videolink-clinic=*"], ["-q", "nowhere"]):
            pytest.main(["-p", "videolink", *asked])
            print("errors:", sys.stdout.errors)
        """)
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")],
        cwd=umlauts,
        env=environment({"PYTHONIOENCODING": "ascii"}),
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert re.findall("errors: (.*)", done.stdout) == ["strict"] * 3


# A conflict of two clinics

SHARED = [("harbourside", "north"), ("north", "harbourside")]
FIRST = "clinics/harbourside.yaml::dr-amara-nwosu::VL401-one-dashboard"
SECOND = "clinics/north.yaml::dr-amara-nwosu::VL401-one-dashboard"
BY_REFERENCE = """\
Dr Amara Nwosu is also linked on the Dashboard of harbourside

  Clinic            North Medical Centre (north)
  Practitioner      Dr Amara Nwosu (dr-amara-nwosu)

The same conflict as in this item, which says where it is and how to fix it:
  clinics/harbourside.yaml::dr-amara-nwosu::VL401-one-dashboard

How to fix it (practice manager):
  1. Record it in clinics/north.yaml: line 29, linked_to: the link after the
     change, or none; line 5, as_of: the time you read it

After the fix:
  It does not repair appointments that are booked already: recreate them in the
  appointment book. Their links usually appear within 15 minutes.

Check again:
  pytest -p videolink clinics/north.yaml::dr-amara-nwosu::VL401-one-dashboard
Read more: docs/checks/VL401.md, or pytest --videolink-explain=VL401
"""


@pytest.fixture
def conflict(clinics: Clinics) -> Clinics:
    """One practitioner linked on the Dashboards of two clinics with one database."""
    for id, other in SHARED:
        edits = {"pms.shares_database_with": [other], "practitioners.1.linked_to": f"{id}-18"}
        clinics.write(edited(right_clinic(id), {**edits, "pms.practitioners": REMOVED}))
    return clinics


def failures(result: pytest.RunResult) -> list[str]:
    """What is said of each failure, in the order in which it is."""
    body = result.stdout.str().partition("= FAILURES =")[2].partition("\n====")[0]
    return re.split(r"\n_+ .* _+\n", body)[1:]


@pytest.mark.parametrize("way", [[], ["-p", "xdist", "-n", "1"]], ids=["alone", "xdist"])
def test_a_conflict_is_told_once(conflict: Clinics, way: list[str]) -> None:
    result = conflict.run(ALL, *way)
    assert result.parseoutcomes()["failed"] == 2
    whole, short = failures(result)
    places = re.findall(r"^clinics/\w+\.yaml:\d+:\d+$", whole, re.MULTILINE)
    assert places == ["clinics/harbourside.yaml:29:14", "clinics/north.yaml:29:14"]
    own = re.sub(r"^\[gw0\].*\n| --videolink-now=\S+| -p xdist", "", short)
    assert f"{own}\n" == BY_REFERENCE


@pytest.mark.parametrize("arguments", [[SECOND], [ALL, "-k", "north"]], ids=" ".join)
def test_where_only_one_of_them_is_run_it_is_told_in_full(
    conflict: Clinics, arguments: list[str]
) -> None:
    (whole,) = failures(conflict.run(*arguments))
    assert "The same conflict" not in whole
    assert "Either give Dr Amara Nwosu a PMS entry of their own" in whole


def test_what_others_make_of_it_is_whole(conflict: Clinics) -> None:
    conflict.run(ALL, "--junitxml=junit.xml", "--videolink-report=report.json")
    folder = conflict.pytester.path
    junit = (folder / "junit.xml").read_text(encoding="utf-8")
    assert junit.count("Either give Dr Amara Nwosu a PMS entry") == 2
    assert "The same conflict" not in junit
    report = (folder / "report.json").read_text(encoding="utf-8")
    assert "The same conflict" not in report


def test_two_faults_of_one_check_are_told_in_full(clinics: Clinics) -> None:
    """Neither clinic lists the other: two records to put right."""
    clinics.write(*(right_clinic(id) for id, _ in SHARED))
    said = [each for each in failures(clinics.run(ALL)) if "does not say" in each]
    assert len(said) == 2
    assert not any("The same conflict" in each for each in said)


def test_one_unreadable_neighbour_of_two_is_told_once(clinics: Clinics) -> None:
    clinics.write(
        *(right_clinic(id, "SHARED") for id, _ in SHARED),
        edited(right_clinic("third", "SHARED"), {"timezone": REMOVED}),
    )
    result = clinics.run(
        "--videolink-clinic=harbourside", "--videolink-clinic=north", "-k", "VL002"
    )
    whole, short = failures(result)
    assert "clinics/harbourside.yaml::VL002-neighbours-readable" in short
    assert "The same conflict" not in whole
