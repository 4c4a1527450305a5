"""Every block of README, docs and examples is run: none is only there to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

import blocks
import pytest
import refresh
import yaml
from blocks import Block, Done, Stage
from reference_service import command, said_until_it_listens

from pytest_videolink.record import reader
from pytest_videolink.record.document import parse

PROJECT = Path(__file__).parents[1]

TOKEN = "correct-horse-battery"

FAIL = {
    "docs/how-to/spreadsheet.md": ["pytest --videolink-clinic=bayside"],
    "README.md": [
        "pytest --videolink-clinic='*' --videolink-report=video-links.html",
        "pytest --videolink-clinic=harbourside        # before go-live, and every night",
        "pytest --videolink-clinic='harbour*'         # a part of a group; '*' for all of it",
        "pytest clinics/harbourside.yaml::video-consult   # one appointment type",
        "pytest --videolink-clinic=wattle-street --videolink-appointment=W-106",
        "pytest -q --videolink-clinic='*' conftest.py",
        "pytest -q --videolink-clinic='*' tests/test_naming.py",
    ],
    "docs/extending.md": [
        "pytest -q clinics/harbourside.yaml::dr-amara-nwosu::ACME01-has-number"
        " -W error::pytest_videolink.ConfigurationWarning"
    ],
    "docs/index.md": ["pytest --videolink-clinic=bayside"],
    "docs/service.md": [
        "VIDEOLINK_TOKEN=... pytest --videolink-source=https://config.example.org/videolink"
        " --videolink-clinic='*'",
        "pytest --videolink-source=.videolink --videolink-clinic='*'",
        "pytest --videolink-clinic='*' --videolink-shard=1/4 --junitxml=videolink.xml",
    ],
    "docs/tutorial.md": [
        "pytest --videolink-clinic=bayside",
        "pytest -q clinics/bayside.yaml::VL103-pms-connected",
        "pytest -q --videolink-clinic=bayside",
    ],
    "docs/how-to/ci.md": [
        "pytest --videolink-clinic='*' --videolink-report=video-links.html"
        " --junitxml=video-links.xml",
        "pytest --videolink-clinic='*' --junitxml=video-links.xml",
    ],
    "docs/how-to/day-sheet.md": [
        "pytest -q --videolink-clinic=harbourside --videolink-appointment=88213",
        "pytest -q --tb=no --videolink-clinic=harbourside",
    ],
    "docs/how-to/fleet.md": [
        "pytest -q --tb=no --videolink-clinic='*'",
        "pytest -q --tb=no --videolink-clinic='bayview*' --videolink-clinic=karri-tide",
        "pytest -q --tb=no -n 2 --videolink-clinic='*'",
        "pytest -q --tb=no --videolink-clinic='*' --videolink-shard=1/2"
        " --videolink-now=2026-11-23T09:00:00+11:00 --videolink-report=part-1.json",
        "pytest --videolink-merge='part-*.json' --videolink-report=all.html",
        "pytest -q --tb=no --videolink-clinic='*' --videolink-report=video-links.html"
        " --videolink-report=work.csv",
    ],
    "docs/how-to/nights.md": [
        "pytest -q --tb=no --no-summary --videolink-clinic='*'"
        " --videolink-now=2026-11-23T09:00:00+11:00 --videolink-report=night-1.json",
        "pytest -q --tb=no --no-summary --videolink-clinic='*'"
        " --videolink-now=2026-11-24T09:00:00+11:00 --videolink-since=night-1.json"
        " --videolink-report=night-2.json",
    ],
    "docs/how-to/waivers.md": [
        "pytest -q --videolink-clinic=harbourside -W error::pytest_videolink.ConfigurationWarning",
        "pytest -q --tb=no --videolink-clinic=harbourside"
        " --videolink-now=2027-01-01T09:00:00+11:00 --videolink-max-age=60",
    ],
    "examples/README.md": [
        "pytest --videolink-source=clinics --videolink-clinic='*'"
        " --videolink-now=2026-11-23T09:00:00+11:00",
        "pytest --videolink-source=clinics --videolink-clinic=wattle-street"
        " --videolink-appointment=W-105 --videolink-now=2026-11-23T09:00:00+11:00",
    ],
}
"""The commands of the pages that fail (exit 1), as they do for the reader; all others pass."""

CANNOT_BE_READ = {
    "docs/checks/VL001.md": "accept_video_appointments: true",
    "docs/checks/VL002.md": "linkd_to: ",
}
"""The pages of checks of what cannot be read, and what makes it so."""

REFRESH = "run: python docs/refresh.py"


outputs = cache(blocks.outputs)


def kind(block: Block) -> str:
    """What is done with a block; nothing where there is nothing that runs it."""
    if blocks.elsewhere(block):
        return "elsewhere"
    if block in outputs(block.page):
        return "output"
    if blocks.commands_of(block):
        return "commands"
    if block.title:
        return "file"
    return "fragment" if block.language == "yaml" else ""


def test_there_are_blocks_on_the_pages() -> None:
    found = {page: len(list(blocks.blocks_of(page))) for page in blocks.pages()}
    assert found["README.md"] >= 11
    assert found["docs/tutorial.md"] >= 15
    assert {"docs/checks/VL201.md", "docs/how-to/ci.md", "examples/README.md"} <= set(found)


@pytest.mark.parametrize("page", blocks.pages())
def test_every_block_is_run(page: str) -> None:
    assert [str(block) for block in blocks.blocks_of(page) if not kind(block)] == []


@pytest.mark.parametrize("language", ["python", "text", "ini", "json", "http", "bash", ""])
def test_a_block_that_nothing_runs_is_found(language: str) -> None:
    assert kind(Block("README.md", 1, language, "", "", "pytest --videolink-clinic='*'\n")) == ""


def test_nothing_is_said_to_be_run_elsewhere_that_is_not_there() -> None:
    every = [block for page in blocks.pages() for block in blocks.blocks_of(page)]
    for where, those in blocks.ELSEWHERE.items():
        file = PROJECT / where.partition(",")[0]
        assert file.is_file() or file.parts[-2] == ".ci", where
        for each in those:
            assert any(blocks.is_at(block, *each) for block in every), each


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """The address of the reference service on the example clinics, which asks for a token."""
    with command("examples/clinics", "--port=0", token=TOKEN) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+", said_until_it_listens(process))
        assert address is not None
        yield address[0]


def played(page: str, stage: Stage) -> Iterator[tuple[Block, list[Done]]]:
    """What each block of a page with commands came to, and what its last files come to."""
    yield from blocks.play(page, stage)
    last: list[Block] = []
    for block in blocks.blocks_of(page):
        last = [*last, block] if block.title.endswith(".py") else last
        last = [] if blocks.commands_of(block) and not blocks.elsewhere(block) else last
    for block in last:
        yield block, [stage.run(block, f"pytest -q --videolink-clinic='*' {block.title}")]


SCRIPTS = [
    page
    for page in blocks.pages()
    if any(kind(block) in ("commands", "file") for block in blocks.blocks_of(page))
]


@pytest.mark.usefixtures("every_check_is_whole")
@pytest.mark.parametrize("page", SCRIPTS)
def test_a_page_shows_what_happens(
    page: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    instead = {}
    if page == "docs/service.md":
        address = request.getfixturevalue("service")
        instead = {"VIDEOLINK_TOKEN=...": f"VIDEOLINK_TOKEN={TOKEN}"}
        instead["https://config.example.org/videolink"] = address
    shown = {above: output for output, above in outputs(page).items()}
    failed: list[str] = []
    for block, done in played(page, Stage(tmp_path, instead)):
        printed = "".join(each.output for each in done)
        assert {each.code for each in done} <= {0, 1}, f"{block}:\n{printed}"
        failed += [each.command for each in done if each.code]
        if block in shown:
            assert blocks.shows(shown[block].text, printed), f"{block}: {REFRESH}\n{printed}"
    assert failed == FAIL.get(page, [])


def fragments() -> list[Block]:
    every = (block for page in blocks.pages() for block in blocks.blocks_of(page))
    return [block for block in every if kind(block) == "fragment"]


def no_table(*_: object) -> NoReturn:
    raise FileNotFoundError


@pytest.mark.parametrize("block", fragments(), ids=str)
def test_a_fragment_is_a_part_of_a_clinic_document(block: Block) -> None:
    above = yaml.load(block.text, yaml.BaseLoader)
    clinic = refresh.to_yaml(refresh.merged(refresh.clinic_of_examples(), above))
    id = above.get("clinic", "harbourside")
    problems = reader.read(parse(clinic.encode()), id, no_table)[1]
    assert bool(problems) == (CANNOT_BE_READ.get(block.page, "\n\n") in block.text), problems


def test_the_hooks_that_are_shown_exist() -> None:
    text = (PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    known = {hook["id"] for hook in yaml.safe_load(text)}
    shown = [
        hook["id"]
        for page in blocks.pages()
        for block in blocks.blocks_of(page)
        if block.title == ".pre-commit-config.yaml"
        for repository in yaml.safe_load(block.text)["repos"]
        for hook in repository["hooks"]
    ]
    assert "videolink" in shown
    assert set(shown) <= known


@pytest.mark.parametrize("file", sorted((PROJECT / "examples" / "ci").iterdir()), ids=str)
def test_every_example_of_a_job_is_run(file: Path) -> None:
    text = (PROJECT / "tests" / "test_ci_examples.py").read_text(encoding="utf-8")
    assert f'load("examples/ci/{file.name}")' in text


# The mechanism itself


@pytest.mark.parametrize(
    ("shown", "is_shown"),
    [
        ("a\nb\nc\nd\n", True),
        ("a\n…\nd\n", True),
        ("…\nc\nd\n", True),
        ("a\nb\n…\n", True),
        ("…\nb\n…\n", True),
        ("a\n…\nb\nc\nd\n", True),
        ("a\nb\nc\n", False),
        ("b\nc\nd\n", False),
        ("a\nc\nd\n", False),
        ("…\nd\n…\na\n…\n", False),
        ("a…\nb\nc\nd\n", False),
        (".\nb\nc\nd\n", False),
        ("", False),
    ],
)
def test_what_shows_an_output(shown: str, is_shown: bool) -> None:
    assert blocks.shows(shown, "a\nb\nc\nd\n") is is_shown


@pytest.mark.parametrize(
    ("shown", "renewed"),
    [
        ("old\n", "a\nb\nc\nd\n"),
        ("…\nc\nold\nd\n", "…\nc\nd\n"),
        ("a\n…\nold\n", None),
        ("a\nold\n…\nd\n", None),
        ("…\nold\n…\nd\n", None),
        ("…\nb\n…\na\n…\n", None),
        ("…\nc\nold\n", "…\nc\nd\n"),
        ("old\nb\n…\n", "a\nb\n…\n"),
        ("a\n…\nc\nold\nd\n", "a\n…\nc\nd\n"),
        ("…\nb\nold\nc\n…\n", "…\nb\nc\n…\n"),
        ("…\ngone\n", None),
    ],
)
def test_what_is_left_out_stays_left_out(shown: str, renewed: str | None) -> None:
    if renewed is None:
        with pytest.raises(LookupError):
            blocks.renewed(shown, "a\nb\nc\nd\n")
    else:
        assert blocks.renewed(shown, "a\nb\nc\nd\n") == renewed


OUTPUT = """\
===== test session starts =====
rootdir: /home/somebody
========= videolink ==========
bayside: NOT READY
What to do:
  1. Turn it on
===== 2 failed, 40 passed in 0.10s =====
"""


@pytest.mark.parametrize(
    ("shown", "renewed"),
    [
        pytest.param(
            "…\n========= videolink ==========\nbayside: READY\n…\n"
            "===== 39 passed in 0.10s =====\n",
            "…\n========= videolink ==========\nbayside: NOT READY\n…\n"
            "===== 2 failed, 40 passed in 0.10s =====\n",
            id="the verdict and the counts",
        ),
        pytest.param("…\nbayside: READY\n…\n", "…\nbayside: NOT READY\n…\n", id="a line by itself"),
        pytest.param(
            "…\nbayside: READY\nold\n",
            "…\nbayside: NOT READY\n" + OUTPUT.partition("NOT READY\n")[2],
            id="the rest",
        ),
    ],
)
def test_a_line_that_has_changed_is_found_again(shown: str, renewed: str) -> None:
    assert blocks.renewed(shown, OUTPUT) == renewed


PAGE = """\
```sh
python -c "print('a'); print('it took 3 minutes'); print('2 passed in 7.25s')"
echo "rootdir: $PWD"
```

```text
…
1 passed in 0.10s
…
```

```sh
python -c "print('b')"
```

```text
…
gone for good
```
"""


def test_a_page_is_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "PROJECT", tmp_path)
    (tmp_path / "page.md").write_text(PAGE)
    (tmp_path / "stage").mkdir()
    text, by_hand = blocks.refreshed("page.md", Stage(tmp_path / "stage"))
    assert text == PAGE.replace("1 passed", "2 passed")
    assert list(map(str, by_hand)) == ["page.md:17"]
    whole = PAGE.replace("…\n1 passed in 0.10s\n…\n", "old\n")
    (tmp_path / "page.md").write_text(whole)
    text, _ = blocks.refreshed("page.md", Stage(tmp_path / "stage"))
    assert text == whole.replace("old\n", "a\nit took 3 minutes\n2 passed in 0.10s\nrootdir: …\n")


CLINIC = """\
# A clinic
clinic: bayside
as_of:

pms:
  # Its name.
  system: not recorded # TO BE REPLACED
  connected:

practitioners:
  - id: a # TO BE REPLACED
    linked_to:
  - id: b
    linked_to: "2"
appointments:
  - id: "1"
    link: true

waivers:
"""


@pytest.mark.parametrize(
    ("fragment", "old", "new"),
    [
        ("as_of: 2026", "as_of:\n", "as_of: 2026\n"),
        ("pms:\n  system: zedmed", "not recorded # TO BE REPLACED", "zedmed"),
        ("practitioners:\n  - id: c", "- id: a # TO BE REPLACED", "- id: c"),
        ("practitioners:\n  - id: a\n  - linked_to: none", 'linked_to: "2"', "linked_to: none"),
        ("appointments:\n  csv: x", '\n  - id: "1"\n    link: true\n', "\n  csv: x\n"),
        (
            "waivers:\n  - check: A\n  - check: B",
            "waivers:\n",
            "waivers:\n  - check: A\n  - check: B\n",
        ),
        ("name: Bayside", "waivers:\n", "waivers:\n\nname: Bayside\n"),
    ],
)
def test_filling_in_changes_the_lines_of_the_values(fragment: str, old: str, new: str) -> None:
    expected = CLINIC.replace(old, new)
    if "  - id: a\n  -" in fragment:
        expected = expected.replace(" # TO BE REPLACED\n    linked", "\n    linked")
    assert blocks.filled(CLINIC, f"{fragment}\n") == expected


@pytest.mark.parametrize("fragment", ["pms:\n  colour: red", "practitioners:\n  - colour: red"])
def test_a_key_that_is_not_there_cannot_be_filled_in(fragment: str) -> None:
    with pytest.raises(LookupError, match="colour"):
        blocks.filled(CLINIC, fragment)
