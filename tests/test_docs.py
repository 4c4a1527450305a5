"""The pages of the checks: their examples are what they say, and none is out of date."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import new_check
import pytest
import refresh
import yaml
from conftest import Clinics
from support import examined, judged

from pytest_videolink.checks import catalogue, defects
from pytest_videolink.checks.builtin import CATALOGUE
from pytest_videolink.checks.rule import Check
from pytest_videolink.judging.judge import Judgement, State
from pytest_videolink.reports.pages import plain

DOCS = Path(__file__).parents[1] / "docs"

EXAMPLES = {
    id: example
    for id, example in refresh.examples().items()
    if new_check.UNWRITTEN not in example.right + example.wrong
}
WITH_EXAMPLE = [check for check in CATALOGUE if check.id in EXAMPLES]

NOT_COLLECTED = ["VL205"]
"""Checks that a right clinic has no item of."""

COMPANY: dict[tuple[str, str], dict[str, State]] = {
    # What the waiver accepts is wrong, and once the waiver has ended it shows again.
    ("VL004", "right"): {"VL312 dr-li-wei::telehealth-video": State.WAIVED},
    ("VL004", "wrong"): {"VL312 dr-li-wei::telehealth-video": State.WARNED},
    # No record shows VL500 failing; its example is of what blocks it.
    ("VL500", "wrong"): {"VL201 dr-amara-nwosu": State.FAILED},
    # Only an appointment that has no link yet is asked about its notice.
    ("VL502", "right"): {"VL501 88240": State.PENDING},
    ("VL502", "wrong"): {"VL501 88240": State.PENDING},
}
"""What else does not pass on an example, apart from what its check blocks."""


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """The pages that the command would write now."""
    pages: dict[str, str] = refresh.pages()
    return pages


def states(id: str, judgements: dict[str, Judgement]) -> set[State]:
    return {each.state for each in judgements.values() if each.check.id == id}


def others(id: str, judgements: dict[str, Judgement]) -> dict[str, State]:
    """What does not pass, apart from a check and what it alone blocks."""
    return {
        key: each.state
        for key, each in judgements.items()
        if each.check.id != id
        and each.state is not State.PASSED
        and {root.check.id for root in each.roots} != {id}
    }


def test_every_check_has_its_example_its_page_and_its_test() -> None:
    assert "\n".join(new_check.missing()) == ""
    assert list(EXAMPLES) == [check.id for check in CATALOGUE]


def test_everything_is_right_on_the_base() -> None:
    judgements = judged(refresh.to_yaml(refresh.clinic_of_examples()))
    assert {each.state for each in judgements.values()} == {State.PASSED}


@pytest.mark.parametrize("id", EXAMPLES)
def test_right_example_passes(id: str) -> None:
    judgements = examined(id, "right")
    assert states(id, judgements) == (set() if id in NOT_COLLECTED else {State.PASSED})
    assert others(id, judgements) == COMPANY.get((id, "right"), {})


@pytest.mark.parametrize(
    "check",
    [check for check in WITH_EXAMPLE if check.id != "VL001"],
    ids=lambda check: check.id,
)
def test_wrong_example_fails_its_check_alone(check: Check) -> None:
    id, judgements = check.id, examined(check.id, "wrong")
    expected = State.WARNED if check.severity == "warning" else State.FAILED
    if id == "VL500":
        expected = State.BLOCKED
    assert states(id, judgements) - {State.PASSED} == {expected}
    assert others(id, judgements) == COMPANY.get((id, "wrong"), {})


def test_wrong_example_of_a_record_that_cannot_be_read(clinics: Clinics) -> None:
    (document,) = refresh.documents(EXAMPLES["VL001"], "wrong")
    clinics.write(harbourside=refresh.to_yaml(document))
    assert clinics.outcomes("--videolink-clinic=harbourside") == {
        "harbourside.yaml::VL001-valid-document": "failed"
    }


@pytest.mark.parametrize("side", ["right", "wrong"])
@pytest.mark.parametrize("id", EXAMPLES)
def test_example_is_short(id: str, side: str) -> None:
    for fragment in EXAMPLES[id].fragments(side):
        assert 1 <= len(fragment.splitlines()) <= 20


@pytest.mark.usefixtures("every_check_is_whole")
@pytest.mark.parametrize(
    "page", ["checks/index.md", *(f"checks/{id}.md" for id in EXAMPLES), *refresh.REFERENCE]
)
def test_page_is_up_to_date(page: str, written: dict[str, str]) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert text == written[page], "run: python docs/refresh.py"


def test_the_reference_has_all_that_is_generated_for_it() -> None:
    texts = [(DOCS / page).read_text(encoding="utf-8") for page in refresh.REFERENCE]
    marks = [mark for text in texts for mark in re.findall(r"<!-- generated: (\w+) -->", text)]
    assert marks == ["options", "settings", "document", "columns", "report"]
    assert "".join(texts).count("<!-- end -->") == len(marks)


@pytest.mark.usefixtures("every_check_is_whole")
def test_the_reference_names_every_key_and_every_option() -> None:
    document = (DOCS / "reference" / "clinic-document.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `(\w+)`", document, re.M))
    schema = json.loads((DOCS / "clinic.schema.json").read_text(encoding="utf-8"))
    for part in (schema, *schema["$defs"].values()):
        for each in part.get("anyOf", [part]):
            assert set(each.get("properties", ())) <= described
    for check in CATALOGUE:
        assert not check.must or f"[{check.id}](../checks/{check.id}.md)" in document, check.id


WAIVABLE = [check for check in WITH_EXAMPLE if check.waivable]


@pytest.mark.parametrize("check", WAIVABLE, ids=lambda check: check.id)
def test_the_waiver_on_the_page_accepts_the_wrong_example(check: Check) -> None:
    page = catalogue.page(check, CATALOGUE).partition("## To accept it for a while")[2]
    snippet = re.search(r"```yaml\n(.*?)```", page, re.S)
    assert snippet is not None
    above = yaml.load(snippet[1], yaml.BaseLoader)

    def found(*changes: Any) -> dict[str, State]:
        documents = refresh.documents(EXAMPLES[check.id], "wrong")
        for change in changes:
            documents[0] = refresh.merged(documents[0], change)
        judgements = judged(*map(refresh.to_yaml, documents)).values()
        return {each.subject.id: each.state for each in judgements if each.check is check}

    (waiver,) = above["waivers"]
    wrong = next(id for id, state in found().items() if state in (State.FAILED, State.WARNED))
    if "on" in waiver:  # on the page it is on a subject of that kind
        assert waiver["on"].count("::") == wrong.count("::")
        waiver["on"] = wrong
    assert found(above)[wrong] is State.WAIVED


BEGINNINGS = [
    "# {id} {slug}",
    *("- Subject: ", "- Severity: ", "- Help article: ", "- Basis: "),
    *("## How to fix it (", "1. ", "## Right", "## Wrong"),
]


@pytest.mark.parametrize("check", WITH_EXAMPLE, ids=lambda check: check.id)
def test_page_has_all_there_is_to_say(check: Check) -> None:
    lines = catalogue.page(check, CATALOGUE).splitlines()
    for beginning in BEGINNINGS:
        wanted = beginning.format(id=check.id, slug=check.slug)
        assert [line for line in lines if line.startswith(wanted)], wanted
    assert check.why in lines
    assert (f"  - check: {check.id}" in lines) == check.waivable


@pytest.mark.usefixtures("every_check_is_whole")
@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.id)
def test_page_begins_with_what_is_said_of_the_check(check: Check) -> None:
    page = (DOCS / "checks" / f"{check.id}.md").read_text(encoding="utf-8")
    assert page.startswith(catalogue.page(check, CATALOGUE)), "run: python docs/refresh.py"


LINKS_STAY_AWAY = [
    *("VL102", "VL103", "VL201", "VL202", "VL203", "VL301", "VL302", "VL303", "VL304", "VL305"),
    *("VL311", "VL401", "VL402"),
]
LINKS_COME = [
    *("VL001", "VL002", "VL003", "VL004", "VL005", "VL101", "VL204", "VL205", "VL206", "VL306"),
    *("VL307", "VL308", "VL309", "VL310", "VL312", "VL500", "VL501", "VL502", "VL601", "VL701"),
]


def test_after_whose_fix_appointments_have_to_be_recreated() -> None:
    stay_away = {check.id: check.affects_links for check in CATALOGUE}
    known = dict.fromkeys(LINKS_STAY_AWAY, True) | dict.fromkeys(LINKS_COME, False)
    assert stay_away | known == stay_away  # of a check that is newer its page tells


def test_related_checks_are_told_of_each_other() -> None:
    related = {
        check.id: set(
            re.findall(
                r"^- (VL\d{3}) ", catalogue.page(check, CATALOGUE).partition("## Related")[2], re.M
            )
        )
        for check in CATALOGUE
    }
    assert related["VL202"] >= {"VL203", "VL204", "VL206", "VL401", "VL500"}
    for id, others in related.items():
        assert id not in others
        assert all(id in related[other] for other in others)


def test_the_built_in_checks_are_held_to_the_rules_for_all() -> None:
    assert [each for check in CATALOGUE for each in defects.own_defects(check)] == []
    assert list(defects.defects(CATALOGUE)) == []


@pytest.mark.parametrize("name", ["VL201", "vl201", "accepts-video", "VL201-accepts-video"])
def test_explain_prints_the_page(clinics: Clinics, name: str) -> None:
    result = clinics.run(f"--videolink-explain={name}")
    assert result.ret == pytest.ExitCode.OK
    check = next(check for check in CATALOGUE if check.id == "VL201")
    assert result.stdout.str() == plain(catalogue.page(check, CATALOGUE))


@pytest.mark.parametrize(
    "options",
    [
        ["--videolink-explain=VL201", "--videolink-explain=pms-connected"],
        ["--videolink-explain=VL201, pms-connected"],
    ],
)
def test_explain_prints_several_pages(clinics: Clinics, options: list[str]) -> None:
    result = clinics.run(*options)
    assert result.ret == pytest.ExitCode.OK
    pages = [
        plain(catalogue.page(check, CATALOGUE))
        for check in CATALOGUE
        if check.id in ("VL103", "VL201")
    ]
    assert result.stdout.str() == "\n\n\n".join(reversed(pages))


def keys_of(schema: str) -> dict[str, list[str]]:
    """The keys of every object of a schema; versions of pydantic word the rest differently."""
    top = json.loads(schema)
    objects = {"": top} | top["$defs"]
    return {name: list(each["properties"]) for name, each in objects.items()}


def test_the_schema_of_reports_is_up_to_date() -> None:
    text = (DOCS / "report.schema.json").read_text(encoding="utf-8")
    assert keys_of(text) == keys_of(refresh.report_schema()), "run: python docs/refresh.py"


@pytest.mark.usefixtures("every_check_is_whole")
def test_no_page_is_left_over(written: dict[str, str]) -> None:
    pages = {f"checks/{page.name}" for page in DOCS.glob("checks/*.md")}
    assert pages | {*refresh.REFERENCE, "clinic.schema.json"} == set(written)


@pytest.mark.parametrize(
    ("below", "above", "together"),
    [
        ({"a": "1", "b": "2"}, {"b": "3"}, {"a": "1", "b": "3"}),
        ({"a": {"b": "1"}}, {"a": {"c": "2"}}, {"a": {"b": "1", "c": "2"}}),
        ([{"id": "a", "x": "1"}], [{"id": "a", "y": "2"}], [{"id": "a", "x": "1", "y": "2"}]),
        ([{"id": "a"}, {"id": "b"}], [{"id": "c"}], [{"id": "a"}, {"id": "b"}, {"id": "c"}]),
        (["a", {"id": "b"}], [{"id": "c"}], [{"id": "c"}]),
        ([{"id": "a"}], [], []),
        ([], [{"id": "a"}], [{"id": "a"}]),
    ],
)
def test_fragments_are_merged_over_the_base(below: Any, above: Any, together: Any) -> None:
    assert refresh.merged(below, above) == together
